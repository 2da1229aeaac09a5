"""The migrations and the models say the same, on both engines."""

from __future__ import annotations

from storage import migrations
from storage.database import Database


def test_the_migrations_equal_the_models(db: Database) -> None:
    assert migrations.differences(db) == []


def test_an_upgraded_database_is_current(db: Database) -> None:
    assert migrations.is_current(db)


def test_upgrading_twice_is_upgrading_once(db: Database) -> None:
    migrations.upgrade(db)
    assert migrations.is_current(db)
