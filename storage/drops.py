"""Files that those who run a program have dropped into a conversation, to be used as a source of answers."""

from datetime import datetime

from sqlalchemy import UniqueConstraint, or_
from sqlmodel import Field, Session, SQLModel, col, select

from storage.database import UtcDateTime


class DroppedFile(SQLModel, table=True):
    """A file by Slack's id: what it is offered for, and what has become of that. What it says is not kept here.

    state: offered, wanted (it is to be read, not before `retry_at`), used (its words are the document `key`), or unread
    (`trouble` says why). `title`, `audience` and `replaces`, the key of a document, are as its form had them; `tries`
    counts forms, `attempts` how often Slack was asked for it. It came with the message `ts`, in `thread_ts` if that was
    in one.
    """

    __tablename__ = "dropped_files"
    __table_args__ = (UniqueConstraint("team", "file_id"),)

    id: int | None = Field(default=None, primary_key=True)
    team: str
    file_id: str
    name: str
    size: int = 0
    channel: str
    ts: str
    thread_ts: str | None = None
    person_id: int = Field(foreign_key="people.id", index=True)
    dropped_at: datetime = Field(sa_type=UtcDateTime)
    state: str = "offered"
    program_id: int | None = Field(default=None, foreign_key="programs.id", index=True)
    wanted_by: int | None = Field(default=None, foreign_key="people.id", index=True)
    title: str = ""
    audience: str = "all"
    replaces: str | None = None
    tries: int = 0
    attempts: int = 0
    retry_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    key: str | None = None
    pages: int = 0
    passages: int = 0
    wordless: int = 0
    trouble: str | None = None


def of_file(session: Session, team: str, file_id: str) -> DroppedFile | None:
    """What is known of a file."""
    return session.exec(select(DroppedFile).where(DroppedFile.team == team, DroppedFile.file_id == file_id)).first()


def get(session: Session, row_id: int) -> DroppedFile | None:
    """A file by its row."""
    return session.get(DroppedFile, row_id)


def held(session: Session, row_id: int) -> DroppedFile | None:
    """The same, held against whoever else wants to say what becomes of it."""
    statement = select(DroppedFile).where(DroppedFile.id == row_id).with_for_update()
    return session.exec(statement.execution_options(populate_existing=True)).first()


def add(session: Session, row: DroppedFile) -> int:
    """Remember a file, and return its row's id."""
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def to_read(session: Session, now: datetime) -> DroppedFile | None:
    """A file that is to be read now, the one that waits longest first."""
    due = or_(col(DroppedFile.retry_at).is_(None), col(DroppedFile.retry_at) <= now)
    statement = select(DroppedFile).where(DroppedFile.state == "wanted", due).order_by(col(DroppedFile.id)).limit(1)
    return session.exec(statement).first()
