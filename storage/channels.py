"""Channels and what each is for."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from storage.database import UtcDateTime


class Channel(SQLModel, table=True):
    """A channel of a workspace. purpose: cohort, applicants, facilitators or none.

    `answering` is always, questions or mention; empty means what is usual for the purpose.
    `set_by` is empty until somebody has said what it is for, `members_read_at` until those in it have been met.
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


def get(session: Session, team: str, channel_id: str) -> Channel | None:
    """What is known of a channel, set before the workspace was known or since."""
    statement = select(Channel).where(col(Channel.team).in_((team, "")), Channel.channel_id == channel_id)
    return session.exec(statement.order_by(col(Channel.team).desc())).first()


def for_purpose(session: Session, program_id: int, purpose: str) -> list[Channel]:
    """The channels of a program that serve a purpose, oldest first."""
    statement = (
        select(Channel).where(Channel.program_id == program_id, Channel.purpose == purpose).order_by(col(Channel.id))
    )
    return list(session.exec(statement).all())


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
