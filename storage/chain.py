"""The chain over submissions: a link for every version of a reflection or check-in, and each program's last one.

Links are only ever added. Salts and words are kept with the versions, where they can be erased.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, UniqueConstraint, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col

from bot.domain.chain import BEGINNING, KINDS, Kept, Kind, Link, content_hash, link_hash, new_salt
from storage.checkins import Checkin, CheckinVersion
from storage.people import MergedPerson, Person
from storage.reflections import Reflection, ReflectionVersion

PAGE = 500
"""How many versions are held in memory at once."""


class SubmissionLink(SQLModel, table=True):
    """One version's place in the chain of its program. `content` is the hash of its salt and words, `link` of all."""

    __tablename__ = "submission_links"
    __table_args__ = (UniqueConstraint("program_id", "kind", "receipt", "version"),)

    program_id: int = Field(primary_key=True, foreign_key="programs.id")
    number: int = Field(primary_key=True)
    kind: str
    receipt: int
    version: int
    content: str
    link: str


class SubmissionChain(SQLModel, table=True):
    """Where a program's chain ends: the last link's number and the link itself. Whoever adds one holds this row."""

    __tablename__ = "submission_chains"

    program_id: int = Field(primary_key=True, foreign_key="programs.id")
    number: int = 0
    head: str = BEGINNING


_OF_PROGRAM = col(SubmissionChain.program_id) == bindparam("program")
_LAST = select(col(SubmissionChain.number), col(SubmissionChain.head)).where(_OF_PROGRAM).with_for_update()
_LINK = insert(SubmissionLink)
_END = update(SubmissionChain).where(_OF_PROGRAM).values(number=bindparam("last"), head=bindparam("link"))


@dataclass(frozen=True)
class Unsealed:
    """A version without a link: it was written by a Convene that had no chain yet."""

    program_id: int
    saved_at: datetime
    kind: Kind
    version_id: int
    receipt: int
    version: int


def seal_reflection(session: Session, row: Reflection, version: ReflectionVersion) -> None:
    """Add the link of a new version; the last thing that its transaction writes."""
    said = _reflection(version, row.author_id, row.assignment)
    _append(session, row.program_id, [_unlinked("reflection", row.number, version.version, version.salt, said)])


def seal_checkin(session: Session, row: Checkin, version: CheckinVersion) -> None:
    """The same for a check-in."""
    said = _checkin(version, row.author_id, version.coach_id)
    _append(session, row.program_id, [_unlinked("checkin", row.receipt, version.version, version.salt, said)])


def seal_rest(session: Session) -> int:
    """Add the links of all versions that have none, in the order in which they were saved; how many there were."""
    count = 0
    for program_id in sorted({one.program_id for one in unsealed(session)}):
        held(session, program_id)
        # Looked at again, now that nobody else can add one.
        left = list(unsealed(session, program_id))
        for begin in range(0, len(left), PAGE):
            page = left[begin : begin + PAGE]
            _append(session, program_id, _salted(session, page))
        count += len(left)
    return count


def held(session: Session, program_id: int) -> tuple[int, str]:
    """The last link's number and the link, held against others who add one until this transaction ends."""
    found = _end(session, program_id)
    if found is None:
        with suppress(IntegrityError), session.begin_nested():
            values = {"program_id": program_id, "number": 0, "head": BEGINNING}
            session.connection().execute(insert(SubmissionChain).values(values))
        found = _end(session, program_id)
    assert found is not None
    return found


def end(session: Session, program_id: int) -> tuple[int, str]:
    """The last link's number and the link, as the program's row has them."""
    row = session.get(SubmissionChain, program_id)
    return (0, BEGINNING) if row is None else (row.number, row.head)


def along(session: Session, program_id: int) -> Iterator[tuple[Link, Kept | None]]:
    """A program's links in their order, each with what is there of its version; a page at a time is in memory."""
    merged: dict[int, list[int]] = {}
    for was, now in session.connection().execute(select(col(MergedPerson.was_id), col(MergedPerson.person_id))):
        merged.setdefault(now, []).append(was)
    kinds = (_linked(session, program_id, kind, merged) for kind in KINDS)
    yield from heapq.merge(*kinds, key=lambda one: one[0].number)


def unsealed(session: Session, program_id: int | None = None) -> Iterator[Unsealed]:
    """Versions without a link, of one program or of all, in the order in which they were saved."""
    found = [
        Unsealed(program, saved_at, kind, version_id, receipt, version)
        for kind in KINDS
        for program, saved_at, version_id, receipt, version in session.connection().execute(
            _without_link(kind, program_id)
        )
    ]
    return iter(sorted(found, key=lambda one: (one.program_id, one.saved_at, one.kind, one.version_id)))


def _end(session: Session, program_id: int) -> tuple[int, str] | None:
    row = session.connection().execute(_LAST, {"program": program_id}).first()
    return None if row is None else (row[0], row[1])


def _append(session: Session, program_id: int, versions: Iterable[Link]) -> None:
    """Link what has no number and no link yet to the program's last one."""
    number, head = held(session, program_id)
    rows = []
    for one in versions:
        number += 1
        head = link_hash(head, one.kind, one.receipt, one.version, one.content)
        said = {"kind": one.kind, "receipt": one.receipt, "version": one.version, "content": one.content}
        rows.append({"program_id": program_id, "number": number, "link": head, **said})
    session.connection().execute(_LINK, rows)
    session.connection().execute(_END, {"program": program_id, "last": number, "link": head})


def _unlinked(kind: Kind, receipt: int, version: int, salt: str | None, said: Mapping[str, object]) -> Link:
    assert salt is not None
    return Link(0, kind, receipt, version, content_hash(salt, said), "")


def _salted(session: Session, page: Sequence[Unsealed]) -> list[Link]:
    """Give versions their salts, in one go for each table; those that were erased already keep none."""
    salts: dict[Kind, dict[int, str]] = {kind: {} for kind in KINDS}
    made = []
    said = {kind: _said(session, kind, [one.version_id for one in page if one.kind == kind]) for kind in KINDS}
    for one in page:
        salt = salts[one.kind].setdefault(one.version_id, new_salt())
        made.append(_unlinked(one.kind, one.receipt, one.version, salt, said[one.kind][one.version_id]))
    for kind, table in ((KINDS[0], ReflectionVersion), (KINDS[1], CheckinVersion)):
        if salts[kind]:
            known = update(table).where(col(table.id) == bindparam("of")).values(salt=bindparam("new"))
            rows = [{"of": version_id, "new": salt} for version_id, salt in salts[kind].items()]
            session.connection().execute(known, rows)
    return made


def _said(session: Session, kind: Kind, ids: Sequence[int]) -> dict[int, Mapping[str, object]]:
    version = ReflectionVersion if kind == "reflection" else CheckinVersion
    rows = session.connection().execute(_versions(kind).where(col(version.id).in_(ids)))
    return {row.version_id: _said_by(kind, row) for row in rows}


def _said_by(kind: Kind, row: Row[Any], coach_id: int | None = None) -> Mapping[str, object]:
    if kind == "reflection":
        return _reflection(row, row.author_id, row.assignment)
    return _checkin(row, row.author_id, row.coach_id if coach_id is None else coach_id)


def _reflection(version: ReflectionVersion | Row[Any], author_id: int, assignment: str) -> Mapping[str, object]:
    """All that a version of a reflection says, by whom, and about what."""
    return {
        "author": author_id,
        "assignment": assignment,
        "saved_at": version.saved_at,
        "answers": version.answers,
        "minutes": version.minutes,
        "readers": version.readers,
    }


def _checkin(version: CheckinVersion | Row[Any], author_id: int, coach_id: int) -> Mapping[str, object]:
    """All that a version of a check-in says, and by whom."""
    return {
        "author": author_id,
        "coach": coach_id,
        "saved_at": version.saved_at,
        "kind": version.kind,
        "organizations": version.organizations,
        "held_on": version.held_on,
        "minutes": version.minutes,
        "moved": version.moved,
        "in_the_way": version.in_the_way,
        "support": version.support,
        "support_other": version.support_other,
        "next_step": version.next_step,
        "confidence": version.confidence,
        "private_note": version.private_note,
    }


def _linked(
    session: Session, program_id: int, kind: Kind, merged: Mapping[int, Sequence[int]]
) -> Iterator[tuple[Link, Kept | None]]:
    """The links about one kind of submission in their order, each with what is there of its version.

    One statement for all of them: asked page by page, a server may read whole tables for every page.
    """
    submission, receipt = _submission(kind)
    version: Any = ReflectionVersion if kind == "reflection" else CheckinVersion
    table = SubmissionLink.__table__  # type: ignore[attr-defined]
    statement = (
        select(*(one.label(f"link_{one.name}") for one in table.columns), *_columns(kind))
        .select_from(table)
        .join(submission, (submission.program_id == table.c.program_id) & (receipt == table.c.receipt), isouter=True)
        .join(version, (_parent(kind) == submission.id) & (version.version == table.c.version), isouter=True)
        .join(Person, col(Person.id) == submission.author_id, isouter=True)
        .where(table.c.program_id == program_id, table.c.kind == kind)
        .order_by(table.c.number)
    )
    for row in session.connection().execute(statement.execution_options(yield_per=PAGE)):
        link = Link(row.link_number, kind, row.link_receipt, row.link_version, row.link_content, row.link_link)
        yield link, None if row.version_id is None else _kept(kind, row, merged)


def _kept(kind: Kind, row: Row[Any], merged: Mapping[int, Sequence[int]]) -> Kept:
    if row.erased_at is not None:
        words = (row.answers, row.minutes) if kind == "reflection" else _words(row)
        return Kept(frozenset(), True, row.author_erased_at is not None, row.salt is None and not any(words))
    if row.salt is None:
        return Kept(frozenset())
    # Whoever coached may have been known by their address alone, and have had another row then.
    coaches = (row.coach_id, *merged.get(row.coach_id, ())) if kind == "checkin" else (None,)
    return Kept(frozenset(content_hash(row.salt, _said_by(kind, row, coach)) for coach in coaches))


def _words(row: Row[Any]) -> tuple[object, ...]:
    return row.moved, row.in_the_way, row.support, row.support_other, row.next_step, row.confidence, row.private_note


def _submission(kind: Kind) -> tuple[Any, Any]:
    """The table of a kind of submission, and its column of receipt numbers."""
    return (Reflection, col(Reflection.number)) if kind == "reflection" else (Checkin, col(Checkin.receipt))


def _versions(kind: Kind) -> Select[Any]:
    """All that is said and known of versions of a kind."""
    submission, _ = _submission(kind)
    return (
        select(*_columns(kind))
        .join(submission, submission.id == _parent(kind))
        .join(Person, col(Person.id) == submission.author_id)
    )


def _columns(kind: Kind) -> tuple[Any, ...]:
    """What is said and known of a version, of its submission and its author."""
    submission, receipt = _submission(kind)
    version: Any = ReflectionVersion if kind == "reflection" else CheckinVersion
    said = [one for one in version.__table__.columns if one.name not in ("id", "key")]
    more = [submission.assignment] if kind == "reflection" else []
    return (
        version.id.label("version_id"),
        receipt.label("receipt"),
        submission.author_id,
        col(Person.erased_at).label("author_erased_at"),
        *said,
        *more,
    )


def _parent(kind: Kind) -> Any:
    return col(ReflectionVersion.reflection_id) if kind == "reflection" else col(CheckinVersion.checkin_id)


def _without_link(kind: Kind, program_id: int | None) -> Select[Any]:
    submission, receipt = _submission(kind)
    version: Any = ReflectionVersion if kind == "reflection" else CheckinVersion
    link = SubmissionLink
    same = (
        (col(link.program_id) == submission.program_id)
        & (col(link.kind) == kind)
        & (col(link.receipt) == receipt)
        & (col(link.version) == version.version)
    )
    statement = (
        select(submission.program_id, version.saved_at, version.id, receipt, version.version)
        .join(submission, submission.id == _parent(kind))
        .join(link, same, isouter=True)
        .where(col(link.number).is_(None))
    )
    return statement if program_id is None else statement.where(submission.program_id == program_id)
