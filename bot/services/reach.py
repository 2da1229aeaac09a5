"""Who the bot does not reach: counted for the Home, listed by why, and what helps each.

Who is in a channel is a picture that a job takes of Slack every few hours; joining and leaving keep it true between.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.domain import lists
from bot.domain.channels import Room as Seen
from bot.domain.notices import Notice, ToPerson
from bot.domain.people import NotAllowed, Viewer, is_role, known_zone, ordered
from bot.domain.programs import Program
from bot.domain.reach import (
    AT_MOST_EVERY,
    COUNT_EVERY,
    LOOK_EVERY,
    SHOWN_ON_HOME,
    WHYS,
    Counts,
    Done,
    Invitation,
    Listing,
    NotThere,
    Overview,
    Reachable,
    Room,
    Several,
    Unreached,
    Why,
    examine,
    is_why,
)
from bot.services import channels as channel_service
from bot.services import people as who
from bot.services import quiet
from bot.services.programs import Programs
from storage import channels, notices, personnel
from storage import people as people_rows
from storage import reach as rows
from storage.channels import Channel
from storage.people import Person
from storage.personnel import Part

HELLO = "reach.hello"
ZONE = "reach.zone"


def look(*, session: Session, viewer: Viewer, now: datetime) -> Overview | NotAllowed:
    """How many are not reached, by why."""
    if viewer.program is None or not viewer.runs_it:
        return who.not_allowed(session, viewer)
    rooms = _rooms(session, viewer.program)
    found = _examine(session, viewer.program, rooms, now)
    return Overview(
        program=viewer.program,
        counts={why: len(some) for why, some in found.items() if some},
        looked_at=_looked_at(rooms),
        unseen=tuple(room for room in rooms if room.looked_at is None and not room.shut),
    )


def listing(*, session: Session, viewer: Viewer, why: str, start: int, now: datetime) -> Listing | NotAllowed:
    """A page of those who are not reached for one reason."""
    if viewer.program is None or not viewer.runs_it:
        return who.not_allowed(session, viewer)
    program = viewer.program
    reason: Why = why if is_why(why) else WHYS[0]
    rooms = _rooms(session, program)
    found = _examine(session, program, rooms, now)[reason]
    here = lists.page(found, start)
    greeted = replace(here, rows=_greeted(session, program, here.rows, now))
    return Listing(program, reason, greeted, _looked_at(rooms))


def counts(*, session: Session, program: Program) -> Counts:
    """What was counted last, for a Home; nothing where nobody is out of reach."""
    row = rows.count(session, program.id)
    if row is None:
        return Counts()
    return Counts({why: int(row.counts[why]) for why in SHOWN_ON_HOME if row.counts.get(why)}, row.counted_at)


def count(*, session: Session, program: Program, now: datetime) -> None:
    """Count anew where that was done some minutes ago; the Homes that show another number are made again."""
    row = rows.count(session, program.id)
    if row is not None and now - row.counted_at < COUNT_EVERY:
        return
    found = _examine(session, program, _rooms(session, program), now)
    differs = rows.keep(session, program.id, {why: len(some) for why, some in found.items() if some}, now)
    if differs and row is not None:
        who.show_again(session, program.id, "facilitator", "admin")


def stale(*, session: Session, programs: Programs, now: datetime) -> tuple[Program, ...]:
    """The programs of which it is time to count again; one read for all of them."""
    known = rows.counted(session)
    return tuple(
        one for one in programs.all(session) if one.id not in known or now - known[one.id] >= COUNT_EVERY
    )  # fmt: skip


# What helps


def hello(*, session: Session, viewer: Viewer, person_id: int, now: datetime) -> Done | NotAllowed | NotThere:
    """Write to somebody what they can do, once a day."""
    return _write(session, viewer, person_id, HELLO, now)


def ask_zone(*, session: Session, viewer: Viewer, person_id: int, now: datetime) -> Done | NotAllowed | NotThere:
    """Ask somebody which clock they live by, once a day."""
    return _write(session, viewer, person_id, ZONE, now)


def hello_all(*, session: Session, viewer: Viewer, chosen: Sequence[int], now: datetime) -> Several | NotAllowed:
    """Write to several people what they can do, to each once a day."""
    return _write_all(session, viewer, chosen, HELLO, now)


def ask_zones(*, session: Session, viewer: Viewer, chosen: Sequence[int], now: datetime) -> Several | NotAllowed:
    """Ask several people which clock they live by, each once a day."""
    return _write_all(session, viewer, chosen, ZONE, now)


def give_zone(
    *, session: Session, viewer: Viewer, chosen: Sequence[int], zone: str, now: datetime
) -> Several | NotAllowed | None:
    """Say which clock several people live by whose own is not known; None where there is no such zone."""
    if viewer.program is None or not viewer.runs_it:
        return who.not_allowed(session, viewer)
    found = known_zone(zone)
    if found is None:
        return None
    without = {one.somebody.person_id: one.somebody.name for one in _of_why(session, viewer.program, "zone", now)}
    mine = [one for one in dict.fromkeys(chosen) if one in without]
    for person_id in mine:
        _live_by(session, person_id, found)
    return Several(tuple(without[one] for one in mine), settled=len(set(chosen)) - len(mine))


def set_zone(*, session: Session, viewer: Viewer, zone: str) -> str | None:
    """Somebody says which clock they live by; None where there is no such zone."""
    found = known_zone(zone)
    return found if found is not None and _live_by(session, viewer.person_id, found) else None


def invitation(
    *, session: Session, viewer: Viewer, person_id: int, now: datetime
) -> Invitation | NotAllowed | NotThere:  # fmt: skip
    """The channel that somebody is to be invited into."""
    found = invitations(session=session, viewer=viewer, chosen=(person_id,), now=now)
    if isinstance(found, NotAllowed):
        return found
    return found[0] if found else NotThere()


def invitations(
    *, session: Session, viewer: Viewer, chosen: Sequence[int], now: datetime
) -> tuple[Invitation, ...] | NotAllowed:
    """The same for several, without those who are there by now."""
    if viewer.program is None or not viewer.runs_it:
        return who.not_allowed(session, viewer)
    found = {one.somebody.person_id: one for one in _of_why(session, viewer.program, "channel", now)}
    mine = [found[one] for one in dict.fromkeys(chosen) if one in found]
    return tuple(Invitation(one.somebody, one.room) for one in mine if one.room is not None)


def invited(*, session: Session, invitation: Invitation) -> Done:
    """They are in the channel now, which Slack will tell as well."""
    rows.joined(session, invitation.room.row, invitation.somebody.person_id)
    return Done(invitation.somebody.name)


def look_again(*, session: Session, viewer: Viewer, now: datetime) -> NotAllowed | None:
    """Have Slack asked again who is in the channels, unless it was just asked."""
    if viewer.program is None or not viewer.runs_it:
        return who.not_allowed(session, viewer)
    for row in channels.of_program(session, viewer.program.id):
        if row.looked_at is None or now - row.looked_at >= AT_MOST_EVERY:
            row.look_after = None
            session.add(row)
    session.flush()
    notices.wake(session)
    return None


# The picture


def due(*, session: Session, now: datetime) -> tuple[int, str] | None:
    """The channel to be looked at next, by its row and its id."""
    row = rows.to_look_at(session, now)
    return (row.id or 0, row.channel_id) if row is not None else None


def seen(*, session: Session, row_id: int, room: Seen, users: Sequence[str], now: datetime) -> None:
    """Take over what Slack shows of a channel and who is in it."""
    row = session.get(Channel, row_id)
    if row is None:
        return
    row.name, row.private, row.shared = room.name or row.name, room.private, room.shared
    known = bool(rows.how_many(session, [row_id]))
    session.add(row)
    channel_service.stands(session, row, archived=room.archived, out=not room.member, now=now, tell=known)
    row.looked_at, row.look_after = now, now + LOOK_EVERY
    session.add(row)
    session.flush()
    rows.put(session, row, set(users))


def unseen(*, session: Session, row_id: int, gone: bool, now: datetime) -> None:
    """Slack did not show a channel: because the bot is not in it (`gone`), or for now."""
    row = session.get(Channel, row_id)
    if row is None:
        return
    if gone:
        known = bool(rows.how_many(session, [row_id]))
        channel_service.stands(session, row, archived=row.archived_at is not None, out=True, now=now, tell=known)
    # It is not asked about at every beat.
    row.look_after = now + (LOOK_EVERY if gone else COUNT_EVERY)
    session.add(row)
    session.flush()


def moved(*, session: Session, team: str, user: str, channel: str, inside: bool) -> None:
    """Somebody joined or left a channel."""
    row, person = channels.get(session, team, channel), people_rows.by_user(session, team, user)
    if row is None or row.id is None or row.looked_at is None or person is None or person.id is None:
        return
    if inside:
        rows.joined(session, row.id, person.id)
    else:
        rows.left(session, row.id, person.id)


# Inside


def _write(session: Session, viewer: Viewer, person_id: int, kind: str, now: datetime) -> Done | NotAllowed | NotThere:
    found = _write_all(session, viewer, (person_id,), kind, now)
    if isinstance(found, NotAllowed):
        return found
    if found.settled:
        return NotThere()
    return Done((*found.names, *found.again)[0], again=bool(found.again))


def _write_all(
    session: Session, viewer: Viewer, chosen: Sequence[int], kind: str, now: datetime
) -> Several | NotAllowed:
    if viewer.program is None or not viewer.runs_it:
        return who.not_allowed(session, viewer)
    program = viewer.program
    known = {one.person_id: one for one in _everybody(session, program)}
    names: list[str] = []
    again: list[str] = []
    for person_id in dict.fromkeys(chosen):
        one = known.get(person_id)
        if one is None or one.user is None or one.gone:
            continue
        refs = {"person": person_id, "by": viewer.person_id}
        notice = Notice(_key(kind, program, person_id, now), kind, ToPerson(one.user), now, program.id, refs)
        (names if notices.add(session, notice, now) else again).append(one.name)
    return Several(tuple(names), tuple(again), len(set(chosen)) - len(names) - len(again))


def _key(kind: str, program: Program, person_id: int, now: datetime) -> str:
    return f"{kind}:{program.id}:{program.local_day(now)}:{person_id}"


def _greeted(session: Session, program: Program, found: Sequence[Unreached], now: datetime) -> tuple[Unreached, ...]:
    """Each with whether something was written to them today already."""
    kinds = {one.somebody.person_id: ZONE if one.why == "zone" else HELLO for one in found}
    keys = {_key(kind, program, person, now): person for person, kind in kinds.items()}
    today = {keys[key] for key in notices.by_keys(session, keys)}
    return tuple(replace(one, greeted=one.somebody.person_id in today) for one in found)


def _live_by(session: Session, person_id: int, zone: str) -> bool:
    """Put somebody on a clock; False where there is nobody."""
    person = session.get(Person, person_id)
    if person is None:
        return False
    person.zone = zone
    session.add(person)
    session.flush()
    quiet.moved_zone(session, person_id)
    people_rows.mark_home(session, person_id)
    return True


def _of_why(session: Session, program: Program, why: Why, now: datetime) -> tuple[Unreached, ...]:
    return _examine(session, program, _rooms(session, program), now)[why]


def _examine(
    session: Session, program: Program, rooms: Sequence[Room], now: datetime
) -> Mapping[Why, tuple[Unreached, ...]]:
    inside = rows.members(session, [room.row for room in rooms])
    return examine(_everybody(session, program), rooms, inside, rows.refused(session, program.id), now)


def _everybody(session: Session, program: Program) -> list[Reachable]:
    gathered: dict[int, list[Part]] = {}
    for row in personnel.inside(session, program.id):
        if is_role(row.role):
            gathered.setdefault(row.person_id, []).append(row)
    return [_reachable(person_id, held) for person_id, held in gathered.items()]


def _reachable(person_id: int, held: Sequence[Part]) -> Reachable:
    first = held[0]
    active = [row for row in held if row.state == "active"]
    return Reachable(
        person_id=person_id,
        user=first.user_id,
        name=first.called,
        email=first.email,
        roles=ordered(filter(is_role, (row.role for row in active))),
        organization=next((row.home for row in active if row.home is not None), None),
        waits=next((row.membership_id for row in held if row.state == "pending"), None),
        guest=first.guest,
        gone=first.gone,
        zone=first.zone,
        opened=first.home_opened_at is not None,
        since=min(row.since for row in held),
    )


def _rooms(session: Session, program: Program) -> tuple[Room, ...]:
    return tuple(
        Room(
            row=row.id or 0,
            channel=row.channel_id,
            name=row.name,
            purpose=row.purpose,
            looked_at=row.looked_at,
            shut=row.archived_at is not None or row.out_at is not None,
        )
        for row in channels.of_program(session, program.id)
        if row.purpose != "none"
    )


def _looked_at(rooms: Sequence[Room]) -> datetime | None:
    return min((room.looked_at for room in rooms if room.looked_at is not None), default=None)
