"""What several commands' tests begin with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.database import Database


@pytest.fixture
def db(sqlite_url: str) -> Iterator[Database]:
    """The database that a command finds in its settings."""
    database = Database(sqlite_url)
    yield database
    database.close()
