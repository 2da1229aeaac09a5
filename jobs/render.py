"""What a renderer is given and gives back, and how each kind of notice is to be treated."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import Session

from bot.domain.messages import Message, Part, Upload
from bot.domain.notices import Later, Notice, Rules, Skipped, Urgency, Voice
from bot.domain.programs import Program

__all__ = [
    "Kind",
    "Kinds",
    "Later",
    "Message",
    "Part",
    "Rendered",
    "Renderer",
    "Scene",
    "Skipped",
    "Update",
    "Upload",
    "Urgency",
    "Withdraw",
]


@dataclass(frozen=True)
class Update:
    """Replace a message of the bot's own instead of posting a new one.

    `anew` is posted where Slack no longer has the message, or lets nobody change it any more; None lets it be.
    """

    channel: str
    ts: str
    message: Message
    anew: Message | None = None


@dataclass(frozen=True)
class Withdraw:
    """Delete a message of the bot's own."""

    channel: str
    ts: str


Rendered = Message | Upload | Update | Withdraw | Part | Skipped | Later
"""`Later` where something else has to be settled first."""


@dataclass(frozen=True)
class Scene:
    """All that a renderer may look at: rows to read, the notice, its program, the reader, and the story's now.

    `matching_trouble` says why questions are matched by their words alone; None when they are not.
    """

    session: Session
    notice: Notice
    now: datetime
    program: Program | None
    reader_zone: str | None = None
    matching_trouble: str | None = None

    def text(self, name: str) -> str:
        """A reference that must be there, as text."""
        return str(self.notice.refs[name])

    def number(self, name: str) -> int:
        """A reference that must be there, as a number."""
        return int(self.notice.refs[name] or 0)

    @property
    def of_program(self) -> Program:
        """The program of a notice that has one by its kind."""
        assert self.program is not None, f"{self.notice.kind} belongs to a program"
        return self.program


Renderer = Callable[[Scene], Rendered]
Unheard = Literal["once", "again"]
"""What is right where nobody can look whether Slack has taken a message: rather never twice, or rather not never."""


@dataclass(frozen=True)
class Kind:
    """One kind of notice: how it is made, and how it is to be treated.

    `late` is how long after its time it still makes sense; None where it always does, or where that depends on what it
    is about, so that its renderer says so. Those that `merges` share a post when they are due in one place within two
    hours; their renderers give a Part. What is `followed` is changed once it is posted, so that it never shares a
    catch-up post: a change replaces a whole message. What is `quiet` waits while its reader has quiet, a person
    theirs, a channel its program's. `voice` is what it is to its reader: by that it is told in practice who would hear
    it, and what waits while posts are held.
    """

    render: Renderer
    late: timedelta | None = None
    unheard: Unheard = "once"
    urgency: Urgency = Urgency.PERSON
    merges: bool = False
    followed: bool = False
    quiet: bool = False
    voice: Voice = "anybody"

    @property
    def combines(self) -> bool:
        """Whether it may be said in one catch-up post with others; an answer stands where its question does."""
        return self.urgency != Urgency.ANSWER and not self.followed


Kinds = Mapping[str, Kind]


def rules(kinds: Kinds) -> Rules:
    """How notices of these kinds are to be chosen."""
    return Rules(
        urgency={name: kind.urgency for name, kind in kinds.items()},
        merging=frozenset(name for name, kind in kinds.items() if kind.merges),
        combining=frozenset(name for name, kind in kinds.items() if kind.combines),
        voices={name: kind.voice for name, kind in kinds.items()},
    )
