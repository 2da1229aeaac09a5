"""How fast Slack may be spoken to: a place gives one turn after the other, some of them a few at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Method = Literal[
    "chat.postMessage",
    "chat.update",
    "chat.delete",
    "conversations.open",
    "conversations.history",
    "conversations.replies",
    "files.upload",
]
"""What the bot calls Slack for in one workspace, each with a limit of its own; the three calls for a file are one."""

FORGOTTEN = timedelta(hours=1)
"""What is further ahead than Slack ever asks to wait was written by a clock that has been set back since."""


@dataclass(frozen=True)
class Pace:
    """One turn `every` so often, and up to `burst` at once after a rest.

    All that has to be kept of a place is one moment, `free_at`: when none of the turns it has given counts any more.
    """

    every: timedelta
    burst: int = 1

    def opens(self, free_at: datetime, now: datetime) -> datetime:
        """From when the next turn may be had: now, or later."""
        opens = free_at - (self.burst - 1) * self.every
        return opens if now < opens <= now + FORGOTTEN else now

    def taken(self, free_at: datetime, now: datetime) -> datetime:
        """The place's `free_at` once a turn that may be had is taken."""
        return self.every + (free_at if now < free_at <= now + FORGOTTEN else now)

    def given_back(self, free_at: datetime) -> datetime:
        """The place's `free_at` once a turn that was taken turned out not to be needed."""
        return free_at - self.every

    def paused(self, until: datetime) -> datetime:
        """The place's `free_at` when nothing may be had before a moment, and then one turn at a time."""
        return until + (self.burst - 1) * self.every


CHANNEL = Pace(timedelta(seconds=1))
"""Of messages in one channel; longer rows of them Slack drops."""
_TIER_3 = Pace(timedelta(seconds=1.2), burst=20)
_TIER_4 = Pace(timedelta(seconds=0.6), burst=20)
METHODS: Mapping[Method, Pace] = {
    "chat.postMessage": Pace(timedelta(seconds=0.125), burst=40),
    "chat.update": _TIER_3,
    "chat.delete": _TIER_3,
    "conversations.open": _TIER_3,
    "conversations.history": _TIER_3,
    "conversations.replies": _TIER_3,
    "files.upload": _TIER_4,
}
"""Several hundred messages a minute, fifty calls in the third of Slack's tiers, a hundred in the fourth."""
