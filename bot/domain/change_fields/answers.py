"""Answers as they are changed, with other ways to ask and with Spanish."""

from __future__ import annotations

from bot.domain.change_fields.fields import AUDIENCES, LINES, TEXT, Body, Codec, Field, sample
from bot.domain.programs import Program


def fields(body: Body, program: Program | None, new: bool) -> tuple[Field, ...]:
    """The form's fields."""
    spanish = ("translations", "es")
    return (
        Field("question", "Question, as people ask it", "line", help="Leave out names."),
        Field("answer", "Answer", "text", most=TEXT, help="Links are written [words](https://…)."),
        Field(
            "phrasings",
            "Other ways to ask it",
            "lines",
            optional=True,
            most=LINES,
            help="One on each line, as people type them.",
        ),
        Field("source", "Where it stands", "line", help="Shown under the answer."),
        Field("audience", "Who may be told", "choice", choices=AUDIENCES, default="all"),
        Field("owner", "Looked after by", "line", help="A facilitator's name: I remind them when its time is up."),
        Field(
            "until",
            "Right until",
            "day",
            ("verified", "until"),
            optional=True,
            help="Leave it empty for what does not change.",
        ),
        Field("spanish_question", "Question in Spanish", "line", (*spanish, "question"), optional=True, codec=DEEP),
        Field(
            "spanish_answer", "Answer in Spanish", "text", (*spanish, "answer"), optional=True, most=TEXT, codec=DEEP
        ),
        *sample(body),
    )


def _shown_deep(field: Field, body: Body) -> str:
    return str(field.at(body) or "")


def _put_deep(field: Field, body: Body, text: str, was: Body) -> None:
    """Two groups deep; what is empty is left out at each depth."""
    outer, inner, last = field.path
    groups = dict(body.get(outer) or {})
    group = {name: value for name, value in (groups.get(inner) or {}).items() if name != last}
    group |= {last: text} if text else {}
    groups = {name: value for name, value in groups.items() if name != inner} | ({inner: group} if group else {})
    body.pop(outer, None)
    body.update({outer: groups} if groups else {})


DEEP = Codec(_shown_deep, _put_deep)
