"""How soon a Home is made of a large program, how often the database is asked for it, how large it is; and finding.

200 organizations, 2,000 people, 1,000 answers, and a season's worth of what came in. A Home is made as it is made when
somebody opens theirs: everything gathered anew, and built; the program itself is built once for each of its revisions,
and so is what is looked through. What is looked for are words that are there often, rarely, misspelt, in the other
language, or nowhere, each by a facilitator, who finds people as well, and by a participant.
PostgreSQL is looked for at TEST_POSTGRES_URL, or on 127.0.0.1:5432; without it those lines are left out.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
from rich.table import Table
from sqlalchemy import Engine, event

from bot.domain.messages import Block, Message
from bot.services import find, home, people
from bot.services.programs import Programs
from bot.views import find as finds
from bot.views import home as views
from storage import migrations
from storage.database import Database
from tests import schemas
from tests.benchmarks import crowd
from tests.benchmarks.crowd import APPLICANT, COACH, FACILITATOR, LARGE, NOW, PARTICIPANT
from tests.cast import TEAM

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgresql://root@127.0.0.1:5432/test")
TIMES = 25
WORDS = ("lunch", "convening 2", "convenning", "fecha límite", "Dávila", "parking museum 100", "rúbrica", "zeppelin")
READERS = {"facilitator": FACILITATOR, "participant": PARTICIPANT, "coach": COACH, "applicant": APPLICANT}


def run() -> Table:
    """Make the Homes of four readers on each engine."""
    table = Table("Of a large program", "Engine", "Median", "Slowest", "Queries", "Blocks", "Size", title="Home")
    for engine, db in _databases():
        with db.begin() as session:
            crowd.gather(session, LARGE)
        programs = Programs()
        for role, user in READERS.items():
            _home(table, engine, db, programs, role, user)
        for role in ("facilitator", "participant"):
            _find(table, engine, db, programs, role, READERS[role])
    goals = f"≤ 100 ms, ≤ {crowd.MOST_QUERIES} queries, ≤ 100 blocks, ≤ 50 KB; finding ≤ 50 ms"
    table.caption = f"Goals: {goals}"
    return table


@contextmanager
def asked(engine: Engine) -> Iterator[list[str]]:
    """The statements that the database is given meanwhile."""
    statements: list[str] = []

    def note(_: Any, __: Any, statement: str, *rest: Any) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def made(db: Database, programs: Programs, user: str) -> Block:
    """Somebody's Home, gathered and built."""
    with db.read() as session:
        page = home.gather(session=session, programs=programs, team=TEAM, user=user, now=NOW)
    assert page is not None
    return views.page(page, NOW)


def _home(table: Table, engine: str, db: Database, programs: Programs, role: str, user: str) -> None:
    made(db, programs, user)
    with asked(db.engine) as statements:
        view = made(db, programs, user)
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    size = f"{len(json.dumps(view)) / 1000:.0f} KB"
    times = _timed(lambda: made(db, programs, user))
    table.add_row(f"the Home of one {role}", engine, *times, str(len(statements)), str(len(blocks)), size)


def _find(table: Table, engine: str, db: Database, programs: Programs, role: str, user: str) -> None:
    indexes = find.FindIndexes()

    def look(words: str) -> Message:
        with db.read() as session:
            viewer = people.viewer(session=session, programs=programs, team=TEAM, user=user, now=NOW)
            return finds.message(find.look(session=session, indexes=indexes, viewer=viewer, words=words), NOW)

    begun = time.perf_counter()
    look(WORDS[0])
    first = (time.perf_counter() - begun) * 1000
    with asked(db.engine) as statements:
        found = [look(words) for words in WORDS]
    most = max(len(one.blocks) for one in found)
    size = max(len(json.dumps(list(one.blocks))) for one in found)
    words = iter(WORDS * TIMES)
    times = _timed(lambda: look(next(words)), TIMES * len(WORDS))
    asks = str(len(statements) // len(WORDS))
    table.add_row(f"finding, one {role}", engine, *times, asks, str(most), f"{size / 1000:.0f} KB")
    table.add_row("its first time at a revision", engine, f"{first:.0f} ms", "", "", "", "")


def _timed(work: Callable[[], object], many: int = TIMES) -> tuple[str, str]:
    times = []
    for _ in range(many):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return f"{statistics.median(times):.0f} ms", f"{max(times):.0f} ms"


def _databases() -> Iterator[tuple[str, Database]]:
    with tempfile.TemporaryDirectory() as folder:
        yield "SQLite", _migrated(f"sqlite:///{Path(folder) / 'large.db'}")
    with suppress(psycopg.OperationalError), schemas.of_its_own(POSTGRES) as url:
        yield "PostgreSQL", _migrated(url)


def _migrated(url: str) -> Database:
    db = Database(url)
    migrations.upgrade(db)
    return db
