"""Program files: every problem with its line, all of them at once, and nothing lost in writing."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.programs import Holiday, QuietHours
from bot.services import program_file
from bot.services.program_file import ProgramError
from bot.services.program_schema import EntryItem, EventItem, Item, Sheet, to_program

GOOD = """\
program:
  slug: riverside
  name: Riverside Learners
  summary: Ten programs learn together.
  zone: America/Chicago
  place: St. Louis
  organizer: Riverside
  facilitators: [Riverside]
contact:
  name: Mara
  email: mara@example.org
answers:
  words: by noon on the next working day
  working_days: 1
  at: 12:00
season:
  starts: 2020-11-01
  ends: 2021-09-01
hours:
  low: 3
  high: 5
  words: On average 3-5 hours per month
home:
  about: Ten programs learn together.
welcome:
  does: I answer questions.
  readers: Only you read what you ask me.
  quieten: Mute this conversation.
support_categories:
  - id: time
    label: Time
events:
  - id: deadline
    kind: deadline
    title: Applications are due
    starts: 2020-10-16 23:59
    audience: applicants
  - id: convening-1
    kind: convening
    title: Convening 1
    starts: 2020-11-19 10:00
    ends: 2020-11-19 12:00
    audience: cohort
breaks:
  - id: winter
    name: Winter break
    from: 2020-12-21
    to: 2021-01-03
resources:
  - id: packet
    kind: packet
    title: Packet
    url: https://example.org/packet.pdf
assignments:
  - id: first
    title: First reflection
    summary: A few lines.
    due: 2020-11-18 17:00
    event: convening-1
    prompts:
      - id: scene
        label: What did you see?
reminders:
  - id: convening
    kind: convening
    to: cohort
    offsets: [3 days before at 09:00, 1 hour before]
  - id: homework
    kind: homework
    to: cohort
    post: 7 days before at 09:00
    nudges: [2 days before at 09:00, 1 day after at 09:00]
digests:
  - id: weekdays
    to: facilitators
    cron: 0 8 * * MON-FRI
faq:
  - id: due
    question: When is the application due?
    phrasings: [deadline, due date]
    answer: Friday, October 16.
    see: [deadline, packet]
    source: The page
    owner: Mara
  - id: what
    question: What is this?
    phrasings: [tell me about it]
    answer: Ten programs that learn together.
    source: The page
    owner: Mara
"""


def read(text: str) -> Sheet:
    return program_file.read_text(text, "riverside.yaml")


def problems(text: str) -> list[str]:
    with pytest.raises(ProgramError) as caught:
        read(text)
    return [str(problem) for problem in caught.value.problems]


def line_of(text: str, needle: str) -> int:
    return text[: text.index(needle)].count("\n") + 1


def test_a_good_file_becomes_a_program() -> None:
    program = to_program(read(GOOD))
    deadline = program.event("deadline")
    assert deadline is not None
    assert deadline.starts_at.isoformat() == "2020-10-17T04:59:00+00:00"
    assert program.reminders[1].offsets[0].key == "7d@09:00"
    assert [one.key for one in program.reminders[1].nudges] == ["2d@09:00", "+1d@09:00"]
    assert program.hours is not None
    assert program.hours.words == "On average 3-5 hours per month"


# What is replaced, by what, the line that is named (by the text on it), the field, and words of the sentence.
BAD = [
    ("  zone: America/Chicago", "  zone: America/St_Louis", "zone: America/St", "program.zone", "not a time zone"),
    ("  place: St. Louis\n", "", "program:", "program.place", "is missing"),
    ("  place: St. Louis", "  place:", "  place:", "program.place", "is empty"),
    ("  place: St. Louis", "  place: St. <Louis>", "  place:", "program.place", "write it without <, > and &"),
    ("  name: Riverside Learners", "  naem: X", "  naem", "program.naem", "did you mean `name`?"),
    (
        "  slug: riverside",
        "  slug: River Side",
        "  slug",
        "program.slug",
        "only small letters, digits and single dashes",
    ),
    ("  email: mara@example.org", "  email: mara", "  email", "contact.email", "not an e-mail address"),
    ("  working_days: 1", "  working_days: soon", "  working_days", "answers.working_days", "a whole number"),
    ("  working_days: 1", "  working_days: 0", "  working_days", "answers.working_days", "should be 1 or more"),
    ("  at: 12:00", "  at: noon", "  at: noon", "answers.at", "is not a time of day"),
    ("ends: 2021-09-01", "ends: 2020-09-01", "  ends: 2020-09-01", "season.ends", "ends before it starts"),
    ("starts: 2020-11-01", "starts: 2020-11-31", "  starts: 2020-11-31", "season.starts", "not in the calendar"),
    ("starts: 2020-11-01", "starts: Nov 1", "  starts: Nov", "season.starts", 'write it like "2020-10-16"'),
    ("  low: 3", "  low: few", "  low", "hours.low", "should be a number"),
    ("  high: 5", "  high: 2", "  high", "hours.high", "less than low"),
    ("  about: Ten", "  abuot: Ten", "  abuot", "home.abuot", "did you mean `about`?"),
    ("    label: Time", "    label: " + "x" * 76, "    label: xx", "support_categories.time.label", "at most 75"),
    ("    kind: deadline", "    kind: dedline", "    kind: dedline", "events.deadline.kind", "should be one of"),
    ("2020-10-16 23:59", "2020-10-16", "2020-10-16", "events.deadline.starts", "needs a time of day as well"),
    ("2020-10-16 23:59", "Friday 23:59", "Friday 23:59", "events.deadline.starts", "is not a date and time"),
    ("2020-10-16 23:59", "2021-03-14 02:30", "2021-03-14", "events.deadline.starts", "clocks skip 02:30 on 2021-03-14"),
    (
        "2020-11-19 12:00",
        "2020-11-19 09:00",
        "11-19 09:00",
        "events.convening-1.ends",
        "the end is not after the start",
    ),
    ("    audience: cohort", "    audience: both", "audience: both", "events.convening-1.audience", "should be one of"),
    ("    to: 2021-01-03", "    to: 2020-12-20", "to: 2020-12-20", "breaks.winter.to", "ends before it starts"),
    (
        "    url: https://example.org/",
        "    url: example.org/",
        "    url",
        "resources.packet.url",
        "begins with https://",
    ),
    ("    due: 2020-11-18 17:00", "    due: 2020-11-18", "    due", "assignments.first.due", "needs a time of day"),
    ("    event: convening-1", "    event: convening-2", "    event", "assignments.first.event", "there is no event"),
    ("        label: What did you see?", "        text: What?", "- id: scene", "prompts.scene.label", "is missing"),
    ("    kind: convening\n    to", "    kind: picnic\n    to", "kind: picnic", "reminders.convening.kind", "one of"),
    ("3 days before at 09:00", "3 days before", "3 days before", "reminders.convening.offsets.1", "is not an offset"),
    ("1 hour before]", "1 hour after]", "1 hour after", "reminders.convening.offsets.2", "comes after the event"),
    ("    post: 7 days before at 09:00\n", "", "- id: homework", "reminders.homework.post", "is missing"),
    ("[2 days before at 09:00,", "[1 hour before, 1 hour after,", "nudges", "reminders.homework.nudges", "at most 2"),
    ("    cron: 0 8 * * MON-FRI", "    cron: 0 25 * * *", "    cron", "digests.weekdays.cron", "is not a schedule"),
    ("    cron: 0 8 * * MON-FRI", "    cron: daily", "    cron", "digests.weekdays.cron", "five fields"),
    ("    to: facilitators", "    to: everybody", "    to: everybody", "digests.weekdays.to", "is nobody"),
    ("    answer: Friday, October 16.", "    answer:", "    answer:", "faq.due.answer", "is empty"),
    ("    answer: Friday, October 16.", '    answer: "  "', "    answer:", "faq.due.answer", "is empty"),
    ("    see: [deadline, packet]", "    see: [deadline, pakcet]", "    see", "faq.due.see.2", "no resource or event"),
    ("[tell me about it]", "[Due date?]", "[Due date?]", "faq.what.phrasings.1", "asked in 'due' already"),
    ("[tell me about it]", "tell me about it", "    phrasings: tell", "faq.what.phrasings", "is a list"),
    (
        "    question: What is this?",
        "    question: DEADLINE",
        "    question: DEAD",
        "faq.what.question",
        "in 'due' already",
    ),
    ("  - id: what\n", "  - id: due\n", "- id: due\n    question: What", "faq.due.id", "is used twice"),
    (
        "  - id: packet",
        "  - id: deadline",
        "- id: deadline\n    kind: packet",
        "resources.deadline.id",
        "id of an event",
    ),
    (
        "    source: The page\n    owner: Mara\n  - id: what",
        "    owner: Mara\n  - id: what",
        "- id: due",
        "faq.due.source",
        "missing",
    ),
    (
        "    owner: Mara\n  - id",
        "    owner: Mara\n    owner: Jo\n  - id",
        "owner: Jo",
        "faq.due.owner",
        "stands there twice",
    ),
    ("breaks:", "vacations:", "vacations:", "vacations", "is not a field here"),
    *(
        ("breaks:", f"{lines}\nbreaks:", needle, field, says)
        for lines, needle, field, says in (
            ("quiet: {from: '20:00'}", "quiet:", "quiet", "needs `to` as well"),
            ("quiet: {from: '20:00', to: '20:00'}", "quiet:", "quiet.to", "is the same as from"),
            ("quiet: {days: [saturday]}", "quiet:", "quiet.days", "should be one of"),
            ("quiet: {days: [mon, tue, wed, thu, fri, sat, sun]}", "quiet:", "quiet.days", "are all seven"),
            ("quiet: {from: 8 pm, to: '08:00'}", "quiet:", "quiet.from", "is not a time of day"),
            (
                "holidays:\n  - {on: 2020-11-26, name: Thanksgiving}\n  - {on: 2020-11-26, name: Again}",
                "- {on: 2020-11-26, name: Again}",
                "holidays",
                "stands there twice",
            ),
            ("holidays:\n  - {on: Thanksgiving, name: T}", "- {on: Thanksgiving", "holidays", "is not a date"),
        )
    ),
    ("resources:", "resorces:", "resorces:", "resorces", "did you mean `resources`?"),
]


@pytest.mark.parametrize(("old", "new", "needle", "field", "says"), BAD, ids=[f"{one[3]}: {one[4]}" for one in BAD])
def test_a_wrong_file_names_file_line_field_and_reason(old: str, new: str, needle: str, field: str, says: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    found = problems(text)
    wanted = f"riverside.yaml:{line_of(text, needle)}: "
    assert any(one.startswith(wanted) and field in one and says in one for one in found), "\n".join(found)


def test_one_mistake_is_one_problem() -> None:
    # A reference to an item that is wrong itself is not a second mistake.
    assert len(problems(GOOD.replace("2020-11-19 10:00", "2020-11-19", 1))) == 1


def test_every_problem_is_named_at_once_in_the_order_of_the_file() -> None:
    text = GOOD
    for old, new in (
        ("  zone: America/Chicago", "  zone: Chicago"),
        ("2020-10-16 23:59", "2020-10-16"),
        ("    cron: 0 8 * * MON-FRI", "    cron: never"),
        ("    see: [deadline, packet]", "    see: [nowhere]"),
        ("    answer: Ten programs that learn together.", '    answer: ""'),
    ):
        text = text.replace(old, new, 1)
    found = problems(text)
    assert [one.split(": ")[1] for one in found] == [
        "program.zone",
        "events.deadline.starts",
        "digests.weekdays.cron",
        "faq.due.see.1",
        "faq.what.answer",
    ]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "is empty"),
        ("# only a comment\n", 1, "is empty"),
        ("just words", 1, "beginning with `program:`"),
        ("- a\n- b\n", 1, "beginning with `program:`"),
        ("program:\n  name: [unclosed\nfaq:\n", 3, "this is not YAML"),
        ("program:\n\tname: tab\n", 2, "this is not YAML"),
        ("a: 1\n---\nb: 2\n", 2, "this is not YAML"),
        ("a: &x\n  b: *x\n", 1, "alias"),
        ("a: &x [1]\nb: *x\n", 1, "alias"),
        ("a: " + "[" * 30 + "]" * 30, 1, "nested far too deep"),
        ("a: " + "[" * 1_500 + "]" * 1_500, 0, "nested far too deep"),
    ],
)
def test_what_is_no_program_at_all_is_refused_with_its_line(text: str, line: int, says: str) -> None:
    where = f"riverside.yaml:{line}: " if line else "riverside.yaml: "
    assert any(one.startswith(where) and says in one for one in problems(text))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProgramError, match=r"nowhere\.yaml: cannot be read \(No such file"):
        program_file.read_path(tmp_path / "nowhere.yaml")


def test_a_file_that_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("program:\n  name: Café".encode("latin-1"))
    with pytest.raises(ProgramError, match=r"latin\.yaml:2: is not UTF-8"):
        program_file.read_path(path)


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    path.write_bytes(b"#" * (program_file.LARGEST + 1))
    with pytest.raises(ProgramError, match="larger than a program file may be"):
        program_file.read_path(path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "marked.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert program_file.read_path(path) == read(GOOD)


def test_words_that_older_yaml_takes_for_truth_stay_words() -> None:
    text = GOOD.replace("    answer: Ten programs that learn together.", "    answer: no", 1)
    assert read(text).of(EntryItem)[1].answer == "no"


@pytest.mark.parametrize(("word", "value"), [("true", True), ("yes", True), ("false", False), ("no", False)])
def test_a_mark_may_be_said_with_yes_and_no(word: str, value: bool) -> None:
    text = GOOD.replace("    audience: cohort\n", f"    audience: cohort\n    sample: {word}\n", 1)
    assert read(text).of(EventItem)[1].sample is value


def test_line_breaks_in_a_one_line_text_are_spaces() -> None:
    text = GOOD.replace("    question: What is this?", "    question: What\n      is   this?", 1)
    assert read(text).of(EntryItem)[1].question == "What is this?"


def test_a_written_sheet_reads_back_as_itself() -> None:
    sheet = read(GOOD)
    assert read(program_file.write(sheet)) == sheet


def test_writing_is_stable() -> None:
    once = program_file.write(read(GOOD))
    assert program_file.write(read(once)) == once


def test_a_written_file_explains_each_part_in_a_comment() -> None:
    lines = program_file.write(read(GOOD)).splitlines()
    for name in ("program", "events", "assignments", "faq"):
        assert lines[lines.index(f"{name}:") - 1] == f"# {program_file.COMMENTS[name]}"


def with_answer(sheet: Sheet, answer: str, question: str) -> Sheet:
    first, second = sheet.of(EntryItem)
    changed = EntryItem.model_validate({**second.body(), "answer": answer, "question": question})
    items: dict[str, list[Item]] = {name: list(found) for name, found in sheet.items.items()}
    items["faq"] = [first, changed]
    return Sheet(sheet.header, {name: tuple(found) for name, found in items.items()})


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    answer=st.text(alphabet=st.characters(codec="utf-8"), max_size=300).map(lambda text: f"a {text}"),
    words=st.text(alphabet=st.characters(codec="utf-8"), max_size=150).map(lambda text: f"whether {text}"),
)
def test_any_text_survives_writing_and_reading(answer: str, words: str) -> None:
    sheet = with_answer(read(GOOD), answer, words)
    assert read(program_file.write(sheet)) == sheet


@pytest.mark.parametrize(
    "answer",
    [
        "2020-10-16",
        "null",
        "~",
        "- not a list",
        "a: b # c",
        "'quoted'",
        "12",
        "1e3",
        "{{date:deadline}}",
        "two\n\n  paragraphs\n- with a point",
        "word " * 100 + "end",
        "long, with two  spaces " * 10,
        "*star* &amp; <@U1> | `x`",
    ],
)
def test_awkward_texts_survive_writing_and_reading(answer: str) -> None:
    sheet = with_answer(read(GOOD), answer, "Something else?")
    assert read(program_file.write(sheet)) == sheet


def test_quiet_hours_and_holidays_are_read_and_written() -> None:
    lines = "quiet: {from: '20:00', to: '08:00', days: [sun, sat]}\nholidays: [{on: 2020-11-26, name: Thanksgiving}]"
    sheet = program_file.read_text(GOOD.replace("breaks:", f"{lines}\nbreaks:", 1), "x.yaml")
    program = to_program(sheet)
    assert program.quiet == QuietHours(time(20), time(8), (5, 6))
    assert program.holidays == (Holiday(date(2020, 11, 26), "Thanksgiving"),)
    again = to_program(program_file.read_text(program_file.write(sheet), "again.yaml"))
    assert (again.quiet, again.holidays) == (program.quiet, program.holidays)
