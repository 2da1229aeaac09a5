"""`/convene` alone: what somebody can do, by their roles, the next step first."""

from __future__ import annotations

import pytest

from bot.sandbox import rules
from handlers import convene
from tests import cast
from tests.cast import ADA, ALEX, COHORT, FAY, JUNE, SAM, TOMAS
from tests.handlers.desk import Desk
from tests.journeys.workspace import text_of


def menu(season: Desk, user: str, word: str = "") -> str:
    blocks = season.command(convene.command, user, word, COHORT)["blocks"]
    assert rules.message_blocks(blocks) == []
    return text_of(blocks)


@pytest.mark.parametrize("user", [ADA, TOMAS, JUNE, FAY, ALEX, SAM])
def test_everybody_can_ask_see_dates_and_find(season: Desk, user: str) -> None:
    said = menu(season, user)
    for what in ("Ask a question", "See the dates", "Find…"):
        assert what in said


@pytest.mark.parametrize(
    ("user", "can", "cannot"),
    [
        (ADA, "See the dates", "Hand in a reflection"),
        (TOMAS, "Hand in a reflection", "Manage…"),
        (JUNE, "Log a coaching check-in", "Hand in a reflection"),
        (FAY, "Manage…", "Hand in a reflection"),
        (ALEX, "Manage…", "Digest now"),
        (SAM, "Ask a question", "See the homework"),
    ],
)
def test_each_role_sees_what_it_can_do(season: Desk, user: str, can: str, cannot: str) -> None:
    said = menu(season, user)
    assert can in said
    assert cannot not in said


def test_a_participant_sees_first_what_is_due_from_their_organization(season: Desk) -> None:
    said = menu(season, TOMAS)
    assert said.index("Before we begin") < said.index("Find…")


def test_an_applicant_sees_first_what_is_next(season: Desk) -> None:
    assert menu(season, ADA).index("Application Office Hours") < menu(season, ADA).index("Find…")


def test_those_who_run_it_see_first_who_waits(season: Desk) -> None:
    with season.deps.db.begin() as session:
        cast.join(session, season.deps.programs.all(session)[0], SAM, "participant", state="pending", name="Sam")
    assert "1 wait" in menu(season, FAY)
    assert "wait to be confirmed" not in menu(season, TOMAS)


@pytest.mark.parametrize("word", ["menu", "menú", "MENU!"])
def test_the_word_does_the_same(season: Desk, word: str) -> None:
    assert "Find…" in menu(season, TOMAS, word)


def test_without_a_program_there_is_a_menu_all_the_same(empty: Desk) -> None:
    assert "Ask a question" in menu(empty, FAY)
