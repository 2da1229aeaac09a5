"""*Manage*, pressed: opened for those who run the program, refused to others, and out of the way of what is chosen."""

from __future__ import annotations

import pytest

from bot.views import ids
from handlers import manage, moves
from tests.cast import ADA, ALEX, FAY, JUNE, SAM, TOMAS
from tests.handlers.desk import Desk
from tests.journeys.workspace import text_of


@pytest.mark.parametrize("user", [FAY, ALEX])
def test_whoever_runs_the_program_is_shown_the_menu(season: Desk, user: str) -> None:
    season.press(manage.menu, user, "1:")
    assert season.shown()["callback_id"] == ids.MANAGE_WINDOW


@pytest.mark.parametrize("user", [ADA, TOMAS, JUNE, SAM])
def test_nobody_else_is(season: Desk, user: str) -> None:
    season.press(manage.menu, user, "1:")
    assert "Ask <@U0FAY0001>" in text_of(season.shown())


def test_without_a_program_it_says_how_there_comes_one(empty: Desk) -> None:
    empty.press(manage.menu, FAY, "1:")
    assert "sets one up in my *Home* tab" in text_of(empty.shown())


def test_what_is_chosen_takes_the_place_of_the_menu(season: Desk) -> None:
    season.press(manage.menu, FAY, "1:")
    season.press(moves.pick, FAY, "1:", {**season.shown(), "id": "V1", "type": "modal"})
    assert season.slack.calls[-1][0] == "views.update"
    assert season.shown()["callback_id"] == ids.MOVE_PICK_FORM
