"""Acting on what another notice has posted: bringing it up to date, or taking it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.domain.messages import Message
from jobs.render import Later, Rendered, Scene, Skipped, Update, Withdraw
from storage import notices

SOON = timedelta(seconds=20)
"""How long to wait for a post that is on its way, or of which nobody knows whether it arrived."""
NEVER_POSTED = Skipped("what it follows was never posted")


def update(scene: Scene, key: str, message: Message, without: Message | Skipped = NEVER_POSTED) -> Rendered:
    """Replace what the notice of `key` has posted; `without` is said instead if it never was, or cannot be changed."""
    anew = without if isinstance(without, Message) else None
    return _act(scene, key, lambda channel, ts: Update(channel, ts, message, anew), without)


def withdraw(scene: Scene, key: str) -> Rendered:
    """Take back what the notice of `key` has posted."""
    return _act(scene, key, Withdraw, NEVER_POSTED)


def _act(scene: Scene, key: str, act: Callable[[str, str], Update | Withdraw], without: Message | Skipped) -> Rendered:
    """What has not been sent yet will be rendered as things are then; what is on its way must not slip through."""
    post = notices.get(scene.session, key)
    if post is not None and post.state == "delivered" and post.posted_channel and post.posted_ts:
        return act(post.posted_channel, post.posted_ts)
    if post is not None and post.state in ("planned", "held"):
        return Skipped("it will be said as it is now")
    if post is not None and post.state in ("sending", "unknown"):
        return Later("what it follows is on its way", SOON)
    return without
