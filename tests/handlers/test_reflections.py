"""Reflections at the door: delivered twice, pressed a year later, forged, from somebody who left, cut off by Slack."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from bot.slack import SlackError
from handlers import reflections
from storage import people
from storage import reflections as rows
from storage.reflections import ReflectionVersion
from tests import cast
from tests.cast import FAY, KOFI, PRIYA, SAM, TOMAS
from tests.fakes import refuses
from tests.handlers.desk import Desk, filled
from tests.journeys.workspace import text_of

WORDS = {"program": "Loud.", "hope": "Calm."}


def open_form(season: Desk, user: str = TOMAS) -> dict[str, object]:
    season.command(reflections.command, user)
    return season.shown()


def hand_in(season: Desk, user: str = TOMAS, **typed: str) -> dict[str, object]:
    return season.submit(reflections.submit, user, filled(open_form(season, user), **{**WORDS, **typed}))


def counted(season: Desk) -> int:
    with season.deps.db.read() as session:
        return len(rows.current(session, 1))


def test_a_form_delivered_twice_is_one_reflection_and_one_answer(season: Desk) -> None:
    view = filled(open_form(season), **WORDS)
    first, second = (season.submit(reflections.submit, TOMAS, view) for _ in range(2))
    assert first == second
    assert "Saved as no. 1" in text_of(first["view"])
    assert counted(season) == 1


def test_a_change_delivered_twice_is_one_version(season: Desk) -> None:
    hand_in(season)
    season.press(reflections.change, TOMAS, "1:1")
    view = filled(season.shown(), "V0FORM002", program="Quieter.")
    for _ in range(2):
        assert season.submit(reflections.submit, TOMAS, view)["response_action"] == "update"
    with season.deps.db.read() as session:
        assert [one.version for one in session.exec(select(ReflectionVersion)).all()] == [1, 2]


def test_ten_thousand_characters_are_refused_under_their_field(season: Desk) -> None:
    answer = hand_in(season, program="x" * 10_000)
    assert answer["errors"] == {
        "answer:before-we-begin:program": "That is 10,000 characters, and 3,000 fit. Shorten it a little."
    }
    assert counted(season) == 0


def test_a_button_a_year_old_opens_what_is_there_now(season: Desk) -> None:
    season.clock.now += timedelta(days=365)
    season.press(reflections.open_form, TOMAS, "1:before-we-begin")
    assert season.shown()["callback_id"] == "reflection.form"
    assert "Before we begin (sample)" in text_of(season.shown()["blocks"])


def test_a_button_whose_homework_is_gone_says_so(season: Desk) -> None:
    with season.deps.db.begin() as session:
        cast.take_out(session, "assignments", "before-we-begin", now=season.clock())
    season.press(reflections.open_form, TOMAS, "1:before-we-begin")
    assert "That homework is no longer in OST Community of Practice." in text_of(season.shown())


def test_homework_that_goes_while_somebody_writes_leaves_their_words_in_view(season: Desk) -> None:
    view = filled(open_form(season), **WORDS)
    with season.deps.db.begin() as session:
        cast.take_out(session, "assignments", "before-we-begin", now=season.clock())
    answer = season.submit(reflections.submit, TOMAS, view)
    assert answer["response_action"] == "errors"
    assert "Your words are still here" in str(answer["errors"])


@pytest.mark.parametrize("value", ["", "1:", "1:nobody", "1:999999999999999999", "x:1", "999:1", "1:-1", "1:٣"])
def test_forged_values_find_nothing(season: Desk, value: str) -> None:
    hand_in(season)
    for listener in (reflections.change, reflections.read, reflections.take_back):
        season.press(listener, PRIYA, value)
        assert "Loud." not in text_of(season.shown())
        assert season.shown()["callback_id"] == "refusal"


def test_somebody_elses_reflection_is_neither_changed_nor_read(season: Desk) -> None:
    hand_in(season)
    season.press(reflections.change, PRIYA, "1:1")
    assert "Only the person who wrote this reflection can change it." in text_of(season.shown())
    season.press(reflections.read, PRIYA, "1:1")
    assert "Only its author and the facilitators" in text_of(season.shown())
    season.press(reflections.read, FAY, "1:1")
    assert "Loud." in text_of(season.shown())


def test_somebody_who_left_while_writing_keeps_their_words_and_hears_who_helps(season: Desk) -> None:
    view = filled(open_form(season, KOFI), **WORDS)
    with season.deps.db.begin() as session:
        person = people.by_user(session, cast.TEAM, KOFI)
        assert person is not None
        for membership in people.memberships(session, person.id or 0):
            membership.state = "left"
    answer = season.submit(reflections.submit, KOFI, view)
    assert "You have left OST Community of Practice" in str(answer["errors"])
    assert "Fay Whitaker" in str(answer["errors"])
    assert counted(season) == 0


def test_without_a_program_everything_answers_in_a_sentence(empty: Desk) -> None:
    for text in ("", "mine", "all"):
        assert "I cannot tell which program you mean" in empty.command(reflections.command, SAM, text)["text"]
    for listener in (reflections.open_form, reflections.change, reflections.mine, reflections.read):
        empty.press(listener, SAM, "1:1")
        assert "I cannot tell which program you mean" in text_of(empty.shown())


def test_a_form_that_is_closed_before_it_is_drawn_again_harms_nobody(season: Desk) -> None:
    view = filled(open_form(season), program="Loud.")
    season.slack.next_time("views.update", refuses("not_found"))
    assert season.press(reflections.redraw, TOMAS, "", view={**view, "type": "modal"}) == {}


def test_drawn_again_the_form_keeps_the_words_and_says_the_new_readers(season: Desk) -> None:
    view = filled(open_form(season), program="Loud.", **{"reflection.readers": "cohort"})
    season.press(reflections.redraw, TOMAS, "", view={**view, "type": "modal"})
    again = season.shown()
    assert "The whole cohort reads this" in text_of(again["blocks"][0])
    assert filled(again)["state"]["values"]["answer:before-we-begin:program"] == {"draft.typed#1": {"value": "Loud."}}


def test_a_form_that_slack_does_not_open_is_no_silent_success(season: Desk) -> None:
    season.slack.next_time("views.open", refuses("expired_trigger_id"))
    with pytest.raises(SlackError, match="expired_trigger_id"):
        season.command(reflections.command, TOMAS)


def test_inside_a_modal_the_form_is_laid_on_top(season: Desk) -> None:
    season.press(reflections.open_form, TOMAS, "1:before-we-begin", view={"id": "V1", "type": "modal"})
    assert season.slack.calls[-1][0] == "views.push"
    season.press(reflections.open_form, TOMAS, "1:before-we-begin", view={"id": "V1", "type": "home"})
    assert season.slack.calls[-1][0] == "views.open"


def test_taking_it_back_in_the_thanks_changes_them(season: Desk) -> None:
    answer = hand_in(season, **{"reflection.readers": "cohort"})
    season.press(reflections.take_back, TOMAS, "1:1", view={"id": "V1", "type": "modal"})
    assert season.slack.calls[-1][0] == "views.update"
    assert "The whole cohort reads this" in text_of(answer["view"])
    assert "the facilitator of this cohort, reads this" in text_of(season.shown())


def test_earlier_ones_take_the_place_of_the_page_before(season: Desk) -> None:
    season.press(reflections.mine, TOMAS, "1:40", view={"id": "V1", "type": "modal"})
    assert season.slack.calls[-1][0] == "views.update"
    season.press(reflections.mine, TOMAS, "1:")
    assert season.slack.calls[-1][0] == "views.open"
