"""The App Home as a value: one part for each program that concerns its reader, with what their roles ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.channels import Setting
from bot.domain.checkins import Meeting
from bot.domain.digest import Report
from bot.domain.documents import Unread
from bot.domain.drafts import Offer
from bot.domain.holds import Standing as Holds
from bot.domain.homework import Overview
from bot.domain.modes import Sample
from bot.domain.people import Listed, Member, Role, Team, Viewer
from bot.domain.programs import Audience, Event, Program, Resource, next_events
from bot.domain.quiet import Resting
from bot.domain.reach import Counts
from bot.domain.reflections import Handed
from bot.domain.rsvps import Answers
from bot.domain.setup import Checklist
from bot.domain.switchboard import NOTHING, Choices, Pausing
from bot.domain.week import Week

LATEST = 3
"""How many of one's own reflections and check-ins a Home names; the rest is behind a button."""
MOST_WAITING = 6
"""How many of those who wait to be confirmed a Home shows."""


@dataclass(frozen=True)
class Kit:
    """What somebody needs who thinks of applying: things to open, office hours and deadlines still to come."""

    resources: tuple[Resource, ...]
    office_hours: tuple[Event, ...]
    deadlines: tuple[Event, ...]


@dataclass(frozen=True)
class Running:
    """What those who run a program see: what needs them, who waits, and what will be said.

    `more_waiting` is how many wait besides those that are shown.
    """

    report: Report
    waiting: tuple[Listed, ...]
    week: Week | None = None
    more_waiting: int = 0


@dataclass(frozen=True)
class SetUp:
    """What an admin looks after: channels as set, people by role, and notices that were not said."""

    channels: tuple[Setting, ...]
    counts: Mapping[Role, int]
    organizations: int
    waiting: int
    notices: Mapping[str, int]


@dataclass(frozen=True)
class Part:
    """One program for one reader. What their roles do not ask for is None or empty.

    `left`: they took part once. `facilitators` are whom to ask. `unread` are documents that could not be read. `drafts`
    are what the reader has begun and not handed in. `resting` is when they are left alone. `samples` and `holds` are
    what is made up and what holds posts, for those who run it. `checklist` is how far the
    set-up is, for those who run a program that is being set up; there is nothing else of it then. `unreached`
    is how many people the bot does not reach, for those who run it. `choices` are the reader's own about messages,
    `pausing` those who have paused theirs, for facilitators. `answers` is who comes to which date.
    """

    program: Program
    viewer: Viewer
    facilitators: tuple[Member, ...] = ()
    left: bool = False
    kit: Kit | None = None
    homework: Overview | None = None
    reflections: tuple[Handed, ...] = ()
    checkins: tuple[Meeting, ...] = ()
    teams: tuple[Team, ...] = ()
    running: Running | None = None
    set_up: SetUp | None = None
    unread: tuple[Unread, ...] = ()
    drafts: tuple[Offer, ...] = ()
    resting: Resting | None = None
    samples: tuple[Sample, ...] = ()
    holds: Holds | None = None
    checklist: Checklist | None = None
    unreached: Counts = field(default_factory=Counts)
    choices: Choices = NOTHING
    pausing: tuple[Pausing, ...] = ()
    answers: Answers = field(default_factory=Answers)


@dataclass(frozen=True)
class Page:
    """A whole Home. `unset` are channels that the bot is in without knowing what for, to those who may say.

    `may_begin`: they may set up a program.
    """

    name: str
    workspace_admin: bool
    parts: tuple[Part, ...]
    unset: tuple[Setting, ...] = ()
    may_begin: bool = False


def kit(program: Program, now: datetime) -> Kit:
    """The application kit of a program at `now`."""
    applying: tuple[Audience, ...] = ("applicants",)
    return Kit(
        resources=tuple(one for one in program.resources if one.audience in ("applicants", "all")),
        office_hours=next_events(program, now, ("office_hours",), applying),
        deadlines=next_events(program, now, ("deadline",), applying),
    )
