"""Channels and what each is for."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import UniqueConstraint, and_, bindparam, func
from sqlalchemy import select as columns
from sqlmodel import Field, Session, SQLModel, col, or_, select

from storage.database import UtcDateTime, found
from storage.programs import ProgramRow, Revised


class Channel(SQLModel, table=True):
    """A channel of a workspace. purpose: cohort, applicants, facilitators or none.

    `answering` is always, questions or mention; empty means what is usual for the purpose.
    `set_by` is empty until somebody has said what it is for, `members_read_at` until those in it have been met.
    `looked_at` is when Slack last told who is in it, `look_after` when it is to be asked again; empty means at once.
    `archived_at` is since when it is archived, `out_at` since when the bot is in it no more.
    """

    __tablename__ = "channels"
    __table_args__ = (UniqueConstraint("team", "channel_id"),)

    id: int | None = Field(default=None, primary_key=True)
    team: str
    channel_id: str
    name: str = ""
    program_id: int | None = Field(default=None, foreign_key="programs.id", index=True)
    purpose: str = "none"
    answering: str | None = None
    private: bool = False
    shared: bool = False
    set_by: str | None = None
    set_at: datetime = Field(sa_type=UtcDateTime)
    members_read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    looked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    look_after: datetime | None = Field(default=None, sa_type=UtcDateTime)
    archived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    out_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


_GET = (
    select(Channel)
    .where(
        or_(col(Channel.team) == bindparam("team"), col(Channel.team) == ""), Channel.channel_id == bindparam("channel")
    )
    .order_by(col(Channel.team).desc())
)
_ITS_PROGRAM = col(ProgramRow.id) == col(Channel.program_id)
_PLACE = (
    columns(
        col(Channel.program_id),
        col(Channel.purpose),
        col(ProgramRow.slug),
        col(ProgramRow.revision),
        col(ProgramRow.people_revision),
    )
    .join(ProgramRow, and_(_ITS_PROGRAM, col(ProgramRow.dropped_at).is_(None)), isouter=True)
    .where(
        or_(col(Channel.team) == bindparam("team"), col(Channel.team) == ""),
        col(Channel.channel_id) == bindparam("channel"),
    )
    .order_by(col(Channel.team).desc())
)
_FOR_PURPOSE = (
    select(Channel)
    .where(Channel.program_id == bindparam("program"), Channel.purpose == bindparam("purpose"))
    .order_by(col(Channel.id))
)
_FIRST_FOR = (
    columns(col(Channel.channel_id))
    .where(col(Channel.program_id) == bindparam("program"), col(Channel.purpose) == bindparam("purpose"))
    .order_by(col(Channel.id))
    .limit(1)
)


def place(session: Session, team: str, channel_id: str) -> tuple[int | None, str, Revised | None] | None:
    """What a channel is in short: which program it is of, what for, and how that program stands, if it is there."""
    row = found(session, _PLACE, {"team": team, "channel": channel_id})
    if row is None:
        return None
    program_id, purpose, slug, revision, people = row
    if program_id is None or slug is None:
        return program_id, purpose, None
    return program_id, purpose, Revised(program_id, slug, revision, people)


def get(session: Session, team: str, channel_id: str) -> Channel | None:
    """What is known of a channel, set before the workspace was known or since."""
    return session.exec(_GET, params={"team": team, "channel": channel_id}).first()


def anywhere(session: Session, channel_id: str) -> Channel | None:
    """What is known of a channel, in whichever workspace it is."""
    return session.exec(select(Channel).where(Channel.channel_id == channel_id).order_by(col(Channel.id))).first()


def for_purpose(session: Session, program_id: int, purpose: str) -> list[Channel]:
    """The channels of a program that serve a purpose, oldest first."""
    return list(session.exec(_FOR_PURPOSE, params={"program": program_id, "purpose": purpose}).all())


def first_for(session: Session, program_id: int, purpose: str) -> str | None:
    """The id of the oldest channel of a program that serves a purpose."""
    row = found(session, _FIRST_FOR, {"program": program_id, "purpose": purpose})
    return row[0] if row is not None else None


def count(session: Session, programs: Collection[int], purpose: str) -> dict[int, int]:
    """How many channels serve a purpose, for each of some programs that has any."""
    these = col(Channel.program_id).in_(programs), Channel.purpose == purpose
    counted = select(Channel.program_id, func.count()).where(*these).group_by(col(Channel.program_id))
    return {program_id: many for program_id, many in session.exec(counted).all() if program_id is not None}


def of_program(session: Session, program_id: int) -> list[Channel]:
    """All channels of a program."""
    return list(session.exec(select(Channel).where(Channel.program_id == program_id).order_by(col(Channel.id))).all())


def every(session: Session) -> list[Channel]:
    """All channels that the bot was invited to or told about."""
    return list(session.exec(select(Channel).order_by(col(Channel.id))).all())


def members_unread(session: Session) -> list[Channel]:
    """Channels whose people count as taking part, and have not been met yet."""
    statement = select(Channel).where(
        col(Channel.purpose).in_(("cohort", "applicants")), col(Channel.members_read_at).is_(None)
    )
    return list(session.exec(statement.order_by(col(Channel.id))).all())
