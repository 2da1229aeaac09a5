"""Event reminders: planned when a program changes, made when they are sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.notices import Skipped
from bot.domain.programs import in_break
from bot.domain.reminders import EVENT
from bot.services.reminders import FEATURE
from bot.views import reminders as views
from jobs.plan import planner
from jobs.render import Kind, Kinds, Rendered, Scene, Urgency
from jobs.words import worded


def event(scene: Scene) -> Rendered:
    """The announcement, if it still makes sense to make it."""
    program = scene.of_program
    found = program.event(scene.text("event"))
    if found is None:
        return Skipped("the event is no longer in the program")
    if found.starts_at != datetime.fromisoformat(scene.text("starts")):
        return Skipped("the event was moved meanwhile")
    if found.over(scene.now):
        return Skipped("the event was over")
    pause = in_break(program, scene.now)
    if pause is not None:
        return Skipped(f"break: {pause.name}")
    return views.part(found, program, scene.now)


KINDS: Kinds = {
    EVENT: Kind(
        worded(event), late=timedelta(days=1), unheard="again", urgency=Urgency.PROGRAM, merges=True, quiet=True
    ),
}
plan = planner(FEATURE)
