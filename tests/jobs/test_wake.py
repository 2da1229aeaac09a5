"""Waking: a commit is heard at once, here and in other processes; a stop finishes what is under way."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo
from typing import Self

import pytest
from apscheduler.schedulers import base

from bot.domain.notices import ToChannel
from jobs import registry, wake
from jobs.render import Kind
from jobs.tick import Ticker
from jobs.wake import Waker
from storage import migrations
from storage.database import Database
from tests.fakes import FakeSlack, waits
from tests.jobs.conftest import Bench, HandClock, bench_of, say


def eventually(true: Callable[[], bool], seconds: float = 8.0) -> None:
    """Wait for something that happens by itself."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.005)


@pytest.fixture(autouse=True)
def sayable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The registry knows the kind that tests send, no planner, and the beat is too slow to help."""
    monkeypatch.setattr(registry, "KINDS", {"test.say": Kind(say)})
    monkeypatch.setattr(registry, "PLANNERS", ())
    monkeypatch.setattr(wake, "EVERY_SECONDS", 600)


@pytest.fixture
def waker(bench: Bench) -> Iterator[Waker]:
    """A waker at work, at rest after its first look."""
    made = Waker(Ticker(bench.deps), bench.deps.db)
    bench.deps.db.on_notices = made.poke
    made.start()
    eventually(lambda: not made.busy)
    yield made
    made.stop()


def test_a_commit_is_followed_at_once(bench: Bench, waker: Waker) -> None:
    bench.add("hello")
    eventually(lambda: bench.slack.said() == ["hello"])


def test_it_looks_as_soon_as_it_starts(bench: Bench) -> None:
    bench.add("left from before")
    made = Waker(Ticker(bench.deps), bench.deps.db)
    made.start()
    try:
        eventually(lambda: bench.slack.said() == ["left from before"])
    finally:
        made.stop()


def test_without_a_poke_the_beat_serves(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wake, "EVERY_SECONDS", 0.05)
    made = Waker(Ticker(bench.deps), bench.deps.db)
    made.start()
    try:
        eventually(lambda: not made.busy)
        bench.add("hello")
        eventually(lambda: bench.slack.said() == ["hello"])
    finally:
        made.stop()


def test_a_clock_that_is_set_back_does_not_stop_the_beat(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = threading.Event()

    class SetBack(datetime):
        """The wall clock, an hour behind what it showed before."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            looked_at.set()
            return cls.fromtimestamp(time.time() - 3600, tz)

    monkeypatch.setattr(wake, "EVERY_SECONDS", 0.05)
    made = Waker(Ticker(bench.deps), bench.deps.db)
    made.start()
    try:
        eventually(lambda: not made.busy)
        monkeypatch.setattr(base, "datetime", SetBack)
        assert looked_at.wait(8)
        eventually(lambda: not made.busy)
        bench.add("hello")
        eventually(lambda: bench.slack.said() == ["hello"])
    finally:
        made.stop()


def test_what_waits_for_its_turn_is_said_when_that_comes_and_not_at_the_next_beat(
    bench: Bench, waker: Waker, clock: HandClock
) -> None:
    bench.add("one")
    bench.add("two")
    eventually(lambda: bench.slack.said() == ["one"] and not waker.busy)
    clock.forward(seconds=1)
    eventually(lambda: bench.slack.said() == ["one", "two"])


def test_in_a_burst_of_commits_it_rests_as_long_as_it_works(bench: Bench) -> None:
    worked: list[tuple[float, float]] = []

    class Busy(Ticker):
        def tick(self) -> int:
            begun = time.monotonic()
            time.sleep(0.02)
            made.poke()
            worked.append((begun, time.monotonic()))
            return 0

    made = Waker(Busy(bench.deps), bench.deps.db)
    made.start()
    eventually(lambda: len(worked) > 4)
    made.stop()
    rests = [later[0] - former[1] for former, later in itertools.pairwise(worked)]
    assert min(rests) >= 0.02


def test_it_is_busy_until_what_it_was_poked_for_is_done(bench: Bench, waker: Waker) -> None:
    for number in range(30):
        bench.add(f"n{number}", to=ToChannel(f"C0ROOM{number:03}"))
        eventually(lambda: not waker.busy)
        assert len(bench.slack.messages) == number + 1


def test_a_stop_waits_for_the_message_under_way(bench: Bench, waker: Waker) -> None:
    gate = threading.Event()
    bench.slack.next_time("chat.postMessage", waits(gate))
    bench.add("one")
    bench.add("two")
    eventually(lambda: len(bench.slack.asked("chat.postMessage")) == 1)
    stopping = threading.Thread(target=waker.stop)
    stopping.start()
    assert stopping.is_alive()
    gate.set()
    stopping.join(8)
    assert not stopping.is_alive()
    assert [bench.state(key)[0] for key in ("one", "two")] == ["delivered", "planned"]


def test_a_waker_that_never_started_can_be_stopped_and_is_not_busy(bench: Bench) -> None:
    made = Waker(Ticker(bench.deps), bench.deps.db)
    made.poke()
    assert not made.busy
    made.stop()


def test_a_tick_that_fails_is_not_the_last(
    bench: Bench, waker: Waker, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real, calls = Ticker.tick, iter([RuntimeError("a"), RuntimeError("b")])

    def sometimes(self: Ticker) -> int:
        for fault in calls:
            raise fault
        return real(self)

    monkeypatch.setattr(Ticker, "tick", sometimes)
    for _ in range(2):
        waker.poke()
        eventually(lambda: not waker.busy)
    bench.add("hello")
    eventually(lambda: bench.slack.said() == ["hello"])
    assert len([one for one in caplog.records if one.exc_info]) == 1


def test_another_process_is_woken_by_postgresql(postgres_url: str, slack: FakeSlack, clock: HandClock) -> None:
    web, worker = Database(postgres_url), Database(postgres_url)
    migrations.upgrade(web)
    heard = bench_of(worker, slack, clock)
    made = Waker(Ticker(heard.deps), worker)
    made.start()
    try:
        eventually(lambda: _listens(web))
        eventually(lambda: not made.busy)
        bench_of(web, slack, clock).add("said elsewhere")
        eventually(lambda: slack.said() == ["said elsewhere"])
    finally:
        made.stop()
        web.close()
        worker.close()


def _listens(db: Database) -> bool:
    """Whether somebody waits for notices in this test's schema."""
    with db.read() as session:
        found = session.connection().exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity WHERE query = 'LISTEN convene_notices'"
        )
        return bool(found.scalar_one())
