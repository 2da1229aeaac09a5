"""The notice ledger: one row for everything the bot says of its own accord."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, insert, or_, text, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, select

from bot.domain.notices import Claimed, Notice, Refs, Target, ToChannel, ToPerson, ToPurpose
from storage.database import UtcDateTime


class NoticeRow(SQLModel, table=True):
    """state: planned, sending, unknown, delivered, refused or skipped. The text is never kept: it is made when sent."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_state_due_at", "state", "due_at"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    opaque_key: str = Field(index=True)
    kind: str
    program_id: int | None = Field(default=None, foreign_key="programs.id", index=True)
    refs: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    to_channel: str | None = None
    to_thread: str | None = None
    to_person: str | None = None
    to_purpose: str | None = None
    due_at: datetime = Field(sa_type=UtcDateTime)
    planned_at: datetime = Field(sa_type=UtcDateTime)
    state: str = "planned"
    lease_token: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    uncertain_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str | None = None
    posted_channel: str | None = None
    posted_ts: str | None = None
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


OPEN_STATES = ("planned", "sending", "unknown")


def add(session: Session, notice: Notice, now: datetime) -> bool:
    """Put a notice in the ledger; False when its key is there already. Wakes the senders once committed."""
    values = {**_target_columns(notice.target), **_columns(notice), "planned_at": now}
    try:
        with session.begin_nested():
            session.connection().execute(insert(NoticeRow).values(values))
    except IntegrityError:
        return False
    wake(session)
    return True


def wake(session: Session) -> None:
    """Tell the senders of this process, and on PostgreSQL of every other, once this transaction is committed."""
    if not session.info.get("notices") and session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("NOTIFY convene_notices"))
    session.info["notices"] = True


def get(session: Session, key: str) -> NoticeRow | None:
    """The row of a key."""
    return session.exec(select(NoticeRow).where(NoticeRow.key == key)).first()


def due(session: Session, now: datetime, limit: int) -> list[NoticeRow]:
    """What waits to be said and may be claimed now, oldest first: due, or its lease has run out."""
    statement = (
        select(NoticeRow)
        .where(
            or_(
                col(NoticeRow.state).in_(("planned", "unknown")) & (col(NoticeRow.due_at) <= now),
                (col(NoticeRow.state) == "sending") & (col(NoticeRow.lease_until) < now),
            )
        )
        .order_by(col(NoticeRow.due_at), col(NoticeRow.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(session.exec(statement).all())


def planned_between(session: Session, after: datetime, until: datetime, like: NoticeRow) -> list[NoticeRow]:
    """Planned posts to the same place and program as `like` that fall due in a span, oldest first."""
    statement = (
        select(NoticeRow)
        .where(
            NoticeRow.state == "planned",
            NoticeRow.program_id == like.program_id,
            NoticeRow.to_purpose == like.to_purpose,
            NoticeRow.to_channel == like.to_channel,
            NoticeRow.id != like.id,
            col(NoticeRow.due_at) >= after,
            col(NoticeRow.due_at) <= until,
        )
        .order_by(col(NoticeRow.due_at), col(NoticeRow.id))
        .with_for_update(skip_locked=True)
    )
    return list(session.exec(statement).all())


def claim(session: Session, row_id: int, token: str, until: datetime, state: str, now: datetime) -> bool:
    """Take a row for this sender, if nobody else has since it was looked at."""
    statement = (
        update(NoticeRow)
        .where(
            col(NoticeRow.id) == row_id,
            col(NoticeRow.state) == state,
            or_(col(NoticeRow.lease_until).is_(None), col(NoticeRow.lease_until) < now),
        )
        .values(state="sending", lease_token=token, lease_until=until, attempts=NoticeRow.attempts + 1)
    )
    return session.connection().execute(statement).rowcount == 1


def settle(session: Session, row_id: int, token: str, values: dict[str, Any]) -> bool:
    """Write what became of a claimed row; False when the lease was lost to another sender."""
    statement = (
        update(NoticeRow)
        .where(col(NoticeRow.id) == row_id, col(NoticeRow.lease_token) == token)
        .values(lease_token=None, lease_until=None, **values)
    )
    return session.connection().execute(statement).rowcount == 1


def open_for(session: Session, program_id: int, kinds: Iterable[str]) -> list[NoticeRow]:
    """What a program has planned and not yet said, of some kinds."""
    statement = select(NoticeRow).where(
        NoticeRow.program_id == program_id, NoticeRow.state == "planned", col(NoticeRow.kind).in_(list(kinds))
    )
    return list(session.exec(statement).all())


def next_due(session: Session, until: datetime) -> datetime | None:
    """When the earliest open notice is due, if not after `until`."""
    statement = (
        select(NoticeRow.due_at)
        .where(col(NoticeRow.state).in_(OPEN_STATES), col(NoticeRow.due_at) <= until)
        .order_by(col(NoticeRow.due_at))
        .limit(1)
    )
    return session.exec(statement).first()


def by_state(session: Session, states: Iterable[str], program_id: int | None = None) -> list[NoticeRow]:
    """Rows in some states, newest first."""
    statement = select(NoticeRow).where(col(NoticeRow.state).in_(list(states))).order_by(col(NoticeRow.due_at).desc())
    if program_id is not None:
        statement = statement.where(NoticeRow.program_id == program_id)
    return list(session.exec(statement).all())


def to_claimed(row: NoticeRow, token: str) -> Claimed:
    """The row as the sender sees it."""
    assert row.id is not None
    return Claimed(
        id=row.id,
        notice=to_notice(row),
        token=token,
        attempts=row.attempts,
        uncertain_since=row.uncertain_since,
    )


def to_notice(row: NoticeRow) -> Notice:
    """The row as the domain sees it."""
    refs: Refs = row.refs
    return Notice(row.key, row.kind, _target(row), row.due_at, row.program_id, refs)


def _target(row: NoticeRow) -> Target:
    if row.to_channel is not None:
        return ToChannel(row.to_channel, row.to_thread)
    if row.to_person is not None:
        return ToPerson(row.to_person)
    return ToPurpose(row.to_purpose or "")


def _target_columns(target: Target) -> dict[str, str | None]:
    match target:
        case ToChannel(channel, thread_ts):
            return {"to_channel": channel, "to_thread": thread_ts}
        case ToPerson(user):
            return {"to_person": user}
        case ToPurpose(purpose):
            return {"to_purpose": purpose}


def _columns(notice: Notice) -> dict[str, Any]:
    return {
        "key": notice.key,
        "opaque_key": notice.opaque_key,
        "kind": notice.kind,
        "program_id": notice.program_id,
        "refs": dict(notice.refs),
        "due_at": notice.due_at,
        "state": "planned",
        "attempts": 0,
    }
