"""What a program file says about its answers: translations, who has verified them, documents, and how long to wait."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.programs import Entry, Program
from bot.services import program_file
from bot.services.program_file import ProgramError
from bot.services.program_schema import to_program
from tests.services.test_program_file import GOOD

TOLD = """\
    source: The page
    owner: Mara
    translations:
      es:
        question: ¿Qué es esto?
        answer: Diez programas que aprenden juntos.
    verified:
      by: Mara
      on: 2020-09-01
      until: 2021-02-28
"""
DOCUMENTS = """\
documents:
  - id: packet-text
    title: Informational packet
    path: papers/packet.pdf
    audience: applicants
"""


def program(text: str) -> Program:
    return to_program(program_file.read_text(text, "riverside.yaml"))


def last_entry(text: str) -> Entry:
    return program(text).entries[-1]


def with_end(end: str) -> str:
    return GOOD.removesuffix("    source: The page\n    owner: Mara\n") + end


def test_an_entry_is_told_in_another_language_where_somebody_has_written_it() -> None:
    entry = last_entry(with_end(TOLD))
    spanish = entry.translation("es")
    assert spanish is not None
    assert spanish.answer == "Diez programas que aprenden juntos."
    assert entry.translation("fr") is None


def test_an_answer_holds_until_the_last_day_for_which_it_was_verified() -> None:
    verified = last_entry(with_end(TOLD)).verified
    assert verified is not None
    assert not verified.lapsed(date(2021, 2, 28))
    assert verified.lapsed(date(2021, 3, 1))


def test_an_answer_verified_without_an_end_never_lapses() -> None:
    verified = last_entry(with_end(TOLD.replace("      until: 2021-02-28\n", ""))).verified
    assert verified is not None
    assert not verified.lapsed(date(2099, 1, 1))


def test_a_program_lists_its_documents() -> None:
    (document,) = program(GOOD + DOCUMENTS).documents
    assert (document.title, document.path, document.audience) == (
        "Informational packet",
        "papers/packet.pdf",
        "applicants",
    )


def test_people_in_a_channel_may_answer_each_other_for_ten_minutes_if_the_program_says_nothing_else() -> None:
    assert program(GOOD).answer_by.wait_minutes == 10
    assert program(GOOD.replace("  at: 12:00\n", "  at: 12:00\n  wait_minutes: 3\n")).answer_by.wait_minutes == 3


def test_what_is_written_reads_back_the_same() -> None:
    sheet = program_file.read_text(with_end(TOLD) + DOCUMENTS, "riverside.yaml")
    assert program_file.read_text(program_file.write(sheet), "again.yaml") == sheet


@pytest.mark.parametrize(
    ("what", "instead", "says"),
    [
        ("until: 2021-02-28", "until: 2020-08-31", "ends before it was verified on 2020-09-01"),
        ("      es:", "      Spanish:", "translations"),
        ("¿Qué es esto?", "deadline", "is asked in 'due' already"),
        ("answer: Diez programas que aprenden juntos.", "answer:", "is empty"),
    ],
)
def test_what_is_wrong_is_named(what: str, instead: str, says: str) -> None:
    with pytest.raises(ProgramError, match=says):
        program(with_end(TOLD.replace(what, instead)))
