"""The facilitators' card, the form and what the asker is told: named readers, escaped words, Slack's limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.domain.entries import How, Keep, Keeping, Kept
from bot.domain.people import Member, NotAllowed
from bot.domain.programs import Program
from bot.domain.questions import (
    LONGEST_ANSWER,
    Answered,
    AnsweredAlready,
    Draft,
    Empty,
    Form,
    Handed,
    Logged,
    Noting,
    OpenQuestion,
    Queue,
    Reply,
    Sent,
    Where,
)
from bot.sandbox import rules
from bot.services import programs
from bot.views import ids
from bot.views import questions as views
from tests.handlers.desk import filled
from tests.journeys.workspace import text_of

NOW = datetime(2020, 10, 12, 14, 0, tzinfo=UTC)
PING = "<!channel> & co"
THREAD = Where("channel", "C0APPLY01", "1602511200.000100")
PRIVATE = Where("private", "C0APPLY01")
LATER = NOW + timedelta(days=1, hours=3)


@pytest.fixture(scope="module")
def ost() -> Program:
    return replace(programs.check(programs.find_file("ost-cop")), id=7)


def test_a_card_says_what_is_left_of_a_question_that_is_answered_otherwise(ost: Program) -> None:
    card = views.card(reply(ost, entry=ost.entry("deadline"), outcome="answered", unanswered=(f"is {PING} free?",)))
    assert "this is left: “is &lt;!channel&gt; &amp; co free?”" in text_of(card.blocks)


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


# Kept for next time


def keeping(program: Program, likely: int = 1, **keep: Any) -> Keeping:
    began = Keep(question=PING, **keep)
    return Keeping(program, began, "", "Fay & Co", NOW.date(), program.entries, likely, 12)


def kept(program: Program, **other: Any) -> Form:
    return replace(shape(program, **other), keeping=keeping(program))


def labels(view: Any) -> list[str]:
    return [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"]


HOWS: list[tuple[How, list[str]]] = [
    ("no", ["Your answer", "For next time"]),
    (
        "entry",
        [
            "Your answer",
            "For next time",
            "The question, as people ask it",
            "Where it stands",
            "Who may be told",
            "Right until",
        ],
    ),
    ("phrasing", ["Your own words, if you like", "For next time", "Which answer", "Another way to ask for it"]),
]


@pytest.mark.parametrize(("how", "fields"), HOWS)
def test_the_form_asks_for_what_the_choice_takes(ost: Program, how: How, fields: list[str]) -> None:
    view: Any = views.form(kept(ost), replace(keeping(ost).keep, how=how))
    assert rules.view(view, "modal") == []
    assert labels(view) == fields
    assert ("Who reads what is kept" in text_of(view)) is (how == "entry")
    answer = next(block for block in view["blocks"] if block.get("block_id") == views.ANSWER)
    assert answer["optional"] is (how == "phrasing")


@pytest.mark.parametrize("how", ["no", "entry", "phrasing"])
def test_whoever_is_slower_may_keep_their_answer_too(ost: Program, how: How) -> None:
    taken = kept(ost, answers=(Answered("Fay", "No.", NOW),))
    view: Any = views.again(AnsweredAlready(taken, "Not this year."), replace(keeping(ost).keep, how=how))
    assert rules.view(view, "modal") == []
    assert "Not this year." in str(view)
    assert "For next time" in labels(view)


def test_what_was_kept_is_said_beside_what_was_sent(ost: Program) -> None:
    sent = Sent(shape(ost), Kept(ost, ost.entries[0], "entry"))
    assert rules.view(views.thanks(sent), "modal") == []
    assert f"whoever asks “{ost.entries[0].question}”" in text_of(views.thanks(sent))


def test_an_answer_that_is_there_is_told_with_its_source_below_the_persons_words(ost: Program) -> None:
    entry = ost.entries[0]
    answers = (Answered("Fay", PING, NOW, entry), Answered("Fay", "", NOW, entry))
    with_words, alone = (views.told(reply(ost, answers=answers), number, NOW) for number in (0, 1))
    for message in (with_words, alone):
        assert rules.message_blocks(list(message.blocks)) == []
        assert entry.source in text_of(list(message.blocks))
        assert "<!channel>" not in text_of(list(message.blocks)) + message.text
    assert text_of(list(with_words.blocks)).index("&lt;!channel&gt;") < text_of(list(with_words.blocks)).index("Source")


# What came otherwise


def test_a_note_says_who_reads_it_and_comes_back_as_it_was_filled_in(ost: Program) -> None:
    view: Any = views.note_form(Noting(keeping(ost)))
    assert rules.view(view, "modal") == []
    assert "Who reads this" in text_of(view["blocks"][0])
    typed = {
        "question.via": "telephone",
        "question.asked_by": "Mr. O",
        "question.asked": "Is it?",
        "question.text": "Yes.",
    }
    back = filled(view, **typed)
    assert views.read_note(back) == Draft("Is it?", "Yes.", "telephone", "Mr. O")
    assert views.about(back) == (7, 0, False)


@pytest.mark.parametrize("how", ["no", "entry", "phrasing"])
def test_a_note_that_is_drawn_again_holds_what_was_typed(ost: Program, how: How) -> None:
    draft = Draft(PING, "x" * LONGEST_ANSWER, "in_person", "Mr. O")
    view: Any = views.note_form(Noting(keeping(ost)), draft, replace(keeping(ost).keep, how=how))
    assert rules.view(view, "modal") == []
    assert views.read_note(filled(view)) == draft


def test_a_note_is_thanked_for(ost: Program) -> None:
    view = views.noted(Logged(ost, Kept(ost, ost.entries[0], "phrasing")))
    assert rules.view(view, "modal") == []
    assert "in these words" in text_of(view)
    assert rules.view(views.noted(Logged(ost)), "modal") == []


# The queue


def open_question(number: int, **other: Any) -> OpenQuestion:
    at, due = NOW - timedelta(days=2), NOW - timedelta(days=1)
    plain = OpenQuestion(number, PING * 60, "U0ADA0001", PING, THREAD, at, at, due, "Fay", "U0FAY0001")
    return replace(plain, **other)


def test_what_nobody_was_told_of_is_not_said_to_be_promised(ost: Program) -> None:
    view = views.page(Queue(ost, (open_question(1, promised=False),), 0, 1), NOW)
    assert "looks after it · waits since Sat, Oct 10, 9:00 am (St. Louis)" in text_of(view)
    assert "promised" not in text_of(view)


def test_a_page_of_the_queue_has_owner_age_and_the_way_on(ost: Program) -> None:
    some = tuple(open_question(number) for number in range(20))
    view: Any = views.page(Queue(ost, some, 20, 50), NOW)
    assert rules.view(view, "modal") == []
    said = text_of(view)
    assert "50 open questions" in said
    assert "<@U0ADA0001>, 2 days ago · <@U0FAY0001> looks after it · was promised for" in said
    assert "<!channel>" not in said
    turns = {one["text"]["text"]: one["value"] for one in view["blocks"][-1]["elements"]}
    assert turns == {"The first ones": "7:", "The next ones": "7:40"}


def test_a_short_queue_has_one_page_and_an_empty_one_says_so(ost: Program) -> None:
    one: Any = views.page(Queue(ost, (open_question(1, asker="", owner_user=None),), 0, 1), NOW)
    assert rules.view(one, "modal") == []
    assert one["blocks"][-1]["type"] == "section"
    assert "Nobody waits" in text_of(views.page(Queue(ost, (), 0, 0), NOW))


def from_thread(program: Program, *texts: str, **other: Any) -> Reply:
    said = tuple(Answered(f"Tomás {PING}", text, NOW, None, f"160.{number}") for number, text in enumerate(texts))
    return reply(program, answers=said, quiet=True, **other)


def test_what_people_answered_in_the_thread_is_offered_with_its_buttons(ost: Program) -> None:
    message = views.card(from_thread(ost, "Yes, see page 2."))
    assert rules.message_blocks(list(message.blocks)) == []
    said = text_of(list(message.blocks))
    assert "answered a question in <#C0APPLY01>" in said
    assert "> Yes, see page 2." in said
    assert "Asked by <@U0ADA0001> in <#C0APPLY01>" in said
    assert "<!channel>" not in said + message.text
    (row,) = [block for block in message.blocks if block["type"] == "actions"]
    buttons: Any = row["elements"]
    assert [(one["action_id"], one["value"]) for one in buttons] == [
        (ids.ENTRY_KEEP, "7:12/160.0"),
        (ids.QUESTION_NO_ANSWER, "7:12/160.0"),
    ]


def test_several_long_answers_from_a_thread_fit_into_one_message(ost: Program) -> None:
    message = views.card(from_thread(ost, *["<&>" * 800] * 3))
    assert rules.message_blocks(list(message.blocks)) == []
    assert rules.message_text(message.text) == []


@pytest.mark.parametrize(("kept", "words"), [(True, "whoever asks this next"), (False, "not kept for next time")])
def test_what_is_settled_has_no_buttons_any_more(ost: Program, kept: bool, words: str) -> None:
    message = views.card(from_thread(ost, "Yes.", settled=True, kept=kept))
    assert words in text_of(list(message.blocks))
    assert "actions" not in {block["type"] for block in message.blocks}


def test_an_answer_that_came_in_first_is_read_in_the_thread(ost: Program) -> None:
    assert "It stands in the thread." in text_of(list(views.card(from_thread(ost, "")).blocks))


def test_a_question_that_was_taken_back_is_not_quoted(ost: Program) -> None:
    message = views.card(reply(ost, text="Something private", withdrawn=True))
    assert rules.message_blocks(list(message.blocks)) == []
    assert "private" not in message.text + text_of(list(message.blocks))
    assert "actions" not in {block["type"] for block in message.blocks}


def test_what_was_written_for_a_question_that_is_gone_stays_in_view(ost: Program) -> None:
    second = views.again(AnsweredAlready(shape(ost, answers=(Answered("Fay", "No.", NOW),)), "Mine."))
    for view, block in ((views.form(shape(ost)), views.ANSWER), (second, views.AGAIN)):
        state = {"values": {block: {views.ANSWER: {"value": "Mine."}}}}
        assert list(views.gone_errors({**view, "state": state})) == [block]
