"""Who somebody is: met, looked up, and given their roles in a program."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from bot.domain.notices import Target, ToPerson, ToPurpose
from bot.domain.people import (
    LOOK_AGAIN,
    Account,
    Listed,
    Member,
    Org,
    Role,
    Team,
    Viewer,
    is_role,
    is_state,
    known_zone,
)
from bot.domain.programs import Program
from bot.services import quiet, welcome
from bot.services.programs import Programs
from storage import channels, notices, people
from storage import programs as programs_rows
from storage.database import writes
from storage.people import Membership, Organization, Person

HOME_IN_VIEW = timedelta(hours=12)
"""How long after it was opened a Home is kept up to date unasked."""


def meet(*, session: Session, team: str, user: str, now: datetime) -> Person:
    """The row of a person, made at first sight; a job fills in their name and zone within seconds."""
    person = people.by_user(session, team, user)
    if person is None:
        # Another listener may be meeting them at this moment: then its row is the one to use.
        with suppress(IntegrityError), session.begin_nested():
            session.add(Person(team=team, user_id=user))
        person = people.by_user(session, team, user)
        notices.wake(session)
    assert person is not None
    if person.team != team:
        person.team = team
    if person.gone and writes(session):
        person.look_after = now
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
    contact: bool = True,
) -> Viewer:
    """Who is asking, and in which program.

    It is the one that a button or form names, if it is still there, else the channel's, else the one they belong to,
    else the only one there is. This is where a person is greeted at their first contact; `contact` is False where they
    have not turned to the bot.
    """
    person = meet(session=session, team=team, user=user, now=now)
    assert person.id is not None
    held = people.memberships(session, person.id)
    named = programs.by_id(session, program_id) if program_id is not None else None
    program = named or _program(session, programs, team, channel, held)
    found = as_viewer(session=session, person=person, held=held, program=program)
    if contact and writes(session):
        welcome.greet(session=session, person=person, viewer=found, now=now)
        _keep_home_fresh(session, person, now)
    return found


def as_viewer(*, session: Session, person: Person, held: list[Membership], program: Program | None) -> Viewer:
    """A person with the roles they hold in one program."""
    assert person.id is not None
    here = [one for one in held if program is not None and one.program_id == program.id]
    active = [one for one in here if one.state == "active" and not person.gone]
    organization = next((one.organization_id for one in active if one.organization_id is not None), None)
    return Viewer(
        team=person.team,
        user=person.user_id or "",
        person_id=person.id,
        name=person.name or person.user_id or "",
        zone=person.zone,
        guest=person.guest,
        workspace_admin=person.workspace_admin,
        program=program,
        roles=frozenset(one.role for one in active if is_role(one.role)),
        pending=any(one.state == "pending" for one in here),
        organization=_org(session, organization),
    )


def learn(*, session: Session, team: str, account: Account, now: datetime) -> Person:
    """Take over what Slack says about somebody, and bring them together with what is known by their e-mail address.

    An address or a name that a list gave is kept where Slack is silent about it.
    """
    person = meet(session=session, team=team, user=account.user, now=now)
    changed = (person.gone, person.bot) != (account.gone, account.bot)
    person.name = account.name or person.name
    clock, person.zone = person.zone, known_zone(account.zone)
    person.guest, person.workspace_admin = account.guest, account.admin
    person.gone, person.bot = account.gone, account.bot
    person.look_after = now + LOOK_AGAIN
    if account.email:
        _join_address(session, person, account.email.lower(), now)
    session.add(person)
    session.flush()
    if changed:
        _membership_matters(session, person)
    if clock != person.zone:
        quiet.moved_zone(session, person.id or 0)
    return person


def no_longer_guessed(session: Session, program_id: int, person_id: int, now: datetime) -> None:
    """Whoever turns out to be something was never an applicant or a newcomer just for being in a channel."""
    for one in people.memberships(session, person_id):
        guessed = one.state == "pending" or (one.state == "active" and one.role == "applicant" and one.set_by is None)
        if one.program_id == program_id and guessed:
            one.state, one.ended_at = "left", now
            session.add(one)


def put_off(*, session: Session, person_id: int, until: datetime) -> None:
    """Ask Slack about somebody later: it did not answer, or does not know them."""
    person = session.get(Person, person_id)
    if person is not None:
        person.look_after = until
        session.add(person)


def show_again(session: Session, program_id: int, *roles: Role, organizations: Collection[int] = ()) -> None:
    """Have the Homes of people with these roles made anew, and of those who take part for these organizations."""
    if people.mark_homes(session, program_id, roles, organizations):
        notices.wake(session)


def listed(session: Session, program_id: int) -> tuple[Listed, ...]:
    """Everybody who takes part, waits, or has left, in the order of joining; no bots."""
    found = []
    for membership, person, organization in people.roster(session, program_id):
        if person.bot or person.erased_at is not None or not is_role(membership.role) or not is_state(membership.state):
            continue
        assert membership.id is not None
        assert person.id is not None
        found.append(
            Listed(
                membership_id=membership.id,
                person_id=person.id,
                user=person.user_id,
                name=person.called,
                email=person.email,
                role=membership.role,
                state=membership.state,
                since=membership.since,
                organization=_as_org(organization),
                gone=person.gone,
            )
        )
    return tuple(found)


def members(session: Session, program_id: int, *roles: Role) -> tuple[Member, ...]:
    """Who holds any of these roles now, in the order of joining; nobody who has left, and no bots."""
    found = []
    for membership, person, organization in people.roster(session, program_id, roles=roles):
        if is_role(membership.role) and not (person.gone or person.bot):
            assert person.id is not None
            org = _as_org(organization)
            found.append(Member(person.id, person.user_id, person.called, membership.role, person.zone, org))
    return tuple(found)


def facilitators(session: Session, program_id: int) -> tuple[Member, ...]:
    """The facilitators of a program."""
    return members(session, program_id, "facilitator")


def to_facilitators(session: Session, program_id: int) -> dict[str, Target]:
    """Where facilitators are told something: in their channel, or, where there is none, each directly.

    By what is put behind a notice's key, so that each of several has its own.
    """
    if channels.for_purpose(session, program_id, "facilitators"):
        return {"": ToPurpose("facilitators")}
    return {f":{one.user}": ToPerson(one.user) for one in facilitators(session, program_id) if one.user}


def took_part(session: Session, viewer: Viewer) -> bool:
    """Whether somebody holds or ever held a role in the program that they ask about."""
    held = people.memberships(session, viewer.person_id)
    return any(one.program_id == viewer.of_program.id for one in held)


def active_participants(session: Session, program_id: int) -> tuple[Member, ...]:
    """The participants of a program, each with their organization, if one is known."""
    return members(session, program_id, "participant")


def organizations_active(session: Session, program_id: int) -> tuple[Team, ...]:
    """The organizations that owe homework, by name: those that have not left and that somebody takes part for."""
    gathered: dict[int, list[Member]] = {}
    for member in active_participants(session, program_id):
        if member.organization is not None:
            gathered.setdefault(member.organization.id, []).append(member)
    return tuple(
        Team(Org(row.id, row.name), tuple(gathered[row.id]))
        for row in people.organizations(session, program_id)
        if row.id in gathered and row.left_at is None
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


def _join_address(session: Session, person: Person, email: str, now: datetime) -> None:
    other = people.by_email(session, person.team, email)
    if other is None:
        person.email = person.email or email
    elif other.id != person.id and other.user_id is None:
        people.merge(session, other, person)
        person.email = email
        for one in people.memberships(session, person.id or 0):
            if one.state == "active" and one.role != "applicant":
                no_longer_guessed(session, one.program_id, one.person_id, now)
        _membership_matters(session, person)


def _membership_matters(session: Session, person: Person) -> None:
    assert person.id is not None
    for program_id in {one.program_id for one in people.memberships(session, person.id)}:
        programs_rows.people_changed(session, program_id)


def _org(session: Session, organization_id: int | None) -> Org | None:
    return _as_org(session.get(Organization, organization_id)) if organization_id is not None else None


def _as_org(row: Organization | None) -> Org | None:
    return Org(row.id, row.name) if row is not None and row.id is not None else None


def _keep_home_fresh(session: Session, person: Person, now: datetime) -> None:
    """What somebody does mostly changes what their own Home says; a job shows it to them."""
    if person.home_opened_at is not None and now - person.home_opened_at < HOME_IN_VIEW:
        people.mark_home(session, person.id or 0)
        notices.wake(session)
