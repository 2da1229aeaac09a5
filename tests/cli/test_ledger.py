"""`convene ledger`: what became of each notice and why, and nobody's words."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.cli import ledger as command
from bot.domain.notices import Notice, Target, ToChannel, ToPerson, ToPurpose
from bot.services import week
from storage import notices
from storage.database import Database
from tests import cast
from tests.cast import COHORT, FAY, MONDAY, TOMAS

Run = typer.Typer(pretty_exceptions_enable=False)
command.add(Run)


@pytest.fixture(autouse=True)
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str) -> None:
    """An empty folder without `.env`, and a database of one's own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", sqlite_url)


@pytest.fixture
def season(sqlite_url: str) -> Iterator[Database]:
    """The cast, with a notice in each of a few states."""
    db = Database(sqlite_url)
    with db.begin() as session:
        cast.begin(session)
        planned: tuple[tuple[str, str, Target], ...] = (
            ("reflection.receipt:1", "reflection.receipt", ToPerson(TOMAS)),
            ("homework.post:1:one", "homework.post", ToPurpose("cohort")),
            ("reminder:1:two", "reminder.event", ToChannel(COHORT)),
        )
        for number, (key, kind, target) in enumerate(planned):
            refs = {"homework": "before-we-begin", "words": "my secret words"}
            due = MONDAY + timedelta(hours=number)
            notices.add(session, Notice(key, kind, target, due, 1, refs), MONDAY)
        row = notices.get(session, "reflection.receipt:1")
        assert row is not None
        row.state, row.settled_at, row.attempts, row.posted_channel = "delivered", MONDAY, 2, "D1"
        session.add(row)
    yield db
    db.close()


def ledger(*words: str) -> Result:
    return CliRunner().invoke(Run, list(words))


def keys(*words: str) -> list[str]:
    result = ledger(*words, "--json")
    assert result.exit_code == 0, result.stderr
    return [one["key"] for one in json.loads(result.stdout)["notices"]]


@pytest.mark.usefixtures("season")
def test_the_newest_is_first_with_when_where_what_and_how_often_it_was_tried() -> None:
    result = ledger()
    lines = [" ".join(one.split()) for one in result.stdout.splitlines()]
    assert lines[0] == "Due (St. Louis) Said Where What Outcome Tries Why Key"
    assert lines[1] == "2020-10-12 11:00 #cohort a reminder of a date planned 0 reminder:1:two"
    receipt = "2020-10-12 09:00 09:00:00 Tomás Rivera the receipt of a reflection said 2 reflection.receipt:1"
    assert lines[3] == receipt
    assert lines[-1] == "3 notices: 2 planned, 1 said."
    assert not set(result.stdout) & set("─│┃━┏\x1b")


@pytest.mark.usefixtures("season")
def test_nobody_s_words_are_printed() -> None:
    assert "secret" not in ledger().stdout + ledger("--json").stdout


@pytest.mark.usefixtures("season")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--state", "delivered"], ["reflection.receipt:1"]),
        (["--state", "said"], ["reflection.receipt:1"]),
        (["--kind", "homework"], ["homework.post:1:one"]),
        (["--kind", "reminder.event"], ["reminder:1:two"]),
        (["--key", "homework.post:1:"], ["homework.post:1:one"]),
        (["--key", "%"], []),
        (["--since", "2020-10-13"], []),
        (["--limit", "1"], ["reminder:1:two"]),
        (["--program", "ost-cop", "--state", "refused"], []),
    ],
)
def test_it_can_be_narrowed(words: list[str], found: list[str]) -> None:
    assert keys(*words) == found


@pytest.mark.usefixtures("season")
def test_what_does_not_fit_is_counted() -> None:
    shown = ledger("--limit", "1").stdout
    assert "And 2 older" in shown
    assert "3 notices" in shown
    assert "Nothing in the ledger is like this." in ledger("--state", "held").stdout


def test_who_skipped_or_holds_it_is_named(season: Database) -> None:
    with season.begin() as session:
        viewer = cast.asks(session, FAY)
        row = notices.get(session, "homework.post:1:one")
        assert row is not None
        assert row.id is not None
        week.decide(session=session, viewer=viewer, posts=(row.id,), deed="skip", request="a", now=MONDAY)
    result = ledger("--state", "skipped")
    assert "a facilitator left it out (by Fay Whitaker)" in result.stdout


@pytest.mark.usefixtures("season")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--state", "lost"], "There is: planned, held, sending"),
        (["--kind", "homework.pots"], "homework.post"),
        (["--since", "yesterday"], "is not a day"),
        (["--program", "other"], "There is no program 'other'"),
    ],
)
def test_what_there_is_not_is_refused_with_what_there_is(words: list[str], says: str) -> None:
    result = ledger(*words)
    assert result.exit_code == 1
    assert says in result.stderr


def test_without_a_database_it_is_said_how_to_make_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///none.db")
    result = ledger()
    assert result.exit_code == 1
    assert "convene db upgrade" in result.stderr
