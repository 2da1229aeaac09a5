"""What a look at the whole database asks for: the file, references, numbers, versions, the ledger and figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, func, inspect, or_, select, text, union_all
from sqlmodel import Session, col

from bot.domain.ledger import STATES
from bot.domain.verify import Contents, LedgerWhy
from storage.checkins import Checkin, CheckinVersion
from storage.database import UtcDateTime
from storage.notices import OPEN_STATES, NoticeRow
from storage.people import Person
from storage.programs import ProgramRow
from storage.reflections import Reflection, ReflectionVersion
from storage.tables import metadata

PAGE = 1_000


def damage(session: Session, limit: int) -> list[str]:
    """What SQLite finds wrong with its file, in its own words; PostgreSQL looks after its files itself."""
    if session.get_bind().dialect.name != "sqlite":
        return []
    found = session.connection().execute(text(f"PRAGMA integrity_check({limit})")).scalars().all()
    return [str(one) for one in found if one != "ok"]


def dangling(session: Session) -> Iterator[tuple[str, str, int]]:
    """Tables and columns that point at rows which are not there, and how often."""
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            target = key.column.table.alias("target")
            same = key.parent == target.c[key.column.name]
            lost = select(func.count()).select_from(table.join(target, same, isouter=True))
            lost = lost.where(key.parent.is_not(None), target.c[key.column.name].is_(None))
            count = session.connection().execute(lost).scalar_one()
            if count:
                yield table.name, key.parent.name, count


def receipts(session: Session, program_id: int) -> Iterator[int]:
    """The receipt numbers of a program in rising order, as they come."""
    statements: list[Select[int]] = [
        select(receipt.label("number")).where(submission.program_id == program_id)
        for submission, receipt, _, _ in _SUBMISSIONS
    ]
    both: CompoundSelect[int] = union_all(*statements).order_by("number")
    yield from session.connection().execute(both.execution_options(yield_per=PAGE)).scalars()


def odd_versions(session: Session, program_id: int) -> Iterator[int]:
    """Receipt numbers of submissions that do not have just the versions 1 to their own."""
    for submission, receipt, version, parent in _SUBMISSIONS:
        statement = (
            select(receipt)
            .join(version, parent == submission.id, isouter=True)
            .where(submission.program_id == program_id)
            .group_by(submission.id, receipt, submission.version)
            .having(
                or_(
                    func.count(version.id) != submission.version,
                    func.max(version.version) != submission.version,
                    func.min(version.version) != 1,
                )
            )
            .order_by(receipt)
        )
        yield from session.connection().execute(statement).scalars()


def odd_notices(session: Session, limit: int) -> Iterator[tuple[LedgerWhy, int, tuple[int, ...]]]:
    """Notices that lack what their state needs: what, how many, and the first ones' ids."""
    for why, wrong in _ODD.items():
        count = session.connection().execute(select(func.count()).where(wrong)).scalar_one()
        if count:
            some = select(col(NoticeRow.id)).where(wrong).order_by(col(NoticeRow.id)).limit(limit)
            yield why, count, tuple(one for one in session.connection().execute(some).scalars() if one is not None)


def contents(session: Session) -> Contents:
    """The figures of a database."""
    people = col(Person.bot).is_(False) & col(Person.erased_at).is_(None)
    erased = [_count(session, version, col(version.erased_at).is_not(None)) for version in _VERSIONS]
    newest = [
        session.connection().execute(select(func.max(col(version.saved_at), type_=UtcDateTime()))).scalar()
        for version in _VERSIONS
    ]
    return Contents(
        programs=_count(session, ProgramRow),
        people=_count(session, Person, people),
        submissions=_count(session, Reflection) + _count(session, Checkin),
        versions=sum(_count(session, version) for version in _VERSIONS),
        erased=sum(erased),
        notices=_count(session, NoticeRow),
        newest=max((one for one in newest if isinstance(one, datetime)), default=None),
    )


def holds_data(session: Session) -> bool:
    """Whether any of our tables has a row, whatever shape the database has."""
    connection = session.connection()
    there = set(inspect(connection).get_table_names())
    ours = (one for one in metadata.sorted_tables if one.name in there)
    return any(connection.execute(select(1).select_from(one).limit(1)).first() for one in ours)


def _count(session: Session, table: type[Any], where: ColumnElement[bool] | None = None) -> int:
    statement = select(func.count()).select_from(table)
    return session.connection().execute(statement if where is None else statement.where(where)).scalar_one()


def _lacks(*columns: Any) -> ColumnElement[bool]:
    return or_(*(col(one).is_(None) for one in columns))


_VERSIONS: tuple[type[Any], ...] = (ReflectionVersion, CheckinVersion)
_SUBMISSIONS: tuple[tuple[Any, Any, Any, Any], ...] = (
    (Reflection, col(Reflection.number), ReflectionVersion, col(ReflectionVersion.reflection_id)),
    (Checkin, col(Checkin.receipt), CheckinVersion, col(CheckinVersion.checkin_id)),
)
_state = col(NoticeRow.state)
_ODD: Mapping[LedgerWhy, ColumnElement[bool]] = {
    "state": _state.not_in(STATES),
    "delivered": and_(
        _state == "delivered", _lacks(NoticeRow.posted_channel, NoticeRow.posted_ts, NoticeRow.settled_at)
    ),
    "given up": and_(_state.in_(("refused", "skipped")), _lacks(NoticeRow.reason, NoticeRow.settled_at)),
    "leased": and_(_state == "sending", _lacks(NoticeRow.lease_token, NoticeRow.lease_until)),
    "unsettled": and_(_state.in_(OPEN_STATES), col(NoticeRow.settled_at).is_not(None)),
    "uncertain": and_(_state == "unknown", _lacks(NoticeRow.uncertain_since)),
}
