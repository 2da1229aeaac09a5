"""What is said about check-ins: the receipt, which is brought up to date when the check-in changes."""

from __future__ import annotations

from bot.services import checkins
from bot.views import checkins as views
from jobs.render import Rendered, Renderers, Scene, Skipped, Update
from storage import notices


def receipt(scene: Scene) -> Rendered:
    """The receipt of a check-in as it stands now; of a change, the message that was its receipt so far."""
    checkin_id, program = scene.number("checkin"), scene.of_program
    found = checkins.receipt(session=scene.session, program=program, checkin_id=checkin_id)
    if found is None:
        return Skipped("the check-in is no longer there")
    message = views.receipt(*found)
    for version in range(1, scene.number("version")):
        before = notices.get(scene.session, checkins.receipt_key(program.id, checkin_id, version))
        if before is not None and before.posted_channel is not None and before.posted_ts is not None:
            return Update(before.posted_channel, before.posted_ts, message)
    return message


RENDERERS: Renderers = {checkins.RECEIPT: receipt}
