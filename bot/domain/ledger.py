"""The notice ledger as it is looked through: what was to be said, and what became of it. It holds nobody's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

STATES = ("planned", "held", "sending", "unknown", "delivered", "refused", "skipped")


@dataclass(frozen=True)
class Line:
    """One notice. `where` is a channel or a person by name; `by` is who skipped, held or released it."""

    key: str
    kind: str
    state: str
    due_at: datetime
    said_at: datetime | None
    where: str
    reason: str | None
    attempts: int
    by: str | None = None


@dataclass(frozen=True)
class Found:
    """The newest of what was asked for, and how many there are of each state in all."""

    lines: tuple[Line, ...]
    totals: Mapping[str, int]

    @property
    def left(self) -> int:
        """How many more there are than are shown."""
        return sum(self.totals.values()) - len(self.lines)
