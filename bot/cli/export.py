"""`convene export`: everything in the database as files, for the operator."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.common import database, err, refuse
from bot.services import export as service


class Format(StrEnum):
    """How the files are written."""

    csv = "csv"
    jsonl = "jsonl"


Out = Annotated[Path, typer.Option("--out", help="The folder to write into; it is made if it is not there.")]
As = Annotated[Format, typer.Option("--format", help="Files for spreadsheets, or a JSON object a line.")]
Notes = Annotated[bool, typer.Option("--private-notes", help="Coaches' private notes as well.")]


def add(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("export")(export)


def export(out: Out, format: As = Format.csv, private_notes: Notes = False) -> None:
    """Write organizations, people, reflections, check-ins, questions, notices and the rest, a file for each table.

    Reflections for the facilitators alone are in it: keep the folder where only you can read it.
    """
    with database() as db, db.read() as session:
        try:
            written = service.write(session=session, out=out, format=format.value, private_notes=private_notes)
        except service.InTheWayError as error:
            refuse(f"In {out} there is already: {error}.", "Nothing was written. Choose an empty folder.")
        except OSError as error:
            refuse(f"{out} cannot be written to: {error.strerror}.", "Nothing was written. Choose another folder.")
    say = err()
    say.print(f"Written to {out}:", markup=False)
    for name, rows in written.files:
        say.print(f"  {name}: {rows} {'row' if rows == 1 else 'rows'}", markup=False)
    say.print("Among it is what only facilitators may read: keep it where only you can.", markup=False)
    if private_notes:
        say.print("Coaches' private notes are in it as well: they were written for nobody else.", markup=False)
    elif written.notes_left_out:
        count = f"{written.notes_left_out} check-in" + ("" if written.notes_left_out == 1 else "s")
        say.print(f"Left out: coaches' private notes ({count}); --private-notes includes them.", markup=False)
    left = "; ".join(f"{name} ({what})" for name, what in service.TABLES_LEFT_OUT.items())
    say.print(f"Left out: {left}, and the keys by which a delivery counts once.", markup=False)
