"""People, the organizations they come from, and the roles they hold in a program."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, select

from storage.database import UtcDateTime


class Person(SQLModel, table=True):
    """Somebody in a workspace. `user` is empty until a person imported by address is met in Slack."""

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
    gone: bool = False
    dm_channel: str | None = None
    seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    welcomed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


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


def by_user(session: Session, team: str, user: str) -> Person | None:
    """The person behind a Slack user id."""
    return session.exec(select(Person).where(Person.team == team, Person.user_id == user)).first()


def by_email(session: Session, team: str, email: str) -> Person | None:
    """The person with an address; addresses are kept in lower case."""
    return session.exec(select(Person).where(Person.team == team, Person.email == email.lower())).first()


def memberships(session: Session, person_id: int) -> list[Membership]:
    """Every role a person holds or held, in any program."""
    return list(session.exec(select(Membership).where(Membership.person_id == person_id).order_by("id")).all())


def roster(session: Session, program_id: int) -> list[tuple[Membership, Person, Organization | None]]:
    """Everybody of a program, with who they are and where they come from."""
    statement = (
        select(Membership, Person, Organization)
        .join(Person, Person.id == Membership.person_id)  # type: ignore[arg-type]
        .join(Organization, Organization.id == Membership.organization_id, isouter=True)  # type: ignore[arg-type]
        .where(Membership.program_id == program_id)
        .order_by(Membership.id)  # type: ignore[arg-type]
    )
    return [(membership, person, organization) for membership, person, organization in session.exec(statement).all()]


def organizations(session: Session, program_id: int) -> list[Organization]:
    """The organizations of a program by name."""
    statement = select(Organization).where(Organization.program_id == program_id).order_by(Organization.name)
    return list(session.exec(statement).all())


def anybody(session: Session, user: str) -> Person | None:
    """The person behind a Slack user id, whatever their workspace."""
    return session.exec(select(Person).where(Person.user_id == user)).first()


def remember_dm(session: Session, user: str, channel: str) -> None:
    """Keep the id of the direct message with a person."""
    person = anybody(session, user)
    if person is not None:
        person.dm_channel = channel
        session.add(person)
