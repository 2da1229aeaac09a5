"""`convene run`, `web` and `worker` before they start: what is wrong is said in words, all of it, with status 1."""

from __future__ import annotations

import re
import socket
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select
from typer.testing import CliRunner, Result

from bot.cli import build, serve
from storage.database import Database
from storage.setup import SetupCode
from tests import cast

NAMES = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_API_URL",
    "DATABASE_URL",
    "PORT",
    "LOG_LEVEL",
)
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1-secret", "SLACK_SIGNING_SECRET": "hush-hush"}


@pytest.fixture(autouse=True)
def empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Nothing set, and no `.env`."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def convene(*words: str, **environment: str) -> Result:
    return CliRunner().invoke(build(), words, env=environment)


def refused(*words: str, **environment: str) -> str:
    """What is said, after making sure that it is a refusal and says no secret."""
    result = convene(*words, **environment)
    assert result.exit_code == 1, result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    for secret in TOKENS.values():
        assert secret not in result.stderr
    return result.stderr


@pytest.mark.parametrize("command", ["run", "web", "worker"])
def test_without_any_setting_it_says_which_to_set_and_where_they_are(command: str) -> None:
    said = refused(command)
    assert "SLACK_BOT_TOKEN is not set" in said
    assert "SLACK_APP_TOKEN" in said
    assert "SLACK_SIGNING_SECRET" in said
    assert "convene sandbox" in said


@pytest.mark.parametrize("command", ["run", "web", "worker"])
def test_all_wrong_settings_are_named_at_once_and_none_is_repeated(command: str) -> None:
    wrong = {
        "SLACK_BOT_TOKEN": "hush-hush",
        "SLACK_APP_TOKEN": "xoxb-1-secret",
        "SLACK_API_URL": "slack",
        "DATABASE_URL": "mysql://root:hush-hush@db",
        "PORT": "all",
        "LOG_LEVEL": "LOUD",
    }
    said = refused(command, **wrong)
    assert [name for name in wrong if f"{name}: " in said] == list(wrong)


@pytest.mark.parametrize("command", ["web", "worker"])
def test_the_halves_refuse_sqlite_and_say_why(command: str) -> None:
    said = refused(command, **TOKENS, DATABASE_URL="sqlite:///convene.db")
    assert "serves one process" in said
    assert "convene run" in said
    assert not Path("convene.db").exists()


def test_the_web_half_needs_the_signing_secret(postgres_url: str) -> None:
    said = refused("web", SLACK_BOT_TOKEN="xoxb-1", SLACK_APP_TOKEN="xapp-1", DATABASE_URL=postgres_url)
    assert "SLACK_SIGNING_SECRET is not set" in said


@pytest.mark.parametrize("command", ["web", "worker"])
def test_the_halves_ask_for_an_upgrade_instead_of_making_one(command: str, postgres_url: str) -> None:
    assert "convene db upgrade" in refused(command, **TOKENS, DATABASE_URL=postgres_url, PORT=str(free_port()))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said = refused("run", **TOKENS, DATABASE_URL=f"sqlite:///{tmp_path}/file/data/convene.db", PORT=str(free_port()))
    assert "There can be no database in" in said


def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("Dear diary, " * 100)
    said = refused("run", **TOKENS, DATABASE_URL=f"sqlite:///{tmp_path}/notes.txt", PORT=str(free_port()))
    assert "file is not a database" in said


def test_a_folder_instead_of_a_file_is_said(tmp_path: Path) -> None:
    said = refused("run", **TOKENS, DATABASE_URL=f"sqlite:///{tmp_path}", PORT=str(free_port()))
    assert "unable to open database file" in said


@pytest.mark.parametrize("command", ["run", "web", "worker"])
def test_a_server_that_refuses_is_said(command: str) -> None:
    url = f"postgresql://convene:hush-hush@127.0.0.1:{free_port()}/convene"
    said = refused(command, **TOKENS, DATABASE_URL=url, PORT=str(free_port()))
    assert "The database does not answer" in said
    assert "refused" in said


def test_a_database_that_the_server_does_not_have_is_said(postgres: str) -> None:
    url = f"{postgres.rpartition('/')[0]}/nobody_made_this"
    said = refused("run", **TOKENS, DATABASE_URL=url, PORT=str(free_port()))
    assert '"nobody_made_this" does not exist' in said


def test_a_database_of_a_newer_convene_is_left_alone(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    with db.begin() as session:
        session.connection().execute(text("UPDATE alembic_version SET version_num = 'later'"))
    db.close()
    assert "newer Convene" in refused("run", **TOKENS, DATABASE_URL=sqlite_url, PORT=str(free_port()))


@pytest.mark.parametrize("tokens", [TOKENS, {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}])
def test_a_taken_port_is_refused_before_anything_is_touched(tokens: dict[str, str]) -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused("run", **tokens, PORT=str(port))
    assert f"Port {port} cannot be used" in said
    assert not Path("convene.db").exists()


def test_a_port_that_another_server_shares_is_refused_too() -> None:
    # Servers of this kind let the system spread requests over all who listen: half of them would be lost.
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        said = refused("run", **TOKENS, PORT=str(taken.getsockname()[1]))
    assert "cannot be used" in said


def test_a_dot_env_file_is_read_and_the_environment_wins(empty_folder: Path) -> None:
    (empty_folder / ".env").write_text("SLACK_BOT_TOKEN=nonsense\nPORT=nonsense\nLOG_LEVEL=INFO\n")
    said = refused("run", PORT="3000")
    assert "SLACK_BOT_TOKEN: this should start with xoxb-" in said
    assert "PORT" not in said


def test_a_dot_env_file_as_windows_writes_it_is_read(empty_folder: Path) -> None:
    (empty_folder / ".env").write_bytes("\ufeffSLACK_BOT_TOKEN=nonsense\r\n".encode())
    assert "SLACK_BOT_TOKEN: this should start with xoxb-" in refused("run")


def test_a_value_with_a_dollar_sign_stays_as_it_is_written(empty_folder: Path) -> None:
    (empty_folder / ".env").write_text("LOG_LEVEL=${HOME}\n")
    assert "LOG_LEVEL: this should be one of" in refused("run", HOME="INFO")


def test_a_dot_env_file_that_is_no_text_is_said(empty_folder: Path) -> None:
    (empty_folder / ".env").write_bytes("SLACK_BOT_TOKEN=xoxb-1".encode("utf-16"))
    assert ".env: this file cannot be read as text" in refused("run")


@pytest.mark.parametrize("words", [["export", "--out", "backup"], ["people", "list"]])
def test_commands_that_only_look_make_no_database(words: list[str]) -> None:
    assert "convene db upgrade" in refused(*words)
    assert not Path("convene.db").exists()


def test_db_upgrade_makes_a_database_and_a_second_time_changes_nothing() -> None:
    assert convene("db", "upgrade").exit_code == 0
    before = Path("convene.db").read_bytes()
    result = convene("db", "upgrade")
    assert (result.exit_code, result.stdout) == (0, "The database is up to date.\n")
    assert Path("convene.db").read_bytes() == before


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def test_where_there_is_no_program_the_code_is_shown_once_and_kept_nowhere(
    quick_db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    serve._print_code(quick_db)
    shown = capsys.readouterr().out
    found = re.search(r"code ([A-Z0-9]{4})-([A-Z0-9]{4})", " ".join(shown.split()))
    assert found is not None
    with quick_db.read() as session:
        (row,) = session.exec(select(SetupCode)).all()
    assert found[1] + found[2] not in f"{row.salt}{row.hash}".upper()
    with quick_db.begin() as session:
        cast.load(session, "stem-iq")
    serve._print_code(quick_db)
    assert capsys.readouterr().out == ""
