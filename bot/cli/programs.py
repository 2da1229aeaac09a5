"""`convene program`: check, load and export a program file."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import database, out, refuse
from bot.clock import wall
from bot.domain.documents import Read, Reading, Unread
from bot.domain.programs import Program
from bot.services import documents, moves, program_file, programs
from bot.services.program_file import ProgramError
from bot.services.program_schema import Sheet, to_program
from bot.services.programs import Kept, Loaded, Name
from bot.views import documents as views
from bot.views import moves as move_views
from bot.views import times
from storage.database import JOB_PATIENCE, Busy, Database

FileOrSlug = Annotated[str, typer.Argument(metavar="FILE|SLUG", help="A YAML file, or a program that ships: ost-cop.")]


def add(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    group = typer.Typer(help="Program files.", no_args_is_help=True)
    group.command("check")(check)
    group.command("load")(load)
    group.command("export")(export)
    app.add_typer(group, name="program")


def check(file: FileOrSlug) -> None:
    """Say whether a program file can be loaded; every problem with its line. Changes nothing."""
    path = programs.find_file(file)
    sheet = _read(path)
    out().print(f"{file} can be loaded. {_summary(to_program(sheet))}", markup=False)
    _tell_of_documents(programs.read_documents(path, sheet))


def load(
    file: FileOrSlug,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Also replace what was edited in Slack since the last load.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before dates move.")] = False,
) -> None:
    """Load a program file into the database. Loading it again changes only what was edited in the file."""
    path = programs.find_file(file)
    sheet = _read(path)
    with database(create=True) as db:
        # Outside of the transaction: reading them may take a while, and others would have to wait.
        readings = programs.read_documents(path, sheet, _known(db, sheet))
        try:
            _ask_about_moves(db, sheet, overwrite, yes)
            with db.begin(patience=JOB_PATIENCE) as session:
                outcome, effects = moves.load(
                    session=session, sheet=sheet, now=wall(), overwrite=overwrite, readings=readings
                )
        except Busy:
            refuse("The database is busy; nothing was loaded. Try again in a minute.")
        except ProgramError as error:
            refuse(*map(str, error.problems), "Nothing was loaded. --overwrite puts the file in place of those edits.")
    _tell(to_program(sheet), outcome)
    if outcome.moves:
        out().print(move_views.loaded(outcome.moves, effects, to_program(sheet)), markup=False)


def export(slug: Annotated[str, typer.Argument(help="The short name of a loaded program.")]) -> None:
    """Print a loaded program as YAML, with what was edited in Slack."""
    with database() as db, db.read() as session:
        text = programs.export(session=session, slug=slug)
        loaded = [program.slug for program in programs.Programs().all(session)]
    if text is None:
        there = f"Loaded: {', '.join(loaded)}." if loaded else "None is loaded yet."
        refuse(f"There is no program {slug!r} in the database. {there}", "Load one with: convene program load FILE")
    sys.stdout.write(text)


def _read(path: Path) -> Sheet:
    try:
        return program_file.read_path(path)
    except ProgramError as error:
        count = len(error.problems)
        closing = "1 problem" if count == 1 else f"{count} problems"
        refuse(*map(str, error.problems), f"{closing}; nothing was changed.")


def _ask_about_moves(db: Database, sheet: Sheet, overwrite: bool, yes: bool) -> None:
    """Say what follows from dates that move, and on a terminal ask whether to go on. Raises Busy and ProgramError."""
    with db.begin(patience=JOB_PATIENCE) as session:
        # Done to see what it does, and undone: so what is said here is what then happens.
        outcome, effects = moves.load(session=session, sheet=sheet, now=wall(), overwrite=overwrite)
        session.rollback()
    if not outcome.moves or yes:
        return
    out().print(move_views.before_loading(outcome.moves, effects, to_program(sheet)), markup=False)
    if _on_a_terminal() and not typer.confirm("Load it?"):
        refuse("Nothing was loaded.")


def _on_a_terminal() -> bool:
    return sys.stdin.isatty()


def _known(db: Database, sheet: Sheet) -> Mapping[str, str]:
    """The fingerprints of the program's documents as they are stored."""
    with db.read() as session:
        return documents.known(session=session, slug=sheet.header.program.slug)


def _tell_of_documents(readings: Sequence[Reading]) -> None:
    """What was read of each document, and what could not be."""
    for reading in readings:
        match reading:
            case Read():
                out().print(f"read     documents: {views.read(reading)}", markup=False)
            case Unread():
                out().print(f"{views.trouble(reading)} {views.todo(reading)}", style="yellow", markup=False)


def _summary(program: Program) -> str:
    sizes = {
        "question": len(program.entries),
        "date": len(program.events),
        "assignment": len(program.assignments),
        "resource": len(program.resources),
        "document": len(program.documents),
        "reminder": len(program.reminders),
        "digest": len(program.digests),
    }
    counted = (f"{size} {name}{'' if size == 1 else 's'}" for name, size in sizes.items() if size)
    return f"{program.name}: {', '.join(counted)}."


def _tell(program: Program, outcome: Loaded) -> None:
    screen = out()
    for verb, names in (("added", outcome.added), ("changed", outcome.changed), ("removed", outcome.removed)):
        for line in _lines(verb, names):
            screen.print(line, markup=False)
    for kept in outcome.kept:
        screen.print(_kept(kept, program), style="yellow", markup=False)
    if outcome.kept:
        screen.print("Load with --overwrite to replace these by the file.", style="yellow", markup=False)
    _tell_of_documents(outcome.documents)
    done = "is loaded" if outcome.anything_new else "is stored like this already; nothing was changed"
    screen.print(f"{program.name} {done} (revision {outcome.revision}).", markup=False)


def _lines(verb: str, names: tuple[Name, ...]) -> list[str]:
    """A line per item, or, for many of one section, one line with their number."""
    sections = dict.fromkeys(name.section for name in names)
    lines = []
    for section in sections:
        keys = [name.key for name in names if name.section == section]
        lines.append(f"{verb}  {section}: {', '.join(keys) if len(keys) <= 5 else len(keys)}")
    return lines


def _kept(kept: Kept, program: Program) -> str:
    who = f"by {kept.edited_by} " if kept.edited_by else ""
    why = {
        "same file": "the file still has the older text",
        "file changed": "the file was changed, too",
        "not in file": "the file does not have it",
    }[kept.why]
    return f"kept     {kept.name} as edited in Slack {who}on {times.moment(kept.edited_at, program)}; {why}"
