"""Days on which something may not be meant to be: said before it is saved, and saved if it is meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.change_fields import dates
from bot.domain.change_fields.fields import Body
from bot.domain.programs import Program, exists

Warns = Literal["break", "holiday", "before", "after", "twice", "over"]


@dataclass(frozen=True)
class Odd:
    """What is odd about a day, and may be meant: in the form's field, the wall time, and the name of a break."""

    field: str
    why: Warns
    wall: datetime
    name: str = ""


def warnings(section: str, before: Body | None, after: Body | None, program: Program, now: datetime) -> tuple[Odd, ...]:
    """What is odd about the new time of something; of what had that time before nothing is said."""
    known = dict(dates.walls(section, before or {}))
    return tuple(
        one
        for name, wall in dates.walls(section, after or {})
        if known.get(name) != wall
        for one in odds(program, name, wall, now)
        # Those who apply come before it begins.
        if one.why != "before" or (after or {}).get("audience") != "applicants"
    )


def odds(program: Program, name: str, wall: datetime, now: datetime) -> Iterator[Odd]:
    """What is odd about a wall time of the program's."""
    first = wall.replace(tzinfo=program.tz)
    if first.utcoffset() != first.replace(fold=1).utcoffset() and exists(wall, program.zone):
        yield Odd(name, "twice", wall)
    if name == "ends":
        return
    day = wall.date()
    for one in program.breaks:
        if one.covers(day):
            yield Odd(name, "break", wall, one.name)
    for holiday in program.holidays:
        if holiday.on == day:
            yield Odd(name, "holiday", wall, holiday.name)
    if program.starts is not None and day < program.starts:
        yield Odd(name, "before", wall)
    if program.ends is not None and day > program.ends:
        yield Odd(name, "after", wall)
    if first <= now:
        yield Odd(name, "over", wall)
