"""Backups of a PostgreSQL schema: by pg_dump at one moment that was looked at, put back in one transaction."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast

import psycopg
from psycopg import pq
from sqlalchemy import Connection, inspect, text

from bot.domain.backup import BackupError, NotSound, Restored, refuse
from bot.domain.verify import Report
from bot.services import put_back
from bot.services.verify import verify
from storage import chain, migrations
from storage.database import WHOLE_PATIENCE, Database
from storage.tables import metadata
from storage.verify import holds_data

MAGIC = b"PGDMP"
VERSIONS = "alembic_version"
OURS = frozenset({*metadata.tables, VERSIONS})
LEAVING_SECONDS = 3.0
"""How long a process that has just hung up may still be seen."""
_TABLE = re.compile(r"^\d+; \d+ \d+ TABLE (?!DATA )(\S+) (\S+) ", re.MULTILINE)
_MADE = re.compile(r"^;\s*Archive created at (\d+-\d+-\d+ \d+:\d+:\d+)", re.MULTILINE)

Tool = Literal["pg_dump", "pg_restore"]


@dataclass(frozen=True)
class _Archive:
    """What a dump says of itself: when it was made, and which tables of which schemas are in it."""

    made: datetime
    schemas: frozenset[str]
    tables: frozenset[str]


def take(db: Database, path: Path, now: datetime) -> Report:
    """Dump the tables into a file, as they are at one moment, which is looked at as well. Raises BackupError.

    The tool keeps the time in the file by itself: `now` is not needed.
    """
    tool = _Tools(db)
    with db.snapshot() as session:
        report = verify(session=session)
        if report.revision is None or not report.sound:
            return report
        connection = session.connection()
        tool.fits(connection, "pg_dump")
        schema = _schema(connection)
        there = OURS.intersection(inspect(connection).get_table_names())
        moment = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        tables = [f"--table={_quoted(schema)}.{_quoted(one)}" for one in sorted(there)]
        plain = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}", f"--file={path}")
        tool.run("pg_dump", *plain, *tables)
    # Unpacked once to its end: what cannot be read is no backup.
    if tool.archive(path).tables != there:
        raise refuse("tool failed", "pg_dump has left tables out")
    tool.run("pg_restore", "--file=/dev/null", str(path))
    return report


def restore(db: Database, file: Path, *, replace: bool, resend: bool, now: datetime) -> Restored:
    """Put a dump in the place of the tables, in one transaction with all that follows. Raises BackupError."""
    tool = _Tools(db)
    archive = tool.archive(file)
    if VERSIONS not in archive.tables or not archive.tables <= OURS:
        raise refuse("not a backup")
    # Our own idle connections must not look like the bot's.
    db.close()
    with _undone_unless_sound(), db.begin(patience=WHOLE_PATIENCE) as session:
        connection = session.connection()
        tool.fits(connection, "pg_restore")
        schema = _schema(connection)
        if archive.schemas != {schema}:
            raise refuse("of another schema", ", ".join(sorted(archive.schemas)))
        if holds_data(session) and not replace:
            raise refuse("holds data")
        _nobody_else(connection)
        _drop(connection, schema)
        for section in ("pre-data", "data", "post-data"):
            _play(connection, tool, section, file)
        # What the script has set for itself, the path to our schema among it.
        connection.execute(text("RESET ALL"))
        revision = put_back.known(migrations.revision_of(connection))
        migrations.upgrade_within(connection)
        chain.seal_rest(session)
        report = verify(session=session)
        if not report.sound:
            raise BackupError(NotSound(report))
        aside = 0 if resend else put_back.put_aside(session, archive.made, now)
    return Restored(report, archive.made, aside, revision if revision != report.revision else None)


class _Tools:
    """PostgreSQL's own programs, told where the database is in a way that other users of the machine cannot see."""

    def __init__(self, db: Database) -> None:
        self._secret = db.url.password
        self._told = _environment(db)
        self._found = {tool: _found(tool) for tool in ("pg_dump", "pg_restore")}

    def fits(self, connection: Connection, tool: Tool) -> None:
        """Refuse a program that is older than the server."""
        said = self.run(tool, "--version")
        version = re.search(r"\b(\d+)", said)
        server = _driver(connection).info.server_version // 10_000
        if version is None or int(version[1]) < server:
            raise refuse("old tool", f"{tool} {version[1] if version else '?'}, PostgreSQL {server}")

    def run(self, tool: Tool, *words: str) -> str:
        """What a program prints. Raises BackupError with its own words when it fails."""
        command = [self._found[tool], *words]
        done = subprocess.run(command, env=self._told, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise self.failed(done.stderr)
        return done.stdout

    def archive(self, file: Path) -> _Archive:
        """What is in a dump."""
        listed = self.run("pg_restore", "--list", str(file))
        found, made = _TABLE.findall(listed), _MADE.search(listed)
        if made is None:
            raise refuse("not a backup")
        at = datetime.strptime(made[1], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
        return _Archive(at, frozenset(schema for schema, _ in found), frozenset(name for _, name in found))

    @contextmanager
    def script(self, section: str, file: Path) -> Iterator[Iterator[bytes]]:
        """The lines of one section of a dump, as they come. Raises BackupError when it cannot be read to its end."""
        words = (f"--section={section}", "--no-owner", "--no-privileges", "--file=-", str(file))
        command, pipe = [self._found["pg_restore"], *words], subprocess.PIPE
        with subprocess.Popen(command, env=self._told, stdout=pipe, stderr=pipe) as running:
            assert running.stdout is not None
            assert running.stderr is not None
            try:
                yield iter(running.stdout)
                said = running.stderr.read().decode(errors="replace")
                if running.wait() != 0:
                    raise self.failed(said)
            finally:
                running.kill()

    def failed(self, said: str) -> BackupError:
        """A program's own words, without the password."""
        first = said.strip().partition("\n")[0] or "it says nothing"
        return refuse("tool failed", first.replace(self._secret, "…") if self._secret else first)


def _found(tool: str) -> str:
    path = shutil.which(tool)
    if path is None:
        raise refuse("no tool", tool)
    return path


def _environment(db: Database) -> Mapping[str, str]:
    """How the programs are told what the address says: never in the command line, which everybody can read."""
    _, words = db.engine.dialect.create_connect_args(db.url)
    names = {one.keyword.decode(): one.envvar.decode() for one in pq.Conninfo.get_defaults() if one.envvar}
    told = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    told |= {names[word]: str(value) for word, value in words.items() if word in names}
    return {**told, "LC_ALL": "C", "TZ": "UTC"}


def _play(connection: Connection, tool: _Tools, section: str, file: Path) -> None:
    """Run a section of a dump: its statements, and its rows as they come."""
    with tool.script(section, file) as lines, _driver(connection).cursor() as cursor:
        statements: list[bytes] = []
        for line in lines:
            if line.startswith(b"COPY ") and line.rstrip().endswith(b"FROM stdin;"):
                _execute(cursor, statements)
                with cursor.copy(line) as copy:
                    for row in iter(lambda: next(lines, b"\\.\n"), b"\\.\n"):
                        copy.write(row)
            elif not line.startswith((b"\\restrict ", b"\\unrestrict ")):
                statements.append(line)
        _execute(cursor, statements)


def _execute(cursor: psycopg.Cursor[Any], statements: list[bytes]) -> None:
    script = b"".join(one for one in statements if not one.startswith(b"--"))
    if script.strip():
        cursor.execute(script)
    statements.clear()


def _drop(connection: Connection, schema: str) -> None:
    there = OURS.intersection(inspect(connection).get_table_names())
    for one in sorted(there):
        connection.execute(text(f"DROP TABLE {_quoted(schema)}.{_quoted(one)} CASCADE"))


def _nobody_else(connection: Connection) -> None:
    """Refuse while another process of the bot has this schema open, as far as the server tells."""
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND application_name = current_setting('application_name') AND application_name LIKE 'convene%'"
    )
    until = time.monotonic() + LEAVING_SECONDS
    while connection.execute(others).scalar_one():
        if time.monotonic() > until:
            raise refuse("running")
        time.sleep(0.1)
        # The server shows one transaction the same list of the others all along, unless it is asked to look again.
        connection.execute(text("SELECT pg_stat_clear_snapshot()"))


@contextmanager
def _undone_unless_sound() -> Iterator[None]:
    """What the server says of a dump that does not fit is a reason, not a failure."""
    try:
        yield
    except psycopg.Error as error:
        # Not in its own words: they may quote a row.
        raise refuse("not taken", type(error).__name__) from error


def _schema(connection: Connection) -> str:
    return str(connection.execute(text("SELECT current_schema()")).scalar_one())


def _driver(connection: Connection) -> psycopg.Connection[Any]:
    return cast("psycopg.Connection[Any]", connection.connection.driver_connection)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
