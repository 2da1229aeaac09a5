"""What has come in already: one row for each thing Slack delivered and the bot acted on."""

from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel

from storage.database import UtcDateTime


class Inbound(SQLModel, table=True):
    """One delivery, by its natural key, its team always first."""

    __tablename__ = "inbound"

    key: str = Field(primary_key=True)
    received_at: datetime = Field(sa_type=UtcDateTime)


def noted(session: Session, key: str) -> bool:
    """Whether a delivery was noted."""
    return session.get(Inbound, key) is not None


def first_time(session: Session, key: str, now: datetime) -> bool:
    """Note a delivery; False when it was noted before. The note stands or falls with the caller's transaction."""
    try:
        with session.begin_nested():
            session.connection().execute(insert(Inbound).values(key=key, received_at=now))
    except IntegrityError:
        return False
    return True
