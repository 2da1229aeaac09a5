"""The parts of a program's header as they are changed: its name, its contact, its hours, the words on its Home."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.change_fields.fields import LABEL, LINES, NUMBER, TEXT, WHOSE, Body, Field, sample
from bot.domain.change_fields.schedules import WEEKDAYS

CLOCK = "On another clock every date keeps its hours: 3:00 pm is 3:00 pm there. What follows is shown first."
_PARTS: Mapping[str, tuple[str, tuple[Field, ...], bool]] = {
    "program": (
        "Name and place",
        (
            Field("name", "Name", "line", most=LABEL),
            Field("summary", "In a sentence", "text", most=TEXT),
            Field("place", "Place", "line", most=LABEL, help="Stands behind every time."),
            Field("zone", "Clock", "zone", help=CLOCK),
            Field("organizer", "Run by", "line"),
            Field("facilitators", "Facilitated by", "lines", most=LINES, help="One name on each line."),
        ),
        False,
    ),
    "contact": (
        "Contact",
        (
            Field("name", "Name", "line", help="Whom people write to when there is no answer."),
            Field("email", "E-mail address", "email"),
        ),
        False,
    ),
    "answers": (
        "Answering questions",
        (
            Field("words", "When you answer", "line", help="In words: “by noon on the next working day”."),
            Field("working_days", "Working days after asking", "number", most=20, codec=NUMBER),
            Field("at", "Until", "time", help=WHOSE),
            Field(
                "wait_minutes",
                "Minutes before I say who has it",
                "number",
                most=1440,
                codec=NUMBER,
                optional=True,
                default="10",
                help="So long people in a channel may answer each other first.",
            ),
        ),
        False,
    ),
    "season": (
        "Season",
        (
            Field("starts", "First day", "day", optional=True),
            Field("ends", "Last day", "day", optional=True),
            Field("words", "In words", "line", optional=True),
        ),
        True,
    ),
    "hours": (
        "Hours expected",
        (
            Field("low", "At least", "number", codec=NUMBER, most=1000),
            Field("high", "At most", "number", codec=NUMBER, most=1000),
            Field("per", "In a", "choice", choices=(("month", "Month"), ("week", "Week")), default="month"),
            Field("words", "In words", "line", help="This is what people read."),
            Field("source", "Where it stands", "line", optional=True),
        ),
        True,
    ),
    "coaching": (
        "Coaching",
        (
            Field("words", "In words", "line"),
            Field("up_to_hours", "Up to so many hours a month", "number", optional=True, codec=NUMBER, most=1000),
            Field("source", "Where it stands", "line", optional=True),
        ),
        True,
    ),
    "home": (
        "Words on the Home",
        (
            Field("about", "What this is", "text", most=TEXT),
            *(
                Field(name, f"For {whom}", "text", optional=True, most=TEXT)
                for name, whom in (
                    ("applicant", "those who apply"),
                    ("participant", "those who take part"),
                    ("coach", "coaches"),
                    ("facilitator", "facilitators"),
                    ("stranger", "everybody else"),
                )
            ),
        ),
        False,
    ),
    "welcome": (
        "Welcome message",
        (
            Field("does", "What I do", "text", most=TEXT),
            Field("readers", "Who reads what", "text", most=TEXT),
            Field("quieten", "How to hear less", "text", most=TEXT),
        ),
        False,
    ),
    "quiet": (
        "Quiet hours",
        (
            Field("from", "Quiet from", "time", optional=True, help="I write to nobody unasked then; it waits."),
            Field("to", "Quiet until", "time", optional=True),
            Field("days", "Whole days", "choices", optional=True, choices=WEEKDAYS),
        ),
        True,
    ),
}
PARTS: Mapping[str, str] = {name: title for name, (title, _, _) in _PARTS.items()}
"""The parts of the header that can be changed, and what each is called."""


def part_fields(part: str, body: Body) -> tuple[Field, ...]:
    """The fields of a part of the header."""
    return (*_PARTS[part][1], *sample(body, "this"))


def may_be_empty(part: str) -> bool:
    """Whether a part of the header may be left out."""
    return _PARTS[part][2]
