"""People, the organizations they come from, and the roles they hold in a program."""

from collections.abc import Collection, Iterable
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Insert,
    Select,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    false,
    func,
    insert,
    or_,
    update,
)
from sqlalchemy import select as columns
from sqlmodel import Field, Session, SQLModel, col, select

from storage.database import UtcDateTime, keep
from storage.programs import ProgramRow, Revised


class Person(SQLModel, table=True):
    """Somebody in a workspace.

    `user_id` is empty until a person imported by address is met in Slack, and `team` until the bot knows its workspace.
    `look_after` is when Slack is to be asked about them again; empty means that it never was. Since `erased_at` nothing
    is known of them any more; what still points here once belonged to one person, and that is all it says.
    """

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("team", "user_id"), UniqueConstraint("team", "email"))

    id: int | None = Field(default=None, primary_key=True)
    team: str
    user_id: str | None = Field(default=None)
    email: str | None = Field(default=None)
    name: str = ""
    zone: str | None = None
    guest: bool = False
    workspace_admin: bool = False
    bot: bool = False
    gone: bool = False
    dm_channel: str | None = None
    look_after: datetime | None = Field(default=None, sa_type=UtcDateTime)
    welcomed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    home_opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    @property
    def called(self) -> str:
        """What a list calls them: their name, else their address, else their Slack id."""
        return self.name or self.email or self.user_id or ""


class MergedPerson(SQLModel, table=True):
    """That somebody known by their address had the row `was_id` until they were met in Slack: seals go by that."""

    __tablename__ = "merged_people"

    id: int | None = Field(default=None, primary_key=True)
    was_id: int
    person_id: int = Field(foreign_key="people.id", index=True)


class HomeMark(SQLModel, table=True):
    """That somebody's App Home no longer shows how things stand.

    Marks are put down and taken away, never changed: whoever changes something for many waits for none of them.
    """

    __tablename__ = "home_marks"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="people.id", index=True)


class Organization(SQLModel, table=True):
    """Who owes the homework: the organization, not the person."""

    __tablename__ = "organizations"
    __table_args__ = (UniqueConstraint("program_id", "name"),)

    id: int | None = Field(default=None, primary_key=True)
    program_id: int = Field(foreign_key="programs.id", index=True)
    name: str
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Membership(SQLModel, table=True):
    """One role of one person in one program. state: pending, active or left."""

    __tablename__ = "memberships"
    __table_args__ = (UniqueConstraint("program_id", "person_id", "role"),)

    id: int | None = Field(default=None, primary_key=True)
    program_id: int = Field(foreign_key="programs.id", index=True)
    person_id: int = Field(foreign_key="people.id", index=True)
    role: str
    organization_id: int | None = Field(default=None, foreign_key="organizations.id")
    state: str = "active"
    since: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    set_by: str | None = None


_IN_TEAM = (
    or_(col(Person.team) == bindparam("team"), col(Person.team) == ""),
    col(Person.user_id) == bindparam("user"),
)
_BY_USER = select(Person).where(*_IN_TEAM).order_by(col(Person.team).desc())
_NAMED = and_(col(ProgramRow.id) == bindparam("program"), col(ProgramRow.dropped_at).is_(None))
_WITH_ROLES = (
    columns(Person, Membership, Organization, *(col(getattr(ProgramRow, name)) for name in Revised._fields))
    .join(Membership, col(Membership.person_id) == col(Person.id), isouter=True)
    .join(Organization, col(Organization.id) == col(Membership.organization_id), isouter=True)
    .join(ProgramRow, _NAMED, isouter=True)
    .where(*_IN_TEAM)
    .order_by(col(Person.team).desc(), col(Membership.id))
)
_MEMBERSHIPS = select(Membership).where(Membership.person_id == bindparam("person")).order_by(col(Membership.id))


@cache
def _mark_homes(roles: frozenset[str], organizations: int) -> Insert:
    """For some roles and so many organizations. Not with lists of them, which would be written anew each time."""
    theirs = (col(Membership.organization_id) == bindparam(f"organization{at}") for at in range(organizations))
    return insert(HomeMark).from_select(
        ["person_id"],
        select(Membership.person_id)
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(Membership.program_id == bindparam("program"), Membership.state == "active")
        .where(or_(_any_role(roles), *theirs), col(Person.home_opened_at).is_not(None))
        .distinct(),
    )


def _any_role(roles: Collection[str]) -> ColumnElement[bool]:
    return or_(false(), *(col(Membership.role) == role for role in sorted(roles)))


def by_user(session: Session, team: str, user: str) -> Person | None:
    """The person behind a Slack user id, entered before the workspace was known or since."""
    return session.exec(_BY_USER, params={"team": team, "user": user}).first()


def with_roles(
    session: Session, team: str, user: str, program_id: int | None
) -> tuple[Person, list[Membership], Revised | None] | None:
    """The same with every role that they hold or held, and how often a program has changed, if it is there.

    Their organizations come along and are kept with them.
    """
    found = session.execute(_WITH_ROLES, {"team": team, "user": user, "program": program_id}).all()
    if not found:
        return None
    person, _, _, *named = found[0]
    for row in found:
        keep(session, *row[:3])
    held = [membership for one, membership, *_ in found if one is person and membership is not None]
    return person, held, Revised._make(named) if named[0] is not None else None


def by_email(session: Session, team: str, email: str) -> Person | None:
    """The person with an address; addresses are kept in lower case."""
    statement = select(Person).where(col(Person.team).in_((team, "")), Person.email == email.lower())
    return session.exec(statement.order_by(col(Person.team).desc())).first()


def workspace_admins(session: Session, team: str) -> list[Person]:
    """The workspace's own admins, of those who were met."""
    statement = select(Person).where(Person.team == team, Person.workspace_admin, col(Person.gone).is_(False))
    return list(session.exec(statement.order_by(col(Person.id))).all())


def teams(session: Session) -> list[str]:
    """Every workspace that somebody was met in."""
    return list(session.exec(select(Person.team).where(Person.team != "").distinct().order_by(Person.team)).all())


def to_look_up(session: Session, now: datetime, limit: int) -> list[Person]:
    """People whom Slack is to be asked about, those never asked about first."""
    statement = (
        select(Person)
        .where(col(Person.user_id).is_not(None), or_(col(Person.look_after).is_(None), col(Person.look_after) <= now))
        .order_by(col(Person.look_after).is_not(None), col(Person.look_after), col(Person.id))
        .limit(limit)
    )
    return list(session.exec(statement).all())


def to_find(session: Session, now: datetime, limit: int) -> list[Person]:
    """People known by their address alone, whom Slack is to be asked about by that, those never asked about first."""
    statement = (
        select(Person)
        .where(col(Person.user_id).is_(None), col(Person.email).is_not(None), col(Person.erased_at).is_(None))
        .where(or_(col(Person.look_after).is_(None), col(Person.look_after) <= now))
        .order_by(col(Person.look_after).is_not(None), col(Person.look_after), col(Person.id))
        .limit(limit)
    )
    return list(session.exec(statement).all())


def mark_home(session: Session, person_id: int) -> None:
    """Have somebody's Home made anew."""
    session.connection().execute(insert(HomeMark).values(person_id=person_id))


def mark_homes(session: Session, program_id: int, roles: Collection[str], organizations: Collection[int]) -> bool:
    """The same for all who have opened theirs and hold one of some roles now, or take part for some organizations.

    False if there is nobody like that.
    """
    session.flush()
    statement = _mark_homes(frozenset(roles), len(organizations))
    theirs = {f"organization{at}": one for at, one in enumerate(organizations)}
    return session.connection().execute(statement, {"program": program_id, **theirs}).rowcount > 0


def unmark_home(session: Session, person_id: int) -> None:
    """Somebody's Home is about to be made: what was committed so far will be on it."""
    session.connection().execute(delete(HomeMark).where(col(HomeMark.person_id) == person_id))


def any_home_marked(session: Session) -> bool:
    """Whether there is a Home to be made anew."""
    return session.exec(select(HomeMark.id).limit(1)).first() is not None


def take_marked_homes(session: Session, limit: int) -> list[Person]:
    """People whose Homes are to be made anew, those marked first before the others; their marks are taken away."""
    first = select(HomeMark.person_id).group_by(col(HomeMark.person_id)).order_by(func.min(HomeMark.id)).limit(limit)
    marked = select(HomeMark.id).where(col(HomeMark.person_id).in_(session.exec(first).all()))
    # What another process is taking away at this moment is its own to make.
    taken = session.exec(marked.with_for_update(skip_locked=True)).all()
    gone = delete(HomeMark).where(col(HomeMark.id).in_(taken)).returning(col(HomeMark.person_id))
    people = set(session.connection().execute(gone).scalars())
    return list(session.exec(select(Person).where(col(Person.id).in_(people)).order_by(col(Person.id))).all())


def memberships(session: Session, person_id: int) -> list[Membership]:
    """Every role a person holds or held, in any program."""
    return list(session.exec(_MEMBERSHIPS, params={"person": person_id}).all())


def merge(session: Session, listed: Person, met: Person) -> None:
    """Give everything of somebody known by address only to the person they turned out to be, and drop the former."""
    assert listed.id is not None
    assert met.id is not None
    mine = {(one.program_id, one.role): one for one in memberships(session, met.id)}
    for one in memberships(session, listed.id):
        same = mine.get((one.program_id, one.role))
        if same is None:
            one.person_id = met.id
        else:
            if same.state != "active":
                same.state, same.since, same.ended_at = one.state, one.since, one.ended_at
            same.organization_id = one.organization_id or same.organization_id
            session.delete(one)
    session.flush()
    for table in SQLModel.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name == Person.__tablename__:
                moved = update(table).where(key.parent == listed.id).values({key.parent.name: met.id})
                session.connection().execute(moved)
    session.add(MergedPerson(was_id=listed.id, person_id=met.id))
    session.delete(listed)
    session.flush()


def role_of(session: Session, program_id: int, person_id: int, role: str) -> Membership | None:
    """The row of one role of a person, whatever its state."""
    statement = select(Membership).where(
        Membership.program_id == program_id, Membership.person_id == person_id, Membership.role == role
    )
    return session.exec(statement).first()


def roster(
    session: Session, program_id: int, *, roles: Collection[str] | None = None
) -> list[tuple[Membership, Person, Organization | None]]:
    """Everybody of a program, with who they are and where they come from; or those who hold one of some roles now."""
    statement = (
        select(Membership, Person, Organization)
        .join(Person, Person.id == Membership.person_id)  # type: ignore[arg-type]
        .join(Organization, Organization.id == Membership.organization_id, isouter=True)  # type: ignore[arg-type]
        .where(Membership.program_id == program_id)
        .order_by(Membership.id)  # type: ignore[arg-type]
    )
    if roles is not None:
        statement = statement.where(Membership.state == "active", col(Membership.role).in_(roles))
    return [(membership, person, organization) for membership, person, organization in session.exec(statement).all()]


class Seat(NamedTuple):
    """A role that somebody holds, waits for or held, without the rows behind it: of thousands they would take long."""

    membership_id: int
    person_id: int
    user: str | None
    name: str
    email: str | None
    zone: str | None
    gone: bool
    role: str
    state: str
    since: datetime
    organization_id: int | None
    organization: str | None

    @property
    def called(self) -> str:
        """See `Person.called`."""
        return self.name or self.email or self.user or ""


def seats(
    session: Session,
    program_id: int,
    *,
    roles: Collection[str] | None = None,
    state: str | None = None,
    there: bool = False,
    organization: int | None = None,
    limit: int | None = None,
) -> list[Seat]:
    """Every role of everybody in a program, in the order of joining; no bots, and nobody who was erased.

    `there` leaves out whom Slack has deactivated.
    """
    statement = _seats(frozenset(roles) if roles is not None else None, state, there)
    if limit is not None:
        statement = statement.limit(limit)
    if organization is not None:
        statement = statement.where(col(Membership.organization_id) == organization)
    return [Seat._make(row) for row in session.connection().execute(statement, {"program": program_id})]


@cache
def _seats(roles: frozenset[str] | None, state: str | None, there: bool) -> Select[*tuple[Any, ...]]:
    return (
        columns(
            col(Membership.id),
            col(Person.id),
            col(Person.user_id),
            col(Person.name),
            col(Person.email),
            col(Person.zone),
            col(Person.gone),
            col(Membership.role),
            col(Membership.state),
            col(Membership.since),
            col(Organization.id),
            col(Organization.name),
        )
        .join(Person, col(Person.id) == col(Membership.person_id))
        .join(Organization, col(Organization.id) == col(Membership.organization_id), isouter=True)
        .where(*_seated(bindparam("program"), roles, state, there))
        .order_by(col(Membership.id))
    )


class Placed(NamedTuple):
    """What somebody is in a program now, and for which organization: as much as is searched for."""

    person_id: int
    user: str | None
    name: str
    email: str | None
    role: str
    organization: str | None

    @property
    def called(self) -> str:
        """See `Person.called`."""
        return self.name or self.email or self.user or ""


def places(session: Session, program_id: int, roles: Collection[str] | None = None) -> list[Placed]:
    """What everybody is in a program now, in the order of joining."""
    statement = (
        columns(
            col(Person.id),
            col(Person.user_id),
            col(Person.name),
            col(Person.email),
            col(Membership.role),
            col(Organization.name),
        )
        .join(Person, col(Person.id) == col(Membership.person_id))
        .join(Organization, col(Organization.id) == col(Membership.organization_id), isouter=True)
        .where(*_seated(program_id, roles, "active", there=True))
        .order_by(col(Membership.id))
    )
    return [Placed._make(row) for row in session.connection().execute(statement)]


def names(session: Session, program_id: int) -> dict[int, str]:
    """What everybody who takes or took part is called, by their rows' ids."""
    statement = (
        select(Person.id, Person.name, Person.email, Person.user_id)
        .where(col(Person.id).in_(select(Membership.person_id).where(Membership.program_id == program_id)))
        .order_by(col(Person.id))
    )
    return {one or 0: name or email or user or "" for one, name, email, user in session.exec(statement).all()}


def seated(
    session: Session, program_id: int, *, state: str = "active", roles: Collection[str] | None = None
) -> dict[str, int]:
    """How many people hold or wait for each role now, without those whom Slack has deactivated."""
    statement = (
        select(Membership.role, func.count())
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(*_seated(program_id, roles, state, there=True))
        .group_by(Membership.role)
    )
    return dict(session.exec(statement).all())


def organizations_with(session: Session, program_id: int, role: str) -> list[tuple[int, str]]:
    """The organizations that have not left and that somebody holds a role for now: their ids and names, by name."""
    # From those who hold it to their organizations: asked for each organization whether somebody does, a planner that
    # has not counted the rows yet goes through all people for each of them.
    statement = (
        select(Organization.id, Organization.name)
        .join(Membership, col(Membership.organization_id) == col(Organization.id))
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(Organization.program_id == program_id, col(Organization.left_at).is_(None))
        .where(*_seated(program_id, (role,), "active", there=True))
        .distinct()
        .order_by(Organization.name)
    )
    return [(one or 0, name) for one, name in session.exec(statement).all()]


def _seated(
    program_id: int | BindParameter[int], roles: Collection[str] | None, state: str | None, there: bool
) -> list[ColumnElement[bool] | Any]:
    wanted = [
        Membership.program_id == program_id,
        col(Person.bot).is_(False),
        col(Person.erased_at).is_(None),
    ]
    if roles is not None:
        wanted.append(_any_role(roles))
    if state is not None:
        wanted.append(Membership.state == state)
    if there:
        wanted.append(col(Person.gone).is_(False))
    return wanted


def organizations(session: Session, program_id: int) -> list[Organization]:
    """The organizations of a program by name."""
    statement = select(Organization).where(Organization.program_id == program_id).order_by(Organization.name)
    return list(session.exec(statement).all())


def anybody(session: Session, user: str) -> Person | None:
    """The person behind a Slack user id, whatever their workspace."""
    return session.exec(select(Person).where(Person.user_id == user)).first()


def by_ids(session: Session, ids: Iterable[int]) -> dict[int, Person]:
    """People by their rows' ids."""
    found = session.exec(select(Person).where(col(Person.id).in_(set(ids)))).all()
    return {one.id: one for one in found if one.id is not None}


def remember_dm(session: Session, user: str, channel: str) -> None:
    """Keep the id of the direct message with a person."""
    person = anybody(session, user)
    if person is not None:
        person.dm_channel = channel
        session.add(person)
