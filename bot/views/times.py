"""How moments are said: day, date, clock and place; a second zone only when the reader's differs."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.programs import Program
from bot.views.blocks import counted
from bot.views.words import ENGLISH, Words


def day_words(when: date, words: Words = ENGLISH, *, year: bool = False) -> str:
    """Fri, Oct 16; with its `year` Fri, Oct 16, 2020."""
    how = words.day_of_year if year else words.day
    return how.format(**_parts(when, words))


def date_words(when: date, words: Words = ENGLISH) -> str:
    """Oct 16, 2020."""
    return words.date.format(**_parts(when, words))


def clock_words(when: datetime, words: Words = ENGLISH) -> str:
    """3:00 pm."""
    return f"{when.hour % 12 or 12}:{when:%M} {words.am if when.hour < 12 else words.pm}"


def clocks_words(first: datetime, last: datetime, words: Words = ENGLISH) -> str:
    """3:00–4:00 pm, for two wall times of one day."""
    same = (first.hour < 12) == (last.hour < 12)
    opening = clock_words(first, words)
    return f"{opening.split(' ', 1)[0] if same else opening}–{clock_words(last, words)}"


def moment(when: datetime, program: Program, reader_zone: str | None = None, words: Words = ENGLISH) -> str:
    """Fri, Oct 16, 11:59 pm (St. Louis); and the reader's own time behind it when it differs."""
    there = when.astimezone(program.tz)
    said = f"{day_words(there, words)}, {clock_words(there, words)} ({program.place})"
    return said + _behind(yours(when, program, reader_zone, words))


def span(
    start: datetime, end: datetime | None, program: Program, reader_zone: str | None = None, words: Words = ENGLISH
) -> str:
    """Wed, Oct 14, 3:00–4:00 pm (St. Louis)."""
    if end is None:
        return moment(start, program, reader_zone, words)
    said = span_there(start.astimezone(program.tz), end.astimezone(program.tz), words)
    return f"{said} ({program.place}){_behind(yours(start, program, reader_zone, words))}"


def span_there(first: datetime, last: datetime, words: Words = ENGLISH, *, year: bool = False) -> str:
    """Wed, Oct 14, 3:00–4:00 pm, for two wall times; the `year` is said with the day."""
    if first.date() == last.date():
        return f"{day_words(first, words, year=year)}, {clocks_words(first, last, words)}"
    ends = (f"{day_words(one, words, year=year)}, {clock_words(one, words)}" for one in (first, last))
    return " – ".join(ends)


def yours(when: datetime, program: Program, reader_zone: str | None, words: Words = ENGLISH) -> str:
    """4:00 pm your time, with the day if it is another; empty for a reader whose clock says the same."""
    if reader_zone is None:
        return ""
    here, there = when.astimezone(ZoneInfo(reader_zone)), when.astimezone(program.tz)
    if here.utcoffset() == there.utcoffset():
        return ""
    day = "" if here.date() == there.date() else f"{day_words(here, words)}, "
    return words.yours.format(time=day + clock_words(here, words))


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


def _behind(said: str) -> str:
    return f" · {said}" if said else ""


def _parts(when: date, words: Words) -> dict[str, object]:
    weekday, month = words.weekdays[when.weekday()], words.months[when.month - 1]
    return {"weekday": weekday, "month": month, "day": when.day, "year": when.year}
