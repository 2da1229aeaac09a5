"""An entry's life: made from an answer, asked for in new ways, doubted, and looked at again when its time is up."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Literal, get_args

from bot.domain import language
from bot.domain.faq import Answer, Decision, NoMatch, Suggestions
from bot.domain.people import Member
from bot.domain.programs import Audience, Entry, Program, Translation, Verified

How = Literal["no", "entry", "phrasing"]
"""What becomes of an answer for next time: nothing, an entry of its own, or a way to ask one that is there."""
Field = Literal[
    "asked",
    "question",
    "entry",
    "answer",
    "phrasings",
    "source",
    "owner",
    "audience",
    "until",
    "spanish_question",
    "spanish_answer",
]
Deed = Literal["edited", "renewed", "fine"]
"""What somebody does who has looked at an entry as a whole: changed it, found it right, or found it good enough."""
Why = Literal["missing", "too_long", "asked_already", "gone", "past", "half", "wrong", "elsewhere"]

LONGEST_ASKED = 1000
"""Characters of a question that is noted; also what is looked at of one that is asked."""
LONGEST_LINE = 300
LONGEST_TEXT = 2500
"""Characters of a question, a wording or a source, and of an answer: as a program file takes them."""
DOUBTERS = 2
"""So many different people have to say that an entry did not help before somebody is told."""
FAR = date(9990, 1, 1)
"""Whatever lasts for longer is over then: calendars end a few years later."""
LOOKED_AT = time(9)
"""The wall time at which somebody is reminded of an entry whose time is up."""
SPANISH = "es"
_KEY = 64


@dataclass(frozen=True)
class Keep:
    """What a form says of next time: `question` is the new entry's, or the new wording for the one with key `entry`."""

    how: How = "no"
    question: str = ""
    entry: str | None = None
    source: str = ""
    audience: Audience = "all"
    until: date | None = None


@dataclass(frozen=True)
class Draft:
    """A whole entry as somebody wants it: what its form holds."""

    question: str
    answer: str
    phrasings: tuple[str, ...]
    source: str
    owner: str
    audience: Audience
    until: date | None
    spanish_question: str = ""
    spanish_answer: str = ""


DraftField = Literal[
    "question",
    "answer",
    "phrasings",
    "source",
    "audience",
    "owner",
    "until",
    "spanish_question",
    "spanish_answer",
]
DRAFT_FIELDS: tuple[DraftField, ...] = get_args(DraftField)


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field; `words` are the question that has it already, or what a check says.

    elsewhere: what is wrong is another part of the program, and nothing can be written until that is put right.
    """

    field: Field
    why: Why
    words: str = ""
    length: int = 0


@dataclass(frozen=True)
class Rejected:
    """Nothing was written."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Kept:
    """An entry as it stands now, and what was done: made, or given a way to ask it. `change` is on record."""

    program: Program
    entry: Entry
    how: How
    change: int | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Done:
    """An entry as it stands now, after somebody has looked at it. `change` is what they wrote, on record.

    `merged`: what somebody else changed of it meanwhile is kept with that.
    """

    program: Program
    entry: Entry
    what: Deed
    change: int | None = field(default=None, compare=False)
    merged: bool = False


@dataclass(frozen=True)
class Gone:
    """The entry or the question is not there any more."""


@dataclass(frozen=True)
class Said:
    """A message that may be kept as an answer, as Slack has it: `thread` is the ts of what it answers, `by` a user."""

    channel: str
    thread: str | None
    text: str
    by: str


@dataclass(frozen=True)
class Keeping:
    """A form that keeps an answer: what stands in it at first, and by whom and on which day it was said.

    `choices` are all entries, first the `likely` ones; `question_id` is the question that was asked, if it was logged,
    `said` the message that answers, if it is one.
    """

    program: Program
    keep: Keep
    answer: str
    by: str
    today: date
    choices: tuple[Entry, ...]
    likely: int = 0
    question_id: int | None = None
    said: Said | None = None


@dataclass(frozen=True)
class Editing:
    """An entry to be changed; `mark` says as which it was seen."""

    program: Program
    entry: Entry
    mark: str


@dataclass(frozen=True)
class ChangedMeanwhile:
    """Somebody else was faster: the entry as it stands now, and the draft, which is kept only if it is sent again.

    `fields` are those of the draft that both have changed, each in another way; in the others it has both changes. `by`
    is who was faster, if that is known.
    """

    editing: Editing
    draft: Draft
    fields: tuple[DraftField, ...] = ()
    by: str | None = None


@dataclass(frozen=True)
class Vote:
    """That somebody was not helped by an entry; `text` is the question if facilitators may read it."""

    entry: str
    person_id: int
    question_id: int
    text: str | None
    at: datetime


@dataclass(frozen=True)
class Doubt:
    """An entry that did not help several people: how many, what they asked, and how many questions nobody may read."""

    entry: Entry
    people: int
    asked: tuple[str, ...] = ()
    private: int = 0


@dataclass(frozen=True)
class Offer:
    """A question for which somebody pressed an entry: its words may become a way to ask it."""

    question_id: int
    text: str
    entry: Entry


@dataclass(frozen=True)
class Care:
    """What in a program's answers needs somebody."""

    doubts: tuple[Doubt, ...] = ()
    lapsed: tuple[Entry, ...] = ()
    offers: tuple[Offer, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.doubts or self.lapsed or self.offers)


def check(keep: Keep, answer: str, program: Program, today: date, but: str | None = None) -> tuple[Problem, ...]:
    """What is wrong with keeping an answer; `today` is the program's calendar day, `but` the entry it may replace."""
    found: tuple[Problem | None, ...] = ()
    match keep.how:
        case "entry":
            found = (
                _line("question", keep.question) or _asked("question", keep.question, program, but),
                _text("answer", answer),
                _line("source", keep.source),
                Problem("until", "past") if keep.until is not None and keep.until < today else None,
            )
        case "phrasing":
            there = program.entry(keep.entry) if keep.entry else None
            gone = Problem("entry", "gone" if keep.entry else "missing")
            wording = _line("question", keep.question) or _asked("question", keep.question, program, keep.entry)
            found = (None if there else gone, wording)
    return tuple(one for one in found if one is not None)


def check_draft(draft: Draft, program: Program, entry: Entry, today: date) -> tuple[Problem, ...]:
    """What is wrong with a changed entry."""
    half = bool(draft.spanish_question) != bool(draft.spanish_answer)
    missing: Field = "spanish_answer" if draft.spanish_question else "spanish_question"
    past = draft.until is not None and draft.until < today and draft.until != (entry.verified or _NEVER).until
    found = (
        _line("question", draft.question) or _asked("question", draft.question, program, entry.key),
        _text("answer", draft.answer),
        next(filter(None, (_way(one, program, entry) for one in draft.phrasings)), None),
        _line("source", draft.source),
        _line("owner", draft.owner),
        Problem("until", "past") if past else None,
        Problem(missing, "half") if half else None,
        _too_long("spanish_question", draft.spanish_question, LONGEST_LINE),
        _too_long("spanish_answer", draft.spanish_answer, LONGEST_TEXT),
    )
    return tuple(one for one in found if one is not None)


def asked_in(program: Program, text: str, but: str | None = None) -> Entry | None:
    """The entry that is asked in these words already, however they are written; not the one with the key `but`."""
    words = bare(text)
    return next((one for one in program.entries if one.key != but and words in map(bare, ways(one))), None)


def ways(entry: Entry) -> tuple[str, ...]:
    """Every way in which an entry can be asked."""
    return tuple(dict.fromkeys((entry.question, *entry.phrasings, *(one.question for one in entry.translations))))


@lru_cache(maxsize=16_384)
def bare(text: str) -> str:
    """What makes two wordings the same: their words, without accents, marks and capitals.

    Remembered, as a program's own wordings are compared with again and again.
    """
    return " ".join(re.findall(r"\w+", language.plain(text)))


def new_key(question: str, taken: Collection[str]) -> str:
    """A key for a new entry, made of its question's words, that no other has or had."""
    plain = unicodedata.normalize("NFKD", question.casefold()).encode("ascii", "ignore").decode()
    whole = "-".join(re.findall(r"[a-z0-9]+", plain))[: _KEY - 4].strip("-") or "entry"
    return next(key for key in _numbered(whole) if key not in taken)


def mark(entry: Entry) -> str:
    """A short name for what an entry says; that somebody found it right again does not change it."""
    return hashlib.sha256(repr(replace(entry, verified=None)).encode()).hexdigest()[:16]


def draft_of(entry: Entry, program: Program) -> Draft:
    """An entry as its form shows it: one that is there in Spanish alone has no other words yet."""
    own = program.wording(entry, program.language)
    spanish = entry.translation(SPANISH)
    if own.language == SPANISH != program.language:
        own, spanish = Translation(program.language, "", ""), own
    return Draft(
        question=own.question,
        answer=own.answer,
        phrasings=entry.phrasings,
        source=entry.source,
        owner=entry.owner,
        audience=entry.audience,
        until=entry.verified.until if entry.verified is not None else None,
        spanish_question=spanish.question if spanish is not None else "",
        spanish_answer=spanish.answer if spanish is not None else "",
    )


def merge(base: Draft, theirs: Draft, mine: Draft) -> tuple[Draft, tuple[DraftField, ...]]:
    """Two people's changes of one entry: what only one of them has changed, and the fields that both did otherwise.

    Of those, mine stands.
    """
    changed = [one for one in DRAFT_FIELDS if getattr(mine, one) != getattr(base, one)]
    both = [one for one in changed if getattr(theirs, one) not in (getattr(base, one), getattr(mine, one))]
    return with_theirs(mine, theirs, [one for one in DRAFT_FIELDS if one not in changed]), tuple(both)


def differing(one: Draft, other: Draft) -> tuple[DraftField, ...]:
    """The fields in which two drafts are not the same."""
    return tuple(name for name in DRAFT_FIELDS if getattr(one, name) != getattr(other, name))


def with_theirs(mine: Draft, theirs: Draft, names: Collection[DraftField]) -> Draft:
    """A draft with some fields of another one."""
    taken: dict[str, Any] = {name: getattr(theirs, name) for name in names}
    return replace(mine, **taken)


def filled(draft: Draft) -> Draft:
    """A draft as it is written down: what is there in Spanish alone stands in the place of what is not there yet."""
    if draft.question or draft.answer or not (draft.spanish_question and draft.spanish_answer):
        return draft
    return replace(draft, question=draft.spanish_question, answer=draft.spanish_answer)


def ordered(program: Program, decision: Decision, *first: str | None) -> tuple[tuple[Entry, ...], int]:
    """All entries, the likeliest first, and how many those are: `first` by key, then those that a search has found."""
    match decision:
        case Answer(entry):
            near: tuple[Entry, ...] = (entry,)
        case Suggestions(entries):
            near = entries
        case NoMatch():
            near = ()
    keys = dict.fromkeys([*(key for key in first if key), *(one.key for one in near)])
    likely = [one for key in keys if (one := program.entry(key)) is not None]
    rest = sorted((one for one in program.entries if one.key not in keys), key=lambda one: bare(one.question))
    return (*likely, *rest), len(likely)


def doubted(program: Program, votes: Iterable[Vote], looked_at: Mapping[str, datetime]) -> tuple[Doubt, ...]:
    """The entries that have not helped several people since somebody last looked at them, in the program's order."""
    gathered: dict[str, list[Vote]] = {}
    for vote in votes:
        seen = looked_at.get(vote.entry)
        if seen is None or vote.at > seen:
            gathered.setdefault(vote.entry, []).append(vote)
    found = ((entry, gathered.get(entry.key, [])) for entry in program.entries)
    return tuple(_doubt(entry, some) for entry, some in found if len({one.person_id for one in some}) >= DOUBTERS)


def lapsed(program: Program, today: date) -> tuple[Entry, ...]:
    """The entries whose time is up on a day of the program's calendar, the longest over first."""
    over = [one for one in program.entries if one.verified is not None and one.verified.lapsed(today)]
    return tuple(sorted(over, key=lambda one: (one.verified or _NEVER).until or today))


def lapses_at(program: Program, until: date) -> datetime:
    """When somebody is reminded that an entry's time is up, in UTC: the next working day, breaks left out."""
    day = min(until, FAR) + timedelta(days=1)
    while day.weekday() > 4 or any(one.covers(day) for one in program.breaks):
        day += timedelta(days=1)
    return datetime.combine(day, LOOKED_AT, program.tz).astimezone(UTC)


def renewed(verified: Verified | None, by: str, today: date) -> Verified:
    """The same verification by somebody else and anew, for as long as it held before."""
    until = verified.until if verified is not None else None
    if verified is None or until is None:
        return Verified(by, today)
    return Verified(by, today, today + min(max(until - verified.on, timedelta(days=1)), FAR - today))


def looked_over(verified: Verified | None, by: str, today: date, until: date | None) -> Verified:
    """The verification of an entry that was saved, right `until` a day; a day that was over already is put on."""
    if until is not None and until < today:
        return renewed(verified, by, today)
    return Verified(by, today, until)


def is_fresh(verified: Verified | None, today: date) -> bool:
    """Whether somebody has found an entry right today, and it still is as far as that goes."""
    return verified is not None and verified.on == today and not verified.lapsed(today)


def owner_of(entry: Entry, candidates: Sequence[Member]) -> Member | None:
    """The person whom an entry's owner names: by their whole name, or by a first name that only one of them has."""
    owner = bare(entry.owner)
    whole = [one for one in candidates if bare(one.name) == owner]
    first = [one for one in candidates if bare(one.name).partition(" ")[0] == owner]
    people = {one.person_id: one for one in whole or first}
    return next(iter(people.values())) if len(people) == 1 else None


def as_answer(text: str) -> str:
    """A message's text, as Slack delivers it, in the form of an answer: links as answers write them, nobody named."""
    said, end = "", 0
    for found in _MARKUP.finditer(text):
        said += _unmarked(text[end : found.start()]) + _plain(found[1], found[2])
        end = found.end()
    text = said + _unmarked(text[end:])
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, character)
    lines = (re.sub(r"[ \t]+", " ", re.sub(r"^\s*• ?", "- ", line)).strip() for line in text.splitlines())
    return "\n".join(lines).strip()


_MARKUP = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_EMPHASIS = tuple(
    re.compile(rf"(?<![\w\{sign}])\{sign}(?=\S)([^\{sign}\n]+?)(?<=\S)\{sign}(?![\w\{sign}])") for sign in "*~_"
)
_NEVER = Verified("", date.min)


def _unmarked(text: str) -> str:
    for pattern in _EMPHASIS:
        text = pattern.sub(r"\1", text)
    return text


def _plain(target: str, label: str | None) -> str:
    if target[0] in "@!":
        return ""
    if target[0] == "#":
        return f"#{label}" if label else ""
    if not label or label == target or target == f"mailto:{label}" or target.split("://")[-1] == label:
        return target.removeprefix("mailto:")
    return f"[{label}]({target})"


def _line(name: Field, text: str) -> Problem | None:
    return Problem(name, "missing") if not text else _too_long(name, text, LONGEST_LINE)


def _text(name: Field, text: str) -> Problem | None:
    return Problem(name, "missing") if not text else _too_long(name, text, LONGEST_TEXT)


def _too_long(name: Field, text: str, most: int) -> Problem | None:
    return Problem(name, "too_long", length=len(text)) if len(text) > most else None


def _asked(name: Field, text: str, program: Program, but: str | None) -> Problem | None:
    if not bare(text):
        return Problem(name, "missing")
    other = asked_in(program, text, but)
    return Problem(name, "asked_already", other.question) if other is not None else None


def _way(text: str, program: Program, entry: Entry) -> Problem | None:
    return _too_long("phrasings", text, LONGEST_LINE) or _asked("phrasings", text, program, entry.key)


def _numbered(whole: str) -> Iterable[str]:
    yield whole
    number = 2
    while True:
        yield f"{whole}-{number}"
        number += 1


def _doubt(entry: Entry, votes: Sequence[Vote]) -> Doubt:
    texts = dict.fromkeys(one.text for one in sorted(votes, key=lambda one: one.at) if one.text is not None)
    hidden = {one.question_id for one in votes if one.text is None}
    return Doubt(entry, len({one.person_id for one in votes}), tuple(texts), len(hidden))
