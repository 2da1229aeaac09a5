"""Programs as they were loaded and edited: a header each, and one row for every item of it."""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import JSON, Column, UniqueConstraint, bindparam, func, insert, update
from sqlalchemy import select as columns
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, select

from storage.database import UtcDateTime, found


class ProgramRow(SQLModel, table=True):
    """A program's header.

    `revision` grows with every visible change, `people_revision` with every change in who takes part, `receipts` with
    every receipt given out. `mode` is practice, live or demo; see `bot.domain.programs.Mode`. `practice_in` is where it
    speaks in practice, facilitators or nowhere; `live_since` is from when on what falls due is said where it belongs.
    `dropped_at` is when somebody threw it away who was setting it up: then it is there no more.
    """

    __tablename__ = "programs"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    name: str
    zone: str
    body: dict[str, Any] = Field(default={}, sa_column=Column(JSON, nullable=False))
    revision: int = 0
    people_revision: int = 0
    receipts: int = 0
    mode: str = Field(default="live", sa_column_kwargs={"server_default": "live"})
    edits: dict[str, dict[str, Any]] = Field(default={}, sa_column=Column(JSON, nullable=False, server_default="{}"))
    earlier: list[dict[str, Any]] = Field(default=[], sa_column=Column(JSON, nullable=False, server_default="[]"))
    practice_in: str = Field(default="facilitators", sa_column_kwargs={"server_default": "facilitators"})
    live_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dropped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ProgramItem(SQLModel, table=True):
    """One item of a section, in the form of the file.

    `loaded_hash` is of the body as the file had it; `edited_at` is set while Slack's version differs from that.
    `earlier` are the bodies that it had before, oldest first, each with who had written it in Slack, if anybody had,
    and until when it stood.
    `sequence` is the program's revision at which its time changed last, so that it only ever grows; 0 if it never did.
    """

    __tablename__ = "program_items"
    __table_args__ = (UniqueConstraint("program_id", "section", "key"),)

    id: int | None = Field(default=None, primary_key=True)
    program_id: int = Field(foreign_key="programs.id", index=True)
    section: str
    key: str
    position: int
    body: dict[str, Any] = Field(default={}, sa_column=Column(JSON, nullable=False))
    loaded_hash: str | None = None
    edited_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    edited_by: str | None = None
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    earlier: list[dict[str, Any]] = Field(default=[], sa_column=Column(JSON, nullable=False, server_default="[]"))
    sequence: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class Revised(NamedTuple):
    """How often a program has changed, and who takes part in it: what plans go by, without any of its texts."""

    id: int
    slug: str
    revision: int
    people_revision: int


_REVISED = (
    columns(col(ProgramRow.id), col(ProgramRow.slug), col(ProgramRow.revision), col(ProgramRow.people_revision))
    .where(col(ProgramRow.dropped_at).is_(None))
    .order_by(col(ProgramRow.id))
)
_REVISED_BY_ID = _REVISED.where(col(ProgramRow.id) == bindparam("program"))
_HOLD = columns(col(ProgramRow.id)).where(col(ProgramRow.id) == bindparam("program")).with_for_update(key_share=True)
_NEXT_RECEIPT = (
    update(ProgramRow)
    .where(col(ProgramRow.id) == bindparam("program"))
    .values(receipts=ProgramRow.receipts + 1)
    .returning(col(ProgramRow.receipts))
)


def write(item: ProgramItem, body: dict[str, Any], now: datetime) -> None:
    """Let an item read otherwise from now on; how it read before is kept with it."""
    if item.body and item.body != body:
        before = {"body": item.body, "by": item.edited_by, "until": now.isoformat()}
        item.earlier = [*item.earlier, before]
    item.body = body


def write_part(row: ProgramRow, part: str, body: Any, now: datetime) -> None:
    """Let a part of a header read otherwise from now on, None to take it out; how it read before is kept with it."""
    was = row.body.get(part)
    if was is not None and was != body:
        before = {"part": part, "body": was, "by": row.edits.get(part, {}).get("by"), "until": now.isoformat()}
        row.earlier = [*row.earlier, before]
    others = {name: value for name, value in row.body.items() if name != part}
    row.body = others if body is None else {**others, part: body}


def get(session: Session, slug: str) -> ProgramRow | None:
    """The header of a program by its slug."""
    return session.exec(select(ProgramRow).where(ProgramRow.slug == slug)).first()


def by_id(session: Session, program_id: int) -> ProgramRow | None:
    """The header of a program by its id."""
    return session.get(ProgramRow, program_id)


def every(session: Session) -> list[ProgramRow]:
    """All programs, in the order in which they were loaded first."""
    return list(session.exec(select(ProgramRow).order_by(col(ProgramRow.id))).all())


def some(session: Session, slugs: Collection[str]) -> list[ProgramRow]:
    """The headers of some programs by their slugs."""
    return list(session.exec(select(ProgramRow).where(col(ProgramRow.slug).in_(slugs))).all())


def revised(session: Session) -> list[Revised]:
    """How often each program has changed that is there, in the order in which they were loaded first."""
    session.flush()
    return [Revised._make(row) for row in session.connection().execute(_REVISED)]


def revised_by_id(session: Session, program_id: int) -> Revised | None:
    """The same of one program; None if it is not there."""
    row = found(session, _REVISED_BY_ID, {"program": program_id})
    return Revised._make(row) if row is not None else None


def held(session: Session, slug: str) -> ProgramRow | None:
    """The header, held against other writers until this transaction ends.

    Rows that only refer to it may be added meanwhile: else two who have done so would wait for each other here.
    """
    statement = select(ProgramRow).where(ProgramRow.slug == slug).with_for_update(key_share=True)
    return session.exec(statement.execution_options(populate_existing=True)).first()


def hold(session: Session, slug: str, name: str, zone: str, mode: str = "live") -> ProgramRow:
    """The header, made empty if it is not there, held against other writers until this transaction ends."""
    found = held(session, slug)
    if found is None:
        values = {
            "slug": slug,
            "name": name,
            "zone": zone,
            "body": {},
            "revision": 0,
            "people_revision": 0,
            "receipts": 0,
            "mode": mode,
            "edits": {},
            "earlier": [],
        }
        # Another process may be loading the same program at this moment: then its row is the one to hold.
        with suppress(IntegrityError), session.begin_nested():
            session.connection().execute(insert(ProgramRow).values(values))
        found = held(session, slug)
    assert found is not None
    return found


def hold_by_id(session: Session, program_id: int) -> None:
    """Keep other writers of what belongs to a program waiting until this transaction ends; see `held`.

    SQLite has one writer at a time, who is that already.
    """
    if session.get_bind().dialect.name == "sqlite":
        return
    found(session, _HOLD, {"program": program_id})


def items(session: Session, program_id: int, *, removed: bool = False) -> list[ProgramItem]:
    """The items of a program in the order of the file; those removed come along only when asked for."""
    statement = select(ProgramItem).where(ProgramItem.program_id == program_id)
    if not removed:
        statement = statement.where(col(ProgramItem.removed_at).is_(None))
    statement = statement.order_by(col(ProgramItem.section), col(ProgramItem.position), col(ProgramItem.id))
    return list(session.exec(statement).all())


def item(session: Session, program_id: int, section: str, key: str) -> ProgramItem | None:
    """An item by its section and id, also one that was removed."""
    statement = select(ProgramItem).where(
        ProgramItem.program_id == program_id, ProgramItem.section == section, ProgramItem.key == key
    )
    return session.exec(statement).first()


def of_section(session: Session, program_id: int, section: str, *, removed: bool = False) -> list[ProgramItem]:
    """The items of one section in the order of the file; those removed come along only when asked for."""
    statement = select(ProgramItem).where(ProgramItem.program_id == program_id, ProgramItem.section == section)
    if not removed:
        statement = statement.where(col(ProgramItem.removed_at).is_(None))
    return list(session.exec(statement.order_by(col(ProgramItem.position), col(ProgramItem.id))).all())


def counts(session: Session, program_id: int) -> dict[str, int]:
    """How many items stand in each section."""
    mine = select(ProgramItem.section, func.count()).where(ProgramItem.program_id == program_id)
    standing = mine.where(col(ProgramItem.removed_at).is_(None)).group_by(ProgramItem.section)
    return dict(session.exec(standing).all())


def people_changed(session: Session, program_id: int) -> None:
    """Count a change in who takes part, so that plans which depend on it are made anew."""
    statement = update(ProgramRow).where(col(ProgramRow.id) == program_id)
    session.connection().execute(statement.values(people_revision=ProgramRow.people_revision + 1))


def next_receipt(session: Session, program_id: int) -> int:
    """Count one receipt up and return its number; two transactions never get the same."""
    return session.connection().execute(_NEXT_RECEIPT, {"program": program_id}).scalar_one()
