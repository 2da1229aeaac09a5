"""One beat: plan what the programs ask for, then send what is due."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.deps import Deps
from bot.services import notices
from jobs import registry, sender
from jobs.sender import Unsettled
from storage.database import Busy

log = logging.getLogger(__name__)


class Ticker:
    """Ticks one at a time in a process, and knows whether anything is under way."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._failing: dict[str, str] = {}
        self._unsettled: list[Unsettled] = []

    def tick(self) -> int:
        """Plan and send all that is due by the story's clock; returns how many notices were settled."""
        with self._lock:
            return tick(self._deps, self._deps.clock(), self._stopping.is_set, self._failing, self._unsettled)

    def until_next(self, most: timedelta) -> timedelta | None:
        """How long it is until something is due, by the story's clock; None if that is more than `most`."""
        now = self._deps.clock()
        with self._deps.db.read() as session:
            due = notices.next_due(session=session, now=now, until=now + most)
        return None if due is None else max(due - now, timedelta())

    def stop(self) -> None:
        """Let the notice under way be finished, and begin no other."""
        self._stopping.set()

    @property
    def busy(self) -> bool:
        return self._lock.locked()


def tick(
    deps: Deps,
    now: datetime,
    stopping: Callable[[], bool] = lambda: False,
    failing: dict[str, str] | None = None,
    unsettled: list[Unsettled] | None = None,
) -> int:
    """Plan and send all that is due at `now`.

    A planner that fails keeps neither the others nor the sender from their work. `failing` remembers, from tick to
    tick, which of them fail and how, so that a failure is logged once and not every two seconds; `unsettled` what was
    sent and could not be written down.
    """
    remembered: dict[str, str] = {} if failing is None else failing
    for plan in registry.PLANNERS:
        if not stopping():
            _plan(plan, deps, now, remembered)
    return sender.send_due(deps, now, registry.KINDS, stopping, unsettled)


def _plan(plan: Callable[[Deps, datetime], None], deps: Deps, now: datetime, failing: dict[str, str]) -> None:
    name = f"{plan.__module__}.{plan.__qualname__}"
    try:
        plan(deps, now)
    except Busy as error:
        if failing.get(name) != repr(error):
            log.info("%s waits for the database: %s", name, error)
        failing[name] = repr(error)
    except Exception as error:
        if failing.get(name) != repr(error):
            log.exception("%s: %s failed; it is tried again at every tick", secrets.token_hex(3).upper(), name)
        failing[name] = repr(error)
    else:
        failing.pop(name, None)
