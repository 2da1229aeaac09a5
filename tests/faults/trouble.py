"""What goes wrong, part by part: each part of a run has its own kind of trouble, and the last has all of them."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import timedelta

from tests.faults.record import Record
from tests.faults.world import World

KILLS = "kill -9 of web and worker"
SLACK = "Slack refuses, breaks, hangs, loses answers"
DELIVERIES = "deliveries twice, late, out of order"
CLOCKS = "clocks: two minutes wrong, hours asleep"
ALL = "all of it at once"
PARTS = (KILLS, SLACK, DELIVERIES, CLOCKS, ALL)
METHODS = ("chat.postMessage",) * 6 + ("chat.update", "conversations.history", "conversations.open", "views.open")
HANG_SECONDS = 30.0
"""Three times as long as the bot waits."""

Deed = Callable[[], None]


class Trouble:
    """Makes one kind of trouble at a time; what and when follows from the run's seed alone."""

    def __init__(self, world: World, record: Record, seed: int, *, hangs: int) -> None:
        self._world = world
        self._record = record
        self._random = random.Random(f"{seed} trouble")
        self._hangs = hangs
        self._deeds: dict[str, tuple[Deed, ...]] = {
            KILLS: (self._kill, self._kill, self._kill_child, self._stand_still),
            SLACK: (self._call_fails, self._call_fails, self._call_fails, self._pace),
            DELIVERIES: (self._delivery_fails,),
            CLOCKS: (self._clock_jumps, self._clock_jumps, self._sleep),
        }
        self._deeds[ALL] = tuple(deed for deeds in self._deeds.values() for deed in deeds)

    def make(self) -> None:
        """One deed of the part that is under way."""
        self._world.look_after()
        self._random.choice(self._deeds[self._record.part])()

    def clear(self) -> None:
        """Nothing more goes wrong, and everything runs."""
        faults = self._world.slack.sandbox.faults
        faults.order({"clear": True})
        faults.order({"pace": False})
        self._world.clock.go_wrong(timedelta())
        self._world.start_all()

    def _kill(self) -> None:
        place = self._random.choice(self._world.places)
        self._world.kill(place)
        self._record.did("kill -9 of a process with all that belongs to it")
        time.sleep(self._random.uniform(0.0, 0.3))
        self._world.start(place)

    def _kill_child(self) -> None:
        if self._world.kill_child(self._world.places[0]):
            self._record.did("kill -9 of the server's worker")

    def _stand_still(self) -> None:
        self._world.hold(self._random.choice(self._world.places), self._random.uniform(0.5, 1.5))
        self._record.did("a process that stands still")

    def _call_fails(self) -> None:
        kind = self._random.choice(("ratelimited", "http_500", "reset", "lost_answer", "lost_answer", "timeout"))
        if kind == "timeout":
            if not self._hangs:
                return
            self._hangs -= 1
        count = 1 if kind == "timeout" else self._random.randint(1, 3)
        seconds = {"timeout": HANG_SECONDS, "ratelimited": self._random.choice((1, 5, 30))}.get(kind, 0)
        fault = {"method": self._random.choice(METHODS), "kind": kind, "count": count, "seconds": seconds}
        self._world.slack.sandbox.faults.order(fault)

    def _pace(self) -> None:
        faults = self._world.slack.sandbox.faults
        faults.order({"pace": not faults.listed()["pace"]})

    def _delivery_fails(self) -> None:
        kind = self._random.choice(("twice", "late", "shuffled", "lost_answer"))
        count = self._random.randint(1, 3)
        self._world.slack.sandbox.faults.order({"method": "delivery", "kind": kind, "count": count, "seconds": 45})

    def _clock_jumps(self) -> None:
        """A machine that was wrong is put right, or the other way round."""
        minutes = self._random.choice((-2, 0, 2))
        if minutes != -2:
            # Forward it is as with any leap of the story: not over a send that is under way.
            self._world.wait_until_calm(3.0)
        self._world.clock.go_wrong(timedelta(minutes=minutes))
        self._record.did(f"the machine's clock {_wrong(minutes)}")

    def _sleep(self) -> None:
        """All of it is down for hours; what it was about to send is nobody's afterwards."""
        for place in self._world.places:
            self._world.kill(place)
        # What they have asked of Slack as they died still happens in their own time.
        self._world.wait_until_answered()
        hours = self._random.choice((1, 3, 6))
        self._world.leap(timedelta(hours=hours))
        self._record.did("down for hours")
        self._world.start_all()


def _wrong(minutes: int) -> str:
    return {-2: "jumps two minutes back", 2: "jumps two minutes ahead"}.get(minutes, "is put right")
