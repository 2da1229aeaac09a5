"""What is said about check-ins: the receipt to its author, brought up to date when the check-in changes."""

from __future__ import annotations

from bot.domain.checkins import Meeting, Receipt
from bot.services import checkins
from bot.views import checkins as views
from jobs import follow
from jobs.render import Kind, Kinds, Rendered, Scene, Skipped, Urgency

GONE = Skipped("the check-in is no longer there")


def receipt(scene: Scene) -> Rendered:
    """The receipt, as the check-in stands now."""
    found = _found(scene)
    return GONE if found is None or _is_erased(found) else views.receipt(*found)


def receipt_change(scene: Scene) -> Rendered:
    """The receipt brought up to date; a new one if the old one never arrived."""
    found = _found(scene)
    if found is None:
        return GONE
    key = checkins.receipt_key(scene.number("checkin"))
    if _is_erased(found):
        return follow.update(scene, key, views.erased_receipt(found[0]))
    message = views.receipt(*found)
    return follow.update(scene, key, message, without=message)


def _found(scene: Scene) -> tuple[Receipt, Meeting] | None:
    return checkins.receipt(session=scene.session, program=scene.of_program, checkin_id=scene.number("checkin"))


def _is_erased(found: tuple[Receipt, Meeting]) -> bool:
    return any(voice.own and voice.erased for voice in found[1].voices)


KINDS: Kinds = {
    checkins.RECEIPT: Kind(receipt, urgency=Urgency.ANSWER, voice="asker"),
    checkins.RECEIPT_CHANGE: Kind(receipt_change, voice="asker"),
}
