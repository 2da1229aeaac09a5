"""The migrations and the models say the same, on both engines, and no row is lost on the way from one to the next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, DateTime, MetaData, Table, UniqueConstraint, select
from sqlalchemy.types import JSON, Boolean, Date, Float, Integer, LargeBinary, Numeric, TypeEngine

from bot.services import chain
from storage import migrations
from storage.database import Database

ROWS = 3
"""In every table."""
BEGAN = datetime(2020, 10, 12, 14, 0, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without a table."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    db = Database(url)
    yield db
    db.close()


def test_the_migrations_equal_the_models(db: Database) -> None:
    assert migrations.differences(db) == []


def test_an_upgraded_database_is_current(db: Database) -> None:
    assert migrations.is_current(db)


def test_upgrading_twice_is_upgrading_once(db: Database) -> None:
    migrations.upgrade(db)
    assert migrations.is_current(db)


@pytest.mark.parametrize("revision", migrations.revisions())
def test_every_row_of_an_earlier_shape_is_there_after_the_upgrade(empty: Database, revision: str) -> None:
    migrations.upgrade(empty, revision)
    before = _filled(empty)
    migrations.upgrade(empty)
    after = _rows(empty)
    assert before.keys() <= after.keys()
    for table, rows in before.items():
        assert len(rows) == ROWS, table
        assert [_shared(row, then) for row, then in zip(rows, after[table], strict=True)] == rows, table


def test_an_upgraded_database_with_rows_is_the_one_the_models_describe(empty: Database) -> None:
    migrations.upgrade(empty, migrations.revisions()[0])
    _filled(empty)
    migrations.upgrade(empty)
    assert migrations.differences(empty) == []


def test_what_was_handed_in_before_there_was_a_chain_is_sealed_by_the_upgrade(empty: Database) -> None:
    migrations.upgrade(empty, "0001")
    _filled(empty)
    assert migrations.upgrade(empty) == 2 * ROWS
    with empty.read() as session:
        chains = chain.look(session=session)
    assert [(one.links, one.broken) for one in chains] == [(2, ())] * ROWS


def test_what_lost_its_seal_since_is_not_sealed_anew_by_an_upgrade(empty: Database) -> None:
    migrations.upgrade(empty, "0002")
    _filled(empty)
    assert migrations.upgrade(empty) == 0


Row = dict[str, Any]


def _filled(db: Database) -> dict[str, list[Row]]:
    """Rows in every table of whatever shape the database has, each pointing at rows of its own number."""
    with db.engine.begin() as connection:
        for table in _tables(connection):
            connection.execute(table.insert(), [_row(table, number) for number in range(1, ROWS + 1)])
    return _rows(db)


def _rows(db: Database) -> dict[str, list[Row]]:
    with db.engine.connect() as connection:
        found = {}
        for table in _tables(connection):
            ordered = select(table).order_by(*table.primary_key.columns)
            found[table.name] = [dict(row) for row in connection.execute(ordered).mappings()]
        return found


def _tables(connection: Connection) -> list[Table]:
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != "alembic_version"]


def _row(table: Table, number: int) -> Row:
    unique = {
        column.name for one in table.constraints if isinstance(one, UniqueConstraint) for column in one.columns
    } | {column.name for index in table.indexes if index.unique for column in index.columns}
    told = (column for column in table.columns if column.computed is None)
    return {column.name: _value(column, number, column.name in unique) for column in told}


def _value(column: Column[Any], number: int, unique: bool) -> object:
    kind: TypeEngine[Any] = column.type
    if (column.primary_key and isinstance(kind, Integer)) or column.foreign_keys:
        return number if isinstance(kind, Integer) else f"{number}"
    if isinstance(kind, Boolean):
        return number % 2 == 0
    if isinstance(kind, Integer):
        return number
    if isinstance(kind, Numeric | Float):
        return number / 4
    if isinstance(kind, DateTime):
        return BEGAN + timedelta(days=number)
    if isinstance(kind, Date):
        return date(2020, 10, number)
    if isinstance(kind, JSON):
        return {"number": number, "words": ["ñ", "“so”"]}
    if isinstance(kind, LargeBinary):
        return bytes([number, 0, 255])
    return f"{column.name} {number}" if unique or column.primary_key else f"ñandú {number}"


def _shared(row: Row, then: Row) -> Row:
    """What is left of a row under the names that it had."""
    return {name: then.get(name) for name in row}
