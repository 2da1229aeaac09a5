"""When each channel may be written to again, and each of Slack's methods be called."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, select

from storage.database import UtcDateTime


class PaceRow(SQLModel, table=True):
    """`place` is a channel's id, or a method's name, which has a dot in it.

    `free_at` is when none of the turns that it has given counts any more, `paused_until` the end of a rest that Slack
    has asked for.
    """

    __tablename__ = "paces"

    place: str = Field(primary_key=True)
    free_at: datetime = Field(sa_type=UtcDateTime)
    paused_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


def get(session: Session, place: str) -> PaceRow | None:
    """What is kept of a place; None where no turn was ever taken."""
    return session.get(PaceRow, place)


def held(session: Session, place: str, now: datetime) -> PaceRow:
    """A place's row, made at the first mention, and kept from others until this transaction ends."""
    row = _locked(session, place)
    if row is not None:
        return row
    try:
        with session.begin_nested():
            row = PaceRow(place=place, free_at=now)
            session.add(row)
            session.flush()
    except IntegrityError:
        # Another process was the first, just now.
        row = _locked(session, place)
        assert row is not None
    return row


def paused_after(session: Session, moment: datetime, other_than: str) -> int:
    """How many other channels Slack has asked to leave alone until after a moment."""
    statement = select(func.count()).where(
        col(PaceRow.paused_until) > moment, col(PaceRow.place).not_like("%.%"), PaceRow.place != other_than
    )
    return session.exec(statement).one()


def _locked(session: Session, place: str) -> PaceRow | None:
    statement = select(PaceRow).where(PaceRow.place == place).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).first()
