"""Breaks and holidays as they are changed."""

from __future__ import annotations

from bot.domain.change_fields.fields import Body, Field, sample
from bot.domain.programs import Program


def fields(body: Body, program: Program | None, new: bool) -> tuple[Field, ...]:
    """A break's fields."""
    return (
        Field("name", "Name", "line"),
        Field("from", "First day", "day"),
        Field("to", "Last day", "day", help="Nothing is posted on these days, and nobody is missing."),
        *sample(body),
    )


def holiday_fields(body: Body, program: Program | None, new: bool) -> tuple[Field, ...]:
    """A holiday's fields."""
    return (
        Field("name", "Name", "line"),
        Field("on", "Day", "day", help="What I would say unasked on that day waits until the next."),
        *sample(body),
    )
