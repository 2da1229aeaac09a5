"""A starter of processes that leaves none behind, databases with a cohort in them, and a local Slack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.localslack import LocalSlack
from tests.processes.processes import Starter, furnish


@pytest.fixture(autouse=True)
def unhurried(patient_slack: None) -> None:
    """Processes start slowly on a busy machine."""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starter]:
    """Starts `convene …` in an empty folder; whatever still runs at the end is ended."""
    folder = tmp_path / "home"
    folder.mkdir()
    starter = Starter(folder)
    yield starter
    starter.end()


@pytest.fixture
def file_url(sqlite_url: str) -> str:
    """A SQLite file with the cohort in it."""
    furnish(sqlite_url)
    return sqlite_url


@pytest.fixture
def server_url(postgres_url: str) -> str:
    """A PostgreSQL schema with the cohort in it."""
    furnish(postgres_url)
    return postgres_url


@pytest.fixture(params=["http", "socket"])
def slack(request: pytest.FixtureRequest) -> Iterator[LocalSlack]:
    """A workspace over each transport, not yet open."""
    local = LocalSlack(socket_mode=request.param == "socket")
    yield local
    local.close()


@pytest.fixture
def slack_over_http() -> Iterator[LocalSlack]:
    """A workspace that delivers over HTTP, not yet open."""
    local = LocalSlack()
    yield local
    local.close()
