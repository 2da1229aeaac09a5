"""What facilitators want of notices before they are said: one row for each that somebody has decided about."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import or_, update
from sqlmodel import Field, Session, SQLModel, col, select

from bot.domain.ledger import STATES
from storage.database import UtcDateTime
from storage.notices import NoticeRow


class NoticeWish(SQLModel, table=True):
    """`deed` is what was decided last: skip, hold or say. `words` are a person's own, to stand above the post."""

    __tablename__ = "notice_wishes"

    notice_id: int = Field(primary_key=True, foreign_key="notices.id")
    deed: str | None = None
    person_id: int | None = Field(default=None, foreign_key="people.id")
    at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    words: str | None = None
    words_by: int | None = Field(default=None, foreign_key="people.id")
    words_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def of(session: Session, notices: Collection[int]) -> dict[int, NoticeWish]:
    """The wishes about some notices, by the notice's id."""
    found = session.exec(select(NoticeWish).where(col(NoticeWish.notice_id).in_(notices))).all()
    return {one.notice_id: one for one in found}


def about(session: Session, key: str) -> NoticeWish | None:
    """The wish about the notice of a key."""
    statement = select(NoticeWish).join(NoticeRow, col(NoticeRow.id) == NoticeWish.notice_id)
    return session.exec(statement.where(NoticeRow.key == key)).first()


def let_go(session: Session, program_id: int) -> frozenset[int]:
    """The notices of a program that somebody has let go after they were held: their time is that of the press."""
    statement = select(NoticeWish.notice_id).join(NoticeRow, col(NoticeRow.id) == NoticeWish.notice_id)
    statement = statement.where(NoticeRow.program_id == program_id, NoticeWish.deed == "say")
    return frozenset(session.exec(statement).all())


def put(session: Session, notice_id: int, **values: Any) -> None:
    """Note a wish in the place of an earlier one; what is not given stays."""
    wish = session.get(NoticeWish, notice_id) or NoticeWish(notice_id=notice_id)
    for name, value in values.items():
        setattr(wish, name, value)
    session.add(wish)
    session.flush()


def by_ids(session: Session, program_id: int, notices: Iterable[int]) -> list[NoticeRow]:
    """Notices of a program by their ids; soonest due first."""
    statement = select(NoticeRow).where(NoticeRow.program_id == program_id, col(NoticeRow.id).in_(list(notices)))
    return list(session.exec(statement.order_by(col(NoticeRow.due_at), col(NoticeRow.id))).all())


def between(
    session: Session, program_id: int, kinds: Collection[str], since: datetime, until: datetime
) -> list[NoticeRow]:
    """Notices of a program of some kinds, due from `since` up to, and without, `until`; soonest due first.

    Every state is named, so that they are found by their place in the index of states and times.
    """
    statement = select(NoticeRow).where(
        col(NoticeRow.state).in_(STATES),
        NoticeRow.program_id == program_id,
        col(NoticeRow.kind).in_(list(kinds)),
        col(NoticeRow.due_at) >= since,
        col(NoticeRow.due_at) < until,
    )
    return list(session.exec(statement.order_by(col(NoticeRow.due_at), col(NoticeRow.id))).all())


def standing(session: Session, program_id: int, since: datetime) -> list[NoticeRow]:
    """Whatever of a program is not said yet or was left out, due from `since` on, and all that is held."""
    statement = select(NoticeRow).where(
        NoticeRow.program_id == program_id,
        col(NoticeRow.state).in_(("planned", "held", "sending", "unknown", "skipped")),
        or_(col(NoticeRow.due_at) >= since, col(NoticeRow.state) == "held"),
    )
    return list(session.exec(statement.order_by(col(NoticeRow.due_at), col(NoticeRow.id))).all())


def held(session: Session, program_id: int) -> list[NoticeRow]:
    """What somebody holds, longest due first."""
    statement = select(NoticeRow).where(NoticeRow.program_id == program_id, NoticeRow.state == "held")
    return list(session.exec(statement.order_by(col(NoticeRow.due_at), col(NoticeRow.id))).all())


def stands(session: Session, row_id: int, state: str) -> bool:
    """Hold a notice in a state until this transaction ends; False when it is in another one by now."""
    statement = update(NoticeRow).where(col(NoticeRow.id) == row_id, col(NoticeRow.state) == state)
    return session.connection().execute(statement.values(state=state)).rowcount == 1
