"""The digest as a value: what a program's facilitators are told at one moment, in the order in which it matters.

It holds names and counts; what people wrote stays out of it and is opened by those who may read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.checkins import Need, New
from bot.domain.entries import Care
from bot.domain.programs import Assignment, Break, Event, Program, in_break, next_assignments, next_events
from bot.domain.questions import OpenQuestion
from bot.domain.rsvps import Answers
from bot.domain.week import Post

FIRST_LOOK = timedelta(days=7)
"""How far back a digest looks when there was none before it."""
SOON = timedelta(days=3)
LATELY = timedelta(days=14)
"""Homework is asked about from `SOON` before it is due until `LATELY` after."""
AHEAD = timedelta(days=7)
SETTLING = 7
"""Days of a new month in which hours are still shown for the one that has just ended."""


@dataclass(frozen=True)
class Missing:
    """Homework, and the organizations from which nothing has come; `owing` is how many owe it in all.

    `want_time` are those of them that asked for more time.
    """

    assignment: Assignment
    organizations: tuple[str, ...]
    owing: int
    want_time: tuple[str, ...] = ()


@dataclass(frozen=True)
class Handed:
    """A reflection as the digest names it."""

    id: int
    number: int
    author: str
    organization: str
    title: str
    sample: bool
    at: datetime


@dataclass(frozen=True)
class Hours:
    """What one organization has reported in a month: minutes of homework, and of coaching."""

    organization: str
    homework: int
    coaching: int


@dataclass(frozen=True)
class Report:
    """All of a digest.

    What is new came in after `since` and by `until`; `month` is the first day of the hours' month, `zone` the reader's
    own IANA zone where there is one reader. `answers` is how many come to what.
    """

    program: Program
    now: datetime
    since: datetime
    until: datetime
    month: date
    questions: tuple[OpenQuestion, ...] = ()
    missing: tuple[Missing, ...] = ()
    reflections: tuple[Handed, ...] = ()
    checkins: tuple[New, ...] = ()
    needs: tuple[Need, ...] = ()
    hours: tuple[Hours, ...] = ()
    events: tuple[Event, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    pause: Break | None = None
    care: Care = field(default_factory=Care)
    held: tuple[Post, ...] = ()
    answers: Answers = field(default_factory=Answers)
    zone: str | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to report; hours and lapsed answers that have been told before are no news."""
        return not (
            self.questions
            or self.missing
            or self.reflections
            or self.checkins
            or self.needs
            or self.events
            or self.assignments
            or self.care.doubts
            or self.care.offers
            or self.held
        )


def asked_about(program: Program, now: datetime) -> tuple[Assignment, ...]:
    """Homework that is due soon or was lately, soonest due first; none in a break, as nobody is missing then."""
    if in_break(program, now):
        return ()
    found = (one for one in program.assignments if one.owed and now - LATELY <= one.due_at <= now + SOON)
    return tuple(sorted(found, key=lambda one: (one.due_at, one.key)))


def week_ahead(program: Program, now: datetime) -> tuple[tuple[Event, ...], tuple[Assignment, ...]]:
    """Events not over and homework due within the next seven days."""
    until = now + AHEAD
    events = tuple(one for one in next_events(program, now) if one.starts_at <= until)
    return events, tuple(one for one in next_assignments(program, now) if one.due_at <= until)


def month_of(program: Program, now: datetime) -> date:
    """The month whose hours are shown: the one that has just ended in its successor's first days, else this one."""
    today = program.local_day(now)
    return (today - timedelta(days=SETTLING)).replace(day=1)


def bounds(program: Program, month: date) -> tuple[datetime, datetime]:
    """A month of the program's calendar in UTC: from its first moment up to, and without, the next one's."""
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    first, last = (datetime.combine(day, time(), program.tz).astimezone(UTC) for day in (month, following))
    return first, last


def hours_of(
    organizations: Iterable[tuple[int, str]], homework: Mapping[int, int], coaching: Mapping[int, int]
) -> tuple[Hours, ...]:
    """The hours of organizations (id and name), from minutes by organization id; those with none stay in."""
    return tuple(Hours(name, homework.get(one, 0), coaching.get(one, 0)) for one, name in organizations)
