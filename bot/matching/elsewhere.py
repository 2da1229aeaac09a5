"""What people ask of any program: the questions that an index should know *not* to answer unless an entry does."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def matters() -> tuple[tuple[str, ...], ...]:
    """The wordings of each matter, from elsewhere.txt."""
    text = files("bot.matching").joinpath("elsewhere.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return tuple(tuple(one.strip() for one in line.split(" / ")) for line in lines)


def texts() -> tuple[str, ...]:
    """All of them in one row."""
    return tuple(one for matter in matters() for one in matter)
