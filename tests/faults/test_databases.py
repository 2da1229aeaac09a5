"""A database in trouble: a clear sentence for whoever presses, nothing half written, and recovery without a restart."""

from __future__ import annotations

import json
import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, event
from sqlmodel import select

from bot.clock import wall
from bot.domain.notices import LEASE
from bot.sandbox import run
from bot.sandbox.delivery import Delivery
from storage.checkins import Checkin, CheckinVersion
from storage.database import Database
from tests.faults.story import StoryClock
from tests.journeys.workspace import COHORT, Workspace
from tests.journeys.workspace import PRIYA as PERSON
from tests.localslack import CHECKIN, PRIYA, TOMAS, LocalSlack
from tests.processes.processes import Process, Starter, until

pytestmark = pytest.mark.long
SLACK_WAITS_MS = 3000
NOT_SAVED = ("Not saved yet", "this was not done")


def said(answer: dict[str, Any]) -> str:
    """What the form says below its fields."""
    return " ".join(answer.get("errors", {}).values())


def clear(answer: dict[str, Any]) -> bool:
    """Whether somebody who pressed knows that it is not saved, and that in time."""
    words = any(one in said(answer) for one in NOT_SAVED)
    return not answer["ok"] and words and answer["acked_ms"] < SLACK_WAITS_MS


def saved(url: str) -> tuple[int, int]:
    """How many check-ins there are, and how many versions."""
    db = Database(url)
    with db.read() as session:
        found = len(session.exec(select(Checkin)).all()), len(session.exec(select(CheckinVersion)).all())
    db.close()
    return found


def open_form(slack: LocalSlack, user: str = PRIYA) -> None:
    assert slack.command(user, "/checkin")["view"]


def press(slack: LocalSlack, user: str = PRIYA) -> dict[str, Any]:
    return slack.act("submit", user=user, values=CHECKIN)


def up(start: Starter, slack: LocalSlack, url: str, *others: str, **settings: str) -> list[Process]:
    """The bot's processes, answering, with an open Slack."""
    processes = [start(name, DATABASE_URL=url, **slack.settings, **settings) for name in (others or ("run",))]
    for name, process in zip(others or ("run",), processes, strict=True):
        if name != "worker":
            process.wait_until_healthy()
    slack.open(*(one.port for name, one in zip(others or ("run",), processes, strict=True) if name != "worker"))
    return processes


def is_saved_once(slack: LocalSlack, url: str) -> None:
    """The next press saves it, and one receipt follows."""
    answer = press(slack)
    assert answer["ok"], answer
    assert "Saved as no. 1" in json.dumps(answer["view"])
    assert saved(url) == (1, 1)
    until(lambda: slack.receipts(PRIYA))
    assert len(slack.receipts(PRIYA)) == 1


# SQLite


def test_a_disk_that_is_full_is_told_and_what_was_not_saved_is_saved_once_there_is_room(
    start: Starter, slack_over_http: LocalSlack, file_url: str
) -> None:
    slack = slack_over_http
    (process,) = up(start, slack, file_url)
    open_form(slack)
    with no_room(process):
        assert clear(press(slack))
        assert slack.command(TOMAS, "/dates")["ok"]
    assert saved(file_url) == (0, 0)
    is_saved_once(slack, file_url)
    assert process.inner.poll() is None


@contextmanager
def no_room(process: Process) -> Iterator[None]:
    """No file of a process may grow, as on a disk that is full."""
    before = resource.prlimit(process.inner.pid, resource.RLIMIT_FSIZE)
    family = [process.inner.pid, *children(process.inner.pid)]
    for pid in family:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, before[1]))
    yield
    for pid in family:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def children(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as found:  # noqa: PTH123 - no file of ours
        return [int(one) for one in found.read().split()]


def test_a_database_that_may_not_grow_says_so_and_grows_again(sqlite_url: str) -> None:
    with run.running(db=sqlite_url) as stage:
        workspace = Workspace(stage)
        engine = stage.convene.deps.db.engine

        def full(connection: Connection) -> None:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

        def roomy(connection: Connection) -> None:
            connection.exec_driver_sql("PRAGMA max_page_count = 1000000")

        long = {**CHECKIN, "checkin.moved": "They were brave. " * 170, "checkin.in_the_way": "Rain. " * 450}
        workspace.command(PERSON, "/checkin", COHORT)
        event.listen(engine, "begin", full)
        answers = [workspace.submit(PERSON, long)]
        event.remove(engine, "begin", full)
        event.listen(engine, "begin", roomy)
        assert [clear(one) for one in answers] == [True]
        assert saved(sqlite_url) == (0, 0)
        assert workspace.submit(PERSON, long)["ok"]
    assert saved(sqlite_url) == (1, 1)


def test_a_database_that_is_locked_for_five_seconds_is_told_and_the_next_press_saves(
    start: Starter, slack_over_http: LocalSlack, file_url: str
) -> None:
    slack = slack_over_http
    up(start, slack, file_url)
    open_form(slack)
    locked = threading.Event()
    holder = threading.Thread(target=lock, args=(file_url, 5.0, locked))
    holder.start()
    assert locked.wait(10)
    assert clear(press(slack))
    assert clear(press(slack))
    holder.join()
    is_saved_once(slack, file_url)


def lock(url: str, seconds: float, locked: threading.Event) -> None:
    """Somebody else writes, and takes their time."""
    db = Database(url)
    with db.begin() as session:
        session.connection()
        locked.set()
        time.sleep(seconds)
    db.close()


def test_two_processes_on_one_file_by_mistake_do_everything_once(
    start: Starter, slack_over_http: LocalSlack, file_url: str
) -> None:
    slack = slack_over_http
    up(start, slack, file_url, "run", "run")
    slack.sandbox.faults.order({"method": "delivery", "kind": "twice", "count": 40})
    for number in range(1, 9):
        open_form(slack)
        assert f"Saved as no. {number}" in json.dumps(handed_in(slack)["view"])
    for _ in range(6):
        assert slack.act("message", user=TOMAS, channel=COHORT, text="@Convene When is the application due?")["ok"]
    until(lambda: len(slack.receipts(PRIYA)) >= 8 and replies(slack) >= 6)
    time.sleep(3)
    assert (len(slack.receipts(PRIYA)), replies(slack)) == (8, 6)
    assert saved(file_url) == (8, 8)


def handed_in(slack: LocalSlack) -> dict[str, Any]:
    """Pressed until it is saved: two who share one file may be busy with each other."""
    found: dict[str, Any] = until(lambda: (answer := press(slack))["ok"] and answer)
    return found


def replies(slack: LocalSlack) -> int:
    """How many replies stand in threads of the cohort's channel."""
    messages = slack.sandbox.workspace.channels[COHORT].messages
    return sum(one.by_bot and one.is_reply for one in messages)


# PostgreSQL


def named(url: str) -> tuple[str, str]:
    """An address whose sessions bear a name of their own, and that name."""
    name = url.rpartition("%3D")[2]
    return f"{url}&application_name={name}", name


def test_sessions_that_the_server_ends_are_told_and_made_anew(
    start: Starter, story: tuple[LocalSlack, StoryClock, dict[str, str]], server_url: str
) -> None:
    slack, clock, settings = story
    url, name = named(server_url)
    processes = up(start, slack, url, "web", "worker", **settings)
    processes[1].wait_until_said("Sending what is due.")
    numbers: list[str] = []
    with psycopg.connect(server_url, autocommit=True) as beside:
        for round_ in range(1, 6):
            open_form(slack)
            end_sessions(beside, name)
            answer = press(slack)
            assert answer["ok"] or clear(answer), answer
            found = answer if answer["ok"] else handed_in(slack)
            assert f"Saved as no. {round_}" in json.dumps(found["view"])
            numbers.append(str(round_))
            end_sessions(beside, name)
    # Whoever could not write down what became of a message has a lease on it that has to run out.
    clock.shift_to(clock() + LEASE)
    until(lambda: len(slack.receipts(PRIYA)) >= len(numbers))
    time.sleep(2)
    assert len(slack.receipts(PRIYA)) == len(numbers)
    assert saved(server_url) == (5, 5)
    assert [one.inner.poll() for one in processes] == [None, None]


@pytest.fixture
def story(tmp_path: Path) -> Iterator[tuple[LocalSlack, StoryClock, dict[str, str]]]:
    """A Slack on a clock of its own, the clock, and the setting by which the bot follows it."""
    clock = StoryClock(wall(), tmp_path / "clock")
    slack = LocalSlack(clock=clock)
    yield slack, clock, {"CONVENE_CLOCK_FILE": str(tmp_path / "clock")}
    slack.close()


def end_sessions(beside: psycopg.Connection[Any], name: str) -> None:
    """What a restart of the server does to everybody who is connected."""
    beside.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s", [name])


def test_a_pool_without_a_connection_left_is_told_and_the_next_press_saves(postgres_url: str) -> None:
    with run.running(db=postgres_url) as stage:
        workspace = Workspace(stage)
        delivery: Delivery = stage.sandbox.delivery
        workspace.command(PERSON, "/checkin", COHORT)
        with nobody_else(stage.convene.deps.db):
            answer = stage.sandbox.control.post("submit", {"user": PERSON, "values": CHECKIN})
        assert clear(answer), answer
        until(lambda: not delivery.busy)
        assert workspace.submit(PERSON, CHECKIN)["ok"]
    assert saved(postgres_url) == (1, 1)


@contextmanager
def nobody_else(db: Database) -> Iterator[None]:
    """Every connection of a pool is taken."""
    taken = []
    while (found := _another(db)) is not None:
        taken.append(found)
    assert len(taken) > 10
    yield
    for one in taken:
        one.close()


def _another(db: Database) -> Connection | None:
    pool: Any = db.engine.pool
    return db.engine.connect() if pool.checkedout() < pool.size() + pool._max_overflow else None
