"""`convene preview`: every message that will be posted, before anybody reads it."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich import box
from rich.table import Table
from rich.text import Text
from sqlmodel import Session

from bot.cli.common import chosen_program, database, err, out, refuse
from bot.clock import wall
from bot.domain.notices import ToChannel, ToPerson, ToPurpose
from bot.domain.preview import Foretold, Preview
from bot.domain.programs import Mode, Program
from bot.services import faq_page, program_file, programs
from bot.services.digest import HORIZON
from bot.services.program_file import ProgramError
from bot.services.program_schema import Sheet, to_program
from bot.services.programs import Programs
from bot.views import modes as mode_views
from bot.views import preview_page as views
from bot.views.blocks import counted
from bot.views.shown import lines
from bot.views.times import clock_words, date_words, day_words
from bot.views.week import PURPOSES
from storage.database import Database
from storage.tables import metadata

WIDE = 200
"""For files and other programs: no cell is broken into lines."""
AHEAD = timedelta(weeks=5)
"""How far a preview looks by itself; a program that only stands in a file is shown whole."""


def add(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("preview")(preview)


def preview(
    program: Annotated[
        str | None,
        typer.Argument(
            metavar="PROGRAM", help="A loaded program by its short name, or a program file.", show_default=False
        ),
    ] = None,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="The first day, like 2020-10-12; today if not given.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="The last day; five weeks on if not given.")
    ] = None,
    channel: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Only this channel: its name, or cohort, applicants, facilitators."),
    ] = None,
    all: Annotated[bool, typer.Option("--all", help="Also what is not said, and why.")] = False,
    samples: Annotated[
        bool, typer.Option("--samples", help="Of a file: also what is made up, as if it were a demo.")
    ] = False,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page with a calendar instead.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Show every message that will be posted: when, where, and its words as they would be then. Changes nothing."""
    # It needs all that can be said, which takes a moment to read in: other commands do without.
    from jobs.foretell import foretell

    with _opened(program, "demo" if samples else "live") as (session, found, stored):
        now = wall() if stored else _before(found, wall())
        days = _days(found, first, last, now, stored)
        seen = replace(foretell(session, found, now, *days), stored=stored)
    seen = _only(seen, channel)
    if html is not None:
        _write(html, views.page(seen, all=all))
        out().print(f"{html}: {counted(len(seen.messages if all else seen.said), 'message')}.", markup=False)
    elif as_json:
        sys.stdout.write(json.dumps([_as_json(one, seen) for one in _shown(seen, all)], indent=2) + "\n")
    else:
        _print(seen, all)
    _notes(seen, all)


@contextmanager
def _opened(program: str | None, mode: Mode) -> Iterator[tuple[Session, Program, bool]]:
    """A program with a session to read it in: loaded, or, from a file, speaking in a `mode`, in a passing database."""
    if program is None or not _is_file(program):
        with database() as db, db.read() as session:
            yield session, chosen_program(session, program, "its short name at the end"), True
        return
    from jobs.foretell import plan

    sheet = _read(Path(program))
    with tempfile.TemporaryDirectory() as folder:
        db = Database(f"sqlite:///{Path(folder) / 'preview.db'}")
        metadata.create_all(db.engine)
        try:
            with db.begin() as session:
                programs.load(session=session, sheet=sheet, now=_before(to_program(sheet), wall()), mode=mode)
                found = Programs().get(session, sheet.header.program.slug)
                assert found is not None
                plan(session, found, _before(found, wall()))
                yield session, found, False
        finally:
            db.close()


def _is_file(program: str) -> bool:
    return Path(program).suffix in (".yaml", ".yml") or Path(program).is_file()


def _read(path: Path) -> Sheet:
    try:
        return program_file.read_path(path)
    except ProgramError as error:
        refuse(*map(str, error.problems), "Nothing can be shown of it until that is right.")


def _before(program: Program, now: datetime) -> datetime:
    """The moment from which a file is looked at: today, or, where its season has begun, before anything was said."""
    moments = [one.starts_at for one in program.events] + [one.due_at for one in program.assignments]
    return min(now, min(moments, default=now) - timedelta(days=8))


def _days(program: Program, first: str | None, last: str | None, now: datetime, stored: bool) -> tuple[date, date]:
    today = program.local_day(now)
    begins = _day(first) or today
    if stored and begins < today:
        refuse(
            f"{date_words(begins)} is over: today it is {date_words(today)} in {program.place}.",
            "What was said then: convene ledger",
        )
    moments = [one.starts_at for one in program.events] + [one.due_at for one in program.assignments]
    season = program.local_day(max(moments, default=now)) + timedelta(days=7)
    ends = _day(last) or (begins + AHEAD if stored else max(season, begins))
    if ends < begins:
        refuse(f"The last day is before the first: {date_words(ends)} is before {date_words(begins)}.")
    return begins, ends


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        refuse(f"“{text}” is not a day. Write it like 2020-10-12.")


def _only(seen: Preview, channel: str | None) -> Preview:
    """What goes to one channel."""
    if channel is None:
        return seen
    wanted = channel.removeprefix("#")
    places = {name for name, called in seen.names.items() if called == f"#{wanted}"}
    if wanted in PURPOSES:
        places |= {wanted}
    if not places:
        there = sorted({one.removeprefix("#") for one in seen.names.values() if one.startswith("#")})
        refuse(f"There is no channel {channel!r}. There is: {', '.join(dict.fromkeys((*there, *PURPOSES)))}.")
    kept = tuple(one for one in seen.messages if _place(one) in places)
    return replace(seen, messages=kept)


def _place(one: Foretold) -> str:
    match one.target:
        case ToChannel(channel):
            return channel
        case ToPerson(user):
            return user
        case ToPurpose(purpose):
            return purpose


def _shown(seen: Preview, all: bool) -> tuple[Foretold, ...]:
    return seen.messages if all else seen.said


def _print(seen: Preview, all: bool) -> None:
    screen = out()
    plain = not screen.is_terminal
    if plain:
        screen.width = WIDE
    program, shown = seen.program, _shown(seen, all)
    days = f"{date_words(seen.first)} to {date_words(seen.last)}"
    screen.print(f"{program.name}: {counted(len(shown), 'message')}, {days}", markup=False, style="bold")
    if not shown:
        return
    table = Table(box=None if plain else box.SIMPLE, pad_edge=False, show_lines=not plain, expand=not plain)
    for name, width in ((f"When ({program.place})", 17), ("UTC", 11), ("Where", 14), ("What", 18)):
        table.add_column(name, overflow="fold", no_wrap=plain, width=None if plain else width)
    table.add_column("Words", overflow="fold", ratio=1)
    for one in shown:
        table.add_row(*map(Text, _cells(one, seen)))
    screen.print(table)


def _cells(one: Foretold, seen: Preview) -> tuple[str, str, str, str, str]:
    local = one.at.astimezone(seen.program.tz)
    note = [views.state(one)] if views.state(one) else []
    words = lines(one.message, seen.names) if one.message is not None else []
    return (
        f"{day_words(local, year=True)}, {clock_words(local)}",
        f"{one.at.astimezone(UTC):%Y-%m-%d %H:%M}",
        views.where(one.target, seen.names),
        views.what(one),
        "\n".join([*(f"({said})" for said in note), *words]),
    )


def _as_json(one: Foretold, seen: Preview) -> dict[str, object]:
    return {
        "at": one.at.astimezone(UTC).isoformat(),
        "local": one.at.astimezone(seen.program.tz).isoformat(),
        "where": views.where(one.target, seen.names),
        "kinds": list(one.kinds),
        "about": [about for about in one.about if about],
        "state": one.fate,
        "reason": one.reason,
        "as_things_stand": one.depends,
        "text": "\n".join(lines(one.message, seen.names)) if one.message is not None else None,
    }


def _notes(seen: Preview, all: bool) -> None:
    say = err()
    if not seen.stored:
        say.print(
            "This program is not loaded: nobody takes part yet, and personal reminders are not shown.", markup=False
        )
    say.print(f"{mode_views.plainly(seen.program)}", markup=False)
    if seen.left_out:
        how = "" if seen.stored else "; --samples shows them"
        say.print(f"Left out: {counted(seen.left_out, 'post')} about samples{how}.", markup=False)
    unsaid = len(seen.messages) - len(seen.said)
    if unsaid and not all:
        say.print(f"Not said: {counted(unsaid, 'message')}; --all shows them with the reason.", markup=False)
    horizon = seen.program.local_day(seen.now + HORIZON)
    if seen.program.digests and seen.last > horizon:
        say.print(f"Digests are planned five weeks ahead: they are shown until {date_words(horizon)}.", markup=False)


def _write(file: Path, text: str) -> None:
    try:
        faq_page.write(out=file.parent, name=file.name, text=text)
    except OSError as error:
        refuse(f"{file} cannot be written: {error.strerror}.", "Nothing was written. Choose another place.")
