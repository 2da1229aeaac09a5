"""`convene sandbox` before it starts: what cannot be is said in words, with status 1."""

from __future__ import annotations

import socket
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import select
from typer.testing import CliRunner

from bot.cli import build
from bot.sandbox import run
from storage.database import Database
from storage.people import Person


@pytest.fixture(autouse=True)
def empty_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(*words: str) -> str:
    result = CliRunner().invoke(build(), ["sandbox", "--no-open", *words])
    assert result.exit_code == 1, result.output
    assert isinstance(result.exception, SystemExit)
    assert result.stdout == ""
    return result.stderr


def test_a_taken_port_is_said_with_another_to_try() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = refused("--port", str(port))
    assert f"Port {port} cannot be used: Address already in use." in said
    assert f"convene sandbox --port {port + 1}" in said


def test_an_unknown_program_is_said_with_those_that_ship() -> None:
    said = refused("--program", "ost-kop")
    assert "ost-kop: cannot be read (No such file or directory)" in said
    assert "ost-cop, stem-iq" in said


def test_a_wrong_program_file_is_explained_line_by_line(empty_folder: Path) -> None:
    (empty_folder / "mine.yaml").write_text("program:\n  slug: mine\n")
    said = refused("--program", "mine.yaml")
    assert "This program cannot be used" in said
    assert "mine.yaml" in said


def test_a_time_that_is_none_is_said_with_an_example() -> None:
    assert "2020-10-12T09:00" in refused("--at", "monday")


@pytest.mark.parametrize(("words", "begins"), [((), "2020-10-12T09:00"), (("--empty",), "today")])
def test_a_story_begins_with_its_program_and_without_one_this_morning(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], begins: str
) -> None:
    given: list[datetime] = []

    def taken(*, at: datetime, **_: object) -> AbstractContextManager[None]:
        given.append(at)
        raise run.PortTaken("it is")

    monkeypatch.setattr(run, "running", taken)
    earliest = datetime.now(UTC).astimezone().date()
    refused(*words)
    if begins == "today":
        assert given[0].tzinfo is None
        assert (given[0].hour, given[0].minute) == (9, 0)
        assert given[0].date() in (earliest, datetime.now(UTC).astimezone().date())
    else:
        assert given == [datetime.fromisoformat(begins)]


@pytest.mark.parametrize("url", ["convene.db", "mysql://h/d", "sqlite:///"])
def test_an_address_that_names_no_database_is_said(url: str) -> None:
    assert "--db: this should" in refused("--db", url)


def test_a_database_that_does_not_answer_is_said() -> None:
    assert "The database does not answer" in refused("--db", "postgresql://nobody@127.0.0.1:1/none")


def test_the_database_of_a_real_workspace_is_left_alone(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    with db.begin() as session:
        session.add(Person(team="T0REALONE", user_id="U1", name="Somebody"))
    assert "belongs to a real workspace" in refused("--db", sqlite_url)
    with db.read() as session:
        assert len(session.exec(select(Person)).all()) == 1
    db.close()
