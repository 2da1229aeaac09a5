"""Who somebody is: met, looked up, and given their roles in a program."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from bot.domain.modes import spoken
from bot.domain.notices import Target, ToPerson, ToPurpose
from bot.domain.people import (
    LOOK_AGAIN,
    Account,
    Listed,
    Member,
    NotAllowed,
    Org,
    Role,
    Room,
    Team,
    Viewer,
    is_role,
    is_state,
    known_zone,
)
from bot.domain.programs import Program
from bot.domain.setup import last_day
from bot.services import quiet, welcome
from bot.services.programs import Programs
from storage import channels, notices, people, setup
from storage import programs as programs_rows
from storage.database import writes
from storage.people import Membership, Organization, Person

LONG_OVER = timedelta(days=30)
"""How long after its last day a program is no longer meant by those who take part in another."""
HOME_IN_VIEW = timedelta(hours=12)
"""How long after it was opened a Home is kept up to date unasked."""


def meet(*, session: Session, team: str, user: str, now: datetime) -> Person:
    """The row of a person, made at first sight; a job fills in their name and zone within seconds."""
    return _met(session, people.by_user(session, team, user), team, user, now)


def _met(session: Session, person: Person | None, team: str, user: str, now: datetime) -> Person:
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

    It is the one that a button or form names, and none where that one is no longer there: what was meant for it is
    never done to another. Else it is the channel's, else the one they belong to, else the only one there is; where
    there are several of them, none, and they are among whom to be asked. This is where a person is greeted at their
    first contact; `contact` is False where they have not turned to the bot.
    """
    program_id = program_id or None  # A button where nothing was to be named has 0.
    known, held, revised = people.with_roles(session, team, user, program_id) or (None, [], None)
    person = _met(session, known, team, user, now)
    named = programs.as_revised(session, revised) if revised is not None else None
    if known is None and program_id is not None:
        named = programs.by_id(session, program_id)
    room, there = _room(session, programs, person, channel) if program_id is None else (None, None)
    served = named or there
    said: tuple[Program, ...] | None = (served,) if served is not None else () if program_id else None
    choices = said if said is not None else _meant(session, programs, person, held, now)
    program = choices[0] if len(choices) == 1 else None
    found = as_viewer(session=session, person=person, held=held, program=program)
    among = tuple((one.id, one.name) for one in choices) if len(choices) > 1 else ()
    found = replace(found, among=among, room=room)
    if contact and writes(session):
        welcome.greet(session=session, person=person, viewer=found, now=now)
        _keep_home_fresh(session, person, now)
    return found


def as_viewer(*, session: Session, person: Person, held: list[Membership], program: Program | None) -> Viewer:
    """A person with the roles they hold in one program. Who does not look after it has it without what is made up."""
    assert person.id is not None
    here = [one for one in held if program is not None and one.program_id == program.id]
    active = [one for one in here if one.state == "active" and not person.gone]
    organization = next((one.organization_id for one in active if one.organization_id is not None), None)
    roles = frozenset(one.role for one in active if is_role(one.role))
    looks_after = person.workspace_admin or not roles.isdisjoint(("facilitator", "admin"))
    if program is not None and not looks_after:
        program = spoken(program)
    return Viewer(
        team=person.team,
        user=person.user_id or "",
        person_id=person.id,
        name=person.name or person.user_id or "",
        zone=person.zone,
        guest=person.guest,
        workspace_admin=person.workspace_admin,
        program=program,
        roles=roles,
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
    # Where Slack knows none, the one that they have told the bot stays.
    clock, person.zone = person.zone, known_zone(account.zone) or person.zone
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
    return tuple(_as_listed(people.seats(session, program_id)))


def waiting(session: Session, program_id: int, most: int) -> tuple[tuple[Listed, ...], int]:
    """Who waits to be confirmed, `most` of them at most, those who wait longest first; and how many wait in all."""
    first = people.seats(session, program_id, state="pending", there=True, limit=most)
    every = len(first) if len(first) < most else sum(people.seated(session, program_id, state="pending").values())
    return tuple(_as_listed(first)), every


def counts(session: Session, program_id: int) -> dict[Role, int]:
    """How many people hold each role now."""
    return {role: number for role, number in people.seated(session, program_id).items() if is_role(role)}


def members(session: Session, program_id: int, *roles: Role, organization: int | None = None) -> tuple[Member, ...]:
    """Who holds any of these roles now, in the order of joining; nobody who has left, and no bots.

    For one `organization` alone, if that is given.
    """
    found = people.seats(session, program_id, roles=roles, state="active", there=True, organization=organization)
    return tuple(
        Member(one.person_id, one.user, one.called, one.role, one.zone, _org_of(one))
        for one in found
        if is_role(one.role)
    )


def facilitators(session: Session, program_id: int) -> tuple[Member, ...]:
    """The facilitators of a program."""
    return members(session, program_id, "facilitator")


def not_allowed(session: Session, viewer: Viewer) -> NotAllowed:
    """Whom somebody can ask who may not."""
    program = viewer.program
    return NotAllowed(program, facilitators(session, program.id) if program is not None else ())


def to_facilitators(session: Session, program_id: int) -> dict[str, Target]:
    """Where facilitators are told something: in their channel, or, where there is none, each directly.

    By what is put behind a notice's key, so that each of several has its own.
    """
    serving = channels.for_purpose(session, program_id, "facilitators")
    if serving and serving[0].archived_at is None and serving[0].out_at is None:
        return {"": ToPurpose("facilitators")}
    return {f":{one.user}": ToPerson(one.user) for one in facilitators(session, program_id) if one.user}


def took_part(session: Session, viewer: Viewer) -> bool:
    """Whether somebody holds or ever held a role in the program that they ask about."""
    held = people.memberships(session, viewer.person_id)
    return any(one.program_id == viewer.of_program.id for one in held)


def active_participants(session: Session, program_id: int) -> tuple[Member, ...]:
    """The participants of a program, each with their organization, if one is known."""
    return members(session, program_id, "participant")


def organizations_active(session: Session, program_id: int, only: int | None = None) -> tuple[Team, ...]:
    """The organizations that owe homework, by name: those that have not left and that somebody takes part for.

    `only` is the one that is wanted, if it is one.
    """
    gathered: dict[int, list[Member]] = {}
    for member in members(session, program_id, "participant", organization=only):
        if member.organization is not None:
            gathered.setdefault(member.organization.id, []).append(member)
    return tuple(
        Team(one, tuple(gathered[one.id])) for one in organizations_owing(session, program_id) if one.id in gathered
    )


def organizations_owing(session: Session, program_id: int) -> tuple[Org, ...]:
    """The same organizations without their people, of whom there may be thousands."""
    return tuple(Org(one, name) for one, name in people.organizations_with(session, program_id, "participant"))


def visible(
    session: Session, programs: Programs, person: Person, held: Collection[Membership]
) -> tuple[Program, ...]:  # fmt: skip
    """The programs that are there for somebody: one that is being set up only for those who do that."""
    every = programs.all(session)
    unfinished = {one.program_id for one in setup.unfinished(session)} if every else set()
    if not unfinished or person.workspace_admin:
        return every
    runs = {one.program_id for one in held if one.state == "active" and one.role in ("facilitator", "admin")}
    return tuple(one for one in every if one.id not in unfinished or one.id in runs)


def meant(
    session: Session,
    programs: Programs,
    person: Person,
    channel: str | None,
    held: Collection[Membership],
    now: datetime,
) -> tuple[Program, ...]:
    """The program that is meant where none is named; several where it cannot be told.

    What is being set up, or ended a month ago, is meant only where nothing else can be.
    """
    _, there = _room(session, programs, person, channel)
    return (there,) if there is not None else _meant(session, programs, person, held, now)


def _room(
    session: Session, programs: Programs, person: Person, channel: str | None
) -> tuple[Room | None, Program | None]:
    """A channel as it is set up, and the program that it serves."""
    if not channel:
        return None, None
    known = channels.place(session, person.team, channel)
    if known is None:
        return Room(channel), None
    program_id, purpose, revised = known
    program = programs.as_revised(session, revised) if revised is not None else None
    return Room(channel, program_id, purpose), program


def _meant(
    session: Session,
    programs: Programs,
    person: Person,
    held: Collection[Membership],
    now: datetime,
) -> tuple[Program, ...]:
    every = visible(session, programs, person, held)
    mine = {one.program_id for one in held if one.state != "left"}
    theirs = [one for one in every if one.id in mine] or list(every)
    if len(theirs) < 2:
        return tuple(theirs)
    unfinished = {one.program_id for one in setup.unfinished(session)}
    going = tuple(one for one in theirs if one.id not in unfinished and not _ended(one, now))
    return going or tuple(theirs)


def _ended(program: Program, now: datetime) -> bool:
    last = last_day(program)
    return last is not None and last + LONG_OVER < program.local_day(now)


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
            show_again(session, one.program_id, "facilitator", "admin")
        _membership_matters(session, person)


def _membership_matters(session: Session, person: Person) -> None:
    assert person.id is not None
    # In one order, as whoever holds one of them while they wait for another's would be waited for in turn.
    for program_id in sorted({one.program_id for one in people.memberships(session, person.id)}):
        programs_rows.people_changed(session, program_id)


def _as_listed(found: Iterable[people.Seat]) -> Iterator[Listed]:
    for one in found:
        if is_role(one.role) and is_state(one.state):
            yield Listed(
                membership_id=one.membership_id,
                person_id=one.person_id,
                user=one.user,
                name=one.called,
                email=one.email,
                role=one.role,
                state=one.state,
                since=one.since,
                organization=_org_of(one),
                gone=one.gone,
            )


def _org_of(one: people.Seat) -> Org | None:
    return Org(one.organization_id, one.organization or "") if one.organization_id is not None else None


def _org(session: Session, organization_id: int | None) -> Org | None:
    return _as_org(session.get(Organization, organization_id)) if organization_id is not None else None


def _as_org(row: Organization | None) -> Org | None:
    return Org(row.id, row.name) if row is not None and row.id is not None else None


def _keep_home_fresh(session: Session, person: Person, now: datetime) -> None:
    """What somebody does mostly changes what their own Home says; a job shows it to them."""
    if person.home_opened_at is not None and now - person.home_opened_at < HOME_IN_VIEW:
        people.mark_home(session, person.id or 0)
        notices.wake(session)
