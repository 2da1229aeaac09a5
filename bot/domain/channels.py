"""What a channel is for, and which channels are unfit for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeGuard

from bot.domain.people import Member
from bot.domain.programs import Purpose

Use = Literal[Purpose, "none"]
USES: tuple[Use, ...] = ("cohort", "applicants", "facilitators", "none")
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
    """A channel as it is set. `said` tells whether anybody has decided what it is for."""

    channel: str
    name: str
    use: Use = "none"
    program_id: int | None = None
    said: bool = False
    private: bool = False
    shared: bool = False

    @property
    def exposed(self) -> tuple[Exposure, ...]:
        """Why it is unfit for the facilitators."""
        return exposed(self.use, private=self.private, shared=self.shared)


@dataclass(frozen=True)
class Assigned:
    """What a channel is for now: with why it is unfit for it, and which channels it takes over from."""

    channel: str
    use: Use
    program: str | None = None
    exposed: tuple[Exposure, ...] = ()
    instead_of: tuple[str, ...] = ()


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
