"""`convene sandbox`: try everything without Slack."""

from __future__ import annotations

import webbrowser
from datetime import datetime
from typing import Annotated

import typer

from bot import log
from bot.cli.common import err, out, refuse, until_told_to_stop
from bot.services.program_file import ProgramError


def add(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("sandbox")(sandbox)


def sandbox(
    port: Annotated[int, typer.Option(help="Where the page is: http://127.0.0.1:PORT", min=1, max=65535)] = 3000,
    program: Annotated[str, typer.Option(help="A shipped program or a program file.")] = "ost-cop",
    at: Annotated[str, typer.Option(help="When the story begins, in the program's zone.")] = "2020-10-12T09:00",
    socket: Annotated[
        bool, typer.Option("--socket", help="Talk to the bot over a web socket, as in Socket Mode.")
    ] = False,
    db: Annotated[
        str | None, typer.Option(help="A database whose data is kept; left out: a fresh one each time.")
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help="Do not open the page in a browser.")] = False,
) -> None:
    """A small Slack in your browser, with the bot in it and a clock that you can move."""
    from bot.sandbox import run

    log.configure("WARNING")
    start = _moment(at)
    try:
        with (
            until_told_to_stop() as stopping,
            run.running(port=port, program=program, at=start, socket=socket, db=db) as stage,
        ):
            out().print(f"Open {stage.url} in a browser. To end: Ctrl-C.")
            if not no_open:
                webbrowser.open(stage.url)
            stopping.wait()
    except ProgramError as error:
        refuse("This program cannot be used:", *(f"  {problem}" for problem in error.problems))
    except FileNotFoundError as error:
        refuse(f"There is no program {program}: {error.filename} is not there.")
    except OSError as error:
        refuse(f"Port {port} cannot be used: {error.strerror or error}.", "Choose another: convene sandbox --port 3001")
    err().print("Stopped.")


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        refuse(f"--at {text}: write a date and time like 2020-10-12T09:00.")
