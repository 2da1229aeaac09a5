"""Lengths of time in words, and what to write when one was not understood."""

from __future__ import annotations

from bot.domain.hours import Why
from bot.views.blocks import counted

HINT = "1.5 or 1,5 or 90 min all mean the same."


def words(minutes: int) -> str:
    """45 minutes, 2 hours, 1.5 hours, 1 h 20 min."""
    whole, rest = divmod(minutes, 60)
    if whole == 0 and rest:
        return counted(rest, "minute")
    if rest == 0:
        return counted(whole, "hour")
    return f"{whole}.5 hours" if rest == 30 else f"{whole} h {rest} min"


def problem(why: Why) -> str:
    """What works instead, for each way of not being understood."""
    match why:
        case "negative":
            return "Hours can be 0 or more. Try 1.5, or 90 min."
        case "too long":
            return "That is more than 200 hours. Try 1.5, or 90 min."
        case "which unit":
            return "Hours or minutes? Write the unit too, like 90 min or 30 h."
        case "empty" | "not a time":
            return "I can read times like 1.5, 1:30, 90 min or 2 hours 15."
