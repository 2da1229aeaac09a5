"""Gathering what stands first in somebody's menu."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.domain.dates import concern
from bot.domain.menu import Menu
from bot.domain.people import Viewer
from bot.domain.programs import Assignment, next_events
from bot.services import homework, people, questions


def gather(*, session: Session, viewer: Viewer, now: datetime) -> Menu:
    """The menu of somebody at `now`; without a program it has nothing but what everybody can do."""
    program = viewer.program
    if program is None:
        return Menu(viewer)
    runs = viewer.has("facilitator")
    return Menu(
        viewer=viewer,
        questions=len(questions.open_questions(session, program, now)) if runs else 0,
        waiting=people.waiting(session, program.id, 1)[1] if viewer.has("facilitator", "admin") else 0,
        due=_due(session, viewer, now),
        event=next(iter(next_events(program, now, audiences=concern(viewer))), None),
    )


def _due(session: Session, viewer: Viewer, now: datetime) -> Assignment | None:
    """The homework that is due next from somebody's organization, and that has not come in."""
    program, here = viewer.of_program, viewer.organization
    if not viewer.has("participant") or here is None:
        return None
    owed = sorted((one for one in program.assignments if one.owed), key=lambda one: (one.due_at, one.key))
    ahead = [one for one in owed if not one.overdue(now)]
    told = homework.silences(session=session, program=program, assignments=ahead)
    return next((one.assignment for one in told if any(org.id == here.id for org in one.silent)), None)
