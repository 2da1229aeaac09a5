"""What a channel is for, and which channels are unfit for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeGuard, get_args

from bot.domain.people import Member
from bot.domain.programs import Program, Purpose

Use = Literal[Purpose, "none"]
USES: tuple[Use, ...] = ("cohort", "applicants", "facilitators", "none")
Answering = Literal["always", "questions", "mention"]
"""When the bot speaks to what is written in a channel: to all that asks, to questions that it can answer for sure, or
only where it is mentioned."""
ANSWERING: tuple[Answering, ...] = get_args(Answering)
USUALLY: Mapping[Use, Answering] = {"applicants": "questions"}
"""Where nobody has said it, by what the channel is for; everywhere else only where it is mentioned."""
UNSEEN = ("channel_not_found", "not_in_channel")
"""How Slack says that the bot is not in a channel."""
SINGLE: tuple[Use, ...] = ("cohort", "facilitators")
"""What a program has one channel for: a new one takes the place of the old."""


@dataclass(frozen=True)
class Room:
    """A conversation as Slack knows it."""

    channel: str
    name: str
    private: bool
    shared: bool
    archived: bool
    member: bool
    creator: str = ""


Exposure = Literal["public", "shared"]
Shut = Literal["archived", "out"]
"""Why nothing can be said in a channel: it is archived, or the bot is not in it any more."""
CODES: Mapping[str, Shut] = {"is_archived": "archived", **dict.fromkeys(UNSEEN, "out")}
"""How Slack says so when something is posted."""


HELPS = "or choose another channel under Manage, Channels"
REFUSED_MEANWHILE: Mapping[Shut, str] = {"archived": "the channel was archived", "out": "I was not in the channel"}


def shut_words(name: str, why: Shut) -> str:
    """Why a post is refused, with what helps: what the ledger is to remember."""
    if why == "archived":
        return f"#{name} is archived: take it out of the archive, {HELPS}"
    return f"I am not in #{name} any more: invite me there, {HELPS}"


def refused_as_shut(reason: str | None) -> bool:
    """Whether that is why a post was refused: because nothing could be said in its channel."""
    return reason is not None and (reason in CODES or reason.endswith(HELPS))


def is_use(word: str) -> TypeGuard[Use]:
    """Whether a word names a use."""
    return word in USES


def is_answering(word: str | None) -> TypeGuard[Answering]:
    """Whether a word says when to speak."""
    return word in ANSWERING


def answers(use: Use, said: str | None) -> Answering:
    """When the bot speaks in a channel: as somebody has said, or as is usual for what the channel is for."""
    return said if is_answering(said) else USUALLY.get(use, "mention")


def exposed(use: str, *, private: bool, shared: bool) -> tuple[Exposure, ...]:
    """Why a channel is unfit for the facilitators; nothing for other uses."""
    if use != "facilitators":
        return ()
    found: list[Exposure] = []
    if not private:
        found.append("public")
    if shared:
        found.append("shared")
    return tuple(found)


@dataclass(frozen=True)
class Setting:
    """A channel as it is set. `said` tells whether anybody has decided what it is for.

    `answering` is what somebody has decided about when to speak there, if anybody has. `shut` is why nothing can be
    said there.
    """

    channel: str
    name: str
    use: Use = "none"
    program_id: int | None = None
    said: bool = False
    private: bool = False
    shared: bool = False
    answering: Answering | None = None
    shut: Shut | None = None

    @property
    def answers(self) -> Answering:
        """When the bot speaks there."""
        return answers(self.use, self.answering)

    @property
    def seen(self) -> str:
        """How it is set, in a word to compare."""
        return f"{self.use}/{self.program_id or 0}/{self.answering or ''}"

    @property
    def exposed(self) -> tuple[Exposure, ...]:
        """Why it is unfit for the facilitators."""
        return exposed(self.use, private=self.private, shared=self.shared)


@dataclass(frozen=True)
class Assigned:
    """What a channel is for now: with why it is unfit for it, and which channels it takes over from.

    `answering` is when the bot speaks there, `number` that of the change on record.
    """

    channel: str
    use: Use
    program: str | None = None
    exposed: tuple[Exposure, ...] = ()
    instead_of: tuple[str, ...] = ()
    answering: Answering = "mention"
    number: int | None = None
    program_id: int | None = None


@dataclass(frozen=True)
class Foreseen:
    """What will be if a channel is set like that: `posts` are planned for that purpose, and go there then.

    `before` is how it is set now; `missing` is whether nothing serves the purpose any more that it had.
    """

    done: Assigned
    before: Setting
    program_id: int | None
    posts: int = 0
    missing: bool = False


@dataclass(frozen=True)
class Channels:
    """The channels of a program, those that nobody has said anything about, and who is in them.

    `people` has how many of those the bot knows are in a channel, and as of when.
    """

    program: Program
    settings: tuple[Setting, ...]
    unset: tuple[Setting, ...]
    people: Mapping[str, tuple[int, datetime]]


@dataclass(frozen=True)
class NotAllowed:
    """Only facilitators, admins and the workspace's admins may: `ask` are those who are known."""

    ask: tuple[Member, ...] = ()


@dataclass(frozen=True)
class NotIn:
    """The bot is not in the channel, so it can neither hear nor say anything there."""

    channel: str


@dataclass(frozen=True)
class NoProgram:
    """The program that was meant is not there."""
