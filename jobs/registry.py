"""Every kind of notice, and every planner: the one place that knows them all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.deps import Deps
from jobs import (
    channels,
    checkins,
    dates,
    digest,
    drafts,
    entries,
    faq,
    home,
    homework,
    moves,
    people,
    questions,
    quiet,
    reflections,
    reminders,
    week,
    welcome,
)
from jobs.render import Kinds

KINDS: Kinds = {
    **welcome.KINDS,
    **people.KINDS,
    **channels.KINDS,
    **checkins.KINDS,
    **reflections.KINDS,
    **drafts.KINDS,
    **dates.KINDS,
    **faq.KINDS,
    **questions.KINDS,
    **entries.KINDS,
    **reminders.KINDS,
    **homework.KINDS,
    **digest.KINDS,
    **week.KINDS,
    **moves.KINDS,
    **quiet.KINDS,
}
"""A feature adds its own: `**faq.KINDS`."""

PLANNERS: tuple[Callable[[Deps, datetime], None], ...] = (
    channels.meet_members,
    people.look_up,
    reminders.plan,
    homework.plan,
    digest.plan,
    entries.plan,
    drafts.forget_old,
    home.publish,
)
"""Called at each tick before sending; each is idempotent and cheap when nothing has changed."""
