"""Every kind of notice, and every planner: the one place that knows them all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.deps import Deps
from jobs import (
    channels,
    checkins,
    dates,
    dialogues,
    digest,
    drafts,
    drops,
    entries,
    faq,
    holds,
    home,
    homework,
    moves,
    people,
    personnel,
    questions,
    quiet,
    reach,
    reflections,
    reminders,
    rsvps,
    setup,
    switchboard,
    week,
    welcome,
    which,
)
from jobs.render import Kinds

KINDS: Kinds = {
    **welcome.KINDS,
    **people.KINDS,
    **personnel.KINDS,
    **reach.KINDS,
    **channels.KINDS,
    **checkins.KINDS,
    **reflections.KINDS,
    **drafts.KINDS,
    **drops.KINDS,
    **dialogues.KINDS,
    **dates.KINDS,
    **faq.KINDS,
    **questions.KINDS,
    **entries.KINDS,
    **reminders.KINDS,
    **homework.KINDS,
    **digest.KINDS,
    **week.KINDS,
    **which.KINDS,
    **holds.KINDS,
    **moves.KINDS,
    **rsvps.KINDS,
    **quiet.KINDS,
    **switchboard.KINDS,
}
"""A feature adds its own: `**faq.KINDS`."""

PLANNERS: tuple[Callable[[Deps, datetime], None], ...] = (
    channels.meet_members,
    people.look_up,
    setup.find,
    reach.look,
    reach.count,
    reminders.plan,
    homework.plan,
    digest.plan,
    entries.plan,
    drafts.forget_old,
    drops.read,
    home.publish,
)
"""Called at each tick before sending; each is idempotent and cheap when nothing has changed."""
