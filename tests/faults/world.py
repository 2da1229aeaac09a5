"""The bot's real processes, and the Slack that they talk to over HTTP."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from bot.sandbox import season
from bot.slack import TIMEOUT
from storage import migrations
from storage.database import Database
from storage.notices import NoticeRow
from storage.people import Person
from tests.faults import story
from tests.faults.story import StoryClock
from tests.localslack import LocalSlack, free_port
from tests.processes.processes import Process, Starter

SENDING = "Sending what is due."
"""What a worker says as soon as it does."""
QUEUE = timedelta(seconds=5)
"""What is to come so soon is waited for: a leap would let one of a channel's queue go, and the others wait again."""
QUIET_SECONDS = 3.0
"""A send that nothing has been heard of for so long is nobody's any more: its process is gone."""
READY_SECONDS = 60.0
HUNG_UP_SECONDS = 1.0
"""How long it takes after that until whoever has hung up has nothing under way any more, or says so."""
SLOWEST_SECONDS = 0.03
"""How long a call takes at most until it is carried out, and again until it is answered."""


@dataclass(frozen=True)
class Post:
    """A message that Slack took from the bot, as it took it; `at` is Slack's own time."""

    channel: str
    ts: str
    thread_ts: str | None
    text: str
    whole: str
    keys: tuple[str, ...]


@dataclass
class World:
    """Slack, clock, database, and the processes by their place: web-0, worker-1, run-0."""

    url: str
    folder: Path
    slack: LocalSlack
    clock: StoryClock
    db: Database
    starter: Starter
    ports: dict[str, int]
    seed: int
    posts: list[Post] = field(default_factory=list)
    heard: set[tuple[str, str]] = field(default_factory=set)
    """The kind and ts of every message that the bot has answered for with 200, whenever that was."""
    running: dict[str, Process] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _inner: Callable[[str, str | None, Mapping[str, Any]], dict[str, Any]] = field(init=False)
    _random: random.Random = field(init=False)
    _hangs: list[float] = field(default_factory=list)
    """Until when the bot waits for a Slack that hangs: it hangs up long before Slack lets go."""
    _calls: int = 0
    _last_call: float = 0.0

    def __post_init__(self) -> None:
        self._random = random.Random(f"{self.seed} calls")

    @property
    def places(self) -> tuple[str, ...]:
        return tuple(self.ports)

    def start(self, place: str) -> None:
        """Start what belongs in a place; it is there as soon as it likes."""
        process = self.starter(
            place.split("-")[0],
            PORT=str(self.ports[place]),
            DATABASE_URL=self.url,
            CONVENE_CLOCK_FILE=str(self.folder / "clock"),
            # Matching by words: a model takes longer to load than these processes live.
            CONVENE_MODEL_DIR=str(self.folder / "no-model"),
            LOG_LEVEL="WARNING",
            **self.slack.settings,
        )
        self.running[place] = process

    def look_after(self) -> None:
        """What a host does: start what does not run, or has ended by itself as a server whose worker dies too often."""
        for place in self.places:
            process = self.running.get(place)
            if process is None or process.inner.poll() is not None:
                self.start(place)

    def start_all(self) -> None:
        """Start whatever does not run, and wait until those that listen do, however slow the machine is."""
        until = time.monotonic() + READY_SECONDS
        self.look_after()
        for place in self.places:
            while not place.startswith("worker") and self.running[place].health()[0] != 200:
                assert time.monotonic() < until, f"{place} did not come up: {self.running[place].said}"
                time.sleep(0.1)
                self.look_after()

    def wait_until_planned(self) -> None:
        """Until somebody has planned what the calendar asks for: what began in the past is on record as that."""
        until = time.monotonic() + READY_SECONDS
        while not self.to_come(story.END):
            assert time.monotonic() < until, "nothing was planned"
            time.sleep(0.1)

    def kill(self, place: str) -> None:
        """kill -9, at once, with everything it has started."""
        process = self.running.pop(place, None)
        if process is not None:
            process.kill()

    def kill_child(self, place: str) -> bool:
        """kill -9 of the part of a server that does the work; the rest of it starts another."""
        process = self.running.get(place)
        for child in _children(process.inner.pid) if process is not None else ():
            os.kill(child, signal.SIGKILL)
            return True
        return False

    def hold(self, place: str, seconds: float) -> None:
        """Let a process stand still."""
        process = self.running.get(place)
        if process is None or process.inner.poll() is not None:
            return
        os.killpg(process.inner.pid, signal.SIGSTOP)
        time.sleep(seconds)
        if process.inner.poll() is None:
            os.killpg(process.inner.pid, signal.SIGCONT)

    def call(self, name: str, token: str | None, given: Mapping[str, Any]) -> dict[str, Any]:
        """A call of the bot's on its way through; what is posted is written down where Slack takes it."""
        with self._lock:
            self._calls += 1
        try:
            time.sleep(self._random.uniform(0, SLOWEST_SECONDS))
            answer = self._inner(name, token, given)
            if name == "chat.postMessage" and answer["ok"]:
                self.posts.append(_post(answer))
            time.sleep(self._random.uniform(0, SLOWEST_SECONDS))
            return answer
        finally:
            with self._lock:
                self._calls -= 1
                self._last_call = time.monotonic()

    def listen_in(self) -> None:
        """Write down what is posted, and what is acknowledged, from now on."""
        sandbox = self.slack.sandbox
        self._inner, journal, hang = sandbox.webapi.call, sandbox.journal.write, sandbox.faults.hang

        def write(entry: dict[str, Any]) -> dict[str, Any]:
            if entry["kind"] == "events_api" and entry["ok"]:
                event = entry["request"]["event"]
                self.heard.add((event["type"], str(event.get("ts"))))
            return journal(entry)

        def hanging(stopped: threading.Event, seconds: float) -> None:
            self._hangs.append(time.monotonic() + min(seconds, TIMEOUT + HUNG_UP_SECONDS))
            hang(stopped, seconds)

        setattr(sandbox.faults, "hang", hanging)  # noqa: B010
        setattr(sandbox.webapi, "call", self.call)  # noqa: B010 - a method is replaced
        setattr(sandbox.journal, "write", write)  # noqa: B010

    def sending(self) -> dict[int, str | None]:
        """The notices that somebody says to be sending, with their lease."""
        with self.db.read() as session:
            found = session.exec(select(NoticeRow.id, NoticeRow.lease_token).where(NoticeRow.state == "sending"))
            return {int(number or 0): token for number, token in found}

    def wait_until_calm(self, seconds: float = 20.0) -> bool:
        """Until no process is in the middle of a send, so that time may leap; those that died do not count.

        In earnest a lease is longer than a call can take. A story that leaps over a lease while a process is between
        the two would be one in which that does not hold.
        """
        until = time.monotonic() + seconds
        seen, since = self.sending(), time.monotonic()
        while time.monotonic() < until:
            at_rest = self._calls == 0 and not any(one > time.monotonic() for one in self._hangs)
            now = self.sending()
            if now != seen:
                seen, since = now, time.monotonic()
            still = time.monotonic() - max(since, self._last_call)
            if at_rest and (not now or still > QUIET_SECONDS):
                return True
            time.sleep(0.05)
        return False

    def wait_until_answered(self, seconds: float = 5.0) -> None:
        """Until nothing that was asked of Slack is still to be carried out."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and (self._calls or time.monotonic() < self._last_call + SLOWEST_SECONDS):
            time.sleep(SLOWEST_SECONDS)

    def leap(self, by: timedelta) -> None:
        """Move everybody's time forward."""
        self.clock.shift_to(self.clock() + by)

    def to_come(self, until: datetime) -> list[datetime]:
        """When something is to be said or tried again from now on and by a moment, soonest first."""
        with self.db.read() as session:
            asked = select(NoticeRow.next_at).where(col(NoticeRow.next_at) > self.clock())
            found = session.exec(asked.where(col(NoticeRow.next_at) <= until)).all()
        return sorted({one for one in found if one is not None})

    def wait_until_said(self, seconds: float) -> bool:
        """Until the bot is there, has tried whatever is due by its own clock, and has nothing under way.

        Then time may leap, and nothing is left out by that for which there was time.
        """
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.look_after()
            if (
                self._up()
                and not self._waiting()
                and self.wait_until_calm(until - time.monotonic())
                and not self._waiting()
            ):
                return True
            time.sleep(0.05)
        return False

    def _up(self) -> bool:
        """Whether every process listens, or sends."""
        return all(
            SENDING in one.said if place.startswith("worker") else one.health()[0] == 200
            for place, one in self.running.items()
        )

    def _waiting(self) -> bool:
        """Whether something is due that has not been tried, or stands in a queue, where one comes after the other."""
        with self.db.read() as session:
            asked = select(NoticeRow.id).where(col(NoticeRow.next_at) <= self.clock.on_the_machine() + QUEUE)
            return session.exec(asked.limit(1)).first() is not None

    def rows(self) -> list[NoticeRow]:
        """The whole ledger."""
        with self.db.read() as session:
            found = list(session.exec(select(NoticeRow).order_by(col(NoticeRow.id))).all())
            session.expunge_all()
            return found


@contextmanager
def world(url: str, folder: Path, *, webs: int, workers: int, seed: int = 1) -> Iterator[World]:
    """A furnished database, an open Slack and the processes; all of them are gone afterwards.

    On SQLite `webs` processes do everything, which should be one.
    """
    (folder / "no-model").mkdir()
    (folder / "home").mkdir()
    clock = StoryClock(story.START, folder / "clock")
    db = Database(url)
    half = "run" if db.is_sqlite else "web"
    names = [f"{half}-{number}" for number in range(webs)]
    names += [] if db.is_sqlite else [f"worker-{number}" for number in range(workers)]
    slack = LocalSlack(clock=clock, people=story.people())
    starter = Starter(folder / "home")
    made = World(url, folder, slack, clock, db, starter, {name: free_port() for name in names}, seed)
    try:
        _furnish(db, folder, clock)
        made.listen_in()
        slack.open(*(port for name, port in made.ports.items() if not name.startswith("worker")))
        made.start_all()
        made.wait_until_planned()
        yield made
    finally:
        starter.end()
        slack.close()
        db.close()


def _furnish(db: Database, folder: Path, clock: StoryClock) -> None:
    migrations.upgrade(db)
    sheet = story.sheet(folder)
    with db.begin() as session:
        season.begin(session=session, sheet=sheet, now=clock())
        for one in story.people():
            for row in session.exec(select(Person).where(Person.user_id == one.id)):
                row.zone = one.tz
                session.add(row)


def _post(answer: Mapping[str, Any]) -> Post:
    message = answer["message"]
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    keys = (str(payload.get("key") or ""), *str(payload.get("also") or "").split())
    return Post(
        channel=str(answer["channel"]),
        ts=str(answer["ts"]),
        thread_ts=message.get("thread_ts"),
        text=str(message["text"]),
        whole=json.dumps(message.get("blocks"), ensure_ascii=False),
        keys=tuple(key for key in keys if key),
    )


def _children(pid: int) -> list[int]:
    try:
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    # The helper that Python's multiprocessing keeps is no part of the server.
    return [int(one) for one in found if b"resource_tracker" not in _command(int(one))]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b"resource_tracker"
