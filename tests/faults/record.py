"""What people were told: kept apart from the bot, to be compared with what it has."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Form = Literal["check-in", "reflection"]


@dataclass
class Submission:
    """A form that somebody handed in. `word` is in its text and nowhere else.

    `number` is the receipt number that its acknowledgement named; None while nobody was told that it is saved.
    `changes` is true for a new version of something that was saved before.
    """

    user: str
    form: Form
    word: str
    at: datetime
    part: str
    changes: bool
    number: int | None = None
    presses: int = 0


@dataclass(frozen=True)
class Asked:
    """A question. `ts` is empty for a command, which has none; `heard` says whether that was answered for.

    Whether a message was is known to whoever delivers it, as that may take a while.
    """

    user: str
    channel: str
    ts: str
    word: str
    at: datetime
    part: str
    heard: bool


@dataclass
class Record:
    """Everything that was done and acknowledged; `part` is the part of the run that is under way."""

    part: str = ""
    submissions: list[Submission] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    parts: list[tuple[datetime, str]] = field(default_factory=list)
    done: Counter[tuple[str, str]] = field(default_factory=Counter)
    pressed_again: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, part: str, now: datetime) -> None:
        """From now on everything belongs to this part of the run."""
        self.part = part
        self.parts.append((now, part))

    def part_at(self, when: datetime) -> str:
        """Which part of the run a moment of the story belongs to."""
        return next((part for begun, part in reversed(self.parts) if begun <= when), self.parts[0][1])

    def did(self, what: str, times: int = 1) -> None:
        """A fault was brought about."""
        with self._lock:
            self.done[self.part, what] += times
