"""The welcome, made when it is sent."""

from __future__ import annotations

from bot.domain.notices import Skipped
from bot.services import people as roles
from bot.services import welcome as kinds
from bot.views import welcome as views
from jobs.render import Kind, Kinds, Rendered, Scene, Urgency
from storage import people
from storage.people import Person


def hello(scene: Scene) -> Rendered:
    """What I do, who reads what, your next date, how to make me quieter."""
    person = scene.session.get(Person, scene.number("person"))
    if person is None or person.id is None or person.gone or person.bot:
        return Skipped("the person is not there any more")
    held = people.memberships(scene.session, person.id)
    viewer = roles.as_viewer(session=scene.session, person=person, held=held, program=scene.of_program)
    return views.hello(viewer, scene.now)


# As urgent as an answer, so that who has just written for the first time reads theirs below it.
KINDS: Kinds = {kinds.HELLO: Kind(hello, urgency=Urgency.ANSWER, voice="asker")}
