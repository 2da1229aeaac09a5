"""What people have chosen about the bot's messages to them: a pause, where reminders come, in which language."""

from datetime import datetime

from sqlmodel import Field, Session, SQLModel, col, func, select

from storage.database import UtcDateTime
from storage.notices import NoticeRow
from storage.people import Membership, Person


class Switchboard(SQLModel, table=True):
    """A person's own choices; without a row nothing is chosen.

    They are paused since `paused_at`, until `paused_until` or, without it, until they say so. Nobody is asked why.
    `language` is `en` or `es`, empty for that of what they write.
    """

    __tablename__ = "switchboards"

    person_id: int = Field(foreign_key="people.id", primary_key=True)
    paused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    paused_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    channel_only: bool = False
    language: str | None = None
    set_at: datetime = Field(sa_type=UtcDateTime)


def of_person(session: Session, person_id: int) -> Switchboard | None:
    """What somebody has chosen."""
    return session.get(Switchboard, person_id)


def of_user(session: Session, user: str) -> Switchboard | None:
    """The same by their Slack user id."""
    statement = select(Switchboard).join(Person, col(Person.id) == col(Switchboard.person_id))
    return session.exec(statement.where(Person.user_id == user)).first()


def paused(session: Session, program_id: int) -> list[tuple[Switchboard, Person]]:
    """Who has paused, or had, of those who take part in a program now, by name."""
    inside = select(Membership.person_id).where(Membership.program_id == program_id, Membership.state == "active")
    statement = (
        select(Switchboard, Person)
        .join(Person, col(Person.id) == col(Switchboard.person_id))
        .where(col(Switchboard.person_id).in_(inside), col(Switchboard.paused_at).is_not(None))
        .order_by(col(Person.name), col(Person.id))
    )
    return [(row, person) for row, person in session.exec(statement).all()]


def save(session: Session, row: Switchboard) -> None:
    """Write what has changed."""
    session.add(row)
    session.flush()


def skipped_for(session: Session, user: str, reason: str, since: datetime) -> int:
    """How many notices to somebody were not said for a reason since a moment."""
    statement = select(func.count()).where(
        NoticeRow.to_person == user,
        NoticeRow.state == "skipped",
        NoticeRow.reason == reason,
        col(NoticeRow.settled_at) >= since,
    )
    return session.exec(statement).one()
