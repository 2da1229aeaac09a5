"""What will be said, as it would be said: each message with its time and place, before anybody reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from bot.domain.messages import Message
from bot.domain.notices import Target
from bot.domain.programs import Program

Fate = Literal["planned", "held", "not said"]
ON_HOLD = "all posts are held then"
"""Why something will wait that nobody holds by itself."""


@dataclass(frozen=True)
class Foretold:
    """One message, however many notices share it, at the UTC moment `at`; `message` is None where nothing is said.

    `kinds` and `about` name each thing in it once. `reason` says why it is not said, or why its words are not shown.
    `depends` says that it is made of how things stand, and is shown as they stand now.
    """

    at: datetime
    kinds: tuple[str, ...]
    about: tuple[str, ...]
    target: Target
    fate: Fate
    message: Message | None = None
    reason: str | None = None
    depends: bool = False


@dataclass(frozen=True)
class Preview:
    """Everything that will be said from one day of the program's calendar to another, both included.

    `names` are channels and people by their ids, and channels by their purpose. `stored` is False for a program that
    only stands in a file: then nobody takes part yet. `left_out` is how many posts are about samples, which a live
    program does not say.
    """

    program: Program
    now: datetime
    first: date
    last: date
    messages: tuple[Foretold, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    stored: bool = True
    left_out: int = 0

    @property
    def said(self) -> tuple[Foretold, ...]:
        """Without what is not said."""
        return tuple(one for one in self.messages if one.fate != "not said")

    def on(self, day: date) -> tuple[Foretold, ...]:
        """What falls on a day of the program's calendar."""
        return tuple(one for one in self.messages if self.program.local_day(one.at) == day)
