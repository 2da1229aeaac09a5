"""`convene faq`: a page in a folder, figures on the screen, refusals in words."""

from __future__ import annotations

import csv
import json
import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli import faq as command
from storage import people
from storage import questions as rows
from storage.database import Database
from storage.questions import Question
from tests import cast
from tests.cast import ADA, APPLICANTS, MONDAY, TEAM

Run = typer.Typer(pretty_exceptions_enable=False)
command.add(Run)

PAGE = "faq-ost-cop.html"
PARKING = "is there parking?"


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str) -> None:
    """An empty folder without `.env`, a database of one's own, and the Monday of the application week."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setattr(command, "wall", lambda: MONDAY)


@pytest.fixture
def season(db: Database) -> Database:
    with db.begin() as session:
        cast.begin(session)
    return db


def faq(*words: str) -> Result:
    return CliRunner().invoke(Run, ["faq", *words])


def asked(db: Database, text: str, place: str = "channel", days: int = 0, **fields: Any) -> None:
    """A question as it is stored, some days after Monday."""
    with db.begin() as session:
        asker = people.by_user(session, TEAM, ADA)
        assert asker is not None
        assert asker.id is not None
        known: dict[str, Any] = {"outcome": "declined", "program_id": 1, "channel": APPLICANTS, **fields}
        key = f"{text}:{place}:{days}:{fields}"
        question = Question(
            key=key,
            team=TEAM,
            place=place,
            asker_id=asker.id,
            text=text,
            asked_at=MONDAY + timedelta(days=days),
            **known,
        )
        assert rows.add(session, question) is not None


@pytest.mark.usefixtures("season")
def test_a_page_is_written_into_a_folder_that_is_made() -> None:
    result = faq("page", "--out", "site/faq")
    assert result.exit_code == 0, result.stderr
    assert f"site/faq/{PAGE}: " in result.stdout
    text = Path("site/faq", PAGE).read_text(encoding="utf-8")
    assert "OST Community of Practice" in text
    assert "Last updated" in text
    assert "marked as a sample" in result.stderr


@pytest.mark.usefixtures("season")
def test_a_page_can_be_read_by_the_web_server_and_leaves_nothing_else_behind() -> None:
    before = os.umask(0o022)
    try:
        faq("page", "--out", "site")
    finally:
        os.umask(before)
    assert [path.name for path in Path("site").iterdir()] == [PAGE]
    assert stat.S_IMODE(Path("site", PAGE).stat().st_mode) == 0o644


@pytest.mark.usefixtures("season")
def test_a_page_written_twice_on_one_day_is_the_same_to_the_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    faq("page", "--out", "site")
    first = Path("site", PAGE).read_bytes()
    monkeypatch.setattr(command, "wall", lambda: MONDAY + timedelta(hours=3))
    faq("page", "--out", "site", "ost-cop")
    assert Path("site", PAGE).read_bytes() == first


@pytest.mark.usefixtures("season")
def test_a_file_where_the_folder_should_be_is_refused_and_kept() -> None:
    Path("site").write_text("mine")
    for folder in ("site", "site/inner"):
        result = faq("page", "--out", folder)
        assert result.exit_code == 1
        assert "is not a folder" in result.stderr
    assert Path("site").read_text() == "mine"


@pytest.mark.usefixtures("season")
def test_a_folder_in_the_page_s_place_is_refused_and_nothing_is_left_lying_about() -> None:
    Path("site", PAGE).mkdir(parents=True)
    result = faq("page", "--out", "site")
    assert result.exit_code == 1
    assert "cannot be written to" in result.stderr
    assert [path.name for path in Path("site").iterdir()] == [PAGE]


@pytest.mark.usefixtures("season")
def test_a_program_that_is_not_there_is_named_with_those_that_are() -> None:
    result = faq("page", "--out", "site", "stem-iq")
    assert result.exit_code == 1
    assert "'stem-iq'" in result.stderr
    assert "ost-cop" in result.stderr
    assert not Path("site").exists()


def test_which_of_several_programs_is_meant_is_asked_for(season: Database) -> None:
    with season.begin() as session:
        cast.load(session, "stem-iq")
    for words in (["page", "--out", "site"], ["report"]):
        result = faq(*words)
        assert result.exit_code == 1
        assert "its short name at the end" in result.stderr
    assert faq("page", "--out", "site", "stem-iq").exit_code == 0


def test_a_report_shows_what_was_asked_and_what_was_missed(season: Database) -> None:
    asked(season, PARKING)
    asked(season, "Is there PARKING", days=1)
    asked(season, "when is it due", outcome="answered", entry="deadline")
    result = faq("report")
    assert result.exit_code == 0, result.stderr
    for line in ("Asked 3", "Answered from an entry 1", "Nothing found 2", "is there parking? 2 Oct 13, 2020"):
        assert line in " ".join(result.stdout.split())
    assert "answered nobody: " in result.stdout


def test_in_a_file_a_report_has_no_lines_and_no_colours(season: Database) -> None:
    asked(season, PARKING)
    shown = faq("report").stdout
    assert not set(shown) & set("─│┃━┏\x1b")


@pytest.mark.parametrize("format", ["table", "csv", "json"])
def test_a_private_question_is_printed_in_no_format(season: Database, format: str) -> None:
    asked(season, "my secret question", place="private")
    asked(season, "my other secret", place="direct")
    result = faq("report", "--format", format)
    assert result.exit_code == 0
    assert "secret" not in result.stdout + result.stderr
    assert "2" in result.stdout


def test_csv_is_a_figure_a_row_and_calculates_nothing(season: Database) -> None:
    asked(season, "=HYPERLINK(1)")
    asked(season, "when is it due", outcome="answered", entry="deadline")
    lines = list(csv.DictReader(faq("report", "--format", "csv").stdout.splitlines()))
    figures = {(line["about"], line["which"], line["figure"]): line["value"] for line in lines}
    assert figures["all", "", "asked"] == "2"
    assert figures["channel", "applicants", "asked"] == "2"
    assert figures["entry", "deadline", "answered"] == "1"
    assert figures["missed", "1", "wording"] == "'=HYPERLINK(1)"


def test_json_holds_all_the_figures(season: Database) -> None:
    asked(season, PARKING)
    found = json.loads(faq("report", "--format", "json").stdout)
    assert found["program"] == "ost-cop"
    assert found["all"]["asked"] == 1
    assert found["all"]["median_minutes"] is None
    assert found["missed"] == [{"asked": 1, "wordings": [PARKING], "last": MONDAY.isoformat()}]
    assert "deadline" in found["never_answered_anybody"]


def test_since_leaves_out_what_was_asked_before(season: Database) -> None:
    asked(season, PARKING, days=-1)
    asked(season, PARKING)
    shown = faq("report", "--since", "2020-10-12").stdout
    assert "questions since Oct 12, 2020" in shown
    assert "Asked 1" in " ".join(shown.split())


@pytest.mark.usefixtures("season")
@pytest.mark.parametrize(("day", "says"), [("yesterday", "is not a day"), ("2020-10-13", "is still to come")])
def test_a_day_that_cannot_be_meant_is_refused(monkeypatch: pytest.MonkeyPatch, day: str, says: str) -> None:
    monkeypatch.setattr(command, "wall", lambda: datetime(2020, 10, 12, 14, tzinfo=UTC))
    result = faq("report", "--since", day)
    assert result.exit_code == 1
    assert says in result.stderr


def test_without_a_program_it_is_said_how_to_load_one() -> None:
    for words in (["page", "--out", "site"], ["report"]):
        result = faq(*words)
        assert result.exit_code == 1
        assert "convene program load" in result.stderr
