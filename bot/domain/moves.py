"""Dates that move: what follows from it, the same for whoever is shown it beforehand and for what then happens."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.domain.notices import PAST, Target
from bot.domain.odd_days import Odd
from bot.domain.people import Member
from bot.domain.planning import Change
from bot.domain.programs import Audience, Program

CORRECTION = "moves.correction"
EDIT = "moves.edit"
FILE = "moves.file"
KINDS = (CORRECTION, EDIT, FILE)

Section = Literal["events", "assignments"]
Why = Literal["no program", "not theirs", "gone"]


@dataclass(frozen=True)
class When:
    """The time of an event, or the moment by which homework is due; both in UTC."""

    starts_at: datetime
    ends_at: datetime | None = None

    def over(self, now: datetime) -> bool:
        """Whether it has gone by; a moment lasts its minute."""
        return now >= (self.ends_at or self.starts_at + timedelta(minutes=1))


@dataclass(frozen=True)
class Dated:
    """Something of a program that has a time."""

    section: Section
    key: str
    title: str
    when: When
    sample: bool = False
    audience: Audience = "all"


@dataclass(frozen=True)
class Move:
    """One change of a time; `after` is None where the thing was taken out of the program.

    What is there `again` had been taken out: `was` is then as it is now. `sequence` grows with each of one thing; it is
    0 as long as nothing is saved.
    """

    was: Dated
    after: When | None
    sequence: int = 0
    again: bool = False

    @property
    def before(self) -> When | None:
        return None if self.again else self.was.when


@dataclass(frozen=True)
class Told:
    """One of several things that changed at once, as one message says it: from `before` to `after`; None: cancelled.

    `now` is how it is by now, which may be different again.
    """

    was: Dated
    before: When | None
    after: When | None
    now: When | None


@dataclass(frozen=True)
class Past:
    """An earlier change of the same thing, as it is on record; without `before` it had been taken out until then."""

    before: When | None
    after: When | None
    at: datetime


@dataclass(frozen=True)
class Said:
    """A message that has named the time, or is about to: its notice's key, where it goes, and when that was.

    `at` is None while it is on its way. `post` is the message itself, which several notices may share. `spoke` is the
    time that it named, `when` the one that stands there now. `channel` says that it is read by many, `fixed` that it
    cannot be made again, since something else shares it.
    """

    key: str
    target: Target
    spoke: When | None
    when: When | None
    at: datetime | None = None
    post: tuple[str, str] | None = None
    channel: bool = True
    fixed: bool = False


@dataclass(frozen=True)
class Taker:
    """Somebody who has the time in their own calendar, by a file of ours; `when` is what the last one said."""

    person_id: int
    user: str
    when: When | None


@dataclass(frozen=True)
class Comer:
    """Somebody who has said that they are coming, and the time of which they know; None: that it is cancelled."""

    person_id: int
    user: str
    when: When | None


@dataclass(frozen=True)
class Effects:
    """All that follows from a move.

    `moving` are reminders that come at another time, `unsaid` those whose moment has passed by that, `withdrawn` those
    that are not needed any more. `edits` are messages to be brought up to date, by the key of a notice in each;
    `corrections` where one is posted, with several moves each channel as often as it is told of one; `files` who gets a
    newer calendar file; `comers` who is told, as they come.
    """

    moving: tuple[Change, ...] = ()
    unsaid: tuple[Change, ...] = ()
    withdrawn: tuple[Change, ...] = ()
    edits: tuple[Said, ...] = ()
    corrections: tuple[Target, ...] = ()
    files: tuple[Taker, ...] = ()
    comers: tuple[Comer, ...] = ()

    @property
    def nothing(self) -> bool:
        return self == Effects()


@dataclass(frozen=True)
class Draft:
    """A new time as somebody wants it: wall times on the program's clock, and the time that their form showed.

    `end` is None where there is none.
    """

    section: Section
    key: str
    day: date
    start: time
    end: time | None
    seen: When


@dataclass(frozen=True)
class Editing:
    """The form for changing a time."""

    program: Program
    dated: Dated
    reader_zone: str | None = None


@dataclass(frozen=True)
class Picking:
    """The things of a program that somebody may move, soonest first."""

    program: Program
    dated: tuple[Dated, ...]


@dataclass(frozen=True)
class Foreseen:
    """What a move that is not saved yet will do."""

    program: Program
    move: Move
    effects: Effects
    reader_zone: str | None = None
    warnings: tuple[Odd, ...] = ()


@dataclass(frozen=True)
class Moved:
    """A move that is saved, its number on record, and what follows from it."""

    program: Program
    move: Move
    effects: Effects
    reader_zone: str | None = None
    change: int | None = None


@dataclass(frozen=True)
class Same:
    """It is at that time already."""

    program: Program
    dated: Dated


@dataclass(frozen=True)
class ChangedMeanwhile:
    """Somebody else has moved it since the form was opened; the form as it is now."""

    editing: Editing


@dataclass(frozen=True)
class Rejected:
    """The time cannot be: field of the form (`day`, `starts`, `ends`) and sentence."""

    problems: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class NotAllowed:
    """They may not, or it is no longer there."""

    why: Why
    program: Program | None = None
    facilitators: tuple[Member, ...] = ()


def dated(program: Program) -> dict[tuple[Section, str], Dated]:
    """Everything of a program that has a time."""
    events = (
        Dated("events", one.key, one.title, When(one.starts_at, one.ends_at), one.sample, one.audience)
        for one in program.events
    )
    homework = (
        Dated("assignments", one.key, one.title, When(one.due_at), one.sample, one.audience)
        for one in program.assignments
    )
    return {(one.section, one.key): one for one in (*events, *homework)}


def moved(
    before: Mapping[tuple[Section, str], Dated],
    after: Mapping[tuple[Section, str], Dated],
    former: Collection[tuple[Section, str]] = (),
) -> tuple[Move, ...]:
    """What has another time afterwards, is gone, or, of what was there in `former` times, is there again.

    What is new has not moved.
    """
    changed = (
        Move(was, after[name].when if name in after else None)
        for name, was in before.items()
        if name not in after or after[name].when != was.when
    )
    back = (Move(one, one.when, again=True) for name, one in after.items() if name not in before and name in former)
    return (*changed, *back)


def walls(draft: Draft, was: When, zone: str) -> tuple[datetime, datetime | None]:
    """The new start and end as naive wall times in `zone`; what lasted over midnight still does."""
    start = datetime.combine(draft.day, draft.start)
    if draft.end is None or was.ends_at is None:
        return start, None
    there = ZoneInfo(zone)
    days = was.ends_at.astimezone(there).date() - was.starts_at.astimezone(there).date()
    return start, datetime.combine(draft.day + days, draft.end)


def named_at(history: Sequence[Past], now_at: When | None, at: datetime) -> When | None:
    """The time that something had at a moment: before the first change since, or what it has now."""
    return next((one.before for one in history if one.at > at), now_at)


def effects(
    move: Move,
    changes: Iterable[Change],
    said: Sequence[Said],
    takers: Iterable[Taker],
    now: datetime,
    comers: Iterable[Comer] = (),
) -> Effects:
    """What follows from a move at `now`.

    `changes` are those of the reminders about it. Nothing that is over is corrected, unless somebody would still come
    at the time that it had, and nothing that says so already: who moves a thing back before anybody was told says
    nothing.
    """
    moving, unsaid, withdrawn = _sorted(changes)
    told = not gone_by((move.before, move.after), now)
    wrong = [one for one in said if one.when != move.after and not one.fixed] if told else []
    return Effects(
        moving=moving,
        unsaid=unsaid,
        withdrawn=withdrawn,
        edits=tuple(_first_of_each_post(wrong)),
        corrections=tuple(_misled(move, said)) if told else (),
        files=tuple(one for one in takers if one.when != move.after) if told else (),
        comers=tuple(one for one in comers if one.when != move.after) if told else (),
    )


def together(found: Iterable[Effects]) -> Effects:
    """What follows from several moves at once; a message that names several of them is corrected once."""
    every = tuple(found)
    return Effects(
        moving=tuple(one for effect in every for one in effect.moving),
        unsaid=tuple(one for effect in every for one in effect.unsaid),
        withdrawn=tuple(one for effect in every for one in effect.withdrawn),
        edits=tuple(_first_of_each_post([one for effect in every for one in effect.edits])),
        corrections=tuple(one for effect in every for one in effect.corrections),
        files=tuple({one.person_id: one for effect in every for one in effect.files}.values()),
        comers=tuple({one.person_id: one for effect in every for one in effect.comers}.values()),
    )


def gone_by(times: Iterable[When | None], now: datetime) -> bool:
    """Whether all of some times have gone by; None is no time."""
    return all(one is None or one.over(now) for one in times)


def soonest(move: Move, now: datetime) -> datetime | None:
    """The next moment at which somebody would come in vain, or not come; None if both have gone by."""
    times = (one.starts_at for one in (move.before, move.after) if one is not None)
    return min((one for one in times if one > now), default=None)


def _sorted(changes: Iterable[Change]) -> tuple[tuple[Change, ...], tuple[Change, ...], tuple[Change, ...]]:
    moving, unsaid, withdrawn = [], [], []
    for one in changes:
        waited = one.was is not None and one.was.state == "planned"
        if one.wanted is None:
            withdrawn.append(one)
        elif one.wanted.skip is not None:
            unsaid += [one] if waited else []
        elif one.was is None or not waited or one.was.notice.due_at != one.wanted.notice.due_at:
            moving.append(one)
    return tuple(moving), tuple(unsaid), tuple(withdrawn)


def passed_by(change: Change) -> bool:
    """Whether a reminder is not said because its moment is gone, rather than for a break."""
    return change.wanted is not None and change.wanted.skip == PAST


def _first_of_each_post(wrong: Iterable[Said]) -> Iterable[Said]:
    met: set[tuple[str, str] | str] = set()
    for one in wrong:
        name = one.post or one.key
        if name not in met:
            met.add(name)
            yield one


def _misled(move: Move, said: Sequence[Said]) -> Iterable[Target]:
    """The channels in which what was said last names another time."""
    last: dict[Target, Said] = {}
    for one in said:
        known = last.get(one.target)
        if one.channel and (known is None or _later(one, known)):
            last[one.target] = one
    return (target for target, one in last.items() if one.spoke != move.after)


def _later(one: Said, other: Said) -> bool:
    if one.at is None or other.at is None:
        return one.at is None
    return one.at >= other.at
