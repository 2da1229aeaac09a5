"""Lengths of time as people type or say them, in whole minutes.

1.5, 1,5, 90 min, 1h30, 1:30, 2 horas 15; and in words: an hour and a half, forty-five minutes, hora y media.
"""

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
    words = _in_digits(_ABOUT.sub("", " ".join(_plain(text).split()).rstrip(".!")))
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


_ENGLISH = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_SPANISH = "cero un dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis"
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}
_TENS |= {"veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "noventa": 90}
_SPELLED = {word: number for names in (_ENGLISH, _SPANISH) for number, word in enumerate(names.split())}
_SPELLED |= {"a": 1, "an": 1, "una": 1, "uno": 1, "seventeen": 17, "eighteen": 18, "nineteen": 19, "veinticinco": 25}
_TEN = "|".join(_TENS)
_UNIT = "|".join(word for word, number in _SPELLED.items() if 0 < number < 10 and word not in ("a", "an"))
_TENS_AND_ONES = re.compile(rf"\b({_TEN})(?:[\s-]+(?:and\s+|y\s+)?({_UNIT}))?\b")
_FRACTIONS = (
    (re.compile(r"\b(?:half (?:an )?hour|media hora)\b"), "30 min"),
    (re.compile(r"\b(?:three quarters of an hour|tres cuartos de hora)\b"), "45 min"),
    (re.compile(r"\b(?:(?:a )?quarter of an hour|(?:un )?cuarto de hora)\b"), "15 min"),
    (re.compile(r"^(hours?|horas?) "), r"1 \1 "),
    (re.compile(r"\b(\d+) (?:and a half|y media) (hours?|horas?)\b"), r"\1.5 \2"),
    (re.compile(r"\b(\d+) (hours?|horas?) (?:and a half|y media)\b"), r"\1.5 \2"),
    (re.compile(r"\b(\d+) (hours?|horas?) (?:and a quarter|y cuarto|y un cuarto)\b"), r"\1.25 \2"),
    (re.compile(r"^(\d+) (?:and a half|y medi[ao])$"), r"\1.5"),
)


def _in_digits(words: str) -> str:
    """The same with numbers in words as digits, as they come from dictation; anything else is left as it is."""
    if not any(char.isalpha() for char in words):
        return words
    bare = "".join(one for one in unicodedata.normalize("NFKD", words) if not unicodedata.combining(one))
    for pattern, instead in _FRACTIONS[:3]:
        bare = pattern.sub(instead, bare)
    bare = _TENS_AND_ONES.sub(lambda found: str(_TENS[found[1]] + _SPELLED.get(found[2] or "", 0)), bare)
    # Not the article of "and a half", which the fractions below read.
    bare = re.sub(r"(?<!and )\ban?\b|\b(?!an?\b)[a-z]+\b", lambda found: str(_SPELLED.get(found[0], found[0])), bare)
    bare = re.sub(r"\b(\d+) and 1 half", r"\1 and a half", bare)
    for pattern, instead in _FRACTIONS[3:]:
        bare = pattern.sub(instead, bare)
    return bare


def _number(text: str) -> float:
    return float(text.replace(",", "."))
