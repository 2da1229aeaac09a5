"""What people write without a form: one row for each thing being written. No word of it is ever logged or exported."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, bindparam, text
from sqlalchemy import select as columns
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col, select

from storage.database import UtcDateTime, found

_OPEN = text("state = 'open'")


class Dialogue(SQLModel, table=True):
    """form and subject: as in `bot.domain.drafts.About`; state: open, handed in, stopped or ended; one is open at most.

    `key` is what it was begun by, so that one press begins one. `script` are the questions, `answers` what was said to
    them, `progress` how far it is, as `bot.domain.dialogues` has them; once it is not open any more, both are empty.
    `turn` counts what the bot has said: the notice of each turn has it in its key. `updated_at` is when the person said
    something last.
    """

    __tablename__ = "dialogues"
    __table_args__ = (Index("ux_dialogues_open", "person_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),)

    id: int | None = Field(default=None, primary_key=True)
    team: str
    person_id: int = Field(foreign_key="people.id", index=True)
    program_id: int = Field(foreign_key="programs.id", index=True)
    form: str
    subject: str
    key: str = Field(unique=True)
    state: str = "open"
    language: str = "en"
    script: dict[str, Any] = Field(default={}, sa_column=Column(JSON, nullable=False), repr=False)
    answers: dict[str, Any] = Field(default={}, sa_column=Column(JSON, nullable=False), repr=False)
    progress: dict[str, Any] = Field(default={}, sa_column=Column(JSON, nullable=False), repr=False)
    turn: int = 0
    began_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime, index=True)


_OPEN_OF = columns(col(Dialogue.id)).where(
    col(Dialogue.person_id) == bindparam("person"), col(Dialogue.state) == "open"
)


def get(session: Session, dialogue_id: int) -> Dialogue | None:
    """A dialogue by its id."""
    return session.get(Dialogue, dialogue_id)


def by_key(session: Session, key: str) -> Dialogue | None:
    """The one that a press has begun."""
    return session.exec(select(Dialogue).where(Dialogue.key == key)).first()


def open_of(session: Session, person_id: int) -> Dialogue | None:
    """What somebody is writing; only looks."""
    row = found(session, _OPEN_OF, {"person": person_id})
    return session.get(Dialogue, row[0]) if row is not None else None


def held(session: Session, person_id: int) -> Dialogue | None:
    """The same, held against whatever comes at the same moment."""
    statement = select(Dialogue).where(Dialogue.person_id == person_id, Dialogue.state == "open").with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).first()


def about(session: Session, person_id: int, form: str, program_id: int, subjects: Collection[str]) -> Dialogue | None:
    """What somebody is writing, if it is for one of some subjects."""
    row = open_of(session, person_id)
    if row is None or (row.form, row.program_id) != (form, program_id) or row.subject not in subjects:
        return None
    return row


def add(session: Session, row: Dialogue) -> bool:
    """Begin one; False where somebody else was faster with this person's."""
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True


def save(session: Session, row: Dialogue) -> None:
    """Write what has changed."""
    session.add(row)
    session.flush()


def close(session: Session, row: Dialogue, state: str) -> None:
    """It is not being written any more: its words are elsewhere, or nowhere."""
    row.state, row.answers, row.progress = state, {}, {}
    save(session, row)


def any_untouched(session: Session, since: datetime) -> bool:
    """Whether there is one to which nothing was said for so long."""
    statement = select(Dialogue.id).where(Dialogue.state == "open", col(Dialogue.updated_at) < since)
    return session.exec(statement.limit(1)).first() is not None


def untouched(session: Session, since: datetime) -> list[Dialogue]:
    """Those to which nothing was said for so long."""
    statement = select(Dialogue).where(Dialogue.state == "open", col(Dialogue.updated_at) < since)
    return list(session.exec(statement.order_by(col(Dialogue.id)).with_for_update(skip_locked=True)).all())
