"""A form handed in, perhaps more than once: Slack delivers it twice, or its answer never reaches the person."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Generic, TypeVar

Receipt = TypeVar("Receipt", covariant=True)


@dataclass(frozen=True)
class Saved(Generic[Receipt]):
    """It is written, and what is said because of it is on its way."""

    receipt: Receipt


@dataclass(frozen=True)
class AlreadySaved(Generic[Receipt]):
    """It was handed in before, or says nothing new: nothing was written."""

    receipt: Receipt


def with_other_words(key: str, said: object) -> str:
    """The key of a form that says something else than when it was handed in first; the same words give the same key.

    `said` is made of strings, numbers, dates and tuples of them.
    """
    return f"{key}:{hashlib.sha256(repr(said).encode(errors='replace')).hexdigest()[:16]}"
