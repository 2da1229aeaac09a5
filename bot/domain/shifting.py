"""Taking a program's dates to another start: whole weeks, so that weekdays stay, and wall clocks as they were.

What is written in words is left as it stands; whether a date is named in it is found here, so that a person looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.language import plain
from bot.domain.programs import exists

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Shift:
    """By how many whole weeks, and on whose clocks everything stands from then on (an IANA zone)."""

    weeks: int
    zone: str


@dataclass(frozen=True)
class Landed:
    """Wall times after a shift. `skipped` is the one that there is none of on that day, if one had to give way."""

    starts: datetime
    ends: datetime | None = None
    skipped: datetime | None = None


def weeks_to(first: date | None, start: date) -> int:
    """How many weeks take the first day of a program to a day or to the next one of the same weekday; 0 without any."""
    return 0 if first is None else -((first - start).days // 7)


def day(on: date, weeks: int) -> date:
    """A day, so many weeks later, or earlier."""
    return on + weeks * WEEK


def landed(starts: datetime, ends: datetime | None, shift: Shift) -> Landed:
    """Naive wall times, shifted: one that clocks skip gives way to the next that they show.

    What has an end lasts as long as before where its start gave way.
    """
    wanted = starts + shift.weeks * WEEK
    there = next_shown(wanted, shift.zone)
    if ends is None:
        return Landed(there, None, wanted if there != wanted else None)
    close = ends + shift.weeks * WEEK
    if there != wanted:
        return Landed(there, next_shown(close + (there - wanted), shift.zone), wanted)
    shown = next_shown(close, shift.zone)
    return Landed(there, shown, close if shown != close else None)


def next_shown(wall: datetime, zone: str) -> datetime:
    """A naive wall time, or the next that clocks in a zone show: in the hour that they skip in spring, its end."""
    while not exists(wall, zone):
        wall = wall.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return wall


# What is written in words

_MONTHS = (
    "january|february|april|june|july|august|september|october|november|december|"
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|setiembre|octubre|noviembre|diciembre"
)
_SHORT = "jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec|ene|abr|ago|set|dic"
_NAMED = re.compile(rf"\b(?:{_MONTHS})\b")
_SHORTLY = re.compile(rf"\b(?:{_SHORT})\b\.? +\d{{1,2}}\b|\b\d{{1,2}}(?:st|nd|rd|th)? +(?:de +)?(?:{_SHORT})\b")
_MAYBE = re.compile(r"\b(?:May|March)\b(?= *\d)|\b(?:in|of|by|until|since|from|to|end|early|late|mid) +(?:May|March)\b")
"""Two months are words as well: only with a number, or where a month stands, are they meant."""
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_NUMBERS = re.compile(r"\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}\.\d{1,2}\.\d{4}\b")
_PLACEHOLDER = re.compile(r"\{\{[^{}]*\}\}")
_ADDRESS = re.compile(r"(?:https?://|mailto:)\S+|\S+@\S+")


def names_date(text: str) -> bool:
    """Whether a month, a year or a day of the calendar is written out in it. Weekdays and clocks do not count."""
    bare = _ADDRESS.sub(" ", _PLACEHOLDER.sub(" ", text))
    low = plain(bare)
    found = (_NAMED.search(low), _SHORTLY.search(low), _MAYBE.search(bare), _YEAR.search(bare), _NUMBERS.search(bare))
    return any(found)


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The same with some names in place of others, whole words only, the longest first."""
    if not names:
        return text
    found = sorted(names, key=len, reverse=True)
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(one)}(?!\w)" for one in found))
    return pattern.sub(lambda match: names[match[0]], text)


def named_in(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """Which of some names stand in it as whole words."""
    return tuple(one for one in names if one and re.search(rf"(?<!\w){re.escape(one)}(?!\w)", text))
