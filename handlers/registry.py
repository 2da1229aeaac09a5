"""Every feature's listeners."""

from __future__ import annotations

from collections.abc import Callable

from handlers import (
    changes,
    channels,
    checkins,
    convene,
    dates,
    dialogues,
    digest,
    drafts,
    drops,
    entries,
    faq,
    find,
    holds,
    home,
    homework,
    manage,
    messages,
    modes,
    moves,
    organizations,
    people,
    personnel,
    questions,
    quiet,
    reach,
    reflections,
    rsvps,
    setup,
    switchboard,
    view_as,
    week,
    which,
)
from handlers.listen import Listeners

FEATURES: tuple[Callable[[Listeners], None], ...] = (
    faq.listen,
    reflections.listen,
    checkins.listen,
    drafts.listen,
    drops.listen,
    dialogues.listen,
    dates.listen,
    rsvps.listen,
    moves.listen,
    changes.listen,
    quiet.listen,
    switchboard.listen,
    homework.listen,
    convene.listen,
    home.listen,
    setup.listen,
    manage.listen,
    find.listen,
    people.listen,
    personnel.listen,
    organizations.listen,
    reach.listen,
    view_as.listen,
    channels.listen,
    digest.listen,
    week.listen,
    modes.listen,
    holds.listen,
    questions.listen,
    entries.listen,
    messages.listen,
)
"""Each feature's `listen(on)`, in the order in which the help names their commands."""


def collect() -> Listeners:
    """All listeners, noted and not yet attached."""
    listeners = Listeners()
    for listen in FEATURES:
        listen(listeners)
    which.Which(listeners)
    return listeners
