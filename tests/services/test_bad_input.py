"""Entries and questions as nobody should write them, and programs that change while they are asked: nothing breaks."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session

from bot.domain.programs import Program
from bot.domain.questions import FOR_APPLICANTS, Examples, Reply, TooLong, Where
from bot.services import faq, program_file, programs
from bot.services.faq import Asking, FaqIndexes
from bot.services.program_file import ProgramError
from bot.services.programs import Edited, Programs, Rejected
from bot.views import faq as views
from storage import questions as rows
from storage.database import JOB_PATIENCE, Database
from tests import cast
from tests.cast import ADA, APPLICANTS, FAY, MONDAY, TEAM
from tests.services.test_program_file import GOOD

ASKED = "When is the application due?"
UNSURE = "what about the coach time thing"
BODY = {"question": "Is lunch served?", "answer": "Yes, at noon.", "source": "The page", "owner": "Mara"}


@pytest.fixture
def session(quick_db: Database) -> Iterator[Session]:
    with quick_db.begin() as session:
        cast.begin(session)
        yield session


def ask(session: Session, text: str, number: int = 1, indexes: FaqIndexes | None = None) -> Reply | Examples | TooLong:
    where = Where("channel", APPLICANTS, f"1602511200.{number:06}")
    asking = Asking(cast.asks(session, ADA, APPLICANTS), where, text, f"{TEAM}:{number}")
    found = faq.ask(session=session, programs=Programs(), indexes=indexes or FaqIndexes(), asking=asking, now=MONDAY)
    assert isinstance(found, Reply | Examples | TooLong)
    return found


def edit(session: Session, key: str, **fields: Any) -> Edited | Rejected:
    """An entry as somebody in Slack writes it; without fields it is taken out."""
    done = programs.edit_item(
        session=session,
        slug="ost-cop",
        section="faq",
        key=key,
        body={"id": key, **BODY, **fields} if fields else None,
        by=FAY,
        now=MONDAY,
    )
    assert isinstance(done, Edited | Rejected)
    return done


def flaws(done: Edited | Rejected) -> str:
    assert isinstance(done, Rejected)
    return " ".join(says for _, says in done.problems)


# What stands in a program


@pytest.mark.parametrize(
    "answer", ["", " \n ", "\u200b", "\u200b \u2060", "\u00ad", "\u202e\u202c", "\u3164", "\u2800"]
)
def test_an_answer_in_which_nothing_can_be_seen_is_refused(session: Session, answer: str) -> None:
    assert "is empty" in flaws(edit(session, "lunch", answer=answer))


@pytest.mark.parametrize(
    "answer",
    [
        "{{open:applications|Yes.|}}",
        "{{open:applications||No.}}",
        "\u200b{{open:applications|Yes.|{{open:applications||}}}}",
    ],
)
def test_an_answer_that_is_empty_on_some_days_is_refused(session: Session, answer: str) -> None:
    assert "is empty on some days" in flaws(edit(session, "lunch", answer=answer))
    translations = {"es": {"question": "¿Hay almuerzo?", "answer": answer}}
    assert "is empty on some days" in flaws(edit(session, "lunch", translations=translations))


@pytest.mark.parametrize(
    "answer", ["{{open:applications|Yes.|No.}}", "Well. {{open:applications|Yes.|}}", "{{contact}}"]
)
def test_an_answer_that_always_says_something_is_kept(session: Session, answer: str) -> None:
    assert isinstance(edit(session, "lunch", answer=answer), Edited)


@pytest.mark.parametrize("question", ["?!", "🙂", "\u200b"])
def test_a_question_without_a_word_is_refused(session: Session, question: str) -> None:
    assert "no word in it" in flaws(edit(session, "lunch", question=question))
    assert "no word in it" in flaws(edit(session, "lunch", phrasings=[question]))


@pytest.mark.parametrize(
    "question",
    [
        "¿DÓNDE  es el almuerzo?",
        "donde es el almuerzo",
        unicodedata.normalize("NFD", "¿Dónde es el almuerzo?"),
        "Do\u200bnde es el almuerzo",
        "Ｄonde es el almuerzo？",
    ],
)
def test_two_entries_are_never_asked_in_the_same_words_however_those_are_written(
    session: Session, question: str
) -> None:
    assert isinstance(edit(session, "lunch", phrasings=["¿Dónde es el almuerzo?"]), Edited)
    assert "one question has one answer" in flaws(edit(session, "dinner", question=question))


def test_two_answers_to_one_question_are_refused_in_a_file_with_their_line() -> None:
    twice = GOOD + GOOD[GOOD.rindex("  - id:") :].replace("  - id: ", "  - id: second-")
    with pytest.raises(ProgramError) as caught:
        program_file.read_text(twice, "riverside.yaml")
    assert "one question has one answer" in str(caught.value.problems[0])


# What is asked


@pytest.mark.parametrize(
    "text", ["🙂", "\u200b\u2060", "???", "1", "1️⃣", "\x00", "<!channel>", "`rm -rf`", "\ud83d", "\u3164"]
)
def test_what_has_no_word_in_it_gets_examples_and_is_not_logged(session: Session, text: str) -> None:
    assert isinstance(ask(session, text), Examples)
    assert rows.by_key(session, f"{TEAM}:1") is None


@pytest.mark.parametrize("text", ["x" * 10_000, "when is it due " * 667, "א" * 10_000, "\u202e" + "when " * 2_000])
def test_ten_thousand_characters_get_a_sentence_with_their_number(session: Session, text: str) -> None:
    found = ask(session, text)
    assert isinstance(found, TooLong)
    assert "up to 1,000 characters" in views.too_long(found)


def test_invisible_characters_do_not_make_a_question_long(session: Session) -> None:
    found = ask(session, ("\u200b" * 200).join(ASKED))
    assert isinstance(found, Reply)
    assert found.entry is not None
    assert found.entry.key == "deadline"


@pytest.mark.parametrize(
    "text", ["هل البرنامج مجاني للجميع؟", "האם התוכנית חינם לכולם?", "a" * 1000, "w" + "o" * 900 + "w?"]
)
def test_what_nobody_can_read_here_is_declined_and_kept_as_it_was(session: Session, text: str) -> None:
    found = ask(session, text)
    assert isinstance(found, Reply)
    assert (found.entry, found.text, found.language) == (None, text, "en")
    views.message(found, MONDAY)


def test_no_control_character_reaches_the_database(session: Session) -> None:
    found = ask(session, "is\x00 there\x1b parking\x07 for\u202e a bus\ud800?")
    assert isinstance(found, Reply)
    assert found.text == "is there parking for a bus?"


# A program that changes while it is asked


def test_an_answer_whose_entry_is_taken_out_before_it_is_said_is_none(session: Session) -> None:
    found = ask(session, ASKED)
    assert isinstance(found, Reply)
    assert isinstance(edit(session, "deadline"), Edited)
    later = ask(session, ASKED)
    assert isinstance(later, Reply)
    assert later.entry is None
    assert "I don't have that" in views.plain(later, MONDAY)
    assert "I don't have that" in str(views.message(later, MONDAY).blocks)


def test_a_choice_of_which_nothing_is_left_is_no_choice(session: Session) -> None:
    found = ask(session, UNSURE)
    assert isinstance(found, Reply)
    assert len(found.suggestions) > 1
    for entry in found.suggestions:
        assert isinstance(edit(session, entry.key), Edited)
    later = ask(session, UNSURE)
    assert isinstance(later, Reply)
    assert later.outcome == "declined"
    assert "I don't have that" in str(views.message(later, MONDAY).blocks)


def test_a_button_of_a_choice_that_was_taken_out_leads_to_a_person(session: Session) -> None:
    found = ask(session, UNSURE)
    assert isinstance(found, Reply)
    gone = found.suggestions[0]
    edit(session, gone.key)
    pressed = faq.choose(
        session=session,
        programs=Programs(),
        viewer=cast.asks(session, ADA),
        question_id=found.question_id,
        entry=gone.key,
        now=MONDAY,
    )
    assert isinstance(pressed, Reply)
    assert "I don't have that" in str(views.message(pressed, MONDAY).blocks)


def test_an_index_of_what_was_never_committed_answers_nobody(quick_db: Database) -> None:
    indexes = FaqIndexes()
    with quick_db.begin() as session:
        before = cast.begin(session)
    with suppress(RuntimeError), quick_db.begin() as session:
        edit(session, "lunch", answer="Rolled back.")
        assert _entries(indexes, session) != before.entries
        raise RuntimeError
    with quick_db.begin() as session:
        edit(session, "lunch", answer="Committed.")
    with quick_db.read() as session:
        answers = {entry.key: entry.answer for entry in _entries(indexes, session)}
    assert answers["lunch"] == "Committed."


def test_two_programs_of_one_name_and_revision_are_told_apart_by_what_they_say() -> None:
    program = programs.check(programs.find_file("ost-cop"))
    other = replace(program, entries=program.entries[:3])
    indexes = FaqIndexes()
    assert len(indexes.of((program,), FOR_APPLICANTS).entries) > 3
    assert len(indexes.of((other,), FOR_APPLICANTS).entries) == 3


def test_whoever_asks_while_an_entry_changes_gets_one_of_its_answers_whole(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        edit(session, "lunch", answer="Answer 0.")
    indexes, known, stopped = FaqIndexes(), Programs(), threading.Event()

    def write() -> int:
        number = 0
        while not stopped.is_set() and number < 200:
            number += 1
            with db.begin(patience=JOB_PATIENCE) as session:
                edit(session, "lunch", answer=f"Answer {number}.", question=f"Is lunch served in room {number}?")
        return number

    def read(number: int) -> str:
        where = Where("private", APPLICANTS)
        with db.begin(patience=JOB_PATIENCE) as session:
            asking = Asking(
                cast.asks(session, ADA, APPLICANTS), where, "is lunch served in a room?", f"{TEAM}:{number}"
            )
            found = faq.ask(session=session, programs=known, indexes=indexes, asking=asking, now=MONDAY)
        assert isinstance(found, Reply)
        if found.entry is None or found.entry.key != "lunch":
            return ""
        answer = found.entry.answer.removesuffix(".").removeprefix("Answer ")
        assert found.entry.question == f"Is lunch served in room {answer}?" or answer == "0"
        return found.entry.answer

    with ThreadPoolExecutor(8) as pool:
        writing = pool.submit(write)
        said = list(pool.map(read, range(60)))
        stopped.set()
    assert writing.result() > 0
    assert len([one for one in said if one]) > 30
    with db.read() as session:
        entries = {entry.key: entry.answer for entry in _entries(indexes, session, known)}
    assert entries["lunch"] == f"Answer {writing.result()}."


def _entries(indexes: FaqIndexes, session: Session, known: Programs | None = None) -> tuple[Any, ...]:
    program: Program | None = (known or Programs()).get(session, "ost-cop")
    assert program is not None
    return tuple(indexes.of((program,)).entries)
