"""Holds of all posts, of a program or of one channel: who keeps them back, why, and until when."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Field, Session, SQLModel, col, func, select

from storage.database import UtcDateTime
from storage.notices import NoticeRow


class HoldRow(SQLModel, table=True):
    """One hold. `channel` is a Slack channel's id, empty for everything that the program says.

    It holds from `starts_at` until `ends_at`, or, without one, until somebody ends it. It is done with at `ended_at`,
    when somebody has chosen (`chose`: send or drop) what becomes of what was held.
    """

    __tablename__ = "holds"

    id: int | None = Field(default=None, primary_key=True)
    program_id: int = Field(foreign_key="programs.id", index=True)
    channel: str | None = None
    reason: str
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    made_by: int | None = Field(default=None, foreign_key="people.id", index=True)
    made_at: datetime = Field(sa_type=UtcDateTime)
    ended_by: int | None = Field(default=None, foreign_key="people.id", index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    chose: str | None = None
    request: str = Field(unique=True)


def add(session: Session, row: HoldRow) -> int:
    """Keep a hold and return its id."""
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def get(session: Session, hold_id: int) -> HoldRow | None:
    """A hold by its id, as it is in the database now."""
    statement = select(HoldRow).where(HoldRow.id == hold_id)
    return session.exec(statement.execution_options(populate_existing=True)).first()


def of_request(session: Session, request: str) -> HoldRow | None:
    """The hold that a form has already made."""
    return session.exec(select(HoldRow).where(HoldRow.request == request)).first()


def unended(session: Session, program_id: int) -> list[HoldRow]:
    """The holds of a program that nobody has ended, oldest first; some may lie ahead, others be over."""
    statement = select(HoldRow).where(HoldRow.program_id == program_id, col(HoldRow.ended_at).is_(None))
    return list(session.exec(statement.order_by(col(HoldRow.starts_at), col(HoldRow.id))).all())


def at(session: Session, program_id: int, channel: str | None, moment: datetime) -> HoldRow | None:
    """What keeps posts to a channel, or to nobody but a person, from being said at a moment: the widest first."""
    same = [col(HoldRow.channel).is_(None), *([col(HoldRow.channel) == channel] if channel is not None else [])]
    statement = select(HoldRow).where(
        HoldRow.program_id == program_id,
        col(HoldRow.ended_at).is_(None),
        or_(*same),
        col(HoldRow.starts_at) <= moment,
        or_(col(HoldRow.ends_at).is_(None), col(HoldRow.ends_at) > moment),
    )
    return session.exec(statement.order_by(col(HoldRow.channel).is_not(None), col(HoldRow.id)).limit(1)).first()


def held(session: Session, hold_id: int) -> list[NoticeRow]:
    """What a hold keeps, longest due first."""
    statement = select(NoticeRow).where(NoticeRow.hold_id == hold_id, NoticeRow.state == "held")
    return list(session.exec(statement.order_by(col(NoticeRow.due_at), col(NoticeRow.id))).all())


def counts(session: Session, hold_ids: Collection[int]) -> dict[int, int]:
    """How much each of some holds keeps."""
    statement = (
        select(NoticeRow.hold_id, func.count())
        .where(col(NoticeRow.hold_id).in_(hold_ids), NoticeRow.state == "held")
        .group_by(col(NoticeRow.hold_id))
    )
    return {hold: count for hold, count in session.exec(statement).all() if hold is not None}


def coming(
    session: Session, program_id: int, kinds: Collection[str], since: datetime, until: datetime | None
) -> list[NoticeRow]:
    """What is planned of some kinds, due from `since` up to, and without, `until`."""
    statement = select(NoticeRow).where(
        NoticeRow.program_id == program_id,
        NoticeRow.state == "planned",
        col(NoticeRow.kind).in_(list(kinds)),
        col(NoticeRow.due_at) >= since,
    )
    if until is not None:
        statement = statement.where(col(NoticeRow.due_at) < until)
    return list(session.exec(statement.order_by(col(NoticeRow.due_at), col(NoticeRow.id))).all())
