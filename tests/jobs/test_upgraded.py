"""A ledger of an earlier shape goes on where it stood: what was planned is said, what is settled stays so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import DateTime, bindparam, text

from bot.domain.messages import Message
from bot.domain.notices import opaque
from storage import migrations
from storage.database import Database
from tests.cast import MONDAY
from tests.fakes import FakeSlack
from tests.jobs.conftest import ROOM, Bench, HandClock, bench_of

FIRST = migrations.revisions()[0]
MOMENTS = ("due_at", "planned_at", "lease_until", "retry_at", "settled_at")


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the first shape that was released."""
    sqlite = request.param == "sqlite"
    db = Database(f"sqlite:///{tmp_path / 'old.db'}" if sqlite else request.getfixturevalue("postgres_url"))
    migrations.upgrade(db, FIRST)
    yield db
    db.close()


def _keep(
    db: Database,
    key: str,
    state: str,
    *,
    after: timedelta = timedelta(),
    lease_until: datetime | None = None,
    retry_at: datetime | None = None,
    settled_at: datetime | None = None,
) -> None:
    statement = text(
        "INSERT INTO notices (key, opaque_key, kind, refs, to_channel, due_at, planned_at, state, lease_token,"
        " lease_until, retry_at, settled_at, attempts) VALUES (:key, :opaque, 'test.say', :refs, :room, :due_at,"
        " :planned_at, :state, 'token', :lease_until, :retry_at, :settled_at, 0)"
    ).bindparams(*(bindparam(name, type_=DateTime(timezone=True)) for name in MOMENTS))
    given = {"key": key, "opaque": opaque(key), "refs": f'{{"says": "{key}"}}', "room": f"{ROOM}{key[0]}"}
    times = {"due_at": MONDAY + after, "planned_at": MONDAY, "lease_until": lease_until, "retry_at": retry_at}
    with db.engine.begin() as connection:
        connection.execute(statement, {**given, **times, "state": state, "settled_at": settled_at})


def _upgraded(old: Database, slack: FakeSlack, clock: HandClock) -> Bench:
    migrations.upgrade(old)
    return bench_of(old, slack, clock)


def test_what_was_planned_is_said_when_it_is_due(old: Database, slack: FakeSlack, clock: HandClock) -> None:
    _keep(old, "overdue", "planned", after=timedelta(hours=-1))
    _keep(old, "ahead", "planned", after=timedelta(hours=1))
    _keep(old, "tried before", "planned", after=timedelta(hours=-1), retry_at=MONDAY + timedelta(minutes=5))
    bench = _upgraded(old, slack, clock)
    assert bench.next_due(hours=2) == MONDAY - timedelta(hours=1)
    bench.send()
    assert slack.said() == ["overdue"]
    bench.send(minutes=5)
    bench.send(minutes=55)
    assert slack.said() == ["overdue", "tried before", "ahead"]


def test_what_was_being_sent_is_looked_for_before_it_is_sent_again(
    old: Database, slack: FakeSlack, clock: HandClock
) -> None:
    for key in ("posted", "lost"):
        _keep(old, key, "sending", lease_until=MONDAY + timedelta(minutes=1))
    bench = _upgraded(old, slack, clock)
    bench.deps.slack.post(f"{ROOM}p", Message("posted"), opaque("posted"))
    assert bench.send_at_once(seconds=59) == 0
    bench.send(seconds=2)
    assert sorted(slack.said()) == ["lost", "posted"]
    assert [bench.state(key)[0] for key in ("posted", "lost")] == ["delivered", "delivered"]


def test_what_is_settled_is_never_looked_at_again(old: Database, slack: FakeSlack, clock: HandClock) -> None:
    for state in ("delivered", "refused", "skipped"):
        _keep(old, state, state, after=timedelta(hours=-1), settled_at=MONDAY)
    bench = _upgraded(old, slack, clock)
    assert bench.next_due(days=400) is None
    assert bench.send(days=1) == 0
    assert slack.calls == []
