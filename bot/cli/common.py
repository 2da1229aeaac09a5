"""What every command needs: settings in words, a database that is up to date, and a way to refuse."""

from __future__ import annotations

import math
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, NoReturn

import typer
from alembic.util import CommandError
from rich.console import Console
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlmodel import Session

from bot import config
from bot.app import environment
from bot.config import Settings, SettingsError
from bot.domain.programs import Program
from bot.services.programs import Programs
from bot.slack import Slack, SlackError
from bot.views import verify as findings
from storage import migrations, people
from storage.database import Database, answers

ProgramOption = Annotated[
    str | None, typer.Option("--program", metavar="SLUG", help="Which program; not needed while there is only one.")
]

_LOOKS_UP_SECONDS = 0.5


def out() -> Console:
    """Standard output: results."""
    return Console(highlight=False, soft_wrap=True)


def err() -> Console:
    """Standard error: everything else."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def refuse(*sentences: str) -> NoReturn:
    """Say what is wrong and what to do, and end with status 1."""
    for sentence in sentences:
        err().print(sentence, style="red", markup=False)
    raise typer.Exit(1)


def settings() -> Settings:
    """The settings of the environment and `.env`; every wrong one is named."""
    try:
        return config.read(environment())
    except SettingsError as error:
        refuse("These settings cannot be used:", *(f"  {problem}" for problem in error.problems))


def opened(url: str) -> Database:
    """A database by its address, not touched yet; refuses in words when there can be none."""
    try:
        return Database(url)
    except (ArgumentError, ValueError):
        refuse(
            "The database's address cannot be read.",
            "Write postgresql://USER:PASSWORD@HOST:5432/NAME, with %40 for an @ in the password, or sqlite:///FILE.",
        )
    except OSError as error:
        refuse(f"There can be no database in {error.filename}: {error.strerror}.", "Choose another place for it.")


@contextmanager
def named_database() -> Iterator[Database]:
    """The database of the settings, of whatever shape, or not there yet; refuses in words when it does not answer."""
    db = opened(settings().database_url)
    try:
        trouble = None if db.is_sqlite else answers(db)
        if trouble is not None:
            refuse(f"The database does not answer: {trouble}", "Check its address, and that its server is running.")
        yield db
    finally:
        db.close()


def asks() -> bool:
    """Whether there is somebody who can be asked."""
    return sys.stdin.isatty()


def confirm(question: str) -> None:
    """Go on only with a yes; where nobody can be asked, --yes has to be said."""
    if not asks():
        refuse("Nobody can be asked here: say --yes if you are sure.")
    if not typer.confirm(question):
        refuse("Nothing was changed.")


@contextmanager
def database(url: str | None = None, *, create: bool = False) -> Iterator[Database]:
    """A database, that of the settings unless another is named, in its newest shape; refuses in words without one.

    `create` lets a new one be made and an old one be brought up to date.
    """
    db = opened(url or settings().database_url)
    try:
        if not create and db.is_missing:
            refuse(f"There is no database yet: {db.url.database} is not there.", "To make it: convene db upgrade")
        trouble = answers(db)
        if trouble is not None:
            refuse(f"The database does not answer: {trouble}", "Check its address, and that its server is running.")
        if create:
            _upgrade(db)
        if not migrations.is_current(db):
            refuse("The database is not up to date. Run: convene db upgrade")
        yield db
    finally:
        db.close()


def _upgrade(db: Database) -> None:
    try:
        sealed = migrations.upgrade(db)
    except CommandError:
        refuse("A newer Convene has used this database. Install that version or a later one.")
    except DBAPIError as error:
        reason = str(error.orig).strip().splitlines()[0]
        refuse(
            f"The database cannot be brought up to date: {reason}",
            "If Convene is running, stop it first; then: convene db upgrade",
        )
    if sealed:
        err().print(findings.sealed(sealed), markup=False)


def chosen_program(session: Session, slug: str | None, how: str = "--program SLUG") -> Program:
    """The loaded program of a slug, or the only one that is loaded; refuses in words. `how` it is said which."""
    loaded = Programs().all(session)
    if not loaded:
        refuse("No program is loaded yet. Load one with: convene program load FILE")
    names = ", ".join(program.slug for program in loaded)
    if slug is None and len(loaded) > 1:
        refuse(f"Several programs are loaded: {names}. Say which with {how}.")
    found = next((program for program in loaded if slug in (None, program.slug)), None)
    if found is None:
        refuse(f"There is no program {slug!r} in the database. Loaded: {names}.")
    return found


def team_of(db: Database) -> str:
    """The workspace: the one that is known, else the token's; empty while there is neither."""
    with db.read() as session:
        known = people.teams(session)
    if len(known) == 1:
        return known[0]
    given = settings()
    if given.bot_token is not None:
        try:
            return Slack(given.bot_token, given.api_url).identity().team
        except SlackError as error:
            err().print(f"Slack does not say which workspace this is ({error.code}).", markup=False)
    if known:
        refuse("Several workspaces are known. Set SLACK_BOT_TOKEN, so that I can ask Slack which one is meant.")
    return ""


class Told(threading.Event):
    """An event that a signal sets, to be waited for in the main thread."""

    def wait(self, timeout: float | None = None) -> bool:
        """Whether it was set within `timeout` seconds; for ever if None.

        The system may hand a signal to any thread, Python heeds it in the main one, and that does not wake while it
        waits for a lock: so it looks up between.
        """
        end = math.inf if timeout is None else time.monotonic() + timeout
        while not super().wait(min(_LOOKS_UP_SECONDS, max(0.0, end - time.monotonic()))):
            if time.monotonic() >= end:
                return self.is_set()
        return True


@contextmanager
def until_told_to_stop() -> Iterator[Told]:
    """An event that SIGTERM and SIGINT set: what is under way is finished first. A second Ctrl-C ends at once."""
    stopping = Told()

    def stop(*_: object) -> None:
        # A second SIGTERM would run this within itself, and wait for ever for the lock that the event holds.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        stopping.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stopping
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
