"""The notice ledger: one row for everything the bot says of its own accord."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, Index, and_, case, func, insert, or_, text, update
from sqlalchemy import Column as SqlColumn
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, select

from bot.domain.notices import Notice, Planned, Refs, Target, ToChannel, ToPerson, ToPurpose
from storage.database import UtcDateTime


class NoticeRow(SQLModel, table=True):
    """state: planned, sending, unknown, delivered, refused or skipped. The text is never kept: it is made when sent.

    `due_at` is when it is to be said and never changes for being tried; `retry_at` is when to try again.
    """

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_state_due_at", "state", "due_at"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    opaque_key: str = Field(index=True)
    kind: str
    program_id: int | None = Field(default=None, foreign_key="programs.id", index=True)
    refs: dict[str, Any] = Field(default_factory=dict, sa_column=SqlColumn(JSON, nullable=False))
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
    retry_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    uncertain_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str | None = None
    posted_channel: str | None = None
    posted_ts: str | None = None
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def add(session: Session, notice: Notice, now: datetime) -> bool:
    """Put a notice in the ledger; False when its key is there already. Wakes the senders once committed."""
    try:
        with session.begin_nested():
            session.connection().execute(insert(NoticeRow).values(_new(Planned(notice), now)))
    except IntegrityError:
        return False
    wake(session)
    return True


def add_all(session: Session, planned: Sequence[Planned], now: datetime) -> None:
    """Put many at once whose keys are known to be new."""
    if planned:
        session.connection().execute(insert(NoticeRow), [_new(one, now) for one in planned])
    if any(one.skip is None for one in planned):
        wake(session)


def wake(session: Session) -> None:
    """Tell the senders of this process, and on PostgreSQL of every other, once this transaction is committed."""
    if not session.info.get("notices") and session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("NOTIFY convene_notices"))
    session.info["notices"] = True


def get(session: Session, key: str) -> NoticeRow | None:
    """The row of a key."""
    return session.exec(select(NoticeRow).where(NoticeRow.key == key)).first()


def by_keys(session: Session, keys: Collection[str]) -> dict[str, NoticeRow]:
    """Those of some keys that are in the ledger."""
    return {row.key: row for row in session.exec(select(NoticeRow).where(col(NoticeRow.key).in_(keys))).all()}


def standing(session: Session, program_id: int, kinds: Collection[str]) -> list[NoticeRow]:
    """Every row of a program of some kinds, whatever its state, oldest first."""
    statement = select(NoticeRow).where(NoticeRow.program_id == program_id, col(NoticeRow.kind).in_(list(kinds)))
    return list(session.exec(statement.order_by(col(NoticeRow.due_at), col(NoticeRow.id))).all())


def change(session: Session, row: NoticeRow, planned: Planned, now: datetime) -> bool:
    """Make a row that is planned or skipped what a plan asks for; False when a sender has taken it meanwhile."""
    fresh = {"retry_at": None, "uncertain_since": None, "lease_token": None, "lease_until": None}
    values = {**_new(planned, now), **fresh}
    changed = _update(session, row, values)
    if changed and planned.skip is None:
        wake(session)
    return changed


def withdraw(session: Session, row: NoticeRow, reason: str, now: datetime) -> bool:
    """Skip a planned row, saying why; False when a sender has taken it meanwhile."""
    return _update(session, row, {"state": "skipped", "reason": reason, "settled_at": now, "retry_at": None})


def take_turn(session: Session) -> None:
    """Wait until no other sender is choosing what to send: two at once would take apart what belongs in one post."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().execute(text("SELECT pg_advisory_xact_lock(hashtext('convene_notices'))"))


def take_due(session: Session, now: datetime) -> NoticeRow | None:
    """The notice that has waited longest: due, or its lease has run out; held until this transaction ends."""
    statement = (
        select(NoticeRow)
        .where(or_(_waiting(now), _abandoned(now)))
        .order_by(_when, col(NoticeRow.id))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.exec(statement).first()


def take_near(
    session: Session, like: NoticeRow, kinds: Collection[str], now: datetime, until: datetime
) -> list[NoticeRow]:
    """What may be said together with `like`: the same place and program, due by `until`; held, soonest first.

    Of what may have been sent already only that which is due for another look comes along.
    """
    soon = and_(col(NoticeRow.state) == "planned", _when <= until)
    statement = (
        select(NoticeRow)
        .where(
            NoticeRow.id != like.id,
            col(NoticeRow.kind).in_(list(kinds)),
            *(same == getattr(like, name) for name, same in _PLACE.items()),
            or_(soon, _waiting(now), _abandoned(now)),
        )
        .order_by(_when, col(NoticeRow.id))
        .with_for_update(skip_locked=True)
    )
    return list(session.exec(statement).all())


def claim(session: Session, row: NoticeRow, token: str, until: datetime, uncertain_since: datetime | None) -> None:
    """Lease a held row to one sender, and count the attempt."""
    row.state, row.lease_token, row.lease_until = "sending", token, until
    row.attempts += 1
    row.uncertain_since = uncertain_since
    session.add(row)
    session.flush()


def settle(session: Session, row_id: int, token: str, values: dict[str, Any]) -> bool:
    """Write what became of a claimed row; False when the lease was lost to another sender."""
    statement = (
        update(NoticeRow)
        .where(col(NoticeRow.id) == row_id, col(NoticeRow.lease_token) == token)
        .values(lease_token=None, lease_until=None, **values)
    )
    return session.connection().execute(statement).rowcount == 1


def next_due(session: Session, until: datetime) -> datetime | None:
    """When the earliest notice can be claimed that is not settled, if not after `until`."""
    when = case((col(NoticeRow.state) == "sending", col(NoticeRow.lease_until)), else_=_when)
    statement = (
        select(func.min(when, type_=UtcDateTime()))
        .where(col(NoticeRow.state).in_(OPEN_STATES), when <= until)
    )  # fmt: skip
    found: datetime | None = session.exec(statement).first()
    return found


def by_state(session: Session, states: Iterable[str], program_id: int | None = None) -> list[NoticeRow]:
    """Rows in some states, newest first."""
    statement = select(NoticeRow).where(col(NoticeRow.state).in_(list(states))).order_by(col(NoticeRow.due_at).desc())
    if program_id is not None:
        statement = statement.where(NoticeRow.program_id == program_id)
    return list(session.exec(statement).all())


def counts(session: Session, program_id: int | None = None) -> dict[str, int]:
    """How many notices are in each state, of one program or of all."""
    statement = select(NoticeRow.state, func.count()).group_by(NoticeRow.state)
    if program_id is not None:
        statement = statement.where(NoticeRow.program_id == program_id)
    return dict(session.exec(statement).all())


def last_said(session: Session, program_id: int) -> NoticeRow | None:
    """What was delivered last for a program."""
    statement = select(NoticeRow).where(NoticeRow.program_id == program_id, NoticeRow.state == "delivered")
    return session.exec(statement.order_by(col(NoticeRow.settled_at).desc()).limit(1)).first()


def next_planned(session: Session, program_id: int) -> NoticeRow | None:
    """What is to be said next for a program."""
    statement = select(NoticeRow).where(NoticeRow.program_id == program_id, NoticeRow.state == "planned")
    return session.exec(statement.order_by(col(NoticeRow.due_at), col(NoticeRow.id)).limit(1)).first()


def not_said(session: Session, program_id: int | None, reasons: Sequence[str], limit: int) -> list[NoticeRow]:
    """What Slack refused, and what was skipped for a reason that begins with one of `reasons`, latest first."""
    skipped = and_(col(NoticeRow.state) == "skipped", or_(*(col(NoticeRow.reason).startswith(one) for one in reasons)))
    statement = select(NoticeRow).where(or_(col(NoticeRow.state) == "refused", skipped))
    if program_id is not None:
        statement = statement.where(NoticeRow.program_id == program_id)
    statement = statement.order_by(col(NoticeRow.settled_at).desc(), col(NoticeRow.id).desc()).limit(limit)
    return list(session.exec(statement).all())


def struggling(session: Session, program_id: int | None, limit: int) -> list[NoticeRow]:
    """What is being tried again, longest waiting first."""
    statement = select(NoticeRow).where(
        col(NoticeRow.state).in_(OPEN_STATES), col(NoticeRow.attempts) > 0, col(NoticeRow.reason).is_not(None)
    )
    if program_id is not None:
        statement = statement.where(NoticeRow.program_id == program_id)
    return list(session.exec(statement.order_by(col(NoticeRow.due_at), col(NoticeRow.id)).limit(limit)).all())


def to_notice(row: NoticeRow) -> Notice:
    """The row as the domain sees it."""
    refs: Refs = row.refs
    return Notice(row.key, row.kind, _target(row), row.due_at, row.program_id, refs)


OPEN_STATES = ("planned", "sending", "unknown")
_when: ColumnElement[datetime] = func.coalesce(NoticeRow.retry_at, NoticeRow.due_at, type_=UtcDateTime())
_PLACE = {
    "program_id": col(NoticeRow.program_id),
    "to_purpose": col(NoticeRow.to_purpose),
    "to_channel": col(NoticeRow.to_channel),
    "to_thread": col(NoticeRow.to_thread),
    "to_person": col(NoticeRow.to_person),
}


def _waiting(now: datetime) -> ColumnElement[bool]:
    return and_(col(NoticeRow.state).in_(("planned", "unknown")), _when <= now)


def _abandoned(now: datetime) -> ColumnElement[bool]:
    return and_(col(NoticeRow.state) == "sending", col(NoticeRow.lease_until) < now)


def _update(session: Session, row: NoticeRow, values: dict[str, Any]) -> bool:
    # The state is asked for again: on PostgreSQL a sender may have claimed the row since it was read.
    same = (col(NoticeRow.id) == row.id) & (col(NoticeRow.state) == row.state)
    changed = session.connection().execute(update(NoticeRow).where(same).values(**values)).rowcount == 1
    session.expire(row)
    return changed


def _target(row: NoticeRow) -> Target:
    if row.to_channel is not None:
        return ToChannel(row.to_channel, row.to_thread)
    if row.to_person is not None:
        return ToPerson(row.to_person)
    return ToPurpose(row.to_purpose or "")


def _place(target: Target) -> dict[str, str | None]:
    place: dict[str, str | None] = {"to_channel": None, "to_thread": None, "to_person": None, "to_purpose": None}
    match target:
        case ToChannel(channel, thread_ts):
            place |= {"to_channel": channel, "to_thread": thread_ts}
        case ToPerson(user):
            place["to_person"] = user
        case ToPurpose(purpose):
            place["to_purpose"] = purpose
    return place


def _new(planned: Planned, now: datetime) -> dict[str, Any]:
    notice, skip = planned.notice, planned.skip
    return {
        **_place(notice.target),
        "key": notice.key,
        "opaque_key": notice.opaque_key,
        "kind": notice.kind,
        "program_id": notice.program_id,
        "refs": dict(notice.refs),
        "due_at": notice.due_at,
        "planned_at": now,
        "state": "planned" if skip is None else "skipped",
        "reason": skip,
        "settled_at": None if skip is None else now,
        "attempts": 0,
    }
