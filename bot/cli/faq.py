"""`convene faq`: the questions and answers as a page for the program's website, and how the answering goes."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.cli.common import chosen_program, database, err, out, refuse
from bot.clock import wall
from bot.domain.faq_report import Counts, OfEntry, Report
from bot.domain.programs import Entry, Program
from bot.services import faq_page, faq_report
from bot.services.export import harmless
from bot.views import faq_page as views
from bot.views.blocks import counted
from bot.views.times import date_words

Slug = Annotated[str | None, typer.Argument(metavar="SLUG", help="Which program; not needed while there is only one.")]
HOW = "its short name at the end"
WIDE = 200
"""For files and other programs: no cell is broken into lines."""
MOST = 10
"""Kinds of missed questions, in the table; the other formats have them all."""


class Format(StrEnum):
    """How the figures are printed."""

    table = "table"
    csv = "csv"
    json = "json"


def add(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    group = typer.Typer(help="Questions and answers.", no_args_is_help=True)
    group.callback()(lambda: None)
    group.command("page")(page)
    group.command("report")(report)
    app.add_typer(group, name="faq")


def page(
    folder: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="The folder to write into; it is made if it is not there.")
    ],
    slug: Slug = None,
) -> None:
    """Write the questions and answers as one page for a website, without those that are for the cohort alone.

    What is asked for by date is said as it is today: write the page anew when a date changes, or every night.
    """
    with database() as db, db.read() as session:
        program = chosen_program(session, slug, HOW)
    now, entries = wall(), views.public(program)
    if not entries:
        refuse(f"{program.name} has no question for the public yet: nothing was written.")
    try:
        path = faq_page.write(out=folder, name=f"faq-{program.slug}.html", text=views.page(program, now))
    except (FileExistsError, NotADirectoryError):
        refuse(f"{folder} is not a folder, but a file.", "Nothing was written. Choose a folder.")
    except OSError as error:
        refuse(f"{folder} cannot be written to: {error.strerror}.", "Nothing was written. Choose another folder.")
    _told(program, entries, path, now)


def _told(program: Program, entries: tuple[Entry, ...], path: Path, now: datetime) -> None:
    out().print(f"{path}: {counted(len(entries), 'question')}.", markup=False)
    say = err()
    if left_out := len(program.entries) - len(entries):
        say.print(f"Left out: {counted(left_out, 'question')} for the cohort alone.", markup=False)
    if views.has_samples(program, now):
        say.print("Some of it is made up, and marked as a sample: replace that before people read it.", markup=False)


def report(
    slug: Slug = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only what was asked from this day on, like 2020-10-01.")
    ] = None,
    format: Annotated[Format, typer.Option("--format", help="A table to read, or rows and JSON for programs.")] = (
        Format.table
    ),
) -> None:
    """Print what was asked, answered, missed and handed to people, by channel, by language and by entry.

    What somebody asked for their own eyes and did not hand over is counted; its words are printed nowhere.
    """
    with database() as db, db.read() as session:
        program = chosen_program(session, slug, HOW)
        found = faq_report.report(session=session, program=program, since=_day(since, program))
    match format:
        case Format.table:
            _print(found, program)
        case Format.csv:
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow(("about", "which", "figure", "value"))
            writer.writerows(_rows(found))
        case Format.json:
            sys.stdout.write(json.dumps(_as_json(found), indent=2) + "\n")


def _day(text: str | None, program: Program) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        refuse(f"“{text}” is not a day. Write it like 2020-10-01.")
    today = program.local_day(wall())
    if day > today:
        refuse(f"{date_words(day)} is still to come: today it is {date_words(today)} in {program.place}.")
    return day


KINDS: Mapping[str, str] = {
    "applicants": "Applicants",
    "cohort": "Cohort",
    "facilitators": "Facilitators",
    "channel": "Elsewhere",
    "direct": "Directly",
    "private": "Privately",
    "email": "E-mail",
    "telephone": "Telephone",
    "in_person": "In person",
}
LANGUAGES: Mapping[str, str] = {"en": "English", "es": "Spanish"}


def _print(found: Report, program: Program) -> None:
    screen = out()
    plain = not screen.is_terminal
    if plain:
        screen.width = WIDE
    when = f" since {date_words(found.since)}" if found.since is not None else ""
    screen.print(f"{found.name} ({found.program}): questions{when}", markup=False, style="bold")
    if not found.all.asked:
        screen.print("Nothing was asked.", markup=False)
    for table in _tables(found, program, plain):
        screen.print()
        screen.print(table)
    _notes(found, screen)


def _tables(found: Report, program: Program, plain: bool) -> Iterator[Table]:
    if found.all.asked:
        yield _in_all(found.all, plain)
        yield _split("Where they were asked", KINDS, found.kinds, plain)
        yield _split("In which language", LANGUAGES, found.languages, plain)
    if found.entries:
        yield _entries(found.entries, plain)
    if found.missed:
        yield _missed(found, program, plain)


def _in_all(counts: Counts, plain: bool) -> Table:
    table = _table("In all", plain, "", "Questions")
    for words, number in _became(counts):
        table.add_row(words, str(number))
    return table


def _became(counts: Counts) -> Iterator[tuple[str, int | str]]:
    yield "Asked", counts.asked
    yield "Answered from an entry", counts.answered
    yield "Answered with a quotation from a document", counts.quoted
    yield "Entries offered to choose from", counts.suggested
    yield "  and one of them clicked", counts.clicked
    yield "  and none of them fits", counts.none_fits
    yield "Nothing found", counts.declined
    yield "Handed over to people", counts.handed_over
    yield "  and still waiting", counts.waiting
    yield "Answered by a person", counts.by_a_person
    yield "  half of them within", _span(counts.median)
    yield "Found helpful", counts.helpful
    yield "Found not helpful", counts.not_helpful


def _split(title: str, names: Mapping[str, str], split: Mapping[str, Counts], plain: bool) -> Table:
    columns = ("Asked", "Answered", "Quoted", "Offered", "Clicked", "None", "Handed on", "Person")
    table = _table(title, plain, "", *columns)
    for name, one in split.items():
        row = (one.asked, one.answered, one.quoted, one.suggested, one.clicked, one.declined, one.handed_over)
        table.add_row(names.get(name, name), *map(str, row), str(one.by_a_person))
    return table


def _entries(entries: tuple[OfEntry, ...], plain: bool) -> Table:
    columns = ("Answered", "Offered", "Clicked", "Person", "Helpful", "Not")
    table = _table("By entry", plain, "Entry", *columns)
    for one in entries:
        row = (one.answered, one.suggested, one.clicked, one.by_a_person, one.helpful, one.not_helpful)
        table.add_row(Text(one.question or f"{one.key} (no longer there)"), *map(str, row))
    return table


def _missed(found: Report, program: Program, plain: bool) -> Table:
    table = _table("Most often asked without an answer", plain, "As people put it", "Times", "Last")
    for one in found.missed[:MOST]:
        table.add_row(Text("\n".join(one.wordings)), str(one.count), date_words(program.local_day(one.last)))
    return table


def _table(title: str, plain: bool, first: str, *columns: str) -> Table:
    """A table that stands on a terminal in lines, and in a file without them."""
    lines = None if plain else box.SIMPLE_HEAD
    table = Table(title=title, title_justify="left", title_style="bold", box=lines, pad_edge=False)
    table.padding = (0, 1, 0, 0)
    table.add_column(first, overflow="fold", no_wrap=plain or not first)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _notes(found: Report, screen: Console) -> None:
    notes = []
    if (more := len(found.missed) - MOST) > 0:
        notes.append(f"{counted(more, 'more kind')} of questions without an answer: --format csv has them all.")
    if found.missed_private:
        were = "question was" if found.missed_private == 1 else "questions were"
        notes.append(f"{found.missed_private} more {were} asked privately without an answer; the words stay private.")
    if found.unplaced:
        were = "question was" if found.unplaced == 1 else "questions were"
        notes.append(f"{found.unplaced} {were} asked where several programs could be meant, and count for none.")
    if found.never and found.all.asked:
        notes.append(f"{counted(len(found.never), 'entry', 'entries')} answered nobody: {', '.join(found.never)}.")
    for note in notes:
        screen.print()
        screen.print(note, markup=False)


def _span(time: timedelta | None) -> str:
    if time is None:
        return "–"
    minutes = round(time / timedelta(minutes=1))
    if minutes < 120:
        return counted(minutes, "minute")
    return counted(round(minutes / 60), "hour") if minutes < 48 * 60 else counted(round(minutes / 1440), "day")


def _rows(found: Report) -> Iterator[tuple[str, str, str, int | str]]:
    for about, which, counts in _counted(found):
        for name, value in _figures(counts).items():
            yield about, which, name, value
    for entry in found.entries:
        for name, value in _figures(entry).items():
            yield "entry", entry.key, name, value
    for key in found.never:
        yield "never", key, "answered", 0
    for number, missed in enumerate(found.missed, 1):
        yield "missed", str(number), "asked", missed.count
        for wording in missed.wordings:
            yield "missed", str(number), "wording", harmless(wording)
    yield "missed", "private", "asked", found.missed_private
    yield "unplaced", "", "asked", found.unplaced


def _counted(found: Report) -> Iterator[tuple[str, str, Counts]]:
    yield "all", "", found.all
    for kind, counts in found.kinds.items():
        yield "channel", kind, counts
    for language, counts in found.languages.items():
        yield "language", language, counts


def _figures(of: Counts | OfEntry) -> dict[str, int | str]:
    """The numbers of a row, by their names; a time in whole minutes, or nothing."""
    figures: dict[str, int | str] = {}
    for field in fields(of):
        value = getattr(of, field.name)
        if field.name == "median":
            figures["median_minutes"] = "" if value is None else round(value / timedelta(minutes=1))
        elif isinstance(value, int):
            figures[field.name] = value
    return figures


def _as_json(found: Report) -> dict[str, object]:
    return {
        "program": found.program,
        "since": found.since.isoformat() if found.since is not None else None,
        "all": _numbers(found.all),
        "channels": {kind: _numbers(counts) for kind, counts in found.kinds.items()},
        "languages": {language: _numbers(counts) for language, counts in found.languages.items()},
        "entries": [asdict(one) for one in found.entries],
        "never_answered_anybody": list(found.never),
        "missed": [
            {"asked": one.count, "wordings": list(one.wordings), "last": one.last.isoformat()} for one in found.missed
        ],
        "missed_private": found.missed_private,
        "unplaced": found.unplaced,
    }


def _numbers(counts: Counts) -> dict[str, int | None]:
    return {name: value if isinstance(value, int) else None for name, value in _figures(counts).items()}
