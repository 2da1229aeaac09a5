"""The Home as somebody else would see it: made for a viewer who is nobody, so that nothing personal can be in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.domain.home import Page
from bot.domain.home import Part as Shown
from bot.domain.modes import spoken
from bot.domain.people import NotAllowed, Org, Role, Viewer
from bot.domain.view_as import NOBODY, Choices, NoOrganization, Part, Seen
from bot.services import home
from bot.services import people as who
from storage import people


def choices(*, session: Session, viewer: Viewer) -> Choices | NotAllowed:
    """As whom somebody may look."""
    if viewer.program is None or not viewer.runs_it:
        return who.not_allowed(session, viewer)
    return Choices(viewer.program, _organizations(session, viewer.program.id))


def look(
    *, session: Session, viewer: Viewer, part: Part, organization_id: int | None, now: datetime
) -> Seen | NoOrganization | NotAllowed:
    """What they would see. What people asked is for facilitators alone, whoever looks as one."""
    if viewer.program is None or not viewer.runs_it:
        return who.not_allowed(session, viewer)
    program = viewer.program
    found = next((one for one in _organizations(session, program.id) if one.id == organization_id), None)
    if part == "participant" and found is None:
        return NoOrganization()
    roles: frozenset[Role] = frozenset() if part == "stranger" else frozenset([part])
    pretended = Viewer(
        team=viewer.team,
        user="",
        person_id=NOBODY,
        name="",
        zone=viewer.zone,
        program=program if part in ("facilitator", "admin") else spoken(program),
        roles=roles,
        organization=found if part == "participant" else None,
    )
    shown = _without_what_is_somebodys(home.part_of(session, pretended, now), viewer)
    return Seen(program, part, pretended.organization, Page("", workspace_admin=False, parts=(shown,)))


def _without_what_is_somebodys(shown: Shown, viewer: Viewer) -> Shown:
    running = shown.running
    if running is not None and not viewer.has("facilitator"):
        running = replace(running, report=replace(running.report, questions=()))
    return replace(shown, reflections=(), checkins=(), drafts=(), running=running)


def _organizations(session: Session, program_id: int) -> tuple[Org, ...]:
    every = people.organizations(session, program_id)
    return tuple(Org(one.id, one.name) for one in every if one.id is not None and one.left_at is None)
