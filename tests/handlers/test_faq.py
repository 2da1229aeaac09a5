"""Questions at the door: a form whose answer was lost is another question once it has other words."""

from __future__ import annotations

from sqlmodel import select

from handlers import faq
from storage.questions import Question
from tests.cast import ADA
from tests.handlers.desk import Desk
from tests.journeys.workspace import text_of


def test_a_form_with_other_words_is_another_question_and_with_the_same_words_the_same(season: Desk) -> None:
    season.press(faq.open_form, ADA, "1:")
    said = [_ask(season, words) for words in ("Who can apply?", "When is the deadline?", "When is the deadline?")]
    assert ["Oct 16" in one for one in said] == [False, True, True]
    with season.deps.db.read() as session:
        asked = session.exec(select(Question.text)).all()
    assert list(asked) == ["Who can apply?", "When is the deadline?"]


def _ask(season: Desk, words: str) -> str:
    state = {"values": {"faq.question": {"faq.question": {"type": "plain_text_input", "value": words}}}}
    view = {**season.shown(), "id": "V0FORM001", "state": state}
    return text_of(season.submit(faq.submit, ADA, view)["view"])
