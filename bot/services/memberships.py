"""Taking part: asked for by joining a channel, confirmed by a facilitator, changed, ended. Nothing is deleted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.domain.memberships import (
    NEEDED,
    Applied,
    Asked,
    Card,
    Flaw,
    Known,
    NotThere,
    Place,
    Placed,
    Rejected,
    Settled,
    flaws,
)
from bot.domain.notices import Notice, Refs, ToPerson
from bot.domain.people import Listed, NotAllowed, Org, Role, Viewer, is_role, same_name, squeezed
from bot.services import changes, welcome
from bot.services import people as who
from bot.services.programs import Programs
from storage import channels, notices, people
from storage import programs as program_rows
from storage.channels import Channel
from storage.people import Membership, Organization, Person

PENDING = "people.pending"
WAITING = "people.waiting"
SETTLED = "people.settled"
CONFIRMED = "people.confirmed"
RECORD = "membership"
"""The kind under which changes are on record."""
Snapshot = dict[str, list[list[Any]]]
"""What people are in a program: role, state and organization of each of their roles, by the person's id."""


def waiting_card(*, session: Session, by: Viewer, membership_id: int) -> Card | Settled | NotAllowed | NotThere:
    """Somebody who waits to be confirmed."""
    found = _waiting(session, by, membership_id)
    if not isinstance(found, _Waiting):
        return found
    row = found.membership
    return replace(card(session, by, found.person), since=row.since, membership_id=row.id)


def everybody(*, session: Session, by: Viewer) -> tuple[Listed, ...] | NotAllowed:
    """The whole list, for those who run the program."""
    if not by.runs_it or by.program is None:
        return who.not_allowed(session, by)
    return who.listed(session, by.program.id)


def joined(
    *, session: Session, programs: Programs, team: str, user: str, channel: str, now: datetime
) -> Asked | Applied | Known:
    """Somebody joined a channel: an applicant at once, or a participant whom the facilitators are asked about."""
    person = who.meet(session=session, team=team, user=user, now=now)
    room = channels.get(session, team, channel)
    outcome = Known() if room is None or room.program_id is None else _by_channel(session, person, room, now)
    if isinstance(outcome, Asked):
        _announce(session, outcome.membership_id, channel, now)
    who.viewer(session=session, programs=programs, team=team, user=user, now=now, channel=channel)
    return outcome


def found(*, session: Session, team: str, users: Sequence[str], room: Channel, now: datetime) -> int:
    """People were in a channel before it had its purpose: the facilitators are asked about all of them at once.

    Returns how many wait. They have not turned to the bot, so they are not welcomed yet.
    """
    if room.program_id is None:
        return 0
    met = (who.meet(session=session, team=team, user=user, now=now) for user in users)
    asked = sum(isinstance(_by_channel(session, person, room, now), Asked) for person in met)
    if asked:
        key = f"{WAITING}:{room.id}:{now:%Y%m%dT%H%M%S}"
        _to_staff(session, room.program_id, key, WAITING, {"channel": room.channel_id}, now)
    return asked


def confirm(
    *, session: Session, by: Viewer, membership_id: int, place: Place, now: datetime
) -> Placed | Settled | NotAllowed | NotThere | Rejected:
    """Give a person who waits the role and the organization they have, and tell them."""
    found = _waiting(session, by, membership_id)
    if not isinstance(found, _Waiting):
        return found
    if not place.roles:
        return Rejected((Flaw("roles", "no role"),))
    before = snapshot(session, by.of_program.id, found.person)
    outcome = put(session, by, found.person, place, now)
    if isinstance(outcome, Rejected):
        return outcome
    record(session, by, "place", before, (found.person,), now)
    return replace(outcome, told=tell(session, by, found.person, now))


def dismiss(
    *, session: Session, by: Viewer, membership_id: int, now: datetime
) -> Placed | Settled | NotAllowed | NotThere:
    """Say that somebody who waits does not take part."""
    found = _waiting(session, by, membership_id)
    if not isinstance(found, _Waiting):
        return found
    before = snapshot(session, by.of_program.id, found.person)
    _end(session, found.membership, by.user, now)
    _changed(session, by.of_program.id)
    record(session, by, "leave", before, (found.person,), now)
    return Placed(found.person.called, (), None)


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
    if role != "applicant":
        _no_more_questions(session, program_id, person, now)
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


def _back(session: Session, organization_id: int) -> None:
    """An organization that had left takes part again, as it does by its name."""
    row = session.get_one(Organization, organization_id)
    if row.left_at is not None:
        row.left_at = None
        session.add(row)
        session.flush()


@dataclass(frozen=True)
class _Waiting:
    membership: Membership
    person: Person


def card(session: Session, by: Viewer, person: Person) -> Card:
    """Somebody as the forms show them; the caller has seen to it that `by` runs the program."""
    program_id = by.of_program.id
    held = _held(session, program_id, person)
    every = (Org(one.id, one.name) for one in people.organizations(session, program_id) if one.id is not None)
    return Card(
        name=person.called,
        user=person.user_id,
        roles=_roles(held),
        organization=_home(session, held),
        organizations=tuple(every),
        grants_admin=by.workspace_admin or by.has("admin"),
    )


def _by_channel(session: Session, person: Person, room: Channel, now: datetime) -> Asked | Applied | Known:
    """What being in a channel makes of somebody; nobody is asked or told about it here."""
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
    assert row.id is not None
    return Asked(row.id)


def snapshot(session: Session, program_id: int, *persons: Person) -> Snapshot:
    """What some people are in a program at this moment, as the record of changes keeps it."""
    found: Snapshot = {}
    for person in persons:
        rows = sorted(_held(session, program_id, person), key=lambda one: one.role)
        found[str(person.id)] = [[one.role, one.state, one.organization_id] for one in rows]
    return found


def record(
    session: Session,
    by: Viewer,
    what: str,
    before: Snapshot,
    persons: Sequence[Person],
    now: datetime,
    *,
    request: str | None = None,
    **more: object,
) -> int | None:
    """Note what some people were and are now, the first of them the one it is about; None where nothing changed."""
    after = snapshot(session, by.of_program.id, *persons)
    if after == before:
        return None
    named = {"what": what, "person": persons[0].id, **more}
    return changes.note(
        session=session,
        program_id=by.of_program.id,
        kind=RECORD,
        key=str(persons[0].id),
        before={**named, "people": before},
        after={**named, "people": after},
        by=by.person_id,
        now=now,
        request=request,
    )


def restore(session: Session, program_id: int, was: Snapshot, by: str | None, now: datetime) -> None:
    """Let people be again what they were; a role that they did not have then is one that they have left."""
    for person_id, rows in was.items():
        person = session.get_one(Person, int(person_id))
        states = {role: (state, organization) for role, state, organization in rows}
        for one in _held(session, program_id, person):
            state, organization = states.get(one.role, ("left", one.organization_id))
            if one.state != state:
                one.ended_at = now if state == "left" else None
            one.state, one.organization_id, one.set_by = state, organization, by
            session.add(one)
        if person.home_opened_at is not None:
            people.mark_home(session, int(person_id))
    session.flush()
    _changed(session, program_id)


def _ask(session: Session, program_id: int, person: Person, now: datetime) -> Membership:
    assert person.id is not None
    row = people.role_of(session, program_id, person.id, "participant")
    if row is None:
        row = Membership(program_id=program_id, person_id=person.id, role="participant", since=now)
    row.state, row.since, row.ended_at, row.set_by = "pending", now, None, None
    session.add(row)
    session.flush()
    return row


def _announce(session: Session, membership_id: int, channel: str, now: datetime) -> None:
    """Ask the facilitators about somebody who waits."""
    row = session.get_one(Membership, membership_id)
    key = f"{PENDING}:{row.id}:{row.since:%Y%m%dT%H%M%S}"
    _to_staff(session, row.program_id, key, PENDING, {"membership": row.id, "channel": channel}, now)


def _to_staff(session: Session, program_id: int, key: str, kind: str, refs: Refs, now: datetime) -> None:
    """Say something to the facilitators, or to the admins while there are none."""
    admins = (one.user for one in who.members(session, program_id, "admin") if one.user)
    to = who.to_facilitators(session, program_id) or {f":{user}": ToPerson(user) for user in admins}
    for tail, target in to.items():
        notices.add(session, Notice(key + tail, kind, target, now, program_id, refs), now)
    who.show_again(session, program_id, "facilitator", "admin")


def _waiting(session: Session, by: Viewer, membership_id: int) -> _Waiting | Settled | NotAllowed | NotThere:
    if by.program is not None:
        # The program first, as everywhere: of two who name the same new organization at once one makes it.
        program_rows.hold_by_id(session, by.program.id)
    row = session.get(Membership, membership_id, with_for_update=True)
    if row is None or by.program is None or row.program_id != by.program.id:
        return NotThere()
    if not by.runs_it:
        return who.not_allowed(session, by)
    person = session.get(Person, row.person_id)
    assert person is not None
    if row.state != "pending":
        held = _held(session, row.program_id, person)
        return Settled(person.called, _roles(held), _home(session, held), row.set_by)
    return _Waiting(row, person)


def alone(session: Session, program_id: int, person: Person) -> frozenset[Role]:
    """The roles that nobody but this person holds, of those that somebody has to hold."""
    if person.gone:
        return frozenset()
    held = _roles(_held(session, program_id, person))
    needed = [role for role in NEEDED if role in held]
    others = {one.role for one in who.members(session, program_id, *needed) if one.person_id != person.id}
    return frozenset(role for role in needed if role not in others)


def put(session: Session, by: Viewer, person: Person, place: Place, now: datetime) -> Placed | Rejected:
    """Give somebody exactly these roles. The caller has seen to it that `by` runs the program."""
    program_id = by.of_program.id
    known = [one.id for one in people.organizations(session, program_id) if one.id is not None]
    held = _held(session, program_id, person)
    grants_admin = by.workspace_admin or by.has("admin")
    found = flaws(
        place,
        grants_admin=grants_admin,
        held=_roles(held),
        organizations=known,
        alone=alone(session, program_id, person),
    )
    if found:
        return Rejected(found)
    home = organize(session, program_id, place.new_organization) if squeezed(place.new_organization) else None
    if place.roles and place.organization_id is not None:
        _back(session, place.organization_id)
    for role in place.roles:
        hold(session, program_id, person, role, home or place.organization_id, now, by.user)
    for one in held:
        if one.state != "left" and one.role not in place.roles:
            _end(session, one, by.user, now)
    _changed(session, program_id)
    if person.home_opened_at is not None:
        people.mark_home(session, person.id or 0)
    held = _held(session, program_id, person)
    return Placed(person.called, _roles(held), _home(session, held))


def _no_more_questions(session: Session, program_id: int, person: Person, now: datetime) -> None:
    """Whoever holds a role is not waited for any more."""
    for one in _held(session, program_id, person):
        if one.state == "pending":
            _settle(session, one, now)
    who.no_longer_guessed(session, program_id, person.id or 0, now)


def _end(session: Session, row: Membership, by: str, now: datetime) -> None:
    if row.state == "pending":
        _settle(session, row, now)
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


def tell(session: Session, by: Viewer, person: Person, now: datetime) -> bool:
    """One direct message: the welcome, or, for somebody welcomed already, that they are confirmed."""
    program = by.of_program
    if person.user_id is None:
        return False
    held = people.memberships(session, person.id or 0)
    found = who.as_viewer(session=session, person=person, held=held, program=program)
    if welcome.greet(session=session, person=person, viewer=found, now=now):
        return True
    key = f"{CONFIRMED}:{program.id}:{person.id}:{now:%Y%m%dT%H%M%S}"
    refs = {"person": person.id}
    return notices.add(session, Notice(key, CONFIRMED, ToPerson(person.user_id), now, program.id, refs), now)


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
