"""A database that others hold for too long, or whose file is taken away or replaced while the bot runs."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage import database, notices, programs
from storage.database import Busy, Database, answers


def _load(db: Database, slug: str) -> None:
    with db.begin() as session:
        programs.hold(session, slug, slug, "America/Chicago")


def _slugs(db: Database) -> list[str]:
    with db.read() as session:
        return [one.slug for one in programs.every(session)]


def test_whoever_waits_too_long_for_another_process_is_told_so(db: Database) -> None:
    _load(db, "one")
    other = Database(str(db.url.render_as_string(hide_password=False)))
    with db.begin() as session:
        programs.held(session, "one")
        with pytest.raises(Busy), other.begin(patience=0.2) as waiting:
            programs.held(waiting, "one")
    with other.begin(patience=0.2) as session:
        assert programs.held(session, "one") is not None
    other.close()


def test_a_file_that_was_taken_away_takes_no_more_words_with_it(quick_db: Database) -> None:
    _load(quick_db, "one")
    path = Path(str(quick_db.url.database))
    path.rename(path.with_suffix(".away"))
    with pytest.raises(Busy):
        _load(quick_db, "two")
    with pytest.raises(Busy):
        _slugs(quick_db)
    assert answers(quick_db) is not None
    assert not path.exists()
    path.with_suffix(".away").rename(path)
    _load(quick_db, "two")
    assert _slugs(quick_db) == ["one", "two"]


def test_a_file_put_in_its_place_is_the_database_from_then_on(quick_db: Database) -> None:
    path = Path(str(quick_db.url.database))
    empty = path.read_bytes()
    _load(quick_db, "one")
    for beside in path.parent.glob(f"{path.name}*"):
        beside.unlink()
    path.write_bytes(empty)
    _load(quick_db, "two")
    assert _slugs(quick_db) == ["two"]
    other = Database(str(quick_db.url))
    assert _slugs(other) == ["two"]
    other.close()


def _flushes(monkeypatch: pytest.MonkeyPatch, seconds: float = 0.0, fail: bool = False) -> list[str]:
    """Which files are written through to the disk from now on; it takes its time, or fails."""
    found: list[str] = []

    def flush(number: int) -> None:
        found.append(str(Path(f"/proc/self/fd/{number}").readlink()))
        time.sleep(seconds)
        if fail:
            raise OSError("the disk")

    monkeypatch.setattr(database, "_flush", flush)
    return found


def test_what_is_written_is_on_the_disk_before_it_counts_as_written(
    quick_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _load(quick_db, "one")
    flushed = _flushes(monkeypatch)
    _load(quick_db, "two")
    assert flushed == [f"{quick_db.url.database}-wal"]


def test_senders_are_woken_once_it_is_on_the_disk(quick_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    _load(quick_db, "one")
    flushed = _flushes(monkeypatch)
    woken: list[int] = []
    quick_db.on_notices = lambda: woken.append(len(flushed))
    with quick_db.begin() as session:
        programs.hold(session, "two", "Two", "UTC")
        notices.wake(session)
    assert woken == [1]


def test_who_has_written_nothing_waits_for_no_disk(quick_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    _load(quick_db, "one")
    flushed = _flushes(monkeypatch)
    with quick_db.begin() as session:
        assert programs.held(session, "one") is not None
    assert flushed == []


def test_many_who_write_at_once_wait_for_the_disk_together(quick_db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    _load(quick_db, "one")
    flushed = _flushes(monkeypatch, seconds=0.2)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: _load(quick_db, f"p{number}"), range(8)))
    assert len(_slugs(quick_db)) == 9
    assert len(flushed) < 5


def test_what_a_disk_would_not_take_is_not_said_to_be_written_until_all_of_it_is(
    quick_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    _flushes(monkeypatch, fail=True)
    with pytest.raises(OSError, match="the disk"):
        _load(quick_db, "one")
    # A second look at the disk may say yes though the words are lost: they are copied from memory instead.
    flushed = _flushes(monkeypatch)
    _load(quick_db, "one")
    assert flushed == []
    alone = Path(f"{quick_db.url.database}.copy")
    alone.write_bytes(Path(str(quick_db.url.database)).read_bytes())
    assert _slugs(Database(f"sqlite:///{alone}")) == ["one"], "without its log, as after the power failed"
    _load(quick_db, "two")
    assert len(flushed) == 1
