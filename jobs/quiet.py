"""Quiet kept by the sender, and reminders that were put off."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain.messages import Message
from bot.domain.notices import Notice
from bot.domain.quiet import next_allowed
from bot.services import quiet
from bot.services.quiet import AGAIN, PUT_OFF, Rests
from bot.views import quiet as views
from jobs import entries, follow, homework, posted
from jobs.render import Kind, Kinds, Rendered, Renderer, Scene, Skipped, Update, Urgency
from storage import notices

RENDER: Mapping[str, Renderer] = {kind: entry.render for kind, entry in {**homework.KINDS, **entries.KINDS}.items()}
"""The reminders that may be put off, by their kinds."""


def rest(scene: Scene, kind: Kind) -> datetime | None:
    """Until when a notice waits for its reader's quiet to end; None if it is said now."""
    if not kind.quiet or scene.program is None:
        return None
    until = next_allowed(Rests(scene.session, scene.program).of(scene.notice.target), scene.now)
    return until if until > scene.now else None


def again(scene: Scene) -> Rendered:
    """A reminder that was put off, if it still makes sense to whoever reads it."""
    first = notices.get(scene.session, scene.text("of"))
    if first is None or first.kind not in RENDER:
        return Skipped("what it was about is no longer there")
    # Under its own key, so that it can be put off once more.
    same: Notice = replace(notices.to_notice(first), key=scene.notice.key)
    return RENDER[first.kind](replace(scene, notice=same))


def put_off(scene: Scene) -> Rendered:
    """The reminder says until when it is put off."""
    post = notices.get(scene.session, scene.text("of"))
    if post is None or post.state != "delivered" or not post.posted_channel or not post.posted_ts:
        return follow.update(scene, scene.text("of"), Message(""))
    message = posted.again(scene, post.posted_channel, post.posted_ts)
    if message is not None:
        return Update(post.posted_channel, post.posted_ts, message)
    said = quiet.said_later(scene.session, post.key)
    return posted.GONE if said is None else views.put_off(scene.of_program, said.until, scene.reader_zone)


KINDS: Kinds = {
    AGAIN: Kind(again, urgency=Urgency.PERSON, quiet=True, voice="asker"),
    PUT_OFF: Kind(put_off, urgency=Urgency.ANSWER, voice="asker"),
}
