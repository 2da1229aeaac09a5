"""Reflections: what one must hold, who may read it, and which homework is the most useful to open next.

Lengths are whole minutes, moments aware. The author chooses the readers; nobody else changes a reflection.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from bot.domain import hours
from bot.domain.drafts import Kept
from bot.domain.people import Member, Org, Viewer
from bot.domain.programs import Assignment, Program, Prompt
from bot.domain.written import MOST_WORDS, clean

Readers = Literal["facilitators", "cohort"]
READERS: tuple[Readers, ...] = get_args(Readers)
PAGE = 20
"""How many of one's own reflections are listed at once."""
HOURS: Literal["hours"] = "hours"
READERS_FIELD: Literal["readers"] = "readers"
ASSIGNMENT_FIELD: Literal["assignment"] = "assignment"

Why = Literal[
    "no program",
    "pending",
    "left",
    "not in it",
    "not a participant",
    "applicant",
    "reads only",
    "not theirs",
    "homework gone",
    "gone",
    "not readable",
    "not a reader",
]
"""Why somebody may not: the views say who can, or what to do instead."""
WhyNot = Literal["missing", "nothing written", "too many words", "other homework", "no readers"]


@dataclass(frozen=True)
class Problem:
    """Something that cannot be taken as it is. `field` is a prompt's key or one of the names above.

    `length` counts the characters of an answer that is too long.
    """

    field: str
    why: WhyNot | hours.Why
    of_prompt: bool = False
    length: int = 0


@dataclass(frozen=True)
class Answer:
    """One answer with its question as it was asked then."""

    key: str
    label: str
    text: str = field(repr=False)


@dataclass(frozen=True)
class Draft:
    """What somebody has filled in, as they typed it: every question that the form asked, in its order.

    `chosen` is the homework that the form's menu shows, None without a menu.
    """

    assignment: str
    answers: tuple[Answer, ...]
    hours: str
    readers: str
    chosen: str | None = None


@dataclass(frozen=True)
class Content:
    """A reflection that holds. `minutes` is None where the author gave no hours."""

    answers: tuple[Answer, ...]
    minutes: int | None
    readers: Readers


@dataclass(frozen=True)
class Handed:
    """A reflection as it stands now. `title` is the homework's at the time, `user` the author's Slack id if known.

    Of one that is `erased` nothing is left but that it was handed in.
    """

    id: int
    number: int
    assignment: str
    title: str
    sample: bool
    author_id: int
    author: str
    user: str | None
    organization: Org | None
    version: int
    content: Content
    handed_in_at: datetime
    saved_at: datetime
    erased: bool = False


@dataclass(frozen=True)
class NotAllowed:
    """They may not, or it is no longer there; the views say who can, or what to do instead."""

    why: Why
    program: Program | None = None
    facilitators: tuple[Member, ...] = ()


@dataclass(frozen=True)
class NothingOpen:
    """There is no homework to reflect on: none is given out yet, or everything is handed in (`handed_in` > 0)."""

    program: Program
    handed_in: int


@dataclass(frozen=True)
class Form:
    """All that the form shows. `choices` are the homeworks to choose from, soonest due first; `before` what is changed.

    `done` says for a homework who of the same organization has handed it in; `channel` is the cohort channel's id;
    `kept` is what its author has begun and not handed in.
    """

    program: Program
    viewer: Viewer
    facilitators: tuple[Member, ...]
    assignment: Assignment | None
    key: str
    prompts: tuple[Prompt, ...]
    readers: Readers
    choices: tuple[Assignment, ...] = ()
    done: tuple[Handed, ...] = ()
    before: Handed | None = None
    channel: str | None = None
    kept: Kept | None = None

    @property
    def title(self) -> str:
        """The homework's name, also when it is no longer in the program."""
        return self.assignment.title if self.assignment else self.before.title if self.before else ""

    @property
    def sample(self) -> bool:
        return self.assignment.sample if self.assignment else bool(self.before and self.before.sample)


@dataclass(frozen=True)
class Receipt:
    """What stands saved, and who may read it."""

    program: Program
    handed: Handed
    facilitators: tuple[Member, ...]
    channel: str | None = None


@dataclass(frozen=True)
class Mine:
    """A page of one's own reflections, newest first. `earlier` is the number to go on before, if there are more."""

    program: Program
    items: tuple[Handed, ...]
    total: int
    earlier: int | None = None


@dataclass(frozen=True)
class CameIn:
    """A page of everything that somebody may read, newest first; `earlier` as in `Mine`."""

    program: Program
    items: tuple[Handed, ...]
    total: int
    earlier: int | None = None


@dataclass(frozen=True)
class Readable:
    """A reflection somebody may read; without its hours unless they are its author or a facilitator."""

    program: Program
    handed: Handed = field(repr=False)


def validate(draft: Draft, prompts: Sequence[Prompt]) -> Content | tuple[Problem, ...]:
    """The reflection that a draft describes, or every problem with it.

    Only what the form asked can be missing: a program that changes meanwhile takes no words away and adds no duty.
    A question that is still among `prompts` is kept as it stands there.
    """
    required = {one.key for one in prompts if one.required}
    labels = {one.key: one.label for one in prompts}
    answers = tuple(Answer(one.key, labels.get(one.key, one.label), clean(one.text)) for one in draft.answers)
    minutes, unclear = _minutes(draft.hours)
    found = (
        _other_homework(draft),
        *(_about(one, one.key in required) for one in answers),
        _nothing(answers, required),
        unclear,
        None if draft.readers in READERS else Problem(READERS_FIELD, "no readers"),
    )
    problems = tuple(one for one in found if one is not None)
    if problems:
        return problems
    written = tuple(one for one in answers if one.text)
    return Content(written, minutes, "cohort" if draft.readers == "cohort" else "facilitators")


def _about(answer: Answer, required: bool) -> Problem | None:
    if required and not answer.text:
        return Problem(answer.key, "missing", of_prompt=True)
    if len(answer.text) > MOST_WORDS:
        return Problem(answer.key, "too many words", of_prompt=True, length=len(answer.text))
    return None


def _nothing(answers: Sequence[Answer], required: Collection[str]) -> Problem | None:
    if any(one.text or one.key in required for one in answers):
        return None
    return Problem(answers[0].key if answers else "", "nothing written", of_prompt=True)


def _other_homework(draft: Draft) -> Problem | None:
    """The menu was turned to another homework, and the form handed in before its questions had changed."""
    if draft.chosen is None or draft.chosen == draft.assignment:
        return None
    return Problem(ASSIGNMENT_FIELD, "other homework")


def _minutes(typed: str) -> tuple[int | None, Problem | None]:
    try:
        return hours.parse(typed), None
    except hours.Unclear as unclear:
        return None, None if unclear.why == "empty" else Problem(HOURS, unclear.why)


def prompts_for(assignment: Assignment | None, before: Content | None) -> tuple[Prompt, ...]:
    """What a form asks: the homework's prompts, and those answered before that it no longer has.

    With neither there is nothing to ask.
    """
    asked = assignment.prompts if assignment is not None else ()
    known = {one.key for one in asked}
    answered = before.answers if before is not None else ()
    return (*asked, *(Prompt(one.key, one.label, required=False) for one in answered if one.key not in known))


def may_read(viewer: Viewer, *, author_id: int, readers: Readers) -> bool:
    """The author always; else the program's facilitators, and its whole cohort if the author shared it.

    An admin or applicant who is nothing else reads none; `viewer` is of the reflection's program.
    """
    if viewer.person_id == author_id or viewer.has("facilitator"):
        return True
    return readers == "cohort" and viewer.has("participant", "coach")


def may_write(viewer: Viewer) -> bool:
    """Participants hand in reflections; those whom a facilitator has not confirmed yet do not."""
    return viewer.program is not None and viewer.has("participant")


def open_for(assignments: Iterable[Assignment], mine: Collection[str]) -> tuple[Assignment, ...]:
    """What somebody has not handed in themselves, soonest due first; what is overdue may still be handed in."""
    left = (one for one in assignments if one.owed and one.key not in mine)
    return tuple(sorted(left, key=lambda one: (one.due_at, one.key)))


def most_useful(left: Sequence[Assignment], done: Collection[str], now: datetime) -> Assignment | None:
    """Which one to open when nobody said which: `left` is soonest due first, `done` is what the organization has.

    The next one due that the organization still owes; then the latest that is overdue; then the next one due at all.
    """
    owed = [one for one in left if one.key not in done]
    ahead = [one for one in owed if not one.overdue(now)]
    behind = [one for one in owed if one.overdue(now)]
    if ahead:
        return ahead[0]
    if behind:
        return behind[-1]
    return next((one for one in left if not one.overdue(now)), left[-1] if left else None)
