"""What is next for somebody, and the calendar file they ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.domain import dates
from bot.domain.dates import Agenda
from bot.domain.notices import Notice, ToPerson
from bot.domain.people import Viewer
from bot.domain.programs import Event, Program
from bot.domain.rsvps import may_say
from bot.services import rsvps
from storage import notices

CALENDAR = "dates.calendar"


@dataclass(frozen=True)
class NoProgram:
    """There is no program, or it cannot be told which one is meant."""


@dataclass(frozen=True)
class Ordered:
    """The file is on its way to a direct message: of one event, or, with `event` None, of all that lies ahead."""

    event: Event | None


@dataclass(frozen=True)
class Over:
    """The event that a button was for has taken place."""

    event: Event


@dataclass(frozen=True)
class NotTheirs:
    """There is no such event any more, or it is not for them."""

    program: Program


@dataclass(frozen=True)
class NothingAhead:
    """There is nothing that could stand in a file."""

    program: Program


def look(*, session: Session, viewer: Viewer, now: datetime) -> Agenda | NoProgram:
    """What lies ahead for somebody, with what was said of who comes."""
    if viewer.program is None:
        return NoProgram()
    concerned = may_say(viewer) or viewer.has("admin")
    answers = rsvps.answers(session=session, viewer=viewer) if concerned else None
    return dates.agenda(viewer, viewer.program, now, answers)


def order_file(
    *, session: Session, viewer: Viewer, event_key: str, request: str, now: datetime
) -> Ordered | Over | NotTheirs | NothingAhead | NoProgram:
    """Plan the direct message with the calendar file; `request` makes it once, `event_key` is empty for everything."""
    program = viewer.program
    if program is None:
        return NoProgram()
    event = program.event(event_key) if event_key else None
    if event_key:
        if event is None or not _concerns(viewer, event):
            return NotTheirs(program)
        if event.over(now):
            return Over(event)
    elif not dates.agenda(viewer, program, now).events:
        return NothingAhead(program)
    refs = {"person": viewer.person_id, "event": event.key if event else None}
    notice = Notice(f"{CALENDAR}:{request}", CALENDAR, ToPerson(viewer.user), now, program.id, refs)
    notices.add(session, notice, now)
    return Ordered(event)


def in_file(*, viewer: Viewer, event_key: str | None, now: datetime) -> tuple[Event, ...]:
    """The events that a file for somebody holds now: the one asked for, or all that lies ahead; empty if none does."""
    ahead = dates.agenda(viewer, viewer.of_program, now).events
    return tuple(event for event in ahead if event_key in (None, event.key))


def _concerns(viewer: Viewer, event: Event) -> bool:
    return event.audience in (*dates.concern(viewer), "all")
