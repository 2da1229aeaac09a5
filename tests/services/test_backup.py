"""Backups on both databases: taken while others write, refused when they do not hold, put back all at once."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlmodel import Session, select

from bot.domain.backup import NotSound, Refused, Restored, Taken
from bot.domain.notices import Notice, ToPerson
from bot.services import backup
from bot.services.backup_postgres import _environment
from bot.services.verify import look
from storage import migrations, notices
from storage.database import Database
from storage.notices import NoticeRow
from storage.people import Person
from storage.tables import metadata
from tests.cast import LENA, MONDAY, TOMAS
from tests.services.test_chain import broken, who_of, write
from tests.services.test_reflections import hand_in
from tests.services.test_verify import by_hand

NOW = datetime(2026, 11, 22, 3, 50, tzinfo=UTC)


@dataclass
class Bench:
    """A database with four versions in it, a folder, and somebody who takes backups and puts them back."""

    db: Database
    file: Path

    def take(self, *, force: bool = False, now: datetime = NOW) -> Taken | NotSound | Refused:
        return backup.take(db=self.db, file=self.file, force=force, now=now)

    def taken(self) -> Taken:
        found = self.take()
        assert isinstance(found, Taken), found
        return found

    def restore(
        self, *, replace: bool = False, resend: bool = False, now: datetime = NOW
    ) -> Restored | NotSound | Refused:  # fmt: skip
        return backup.restore(db=self.db, file=self.file, replace=replace, resend=resend, now=now)

    def restored(self, *, replace: bool = True, resend: bool = False, now: datetime = NOW) -> Restored:
        found = self.restore(replace=replace, resend=resend, now=now)
        assert isinstance(found, Restored), found
        return found

    def write_more(self) -> None:
        with self.db.begin(patience=20) as session:
            who_of(session, LENA)
            hand_in(session, LENA, "after the backup")

    def submissions(self) -> int:
        return look(self.db).contents.submissions

    @property
    def beside(self) -> list[str]:
        """What is in the folder, but for the database itself."""
        return sorted(one.name for one in self.file.parent.iterdir() if not one.name.startswith("convene."))


@pytest.fixture(params=["sqlite", "postgresql"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    yield from _bench(request, tmp_path, request.param)


@pytest.fixture
def on_sqlite(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    yield from _bench(request, tmp_path, "sqlite")


@pytest.fixture
def on_postgres(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    yield from _bench(request, tmp_path, "postgresql")


def _bench(request: pytest.FixtureRequest, tmp_path: Path, engine: str) -> Iterator[Bench]:
    folder = tmp_path / "here"
    folder.mkdir()
    db = Database(f"sqlite:///{folder / 'convene.db'}")
    if engine == "postgresql":
        db = Database(request.getfixturevalue("postgres_url"))
    migrations.upgrade(db)
    with db.begin() as session:
        write(session)
    yield Bench(db, folder / "monday.backup")
    db.close()


def rows(db: Database) -> dict[str, list[object]]:
    """All that is in a database, table by table."""
    with db.snapshot() as session:
        tables = metadata.sorted_tables
        return {
            one.name: [
                tuple(row) for row in session.connection().execute(one.select().order_by(*one.primary_key.columns))
            ]
            for one in tables
        }


# Taking one


def test_a_backup_is_one_file_that_only_its_owner_can_read(bench: Bench) -> None:
    taken = bench.taken()
    assert bench.beside == ["monday.backup"]
    assert stat.S_IMODE(bench.file.stat().st_mode) == 0o600
    assert taken.bytes == bench.file.stat().st_size > 0
    assert taken.report.contents.submissions == 3


def test_what_is_put_back_is_what_was_there(bench: Bench) -> None:
    before = rows(bench.db)
    bench.taken()
    bench.write_more()
    restored = bench.restored(resend=True)
    assert rows(bench.db) == before
    assert restored.report.contents == look(bench.db).contents
    assert restored.upgraded_from is None
    assert broken(bench.db) == []


def test_the_bot_goes_on_where_the_backup_ends(bench: Bench) -> None:
    bench.taken()
    bench.write_more()
    bench.restored()
    bench.write_more()
    assert look(bench.db).sound
    assert bench.submissions() == 4


def test_a_backup_is_of_one_moment_while_others_write(bench: Bench) -> None:
    stop = threading.Event()
    wrong: list[BaseException] = []

    def write_on() -> None:
        number = 0
        try:
            while not stop.is_set():
                number += 1
                with bench.db.begin(patience=20) as session:
                    who_of(session, TOMAS)
                    hand_in(session, TOMAS, f"meanwhile {number}")
        except BaseException as error:  # noqa: BLE001
            wrong.append(error)

    thread = threading.Thread(target=write_on)
    thread.start()
    try:
        taken = bench.taken()
    finally:
        stop.set()
        thread.join()
    assert wrong == []
    restored = bench.restored()
    assert restored.report.contents.submissions == taken.report.contents.submissions
    assert restored.report.sound


def test_an_earlier_backup_is_replaced_only_when_told_to(bench: Bench) -> None:
    bench.file.write_text("mine")
    assert bench.take() == Refused("there already")
    assert bench.file.read_text() == "mine"
    assert isinstance(bench.take(force=True), Taken)
    assert bench.beside == ["monday.backup"]


def test_what_does_not_hold_together_is_left_nowhere(bench: Bench) -> None:
    by_hand(bench.db, "UPDATE checkin_versions SET moved = 'Something else'")
    found = bench.take()
    assert isinstance(found, NotSound)
    assert not found.report.sound
    assert bench.beside == []


def test_an_earlier_backup_stays_when_the_new_one_does_not_hold(bench: Bench) -> None:
    bench.taken()
    before = bench.file.read_bytes()
    by_hand(bench.db, "UPDATE programs SET receipts = 9")
    assert isinstance(bench.take(force=True), NotSound)
    assert bench.file.read_bytes() == before


@pytest.mark.parametrize(
    ("place", "why"), [("missing/monday.backup", "no folder"), (".", "cannot be written")]
)  # fmt: skip
def test_a_place_that_cannot_be_is_refused(bench: Bench, place: str, why: str) -> None:
    bench.file = bench.file.parent / place
    found = bench.take(force=True)
    assert isinstance(found, Refused)
    assert found.why == why


@pytest.mark.parametrize("end", ["", "-wal", "-shm", "-journal"])
def test_a_backup_never_takes_the_place_of_the_database(on_sqlite: Bench, end: str) -> None:
    on_sqlite.file = Path(f"{on_sqlite.db.url.database}{end}")
    assert on_sqlite.take(force=True) == Refused("is the database")
    assert on_sqlite.restore(replace=True) == Refused("is the database")
    assert look(on_sqlite.db).sound


def test_a_disk_that_is_full_leaves_nothing_behind(on_sqlite: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert on_sqlite.take() == Refused("cannot be written", "No space left on device")
    assert on_sqlite.beside == []


def test_an_older_shape_is_kept_as_it_is_and_brought_up_to_date_when_put_back(
    request: pytest.FixtureRequest, bench: Bench
) -> None:
    old = _older(request, bench)
    found = backup.take(db=old, file=bench.file, force=False, now=NOW)
    assert isinstance(found, Taken)
    assert (found.report.current, found.report.revision) == (False, "0001")
    restored = backup.restore(db=old, file=bench.file, replace=True, resend=False, now=NOW)
    assert isinstance(restored, Restored)
    assert restored.upgraded_from == "0001"
    assert migrations.is_current(old)
    old.close()


def test_a_database_without_a_table_is_no_backup(tmp_path: Path) -> None:
    db = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    assert backup.take(db=db, file=tmp_path / "one", force=False, now=NOW) == Refused("nothing in it")
    assert list(tmp_path.iterdir()) == []


# Putting one back


def test_what_is_in_the_database_goes_only_when_told_to(bench: Bench) -> None:
    bench.taken()
    bench.write_more()
    assert bench.restore() == Refused("holds data")
    assert bench.submissions() == 4


def test_into_an_empty_database_it_goes_without_being_told(request: pytest.FixtureRequest, bench: Bench) -> None:
    bench.taken()
    empty = _emptied(request, bench)
    restored = backup.restore(db=empty, file=bench.file, replace=False, resend=False, now=NOW)
    assert isinstance(restored, Restored)
    assert restored.kept is None
    assert look(empty).contents.submissions == 3
    empty.close()


def test_what_does_not_hold_together_is_not_put_back(bench: Bench, tmp_path: Path) -> None:
    _tampered(bench)
    before = rows(bench.db)
    found = bench.restore(replace=True)
    assert isinstance(found, NotSound)
    assert not found.report.sound
    assert rows(bench.db) == before
    assert bench.beside == ["monday.backup"]


@pytest.mark.parametrize("content", [b"", b"mine", b"PGDMP nothing of the sort", b"SQLite format 3\x00 or so"])
def test_a_file_that_is_no_backup_changes_nothing(bench: Bench, content: bytes) -> None:
    bench.file.write_bytes(content)
    found = bench.restore(replace=True)
    assert isinstance(found, Refused | NotSound)
    assert bench.submissions() == 3


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_half_a_backup_changes_nothing(bench: Bench, kept: float) -> None:
    bench.taken()
    whole = bench.file.read_bytes()
    bench.file.write_bytes(whole[: int(len(whole) * kept)])
    assert isinstance(bench.restore(replace=True), Refused | NotSound)
    assert bench.submissions() == 3


def test_a_backup_that_is_not_there_is_said_not_to_be(bench: Bench) -> None:
    assert bench.restore() == Refused("not there")


def test_another_programs_database_is_not_put_back(on_sqlite: Bench) -> None:
    with closing(sqlite3.connect(on_sqlite.file)) as other:
        other.execute("CREATE TABLE songs (title TEXT)")
    assert on_sqlite.restore(replace=True) == Refused("not a backup")


def test_a_backup_of_a_newer_convene_is_not_put_back(bench: Bench) -> None:
    by_hand(bench.db, "UPDATE alembic_version SET version_num = '9999'")
    assert isinstance(bench.take(), Taken)
    by_hand(bench.db, f"UPDATE alembic_version SET version_num = '{migrations.revisions()[-1]}'")
    assert bench.restore(replace=True) == Refused("newer")
    assert bench.submissions() == 3


def test_a_backup_of_the_other_kind_of_database_is_refused(on_sqlite: Bench, postgres_url: str) -> None:
    on_sqlite.taken()
    db = Database(postgres_url)
    found = backup.restore(db=db, file=on_sqlite.file, replace=True, resend=False, now=NOW)
    assert found == Refused("of the other engine", "SQLite")
    on_sqlite.file.write_bytes(b"PGDMP")
    assert on_sqlite.restore(replace=True) == Refused("of the other engine", "PostgreSQL")


def test_a_plain_copy_of_the_file_can_be_put_back(on_sqlite: Bench) -> None:
    path = Path(str(on_sqlite.db.url.database))
    for end in ("", "-wal"):
        Path(f"{on_sqlite.file}{end}").write_bytes(Path(f"{path}{end}").read_bytes())
    os.utime(on_sqlite.file, (MONDAY.timestamp(), MONDAY.timestamp()))
    on_sqlite.write_more()
    restored = on_sqlite.restored()
    assert restored.taken_at == MONDAY
    assert on_sqlite.submissions() == 3


def test_the_file_that_was_there_stays_beside_it_with_a_date(on_sqlite: Bench) -> None:
    on_sqlite.taken()
    on_sqlite.write_more()
    restored = on_sqlite.restored()
    assert restored.kept is not None
    assert restored.kept.name == "convene-replaced-2026-11-22-035000.db"
    was = Database(f"sqlite:///{restored.kept}")
    assert look(was).contents.submissions == 4
    was.close()


def test_a_damaged_database_is_replaced_and_kept(on_sqlite: Bench) -> None:
    on_sqlite.taken()
    on_sqlite.db.close()
    path = Path(str(on_sqlite.db.url.database))
    path.write_bytes(b"SQLite format 3\x00" + os.urandom(5_000))
    assert on_sqlite.restore() == Refused("holds data")
    assert on_sqlite.restored().kept is not None
    assert on_sqlite.submissions() == 3


def test_a_restored_file_may_be_read_by_those_who_could_before(on_sqlite: Bench) -> None:
    on_sqlite.taken()
    path = Path(str(on_sqlite.db.url.database))
    path.chmod(0o640)
    on_sqlite.restored()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_while_the_bot_has_the_database_open_nothing_is_put_back(bench: Bench) -> None:
    bench.taken()
    running = Database(bench.db.url)
    with running.read() as session:
        session.exec(select(Person)).first()
    assert bench.restore(replace=True) == Refused("running")
    running.close()
    assert isinstance(bench.restore(replace=True), Restored)


def test_a_backup_of_another_schema_is_refused(on_postgres: Bench, tmp_path: Path, postgres: str) -> None:
    on_postgres.taken()
    other = Database(postgres + "?options=-csearch_path%3Dpublic")
    found = backup.restore(db=other, file=on_postgres.file, replace=True, resend=False, now=NOW)
    assert isinstance(found, Refused)
    assert found.why == "of another schema"
    other.close()


def test_what_the_server_does_not_take_is_said_without_quoting_it(
    on_postgres: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_postgres.taken()
    wrong = "SELECT CAST('A mural of a river' AS integer);"
    real = shutil.which("pg_restore")
    _program(tmp_path, monkeypatch, f'{real} "$@"; case "$1" in *post*) echo "{wrong}";; esac', "pg_restore")
    assert on_postgres.restore(replace=True) == Refused("not taken", "InvalidTextRepresentation")
    assert on_postgres.submissions() == 3


# What was said since


def test_what_was_due_by_now_is_put_aside_and_not_said_again(bench: Bench) -> None:
    _plan(bench.db)
    bench.taken()
    restored = bench.restored(now=MONDAY + timedelta(days=2))
    found = _states(bench.db)
    assert found["due"] == found["tried"] == found["under way"] == found["unheard"] == "skipped"
    assert (found["ahead"], found["said"]) == ("planned", "delivered")
    with bench.db.read() as session:
        aside = notices.get(session, "due")
        assert aside is not None
        assert aside.reason == f"restored from a backup of {restored.taken_at:%Y-%m-%d %H:%M} UTC"
        assert (aside.lease_token, aside.retry_at) == (None, None)
    assert restored.put_aside == sum(one == "skipped" for one in found.values())
    assert look(bench.db).sound


def test_it_is_said_again_when_asked_for(bench: Bench) -> None:
    _plan(bench.db)
    bench.taken()
    before = _states(bench.db)
    restored = bench.restored(resend=True, now=MONDAY + timedelta(days=2))
    assert restored.put_aside == 0
    assert _states(bench.db) == before


def test_the_backups_time_is_that_of_its_making(bench: Bench) -> None:
    bench.taken()
    os.utime(bench.file, (0, 0))
    restored = bench.restored()
    expected = NOW if bench.db.is_sqlite else datetime.now(UTC)
    assert abs(restored.taken_at - expected) < timedelta(minutes=2)


# PostgreSQL's own programs


def test_without_pg_dump_it_is_said_what_is_missing(on_postgres: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert on_postgres.take() == Refused("no tool", "pg_dump")


def test_a_pg_dump_older_than_the_server_is_refused(
    on_postgres: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _program(tmp_path, monkeypatch, 'echo "pg_dump (PostgreSQL) 9.6.24"')
    found = on_postgres.take()
    assert isinstance(found, Refused)
    assert (found.why, found.detail.partition(",")[0]) == ("old tool", "pg_dump 9")
    assert on_postgres.beside == []


def test_the_password_is_in_no_command_line_and_in_no_error(
    on_postgres: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tmp_path / "said"
    on_postgres.db.url = on_postgres.db.url.set(password="hush/hush@1")
    _program(
        tmp_path,
        monkeypatch,
        f'if [ "$1" = --version ]; then echo "pg_dump (PostgreSQL) 99.1"; exit; fi\n'
        f'echo "$@" > {said}; echo "$PGPASSWORD" >> {said}.secret; echo "cannot: $PGPASSWORD" >&2; exit 1',
    )
    assert on_postgres.take() == Refused("tool failed", "cannot: …")
    assert "hush" not in said.read_text()
    assert "hush/hush@1" in Path(f"{said}.secret").read_text()
    assert on_postgres.beside == []


def test_only_our_tables_are_taken_along(on_postgres: Bench) -> None:
    by_hand(on_postgres.db, "CREATE TABLE songs (title TEXT)", "INSERT INTO songs VALUES ('Clementine')")
    on_postgres.taken()
    by_hand(on_postgres.db, "INSERT INTO songs VALUES ('Oh my darling')")
    on_postgres.restored()
    with on_postgres.db.read() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM songs").scalar_one() == 2
    by_hand(on_postgres.db, "DROP TABLE songs")


def _program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, name: str = "pg_dump") -> None:
    """Something else that goes by the name of one of PostgreSQL's programs."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def _older(request: pytest.FixtureRequest, bench: Bench) -> Database:
    """A database with the shape of the first revision."""
    bench.db.close()
    old = _emptied(request, bench)
    migrations.upgrade(old, "0001")
    return old


def _emptied(request: pytest.FixtureRequest, bench: Bench) -> Database:
    """A database without a table: another file, or the same schema, as a dump goes back where it came from."""
    if bench.db.is_sqlite:
        return Database(f"sqlite:///{bench.file.parent / 'convene.other.db'}")
    with bench.db.read() as session:
        there = inspect(session.connection()).get_table_names()
    by_hand(bench.db, *(f"DROP TABLE {name} CASCADE" for name in there))
    return bench.db


def _tampered(bench: Bench) -> None:
    """Leave a backup in which somebody has changed what was written."""
    if bench.db.is_sqlite:
        bench.taken()
        with closing(sqlite3.connect(bench.file)) as file:
            file.execute("UPDATE checkin_versions SET moved = 'Something else'")
            file.commit()
        return
    # A dump cannot be changed in place: this one is of a database that was never looked at.
    by_hand(bench.db, "UPDATE checkin_versions SET moved = 'Something else'")
    _dumped(bench)
    by_hand(bench.db, "UPDATE checkin_versions SET moved = 'Two new volunteers'")


def _dumped(bench: Bench) -> None:
    schema = str(bench.db.url.query["options"]).partition("=")[2]
    tables = [f"--table={schema}.{name}" for name in (*metadata.tables, "alembic_version")]
    command = ["pg_dump", "--format=custom", *tables, f"--file={bench.file}"]
    subprocess.run(command, env=dict(_environment(bench.db)), check=True)


def _plan(db: Database) -> None:
    with db.begin() as session:
        for key, days in (("due", 0), ("tried", 0), ("under way", 0), ("unheard", 0), ("said", 0), ("ahead", 5)):
            due = MONDAY + timedelta(days=days)
            notices.add(session, Notice(key, "reflection.receipt", ToPerson(TOMAS), due), MONDAY)
        _set(session, "tried", retry_at=MONDAY + timedelta(days=9), reason="ratelimited")
        _set(session, "under way", state="sending", lease_token="t", lease_until=MONDAY)
        _set(session, "unheard", state="unknown", uncertain_since=MONDAY)
        _set(session, "said", state="delivered", posted_channel="D1", posted_ts="1.1", settled_at=MONDAY)


def _set(session: Session, key: str, **values: object) -> None:
    row = notices.get(session, key)
    assert row is not None
    for name, value in values.items():
        setattr(row, name, value)
    session.add(row)


def _states(db: Database) -> dict[str, str]:
    with db.read() as session:
        return {row.key: row.state for row in session.exec(select(NoticeRow)).all()}
