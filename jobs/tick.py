"""One beat: plan what the programs ask for, then send what is due."""

from __future__ import annotations

import logging
import threading
from datetime import datetime

from bot.deps import Deps
from jobs import registry, sender

log = logging.getLogger(__name__)


class Ticker:
    """Ticks one at a time in a process, and knows whether anything is under way."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._lock = threading.Lock()

    def tick(self) -> int:
        """Plan and send all that is due by the story's clock; returns how many notices were settled."""
        with self._lock:
            return tick(self._deps, self._deps.clock())

    @property
    def busy(self) -> bool:
        return self._lock.locked()


def tick(deps: Deps, now: datetime) -> int:
    """Plan and send all that is due at `now`."""
    for plan in registry.PLANNERS:
        plan(deps, now)
    return sender.send_due(deps, now, registry.RENDERERS, registry.MERGING)
