"""Those who come to a date are told when it moves, is cancelled, or takes place after all."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.moves import gone_by
from bot.domain.programs import Event
from bot.domain.rsvps import TOLD, Told
from bot.services import moves, rsvps
from bot.views import rsvps as views
from jobs.render import Kind, Kinds, Rendered, Scene, Skipped, Urgency
from storage import notices

KNOWN = Skipped("they know it, no longer come, or it is over")


def told(scene: Scene) -> Rendered:
    """One message about everything of theirs that is not as they know it; nothing that they were told or said since."""
    changes = tuple(_changes(scene))
    if not changes:
        return KNOWN
    language = rsvps.language_of(scene.session, scene.number("person"), scene.of_program)
    return views.told(changes, scene.of_program, language, scene.reader_zone)


def _changes(scene: Scene) -> Iterator[Told]:
    session, program = scene.session, scene.of_program
    known = [one for one in rsvps.everybody(session, program.id) if one[0].person_id == scene.number("person")]
    stood = notices.standing(session, program.id, (TOLD,)) if known else ()
    for key in scene.text("events").split():
        found = moves.find(session, program, "events", key)
        if found is None or not isinstance(found.what, Event):
            continue
        history = moves.past(session, program.id, "events", key)
        comers = rsvps.comers_of(found.was, found.after, history, known, stood, but=scene.notice.key)
        for one in comers:
            if one.when != found.after and not gone_by((one.when, found.was.when), scene.now):
                event = found.what if found.after is not None else None
                yield Told(found.was.title, found.was.sample, one.when, event)


KINDS: Kinds = {TOLD: Kind(told, unheard="again", urgency=Urgency.PERSON)}
