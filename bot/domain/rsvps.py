"""Whether people come to a date: which dates ask for it, whose answer counts, and what became of a press."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.moves import When
from bot.domain.people import Member, Role, Viewer
from bot.domain.programs import Event, Program

TOLD = "rsvps.told"
MEETINGS = frozenset({"convening", "office_hours", "coaching", "webinar"})
"""The kinds of dates that somebody comes to."""
PARTS: tuple[Role, ...] = ("participant", "coach", "facilitator")
"""Who takes part, and so may say whether they come."""


@dataclass(frozen=True)
class Tally:
    """How many have said what of one date, of those who take part now; `earlier` said so of another time of it."""

    coming: int = 0
    not_coming: int = 0
    earlier: int = 0


@dataclass(frozen=True)
class Group:
    """People who said of a date, when it was to begin at a moment, whether they come; `mine` is the reader's answer."""

    event: str
    starts_at: datetime
    coming: int
    not_coming: int
    mine: bool | None = None


@dataclass(frozen=True)
class Answers:
    """What was said of a program's dates, by their keys: the reader's own answers, and how many said what."""

    mine: Mapping[str, bool] = field(default_factory=dict)
    tallies: Mapping[str, Tally] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """Somebody's answer, as facilitators read it; `earlier`: said while the date had another time."""

    person_id: int
    name: str
    coming: bool
    earlier: bool = False


@dataclass(frozen=True)
class Told:
    """What somebody who comes is told of one date: the time that they knew, and the one that it has; None: none."""

    title: str
    sample: bool
    knew: When | None
    event: Event | None


# What becomes of a press


@dataclass(frozen=True)
class Noted:
    """What stands now; a press that was an earlier one than what stands has changed nothing."""

    program: Program
    event: Event
    coming: bool
    language: str


@dataclass(frozen=True)
class HasMoved:
    """The button was of another time than the date has now: nothing was noted, it is asked again."""

    program: Program
    event: Event
    language: str


@dataclass(frozen=True)
class Over:
    """It has taken place already."""

    program: Program
    event: Event
    language: str


@dataclass(frozen=True)
class Cancelled:
    """It was taken out of the program."""

    program: Program
    event: Event
    language: str


@dataclass(frozen=True)
class Unknown:
    """There is no such date, or nobody says of it whether they come."""

    program: Program
    language: str


@dataclass(frozen=True)
class NotIn:
    """They do not take part: they wait, have left, or never did."""

    program: Program
    language: str
    pending: bool = False
    left: bool = False
    facilitators: tuple[Member, ...] = ()


@dataclass(frozen=True)
class NoProgram:
    """The program of the button is not there any more."""


Pressed = Noted | HasMoved | Over | Cancelled | Unknown | NotIn | NoProgram


@dataclass(frozen=True)
class Coming:
    """Who has said what of one date, and which of those who take part have said nothing yet."""

    program: Program
    event: Event
    answers: tuple[Answer, ...]
    silent: tuple[str, ...]


@dataclass(frozen=True)
class NotTheirs:
    """Only facilitators see who comes."""

    program: Program
    facilitators: tuple[Member, ...]


def asked(event: Event) -> bool:
    """Whether those who take part are asked if they come: something to come to, and not for applicants alone."""
    return event.kind in MEETINGS and event.audience != "applicants"


def answers(program: Program, groups: Iterable[Group]) -> Answers:
    """What was said, by date; of dates that are not there any more nothing."""
    mine: dict[str, bool] = {}
    tallies: dict[str, Tally] = {}
    for one in groups:
        event = program.event(one.event)
        if event is None:
            continue
        if one.mine is not None:
            mine[one.event] = one.mine
        was = tallies.get(one.event, Tally())
        earlier = 0 if one.starts_at == event.starts_at else one.coming + one.not_coming
        tallies[one.event] = Tally(was.coming + one.coming, was.not_coming + one.not_coming, was.earlier + earlier)
    return Answers(mine, tallies)


def may_say(viewer: Viewer) -> bool:
    """Whether somebody is asked if they come."""
    return viewer.has(*PARTS)
