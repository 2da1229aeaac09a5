"""Taking part: asked for by joining a channel, confirmed by a facilitator, changed, ended. Nothing is deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.domain.notices import Notice, Target, ToPerson, ToPurpose
from bot.domain.people import Flaw, Org, Place, Role, Viewer, flaws, is_role, same_name, squeezed
from bot.services import people as who
from bot.services import welcome
from bot.services.programs import Programs
from storage import channels, notices, people
from storage import programs as program_rows
from storage.people import Membership, Organization, Person

PENDING = "people.pending"
SETTLED = "people.settled"
CONFIRMED = "people.confirmed"


@dataclass(frozen=True)
class Asked:
    """Somebody joined the cohort's channel and waits to be confirmed."""

    membership_id: int


@dataclass(frozen=True)
class Applied:
    """Somebody joined the applicants' channel and is an applicant now."""


@dataclass(frozen=True)
class Known:
    """Joining that channel changes nothing for this person."""


@dataclass(frozen=True)
class Placed:
    """They hold these roles now; no role means that they have left."""

    name: str
    roles: tuple[Role, ...]
    organization: Org | None


@dataclass(frozen=True)
class Settled:
    """Somebody else was quicker: how the person stands now."""

    name: str
    roles: tuple[Role, ...]
    organization: Org | None
    by: str | None


@dataclass(frozen=True)
class NotAllowed:
    """Only those who run the program may."""


@dataclass(frozen=True)
class NotThere:
    """There is no such membership or person."""


@dataclass(frozen=True)
class Rejected:
    """Nothing was changed; every reason is named."""

    flaws: tuple[Flaw, ...]


def joined(
    *, session: Session, programs: Programs, team: str, user: str, channel: str, now: datetime
) -> Asked | Applied | Known:
    """Somebody joined a channel: an applicant at once, or a participant whom the facilitators are asked about."""
    person = who.meet(session=session, team=team, user=user, now=now)
    room = channels.get(session, team, channel)
    outcome = Known() if room is None or room.program_id is None else _by_channel(session, person, room, now)
    who.viewer(session=session, programs=programs, team=team, user=user, now=now, channel=channel)
    return outcome


def confirm(
    *, session: Session, by: Viewer, membership_id: int, place: Place, now: datetime
) -> Placed | Settled | NotAllowed | NotThere | Rejected:
    """Give a person who waits the role and the organization they have, and tell them."""
    found = _waiting(session, by, membership_id)
    if not isinstance(found, _Waiting):
        return found
    if not place.roles:
        return Rejected((Flaw("roles", "no role"),))
    outcome = _place(session, by, found.person, place, now)
    if isinstance(outcome, Placed):
        _settle(session, found.membership, now)
        _tell(session, by, found.person, now)
    return outcome


def dismiss(
    *, session: Session, by: Viewer, membership_id: int, now: datetime
) -> Placed | Settled | NotAllowed | NotThere:
    """Say that somebody who waits does not take part."""
    found = _waiting(session, by, membership_id)
    if not isinstance(found, _Waiting):
        return found
    _end(found.membership, by.user, now)
    _settle(session, found.membership, now)
    _changed(session, by.of_program.id)
    return Placed(_name(found.person), (), None)


def change(
    *, session: Session, by: Viewer, user: str, place: Place, now: datetime
) -> Placed | NotAllowed | NotThere | Rejected:
    """Give somebody exactly these roles in the program; none means that they have left it."""
    person = people.by_user(session, by.team, user)
    if not by.runs_it or by.program is None:
        return NotAllowed()
    if person is None or person.id is None:
        return NotThere()
    waiting = [one for one in _held(session, by.program.id, person) if one.state == "pending"]
    known = bool(_active(_held(session, by.program.id, person)))
    outcome = _place(session, by, person, place, now)
    if isinstance(outcome, Placed):
        for one in waiting:
            _settle(session, one, now)
        if place.roles and not known:
            _tell(session, by, person, now)
    return outcome


def grant(
    *, session: Session, program_id: int, person: Person, role: Role, organization: str | None, now: datetime, by: str
) -> bool:
    """Have somebody hold a role beside those they hold, for an organization if one is named; False if nothing changed.

    An organization that is not there yet is made.
    """
    home = organize(session, program_id, organization) if organization else None
    changed = hold(session, program_id, person, role, home, now, by)
    if changed:
        _changed(session, program_id)
    return changed


def claim_admin(*, session: Session, programs: Programs, person: Person, now: datetime) -> tuple[str, ...]:
    """Make the workspace's admin the admin of every program that has none; returns those programs' names."""
    if not person.workspace_admin or person.gone or person.bot:
        return ()
    taken = []
    for program in programs.all(session):
        if not who.members(session, program.id, "admin"):
            hold(session, program.id, person, "admin", None, now, person.user_id)
            _changed(session, program.id)
            taken.append(program.name)
    return tuple(taken)


def hold(
    session: Session,
    program_id: int,
    person: Person,
    role: Role,
    organization_id: int | None,
    now: datetime,
    by: str | None,
) -> bool:
    """Bring one role of a person to active, with an organization unless None is given; False if it was so already."""
    assert person.id is not None
    row = people.role_of(session, program_id, person.id, role)
    if row is None:
        row = Membership(program_id=program_id, person_id=person.id, role=role, state="", since=now)
    home = row.organization_id if organization_id is None else organization_id
    if (row.state, row.organization_id) == ("active", home):
        return False
    if row.state != "active":
        row.since = now
    row.state, row.organization_id, row.ended_at, row.set_by = "active", home, None, by
    session.add(row)
    session.flush()
    return True


def organize(session: Session, program_id: int, name: str) -> int:
    """The id of an organization by its name, spaces and capitals apart; a new one is made, one that left is back."""
    row = next((one for one in people.organizations(session, program_id) if same_name(one.name, name)), None)
    row = row or Organization(program_id=program_id, name=squeezed(name))
    row.left_at = None
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


@dataclass(frozen=True)
class _Waiting:
    membership: Membership
    person: Person


def _by_channel(session: Session, person: Person, room: channels.Channel, now: datetime) -> Asked | Applied | Known:
    assert room.program_id is not None
    held = [one for one in _held(session, room.program_id, person) if one.state != "left"]
    if person.bot or room.purpose not in ("applicants", "cohort"):
        return Known()
    if room.purpose == "applicants":
        if held:
            return Known()
        hold(session, room.program_id, person, "applicant", None, now, None)
        _changed(session, room.program_id)
        return Applied()
    if any(one.role != "applicant" for one in held):
        return Known()
    row = _ask(session, room.program_id, person, now)
    announce(session, row, room.channel_id, now)
    assert row.id is not None
    return Asked(row.id)


def _ask(session: Session, program_id: int, person: Person, now: datetime) -> Membership:
    assert person.id is not None
    row = people.role_of(session, program_id, person.id, "participant")
    if row is None:
        row = Membership(program_id=program_id, person_id=person.id, role="participant", since=now)
    row.state, row.since, row.ended_at, row.set_by = "pending", now, None, None
    session.add(row)
    session.flush()
    return row


def announce(session: Session, row: Membership, channel: str, now: datetime) -> None:
    """Ask the facilitators about somebody who waits: in their channel, or each of them while there is none."""
    to: list[Target] = [ToPurpose("facilitators")]
    if not channels.for_purpose(session, row.program_id, "facilitators"):
        staff = who.facilitators(session, row.program_id) or who.members(session, row.program_id, "admin")
        to = [ToPerson(one.user) for one in staff if one.user]
    for target in to:
        tail = f":{target.user}" if isinstance(target, ToPerson) else ""
        key = f"{PENDING}:{row.id}:{row.since:%Y%m%dT%H%M%S}{tail}"
        refs = {"membership": row.id, "channel": channel}
        notices.add(session, Notice(key, PENDING, target, now, row.program_id, refs), now)
    who.show_again(session, row.program_id, "facilitator", "admin")


def _waiting(session: Session, by: Viewer, membership_id: int) -> _Waiting | Settled | NotAllowed | NotThere:
    row = session.get(Membership, membership_id, with_for_update=True)
    if row is None or by.program is None or row.program_id != by.program.id:
        return NotThere()
    if not by.runs_it:
        return NotAllowed()
    person = session.get(Person, row.person_id)
    assert person is not None
    if row.state != "pending":
        held = _held(session, row.program_id, person)
        return Settled(_name(person), _roles(held), _home(session, held), row.set_by)
    return _Waiting(row, person)


def _place(session: Session, by: Viewer, person: Person, place: Place, now: datetime) -> Placed | Rejected:
    program_id = by.of_program.id
    known = [one.id for one in people.organizations(session, program_id) if one.id is not None]
    held = _held(session, program_id, person)
    grants_admin = by.workspace_admin or by.has("admin")
    found = flaws(place, grants_admin=grants_admin, held=_roles(held), organizations=known)
    if found:
        return Rejected(found)
    home = organize(session, program_id, place.new_organization) if place.new_organization.strip() else None
    for role in place.roles:
        hold(session, program_id, person, role, home or place.organization_id, now, by.user)
    for one in held:
        if one.state != "left" and one.role not in place.roles:
            _end(one, by.user, now)
    _changed(session, program_id)
    person.home_stale = person.home_opened_at is not None
    held = _held(session, program_id, person)
    return Placed(_name(person), _roles(held), _home(session, held))


def _end(row: Membership, by: str, now: datetime) -> None:
    row.state, row.ended_at, row.set_by = "left", now, by


def _settle(session: Session, row: Membership, now: datetime) -> None:
    """Have every message that asked about somebody say what has become of it."""
    for asked in notices.standing(session, row.program_id, [PENDING]):
        if asked.refs.get("membership") != row.id:
            continue
        key = asked.key.replace(PENDING, SETTLED, 1)
        refs = {"membership": row.id, "asked": asked.key}
        target = notices.to_notice(asked).target
        notices.add(session, Notice(key, SETTLED, target, now, row.program_id, refs), now)


def _tell(session: Session, by: Viewer, person: Person, now: datetime) -> None:
    """One direct message: the welcome, or, for somebody welcomed already, that they are confirmed."""
    program = by.of_program
    if person.user_id is None:
        return
    held = people.memberships(session, person.id or 0)
    found = who.as_viewer(session=session, person=person, held=held, program=program)
    if welcome.greet(session=session, person=person, viewer=found, now=now):
        return
    key = f"{CONFIRMED}:{program.id}:{person.id}:{now:%Y%m%dT%H%M%S}"
    refs = {"person": person.id}
    notices.add(session, Notice(key, CONFIRMED, ToPerson(person.user_id), now, program.id, refs), now)


def _changed(session: Session, program_id: int) -> None:
    program_rows.people_changed(session, program_id)
    who.show_again(session, program_id, "facilitator", "admin", "coach")


def _held(session: Session, program_id: int, person: Person) -> list[Membership]:
    return [one for one in people.memberships(session, person.id or 0) if one.program_id == program_id]


def _active(held: list[Membership]) -> list[Membership]:
    return [one for one in held if one.state == "active"]


def _roles(held: list[Membership]) -> tuple[Role, ...]:
    return tuple(one.role for one in _active(held) if is_role(one.role))


def _home(session: Session, held: list[Membership]) -> Org | None:
    ids = [one.organization_id for one in _active(held) if one.organization_id is not None]
    row = session.get(Organization, ids[0]) if ids else None
    return Org(row.id, row.name) if row is not None and row.id is not None else None


def _name(person: Person) -> str:
    return person.name or person.email or person.user_id or ""
