"""Dates moved by form: forged presses are refused, stale ones are told so, and nothing is saved before *Save*."""

from __future__ import annotations

import json

import pytest

from bot.views import ids
from bot.views import moves as views
from bot.views import quiet as quiet_views
from handlers import moves, quiet
from tests.cast import ADA, ALEX, FAY, TOMAS
from tests.handlers.desk import Desk
from tests.journeys.workspace import text_of

EVENT = "1:events/office-hours-wednesday"


def form(season: Desk, user: str = FAY) -> dict[str, object]:
    season.press(moves.change, user, EVENT)
    return season.shown()


def times(view: dict[str, object], day: str, starts: str, ends: str) -> dict[str, object]:
    """The form as it comes back with other times."""
    given = {
        views.DAY: {"selected_date": day},
        views.STARTS: {"selected_time": starts},
        views.ENDS: {"selected_time": ends},
    }
    return {**view, "id": "V1", "state": {"values": {name: {name: state} for name, state in given.items()}}}


@pytest.mark.parametrize("user", [ADA, TOMAS])
def test_whoever_may_not_is_told_who_can(season: Desk, user: str) -> None:
    for listener, value in ((moves.change, EVENT), (moves.pick, "1:")):
        season.press(listener, user, value)
        assert "can change a date. Ask <@U0FAY0001>" in text_of(season.shown())


def test_a_form_handed_in_by_somebody_else_changes_nothing(season: Desk) -> None:
    view = times(form(season), "2020-10-15", "15:00", "16:00")
    assert "can change a date" in text_of(season.submit(moves.foresee, TOMAS, view)["view"])
    preview = season.submit(moves.foresee, FAY, view)["view"]
    assert "can change a date" in text_of(season.submit(moves.save, TOMAS, {**preview, "id": "V1"})["view"])


def test_an_admin_may_as_well(season: Desk) -> None:
    assert form(season, ALEX)["callback_id"] == ids.MOVE_FORM


@pytest.mark.parametrize("value", ["1:events/unheard-of", "1:assignments/convening-1", "1:", "x", "1:faq/illinois"])
def test_what_is_not_there_is_said_to_be_gone(season: Desk, value: str) -> None:
    season.press(moves.change, FAY, value)
    assert "That date is no longer in OST Community of Practice" in text_of(season.shown())


def test_who_saves_what_somebody_else_has_moved_meanwhile_sees_the_form_as_it_is_now(season: Desk) -> None:
    first = season.submit(moves.foresee, FAY, times(form(season), "2020-10-15", "15:00", "16:00"))["view"]
    second = season.submit(moves.foresee, ALEX, times(form(season, ALEX), "2020-10-16", "10:00", "11:00"))["view"]
    assert "Saved." in text_of(season.submit(moves.save, FAY, {**first, "id": "V1"})["view"])
    late = season.submit(moves.save, ALEX, {**second, "id": "V2"})["view"]
    assert "Somebody has changed this date" in text_of(late)
    assert "Thu, Oct 15, 3:00–4:00 pm" in text_of(late)


def test_the_same_form_saved_twice_says_so(season: Desk) -> None:
    view = season.submit(moves.foresee, FAY, times(form(season), "2020-10-15", "15:00", "16:00"))["view"]
    season.submit(moves.save, FAY, {**view, "id": "V1"})
    assert "is at that time already" in text_of(season.submit(moves.save, FAY, {**view, "id": "V1"})["view"])


def test_quiet_hours_that_cannot_be_are_refused_under_their_field(season: Desk) -> None:
    season.press(quiet.open_form, TOMAS, "1:")
    view = season.shown()
    assert _quiet(season, view, "own", "21:00", None)[quiet_views.ENDS].startswith("Choose both")
    assert _quiet(season, view, "own", "21:00", "21:00")[quiet_views.ENDS].startswith("That is the same")
    assert _quiet(season, view, "own", None, None, days=range(7))[quiet_views.DAYS].startswith("Leave me one day")
    wrong = _quiet(season, view, "own", None, None, first="2020-11-02", last="2020-11-01")
    assert wrong[quiet_views.LAST].startswith("This is before")
    assert _quiet(season, view, "program", "21:00", "07:00")[quiet_views.WHOSE].startswith("You have chosen")


def _quiet(
    season: Desk,
    view: dict[str, object],
    whose: str,
    start: str | None,
    end: str | None,
    *,
    days: range = range(0),
    first: str | None = None,
    last: str | None = None,
) -> dict[str, str]:
    given: dict[str, dict[str, object]] = {
        quiet_views.WHOSE: {"selected_option": {"value": whose}},
        quiet_views.STARTS: {"selected_time": start},
        quiet_views.ENDS: {"selected_time": end},
        quiet_views.DAYS: {"selected_options": [{"value": str(day)} for day in days]},
        quiet_views.FIRST: {"selected_date": first},
        quiet_views.LAST: {"selected_date": last},
    }
    values = {name: {name: state} for name, state in given.items()}
    answer = season.submit(quiet.keep, TOMAS, {**view, "id": "V1", "state": {"values": values}})
    errors: dict[str, str] = answer["errors"]
    return errors


def test_what_a_form_carries_names_nobody(season: Desk) -> None:
    about = json.loads(str(form(season)["private_metadata"]))
    assert set(about) == {"program", "section", "key", "seen", "end_seen"}
