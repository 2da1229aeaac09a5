"""Lengths of time as people type them (1.5, 1,5, 90 min, 1h30, 1:30, 2 horas 15), in whole minutes."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Why = Literal["empty", "not a time", "negative", "too long", "which unit"]
Unit = Literal["hours", "minutes"]

MOST_MINUTES = 200 * 60
"""What nobody spends on one piece of homework; more is taken for a slip of the pen."""
MOST_BARE_HOURS = 24
"""A larger number without a unit may well be minutes: then the writer is asked."""

_NUMBER = r"(\d{1,5}(?:[.,]\d{1,2})?|[.,]\d{1,2})"
_HOURS = r"(?:h|hrs?|hours?|horas?)\.?"
_MINUTES = r"(?:m|min|mins|mints?|minutes?|minutos?)\.?"
_AND = r"\s*(?:,|and|y|e)?\s*"
_ABOUT = re.compile(r"^(?:about|around|approximately|approx\.?|roughly|ca\.?|unas?|unos|como|aproximadamente|~)\s*")
_BARE = re.compile(_NUMBER)
_CLOCK = re.compile(rf"(\d{{1,3}}):([0-5]\d)\s*(?:{_HOURS})?")
_IN_HOURS = re.compile(rf"{_NUMBER}\s*{_HOURS}(?:{_AND}(\d{{1,3}})\s*(?:{_MINUTES})?)?")
_IN_MINUTES = re.compile(rf"{_NUMBER}\s*{_MINUTES}")


class Unclear(ValueError):
    """A length that cannot be taken as it is; `why` says in which way, the views have the sentence."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why


def parse(text: str, bare: Unit = "hours") -> int:
    """Minutes, 0 to `MOST_MINUTES`, rounded to whole ones; `bare` is the unit of a number without one.

    A bare number of hours above `MOST_BARE_HOURS` is asked about. Raises Unclear.
    """
    words = _ABOUT.sub("", " ".join(_plain(text).split()))
    if not words:
        raise Unclear("empty")
    unsigned = words.lstrip("-+").strip()
    minutes = _minutes(unsigned, bare)
    if minutes is None:
        raise Unclear("not a time")
    if words.startswith("-") and minutes > 0:
        raise Unclear("negative")
    if minutes > MOST_MINUTES:
        raise Unclear("too long")
    if bare == "hours" and _BARE.fullmatch(unsigned) and minutes > MOST_BARE_HOURS * 60:
        raise Unclear("which unit")
    return round(minutes)


def _plain(text: str) -> str:
    """Lower case, one kind of digit and of minus sign, no invisible marks."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = re.sub("[\u2010-\u2015\u2212]", "-", folded)
    return "".join(char for char in folded if unicodedata.category(char) not in ("Cf", "Cc") or char in "\t\n")


def _minutes(words: str, bare: Unit) -> float | None:
    if match := _BARE.fullmatch(words):
        return _number(match[1]) * (60 if bare == "hours" else 1)
    if match := _CLOCK.fullmatch(words):
        return int(match[1]) * 60 + int(match[2])
    if match := _IN_HOURS.fullmatch(words):
        return _number(match[1]) * 60 + int(match[2] or 0)
    if match := _IN_MINUTES.fullmatch(words):
        return _number(match[1])
    return None


def _number(text: str) -> float:
    return float(text.replace(",", "."))
