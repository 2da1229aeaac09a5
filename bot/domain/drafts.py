"""Drafts: what somebody has typed into a form and not handed in. They are their author's alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, get_args

Form = Literal["reflection", "checkin", "answer", "question", "note"]
FORMS: tuple[Form, ...] = get_args(Form)
Gone = Literal["handed in", "thrown away"]
Values = Mapping[str, Mapping[str, Mapping[str, Any]]]
"""What stands in a form's fields, by block and action, as Slack gives it."""

AFTER_CLOSING = timedelta(minutes=1)
AFTER_TYPING = timedelta(minutes=10)
"""How long after the last character a draft is offered again, of a form that was closed, and of one that was not."""
AFTER_WRITING = timedelta(days=1)
"""How long after the last word in the direct message one that is being written there is offered again."""
KEPT_FOR = timedelta(days=30)
"""How long a draft is kept that nobody touches."""


@dataclass(frozen=True)
class About:
    """What a form is for; a person has one draft for each.

    `subject` of a reflection is its homework's key, of a check-in empty, of an answer the question's id; of a question
    the language of its form, of a note of one empty; of a change of something that is handed in already it is
    `changing(its id)`.
    """

    form: Form
    program_id: int
    subject: str = ""


@dataclass(frozen=True)
class Typed:
    """A form as it stood at a moment. `order` is the moment's place among others, as Slack has them.

    `length` counts the characters in its long fields. `key` is the one that the form has when it is handed in; `at` is
    story time.
    """

    team: str
    user: str
    about: About
    view: str
    key: str
    order: int
    at: datetime
    length: int
    values: Values = field(repr=False)


@dataclass(frozen=True)
class Closed:
    """A form was closed without being handed in; Slack does not say what stood in it. `at` is story time."""

    team: str
    user: str
    view: str
    at: datetime


@dataclass(frozen=True)
class Kept:
    """A draft as it is kept."""

    id: int
    about: About
    saved_at: datetime
    values: Values = field(repr=False)


@dataclass(frozen=True)
class Offer:
    """A draft as its author is shown it. `title` says what it is for, `number` which one it changes, if any."""

    id: int
    about: About
    saved_at: datetime
    title: str = ""
    sample: bool = False
    number: int | None = None


def form_named(name: str) -> Form | None:
    """A form by its name; None for a name that is no form's."""
    return next((one for one in FORMS if one == name), None)


def changing(row: int) -> str:
    """The subject of a draft that changes what is handed in already."""
    return f"#{row}"


def changed(subject: str) -> int | None:
    """What such a subject is about; None for one of something new."""
    return int(subject[1:]) if subject.startswith("#") and subject[1:].isdigit() else None


def order_of(ts: str) -> int:
    """A moment as Slack writes it (`1602511200.000100`) in microseconds; 0 for anything else."""
    seconds, _, parts = ts.partition(".")
    if not (seconds.isascii() and seconds.isdigit() and parts.isascii() and (parts or "0").isdigit()):
        return 0
    return int(seconds) * 1_000_000 + int(parts[:6].ljust(6, "0"))


def typed_before(order: int, moment: datetime) -> bool:
    """Whether something was typed before a moment."""
    return order <= (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def offer_at(saved_at: datetime, closed_at: datetime | None) -> datetime:
    """When a draft is offered again."""
    return saved_at + AFTER_TYPING if closed_at is None else max(closed_at, saved_at + AFTER_CLOSING)
