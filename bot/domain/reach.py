"""Who the bot does not reach, and why: each with the one thing that helps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeGuard, get_args

from bot.domain.lists import Page
from bot.domain.people import Org, Role
from bot.domain.programs import Program

Why = Literal["refused", "gone", "address", "pending", "channel", "silent", "guest", "zone"]
WHYS: tuple[Why, ...] = get_args(Why)
"""The most pressing first. `silent` have never opened their Home, `gone` are switched off, `channel` not in theirs."""
SHOWN_ON_HOME: tuple[Why, ...] = ("refused", "gone", "address", "channel", "silent", "zone")
"""What a Home counts: who waits stands there by name, and guests are reached, only not by commands."""
LOOK_EVERY = timedelta(hours=6)
"""How old the picture of who is in a channel may grow."""
COUNT_EVERY = timedelta(minutes=10)
AT_MOST_EVERY = timedelta(minutes=1)
"""How soon Slack may be asked again, for the impatient."""
Purposes = Literal["cohort", "applicants", "facilitators"]
SILENT_AFTER = timedelta(days=1)
"""How long somebody has to open their Home before it is called never."""
BELONGS: tuple[tuple[Role, Purposes], ...] = (
    ("facilitator", "facilitators"),
    ("participant", "cohort"),
    ("coach", "cohort"),
    ("applicant", "applicants"),
)
"""In which channel somebody of a role should be; the first that applies to them counts."""


@dataclass(frozen=True)
class Room:
    """A channel with a purpose. `looked_at`: when Slack last told who is in it; `shut`: archived, or the bot is out."""

    row: int
    channel: str
    name: str
    purpose: str
    looked_at: datetime | None = None
    shut: bool = False


@dataclass(frozen=True)
class Reachable:
    """What is known of somebody that decides whether they are reached. `since` is when they joined the program."""

    person_id: int
    user: str | None
    name: str
    email: str | None
    roles: tuple[Role, ...]
    organization: Org | None = None
    waits: int | None = None
    guest: bool = False
    gone: bool = False
    zone: str | None = None
    opened: bool = False
    since: datetime | None = None


@dataclass(frozen=True)
class Unreached:
    """Somebody who is not reached. `room` is the channel they should be in, `code` what Slack said, and `at` when."""

    somebody: Reachable
    why: Why
    room: Room | None = None
    code: str = ""
    at: datetime | None = None
    greeted: bool = False


@dataclass(frozen=True)
class Overview:
    """How many are not reached, by why. `looked_at` is of the channel that was looked at longest ago.

    `unseen` are channels of which Slack has not told yet who is in them.
    """

    program: Program
    counts: Mapping[Why, int]
    looked_at: datetime | None
    unseen: tuple[Room, ...] = ()


@dataclass(frozen=True)
class Listing:
    """Those of one why, a page of them."""

    program: Program
    why: Why
    page: Page[Unreached]
    looked_at: datetime | None = None


@dataclass(frozen=True)
class Counts:
    """What a Home says of it, and as of when."""

    counts: Mapping[Why, int] = field(default_factory=dict)
    at: datetime | None = None


@dataclass(frozen=True)
class Invitation:
    """Somebody is to be brought into a channel."""

    somebody: Reachable
    room: Room


@dataclass(frozen=True)
class Done:
    """It was done, or is under way; `again` where it had been done today already."""

    name: str
    again: bool = False


@dataclass(frozen=True)
class Several:
    """What was done for several at once: for whom, for whom it had been done today, and how many need it no more."""

    names: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    settled: int = 0


@dataclass(frozen=True)
class NotThere:
    """They are reached by now, or are not there any more."""


def is_why(word: str) -> TypeGuard[Why]:
    """Whether a word is a reason."""
    return word in WHYS


def examine(
    people: Iterable[Reachable],
    rooms: Sequence[Room],
    inside: Collection[tuple[int, int]],
    refused: Mapping[str, tuple[datetime, str]],
    now: datetime,
) -> dict[Why, tuple[Unreached, ...]]:
    """Everybody who is not reached at `now`, by why; `inside` are pairs of a channel's and a person's row."""
    found: dict[Why, list[Unreached]] = {why: [] for why in WHYS}
    for one in people:
        for unreached in _of(one, rooms, inside, refused, now):
            found[unreached.why].append(unreached)
    return {why: tuple(some) for why, some in found.items()}


def _of(
    one: Reachable,
    rooms: Sequence[Room],
    inside: Collection[tuple[int, int]],
    refused: Mapping[str, tuple[datetime, str]],
    now: datetime,
) -> Iterable[Unreached]:
    if one.gone:
        return [Unreached(one, "gone")]
    if one.user is None:
        return [Unreached(one, "address")]
    found = []
    if one.user in refused:
        at, code = refused[one.user]
        found.append(Unreached(one, "refused", code=code, at=at))
    if one.waits is not None:
        found.append(Unreached(one, "pending"))
    room = _missing_from(one, rooms, inside)
    if room is not None:
        found.append(Unreached(one, "channel", room))
    if is_silent(one, now):
        found.append(Unreached(one, "silent"))
    if one.guest:
        found.append(Unreached(one, "guest"))
    if one.zone is None:
        found.append(Unreached(one, "zone"))
    return found


def is_silent(one: Reachable, now: datetime) -> bool:
    """Whether somebody has had a day to open their Home, and has not."""
    return not one.opened and (one.since is None or now - one.since >= SILENT_AFTER)


def _missing_from(one: Reachable, rooms: Sequence[Room], inside: Collection[tuple[int, int]]) -> Room | None:
    """The channel that somebody should be in and is in none of its kind; None where Slack has not told yet."""
    purpose = next((purpose for role, purpose in BELONGS if role in one.roles), None)
    theirs = [room for room in rooms if room.purpose == purpose and room.looked_at is not None and not room.shut]
    if not theirs or any((room.row, one.person_id) in inside for room in theirs):
        return None
    return theirs[0]
