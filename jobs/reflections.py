"""What is said about reflections: the receipt, and what the cohort sees, each as things stand when it is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot.domain.reflections import Receipt
from bot.services import reflections
from bot.views import reflections as views
from jobs.render import Later, Message, Rendered, Renderers, Scene, Skipped, Update, Withdraw
from storage import notices

SOON = timedelta(seconds=20)
"""How long to wait for a post that is on its way, or of which nobody knows whether it arrived."""
GONE = Skipped("the reflection is no longer there")


def receipt(scene: Scene) -> Rendered:
    """The receipt to its author."""
    found = _found(scene)
    return GONE if found is None else views.receipt(found, scene.reader_zone)


def receipt_change(scene: Scene) -> Rendered:
    """The receipt brought up to date; a new one if the old one never arrived."""
    found = _found(scene)
    if found is None:
        return GONE
    message = views.receipt(found, scene.reader_zone)
    key = f"{reflections.RECEIPT}:{found.handed.id}"
    return _follow(scene, key, lambda channel, ts: Update(channel, ts, message), message)


def cohort_post(scene: Scene) -> Rendered:
    """A reflection that its author shows to the cohort, unless they have thought better of it."""
    found = _found(scene)
    if found is None:
        return GONE
    if reflections.shown_by(session=scene.session, reflection_id=found.handed.id) != scene.notice.key:
        return Skipped("taken back before it was posted")
    return views.cohort_post(found)


def cohort_change(scene: Scene) -> Rendered:
    """The cohort's post brought up to date."""
    found = _found(scene)
    if found is None:
        return GONE
    if reflections.shown_by(session=scene.session, reflection_id=found.handed.id) != scene.text("post"):
        return Skipped("taken back meanwhile")
    message = views.cohort_post(found)
    return _follow(
        scene,
        scene.text("post"),
        lambda channel, ts: Update(channel, ts, message),
        Skipped("it was not posted"),
    )


def cohort_withdrawal(scene: Scene) -> Rendered:
    """The cohort's post taken back."""
    return _follow(scene, scene.text("post"), Withdraw, Skipped("it was not posted"))


def _found(scene: Scene) -> Receipt | None:
    return reflections.by_id(session=scene.session, program=scene.of_program, reflection_id=scene.number("reflection"))


def _follow(
    scene: Scene, key: str, act: Callable[[str, str], Update | Withdraw], without: Message | Skipped
) -> Rendered:
    """Act on what another notice has posted; wait while that is on its way, for it must not slip through."""
    post = notices.get(scene.session, key)
    if post is not None and post.state == "delivered" and post.posted_channel and post.posted_ts:
        return act(post.posted_channel, post.posted_ts)
    if post is not None and post.state == "planned":
        return Skipped("it will be said as it is now")
    if post is not None and post.state in ("sending", "unknown"):
        return Later("what it follows is on its way", SOON)
    return without


RENDERERS: Renderers = {
    reflections.RECEIPT: receipt,
    reflections.RECEIPT_CHANGE: receipt_change,
    reflections.COHORT_POST: cohort_post,
    reflections.COHORT_CHANGE: cohort_change,
    reflections.COHORT_WITHDRAWAL: cohort_withdrawal,
}
