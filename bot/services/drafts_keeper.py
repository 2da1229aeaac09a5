"""What comes in with every character is written down about once a second and person, the last of it always.

A submission is written before it is acknowledged; a draft is not. People type faster than a disk commits, so what
stands in a form is only handed over before the ack, and a second of typing may go with a process that is killed:
the words are still in the form then, and the next character brings all of them again.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.exc import OperationalError, SQLAlchemyError

from bot.domain.drafts import About, Closed, Typed
from bot.services import drafts
from storage.database import Busy, Database

log = logging.getLogger(__name__)
EVERY_SECONDS = 1.0
AGAIN_SECONDS = 5.0
"""How long to wait when the database could not be written to."""
MOMENT_SECONDS = 0.4
Who = tuple[str, str]


@dataclass
class _Desk:
    """What waits to be written for one person; `next` is when that may be, in monotonic seconds."""

    next: float = 0.0
    typed: dict[About, Typed] = field(default_factory=dict)
    closed: list[Closed] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not (self.typed or self.closed)

    def put(self, what: Typed | Closed) -> None:
        if isinstance(what, Closed):
            self.closed.append(what)
            return
        before = self.typed.get(what.about)
        if before is None or before.order < what.order:
            self.typed[what.about] = what


class Keeper:
    """One thread that writes drafts for all; it begins with the first one."""

    def __init__(self, every: float = EVERY_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._every = every
        self._clock = clock
        self._desks: dict[Who, _Desk] = {}
        self._changed = threading.Condition()
        self._writing = threading.Lock()
        self._stopping = False
        self._failing = False
        self._db: Database | None = None
        self._thread: threading.Thread | None = None

    def hand_over(self, db: Database, what: Typed | Closed) -> None:
        """Take what stands in a form, or that it was closed, and return at once; what is closed is not waited with."""
        with self._changed:
            desk = self._desks.setdefault((what.team, what.user), _Desk())
            desk.put(what)
            if isinstance(what, Closed) and not self._failing:
                desk.next = 0.0
            self._db = db
            if self._thread is None and not self._stopping:
                self._thread = threading.Thread(target=self._run, name="drafts", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    @property
    def busy(self) -> bool:
        """Whether something is still to be written."""
        return self._writing.locked() or any(not one.empty for one in list(self._desks.values()))

    def settle(self, team: str, user: str) -> None:
        """Have everything of a person written now, as their form is about to be shown to them.

        If that takes longer than a moment, they are shown what was written before: a form opens within three seconds.
        """
        if not self._writing.acquire(timeout=MOMENT_SECONDS):
            return
        try:
            self._write(self._take([(team, user)]), MOMENT_SECONDS)
        finally:
            self._writing.release()

    def forget(self, team: str, user: str, *abouts: About) -> None:
        """What waits for somebody is not wanted any more: it was handed in or thrown away."""
        with self._changed:
            desk = self._desks.get((team, user))
            for about in abouts if desk is not None else ():
                desk.typed.pop(about, None)  # type: ignore[union-attr]

    def stop(self) -> None:
        """Write what waits, and end."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
        with self._writing:
            self._write(self._take(list(self._desks)))

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._stopping and not self._due():
                    self._changed.wait(self._pause())
                if self._stopping:
                    return
            with self._writing:
                self._write(self._take(self._due()))

    def _due(self) -> list[Who]:
        now = self._clock()
        return [who for who, desk in self._desks.items() if not desk.empty and desk.next <= now]

    def _pause(self) -> float | None:
        soonest = min((desk.next for desk in self._desks.values() if not desk.empty), default=None)
        return None if soonest is None else max(soonest - self._clock(), 0.01)

    def _take(self, people: list[Who]) -> list[Typed | Closed]:
        """What waits for some people, which then waits no longer; desks that were left a while ago are put away."""
        taken: list[Typed | Closed] = []
        with self._changed:
            now = self._clock()
            for who in people:
                desk = self._desks.get(who)
                if desk is None or desk.empty:
                    continue
                taken += [*desk.typed.values(), *desk.closed]
                self._desks[who] = _Desk(now + self._every)
            for who in [who for who, desk in self._desks.items() if desk.empty and desk.next < now]:
                del self._desks[who]
        return taken

    def _write(self, taken: list[Typed | Closed], patience: float | None = None) -> None:
        if not taken or self._db is None:
            return
        try:
            with self._db.begin(patience=patience) as session:
                drafts.write(session=session, what=taken)
        except (Busy, OperationalError, OSError) as error:
            # OSError: the disk did not say that it has them.
            self._put_back(taken, error)
        except SQLAlchemyError as error:
            # One that cannot be written is not to keep the others from it.
            if len(taken) > 1:
                for one in taken:
                    self._write([one], patience)
            else:
                log.warning("a draft cannot be written: %s", type(error).__name__)
        else:
            self._failing = False

    def _put_back(self, taken: list[Typed | Closed], error: Exception) -> None:
        # Without the error itself: what it quotes may be people's words.
        if not self._failing or self._stopping:
            log.warning("%d drafts could not be written: %s", len(taken), type(error).__name__)
        self._failing = True
        with self._changed:
            for one in taken:
                desk = self._desks.setdefault((one.team, one.user), _Desk())
                desk.put(one)
                desk.next = self._clock() + AGAIN_SECONDS
            self._changed.notify_all()
