"""Ids of new things, made of their words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

KEY = 64


def new_key(title: str, taken: Collection[str], otherwise: str = "item", most: int = KEY - 4) -> str:
    """An id for something new, made of its title's words, that nothing has or had."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    whole = "-".join(re.findall(r"[a-z0-9]+", plain))[:most].strip("-") or otherwise
    numbered = (whole if number == 1 else f"{whole}-{number}" for number in range(1, len(taken) + 3))
    return next(key for key in numbered if key not in taken)
