"""The notice ledger's values: what is to be said, and what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Literal

LEASE = timedelta(minutes=2)
GRACE = timedelta(seconds=15)
MERGE_WINDOW = timedelta(hours=2)
LOOK_BACK = timedelta(minutes=6)
"""How far before a send its message is looked for: a machine's clock may be ahead of Slack's. One that is more than
five minutes off hears nothing from Slack at all, as every request looks replayed."""
OVERDUE = timedelta(minutes=10)
"""What is later than this was not said because nobody was there to say it."""
TOGETHER = 20
"""As many notices share a message as have room for their keys in its metadata."""
MOST_ATTEMPTS = 20
"""With `back_off` ten to fifteen hours: longer than Slack's longest outages, shorter than anybody's patience."""
PAST = "its moment had passed when it was planned"
TOO_LATE = "too late to make sense"
"""How the reason begins when a notice could not be said in time; its time follows."""
RESTORED = "restored from a backup of"
"""How the reason begins when it was due before the database was put back; the backup's time follows."""
NO_LONGER_PLANNED = "no longer planned"
LEFT_OUT = "a facilitator left it out"
"""The reason on record of what somebody skipped; who it was stands beside it, and is erased with them."""
DROPPED = "it was held, and dropped when posts went out again"
"""The reason on record of what somebody dropped after a hold; who it was stands beside it, as above."""
NO_CHANNEL = "no channel is set for"
"""How the reason begins when there is nowhere to say it; the purpose follows."""

QUIET = "its reader has quiet"
"""The reason while a notice waits for that to end; it is not late for having waited."""
UNHEARD = "nobody heard whether Slack took it"
"""How the reason begins when a notice was sent again, or given up, for want of an answer; the rule follows."""

Refs = Mapping[str, str | int | None]
Voice = Literal["anybody", "asker", "staff", "mends", "always"]
"""What a kind of notice is to whoever reads it.

`anybody` is told something unasked; the `asker` has just done something and hears what became of it; `staff` run the
program; `mends` changes a message that stands; `always` has to happen whatever the program's mode, such as taking back
what its author wants back.
"""


class Urgency(IntEnum):
    """What is said first when much is due at once."""

    ANSWER = 0
    """Somebody is waiting for it at this moment."""
    PERSON = 1
    """Somebody has to do something, or learns what became of it."""
    PROGRAM = 2
    """What the calendar says."""
    SUMMARY = 3


@dataclass(frozen=True)
class ToChannel:
    """A channel by its id, or a thread in it."""

    channel: str
    thread_ts: str | None = None


@dataclass(frozen=True)
class ToPerson:
    """A person's direct message, by their Slack user id."""

    user: str


@dataclass(frozen=True)
class ToPurpose:
    """Whichever channel serves a purpose of the program at the moment of sending."""

    purpose: str


Target = ToChannel | ToPerson | ToPurpose


@dataclass(frozen=True)
class Notice:
    """Something to be said: its key makes it once, its kind and references say what, never its text."""

    key: str
    kind: str
    target: Target
    due_at: datetime
    program_id: int | None = None
    refs: Refs = field(default_factory=dict)

    @property
    def opaque_key(self) -> str:
        """The key as it may be shown in message metadata: it names nobody."""
        return opaque(self.key)


@dataclass(frozen=True)
class Planned:
    """A notice that a plan asks for; `skip` says why it is put on record and not said.

    `before` is the moment by which it has to be heard to make sense, if there is one; `again` the key under which it
    is said once more where it was said already, of a moment that has moved since.
    """

    notice: Notice
    skip: str | None = None
    before: datetime | None = None
    again: str | None = None


@dataclass(frozen=True)
class Rules:
    """How kinds of notice are chosen, by their names.

    Those that are `merging` share a post when they are due in one place within two hours, those that are `combining`
    when they are overdue there. What `urgency` does not name is as urgent as most, and what `voices` does not name is
    for anybody.
    """

    urgency: Mapping[str, Urgency] = field(default_factory=dict)
    merging: frozenset[str] = frozenset()
    combining: frozenset[str] = frozenset()
    voices: Mapping[str, Voice] = field(default_factory=dict)


@dataclass(frozen=True)
class Claimed:
    """A notice this process may send until the lease ends, at `until`.

    `attempts` counts this one. `uncertain_since` is set when an earlier attempt may have reached Slack: the moment to
    look back to. `reason` is what the last attempt said. `early` is a notice taken along before it is due, `overdue`
    one that was due long before. `channel` is where it took a turn at posting. `hold` is what has held it until now.
    """

    id: int
    notice: Notice
    token: str
    attempts: int
    until: datetime
    uncertain_since: datetime | None = None
    reason: str | None = None
    early: bool = False
    overdue: bool = False
    channel: str | None = None
    hold: int | None = None

    @property
    def at(self) -> datetime:
        """When it was claimed: its words say what is true at that moment."""
        return self.until - LEASE


@dataclass(frozen=True)
class Delivered:
    """Slack has it; `note` is what the ledger is to remember of how it came there.

    `made_at` is the moment of which its words speak, where that is an earlier attempt's.
    """

    channel: str
    ts: str
    note: str | None = None
    made_at: datetime | None = None


@dataclass(frozen=True)
class Refused:
    """Slack will not take it, now or later."""

    code: str


@dataclass(frozen=True)
class Later:
    """Slack did not take it, and may do so after a while."""

    code: str
    wait: timedelta | None = None


@dataclass(frozen=True)
class Unknown:
    """Nobody heard whether Slack took it: look before sending again."""

    code: str


@dataclass(frozen=True)
class Skipped:
    """It no longer makes sense to say it."""

    reason: str


@dataclass(frozen=True)
class NotYet:
    """It is put back without having been tried, to be said when it is due, or not before `until`, for a reason."""

    until: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Held:
    """Its time has come while all posts are held, by the hold of this id: it waits for what somebody chooses then."""

    hold: int


Outcome = Delivered | Refused | Later | Unknown | Skipped | NotYet | Held


def opaque(key: str) -> str:
    """A short, stable name for a key that tells nothing about it."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def back_off(key: str, attempts: int) -> timedelta:
    """How long to wait after so many tries: 5 s after the first, doubled each time, an hour at most.

    Up to half as long again is added, by the notice's key: what failed together is not tried again together.
    """
    wait = min(timedelta(seconds=5 * 2 ** min(max(attempts - 1, 0), 10)), timedelta(hours=1))
    share = int.from_bytes(hashlib.sha256(f"{key}#{attempts}".encode()).digest()[:4]) / 2**32
    return wait * (1 + share / 2)


def overdue(due_at: datetime, now: datetime) -> bool:
    """Whether something is so late that whoever reads it should know."""
    return now > due_at + OVERDUE


def too_late(due_at: datetime, late: timedelta | None, now: datetime) -> str | None:
    """Why something is not said any more, if it makes sense only for so long after its time."""
    if late is None or now <= due_at + late:
        return None
    return f"{TOO_LATE}: its time was {due_at:%Y-%m-%d %H:%M} UTC"


def passed(due_at: datetime, now: datetime) -> bool:
    """Whether a moment is gone: its minute has passed, as what is due at 9:00 may be planned at nine and a second."""
    return now >= due_at + timedelta(minutes=1)
