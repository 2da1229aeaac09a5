"""The one direct message at first contact: what I do, who reads what, your next date, how to make me quieter."""

from __future__ import annotations

from datetime import datetime

from bot.domain.dates import concern
from bot.domain.messages import Block, Message
from bot.domain.people import Viewer, ordered
from bot.domain.programs import Assignment, Event, Program, next_assignments, next_events
from bot.views import ids
from bot.views.blocks import actions, button, context, esc, link, marked, section
from bot.views.dates import where
from bot.views.times import moment, span
from bot.views.words import ENGLISH, Words

ROLE_WORDS = {
    "applicant": "you are applying",
    "participant": "you take part",
    "coach": "you coach",
    "facilitator": "you facilitate",
    "admin": "you look after the set-up",
}


def hello(viewer: Viewer, now: datetime) -> Message:
    """The welcome of somebody who takes part in `viewer.program`, or waits to be confirmed."""
    program = viewer.of_program
    blocks = [
        section(f"Welcome! {esc(program.welcome.does)}"),
        section(f"*Who reads what*\n{esc(program.welcome.readers)}"),
        section(f"*Your next date*\n{next_date(viewer, now)}"),
        section(f"*Less of me*\n{esc(program.welcome.quieten)}"),
        actions(
            button("Ask a question", ids.ASK_OPEN, ids.reference(program.id), style="primary"),
            button("See the dates", ids.DATES_OPEN, ids.reference(program.id)),
        ),
        context(f"{standing(viewer)} Everything I can do is also under *Home*, at the top of this conversation."),
    ]
    return Message(f"Welcome to {esc(program.name)}: what I do, who reads what, and your next date.", blocks)


def first_steps(viewer: Viewer, value: str) -> list[Block]:
    """The buttons to what somebody of their role does first; `value` names the program."""
    buttons = [
        button("Ask a question", ids.ASK_OPEN, value, style="primary"),
        button("See the dates", ids.DATES_OPEN, value),
    ]
    if viewer.has("participant"):
        buttons.append(button("Hand in a reflection", ids.REFLECTION_OPEN, value))
    if viewer.has("participant", "coach"):
        buttons.append(button("Log a coaching check-in", ids.CHECKIN_OPEN, value))
    return buttons


def standing(viewer: Viewer) -> str:
    """What they are in the program, in a sentence."""
    program = viewer.of_program
    if not viewer.roles:
        return f"The facilitators of {esc(program.name)} confirm you shortly."
    roles = " and ".join(ROLE_WORDS[role] for role in ordered(viewer.roles))
    for_whom = f" for {esc(viewer.organization.name)}" if viewer.organization else ""
    return f"In {esc(program.name)} {roles}{for_whom}."


def next_date(viewer: Viewer, now: datetime) -> str:
    """The next thing that concerns them, with its time and where to go."""
    program = viewer.of_program
    heard = concern(viewer)
    events = next_events(program, now, audiences=heard)
    homework = [one for one in next_assignments(program, now) if "cohort" in heard]
    if homework and (not events or homework[0].due_at < events[0].starts_at):
        return _homework(homework[0], program, viewer.zone)
    if events:
        return event_line(events[0], program, viewer.zone)
    return "Nothing is on the calendar yet. I'll tell you when there is."


def event_line(event: Event, program: Program, zone: str | None, words: Words = ENGLISH) -> str:
    """Wed, Oct 14, 3:00–4:00 pm (St. Louis): Application Office Hours · Join."""
    when = span(event.starts_at, event.ends_at, program, zone, words)
    return f"{when}: {marked(esc(event.title), event.sample, words.sample)}{lead(event, program, words)}"


def lead(event: Event, program: Program, words: Words = ENGLISH) -> str:
    """Where an event leads, to stand behind its line; empty if nowhere."""
    found = where(event, program, words)
    return f" · {marked(link(found[1], found[0]), found[2], words.sample)}" if found else ""


def _homework(assignment: Assignment, program: Program, zone: str | None) -> str:
    title = marked(esc(assignment.title), assignment.sample)
    return f"{moment(assignment.due_at, program, zone)}: {title} is due"
