"""The thread that writes drafts: seldom while somebody types, the last of it always, never in the way of an ack."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.domain.drafts import About, Closed
from bot.services import drafts
from bot.services.drafts_keeper import Keeper
from storage.database import Database
from storage.drafts import Draft
from tests.cast import MONDAY, PRIYA, TEAM, TOMAS, begin
from tests.services.test_drafts import typed
from tests.services.test_reflections import FIRST

WORDS = "what I told my coach in confidence"


@pytest.fixture
def season_db(db: Database) -> Database:
    with db.begin() as session:
        begin(session)
    return db


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    """One that writes five times a second at most."""
    made = Keeper(every=0.2)
    yield made
    made.stop()


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many things were written with each transaction."""
    counts: list[int] = []
    write = drafts.write

    def counted(**given: object) -> None:
        write(**given)  # type: ignore[arg-type]
        counts.append(len(given["what"]))  # type: ignore[arg-type]

    monkeypatch.setattr(drafts, "write", counted)
    return counts


def words(db: Database) -> list[str]:
    with db.read() as session:
        rows = session.exec(select(Draft).order_by(Draft.person_id)).all()  # type: ignore[arg-type]
        return [one.values["answer"]["draft.typed#1"]["value"] for one in rows]


def until(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


def test_a_hundred_characters_are_a_few_writes_and_the_last_is_kept(
    season_db: Database, keeper: Keeper, writes: list[int]
) -> None:
    began = time.monotonic()
    for number in range(1, 101):
        keeper.hand_over(season_db, typed("x" * number, order=number))
        time.sleep(0.005)
    until(lambda: not keeper.busy)
    assert words(season_db) == ["x" * 100]
    assert len(writes) <= 2 + (time.monotonic() - began) / 0.2


def test_whoever_types_while_another_does_waits_for_nobody(season_db: Database) -> None:
    keeper = Keeper(every=60)
    keeper.hand_over(season_db, typed("first"))
    until(lambda: not keeper.busy)
    keeper.hand_over(season_db, typed("second", order=10**18))
    keeper.hand_over(season_db, typed("mine", user=PRIYA))
    until(lambda: words(season_db) == ["first", "mine"])
    keeper.stop()
    assert words(season_db) == ["second", "mine"]


def test_an_older_state_that_comes_in_later_does_not_take_the_place_of_a_newer(season_db: Database) -> None:
    keeper = Keeper(every=60)
    for number in (3, 1, 2):
        keeper.hand_over(season_db, typed("x" * number, order=number))
    keeper.stop()
    assert words(season_db) == ["xxx"]


def test_closing_the_form_writes_at_once(season_db: Database) -> None:
    keeper = Keeper(every=60)
    keeper.hand_over(season_db, typed("a", order=1))
    until(lambda: not keeper.busy)
    keeper.hand_over(season_db, typed("ab", order=2))
    keeper.hand_over(season_db, Closed(TEAM, TOMAS, "V1", MONDAY + timedelta(seconds=9)))
    until(lambda: not keeper.busy)
    assert words(season_db) == ["ab"]
    with season_db.read() as session:
        assert session.exec(select(Draft)).one().closed_at == MONDAY + timedelta(seconds=9)
    keeper.stop()


def test_settling_writes_what_waits(season_db: Database) -> None:
    keeper = Keeper(every=60)
    for number in (1, 2):
        keeper.hand_over(season_db, typed("x" * number, order=number))
    keeper.settle(TEAM, TOMAS)
    assert words(season_db) == ["xx"]
    keeper.stop()


def test_what_was_handed_in_is_not_written_any_more(season_db: Database) -> None:
    keeper = Keeper(every=60)
    keeper.hand_over(season_db, typed("one", user=PRIYA))
    until(lambda: not keeper.busy)
    keeper.hand_over(season_db, typed("two", user=PRIYA, order=10**18))
    keeper.forget(TEAM, PRIYA, About("reflection", 1, FIRST))
    keeper.forget(TEAM, "U0NOBODY1", About("reflection", 1, FIRST))
    keeper.stop()
    assert words(season_db) == ["one"]


def test_a_disk_that_fails_once_does_not_end_the_writing(quick_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with quick_db.begin() as session:
        begin(session)
    monkeypatch.setattr("bot.services.drafts_keeper.AGAIN_SECONDS", 0.05)
    failed = threading.Event()

    def fails(_: int) -> None:
        if not failed.is_set():
            failed.set()
            raise OSError("the disk")

    monkeypatch.setattr("storage.database._flush", fails)
    keeper = Keeper(every=0.05)
    keeper.hand_over(quick_db, typed("one"))
    assert failed.wait(8)
    until(lambda: not keeper.busy)
    keeper.hand_over(quick_db, typed("two", order=10**18))
    until(lambda: words(quick_db) == ["two"], 8)
    keeper.stop()


def test_while_the_database_is_held_nobody_waits_and_afterwards_it_is_written(
    quick_db: Database, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.services.drafts_keeper.AGAIN_SECONDS", 0.2)
    monkeypatch.setattr("storage.database.LISTENER_PATIENCE", 0.1)
    with quick_db.begin() as session:
        begin(session)
    keeper = Keeper(every=0.05)
    with quick_db.begin():
        began = time.monotonic()
        for number in range(1, 51):
            keeper.hand_over(quick_db, typed(WORDS + "x" * number, order=number))
        assert time.monotonic() - began < 0.5
        until(lambda: "could not be written: Busy" in caplog.text)
        began = time.monotonic()
        keeper.settle(TEAM, TOMAS)
        assert time.monotonic() - began < 1.5
    until(lambda: not keeper.busy)
    keeper.stop()
    assert words(quick_db) == [WORDS + "x" * 50]
    assert WORDS not in caplog.text


def test_words_never_reach_the_log_when_they_cannot_be_written(
    quick_db: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    keeper = Keeper(every=0.05)
    # There is no table to write them to.
    with quick_db.begin() as session:
        begin(session)
        Draft.__table__.drop(session.connection())  # type: ignore[attr-defined]
    keeper.hand_over(quick_db, typed(WORDS))
    until(lambda: "could not be written" in caplog.text)
    keeper.stop()
    assert WORDS not in caplog.text


def test_it_ends_while_many_are_still_typing(season_db: Database) -> None:
    keeper = Keeper(every=0.01)
    ended = threading.Event()

    def write() -> None:
        number = 0
        while not ended.is_set():
            number += 1
            keeper.hand_over(season_db, typed("x", order=number))

    thread = threading.Thread(target=write)
    thread.start()
    time.sleep(0.1)
    keeper.stop()
    ended.set()
    thread.join()
    assert words(season_db) == ["x"]
