"""Practice and live: how a program speaks, changing that, what follows from it, and what of it is a sample."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.domain import homework as homework_rules
from bot.domain import modes as rules
from bot.domain import reminders as reminder_rules
from bot.domain.changes import Author, Body, Change, ChangedSince, Stands, Undone
from bot.domain.modes import (
    DUE_IN_PRACTICE,
    Changed,
    Elsewhere,
    Listed,
    Place,
    Ruling,
    Sample,
    Silent,
    Standing,
)
from bot.domain.notices import NO_CHANNEL, Notice, ToChannel, ToPerson, ToPurpose, Voice
from bot.domain.people import ROLES, NotAllowed, Viewer
from bot.domain.programs import MODES, PRACTICE_INS, Mode, PracticeIn, Program
from bot.domain.week import together
from bot.services import changes, people
from bot.services import programs as program_service
from bot.services.programs import Programs
from storage import changes as change_rows
from storage import channels, holds, notices, setup
from storage import programs as rows
from storage.programs import ProgramRow

KIND = "mode"
"""The kind of change that this is on record as."""
AHEAD = timedelta(days=7)


def ruling(*, session: Session, program: Program, notice: Notice, voice: Voice) -> Ruling:
    """Where a notice of a program is to be said now, if at all."""
    found = rules.ruling(program, notice, voice, place(session, notice))
    if isinstance(found, Elsewhere) and practice_room(session, program) is None:
        return Silent(f"{NO_CHANNEL} facilitators")
    return found


def place(session: Session, notice: Notice) -> Place:
    """Where a notice would be read."""
    match notice.target:
        case ToPerson():
            return "direct"
        case ToPurpose(purpose):
            return "facilitators" if purpose == "facilitators" else "channel"
        case ToChannel(channel):
            if channel.startswith("D"):
                return "direct"
            room = channels.anywhere(session, channel)
            theirs = room is not None and room.purpose == "facilitators"
            return "facilitators" if theirs else "channel"


def practice_room(session: Session, program: Program) -> str | None:
    """The channel in which a program speaks in practice."""
    found = channels.for_purpose(session, program.id, "facilitators")
    return found[0].channel_id if found else None


def samples(program: Program) -> tuple[Sample, ...]:
    """All samples of a program, its header's first, in the order of its file."""
    return rules.samples(program)


def listed(*, session: Session, viewer: Viewer) -> Listed | NotAllowed:
    """The same for somebody who can fill them in."""
    refused = _refusal(session, viewer)
    return refused if refused is not None else Listed(viewer.of_program, samples(viewer.of_program))


def look(*, session: Session, viewer: Viewer, now: datetime) -> Standing | NotAllowed:
    """How a program speaks, and what would follow from going live; changes nothing."""
    refused = _refusal(session, viewer)
    if refused is not None:
        return refused
    program = viewer.of_program
    posts, left_out = coming(program, now)
    row = rows.by_id(session, program.id)
    return Standing(
        program=program,
        posts=posts,
        left_out=left_out,
        samples=samples(program),
        facilitators_channel=practice_room(session, program),
        due=len(_held_by_now(session, row, now)) if row is not None else 0,
    )


def coming(program: Program, now: datetime) -> tuple[int, int]:
    """How many posts a program makes in its channels in the next seven days live, and how many more with samples."""
    live = _posts(rules.spoken(replace(program, mode="live")), now, now + AHEAD)
    return live, _posts(program, now, now + AHEAD) - live


def left_out(program: Program, since: datetime, until: datetime) -> int:
    """How many posts of a live program from one moment to another are about samples, so that they are not said."""
    if program.mode != "live":
        return 0
    made_up = replace(
        program,
        events=tuple(one for one in program.events if one.sample),
        assignments=tuple(one for one in program.assignments if one.sample),
    )
    return _posts(made_up, since, until)


def go_live(
    *, session: Session, programs: Programs, viewer: Viewer, request: str, now: datetime
) -> Changed | NotAllowed:
    """Say from now on what falls due from now on where it belongs. Going live twice is going live once.

    What was due in practice is not said again, be it late or held.
    """
    refused = _refusal(session, viewer)
    if refused is not None:
        return refused
    row = _locked(session, viewer.of_program)
    if row.mode == "live" or change_rows.of_request(session, request) is not None:
        return _already(session, programs, row, now)
    for one in _held_by_now(session, row, now):
        notices.withdraw(session, one, DUE_IN_PRACTICE, now)
    setup.finish(session, viewer.of_program.id, now)
    return _changed(session, programs, viewer, row, "live", program_service.practice_in_of(row), request, now)


def back_to_practice(
    *,
    session: Session,
    programs: Programs,
    viewer: Viewer,
    practice_in: PracticeIn,
    request: str,
    now: datetime,
) -> Changed | NotAllowed:
    """Say everything with a label from now on, in the facilitators' channel or nowhere. Twice is once."""
    refused = _refusal(session, viewer)
    if refused is not None:
        return refused
    row = _locked(session, viewer.of_program)
    if (row.mode, row.practice_in) == ("practice", practice_in) or change_rows.of_request(session, request) is not None:
        return _already(session, programs, row, now)
    return _changed(session, programs, viewer, row, "practice", practice_in, request, now)


def take_back(
    *, session: Session, programs: Programs, change: Change, author: Author, now: datetime
) -> Undone | ChangedSince | Stands:
    """Have a program speak as before a change."""
    row = rows.by_id(session, change.program_id)
    if row is None or _body(row) != change.after or change.before is None:
        return ChangedSince(change)
    mode = next(one for one in MODES if one == change.before["mode"])
    practice_in = next(one for one in PRACTICE_INS if one == change.before["practice_in"])
    _speak(session, programs, row, mode, practice_in, now)
    return Undone(change)


def _changed(
    session: Session,
    programs: Programs,
    viewer: Viewer,
    row: ProgramRow,
    mode: Mode,
    practice_in: PracticeIn,
    request: str,
    now: datetime,
) -> Changed:
    before = _body(row)
    program = _speak(session, programs, row, mode, practice_in, now)
    changes.note(
        session=session,
        program_id=program.id,
        kind=KIND,
        key=KIND,
        before=before,
        after=_body(row),
        by=viewer.person_id,
        now=now,
        request=request,
    )
    return Changed(program, mode, practice_in, len(samples(program)), now)


def _speak(
    session: Session, programs: Programs, row: ProgramRow, mode: Mode, practice_in: PracticeIn, now: datetime
) -> Program:
    """Have a program speak otherwise; with its new revision what follows is planned anew at the next tick."""
    program_service.speak(session, row, mode, practice_in, now if mode == "live" else None)
    notices.wake(session)
    people.show_again(session, row.id or 0, *ROLES)
    program = programs.get(session, row.slug)
    assert program is not None
    return program


def _already(session: Session, programs: Programs, row: ProgramRow, now: datetime) -> Changed:
    program = programs.get(session, row.slug)
    assert program is not None
    last = change_rows.last_of(session, program.id, KIND)
    found = changes.get(session, last.id or 0) if last is not None else None
    return Changed(
        program=program,
        mode=program.mode,
        practice_in=program.practice_in,
        samples=len(samples(program)),
        at=found.at if found is not None else now,
        already=True,
        by=found.by if found is not None else None,
    )


def _locked(session: Session, program: Program) -> ProgramRow:
    row = rows.held(session, program.slug)
    assert row is not None
    return row


def _body(row: ProgramRow) -> Body:
    return {"mode": row.mode, "practice_in": row.practice_in}


def _held_by_now(session: Session, row: ProgramRow, now: datetime) -> list[notices.NoticeRow]:
    """What a hold of all posts keeps of what fell due in practice; live it has no one to be said to any more."""
    if row.mode != "practice" or row.id is None:
        return []
    kept = (one for hold in holds.unended(session, row.id) for one in holds.held(session, hold.id or 0))
    return [one for one in kept if one.due_at < now]


def _posts(program: Program, since: datetime, until: datetime) -> int:
    """How many messages the channels get of a program's own accord; what is due within two hours shares one."""
    wanted = (*reminder_rules.plan(program), *homework_rules.plan(program, ()))
    due = [one for one in wanted if one.skip is None and since <= one.notice.due_at < until]
    return len(together(due, lambda one: one.notice.target, lambda one: one.notice.due_at))


def _refusal(session: Session, viewer: Viewer) -> NotAllowed | None:
    may = viewer.program is not None and viewer.runs_it
    return None if may else people.not_allowed(session, viewer)
