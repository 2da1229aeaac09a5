"""Whether people come to a date: their answer noted, counted and named, and who is told when the date changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.domain import rsvps as rules
from bot.domain.dates import concern
from bot.domain.modes import spoken
from bot.domain.moves import Comer, Dated, Past, When, named_at
from bot.domain.people import Viewer
from bot.domain.planning import SAID
from bot.domain.programs import Event, Program
from bot.domain.rsvps import (
    PARTS,
    TOLD,
    Answer,
    Answers,
    Cancelled,
    Coming,
    HasMoved,
    NoProgram,
    Noted,
    NotIn,
    NotTheirs,
    Over,
    Pressed,
    Unknown,
)
from bot.services import people
from bot.services import programs as program_service
from bot.services.programs import Programs
from storage import people as people_rows
from storage import programs as program_rows
from storage import rsvps as rows
from storage import switchboard
from storage.notices import NoticeRow
from storage.people import Person
from storage.rsvps import Rsvp

Comers = Sequence[tuple[Rsvp, Person]]


def press(
    *,
    session: Session,
    programs: Programs,
    viewer: Viewer,
    program_id: int | None,
    event_key: str,
    seen: datetime | None,
    coming: bool,
    pressed_at: datetime,
    now: datetime,
) -> Pressed:
    """Note whether somebody comes; of several presses the last on Slack's clock stands, at `pressed_at`.

    `seen` is when the date was to begin as the button was made, None for a button that does not say so.
    """
    if viewer.program is None or viewer.program.id != program_id:
        return NoProgram()
    # While nobody else can move or cancel it: whoever does counts everybody who has said so by then.
    program_rows.hold_by_id(session, program_id)
    program = programs.by_id(session, program_id)
    if program is None:
        return NoProgram()
    program = program if viewer.runs_it else spoken(program)
    language = language_of(session, viewer.person_id, program)
    if not rules.may_say(viewer):
        return _not_in(session, viewer, language)
    event = program.event(event_key)
    if event is None:
        former = program_service.former_event(session=session, program=program, key=event_key)
        if former is None or not _concerns(viewer, former):
            return Unknown(program, language)
        return Over(program, former, language) if former.over(now) else Cancelled(program, former, language)
    if not rules.asked(event) or not _concerns(viewer, event):
        return Unknown(program, language)
    if event.over(now):
        return Over(program, event, language)
    if seen not in (None, event.starts_at):
        return HasMoved(program, event, language)
    return _note(session, viewer, program, event, coming, pressed_at, now, language)


def answers(*, session: Session, viewer: Viewer) -> Answers:
    """What somebody has said of their program's dates, and how many said what: one question to the database."""
    program = viewer.of_program
    return _answers(session, program, viewer.person_id)


def tallies(*, session: Session, program: Program) -> Answers:
    """How many said what of a program's dates."""
    return _answers(session, program, 0)


def coming(*, session: Session, viewer: Viewer, event_key: str) -> Coming | NotTheirs | Unknown | NoProgram:
    """Who comes to a date, for its facilitators."""
    program = viewer.program
    if program is None:
        return NoProgram()
    if not viewer.has("facilitator"):
        return NotTheirs(program, people.facilitators(session, program.id))
    event = program.event(event_key)
    if event is None:
        return Unknown(program, "en")
    found = tuple(
        Answer(row.person_id, person.called, row.coming, row.starts_at != event.starts_at)
        for row, person in rows.of_event(session, program.id, event_key, PARTS)
    )
    said = {one.person_id for one in found}
    others = people.members(session, program.id, "participant", "coach")
    silent = dict.fromkeys((one.person_id, one.name) for one in others if one.person_id not in said)
    return Coming(program, event, found, tuple(sorted(name for _, name in silent)))


def language_of(session: Session, person_id: int, program: Program) -> str:
    """In which language somebody is written to: as they have chosen, else their program's."""
    chosen = switchboard.of_person(session, person_id)
    return (chosen.language if chosen is not None else None) or program.language


# Those who come, when the date changes


def everybody(session: Session, program_id: int) -> Comers:
    """Everybody who comes to any date of a program."""
    return rows.coming(session, program_id, PARTS)


def comers_of(
    dated: Dated,
    when: When | None,
    history: Sequence[Past],
    known: Comers,
    stood: Sequence[NoticeRow],
    *,
    but: str = "",
) -> Iterator[Comer]:
    """Everybody who comes to an event that is at `when` after its `history`, with the time of which they know.

    `known` is `everybody`, `stood` what they were told. `but` leaves out the notice of a key.
    """
    mine = [(row, person) for row, person in known if row.event == dated.key]
    told = _last_told(dated.key, when, history, stood, but) if mine else {}
    for row, person in mine:
        if person.user_id is None or dated.audience == "applicants":
            continue
        at, said = told.get(row.person_id, (row.said_at, None))
        knows = said if row.person_id in told and at >= row.said_at else When(row.starts_at, row.ends_at)
        yield Comer(row.person_id, person.user_id, knows)


def _last_told(
    key: str, when: When | None, history: Sequence[Past], stood: Sequence[NoticeRow], but: str
) -> dict[int, tuple[datetime, When | None]]:
    """When each was told of a date last, by a message of ours to them alone, and of which time."""
    last: dict[int, tuple[datetime, When | None]] = {}
    for row in stood:
        if row.kind != TOLD or row.state not in SAID or row.key == but:
            continue
        if key not in str(row.refs.get("events")).split():
            continue
        if row.settled_at is None and not but:
            # On its way at this moment, perhaps with the time of before: whoever makes the next one knows better.
            continue
        at = row.settled_at or row.due_at
        person = int(row.refs["person"] or 0)
        if person not in last or at >= last[person][0]:
            last[person] = (at, named_at(history, when, at) if row.settled_at else when)
    return last


def _note(
    session: Session,
    viewer: Viewer,
    program: Program,
    event: Event,
    coming: bool,
    pressed_at: datetime,
    now: datetime,
    language: str,
) -> Noted:
    before = rows.of_person(session, program.id, event.key, viewer.person_id)
    new = rows.put(
        session,
        Rsvp(
            program_id=program.id,
            event=event.key,
            person_id=viewer.person_id,
            coming=coming,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            pressed_at=pressed_at,
            said_at=now,
        ),
    )
    stands = rows.of_person(session, program.id, event.key, viewer.person_id)
    assert stands is not None
    if new and (before is None or before.coming != stands.coming or before.starts_at != stands.starts_at):
        people.show_again(session, program.id, "facilitator", "admin")
    return Noted(program, event, stands.coming, language)


def _answers(session: Session, program: Program, person_id: int) -> Answers:
    found = (
        rules.Group(one.event, one.starts_at, one.coming, one.not_coming, None if not one.mine else one.mine == 2)
        for one in rows.grouped(session, program.id, person_id, PARTS)
    )
    return rules.answers(program, found)


def _not_in(session: Session, viewer: Viewer, language: str) -> NotIn:
    program = viewer.of_program
    held = [one for one in people_rows.memberships(session, viewer.person_id) if one.program_id == program.id]
    left = bool(held) and not viewer.roles and all(one.state == "left" for one in held)
    return NotIn(program, language, viewer.pending, left, people.facilitators(session, program.id))


def _concerns(viewer: Viewer, event: Event) -> bool:
    return event.audience in (*concern(viewer), "all")
