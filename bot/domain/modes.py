"""How a program speaks: in practice, live, or as a demo; and what of it is a sample.

What the bot says is said, said elsewhere with a label, or kept silent, by one rule: `ruling`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Literal

from bot.domain.living import named
from bot.domain.notices import Notice, Refs, Voice
from bot.domain.programs import Assignment, Contact, Entry, Event, Mode, PracticeIn, Program, Resource

Place = Literal["facilitators", "direct", "channel"]
"""Where a notice would be read: in the facilitators' channel, by one person, or by a channel of others."""

LABELLED = "in practice"
"""How the note on record begins of what was said with a label."""
PRACTISED = f"{LABELLED}, in the facilitators' channel"
"""The note of what was said there, and not where it belongs."""
NOWHERE = "in practice nothing is said but to who asks"
SAMPLE = "it is a sample, which a live program never posts"
DUE_IN_PRACTICE = "it was due while the program was in practice"
UNTOUCHED = "in practice nothing is changed that was said before"
HEADER = "program"
"""The section of what stands in a program once: its contact, season and holidays."""


@dataclass(frozen=True)
class AsIs:
    """Say it where it belongs; `label` says that the program is in practice."""

    label: bool = False


@dataclass(frozen=True)
class Elsewhere:
    """Say it in the facilitators' channel, labelled with where it would be."""


@dataclass(frozen=True)
class Silent:
    """Do not say it; the reason goes on record."""

    reason: str


Ruling = AsIs | Elsewhere | Silent


def ruling(program: Program, notice: Notice, voice: Voice, place: Place) -> Ruling:
    """Where a notice of a program is said, if at all, as the program speaks now."""
    if voice == "always" or program.mode == "demo":
        return AsIs()
    if program.mode == "live":
        return _live(program, notice, voice)
    return practised(program.practice_in, voice, place)


def practised(practice_in: PracticeIn, voice: Voice, place: Place) -> Ruling:
    """The same of a program that is in practice: nobody hears anything there but whoever runs it, and who asks."""
    if place == "facilitators" or voice == "staff" or (voice in ("asker", "mends") and place == "direct"):
        return AsIs(label=voice != "always")
    if voice == "always":
        return AsIs()
    return Elsewhere() if practice_in == "facilitators" else Silent(NOWHERE)


def _live(program: Program, notice: Notice, voice: Voice) -> Ruling:
    if voice in ("anybody", "mends") and about_sample(program, notice.refs):
        return Silent(SAMPLE)
    since = program.live_since
    if voice == "anybody" and since is not None and notice.due_at < since:
        return Silent(DUE_IN_PRACTICE)
    return AsIs()


def about_sample(program: Program, refs: Refs) -> bool:
    """Whether what a notice is about is made up."""
    keys = {str(refs.get("event")), *str(refs.get("events") or "").split()}
    homework = program.assignment(str(refs.get("homework")))
    entry = program.entry(str(refs.get("entry")))
    return (
        any(one.sample for one in program.events if one.key in keys)
        or (homework is not None and homework.sample)
        or (entry is not None and entry.sample)
    )


# A live program without its samples


@dataclass(frozen=True, eq=False)
class _Same:
    """A program, known again as the very one: comparing two by all that they hold takes longer than the work saved."""

    program: Program

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.program is self.program

    def __hash__(self) -> int:
        return id(self.program)


def spoken(program: Program) -> Program:
    """A program as those may hear it who do not look after it: live it has no samples, else it is the same."""
    return _without_samples(_Same(program)) if program.mode == "live" else program


@lru_cache(maxsize=16)
def _without_samples(same: _Same) -> Program:
    program = same.program
    if not samples(program):
        return program
    events = tuple(_without_sample_link(one) for one in program.events if not one.sample)
    contact = Contact(program.contact.name, "") if program.contact.sample else program.contact
    made_up = _made_up(program)
    return replace(
        program,
        contact=contact,
        season_words=None if program.season_sample else program.season_words,
        season_sample=False,
        roles=tuple(one for one in program.roles if not one.sample),
        expectations=tuple(one for one in program.expectations if not one.sample),
        milestones=tuple(one for one in program.milestones if not one.sample),
        events=events,
        breaks=tuple(one for one in program.breaks if not one.sample),
        holidays=tuple(one for one in program.holidays if not one.sample),
        resources=tuple(one for one in program.resources if not one.sample),
        documents=tuple(one for one in program.documents if not one.sample),
        assignments=tuple(one for one in program.assignments if not one.sample),
        entries=tuple(one for one in program.entries if not _rests_on(one, made_up)),
    )


def _without_sample_link(event: Event) -> Event:
    return replace(event, link=None, link_sample=False) if event.link_sample else event


def _made_up(program: Program) -> frozenset[str]:
    """The ids of what is made up, as answers name them."""
    found: tuple[Event | Assignment | Resource, ...] = (*program.events, *program.assignments, *program.resources)
    return frozenset(one.key for one in found if one.sample)


def _rests_on(entry: Entry, made_up: frozenset[str]) -> bool:
    """Whether an answer is made up, or cannot be given without something that is."""
    texts = (entry.answer, *(one.answer for one in entry.translations))
    return entry.sample or any(named(text) & made_up for text in texts)


# Samples


@dataclass(frozen=True)
class Sample:
    """Something made up: where it stands in the program, by its section and id, and what it is called.

    What stands in a program once is in the section `program`, with the ids contact, season and holidays. `link`: only
    the link of it is made up.
    """

    section: str
    key: str
    title: str
    link: bool = False

    @property
    def name(self) -> str:
        """The section and the id, as a button's key: `events/convening-1`."""
        return f"{self.section}/{self.key}"


def samples(program: Program) -> tuple[Sample, ...]:
    """Everything in a program that is made up, in the order of its file."""
    return tuple(_samples(program))


def _samples(program: Program) -> Iterator[Sample]:
    if program.contact.sample:
        yield Sample(HEADER, "contact", f"The address of {program.contact.name}")
    if program.season_sample:
        yield Sample(HEADER, "season", program.season_words or "The season")
    holidays = [one.name for one in program.holidays if one.sample]
    if holidays:
        yield Sample(HEADER, "holidays", ", ".join(holidays))
    yield from (Sample("roles", one.key, one.title) for one in program.roles if one.sample)
    yield from (Sample("expectations", one.key, one.text) for one in program.expectations if one.sample)
    yield from (Sample("milestones", one.key, one.title) for one in program.milestones if one.sample)
    for one in program.events:
        if one.sample or one.link_sample:
            yield Sample("events", one.key, one.title, link=not one.sample)
    yield from (Sample("breaks", one.key, one.name) for one in program.breaks if one.sample)
    yield from (Sample("resources", one.key, one.title) for one in program.resources if one.sample)
    yield from (Sample("documents", one.key, one.title) for one in program.documents if one.sample)
    yield from (Sample("assignments", one.key, one.title) for one in program.assignments if one.sample)
    yield from (Sample("faq", one.key, one.question) for one in program.entries if one.sample)


# Changing it


@dataclass(frozen=True)
class Standing:
    """How a program speaks, before somebody changes that.

    `posts` is how many posts stand for the next seven days as it would be live, `left_out` how many more there were
    without samples; `samples` are all that is made up. `due` is what fell due in practice and is not said again.
    """

    program: Program
    posts: int
    left_out: int
    samples: tuple[Sample, ...]
    facilitators_channel: str | None
    due: int = 0


@dataclass(frozen=True)
class Changed:
    """It speaks otherwise from now on: by this press, or, `already`, as before."""

    program: Program
    mode: Mode
    practice_in: PracticeIn
    samples: int
    at: datetime
    already: bool = False
    by: str | None = None


@dataclass(frozen=True)
class Listed:
    """All samples of a program, for those who can fill them in."""

    program: Program
    samples: tuple[Sample, ...]
