"""The notice ledger: one row for everything the bot says of its own accord."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    ColumnElement,
    Computed,
    Index,
    Insert,
    and_,
    bindparam,
    case,
    func,
    insert,
    or_,
    text,
    update,
)
from sqlalchemy import Column as SqlColumn
from sqlalchemy import select as columns
from sqlmodel import Field, Session, SQLModel, col, select

from bot.domain.notices import (
    LEASE,
    LOOK_BACK,
    MERGE_WINDOW,
    OVERDUE,
    Notice,
    Planned,
    Refs,
    Rules,
    Target,
    ToChannel,
    ToPerson,
    ToPurpose,
    Urgency,
    overdue,
)
from storage.database import UtcDateTime, inserting

_OPEN = text("next_at IS NOT NULL")
"""What is settled is in neither of the two indexes by which a sender looks, however much of it there is."""
_PLACED = ("to_channel", "to_person", "to_purpose", "program_id")


class NoticeRow(SQLModel, table=True):
    """state: planned, held, sending, unknown, delivered, refused or skipped. No text is kept: it is made when sent.

    `due_at` is when it is to be said and never changes for being tried; `retry_at` is when to try again. `next_at` is
    when a sender is to look at it next, which the database itself keeps true: the end of its lease while it has one,
    else when to try again, else when it is due; empty once it is settled. `urgency` is written when it has become due.
    `hold_id` is the hold of all posts that keeps it, or kept it until it was let go; holds are never deleted, and a
    reference that the database looks after would have SQLite copy the whole ledger to add it.
    """

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_state_due_at", "state", "due_at"),
        Index("ix_notices_next", "urgency", "next_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_notices_place", *_PLACED, "next_at", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    opaque_key: str = Field(index=True)
    kind: str
    program_id: int | None = Field(default=None, foreign_key="programs.id", index=True)
    refs: dict[str, Any] = Field(default={}, sa_column=SqlColumn(JSON, nullable=False))
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
    next_at: datetime | None = Field(
        default=None,
        sa_column=SqlColumn(
            UtcDateTime,
            Computed("CASE WHEN settled_at IS NULL THEN coalesce(lease_until, retry_at, due_at) END", persisted=True),
        ),
    )
    urgency: int | None = None
    hold_id: int | None = None


CHANNEL = "convene_notices"
"""On which PostgreSQL tells other processes that there is something to send."""
_NOTIFY = text(f"NOTIFY {CHANNEL}")


def add(session: Session, notice: Notice, now: datetime) -> bool:
    """Put a notice in the ledger; False when its key is there already. Wakes the senders once committed."""
    statement = _adding(session.get_bind().dialect.name)
    if session.connection().execute(statement, _new(Planned(notice), now)).first() is None:
        return False
    session.info["notices"] = True
    return True


@cache
def _adding(dialect: str) -> Insert:
    """A new notice; on PostgreSQL the same statement wakes the senders of all processes."""
    made = inserting(NoticeRow, dialect, once=True)
    return made.returning(func.pg_notify(CHANNEL, "")) if dialect == "postgresql" else made


def add_all(session: Session, planned: Sequence[Planned], now: datetime) -> None:
    """Put many at once whose keys are known to be new."""
    if planned:
        session.connection().execute(insert(NoticeRow), [_new(one, now) for one in planned])
    if any(one.skip is None for one in planned):
        wake(session)


def wake(session: Session) -> None:
    """Tell the senders of this process, and on PostgreSQL of every other, once this transaction is committed."""
    if not session.info.get("notices") and session.get_bind().dialect.name == "postgresql":
        session.connection().execute(_NOTIFY)
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


def hold_back(session: Session, row: NoticeRow, now: datetime) -> bool:
    """Keep a planned row from being said until somebody says so; False when a sender has taken it meanwhile.

    It counts as settled until then, so that no sender looks at it.
    """
    return _update(session, row, {"state": "held", "reason": None, "settled_at": now, "retry_at": None})


def refused(
    session: Session, program_id: int, kinds: Collection[str], channel: str, purpose: str, since: datetime
) -> list[NoticeRow]:
    """What was refused since a moment of what was for a channel, or for its purpose, longest due first."""
    there = or_(col(NoticeRow.to_channel) == channel, col(NoticeRow.to_purpose) == purpose)
    statement = select(NoticeRow).where(
        NoticeRow.program_id == program_id,
        NoticeRow.state == "refused",
        col(NoticeRow.kind).in_(list(kinds)),
        col(NoticeRow.settled_at) >= since,
        there,
    )
    return list(session.exec(statement.order_by(col(NoticeRow.due_at), col(NoticeRow.id))).all())


def keep_refused(session: Session, row: NoticeRow, hold_id: int) -> bool:
    """Let what was refused wait for a choice; False when somebody else has done something about it meanwhile."""
    return _update(session, row, {"state": "held", "hold_id": hold_id})


def let_go(session: Session, row: NoticeRow, due_at: datetime, *, held: bool = True) -> bool:
    """Plan again what was held back or left out; False when somebody else has done something about it meanwhile.

    What a hold of all posts has kept remembers that, unless it was not `held` in the end.
    """
    fresh = {"reason": None, "settled_at": None, "retry_at": None, "uncertain_since": None, "urgency": None}
    forgotten: dict[str, Any] = {} if held else {"hold_id": None}
    changed = _update(session, row, {"state": "planned", "due_at": due_at, **fresh, **forgotten})
    if changed:
        wake(session)
    return changed


def move(session: Session, row: NoticeRow, notice: Notice) -> bool:
    """Give a row that is held back or left out another time or place; it stays so."""
    values = {**_place(notice.target), "due_at": notice.due_at, "refs": dict(notice.refs)}
    return _update(session, row, values)


def put_aside(session: Session, reason: str, now: datetime) -> int:
    """Skip all that is due by now or may have been sent already, saying why; how many there were."""
    due = or_(col(NoticeRow.state).in_(("sending", "unknown")), col(NoticeRow.due_at) <= now)
    same = col(NoticeRow.state).in_(OPEN_STATES) & due
    fresh = {"retry_at": None, "uncertain_since": None, "lease_token": None, "lease_until": None}
    values = {"state": "skipped", "reason": reason, "settled_at": now, **fresh}
    return session.connection().execute(update(NoticeRow).where(same).values(**values)).rowcount


def take_turn(session: Session) -> None:
    """Wait until no other sender is choosing what to send: two at once would take apart what belongs in one post."""
    if session.get_bind().dialect.name == "postgresql":
        # Of this schema alone, as several programs of a house may share a server's database.
        turn = "SELECT pg_advisory_xact_lock(hashtext('convene_notices ' || current_schema()))"
        session.connection().execute(text(turn))


def grade(session: Session, urgency: Mapping[str, Urgency], now: datetime) -> None:
    """Write down how urgent that is which has become due, by its kind, so that it can be found by it."""
    due = (
        select(NoticeRow.id)
        .where(col(NoticeRow.urgency).is_(None), *_due(now))
        .order_by(col(NoticeRow.next_at), col(NoticeRow.id))
        .limit(GRADED_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    ids = session.exec(due).all()
    if ids:
        kinds = {kind: int(grade) for kind, grade in urgency.items()}
        grades = case(kinds, value=NoticeRow.kind, else_=int(Urgency.PERSON)) if kinds else int(Urgency.PERSON)
        statement = update(NoticeRow).where(col(NoticeRow.id).in_(ids)).values(urgency=grades)
        session.connection().execute(statement)


def take_due(session: Session, now: datetime) -> NoticeRow | None:
    """Of what is due the most urgent that has waited longest, or whose lease has run out; held until this ends.

    Each urgency is asked in turn, so that every look begins at its place in the index and reads one row.
    """
    for urgency in Urgency:
        statement = (
            select(NoticeRow)
            .where(NoticeRow.urgency == int(urgency), *_due(now))
            .order_by(col(NoticeRow.next_at), col(NoticeRow.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        found = session.exec(statement).first()
        if found is not None:
            return found
    return None


class Waiting(NamedTuple):
    """As much of a row as it takes to put it off: there may be hundreds."""

    id: int
    state: str
    lease_until: datetime | None
    uncertain_since: datetime | None


def due_there(session: Session, like: NoticeRow, now: datetime) -> list[Waiting]:
    """What is due in the channel of a notice, itself included, as it would be taken; held."""
    there = _PLACED if like.to_purpose is not None else _PLACED[:-1]
    statement = (
        columns(*(col(getattr(NoticeRow, name)) for name in Waiting._fields))
        .where(
            *(_PLACE[name] == getattr(like, name) for name in there),
            col(NoticeRow.urgency).is_not(None),
            *_due(now),
        )
        .order_by(col(NoticeRow.urgency), col(NoticeRow.next_at), col(NoticeRow.id))
        .limit(PUT_OFF_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    session.flush()
    return [Waiting._make(row) for row in session.connection().execute(statement)]


def put_off(session: Session, until: Iterable[tuple[Waiting, datetime]]) -> None:
    """Look at held rows again later, each at its time, without counting an attempt."""
    off = [
        {
            "of": row.id,
            "until": later,
            "as": "unknown" if row.state == "sending" else row.state,
            "since": unheard_since(row),
        }
        for row, later in until
    ]
    session.flush()
    session.connection().execute(_PUT_OFF, off)
    session.expire_all()


def unheard_since(row: NoticeRow | Waiting) -> datetime | None:
    """From when on an earlier attempt may have reached Slack: a lease that ran out was that of a sender that died."""
    if row.uncertain_since is None and row.state == "sending" and row.lease_until is not None:
        return row.lease_until - LEASE - LOOK_BACK
    return row.uncertain_since


def take_company(session: Session, like: NoticeRow, rules: Rules, now: datetime, most: int) -> list[NoticeRow]:
    """What may be said together with `like`: of the same place and program, soonest first; held.

    What merges comes along when it is due soon, what is combined when it is overdue, though it may have been put off.
    Of what may have been sent already only that which is due for another look comes along.
    """
    may: list[ColumnElement[bool]] = []
    if like.kind in rules.merging:
        soon = and_(col(NoticeRow.state) == "planned", col(NoticeRow.next_at) <= now + MERGE_WINDOW)
        may.append(and_(col(NoticeRow.kind).in_(rules.merging), or_(soon, *_due(now)[:1])))
    if like.kind in rules.combining and like.to_thread is None and overdue(like.due_at, now):
        late = and_(col(NoticeRow.state) == "planned", col(NoticeRow.due_at) < now - OVERDUE)
        may.append(and_(col(NoticeRow.kind).in_(rules.combining), late))
    if not may:
        return []
    statement = (
        select(NoticeRow)
        .where(
            NoticeRow.id != like.id,
            *(same == getattr(like, name) for name, same in _PLACE.items()),
            col(NoticeRow.next_at) <= now + MERGE_WINDOW,
            or_(*may),
        )
        .order_by(col(NoticeRow.next_at), col(NoticeRow.id))
        .limit(most)
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
    found = (_next_of(session, urgency, until) for urgency in (None, *Urgency))
    return min((when for when in found if when is not None), default=None)


def _next_of(session: Session, urgency: Urgency | None, until: datetime) -> datetime | None:
    same = col(NoticeRow.urgency).is_(None) if urgency is None else col(NoticeRow.urgency) == int(urgency)
    return session.exec(
        select(NoticeRow.next_at).where(same, *_due(until)).order_by(col(NoticeRow.next_at)).limit(1)
    ).first()


def planned_for(session: Session, program_id: int, purpose: str) -> int:
    """How many notices are planned for whichever channel serves a purpose."""
    mine = (NoticeRow.program_id == program_id, NoticeRow.to_purpose == purpose, NoticeRow.state == "planned")
    return session.exec(select(func.count()).select_from(NoticeRow).where(*mine)).one()


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
GRADED_AT_ONCE = 1000
PUT_OFF_AT_ONCE = 250
_PLACE = {
    "program_id": col(NoticeRow.program_id),
    "to_purpose": col(NoticeRow.to_purpose),
    "to_channel": col(NoticeRow.to_channel),
    "to_thread": col(NoticeRow.to_thread),
    "to_person": col(NoticeRow.to_person),
}
_PUT_OFF = (
    update(NoticeRow)
    .where(col(NoticeRow.id) == bindparam("of"))
    .values(
        retry_at=bindparam("until"),
        state=bindparam("as"),
        uncertain_since=bindparam("since"),
        lease_token=None,
        lease_until=None,
    )
)


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    # Said twice over, as not every planner sees that the first says the second, which is what the indexes are of.
    return col(NoticeRow.next_at) <= now, col(NoticeRow.next_at).is_not(None)


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
