"""Backups of a SQLite file: copied by SQLite itself while others write, and put back by changing places."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError

from bot.domain.backup import BackupError, NotSound, Restored, refuse
from bot.domain.verify import Damaged, Report
from bot.services import put_back
from bot.services.files import BESIDE, settle, unfinished
from bot.services.verify import look
from storage import migrations
from storage.database import JOB_PATIENCE, WHOLE_PATIENCE, Database
from storage.verify import holds_data

MAGIC = b"SQLite format 3\x00"
MARK = 0x436F6E76
"""In the header of a file that is a backup; its `user_version` is then when it was made, in seconds since 1970."""


def take(db: Database, path: Path, now: datetime) -> Report:
    """Copy a database into an empty file, as it is at one moment, and look at the copy."""
    try:
        reading = closing(sqlite3.connect(str(db.url.database), timeout=JOB_PATIENCE))
        with reading as source, closing(sqlite3.connect(path)) as copy:
            # In one go: in several steps it would begin again whenever somebody writes.
            source.backup(copy)
            _mark(copy, MARK, int(now.timestamp()))
    except sqlite3.OperationalError as error:
        raise refuse("cannot be written", str(error)) from error
    except sqlite3.DatabaseError as error:
        return Report(None, current=False, faults=(Damaged(str(error)),))
    copied = _opened(path)
    try:
        report = look(copied)
    finally:
        copied.close()
    _one_file(path)
    return report


def restore(db: Database, file: Path, *, replace: bool, resend: bool, now: datetime) -> Restored:
    """Put a backup in the place of a database; what was there stays beside it. Raises BackupError."""
    target = Path(str(db.url.database)).resolve()
    full = _holds_data(db, target)
    if full and not replace:
        raise refuse("holds data")
    db.close()
    with _alone_with(target):
        pass
    with unfinished(target) as path:
        taken_at = _fetch(file, path)
        report, revision, put_aside = _prepared(path, taken_at, resend=resend, now=now)
        _one_file(path, unmarked=True)
        if target.exists():
            _as_before(target, path)
        with _alone_with(target):
            kept = _keep(target, now) if full else None
            settle(path, target)
    return Restored(report, taken_at, put_aside, revision if revision != report.revision else None, kept)


def _fetch(file: Path, path: Path) -> datetime:
    """Copy a backup, with what is written beside it if it is a plain copy of a database; when it was made."""
    shutil.copyfile(file, path)
    beside = Path(f"{file}-wal")
    if beside.exists():
        shutil.copyfile(beside, f"{path}-wal")
    try:
        with closing(sqlite3.connect(path)) as copy:
            marked = copy.execute("PRAGMA application_id").fetchone()[0] == MARK
            seconds = copy.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise _damaged(error) from error
    return datetime.fromtimestamp(seconds if marked else file.stat().st_mtime, UTC)


def _prepared(path: Path, taken_at: datetime, *, resend: bool, now: datetime) -> tuple[Report, str, int]:
    """Bring a copy of a backup to the newest shape, look at it, and put aside what was said since."""
    copy = _opened(path)
    try:
        before = look(copy)
        if not before.sound:
            raise BackupError(NotSound(before))
        revision = put_back.known(before.revision)
        migrations.upgrade(copy)
        report = look(copy)
        if not report.sound:
            raise BackupError(NotSound(report))
        with copy.begin(patience=WHOLE_PATIENCE) as session:
            put_aside = 0 if resend else put_back.put_aside(session, taken_at, now)
        return report, revision, put_aside
    except (DatabaseError, sqlite3.DatabaseError) as error:
        raise _damaged(error) from error
    finally:
        copy.close()


def _holds_data(db: Database, target: Path) -> bool:
    """Whether anything would be lost; what cannot be read may be something."""
    if not target.exists():
        return False
    try:
        with db.snapshot() as session:
            return holds_data(session)
    except (DatabaseError, sqlite3.DatabaseError):
        return True


@contextmanager
def _alone_with(target: Path) -> Iterator[None]:
    """Make sure that nobody has a database open, and keep them out meanwhile. Raises BackupError."""
    if not target.exists():
        yield
        return
    with closing(sqlite3.connect(target, timeout=1.0, isolation_level=None)) as connection:
        try:
            # SQLite lets go of its log only for whoever is alone; so the file is all there is as well.
            mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise refuse("running") from error
            mode = "delete"
        except sqlite3.DatabaseError:
            # Damaged: that is why something is put in its place.
            mode = "delete"
        if mode != "delete":
            raise refuse("running")
        yield


def _as_before(target: Path, path: Path) -> None:
    """Let those read and write a file who could before, whoever runs this."""
    before = target.stat()
    shutil.copymode(target, path)
    with suppress(PermissionError):
        os.chown(path, before.st_uid, before.st_gid)


def _keep(target: Path, now: datetime) -> Path:
    """Give what is there a name with the date, beside its old one; nothing is ever missing meanwhile."""
    kept = target.with_name(f"{target.stem}-replaced-{now:%Y-%m-%d-%H%M%S}{target.suffix}")
    os.link(target, kept)
    for end in BESIDE:
        if (beside := Path(f"{target}{end}")).exists():
            beside.replace(f"{kept}{end}")
    return kept


def _opened(path: Path) -> Database:
    return Database(URL.create("sqlite", database=str(path)))


def _one_file(path: Path, *, unmarked: bool = False) -> None:
    """Have everything in the file itself, and nothing beside it."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        if unmarked:
            _mark(connection, 0, 0)


def _mark(connection: sqlite3.Connection, mark: int, version: int) -> None:
    connection.execute(f"PRAGMA application_id = {mark}")
    connection.execute(f"PRAGMA user_version = {version}")
    connection.commit()


def _damaged(error: Exception) -> BackupError:
    says = str(getattr(error, "orig", error)).partition("\n")[0]
    return BackupError(NotSound(Report(None, current=False, faults=(Damaged(says),))))
