"""One beat: planners that fail keep nobody from being heard."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.deps import Deps
from jobs import registry, tick
from jobs.render import Kind
from jobs.tick import Ticker
from storage.database import Busy
from tests.jobs.conftest import Bench, say


@pytest.fixture
def sayable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The registry knows the kind that tests send, and no planner."""
    monkeypatch.setattr(registry, "KINDS", {"test.say": Kind(say)})
    monkeypatch.setattr(registry, "PLANNERS", ())


@pytest.mark.usefixtures("sayable")
def test_a_tick_plans_before_it_sends(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def plan(deps: Deps, now: datetime) -> None:
        bench.add("planned just now")

    monkeypatch.setattr(registry, "PLANNERS", (plan,))
    assert tick.tick(bench.deps, bench.clock()) == 1
    assert bench.slack.said() == ["planned just now"]


@pytest.mark.usefixtures("sayable")
def test_a_planner_that_fails_keeps_neither_others_nor_the_sender_back(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(deps: Deps, now: datetime) -> None:
        raise KeyError("a bug")

    def plan(deps: Deps, now: datetime) -> None:
        bench.add("planned all the same")

    monkeypatch.setattr(registry, "PLANNERS", (broken, plan))
    assert tick.tick(bench.deps, bench.clock()) == 1


@pytest.mark.usefixtures("sayable")
def test_its_failure_is_logged_once_until_it_is_another(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    faults: list[Exception | None] = [KeyError("a"), KeyError("a"), KeyError("b"), None, KeyError("b")]

    def moody(deps: Deps, now: datetime) -> None:
        fault = faults.pop(0)
        if fault is not None:
            raise fault

    monkeypatch.setattr(registry, "PLANNERS", (moody,))
    ticker = Ticker(bench.deps)
    logged = []
    for _ in range(5):
        caplog.clear()
        ticker.tick()
        logged.append(len([one for one in caplog.records if one.exc_info]))
    assert logged == [1, 0, 1, 0, 1]


@pytest.mark.usefixtures("sayable")
def test_a_busy_database_is_no_failure(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def waiting(deps: Deps, now: datetime) -> None:
        raise Busy("another writer is at work")

    monkeypatch.setattr(registry, "PLANNERS", (waiting,))
    bench.add("hello")
    assert Ticker(bench.deps).tick() == 1
    assert [one for one in caplog.records if one.exc_info] == []


@pytest.mark.usefixtures("sayable")
def test_a_stopped_ticker_begins_nothing(bench: Bench) -> None:
    bench.add("hello")
    ticker = Ticker(bench.deps)
    ticker.stop()
    assert ticker.tick() == 0
    assert bench.state("hello") == ("planned", None)
