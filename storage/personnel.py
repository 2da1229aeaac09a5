"""Everybody of a program in as few columns as a list needs, and what still goes to one person."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, update
from sqlalchemy import select as columns
from sqlalchemy.orm import Mapped
from sqlmodel import Session, col, func, select

from bot.domain.people import Org
from storage.notices import NoticeRow
from storage.people import Membership, Organization, Person
from storage.questions import Question


class Part(NamedTuple):
    """One role of one person, in as few columns as lists need. Times are in UTC."""

    membership_id: int
    person_id: int
    role: str
    state: str
    since: datetime
    ended_at: datetime | None
    user_id: str | None
    name: str | None
    email: str | None
    zone: str | None
    guest: bool
    gone: bool
    home_opened_at: datetime | None
    organization_id: int | None
    organization: str | None

    @property
    def called(self) -> str:
        """A name, or else what there is instead."""
        return self.name or self.email or self.user_id or ""

    @property
    def home(self) -> Org | None:
        """For whom they take part."""
        if self.organization_id is None or self.organization is None:
            return None
        return Org(self.organization_id, self.organization)


_COLUMNS: tuple[ColumnElement[Any] | Mapped[Any], ...] = (
    col(Membership.id),
    col(Membership.person_id),
    col(Membership.role),
    col(Membership.state),
    col(Membership.since),
    col(Membership.ended_at),
    col(Person.user_id),
    col(Person.name),
    col(Person.email),
    col(Person.zone),
    col(Person.guest),
    col(Person.gone),
    col(Person.home_opened_at),
    col(Organization.id),
    col(Organization.name),
)
"""As the fields of a part stand."""


def rows(session: Session, program_id: int, *only: ColumnElement[bool], by_name: bool = False) -> list[Part]:
    """Every role of everybody of a program, whatever its state, or `only` some; no bots, and nobody who was erased.

    In the order of joining; `by_name`, in that of their names.
    """
    statement = (
        columns(*_COLUMNS)
        .join(Person, col(Person.id) == col(Membership.person_id))
        .join(Organization, col(Organization.id) == col(Membership.organization_id), isouter=True)
        .where(col(Membership.program_id) == program_id, col(Person.bot).is_(False), col(Person.erased_at).is_(None))
        .where(*only)
        .order_by(*((func.lower(Person.name),) if by_name else ()), col(Membership.id))
    )
    return [Part(*row) for row in session.connection().execute(statement).all()]


def of(session: Session, program_id: int, person_ids: Collection[int]) -> list[Part]:
    """The same of some people."""
    return rows(session, program_id, col(Membership.person_id).in_(person_ids))


def inside(session: Session, program_id: int) -> list[Part]:
    """What people hold in a program or wait for, by their names."""
    return rows(session, program_id, col(Membership.state).in_(("active", "pending")), by_name=True)


def taking_part_for(session: Session, program_id: int) -> dict[int, int]:
    """How many people take part now for each organization."""
    statement = (
        select(Membership.organization_id, func.count(func.distinct(Membership.person_id)))
        .join(Person, col(Person.id) == col(Membership.person_id))
        .where(Membership.program_id == program_id, Membership.state == "active", Membership.role == "participant")
        .where(col(Membership.organization_id).is_not(None), col(Person.gone).is_(False), col(Person.bot).is_(False))
        .group_by(col(Membership.organization_id))
    )
    return {home: count for home, count in session.exec(statement).all() if home is not None}


def planned(session: Session, program_id: int, user: str, after: datetime) -> list[NoticeRow]:
    """What is planned to be said to somebody directly after a moment."""
    statement = select(NoticeRow).where(
        NoticeRow.program_id == program_id,
        NoticeRow.to_person == user,
        NoticeRow.state == "planned",
        col(NoticeRow.due_at) > after,
    )
    return list(session.exec(statement.order_by(col(NoticeRow.id))).all())


def owned(session: Session, program_id: int, person_id: int) -> list[int]:
    """The open questions that are somebody's to answer."""
    statement = select(Question.id).where(
        Question.program_id == program_id,
        Question.owner_id == person_id,
        col(Question.handed_at).is_not(None),
        col(Question.answered_at).is_(None),
        col(Question.withdrawn_at).is_(None),
    )
    return [one for one in session.exec(statement.order_by(col(Question.id))).all() if one is not None]


def hand_on(session: Session, questions: Collection[int], was: int, now: int) -> None:
    """Give open questions to somebody else, where they are still those of the first."""
    mine = update(Question).where(col(Question.id).in_(questions), col(Question.owner_id) == was)
    session.connection().execute(mine.where(col(Question.answered_at).is_(None)).values(owner_id=now))
