"""The figures come from what was asked, pressed, voted and answered; what was asked privately stays private."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlmodel import Session

from bot.domain.faq_report import Report
from bot.domain.programs import Program
from bot.domain.questions import Reply, Where
from bot.services import faq, faq_report
from bot.services.faq import Asking, FaqIndexes
from bot.services.programs import Programs
from storage import channels
from storage import faq_report as stored
from storage import questions as rows
from storage.database import Database
from tests import cast
from tests.cast import ADA, APPLICANTS, COHORT, FAY, KOFI, MONDAY, PRIYA, TEAM
from tests.services.test_questions import answered, handed

DEADLINE = "When is the application due?"
PARKING = "is there free parking near the building?"
PRIVATE = Where("private", APPLICANTS)
DIRECT = Where("direct", "D0KOFI001")


@pytest.fixture
def session(db: Database) -> Iterator[Session]:
    with db.begin() as session:
        cast.begin(session)
        yield session


def ask(session: Session, text: str, user: str = ADA, place: Where | str = APPLICANTS, days: int = 0) -> Reply:
    """Somebody asks something, some days after Monday; each question is one of its own."""
    number = len(stored.asked_since(session, _program(session).id, None)) + 1
    where = place if isinstance(place, Where) else Where("channel", place, f"1602511200.{number:06}")
    asking = Asking(cast.asks(session, user, where.channel), where, text, f"{TEAM}:{number}")
    now = MONDAY + timedelta(days=days)
    found = faq.ask(session=session, programs=Programs(), indexes=FaqIndexes(), asking=asking, now=now)
    assert isinstance(found, Reply)
    return found


def report(session: Session, since: date | None = None) -> Report:
    return faq_report.report(session=session, program=_program(session), since=since)


def test_nothing_asked_is_all_noughts_and_every_entry_answered_nobody(session: Session) -> None:
    found = report(session)
    assert (found.all.asked, found.all.median, found.kinds, found.entries, found.missed) == (0, None, {}, (), ())
    assert found.never == tuple(entry.key for entry in _program(session).entries)


def test_questions_are_counted_by_where_they_were_asked(session: Session) -> None:
    ask(session, DEADLINE)
    ask(session, DEADLINE, place=PRIVATE)
    ask(session, DEADLINE, KOFI, DIRECT)
    ask(session, DEADLINE, PRIYA, COHORT)
    ask(session, PARKING, PRIYA, "C0ELSEWHERE")
    counted = {kind: one.asked for kind, one in report(session).kinds.items()}
    assert counted == {"applicants": 1, "private": 1, "direct": 1, "cohort": 1, "channel": 1}


def test_an_answer_counts_for_its_entry_with_its_votes(session: Session) -> None:
    reply = ask(session, DEADLINE)
    assert reply.entry is not None
    for user, helpful in ((ADA, True), (KOFI, True), (FAY, False)):
        faq.vote(
            session=session,
            programs=Programs(),
            viewer=cast.asks(session, user),
            question_id=reply.question_id,
            helpful=helpful,
            now=MONDAY,
        )
    found = report(session)
    assert (found.all.answered, found.all.helpful, found.all.not_helpful) == (1, 2, 1)
    (entry,) = found.entries
    assert (entry.key, entry.answered, entry.helpful, entry.not_helpful) == (reply.entry.key, 1, 2, 1)
    assert reply.entry.key not in found.never


def test_what_is_handed_over_and_answered_says_how_fast(session: Session) -> None:
    handed(session, ask(session, PARKING))
    reply = ask(session, PARKING, days=1)
    handed(session, reply)
    _answer(session, reply, hours=5)
    found = report(session).all
    assert (found.handed_over, found.waiting, found.by_a_person, found.median) == (2, 1, 1, timedelta(hours=5))


def test_a_question_in_a_channel_that_found_nothing_is_printed(session: Session) -> None:
    ask(session, PARKING)
    (missed,) = report(session).missed
    assert (missed.count, missed.wordings) == (1, (PARKING,))


@pytest.mark.parametrize("where", [PRIVATE, DIRECT])
def test_a_private_question_is_counted_and_never_printed(session: Session, where: Where) -> None:
    ask(session, PARKING, place=where)
    found = report(session)
    assert (found.missed, found.missed_private) == ((), 1)
    assert PARKING not in repr(found)


def test_a_private_question_that_was_handed_over_is_printed(session: Session) -> None:
    handed(session, ask(session, PARKING, place=PRIVATE))
    found = report(session)
    assert (found.missed[0].wordings, found.missed_private) == ((PARKING,), 0)


def test_a_private_channel_of_nobody_keeps_its_words(session: Session) -> None:
    room = cast.room(session, _program(session), "G0SECRET1", "none")
    room.private, room.program_id = True, None
    assert channels.get(session, TEAM, "G0SECRET1") is room
    ask(session, PARKING, PRIYA, "G0SECRET1")
    found = report(session)
    assert (found.missed, found.missed_private) == ((), 1)


def test_what_was_kept_as_an_entry_is_missed_no_longer(session: Session) -> None:
    reply = ask(session, PARKING)
    row = rows.get(session, reply.question_id)
    assert row is not None
    row.kept_as, row.kept_at = "parking", MONDAY
    assert report(session).missed == ()


def test_since_begins_with_the_programs_midnight(session: Session) -> None:
    ask(session, PARKING)
    ask(session, PARKING, days=1)
    assert report(session, date(2020, 10, 12)).all.asked == 2
    assert report(session, date(2020, 10, 13)).all.asked == 1
    assert report(session, date(2020, 10, 14)).all.asked == 0


def test_languages_are_told_apart(session: Session) -> None:
    ask(session, DEADLINE)
    ask(session, "¿Cuándo hay que entregar la solicitud?")
    assert {name: one.asked for name, one in report(session).languages.items()} == {"en": 1, "es": 1}


def test_what_could_be_about_several_programs_counts_for_none_and_is_told(session: Session) -> None:
    reply = ask(session, PARKING)
    row = rows.get(session, reply.question_id)
    assert row is not None
    row.program_id = None
    found = report(session)
    assert (found.all.asked, found.unplaced) == (0, 1)


def _program(session: Session) -> Program:
    found = Programs().get(session, "ost-cop")
    assert found is not None
    return found


def _answer(session: Session, reply: Reply, hours: int) -> None:
    """Fay answers some hours after it was handed over."""
    answered(session, reply)
    (said,) = rows.answers(session, reply.question_id)
    said.answered_at = MONDAY + timedelta(hours=hours)
    session.flush()
