"""What a channel is for: asked of whoever invited the bot, said by somebody who runs a program."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlmodel import Session

from bot.domain.channels import (
    SINGLE,
    Answering,
    Assigned,
    NoProgram,
    NotAllowed,
    Room,
    Setting,
    Use,
    exposed,
    is_answering,
    is_use,
)
from bot.domain.notices import Notice, ToPerson
from bot.domain.people import Member, Role
from bot.services import memberships, people
from bot.services.programs import Programs
from storage import channels, notices
from storage import people as rows
from storage.channels import Channel
from storage.people import Person

PURPOSE = "channel.purpose"
ASSIGNED = "channel.assigned"
MOST_ASKED = 3
RUN: tuple[Role, ...] = ("admin", "facilitator")


def invited(
    *,
    session: Session,
    programs: Programs,
    team: str,
    channel: str,
    inviter: str | None,
    room: Room | None,
    delivery: str,
    now: datetime,
) -> tuple[str, ...]:
    """The bot is in a channel: ask what it is for, unless somebody has said so already; returns who is asked.

    That is the inviter. Where they may not say, or Slack does not tell who it was, it is those who may. `delivery` is
    the event's own key, so that a second invitation asks again and a second delivery does not.
    """
    row = note(session, team, channel, room, now)
    if as_setting(row).said:
        # It may have been set before the bot could see who is in it.
        row.members_read_at = None
        notices.wake(session)
        return ()
    asked = [one.user for one in entitled(session, programs, team) if one.user][:MOST_ASKED]
    if inviter and (not asked or may_set(session, people.meet(session=session, team=team, user=inviter, now=now))):
        asked = [inviter]
    for user in asked:
        refs = {"channel": row.id, "inviter": inviter}
        notice = Notice(f"{PURPOSE}:{delivery}:{user}", PURPOSE, ToPerson(user), now, None, refs)
        notices.add(session, notice, now)
    return tuple(asked)


def assign(
    *,
    session: Session,
    programs: Programs,
    team: str,
    by: str | None,
    channel: str,
    use: Use,
    program_id: int | None,
    room: Room | None,
    now: datetime,
    answering: Answering | Literal["usual"] | None = None,
) -> Assigned | NotAllowed | NoProgram:
    """Say what a channel is for, and when the bot speaks there: as is usual, or None for as it was.

    `by` is a Slack user, or None for whoever sits at the bot's own machine.

    A program has one channel for the cohort and one for the facilitators: an earlier one is for nothing from then on.
    It takes somebody who runs the program, and the one that the channel is of already.
    """
    if by is not None:
        person = people.meet(session=session, team=team, user=by, now=now)
        concerned = {setting(session, team, channel).program_id, program_id if use != "none" else None}
        if not may_set(session, person, *(one for one in concerned if one is not None)):
            return NotAllowed(entitled(session, programs, team, *(one for one in concerned if one is not None)))
    program = programs.by_id(session, program_id) if program_id is not None else None
    if program is None and use != "none":
        return NoProgram()
    row = note(session, team, channel, room, now)
    moved = (row.program_id, row.purpose) != (program.id if program else None, use)
    row.program_id, row.purpose = (program.id if program and use != "none" else None), use
    row.set_by, row.set_at = by or "", now
    if answering is not None:
        row.answering = answering if answering != "usual" else None
    if moved:
        row.members_read_at = None
    replaced = _replaced(session, row) if use in SINGLE else ()
    session.add(row)
    session.flush()
    if program is not None:
        people.show_again(session, program.id, "admin", "facilitator")
    notices.wake(session)
    found = exposed(use, private=row.private, shared=row.shared) if room is not None else ()
    return Assigned(channel, use, program.name if program else None, found, replaced, as_setting(row).answers)


def acknowledge(
    *, session: Session, team: str, user: str, done: Assigned, at: str, ts: str, delivery: str, now: datetime
) -> None:
    """Have the message that asked, which is in conversation `at`, say what was decided."""
    row = channels.get(session, team, done.channel)
    assert row is not None
    refs = {"channel": row.id, "at": at, "ts": ts, "instead_of": " ".join(done.instead_of)}
    notices.add(session, Notice(f"{ASSIGNED}:{delivery}", ASSIGNED, ToPerson(user), now, None, refs), now)


def setting(session: Session, team: str, channel: str) -> Setting:
    """How a channel is set; one that was never heard of is for nothing."""
    row = channels.get(session, team, channel)
    return Setting(channel, "") if row is None else as_setting(row)


def settings(session: Session) -> tuple[Setting, ...]:
    """Every channel that the bot was invited to or told about."""
    return tuple(as_setting(row) for row in channels.every(session))


def as_setting(row: Channel) -> Setting:
    """A row as a value."""
    return Setting(
        channel=row.channel_id,
        name=row.name,
        use=row.purpose if is_use(row.purpose) else "none",
        program_id=row.program_id,
        said=row.set_by is not None or row.purpose != "none",
        private=row.private,
        shared=row.shared,
        answering=row.answering if is_answering(row.answering) else None,
    )


def note(session: Session, team: str, channel: str, room: Room | None, now: datetime) -> Channel:
    """The row of a channel, made at first mention, with what Slack shows of it."""
    row = channels.get(session, team, channel) or Channel(team=team, channel_id=channel, set_at=now)
    row.team = team or row.team
    if room is not None:
        row.name, row.private, row.shared = room.name, room.private, room.shared
    session.add(row)
    session.flush()
    return row


def may_set(session: Session, person: Person, *program_ids: int) -> bool:
    """Whether somebody may say what channels are for: the workspace's admins, and who runs a program.

    Where programs are named, whoever runs all of those.
    """
    if person.gone or person.bot:
        return False
    held = rows.memberships(session, person.id or 0)
    runs = {one.program_id for one in held if one.state == "active" and one.role in RUN}
    return person.workspace_admin or (bool(runs) and runs.issuperset(program_ids))


def entitled(session: Session, programs: Programs, team: str, *program_ids: int) -> tuple[Member, ...]:
    """Everybody who is known to run a program, or one of those named, each once; else the workspace's admins."""
    concerned = program_ids or [program.id for program in programs.all(session)]
    running = [one for program_id in concerned for one in people.members(session, program_id, *RUN)]
    if running:
        return tuple({one.person_id: one for one in running}.values())
    admins = rows.workspace_admins(session, team)
    return tuple(Member(one.id or 0, one.user_id, one.name, "admin", one.zone) for one in admins)


def meet_members(*, session: Session, team: str, channel_id: int, users: tuple[str, ...], now: datetime) -> None:
    """Those who were in a channel before it had its purpose count as if they joined now."""
    row = session.get(Channel, channel_id)
    if row is None or row.members_read_at is not None:
        return
    row.members_read_at = now
    session.add(row)
    memberships.found(session=session, team=team, users=users, room=row, now=now)


def _replaced(session: Session, row: Channel) -> tuple[str, ...]:
    assert row.program_id is not None
    session.add(row)
    session.flush()
    others = [one for one in channels.for_purpose(session, row.program_id, row.purpose) if one.id != row.id]
    for one in others:
        one.purpose, one.program_id, one.set_by, one.set_at = "none", None, row.set_by, row.set_at
        session.add(one)
    return tuple(one.channel_id for one in others)
