"""Homework reminders: planned when the program or its people change, made when they are sent."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.homework import MORE_TIME, NUDGE, NUDGE_NOW, POST, before_due
from bot.domain.programs import Assignment, in_break
from bot.services import homework, quiet
from bot.services.homework import FEATURE
from bot.views import homework as views
from bot.views import quiet as quiet_views
from jobs.plan import planner
from jobs.render import Kind, Kinds, Rendered, Scene, Skipped, Urgency
from jobs.words import worded
from storage.people import Organization, Person

GONE = Skipped("the homework is no longer in the program")


def post(scene: Scene) -> Rendered:
    """The one post in the channel."""
    assignment = scene.of_program.assignment(scene.text("homework"))
    if assignment is None:
        return GONE
    if assignment.overdue(scene.now):
        return Skipped("it was due already")
    return _in_break(scene) or views.post(assignment, scene.of_program, scene.now)


def nudge(scene: Scene) -> Rendered:
    """A reminder to somebody whose organization is still missing, unless it has asked for more time."""
    assignment = scene.of_program.assignment(scene.text("homework"))
    if assignment is None:
        return GONE
    if before_due(scene.notice, assignment) and assignment.overdue(scene.now):
        return Skipped("it was due already")
    return _in_break(scene) or _to_one(scene, assignment, None)


def nudge_now(scene: Scene) -> Rendered:
    """A facilitator's own reminder; it also reaches those who have asked for more time."""
    assignment = scene.of_program.assignment(scene.text("homework"))
    if assignment is None:
        return GONE
    facilitator = scene.session.get(Person, scene.number("by"))
    name = facilitator.name if facilitator is not None else ""
    return _in_break(scene) or _to_one(scene, assignment, name or "A facilitator")


def more_time(scene: Scene) -> Rendered:
    """What the facilitators are told, while the organization still owes it."""
    program = scene.of_program
    assignment = program.assignment(scene.text("homework"))
    if assignment is None:
        return GONE
    organization = scene.session.get(Organization, scene.number("organization"))
    person = scene.session.get(Person, scene.number("person"))
    if organization is None or person is None:
        return Skipped("the organization is no longer there")
    return views.more_time(assignment, organization.name, person.user_id, person.name, program)


def _to_one(scene: Scene, assignment: Assignment, by: str | None) -> Rendered:
    found = homework.still_missing(
        session=scene.session,
        program=scene.of_program,
        assignment=assignment,
        person_id=scene.number("person"),
    )
    if isinstance(found, str):
        return Skipped(found)
    if found.wants_time and by is None:
        return Skipped(f"{found.team.organization.name} asked for more time")
    if by is None and quiet.ended(scene.session, scene.notice, scene.number("person")):
        return Skipped(quiet.ENDED)
    later = quiet_views.menu(scene.of_program, scene.notice.opaque_key)
    return views.nudge(assignment, found, scene.of_program, scene.now, scene.reader_zone, by, later)


def _in_break(scene: Scene) -> Skipped | None:
    pause = in_break(scene.of_program, scene.now)
    return Skipped(f"break: {pause.name}") if pause is not None else None


KINDS: Kinds = {
    POST: Kind(worded(post), unheard="again", urgency=Urgency.PROGRAM, merges=True, quiet=True),
    NUDGE: Kind(nudge, late=timedelta(days=1), urgency=Urgency.PROGRAM, merges=True, quiet=True),
    NUDGE_NOW: Kind(nudge_now, late=timedelta(days=1), quiet=True),
    MORE_TIME: Kind(more_time, voice="staff"),
}
plan = planner(FEATURE)
