"""The sandbox's first day: the program loaded, the cast in their roles, the channels told apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from bot.domain.documents import Reading
from bot.domain.people import LOOK_AGAIN
from bot.sandbox import cast
from bot.sandbox.ids import TEAM
from bot.sandbox.interface import Person as Account
from bot.services import programs
from bot.services.program_schema import Sheet
from storage import channels, people
from storage.channels import Channel
from storage.people import Membership, Organization, Person


def begin(*, session: Session, sheet: Sheet, now: datetime, readings: Sequence[Reading] = ()) -> int:
    """Fill an empty database, or leave one that has the program's people as it is; returns the program's id."""
    loaded = programs.load(session=session, sheet=sheet, now=now, readings=readings, mode="demo")
    found = programs.Programs().get(session, loaded.slug)
    assert found is not None
    if not people.roster(session, found.id):
        _cast(session, found.id, now)
    return found.id


def _cast(session: Session, program_id: int, now: datetime) -> None:
    rows = {account.id: _person(session, account, now) for account in cast.people()}
    organizations: dict[str, int] = {}
    for part in cast.parts():
        if part.organization is not None and part.organization not in organizations:
            organizations[part.organization] = _organization(session, program_id, part.organization)
        session.add(
            Membership(
                program_id=program_id,
                person_id=rows[part.user],
                role=part.role,
                organization_id=organizations.get(part.organization or ""),
                since=now,
            )
        )
    for room in cast.rooms():
        if room.id in cast.PURPOSES and channels.get(session, TEAM, room.id) is None:
            session.add(
                Channel(
                    team=TEAM,
                    channel_id=room.id,
                    name=room.name,
                    program_id=program_id,
                    purpose=cast.PURPOSES[room.id],
                    private=room.private,
                    set_at=now,
                    members_read_at=now,
                )
            )
    session.flush()


def _person(session: Session, account: Account, now: datetime) -> int:
    row = people.by_user(session, TEAM, account.id) or Person(team=TEAM, user_id=account.id)
    row.email, row.name, row.zone = account.email, account.real_name, account.tz
    row.guest, row.workspace_admin, row.look_after = account.guest, account.is_admin, now + LOOK_AGAIN
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def _organization(session: Session, program_id: int, name: str) -> int:
    row = Organization(program_id=program_id, name=name)
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id
