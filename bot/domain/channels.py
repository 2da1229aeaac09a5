"""What a channel is for, and which channels are unfit for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeGuard, get_args

from bot.domain.people import Member
from bot.domain.programs import Purpose

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


Exposure = Literal["public", "shared"]


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

    `answering` is what somebody has decided about when to speak there, if anybody has.
    """

    channel: str
    name: str
    use: Use = "none"
    program_id: int | None = None
    said: bool = False
    private: bool = False
    shared: bool = False
    answering: Answering | None = None

    @property
    def answers(self) -> Answering:
        """When the bot speaks there."""
        return answers(self.use, self.answering)

    @property
    def exposed(self) -> tuple[Exposure, ...]:
        """Why it is unfit for the facilitators."""
        return exposed(self.use, private=self.private, shared=self.shared)


@dataclass(frozen=True)
class Assigned:
    """What a channel is for now: with why it is unfit for it, and which channels it takes over from.

    `answering` is when the bot speaks there.
    """

    channel: str
    use: Use
    program: str | None = None
    exposed: tuple[Exposure, ...] = ()
    instead_of: tuple[str, ...] = ()
    answering: Answering = "mention"

    @property
    def unusual(self) -> bool:
        """Whether somebody has decided otherwise than is usual."""
        return self.answering != answers(self.use, None)


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
