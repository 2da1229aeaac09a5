"""A form whose words cannot be saved in time says so within Slack's three seconds, and claims nothing."""

from __future__ import annotations

import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import Connection, event
from sqlmodel import select

from bot.sandbox import run
from handlers import in_time
from storage import database, programs
from storage.database import Database
from storage.reflections import Reflection, ReflectionVersion
from tests.conftest import PATIENT_SECONDS
from tests.journeys.workspace import COHORT, TOMAS, Workspace, text_of

ANSWERS = {
    "What does a good day in your program look like?": "Loud.",
    "What do you hope is different ten months from now?": "Calm.",
}
NOT_YET = "Not saved yet. Your words are still here; press again."
SLACK_WAITS_MS = 3000
SECONDS, PATIENCE = in_time.SECONDS, database.LISTENER_PATIENCE
Press = Callable[..., str]


@pytest.fixture(autouse=True)
def in_earnest(unhurried: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms are answered here within what they have when people use them."""
    monkeypatch.setattr(in_time, "SECONDS", SECONDS)
    monkeypatch.setattr(database, "LISTENER_PATIENCE", PATIENCE)


def slow_commit(busy: Workspace) -> threading.Event:
    """The next form takes longer to be written than Slack waits; the event is set when it is."""
    slow, done = threading.Event(), threading.Event()
    slow.set()

    @event.listens_for(busy.stage.convene.deps.db.engine, "commit")
    def take_long(connection: Connection) -> None:
        if slow.is_set() and threading.current_thread().name.startswith("form"):
            slow.clear()
            time.sleep(2.6)
            done.set()

    return done


@pytest.fixture(params=["sqlite", "postgresql"])
def busy(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[Workspace]:
    """A workspace over a database that the test can hold up."""
    url = sqlite_url if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    with run.running(db=url) as stage:
        yield Workspace(stage)


@contextmanager
def held(workspace: Workspace) -> Iterator[None]:
    """Somebody else has the program's row, or, on SQLite, the whole database."""
    other = Database(workspace.stage.convene.deps.db.url.render_as_string(hide_password=False))
    with other.begin() as session:
        programs.held(session, "ost-cop")
        yield
    other.close()


def saved(workspace: Workspace) -> tuple[int, int]:
    """How many reflections there are, and how many versions."""
    with workspace.stage.convene.deps.db.read() as session:
        return len(session.exec(select(Reflection)).all()), len(session.exec(select(ReflectionVersion)).all())


def hand_in(workspace: Workspace, **more: str) -> tuple[str, float]:
    """What the form says, and how many milliseconds it took; what the bot does beside that is not waited for."""
    given = json.dumps({"user": TOMAS, "values": {**ANSWERS, **more}}).encode()
    headers = {"Content-Type": "application/json"}
    asked = urllib.request.Request(f"{workspace.stage.url}/_sandbox/submit", given, headers)
    with urllib.request.urlopen(asked, timeout=60) as said:
        answer = json.load(said)
    return str(answer.get("errors") or text_of(workspace.view(TOMAS))), answer["acked_ms"]


@pytest.fixture
def press_again(monkeypatch: pytest.MonkeyPatch) -> Press:
    """Hand in once more, when nothing is in the way any more: however busy the machine is, the answer is waited for."""

    def press(workspace: Workspace, **more: str) -> str:
        monkeypatch.setattr(in_time, "SECONDS", PATIENT_SECONDS)
        said, _ = hand_in(workspace, **more)
        return said

    return press


def test_a_held_database_is_told_in_the_form_and_the_next_press_saves(busy: Workspace, press_again: Press) -> None:
    busy.command(TOMAS, "/reflect", COHORT)
    with held(busy):
        said, took = hand_in(busy)
    assert NOT_YET in said
    assert took < SLACK_WAITS_MS
    assert saved(busy) == (0, 0)
    assert "Saved as no. 1" in press_again(busy)
    assert saved(busy) == (1, 1)


def test_a_commit_that_goes_through_after_all_gives_the_same_number_at_the_next_press(
    busy: Workspace, press_again: Press
) -> None:
    busy.command(TOMAS, "/reflect", COHORT)
    done = slow_commit(busy)
    said, took = hand_in(busy)
    assert NOT_YET in said
    assert took < SLACK_WAITS_MS
    assert done.wait(5)
    assert "Saved as no. 1" in press_again(busy)
    assert saved(busy) == (1, 1)


def test_what_was_changed_before_the_next_press_is_a_version_under_the_same_number(
    busy: Workspace, press_again: Press
) -> None:
    busy.command(TOMAS, "/reflect", COHORT)
    view = busy.view(TOMAS)["id"]
    done = slow_commit(busy)
    assert NOT_YET in hand_in(busy)[0]
    assert busy.view(TOMAS)["id"] == view
    assert done.wait(5)
    assert "Saved as no. 1" in press_again(busy, **{next(iter(ANSWERS)): "Quiet."})
    assert saved(busy) == (1, 2)


def test_a_commit_that_the_server_drags_out_is_given_up_in_time(postgres_url: str, press_again: Press) -> None:
    with run.running(db=postgres_url) as stage, psycopg.connect(postgres_url, autocommit=True) as connection:
        workspace = Workspace(stage)
        connection.execute(
            "CREATE FUNCTION drag() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(4); RETURN NULL; END'"
        )
        connection.execute(
            "CREATE CONSTRAINT TRIGGER drag AFTER INSERT ON reflection_versions DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION drag()"
        )
        workspace.command(TOMAS, "/reflect", COHORT)
        said, took = hand_in(workspace)
        assert NOT_YET in said
        assert took < SLACK_WAITS_MS
        assert saved(workspace) == (0, 0)
        connection.execute("DROP TRIGGER drag ON reflection_versions")
        assert "Saved as no. 1" in press_again(workspace)
        assert saved(workspace) == (1, 1)
