"""Dates again and again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.programs import Program

MOST_REPEATS = 60
REPEATS = (
    ("weekly", "Every week"),
    ("fortnightly", "Every two weeks"),
    ("monthly", "Every month, on the same weekday"),
)


@dataclass(frozen=True)
class Series:
    """The days of something that repeats, the first one among them, and those that were left out for a break."""

    days: tuple[date, ...]
    left_out: tuple[tuple[date, str], ...] = ()


def series(first: date, every: str, until: date | None, times: int | None, program: Program) -> Series:
    """The days from `first` on: until a day, or so many that take place; at most sixty."""
    days, left_out = [first], []
    for number in range(1, 400):
        day = _again(first, every, number)
        full = len(days) >= (times if times is not None else MOST_REPEATS)
        if full or (until is not None and day > until) or len(days) >= MOST_REPEATS:
            break
        name = day_off(program, day)
        if name is not None:
            left_out.append((day, name))
        else:
            days.append(day)
    return Series(tuple(days), tuple(left_out))


def day_off(program: Program, day: date) -> str | None:
    """The break or the holiday that a day falls on."""
    names = [one.name for one in program.breaks if one.covers(day)]
    names += [one.name for one in program.holidays if one.on == day]
    return names[0] if names else None


def _again(first: date, every: str, number: int) -> date:
    if every != "monthly":
        return first + timedelta(weeks=number * (2 if every == "fortnightly" else 1))
    month = first.month - 1 + number
    begins = date(first.year + month // 12, month % 12 + 1, 1)
    weeks = (first.day - 1) // 7
    day = begins + timedelta(days=(first.weekday() - begins.weekday()) % 7, weeks=weeks)
    # The fifth of a month that has only four: its last one.
    return day if day.month == begins.month else day - timedelta(weeks=1)
