"""The two buttons under a date, pressed in a message, in the list of dates and in the Home; and who pressed which."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from bot.views import dates as date_views
from bot.views import ids
from bot.views.ids import Unreadable
from handlers import rsvps
from storage import programs as program_rows
from storage.rsvps import Rsvp
from tests.cast import ADA, ALEX, COHORT, FAY, TEAM, TOMAS
from tests.fakes import refuses
from tests.handlers.desk import Acked, Desk
from tests.journeys.workspace import text_of

VALUE = "1:convening-1/20201119T1600Z"
IN_MESSAGE = {
    "container": {"type": "message", "channel_id": COHORT, "message_ts": "1.0"},
    "channel": {"id": COHORT},
    "response_url": "https://hooks.example/1",
}
Said = list[dict[str, Any]]


def view(callback_id: str, kind: str = "modal") -> dict[str, Any]:
    return {
        "container": {"type": "view", "view_id": "V1"},
        "view": {"id": "V1", "type": kind, "callback_id": callback_id},
    }


def pressed(
    desk: Desk,
    listener: Callable[..., None] = rsvps.coming,
    user: str = TOMAS,
    value: str = VALUE,
    ts: str = "1602511200.000100",
    **where: Any,
) -> Said:
    """One press; what was said in answer through Slack's own address for it."""
    said: Said = []
    body = {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": user, "team_id": TEAM},
        "trigger_id": "1.2",
        "actions": [{"type": "button", "action_id": ids.RSVP_COMING, "value": value, "action_ts": ts}],
        **(where or IN_MESSAGE),
    }
    given: dict[str, Any] = {"ack": Acked(), "body": body, "deps": desk.deps}
    if listener is not rsvps.who:
        given["respond"] = lambda **words: said.append(words)
    listener(**given)
    return said


def stored(desk: Desk) -> list[bool]:
    with desk.deps.db.read() as session:
        return [row.coming for row in session.exec(select(Rsvp).order_by(col(Rsvp.id))).all()]


def test_a_press_under_a_post_is_answered_to_them_alone(season: Desk) -> None:
    (answer,) = pressed(season)
    assert "You said that you are coming to “Convening 1" in answer["text"]
    assert (answer["response_type"], answer["replace_original"]) == ("ephemeral", False)
    assert stored(season) == [True]


def test_the_other_button_changes_it(season: Desk) -> None:
    pressed(season)
    (answer,) = pressed(season, rsvps.not_coming, ts="1602511201.000100")
    assert "You said that you can't come" in answer["text"]
    assert stored(season) == [False]


def test_a_press_delivered_twice_or_late_changes_nothing(season: Desk) -> None:
    pressed(season, rsvps.not_coming, ts="1602511201.000100")
    for _ in range(2):
        (answer,) = pressed(season, ts="1602511200.000100")
        assert "You said that you can't come" in answer["text"]
    assert stored(season) == [False]


def test_in_the_list_of_dates_it_is_shown_there(season: Desk) -> None:
    assert pressed(season, **view(date_views.WINDOW)) == []
    shown = text_of(season.shown()["blocks"])
    assert shown.count("You said that you are coming") == 2
    assert season.slack.calls[-1][0] == "views.update"


def test_in_the_home_a_window_says_so(season: Desk) -> None:
    pressed(season, **view("", "home"))
    assert season.slack.calls[-1][0] == "views.open"
    assert "You said that you are coming" in text_of(season.shown()["blocks"])


def test_a_window_that_was_closed_meanwhile_does_not_undo_it(season: Desk) -> None:

    season.slack.next_time("views.update", refuses("not_found"))
    pressed(season, **view(date_views.WINDOW))
    assert stored(season) == [True]


def test_an_applicant_is_told_kindly_and_nothing_is_noted(season: Desk) -> None:
    (answer,) = pressed(season, user=ADA)
    assert "Whoever takes part in OST Community of Practice" in answer["text"]
    assert stored(season) == []


def test_a_button_of_an_earlier_time_gives_new_buttons(season: Desk) -> None:
    (answer,) = pressed(season, value="1:convening-1/20201112T1600Z")
    values = [one["value"] for block in answer["blocks"] for one in block.get("elements", ()) if "value" in one]
    assert values == [VALUE, VALUE]
    assert stored(season) == []


@pytest.mark.parametrize("value", ["", "x", "99:convening-1", "1:", "1:unheard-of", "1:application-deadline", "1:a/b"])
def test_a_value_that_means_nothing_here_notes_nothing(season: Desk, value: str) -> None:
    with suppress(Unreadable):
        pressed(season, value=value)
    assert stored(season) == []


def test_in_practice_the_answer_says_so(season: Desk) -> None:
    with season.deps.db.begin() as session:
        row = program_rows.by_id(session, 1)
        assert row is not None
        row.mode, row.revision = "practice", row.revision + 1
        session.add(row)
    (answer,) = pressed(season, user=FAY)
    assert "not live" in answer["text"].lower() or "practice" in answer["text"].lower()
    assert stored(season) == [True]


def test_facilitators_see_the_names(season: Desk) -> None:
    pressed(season)
    pressed(season, rsvps.who, FAY, "1:convening-1", **view(date_views.WINDOW))
    assert "*Coming: 1*\nTomás Rivera" in text_of(season.shown()["blocks"])


@pytest.mark.parametrize("user", [TOMAS, ALEX, ADA])
def test_nobody_else_sees_the_names(season: Desk, user: str) -> None:
    pressed(season)
    pressed(season, rsvps.who, user, "1:convening-1", **view(date_views.WINDOW))
    shown = text_of(season.shown()["blocks"])
    assert "Only the facilitators of" in shown
    assert "Tomás Rivera" not in shown


def test_who_is_coming_to_a_date_that_is_gone(season: Desk) -> None:
    pressed(season, rsvps.who, FAY, "1:unheard-of", **view(date_views.WINDOW))
    assert "no longer there" in text_of(season.shown()["blocks"])


def test_a_press_after_it_is_over_says_so(season: Desk) -> None:
    season.clock.now += timedelta(days=60)
    (answer,) = pressed(season)
    assert "has taken place already" in answer["text"]
