"""`convene db`: the database's shape."""

from __future__ import annotations

import typer

from bot.cli.common import database, out


def add(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    group = typer.Typer(help="The database.", no_args_is_help=True)
    group.command("upgrade")(upgrade)
    app.add_typer(group, name="db")


def upgrade() -> None:
    """Bring the database to the newest shape; safe to run at any time."""
    with database(create=True):
        out().print("The database is up to date.")
