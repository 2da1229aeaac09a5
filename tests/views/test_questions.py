"""The facilitators' card, the form and what the asker is told: named readers, escaped words, Slack's limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.people import Member
from bot.domain.programs import Program
from bot.domain.questions import (
    LONGEST_ANSWER,
    Answered,
    AnsweredAlready,
    Empty,
    Form,
    Handed,
    NotAllowed,
    Reply,
    Sent,
    Where,
)
from bot.sandbox import rules
from bot.services import programs
from bot.views import ids
from bot.views import questions as views
from tests.journeys.workspace import text_of

NOW = datetime(2020, 10, 12, 14, 0, tzinfo=UTC)
PING = "<!channel> & co"
THREAD = Where("channel", "C0APPLY01", "1602511200.000100")
PRIVATE = Where("private", "C0APPLY01")
LATER = NOW + timedelta(days=1, hours=3)


@pytest.fixture(scope="module")
def ost() -> Program:
    return replace(programs.check(programs.find_file("ost-cop")), id=7)


def reply(program: Program, **other: Any) -> Reply:
    plain = Reply(
        question_id=12,
        text=PING,
        asker="U0ADA0001",
        where=THREAD,
        asked_at=NOW - timedelta(hours=2),
        programs=(program,),
        outcome="declined",
        handed=Handed("Fay Whitaker", "U0FAY0001", LATER, NOW),
    )
    return replace(plain, **other)


def shape(program: Program, **other: Any) -> Form:
    return Form(reply(program, **other), program, "Ada & Co")


def test_the_card_names_the_owner_the_day_and_who_asked(ost: Program) -> None:
    message = views.card(reply(ost))
    assert rules.message_blocks(list(message.blocks)) == []
    said = text_of(list(message.blocks))
    assert "<@U0FAY0001> · by Tue, Oct 13, 12:00 pm (St. Louis)" in said
    assert "Asked by <@U0ADA0001> in <#C0APPLY01>, Mon, Oct 12, 7:00 am (St. Louis)" in said
    assert "<!channel>" not in said + message.text


def test_the_cards_button_names_the_question(ost: Program) -> None:
    row = next(block for block in views.card(reply(ost)).blocks if block["type"] == "actions")
    press = row["elements"][0]  # type: ignore[index]
    assert (press["action_id"], press["value"]) == (ids.QUESTION_ANSWER, "7:12")  # type: ignore[index,call-overload]


def test_a_private_question_does_not_say_where(ost: Program) -> None:
    said = text_of(list(views.card(reply(ost, where=PRIVATE)).blocks))
    assert "privately" in said
    assert "C0APPLY01" not in said


def test_an_answered_card_says_by_whom_and_has_no_button(ost: Program) -> None:
    message = views.card(reply(ost, answers=(Answered("Fay", PING * 400, NOW),)))
    assert rules.message_blocks(list(message.blocks)) == []
    assert "*Answered by Fay*" in text_of(list(message.blocks))
    assert not [block for block in message.blocks if block["type"] == "actions"]
    assert "<!channel>" not in text_of(list(message.blocks))


@pytest.mark.parametrize(
    ("where", "reader"), [(THREAD, "everybody in <#C0APPLY01>"), (PRIVATE, "only Ada &amp; Co, by direct message")]
)
def test_who_reads_the_answer_stands_above_the_field(ost: Program, where: Where, reader: str) -> None:
    view = views.form(shape(ost, where=where))
    assert rules.view(view, "modal") == []
    kinds = [block["type"] for block in view["blocks"]]  # type: ignore[index,union-attr,call-overload]
    first = view["blocks"][0]  # type: ignore[index]
    assert reader in text_of(first)
    assert kinds.index("input") > 0


def test_the_form_comes_back_with_its_question(ost: Program) -> None:
    assert views.about(views.form(shape(ost))) == (7, 12, False)
    taken = shape(ost, answers=(Answered("Fay", "No.", NOW),))
    assert views.about(views.form(taken)) == (7, 12, True)
    assert views.about({"private_metadata": "nonsense"}) == (None, 0, False)


def test_words_that_came_second_stay_in_the_form(ost: Program) -> None:
    taken = shape(ost, answers=(Answered("Fay", "No.", NOW),))
    view = views.again(AnsweredAlready(taken, "Not this year."))
    assert rules.view(view, "modal") == []
    said = text_of(view["blocks"])
    assert "Fay has answered this already" in said
    field = next(block for block in view["blocks"] if block["type"] == "input")  # type: ignore[index,union-attr,call-overload]
    assert field["element"]["initial_value"] == "Not this year."  # type: ignore[index,call-overload]
    assert field["block_id"] != views.ANSWER  # type: ignore[index,call-overload]


@pytest.mark.parametrize("block", [views.ANSWER, views.AGAIN])
def test_either_form_is_read_and_marked(block: str) -> None:
    view = {"state": {"values": {block: {views.ANSWER: {"value": "No."}}}}}
    assert views.read(view) == "No."
    assert list(views.errors(Empty(0), view)) == [block]
    assert f"{LONGEST_ANSWER:,}" in views.errors(Empty(3000), view)[block]


def test_the_asker_is_told_who_answers(ost: Program) -> None:
    answers = (Answered("Fay", PING, NOW), Answered("Olu", "x" * LONGEST_ANSWER, NOW))
    first, second = (views.told(reply(ost, answers=answers), number, NOW) for number in (0, 1))
    for message in (first, second):
        assert rules.message_blocks(list(message.blocks)) == []
        assert "<!channel>" not in text_of(list(message.blocks)) + message.text
    assert "<@U0ADA0001> Fay answers:" in text_of(list(first.blocks))
    assert "Olu adds:" in text_of(list(second.blocks))
    alone = views.told(reply(ost, where=PRIVATE, answers=answers), 0, NOW)
    assert "<@U0ADA0001>" not in text_of(list(alone.blocks))


def test_a_question_that_stands_above_its_answer_is_not_said_again(ost: Program) -> None:
    answers = (Answered("Fay", "No.", NOW),)
    deeper = replace(THREAD, thread_ts="1602500000.000100")
    for where, again in ((THREAD, False), (deeper, True), (PRIVATE, True)):
        said = text_of(list(views.told(reply(ost, where=where, answers=answers), 0, NOW).blocks))
        assert ("You asked:" in said) is again


def test_who_asked_in_spanish_is_told_in_spanish(ost: Program) -> None:
    entry = next(one for one in ost.entries if one.translation("es"))
    answers = (Answered("Fay", "No todavía.", NOW), Answered("Olu", "", NOW, entry), Answered("Olu", "", NOW))
    asked = reply(ost, where=PRIVATE, answers=answers, language="es")
    first, second, gone = (views.told(asked, number, NOW) for number in (0, 1, 2))
    assert "Fay responde:" in text_of(list(first.blocks))
    assert "Usted preguntó:" in text_of(list(first.blocks))
    spanish = entry.translation("es")
    assert spanish is not None
    assert second.text == f"Olu añade: “{spanish.question}”"
    assert f"*{spanish.question}*" in text_of(list(second.blocks))
    assert "Olu añade: esta respuesta se retiró entretanto. Escriba a Adam" in gone.text


def test_the_facilitators_read_a_spanish_question_as_it_was_asked_on_a_card_in_their_language(ost: Program) -> None:
    message = views.card(reply(ost, text="¿hay beca?", language="es"))
    said = text_of(list(message.blocks))
    assert "> ¿hay beca?" in said
    assert "A question for a person" in said
    assert "by Tue, Oct 13, 12:00 pm" in said


def test_the_answer_is_confirmed_with_where_it_is_read(ost: Program) -> None:
    assert rules.view(views.thanks(Sent(shape(ost))), "modal") == []
    assert "in the thread" in text_of(views.thanks(Sent(shape(ost))))
    assert "by direct message" in text_of(views.thanks(Sent(shape(ost, where=PRIVATE))))


def test_a_refusal_names_who_answers(ost: Program) -> None:
    fay = Member(5, "U0FAY0001", "Fay Whitaker", "facilitator")
    assert "<@U0FAY0001>" in views.refusal(NotAllowed(ost, (fay,)))
    assert views.refusal(NotAllowed(None, ()))
    view = {"state": {"values": {views.ANSWER: {views.ANSWER: {"value": "No."}}}}}
    assert "Fay Whitaker" in views.refused_errors(NotAllowed(ost, (fay,)), view)[views.ANSWER]
