"""When people want no messages, and what they want to hear of later, or not again."""

from datetime import datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, Session, SQLModel, col, select

from storage.database import UtcDateTime
from storage.notices import NoticeRow
from storage.people import Membership, Person


class QuietHours(SQLModel, table=True):
    """A person's own quiet hours, in place of their program's: wall times as `20:00`, on the person's own clock.

    `days` are weekdays from Monday as 0, `dates` days as `2020-11-26`. Without a row the program's hours hold.
    """

    __tablename__ = "quiet_hours"

    person_id: int = Field(foreign_key="people.id", primary_key=True)
    starts: str | None = None
    ends: str | None = None
    days: list[int] = Field(default=[], sa_column=Column(JSON, nullable=False))
    dates: list[str] = Field(default=[], sa_column=Column(JSON, nullable=False))
    set_at: datetime = Field(sa_type=UtcDateTime)


class Snooze(SQLModel, table=True):
    """What somebody said under one reminder: once more at `until`, or, without it, not again about this matter.

    One reminder is put off once, by the key of its notice. `about` is a matter of the program: `homework:` or `entry:`.
    """

    __tablename__ = "snoozes"

    id: int | None = Field(default=None, primary_key=True)
    notice_key: str = Field(unique=True)
    program_id: int = Field(foreign_key="programs.id", index=True)
    person_id: int = Field(foreign_key="people.id", index=True)
    about: str
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    pressed_at: datetime = Field(sa_type=UtcDateTime)


def own(session: Session, person_id: int) -> QuietHours | None:
    """The hours that a person has set."""
    return session.get(QuietHours, person_id)


def every(session: Session) -> list[QuietHours]:
    """The hours of everybody who has set some."""
    return list(session.exec(select(QuietHours).order_by(col(QuietHours.person_id))).all())


def clocks(session: Session, program_id: int) -> dict[str, tuple[int, str | None]]:
    """The row and the zone of everybody who holds or held a role in a program, by their user id."""
    inside = select(Membership.person_id).where(Membership.program_id == program_id)
    known = select(Person.user_id, Person.id, Person.zone).where(
        col(Person.id).in_(inside), col(Person.user_id).is_not(None)
    )
    return {user: (person_id or 0, zone) for user, person_id, zone in session.exec(known).all() if user is not None}


def by_opaque(session: Session, opaque_key: str) -> NoticeRow | None:
    """The notice behind a button: its key is there in the form that names nobody."""
    return session.exec(select(NoticeRow).where(NoticeRow.opaque_key == opaque_key)).first()


def snoozed(session: Session, notice_key: str) -> Snooze | None:
    """What was said under one reminder."""
    return session.exec(select(Snooze).where(Snooze.notice_key == notice_key)).first()


def ended(session: Session, program_id: int, person_id: int, about: str) -> bool:
    """Whether somebody wants to hear nothing more about a matter."""
    mine = select(Snooze.id).where(
        Snooze.program_id == program_id,
        Snooze.person_id == person_id,
        Snooze.about == about,
        col(Snooze.until).is_(None),
    )
    return session.exec(mine.limit(1)).first() is not None
