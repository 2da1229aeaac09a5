"""`convene ledger`: what happened to everything that was to be said, and why."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich import box
from rich.table import Table
from rich.text import Text

from bot.cli.common import ProgramOption, chosen_program, database, out, refuse
from bot.domain.ledger import STATES, Found, Line
from bot.domain.programs import Program
from bot.services import ledger as services
from bot.services.programs import Programs
from bot.views.blocks import counted
from bot.views.convene import KINDS
from bot.views.convene import STATES as WORDS

WIDE = 200
"""For files and other programs: no cell is broken into lines."""
MOST = 200


def add(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("ledger")(ledger)


def ledger(
    program: ProgramOption = None,
    state: Annotated[
        str | None, typer.Option(metavar="STATE", help=f"Only what is in this state: {', '.join(STATES)}.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only what was due from this day on, like 2020-10-12.")
    ] = None,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="Only this kind, like homework.post, or homework for all of it.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(metavar="KEY", help="Only what has this key, or one that begins so.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many at most, the newest first.")] = MOST,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Show what became of every message of the bot's own, and why: newest first. It holds nobody's words."""
    states, kinds = _states(state), _kinds(kind)
    with database() as db, db.read() as session:
        chosen = chosen_program(session, program) if program is not None else None
        known = Programs().all(session)
        reader = chosen or (known[0] if len(known) == 1 else None)
        found = services.look(
            session=session,
            limit=limit,
            states=states,
            since=_since(since, reader),
            kinds=kinds,
            key=key,
            program_id=chosen.id if chosen is not None else None,
        )
    if as_json:
        sys.stdout.write(
            json.dumps({"notices": [_as_json(one) for one in found.lines], "totals": found.totals}, indent=2)
        )
        sys.stdout.write("\n")
    else:
        _print(found, reader)


def _states(state: str | None) -> Sequence[str]:
    if state is None:
        return ()
    named = {**{one: one for one in STATES}, "said": "delivered"}
    if state.casefold() not in named:
        refuse(f"There is no state {state!r}. There is: {', '.join(STATES)}.")
    return (named[state.casefold()],)


def _kinds(kind: str | None) -> Sequence[str]:
    if kind is None:
        return ()
    found = [one for one in KINDS if one == kind or one.startswith(f"{kind}.")]
    if not found:
        near = difflib.get_close_matches(kind, KINDS, 3)
        refuse(f"There is no kind {kind!r}.", f"There is: {', '.join(near or sorted(KINDS))}.")
    return found


def _since(text: str | None, program: Program | None) -> datetime | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        refuse(f"“{text}” is not a day. Write it like 2020-10-12.")
    zone = program.tz if program is not None else ZoneInfo("UTC")
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _print(found: Found, program: Program | None) -> None:
    screen = out()
    plain = not screen.is_terminal
    if plain:
        screen.width = WIDE
    if not found.lines:
        screen.print("Nothing in the ledger is like this.", markup=False)
        return
    clock = program.place if program is not None else "UTC"
    table = Table(box=None if plain else box.SIMPLE, pad_edge=False)
    for name in (f"Due ({clock})", "Said", "Where", "What", "Outcome", "Tries", "Why", "Key"):
        table.add_column(name, overflow="fold", no_wrap=plain and name != "Why")
    for one in found.lines:
        table.add_row(*map(Text, _cells(one, program)))
    screen.print(table)
    if found.left:
        screen.print(f"And {found.left} older: --limit shows more.", markup=False)
    screen.print()
    screen.print(_totals(found.totals), markup=False)


def _cells(one: Line, program: Program | None) -> tuple[str, ...]:
    zone = program.tz if program is not None else ZoneInfo("UTC")
    said = one.said_at.astimezone(zone) if one.said_at is not None else None
    due = one.due_at.astimezone(zone)
    late = said is not None and said.date() != due.date()
    return (
        f"{due:%Y-%m-%d %H:%M}",
        f"{said:%Y-%m-%d %H:%M:%S}" if said is not None and late else f"{said:%H:%M:%S}" if said is not None else "",
        one.where,
        KINDS.get(one.kind, one.kind),
        WORDS.get(one.state, one.state),
        str(one.attempts),
        why(one),
        one.key,
    )


def why(one: Line) -> str:
    """Why it became what it became, with who decided it, if anybody did."""
    by = f"by {one.by}" if one.by and one.state in ("held", "skipped") else ""
    if one.reason and by:
        return f"{one.reason} ({by})"
    return one.reason or by


def _totals(totals: Mapping[str, int]) -> str:
    said = [f"{totals[state]} {WORDS[state]}" for state in STATES if totals.get(state)]
    return f"{counted(sum(totals.values()), 'notice')}: {', '.join(said)}."


def _as_json(one: Line) -> dict[str, object]:
    return {
        "key": one.key,
        "kind": one.kind,
        "state": one.state,
        "due": one.due_at.isoformat(),
        "said": one.said_at.isoformat() if one.said_at is not None else None,
        "where": one.where,
        "attempts": one.attempts,
        "reason": why(one) or None,
    }
