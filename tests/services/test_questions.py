"""A question handed over has an owner and a day, is answered once, and its asker is told where they asked."""

from __future__ import annotations

import threading
import zlib
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.domain.entries import Keep, Rejected, asked_in
from bot.domain.once import AlreadySaved, Saved
from bot.domain.people import NotAllowed
from bot.domain.programs import Entry, answer_due
from bot.domain.questions import (
    AnsweredAlready,
    Draft,
    Empty,
    Form,
    Logged,
    Nobody,
    NotYours,
    Queue,
    Reply,
    Sent,
    Where,
)
from bot.services import cards, faq, questions
from bot.services.faq import Asking, FaqIndexes
from bot.services.programs import Programs
from storage import channels
from storage import questions as rows
from storage.database import Database
from storage.entries import EntrySave
from storage.notices import NoticeRow
from storage.people import Membership
from storage.questions import Question, QuestionAnswer
from tests import cast
from tests.cast import ADA, ALEX, APPLICANTS, FACILITATORS, FAY, JUNE, KOFI, MONDAY, PRIYA, SAM, TEAM

STIPEND = "is there a stipend?"
THREAD = Where("channel", APPLICANTS, "1602511200.000100")
OTHER = "U0OTHER01"


def asked(session: Session, text: str = STIPEND, user: str = ADA, where: Where = THREAD) -> Reply:
    """Somebody asks something, by default what the program does not answer; other words are another message."""
    if text != STIPEND:
        where = replace(where, ts=f"1602511201.{zlib.crc32(text.encode()) % 1_000_000:06}")
    asking = Asking(cast.asks(session, user, where.channel), where, text, f"{TEAM}:{where.channel}:{where.ts}:{text}")
    found = faq.ask(session=session, programs=Programs(), indexes=FaqIndexes(), asking=asking, now=MONDAY)
    assert isinstance(found, Reply)
    return found


def handed(session: Session, question: Reply, user: str = ADA) -> Reply | NotYours | Nobody:
    return questions.hand_over(
        session=session,
        programs=Programs(),
        viewer=cast.asks(session, user),
        question_id=question.question_id,
        now=MONDAY,
    )


def answered(
    session: Session,
    question: Reply,
    user: str = FAY,
    text: str = "No.",
    key: str = "",
    *,
    as_well: bool = False,
    keep: Keep = questions.NOTHING,
) -> Saved[Sent] | AlreadySaved[Sent] | AnsweredAlready | Empty | Rejected | NotAllowed | NotYours:
    return questions.answer(
        session=session,
        programs=Programs(),
        indexes=FaqIndexes(),
        viewer=cast.asks(session, user),
        question_id=question.question_id,
        text=text,
        key=key or f"T:view_submission:{user}:{text}",
        now=MONDAY,
        keep=keep,
        as_well=as_well,
    )


def form(session: Session, question_id: int, user: str = FAY) -> Form | NotAllowed | NotYours:
    return questions.form(
        session=session,
        programs=Programs(),
        indexes=FaqIndexes(),
        viewer=cast.asks(session, user),
        question_id=question_id,
        now=MONDAY,
    )


def said(session: Session, kind: str) -> list[NoticeRow]:
    return list(session.exec(select(NoticeRow).where(NoticeRow.kind == kind).order_by("id")).all())


def test_a_hand_over_names_who_answers_and_by_when(db: Database) -> None:
    with db.begin() as session:
        program = cast.begin(session)
        found = handed(session, asked(session))
    assert isinstance(found, Reply)
    assert found.handed is not None
    assert found.handed.owner == "Fay Whitaker"
    assert found.handed.due_at == answer_due(program, MONDAY)
    with db.read() as session:
        (card,) = said(session, cards.CARD)
        assert card.to_purpose == "facilitators"
        assert "stipend" not in str(card.refs)


def test_a_question_is_handed_over_once(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        question = asked(session)
        first = handed(session, question)
    with db.begin() as session:
        assert handed(session, question, PRIYA) == first
        assert len(said(session, cards.CARD)) == 1


def test_the_owner_is_whoever_has_the_fewest_open_questions(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        cast.join(session, program, OTHER, "facilitator", name="Olu Bello")
        owners = []
        for number in range(3):
            found = handed(session, asked(session, f"{STIPEND} {number}"))
            assert isinstance(found, Reply)
            assert found.handed is not None
            owners.append(found.handed.owner)
    assert owners == ["Fay Whitaker", "Olu Bello", "Fay Whitaker"]


def test_without_a_channel_the_facilitators_are_told_directly(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        cast.join(session, program, OTHER, "facilitator", name="Olu Bello")
        row = channels.get(session, TEAM, FACILITATORS)
        assert row is not None
        row.purpose = "none"
        session.add(row)
        session.flush()
        handed(session, asked(session))
        assert [card.to_person for card in said(session, cards.CARD)] == [FAY, OTHER]


def test_without_any_facilitator_the_asker_is_sent_to_the_contact(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.load(session)
        question = asked(session)
        assert handed(session, question) == Nobody(program)
        assert said(session, cards.CARD) == []
        assert questions.open_questions(session, program, MONDAY) == ()


def test_nobody_hands_over_somebody_elses_private_question(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        question = asked(session, where=Where("private", APPLICANTS))
        assert handed(session, question, PRIYA) == NotYours()


def test_the_asker_is_told_in_the_thread(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        question = asked(session)
        handed(session, question)
        assert isinstance(answered(session, question), Saved)
    with db.read() as session:
        (told,) = said(session, questions.TOLD)
        assert (told.to_channel, told.to_thread) == (APPLICANTS, THREAD.ts)
        (change,) = said(session, cards.CARD_CHANGE)
        assert change.to_purpose == "facilitators"


@pytest.mark.parametrize("where", [Where("private", APPLICANTS), Where("direct", "D0ADA0001", "1.1")])
def test_who_asked_privately_is_told_privately(quick_db: Database, where: Where) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        question = asked(session, where=where)
        handed(session, question)
        answered(session, question)
        (told,) = said(session, questions.TOLD)
        assert (told.to_person, told.to_channel) == (ADA, None)


def test_a_form_delivered_twice_is_one_answer(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        question = asked(session)
        handed(session, question)
        assert isinstance(answered(session, question, key="k"), Saved)
    with db.begin() as session:
        assert isinstance(answered(session, question, key="k"), AlreadySaved)
        assert len(said(session, questions.TOLD)) == 1
        assert len(session.exec(select(QuestionAnswer)).all()) == 1


def test_words_changed_after_a_lost_answer_are_sent_as_well_if_that_is_wanted(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        question = asked(session)
        handed(session, question)
        answered(session, question, text="No.", key="k")
        again = answered(session, question, text="Not this year.", key="k")
        assert isinstance(again, AnsweredAlready)
        assert again.words == "Not this year."
        sent = [answered(session, question, text="Not this year.", key="k", as_well=True) for _ in range(2)]
        assert [type(one) for one in sent] == [Saved, AlreadySaved]
        assert [one.text for one in session.exec(select(QuestionAnswer)).all()] == ["No.", "Not this year."]


@pytest.mark.parametrize("text", ["", " \n", "\u200b\u200d", "\x00"])
def test_an_answer_in_which_nothing_can_be_seen_is_asked_for_again(db: Database, text: str) -> None:
    with db.begin() as session:
        cast.begin(session)
        question = asked(session)
        assert answered(session, question, text=text) == Empty(0)


def test_marks_that_no_database_takes_are_left_out_of_an_answer(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        question = asked(session)
        assert isinstance(answered(session, question, text="No\x00t this year.", key="k"), Saved)
        assert [one.text for one in session.exec(select(QuestionAnswer)).all()] == ["Not this year."]


def test_whoever_is_slower_is_shown_the_answer_and_keeps_their_words(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        cast.join(session, program, OTHER, "facilitator", name="Olu Bello")
        question = asked(session)
        handed(session, question)
        answered(session, question, text="No.")
        slower = answered(session, question, OTHER, "Not this year.")
        assert isinstance(slower, AnsweredAlready)
        assert slower.words == "Not this year."
        assert [(one.by, one.text) for one in slower.form.reply.answers] == [("Fay Whitaker", "No.")]
        assert len(session.exec(select(QuestionAnswer)).all()) == 1
        assert isinstance(answered(session, question, OTHER, "Not this year.", as_well=True), Saved)
        assert len(said(session, questions.TOLD)) == 2


def test_two_facilitators_at_the_same_moment_make_one_answer(db: Database) -> None:
    with db.begin() as session:
        program = cast.begin(session)
        cast.join(session, program, OTHER, "facilitator", name="Olu Bello")
        question = asked(session)
        handed(session, question)
    start, outcomes = threading.Barrier(2), []

    def send(user: str) -> None:
        start.wait()
        with db.begin(patience=10) as session:
            outcomes.append(type(answered(session, question, user)))

    threads = [threading.Thread(target=send, args=(user,)) for user in (FAY, OTHER)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(outcomes) == {Saved, AnsweredAlready}


@pytest.mark.parametrize("user", [ADA, PRIYA, JUNE, SAM])
def test_only_those_who_run_the_program_answer(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        question = asked(session)
        handed(session, question)
        refused = answered(session, question, user)
        assert isinstance(refused, NotAllowed)
        assert [one.name for one in refused.facilitators] == ["Fay Whitaker"]
        shape = form(session, question.question_id, user)
        assert isinstance(shape, NotAllowed)
        assert session.exec(select(QuestionAnswer)).all() == []


@pytest.mark.parametrize("user", [FAY, ALEX])
def test_facilitators_and_admins_get_the_form(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        question = asked(session)
        shape = form(session, question.question_id, user)
    assert isinstance(shape, Form)
    assert shape.asker_name == "Ada Okafor"


def test_who_facilitates_no_longer_answers_no_longer(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        question = asked(session)
        handed(session, question)
        fay = session.exec(select(Membership).where(Membership.role == "facilitator")).one()
        fay.state = "left"
        session.add(fay)
        session.flush()
        assert isinstance(answered(session, question), NotAllowed)


@pytest.mark.parametrize(("text", "length"), [("", 0), ("  \n", 0), ("x" * 2501, 2501)])
def test_an_empty_or_endless_answer_is_not_kept(quick_db: Database, text: str, length: int) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        question = asked(session)
        handed(session, question)
        assert answered(session, question, text=text) == Empty(length)


def test_a_question_that_is_gone_cannot_be_answered(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        assert form(session, 99) == NotYours()


def test_open_questions_have_their_owner_and_go_when_answered(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        first = asked(session)
        handed(session, first)
        handed(session, asked(session, "can I get college credit", KOFI))
        waiting = questions.open_questions(session, program, MONDAY + timedelta(days=3))
        assert [(one.asker_name, one.owner) for one in waiting] == [
            ("Ada Okafor", "Fay Whitaker"),
            ("Kofi Mensah", "Fay Whitaker"),
        ]
        answered(session, first)
        assert [one.asker for one in questions.open_questions(session, program, MONDAY)] == [KOFI]


# Kept for next time


NEW = Keep("entry", question="Is there a stipend?", source="Fay Whitaker, Oct 12, 2020")


def known(session: Session, question: str = "When is the application due?") -> Entry:
    program = Programs().get(session, "ost-cop")
    assert program is not None
    entry = asked_in(program, question)
    assert entry is not None
    return entry


def test_with_the_same_click_the_answer_is_sent_and_kept(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        question = asked(session)
        handed(session, question)
        outcome = answered(session, question, text="No, but lunch.", keep=NEW)
        assert isinstance(outcome, Saved)
        assert outcome.receipt.kept is not None
        entry = known(session, "Is there a stipend?")
        assert (entry.answer, entry.source, entry.owner) == ("No, but lunch.", NEW.source, "Fay Whitaker")
        row = rows.get(session, question.question_id)
        assert row is not None
        assert (row.kept_as, row.kept_at) == (entry.key, MONDAY)
        assert len(said(session, questions.TOLD)) == 1


def test_an_entry_that_answers_is_what_the_asker_gets(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        question, entry = asked(session, "till when can I hand it in please"), known(session)
        keep = Keep("phrasing", question="till when can I hand it in please", entry=entry.key)
        outcome = answered(session, question, text="", keep=keep)
        assert isinstance(outcome, Saved)
        (answer,) = outcome.receipt.form.reply.answers
        assert (answer.text, answer.entry) == ("", known(session))
        assert "till when can I hand it in please" in known(session).phrasings


def test_a_form_with_something_to_keep_counts_once_however_often_it_arrives(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        question = asked(session)
        outcomes = [answered(session, question, key="k", keep=NEW) for _ in range(2)]
        assert [type(one) for one in outcomes] == [Saved, AlreadySaved]
        assert len(said(session, questions.TOLD)) == 1
        assert len(session.exec(select(EntrySave)).all()) == 1


def test_what_cannot_be_kept_is_not_sent_either(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        question = asked(session)
        handed(session, question)
        refused = answered(session, question, key="k", keep=replace(NEW, question="When is the application due"))
        assert isinstance(refused, Rejected)
        assert [one.why for one in refused.problems] == ["asked_already"]
        assert session.exec(select(QuestionAnswer)).all() == []
        assert said(session, questions.TOLD) == []
        assert isinstance(answered(session, question, key="k", keep=NEW), Saved)


def test_whoever_is_slower_keeps_nothing_unless_they_send_it_as_well(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        question = asked(session)
        answered(session, question)
        slower = answered(session, question, ALEX, "Not this year.", keep=NEW)
        assert isinstance(slower, AnsweredAlready)
        assert slower.form.keeping is not None
        assert session.exec(select(EntrySave)).all() == []
        assert isinstance(answered(session, question, ALEX, "Not this year.", keep=NEW, as_well=True), Saved)
        assert known(session, "Is there a stipend?").owner == "Alex Romero"


def test_the_form_begins_with_the_question_and_the_likeliest_entries(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        question = asked(session, "when is the application due please", where=Where("private", APPLICANTS))
        handed(session, question)
        shape = form(session, question.question_id)
        assert isinstance(shape, Form)
        assert shape.keeping is not None
        assert shape.keeping.keep == Keep(question="when is the application due please")
        assert known(session) in shape.keeping.choices[: shape.keeping.likely]


# What came otherwise


def noted(
    session: Session, draft: Draft, user: str = FAY, key: str = "k", keep: Keep = questions.NOTHING
) -> Saved[Logged] | AlreadySaved[Logged] | Rejected | NotAllowed:
    return questions.note(
        session=session,
        programs=Programs(),
        viewer=cast.asks(session, user),
        draft=draft,
        key=key,
        now=MONDAY,
        keep=keep,
    )


CALL = Draft("Can my sister come, too?", "Yes, gladly.", "telephone", "Mr. Okoro")


def test_a_question_from_the_telephone_counts_and_nobody_is_told_anything(db: Database) -> None:
    with db.begin() as session:
        program = cast.begin(session)
        outcomes = [noted(session, CALL) for _ in range(2)]
        assert [type(one) for one in outcomes] == [Saved, AlreadySaved]
        (row,) = session.exec(select(Question)).all()
        assert (row.program_id, row.via, row.asked_by, row.text) == (program.id, "telephone", "Mr. Okoro", CALL.text)
        assert (row.answered_at, row.handed_at, row.outcome) == (MONDAY, None, "declined")
        assert [one.text for one in session.exec(select(QuestionAnswer)).all()] == ["Yes, gladly."]
        assert session.exec(select(NoticeRow)).all() == []
        assert questions.open_questions(session, program, MONDAY) == ()


def test_a_note_whose_answer_was_lost_is_noted_with_its_other_words_and_keeps_the_first(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        other = replace(CALL, answer="Yes, and your brother.")
        outcomes = [noted(session, one) for one in (CALL, other, other)]
        assert [type(one) for one in outcomes] == [Saved, Saved, AlreadySaved]
        assert len(session.exec(select(Question)).all()) == 1
        (answer,) = session.exec(select(QuestionAnswer)).all()
        assert answer.text == "Yes, and your brother."
        assert [one["text"] for one in answer.earlier] == ["Yes, gladly."]


def test_what_was_answered_on_the_telephone_is_kept_as_well(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        outcome = noted(session, CALL, keep=Keep("entry", question="Can family come?", source="Fay, by telephone"))
        assert isinstance(outcome, Saved)
        assert known(session, "Can family come?").answer == "Yes, gladly."
        (row,) = session.exec(select(Question)).all()
        assert row.kept_as == known(session, "Can family come?").key


def test_an_entry_answers_what_came_by_e_mail(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        keep = Keep("phrasing", question="till when is there time", entry=known(session).key)
        assert isinstance(noted(session, Draft("till when is there time", ""), keep=keep), Saved)
        (row,) = session.exec(select(Question)).all()
        assert (row.chosen, row.kept_as) == (known(session).key, known(session).key)
        assert faq.outcome_of(row) == "answered"


def test_what_is_kept_of_a_note_follows_its_last_words(db: Database) -> None:
    kept = Keep("entry", question=CALL.text, source="Fay Whitaker")
    with db.begin() as session:
        cast.begin(session)
        assert isinstance(noted(session, CALL, keep=kept), Saved)
        other = replace(CALL, answer="No, only one of you.", via="email")
        assert isinstance(noted(session, other, keep=kept), Saved)
        assert isinstance(noted(session, other, keep=kept), AlreadySaved)
        (row,) = session.exec(select(Question)).all()
        assert (row.via, row.kept_as) == ("email", "can-my-sister-come-too")
        program = Programs().get(session, "ost-cop")
        assert program is not None
        entry = asked_in(program, CALL.text)
        assert entry is not None
        assert entry.answer == other.answer
        assert isinstance(noted(session, other), Saved)
        program = Programs().get(session, "ost-cop")
        assert program is not None
        assert asked_in(program, CALL.text) is None
        assert (row.kept_as, row.kept_at) == (None, None)


@pytest.mark.parametrize(
    ("draft", "fields"),
    [
        (Draft("", ""), ["asked", "answer"]),
        (Draft(" \u200b", "Yes."), ["asked"]),
        (Draft("x" * 1001, "Yes."), ["asked"]),
        (Draft("Is it?", "x" * 2501), ["answer"]),
    ],
)
def test_what_is_missing_in_a_note_is_named_and_nothing_is_kept(
    quick_db: Database, draft: Draft, fields: list[str]
) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        refused = noted(session, draft, keep=NEW)
        assert isinstance(refused, Rejected)
        assert [one.field for one in refused.problems] == fields
        assert session.exec(select(Question)).all() == []
        assert session.exec(select(EntrySave)).all() == []


@pytest.mark.parametrize("user", [ADA, PRIYA, JUNE, SAM])
def test_only_those_who_answer_note_questions_and_see_the_queue(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        viewer = cast.asks(session, user)
        assert isinstance(noted(session, CALL, user), NotAllowed)
        assert isinstance(
            questions.noting(session=session, indexes=FaqIndexes(), viewer=viewer, now=MONDAY), NotAllowed
        )
        assert isinstance(questions.queue(session=session, viewer=viewer, now=MONDAY), NotAllowed)


# The queue


def test_the_queue_has_pages_the_longest_waiting_first(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        for number in range(questions.PAGE + 3):
            handed(session, asked(session, f"{STIPEND} {number}"))
        fay = cast.asks(session, FAY)
        first, second, beyond = (
            questions.queue(session=session, viewer=fay, now=MONDAY, start=start) for start in (0, questions.PAGE, 999)
        )
        assert isinstance(first, Queue)
        assert isinstance(second, Queue)
        assert (first.start, first.total, first.questions[0].text) == (0, questions.PAGE + 3, f"{STIPEND} 0")
        assert [one.text for one in second.questions] == [f"{STIPEND} {number}" for number in range(20, 23)]
        assert beyond == second
