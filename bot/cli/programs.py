"""`convene program`: what there is, and program files checked, loaded and exported."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from bot.cli.common import database, out, refuse
from bot.clock import wall
from bot.domain.changes import Author, NoChange, Undoing, Undone
from bot.domain.channels import Setting, Shut
from bot.domain.documents import Read, Reading, Unread
from bot.domain.people import Role
from bot.domain.programs import Mode, Program
from bot.services import changes as change_service
from bot.services import channels, documents, moves, people, program_file, programs
from bot.services.program_file import ProgramError
from bot.services.program_schema import Sheet, to_program
from bot.services.programs import Kept, Loaded, Name
from bot.services.undoing import KINDS
from bot.views import changes as change_views
from bot.views import documents as views
from bot.views import modes as mode_views
from bot.views import moves as move_views
from bot.views import times
from bot.views.blocks import counted
from storage.database import JOB_PATIENCE, Busy, Database

FileOrSlug = Annotated[str, typer.Argument(metavar="FILE|SLUG", help="A YAML file, or a program that ships: ost-cop.")]


def add(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    group = typer.Typer(help="Program files.", no_args_is_help=True)
    group.command("list")(list_)
    group.command("check")(check)
    group.command("load")(load)
    group.command("export")(export)
    group.command("changes")(changes)
    group.command("undo")(undo)
    app.add_typer(group, name="program")


def list_(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """List the programs in the database: mode, season, dates, who takes part, and their channels."""
    with database() as db, db.read() as session:
        settings = channels.settings(session)
        found = [_standing(session, one, settings) for one in programs.Programs().all(session)]
    if as_json:
        sys.stdout.write(json.dumps([_as_json(one) for one in found], ensure_ascii=False, indent=2) + "\n")
        return
    if not found:
        out().print("There is no program yet. Load one with: convene program load FILE", markup=False)
    for one in found:
        out().print("\n".join(_listed(one)), markup=False, highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class _Standing:
    """A program with who takes part now, by role, how many wait, and its channels."""

    program: Program
    people: Mapping[Role, int]
    channels: Sequence[Setting]


def _standing(session: Session, program: Program, settings: Sequence[Setting]) -> _Standing:
    mine = [one for one in settings if one.program_id == program.id and one.use != "none"]
    return _Standing(program, people.counts(session, program.id), mine)


def _listed(one: _Standing) -> Iterator[str]:
    program = one.program
    yield f"{program.slug}: {program.name} ({MODES[program.mode]})"
    days = [times.day_words(day, year=True) for day in (program.starts, program.ends) if day is not None]
    season = f"{' to '.join(days)}; " if days else ""
    yield f"  Season: {season}{counted(len(program.events), 'date')}, {counted(len(program.assignments), 'assignment')}"
    yield f"  Clock: {program.zone} ({program.place})"
    held = [counted(number, role, MANY.get(role, "")) for role, number in one.people.items() if number]
    yield f"  People: {', '.join(held) or 'nobody yet'}"
    rooms = [f"#{room.name or room.channel}, {room.use}{SHUT.get(room.shut, '')}" for room in one.channels]
    yield f"  Channels: {'; '.join(rooms) or 'none yet'}"


MODES: Mapping[Mode, str] = {"live": "live", "practice": "in practice", "demo": "a demo"}
MANY: Mapping[Role, str] = {"coach": "coaches"}
SHUT: Mapping[Shut | None, str] = {"archived": " (archived)", "out": " (I am not in it)"}


def _as_json(one: _Standing) -> dict[str, object]:
    program = one.program
    return {
        "slug": program.slug,
        "name": program.name,
        "mode": program.mode,
        "zone": program.zone,
        "place": program.place,
        "starts": program.starts.isoformat() if program.starts else None,
        "ends": program.ends.isoformat() if program.ends else None,
        "dates": len(program.events),
        "homework": len(program.assignments),
        "people": dict(one.people),
        "channels": [
            {"id": room.channel, "name": room.name, "use": room.use, "shut": room.shut} for room in one.channels
        ],
    }


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
    practice: Annotated[
        bool, typer.Option("--practice", help="A program that is not there yet begins in practice, whatever it says.")
    ] = False,
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
                    session=session,
                    sheet=sheet,
                    now=wall(),
                    overwrite=overwrite,
                    readings=readings,
                    mode="practice" if practice else None,
                )
                stored = programs.Programs().get(session, outcome.slug)
        except Busy:
            refuse("The database is busy; nothing was loaded. Try again in a minute.")
        except ProgramError as error:
            refuse(*map(str, error.problems), "Nothing was loaded. --overwrite puts the file in place of those edits.")
    _tell(to_program(sheet), outcome)
    if stored is not None and mode_views.loaded(stored):
        out().print(mode_views.loaded(stored), markup=False)
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


def changes(
    slug: Annotated[
        str | None, typer.Argument(help="The short name of a loaded program; needed if there are several.")
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many, the newest first.")] = 30,
) -> None:
    """List what was changed from inside Slack: who, when, what, how it was and is; with the number for undo."""
    with database() as db, db.read() as session:
        program = _one(programs.Programs().all(session), slug)
        found = change_service.listed(session=session, program=program, most=most, now=wall())
    if not found.changes:
        out().print(f"Nothing of {program.name} was changed from inside Slack.", markup=False)
    for change in found.changes:
        out().print(change_views.plain_line(change, program), markup=False, highlight=False)


def undo(
    number: Annotated[int, typer.Argument(help="The number of a change, as `convene program changes` lists it.")],
) -> None:
    """Take a change back, for a day after it was made, if nobody has changed the same since."""
    try:
        with database() as db, db.begin(patience=JOB_PATIENCE) as session:
            outcome, program = _take_back(session, number)
    except Busy:
        refuse("The database is busy; nothing was taken back. Try again in a minute.")
    if isinstance(outcome, NoChange):
        refuse(f"There is no change {number}. `convene program changes` lists them.")
    words = change_views.undone_plainly(outcome, program)
    if not isinstance(outcome, Undone):
        refuse(words)
    out().print(words, markup=False)


def _take_back(session: Session, number: int) -> tuple[Undoing, Program | None]:
    change, loaded = change_service.get(session, number), programs.Programs()
    if change is None:
        return NoChange(), None
    outcome = change_service.take_back(
        session=session,
        programs=loaded,
        program_id=change.program_id,
        author=Author(),
        number=number,
        kinds=KINDS,
        now=wall(),
    )
    return outcome, loaded.by_id(session, change.program_id)


def _one(loaded: Sequence[Program], slug: str | None) -> Program:
    """The program that is meant: the one of a name, or the only one there is."""
    found = [one for one in loaded if slug in (None, one.slug)]
    names = ", ".join(one.slug for one in loaded) or "none"
    if len(found) != 1:
        refuse(f"Say which program: {names}." if slug is None else f"There is no program {slug!r}. Loaded: {names}.")
    return found[0]


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
    if outcome.mode is not None:
        screen.print(
            f"kept     mode: {MODES[outcome.mode]}, though the file says otherwise. "
            "It is changed in the bot's Home, under Practice and live.",
            style="yellow",
            markup=False,
        )
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
