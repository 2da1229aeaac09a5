"""Coaching check-ins: what one holds, which entries are about one meeting, and how long that meeting counts.

A meeting's day is a day of the program's calendar; lengths are whole minutes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from bot.domain import hours
from bot.domain.drafts import Kept
from bot.domain.people import Member, Org
from bot.domain.programs import Program
from bot.domain.written import MOST_WORDS, clean

Kind = Literal["one-on-one", "group"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SOMETHING_ELSE = "+else"
"""Stands for support that the program has no category for; no program's own key can begin with a plus."""
CONFIDENCE = (1, 2, 3, 4, 5)
LONGEST = 12 * 60
OLDEST = timedelta(days=366)

Field = Literal[
    "coach",
    "kind",
    "organizations",
    "held_on",
    "length",
    "moved",
    "in_the_way",
    "support",
    "support_other",
    "next_step",
    "confidence",
    "private_note",
]
Why = Literal[
    "missing",
    "not a coach",
    "not an organization",
    "one only",
    "own missing",
    "future",
    "too old",
    "no time",
    "all day",
    "say what",
    "too many words",
]

Refusal = Literal[
    "no program",
    "reads only",
    "stranger",
    "pending",
    "left",
    "role",
    "no coaches",
    "no organizations",
    "gone",
    "not theirs",
]


@dataclass(frozen=True)
class Problem:
    """A field that cannot be taken as it is, and why; the views have the sentence."""

    field: Field
    why: Why | hours.Why


@dataclass(frozen=True)
class Draft:
    """What somebody has filled in, as they typed it. `coach` and `organizations` are ids of rows."""

    coach: int | None = None
    kind: str | None = None
    organizations: tuple[int, ...] = ()
    held_on: date | None = None
    length: str = ""
    moved: str = field(default="", repr=False)
    in_the_way: str = field(default="", repr=False)
    support: tuple[str, ...] = ()
    support_other: str = field(default="", repr=False)
    next_step: str = field(default="", repr=False)
    confidence: int | None = None
    private_note: str = field(default="", repr=False)


@dataclass(frozen=True)
class Choices:
    """What may be chosen: the program's coaches and organizations by id, its support categories by key.

    `own` is the author's organization if they write as a participant; `today` is the program's calendar day.
    """

    coaches: Collection[int]
    organizations: Collection[int]
    support: Collection[str]
    today: date
    own: int | None = None
    writes_as_coach: bool = False


@dataclass(frozen=True)
class Content:
    """A check-in that holds. `minutes` is at least 1; `confidence` goes from 1 to 5."""

    coach: int
    kind: Kind
    organizations: tuple[int, ...]
    held_on: date
    minutes: int
    moved: str = field(repr=False)
    in_the_way: str = field(repr=False)
    support: tuple[str, ...]
    support_other: str = field(repr=False)
    next_step: str = field(repr=False)
    confidence: int
    private_note: str = field(default="", repr=False)


@dataclass(frozen=True)
class Entry:
    """One person's check-in, as far as it matters for telling meetings apart. `saved_at` is of its latest version."""

    id: int
    author: int
    coach: int
    kind: str
    organizations: frozenset[int]
    held_on: date
    minutes: int
    saved_at: datetime


@dataclass(frozen=True)
class NotAllowed:
    """They may not, or there is nothing to do it with; the views say who can, or what to do instead."""

    why: Refusal
    program: Program | None = None
    facilitators: tuple[Member, ...] = ()


@dataclass(frozen=True)
class Named:
    """Somebody or something to choose: a row's id and a name."""

    id: int
    name: str


@dataclass(frozen=True)
class Changing:
    """A check-in being changed."""

    checkin_id: int
    receipt: int
    version: int


@dataclass(frozen=True)
class Form:
    """All that the form shows. `draft` is what it starts with; `changing` the check-in it changes, if any.

    `kept` is what its author has begun and not handed in; it takes the place of `draft`.
    """

    program: Program
    coaches: tuple[Named, ...]
    organizations: tuple[Named, ...]
    facilitators: tuple[Member, ...]
    writes_as_coach: bool
    draft: Draft
    today: date
    changing: Changing | None = None
    kept: Kept | None = None
    zone: str | None = None


@dataclass(frozen=True)
class Receipt:
    """What stands saved. `others` are the names of those who wrote about the same meeting."""

    program: Program
    checkin_id: int
    number: int
    version: int
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rejected:
    """Nothing was written: every field that cannot be taken, and why."""

    problems: tuple[Problem, ...]
    program: Program
    today: date
    organization: Org | None = None


@dataclass(frozen=True)
class Voice:
    """What one person wrote about a meeting. The private note is left empty for everybody but its author.

    Of what is `erased` only the meeting is left: who, when and how long.
    """

    checkin_id: int
    number: int
    version: int
    author: str
    as_coach: bool
    own: bool
    created_at: datetime
    saved_at: datetime
    content: Content
    erased: bool = False


@dataclass(frozen=True)
class Meeting:
    """A meeting as its readers see it. `minutes` are the meeting's, counted once, whoever wrote how many entries.

    `coached` says that the reader is its coach: to them it was with the organizations.
    """

    id: int
    coach: str
    kind: Kind
    organizations: tuple[str, ...]
    held_on: date
    minutes: int
    voices: tuple[Voice, ...]
    coached: bool = False


@dataclass(frozen=True)
class New:
    """A check-in as a digest names it: who, with whom, when; nothing of what it says."""

    checkin_id: int
    number: int
    author: str
    coach: str
    kind: Kind
    organizations: tuple[str, ...]
    held_on: date
    created_at: datetime


@dataclass(frozen=True)
class Need:
    """A kind of support and the organizations that asked for it; `key` may be `SOMETHING_ELSE`."""

    key: str
    organizations: tuple[str, ...]


def validate(draft: Draft, choices: Choices, *, kept: Content | None = None) -> Content | tuple[Problem, ...]:
    """The check-in that a draft describes, or every problem with it.

    `kept` is the version being changed: what it names may stay although it can no longer be chosen anew. A private
    note of somebody who is not writing as a coach is dropped, unless it is their own from before.
    """
    minutes, unclear = _minutes(draft.length)
    problems = (
        *_about_people(draft, choices, kept),
        *_about_day(draft, choices.today),
        *([Problem("length", unclear)] if unclear else []),
        *_about_words(draft, choices, kept),
    )
    if problems:
        return problems
    assert draft.coach is not None
    assert draft.held_on is not None
    assert draft.confidence is not None
    other = clean(draft.support_other)
    support = draft.support if not other or SOMETHING_ELSE in draft.support else (*draft.support, SOMETHING_ELSE)
    return Content(
        coach=draft.coach,
        kind="group" if draft.kind == "group" else "one-on-one",
        organizations=tuple(dict.fromkeys(draft.organizations)),
        held_on=draft.held_on,
        minutes=minutes,
        moved=clean(draft.moved),
        in_the_way=clean(draft.in_the_way),
        support=tuple(dict.fromkeys(support)),
        support_other=other,
        next_step=clean(draft.next_step),
        confidence=draft.confidence,
        private_note=clean(draft.private_note) if choices.writes_as_coach or (kept and kept.private_note) else "",
    )


def same_meeting(one: Entry, other: Entry) -> bool:
    """Whether two entries of one program are about one meeting, when nothing else is known.

    Same coach, day and kind, some organization in both, and two authors: who writes twice had two meetings.
    """
    return (
        one.author != other.author
        and _slot(one) == _slot(other)
        and not one.organizations.isdisjoint(other.organizations)
    )


def meetings(entries: Iterable[Entry]) -> tuple[tuple[Entry, ...], ...]:
    """Entries of one program put together by meeting, in the order of their ids.

    Joined are those about the same meeting, also by way of a third: a coach's entry on a group joins what two
    organizations wrote apart. Nobody is twice in one meeting: an author's second entry goes with the others' second.
    """
    found: list[list[Entry]] = []
    for entry in sorted(entries, key=lambda one: one.id):
        joined = [entry]
        apart = []
        for group in found:
            authors = {one.author for one in joined}
            if any(same_meeting(entry, one) for one in group) and authors.isdisjoint(one.author for one in group):
                joined += group
            else:
                apart.append(group)
        found = [*apart, sorted(joined, key=lambda one: one.id)]
    return tuple(sorted((tuple(group) for group in found), key=lambda group: group[0].id))


def counted(entries: Sequence[Entry]) -> int:
    """The minutes of one meeting, once: as its coach wrote them, else as whoever wrote last. 0 without entries."""
    if not entries:
        return 0
    by_coach = [one for one in entries if one.author == one.coach]
    return max(by_coach or entries, key=lambda one: (one.saved_at, one.id)).minutes


def changed(content: Content, before: Content) -> bool:
    """Whether a change says anything new; the order of choices does not count."""
    return _ordered(content) != _ordered(before)


def _slot(entry: Entry) -> tuple[int, date, str]:
    return entry.coach, entry.held_on, entry.kind


def _ordered(content: Content) -> Content:
    return replace(content, organizations=tuple(sorted(content.organizations)), support=tuple(sorted(content.support)))


def _about_people(draft: Draft, choices: Choices, kept: Content | None) -> Iterable[Problem]:
    if draft.coach is None:
        yield Problem("coach", "missing")
    elif draft.coach not in choices.coaches and not (kept and draft.coach == kept.coach):
        yield Problem("coach", "not a coach")
    if draft.kind not in KINDS:
        yield Problem("kind", "missing")
    present = set(draft.organizations)
    known = {*choices.organizations, *(kept.organizations if kept else ())}
    if not present:
        yield Problem("organizations", "missing")
    elif not present <= known:
        yield Problem("organizations", "not an organization")
    elif draft.kind == "one-on-one" and len(present) > 1:
        yield Problem("organizations", "one only")
    elif choices.own is not None and choices.own not in present:
        yield Problem("organizations", "own missing")


def _minutes(typed: str) -> tuple[int, Why | hours.Why | None]:
    try:
        minutes = hours.parse(typed, bare="minutes")
    except hours.Unclear as unclear:
        return 0, unclear.why
    if minutes < 1:
        return 0, "no time"
    return minutes, "all day" if minutes > LONGEST else None


def _about_day(draft: Draft, today: date) -> Iterable[Problem]:
    if draft.held_on is None:
        yield Problem("held_on", "missing")
    elif draft.held_on > today:
        yield Problem("held_on", "future")
    elif draft.held_on < today - OLDEST:
        yield Problem("held_on", "too old")


def _about_words(draft: Draft, choices: Choices, kept: Content | None) -> Iterable[Problem]:
    fields: tuple[tuple[Field, str, bool], ...] = (
        ("moved", draft.moved, True),
        ("in_the_way", draft.in_the_way, False),
        ("support_other", draft.support_other, False),
        ("next_step", draft.next_step, True),
        ("private_note", draft.private_note, False),
    )
    for name, words, needed in fields:
        if needed and not clean(words):
            yield Problem(name, "missing")
        elif len(words) > MOST_WORDS:
            yield Problem(name, "too many words")
    known = {*choices.support, SOMETHING_ELSE, *(kept.support if kept else ())}
    if not set(draft.support) <= known:
        yield Problem("support", "missing")
    if SOMETHING_ELSE in draft.support and not clean(draft.support_other):
        yield Problem("support_other", "say what")
    if draft.confidence not in CONFIDENCE:
        yield Problem("confidence", "missing")
