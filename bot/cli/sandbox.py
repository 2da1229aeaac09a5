"""`convene sandbox`: try everything without Slack."""

from __future__ import annotations

import webbrowser
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot import config, log
from bot.cli.common import database, err, out, refuse, until_told_to_stop
from bot.config import SettingsError
from bot.sandbox.ids import TEAM
from bot.services.program_file import ProgramError
from bot.services.programs import shipped
from bot.views import documents as views
from bot.views import setup_forms as setup_views
from storage import people

if TYPE_CHECKING:
    from bot.sandbox.run import Stage

BEGINS = "2020-10-12T09:00"


def add(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("sandbox")(sandbox)


def sandbox(
    port: Annotated[int, typer.Option(help="Where the page is: http://127.0.0.1:PORT", min=1, max=65535)] = 3000,
    program: Annotated[str, typer.Option(help="A shipped program or a program file.")] = "ost-cop",
    at: Annotated[
        str | None,
        typer.Option(
            help=f"When the story begins, in the program's zone; else {BEGINS}, and with --empty this morning."
        ),
    ] = None,
    socket: Annotated[
        bool, typer.Option("--socket", help="Talk to the bot over a web socket, as in Socket Mode.")
    ] = False,
    db: Annotated[
        str | None, typer.Option(help="A database whose data is kept; left out: a fresh one each time.")
    ] = None,
    empty: Annotated[bool, typer.Option("--empty", help="No program yet: set one up, as Alex.")] = False,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the page in a browser.")] = False,
) -> None:
    """A small Slack in your browser, with the bot in it and a clock that you can move."""
    # Here, because the other commands can do without a web server of the sandbox's.
    from bot.sandbox import run

    log.configure("WARNING")
    start = _begins(empty=empty) if at is None else _moment(at)
    if db is not None:
        _look_at(db)
    try:
        with (
            until_told_to_stop() as stopping,
            run.running(port=port, program=program, at=start, socket=socket, db=db, empty=empty) as stage,
        ):
            _say(stage)
            if not no_open:
                webbrowser.open(stage.url)
            stopping.wait()
    except ProgramError as error:
        refuse(
            "This program cannot be used:",
            *(f"  {problem}" for problem in error.problems),
            f"Give the path of a program file, or one of those that ship: {', '.join(shipped())}.",
        )
    except run.PortTaken as error:
        free = port + 1 if port < 65535 else 3000
        refuse(f"Port {port} cannot be used: {error}.", f"Choose another: convene sandbox --port {free}")
    err().print("Stopped.")


def _say(stage: Stage) -> None:
    """Where it is, and what is to be known of it."""
    for unread in stage.unread:
        err().print(f"{views.trouble(unread)} {views.todo(unread)}", style="yellow", markup=False)
    out().print(f"Open {stage.url} in a browser. To end: Ctrl-C.")
    if stage.code is not None:
        out().print(setup_views.code_words(stage.code), markup=False)


def _begins(*, empty: bool) -> datetime:
    """Just before the shipped program; whoever sets up one of their own thinks of dates from today on."""
    if not empty:
        return _moment(BEGINS)
    return datetime.now(UTC).astimezone().replace(hour=9, minute=0, second=0, microsecond=0, tzinfo=None)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        refuse(f"--at {text}: write a date and time like {BEGINS}.")


def _look_at(url: str) -> None:
    """Make sure that a database is there, up to date, and nobody's in earnest."""
    try:
        config.read({"DATABASE_URL": url})
    except SettingsError as error:
        refuse(*(problem.replace("DATABASE_URL", "--db") for problem in error.problems))
    with database(url, create=True) as db, db.read() as session:
        if set(people.teams(session)) - {TEAM}:
            refuse(
                "This database belongs to a real workspace, and the sandbox would write its cast into it.",
                "Give it a database of its own, such as: --db sqlite:///sandbox.db",
            )
