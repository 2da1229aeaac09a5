"""What a channel is for, and which channels are unfit for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeGuard

from bot.domain.programs import Purpose

Use = Literal[Purpose, "none"]
USES: tuple[Use, ...] = ("cohort", "applicants", "facilitators", "none")
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
