"""Friday's word: what will be said next week, kept up to date while facilitators decide about it."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.week import WORD, WORD_CHANGE, next_monday
from bot.services import week
from bot.views import week as views
from jobs import follow
from jobs.render import Kind, Kinds, Rendered, Scene, Skipped, Urgency
from storage import notices


def word(scene: Scene) -> Rendered:
    """The week to come as it stands now, unless nobody wants to know any more."""
    found = week.scheduled(session=scene.session, program=scene.of_program, notice=scene.notice, now=scene.now)
    return Skipped(found) if isinstance(found, str) else views.message(found)


def word_change(scene: Scene) -> Rendered:
    """The word that was said about a week, as that week stands now."""
    said = notices.get(scene.session, scene.text("word"))
    if said is None:
        return follow.NEVER_POSTED
    program = scene.of_program
    monday = next_monday(program, said.due_at)
    found = week.gather(session=scene.session, program=program, monday=monday, now=scene.now)
    return follow.update(scene, said.key, views.message(found))


KINDS: Kinds = {
    WORD: Kind(word, late=timedelta(days=2), unheard="again", urgency=Urgency.SUMMARY, followed=True, voice="staff"),
    WORD_CHANGE: Kind(word_change, urgency=Urgency.ANSWER, voice="staff"),
}
