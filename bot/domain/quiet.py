"""When nothing is said unasked, and what becomes of what would have been: it waits, or it is said before.

A rest is read on one clock: a channel's on its program's, a person's on their own. Every moment is aware, in UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.domain.notices import Planned
from bot.domain.programs import Program, QuietHours, in_break

QUIET = "quiet until"
"""How the reason begins while something waits; the moment follows."""
MINUTE = timedelta(minutes=1)
MOST_STEPS = 2_000
"""Spans of quiet that are looked through, one after the other: more than anybody can enter."""
MOST_DATES = 60
MORNING = time(9)

Later = Literal["hour", "tomorrow", "never"]
"""What somebody may say under a reminder."""


@dataclass(frozen=True)
class Rest:
    """Quiet hours and days on the wall clock of `zone` (an IANA name); `dates` are single days."""

    zone: str
    hours: QuietHours = field(default_factory=QuietHours)
    dates: frozenset[date] = frozenset()

    @property
    def is_empty(self) -> bool:
        return self.hours.start is None and not self.hours.days and not self.dates


@dataclass(frozen=True)
class Own:
    """What a person has set for themselves: hours in place of the program's, and days besides its holidays."""

    hours: QuietHours
    dates: tuple[date, ...] = field(default_factory=tuple)


@dataclass(frozen=True)
class Resting:
    """When somebody is left alone; `own` is what they have set, None where their program's hours hold."""

    program: Program
    rest: Rest
    own: Own | None = None


@dataclass(frozen=True)
class PutOff:
    """A reminder comes again at `until`; without it, nothing more is said about its matter."""

    program: Program
    until: datetime | None


@dataclass(frozen=True)
class Gone:
    """The reminder is not there any more, or not theirs."""


def of_program(program: Program) -> Rest:
    """When a program's channels are left alone."""
    return Rest(program.zone, program.quiet or QuietHours(), _holidays(program))


def of_person(program: Program, zone: str | None, own: Own | None) -> Rest:
    """When somebody is left alone, on their own clock; where they have set nothing, the program's hours hold there."""
    if own is None:
        return Rest(zone or program.zone, program.quiet or QuietHours(), _holidays(program))
    return Rest(zone or program.zone, own.hours, _holidays(program) | set(own.dates))


def resting(rest: Rest, at: datetime) -> bool:
    """Whether nothing is said unasked at `at`."""
    return not rest.is_empty and _span(rest, at) is not None


def next_allowed(rest: Rest, at: datetime) -> datetime:
    """The first moment from `at` on at which something may be said: `at` itself, or the end of the quiet."""
    return _out_of(rest, at, lambda _, ends: ends)


def last_allowed(rest: Rest, at: datetime) -> datetime:
    """The last moment up to `at` at which something may be said: `at` itself, or a minute before the quiet begins."""
    return _out_of(rest, at, lambda begins, _: begins - MINUTE)


def said_at(rest: Rest, due_at: datetime, before: datetime | None) -> datetime:
    """When something due at `due_at` is said: after the quiet, or, if it has to be heard `before` that, ahead of it."""
    after = next_allowed(rest, due_at)
    if before is None or after < before:
        return after
    return last_allowed(rest, due_at)


def settled(planned: Planned, rest: Rest, program: Program) -> Planned:
    """The same notice at a moment at which it may be said; one that comes into a break by that is skipped."""
    if planned.skip is not None or rest.is_empty:
        return planned
    due_at = said_at(rest, planned.notice.due_at, planned.before)
    if due_at == planned.notice.due_at:
        return planned
    pause = in_break(program, due_at)
    return replace(
        planned,
        notice=replace(planned.notice, due_at=due_at),
        skip=f"break: {pause.name}" if pause else None,
    )


def again_at(choice: Later, rest: Rest, now: datetime) -> datetime | None:
    """When a reminder comes again: in an hour, or tomorrow at nine on its reader's clock, after any quiet; or never."""
    if choice == "never":
        return None
    if choice == "hour":
        return next_allowed(rest, now + timedelta(hours=1))
    day = now.astimezone(ZoneInfo(rest.zone)).date() + timedelta(days=1)
    return next_allowed(rest, _moments(day, MORNING, rest.zone)[0])


def _holidays(program: Program) -> frozenset[date]:
    return frozenset(one.on for one in program.holidays)


def _out_of(rest: Rest, at: datetime, step: Callable[[datetime, datetime], datetime]) -> datetime:
    """The moment that one comes to from `at` by a step out of each span of quiet that is met."""
    if rest.is_empty:
        return at
    for _ in range(MOST_STEPS):
        span = _span(rest, at)
        if span is None:
            return at
        at = step(*span)
    return at


def _span(rest: Rest, at: datetime) -> tuple[datetime, datetime] | None:
    """One span of quiet that covers `at`: from, and up to but without."""
    there = at.astimezone(ZoneInfo(rest.zone))
    for day, start, length in _around(rest, there.date()):
        begins = _at_or_before(day, start, rest.zone, at)
        ends = None if begins is None else _after(*length, rest.zone, at)
        if begins is not None and ends is not None and _wall_inside(there, day, start, length):
            return begins, ends
    return None


def _around(rest: Rest, today: date) -> Iterator[tuple[date, time, tuple[date, time]]]:
    """The spans that can cover a moment of `today`: the whole day, and the hours that began today or the day before."""
    tomorrow = today + timedelta(days=1)
    if today in rest.dates or today.weekday() in rest.hours.days:
        yield today, time(0), (tomorrow, time(0))
    start, end = rest.hours.start, rest.hours.end
    if start is None or end is None:
        return
    for day in (today - timedelta(days=1), today):
        yield day, start, (day if start < end else day + timedelta(days=1), end)


def _wall_inside(there: datetime, day: date, start: time, until: tuple[date, time]) -> bool:
    wall = there.replace(tzinfo=None, fold=0)
    return datetime.combine(day, start) <= wall < datetime.combine(*until)


def _moments(day: date, at: time, zone: str) -> tuple[datetime, datetime]:
    """The moments at which clocks show a wall time: the same twice, but where it comes twice.

    One that is skipped is the moment at which the clocks go forward.
    """
    wall = datetime.combine(day, at, ZoneInfo(zone))
    first, second = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
    if first <= second:
        return first, second
    change = _change(second, first, ZoneInfo(zone))
    return change, change


def _change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The minute between two moments at which the clocks change."""
    then = before.astimezone(zone).utcoffset()
    while after - before > MINUTE:
        middle = before + (after - before) // (2 * MINUTE) * MINUTE
        if middle.astimezone(zone).utcoffset() == then:
            before = middle
        else:
            after = middle
    return after


def _at_or_before(day: date, at: time, zone: str, moment: datetime) -> datetime | None:
    return max((one for one in _moments(day, at, zone) if one <= moment), default=None)


def _after(day: date, at: time, zone: str, moment: datetime) -> datetime | None:
    return min((one for one in _moments(day, at, zone) if one > moment), default=None)
