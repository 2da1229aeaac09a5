"""How a transaction begins with a server, which is told how long it may take, and how one ends that fails."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlmodel import Session

from storage import programs
from storage.database import Database


def _told(session: Session) -> tuple[str, ...]:
    names = ("lock_timeout", "statement_timeout", "transaction_isolation")
    return tuple(session.connection().execute(text(f"SHOW {name}")).scalar_one() for name in names)


def test_a_server_is_told_at_the_beginning_how_long_it_may_take_and_after_a_snapshot_too(db: Database) -> None:
    if db.is_sqlite:
        pytest.skip("SQLite has no server to tell")
    for _ in range(2):
        with db.begin(patience=1.5) as session:
            assert _told(session) == ("1500ms", "1500ms", "read committed")
        with db.begin(patience=20) as session:
            assert _told(session) == ("20s", "0", "read committed")
        with db.snapshot() as session:
            assert _told(session)[2] == "repeatable read"


def test_what_fails_is_undone(db: Database) -> None:
    def fail() -> None:
        with db.begin() as session:
            programs.hold(session, "one", "one", "America/Chicago")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with db.read() as session:
        assert programs.every(session) == []
