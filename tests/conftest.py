"""What every test may ask for: a database of each kind, freshly migrated, and a small named cast."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest

from bot import app, log
from bot.sandbox import passes, transport
from bot.services import program_file
from bot.services.faq import FaqIndexes
from handlers import in_time
from storage import database, migrations
from storage.database import Database
from storage.tables import metadata
from tests import cast, schemas
from tests.leaks import watched

PATIENT_SECONDS = 30.0
PATIENT_FORM_SECONDS, PATIENT_LISTENER_SECONDS = 28.0, 25.0
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://root@127.0.0.1:5432/test")


def _postgres_answers() -> bool:
    try:
        psycopg.connect(POSTGRES, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


@pytest.fixture(scope="session")
def postgres() -> str:
    """The address of a PostgreSQL to test on; skipped by name when none answers."""
    if not _postgres_answers():
        do_without("PostgreSQL: no server answers (TEST_POSTGRES_URL or 127.0.0.1:5432)")
    return POSTGRES


def do_without(what: str) -> NoReturn:
    """Skip by name what this machine lacks; where everything has to be tested, fail instead."""
    if os.environ.get("CONVENE_TEST_ALL"):
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    """An empty schema of its own, dropped afterwards."""
    with schemas.of_its_own(postgres) as url:
        yield url


@pytest.fixture(scope="session")
def _shared_schema(postgres: str) -> Iterator[str]:
    """A schema that is migrated once, as that takes longer than most tests."""
    with schemas.of_its_own(postgres) as url:
        db = Database(url)
        migrations.upgrade(db)
        db.close()
        yield url


@pytest.fixture
def migrated_postgres_url(_shared_schema: str) -> str:
    """The address of a migrated PostgreSQL schema without a row."""
    with psycopg.connect(_shared_schema) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(f"DELETE FROM {table.name}".encode())
        connection.execute(
            "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) "
            "FROM pg_sequences WHERE schemaname = current_schema()"
        )
    return _shared_schema


@pytest.fixture(scope="session")
def _template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that every test gets a copy of."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    db = Database(f"sqlite:///{path}")
    migrations.upgrade(db)
    with db.engine.connect() as connection:
        connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
    db.close()
    return path


@pytest.fixture
def sqlite_url(tmp_path: Path, _template: Path) -> str:
    """The address of a migrated, empty SQLite file."""
    path = tmp_path / "convene.db"
    path.write_bytes(_template.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture(params=["sqlite", "postgresql"])
def db(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated, empty database: each test that asks for it runs once on each engine."""
    if request.param == "sqlite":
        database = Database(request.getfixturevalue("sqlite_url"))
    else:
        database = Database(request.getfixturevalue("migrated_postgres_url"))
    yield database
    database.close()


@pytest.fixture
def quick_db(sqlite_url: str) -> Iterator[Database]:
    """A migrated, empty SQLite database, for tests about something else than the database."""
    database = Database(sqlite_url)
    yield database
    database.close()


@pytest.fixture(autouse=True)
def _by_words_alone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bots that are built in tests match by words, which needs no time to get ready; `by_meaning` marks others."""
    if request.node.get_closest_marker("by_meaning") is None:
        monkeypatch.setattr(app, "indexes", lambda db, settings: FaqIndexes())


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """A command that sets up logging in this process would leave its closed stream behind, and nobody to listen."""
    root, names = logging.getLogger(), ("", *log.LIBRARIES, "slack_sdk.web")
    handlers, hook = root.handlers[:], threading.excepthook
    levels = {name: logging.getLogger(name).level for name in names}
    yield
    root.handlers[:], threading.excepthook = handlers, hook
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


@pytest.fixture(scope="session", autouse=True)
def _nothing_gets_out() -> Iterator[None]:
    """Look through everything that the bot has logged and attached in all the tests of this process; fail with it."""
    with watched() as leaks:
        yield
    found = leaks.all()
    assert not found, "\n".join(found)


@pytest.fixture
def programs_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever starts a sandbox gets its program from memory."""
    monkeypatch.setattr(program_file, "read_path", cast.sheet)


@pytest.fixture
def patient_slack(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Slack that waits longer than the real one, and a bot that does so with it, as machines that test are busy.

    The haste of both has tests of its own.
    """
    monkeypatch.setattr(passes, "TRIGGER_LIFE", PATIENT_SECONDS)
    monkeypatch.setattr(transport, "ACK_SECONDS", PATIENT_SECONDS)
    monkeypatch.setattr(in_time, "SECONDS", PATIENT_FORM_SECONDS)
    monkeypatch.setattr(database, "LISTENER_PATIENCE", PATIENT_LISTENER_SECONDS)
