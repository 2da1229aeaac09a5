"""Answers that say what is true when they are read: `{{date:application-deadline}}` is filled from the calendar.

A placeholder is a word, mostly with what it is about, and for some with texts to choose from, in which further
placeholders may stand: `{{open:application-deadline|Yes, until {{date:application-deadline}}.|No, they have closed.}}`
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

from bot.domain.programs import (
    HOMEWORK,
    Assignment,
    Audience,
    Event,
    EventKind,
    Program,
    answer_due,
)
from bot.domain.written import is_visible

Shape = Literal["date", "day", "time"]
"""How much of a moment is said: day and clock, the day alone, the clock alone."""

DEEPEST = 4
MOST_DATES = 12


@dataclass(frozen=True, slots=True)
class Word:
    """What a placeholder can begin with. `about` is what stands behind its colon; `texts`, how many may follow."""

    about: Literal["dated", "kind", "opened", ""]
    texts: tuple[int, ...]
    like: str


WORDS: Mapping[str, Word] = {
    "date": Word("dated", (0,), "{{date:application-deadline}}"),
    "day": Word("dated", (0,), "{{day:application-deadline}}"),
    "time": Word("dated", (0,), "{{time:application-deadline}}"),
    "next": Word("kind", (0,), "{{next:convening}}"),
    "dates": Word("kind", (0,), "{{dates:convening}}"),
    "open": Word("dated", (2,), "{{open:applications|Yes, until {{date:applications}}.|No, it is too late.}}"),
    "link": Word("opened", (0, 1), "{{link:webinar}} or {{link:webinar|the recording}}"),
    "contact": Word("", (0,), "{{contact}}"),
    "answer-by": Word("", (0,), "{{answer-by}}"),
}
"""Every placeholder there is."""

ALIASES: Mapping[str, str] = {
    "applications": "deadline",
    "deadlines": "deadline",
    "convenings": "convening",
    "office-hours": "office_hours",
    "webinars": "webinar",
    "assignments": HOMEWORK,
}
"""Other names for kinds; `applications` leaves out deadlines that only the cohort has."""

_SHAPES: Mapping[str, Shape] = {shape: shape for shape in get_args(Shape)}
KINDS: frozenset[str] = frozenset((*get_args(EventKind), HOMEWORK, *ALIASES))


@dataclass(frozen=True, slots=True)
class Placeholder:
    """One placeholder, taken apart; `written` is how it stands in the text."""

    word: str
    about: str
    texts: tuple[Text, ...]
    written: str


Text = tuple["str | Placeholder", ...]
"""A text in its order: words, and placeholders among them."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a placeholder, in a sentence; `written` is how it begins, to be looked for in the text."""

    written: str
    says: str


class Malformed(ValueError):
    """Braces that do not pair up, or are not what they can be; `fault` says which."""

    def __init__(self, text: str, at: int, says: str) -> None:
        self.fault = Fault(text[at:].partition("\n")[0], f"{_short(text[at:])} {says}")
        super().__init__(self.fault.says)


@dataclass(frozen=True, slots=True)
class Dated:
    """A moment from the calendar; `over` and `sample` are to be said beside it."""

    shape: Shape
    starts_at: datetime
    ends_at: datetime | None = None
    sample: bool = False
    over: bool = False


@dataclass(frozen=True, slots=True)
class Dates:
    """Several moments, with how many more there are; `alone`: nothing follows on the line, so it may be a list."""

    dates: tuple[Dated, ...]
    more: int = 0
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Undated:
    """Nothing of this kind is on the calendar, or nothing more."""


@dataclass(frozen=True, slots=True)
class Lead:
    """Something to open, or, without a `url`, to ask for."""

    title: str
    url: str | None
    sample: bool = False


Piece = str | Dated | Dates | Undated | Lead
"""What an answer is made of once it is filled."""


@dataclass(frozen=True, slots=True)
class Names:
    """The ids that placeholders may name."""

    events: frozenset[str] = frozenset()
    assignments: frozenset[str] = frozenset()
    resources: frozenset[str] = frozenset()


def parse(text: str) -> Text:
    """A text taken apart. Raises Malformed for braces that do not pair up."""
    if "{{" not in text and "}}" not in text:
        return (text,) if text else ()
    parts, at = _parse(text, 0, 0)
    if at < len(text):
        raise Malformed(text, at, "closes a placeholder that was never opened with {{")
    return parts


def faults(text: str, names: Names) -> tuple[Fault, ...]:
    """Everything wrong with the placeholders of a text."""
    try:
        parsed = parse(text)
    except Malformed as error:
        return (error.fault,)
    return tuple(dict.fromkeys(_wrong(parsed, names)))


def may_be_empty(text: str) -> bool:
    """Whether a text says nothing at all, now or once its placeholders are filled on some other day."""
    try:
        return _may_be_empty(parse(text))
    except Malformed:
        return False


def _may_be_empty(text: Text) -> bool:
    return all(
        not is_visible(part) if isinstance(part, str) else part.word == "open" and any(map(_may_be_empty, part.texts))
        for part in text
    )


def bare(text: str) -> str:
    """A text without braces, for comparing words: what placeholders name, and every text that may be chosen."""
    if "{{" not in text:
        return text
    try:
        return _bare(parse(text))
    except Malformed:
        return re.sub(r"[{}|]+", " ", text)


def fill(text: str, program: Program, now: datetime) -> tuple[Piece, ...]:
    """A text with what its placeholders stand for at `now`; one that names nothing stays as it is written."""
    if "{{" not in text:
        return (text,)
    try:
        return tuple(_filled(parse(text), program, now))
    except Malformed:
        return (text,)


def named(text: str) -> frozenset[str]:
    """What the placeholders of a text are about, each of them and those within: ids, and kinds of date."""
    if "{{" not in text:
        return frozenset()
    try:
        return frozenset(_named_in(parse(text)))
    except Malformed:
        return frozenset()


def _named_in(text: Text) -> Iterator[str]:
    for part in text:
        if isinstance(part, Placeholder):
            yield part.about
            for inner in part.texts:
                yield from _named_in(inner)


def _parse(text: str, at: int, depth: int) -> tuple[Text, int]:
    """The parts from `at`, up to the end of the text or, inside a placeholder, to what ends this part of it."""
    parts: list[str | Placeholder] = []
    words = ""
    while at < len(text) and not text.startswith("}}", at) and not (depth and text[at] == "|"):
        if text.startswith("{{", at):
            placeholder, at = _placeholder(text, at, depth + 1)
            parts += [words, placeholder]
            words = ""
        else:
            words += text[at]
            at += 1
    return tuple(part for part in (*parts, words) if part), at


def _placeholder(text: str, start: int, depth: int) -> tuple[Placeholder, int]:
    if depth > DEEPEST:
        raise Malformed(text, start, "stands in too many placeholders; write it more simply")
    texts: list[Text] = []
    head, at = _parse(text, start + 2, depth)
    while text.startswith("|", at):
        part, at = _parse(text, at + 1, depth)
        texts.append(part)
    if not text.startswith("}}", at):
        raise Malformed(text, start, "is not closed; every {{ needs its }}")
    written = text[start : at + 2]
    if any(isinstance(part, Placeholder) for part in head):
        raise Malformed(text, start, "has a placeholder in its name; only the texts of `open` may hold some")
    word, _, about = "".join(str(part) for part in head).partition(":")
    return Placeholder(word.strip(), about.strip(), tuple(texts), written), at + 2


def _short(written: str) -> str:
    return written if len(written) <= 40 else f"{written[:39]}…"


def _wrong(text: Text, names: Names) -> Iterator[Fault]:
    for part in text:
        if isinstance(part, Placeholder):
            wrong = _wrong_with(part, names)
            if wrong is not None:
                yield Fault(part.written, f"{_short(part.written)} {wrong}")
            for inner in part.texts:
                yield from _wrong(inner, names)


def _wrong_with(part: Placeholder, names: Names) -> str | None:
    word = WORDS.get(part.word)
    if word is None:
        return f"begins with no word that is known ({', '.join(WORDS)})"
    if len(part.texts) not in word.texts:
        count = f"{len(part.texts)} text{'' if len(part.texts) == 1 else 's'}"
        return f"has {count} after its name; write it like {word.like}"
    if not word.about:
        return f"needs nothing behind its name; write it like {word.like}" if part.about else None
    if not part.about:
        return f"does not say what it is about; write it like {word.like}"
    if part.word == "link" and any(isinstance(one, Placeholder) for one in (part.texts or ((),))[0]):
        return "has a placeholder in the words of a link"
    return _names_nothing(part.about, word, names)


def _names_nothing(about: str, word: Word, names: Names) -> str | None:
    if word.about == "opened":
        return None if about in names.events | names.resources else f"names no resource or event: {about!r}"
    if about in KINDS:
        return None
    if word.about == "kind":
        return f"names no kind of date: {about!r} ({', '.join(sorted(KINDS))})"
    if about in names.events and about in names.assignments:
        return f"names both an event and an assignment: {about!r}; give one of them another id"
    return None if about in names.events | names.assignments else f"names no event or assignment: {about!r}"


def _bare(text: Text) -> str:
    return "".join(part if isinstance(part, str) else _named(part) for part in text)


def _named(part: Placeholder) -> str:
    if part.texts:
        return " ".join(_bare(one) for one in part.texts)
    return (part.about or part.word).replace("-", " ").replace("_", " ")


def _filled(text: Text, program: Program, now: datetime) -> Iterator[Piece]:
    for at, part in enumerate(text):
        if isinstance(part, str):
            yield part
            continue
        following = text[at + 1] if at + 1 < len(text) else "\n"
        alone = isinstance(following, str) and following.startswith("\n")
        yield from _value(part, program, now, alone=alone)


def _value(part: Placeholder, program: Program, now: datetime, *, alone: bool) -> Iterator[Piece]:
    match part.word, part.texts:
        case "date" | "day" | "time", ():
            found = _found(part.about, program, now)
            yield _dated(found, now, _SHAPES[part.word]) if found is not None else _missing(part)
        case "next", ():
            ahead = _ahead(part.about, program, now)
            yield _dated(ahead[0], now) if ahead else Undated()
        case "dates", ():
            yield _dates(part.about, program, now, alone=alone)
        case "open", (yes, no):
            found = _found(part.about, program, now)
            yield from _filled(yes if found is not None and not _over(found, now) else no, program, now)
        case "link", texts:
            yield _lead(part, program, _bare(texts[0]) if texts else None)
        case "contact", ():
            who = program.contact
            yield f"{who.name}, " if who.email else who.name
            yield from [Lead(who.email, f"mailto:{who.email}", who.sample)] if who.email else []
        case "answer-by", ():
            yield Dated("date", answer_due(program, now))
        case _:
            yield part.written


def _missing(part: Placeholder) -> Piece:
    return Undated() if part.about in KINDS else part.written


def _lead(part: Placeholder, program: Program, label: str | None) -> Piece:
    resource = next((one for one in program.resources if one.key == part.about), None)
    if resource is not None:
        return Lead(label or resource.title, resource.url, resource.sample)
    event = program.event(part.about)
    if event is not None:
        return Lead(label or event.title, event.link, event.sample or event.link_sample)
    return part.written


def _dates(kind: str, program: Program, now: datetime, *, alone: bool) -> Piece:
    found = _ahead(kind, program, now) or _of_kind(kind, program)
    if not found:
        return Undated()
    shown = tuple(_dated(one, now) for one in found[:MOST_DATES])
    return Dates(shown, len(found) - len(shown), alone)


def _found(about: str, program: Program, now: datetime) -> Event | Assignment | None:
    """What an id names; of a kind the next one, or the last when none is ahead."""
    named = program.event(about) or program.assignment(about)
    if named is not None:
        return named
    every = _of_kind(about, program)
    return next((one for one in every if not _over(one, now)), every[-1] if every else None)


def _ahead(kind: str, program: Program, now: datetime) -> tuple[Event | Assignment, ...]:
    return tuple(one for one in _of_kind(kind, program) if not _over(one, now))


def _of_kind(name: str, program: Program) -> tuple[Event | Assignment, ...]:
    """Everything of a kind, soonest first."""
    kind = ALIASES.get(name, name)
    found: tuple[Event | Assignment, ...] = program.assignments
    if kind != HOMEWORK:
        applicants: tuple[Audience, ...] = ("applicants", "all")
        found = tuple(
            one for one in program.events if one.kind == kind and (name != "applications" or one.audience in applicants)
        )
    return tuple(sorted(found, key=lambda one: (_starts_at(one), one.key)))


def _starts_at(one: Event | Assignment) -> datetime:
    return one.starts_at if isinstance(one, Event) else one.due_at


def _over(one: Event | Assignment, now: datetime) -> bool:
    return one.over(now) if isinstance(one, Event) else one.overdue(now)


def _dated(one: Event | Assignment, now: datetime, shape: Shape = "date") -> Dated:
    ends_at = one.ends_at if isinstance(one, Event) else None
    return Dated(shape, _starts_at(one), ends_at, one.sample, _over(one, now))
