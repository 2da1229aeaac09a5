"""A question is answered in its own language, which stays with it whatever becomes of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from bot.domain import language
from bot.domain.faq import Index
from bot.domain.questions import Examples, Nobody, Reply, TooLong, Where
from bot.services import faq, questions
from bot.services.documents import shelf
from bot.services.faq import Asking, CannotShare, FaqIndexes
from bot.services.programs import Programs
from storage.database import Database
from storage.notices import NoticeRow
from storage.questions import Question
from tests import cast
from tests.cast import ADA, APPLICANTS, MONDAY

SPANISH = "¿hasta cuándo puedo enviar la solicitud?"
ENGLISH = "when is the application due?"
ALONE = Where("private", APPLICANTS)
NEITHER = "webinar"


def asks(
    session: Session, text: str, *, where: Where = ALONE, key: str = "T:1", form: str = ""
) -> Reply | Examples | TooLong:
    viewer = cast.asks(session, ADA, where.channel)
    asking = Asking(viewer, where, text, key, language=form)
    found = faq.ask(session=session, programs=Programs(), indexes=FaqIndexes(), asking=asking, now=MONDAY)
    assert isinstance(found, Reply | Examples | TooLong)
    return found


@pytest.mark.parametrize(("text", "spoken"), [(SPANISH, "es"), (ENGLISH, "en"), (NEITHER, "en")])
def test_the_language_is_kept_with_the_question(quick_db: Database, text: str, spoken: str) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        assert asks(session, text).language == spoken
    with quick_db.read() as session:
        row = session.exec(select(Question)).one()
        assert row.language == spoken
        assert faq.current(session=session, programs=Programs(), question=row).language == spoken
        assert faq.spoken(session, row.id or 0) == spoken
        assert faq.spoken(session, 0) == "en"


def test_what_could_be_either_is_in_the_language_of_the_form_it_was_written_in(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        assert asks(session, NEITHER, form="es").language == "es"
        assert asks(session, ENGLISH, form="es", key="T:2").language == "en"


def test_what_could_be_either_is_in_the_language_of_the_question_before_it(quick_db: Database) -> None:
    thread = Where("channel", APPLICANTS, "1602511200.000100")
    then = Where("channel", APPLICANTS, "1602511260.000200", thread.ts)
    with quick_db.begin() as session:
        cast.begin(session)
        asks(session, SPANISH, where=thread, key="T:1")
        assert asks(session, NEITHER, where=then, key="T:2").language == "es"


def test_examples_and_too_many_words_are_in_the_language_as_well(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        examples = asks(session, "¿?", form="es")
        assert isinstance(examples, Examples)
        assert examples.language == "es"
        assert all(language.is_spanish(one) for one in examples.questions)
        too_long = asks(session, SPANISH * 100)
        assert isinstance(too_long, TooLong)
        assert too_long.language == "es"
        assert asks(session, "17").language == "en"


def test_what_is_said_instead_of_an_answer_carries_its_language(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        for number, text in enumerate(("gracias", "thanks", "ok")):
            where = Where("direct", "D0ADA0001", f"1602511200.00010{number}")
            asking = Asking(cast.asks(session, ADA), where, text, f"T:{number}")
            faq.say(session=session, asking=asking, what="thanks", now=MONDAY)
        rows = session.exec(select(NoticeRow).where(NoticeRow.kind == faq.WORD).order_by(NoticeRow.key)).all()
        assert [row.refs["language"] for row in rows] == ["es", "en", "en"]


def test_a_refusal_to_share_or_to_hand_over_is_in_the_language_of_the_question(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.load(session)
        cast.person(session, ADA)
        found = asks(session, "¿hay estacionamiento?", where=Where("private", "D0ADA0001"))
        assert isinstance(found, Reply)
        viewer, programs = cast.asks(session, ADA), Programs()
        assert faq.share(
            session=session, programs=programs, viewer=viewer, question_id=found.question_id, now=MONDAY
        ) == CannotShare("es")
        nobody = questions.hand_over(
            session=session, programs=programs, viewer=viewer, question_id=found.question_id, now=MONDAY
        )
        assert isinstance(nobody, Nobody)
        assert nobody.language == "es"


def test_the_terminal_answers_in_the_language_of_the_question(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.load(session)
    index = Index(program.entries)
    spanish = faq.look(meant=(program,), index=index, text=SPANISH, now=MONDAY, shelf=shelf((), ())).said
    assert isinstance(spanish, Reply)
    assert spanish.language == "es"
    own = replace(program, language="es")
    neither = faq.look(meant=(own,), index=index, text=NEITHER, now=MONDAY, shelf=shelf((), ())).said
    assert isinstance(neither, Reply)
    assert neither.language == "es"
