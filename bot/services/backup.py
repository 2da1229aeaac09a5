"""Taking a backup while the bot is at work, and putting one back. What does not hold together is refused."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from bot.domain.backup import BackupError, NotSound, Refused, Restored, Taken, refuse
from bot.services import backup_postgres, backup_sqlite
from bot.services.files import BESIDE, settle, unfinished
from storage.database import Busy, Database


def take(*, db: Database, file: Path, force: bool, now: datetime) -> Taken | NotSound | Refused:
    """Write a backup into a file that only its owner can read; one that does not hold together is left nowhere."""
    try:
        _look_at_place(db, file, force)
        with unfinished(file) as path:
            report = (backup_sqlite if db.is_sqlite else backup_postgres).take(db, path, now)
            if report.revision is None:
                raise refuse("nothing in it")
            if not report.sound:
                raise BackupError(NotSound(report))
            settle(path, file)
        return Taken(file, file.stat().st_size, report)
    except BackupError as error:
        return error.outcome
    except Busy as error:
        return Refused("busy", str(error))
    except OSError as error:
        return Refused("cannot be written", error.strerror or type(error).__name__)


def restore(
    *, db: Database, file: Path, replace: bool, resend: bool, now: datetime
) -> Restored | NotSound | Refused:  # fmt: skip
    """Put a backup in place of a database: upgraded and looked at first, then all at once or not at all.

    What is in the database goes only with `replace`. Notices of the backup that are due by now were said meanwhile, for
    all that anybody knows: they are put aside unless `resend`.
    """
    try:
        if _is_of_database(db, file):
            raise refuse("is the database")
        begins = _beginning(file)
        if begins.startswith(backup_sqlite.MAGIC):
            if not db.is_sqlite:
                raise refuse("of the other engine", "SQLite")
            return backup_sqlite.restore(db, file, replace=replace, resend=resend, now=now)
        if begins.startswith(backup_postgres.MAGIC):
            if db.is_sqlite:
                raise refuse("of the other engine", "PostgreSQL")
            return backup_postgres.restore(db, file, replace=replace, resend=resend, now=now)
        raise refuse("not a backup")
    except BackupError as error:
        return error.outcome
    except Busy as error:
        return Refused("busy", str(error))
    except OSError as error:
        return Refused("cannot be written", error.strerror or type(error).__name__)


def _look_at_place(db: Database, file: Path, force: bool) -> None:
    if db.is_missing:
        raise refuse("nothing in it")
    if not file.parent.is_dir():
        raise refuse("no folder", str(file.parent))
    if file.is_dir():
        raise refuse("cannot be written", "it is a folder")
    if _is_of_database(db, file):
        raise refuse("is the database")
    if file.exists() and not force:
        raise refuse("there already")


def _is_of_database(db: Database, file: Path) -> bool:
    """Whether a file is the database, or one of those that SQLite keeps beside it."""
    if not db.is_sqlite:
        return False
    whole = str(Path(str(db.url.database)).resolve())
    return str(file.resolve()) in {whole, *(f"{whole}{end}" for end in BESIDE)}


def _beginning(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(16)
    except FileNotFoundError:
        raise refuse("not there") from None
    except OSError as error:
        raise refuse("cannot be read", error.strerror or type(error).__name__) from error
