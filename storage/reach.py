"""Who is in which channel, as it was when Slack was last asked; and how many people cannot be reached, by why."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, delete, func, insert, or_
from sqlmodel import Field, Session, SQLModel, col, select

from storage.channels import Channel
from storage.database import UtcDateTime
from storage.notices import NoticeRow
from storage.people import Person

AT_ONCE = 500
"""As many ids go into one question, whatever the database."""


class ChannelMember(SQLModel, table=True):
    """That somebody is in a channel. `Channel.looked_at` says as of when; those whom the bot never met are left out."""

    __tablename__ = "channel_members"

    channel_id: int = Field(foreign_key="channels.id", primary_key=True)
    person_id: int = Field(foreign_key="people.id", primary_key=True, index=True)


class ReachCount(SQLModel, table=True):
    """How many people of a program cannot be reached, by why, as counted last: what a Home shows."""

    __tablename__ = "reach_counts"

    program_id: int = Field(foreign_key="programs.id", primary_key=True)
    counts: dict[str, Any] = Field(default={}, sa_column=Column(JSON, nullable=False))
    counted_at: datetime = Field(sa_type=UtcDateTime)


def to_look_at(session: Session, now: datetime) -> Channel | None:
    """The channel of a program that Slack is to be asked about next, if there is one."""
    statement = (
        select(Channel)
        .where(col(Channel.program_id).is_not(None), col(Channel.team) != "")
        .where(or_(col(Channel.look_after).is_(None), col(Channel.look_after) <= now))
        .order_by(col(Channel.look_after).is_not(None), col(Channel.look_after), col(Channel.id))
    )
    return session.exec(statement.limit(1)).first()


def put(session: Session, channel: Channel, users: Collection[str]) -> None:
    """Take over who is in a channel, in place of what was known."""
    assert channel.id is not None
    known: set[int] = set()
    every = sorted(users)
    for start in range(0, len(every), AT_ONCE):
        some = col(Person.user_id).in_(every[start : start + AT_ONCE])
        found = session.exec(select(Person.id).where(some, Person.team == channel.team)).all()
        known |= {one for one in found if one is not None}
    session.connection().execute(delete(ChannelMember).where(col(ChannelMember.channel_id) == channel.id))
    if known:
        rows = [{"channel_id": channel.id, "person_id": one} for one in sorted(known)]
        session.connection().execute(insert(ChannelMember), rows)


def joined(session: Session, channel_id: int, person_id: int) -> None:
    """Somebody is in a channel now."""
    if session.get(ChannelMember, (channel_id, person_id)) is None:
        session.add(ChannelMember(channel_id=channel_id, person_id=person_id))
        session.flush()


def left(session: Session, channel_id: int, person_id: int) -> None:
    """Somebody is in a channel no more."""
    same = (col(ChannelMember.channel_id) == channel_id) & (col(ChannelMember.person_id) == person_id)
    session.connection().execute(delete(ChannelMember).where(same))


def members(session: Session, channels: Iterable[int]) -> set[tuple[int, int]]:
    """Who is in some channels, by the rows of both."""
    inside = col(ChannelMember.channel_id).in_(list(channels))
    found = session.exec(select(ChannelMember.channel_id, ChannelMember.person_id).where(inside)).all()
    return {(channel, person) for channel, person in found}


def how_many(session: Session, channels: Iterable[int]) -> dict[int, int]:
    """How many known people are in each of some channels."""
    inside = col(ChannelMember.channel_id).in_(list(channels))
    statement = select(ChannelMember.channel_id, func.count()).where(inside).group_by(col(ChannelMember.channel_id))
    return dict(session.exec(statement).all())


def refused(session: Session, program_id: int) -> dict[str, tuple[datetime, str]]:
    """To whom Slack has refused a message of a program: the last one by the reader's user id, when, and Slack's code.

    Those who got one since are left out.
    """
    mine = (NoticeRow.program_id == program_id, col(NoticeRow.to_person).is_not(None))
    no = select(NoticeRow.to_person, NoticeRow.settled_at, NoticeRow.reason).where(*mine, NoticeRow.state == "refused")
    last: dict[str, tuple[datetime, str]] = {}
    for user, at, reason in session.exec(no.order_by(col(NoticeRow.settled_at))).all():
        if user is not None and at is not None:
            last[user] = (at, reason or "")
    if not last:
        return {}
    got = select(NoticeRow.to_person, func.max(NoticeRow.settled_at)).where(*mine, NoticeRow.state == "delivered")
    users = sorted(last)
    for start in range(0, len(users), AT_ONCE):
        some = col(NoticeRow.to_person).in_(users[start : start + AT_ONCE])
        for user, at in session.exec(got.where(some).group_by(col(NoticeRow.to_person))).all():
            if user is not None and at is not None and at > last[user][0]:
                del last[user]
    return last


def count(session: Session, program_id: int) -> ReachCount | None:
    """What was counted last."""
    return session.get(ReachCount, program_id)


def counted(session: Session) -> dict[int, datetime]:
    """When each program was counted last, of those that ever were."""
    found = session.exec(select(ReachCount.program_id, ReachCount.counted_at)).all()
    return {program_id: at for program_id, at in found if program_id is not None}


def keep(session: Session, program_id: int, counts: Mapping[str, int], now: datetime) -> bool:
    """Write down what was counted; whether it differs from before."""
    row = session.get(ReachCount, program_id) or ReachCount(program_id=program_id, counted_at=now)
    differs = row.counts != dict(counts)
    row.counts, row.counted_at = dict(counts), now
    session.add(row)
    session.flush()
    return differs
