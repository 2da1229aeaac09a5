"""Every feature's listeners."""

from __future__ import annotations

from collections.abc import Callable

from handlers import (
    channels,
    checkins,
    convene,
    dates,
    digest,
    drafts,
    entries,
    faq,
    home,
    homework,
    messages,
    moves,
    people,
    questions,
    quiet,
    reflections,
    week,
)
from handlers.listen import Listeners

FEATURES: tuple[Callable[[Listeners], None], ...] = (
    faq.listen,
    reflections.listen,
    checkins.listen,
    drafts.listen,
    dates.listen,
    moves.listen,
    quiet.listen,
    homework.listen,
    convene.listen,
    home.listen,
    people.listen,
    channels.listen,
    digest.listen,
    week.listen,
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
    return listeners
