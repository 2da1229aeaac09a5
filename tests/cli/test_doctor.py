"""`convene doctor` against a local Slack: what it finds there and in the database, and what it says to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import build
from bot.clock import wall
from bot.sandbox import season
from bot.services import programs
from storage.database import Database
from tests.cast import sheet
from tests.localslack import BOT_TOKEN, COHORT, FACILITATORS, LocalSlack


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    """A workspace that is not open yet."""
    local = LocalSlack(socket_mode=True)
    yield local
    local.close()


@pytest.fixture
def stored(sqlite_url: str) -> str:
    """A database with the program, its people and its rooms."""
    db = Database(sqlite_url)
    with db.begin() as session:
        season.begin(session=session, sheet=sheet(programs.find_file("ost-cop")), now=wall())
    db.close()
    return sqlite_url


@pytest.fixture(autouse=True)
def empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No settings but a test's own."""
    for name in ("SLACK_SIGNING_SECRET", "PORT", "LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def doctor(**environment: str | None) -> tuple[int, list[str]]:
    """Its exit status, and its lines: each begins with ok, look, wrong, or an arrow."""
    result = CliRunner().invoke(build(), ["doctor"], env=environment)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert BOT_TOKEN not in result.output
    return result.exit_code, [line.strip() for line in result.stdout.splitlines()]


def ill(lines: list[str]) -> list[str]:
    return [line.split(maxsplit=1)[1] for line in lines if line.startswith("wrong")]


def test_a_healthy_set_up_ends_with_0(slack: LocalSlack, stored: str) -> None:
    slack.open()
    status, lines = doctor(**slack.settings, DATABASE_URL=stored)
    assert (status, ill(lines)) == (0, [])
    assert "ok    The app has every scope it needs." in lines
    assert "ok    The app-level token opens Socket Mode." in lines
    cohort = "#cohort serves as the channel for cohort. The bot answers there when it is mentioned."
    assert f"ok    {cohort}" in lines
    assert any("a disk that lasts" in line for line in lines)
    assert any("samples are made up" in line for line in lines)


def test_with_nothing_set_it_says_all_there_is_to_do() -> None:
    nothing = dict.fromkeys(("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "DATABASE_URL"), None)
    status, lines = doctor(**nothing)
    assert status == 1
    assert [line.split()[0] for line in ill(lines)] == ["There", "SLACK_BOT_TOKEN", "Set"]
    assert not Path("convene.db").exists()


def test_wrong_tokens_are_found(slack: LocalSlack, stored: str) -> None:
    wrong = {"SLACK_BOT_TOKEN": "xoxb-old", "SLACK_APP_TOKEN": "xapp-old"}
    slack.open()
    status, lines = doctor(**{**slack.settings, **wrong}, DATABASE_URL=stored)
    assert status == 1
    assert ill(lines) == [
        "Slack refuses the bot token: invalid_auth",
        "Slack refuses the app-level token: invalid_auth",
    ]


def test_a_slack_that_is_away_is_found(stored: str) -> None:
    away = {"SLACK_API_URL": "http://127.0.0.1:1/api/", "SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    _, lines = doctor(**away, DATABASE_URL=stored)
    assert ill(lines) == ["Slack cannot be asked: unreachable", "Socket Mode cannot be opened: unreachable"]


def test_missing_scopes_are_named(slack: LocalSlack, stored: str) -> None:
    slack.without("files:write")
    slack.open()
    _, lines = doctor(**slack.settings, DATABASE_URL=stored)
    assert ill(lines) == ["The app lacks scopes: files:write"]


def test_a_clock_that_is_off_is_found(slack: LocalSlack, stored: str) -> None:
    slack.behind = timedelta(minutes=4)
    slack.open()
    _, lines = doctor(**slack.settings, DATABASE_URL=stored)
    (found,) = ill(lines)
    assert "seconds ahead of Slack's" in found


def test_rooms_without_the_bot_are_found(slack: LocalSlack, stored: str) -> None:
    slack.alter(FACILITATORS, bot_in=False)
    slack.alter(COHORT, bot_in=False)
    slack.open()
    _, lines = doctor(**slack.settings, DATABASE_URL=stored)
    assert sorted(ill(lines)) == [
        "#facilitators: Slack does not show it (channel_not_found).",
        "The bot is not in #cohort.",
    ]


def test_an_archived_room_is_found(slack: LocalSlack, stored: str) -> None:
    slack.sandbox.workspace.channels[COHORT].archived = True
    slack.open()
    _, lines = doctor(**slack.settings, DATABASE_URL=stored)
    assert ill(lines) == ["#cohort is archived."]


def test_a_public_room_for_facilitators_is_worth_a_look(slack: LocalSlack, stored: str) -> None:
    slack.alter(FACILITATORS, private=False)
    slack.open()
    status, lines = doctor(**slack.settings, DATABASE_URL=stored)
    assert status == 0
    assert "look  #facilitators is for facilitators and is public." in lines


def test_a_database_that_does_not_answer_is_found(slack: LocalSlack) -> None:
    slack.open()
    _, lines = doctor(**slack.settings, DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    (found,) = ill(lines)
    assert found.startswith("The database does not answer: ")


def test_an_empty_database_asks_for_an_upgrade(slack: LocalSlack, postgres_url: str) -> None:
    slack.open()
    _, lines = doctor(**slack.settings, DATABASE_URL=postgres_url)
    assert ill(lines) == ["The database is not up to date."]
    assert "→ Run: convene db upgrade" in lines


def test_without_a_program_it_says_how_to_load_one(slack: LocalSlack, sqlite_url: str) -> None:
    slack.open()
    _, lines = doctor(**slack.settings, DATABASE_URL=sqlite_url)
    assert ill(lines) == ["There is no program yet."]


def test_a_document_that_could_not_be_read_is_named(slack: LocalSlack, stored: str) -> None:
    slack.open()
    _, lines = doctor(**slack.settings, DATABASE_URL=stored)
    assert any("OST Community of Practice: “Informational packet” could not be read" in line for line in lines)
    assert any("convene program load" in line for line in lines)
