"""A planner made of a feature's plan: it looks at each tick whether the programs have changed, and only then plans."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from time import monotonic

from bot.deps import Deps
from bot.services import planning
from bot.services.planning import Feature
from storage.database import JOB_PATIENCE, Busy

AT_ONCE = 20
"""Programs that share a transaction: to commit takes longer than to plan most of them."""
TURN = 0.1
"""Seconds after which it takes no further program: whoever else wants to write waits little longer than that."""


def planner(feature: Feature) -> Callable[[Deps, datetime], None]:
    """What `jobs.registry.PLANNERS` holds for a feature. A program that fails undoes nothing of the others."""

    def plan(deps: Deps, now: datetime) -> None:
        with deps.db.read() as session:
            stale = planning.stale(session=session, feature=feature)
        for first in range(0, len(stale), AT_ONCE):
            some = stale[first : first + AT_ONCE]
            try:
                _plan(deps, feature, some, now)
            except Busy:
                raise
            except Exception:
                for slug in some:
                    _plan(deps, feature, (slug,), now)
                raise

    plan.__name__ = f"plan_{feature.name}"
    return plan


def _plan(deps: Deps, feature: Feature, slugs: Sequence[str], now: datetime) -> None:
    """Plan some programs in one transaction, or, where that takes long, in several."""
    with deps.db.read() as session:
        deps.programs.ready(session, slugs)
    left = deque(slugs)
    while left:
        with deps.db.begin(patience=JOB_PATIENCE) as session:
            end = monotonic() + TURN
            while left:
                slug = left.popleft()
                planning.follow(session=session, programs=deps.programs, slug=slug, feature=feature, now=now)
                if monotonic() > end:
                    break
