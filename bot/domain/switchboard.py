"""What people choose about the bot's messages to them, and what is on record of them. Lengths are minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from bot.domain.notices import Notice, ToPerson, Voice
from bot.domain.people import Member, Role
from bot.domain.programs import Program
from bot.domain.quiet import MORNING, Resting

PAUSED = "its reader has paused"
"""The reason on record of what fell due while somebody had paused: it is not said later either."""
CHANNEL_ONLY = "its reader wants reminders in the channel only"
LONGEST = timedelta(days=366)
PAGE = 5
"""How many things on record are shown at once."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would calculate."""

Language = Literal["en", "es"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
Why = Literal["no day", "past", "too long"]


@dataclass(frozen=True)
class Choices:
    """What somebody has chosen. Paused since `paused_at`, until `paused_until` or, without it, until they say so."""

    paused_at: datetime | None = None
    paused_until: datetime | None = None
    channel_only: bool = False
    language: Language | None = None

    def paused(self, now: datetime) -> bool:
        """Whether they are paused at a moment."""
        return self.paused_at is not None and (self.paused_until is None or now < self.paused_until)


NOTHING = Choices()


@dataclass(frozen=True)
class Board:
    """Everything that somebody may choose, as it stands."""

    program: Program
    choices: Choices
    resting: Resting
    zone: str | None
    roles: frozenset[Role]
    cohort: str | None = None


@dataclass(frozen=True)
class NoProgram:
    """There is no program to choose anything for."""


@dataclass(frozen=True)
class Wrong:
    """The pause cannot be until then."""

    why: Why
    today: date


@dataclass(frozen=True)
class Pausing:
    """Somebody who has paused, for those who run the program: who, and until when; nobody is asked why."""

    name: str
    person_id: int
    until: datetime | None


@dataclass(frozen=True)
class Item:
    """Something that somebody has handed in, or said. `lines` are questions with their answers.

    Whether they come to a date has no number; `title` is the date's.
    """

    kind: Literal["reflection", "checkin", "rsvp"]
    program: str
    number: int
    title: str
    at: datetime
    version: int
    saved_at: datetime
    minutes: int | None
    lines: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    held_on: date | None = None


@dataclass(frozen=True)
class Record:
    """A page of what is on record of somebody, newest first; `after` is where the next page begins, if there is one."""

    program: Program
    items: tuple[Item, ...]
    total: int
    minutes: int
    start: int = 0
    after: int | None = None


@dataclass(frozen=True)
class Leaving:
    """What follows when somebody leaves: what they are now, and who is told."""

    program: Program
    roles: tuple[Role, ...]
    facilitators: tuple[Member, ...]
    organization: str = ""
    colleagues: int = 0


@dataclass(frozen=True)
class Alone:
    """They cannot leave: nobody else holds these roles, and somebody has to."""

    program: Program
    roles: tuple[Role, ...]


@dataclass(frozen=True)
class Left:
    """They have left."""

    program: Program
    facilitators: tuple[Member, ...]


@dataclass(frozen=True)
class NotIn:
    """They take part in nothing that they could leave."""


def until(day: date, program: Program, zone: str | None) -> datetime:
    """When a pause ends that lasts until a day: as that day begins, on the clock of whoever has paused."""
    return datetime.combine(day, time(0), ZoneInfo(zone or program.zone))


def today(now: datetime, program: Program, zone: str | None) -> date:
    """The day that it is on the clock of whoever pauses."""
    return now.astimezone(ZoneInfo(zone or program.zone)).date()


def word_at(ends: datetime, program: Program, zone: str | None) -> datetime:
    """When it is said that a pause is over: in the morning of the day as which it ends, not at midnight."""
    here = ZoneInfo(zone or program.zone)
    return datetime.combine(ends.astimezone(here).date(), MORNING, here)


def wrong(day: date | None, today: date) -> Wrong | None:
    """What is wrong with a day until which somebody wants to pause."""
    if day is None:
        return Wrong("no day", today)
    if day <= today:
        return Wrong("past", today)
    return Wrong("too long", today) if day - today > LONGEST else None


def unsaid(choices: Choices, notice: Notice, voice: Voice, *, waits: bool, reminds: bool, now: datetime) -> str | None:
    """Why a notice is not said to somebody, None where it is.

    `waits` is that it keeps their quiet hours, `reminds` that it is a reminder of what a channel is told as well. What
    they wait for themselves is said whatever they have chosen.
    """
    if not isinstance(notice.target, ToPerson):
        return None
    if choices.paused(now) and (waits or voice == "anybody"):
        return PAUSED
    return CHANNEL_ONLY if choices.channel_only and reminds else None


def page(items: Sequence[Item], start: int) -> tuple[tuple[Item, ...], int | None]:
    """A page of what is on record, and where the next one begins."""
    shown = tuple(items[start : start + PAGE])
    after = start + len(shown)
    return shown, after if after < len(items) else None


def cell(text: str) -> str:
    """A text for a spreadsheet, which calculates nothing in it."""
    return f"'{text}" if text.startswith(FORMULA) else text
