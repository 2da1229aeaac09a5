"""What is told of a program in words: milestones, roles and expectations."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.change_fields.fields import TEXT, Body, Field, sample
from bot.domain.programs import Program


def told(*fields: Field) -> Callable[[Body, Program | None, bool], tuple[Field, ...]]:
    """What makes the form of something told: its own fields, then its words and where they stand."""

    def made(body: Body, program: Program | None, new: bool) -> tuple[Field, ...]:
        return (
            *fields,
            Field("text", "In words", "text", most=TEXT),
            Field("source", "Where it stands", "line"),
            *sample(body),
        )

    return made
