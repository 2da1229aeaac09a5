"""`convene doctor` against a local Slack: what it finds there and in the database, and what it says to do."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner
from werkzeug.serving import WSGIRequestHandler, make_server

from bot import app as composition
from bot.cli import build
from bot.clock import ShiftedClock, wall
from bot.sandbox import cast, season
from bot.sandbox.server import Sandbox
from bot.services import programs
from storage.database import Database
from tests.cast import sheet

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

BOT_TOKEN, APP_TOKEN = "xoxb-1-test", "xapp-1-test"
FACILITATORS, COHORT = "C0FACIL01", "C0COHORT1"


class LocalSlack:
    """The sandbox's workspace, with a manifest and a clock of the test's choosing."""

    def __init__(self) -> None:
        self.manifest: Any = composition.manifest(None)
        self.rooms = {room.id: room for room in cast.rooms()}
        self.late = timedelta()
        self.sandbox = self._sandbox()
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
            self._server = make_server(
                "127.0.0.1", self.port, self, threaded=True, request_handler=_door(self), fd=listener.fileno()
            )
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def settings(self) -> dict[str, str]:
        url = f"http://127.0.0.1:{self.port}/api/"
        return {"SLACK_API_URL": url, "SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN}

    def without(self, scope: str) -> None:
        """The app as it was installed before a scope was added."""
        self.manifest["oauth_config"]["scopes"]["bot"].remove(scope)
        self.sandbox = self._sandbox()

    def alter(self, room: str, *, bot_in: bool = True, private: bool | None = None) -> None:
        """A room that is otherwise than the bot was told."""
        before = self.rooms[room]
        self.rooms[room] = replace(before, bot_in=bot_in, private=before.private if private is None else private)
        self.sandbox = self._sandbox()

    def stop(self) -> None:
        self._server.shutdown()
        self.sandbox.stop()

    def _sandbox(self) -> Sandbox:
        made = Sandbox(
            people=cast.people(),
            rooms=tuple(self.rooms.values()),
            manifest=self.manifest,
            clock=ShiftedClock(),
            zone=ZoneInfo("America/Chicago"),
            signing_secret="unused",
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN,
            socket=True,
        )
        made.start()
        return made

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self.sandbox(environ, start_response)


def _door(local: LocalSlack) -> type[WSGIRequestHandler]:
    class Door(WSGIRequestHandler):
        def log(self, type: str, message: str, *args: Any) -> None:
            """Nobody reads it."""

        def date_time_string(self, timestamp: float | None = None) -> str:
            return format_datetime(datetime.now(UTC) - local.late, usegmt=True)

    return Door


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    local = LocalSlack()
    yield local
    local.stop()


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
    status, lines = doctor(**slack.settings, DATABASE_URL=stored)
    assert (status, ill(lines)) == (0, [])
    assert "ok    The app has every scope it needs." in lines
    assert "ok    The app-level token opens Socket Mode." in lines
    assert "ok    #cohort serves as the channel for cohort." in lines
    assert any("a disk that lasts" in line for line in lines)
    assert any("are samples" in line for line in lines)


def test_with_nothing_set_it_says_all_there_is_to_do() -> None:
    nothing = dict.fromkeys(("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "DATABASE_URL"), None)
    status, lines = doctor(**nothing)
    assert status == 1
    assert [line.split()[0] for line in ill(lines)] == ["There", "SLACK_BOT_TOKEN", "Set"]
    assert not Path("convene.db").exists()


def test_wrong_tokens_are_found(slack: LocalSlack, stored: str) -> None:
    wrong = {"SLACK_BOT_TOKEN": "xoxb-old", "SLACK_APP_TOKEN": "xapp-old"}
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
    _, lines = doctor(**slack.settings, DATABASE_URL=stored)
    assert ill(lines) == ["The app lacks scopes: files:write"]


def test_a_clock_that_is_off_is_found(slack: LocalSlack, stored: str) -> None:
    slack.late = timedelta(minutes=4)
    _, lines = doctor(**slack.settings, DATABASE_URL=stored)
    (found,) = ill(lines)
    assert "seconds ahead of Slack's" in found


def test_rooms_without_the_bot_are_found(slack: LocalSlack, stored: str) -> None:
    slack.alter(FACILITATORS, bot_in=False)
    slack.alter(COHORT, bot_in=False)
    _, lines = doctor(**slack.settings, DATABASE_URL=stored)
    assert sorted(ill(lines)) == [
        "#facilitators: Slack does not show it (channel_not_found).",
        "The bot is not in #cohort.",
    ]


def test_an_archived_room_is_found(slack: LocalSlack, stored: str) -> None:
    slack.sandbox.workspace.channels[COHORT].archived = True
    _, lines = doctor(**slack.settings, DATABASE_URL=stored)
    assert ill(lines) == ["#cohort is archived."]


def test_a_public_room_for_facilitators_is_worth_a_look(slack: LocalSlack, stored: str) -> None:
    slack.alter(FACILITATORS, private=False)
    status, lines = doctor(**slack.settings, DATABASE_URL=stored)
    assert status == 0
    assert "look  #facilitators is for facilitators and is public." in lines


def test_a_database_that_does_not_answer_is_found(slack: LocalSlack) -> None:
    _, lines = doctor(**slack.settings, DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    (found,) = ill(lines)
    assert found.startswith("The database does not answer: ")


def test_an_empty_database_asks_for_an_upgrade(slack: LocalSlack, postgres_url: str) -> None:
    _, lines = doctor(**slack.settings, DATABASE_URL=postgres_url)
    assert ill(lines) == ["The database is not up to date."]
    assert "→ Run: convene db upgrade" in lines


def test_without_a_program_it_says_how_to_load_one(slack: LocalSlack, sqlite_url: str) -> None:
    _, lines = doctor(**slack.settings, DATABASE_URL=sqlite_url)
    assert ill(lines) == ["There is no program yet."]
