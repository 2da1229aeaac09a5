"""Looking through the notice ledger: what became of each notice, newest first, and how many of each state there are."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from storage.notices import NoticeRow
from storage.people import Person
from storage.week import NoticeWish


@dataclass(frozen=True)
class Asked:
    """What of the ledger is wanted; what is not given does not matter. `key` is how a key begins."""

    states: Collection[str] = ()
    since: datetime | None = None
    kinds: Collection[str] = ()
    key: str | None = None
    program_id: int | None = None


def rows(session: Session, asked: Asked, limit: int) -> list[tuple[NoticeRow, str | None]]:
    """Notices, newest due first, each with the name of whoever decided about it last, if anybody did."""
    statement = (
        select(NoticeRow, Person.name)
        .outerjoin(NoticeWish, col(NoticeWish.notice_id) == NoticeRow.id)
        .outerjoin(Person, col(Person.id) == NoticeWish.person_id)
        .where(*_wanted(asked))
        .order_by(col(NoticeRow.due_at).desc(), col(NoticeRow.id).desc())
        .limit(limit)
    )
    return [(row, name) for row, name in session.exec(statement).all()]


def totals(session: Session, asked: Asked) -> dict[str, int]:
    """How many there are in each state."""
    statement = select(NoticeRow.state, func.count()).where(*_wanted(asked)).group_by(NoticeRow.state)
    return dict(session.exec(statement).all())


def _wanted(asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.states:
        found.append(col(NoticeRow.state).in_(list(asked.states)))
    if asked.since is not None:
        found.append(col(NoticeRow.due_at) >= asked.since)
    if asked.kinds:
        found.append(col(NoticeRow.kind).in_(list(asked.kinds)))
    if asked.key is not None:
        found.append(col(NoticeRow.key).startswith(asked.key, autoescape=True))
    if asked.program_id is not None:
        found.append(col(NoticeRow.program_id) == asked.program_id)
    return found
