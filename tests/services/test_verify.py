"""A look at the database finds what does not hold together, on both databases; a sound one has nothing to say."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session

from bot.domain.chain import Broken
from bot.domain.verify import Chain, Contents, Damaged, Dangling, Fault, Ledger, Numbers, Report, Versions
from bot.services.verify import look, verify
from bot.views import verify as views
from storage import chain, migrations
from storage.database import WHOLE_PATIENCE, Database
from tests.cast import JUNE, MONDAY, TOMAS, season
from tests.services.test_chain import who_of, write
from tests.services.test_reflections import WORDS, hand_in


def by_hand(db: Database, *statements: str) -> None:
    """What somebody does to the database who does not go through the bot; foreign keys do not keep them from it."""
    if db.is_sqlite:
        with closing(sqlite3.connect(str(db.url.database), isolation_level=None)) as file:
            for one in statements:
                file.execute(one)
        return
    with db.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        for one in statements:
            connection.execute(text(one))


@pytest.fixture
def written(db: Database) -> Database:
    with db.begin() as session:
        write(session)
    return db


def test_a_sound_database_is_sound_and_counted(written: Database) -> None:
    report = look(written)
    assert report.faults == ()
    assert (report.current, report.revision) == (True, migrations.revisions()[-1])
    assert report.contents == Contents(
        programs=1, people=8, submissions=3, versions=4, notices=report.contents.notices, newest=report.contents.newest
    )
    assert report.contents.newest is not None
    assert report.contents.newest > MONDAY
    assert [(one.program, one.links) for one in report.heads] == [("ost-cop", 4)]


def test_an_empty_database_is_sound(db: Database) -> None:
    assert look(db).sound


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("DELETE FROM reflections WHERE number = 2", Numbers("ost-cop", missing=((2, 2),))),
        ("UPDATE reflections SET number = 3 WHERE number = 2", Numbers("ost-cop", missing=((2, 2),), doubled=(3,))),
        ("UPDATE checkins SET receipt = 9", Numbers("ost-cop", missing=((3, 3),), beyond=(9,))),
        ("UPDATE programs SET receipts = 5", Numbers("ost-cop", missing=((4, 5),))),
        ("DELETE FROM reflection_versions WHERE version = 2", Versions("ost-cop", 1)),
        ("UPDATE reflections SET version = 1 WHERE number = 1", Versions("ost-cop", 1)),
        ("DELETE FROM coaching_meetings", Dangling("checkins", "meeting_id", 1)),
        ("UPDATE notices SET state = 'sent' WHERE id = 1", Ledger("state", 1, (1,))),
        (
            "UPDATE notices SET state = 'delivered', posted_channel = 'C1', settled_at = due_at WHERE id = 1",
            Ledger("delivered", 1, (1,)),
        ),
        ("UPDATE notices SET state = 'skipped', settled_at = due_at WHERE id = 2", Ledger("given up", 1, (2,))),
        ("UPDATE notices SET state = 'refused', reason = 'no' WHERE id = 2", Ledger("given up", 1, (2,))),
        ("UPDATE notices SET state = 'sending' WHERE id = 1", Ledger("leased", 1, (1,))),
        ("UPDATE notices SET settled_at = due_at WHERE id = 1", Ledger("unsettled", 1, (1,))),
        ("UPDATE notices SET state = 'unknown' WHERE id = 1", Ledger("uncertain", 1, (1,))),
        (
            "UPDATE checkin_versions SET moved = 'Something else'",
            Chain("ost-cop", Broken("changed", 4, 3, 1)),
        ),
    ],
)
def test_what_does_not_hold_together_is_found(written: Database, statement: str, fault: Fault) -> None:
    by_hand(written, statement)
    assert fault in look(written).faults


def test_no_word_of_anybodys_is_in_what_is_said(written: Database) -> None:
    by_hand(
        written,
        "UPDATE checkin_versions SET moved = 'Something else'",
        "DELETE FROM coaching_meetings",
        "DELETE FROM reflections WHERE number = 2",
        "UPDATE notices SET state = 'sent'",
    )
    found = look(written).faults
    said = " ".join((*views.faults(found), repr(found), views.todo(found)))
    assert len(found) >= 5
    for words in (WORDS, "Something else", "Quieter", "tired today", "Two new volunteers", "Tomás", TOMAS, JUNE):
        assert words not in said


def test_it_sees_one_moment_while_others_write(written: Database) -> None:
    with written.snapshot() as session:
        before = verify(session=session)
        with written.begin() as other:
            who_of(other, TOMAS)
            hand_in(other, TOMAS, "meanwhile")
        after = verify(session=session)
    assert (before.contents, before.faults) == (after.contents, after.faults)
    assert look(written).contents.submissions == 4


def test_of_an_older_shape_only_the_file_is_looked_at(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'old.db'}")
    migrations.upgrade(db, "0001")
    assert look(db) == Report("0001", current=False)
    db.close()


def test_a_damaged_file_is_said_to_be_damaged(sqlite_url: str) -> None:
    db = Database(sqlite_url)
    with db.begin() as session:
        write(session)
    db.close()
    path = Path(str(db.url.database))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    found = look(Database(sqlite_url))
    assert found.faults
    assert all(isinstance(one, Damaged) for one in found.faults)


@pytest.mark.parametrize("many", [25])
def test_of_many_faults_of_one_sort_the_first_are_named(many: int) -> None:
    found = [Versions("ost-cop", number) for number in range(1, many + 1)]
    said = views.faults(found)
    assert len(said) == 21
    assert said[-1] == "… and 5 more like these."


def test_a_word_for_every_fault() -> None:
    places = [Chain("ost-cop", Broken(why, 3, 14, 2)) for why in views._CHAIN]
    assert views.fault(places[0]) == "ost-cop, no. 14, version 2: what it says is not what was saved."
    assert len({views.fault(one) for one in places}) == len(places)
    numbers = Numbers("ost-cop", ((2, 2), (5, 9)), (11,), (40,))
    assert views.fault(numbers) == (
        "ost-cop, receipt numbers missing: 2, 5 to 9; given out twice: 11; never counted: 40."
    )
    assert views.todo([Chain("ost-cop", Broken("not sealed", 0, 1, 1))]) == views.SEAL
    assert views.todo(places) == views.REMEDY


@pytest.mark.long
def test_a_hundred_thousand_versions_take_less_than_a_minute(db: Database, capsys: pytest.CaptureFixture[str]) -> None:
    with db.begin(patience=WHOLE_PATIENCE) as session:
        fill(session, 100_000)
    begun = time.monotonic()
    report = look(db)
    took = time.monotonic() - begun
    with capsys.disabled():
        print(f"\n{db.engine.dialect.name}: {report.contents.versions} versions looked at in {took:.1f} s")  # noqa: T201
    assert report.sound
    assert took < 60


def fill(session: Session, number: int) -> None:
    """As many reflections, each with one version, written and sealed in a few statements."""
    program = season(session)
    connection = session.connection()
    values = {"p": program.id, "n": number, "at": f"{MONDAY:%Y-%m-%d %H:%M:%S.%f}"}
    at, many = ":at", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :n) "
    if connection.dialect.name == "postgresql":
        at, many = "CAST(:at AS timestamptz)", "WITH n(i) AS (SELECT generate_series(1, :n)) "
    connection.execute(
        text(
            "INSERT INTO reflections (id, program_id, number, assignment, title, sample, author_id, version, readers, "
            f"handed_in_at) {many} SELECT i, :p, i, 'a', 'A', false, 2, 1, 'cohort', {at} FROM n"
        ),
        values,
    )
    connection.execute(
        text(
            "INSERT INTO reflection_versions (id, reflection_id, version, key, saved_at, answers, readers) "
            f"{many} SELECT i, i, 1, 'k' || CAST(i AS varchar), {at}, :said, 'cohort' FROM n"
        ),
        {**values, "said": f'[["program", "A good day?", "{WORDS * 10}"]]'},
    )
    connection.execute(text("UPDATE programs SET receipts = :n"), values)
    chain.seal_rest(session)
