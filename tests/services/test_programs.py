"""Programs in the database: loaded once, edited in Slack, kept, exported; on both engines."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from bot.domain.programs import Mode
from bot.services import program_file, programs
from bot.services.program_file import ProgramError
from bot.services.program_schema import Body, Sheet
from bot.services.programs import Edited, Kept, Loaded, Name, NotThere, Programs, Rejected
from storage import programs as rows
from storage.database import JOB_PATIENCE, Database
from storage.programs import ProgramItem
from storage.tables import metadata
from tests.services.test_program_file import GOOD

NOW = datetime(2020, 10, 12, 14, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
NORA = "U0NORA000"
WHAT = Name("faq", "what")


def sheet(*edits: tuple[str, str]) -> Sheet:
    """The riverside program, with edits made to its file."""
    text = GOOD
    for old, new in edits:
        assert old in text
        text = text.replace(old, new, 1)
    return program_file.read_text(text, "riverside.yaml")


ANSWER_IN_FILE = ("    answer: Ten programs that learn together.", "    answer: Ten programs, ten months.")
WHOLE_WHAT = """\
  - id: what
    question: What is this?
    phrasings: [tell me about it]
    answer: Ten programs that learn together.
    source: The page
    owner: Mara
"""
WITHOUT_WHAT = (WHOLE_WHAT, "")


def load(db: Database, *edits: tuple[str, str], overwrite: bool = False, now: datetime = NOW) -> Loaded:
    with db.begin() as session:
        return programs.load(session=session, sheet=sheet(*edits), now=now, overwrite=overwrite)


def edit(db: Database, body: Body | None, name: Name = WHAT) -> Edited | NotThere | Rejected:
    with db.begin() as session:
        return programs.edit_item(
            session=session, slug="riverside", section=name.section, key=name.key, body=body, by=NORA, now=LATER
        )


def stored_what(db: Database) -> Body:
    with db.read() as session:
        found = session.exec(select(ProgramItem).where(ProgramItem.key == "what")).one()
        return found.body


def answer_of(db: Database, key: str = "what") -> str | None:
    with db.read() as session:
        program = Programs().get(session, "riverside")
    assert program is not None
    entry = program.entry(key)
    return entry.answer if entry else None


def revision(db: Database) -> int:
    with db.read() as session:
        row = rows.get(session, "riverside")
    assert row is not None
    return row.revision


EDITED_WHAT: Body = {
    "question": "What is this?",
    "phrasings": ["tell me about it"],
    "answer": "Ten programs and a bot.",
    "source": "Nora",
    "owner": "Nora",
}


def test_a_first_load_adds_every_item(db: Database) -> None:
    outcome = load(db)
    assert outcome.added[0] == Name("program", "riverside")
    assert WHAT in outcome.added
    assert (outcome.revision, outcome.changed, outcome.removed, outcome.kept) == (1, (), (), ())


def test_loading_twice_is_loading_once(db: Database) -> None:
    first = load(db)
    second = load(db, now=LATER)
    assert not second.anything_new
    assert second.unchanged == len(first.added)
    assert revision(db) == 1


def test_an_edit_of_the_file_changes_only_what_it_edits(db: Database) -> None:
    load(db)
    outcome = load(db, ANSWER_IN_FILE)
    assert (outcome.added, outcome.changed, outcome.removed) == ((), (WHAT,), ())
    assert (outcome.revision, outcome.reordered) == (2, False)
    assert answer_of(db) == "Ten programs, ten months."


def test_an_edit_of_the_header_changes_the_header_alone(db: Database) -> None:
    load(db)
    outcome = load(db, ("zone: America/Chicago", "zone: America/New_York"))
    assert outcome.changed == (Name("program", "riverside"),)
    with db.read() as session:
        row = rows.get(session, "riverside")
        program = Programs().get(session, "riverside")
    assert row is not None
    assert program is not None
    assert row.zone == program.zone == "America/New_York"
    assert [event.starts_at.hour for event in program.events] == [3, 15]


def test_comments_and_spacing_in_the_file_change_nothing(db: Database) -> None:
    load(db)
    assert not load(db, ("faq:\n", "\n\n# Questions\nfaq:\n")).anything_new


def test_an_item_gone_from_the_file_is_gone_from_the_program_and_its_row_stays(db: Database) -> None:
    load(db)
    outcome = load(db, WITHOUT_WHAT, now=LATER)
    assert outcome.removed == (WHAT,)
    assert answer_of(db) is None
    with db.read() as session:
        row = session.exec(select(ProgramItem).where(ProgramItem.key == "what")).one()
    assert row.removed_at == LATER


def test_an_item_that_comes_back_into_the_file_is_added_again(db: Database) -> None:
    load(db)
    load(db, WITHOUT_WHAT)
    assert load(db).added == (WHAT,)
    assert answer_of(db) == "Ten programs that learn together."


def test_a_removed_item_is_not_removed_twice(db: Database) -> None:
    load(db)
    load(db, WITHOUT_WHAT)
    assert not load(db, WITHOUT_WHAT).anything_new


def test_items_come_in_the_order_of_the_file(db: Database) -> None:
    load(db)
    head, due = GOOD.split("faq:\n")[1].split("  - id: what")[0], WHOLE_WHAT
    outcome = load(db, (head + due, due + head))
    assert (outcome.reordered, outcome.changed, outcome.revision) == (True, (), 2)
    with db.read() as session:
        program = Programs().get(session, "riverside")
    assert program is not None
    assert [entry.key for entry in program.entries] == ["what", "due"]


def test_an_edit_in_slack_is_what_people_read(db: Database) -> None:
    load(db)
    assert edit(db, EDITED_WHAT) == Edited(WHAT, 2)
    assert answer_of(db) == "Ten programs and a bot."


def test_an_edit_in_slack_survives_the_next_load_and_is_reported(db: Database) -> None:
    load(db)
    edit(db, EDITED_WHAT)
    outcome = load(db)
    assert outcome.kept == (Kept(WHAT, NORA, LATER, "same file"),)
    assert not outcome.anything_new
    assert answer_of(db) == "Ten programs and a bot."


def test_an_edit_on_both_sides_keeps_slacks_and_says_so(db: Database) -> None:
    load(db)
    edit(db, EDITED_WHAT)
    assert load(db, ANSWER_IN_FILE).kept == (Kept(WHAT, NORA, LATER, "file changed"),)
    assert answer_of(db) == "Ten programs and a bot."


def test_overwrite_puts_the_file_in_place_of_an_edit(db: Database) -> None:
    load(db)
    edit(db, EDITED_WHAT)
    outcome = load(db, overwrite=True)
    assert (outcome.changed, outcome.kept) == ((WHAT,), ())
    assert answer_of(db) == "Ten programs that learn together."
    assert not load(db).kept


def test_an_edited_item_gone_from_the_file_is_kept_and_reported(db: Database) -> None:
    load(db)
    edit(db, EDITED_WHAT)
    outcome = load(db, WITHOUT_WHAT)
    assert (outcome.removed, outcome.kept) == ((), (Kept(WHAT, NORA, LATER, "not in file"),))
    assert answer_of(db) == "Ten programs and a bot."


def test_overwrite_removes_an_edited_item_that_the_file_no_longer_has(db: Database) -> None:
    load(db)
    edit(db, EDITED_WHAT)
    assert load(db, WITHOUT_WHAT, overwrite=True).removed == (WHAT,)
    assert answer_of(db) is None


def test_a_file_that_has_taken_over_the_edit_ends_it(db: Database) -> None:
    load(db)
    edit(db, EDITED_WHAT)
    with db.read() as session:
        text = programs.export(session=session, slug="riverside")
    assert text is not None
    with db.begin() as session:
        outcome = programs.load(session=session, sheet=program_file.read_text(text, "exported.yaml"), now=LATER)
    assert not outcome.anything_new
    assert outcome.kept == ()
    assert load(db).changed == (WHAT,)


def test_an_item_removed_in_slack_stays_removed(db: Database) -> None:
    load(db)
    assert edit(db, None) == Edited(WHAT, 2)
    assert answer_of(db) is None
    assert load(db).kept == (Kept(WHAT, NORA, LATER, "same file"),)
    assert answer_of(db) is None
    assert load(db, overwrite=True).added == (WHAT,)
    assert answer_of(db) == "Ten programs that learn together."


def test_an_item_made_in_slack_is_kept_by_a_load(db: Database) -> None:
    load(db)
    new = Name("faq", "where")
    assert edit(db, {**EDITED_WHAT, "question": "Where is it?", "phrasings": ["place"]}, new) == Edited(new, 2)
    assert load(db).kept == (Kept(new, NORA, LATER, "not in file"),)
    assert answer_of(db, "where") == "Ten programs and a bot."


def test_an_edit_that_says_the_same_changes_nothing(db: Database) -> None:
    load(db)
    assert edit(db, stored_what(db)) == Edited(WHAT, 1)
    assert load(db).kept == ()


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        ({**EDITED_WHAT, "answer": ""}, "faq.1.answer", "is empty"),
        ({**EDITED_WHAT, "question": "Due date?"}, "faq.1.question", "one question has one answer"),
        ({**EDITED_WHAT, "see": ["nowhere"]}, "faq.1.see.0", "no resource or event"),
    ],
)
def test_a_wrong_edit_is_refused_and_changes_nothing(quick_db: Database, body: Body, field: str, says: str) -> None:
    load(quick_db)
    outcome = edit(quick_db, body)
    assert isinstance(outcome, Rejected)
    assert any(place == field and says in sentence for place, sentence in outcome.problems)
    assert answer_of(quick_db) == "Ten programs that learn together."
    assert revision(quick_db) == 1


def test_removing_what_something_else_refers_to_is_refused(quick_db: Database) -> None:
    load(quick_db)
    outcome = edit(quick_db, None, Name("resources", "packet"))
    assert isinstance(outcome, Rejected)
    assert "there is no resource or event with the id 'packet'" in outcome.problems[0][1]


def test_an_edit_of_nothing_is_not_there(quick_db: Database) -> None:
    assert edit(quick_db, EDITED_WHAT) == NotThere("riverside")
    load(quick_db)
    assert edit(quick_db, None, Name("faq", "nothing")) == NotThere("riverside", Name("faq", "nothing"))
    assert edit(quick_db, EDITED_WHAT, Name("songs", "what")) == NotThere("riverside")


def test_a_load_that_contradicts_an_edit_is_refused_whole(quick_db: Database) -> None:
    load(quick_db)
    edit(quick_db, {**EDITED_WHAT, "phrasings": ["what is riverside"]})
    clash = ("    phrasings: [deadline, due date]", "    phrasings: [deadline, what is riverside]")
    with pytest.raises(ProgramError, match="together with what was edited in Slack"):
        load(quick_db, clash, ("    answer: Friday, October 16.", "    answer: Soon."))
    assert answer_of(quick_db, "due") == "Friday, October 16."
    assert load(quick_db, clash, overwrite=True).changed == (Name("faq", "due"), WHAT)


def test_an_export_loads_back_to_no_change(db: Database) -> None:
    load(db)
    edit(db, EDITED_WHAT)
    with db.read() as session:
        text = programs.export(session=session, slug="riverside")
    assert text is not None
    assert "Ten programs and a bot." in text
    again = program_file.read_text(text, "exported.yaml")
    assert program_file.write(again) == text
    with db.begin() as session:
        assert not programs.load(session=session, sheet=again, now=LATER).anything_new


def exported(db: Database) -> Sheet:
    with db.read() as session:
        text = programs.export(session=session, slug="riverside")
    assert text is not None
    return program_file.read_text(text, "exported.yaml")


def begin(db: Database, sheet: Sheet, mode: Mode | None = None) -> tuple[Loaded, Mode]:
    with db.begin() as session:
        loaded = programs.load(session=session, sheet=sheet, now=NOW, mode=mode)
        program = programs.Programs().get(session, loaded.slug)
    assert program is not None
    return loaded, program.mode


def test_a_program_in_practice_is_in_practice_wherever_its_export_is_loaded(db: Database, tmp_path: Path) -> None:
    begin(db, sheet(), "practice")
    file = exported(db)
    assert file.header.mode == "practice"
    loaded, mode = begin(db, file)
    assert (loaded.anything_new, loaded.mode, mode) == (False, None, "practice")
    another = Database(f"sqlite:///{tmp_path / 'another.db'}")
    metadata.create_all(another.engine)
    loaded, mode = begin(another, file)
    assert (loaded.mode, mode) == (None, "practice")
    assert exported(another) == file
    another.close()


def test_a_live_program_exports_as_files_always_did(quick_db: Database) -> None:
    begin(quick_db, sheet())
    file = exported(quick_db)
    assert (file.header.mode, begin(quick_db, file)[1]) == (None, "live")
    assert "mode:" not in program_file.write(file)


@pytest.mark.parametrize(("stands", "says"), [("live", "practice"), ("practice", "live")])
def test_no_load_changes_how_a_program_speaks_and_it_says_so(quick_db: Database, stands: Mode, says: str) -> None:
    begin(quick_db, sheet(), stands)
    file = program_file.read_text(f"mode: {says}\n{GOOD}", "riverside.yaml")
    loaded, mode = begin(quick_db, file)
    assert (loaded.mode, loaded.anything_new, mode) == (stands, False, stands)
    with quick_db.begin() as session:
        again = programs.load(session=session, sheet=file, now=NOW, overwrite=True)
        stored = programs.Programs().get(session, "riverside")
    assert again.mode == stands
    assert stored is not None
    assert stored.mode == stands


def test_what_is_said_at_the_command_line_goes_before_the_file(quick_db: Database) -> None:
    file = program_file.read_text(f"mode: live\n{GOOD}", "riverside.yaml")
    loaded, mode = begin(quick_db, file, "practice")
    assert (loaded.mode, mode) == (None, "practice")


def test_a_mode_that_there_is_not_is_named_with_those_that_there_are() -> None:
    with pytest.raises(ProgramError) as refused:
        program_file.read_text(f"mode: rehearsal\n{GOOD}", "riverside.yaml")
    assert "mode" in str(refused.value)
    assert "practice" in str(refused.value)


@pytest.mark.parametrize("slug", programs.shipped())
def test_every_shipped_program_loads_exports_and_loads_back(db: Database, slug: str) -> None:
    original = program_file.read_path(programs.find_file(slug))
    with db.begin() as session:
        programs.load(session=session, sheet=original, now=NOW)
    with db.read() as session:
        text = programs.export(session=session, slug=slug)
    assert text is not None
    assert program_file.read_text(text, "exported.yaml") == original


def test_there_is_no_export_of_a_program_that_is_not_loaded(quick_db: Database) -> None:
    with quick_db.read() as session:
        assert programs.export(session=session, slug="riverside") is None


def test_programs_are_found_by_slug_and_by_id(db: Database) -> None:
    load(db)
    shelf = Programs()
    with db.read() as session:
        program = shelf.get(session, "riverside")
        assert program is not None
        assert (program.id > 0, program.revision) == (True, 1)
        assert shelf.by_id(session, program.id) is program
        assert shelf.all(session) == (program,)
        assert shelf.get(session, "hillside") is None
        assert shelf.by_id(session, program.id + 1) is None


def test_a_program_is_built_once_per_revision(quick_db: Database) -> None:
    load(quick_db)
    shelf = Programs()
    with quick_db.read() as session:
        first = shelf.get(session, "riverside")
        assert shelf.get(session, "riverside") is first
    edit(quick_db, EDITED_WHAT)
    with quick_db.read() as session:
        second = shelf.get(session, "riverside")
    assert second is not first
    assert second is not None
    assert second.revision == 2


def test_what_was_rolled_back_is_never_read_again(quick_db: Database) -> None:
    load(quick_db)
    shelf = Programs()

    def load_look_and_fail() -> None:
        with quick_db.begin() as session:
            programs.load(session=session, sheet=sheet(ANSWER_IN_FILE), now=NOW)
            seen = shelf.get(session, "riverside")
            assert seen is not None
            raise RuntimeError(f"at revision {seen.revision}")

    with pytest.raises(RuntimeError, match="at revision 2"):
        load_look_and_fail()
    edit(quick_db, EDITED_WHAT)
    with quick_db.read() as session:
        program = shelf.get(session, "riverside")
    assert program is not None
    entry = program.entry("what")
    assert entry is not None
    assert (program.revision, entry.answer) == (2, "Ten programs and a bot.")


def test_a_program_that_has_changed_is_told_of_once_and_not_before_it_is_kept(quick_db: Database) -> None:
    load(quick_db)
    told: list[int] = []
    shelf = Programs(lambda program: told.append(program.revision))
    with quick_db.begin() as session:
        assert shelf.get(session, "riverside") is not None
        programs.load(session=session, sheet=sheet(ANSWER_IN_FILE), now=NOW)
        assert shelf.get(session, "riverside") is not None
    assert told == [], "nobody knew it before, and it may yet be rolled back"
    for _ in range(2):
        with quick_db.read() as session:
            assert shelf.get(session, "riverside") is not None
    assert told == [2]


def test_two_loads_at_once_add_each_item_once(db: Database) -> None:
    outcomes: list[Loaded] = []
    together = threading.Barrier(2)

    def run() -> None:
        together.wait()
        with db.begin(patience=JOB_PATIENCE) as session:
            outcomes.append(programs.load(session=session, sheet=sheet(), now=NOW))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome.anything_new for outcome in outcomes) == [False, True]
    assert revision(db) == 1


def test_receipt_numbers_are_given_out_once(db: Database) -> None:
    load(db)
    with db.begin() as session:
        program = rows.get(session, "riverside")
        assert program is not None
        assert program.id is not None
        assert [rows.next_receipt(session, program.id) for _ in range(3)] == [1, 2, 3]


# The header, edited part by part

CONTACT = Name("program", "contact")


def edit_part(db: Database, part: str, body: object, now: datetime = LATER) -> Edited | NotThere | Rejected:
    with db.begin() as session:
        edits = {Name("program", part): None if body is None else {part: body}}
        return programs.edit(session=session, slug="riverside", edits=edits, by=NORA, now=now)


def header(db: Database) -> Body:
    with db.read() as session:
        row = rows.get(session, "riverside")
    assert row is not None
    return row.body


NEW_CONTACT = {"name": "Nora", "email": "nora@example.org"}


def test_a_part_of_the_header_edited_in_slack_is_kept_and_listed(db: Database) -> None:
    load(db)
    assert isinstance(edit_part(db, "contact", NEW_CONTACT), Edited)
    outcome = load(db)
    assert outcome.kept == (Kept(CONTACT, NORA, LATER, "same file"),)
    assert header(db)["contact"] == NEW_CONTACT
    assert not outcome.anything_new


def test_a_part_of_the_header_is_overwritten_when_told_to(db: Database) -> None:
    load(db)
    before = header(db)
    edit_part(db, "contact", NEW_CONTACT)
    assert load(db, overwrite=True).kept == ()
    assert header(db) == before
    assert load(db).kept == ()


def test_a_part_that_was_taken_out_in_slack_stays_out(quick_db: Database) -> None:
    load(quick_db)
    edit_part(quick_db, "quiet", {"from": "20:00", "to": "08:00"})
    assert [one.why for one in load(quick_db).kept] == ["not in file"]
    edit_part(quick_db, "quiet", None)
    assert load(quick_db).kept == ()
    assert "quiet" not in header(quick_db)


def test_what_a_part_said_before_is_kept_with_who_had_written_it(quick_db: Database) -> None:
    load(quick_db)
    first = header(quick_db)["contact"]
    edit_part(quick_db, "contact", NEW_CONTACT)
    edit_part(quick_db, "contact", {**NEW_CONTACT, "name": "Nora B."})
    with quick_db.read() as session:
        row = rows.get(session, "riverside")
    assert row is not None
    assert [(one["part"], one["body"], one["by"]) for one in row.earlier] == [
        ("contact", first, None),
        ("contact", NEW_CONTACT, NORA),
    ]


def test_a_part_that_says_what_the_file_says_again_is_the_files(quick_db: Database) -> None:
    load(quick_db)
    first = header(quick_db)["contact"]
    edit_part(quick_db, "contact", NEW_CONTACT)
    edit_part(quick_db, "contact", first)
    with quick_db.read() as session:
        row = rows.get(session, "riverside")
    assert row is not None
    assert row.edits == {}


def test_a_part_that_would_be_wrong_is_refused_with_its_field(quick_db: Database) -> None:
    load(quick_db)
    found = edit_part(quick_db, "contact", {"name": "Nora", "email": "nora"})
    assert isinstance(found, Rejected)
    assert [(one.name, one.place) for one in found.wrong] == [(CONTACT, ("email",))]
    assert isinstance(edit_part(quick_db, "unheard-of", {}), NotThere)


def test_loading_what_was_exported_after_edits_changes_nothing(quick_db: Database) -> None:
    load(quick_db)
    edit_part(quick_db, "contact", NEW_CONTACT)
    edit(quick_db, EDITED_WHAT)
    edit(quick_db, {"name": "Fair", "from": "2020-11-01", "to": "2020-11-02"}, Name("breaks", "fair"))
    with quick_db.begin() as session:
        text = programs.export(session=session, slug="riverside")
        assert text is not None
        again = programs.load(session=session, sheet=program_file.read_text(text, "x"), now=LATER)
        assert not again.anything_new
        assert again.kept == ()
        assert programs.export(session=session, slug="riverside") == text
