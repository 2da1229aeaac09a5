"""Coaching check-ins with all their versions, and the meetings they are about."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field, Session, SQLModel, col, select

from bot.domain.chain import new_salt
from bot.domain.checkins import Content, Entry
from storage.database import UtcDateTime


class Meeting(SQLModel, table=True):
    """One meeting with a coach: what several people write about it belongs together, and its minutes count once."""

    __tablename__ = "coaching_meetings"

    id: int | None = Field(default=None, primary_key=True)
    program_id: int = Field(foreign_key="programs.id", index=True)


class Checkin(SQLModel, table=True):
    """One person's check-in; what it says is in its versions, of which `version` is the latest."""

    __tablename__ = "checkins"
    __table_args__ = (UniqueConstraint("program_id", "receipt"),)

    id: int | None = Field(default=None, primary_key=True)
    program_id: int = Field(foreign_key="programs.id", index=True)
    meeting_id: int = Field(foreign_key="coaching_meetings.id", index=True)
    author_id: int = Field(foreign_key="people.id", index=True)
    receipt: int
    version: int = 1
    created_at: datetime = Field(sa_type=UtcDateTime)


class CheckinVersion(SQLModel, table=True):
    """What a check-in said from `saved_at` on. `key` is of the form it was handed in with, so that it counts once.

    `organizations` are ids, `support` keys of the program's categories. `private_note` is its author's alone.
    Since `erased_at` nothing is left of what was written, only that the meeting was and how long it took. `salt` goes
    into its link of the chain, and goes with the words.
    """

    __tablename__ = "checkin_versions"
    __table_args__ = (UniqueConstraint("checkin_id", "version"),)

    id: int | None = Field(default=None, primary_key=True)
    checkin_id: int = Field(foreign_key="checkins.id", index=True)
    version: int
    key: str = Field(unique=True)
    saved_at: datetime = Field(sa_type=UtcDateTime, index=True)
    coach_id: int = Field(foreign_key="people.id", index=True)
    kind: str
    organizations: list[int] = Field(default=[], sa_column=Column(JSON, nullable=False))
    held_on: date
    minutes: int
    moved: str = Field(repr=False)
    in_the_way: str = Field(default="", repr=False)
    support: list[str] = Field(default=[], sa_column=Column(JSON, nullable=False))
    support_other: str = Field(default="", repr=False)
    next_step: str = Field(repr=False)
    confidence: int
    private_note: str = Field(default="", repr=False)
    salt: str | None = Field(default=None, repr=False)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


Current = tuple[Checkin, CheckinVersion]


def by_key(session: Session, key: str) -> Current | None:
    """The check-in that a form has saved, with the version that it saved."""
    statement = (
        select(Checkin, CheckinVersion)
        .join(CheckinVersion, col(CheckinVersion.checkin_id) == col(Checkin.id))
        .where(CheckinVersion.key == key)
    )
    return session.exec(statement).first()


def current(
    session: Session,
    program_id: int,
    *,
    ids: Iterable[int] | None = None,
    author_id: int | None = None,
    coach_id: int | None = None,
    held_on: date | None = None,
    kind: str | None = None,
    held_from: date | None = None,
    held_before: date | None = None,
    created_after: datetime | None = None,
    created_until: datetime | None = None,
) -> list[Current]:
    """Check-ins of a program as they stand now, oldest first, narrowed by what is given.

    `held_before` and `created_after` are themselves left out, `held_from` and `created_until` are in.
    """
    statement = (
        select(Checkin, CheckinVersion)
        .join(
            CheckinVersion,
            (col(CheckinVersion.checkin_id) == col(Checkin.id)) & (col(CheckinVersion.version) == col(Checkin.version)),
        )
        .where(Checkin.program_id == program_id)
        .order_by(col(Checkin.id))
    )
    if ids is not None:
        statement = statement.where(col(Checkin.id).in_(list(ids)))
    exact = (
        (Checkin.author_id, author_id),
        (CheckinVersion.coach_id, coach_id),
        (CheckinVersion.held_on, held_on),
        (CheckinVersion.kind, kind),
    )
    for column, value in exact:
        if value is not None:
            statement = statement.where(col(column) == value)
    if held_from is not None:
        statement = statement.where(col(CheckinVersion.held_on) >= held_from)
    if held_before is not None:
        statement = statement.where(col(CheckinVersion.held_on) < held_before)
    if created_after is not None:
        statement = statement.where(col(Checkin.created_at) > created_after)
    if created_until is not None:
        statement = statement.where(col(Checkin.created_at) <= created_until)
    return list(session.exec(statement).all())


def of_author(session: Session, author_id: int) -> list[Checkin]:
    """All that somebody has written, in any program, oldest first."""
    return list(session.exec(select(Checkin).where(Checkin.author_id == author_id).order_by(col(Checkin.id))).all())


def of_meetings(session: Session, program_id: int, meetings: Iterable[int]) -> list[Current]:
    """Everything written about some meetings, as it stands now, oldest first."""
    wanted = set(meetings)
    ids = select(Checkin.id).where(Checkin.program_id == program_id, col(Checkin.meeting_id).in_(wanted))
    return current(session, program_id, ids=[one for one in session.exec(ids).all() if one is not None])


def get(session: Session, program_id: int, checkin_id: int) -> Current | None:
    """One check-in of a program as it stands now."""
    return next(iter(current(session, program_id, ids=[checkin_id])), None)


def add_meeting(session: Session, program_id: int) -> int:
    """A new meeting; its id."""
    meeting = Meeting(program_id=program_id)
    session.add(meeting)
    session.flush()
    assert meeting.id is not None
    return meeting.id


def drop_empty_meetings(session: Session, meetings: Iterable[int]) -> None:
    """Forget those of these meetings that nobody writes about any more."""
    for meeting_id in meetings:
        if session.exec(select(Checkin.id).where(Checkin.meeting_id == meeting_id)).first() is None:
            session.delete(session.get_one(Meeting, meeting_id))
    session.flush()


def add(session: Session, checkin: Checkin, content: Content, key: str, now: datetime) -> CheckinVersion:
    """A new version of a check-in that has its place already; the check-in then stands at it."""
    assert checkin.id is not None
    version = CheckinVersion(
        checkin_id=checkin.id,
        version=checkin.version,
        key=key,
        saved_at=now,
        coach_id=content.coach,
        kind=content.kind,
        organizations=list(content.organizations),
        held_on=content.held_on,
        minutes=content.minutes,
        moved=content.moved,
        in_the_way=content.in_the_way,
        support=list(content.support),
        support_other=content.support_other,
        next_step=content.next_step,
        confidence=content.confidence,
        private_note=content.private_note,
        salt=new_salt(),
    )
    session.add_all((checkin, version))
    session.flush()
    return version


def content_of(version: CheckinVersion) -> Content:
    """What a version says, as a value."""
    return Content(
        coach=version.coach_id,
        kind="group" if version.kind == "group" else "one-on-one",
        organizations=tuple(version.organizations),
        held_on=version.held_on,
        minutes=version.minutes,
        moved=version.moved,
        in_the_way=version.in_the_way,
        support=tuple(version.support),
        support_other=version.support_other,
        next_step=version.next_step,
        confidence=version.confidence,
        private_note=version.private_note,
    )


def entry_of(checkin: Checkin, version: CheckinVersion) -> Entry:
    """A check-in as the rules about meetings see it."""
    assert checkin.id is not None
    return Entry(
        id=checkin.id,
        author=checkin.author_id,
        coach=version.coach_id,
        kind=version.kind,
        organizations=frozenset(version.organizations),
        held_on=version.held_on,
        minutes=version.minutes,
        saved_at=version.saved_at,
    )
