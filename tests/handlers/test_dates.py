"""A file that was ordered comes, whether or not the person can be told about it where they pressed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import Ack, Respond

from bot.config import Settings
from bot.deps import Deps
from bot.services.dates import CALENDAR
from bot.services.programs import Programs
from bot.slack import Slack
from bot.views.dates import WINDOW
from handlers import dates
from storage import notices
from storage.database import Database
from tests import cast
from tests.fakes import FakeSlack, refuses, serving


@pytest.fixture
def fake() -> Iterator[FakeSlack]:
    """A Slack at a port of its own."""
    with serving(FakeSlack(lambda: cast.MONDAY)) as slack:
        yield slack


@pytest.fixture
def deps(quick_db: Database, fake: FakeSlack) -> Deps:
    """The OST program with its cast."""
    with quick_db.begin() as session:
        cast.begin(session)
    settings = Settings(bot_token="xoxb-test", signing_secret="s", api_url=fake.url)
    return Deps(settings, lambda: cast.MONDAY, quick_db, Slack("xoxb-test", fake.url), Programs())


def _pressed(value: str, **where: Any) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "team": {"id": cast.TEAM},
        "user": {"id": cast.ADA},
        "trigger_id": "1.2",
        "actions": [{"action_id": "dates.file", "value": value, "action_ts": "1602511200.000100"}],
        **where,
    }


IN_WINDOW = {
    "view": {"id": "V1", "type": "modal", "callback_id": WINDOW},
    "container": {"type": "view", "view_id": "V1"},
}
IN_HOME = {"view": {"id": "V2", "type": "home"}, "container": {"type": "view", "view_id": "V2"}}


def _press(deps: Deps, body: dict[str, Any]) -> None:
    dates.send_file(Ack(), body, deps, Respond(response_url=None))  # type: ignore[no-untyped-call]


def _ordered(deps: Deps) -> int:
    with deps.db.read() as session:
        return len(notices.standing(session, 1, (CALENDAR,)))


def test_a_window_that_was_closed_meanwhile_does_not_stop_the_file(deps: Deps, fake: FakeSlack) -> None:
    fake.next_time("views.update", refuses("not_found"))
    _press(deps, _pressed("1:office-hours-friday", **IN_WINDOW))
    assert _ordered(deps) == 1


def test_a_press_delivered_twice_orders_one_file(deps: Deps, fake: FakeSlack) -> None:
    fake.next_time("views.open", refuses("exchanged_trigger_id"), refuses("exchanged_trigger_id"))
    for _ in range(2):
        _press(deps, _pressed("1:office-hours-friday", **IN_HOME))
    assert _ordered(deps) == 1


@pytest.mark.parametrize("value", ["", "x", "99:office-hours-friday", "1:unheard-of", "1:convening-1", "-1:", "1:1:1"])
def test_a_value_that_means_nothing_here_orders_only_what_is_theirs(deps: Deps, fake: FakeSlack, value: str) -> None:
    fake.next_time("views.open", refuses("expired_trigger_id"))
    _press(deps, _pressed(value, **IN_HOME))
    with deps.db.read() as session:
        refs = [row.refs["event"] for row in notices.standing(session, 1, (CALENDAR,))]
    assert refs in ([], [None], ["office-hours-friday"])
    assert "convening-1" not in refs
