"""`convene db`: what is said of a database and of its copies, and how each command ends."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli import common
from bot.cli import database as command
from storage import migrations
from storage.database import Database
from tests.services.test_chain import _as_it_was_before, who_of, write
from tests.services.test_reflections import WORDS, hand_in
from tests.services.test_verify import by_hand

Run = typer.Typer(pretty_exceptions_enable=False)
command.add(Run)


@pytest.fixture
def db(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str) -> Database:
    """An empty folder without `.env`, and a database in which people have written."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    db = Database(sqlite_url)
    with db.begin() as session:
        write(session)
    db.close()
    return db


def run(*words: str) -> Result:
    return CliRunner().invoke(Run, ["db", *words])


def flat(text: str) -> str:
    return " ".join(text.split())


def test_a_sound_database_is_said_to_be_sound(db: Database) -> None:
    result = run("verify")
    assert result.exit_code == 0
    assert "3 receipt numbers: none missing, none given out twice." in result.stdout
    assert "In it: 1 program, 8 people, 3 submissions" in result.stdout
    assert "ost-cop: seal no. 4, " in result.stdout
    assert result.stderr == ""


def test_what_does_not_hold_is_named_and_nothing_that_anybody_wrote(db: Database) -> None:
    by_hand(db, "UPDATE reflection_versions SET minutes = 900 WHERE version = 2")
    result = run("verify")
    assert result.exit_code == 1
    assert "ost-cop, no. 1, version 2: what it says is not what was saved." in result.stderr
    assert "Then restore the newest backup" in flat(result.stderr)
    assert WORDS not in result.output


def test_a_backup_is_taken_and_put_back(db: Database) -> None:
    result = run("backup", "monday.backup")
    assert result.exit_code == 0
    assert "Saved as monday.backup" in result.stdout
    assert "3 submissions" in result.stdout
    with db.begin() as session:
        who_of(session, "U0LENA001")
        hand_in(session, "U0LENA001", "after the backup")
    db.close()
    result = run("restore", "monday.backup", "--replace", "--yes")
    assert result.exit_code == 0
    assert "In it: 1 program, 8 people, 3 submissions" in result.stdout
    assert "What was there before is kept as" in result.stdout
    assert "its receipt numbers will be given out again" in flat(result.stdout)
    assert "notices were due since then. They are put aside" in flat(result.stdout)
    assert run("verify").exit_code == 0


def test_what_is_due_since_may_be_said(db: Database) -> None:
    run("backup", "monday.backup")
    result = run("restore", "monday.backup", "--replace", "--resend", "--yes")
    assert "Nothing was put aside" in result.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("backup", "there"), "there is there already. Choose another name, or replace it with --force."),
        (("backup", "missing/one"), "There is no folder missing."),
        (("restore", "missing"), "missing is not there."),
        (("restore", "there"), "there is no backup of a Convene database."),
        (("restore", "sound"), "There is something in the database already. To put the backup in its place"),
        (("restore", "sound", "--replace"), "Nobody can be asked here: say --yes if you are sure."),
    ],
)
def test_a_refusal_says_what_to_do(db: Database, words: tuple[str, ...], says: str) -> None:
    assert run("backup", "sound").exit_code == 0
    Path("there").write_text("mine")
    result = run(*words)
    assert result.exit_code == 1
    assert says in flat(result.stderr)
    assert Path("there").read_text() == "mine"


def test_somebody_at_a_terminal_is_asked_first(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    run("backup", "sound")
    asked: list[str] = []
    monkeypatch.setattr(common, "asks", lambda: True)
    monkeypatch.setattr(typer, "confirm", _answering(asked, yes=False))
    result = run("restore", "sound", "--replace")
    assert (result.exit_code, len(asked)) == (1, 1)
    assert "Nothing was changed." in result.stderr
    monkeypatch.setattr(typer, "confirm", _answering(asked, yes=True))
    assert run("restore", "sound", "--replace").exit_code == 0


def test_a_database_that_does_not_hold_is_not_backed_up(db: Database) -> None:
    by_hand(db, "DELETE FROM reflections WHERE number = 2")
    result = run("backup", "monday.backup")
    assert result.exit_code == 1
    assert "No backup was made." in result.stderr
    assert not Path("monday.backup").exists()


def test_a_backup_that_does_not_hold_is_not_put_back(db: Database) -> None:
    run("backup", "monday.backup")
    by_hand(Database("sqlite:///monday.backup"), "UPDATE programs SET receipts = 7")
    result = run("restore", "monday.backup", "--replace", "--yes")
    assert result.exit_code == 1
    assert "ost-cop, receipt numbers missing: 4 to 7." in result.stderr
    assert "The database is as it was." in result.stderr


def test_without_a_database_there_is_nothing_to_keep(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///other.db")
    result = run("backup", "monday.backup")
    assert result.exit_code == 1
    assert "There is no Convene database yet" in result.stderr
    assert not Path("other.db").exists()


def test_onto_a_new_machine_it_goes_without_a_question(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    run("backup", "monday.backup")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///other.db")
    assert run("restore", "monday.backup").exit_code == 0
    assert run("verify").exit_code == 0


def test_an_upgrade_says_what_it_has_sealed(db: Database) -> None:
    _as_it_was_before(db)
    db.close()
    assert "convene db upgrade" in run("verify").stderr
    assert "4 versions were taken as found." in run("upgrade").stdout
    assert run("upgrade").stdout == "The database is up to date.\n"
    assert run("verify").exit_code == 0


def test_an_older_shape_is_kept_and_brought_up_to_date(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    old = Database("sqlite:///old.db")
    migrations.upgrade(old, "0001")
    old.close()
    monkeypatch.setenv("DATABASE_URL", "sqlite:///old.db")
    result = run("backup", "old.backup")
    assert result.exit_code == 0
    assert "older shape (0001)" in result.stdout
    assert "was brought up to date" in run("restore", "old.backup").stdout


def _answering(asked: list[str], *, yes: bool) -> Callable[[str], bool]:
    def answer(question: str) -> bool:
        asked.append(question)
        return yes

    return answer
