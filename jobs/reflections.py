"""What is said about reflections: the receipt, and what the cohort sees, each as things stand when it is sent."""

from __future__ import annotations

from bot.domain.reflections import Receipt
from bot.services import reflections
from bot.views import reflections as views
from jobs import follow
from jobs.render import Kind, Kinds, Rendered, Scene, Skipped, Urgency

GONE = Skipped("the reflection is no longer there")


def receipt(scene: Scene) -> Rendered:
    """The receipt to its author."""
    found = _found(scene)
    return GONE if found is None or found.handed.erased else views.receipt(found, scene.reader_zone)


def receipt_change(scene: Scene) -> Rendered:
    """The receipt brought up to date; a new one if the old one never arrived."""
    found = _found(scene)
    if found is None:
        return GONE
    if found.handed.erased:
        return follow.update(scene, f"{reflections.RECEIPT}:{found.handed.id}", views.erased_receipt(found))
    message = views.receipt(found, scene.reader_zone)
    return follow.update(scene, f"{reflections.RECEIPT}:{found.handed.id}", message, without=message)


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
    return follow.update(scene, scene.text("post"), views.cohort_post(found))


def cohort_withdrawal(scene: Scene) -> Rendered:
    """The cohort's post taken back."""
    return follow.withdraw(scene, scene.text("post"))


def _found(scene: Scene) -> Receipt | None:
    return reflections.by_id(session=scene.session, program=scene.of_program, reflection_id=scene.number("reflection"))


KINDS: Kinds = {
    reflections.RECEIPT: Kind(receipt, urgency=Urgency.ANSWER, voice="asker"),
    reflections.RECEIPT_CHANGE: Kind(receipt_change, voice="asker"),
    reflections.COHORT_POST: Kind(cohort_post, followed=True),
    reflections.COHORT_CHANGE: Kind(cohort_change, voice="mends"),
    reflections.COHORT_WITHDRAWAL: Kind(cohort_withdrawal, voice="always"),
}
