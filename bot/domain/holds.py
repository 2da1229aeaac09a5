"""Holding all posts, of a program or of one channel, and what becomes of what was held.

What falls due meanwhile waits in the ledger. What those who run the program are told, and what people ask for
themselves, goes on. Times are UTC; a form has days and wall times of the program's zone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from bot.domain.notices import Voice
from bot.domain.programs import Program, exists

OVER = "hold.over"
"""The question what is to become of what was held, once a hold has ended by itself."""
OVER_CHANGE = "hold.over_change"
LONGEST_REASON = 200
HELD_VOICES: tuple[Voice, ...] = ("anybody",)
"""What waits while posts are held: what nobody has asked for, told to others than those who run the program."""

Choice = Literal["send", "drop"]
Field = Literal["channel", "reason", "from", "until"]
Flaw = Literal[
    "no reason",
    "long reason",
    "no day",
    "no time",
    "no such time",
    "end before start",
    "end past",
    "start past",
    "no channel",
]


@dataclass(frozen=True)
class Hold:
    """One hold. Without a `channel` it keeps everything; without `ends_at` it lasts until somebody ends it.

    `room` is the channel's name, `archived` that nothing can be posted there. `waiting` is how much it keeps. It is
    done with at `ended_at`; until then somebody has to choose, where something waits. One that was `shut` nobody has
    made: it keeps what Slack refused while nothing could be posted in the channel, and `reason` says why.
    """

    id: int
    program_id: int
    channel: str | None
    room: str
    reason: str
    starts_at: datetime
    ends_at: datetime | None
    by: str | None
    made_at: datetime
    waiting: int = 0
    archived: bool = False
    ended_at: datetime | None = None
    ended_by: str | None = None
    chose: Choice | None = None
    shut: bool = False

    def over(self, now: datetime) -> bool:
        """Whether nothing is held by it any more, be it that its end has come or that somebody has ended it."""
        return self.ended_at is not None or (self.ends_at is not None and self.ends_at <= now)

    def ahead(self, now: datetime) -> bool:
        """Whether it has not begun yet."""
        return not self.over(now) and now < self.starts_at

    def keeps(self, at: datetime, channel: str | None) -> bool:
        """Whether what is due at a moment in a channel, or, without one, for one person alone, is held by it."""
        return not self.over(at) and self.starts_at <= at and self.channel in (None, channel)


@dataclass(frozen=True)
class Draft:
    """A form: the channel or everything, why, and from when until when; None for from now on, and for open."""

    channel: str | None
    reason: str
    starts: tuple[date | None, time | None] = (None, None)
    ends: tuple[date | None, time | None] = (None, None)


@dataclass(frozen=True)
class Wanted:
    """A form read: its moments in UTC."""

    channel: str | None
    reason: str
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class Problems:
    """The form cannot be kept as it is: what is wrong, by its field."""

    flaws: Mapping[Field, Flaw]


@dataclass(frozen=True)
class Item:
    """Something that is held, or will be. `channel` or `person` is who would read it.

    `about` is the title of what it is about; `over` that this is over, so that it will not be said in any case.
    """

    kind: str
    due_at: datetime
    about: str = ""
    channel: str | None = None
    person: str | None = None
    over: bool = False
    sample: bool = False


@dataclass(frozen=True)
class Room:
    """A channel that can be held."""

    channel: str
    name: str


@dataclass(frozen=True)
class Opened:
    """What holds there are, and what can be held."""

    program: Program
    now: datetime
    holds: tuple[Hold, ...]
    rooms: tuple[Room, ...]


@dataclass(frozen=True)
class Made:
    """Posts are held, or will be: by this form, by the same one before, or, `changed`, otherwise than until now.

    `coming` is what is known to fall due meanwhile.
    """

    program: Program
    hold: Hold
    now: datetime
    coming: tuple[Item, ...] = ()
    changed: bool = False


@dataclass(frozen=True)
class There:
    """Nothing was done, as they are held then already."""

    program: Program
    hold: Hold
    now: datetime


@dataclass(frozen=True)
class Looked:
    """A hold with all that it keeps, before somebody ends it; `others` go on holding some of the same."""

    program: Program
    hold: Hold
    now: datetime
    items: tuple[Item, ...] = ()
    others: tuple[Hold, ...] = ()


@dataclass(frozen=True)
class Resumed:
    """Posts go out again, and it was chosen what becomes of what was held."""

    program: Program
    hold: Hold
    choice: Choice
    items: tuple[Item, ...] = ()
    others: tuple[Hold, ...] = ()


@dataclass(frozen=True)
class Before:
    """Nothing was done: somebody has ended it before; `hold` says who and what they chose."""

    program: Program
    hold: Hold


@dataclass(frozen=True)
class Gone:
    """There is no such hold."""


@dataclass(frozen=True)
class Standing:
    """The holds of a program that concern it at `now`: those that hold, lie ahead, or wait for somebody to choose."""

    program: Program
    now: datetime
    holds: tuple[Hold, ...] = field(default_factory=tuple)

    @property
    def holding(self) -> tuple[Hold, ...]:
        return tuple(one for one in self.holds if not one.over(self.now) and not one.ahead(self.now))

    def keeping(self, at: datetime, channel: str | None) -> Hold | None:
        """What will keep something from being said at a moment, the widest first."""
        found = (one for one in self.holds if one.keeps(at, channel))
        return min(found, key=lambda one: (one.channel is not None, one.id), default=None)


def read(draft: Draft, program: Program, rooms: Collection[str], now: datetime) -> Wanted | Problems:
    """What a form wants, in UTC. Of a wall time that comes twice it is the first."""
    flaws: dict[Field, Flaw] = {}
    reason = " ".join(draft.reason.split())
    if not reason:
        flaws["reason"] = "no reason"
    elif len(reason) > LONGEST_REASON:
        flaws["reason"] = "long reason"
    if draft.channel is not None and draft.channel not in rooms:
        flaws["channel"] = "no channel"
    starts_at = _moment(draft.starts, program, "from", time(), flaws)
    ends_at = _moment(draft.ends, program, "until", None, flaws)
    today = program.local_day(now)
    if starts_at is not None and program.local_day(starts_at) < today:
        flaws.setdefault("from", "start past")
    begins = max(starts_at or now, now)
    if ends_at is not None and ends_at <= now:
        flaws.setdefault("until", "end past")
    elif ends_at is not None and ends_at <= begins:
        flaws.setdefault("until", "end before start")
    return Problems(flaws) if flaws else Wanted(draft.channel, reason, begins, ends_at)


def overlap(one: Wanted, other: Hold, now: datetime) -> bool:
    """Whether two hold the same at the same time."""
    if other.over(now) or one.channel != other.channel:
        return False
    before = one.ends_at is not None and one.ends_at <= other.starts_at
    after = other.ends_at is not None and other.ends_at <= one.starts_at
    return not (before or after)


def _moment(
    when: tuple[date | None, time | None], program: Program, name: Field, usual: time | None, flaws: dict[Field, Flaw]
) -> datetime | None:
    day, clock = when
    clock = clock or (usual if day is not None else None)
    if day is None and clock is None:
        return None
    if day is None or clock is None:
        flaws[name] = "no day" if day is None else "no time"
        return None
    wall = datetime.combine(day, clock)
    if not exists(wall, program.zone):
        flaws[name] = "no such time"
        return None
    return wall.replace(tzinfo=ZoneInfo(program.zone)).astimezone(UTC)
