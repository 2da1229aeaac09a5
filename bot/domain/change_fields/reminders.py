"""Reminders as they are changed: how long before, in the words that people use for it."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.domain.change_fields.dates import EVENTS
from bot.domain.change_fields.fields import LINES, PLAIN, Body, Codec, Field, Unfit, each_line
from bot.domain.programs import MAX_NUDGES, Program, parse_offset

PLACES = (
    ("cohort", "The cohort's channel"),
    ("applicants", "The applicants' channel"),
    ("facilitators", "The facilitators' channel"),
)
OFFSETS_HELP = "One on each line: “1 day before at 09:00”, “on the day at 08:00”, “1 hour before”."


def fields(body: Body, program: Program | None, new: bool) -> tuple[Field, ...]:
    """The form's fields: what is `new` may be about homework or a date, and has the fields of both."""
    kinds = (*EVENTS, ("homework", "Homework"))
    whom = (
        Field("kind", "About what", "choice", choices=kinds, only_new=True),
        Field("to", "Where", "choice", choices=PLACES, only_new=True),
    )
    offsets = Field("offsets", "Reminders", "lines", codec=_OFFSETS, most=LINES, help=OFFSETS_HELP, optional=new)
    homework: tuple[Field, ...] = (
        Field(
            "post",
            "Posted to the channel",
            "line",
            codec=_OFFSETS,
            help="Once: “7 days before at 09:00”.",
            optional=new,
        ),
        Field(
            "nudges",
            "Reminders to those who have handed in nothing",
            "lines",
            codec=_OFFSETS,
            optional=True,
            most=LINES,
            help="At most two, as direct messages: “2 days before at 09:00”, “1 day after at 09:00”.",
        ),
    )
    if new:
        homework = tuple(replace(one, label=f"{one.label} (homework only)") for one in homework)
        return (*whom, offsets, *homework)
    return (*whom, *(homework if body.get("kind") == "homework" else (offsets,)))


def _put_offsets(field: Field, body: Body, text: str, was: Body) -> None:
    lines = [_offset(line) for line in each_line(text)]
    if field.name == "nudges" and len(lines) > MAX_NUDGES:
        raise Unfit("too many", most=MAX_NUDGES)
    if field.name == "offsets" and any(line.endswith("after") or " after at " in line for line in lines):
        raise Unfit("offset after")
    field.set(body, (lines[0] if lines else None) if field.name == "post" else lines)


_AM_PM = re.compile(r"\b(\d{1,2})(?::(\d{2}))?\s*([ap])\.?m\b\.?")
_SMALL = {"a": "1", "an": "1", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "half an": "30"}


def _offset(line: str) -> str:
    """An offset as it is written in a file, from how people write it: 1 day before at 9 am, an hour before."""
    words = " ".join(line.lower().replace(",", " ").split()).lstrip("-•* ").rstrip(".")
    words = re.sub(r"^half an hour", "30 minutes", words)
    words = re.sub(r"^the day (before|after)", r"1 day \1", words)
    words = re.sub(
        r"^(\d+) weeks? ", lambda found: f"{int(found[1]) * 7} days ", re.sub(r"^(a|one) week ", "1 week ", words)
    )
    words = re.sub(r"^(an|a|one|two|three|four|five) ", lambda found: f"{_SMALL[found[1]]} ", words)
    words = re.sub(r"\bmins?\b", "minutes", re.sub(r"\bhrs?\b", "hours", words))
    words = _AM_PM.sub(lambda found: _clock(int(found[1]), found[2] or "00", found[3]), words)
    words = re.sub(r"(before|after|on the day) (\d{1,2}:\d{2})$", r"\1 at \2", words)
    words = re.sub(r" at (\d{1,2})$", r" at \1:00", words)
    try:
        return parse_offset(words).words
    except ValueError:
        raise Unfit("offset", line) from None


def _clock(hour: int, minutes: str, half: str) -> str:
    return f"{hour % 12 + (12 if half == 'p' else 0):02}:{minutes}"


_OFFSETS = Codec(PLAIN.shown, _put_offsets)
