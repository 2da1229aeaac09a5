"""What people have chosen about messages to them, kept by the sender; and what they are told about it."""

from __future__ import annotations

from datetime import datetime

from bot.domain.homework import NUDGE
from bot.domain.notices import NotYet
from bot.domain.rsvps import TOLD
from bot.services import people, quiet, switchboard
from bot.services.programs import Programs
from bot.views import switchboard as views
from jobs.render import Kind, Kinds, Rendered, Scene, Skipped, Update, Upload, Urgency, Withdraw
from storage.people import Person

REMINDERS = (NUDGE, quiet.AGAIN)
"""What reminds somebody of what the channel is told as well."""


OWED = frozenset({TOLD})
"""What somebody hears even though they have paused: of what they said they come to, or they would come in vain."""


def unwanted(scene: Scene, kind: Kind, made: Rendered | NotYet) -> Skipped | None:
    """Why something new is not said to its reader; what is changed or taken back is, whatever they have chosen."""
    if isinstance(made, Update | Withdraw | Skipped) or scene.notice.kind in OWED:
        return None
    why = switchboard.unsaid(
        session=scene.session,
        notice=scene.notice,
        voice=kind.voice,
        waits=kind.quiet,
        reminds=scene.notice.kind in REMINDERS and _of_homework(scene),
        now=scene.now,
    )
    return Skipped(why) if why is not None else None


def _of_homework(scene: Scene) -> bool:
    return scene.notice.kind == NUDGE or "homework" in scene.notice.refs


def back(scene: Scene) -> Rendered:
    """The one line at the end of a pause."""
    person = scene.session.get(Person, scene.number("person"))
    if person is None or person.user_id is None:
        return Skipped("the person is no longer there")
    missed = switchboard.missed(
        session=scene.session,
        person_id=scene.number("person"),
        user=person.user_id,
        since=datetime.fromisoformat(scene.text("since")),
        now=scene.now,
    )
    return views.back(missed, scene.of_program) if missed is not None else Skipped("the pause goes on")


def record_file(scene: Scene) -> Rendered:
    """Somebody's record, for them alone."""
    content, count = switchboard.record_file(
        session=scene.session, programs=Programs(), person_id=scene.number("person")
    )
    name = f"my-record-{scene.of_program.local_day(scene.now)}.csv"
    return Upload(name, "My record", content, views.file_comment(count))


def left(scene: Scene) -> Rendered:
    """The facilitators learn that somebody has left."""
    person = scene.session.get(Person, scene.number("person"))
    if person is None or person.erased_at is not None:
        return Skipped("the person is no longer there")
    return views.told(person.user_id, person.called, scene.of_program)


def goodbye(scene: Scene) -> Rendered:
    """Whoever has left learns how to come back."""
    return views.goodbye(scene.of_program, people.facilitators(scene.session, scene.of_program.id))


KINDS: Kinds = {
    switchboard.BACK: Kind(back, quiet=True, voice="asker"),
    switchboard.RECORD_FILE: Kind(record_file, urgency=Urgency.ANSWER, voice="asker", unheard="again"),
    switchboard.LEFT: Kind(left, voice="staff"),
    switchboard.GOODBYE: Kind(goodbye, urgency=Urgency.ANSWER, voice="asker"),
}
