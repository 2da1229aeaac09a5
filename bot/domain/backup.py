"""What becomes of taking a backup and of putting one back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from bot.domain.verify import Report

Why = Literal[
    "there already",
    "no folder",
    "is the database",
    "cannot be written",
    "nothing in it",
    "not there",
    "cannot be read",
    "not a backup",
    "of the other engine",
    "of another schema",
    "newer",
    "holds data",
    "running",
    "busy",
    "no tool",
    "old tool",
    "tool failed",
    "not taken",
]


@dataclass(frozen=True)
class Refused:
    """Nothing was changed. `detail` names what the reason is about: a file, a program, or its own words."""

    why: Why
    detail: str = ""


@dataclass(frozen=True)
class NotSound:
    """What should be kept, or put back, does not hold together. Nothing was changed, and nothing is left behind."""

    report: Report


@dataclass(frozen=True)
class Taken:
    """A backup that was looked at after it was made; `bytes` is its size."""

    file: Path
    bytes: int
    report: Report


@dataclass(frozen=True)
class Restored:
    """What is in place now. `put_aside` notices were due by then and are not said; `kept` is where the former file is.

    `taken_at` is when the backup was made, `upgraded_from` the shape that it had if that was an older one.
    """

    report: Report
    taken_at: datetime
    put_aside: int
    upgraded_from: str | None = None
    kept: Path | None = None


class BackupError(Exception):
    """Why a backup cannot be taken or put back, on its way out of what has to be undone."""

    def __init__(self, outcome: Refused | NotSound) -> None:
        super().__init__(type(outcome).__name__)
        self.outcome = outcome


def refuse(why: Why, detail: str = "") -> BackupError:
    """The error that a refusal travels in."""
    return BackupError(Refused(why, detail))
