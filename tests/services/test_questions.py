"""A question handed over has an owner and a day, is answered once, and its asker is told where they asked."""

from __future__ import annotations

import threading
import zlib
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.domain.entries import Keep, Rejected
from bot.domain.once import AlreadySaved, Saved
from bot.domain.programs import answer_due
from bot.domain.questions import (
    AnsweredAlready,
    Empty,
    Form,
    Nobody,
    NotAllowed,
    NotYours,
    Reply,
    Sent,
    Where,
)
from bot.services import cards, faq, questions
from bot.services.faq import Asking, FaqIndexes
from bot.services.programs import Programs
from storage import channels
from storage.database import Database
from storage.notices import NoticeRow
from storage.people import Membership
from storage.questions import QuestionAnswer
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
        assert [one.name for one in refused.ask] == ["Fay Whitaker"]
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
