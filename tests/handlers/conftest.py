"""A desk with and without a season at it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storage.database import Database
from tests import cast
from tests.fakes import FakeSlack, serving
from tests.handlers.desk import Desk, desk
from tests.jobs.conftest import HandClock


@pytest.fixture
def empty(quick_db: Database) -> Iterator[Desk]:
    """No program yet."""
    clock = HandClock()
    with serving(FakeSlack(clock)) as slack:
        yield desk(quick_db, slack, clock)


@pytest.fixture
def season(empty: Desk) -> Desk:
    """The cast on Monday of the application week."""
    with empty.deps.db.begin() as session:
        cast.begin(session)
    return empty
