"""A sandbox of its own for each journey: once over HTTP, once over the web socket."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from bot.sandbox import run
from bot.sandbox.run import Stage
from tests.journeys.workspace import Workspace

BADLY_MADE = frozenset(
    {
        "invalid_arguments",
        "invalid_auth",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_metadata_format",
        "metadata_too_large",
        "missing_scope",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "unknown_method",
        "view_too_large",
    }
)


@pytest.fixture(autouse=True)
def unhurried(programs_read_once: None, patient_slack: None) -> None:
    """Journeys are about what is said, on however busy a machine."""


@pytest.fixture(params=["http", "socket"])
def workspace(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[Workspace]:
    """Monday 12 October 2020, 09:00 in St. Louis, over each transport."""
    with run.running(socket=request.param == "socket") as stage:
        yield Workspace(stage)
        assert mistakes(stage) + complaints(caplog) == []


@pytest.fixture
def over_http(caplog: pytest.LogCaptureFixture) -> Iterator[Workspace]:
    """The same over HTTP only, for journeys in which the transport cannot matter."""
    with run.running() as stage:
        yield Workspace(stage)
        assert mistakes(stage) + complaints(caplog) == []


def mistakes(stage: Stage) -> list[str]:
    """Calls that Slack refused because of how they were made, and deliveries that the bot failed at."""
    return [
        f"{one['what']}: {one['error']}"
        for one in stage.sandbox.journal.read()
        if one["error"] in BADLY_MADE or (one["direction"] == "to_bot" and one["status"] not in (200, None))
    ]


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the bot logged as a failure, or as a button that leads nowhere."""
    return [
        one.getMessage()
        for one in caplog.get_records("call")
        if one.levelno >= logging.ERROR or one.name == "handlers.failures"
    ]
