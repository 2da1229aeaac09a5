"""A database that others hold for too long, or whose file is taken away or replaced while the bot runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage import programs
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
