"""Drafts at the door: what comes late, from an old form, after a closing, for somebody else."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from sqlmodel import select

from bot.domain.messages import Block
from bot.views.ids import Unreadable
from handlers import drafts, reflections
from handlers.request import Body
from handlers.typing import typed_in
from storage.drafts import Draft
from tests.cast import FAY, PRIYA, TEAM, TOMAS
from tests.handlers.desk import Desk, filled
from tests.journeys.workspace import text_of

WORDS = "what I told my coach in confidence"


def open_form(season: Desk, user: str = TOMAS) -> dict[str, Any]:
    season.command(reflections.command, user)
    return {**filled(season.shown()), "type": "modal"}


def keystroke(season: Desk, view: Block | Body, words: str, ts: str, user: str = TOMAS) -> None:
    """A character typed at a moment of Slack's, which may come in at any other."""
    typed = {**filled({**view, "state": None}, program=words), "type": "modal"}
    body = {
        "type": "block_actions",
        "trigger_id": "t",
        "user": {"id": user, "team_id": TEAM},
        "team": {"id": TEAM},
        "container": {"type": "view", "view_id": typed["id"]},
        "view": typed,
        "actions": [{"type": "plain_text_input", "action_id": "draft.typed#1", "value": words, "action_ts": ts}],
    }
    season._call(drafts.typed, body)


def stored(season: Desk) -> list[str]:
    """What stands in the draft's first field."""
    season.deps.drafts.settle(TEAM, TOMAS)
    with season.deps.db.read() as session:
        rows = session.exec(select(Draft)).all()
        return [one.values["answer:before-we-begin:program"]["draft.typed#1"]["value"] for one in rows]


def close(season: Desk, view: Body, user: str = TOMAS) -> None:
    """The form is closed, of which Slack says nothing but that."""
    empty = {**view, "state": {"values": {}}}
    body = {"type": "view_closed", "view": empty, "is_cleared": False, "user": {"id": user}, "team": {"id": TEAM}}
    season._call(drafts.closed, body)


@pytest.fixture(autouse=True)
def _stopped(season: Desk) -> Any:
    yield
    season.deps.drafts.stop()


def test_characters_that_come_in_out_of_order_leave_the_last_one_standing(season: Desk) -> None:
    view = open_form(season)
    for words, ts in (("Lo", "1602511200.2"), ("Loud", "1602511200.4"), ("L", "1602511200.1"), ("Lou", "1602511200.3")):
        keystroke(season, view, words, ts)
    assert stored(season) == ["Loud"]


def test_a_closing_takes_nothing_away(season: Desk) -> None:
    view = open_form(season)
    keystroke(season, view, "Loud", "1602511200.2")
    close(season, view)
    assert stored(season) == ["Loud"]


def test_closing_a_form_in_which_nothing_was_typed_makes_no_draft(season: Desk) -> None:
    close(season, open_form(season))
    assert stored(season) == []


def test_the_draft_is_gone_with_the_submission_and_late_characters_do_not_bring_it_back(season: Desk) -> None:
    view = open_form(season)
    keystroke(season, view, "Loud", "1602500000.2")
    answer = season.submit(reflections.submit, TOMAS, filled(view, program="Loud.", hope="Calm."))
    assert "Saved as no. 1" in text_of(answer["view"])
    assert stored(season) == []
    keystroke(season, view, "Loud", "1602500000.1")
    assert stored(season) == []


def test_a_form_that_is_refused_keeps_its_draft(season: Desk) -> None:
    view = open_form(season)
    keystroke(season, view, "Loud", "1602511200.2")
    season.submit(reflections.submit, TOMAS, filled(view, program="x" * 3001))
    assert stored(season) == ["Loud"]


def test_somebody_elses_draft_is_neither_opened_nor_thrown_away(season: Desk) -> None:
    keystroke(season, open_form(season), WORDS, "1602511200.2")
    stored(season)
    for user in (PRIYA, FAY):
        for listener in (drafts.go_on, drafts.throw_away):
            season.press(listener, user, "1:1")
            assert "That draft is no longer there" in text_of(season.shown())
            assert WORDS not in str(season.shown())
    assert stored(season) == [WORDS]


@pytest.mark.parametrize("value", ["", "1:", "1:x", "1:999999999", "x:1", "999:1"])
def test_forged_values_find_nothing(season: Desk, value: str) -> None:
    keystroke(season, open_form(season), WORDS, "1602511200.2")
    season.press(drafts.go_on, PRIYA, value)
    assert WORDS not in str(season.shown())


def test_a_form_that_cannot_be_read_is_no_trouble_while_it_is_typed_in(season: Desk) -> None:
    view = open_form(season)
    keystroke(season, {**view, "callback_id": "something.else"}, WORDS, "1602511200.2")
    keystroke(season, {**view, "private_metadata": "not ours"}, WORDS, "1602511200.3")
    with season.deps.db.read() as session:
        assert session.exec(select(Draft)).all() == []
    with pytest.raises(Unreadable):
        typed_in(season.deps, {"type": "block_actions", "user": {"id": TOMAS, "team_id": TEAM}, "team": {"id": TEAM}})


def test_whoever_may_no_longer_write_is_shown_their_words(season: Desk) -> None:
    keystroke(season, open_form(season), WORDS, "1602511200.2")
    stored(season)
    with season.deps.db.begin() as session:
        draft = session.exec(select(Draft)).one()
        draft.subject = "a-homework-that-is-gone"
        session.add(draft)
    season.press(drafts.go_on, TOMAS, "1:1")
    assert WORDS in text_of(season.shown())
    assert "no longer in OST Community of Practice" in text_of(season.shown())


def test_no_word_of_it_is_logged_whatever_goes_wrong(season: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    view = open_form(season)
    with season.deps.db.begin() as session:
        Draft.__table__.drop(session.connection())  # type: ignore[attr-defined]
    keystroke(season, view, WORDS, "1602511200.2")
    season.deps.drafts.settle(TEAM, TOMAS)
    season.deps.drafts.stop()
    assert "could not be written" in caplog.text
    assert WORDS not in caplog.text
