"""What a program file says about its answers: translations, who has verified them, documents, and how long to wait."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.programs import Entry, Program
from bot.services import program_file, programs
from bot.services.program_file import ProgramError
from bot.services.program_schema import Body, to_program
from bot.services.programs import Rejected
from storage.database import Database
from tests.cast import MONDAY
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


def answered(text: str, end: str = "") -> str:
    """A program whose first answer is `text`, and whose last ends otherwise."""
    return with_end(end or "    source: The page\n    owner: Mara\n").replace("Friday, October 16.", text)


def problems(text: str) -> list[str]:
    with pytest.raises(ProgramError) as caught:
        program(text)
    return [str(problem) for problem in caught.value.problems]


def test_answers_may_be_filled_from_the_calendar() -> None:
    text = "'{{open:deadline|By {{date:deadline}}.|Closed.}} {{link:packet}} {{date:first}} {{next:office_hours}}'"
    assert program(answered(text)).entries[0].answer == text.strip("'")


def test_a_placeholder_that_names_nothing_is_named_with_its_line() -> None:
    says = "faq.due.answer: {{date:dedline}} names no event or assignment: 'dedline'"
    assert problems(answered("By {{date:dedline}}.")) == [f"riverside.yaml:81: {says}"]


def test_in_a_longer_answer_the_line_is_that_of_the_placeholder() -> None:
    (wrong,) = problems(answered(">-\n      It is due.\n      By {{day:deadline}}:\n      on {{dat:deadline}}."))
    assert wrong.startswith("riverside.yaml:84: faq.due.answer: {{dat:deadline}} begins with no word that is known")


def test_the_placeholders_of_a_translation_are_checked_as_well() -> None:
    (wrong,) = problems(answered("Friday.", TOLD.replace("Diez programas", "Son {{next:convening-1}} programas")))
    assert "faq.what.translations.es.answer: {{next:convening-1}} names no kind of date" in wrong


@pytest.mark.parametrize(
    "text", ["{{date:deadline}}", "{{date:deadline}}, at the latest.", "\n      {{date:deadline}}"]
)
def test_an_answer_that_begins_with_a_placeholder_has_to_be_quoted_and_is_told_so(text: str) -> None:
    assert "put a text that begins with {{ into quotation marks" in problems(answered(text))[0]
    assert program(answered(f"'{text.strip()}'")).entries[0].answer == text.strip()


def test_an_event_with_other_flaws_is_not_missing_besides() -> None:
    found = problems(answered("By {{date:deadline}}.").replace("2020-10-16 23:59", "2020-10-16"))
    assert len(found) == 1
    assert "needs a time of day" in found[0]


def test_an_item_that_an_answer_speaks_of_cannot_be_removed_nor_an_answer_edited_to_name_nothing(
    quick_db: Database,
) -> None:
    body = {"question": "Until when?", "answer": "By {{date:gone}}.", "source": "The page", "owner": "Mara"}
    with quick_db.begin() as session:
        programs.load(
            session=session, sheet=program_file.read_text(answered("By {{date:convening-1}}."), "x"), now=MONDAY
        )

        def edit(section: str, key: str, body: Body | None) -> object:
            return programs.edit_item(
                session=session, slug="riverside", section=section, key=key, body=body, by="U0FAY0001", now=MONDAY
            )

        renamed = edit("faq", "what", {**body, "see": []})
        removed = edit("events", "convening-1", None)
    assert isinstance(renamed, Rejected)
    assert renamed.problems == (("faq.1.answer", "{{date:gone}} names no event or assignment: 'gone'"),)
    assert isinstance(removed, Rejected)
    assert any("{{date:convening-1}}" in says for _, says in removed.problems)


def test_an_exported_program_has_its_answers_as_they_were_written() -> None:
    sheet = program_file.read_text(answered("By {{date:deadline}}."), "riverside.yaml")
    assert "answer: By {{date:deadline}}." in program_file.write(sheet)
