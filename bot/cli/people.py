"""`convene people`: import a list, show it, give somebody a role, erase somebody."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.cli.common import ProgramOption, chosen_program, confirm, database, out, refuse, team_of
from bot.clock import wall
from bot.domain import roster as lists
from bot.domain.erasing import NoSuchPerson
from bot.domain.people import ROLES, Listed
from bot.domain.programs import Program
from bot.services import erasing, people, roster
from bot.services.roster import Imported, Line, Rejected
from bot.views import erasing as views
from storage.database import JOB_PATIENCE, Busy

WIDE = 200
"""For files and other programs: no cell is broken into lines."""
BUSY = "The database is busy; nothing was changed. Try again in a minute."


def add(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    group = typer.Typer(help="Who takes part.", no_args_is_help=True)
    group.command("import")(import_)
    group.command("list")(list_)
    group.command("grant")(grant)
    group.command("erase")(erase)
    app.add_typer(group, name="people")


def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help=f"A CSV file with the columns {lists.HEADER}.")],
    program: ProgramOption = None,
) -> None:
    """Bring the list of people to what a CSV file says: all of it, or nothing. Nobody is removed; twice is once."""
    try:
        found = lists.read(file.read_bytes())
    except OSError as error:
        refuse(f"{file} cannot be read: {error.strerror or error}. Give the path of a CSV file.")
    _refuse(file, found.problems)
    with database(create=True) as db:
        team = team_of(db)
        try:
            with db.begin(patience=JOB_PATIENCE) as session:
                whole = chosen_program(session, program)
                done = roster.take(session=session, program_id=whole.id, team=team, rows=found.rows, now=wall())
        except Busy:
            refuse(BUSY)
    if isinstance(done, Rejected):
        _refuse(file, done.problems)
        return
    _tell(done, whole)


def list_(program: ProgramOption = None) -> None:
    """Show everybody in a program: who they are, what they are, and for whom."""
    with database() as db, db.read() as session:
        whole = chosen_program(session, program)
        listed = people.listed(session, whole.id)
    if not listed:
        out().print(f"Nobody is in {whole.name} yet. Import a list: convene people import FILE", markup=False)
        return
    screen = out()
    if not screen.is_terminal:
        screen.width = WIDE
    screen.print(_table(whole, listed))


def grant(
    who: Annotated[str, typer.Argument(metavar="USER", help="A Slack member id (U…), or an e-mail address.")],
    role: Annotated[str, typer.Argument(metavar="ROLE", help=f"One of: {', '.join(ROLES)}.")],
    program: ProgramOption = None,
    organization: Annotated[
        str, typer.Option("--organization", help="For whom they take part; made if it is new.")
    ] = "",
) -> None:
    """Give one person a role beside those they have."""
    row = lists.single(who, role, organization)
    if not isinstance(row, lists.Row):
        refuse(*(f"{_words(one.column)}: {one.says}" for one in row), "Nothing was changed.")
    with database(create=True) as db:
        team = team_of(db)
        try:
            with db.begin(patience=JOB_PATIENCE) as session:
                whole = chosen_program(session, program)
                done = roster.take(session=session, program_id=whole.id, team=team, rows=[row], now=wall())
        except Busy:
            refuse(BUSY)
    if isinstance(done, Rejected):
        refuse(*(one.says for one in done.problems))
    new = "is" if done.added or done.changed else "was already"
    for_whom = f" for {row.organization}" if row.organization else ""
    out().print(f"{who} {new} {row.role} of {whole.name}{for_whom}.", markup=False)


def erase(
    who: Annotated[str, typer.Argument(metavar="PERSON", help="A Slack member id (U…), or an e-mail address.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase all that is known of a person and all they wrote; that something was handed in stays, nothing of it."""
    with database() as db:
        with db.read() as session:
            found = erasing.find(session=session, who=who)
        if isinstance(found, NoSuchPerson):
            refuse(*views.nobody(found, who))
        for line in views.theirs(found):
            out().print(line, markup=False)
        if not yes:
            confirm("This cannot be undone. Erase them?")
        try:
            with db.begin(patience=JOB_PATIENCE) as session:
                erasing.erase(session=session, theirs=found, now=wall())
            erasing.scrub(db)
        except Busy:
            refuse(BUSY)
    for line in views.erased():
        out().print(line, markup=False)


def _refuse(file: Path, problems: tuple[lists.Problem, ...]) -> None:
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        refuse(*(f"{file}, {one}" for one in problems), f"{count}; nothing was changed.")


def _tell(done: Imported, program: Program) -> None:
    screen = out()
    for verb, lines in (("added", done.added), ("changed", done.changed)):
        for line in lines:
            screen.print(f"{verb:<8} {_line(line)}", markup=False)
    counts = f"{len(done.added)} added, {len(done.changed)} changed, {done.unchanged} unchanged"
    screen.print(f"{program.name}: {counts}.", markup=False)
    if done.unmet:
        people_are = "1 person is" if done.unmet == 1 else f"{done.unmet} people are"
        screen.print(
            f"{people_are} known by e-mail only so far. I recognize them when they turn up in Slack, if the app may "
            "read e-mail addresses (users:read.email); with a slack_id I know them at once.",
            markup=False,
        )


def _line(line: Line) -> str:
    return f"{line.name}: {line.role}" + (f", {line.organization}" if line.organization else "")


def _table(program: Program, listed: tuple[Listed, ...]) -> Table:
    table = Table(title=f"{program.name} ({program.slug})", title_justify="left")
    for column in ("Name", "Slack id", "E-mail", "Role", "Organization", "State"):
        table.add_column(column, overflow="fold")
    for role, group in groupby(sorted(listed, key=_place), key=lambda one: one.role):
        for one in group:
            organization = one.organization.name if one.organization else ""
            cells = (one.name, one.user or "", one.email or "", role, organization, _state(one))
            table.add_row(*(Text(cell) for cell in cells))
        table.add_section()
    return table


def _place(one: Listed) -> tuple[int, str, str]:
    return ROLES.index(one.role), (one.organization.name if one.organization else "").casefold(), one.name.casefold()


def _state(one: Listed) -> str:
    if one.gone:
        return "left the workspace"
    return {"pending": "waits to be confirmed", "active": "active", "left": "left"}[one.state]


def _words(column: str) -> str:
    return {"slack_id": "USER", "email": "USER", "role": "ROLE", "organization": "--organization"}.get(column, column)
