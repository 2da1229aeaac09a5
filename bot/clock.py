"""The clock of the story: when things are due, said and asked.

Transport time (signatures, the three-second ack, time-outs) never comes from here: it is always the wall's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def wall() -> datetime:
    """The machine's own time, aware, in UTC."""
    return datetime.now(UTC)


class ShiftedClock:
    """The wall clock plus an offset that can be moved; used where a season is lived in minutes."""

    def __init__(self, start: datetime | None = None) -> None:
        self._lock = threading.Lock()
        self._offset = timedelta()
        if start is not None:
            self.shift_to(start)

    def __call__(self) -> datetime:
        return wall() + self.offset

    @property
    def offset(self) -> timedelta:
        with self._lock:
            return self._offset

    def shift_to(self, when: datetime) -> None:
        """Make `now` equal to `when`, an aware time."""
        with self._lock:
            self._offset = when.astimezone(UTC) - wall()
