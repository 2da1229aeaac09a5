"""`convene program`: refusals with status 1 and nothing changed, content alone on standard output."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli import programs as commands
from bot.services import programs
from storage import migrations
from storage.database import Database
from tests import cast, papers
from tests.services.test_program_file import GOOD
from tests.services.test_programs import EDITED_WHAT, NORA, WHAT

DOCUMENTS = """\
documents:
  - id: packet
    title: Packet
    path: packet.txt
  - id: scan
    title: Scan
    path: scan.pdf
  - id: map
    title: Map
    path: papers/map.pdf
"""

Run = typer.Typer(pretty_exceptions_enable=False)
commands.add(Run)


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str) -> None:
    """An empty folder without `.env`, and a database of one's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)


@pytest.fixture
def riverside(tmp_path: Path) -> Path:
    path = tmp_path / "riverside.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_the_programs_are_listed_with_mode_season_people_and_channels(riverside: Path, sqlite_url: str) -> None:
    program("load", str(riverside), "--practice")
    db = Database(sqlite_url)
    with db.begin() as session:
        stored = programs.Programs().get(session, "riverside")
        assert stored is not None
        cast.join(session, stored, "U1", "coach", name="A")
        cast.join(session, stored, "U2", "coach", name="B")
        cast.join(session, stored, "U2", "facilitator", name="B")
        cast.room(session, stored, "C1", "cohort").archived_at = cast.MONDAY
        cast.room(session, stored, "C2", "none")
    db.close()
    result = program("list")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "riverside: Riverside Learners (in practice)",
        "  Season: Sun, Nov 1, 2020 to Wed, Sep 1, 2021; 2 dates, 1 assignment",
        "  Clock: America/Chicago (St. Louis)",
        "  People: 2 coaches, 1 facilitator",
        "  Channels: #cohort, cohort (archived)",
    ]
    (one,) = json.loads(program("list", "--json").stdout)
    assert (one["slug"], one["mode"], one["starts"], one["ends"]) == (
        "riverside",
        "practice",
        "2020-11-01",
        "2021-09-01",
    )
    assert one["people"] == {"coach": 2, "facilitator": 1}
    assert one["channels"] == [{"id": "C1", "name": "cohort", "use": "cohort", "shut": "archived"}]


def test_a_program_without_anybody_is_listed(riverside: Path) -> None:
    program("load", str(riverside))
    result = program("list")
    assert "Riverside Learners (live)" in result.stdout
    assert "People: nobody yet" in result.stdout
    assert "Channels: none yet" in result.stdout


def test_the_list_of_no_programs_is_empty(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    migrations.upgrade(db)
    db.close()
    assert "There is no program yet." in program("list").stdout
    assert json.loads(program("list", "--json").stdout) == []


def program(*words: str) -> Result:
    return CliRunner().invoke(Run, ["program", *words])


def test_check_says_what_is_in_a_good_file(riverside: Path) -> None:
    result = program("check", str(riverside))
    assert result.exit_code == 0
    assert "Riverside Learners: 2 questions, 2 dates, 1 assignment, 1 resource, 2 reminders, 1 digest." in result.stdout


def test_check_takes_the_slug_of_a_shipped_program() -> None:
    entries = programs.check(programs.find_file("ost-cop")).entries
    assert f"OST Community of Practice: {len(entries)} questions" in program("check", "ost-cop").stdout


def test_check_names_every_problem_and_ends_with_one(riverside: Path) -> None:
    text = GOOD.replace("2020-10-16 23:59", "2020-10-16").replace("America/Chicago", "Chicago")
    riverside.write_text(text, encoding="utf-8")
    result = program("check", str(riverside))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert f"{riverside}:5: program.zone: 'Chicago' is not a time zone" in result.stderr
    assert "events.deadline.starts: 2020-10-16 needs a time of day as well" in result.stderr
    assert "2 problems; nothing was changed." in result.stderr


def test_brackets_in_a_problem_are_shown_as_they_are(riverside: Path) -> None:
    riverside.write_text(GOOD.replace("cron: 0 8 * * MON-FRI", 'cron: "[bold]"'), encoding="utf-8")
    assert "'[bold]' is not a schedule" in program("check", str(riverside)).stderr


def test_check_of_a_file_that_is_not_there_ends_with_one() -> None:
    result = program("check", "nowhere.yaml")
    assert result.exit_code == 1
    assert "nowhere.yaml: cannot be read (No such file or directory)" in result.stderr


def test_load_says_what_it_did_and_the_second_time_that_there_was_nothing_to_do(riverside: Path) -> None:
    first, second = program("load", str(riverside)), program("load", str(riverside))
    assert "added  faq: due, what" in first.stdout
    assert "Riverside Learners is loaded (revision 1)." in first.stdout
    assert second.exit_code == 0
    assert "nothing was changed (revision 1)" in second.stdout


def test_a_wrong_file_is_not_loaded_in_part(riverside: Path) -> None:
    program("load", str(riverside))
    text = GOOD.replace("Friday, October 16.", "Soon.").replace("MON-FRI", "NEVER")
    riverside.write_text(text, encoding="utf-8")
    assert program("load", str(riverside)).exit_code == 1
    assert "Friday, October 16." in program("export", "riverside").stdout


def test_documents_are_read_and_what_cannot_be_is_named(riverside: Path, tmp_path: Path) -> None:
    riverside.write_text(GOOD + DOCUMENTS, encoding="utf-8")
    (tmp_path / "packet.txt").write_text("Parking is free behind the library.", encoding="utf-8")
    (tmp_path / "scan.pdf").write_bytes(papers.pdf(()))
    for words in (("check",), ("load",)):
        result = program(*words, str(riverside))
        assert result.exit_code == 0
        assert "read     documents: Packet" in result.stdout
        assert "“Scan” could not be read: scan.pdf has no text in it" in result.stdout
        assert "“Map” could not be read: papers/map.pdf is not there." in result.stdout
    assert "1 digest" in program("check", str(riverside)).stdout
    again = program("load", str(riverside)).stdout
    assert "read     documents" not in again
    assert "“Scan” could not be read" in again
    assert "nothing was changed (revision 1)" in again


def test_a_document_that_is_gone_is_said_to_be_quoted_still(riverside: Path, tmp_path: Path) -> None:
    riverside.write_text(GOOD + DOCUMENTS, encoding="utf-8")
    (tmp_path / "packet.txt").write_text("Parking is free behind the library.", encoding="utf-8")
    program("load", str(riverside))
    (tmp_path / "packet.txt").unlink()
    said = program("load", str(riverside)).stdout
    assert "packet.txt is not there. What was read of it earlier can still be quoted." in said


def test_an_export_keeps_the_documents(riverside: Path) -> None:
    riverside.write_text(GOOD + DOCUMENTS, encoding="utf-8")
    program("load", str(riverside))
    assert "path: papers/map.pdf" in program("export", "riverside").stdout


def test_load_reports_what_it_kept_and_overwrite_replaces_it(riverside: Path, sqlite_url: str) -> None:
    program("load", str(riverside))
    db = Database(sqlite_url)
    with db.begin() as session:
        programs.edit_item(
            session=session,
            slug="riverside",
            section=WHAT.section,
            key=WHAT.key,
            body=EDITED_WHAT,
            by=NORA,
            now=datetime(2020, 10, 13, 14, tzinfo=UTC),
        )
    db.close()
    kept = program("load", str(riverside))
    assert "kept     faq.what as edited in Slack by U0NORA000 on Tue, Oct 13, 9:00 am (St. Louis)" in kept.stdout
    assert "--overwrite" in kept.stdout
    assert "changed  faq: what" in program("load", str(riverside), "--overwrite").stdout
    assert "kept" not in program("load", str(riverside)).stdout


def test_an_export_is_the_file_and_nothing_else(riverside: Path, tmp_path: Path) -> None:
    program("load", str(riverside))
    result = program("export", "riverside")
    assert result.exit_code == 0
    assert result.stdout.startswith("# Who this is")
    exported = tmp_path / "exported.yaml"
    exported.write_text(result.stdout, encoding="utf-8")
    assert "nothing was changed" in program("load", str(exported)).stdout


def test_an_export_of_practice_is_in_practice_wherever_it_is_loaded(
    riverside: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program("load", str(riverside), "--practice")
    exported = tmp_path / "exported.yaml"
    exported.write_text(program("export", "riverside").stdout, encoding="utf-8")
    assert "\nmode: practice\n" in exported.read_text(encoding="utf-8")
    again = program("load", str(exported))
    assert "nothing was changed" in again.stdout
    assert "kept" not in again.stdout
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'another.db'}")
    assert "Go live" in program("load", str(exported)).stdout
    assert "(in practice)" in program("list").stdout


def test_a_load_says_that_it_leaves_how_a_program_speaks(riverside: Path) -> None:
    program("load", str(riverside))
    riverside.write_text(f"mode: practice\n{GOOD}", encoding="utf-8")
    result = program("load", str(riverside))
    assert "kept     mode: live, though the file says otherwise" in result.stdout
    assert "(live)" in program("list").stdout


def test_an_export_of_an_unknown_program_names_those_that_are_there(riverside: Path) -> None:
    program("load", str(riverside))
    result = program("export", "hillside")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "There is no program 'hillside' in the database. Loaded: riverside." in result.stderr


MOVED = ("starts: 2020-10-16 23:59", "starts: 2099-10-17 23:59")
AHEAD = ("starts: 2020-10-16 23:59", "starts: 2099-10-16 23:59")


def moving(riverside: Path, *words: str, answer: str | None = None) -> Result:
    """A program whose deadline is moved by a day, loaded."""
    riverside.write_text(GOOD.replace(*AHEAD), encoding="utf-8")
    assert program("load", str(riverside)).exit_code == 0
    riverside.write_text(GOOD.replace(*MOVED), encoding="utf-8")
    return CliRunner().invoke(Run, ["program", "load", str(riverside), *words], input=answer)


def test_a_file_that_moves_a_date_says_what_follows_and_goes_on_where_nobody_can_be_asked(riverside: Path) -> None:
    result = moving(riverside)
    assert result.exit_code == 0
    assert "11:59 pm (St. Louis) → Sat, Oct 17, 11:59 pm (St. Louis)" in result.stdout
    assert "If you load this file: " in result.stdout
    assert "is loaded (revision 2)" in result.stdout


def test_on_a_terminal_it_asks_and_a_no_changes_nothing(riverside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "_on_a_terminal", lambda: True)
    refused = moving(riverside, answer="n\n")
    assert refused.exit_code == 1
    assert "2099-10-16 23:59" in program("export", "riverside").stdout
    taken = CliRunner().invoke(Run, ["program", "load", str(riverside)], input="y\n")
    assert taken.exit_code == 0
    assert "2099-10-17 23:59" in program("export", "riverside").stdout


def test_yes_does_not_ask(riverside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "_on_a_terminal", lambda: True)
    result = moving(riverside, "--yes")
    assert result.exit_code == 0
    assert "If you load" not in result.stdout
    assert "moved    " in result.stdout


def edited(sqlite_url: str, now: datetime) -> None:
    db = Database(sqlite_url)
    with db.begin() as session:
        programs.edit_item(
            session=session, slug="riverside", section=WHAT.section, key=WHAT.key, body=EDITED_WHAT, by=NORA, now=now
        )
    db.close()


def test_changes_are_listed_and_taken_back_once(riverside: Path, sqlite_url: str) -> None:
    program("load", str(riverside))
    assert "Nothing of Riverside Learners was changed" in program("changes").stdout
    before = program("export", "riverside").stdout
    edited(sqlite_url, datetime.now(tz=UTC))
    listed = program("changes", "riverside").stdout
    assert "1  " in listed
    assert "Answer “What is this?” changed" in listed
    assert "Answer: Ten programs that learn together." in listed
    done = program("undo", "1")
    assert (done.exit_code, done.stdout) == (0, "Taken back. Answer “What is this?”: as it was before.\n")
    assert program("export", "riverside").stdout == before
    assert "undone by command line" in program("changes").stdout
    again = program("undo", "1")
    assert again.exit_code == 1
    assert "was taken back already" in again.stderr


def test_what_is_older_than_a_day_or_not_there_is_not_taken_back(riverside: Path, sqlite_url: str) -> None:
    program("load", str(riverside))
    edited(sqlite_url, datetime(2020, 10, 13, 14, tzinfo=UTC))
    assert "older than a day" in program("undo", "1").stderr
    assert "There is no change 7" in program("undo", "7").stderr
    assert "There is no program 'hillside'. Loaded: riverside." in program("changes", "hillside").stderr
