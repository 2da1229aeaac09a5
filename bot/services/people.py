"""Who somebody is to a program, and how that changes."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlmodel import Session

from bot.domain.people import Org, Role, Viewer
from bot.domain.programs import Program
from bot.services.programs import Programs
from storage import channels, people
from storage.people import Membership, Organization, Person


def meet(*, session: Session, team: str, user: str, now: datetime) -> Person:
    """The row of a person, made at first sight; a job fills in their name and zone within seconds."""
    person = people.by_user(session, team, user)
    if person is None:
        person = Person(team=team, user_id=user)
        session.add(person)
        session.flush()
    return person


def viewer(
    *,
    session: Session,
    programs: Programs,
    team: str,
    user: str,
    now: datetime,
    channel: str | None = None,
    program_id: int | None = None,
) -> Viewer:
    """Who is asking, and in which program: the one that a button or form names, if it is still there, else the
    channel's, else the one they belong to, else the only one there is.
    """
    person = meet(session=session, team=team, user=user, now=now)
    assert person.id is not None
    held = people.memberships(session, person.id)
    named = programs.by_id(session, program_id) if program_id is not None else None
    program = named or _program(session, programs, team, channel, held)
    here = [one for one in held if program is not None and one.program_id == program.id]
    active = [one for one in here if one.state == "active" and not person.gone]
    organization = next((one.organization_id for one in active if one.organization_id is not None), None)
    return Viewer(
        team=team,
        user=user,
        person_id=person.id,
        name=person.name or user,
        zone=person.zone,
        guest=person.guest,
        workspace_admin=person.workspace_admin,
        program=program,
        roles=frozenset(cast("Role", one.role) for one in active),
        pending=any(one.state == "pending" for one in here),
        organization=_org(session, organization),
    )


def _program(
    session: Session, programs: Programs, team: str, channel: str | None, held: list[Membership]
) -> Program | None:
    known = channels.get(session, team, channel) if channel else None
    if known is not None and known.program_id is not None:
        return programs.by_id(session, known.program_id)
    mine = [one.program_id for one in held if one.state != "left"]
    if mine:
        return programs.by_id(session, mine[-1])
    every = programs.all(session)
    return every[0] if len(every) == 1 else None


def _org(session: Session, organization_id: int | None) -> Org | None:
    row = session.get(Organization, organization_id) if organization_id is not None else None
    return Org(organization_id, row.name) if row is not None and organization_id is not None else None
