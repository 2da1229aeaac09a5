"""Long lists that people search in and turn the pages of: how words are compared, and where a page begins and ends."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

PAGE = 12
"""How many stand on one page."""
T = TypeVar("T")


@dataclass(frozen=True)
class Page(Generic[T]):
    """Those from `start` on, of `total` that were found."""

    rows: tuple[T, ...]
    start: int
    total: int

    @property
    def before(self) -> int | None:
        """Where the page before begins, if there is one."""
        return max(self.start - PAGE, 0) if self.start else None

    @property
    def after(self) -> int | None:
        """Where the next page begins, if there is one."""
        following = self.start + PAGE
        return following if following < self.total else None


def page(found: Sequence[T], start: int) -> Page[T]:
    """The page that begins there; one that is not there is the first."""
    start = start if 0 <= start < len(found) else 0
    return Page(tuple(found[start : start + PAGE]), start, len(found))


def folded(text: str) -> str:
    """A text as it is searched in: small letters without accents."""
    text = text.casefold()
    if text.isascii():
        return text
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one)).casefold()
