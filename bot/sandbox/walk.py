"""Time in the sandbox: it runs on by itself, and it can be walked forward, everything on the way at its own time."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.sandbox.delivery import Delivery
from bot.sandbox.interface import Bot, Payload, RefusedError
from bot.sandbox.workspace import Workspace

POLL = 0.02
REST = 30.0
HORIZON = timedelta(days=400)
TURN = timedelta(seconds=1)
LONGEST_STEP = timedelta(days=1)
FARTHEST = timedelta(days=5 * 366)
TOO_FAR = "That is too far: the clock walks day by day, five years at most."
# A bot that stays at one moment longer than this is not sending what it says is due.
SAME_MOMENT = 25

_UNITS = {"w": "weeks", "d": "days", "h": "hours", "m": "minutes", "s": "seconds"}


class Walker:
    """Moves the clock of one workspace."""

    def __init__(self, workspace: Workspace, delivery: Delivery, zone: ZoneInfo) -> None:
        self._workspace = workspace
        self._delivery = delivery
        self._zone = zone
        self._walking = threading.Lock()
        self.bot: Bot | None = None

    @property
    def local_now(self) -> str:
        """Story time in the program's zone, ISO 8601 with its offset, to the second."""
        return self._workspace.clock().astimezone(self._zone).isoformat(timespec="seconds")

    def next_due(self) -> datetime | None:
        """When the bot says something by itself next, within a year or so."""
        return self._bot().next_due(self._workspace.clock() + HORIZON)

    def move(self, given: Payload) -> None:
        """Walk by `advance`, to `to`, or to the `next` notice; raises RefusedError."""
        with self._walking:
            self._walk(self._target(given))

    def sleep(self, given: Payload) -> None:
        """Let `sleep` pass while the bot does nothing at all, then wake it; raises RefusedError."""
        if any(given.get(name) for name in ("advance", "to", "next")):
            raise RefusedError("A bot that sleeps does nothing else: say sleep alone, such as 6h.")
        with self._walking:
            length = duration(str(given["sleep"]))
            if length > FARTHEST:
                raise RefusedError(TOO_FAR)
            self._settle()
            self._stand_at(self._workspace.clock() + length)

    def rest(self, seconds: float) -> bool:
        """Wait until nothing is on its way and nobody walks; False when that takes too long.

        What only waits for its turn in a channel gets it at once: the clock goes on by the second that this takes.
        """
        until = time.monotonic() + seconds
        while self._wait(until - time.monotonic(), lambda: not self._walking.locked() and self._idle()):
            soon = self._soon()
            if soon is None:
                return True
            with self._walking:
                self._walk(soon)
        return False

    def _target(self, given: Payload) -> datetime:
        now = self._workspace.clock()
        asked = [name for name in ("advance", "to", "next") if given.get(name)]
        if len(asked) != 1:
            raise RefusedError("Say one of advance (such as 3h), to (a time), next (true) or sleep (such as 6h).")
        if asked == ["next"]:
            due = self.next_due()
            if due is None:
                raise RefusedError("No notice is planned.")
            return max(due, now)
        length = duration(str(given["advance"])) if asked == ["advance"] else self._time(str(given["to"])) - now
        if length < timedelta():
            raise RefusedError(f"The clock only goes forward: it is {self.local_now} now.")
        if length > FARTHEST:
            raise RefusedError(TOO_FAR)
        return now + length

    def _time(self, text: str) -> datetime:
        try:
            at = datetime.fromisoformat(text)
        except ValueError as error:
            raise RefusedError(f"{text!r} is not a time such as 2020-10-14T15:00.") from error
        return at if at.tzinfo else at.replace(tzinfo=self._zone)

    def _walk(self, target: datetime) -> None:
        """Each stop is a moment at which the bot or a retry is due, or a day later than the last."""
        self._settle()
        stops: dict[datetime, int] = {}
        while (due := self._next_stop(target)) is not None:
            stops[due] = stops.get(due, 0) + 1
            if stops[due] > SAME_MOMENT:
                raise RefusedError(f"The bot keeps saying that something is due at {due.isoformat()}.")
            self._stand_at(due)
        self._stand_at(target)

    def _next_stop(self, target: datetime) -> datetime | None:
        # A bot plans some days ahead, so that a walk has to let it look again before those have gone by.
        found = [self._bot().next_due(target), self._delivery.next_retry(), self._workspace.clock() + LONGEST_STEP]
        return min((due for due in found if due is not None and due <= target), default=None)

    def _stand_at(self, when: datetime) -> None:
        if when > self._workspace.clock():
            self._workspace.clock.shift_to(when)
            self._workspace.changed("clock")
        self._delivery.retry_due()
        self._bot().tick()
        self._settle()

    def _settle(self) -> None:
        if not self._wait(REST, self._idle):
            raise RefusedError(f"The bot did not come to rest within {REST:.0f} seconds, at {self.local_now}.")

    def _idle(self) -> bool:
        """The bot is asked between two looks at the deliveries, so that none slips through."""
        return not self._delivery.busy and not self._bot().busy() and not self._delivery.busy

    def _soon(self) -> datetime | None:
        """When the bot has its next turn, if that is all it waits for."""
        now = self._workspace.clock()
        due = None if self.bot is None else self.bot.next_due(now + TURN)
        return None if due is None else max(due, now)

    @staticmethod
    def _wait(seconds: float, done: Callable[[], bool]) -> bool:
        until = time.monotonic() + seconds
        while not done():
            if time.monotonic() > until:
                return False
            time.sleep(POLL)
        return True

    def _bot(self) -> Bot:
        if self.bot is None:
            raise RefusedError("No bot is connected yet.")
        return self.bot


def duration(text: str) -> timedelta:
    """45m, 3h, 2d, 1w, and such in a row: 1d2h; raises RefusedError."""
    if not re.fullmatch(r"([0-9]{1,12}[wdhms]){1,5}", text.strip()):
        raise RefusedError(f"{text!r} is not a length of time such as 45m, 3h, 2d or 1d2h.")
    total = timedelta()
    try:
        for number, unit in re.findall(r"([0-9]+)([wdhms])", text):
            total += timedelta(**{_UNITS[unit]: int(number)})
    except OverflowError as error:
        raise RefusedError(TOO_FAR) from error
    return total
