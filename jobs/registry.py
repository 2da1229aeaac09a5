"""Every kind of notice with its renderer, and every planner: the one place that knows them all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.deps import Deps
from jobs import (
    channels,
    checkins,
    dates,
    digest,
    entries,
    faq,
    home,
    homework,
    people,
    questions,
    reflections,
    reminders,
    welcome,
)
from jobs.render import Renderers

RENDERERS: Renderers = {
    **welcome.RENDERERS,
    **people.RENDERERS,
    **channels.RENDERERS,
    **checkins.RENDERERS,
    **reflections.RENDERERS,
    **dates.RENDERERS,
    **faq.RENDERERS,
    **questions.RENDERERS,
    **entries.RENDERERS,
    **reminders.RENDERERS,
    **homework.RENDERERS,
    **digest.RENDERERS,
}
"""A feature adds its own: `**faq.RENDERERS`."""

MERGING: frozenset[str] = reminders.MERGING | homework.MERGING
"""Kinds that share a post when they are due in one place within two hours; their renderers give a Part."""

PLANNERS: tuple[Callable[[Deps, datetime], None], ...] = (
    channels.meet_members,
    people.look_up,
    reminders.plan,
    homework.plan,
    digest.plan,
    entries.plan,
    home.publish,
)
"""Called at each tick before sending; each is idempotent and cheap when nothing has changed."""
