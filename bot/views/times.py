"""How moments are said: day, date, clock and place; a second zone only when the reader's differs."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.programs import Program
from bot.views.blocks import counted


def day_words(when: date) -> str:
    """Fri, Oct 16."""
    return f"{when:%a, %b} {when.day}"


def clock_words(when: datetime) -> str:
    """3:00 pm."""
    return f"{when.hour % 12 or 12}:{when:%M} {'am' if when.hour < 12 else 'pm'}"


def moment(when: datetime, program: Program, reader_zone: str | None = None) -> str:
    """Fri, Oct 16, 11:59 pm (St. Louis); and the reader's own time behind it when it differs."""
    there = when.astimezone(program.tz)
    said = f"{day_words(there)}, {clock_words(there)} ({program.place})"
    return said + _yours(when, there, reader_zone)


def span(start: datetime, end: datetime | None, program: Program, reader_zone: str | None = None) -> str:
    """Wed, Oct 14, 3:00–4:00 pm (St. Louis)."""
    if end is None:
        return moment(start, program, reader_zone)
    first, last = start.astimezone(program.tz), end.astimezone(program.tz)
    if first.date() != last.date():
        said = f"{day_words(first)}, {clock_words(first)} – {day_words(last)}, {clock_words(last)} ({program.place})"
        return said + _yours(start, first, reader_zone)
    opening = clock_words(first)
    if (first.hour < 12) == (last.hour < 12):
        opening = opening.rsplit(" ", 1)[0]
    return f"{day_words(first)}, {opening}–{clock_words(last)} ({program.place})" + _yours(start, first, reader_zone)


def ago(then: datetime, now: datetime) -> str:
    """How long ago, in the one unit that matters."""
    gone = max(now - then, timedelta())
    if gone >= timedelta(days=2):
        return f"{gone.days} days ago"
    hours = int(gone.total_seconds() // 3600)
    if hours >= 1:
        return f"{counted(hours, 'hour')} ago"
    minutes = int(gone.total_seconds() // 60)
    return f"{counted(minutes, 'minute')} ago" if minutes else "just now"


def ahead(start: datetime, end: datetime | None, now: datetime, program: Program) -> str:
    """How far off something is, as people say it: in 15 minutes, in 1 hour, today, tomorrow, in 3 days.

    What has begun is "now", with its end; for what is more than a month off, nothing, since its date says it better.
    Days are those of the program's calendar.
    """
    if start <= now:
        return f"now, until {clock_words(end.astimezone(program.tz))}" if end is not None else "now"
    minutes = math.ceil((start - now) / timedelta(minutes=1))
    if minutes < 120:
        hours, rest = divmod(minutes, 60)
        return "in " + " ".join(counted(number, unit) for number, unit in ((hours, "hour"), (rest, "minute")) if number)
    days = (program.local_day(start) - program.local_day(now)).days
    if days < 2:
        return "tomorrow" if days else "today"
    return f"in {days} days" if days <= 30 else ""


def _yours(when: datetime, there: datetime, reader_zone: str | None) -> str:
    if reader_zone is None:
        return ""
    yours = when.astimezone(ZoneInfo(reader_zone))
    if yours.utcoffset() == there.utcoffset():
        return ""
    day = "" if yours.date() == there.date() else f"{day_words(yours)}, "
    return f" · {day}{clock_words(yours)} your time"
