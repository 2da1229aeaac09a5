"""Many people, organizations and answers: what is shown stays small, and the database is not asked more often."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.services import home
from bot.services.programs import Programs
from bot.views import home as views
from storage.database import Database
from tests.benchmarks import crowd
from tests.benchmarks.crowd import NOW, SMALL, Size
from tests.benchmarks.home import READERS, asked
from tests.cast import TEAM

LARGER = Size(organizations=12, people=120, answers=60, questions=14, waiting=12, passages=16)


def queries(db: Database, user: str) -> int:
    """How many statements a Home takes, once the program is built."""
    programs = Programs()
    with db.read() as session:
        programs.all(session)
    with asked(db.engine) as statements, db.read() as session:
        assert home.gather(session=session, programs=programs, team=TEAM, user=user, now=NOW) is not None
    return len(statements)


@pytest.mark.parametrize("user", READERS.values())
def test_a_home_takes_as_many_queries_however_many_there_are_of_everything(
    tmp_path: Path, sqlite_url: str, user: str
) -> None:
    counts = set()
    for name, size in (("small", SMALL), ("larger", LARGER)):
        path = tmp_path / f"{name}.db"
        path.write_bytes(Path(sqlite_url.removeprefix("sqlite:///")).read_bytes())
        db = Database(f"sqlite:///{path}")
        with db.begin() as session:
            crowd.gather(session, size)
        counts.add(queries(db, user))
        db.close()
    assert len(counts) == 1
    assert counts.pop() <= crowd.MOST_QUERIES


@pytest.mark.parametrize("user", READERS.values())
def test_what_is_shown_of_many_fits_into_a_home(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        crowd.gather(session, LARGER)
    with quick_db.read() as session:
        page = home.gather(session=session, programs=Programs(), team=TEAM, user=user, now=NOW)
    assert page is not None
    view = views.page(page, NOW)
    assert len(json.dumps(view)) < 50_000
