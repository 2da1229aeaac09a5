"""What is said about check-ins: the receipt to its author, brought up to date when the check-in changes."""

from __future__ import annotations

from bot.domain.messages import Message
from bot.services import checkins
from bot.views import checkins as views
from jobs import follow
from jobs.render import Kind, Kinds, Rendered, Scene, Skipped, Urgency

GONE = Skipped("the check-in is no longer there")


def receipt(scene: Scene) -> Rendered:
    """The receipt, as the check-in stands now."""
    return _message(scene) or GONE


def receipt_change(scene: Scene) -> Rendered:
    """The receipt brought up to date; a new one if the old one never arrived."""
    message = _message(scene)
    if message is None:
        return GONE
    return follow.update(scene, checkins.receipt_key(scene.number("checkin")), message, without=message)


def _message(scene: Scene) -> Message | None:
    found = checkins.receipt(session=scene.session, program=scene.of_program, checkin_id=scene.number("checkin"))
    return None if found is None else views.receipt(*found)


KINDS: Kinds = {
    checkins.RECEIPT: Kind(receipt, urgency=Urgency.ANSWER),
    checkins.RECEIPT_CHANGE: Kind(receipt_change),
}
