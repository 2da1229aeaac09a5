"""Who has said whether they come to which date."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, UniqueConstraint, and_, case, func
from sqlalchemy import select as columns
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel, col, select

from storage.database import UtcDateTime
from storage.people import Membership, Person


class Rsvp(SQLModel, table=True):
    """Somebody's answer to one date: the last that they gave, by the moment of their press on Slack's clock.

    `event` is the date's key. `starts_at` and `ends_at` are the time that it had when they answered, at `said_at`.
    """

    __tablename__ = "rsvps"
    __table_args__ = (UniqueConstraint("program_id", "event", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    program_id: int = Field(foreign_key="programs.id", index=True)
    event: str
    person_id: int = Field(foreign_key="people.id", index=True)
    coming: bool
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    pressed_at: datetime = Field(sa_type=UtcDateTime)
    said_at: datetime = Field(sa_type=UtcDateTime)


class Group(NamedTuple):
    """How many said what of a date at one of its times; `mine`: 2 if one person is coming, 1 if not, 0 if unsaid."""

    event: str
    starts_at: datetime
    coming: int
    not_coming: int
    mine: int


def put(session: Session, row: Rsvp) -> bool:
    """Write an answer, in the place of one that was pressed before it; False where that was not before it."""
    values = row.model_dump(exclude={"id"})
    make = (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert(Rsvp).values(values)
    names = ("coming", "starts_at", "ends_at", "pressed_at", "said_at")
    instead = make.on_conflict_do_update(
        index_elements=["program_id", "event", "person_id"],
        set_={name: make.excluded[name] for name in names},
        where=col(Rsvp.pressed_at) < make.excluded.pressed_at,
    )
    return session.connection().execute(instead).rowcount > 0


def of_person(session: Session, program_id: int, event: str, person_id: int) -> Rsvp | None:
    """Somebody's answer to one date, as it stands."""
    mine = select(Rsvp).where(Rsvp.program_id == program_id, Rsvp.event == event, Rsvp.person_id == person_id)
    return session.exec(mine.execution_options(populate_existing=True)).first()


def everything_of(session: Session, person_id: int) -> list[Rsvp]:
    """Everything that somebody has answered, in any program, newest first."""
    mine = select(Rsvp).where(Rsvp.person_id == person_id)
    return list(session.exec(mine.order_by(col(Rsvp.said_at).desc(), col(Rsvp.id).desc())).all())


def coming(session: Session, program_id: int, roles: tuple[str, ...]) -> list[tuple[Rsvp, Person]]:
    """Everybody who comes to something, of those who hold one of some roles now."""
    statement = (
        select(Rsvp, Person)
        .join(Person, col(Person.id) == col(Rsvp.person_id))
        .where(Rsvp.program_id == program_id, Rsvp.coming, _takes_part(program_id, roles))
        .order_by(col(Person.name), col(Person.id))
    )
    return [(row, person) for row, person in session.exec(statement).all()]


def of_event(session: Session, program_id: int, event: str, roles: tuple[str, ...]) -> list[tuple[Rsvp, Person]]:
    """Every answer to one date, by name, of those who hold one of some roles now."""
    statement = (
        select(Rsvp, Person)
        .join(Person, col(Person.id) == col(Rsvp.person_id))
        .where(Rsvp.program_id == program_id, Rsvp.event == event, _takes_part(program_id, roles))
        .order_by(col(Person.name), col(Person.id))
    )
    return [(row, person) for row, person in session.exec(statement).all()]


def grouped(session: Session, program_id: int, person_id: int, roles: tuple[str, ...]) -> list[Group]:
    """How many said what of each date, of those who hold one of some roles now, and what one person said: one query."""
    own = col(Rsvp.person_id) == person_id
    mine = case((and_(own, col(Rsvp.coming)), 2), (own, 1), else_=0)
    statement = (
        columns(
            col(Rsvp.event),
            col(Rsvp.starts_at),
            func.sum(case((col(Rsvp.coming), 1), else_=0)),
            func.sum(case((col(Rsvp.coming), 0), else_=1)),
            func.max(mine),
        )
        .join(Person, col(Person.id) == col(Rsvp.person_id))
        .where(col(Rsvp.program_id) == program_id, _takes_part(program_id, roles))
        .group_by(col(Rsvp.event), col(Rsvp.starts_at))
        .order_by(col(Rsvp.event), col(Rsvp.starts_at))
    )
    return [Group(*found) for found in session.connection().execute(statement)]


def _takes_part(program_id: int, roles: tuple[str, ...]) -> ColumnElement[bool]:
    inside = select(Membership.person_id).where(
        Membership.program_id == program_id, Membership.state == "active", col(Membership.role).in_(roles)
    )
    return and_(col(Rsvp.person_id).in_(inside), col(Person.gone).is_(False))
