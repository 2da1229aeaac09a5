"""Programs that are being set up, and the code with which somebody may begin when there is none."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, text, update
from sqlmodel import Field, Session, SQLModel, col, select

from storage.database import UtcDateTime
from storage.notices import NoticeRow
from storage.programs import ProgramRow


class SetupRow(SQLModel, table=True):
    """How a program came about inside Slack, until it is `finished_at`, or thrown away, `dropped_at`.

    `source` is the slug of what it was made from: a template, or, if `copied`, a program of this database. `looked` are
    the parts that somebody has looked through. `notes` say what is to be looked at: times that gave way, by item, and
    names of the source that may still stand in its words. `request` is the form that it was begun with.
    """

    __tablename__ = "setups"

    id: int | None = Field(default=None, primary_key=True)
    program_id: int = Field(foreign_key="programs.id", unique=True)
    begun_by: int | None = Field(default=None, foreign_key="people.id")
    begun_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    dropped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    source: str = ""
    copied: bool = False
    looked: list[str] = Field(default=[], sa_column=Column(JSON, nullable=False))
    notes: list[dict[str, Any]] = Field(default=[], sa_column=Column(JSON, nullable=False))
    request: str = Field(unique=True)


class SetupCode(SQLModel, table=True):
    """A code that was shown on the terminal once: only what it is known again by is kept.

    `wrong` counts those who typed another one. Whoever typed it right is `used_by`.
    """

    __tablename__ = "setup_codes"

    id: int | None = Field(default=None, primary_key=True)
    salt: str
    hash: str
    made_at: datetime = Field(sa_type=UtcDateTime)
    wrong: int = 0
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    used_by: int | None = Field(default=None, foreign_key="people.id")


def hold(session: Session) -> None:
    """Keep others who begin a program waiting until this transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        turn = "SELECT pg_advisory_xact_lock(hashtext('convene_setups ' || current_schema()))"
        session.connection().execute(text(turn))


def of_program(session: Session, program_id: int) -> SetupRow | None:
    """How a program came about, if it was inside Slack."""
    return session.exec(select(SetupRow).where(SetupRow.program_id == program_id)).first()


def by_request(session: Session, request: str) -> SetupRow | None:
    """What a form has begun."""
    return session.exec(select(SetupRow).where(SetupRow.request == request)).first()


def unfinished(session: Session) -> list[SetupRow]:
    """Every program that is being set up, the one begun first at the beginning."""
    statement = select(SetupRow).where(col(SetupRow.finished_at).is_(None), col(SetupRow.dropped_at).is_(None))
    return list(session.exec(statement.order_by(col(SetupRow.id))).all())


def is_unfinished(session: Session, program_id: int) -> bool:
    """Whether a program is being set up."""
    row = of_program(session, program_id)
    return row is not None and row.finished_at is None and row.dropped_at is None


def code(session: Session) -> SetupCode | None:
    """The newest code, held against others who try it at this moment."""
    return session.exec(select(SetupCode).order_by(col(SetupCode.id).desc()).limit(1).with_for_update()).first()


def finish(session: Session, program_id: int, now: datetime) -> None:
    """The program went live: its set-up is over."""
    row = of_program(session, program_id)
    if row is not None and row.finished_at is None:
        row.finished_at = now
        session.add(row)


def drop(session: Session, row: ProgramRow, reason: str, now: datetime) -> None:
    """Have a program be there no more: what was planned is not said, and its short name is free for another."""
    open_ = (col(NoticeRow.program_id) == row.id) & col(NoticeRow.state).in_(("planned", "held"))
    values = {"state": "skipped", "reason": reason, "settled_at": now, "retry_at": None}
    session.connection().execute(update(NoticeRow).where(open_).values(**values))
    row.dropped_at, row.slug = now, f"{row.slug}-{row.id}-dropped"
    session.add(row)
    session.flush()


def code_given_by(session: Session, person_id: int, since: datetime) -> bool:
    """Whether somebody has typed a code since."""
    statement = select(SetupCode).where(SetupCode.used_by == person_id, col(SetupCode.used_at) >= since)
    return session.exec(statement).first() is not None


def expire_codes(session: Session, now: datetime) -> None:
    """No code that was shown before is good any more."""
    unused = update(SetupCode).where(col(SetupCode.used_at).is_(None))
    session.connection().execute(unused.values(used_at=now))
