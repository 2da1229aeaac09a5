"""The calendar file, made when it is sent."""

from __future__ import annotations

from bot.domain.notices import Skipped
from bot.services import dates
from bot.services import people as roles
from bot.views import calendar_file
from bot.views import dates as views
from jobs.render import Kind, Kinds, Rendered, Scene, Urgency
from storage import people
from storage.people import Person


def calendar(scene: Scene) -> Rendered:
    """The file that somebody asked for, with the dates as they are now."""
    person = scene.session.get(Person, scene.number("person"))
    if person is None or person.id is None:
        return Skipped("the person is not there any more")
    program = scene.of_program
    held = people.memberships(scene.session, person.id)
    viewer = roles.as_viewer(session=scene.session, person=person, held=held, program=program)
    wanted = scene.notice.refs["event"]
    events = dates.in_file(viewer=viewer, event_key=None if wanted is None else str(wanted), now=scene.now)
    if not events:
        return Skipped("nothing of what was asked for lies ahead any more")
    return views.file(program, events, calendar_file.write(program, events, scene.now), scene.reader_zone)


KINDS: Kinds = {dates.CALENDAR: Kind(calendar, urgency=Urgency.ANSWER, voice="asker")}
