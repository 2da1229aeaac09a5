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

    What has to be kept of a place is one moment, `free_at`, when none of the turns it has given counts any more, and
    another where Slack has asked for a rest. A clock may be set back: what is further ahead than can be is forgotten.
    """

    every: timedelta
    burst: int = 1

    def opens(self, free_at: datetime, paused_until: datetime | None, now: datetime) -> datetime:
        """From when the next turn may be had: now, or later."""
        if paused_until is not None and now < paused_until <= now + FORGOTTEN:
            return paused_until
        return max(now, self._counting(free_at, now) - (self.burst - 1) * self.every)

    def taken(self, free_at: datetime, now: datetime) -> datetime:
        """The place's `free_at` once a turn that may be had is taken."""
        return max(now, self._counting(free_at, now)) + self.every

    def given_back(self, free_at: datetime) -> datetime:
        """The place's `free_at` once a turn that was taken turned out not to be needed."""
        return free_at - self.every

    def rested(self, until: datetime) -> datetime:
        """The place's `free_at` where after a rest turns are to be had one at a time."""
        return until + (self.burst - 1) * self.every

    def _counting(self, free_at: datetime, now: datetime) -> datetime:
        return free_at if free_at <= now + self.burst * self.every else now


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
