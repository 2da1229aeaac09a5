"""Looking through a program that is being set up: what is right, and what is to be left out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.domain.people import NotAllowed, Viewer
from bot.domain.setup import Accepted, Gone, Looking, Part, Stuck, Thing
from bot.services import programs as program_service
from bot.services import setup_begin
from bot.services.program_schema import Body
from bot.services.programs import HEADER, Name, Programs
from bot.services.setup import looked, opened, show_again
from bot.services.setup_things import looking, things_of
from storage import setup as rows
from storage.setup import SetupRow

_SECTIONS = ("roles", "expectations", "milestones", "events", "breaks", "resources", "assignments", "faq")


def look(*, session: Session, viewer: Viewer, part: Part, start: int, now: datetime) -> Looking | NotAllowed | Gone:
    """A page of one part of what a template or a copy has brought."""
    found = opened(session, viewer)
    if not isinstance(found, SetupRow):
        return found
    return looking(viewer.of_program, found, part, start, viewer.zone, now)


def accept(
    *,
    session: Session,
    programs: Programs,
    viewer: Viewer,
    part: Part,
    start: int,
    now: datetime,
    seen: str = "",
    left: Collection[str] = (),
    everything: bool = False,
) -> Accepted | Stuck | NotAllowed | Gone:
    """Say that what stands on a page is right, or all of the part, but for what is to be left out.

    What is right is no sample any more; what is left out is taken out of whatever points at it, too. Where something
    else stands on the page by now than what was `seen`, as that was handed in before, or somebody else has left
    something out, nothing is done: it is shown as it is.
    """
    found = opened(session, viewer)
    if not isinstance(found, SetupRow):
        return found
    program = viewer.of_program
    page = looking(program, found, part, start, viewer.zone, now)
    if seen and seen != page.seen:
        return Accepted(page, 0, 0, done=False)
    things = things_of(program, found, part, now) if everything else page.things
    out = [one for one in things if one.name in left and one.section != HEADER]
    right = [one for one in things if one not in out]
    edits = _edits(session, found, viewer, right, out, now)
    if edits:
        outcome = program_service.edit(session=session, slug=program.slug, edits=edits, by=viewer.user, now=now)
        if isinstance(outcome, program_service.Rejected):
            return Stuck(program, tuple(says for _, says in outcome.problems[:3]))
    after = programs.by_id(session, program.id) or program
    further = 0 if everything else page.start + len(page.things) - len(out)
    total = page.total - len(out)
    done = everything or further >= total
    if done:
        looked(session, found, part)
    show_again(session, after)
    shown = looking(after, found, part, further, viewer.zone, now)
    return Accepted(shown, sum(one.waits for one in right), len(out), done)


def everything_waiting(*, session: Session, viewer: Viewer, part: Part, now: datetime) -> tuple[str, ...]:
    """The names of all that nobody has said to be right, but for what can only be changed."""
    row = rows.of_program(session, viewer.of_program.id) if viewer.program is not None else None
    if row is None:
        return ()
    return tuple(
        one.name for one in things_of(viewer.of_program, row, part, now) if one.waits and one.section != HEADER
    )


def _edits(
    session: Session, row: SetupRow, viewer: Viewer, right: Sequence[Thing], out: Sequence[Thing], now: datetime
) -> dict[Name, Body | None]:
    """What is to be written so that some things are no samples any more, and others are not there."""
    sheet = program_service.sheet(session=session, slug=viewer.of_program.slug)
    assert sheet is not None
    raw = setup_begin.whole(sheet)
    bodies = {Name(section, one["id"]): one for section in _SECTIONS for one in raw.get(section, ())}
    edits: dict[Name, Body | None] = {}
    for one in right:
        name = Name(one.section, one.key)
        if one.section == HEADER and one.key in ("season", "holidays") and one.waits:
            edits[name] = {one.key: _confirmed_part(raw[one.key])}
        elif name in bodies and one.waits:
            edits[name] = _confirmed(bodies[name], one.section, row, viewer, now)
    gone = {Name(one.section, one.key) for one in out}
    for name, body in bodies.items():
        unlinked = _unlinked(name, edits.get(name) or body, gone)
        if name in gone:
            edits[name] = None
        elif unlinked is not None:
            edits[name] = unlinked
    return edits


def _confirmed(body: Body, section: str, row: SetupRow, viewer: Viewer, now: datetime) -> Body:
    """An item that somebody has said to be right: of a template's words they are the source from then on."""
    made = {name: value for name, value in body.items() if name != "sample"}
    if "sample" not in body or row.copied:
        return made
    if section in ("roles", "expectations", "faq"):
        made["source"] = viewer.name
    if section == "faq":
        made["verified"] = {"by": viewer.name[:75], "on": viewer.of_program.local_day(now).isoformat()}
    return made


def _confirmed_part(value: Any) -> Any:
    if isinstance(value, list):
        return [_confirmed_part(one) for one in value]
    return {name: one for name, one in value.items() if name != "sample"}


def _unlinked(name: Name, body: Body, gone: Collection[Name]) -> Body | None:
    """An item without what points at things that are gone; None where nothing does."""
    if name.section == "assignments" and Name("events", body.get("event", "")) in gone:
        return {key: value for key, value in body.items() if key != "event"}
    if name.section != "faq" or "see" not in body:
        return None
    keys = {one.key for one in gone if one.section in ("events", "resources")}
    kept = [key for key in body["see"] if key not in keys]
    return {**body, "see": kept} if len(kept) < len(body["see"]) else None
