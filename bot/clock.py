"""The clock of the story: when things are due, said and asked.

Transport time (signatures, the three-second ack, time-outs) never comes from here: it is always the wall's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

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


class FileClock:
    """The wall clock plus as many seconds as a file says, for several processes that live through one story.

    Whoever moves them replaces the file as a whole; it is only read again when it is another one. What is no number of
    seconds leaves the offset as it was.
    """

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._seen: tuple[int, int] | None = None
        self._offset = timedelta()

    def __call__(self) -> datetime:
        try:
            there = self._path.stat()
        except OSError:
            return wall() + self._offset
        seen = (there.st_ino, there.st_mtime_ns)
        if seen != self._seen:
            self._offset = self._read()
            self._seen = seen
        return wall() + self._offset

    def _read(self) -> timedelta:
        try:
            return timedelta(seconds=float(self._path.read_text(encoding="ascii")))
        except (OSError, ValueError, OverflowError):
            return self._offset
