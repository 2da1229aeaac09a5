"""What the form of a change is made of: a field, how its value stands in the form of the file, a section of fields.

A form's values are all text, by the field's name: days as 2020-10-16, times as 23:59, several lines or choices with a
line break between them, nothing as "". Ids, cron rules and other spellings of the file are made here, so that no person
needs to know them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.domain.programs import Program

Body = dict[str, Any]
Values = Mapping[str, str]
Kind = Literal[
    "line", "text", "day", "time", "choice", "choices", "yes", "url", "email", "number", "lines", "user", "zone"
]
Why = Literal[
    "missing",
    "too long",
    "url",
    "email",
    "number",
    "range",
    "offset",
    "offset after",
    "too many",
    "link",
    "skipped",
    "zone",
    "gap",
    "end",
    "repeat",
    "check",
]
Section = Literal[
    "events",
    "assignments",
    "faq",
    "resources",
    "breaks",
    "holidays",
    "reminders",
    "digests",
    "milestones",
    "roles",
    "expectations",
    "support_categories",
    "program",
]
LINE, LABEL, TEXT, LINES = 300, 75, 2500, 3000
"""The longest line, title and text that a program takes, and the most that one field of a form holds."""
SAMPLE, REAL = "sample", "real"


@dataclass(frozen=True)
class Problem:
    """What is wrong with a field; `words` are what was typed, or, for "check", what the whole program says."""

    field: str
    why: Why
    words: str = ""
    most: int = 0


class Unfit(Exception):
    """What was typed cannot be."""

    def __init__(self, why: Why, words: str = "", most: int = 0) -> None:
        super().__init__(why)
        self.why, self.words, self.most = why, words, most


@dataclass(frozen=True)
class Field:
    """One field. `path` is where it stands in the body; its `codec` says how.

    `choices` are values with their labels. `only_new`: asked when something is added, and not changed afterwards.
    Where it asks whether something is real, it is `of` these fields, or of all that no other asks about.
    """

    name: str
    label: str
    kind: Kind
    path: tuple[str, ...] = ()
    help: str = ""
    optional: bool = False
    most: int = LINE
    choices: tuple[tuple[str, str], ...] = ()
    codec: Codec | None = None
    only_new: bool = False
    default: str = ""
    of: tuple[str, ...] = ()

    def shown(self, body: Body) -> str:
        """The value that stands in a body; what a file leaves out is what it then means."""
        return (self.codec or PLAIN).shown(self, body) or self.default

    def put(self, body: Body, text: str, was: Body) -> None:
        """Write a value into a body that `was` something before. Raises Unfit."""
        (self.codec or PLAIN).put(self, body, text, was)

    def at(self, body: Mapping[str, Any]) -> Any:
        """What stands in a body at the field's path; None where there is nothing."""
        found: Any = body
        for step in self.path or (self.name,):
            found = found.get(step) if isinstance(found, Mapping) else None
        return found

    def set(self, body: Body, value: Any) -> None:
        """Write at the field's path; None and what is empty is left out, and a group of nothing as well."""
        *steps, last = self.path or (self.name,)
        group = body
        for step in steps:
            group[step] = dict(group.get(step) or {})
            group = group[step]
        group.pop(last, None)
        if value not in (None, "", [], False):
            group[last] = value
        if steps and not body[steps[0]]:
            del body[steps[0]]


@dataclass(frozen=True)
class Codec:
    """How a field's value stands in a body."""

    shown: Callable[[Field, Body], str]
    put: Callable[[Field, Body, str, Body], None]


@dataclass(frozen=True)
class Spec:
    """A section: its fields for a body, and which of them says what the item is called."""

    section: Section
    fields: Callable[[Body, Program | None, bool], tuple[Field, ...]]
    title: str = "title"
    adds: bool = True


def _shown(field: Field, body: Body) -> str:
    value = field.at(body)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, float):
        return f"{value:g}"
    return "\n".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _put(field: Field, body: Body, text: str, was: Body) -> None:
    if field.kind in ("lines", "choices"):
        field.set(body, each_line(text))
    elif field.kind == "number":
        field.set(body, as_number(field, text))
    else:
        field.set(body, text)


def as_number(field: Field, text: str) -> float | int | None:
    """What was typed as a number; None where nothing was. Raises Unfit."""
    if not text:
        return None
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        raise Unfit("number", text) from None
    if not 0 <= found <= (field.most or found):
        raise Unfit("range", text, field.most)
    return int(found) if found.is_integer() else found


def _shown_number(field: Field, body: Body) -> str:
    value = field.at(body)
    return "" if value is None else f"{float(value):g}"


def _put_number(field: Field, body: Body, text: str, was: Body) -> None:
    """A number that is nothing is still said."""
    value = as_number(field, text)
    body.pop(field.name, None)
    body |= {} if value is None else {field.name: value}


def _shown_sample(field: Field, body: Body) -> str:
    return SAMPLE if field.at(body) else REAL


def _put_sample(field: Field, body: Body, text: str, was: Body) -> None:
    field.set(body, text == SAMPLE)


PLAIN = Codec(_shown, _put)
NUMBER = Codec(_shown_number, _put_number)
IS_SAMPLE = Codec(_shown_sample, _put_sample)
AUDIENCES = (("all", "Everybody"), ("cohort", "Those who take part"), ("applicants", "Those who apply"))
WHOSE = "On the program's own clock."


def sample(body: Body, what: str = "this", flag: str = "sample", of: tuple[str, ...] = ()) -> tuple[Field, ...]:
    """Asked of what is made up: whoever fills it in says so. Until somebody changes it, it need not be said."""
    if not body.get(flag):
        return ()
    choices = ((REAL, "Yes, as it stands here"), (SAMPLE, "No, it is still made up"))
    stays = f"If you leave {what} as it is, you need not say: it stays a sample."
    return (
        Field(
            flag,
            f"Is {what} real?",
            "choice",
            (flag,),
            help=stays,
            optional=True,
            choices=choices,
            codec=IS_SAMPLE,
            of=of,
        ),
    )


def each_line(text: str) -> list[str]:
    """The lines of a text that hold something, each once."""
    return list(dict.fromkeys(" ".join(line.split()) for line in text.split("\n") if line.strip()))


def is_url(text: str) -> bool:
    """Whether something is a web address."""
    return re.fullmatch(r"https?://[^\s/]+\.[^\s<>|]+", text) is not None and len(text) <= 2000
