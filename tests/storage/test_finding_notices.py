"""What is due is found by its place in an index: what is settled or planned for later is never read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, text
from sqlmodel import Session

from bot.domain.notices import Delivered, Notice, Rules, ToChannel, Urgency
from bot.services import notices as ledger
from storage import notices
from storage.database import JOB_PATIENCE, Database
from storage.notices import NoticeRow
from tests.cast import MONDAY

KINDS = ("test.say", "test.answer")
RULES = Rules({"test.answer": Urgency.ANSWER}, frozenset(KINDS), frozenset(KINDS))
SETTLED, LATER, DUE = 4000, 4000, 300


def _row(number: int, state: str) -> dict[str, Any]:
    due_at = MONDAY + timedelta(minutes=number if state == "later" else -number - 30)
    return {
        "key": f"{state} {number}",
        "opaque_key": f"{state} {number}",
        "kind": KINDS[number % 2],
        "refs": {},
        "to_channel": f"C{number % 50}",
        "due_at": due_at + (timedelta(days=1) if state == "later" else timedelta()),
        "planned_at": MONDAY,
        "state": "delivered" if state == "settled" else "planned",
        "settled_at": MONDAY if state == "settled" else None,
        "attempts": 0,
    }


@pytest.fixture
def full(db: Database) -> Database:
    """A ledger with a long past, a long future, and much that is due now."""
    with db.begin(patience=JOB_PATIENCE) as session:
        for state, many in (("settled", SETTLED), ("later", LATER), ("due", DUE)):
            session.connection().execute(insert(NoticeRow), [_row(number, state) for number in range(many)])
        session.connection().execute(text("ANALYZE"))
    return db


def test_no_look_of_a_sender_reads_the_whole_ledger(full: Database) -> None:
    now = MONDAY
    with full.begin(patience=JOB_PATIENCE) as session, _asked(session) as asked:
        for _ in range(3):
            now += timedelta(seconds=1)
            claimed = ledger.claim_due(session=session, now=now, rules=RULES)
            assert len(claimed) > 1
            for one in claimed:
                ledger.settle(session=session, claimed=one, outcome=Delivered("C1", "1.2"), now=now)
        assert ledger.next_due(session=session, now=now, until=now) is not None
    looks = [one for one in asked if one[0].startswith("SELECT") and "FROM notices" in one[0]]
    assert len(looks) > 10
    with full.read() as session:
        plans = {statement: _plan(session, statement, given) for statement, given in looks}
    assert [plan for plan in plans.values() if "SCAN notices" in plan or "Seq Scan" in plan] == []
    assert all("ix_notices_next" in plan or "ix_notices_place" in plan for plan in plans.values())


def test_what_is_due_is_found_whatever_was_graded_and_whatever_was_not(full: Database) -> None:
    with full.begin(patience=JOB_PATIENCE) as session:
        (first, *_) = ledger.claim_due(session=session, now=MONDAY, rules=RULES)
        assert first.notice.kind == "test.answer"
        ahead = Notice("ahead", "test.answer", ToChannel("C99"), MONDAY + timedelta(hours=1))
        notices.add(session, ahead, MONDAY)
        assert session.connection().execute(text("SELECT urgency FROM notices WHERE key = 'ahead'")).scalar() is None
        assert ledger.next_due(session=session, now=MONDAY, until=MONDAY) == MONDAY - timedelta(minutes=30 + DUE - 2)


@contextmanager
def _asked(session: Session) -> Iterator[list[tuple[str, Any]]]:
    """Every statement of a transaction with what was filled in."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        asked.append((statement, parameters))

    engine = session.connection().engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _plan(session: Session, statement: str, given: Any) -> str:
    connection = session.connection()
    how = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    rows = connection.exec_driver_sql(f"{how} {statement}", given).all()
    return "\n".join(str(row[-1]) for row in rows)
