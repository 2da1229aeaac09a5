"""Channels and what each is for."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from storage.database import UtcDateTime


class Channel(SQLModel, table=True):
    """A channel of a workspace. purpose: cohort, applicants, facilitators or none (asked and declined)."""

    __tablename__ = "channels"
    __table_args__ = (UniqueConstraint("team", "channel_id"),)

    id: int | None = Field(default=None, primary_key=True)
    team: str
    channel_id: str
    name: str = ""
    program_id: int | None = Field(default=None, foreign_key="programs.id", index=True)
    purpose: str = "none"
    private: bool = False
    shared: bool = False
    set_by: str | None = None
    set_at: datetime = Field(sa_type=UtcDateTime)


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
