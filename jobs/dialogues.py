"""What is asked of those who write without a form: the next question, one that is over, and the end."""

from __future__ import annotations

from bot.domain.drafts import Offer
from bot.services import dialogues, drafts
from bot.services.dialogues_desk import ENDED
from bot.services.dialogues_end import PAST, TURN
from bot.views import dialogues as views
from bot.views import drafts as draft_views
from jobs import follow
from jobs.render import Kind, Kinds, Rendered, Scene, Skipped, Urgency


def turn(scene: Scene) -> Rendered:
    """The question that stands now, if this is still the one."""
    number, at = scene.number("dialogue"), scene.number("turn")
    found = dialogues.current(session=scene.session, dialogue_id=number, turn=at)
    if found is None:
        return Skipped("it went on")
    return views.turn(found.state, found.script, found.program_id, f"{number}/{at}", found.language)


def past(scene: Scene) -> Rendered:
    """A question without its buttons, as it is answered."""
    found = dialogues.asked(session=scene.session, dialogue_id=scene.number("dialogue"))
    if found is None:
        return Skipped("it is no longer there")
    script, language = found
    step = scene.notice.refs.get("step")
    message = views.past(script, str(step) if step is not None else None, scene.text("how"), language)
    return follow.update(scene, scene.text("of"), message)


def ended(scene: Scene) -> Rendered:
    """That nothing more is asked, and where the words are."""
    found = dialogues.over(session=scene.session, dialogue_id=scene.number("dialogue"))
    if found is None:
        return Skipped("it is no longer there")
    offer = None
    if found.draft_id is not None:
        described = drafts.described(scene.session, scene.of_program, found.about)
        offer = Offer(found.draft_id, found.about, scene.now, *described)
    buttons = draft_views.buttons(offer) if offer is not None else ()
    return views.ended(found.why, found.how, found.draft_id is not None, found.language, buttons)


KINDS: Kinds = {
    TURN: Kind(turn, urgency=Urgency.ANSWER, followed=True, voice="asker"),
    PAST: Kind(past, voice="mends"),
    ENDED: Kind(ended, urgency=Urgency.ANSWER, voice="asker"),
}
