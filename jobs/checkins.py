"""What is said about check-ins: the receipt to its author, brought up to date when the check-in changes."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.messages import Message
from bot.services import checkins
from bot.views import checkins as views
from jobs.render import Later, Rendered, Renderers, Scene, Skipped, Update
from storage import notices

SOON = timedelta(seconds=20)
"""How long to wait for a receipt that is on its way, or of which nobody knows whether it arrived."""
GONE = Skipped("the check-in is no longer there")


def receipt(scene: Scene) -> Rendered:
    """The receipt, as the check-in stands now."""
    return _message(scene) or GONE


def receipt_change(scene: Scene) -> Rendered:
    """The receipt brought up to date; a new one if the old one never arrived."""
    message = _message(scene)
    if message is None:
        return GONE
    before = notices.get(scene.session, checkins.receipt_key(scene.number("checkin")))
    if before is not None and before.state == "delivered" and before.posted_channel and before.posted_ts:
        return Update(before.posted_channel, before.posted_ts, message)
    if before is not None and before.state == "planned":
        return Skipped("the receipt will say it as it is now")
    if before is not None and before.state in ("sending", "unknown"):
        return Later("the receipt is on its way", SOON)
    return message


def _message(scene: Scene) -> Message | None:
    found = checkins.receipt(session=scene.session, program=scene.of_program, checkin_id=scene.number("checkin"))
    return None if found is None else views.receipt(*found)


RENDERERS: Renderers = {checkins.RECEIPT: receipt, checkins.RECEIPT_CHANGE: receipt_change}
