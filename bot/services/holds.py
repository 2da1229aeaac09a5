"""Holding all posts of a program or of one channel, and letting them go out again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.domain import holds as rules
from bot.domain.changes import Author, Change, ChangedSince, Stands, Undone
from bot.domain.channels import REFUSED_MEANWHILE, Shut, refused_as_shut
from bot.domain.holds import (
    HELD_VOICES,
    OVER,
    OVER_CHANGE,
    Before,
    Choice,
    Draft,
    Gone,
    Hold,
    Item,
    Looked,
    Made,
    Opened,
    Problems,
    Resumed,
    Room,
    Standing,
    There,
    Wanted,
)
from bot.domain.homework import NUDGE, POST
from bot.domain.modes import about_sample, spoken
from bot.domain.moves import CORRECTION
from bot.domain.notices import DROPPED, Notice, Refs, Target, ToChannel, ToPerson, ToPurpose, Voice
from bot.domain.people import ROLES, NotAllowed, Viewer
from bot.domain.programs import Program
from bot.domain.reminders import EVENT
from bot.services import changes, people
from bot.services.programs import Programs
from bot.services.reflections import COHORT_POST
from storage import channels, notices, week
from storage import holds as rows
from storage import people as people_rows
from storage import programs as program_rows
from storage.channels import Channel
from storage.holds import HoldRow
from storage.notices import NoticeRow

KIND = "hold"
"""The kind of change that this is on record as."""
FORESEEN = (EVENT, POST, NUDGE)
"""What is planned long enough ahead to be told of before it is held."""
REFUSED = (EVENT, POST, CORRECTION, COHORT_POST)
"""What is offered again of what was refused: what was for everybody in the channel."""
SHUT = "shut:"
"""How the request of a hold begins that nobody has made."""
AHEAD = timedelta(days=28)
"""How far an open hold is looked at."""


def keeping(*, session: Session, notice: Notice, voice: Voice, now: datetime) -> int | None:
    """The hold that keeps a notice from being said now; None when it may be. What comes early is asked for its time."""
    if voice not in HELD_VOICES or notice.program_id is None:
        return None
    channel = _channel(session, notice.program_id, notice.target)
    row = rows.at(session, notice.program_id, channel, max(now, notice.due_at))
    return row.id if row is not None else None


def standing(*, session: Session, program: Program, now: datetime) -> Standing:
    """The holds that concern a program: those that hold, that lie ahead, and of which something waits for a choice."""
    found = _holds(session, rows.unended(session, program.id))
    return Standing(program, now, tuple(one for one in found if one.waiting or not one.over(now)))


def opened(*, session: Session, viewer: Viewer, now: datetime) -> Opened | NotAllowed:
    """What is held, and what can be."""
    refused = _refusal(session, viewer)
    if refused is not None:
        return refused
    program = viewer.of_program
    there = standing(session=session, program=program, now=now)
    return Opened(program, now, there.holds, _rooms(session, program))


def hold(
    *, session: Session, viewer: Viewer, draft: Draft, request: str, now: datetime
) -> Made | There | Problems | NotAllowed:
    """Hold posts from now on, or from later on. Handing in the same form twice holds them once.

    Of two who hold the same at once the second is told of the first.
    """
    refused = _refusal(session, viewer)
    if refused is not None:
        return refused
    program = viewer.of_program
    program_rows.hold_by_id(session, program.id)
    before = rows.of_request(session, request)
    if before is not None:
        return _made(session, program, before, now)
    wanted = _read(session, program, draft, now)
    if isinstance(wanted, Problems):
        return wanted
    there = _overlapping(session, program, wanted, now)
    if there is not None:
        return There(program, there, now)
    row = HoldRow(
        program_id=program.id,
        channel=wanted.channel,
        reason=wanted.reason,
        starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
        made_by=viewer.person_id,
        made_at=now,
        request=request,
    )
    rows.add(session, row)
    _ask_at_its_end(session, row, now)
    _note(session, row, None, _body(row), viewer.person_id, now, request)
    _show(session, program.id)
    return _made(session, program, row, now)


def change(
    *, session: Session, viewer: Viewer, hold_id: int, draft: Draft, request: str, now: datetime
) -> Made | There | Before | Gone | Problems | NotAllowed:
    """Give a hold another end or reason; a beginning only as long as it lies ahead. Its channel stays."""
    found = _found(session, viewer, hold_id)
    if not isinstance(found, HoldRow):
        return found
    program = viewer.of_program
    ended = _ended(session, program, found, now)
    if ended is not None:
        return ended
    wanted = _read(session, program, replace(draft, channel=None), now)
    if isinstance(wanted, Problems):
        return wanted
    wanted = replace(wanted, channel=found.channel)
    if found.starts_at <= now:
        wanted = replace(wanted, starts_at=found.starts_at)
    there = _overlapping(session, program, wanted, now, but=hold_id)
    if there is not None:
        return There(program, there, now)
    before = _body(found)
    found.reason, found.starts_at, found.ends_at = wanted.reason, wanted.starts_at, wanted.ends_at
    session.add(found)
    session.flush()
    _ask_at_its_end(session, found, now)
    if _body(found) != before:
        _note(session, found, before, _body(found), viewer.person_id, now, None)
    _show(session, program.id)
    return replace(_made(session, program, found, now), changed=True)


def look(*, session: Session, viewer: Viewer, hold_id: int, now: datetime) -> Looked | Before | Gone | NotAllowed:
    """What a hold keeps, before somebody ends it."""
    found = _found(session, viewer, hold_id)
    if not isinstance(found, HoldRow):
        return found
    if found.ended_at is not None:
        return Before(viewer.of_program, _holds(session, (found,))[0])
    return at_its_end(session=session, program=viewer.of_program, hold_id=hold_id, now=now) or Gone()


def at_its_end(*, session: Session, program: Program, hold_id: int, now: datetime) -> Looked | None:
    """The same for everybody who runs the program; None when there is no such hold."""
    row = rows.get(session, hold_id)
    if row is None or row.program_id != program.id:
        return None
    items = _items(session, program, rows.held(session, hold_id), now)
    return Looked(program, _holds(session, (row,))[0], now, items, _others(session, program, row, now))


def resume(
    *, session: Session, viewer: Viewer, hold_id: int, choice: Choice, now: datetime
) -> Resumed | Before | Gone | NotAllowed:
    """Let posts go out again, and say what was held in one post a channel, or drop it.

    Of two who press at once one has an effect; the other is told what was chosen. What was to be said and is now due
    later than this is said at its time, whatever was chosen.
    """
    found = _found(session, viewer, hold_id)
    if not isinstance(found, HoldRow):
        return found
    if found.ended_at is not None:
        return Before(viewer.of_program, _holds(session, (found,))[0])
    before = _body(found)
    outcome = _end(session, viewer.of_program, found, choice, viewer.person_id, now)
    _note(session, found, before, _body(found), viewer.person_id, now, None)
    return outcome


def take_back(
    *, session: Session, programs: Programs, change: Change, author: Author, now: datetime
) -> Undone | ChangedSince | Stands:
    """Undo a hold: posts go out again, and what was held is said as one. Ending one is not undone, but held anew."""
    row = rows.get(session, int(change.key))
    program = programs.by_id(session, change.program_id)
    if row is None or program is None or _body(row) != change.after:
        return ChangedSince(change)
    if change.before is None:
        _end(session, program, row, "send", author.person_id, now)
        return Undone(change)
    if row.ended_at is not None:
        return Stands(change, "hold resumed")
    starts, ends = change.before["starts_at"], change.before["ends_at"]
    if ends is not None and datetime.fromisoformat(ends) <= now:
        return Stands(change, "hold end past")
    row.starts_at = datetime.fromisoformat(starts)
    row.ends_at = datetime.fromisoformat(ends) if ends is not None else None
    session.add(row)
    session.flush()
    _ask_at_its_end(session, row, now)
    _show(session, program.id)
    return Undone(change)


# What was refused


def open_again(*, session: Session, room: Channel, why: Shut, since: datetime, now: datetime) -> None:
    """Something can be posted in a channel again: what was refused since waits, as after a hold, for a choice."""
    if room.program_id is None:
        return
    found = notices.refused(session, room.program_id, REFUSED, room.channel_id, room.purpose, since)
    waiting = [one for one in found if refused_as_shut(one.reason)]
    if not waiting:
        return
    row = HoldRow(
        program_id=room.program_id,
        channel=room.channel_id,
        reason=REFUSED_MEANWHILE[why],
        starts_at=since,
        ends_at=now,
        made_at=now,
        request=f"{SHUT}{room.id}:{since.isoformat()}",
    )
    hold_id = rows.add(session, row)
    for one in waiting:
        notices.keep_refused(session, one, hold_id)
    _ask_at_its_end(session, row, now)
    _show(session, room.program_id)


# Ending


def _end(
    session: Session, program: Program, row: HoldRow, choice: Choice, person_id: int | None, now: datetime
) -> Resumed:
    """End a hold; what it keeps is let go, or skipped with who has dropped it."""
    assert row.id is not None
    held = rows.held(session, row.id)
    items = _items(session, program, held, now)
    for one in held:
        _release(session, one, choice, person_id, now)
    row.ended_at, row.ended_by, row.chose = now, person_id, choice
    session.add(row)
    session.flush()
    for asked in _questions(session, program, row):
        if asked.state == "delivered" and asked.posted_channel:
            key = f"{OVER_CHANGE}:{asked.id}"
            target = ToChannel(asked.posted_channel)
            refs: Refs = {"hold": row.id, "of": asked.key}
            notices.add(session, Notice(key, OVER_CHANGE, target, now, program.id, refs), now)
    notices.wake(session)
    _show(session, program.id)
    ended = _holds(session, (row,))[0]
    return Resumed(program, ended, choice, items, _others(session, program, row, now))


def _release(session: Session, row: NoticeRow, choice: Choice, person_id: int | None, now: datetime) -> None:
    assert row.id is not None
    row_id = row.id
    if row.due_at > now:
        # It was moved while it was held: it is for later, as if it never had been.
        notices.let_go(session, row, row.due_at, held=False)
    elif choice == "send":
        if notices.let_go(session, row, now):
            week.put(session, row_id, deed="say", person_id=person_id, at=now)
    elif notices.withdraw(session, row, DROPPED, now):
        week.put(session, row_id, deed="skip", person_id=person_id, at=now)


def _ask_at_its_end(session: Session, row: HoldRow, now: datetime) -> None:
    """Have those who run the program asked when a hold ends by itself; a hold whose end moves asks at the new one."""
    if row.ends_at is None:
        return
    for tail, target in people.to_facilitators(session, row.program_id).items():
        key = f"{OVER}:{row.id}:{row.ends_at:%Y%m%dT%H%M}{tail}"
        refs: Refs = {"hold": row.id, "ends": row.ends_at.isoformat()}
        notices.add(session, Notice(key, OVER, target, row.ends_at, row.program_id, refs), now)


def _questions(session: Session, program: Program, row: HoldRow) -> list[NoticeRow]:
    found = notices.standing(session, program.id, (OVER,))
    return [one for one in found if one.refs.get("hold") == row.id]


# Reading


def _made(session: Session, program: Program, row: HoldRow, now: datetime) -> Made:
    made = _holds(session, (row,))[0]
    until = row.ends_at or max(row.starts_at, now) + AHEAD
    foreseen = rows.coming(session, program.id, FORESEEN, row.starts_at, until)
    live = spoken(program)
    kept = [
        one
        for one in foreseen
        if made.channel in (None, _channel(session, program.id, notices.to_notice(one).target))
        and not (program.mode == "live" and about_sample(program, one.refs))
    ]
    return Made(program, made, now, _items(session, live, kept, now))


def _items(session: Session, program: Program, found: Iterable[NoticeRow], now: datetime) -> tuple[Item, ...]:
    rooms = {one.channel_id: one.name for one in channels.of_program(session, program.id)}
    return tuple(_item(session, program, one, rooms, now) for one in found)


def _item(session: Session, program: Program, row: NoticeRow, rooms: Mapping[str, str], now: datetime) -> Item:
    notice = notices.to_notice(row)
    event = program.event(str(row.refs.get("event")))
    homework = program.assignment(str(row.refs.get("homework")))
    person = people_rows.anybody(session, row.to_person) if row.to_person is not None else None
    about = event or homework
    return Item(
        kind=row.kind,
        due_at=row.due_at,
        about=about.title if about is not None else "",
        channel=_channel(session, program.id, notice.target),
        person=person.called if person is not None else None,
        over=(event is not None and event.over(now))
        or (homework is not None and row.kind == POST and homework.overdue(now)),
        sample=about is not None and about.sample,
    )


def _holds(session: Session, found: Iterable[HoldRow]) -> tuple[Hold, ...]:
    listed = tuple(found)
    if not listed:
        return ()
    ids = {one for row in listed for one in (row.made_by, row.ended_by) if one is not None}
    called = {one: person.called for one, person in people_rows.by_ids(session, ids).items()}
    waiting = rows.counts(session, [row.id for row in listed if row.id is not None])
    return tuple(_as_hold(session, row, called, waiting.get(row.id or 0, 0)) for row in listed)


def _as_hold(session: Session, row: HoldRow, called: Mapping[int, str], waiting: int) -> Hold:
    room = channels.anywhere(session, row.channel) if row.channel is not None else None
    choices: dict[str | None, Choice] = {"send": "send", "drop": "drop"}
    return Hold(
        id=row.id or 0,
        program_id=row.program_id,
        channel=row.channel,
        room=room.name if room is not None else "",
        reason=row.reason,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        by=called.get(row.made_by or 0),
        made_at=row.made_at,
        waiting=waiting,
        archived=room is not None and (room.archived_at is not None or room.out_at is not None),
        ended_at=row.ended_at,
        ended_by=called.get(row.ended_by or 0),
        chose=choices.get(row.chose),
        shut=row.request.startswith(SHUT),
    )


def _others(session: Session, program: Program, row: HoldRow, now: datetime) -> tuple[Hold, ...]:
    """What goes on holding something of the same."""
    found = _holds(session, (one for one in rows.unended(session, program.id) if one.id != row.id))
    same = (one for one in found if None in (one.channel, row.channel) or one.channel == row.channel)
    return tuple(one for one in same if not one.over(now) and not one.ahead(now))


def _overlapping(
    session: Session, program: Program, wanted: Wanted, now: datetime, *, but: int | None = None
) -> Hold | None:
    found = _holds(session, (one for one in rows.unended(session, program.id) if one.id != but))
    return next((one for one in found if rules.overlap(wanted, one, now)), None)


def _read(session: Session, program: Program, draft: Draft, now: datetime) -> Wanted | Problems:
    return rules.read(draft, program, _channels(_rooms(session, program)), now)


def _rooms(session: Session, program: Program) -> tuple[Room, ...]:
    """The channels that can be held: those where others are spoken to than who runs the program."""
    found = channels.of_program(session, program.id)
    spoken_in = (one for one in found if one.purpose in ("cohort", "applicants"))
    return tuple(Room(one.channel_id, one.name) for one in spoken_in if one.archived_at is None)


def _channels(rooms: Collection[Room]) -> frozenset[str]:
    return frozenset(one.channel for one in rooms)


def _channel(session: Session, program_id: int, target: Target) -> str | None:
    """Where something would be posted; None for one person's direct message, and while no channel is set."""
    match target:
        case ToChannel(channel):
            return channel
        case ToPurpose(purpose):
            found = channels.for_purpose(session, program_id, purpose)
            return found[0].channel_id if found else None
        case ToPerson():
            return None


# Writing


def _body(row: HoldRow) -> dict[str, object]:
    """A hold as the record of changes has it; why it was held stays with it alone."""
    return {
        "channel": row.channel,
        "starts_at": row.starts_at.isoformat(),
        "ends_at": row.ends_at.isoformat() if row.ends_at is not None else None,
        "chose": row.chose,
    }


def _note(
    session: Session,
    row: HoldRow,
    before: dict[str, object] | None,
    after: dict[str, object],
    by: int | None,
    now: datetime,
    request: str | None,
) -> None:
    changes.note(
        session=session,
        program_id=row.program_id,
        kind=KIND,
        key=str(row.id),
        before=before,
        after=after,
        by=by,
        now=now,
        request=request,
    )


def _show(session: Session, program_id: int) -> None:
    people.show_again(session, program_id, *ROLES)


def _ended(session: Session, program: Program, row: HoldRow, now: datetime) -> Before | None:
    """A hold that is over is ended rather than changed."""
    found = _holds(session, (row,))[0]
    return Before(program, found) if found.over(now) else None


def _found(session: Session, viewer: Viewer, hold_id: int) -> HoldRow | Gone | NotAllowed:
    refused = _refusal(session, viewer)
    if refused is not None:
        return refused
    program_rows.hold_by_id(session, viewer.of_program.id)
    row = rows.get(session, hold_id)
    return row if row is not None and row.program_id == viewer.of_program.id else Gone()


def _refusal(session: Session, viewer: Viewer) -> NotAllowed | None:
    may = viewer.program is not None and viewer.has("facilitator", "admin")
    return None if may else people.not_allowed(session, viewer)
