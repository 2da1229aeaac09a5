"""What a channel is for: asked of whoever invited the bot, said by somebody who runs a program."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from sqlmodel import Session

from bot.domain.changes import Author, Body, Change, ChangedSince, Stands, Undone
from bot.domain.channels import (
    SINGLE,
    Answering,
    Assigned,
    Channels,
    Foreseen,
    NoProgram,
    NotAllowed,
    Room,
    Setting,
    Shut,
    Use,
    answers,
    exposed,
    is_answering,
    is_use,
)
from bot.domain.notices import Notice, ToPerson
from bot.domain.people import Member, Role, Viewer
from bot.domain.programs import Program
from bot.services import changes, holds, memberships, people
from bot.services.programs import Programs
from storage import channels, notices
from storage import people as rows
from storage import programs as program_rows
from storage import reach as reach_rows
from storage.channels import Channel
from storage.people import Membership, Person

PURPOSE = "channel.purpose"
ASSIGNED = "channel.assigned"
TROUBLE = "channel.trouble"
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
    stands(session, row, archived=False, out=False, now=now)
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
    program = programs.by_id(session, program_id) if program_id is not None else None
    if program is not None:
        # Of two who choose the cohort's channel at once the second takes it over from the first.
        program_rows.hold_by_id(session, program.id)
    concerned = _concerned(setting(session, team, channel), use, program_id)
    if by is not None and not may_set(session, people.meet(session=session, team=team, user=by, now=now), *concerned):
        return NotAllowed(entitled(session, programs, team, *concerned))
    if program is None and use != "none":
        return NoProgram()
    row = note(session, team, channel, room, now)
    return _assign(session, team, row, program, use, by, room, now, answering)


def _assign(
    session: Session,
    team: str,
    row: Channel,
    program: Program | None,
    use: Use,
    by: str | None,
    room: Room | None,
    now: datetime,
    answering: Answering | Literal["usual"] | None,
) -> Assigned:
    before = _body(row)
    _put_to(row, program, use)
    row.set_by, row.set_at = by or "", now
    if answering is not None:
        row.answering = answering if answering != "usual" else None
    replaced = _replaced(session, row) if use in SINGLE else ()
    if room is not None:
        stands(session, row, archived=room.archived, out=not room.member, now=now, tell=False)
    session.add(row)
    session.flush()
    number = _record(session, row, before, replaced, team, by, now)
    if program is not None:
        people.show_again(session, program.id, "admin", "facilitator")
    notices.wake(session)
    return Assigned(
        channel=row.channel_id,
        use=use,
        program=program.name if program else None,
        exposed=exposed(use, private=row.private, shared=row.shared) if room is not None else (),
        instead_of=replaced,
        answering=as_setting(row).answers,
        number=number,
        program_id=row.program_id or before["program"],
    )


def _put_to(row: Channel, program: Program | None, use: Use) -> None:
    """Put a channel to its use; where that is another, it is read anew who is in it."""
    if (row.program_id, row.purpose) != (program.id if program else None, use):
        row.members_read_at = None
    row.program_id, row.purpose = (program.id if program and use != "none" else None), use


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
        shut=shut(row),
    )


def foresee(
    *,
    session: Session,
    programs: Programs,
    team: str,
    by: str,
    channel: str,
    use: Use,
    program_id: int | None,
    room: Room | None,
    now: datetime,
    answering: Answering | Literal["usual"] | None = None,
) -> Foreseen | NotAllowed | NoProgram:
    """What will be if a channel is set like that; changes nothing."""
    person = people.meet(session=session, team=team, user=by, now=now)
    before = setting(session, team, channel)
    concerned = _concerned(before, use, program_id)
    if not may_set(session, person, *concerned):
        return NotAllowed(entitled(session, programs, team, *concerned))
    program = programs.by_id(session, program_id) if program_id is not None else None
    if program is None and use != "none":
        return NoProgram()
    said = before.answering if answering is None else None if answering == "usual" else answering
    instead = channels.for_purpose(session, program.id, use) if program is not None and use in SINGLE else []
    others = [one for one in channels.of_program(session, before.program_id or 0) if one.channel_id != channel]
    serving = channels.for_purpose(session, program.id, use) if program is not None and use != "none" else []
    takes = use in SINGLE or all(one.channel_id == channel for one in serving)
    planned = notices.planned_for(session, program.id, use) if program is not None and use != "none" and takes else 0
    done = Assigned(
        channel=channel,
        use=use,
        program=program.name if program is not None and use != "none" else None,
        exposed=exposed(use, private=room.private, shared=room.shared) if room is not None else (),
        instead_of=tuple(one.channel_id for one in instead if one.channel_id != channel),
        answering=answers(use, said),
    )
    missing = before.use not in ("none", use) and all(one.purpose != before.use for one in others)
    return Foreseen(done, before, program.id if program is not None else None, planned, missing)


def overview(*, session: Session, viewer: Viewer) -> Channels | NotAllowed:
    """The channels of a program as they are set, for those who may say so."""
    if viewer.program is None or not viewer.runs_it:
        return NotAllowed(people.facilitators(session, viewer.program.id) if viewer.program is not None else ())
    every = channels.every(session)
    mine = [row for row in every if row.program_id == viewer.program.id]
    unset = [row for row in every if row.program_id is None and row.set_by is None]
    counts = reach_rows.how_many(session, [row.id or 0 for row in mine])
    return Channels(
        program=viewer.program,
        settings=tuple(as_setting(row) for row in mine),
        unset=tuple(as_setting(row) for row in unset),
        people={row.channel_id: (counts.get(row.id or 0, 0), row.looked_at) for row in mine if row.looked_at},
    )


def shut(row: Channel) -> Shut | None:
    """Why nothing can be said in a channel."""
    if row.archived_at is not None:
        return "archived"
    return "out" if row.out_at is not None else None


def stands(
    session: Session, row: Channel, *, archived: bool, out: bool, now: datetime, tell: bool = True
) -> None:  # fmt: skip
    """Take over whether a channel is archived, and whether the bot is out of it; the facilitators are told once.

    Once something can be said there again they are asked what becomes of what was refused.


    They are not told of what was so when the bot looked for the first time.
    """
    before, since = shut(row), row.archived_at or row.out_at
    row.archived_at = (row.archived_at or now) if archived else None
    row.out_at = (row.out_at or now) if out else None
    session.add(row)
    session.flush()
    why = shut(row)
    if before == why or row.program_id is None or row.purpose == "none":
        return
    people.show_again(session, row.program_id, "admin", "facilitator")
    if why is None and before is not None and since is not None:
        holds.open_again(session=session, room=row, why=before, since=since, now=now)
    if why is None or not tell:
        return
    for tail, target in people.to_facilitators(session, row.program_id).items():
        key = f"{TROUBLE}:{row.id}:{why}:{now:%Y%m%dT%H%M%S}{tail}"
        notices.add(session, Notice(key, TROUBLE, target, now, row.program_id, {"channel": row.id, "why": why}), now)


def happened(
    *, session: Session, team: str, channel: str, what: Literal["archived", "unarchived", "out"], now: datetime
) -> None:
    """Slack tells what became of a channel that is known."""
    row = channels.get(session, team, channel)
    if row is None:
        return
    archived = what == "archived" or (what == "out" and row.archived_at is not None)
    stands(session, row, archived=archived, out=what == "out" or row.out_at is not None, now=now)


def refused(*, session: Session, channel_id: str, why: Shut, now: datetime) -> None:
    """Slack has refused a post there for that: it is so, though nobody has told."""
    row = channels.anywhere(session, channel_id)
    if row is not None and shut(row) is None:
        stands(session, row, archived=why == "archived", out=why == "out", now=now)


def renamed(*, session: Session, team: str, channel: str, name: str) -> None:
    """A channel has another name."""
    row = channels.get(session, team, channel)
    if row is not None and name:
        row.name = name
        session.add(row)
        session.flush()
        if row.program_id is not None:
            people.show_again(session, row.program_id, "admin", "facilitator")


def take_back(
    *, session: Session, programs: Programs, change: Change, author: Author, now: datetime
) -> Undone | ChangedSince | Stands:
    """Set a channel as it was before a change; see `bot.services.changes`."""
    before, after = change.before or {}, change.after or {}
    row = session.get(Channel, int(after.get("row") or 0))
    if row is None or _body(row) != {name: after.get(name) for name in _body(row)}:
        return ChangedSince(change)
    use, program_id = str(before["use"]), before["program"]
    serving = channels.for_purpose(session, program_id, use) if program_id and use in SINGLE else []
    if [one for one in serving if one.id != row.id]:
        return Stands(change, "channel taken")
    if program_id not in (None, change.program_id) and not _may_give_back(session, programs, author, program_id):
        return Stands(change, "channel of another")
    row.purpose, row.program_id, row.answering = use, program_id, before["answering"]
    row.set_by, row.set_at = author.user or "", now
    if use in ("cohort", "applicants"):
        row.members_read_at = row.members_read_at or now
    session.add(row)
    for other in channels.every(session):
        if other.channel_id in after.get("instead_of", ()) and other.purpose == "none":
            other.purpose, other.program_id = str(after["use"]), after["program"]
            session.add(other)
    session.flush()
    for concerned in {program_id, after["program"]} - {None}:
        people.show_again(session, concerned, "admin", "facilitator")
    return Undone(change)


def _may_give_back(session: Session, programs: Programs, author: Author, program_id: int) -> bool:
    """Whether a program that a channel was of is there, and somebody has a say in it; whoever is at the machine has."""
    if programs.by_id(session, program_id) is None:
        return False
    person = session.get(Person, author.person_id) if author.person_id is not None else None
    return author.person_id is None or (person is not None and may_set(session, person, program_id))


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
    return runs_all(person, rows.memberships(session, person.id or 0), *program_ids)


def runs_all(person: Person, held: Iterable[Membership], *program_ids: int) -> bool:
    """The same where the roles that somebody holds were read already."""
    if person.gone or person.bot:
        return False
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


def _concerned(before: Setting, use: Use, program_id: int | None) -> tuple[int, ...]:
    """The programs whose people have a say: the one that a channel is of, and the one that it is to be of."""
    both = (before.program_id, program_id if use != "none" else None)
    return tuple(dict.fromkeys(one for one in both if one is not None))


def _body(row: Channel) -> Body:
    return {"row": row.id, "use": row.purpose, "program": row.program_id, "answering": row.answering}


def _record(
    session: Session, row: Channel, before: Body, replaced: tuple[str, ...], team: str, by: str | None, now: datetime
) -> int | None:
    """Note how a channel was set and is now; None where nothing changed, or where it is of no program."""
    after, program_id = _body(row), row.program_id or before["program"]
    if after == before or program_id is None:
        return None
    person = rows.by_user(session, team, by) if by else None
    return changes.note(
        session=session,
        program_id=program_id,
        kind="channel",
        key=row.channel_id,
        before={**before, "name": row.name},
        after={**after, "name": row.name, "instead_of": list(replaced)},
        by=person.id if person is not None else None,
        now=now,
    )


def _replaced(session: Session, row: Channel) -> tuple[str, ...]:
    assert row.program_id is not None
    session.add(row)
    session.flush()
    others = [one for one in channels.for_purpose(session, row.program_id, row.purpose) if one.id != row.id]
    for one in others:
        one.purpose, one.program_id, one.set_by, one.set_at = "none", None, row.set_by, row.set_at
        session.add(one)
    return tuple(one.channel_id for one in others)
