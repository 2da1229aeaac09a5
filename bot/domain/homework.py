"""Homework: what each organization has handed in, who is missing, and when they are reminded.

The duty is the organization's: whichever of its people hands in a reflection fulfils it. Nobody is missing in a break.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.domain.holds import Hold
from bot.domain.notices import Notice, Planned, ToPerson, ToPurpose
from bot.domain.people import Member, Org, Team, Viewer
from bot.domain.programs import HOMEWORK, MAX_NUDGES, Assignment, Break, Program, in_break
from bot.domain.reflections import Handed

POST = "homework.post"
NUDGE = "homework.nudge"
NUDGE_NOW = "homework.nudge_now"
MORE_TIME = "homework.more_time"
MONTH = timedelta(days=30)

Why = Literal[
    "no program", "pending", "left", "not in it", "applicant", "facilitators only", "participants only", "gone"
]
"""Why somebody may not: the views say who can, or what to do instead."""

Sees = Literal["all", "own", "counts"]


@dataclass(frozen=True)
class Standing:
    """How an organization stands with one homework. `done` are its reflections on it, oldest first."""

    team: Team
    done: tuple[Handed, ...] = ()
    wants_time: bool = False


@dataclass(frozen=True)
class Silence:
    """A homework, and the organizations from which nothing has come, by name; `owing` is how many owe it in all.

    `want_time` are the ids of those that asked for more time.
    """

    assignment: Assignment
    silent: tuple[Org, ...]
    owing: int
    want_time: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Item:
    """One homework with as much of its standings as its reader may see, and the two counts that everybody may."""

    assignment: Assignment
    standings: tuple[Standing, ...]
    handed_in: int
    owed_by: int


@dataclass(frozen=True)
class Overview:
    """What somebody sees of the homework, the most useful first. `sees` is everybody's, their own, or counts only.

    `later` is what has not been given out yet.
    """

    program: Program
    viewer: Viewer
    items: tuple[Item, ...]
    later: tuple[Assignment, ...]
    sees: Sees
    pause: Break | None = None


@dataclass(frozen=True)
class Nudge:
    """Whom a facilitator's nudge would reach now, whom it cannot reach, and who had one today already.

    Those `resting` have paused the bot's messages: their colleagues are nudged all the same. While posts are held
    (`hold`) a nudge waits as they do.
    """

    program: Program
    assignment: Assignment
    people: tuple[Member, ...]
    unreachable: tuple[Member, ...] = ()
    already: tuple[Member, ...] = ()
    pause: Break | None = None
    resting: tuple[Member, ...] = ()
    hold: Hold | None = None


@dataclass(frozen=True)
class Nudged:
    """Who gets a message, and who of those that were named does not need one any more; a `hold` makes it wait."""

    program: Program
    assignment: Assignment
    people: tuple[Member, ...]
    spared: int = 0
    hold: Hold | None = None


@dataclass(frozen=True)
class Asked:
    """More time was asked for, now or before; `told` are the facilitators who read it, nobody if there are none."""

    program: Program
    assignment: Assignment
    organization: str
    told: tuple[Member, ...]
    handed_in: bool = False


@dataclass(frozen=True)
class NotAllowed:
    """They may not, or it is no longer there."""

    why: Why
    program: Program | None = None
    facilitators: tuple[Member, ...] = ()


def standings(
    assignment: Assignment, teams: Iterable[Team], handed: Sequence[Handed], want_time: Collection[int]
) -> tuple[Standing, ...]:
    """Each organization's standing with a homework; `want_time` are the ids of those that asked for more time."""
    done: dict[int, list[Handed]] = {}
    for one in handed:
        if one.assignment == assignment.key and one.organization is not None:
            done.setdefault(one.organization.id, []).append(one)
    return tuple(
        Standing(team, tuple(done.get(team.organization.id, ())), team.organization.id in want_time) for team in teams
    )


def missing(program: Program, found: Iterable[Standing], now: datetime) -> tuple[Team, ...]:
    """The organizations that have handed in nothing; none while the program is in a break."""
    if in_break(program, now) is not None:
        return ()
    return tuple(one.team for one in found if not one.done)


def given_out(program: Program, assignment: Assignment, now: datetime) -> bool:
    """Whether a homework has been announced: its post was due, or, where none is planned, it is due within a month."""
    announced = next(iter(_posts(program, assignment)), None)
    return now >= (announced.notice.due_at if announced else assignment.due_at - MONTH)


def in_order(items: Iterable[Item], now: datetime) -> tuple[Item, ...]:
    """The next one due first, then what is past and still owed by somebody in view, latest first, then the rest."""
    known = sorted(items, key=lambda one: (one.assignment.due_at, one.assignment.key))
    ahead = [one for one in known if not one.assignment.overdue(now)]
    behind = list(reversed([one for one in known if one.assignment.overdue(now)]))
    owed_still = [one for one in behind if any(not standing.done for standing in one.standings)]
    rest = [one for one in behind if one not in owed_still]
    return (*ahead[:1], *owed_still, *ahead[1:], *rest)


# Reminders


def plan(program: Program, teams: Iterable[Team]) -> tuple[Planned, ...]:
    """Every reminder of every homework: one post in the channel, and for each person at most two direct messages.

    Past ones are included; what falls into a break is to be skipped, saying so. Keys name no time, so that a homework
    that moves takes its reminders along. Whether an organization is still missing is asked when a message is sent.
    """
    people = [member for team in teams for member in team.people if member.user is not None]
    return tuple(
        planned
        for assignment in program.assignments
        if assignment.owed
        for planned in (*_posts(program, assignment), *_nudges(program, assignment, people))
    )


def before_due(notice: Notice, assignment: Assignment) -> bool:
    """Whether a reminder was meant to be read before its homework is due."""
    return notice.due_at <= assignment.due_at


def _posts(program: Program, assignment: Assignment) -> Iterable[Planned]:
    rules = [rule for rule in program.reminders if rule.kind == HOMEWORK and rule.offsets]
    for rule in rules[:1]:
        yield _planned(
            program,
            Notice(
                key=f"{POST}:{program.id}:{assignment.key}",
                kind=POST,
                target=ToPurpose(rule.to),
                due_at=rule.offsets[0].moment(assignment.due_at, program.zone),
                program_id=program.id,
                refs={"homework": assignment.key},
            ),
            before=assignment.due_at,
        )


def _nudges(program: Program, assignment: Assignment, people: Iterable[Member]) -> Iterable[Planned]:
    offsets = [offset for rule in program.reminders if rule.kind == HOMEWORK for offset in rule.nudges]
    moments = sorted({offset.moment(assignment.due_at, program.zone) for offset in offsets})
    for member in people:
        assert member.user is not None
        for number, moment in enumerate(moments[:MAX_NUDGES], 1):
            yield _planned(
                program,
                Notice(
                    key=f"{NUDGE}:{program.id}:{assignment.key}:{number}:{member.person_id}",
                    kind=NUDGE,
                    target=ToPerson(member.user),
                    due_at=moment,
                    program_id=program.id,
                    refs={"homework": assignment.key, "person": member.person_id},
                ),
                before=assignment.due_at if moment <= assignment.due_at else None,
            )


def _planned(program: Program, notice: Notice, before: datetime | None) -> Planned:
    pause = in_break(program, notice.due_at)
    return Planned(notice, f"break: {pause.name}" if pause else None, before)
