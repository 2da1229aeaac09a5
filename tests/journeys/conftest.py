"""A sandbox of its own for each journey: once over HTTP, once over the web socket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.sandbox import run
from tests.journeys.workspace import Workspace


@pytest.fixture(params=["http", "socket"])
def workspace(request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """Monday 12 October 2020, 09:00 in St. Louis, over each transport."""
    with run.running(socket=request.param == "socket") as stage:
        yield Workspace(stage)


@pytest.fixture
def over_http() -> Iterator[Workspace]:
    """The same over HTTP only, for journeys in which the transport cannot matter."""
    with run.running() as stage:
        yield Workspace(stage)
