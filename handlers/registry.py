"""Every feature's listeners."""

from __future__ import annotations

from collections.abc import Callable

from handlers import channels, checkins, dates, people, reflections
from handlers.listen import Listeners

FEATURES: tuple[Callable[[Listeners], None], ...] = (
    reflections.listen,
    checkins.listen,
    dates.listen,
    people.listen,
    channels.listen,
)
"""Each feature's `listen(on)`, in the order in which the help names their commands."""


def collect() -> Listeners:
    """All listeners, noted and not yet attached."""
    listeners = Listeners()
    for listen in FEATURES:
        listen(listeners)
    return listeners
