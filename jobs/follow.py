"""Acting on what another notice has posted: bringing it up to date, or taking it back."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.messages import Message
from jobs.render import Later, Rendered, Scene, Skipped, Update
from storage import notices

SOON = timedelta(seconds=20)
"""How long to wait for a post that is on its way, or of which nobody knows whether it arrived."""


def update(scene: Scene, key: str, message: Message) -> Rendered:
    """Replace what the notice of `key` has posted; what has not been sent yet will be rendered as things are then."""
    post = notices.get(scene.session, key)
    if post is not None and post.state == "delivered" and post.posted_channel and post.posted_ts:
        return Update(post.posted_channel, post.posted_ts, message)
    if post is not None and post.state == "planned":
        return Skipped("it will be said as it is now")
    if post is not None and post.state in ("sending", "unknown"):
        return Later("what it follows is on its way", SOON)
    return Skipped("there is nothing to bring up to date")
