"""Homework at the door: a nudge confirmed twice, buttons forged or a year old, and nobody without a sentence."""

from __future__ import annotations

import pytest

from handlers import homework
from storage import notices
from tests.cast import ADA, FAY, KOFI, SAM, TOMAS
from tests.handlers.desk import Desk
from tests.journeys.workspace import text_of


def planned(season: Desk, kind: str) -> int:
    with season.deps.db.read() as session:
        return len(notices.standing(session, 1, (kind,)))


def test_a_nudge_confirmed_twice_is_one_message_to_each(season: Desk) -> None:
    season.press(homework.nudge, FAY, "1:before-we-begin")
    view = {**season.shown(), "id": "V0NUDGE01"}
    first, second = (season.submit(homework.send_nudges, FAY, view) for _ in range(2))
    assert first == second
    assert "On its way" in text_of(first["view"])
    assert planned(season, "homework.nudge_now") == 4


def test_only_a_facilitator_confirms_a_nudge(season: Desk) -> None:
    season.press(homework.nudge, FAY, "1:before-we-begin")
    answer = season.submit(homework.send_nudges, TOMAS, {**season.shown(), "id": "V0NUDGE01"})
    assert "Only the facilitators" in text_of(answer["view"])
    assert planned(season, "homework.nudge_now") == 0


def test_the_command_answers_where_it_was_typed_and_the_button_in_a_modal(season: Desk) -> None:
    answer = season.command(homework.overview, TOMAS)
    assert "Nothing from Bright Labs yet." in text_of(answer["blocks"])
    assert season.slack.calls == []
    season.press(homework.overview, TOMAS, "1:")
    assert "Nothing from Bright Labs yet." in text_of(season.shown())


def test_asking_for_time_twice_tells_the_facilitators_once(season: Desk) -> None:
    for _ in range(2):
        season.press(homework.more_time, KOFI, "1:before-we-begin")
        assert "I have told the facilitators (Fay Whitaker)" in text_of(season.shown())
    assert planned(season, "homework.more_time") == 1


@pytest.mark.parametrize("value", ["1:last-year", "1:", "", "x", "1:<!channel>"])
def test_a_button_whose_homework_is_gone_says_so(season: Desk, value: str) -> None:
    season.press(homework.more_time, KOFI, value)
    assert "That homework is no longer in OST Community of Practice." in text_of(season.shown())
    season.press(homework.nudge, FAY, value)
    assert "That homework is no longer in OST Community of Practice." in text_of(season.shown())


def test_an_applicant_and_a_stranger_are_told_what_is_for_them(season: Desk) -> None:
    assert "applicants owe none" in season.command(homework.overview, ADA)["text"]
    assert "You are not in OST Community of Practice yet" in season.command(homework.overview, SAM)["text"]


def test_without_a_program_everything_answers_in_a_sentence(empty: Desk) -> None:
    assert "I cannot tell which program you mean" in empty.command(homework.overview, SAM)["text"]
    for listener in (homework.overview, homework.nudge, homework.more_time):
        empty.press(listener, SAM, "1:before-we-begin")
        assert "I cannot tell which program you mean" in text_of(empty.shown())
