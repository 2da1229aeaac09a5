"""Things to open as they are changed: links, documents elsewhere, and what people ask for."""

from __future__ import annotations

from bot.domain.change_fields.fields import AUDIENCES, LABEL, TEXT, Body, Field, sample
from bot.domain.programs import Program

RESOURCES = (
    ("webinar", "Webinar"),
    ("packet", "Packet"),
    ("preview", "Preview of the application"),
    ("one_pager", "One-pager"),
    ("rubric", "Rubric"),
    ("team", "The team"),
    ("application", "Application form"),
    ("site", "Web site"),
    ("other", "Something else"),
)


def fields(body: Body, program: Program | None, new: bool) -> tuple[Field, ...]:
    """The form's fields."""
    return (
        Field("title", "Title", "line", most=LABEL),
        Field("kind", "What it is", "choice", choices=RESOURCES),
        Field("url", "Address", "url", optional=True, help="Leave it empty for what people ask you for."),
        Field("note", "In a sentence", "text", optional=True, most=TEXT),
        Field("audience", "Whom it is for", "choice", choices=AUDIENCES, default="all"),
        Field("source", "Where it stands", "line", optional=True),
        *sample(body),
    )
