"""Writing without a form: a whole reflection and a check-in in the direct message, and all that may come between."""

from __future__ import annotations

import logging

import pytest
from sqlmodel import select

from bot.views.drafts import STANDS_BLOCK
from handlers import dialogues, drafts, faq, questions, reflections
from jobs.drafts import forget_old
from storage.checkins import CheckinVersion
from storage.dialogues import Dialogue
from storage.drafts import Draft
from storage.people import Membership
from storage.questions import Question
from storage.reflections import Reflection, ReflectionVersion
from tests import cast
from tests.cast import ADA, FAY, JUNE, LENA, PRIYA, TOMAS
from tests.handlers.desk import Desk, filled
from tests.handlers.talk import Talk
from tests.journeys.workspace import text_of

WORDS = "what I told my coach in confidence"


@pytest.fixture
def talk(season: Desk) -> Talk:
    return Talk(season, TOMAS)


def versions(talk: Talk) -> list[ReflectionVersion]:
    with talk.desk.deps.db.read() as session:
        return list(session.exec(select(ReflectionVersion)).all())


def rows(talk: Talk) -> list[Dialogue]:
    with talk.desk.deps.db.read() as session:
        return list(session.exec(select(Dialogue).order_by(Dialogue.id)).all())  # type: ignore[arg-type]


def begun_drafts(talk: Talk) -> list[Draft]:
    with talk.desk.deps.db.read() as session:
        return list(session.exec(select(Draft)).all())


def at_the_whole(talk: Talk) -> str:
    """Everything answered, and not handed in."""
    talk.begin()
    talk.press("The facilitators only")
    talk.write("Loud and warm.")
    talk.write("Calm.")
    talk.write("skip")
    return talk.write("an hour and a half")


def test_a_whole_reflection_is_written_and_handed_in(talk: Talk) -> None:
    first = talk.begin()
    assert "I ask one thing at a time" in first
    assert "the facilitator of this cohort, reads this" in first
    assert first.index("reads this") < first.index("1 of 5")
    second = talk.write("the first one")
    assert "Noted for “Who may read it”: The facilitators only" in second
    assert "2 of 5" in second
    talk.write("Loud and warm.")
    talk.write("Calm.")
    talk.write("Time.")
    whole = talk.write("an hour and a half")
    for words in ("Here is the whole", "Loud and warm.", "Calm.", "1.5 hours", "Nothing is handed in yet"):
        assert words in whole
    assert versions(talk) == []
    assert "Saved as no. 1" in talk.press("Hand in")
    (version,) = versions(talk)
    assert [answer[2] for answer in version.answers] == ["Loud and warm.", "Calm.", "Time."]
    assert (version.minutes, version.readers) == (90, "facilitators")
    assert begun_drafts(talk) == []
    (row,) = rows(talk)
    assert (row.state, row.answers, row.progress) == ("handed in", {}, {})


def test_hand_in_is_a_word_too_and_counts_once(talk: Talk) -> None:
    at_the_whole(talk)
    whole = talk.newest
    assert "Saved as no. 1" in talk.write("Hand it in, please.")
    with pytest.raises(AssertionError):
        talk.button("Hand in")
    talk.press("Hand in", whole)
    assert len(versions(talk)) == 1


def test_what_is_delivered_twice_is_heard_once(talk: Talk) -> None:
    talk.begin()
    ts = talk.send("1")
    talk.settle()
    said = len(talk.heard)
    assert "2 of 5" in talk.write("1", ts=ts)
    assert len(talk.heard) == said
    assert rows(talk)[0].turn == 2


def test_a_word_that_ended_it_is_no_question_when_it_is_delivered_again(talk: Talk) -> None:
    talk.begin()
    ts = talk.send("stop")
    talk.write("stop", ts=ts)
    with talk.desk.deps.db.read() as session:
        assert session.exec(select(Question)).all() == []


def test_what_is_said_in_two_messages_is_one_answer(talk: Talk) -> None:
    talk.begin()
    talk.press("The facilitators only")
    talk.send("Loud and warm.")
    talk.send("And a little late.", seconds=0.2)
    text = talk.read()
    assert "3 of 5" in text
    assert "Loud and warm. And a little late." in text
    assert len([one for one in talk.heard if "3 of 5" in text_of(one["blocks"])]) == 1


def test_a_question_in_the_middle_is_shown_as_noted_and_back_corrects_it(talk: Talk) -> None:
    talk.begin()
    talk.press("The facilitators only")
    assert "when is it due?" in talk.write("when is it due?")
    back = talk.write("back")
    assert "2 of 5" in back
    assert "Now: when is it due?" in back
    talk.write("Loud.")
    talk.write("Calm.")
    talk.write("skip")
    whole = talk.write("skip")
    assert "when is it due?" not in whole
    assert "left out" in whole


def test_what_is_needed_cannot_be_skipped(talk: Talk) -> None:
    talk.begin()
    talk.press("The facilitators only")
    assert "This one is needed" in talk.write("Skip it.")
    assert rows(talk)[0].progress["at"] == "answer:before-we-begin:program"


def test_hours_that_cannot_be_read_are_asked_again_kindly(talk: Talk) -> None:
    talk.begin()
    talk.press("The facilitators only")
    talk.write("Loud.")
    talk.write("Calm.")
    talk.write("skip")
    assert "I can read times like 1.5" in talk.write("quite some")
    assert "Noted for “Hours spent”: 1.5 hours" in talk.write("1,5")


def test_a_choice_that_cannot_be_told_is_asked_again(talk: Talk) -> None:
    talk.begin()
    assert "I could not tell which one" in talk.write("whoever")
    assert "2 of 5" in talk.write("only the facilitators")


def test_whoever_lets_the_cohort_read_it_is_told_so_at_the_end(talk: Talk) -> None:
    talk.begin()
    talk.write("the whole cohort")
    talk.write("Loud.")
    talk.write("Calm.")
    talk.write("skip")
    assert "The whole cohort reads this" in talk.write("skip")


def test_stopping_keeps_a_draft_that_the_form_and_the_bot_go_on_with(talk: Talk) -> None:
    talk.begin()
    talk.press("The facilitators only")
    talk.write("Loud and warm.")
    stopped = talk.write("Stop.")
    assert "Nothing is handed in" in stopped
    assert "kept as a draft" in stopped
    assert len(begun_drafts(talk)) == 1
    talk.desk.press(drafts.go_on, TOMAS, f"1:{begun_drafts(talk)[0].id}")
    assert "Loud and warm." in str(talk.desk.shown())
    again = talk.begin()
    assert "I have taken over what you had written already" in again
    assert "3 of 5" in again


def test_nothing_is_kept_where_nothing_was_written(talk: Talk) -> None:
    talk.begin()
    assert "nothing to keep" in talk.write("parar")
    assert begun_drafts(talk) == []


def test_starting_over_asks_first_and_forgets(talk: Talk) -> None:
    talk.begin()
    talk.press("The facilitators only")
    talk.write(WORDS)
    assert "Start over?" in talk.write("start over")
    assert "1 of 5" in talk.write("yes")
    assert WORDS not in str(rows(talk)[0].answers)
    assert WORDS not in str([one.values for one in begun_drafts(talk)])


def test_starting_over_can_be_thought_better_of(talk: Talk) -> None:
    talk.begin()
    talk.press("The facilitators only")
    talk.write("Loud.")
    talk.write("start over")
    assert "3 of 5" in talk.write("no")


def test_an_answer_is_changed_by_its_number_and_the_whole_comes_back(talk: Talk) -> None:
    at_the_whole(talk)
    assert "2 of 5" in talk.write("change 2")
    whole = talk.write("Quiet after all.")
    assert "Quiet after all." in whole
    assert "Here is the whole" in whole
    assert "Loud and warm." not in whole


def test_other_words_at_the_end_hand_nothing_in(talk: Talk) -> None:
    at_the_whole(talk)
    assert "Not handed in yet" in talk.write("when is it due?")
    assert versions(talk) == []


def test_after_a_pause_nothing_is_swallowed(talk: Talk) -> None:
    talk.begin()
    talk.press("The facilitators only")
    asked = talk.write("When is the application due?", seconds=24 * 3600)
    assert "it has been a while" in asked
    assert "When is the application due?" in asked
    assert rows(talk)[0].answers.keys() == {"reflection.readers"}
    assert "2 of 5" in talk.write("no")
    assert "3 of 5" in talk.write("Loud.")


def test_what_came_after_a_pause_may_be_the_answer(talk: Talk) -> None:
    talk.begin()
    talk.press("The facilitators only")
    talk.write("Loud.", seconds=3 * 3600)
    assert "3 of 5" in talk.press("Yes, take it")


def test_a_question_after_a_pause_is_answered_once_writing_is_stopped(talk: Talk) -> None:
    talk.begin()
    talk.write("When is the application due?", seconds=2 * 3600)
    talk.press("Stop for now")
    with talk.desk.deps.db.read() as session:
        (question,) = session.exec(select(Question)).all()
    assert question.text == "When is the application due?"


def test_a_message_that_is_edited_changes_its_answer(talk: Talk) -> None:
    talk.begin()
    talk.press("The facilitators only")
    ts = talk.send("Loud.")
    talk.settle()
    assert "Noted for" in talk.edit(ts, "Quiet.")
    assert "Quiet." in talk.read()
    talk.edit(ts, "Quiet.")
    talk.write("Calm.")
    talk.write("skip")
    whole = talk.write("skip")
    assert "Quiet." in whole
    assert "Loud." not in whole


def test_a_message_that_is_deleted_is_asked_for_again(talk: Talk) -> None:
    talk.begin()
    talk.press("The facilitators only")
    ts = talk.send("Loud.")
    talk.settle()
    assert "2 of 5" in talk.delete(ts)
    assert "Loud." not in str(rows(talk)[0].answers)
    assert "Loud." not in str([one.values for one in begun_drafts(talk)])


def test_an_edit_to_what_cannot_be_taken_is_asked_about(talk: Talk) -> None:
    talk.begin()
    talk.press("The facilitators only")
    talk.write("Loud.")
    talk.write("Calm.")
    talk.write("skip")
    ts = talk.send("2")
    talk.settle()
    assert "I can read times like" in talk.edit(ts, "lots")


def test_old_buttons_do_nothing_and_say_so(talk: Talk) -> None:
    talk.begin()
    first = talk.newest
    talk.write("1")
    talk.write("Loud.")
    talk.press("The whole cohort", {**first, "blocks": first["blocks"]})
    assert "answered" in text_of(talk.desk.shown())
    assert rows(talk)[0].answers["reflection.readers"][1] == ["facilitators"]


def test_questions_that_are_answered_lose_their_buttons(talk: Talk) -> None:
    talk.begin()
    talk.write("1")
    with pytest.raises(AssertionError):
        talk.button("Stop for now", talk.heard[-2])


def test_handing_in_with_the_form_ends_it(talk: Talk) -> None:
    talk.begin()
    talk.press("The facilitators only")
    talk.write("Loud and warm.")
    talk.desk.command(reflections.command, TOMAS)
    view = {**filled(talk.desk.shown(), hope="Calm."), "type": "modal"}
    talk.desk.submit(reflections.submit, TOMAS, view)
    talk.settle()
    assert [one.state for one in rows(talk)] == ["handed in"]
    assert rows(talk)[0].answers == {}
    assert [answer[2] for answer in versions(talk)[0].answers] == ["Loud and warm.", "Calm."]


def test_a_colleague_who_hands_in_takes_nothing_away(talk: Talk) -> None:
    talk.begin()
    talk.press("The facilitators only")
    other = Talk(talk.desk, PRIYA)
    at_the_whole(other)
    other.press("Hand in")
    talk.write("Loud.")
    talk.write("Calm.")
    talk.write("skip")
    talk.write("skip")
    assert "Saved as no. 2" in talk.press("Hand in")


def test_whoever_loses_the_role_keeps_their_words(talk: Talk) -> None:
    talk.begin()
    talk.press("The facilitators only")
    talk.write("Loud and warm.")
    with talk.desk.deps.db.begin() as session:
        for one in session.exec(select(Membership)).all():
            if one.role == "participant":
                one.state = "left"
                session.add(one)
    text = talk.write("Calm.")
    assert "I cannot go on with this" in text
    assert len(begun_drafts(talk)) == 1
    assert rows(talk)[0].state == "stopped"


def test_homework_that_is_removed_meanwhile_is_said(talk: Talk) -> None:
    talk.begin()
    talk.press("The facilitators only")
    with talk.desk.deps.db.begin() as session:
        row = session.exec(select(Dialogue)).one()
        row.subject = "no-such-homework"
        session.add(row)
    assert "no longer in OST Community of Practice" in talk.write("Loud.")


def test_one_press_begins_one_and_another_thing_keeps_the_first_as_a_draft(talk: Talk) -> None:
    talk.begin()
    talk.press("The facilitators only")
    talk.write("Loud.")
    talk.begin("checkin/")
    talk.settle()
    assert [(one.form, one.state) for one in rows(talk)] == [("reflection", "stopped"), ("checkin", "open")]
    assert len(begun_drafts(talk)) == 1


def test_a_check_in_is_written_with_presets_numbers_and_days(talk: Talk) -> None:
    assert "Who reads this" in talk.begin("checkin/")
    for _ in range(12):
        step = rows(talk)[0].progress["at"]
        answers = {
            "checkin.kind": "one on one",
            "checkin.organizations": "keep",
            "checkin.held_on": "yesterday",
            "checkin.length": "three quarters of an hour",
            "checkin.moved": "We have a room.",
            "checkin.in_the_way": "skip",
            "checkin.support": "1 and 3",
            "checkin.support_other": "skip",
            "checkin.next_step": "Paint it.",
            "checkin.confidence": "four",
        }
        if step is None:
            assert "Program quality, " in talk.read()
            break
        talk.write(answers.get(step, "1"))
    assert "no. 1" in talk.press("Hand in")
    with talk.desk.deps.db.read() as session:
        (version,) = session.exec(select(CheckinVersion)).all()
    assert len(version.support) == 2
    assert (version.minutes, version.next_step, version.confidence) == (45, "Paint it.", 4)
    assert version.held_on.isoformat() == "2020-10-11"


def test_a_day_still_to_come_is_refused_with_the_forms_own_sentence(season: Desk) -> None:
    talk = Talk(season, JUNE)
    talk.begin("checkin/")
    for _ in range(6):
        if rows(talk)[0].progress["at"] == "checkin.held_on":
            break
        talk.write("1")
    assert "still to come" in talk.write("October 20")


def test_a_guest_writes_one_as_well(season: Desk) -> None:
    talk = Talk(season, LENA)
    assert "Saved as no. 1" in (at_the_whole(talk) and talk.write("yes"))


def test_in_spanish_the_bot_goes_on_in_spanish(talk: Talk) -> None:
    talk.begin()
    talk.press("The facilitators only")
    assert "Anotado en" in talk.write("Los niños llegaron con muchas preguntas y se quedaron hasta la tarde.")
    assert "Volvemos a esta" in talk.write("atrás")
    talk.write("Otra vez: llegaron con muchas preguntas para todos.")
    talk.write("Que sea tranquilo.")
    talk.write("saltar")
    assert "Esto es todo" in talk.write("saltar")
    assert "Saved as no. 1" in talk.write("entregar")


def test_whoever_does_not_take_part_is_told_so(season: Desk) -> None:
    season.press(dialogues.begin, FAY, "1:reflection/before-we-begin")
    assert "you read them" in text_of(season.shown())
    for value in ("", "1:", "1:nonsense/x", "99:reflection/before-we-begin", "x"):
        season.press(dialogues.begin, TOMAS, value)
    with season.deps.db.read() as session:
        assert session.exec(select(Dialogue)).all() == []


@pytest.mark.parametrize("value", ["", "1:", "1:x/y/z", "1:1/1/hand in", "1:999/1/skip", "9:1/1/skip"])
def test_forged_and_foreign_buttons_change_nothing(talk: Talk, value: str) -> None:
    at_the_whole(talk)
    talk.desk.press(dialogues.say, PRIYA, value)
    talk.desk.press(dialogues.pick, PRIYA, value)
    talk.desk.press(dialogues.take, PRIYA, value)
    assert versions(talk) == []


def test_from_the_form_what_was_typed_is_taken_along(talk: Talk) -> None:
    talk.desk.command(reflections.command, TOMAS)
    view = {**filled(talk.desk.shown(), program="Loud and warm."), "type": "modal"}
    talk.desk.press(dialogues.begin, TOMAS, "1:", view)
    assert "I am asking you in our direct message now" in text_of(talk.desk.shown())
    text = talk.read()
    assert "I have taken over" in text
    assert "3 of 5" in text


def test_what_is_typed_into_the_form_meanwhile_counts(talk: Talk) -> None:
    talk.begin()
    talk.press("The facilitators only")
    talk.write("Loud.")
    with talk.desk.deps.db.begin() as session:
        draft = session.exec(select(Draft)).one()
        values = {**draft.values}
        values["answer:before-we-begin:program"] = {"draft.typed#1": {"value": "Typed since."}}
        draft.values, draft.saved_at = values, talk.desk.clock.forward(seconds=9)
        session.add(draft)
    talk.write("Calm.")
    talk.write("skip")
    assert "Typed since." in talk.write("skip")


def test_no_word_of_it_is_logged(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    talk.begin()
    talk.press("The facilitators only")
    talk.write(WORDS)
    talk.write("stop")
    # Slack's own client writes down what it sends where it is asked to, which the bot never does.
    assert not [one for one in caplog.records if WORDS in one.getMessage() and not one.name.startswith("slack_sdk")]


def test_what_is_left_for_a_month_is_forgotten_with_its_draft(talk: Talk) -> None:
    talk.begin()
    talk.press("The facilitators only")
    talk.write(WORDS)
    now = talk.desk.clock.forward(days=31)
    forget_old(talk.desk.deps, now)
    talk.settle()
    assert [(one.state, one.answers) for one in rows(talk)] == [("ended", {})]
    assert begun_drafts(talk) == []
    talk.write("When is the application due?")
    assert "it has been a while" not in talk.read()


def test_a_word_in_the_direct_message_begins_it(talk: Talk) -> None:
    talk.write("reflection")
    button = talk.button("Write it here instead")
    talk.desk.press(dialogues.begin, TOMAS, button["value"])
    assert "Before we begin" in talk.read()


def test_a_message_in_a_channel_is_no_answer(talk: Talk) -> None:
    talk.begin()
    talk.event({"type": "message", "user": TOMAS, "channel": cast.COHORT, "ts": "1602600000.1", "text": "hello"})
    assert rows(talk)[0].turn == 1


def test_an_answer_in_the_thread_of_the_question_counts(talk: Talk) -> None:
    talk.begin()
    assert "2 of 5" in talk.write("1", thread_ts=talk.newest["ts"])
    assert talk.write("hello", thread_ts="1602000000.000100") is not None
    assert rows(talk)[0].turn == 2


def test_a_long_answer_is_refused_where_it_is_said(talk: Talk) -> None:
    talk.begin()
    talk.press("The facilitators only")
    assert "3,000 fit" in talk.write("x" * 3100)
    assert rows(talk)[0].progress["at"] == "answer:before-we-begin:program"


def test_three_long_answers_fit_into_the_whole_and_are_handed_in_whole(talk: Talk) -> None:
    talk.begin()
    talk.press("The facilitators only")
    talk.write("this & that " * 240)
    talk.write("they < them " * 240)
    talk.write("here > there " * 220)
    whole = talk.write("1")
    assert len(whole) < 13_200
    talk.press("Hand in")
    assert sum(len(answer[2]) for answer in versions(talk)[0].answers) >= 8_000


def test_reflections_of_others_are_not_handed_in_by_it(talk: Talk) -> None:
    at_the_whole(talk)
    talk.press("Hand in")
    with talk.desk.deps.db.read() as session:
        (row,) = session.exec(select(Reflection)).all()
    other = Talk(talk.desk, PRIYA)
    other.desk.press(dialogues.begin, PRIYA, f"1:reflection/#{row.id}")
    assert "Only the person who wrote this reflection" in text_of(other.desk.shown())


# Asking, and noting a question


def asked(talk: Talk) -> list[Question]:
    with talk.desk.deps.db.read() as session:
        return list(session.exec(select(Question)).all())


def test_a_question_is_asked_without_the_form_and_answered_in_the_direct_message(season: Desk) -> None:
    talk = Talk(season, ADA)
    assert "Let's write a question here" in talk.begin("question/en")
    assert "Here is the whole" in talk.write("When is the application due?")
    assert asked(talk) == []
    assert "Oct 16" in talk.press("Ask")
    (question,) = asked(talk)
    assert (question.place, question.channel, question.outcome) == ("direct", talk.room, "answered")
    assert begun_drafts(talk) == []


def test_what_stood_in_the_form_of_a_question_goes_along(season: Desk) -> None:
    talk = Talk(season, ADA)
    season.press(faq.open_form, ADA, "1:en")
    form = filled(season.shown(), **{"faq.question": "When is it due?"})
    season.press(dialogues.begin, ADA, "1:", form)
    assert "in our direct message now" in text_of(season.shown())
    assert "When is it due?" in talk.read()


def test_a_question_is_asked_in_spanish_where_its_form_is(season: Desk) -> None:
    talk = Talk(season, ADA)
    season.press(faq.open_form, ADA, "1:es")
    form = season.shown()
    assert "¿Mejor sin formulario?" in text_of(form)
    season.press(dialogues.begin, ADA, "1:", filled(form))
    assert "mensajes directos" in text_of(season.shown())
    assert "Escribamos aquí una pregunta." in talk.read()
    assert "Esto es todo" in talk.write("¿Cuándo vence la solicitud?")
    talk.write("preguntar")
    assert [one.language for one in asked(talk)] == ["es"]


def test_no_question_at_all_is_asked_again(season: Desk) -> None:
    talk = Talk(season, ADA)
    talk.begin("question/en")
    assert "1 of 1" in talk.write("?")
    assert rows(talk)[0].progress["at"] == "faq.question"
    assert asked(talk) == []


def test_a_question_that_is_left_stands_in_its_form_until_it_is_thrown_away_or_asked(season: Desk) -> None:
    talk = Talk(season, ADA)
    talk.begin("question/en")
    talk.write("When is it due?")
    assert "kept as a draft" in talk.write("stop")
    season.press(faq.open_form, ADA, "1:en")
    form = season.shown()
    assert "When is it due?" in str(form)
    (kept,) = begun_drafts(talk)
    season.press(drafts.empty, ADA, f"1:{kept.id}", filled(form))
    assert "When is it due?" not in str(season.shown())
    assert STANDS_BLOCK not in str(season.shown())
    assert begun_drafts(talk) == []


def test_a_question_that_was_left_and_is_asked_in_the_form_is_no_draft_any_more(season: Desk) -> None:
    talk = Talk(season, ADA)
    talk.begin("question/en")
    talk.write("When is the application due?")
    talk.write("stop")
    (kept,) = begun_drafts(talk)
    season.press(drafts.go_on, ADA, f"1:{kept.id}")
    season.submit(faq.submit, ADA, filled(season.shown()))
    assert [one.text for one in asked(talk)] == ["When is the application due?"]
    assert begun_drafts(talk) == []


def test_a_question_is_noted_without_the_form(season: Desk) -> None:
    talk = Talk(season, FAY)
    assert "1 of 4" in talk.begin("note/")
    talk.press("By telephone")
    talk.write("skip")
    talk.write("Is there parking?")
    whole = talk.write("Yes, behind the house.")
    assert "By telephone" in whole
    assert asked(talk) == []
    talk.press("Note it")
    (question,) = asked(talk)
    assert (question.text, question.via, question.asked_by) == ("Is there parking?", "telephone", "")
    assert begun_drafts(talk) == []


def test_a_note_that_is_left_stands_in_its_form(season: Desk) -> None:
    talk = Talk(season, FAY)
    talk.begin("note/")
    talk.write("in person")
    talk.write("Mrs. Bell")
    talk.write("Is there parking?")
    talk.write("stop")
    season.press(questions.open_note, FAY, "1:")
    form = season.shown()
    assert "This is your draft" in text_of(form)
    assert "Mrs. Bell" in str(form)
    season.submit(questions.note, FAY, filled(form, **{"question.text": "Behind the house.", "entry.how": "no"}))
    assert [(one.text, one.asked_by) for one in asked(talk)] == [("Is there parking?", "Mrs. Bell")]
    assert begun_drafts(talk) == []


def test_a_note_is_the_facilitators(season: Desk) -> None:
    season.press(dialogues.begin, TOMAS, "1:note/")
    assert "facilitators" in text_of(season.shown())
    assert rows(Talk(season, TOMAS)) == []
