"""The database: two kinds of session, one way to keep time, and a name for being busy."""

import os
import select
import sqlite3
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import Connection, DateTime, Engine, Insert, Row, Select, create_engine, event, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Dialect, ExceptionContext, make_url
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator
from sqlmodel import Session, SQLModel

LISTENER_PATIENCE = 1.5
JOB_PATIENCE = 20.0
WHOLE_PATIENCE = 600.0
"""For whoever looks at everything there is, or writes all of it anew."""
CONNECT_SECONDS = 5
IDLE_SECONDS = 30.0
"""After how long the server is asked whether a connection is still good, before it is used."""
POOL_SECONDS = 1.0
"""How long to wait for a connection of our own while all are in use: with a listener's patience less than three."""
NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
# Before the first table: names are given as tables are declared, and both engines then agree on them.
SQLModel.metadata.naming_convention = NAMING


_Row = TypeVar("_Row", bound=SQLModel)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time, kept in UTC; SQLite forgets zones, so they are put back when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone must not be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Busy(Exception):
    """The database cannot be had for now: another writer held it for too long, or its server does not answer."""


class Database:
    """Sessions that read and sessions that write.

    SQLite allows one writer and loses updates when a transaction starts as a reader, so writers begin with
    BEGIN IMMEDIATE behind one lock; PostgreSQL needs neither.
    """

    def __init__(self, url: str | URL, *, on_notices: Callable[[], None] | None = None) -> None:
        self.url = _normal(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.on_notices = on_notices
        self.engine = _sqlite(self.url) if self.is_sqlite else _postgres(self.url)
        self._writer = threading.Lock()
        self._disk = _Disk(self.engine)
        self._path = Path(str(self.url.database))
        self._file: tuple[int, int] | None = None

    @property
    def is_missing(self) -> bool:
        """Whether it is a file that nobody has made yet."""
        return self.is_sqlite and bool(self.url.database) and not Path(str(self.url.database)).exists()

    @contextmanager
    def begin(self, *, patience: float | None = None) -> Iterator[Session]:
        """A session that writes: committed at the end, rolled back on errors.

        Raises Busy after `patience` seconds, without it after those that a listener has.
        """
        patience = LISTENER_PATIENCE if patience is None else patience
        with self._turn(patience), self._connect(patience, write=True) as connection, self._later(connection) as synced:
            session = Session(bind=connection, expire_on_commit=False)
            try:
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise
            finally:
                session.close()
        # The next one may write by now.
        synced()
        if session.info.get("notices") and self.on_notices is not None:
            self.on_notices()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that only looks."""
        with self._connect(LISTENER_PATIENCE, write=False) as connection, Session(bind=connection) as session:
            yield session

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A session that only looks, and sees everything as it is at one moment however long it takes."""
        with self._connect(WHOLE_PATIENCE, write=False) as connection:
            if not self.is_sqlite:
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with Session(bind=connection) as session:
                yield session

    def close(self) -> None:
        """Give the connections back."""
        self.engine.dispose()

    @contextmanager
    def _turn(self, patience: float) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        if not self._writer.acquire(timeout=patience):
            raise Busy("another writer is at work")
        try:
            yield
        finally:
            self._writer.release()

    @contextmanager
    def _later(self, connection: Connection) -> Iterator[Callable[[], None]]:
        """Let what is written meanwhile wait to be on the disk until what is given is called: it returns when it is."""
        if not connection.info.get("wal"):
            yield _at_once
            return
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA synchronous = NORMAL")
        before, number = driver.total_changes, 0
        try:
            yield lambda: self._disk.wait(number)
            number = self._disk.committed(something=driver.total_changes != before)
        finally:
            driver.execute("PRAGMA synchronous = FULL")

    @contextmanager
    def _connect(self, patience: float, *, write: bool) -> Iterator[Connection]:
        if self.is_sqlite:
            self._look_at_file()
        try:
            with self.engine.connect() as connection:
                if self.is_sqlite and connection.info.get("patience") != patience:
                    driver = connection.connection.driver_connection
                    assert driver is not None
                    driver.execute(f"PRAGMA busy_timeout = {int(patience * 1000)}")
                    connection.info["patience"] = patience
                yield connection.execution_options(write=write, patience=patience)
        except PoolTimeout as error:
            raise Busy("too many are at work at once") from error
        except OperationalError as error:
            reason = str(error.orig).strip().splitlines()[0]
            if not self.is_sqlite:
                # With PostgreSQL these are all of its own making: gone, starting, full, too many connections.
                raise Busy(reason) from error
            if "database is locked" in reason:
                raise Busy("another process is writing") from error
            raise

    def _look_at_file(self) -> None:
        """Raise Busy when the file was taken away, and turn to the new one when it was replaced.

        Open handles would go on taking what is written, and lose it with the file that nobody sees any more.
        """
        try:
            found = self._path.stat()
        except OSError as error:
            if self._file is not None:
                raise Busy("the database's file is not there any more") from error
            return
        there = (found.st_dev, found.st_ino)
        if self._file not in (None, there):
            self.engine.dispose()
        self._file = there


_flush: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)
"""As SQLite itself does it; macOS has only the other."""


class _Disk:
    """Waits for what SQLite has written to be on the disk: once for all who have committed by then.

    SQLite would wait in each commit, and keep every other writer waiting meanwhile. What another thread reads before it
    is on the disk is lost with it if the power fails; whoever writes because of that waits for both.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting = threading.Lock()
        self._committed = 0
        self._there = 0
        self._in_doubt = False

    def committed(self, *, something: bool) -> int:
        """Count a commit, by whoever is the only writer at this moment; the number to wait for."""
        self._committed += something
        return self._committed

    def wait(self, number: int) -> None:
        """Return when a commit and all before it are on the disk. Raises OSError or Busy where that is not certain."""
        with self._waiting:
            if self._there >= number:
                return
            there = self._committed
            if self._in_doubt:
                self._copy()
            else:
                self._write_through()
            self._there = there

    def _write_through(self) -> None:
        # Where there is no log, it was copied into the database when the last connection was closed.
        with suppress(FileNotFoundError):
            log = os.open(f"{os.path.realpath(str(self._engine.url.database))}-wal", os.O_RDWR)
            try:
                _flush(log)
            except OSError:
                self._in_doubt = True
                raise
            finally:
                os.close(log)

    def _copy(self) -> None:
        """Have all of the log in the database: what could not be flushed once counts as flushed the next time."""
        with self._engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            busy, written, copied = driver.execute("PRAGMA wal_checkpoint(FULL)").fetchone()
        if busy or written != copied:
            raise Busy("what was written is not on the disk yet")
        self._in_doubt = False


def _at_once() -> None:
    """It was on the disk when it was committed."""


def _normal(url: str | URL) -> URL:
    """Accept what hosting companies hand out: postgres:// and postgresql:// both mean psycopg 3."""
    parsed = make_url(url)
    if parsed.drivername in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    return parsed


def application_name(url: URL) -> str:
    """How the server knows our connections from others', and those to one schema from those to another."""
    options = url.query.get("options", "")
    return f"convene {options}".strip()[:63]


def _postgres(url: URL) -> Engine:
    # What people wrote is among the parameters, and errors end up in the log.
    engine = create_engine(
        url,
        pool_size=10,
        pool_timeout=POOL_SECONDS,
        hide_parameters=True,
        connect_args={"connect_timeout": CONNECT_SECONDS, "fallback_application_name": application_name(url)},
    )

    @event.listens_for(engine, "checkin")
    def _put_back(_: object, record: ConnectionPoolEntry) -> None:
        record.info["idle_since"] = monotonic()

    @event.listens_for(engine, "checkout")
    def _is_there(connection: Any, record: ConnectionPoolEntry, _: object) -> None:
        # The server is asked only after a while: what it has closed meanwhile can be seen from here.
        idle = monotonic() - record.info.get("idle_since", monotonic())
        if _has_word(connection.fileno()) or (idle > IDLE_SECONDS and not _answers(engine, connection)):
            raise InvalidatePoolError("the server has gone")
        # The driver's own idea of when to begin is switched off: by itself a BEGIN is one more wait for the server.
        if not connection.autocommit:
            connection.autocommit = True

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # Else whoever waits for a row that another transaction holds would wait as long as that lasts.
        options = connection.get_execution_options()
        patience = options.get("patience", JOB_PATIENCE)
        milliseconds = max(1, int(patience * 1000))
        # What is slow for other reasons, the commit included, must not keep a listener past its three seconds either.
        slow = f"; SET LOCAL statement_timeout = {milliseconds}" if _for_listener(options) else ""
        # Where an isolation is asked for, the driver begins.
        begin = "" if "isolation_level" in options else "BEGIN; "
        connection.exec_driver_sql(f"{begin}SET LOCAL lock_timeout = {milliseconds}{slow}")

    @event.listens_for(engine, "handle_error")
    def _without_rows(context: ExceptionContext) -> None:
        # Below its first line, in whichever language it speaks, the server repeats the failing row.
        for error in (context.original_exception, context.sqlalchemy_exception):
            if error is not None and error.args:
                error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])

    return engine


def _has_word(socket: int) -> bool:
    """Whether a server has sent something to a connection that waits for nothing: mostly that it closes it."""
    waiting = select.poll()
    waiting.register(socket, select.POLLIN)
    return bool(waiting.poll(0))


def _answers(engine: Engine, connection: Any) -> bool:
    try:
        return engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error:
        return False


def _for_listener(options: Mapping[str, Any]) -> bool:
    return bool(options.get("write")) and options.get("patience", JOB_PATIENCE) <= LISTENER_PATIENCE


def _sqlite(url: URL) -> Engine:
    if url.database:
        Path(url.database).absolute().parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, pool_size=20, pool_timeout=POOL_SECONDS, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _open(connection: Any, record: ConnectionPoolEntry) -> None:
        # The driver's own idea of when to begin is switched off: it begins too late to be safe.
        connection.isolation_level = None
        for pragma in ("foreign_keys = ON", "synchronous = FULL"):
            connection.execute(f"PRAGMA {pragma}")
        record.info["wal"] = connection.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        write = connection.get_execution_options().get("write", True)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def insert_once(session: Session, table: type[SQLModel], values: Mapping[str, Any]) -> int | None:
    """Insert a row unless one with the same unique values is there: the new row's id, or None.

    In one statement: a savepoint around an insert that may fail would be three.
    """
    return _inserted(session, inserting(table, session.get_bind().dialect.name, once=True), values)


def add_once(session: Session, row: SQLModel) -> bool:
    """Add a new object as `insert_once` does; from then on it is the session's like any other. False if it was there.

    What was left out of it is as its columns say; its `id` is the table's key.
    """
    values = {one.key: getattr(row, one.key) for one in _columns(type(row))}
    found = insert_once(session, type(row), values)
    if found is None:
        return False
    row.id = found
    make_transient_to_detached(row)
    session.add(row)
    return True


def add_new(session: Session, table: type[_Row], values: Mapping[str, Any]) -> _Row:
    """Insert a row that nobody else can have inserted: from then on it is the session's object like any other.

    As if it had been read: to make one in the usual way and flush it takes several times as long as to write it.
    """
    every = {**at_first(table), **values}
    number = _inserted(session, inserting(table, session.get_bind().dialect.name, once=False), every)
    row: _Row = inspect(table).class_manager.new_instance()
    row.__dict__.update(every, id=number)
    make_transient_to_detached(row)
    session.add(row)
    return row


@cache
def at_first(table: type[SQLModel]) -> dict[str, Any]:
    """What a table's columns hold of which nothing is said. Not to be changed."""
    columns = {one.key for one in _columns(table)}
    known = {name: one.default for name, one in table.model_fields.items() if not one.is_required()}
    return {name: default for name, default in known.items() if name in columns}


def found(
    session: Session, statement: Select[*tuple[Any, ...]], given: Mapping[str, Any]
) -> Row[*tuple[Any, ...]] | None:
    """The first row of columns that a statement finds, without what it takes to make objects of them."""
    session.flush()
    return session.connection().execute(statement, given).first()


def _inserted(session: Session, statement: Insert, values: Mapping[str, Any]) -> int | None:
    found: int | None = session.connection().execute(statement, values).scalar()
    return found


@cache
def _columns(table: type[SQLModel]) -> tuple[Any, ...]:
    return tuple(one for one in inspect(table).column_attrs if one.key != "id" and not one.columns[0].computed)


@cache
def inserting(table: type[SQLModel], dialect: str, once: bool) -> Insert:
    """A statement that inserts a row, `once` if one with the same unique values is not there, and returns its key."""
    make = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)
    return (make.on_conflict_do_nothing() if once else make).returning(*inspect(table).primary_key)


def keep(session: Session, *rows: SQLModel | None) -> None:
    """Hold rows as long as a session lasts: whoever asks it for one of them by its id gets it without a statement.

    By itself a session forgets each as soon as nobody holds it.
    """
    session.info.setdefault("kept", []).extend(rows)


def writes(session: Session) -> bool:
    """Whether a session may write: what a mere reader changes would be lost, or wait for a writer's lock."""
    return bool(session.connection().get_execution_options().get("write"))


def answers(database: Database) -> str | None:
    """None when the database can be reached, else the reason in the driver's first words."""
    try:
        with database.read() as session:
            session.connection().execute(text("SELECT 1"))
    except (Busy, DBAPIError, sqlite3.Error, OSError) as error:
        return str(getattr(error, "orig", error)).strip().splitlines()[0]
    return None
