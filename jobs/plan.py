"""A planner made of a feature's plan: it looks at each tick whether the programs have changed, and only then plans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.deps import Deps
from bot.services import planning
from bot.services.planning import Feature
from storage.database import JOB_PATIENCE


def planner(feature: Feature) -> Callable[[Deps, datetime], None]:
    """What `jobs.registry.PLANNERS` holds for a feature; each program is planned in a transaction of its own."""

    def plan(deps: Deps, now: datetime) -> None:
        with deps.db.read() as session:
            stale = planning.stale(session=session, programs=deps.programs, feature=feature)
        for program in stale:
            with deps.db.begin(patience=JOB_PATIENCE) as session:
                planning.follow(session=session, programs=deps.programs, slug=program.slug, feature=feature, now=now)

    plan.__name__ = f"plan_{feature.name}"
    return plan
