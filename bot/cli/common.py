"""What every command needs: settings in words, a database that is up to date, and a way to refuse."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console

from bot import config
from bot.app import environment
from bot.config import Settings, SettingsError
from storage import migrations
from storage.database import Database, answers


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


@contextmanager
def database(*, create: bool = False) -> Iterator[Database]:
    """The database of the settings, in its newest shape; refuses in words when it is not there.

    `create` lets a new one be made and an old one be brought up to date.
    """
    db = Database(settings().database_url)
    try:
        trouble = answers(db)
        if trouble is not None:
            refuse(f"The database does not answer: {trouble}", "Check DATABASE_URL, and that the server is running.")
        if create:
            migrations.upgrade(db)
        if not migrations.is_current(db):
            refuse("The database is not up to date. Run: convene db upgrade")
        yield db
    finally:
        db.close()


@contextmanager
def until_told_to_stop() -> Iterator[threading.Event]:
    """An event that SIGTERM and SIGINT set, so that what is under way is finished first."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    yield stopping
