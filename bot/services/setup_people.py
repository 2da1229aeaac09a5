"""Who takes part in a program that is being set up: picked, written a line each, or in a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.domain import roster
from bot.domain import setup as rules
from bot.domain.people import NotAllowed, Viewer, squeezed
from bot.domain.setup import Added, AddingPeople, Flaw, Gone, People, Rejected, Unclear, Unsure
from bot.services import people
from bot.services import roster as lists
from bot.services.programs import Programs
from bot.services.setup import opened, refused, standing, unmet
from storage import notices
from storage import people as people_rows
from storage.setup import SetupRow


def adding(*, session: Session, viewer: Viewer) -> AddingPeople | NotAllowed | Gone:
    """The form for people."""
    found = opened(session, viewer)
    if not isinstance(found, SetupRow):
        return found
    names = (one.name for one in people_rows.organizations(session, viewer.of_program.id) if one.left_at is None)
    return AddingPeople(viewer.of_program, tuple(names))


def add_people(
    *, session: Session, viewer: Viewer, wanted: People, now: datetime
) -> Added | Unclear | Rejected | NotAllowed | Gone:
    """Let people take part: those picked with the role that was chosen, and those that were written a line each."""
    found = opened(session, viewer)
    if not isinstance(found, SetupRow):
        return found
    organization = squeezed(wanted.organization)
    if not wanted.users and not wanted.lines.strip():
        return Rejected((Flaw("users", "empty"),))
    if wanted.users and wanted.role == "participant" and not organization:
        return Rejected((Flaw("organization", "empty"),))
    listed = rules.pasted(wanted.lines, wanted.role, organization) if wanted.lines.strip() else roster.Roster()
    if listed.problems:
        return Unclear(listed.problems)
    picked = tuple(
        roster.Row(0, "", None, user, wanted.role, organization if wanted.role == "participant" else None)
        for user in wanted.users
    )
    return take(session=session, viewer=viewer, rows=(*picked, *listed.rows), now=now)


def take(
    *, session: Session, viewer: Viewer, rows: Sequence[roster.Row], now: datetime, file: str = ""
) -> Added | Unclear | NotAllowed:
    """Bring who takes part in a program to what a list says, for somebody who runs it; twice is once."""
    if viewer.program is None or not viewer.runs_it:
        return refused(session, viewer)
    if any(one.role == "admin" for one in rows) and not (viewer.workspace_admin or viewer.has("admin")):
        first = next(one for one in rows if one.role == "admin")
        return Unclear((roster.Problem(first.line, "role", "only an admin makes somebody an admin."),), file)
    program = viewer.program
    found = lists.take(session=session, program_id=program.id, team=viewer.team, rows=rows, now=now)
    if isinstance(found, lists.Rejected):
        return Unclear(found.problems, file)
    people.show_again(session, program.id, "facilitator", "admin")
    people_rows.mark_home(session, viewer.person_id)
    notices.wake(session)
    return Added(program, len(found.added), len(found.changed), found.unchanged, unmet(session, program))


def take_file(
    *, session: Session, viewer: Viewer, data: bytes, name: str, now: datetime
) -> Added | Unclear | NotAllowed:
    """The same for a file as a spreadsheet saves it."""
    if viewer.program is None or not viewer.runs_it:
        return refused(session, viewer)
    listed = roster.read(data)
    if listed.problems:
        return Unclear(listed.problems, name)
    return take(session=session, viewer=viewer, rows=listed.rows, now=now, file=name)


def keeper(
    *, session: Session, programs: Programs, team: str, user: str, text: str, now: datetime
) -> Viewer | Unsure | None:
    """Somebody who hands in a list, in the program that it is for; None for who runs none.

    It is the one that they name beside it, else the one that they are setting up, else the only one that they run.
    """
    person = people.meet(session=session, team=team, user=user, now=now)
    held = people_rows.memberships(session, person.id or 0)
    every = people.visible(session, programs, person, held)
    viewers = [people.as_viewer(session=session, person=person, held=held, program=one) for one in every]
    running = [one for one in viewers if one.runs_it]
    named = [one for one in running if one.of_program.name.casefold() in text.casefold()]
    unfinished = [one for one in running if standing(session=session, program=one.of_program) is not None]
    mine = [one for one in running if one.has("facilitator", "admin")]
    some = next((found for found in (named, unfinished, mine, running) if found), [])
    if not some:
        return None
    return some[0] if len(some) == 1 else Unsure(tuple(one.of_program.name for one in some))
