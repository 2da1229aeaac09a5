"""The digest by subscription: planned ahead, and made when it is sent."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.deps import Deps
from bot.services import digest
from bot.views import digest as views
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


KINDS: Kinds = {digest.REPORT: Kind(report, late=timedelta(hours=12), urgency=Urgency.SUMMARY, quiet=True)}
