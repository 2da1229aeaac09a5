"""A program that is being set up: how far it is, its channels, what people will see, and moving or dropping it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlmodel import Session

from bot.domain import modes
from bot.domain import setup as rules
from bot.domain.channels import Assigned, Room
from bot.domain.people import Member, NotAllowed, Role, Viewer
from bot.domain.programs import Program, Purpose
from bot.domain.setup import (
    PARTS,
    PURPOSES,
    Checklist,
    ChoosingChannel,
    Dropped,
    Flaw,
    Foreseen,
    Gone,
    Look,
    Moved,
    Previewed,
    Rejected,
)
from bot.domain.shifting import Shift, weeks_to
from bot.services import channels, homework, people, planning, reminders, setup_begin
from bot.services import programs as program_service
from bot.services.program_schema import Body
from bot.services.programs import HEADER, Name, Programs
from bot.services.setup_things import kind_of, state_of, things_of
from storage import channels as channel_rows
from storage import people as people_rows
from storage import programs as program_rows
from storage import setup as rows
from storage.setup import SetupRow

POSTS = 12
THROWN_AWAY = "the program was thrown away while it was being set up"


def standing(*, session: Session, program: Program) -> SetupRow | None:
    """The row of a program that is being set up; None for any other."""
    row = rows.of_program(session, program.id)
    return row if row is not None and row.finished_at is None and row.dropped_at is None else None


def checklist(*, session: Session, program: Program, now: datetime) -> Checklist | None:
    """How far a program's set-up is; None for one that is not being set up."""
    row = standing(session=session, program=program)
    if row is None:
        return None
    parts = {part: state_of(things_of(program, row, part, now)) for part in PARTS}
    starts = [one.starts_at for one in program.events]
    dated = [*starts, *(one.due_at for one in program.assignments)]
    return Checklist(
        program=program,
        kind=kind_of(row),
        source=setup_begin.source_name(session, row),
        begun=setup_begin.as_begun(session, row, program),
        parts=parts,
        counts=people.counts(session, program.id),
        organizations=len(people.organizations_owing(session, program.id)),
        unmet=unmet(session, program),
        channels=tuple(one for one in channels.settings(session) if one.program_id == program.id),
        previewed="preview" in row.looked,
        samples=modes.samples(program),
        first=min(dated, default=None),
        span=(min(starts), max(starts)) if starts else None,
    )


def move_all(
    *, session: Session, programs: Programs, viewer: Viewer, start: date | None, now: datetime
) -> Moved | Rejected | NotAllowed | Gone:
    """Take every date to another start, by whole weeks; they are to be looked at again."""
    found = opened(session, viewer)
    if not isinstance(found, SetupRow):
        return found
    program = viewer.of_program
    wrong = rules.start_flaws(start, program.local_day(now))
    if wrong or start is None:
        return Rejected(wrong)
    weeks = weeks_to(setup_begin.first_day(program), start)
    sheet = program_service.sheet(session=session, slug=program.slug)
    assert sheet is not None
    raw, notes = setup_begin.whole(sheet), list[dict[str, str]]()
    items = setup_begin.shifted_items(raw, Shift(weeks, program.zone), notes)
    edits: dict[Name, Body | None] = {
        Name(section, one["id"]): one for section, bodies in items.items() for one in bodies
    }
    edits |= {Name(HEADER, part): {part: body} for part, body in setup_begin.shifted_header(raw, weeks).items()}
    if edits and weeks:
        outcome = program_service.edit(session=session, slug=program.slug, edits=edits, by=viewer.user, now=now)
        if isinstance(outcome, program_service.Rejected):
            return Rejected(tuple(Flaw("start", "other", says) for _, says in outcome.problems))
        found.notes = [one for one in found.notes if one["why"] != "clock"] + notes
        found.looked = [one for one in found.looked if one not in ("dates", "homework", "preview", "moved")] + ["moved"]
        session.add(found)
    after = programs.by_id(session, program.id) or program
    show_again(session, after)
    dated = [one.starts_at for one in after.events] + [one.due_at for one in after.assignments]
    return Moved(after, weeks, min(dated, default=None), len(notes))


def drop(*, session: Session, viewer: Viewer, now: datetime) -> Dropped | NotAllowed | Gone:
    """Throw a set-up away: the program is there no more, and its channels are for nothing."""
    found = opened(session, viewer)
    if not isinstance(found, SetupRow):
        return found
    program = viewer.of_program
    row = program_rows.by_id(session, program.id)
    assert row is not None
    for channel in channel_rows.of_program(session, program.id):
        channel.purpose, channel.program_id, channel.set_by, channel.set_at = "none", None, viewer.user, now
        session.add(channel)
    show_again(session, program)
    for seat in people_rows.roster(session, program.id):
        seat[0].state, seat[0].ended_at, seat[0].set_by = "left", now, viewer.user
        session.add(seat[0])
    found.dropped_at = now
    session.add(found)
    rows.drop(session, row, THROWN_AWAY, now)
    people_rows.mark_home(session, viewer.person_id)
    return Dropped(program.name)


def choosing(*, session: Session, viewer: Viewer, purpose: Purpose) -> ChoosingChannel | NotAllowed | Gone:
    """The form for one channel, with who would be brought into one that is made."""
    found = opened(session, viewer)
    if not isinstance(found, SetupRow):
        return found
    program = viewer.of_program
    here = channel_rows.for_purpose(session, program.id, purpose)
    now = channels.as_setting(here[0]) if here else None
    invited = _invited(session, program, purpose)
    return ChoosingChannel(program, purpose, now, rules.channel_name(program, purpose), invited)


def set_channel(
    *, session: Session, programs: Programs, viewer: Viewer, purpose: Purpose, room: Room, now: datetime
) -> Assigned | NotAllowed | Gone:
    """Say that a channel is for something in the program that is being set up."""
    found = opened(session, viewer)
    if not isinstance(found, SetupRow):
        return found
    outcome = channels.assign(
        session=session,
        programs=programs,
        team=viewer.team,
        by=viewer.user,
        channel=room.channel,
        use=purpose,
        program_id=viewer.of_program.id,
        room=room,
        now=now,
    )
    if not isinstance(outcome, Assigned):
        return refused(session, viewer)
    people_rows.mark_home(session, viewer.person_id)
    return outcome


def preview(*, session: Session, viewer: Viewer, start: int, now: datetime) -> Previewed | NotAllowed | Gone:
    """Everything that will be said in channels from now on, in order, a page of it."""
    found = opened(session, viewer)
    if not isinstance(found, SetupRow):
        return found
    program = viewer.of_program
    posts = sorted(_posts(session, program, now), key=lambda one: (one.at, one.purpose, one.key))
    looked(session, found, "preview")
    people_rows.mark_home(session, viewer.person_id)
    return Previewed(program, tuple(posts[start : start + POSTS]), start, len(posts), _where(session, program), POSTS)


def opened(session: Session, viewer: Viewer) -> SetupRow | NotAllowed | Gone:
    """The set-up of somebody who may go on with it, held against others who do."""
    if viewer.program is None:
        return Gone()
    if not viewer.runs_it:
        return refused(session, viewer)
    program_rows.hold_by_id(session, viewer.program.id)
    row = standing(session=session, program=viewer.program)
    return row if row is not None else Gone(viewer.program)


def refused(session: Session, viewer: Viewer) -> NotAllowed:
    """Who may go on with it instead."""
    program = viewer.program
    return NotAllowed(program, people.facilitators(session, program.id) if program is not None else ())


def looked(session: Session, row: SetupRow, part: Look) -> None:
    """Note that a part was looked through."""
    if part not in row.looked:
        row.looked = [*row.looked, part]
        session.add(row)


def show_again(session: Session, program: Program) -> None:
    """Draw the Homes of those who run the program anew."""
    people.show_again(session, program.id, "facilitator", "admin")


def unmet(session: Session, program: Program) -> tuple[str, ...]:
    """Addresses of people who take part and are nobody in the workspace so far."""
    seats = people.listed(session, program.id)
    return tuple(dict.fromkeys(one.email for one in seats if one.state == "active" and not one.user and one.email))


def _posts(session: Session, program: Program, now: datetime) -> Iterator[Foreseen]:
    whole = replace(program, mode="demo")
    for feature in (reminders.FEATURE, homework.FEATURE):
        for one in planning.wanted(session, whole, feature):
            purpose = getattr(one.notice.target, "purpose", None)
            if one.skip is not None or purpose not in PURPOSES or one.notice.due_at < now:
                continue
            event = program.event(str(one.notice.refs.get("event")))
            assignment = program.assignment(str(one.notice.refs.get("homework")))
            if event is not None or assignment is not None:
                yield Foreseen(one.notice.key, one.notice.due_at, purpose, event, assignment)


def _where(session: Session, program: Program) -> dict[str, str]:
    return {one.purpose: one.channel_id for one in reversed(channel_rows.of_program(session, program.id))}


def _invited(session: Session, program: Program, purpose: Purpose) -> tuple[Member, ...]:
    roles: Mapping[Purpose, tuple[Role, ...]] = {
        "facilitators": ("facilitator", "admin"),
        "cohort": ("participant", "coach", "facilitator", "admin"),
        "applicants": ("applicant", "facilitator", "admin"),
    }
    found = {one.user: one for one in people.members(session, program.id, *roles[purpose]) if one.user}
    return tuple(found.values())
