"""Everything that the operator may carry away: one file for each table, with names beside the ids.

Moments are written in UTC, in ISO 8601. What people wrote for the facilitators alone is in it; what a coach wrote for
nobody but themselves is not, unless that is asked for.
"""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Literal, TextIO

from sqlalchemy import Column, Table, func, select
from sqlmodel import Session
from sqlmodel import select as sql

from storage.checkins import CheckinVersion
from storage.people import Organization, Person
from storage.programs import ProgramRow
from storage.tables import metadata

Format = Literal["csv", "jsonl"]
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would calculate."""
TABLES_LEFT_OUT: Mapping[str, str] = {
    "channel_members": "who is in which channel, which Slack tells better",
    "dialogues": "what people write without a form and have not handed in: it is theirs alone",
    "drafts": "what people have typed and not handed in: it is theirs alone",
    "early_replies": "that there are replies to what has not come in",
    "home_marks": "which Homes are to be made anew",
    "inbound": "what Slack delivered already",
    "merged_people": "which two records turned out to be of one person",
    "paces": "how fast Slack may be spoken to",
    "plans": "what is planned already",
    "reach_counts": "how many cannot be reached, which is counted anew",
    "submission_chains": "the ends of the chains that seal what was handed in",
    "submission_links": "those seals",
    "text_vectors": "what the sentence model makes of texts",
}
COLUMNS_LEFT_OUT: Mapping[str, frozenset[str]] = {
    "checkin_versions": frozenset({"key", "salt"}),
    "documents": frozenset({"fingerprint"}),
    "entry_saves": frozenset({"key"}),
    "notices": frozenset({"opaque_key", "lease_token", "lease_until", "next_at", "urgency"}),
    "question_answers": frozenset({"key"}),
    "questions": frozenset({"key"}),
    "reflection_versions": frozenset({"key", "salt"}),
}
"""What only keeps the bot from doing a thing twice, and the salts of the seals."""
NAMED_LISTS: Mapping[tuple[str, str], str] = {("checkin_versions", "organizations"): "organizations"}
"""Columns that hold several ids, and the table whose they are."""
PRIVATE = ("checkin_versions", "private_note")

Names = Mapping[str, Mapping[int, str]]
"""By table and id, what people call a row."""
Reader = Callable[[Any], object]


@dataclass(frozen=True)
class Sheet:
    """One table to be written: its columns, and its rows as they come."""

    name: str
    columns: tuple[str, ...]
    rows: Iterator[tuple[object, ...]]


@dataclass(frozen=True)
class Written:
    """What is in the folder now: files with how many rows each has, and how many private notes stayed out."""

    files: tuple[tuple[str, int], ...]
    notes_left_out: int


class InTheWayError(Exception):
    """Files of an earlier export are in the folder; nothing was written."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = tuple(names)


def write(*, session: Session, out: Path, format: Format = "csv", private_notes: bool = False) -> Written:
    """Write every table into a folder, all or none; only the owner may read the files.

    Raises InTheWayError when a file is there already, and OSError when the folder cannot be written to.
    """
    sheets = tuple(tables(session=session, private_notes=private_notes))
    there = sorted(name for name in (f"{sheet.name}.{format}" for sheet in sheets) if (out / name).exists())
    if there:
        raise InTheWayError(there)
    out.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = Path(mkdtemp(prefix=".unfinished-", dir=out))
    try:
        files = tuple((f"{sheet.name}.{format}", _write(sheet, unfinished, format)) for sheet in sheets)
        for name, _ in files:
            (unfinished / name).replace(out / name)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return Written(files, 0 if private_notes else _notes(session))


def tables(*, session: Session, private_notes: bool = False) -> Iterator[Sheet]:
    """Every table that is carried away, in an order in which rows come after what they refer to."""
    names = _names(session)
    for table in metadata.sorted_tables:
        if table.name not in TABLES_LEFT_OUT:
            yield _sheet(session, table, names, private_notes)


def harmless(text: str) -> str:
    """What a spreadsheet shows rather than calculates."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _sheet(session: Session, table: Table, names: Names, private_notes: bool) -> Sheet:
    left_out = COLUMNS_LEFT_OUT.get(table.name, frozenset())
    if not private_notes and table.name == PRIVATE[0]:
        left_out |= {PRIVATE[1]}
    columns = [column for column in table.columns if column.name not in left_out]
    shown: list[str] = []
    readers: list[tuple[int, Reader]] = []
    for index, column in enumerate(columns):
        shown.append(column.name)
        readers.append((index, _as_it_is))
        named = _named(column, names)
        if named is not None:
            shown.append(named[0])
            readers.append((index, named[1]))
    return Sheet(table.name, tuple(shown), _rows(session, columns, readers))


def _rows(
    session: Session, columns: Sequence[Column[Any]], readers: Sequence[tuple[int, Reader]]
) -> Iterator[tuple[object, ...]]:
    statement = select(*columns).order_by(*columns[0].table.primary_key.columns)
    for row in session.connection().execute(statement):
        yield tuple(read(row[index]) for index, read in readers)


def _named(column: Column[Any], names: Names) -> tuple[str, Reader] | None:
    """The column that says in words what a column of ids refers to."""
    listed = NAMED_LISTS.get((column.table.name, column.name))
    if listed is not None:
        known = names[listed]
        return f"{column.name}_names", lambda ids: [known.get(one, "") for one in ids or ()]
    refers_to = next((key.column.table.name for key in column.foreign_keys if key.column.table.name in names), None)
    if refers_to is None:
        return None
    called = names[refers_to]
    return f"{column.name.removesuffix('_id')}_name", called.get


def _names(session: Session) -> Names:
    people = session.exec(sql(Person)).all()
    organizations = session.exec(sql(Organization)).all()
    programs = session.exec(sql(ProgramRow)).all()
    return {
        "people": {one.id or 0: one.called for one in people},
        "organizations": {one.id or 0: one.name for one in organizations},
        "programs": {one.id or 0: one.slug for one in programs},
    }


def _notes(session: Session) -> int:
    """How many check-ins have a private note, in whichever version."""
    statement = sql(func.count(func.distinct(CheckinVersion.checkin_id))).where(CheckinVersion.private_note != "")
    return session.exec(statement).one()


def _write(sheet: Sheet, folder: Path, format: Format) -> int:
    path = folder / f"{sheet.name}.{format}"
    path.touch(mode=0o600)
    with path.open("w", encoding="utf-8", newline="") as file:
        return _as_csv(sheet, file) if format == "csv" else _as_json(sheet, file)


def _as_csv(sheet: Sheet, file: TextIO) -> int:
    writer = csv.writer(file)
    writer.writerow(sheet.columns)
    count = 0
    for row in sheet.rows:
        writer.writerow([_cell(value) for value in row])
        count += 1
    return count


def _as_json(sheet: Sheet, file: TextIO) -> int:
    count = 0
    for row in sheet.rows:
        said = dict(zip(sheet.columns, row, strict=True))
        file.write(json.dumps(said, ensure_ascii=False, default=_moment) + "\n")
        count += 1
    return count


def _cell(value: object) -> object:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case int() | float():
            return value
        case datetime() | date():
            return _moment(value)
        case str():
            return harmless(value)
        case _:
            return harmless(json.dumps(value, ensure_ascii=False))


def _moment(value: object) -> str:
    assert isinstance(value, date)
    return value.isoformat()


def _as_it_is(value: object) -> object:
    return value
