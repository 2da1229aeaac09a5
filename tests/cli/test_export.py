"""`convene export`: files in a folder, what was written and left out on standard error, refusals in words."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli import export as command
from storage.database import Database
from tests.services.test_export import begin

Run = typer.Typer(pretty_exceptions_enable=False)
command.add(Run)


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str) -> None:
    """An empty folder without `.env`, and a database in which two people have written."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    db = Database(sqlite_url)
    with db.begin() as session:
        begin(session)
    db.close()


def export(*words: str) -> Result:
    return CliRunner().invoke(Run, [*words])


def test_it_says_on_standard_error_what_was_written_and_what_was_left_out() -> None:
    result = export("--out", "backup")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "checkins.csv: 2 rows" in result.stderr
    assert "Left out: coaches' private notes (1 check-in)" in result.stderr
    assert "inbound" in result.stderr
    assert Path("backup/checkins.csv").exists()


def test_private_notes_come_along_when_asked_for() -> None:
    result = export("--out", "backup", "--format", "jsonl", "--private-notes")
    assert "tired today" in Path("backup/checkin_versions.jsonl").read_text(encoding="utf-8")
    assert "written for nobody else" in result.stderr


def test_a_second_export_into_the_same_folder_is_refused() -> None:
    export("--out", "backup")
    result = export("--out", "backup")
    assert result.exit_code == 1
    assert "Choose an empty folder" in result.stderr


def test_a_file_where_the_folder_should_be_is_refused() -> None:
    Path("backup").write_text("mine")
    result = export("--out", "backup")
    assert result.exit_code == 1
    assert "cannot be written to" in result.stderr
    assert Path("backup").read_text() == "mine"


def test_a_database_that_is_not_there_is_said_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    result = export("--out", "backup")
    assert result.exit_code == 1
    assert "The database does not answer" in result.stderr
    assert not Path("backup").exists()
