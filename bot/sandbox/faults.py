"""Trouble on purpose: what Slack does wrong next, in the calls of the bot or in what is delivered to it.

A fault waits for the next calls of its method, in the order in which faults were asked for; each counts once.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.sandbox.interface import Payload, RefusedError

DELIVERY = "delivery"
RESPONSE_URL = "response_url"
CALLS = {
    # Each with its seconds when none are given: for Retry-After, and for how long nobody answers.
    "ratelimited": 1.0,
    "http_500": 0.0,
    "timeout": 30.0,
    "reset": 0.0,
    "lost_answer": 0.0,
}
DELIVERIES = {
    # For how long it is on its way, in story time.
    "twice": 0.0,
    "late": 60.0,
    "shuffled": 60.0,
    "lost_answer": 0.0,
}
MOST = 1_000
LONGEST = 3_600.0
PACE = timedelta(seconds=1)
_ALLOWED = {"method", "kind", "count", "seconds"}


@dataclass
class Fault:
    """What goes wrong the next `count` times; `seconds` depends on the kind."""

    method: str
    kind: str
    count: int
    seconds: float

    def wire(self) -> Payload:
        return {"method": self.method, "kind": self.kind, "count": self.count, "seconds": self.seconds}


class Faults:
    """All that is to go wrong, and how often it did."""

    def __init__(self, methods: Callable[[], Collection[str]]) -> None:
        self._methods = methods
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []
        self._done: Counter[tuple[str, str]] = Counter()
        self._paced = False
        self.hanging = 0
        self._last_posts: dict[str, datetime] = {}

    def order(self, given: Payload) -> Payload:
        """Ask for a fault, `clear` them all, or switch `pace`; returns what waits. Raises RefusedError."""
        if set(given) == {"pace"} and isinstance(given["pace"], bool):
            self._paced = given["pace"]
        elif set(given) == {"clear"} and given["clear"] is True:
            with self._lock:
                self._waiting.clear()
        else:
            fault = self._read(given)
            with self._lock:
                self._waiting.append(fault)
        return {"ok": True, **self.listed()}

    def listed(self) -> Payload:
        """What waits, how often what was done, and whether posts are limited to one a second a channel."""
        with self._lock:
            done = [{"method": method, "kind": kind, "count": count} for (method, kind), count in self._done.items()]
            return {"faults": [one.wire() for one in self._waiting], "done": done, "pace": self._paced}

    def take(self, method: str) -> Fault | None:
        """What goes wrong with this call or delivery, if anything; it counts as done."""
        with self._lock:
            found = next((one for one in self._waiting if one.method == method), None)
            if found is None:
                return None
            found.count -= 1
            if not found.count:
                self._waiting.remove(found)
            self._done[method, found.kind] += 1
            return Fault(method, found.kind, 1, found.seconds)

    def hang(self, stopped: threading.Event, seconds: float) -> None:
        """Keep a caller waiting, until the sandbox stops at the longest; `hanging` counts those who do."""
        with self._lock:
            self.hanging += 1
        stopped.wait(seconds)
        with self._lock:
            self.hanging -= 1

    def too_soon(self, channel: str, now: datetime) -> Fault | None:
        """The refusal of a second post into a channel within a second of the story, while `pace` is on."""
        with self._lock:
            last = self._last_posts.get(channel)
            if not self._paced or last is None or not timedelta() <= now - last < PACE:
                self._last_posts[channel] = now
                return None
            self._done["chat.postMessage", "paced"] += 1
            return Fault("chat.postMessage", "ratelimited", 1, 1.0)

    def _read(self, given: Payload) -> Fault:
        strange = sorted(set(given) - _ALLOWED)
        if strange or "method" not in given:
            what = f"{', '.join(strange)} is nothing that a fault has" if strange else "method is missing"
            raise RefusedError(f"{what}. A fault has method, kind, and if you like count and seconds.")
        method = given["method"]
        if method not in (DELIVERY, RESPONSE_URL, *self._methods()):
            raise RefusedError(
                f"There is no method {method!r} here. Say a method of the web API, response_url, or delivery."
            )
        kinds = DELIVERIES if method == DELIVERY else CALLS
        kind = given.get("kind")
        if not isinstance(kind, str) or kind not in kinds:
            raise RefusedError(f"{kind!r} is no fault of {method}; there are: {', '.join(kinds)}.")
        return Fault(method, kind, _count(given.get("count", 1)), _seconds(given.get("seconds", kinds[kind])))


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST:
        raise RefusedError(f"count is a whole number from 1 to {MOST:,}.")
    return value


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LONGEST:
        raise RefusedError(f"seconds is a number from 0 to {LONGEST:,.0f}.")
    return float(value)
