"""What was changed from inside Slack, by whom, and how it was before: what undoing goes by."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, col, select

from storage.database import UtcDateTime


class ChangeRow(SQLModel, table=True):
    """One change. `kind` and `key` say of what; `before` and `after` how it was and is, null where there is nothing.

    `by` is a person's id: a row of `people`, as names change and persons are erased. `request` is the form or button it
    came from, so that the same one changes once.
    """

    __tablename__ = "changes"

    id: int | None = Field(default=None, primary_key=True)
    program_id: int = Field(foreign_key="programs.id", index=True)
    kind: str
    key: str
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    after: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    by: int | None = Field(default=None, foreign_key="people.id", index=True)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    undone_by: int | None = Field(default=None, foreign_key="people.id", index=True)
    request: str | None = Field(default=None, unique=True)


def add(session: Session, row: ChangeRow) -> int:
    """Put a change on record and return its id."""
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def get(session: Session, change_id: int) -> ChangeRow | None:
    """A change by its id."""
    return session.get(ChangeRow, change_id)


def of_request(session: Session, request: str) -> ChangeRow | None:
    """The change that a form or button has already made."""
    return session.exec(select(ChangeRow).where(ChangeRow.request == request)).first()


def latest(session: Session, program_id: int, limit: int, *, since: datetime | None = None) -> list[ChangeRow]:
    """The newest changes of a program, newest first."""
    statement = select(ChangeRow).where(ChangeRow.program_id == program_id)
    if since is not None:
        statement = statement.where(col(ChangeRow.changed_at) >= since)
    return list(session.exec(statement.order_by(col(ChangeRow.id).desc()).limit(limit)).all())


def last_of(session: Session, program_id: int, kind: str) -> ChangeRow | None:
    """The newest change of a kind that stands."""
    statement = select(ChangeRow).where(ChangeRow.program_id == program_id, ChangeRow.kind == kind)
    statement = statement.where(col(ChangeRow.undone_at).is_(None)).order_by(col(ChangeRow.id).desc())
    return session.exec(statement.limit(1)).first()


def last_of_key(session: Session, program_id: int, kind: str, key: str) -> ChangeRow | None:
    """The newest change of one thing that stands."""
    statement = select(ChangeRow).where(ChangeRow.program_id == program_id, ChangeRow.kind == kind)
    statement = statement.where(ChangeRow.key == key, col(ChangeRow.undone_at).is_(None))
    return session.exec(statement.order_by(col(ChangeRow.id).desc()).limit(1)).first()


def newer(session: Session, row: ChangeRow) -> ChangeRow | None:
    """The next change of the same thing that still stands, if there is one."""
    statement = (
        select(ChangeRow)
        .where(ChangeRow.program_id == row.program_id, ChangeRow.kind == row.kind, ChangeRow.key == row.key)
        .where(col(ChangeRow.id) > row.id, col(ChangeRow.undone_at).is_(None))
        .order_by(col(ChangeRow.id))
    )
    return session.exec(statement.limit(1)).first()
