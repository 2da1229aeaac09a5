"""Programs as they were loaded and edited: a header each, and one row for every item of it."""

from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint, insert, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, select

from storage.database import UtcDateTime


class ProgramRow(SQLModel, table=True):
    """A program's header.

    `revision` grows with every visible change, `people_revision` with every change in who takes part, `receipts` with
    every receipt given out.
    """

    __tablename__ = "programs"

    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    name: str
    zone: str
    body: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    revision: int = 0
    people_revision: int = 0
    receipts: int = 0


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
    body: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    loaded_hash: str | None = None
    edited_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    edited_by: str | None = None
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    earlier: list[dict[str, Any]] = Field(
        default_factory=list, sa_column=Column(JSON, nullable=False, server_default="[]")
    )
    sequence: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


def write(item: ProgramItem, body: dict[str, Any], now: datetime) -> None:
    """Let an item read otherwise from now on; how it read before is kept with it."""
    if item.body and item.body != body:
        before = {"body": item.body, "by": item.edited_by, "until": now.isoformat()}
        item.earlier = [*item.earlier, before]
    item.body = body


def get(session: Session, slug: str) -> ProgramRow | None:
    """The header of a program by its slug."""
    return session.exec(select(ProgramRow).where(ProgramRow.slug == slug)).first()


def by_id(session: Session, program_id: int) -> ProgramRow | None:
    """The header of a program by its id."""
    return session.get(ProgramRow, program_id)


def every(session: Session) -> list[ProgramRow]:
    """All programs, in the order in which they were loaded first."""
    return list(session.exec(select(ProgramRow).order_by(col(ProgramRow.id))).all())


def held(session: Session, slug: str) -> ProgramRow | None:
    """The header, held against other writers until this transaction ends.

    Rows that only refer to it may be added meanwhile: else two who have done so would wait for each other here.
    """
    statement = select(ProgramRow).where(ProgramRow.slug == slug).with_for_update(key_share=True)
    return session.exec(statement.execution_options(populate_existing=True)).first()


def hold(session: Session, slug: str, name: str, zone: str) -> ProgramRow:
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
        }
        # Another process may be loading the same program at this moment: then its row is the one to hold.
        with suppress(IntegrityError), session.begin_nested():
            session.connection().execute(insert(ProgramRow).values(values))
        found = held(session, slug)
    assert found is not None
    return found


def hold_by_id(session: Session, program_id: int) -> None:
    """Keep other writers of what belongs to a program waiting until this transaction ends; see `held`."""
    session.exec(select(ProgramRow.id).where(ProgramRow.id == program_id).with_for_update(key_share=True)).one()


def items(session: Session, program_id: int, *, removed: bool = False) -> list[ProgramItem]:
    """The items of a program in the order of the file; those removed come along only when asked for."""
    statement = select(ProgramItem).where(ProgramItem.program_id == program_id)
    if not removed:
        statement = statement.where(col(ProgramItem.removed_at).is_(None))
    statement = statement.order_by(col(ProgramItem.section), col(ProgramItem.position), col(ProgramItem.id))
    return list(session.exec(statement).all())


def people_changed(session: Session, program_id: int) -> None:
    """Count a change in who takes part, so that plans which depend on it are made anew."""
    statement = update(ProgramRow).where(col(ProgramRow.id) == program_id)
    session.connection().execute(statement.values(people_revision=ProgramRow.people_revision + 1))


def next_receipt(session: Session, program_id: int) -> int:
    """Count one receipt up and return its number; two transactions never get the same."""
    statement = (
        update(ProgramRow)
        .where(col(ProgramRow.id) == program_id)
        .values(receipts=ProgramRow.receipts + 1)
        .returning(col(ProgramRow.receipts))
    )
    return session.connection().execute(statement).scalar_one()
