"""A hold that ended by itself: those who run the program are asked what becomes of what was held."""

from __future__ import annotations

from bot.domain.holds import OVER, OVER_CHANGE
from bot.services import holds
from bot.views import holds as views
from jobs import follow
from jobs.render import Kind, Kinds, Rendered, Scene, Skipped

GONE = Skipped("there is no such hold")


def over(scene: Scene) -> Rendered:
    """The question, unless somebody has resumed before, or the hold ends at another time."""
    found = holds.at_its_end(
        session=scene.session, program=scene.of_program, hold_id=scene.number("hold"), now=scene.now
    )
    if found is None:
        return GONE
    if found.hold.ended_at is not None:
        return Skipped("somebody resumed before it ended")
    if found.hold.ends_at is None or found.hold.ends_at.isoformat() != scene.text("ends"):
        return Skipped("the hold was given another end")
    return views.over(found)


def over_change(scene: Scene) -> Rendered:
    """The question says what was chosen, and by whom."""
    found = holds.at_its_end(
        session=scene.session, program=scene.of_program, hold_id=scene.number("hold"), now=scene.now
    )
    return GONE if found is None else follow.update(scene, scene.text("of"), views.over_settled(found))


KINDS: Kinds = {
    OVER: Kind(over, unheard="again", followed=True, voice="staff"),
    OVER_CHANGE: Kind(over_change, voice="staff"),
}
"""Its end is a moment that somebody has chosen: the question waits for no quiet."""
