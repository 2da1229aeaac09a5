"""What wakes the sender: a poke after a commit, word from another process, the scheduler every two seconds, and what is
due before that.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta

import psycopg
from apscheduler.schedulers.background import BackgroundScheduler

from jobs.tick import Ticker
from storage.database import Database

log = logging.getLogger(__name__)
EVERY_SECONDS = 2
LEAST_SECONDS = 0.1
"""What is due and cannot be had, as another process is about to take it, is not looked at without a pause."""
LONGEST_REST_SECONDS = 0.25
"""How long it rests at most when it was poked while it ticked: what has come in since has a turn at the machine, too,
and is planned and sent together."""
LISTEN_AGAIN_SECONDS = 5


class Waker:
    """A thread that ticks whenever it is poked, and a scheduler that pokes it. Start once, stop once."""

    def __init__(self, ticker: Ticker, db: Database) -> None:
        self._ticker = ticker
        self._db = db
        self._poked = threading.Event()
        self._stopping = threading.Event()
        self._working = False
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)
        self._listener = threading.Thread(target=self._listen, name="listen", daemon=True)
        self._scheduler = BackgroundScheduler(timezone="UTC")

    def poke(self) -> None:
        """Something may be due: look at once."""
        self._poked.set()

    @property
    def busy(self) -> bool:
        """Whether a tick is under way or about to be; never, while nobody ticks here."""
        return self._ticker.busy or (self._thread.is_alive() and (self._poked.is_set() or self._working))

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.add_job(
            self.poke, "interval", seconds=EVERY_SECONDS, coalesce=True, max_instances=1, misfire_grace_time=None
        )
        self._scheduler.start()
        self._thread.start()
        if not self._db.is_sqlite:
            self._listener.start()
        self.poke()

    def stop(self, patience: float = 10.0) -> None:
        """Finish the notice under way, `patience` seconds at most, then rest. Harmless if it never started."""
        self._stopping.set()
        self._ticker.stop()
        self._poked.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        for thread in (self._thread, self._listener):
            if thread.is_alive():
                thread.join(patience)

    def _run(self) -> None:
        failing = ""
        pause: float = EVERY_SECONDS
        while True:
            self._poked.wait(pause)
            if self._stopping.is_set():
                return
            # Before the poke is taken down, so that `busy` does not blink in between.
            self._working = True
            self._poked.clear()
            pause, begun = EVERY_SECONDS, time.monotonic()
            try:
                self._ticker.tick()
                pause = self._pause()
                failing = ""
            except Exception as error:
                if failing != type(error).__name__:
                    log.exception("a tick failed; it is tried again every %s seconds", EVERY_SECONDS)
                failing = type(error).__name__
            finally:
                self._working = False
            if self._poked.is_set():
                # As long as the tick took: in a burst of commits there would be no end to them.
                self._stopping.wait(min(time.monotonic() - begun, LONGEST_REST_SECONDS))

    def _pause(self) -> float:
        """Seconds until something is due, or until the next beat.

        The scheduler goes by the wall clock: where that is set back, it rests until the clock has caught up.
        """
        rest = self._ticker.until_next(timedelta(seconds=EVERY_SECONDS))
        return EVERY_SECONDS if rest is None else max(rest.total_seconds(), LEAST_SECONDS)

    def _listen(self) -> None:
        """Be woken by other processes' commits; without it the two-second beat still serves."""
        address = self._db.url.set(drivername="postgresql").render_as_string(hide_password=False)
        while not self._stopping.is_set():
            try:
                self._hear(address)
            except psycopg.OperationalError as error:
                log.warning("not listening to the database for now: %s", type(error).__name__)
                self._stopping.wait(LISTEN_AGAIN_SECONDS)

    def _hear(self, address: str) -> None:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("LISTEN convene_notices")
            # What was committed before this connection stood was not heard.
            self.poke()
            while not self._stopping.is_set():
                for _ in connection.notifies(timeout=1.0):
                    self.poke()
