"""What wakes the sender: a poke after a commit, word from another process, and the scheduler every two seconds."""

from __future__ import annotations

import logging
import threading

import psycopg
from apscheduler.schedulers.background import BackgroundScheduler

from jobs.tick import Ticker
from storage.database import Database

log = logging.getLogger(__name__)
EVERY_SECONDS = 2


class Waker:
    """A thread that ticks whenever it is poked, and a scheduler that pokes it. Start once, stop once."""

    def __init__(self, ticker: Ticker, db: Database) -> None:
        self._ticker = ticker
        self._db = db
        self._poked = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sender", daemon=True)
        self._listener = threading.Thread(target=self._listen, name="listen", daemon=True)
        self._scheduler = BackgroundScheduler(timezone="UTC")

    def poke(self) -> None:
        """Something may be due: look at once."""
        self._poked.set()

    @property
    def busy(self) -> bool:
        return self._poked.is_set() or self._ticker.busy

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
        """Finish the tick under way, then rest."""
        self._stopping.set()
        self._scheduler.shutdown(wait=False)
        self._poked.set()
        self._thread.join(patience)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._poked.wait()
            self._poked.clear()
            if self._stopping.is_set():
                return
            try:
                self._ticker.tick()
            except Exception:
                log.exception("a tick failed; the next one tries again")

    def _listen(self) -> None:
        """Be woken by other processes' commits; without it the two-second beat still serves."""
        address = self._db.url.set(drivername="postgresql").render_as_string(hide_password=False)
        while not self._stopping.is_set():
            try:
                with psycopg.connect(address, autocommit=True) as connection:
                    connection.execute("LISTEN convene_notices")
                    while not self._stopping.is_set():
                        for _ in connection.notifies(timeout=1.0):
                            self.poke()
            except psycopg.OperationalError as error:
                log.warning("not listening to the database for now: %s", type(error).__name__)
                self._stopping.wait(5)
