"""Which program is meant: the question where somebody wrote."""

from __future__ import annotations

from datetime import timedelta

from bot.services import which
from bot.services.programs import Programs
from bot.views import which as views
from jobs.render import Kind, Kinds, Rendered, Scene, Skipped, Urgency
from storage.people import Person


def ask(scene: Scene) -> Rendered:
    """A button for each program that they may mean, as things stand now."""
    person = scene.session.get(Person, scene.number("person"))
    if person is None or person.user_id is None:
        return Skipped("the person is not there any more")
    choices = which.among(
        session=scene.session,
        programs=Programs(),
        team=person.team,
        user=person.user_id,
        channel=None,
        now=scene.now,
    )
    if not choices:
        return Skipped("it has become clear meanwhile")
    return views.ask(choices, f"message {person.user_id}/{scene.text('ts')}/{scene.text('thread')}")


KINDS: Kinds = {which.ASK: Kind(ask, late=timedelta(minutes=30), urgency=Urgency.ANSWER, voice="asker")}
