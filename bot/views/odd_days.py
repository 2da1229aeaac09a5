"""Why a day may not be meant, in words."""

from __future__ import annotations

from datetime import datetime

from bot.domain.odd_days import Odd
from bot.views.times import clock_words, day_words


def warning(found: Odd) -> str:
    """Why a day may not be meant, in a sentence; plain words."""
    day = day_words(found.wall, year=True)
    match found.why:
        case "break":
            return f"{day} is in a break: {found.name}. Nothing is posted then, reminders included."
        case "holiday":
            return f"{day} is a holiday: {found.name}. What I would say unasked waits until the next day."
        case "before":
            return f"{day} is before the program begins."
        case "after":
            return f"{day} is after the program ends."
        case "over":
            return f"{_moment(found.wall)} is over already: nobody is reminded of it."
        case "twice":
            return f"Clocks show {clock_words(found.wall)} twice on {day}, as they go back. I take the first."


def _moment(wall: datetime) -> str:
    return f"{day_words(wall, year=True)}, {clock_words(wall)}"
