"""Coming or not: said under the post, counted for the facilitators, and told to those who come when it is cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox import rules, run
from tests.journeys.conftest import mistakes
from tests.journeys.workspace import COHORT, FAY, KOFI, LENA, TOMAS, Workspace, text_of

CONVENING = "convening-1"


def post_of(workspace: Workspace) -> str:
    """The ts of the post before the first convening."""
    posts = [one for one in workspace.messages(COHORT) if "Convening 1" in one["text"]]
    return str(posts[-1]["ts"])


def answered(workspace: Workspace, user: str) -> str:
    """What they alone read last in the cohort's channel."""
    return str(workspace.messages(COHORT, user)[-1]["text"])


def told(workspace: Workspace, user: str) -> list[str]:
    return [one["text"] for one in workspace.told(user) if "Convening 1" in one["text"]]


@pytest.fixture(params=["http", "socket"])
def ahead(request: pytest.FixtureRequest) -> Iterator[Workspace]:
    """Three days before the first convening: the cohort has just read about it. Over each transport."""
    at = datetime(2020, 11, 16, 8, 30, tzinfo=ZoneInfo("America/Chicago"))
    with run.running(socket=request.param == "socket", at=at) as stage:
        workspace = Workspace(stage)
        workspace.clock(to="2020-11-16T09:01")
        yield workspace
        assert mistakes(stage) == []


def test_a_convening_is_answered_counted_cancelled_and_takes_place_after_all(ahead: Workspace) -> None:
    post = post_of(ahead)
    for user in (TOMAS, KOFI):
        ahead.press(user, "rsvp.coming", channel=COHORT, message_ts=post)
        assert "You said that you are coming to “Convening 1" in answered(ahead, user)
    ahead.press(LENA, "rsvp.not_coming", channel=COHORT, message_ts=post)
    assert "can't come" in answered(ahead, LENA)

    ahead.home(FAY)
    home = text_of(ahead.home(FAY)["view"]["blocks"])
    assert "2 coming, 1 can't" in home
    ahead.press(FAY, "dates.open")
    push(ahead, "rsvp.who", f"1:{CONVENING}")
    names = text_of(ahead.view(FAY)["blocks"])
    assert "*Coming: 2*\nKofi Mensah, Tomás Rivera" in names
    assert "*Can't come: 1*\nLena" in names

    cancel(ahead)
    assert "2 people said that they are coming: each gets a message" in text_of(ahead.view(FAY)["blocks"])
    ahead.submit(FAY, {})
    ahead.clock(advance="1m")
    assert [len(told(ahead, user)) for user in (TOMAS, KOFI, LENA)] == [1, 1, 0]
    assert "is cancelled. You said that you are coming" in told(ahead, TOMAS)[0]

    edited = next(one for one in ahead.messages(COHORT) if one["ts"] == post)
    assert "rsvp.coming" not in str(edited["blocks"]), "nobody can come to it any more"

    push(ahead, "change.undo")
    ahead.clock(advance="2m")
    assert "takes place after all" in told(ahead, TOMAS)[-1]
    assert [len(told(ahead, user)) for user in (TOMAS, KOFI, LENA)] == [2, 2, 0]


def cancel(workspace: Workspace) -> None:
    """*Cancel this date* in its form, up to what follows from it."""
    workspace.home(FAY)
    workspace.press(FAY, "manage.open")
    push(workspace, "change.open")
    push(workspace, "change.list", "1:events")
    push(workspace, "change.item", f"1:events/{CONVENING}")
    push(workspace, "change.remove")


def push(workspace: Workspace, action: str, value: str | None = None) -> None:
    """A button in the window that is open for Fay, by what it does and what it is of."""
    view = workspace.view(FAY)
    every = [one for _, one, _ in rules.elements(view["blocks"]) if one["action_id"].partition("#")[0] == action]
    pressed = next(one for one in every if value in (None, one.get("value")))
    workspace.press(FAY, pressed["action_id"], view_id=view["id"])


def test_a_guest_answers_from_the_home(over_http: Workspace) -> None:
    over_http.home(LENA)
    over_http.press(LENA, "rsvp.coming")
    assert "You said that you are coming to “Convening 1" in text_of(over_http.view(LENA)["blocks"])
    assert "You said that you are coming" in text_of(over_http.home(LENA)["view"]["blocks"])
