"""`convene db`: the database's shape, whether it holds together, and copies of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import confirm, database, named_database, out, refuse
from bot.clock import wall
from bot.domain.backup import NotSound, Refused, Restored, Taken
from bot.services import backup as backups
from bot.services.verify import look
from bot.views import backup as views
from bot.views import verify as findings
from storage import chain
from storage.database import WHOLE_PATIENCE, Busy

File = Annotated[Path, typer.Argument(metavar="FILE", help="The backup.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def add(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    group = typer.Typer(help="The database.", no_args_is_help=True)
    group.command("upgrade")(upgrade)
    group.command("verify")(verify)
    group.command("backup")(backup)
    group.command("restore")(restore)
    app.add_typer(group, name="db")


def upgrade() -> None:
    """Bring the database to the newest shape; safe to run at any time."""
    with database(create=True) as db:
        try:
            with db.begin(patience=WHOLE_PATIENCE) as session:
                sealed = chain.seal_rest(session)
        except Busy:
            refuse("The database is busy; run this again in a minute.")
    if sealed:
        out().print(findings.sealed(sealed), markup=False)
    out().print("The database is up to date.")


def verify() -> None:
    """Look whether everything in the database holds together; ends with 1 when something does not. Changes nothing."""
    with database() as db:
        try:
            report = look(db)
        except Busy as error:
            refuse(f"The database cannot be had: {error}.", "Try again in a minute.")
    if not report.sound:
        refuse(*findings.faults(report.faults), findings.todo(report.faults))
    for line in findings.looked_at(report):
        out().print(f"[green]ok[/]    {line}")
    out().print(findings.contents(report.contents), markup=False)
    for line in findings.heads(report):
        out().print(line, style="dim", markup=False)


def backup(
    file: File, force: Annotated[bool, typer.Option("--force", help="Replace a file that is there already.")] = False
) -> None:
    """Write a copy of the whole database into a file, while the bot is at work; one that does not hold is refused."""
    with named_database() as db:
        outcome = backups.take(db=db, file=file, force=force, now=wall())
    match outcome:
        case Taken():
            for line in views.taken(outcome):
                out().print(line, markup=False)
        case NotSound():
            refuse(
                *views.not_sound(outcome, "The database", "No backup was made."), findings.todo(outcome.report.faults)
            )
        case Refused():
            refuse(*views.refused(outcome, file))


def restore(
    file: File,
    replace: Annotated[bool, typer.Option("--replace", help="In place of what is in the database now.")] = False,
    resend: Annotated[
        bool, typer.Option("--resend", help="Say what was due since: the bot was not running meanwhile.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Put a backup in place of the database: upgraded and looked at first, then all at once or not at all."""
    if replace and not yes:
        confirm("What is in the database now is replaced by the backup. Go on?")
    with named_database() as db:
        outcome = backups.restore(db=db, file=file, replace=replace, resend=resend, now=wall())
    match outcome:
        case Restored():
            for line in (*views.restored(outcome), views.put_aside(outcome.put_aside, resend)):
                out().print(line, markup=False)
        case NotSound():
            refuse(*views.not_sound(outcome, str(file), "The database is as it was. Try an earlier backup."))
        case Refused():
            refuse(*views.refused(outcome, file))
