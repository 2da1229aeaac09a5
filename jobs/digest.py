"""The digest by subscription: planned ahead, and made when it is sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.deps import Deps
from bot.services import cards, digest
from bot.views import digest as views
from jobs import follow
from jobs.plan import planner
from jobs.render import Kind, Kinds, Rendered, Scene, Skipped, Urgency


def plan(deps: Deps, now: datetime) -> None:
    """Bring the ledger to what the subscriptions ask for from now on."""
    planner(digest.feature(now))(deps, now)


def report(scene: Scene) -> Rendered:
    """The digest as things stand now, unless it is no longer wanted."""
    found = digest.scheduled(
        session=scene.session,
        program=scene.of_program,
        notice=scene.notice,
        now=scene.now,
        zone=scene.reader_zone,
    )
    return Skipped(found) if isinstance(found, str) else views.message(found, scene.matching_trouble)


def report_change(scene: Scene) -> Rendered:
    """A digest without the questions that are answered since it was sent."""
    key = scene.text("digest")
    found = digest.again(session=scene.session, program=scene.of_program, key=key, zone=scene.reader_zone)
    if found is None:
        return follow.NEVER_POSTED
    return follow.update(scene, key, views.message(found, scene.matching_trouble))


KINDS: Kinds = {
    digest.REPORT: Kind(
        report, late=timedelta(hours=12), urgency=Urgency.SUMMARY, followed=True, quiet=True, voice="staff"
    ),
    cards.DIGEST_CHANGE: Kind(report_change, urgency=Urgency.SUMMARY, voice="staff"),
}
