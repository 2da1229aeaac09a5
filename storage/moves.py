"""Every change of a date: what it was, what it became, and since when."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, select

from storage.database import UtcDateTime
from storage.notices import NoticeRow


class MoveRow(SQLModel, table=True):
    """One change of an event's time or a homework's due date.

    Without `after_start` it was taken out of the program, without `before_start` it is there again.
    `sequence` grows with each of an item, and is what a calendar knows the newer file by.
    """

    __tablename__ = "moves"

    id: int | None = Field(default=None, primary_key=True)
    program_id: int = Field(foreign_key="programs.id", index=True)
    section: str
    key: str
    sequence: int
    before_start: datetime | None = Field(default=None, sa_type=UtcDateTime)
    before_end: datetime | None = Field(default=None, sa_type=UtcDateTime)
    after_start: datetime | None = Field(default=None, sa_type=UtcDateTime)
    after_end: datetime | None = Field(default=None, sa_type=UtcDateTime)
    moved_at: datetime = Field(sa_type=UtcDateTime)
    moved_by: str | None = None


def of(session: Session, program_id: int, section: str, key: str) -> list[MoveRow]:
    """Every change of one date, oldest first."""
    mine = select(MoveRow).where(MoveRow.program_id == program_id, MoveRow.section == section, MoveRow.key == key)
    return list(session.exec(mine.order_by(col(MoveRow.id))).all())


def at_posts(session: Session, program_id: int, posts: Collection[tuple[str, str]]) -> list[NoticeRow]:
    """Every notice of a program that some messages say, or that has changed one of them; messages by channel and ts."""
    mine = select(NoticeRow).where(
        NoticeRow.program_id == program_id,
        NoticeRow.state == "delivered",
        col(NoticeRow.posted_ts).in_({ts for _, ts in posts}),
    )
    found = session.exec(mine.order_by(col(NoticeRow.due_at), col(NoticeRow.id))).all()
    return [row for row in found if (row.posted_channel, row.posted_ts) in posts]
