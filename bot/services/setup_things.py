"""What there is to look through in a program that is being set up: its words, dates, homework and answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain import shifting
from bot.domain.programs import Assignment, Entry, Event, Program
from bot.domain.setup import Kind, Looking, Note, Part, State, Thing
from bot.services import setup_begin
from bot.services.programs import HEADER
from storage.setup import SetupRow

PAGE: Mapping[Part, int] = {"words": 40, "dates": 40, "homework": 20, "answers": 12}
"""How many things are looked at at once."""
HEADERS: Mapping[str, str] = {
    "program": "What the program is, in short",
    "home": "What the Home says",
    "welcome": "The welcome",
    "hours": "Hours that are expected",
    "coaching": "How coaching goes",
}
"""The parts of the header that are words, and what they are called."""
_Made = tuple[Thing, bool, str]
"""Something to look at, whether it is a sample, and all its words."""


def looking(program: Program, row: SetupRow, part: Part, start: int, zone: str | None, now: datetime) -> Looking:
    """A page of a part."""
    things = things_of(program, row, part, now)
    waiting = sum(one.waits for one in things)
    at = min(start, max(len(things) - 1, 0)) // PAGE[part] * PAGE[part]
    page = things[at : at + PAGE[part]]
    return Looking(program, part, page, at, len(things), waiting, zone)


def state_of(things: Sequence[Thing]) -> State:
    """How far a part is looked through."""
    return State(
        total=len(things),
        waiting=sum(one.waits for one in things),
        gone=sum(one.gone for one in things),
        noted=sum(bool(one.notes) for one in things),
    )


def kind_of(row: SetupRow) -> Kind:
    """What a program was begun from."""
    if row.copied:
        return "copy"
    return "blank" if setup_begin.is_blank(row.source) else "template"


def things_of(program: Program, row: SetupRow, part: Part, now: datetime) -> tuple[Thing, ...]:
    """Everything of a part, with what is to be looked at; what was looked through waits no more."""
    made = {"words": _words, "dates": _dates, "homework": _homework, "answers": _answers}[part](program, now)
    looked, kind = part in row.looked, kind_of(row)
    names = [one["about"] for one in row.notes if one["why"] == "name"]
    clocks = {(one["section"], one["key"]): one["about"] for one in row.notes if one["why"] == "clock"}
    found = []
    for thing, sample, words in made:
        if kind == "template" and thing.section == "resources":
            # Another's link is never right: it stays a sample until somebody fills in the program's own.
            continue
        moved = "moved" in row.looked or (thing.section, thing.key) in clocks
        fresh = not looked and _brought(thing, part, kind, moved=moved)
        notes = tuple(_notes(thing, words, names, clocks)) if sample or fresh else ()
        # Of a copy the words stand, but for those with a date.
        waits = sample or (fresh and (kind != "copy" or part in ("dates", "homework") or bool(notes)))
        found.append(replace(thing, waits=waits, notes=notes))
    return tuple(found)


def _brought(thing: Thing, part: Part, kind: Kind, *, moved: bool) -> bool:
    """Whether what has no mark of its own came from elsewhere, and not from somebody who typed it here."""
    if part in ("dates", "homework"):
        return kind == "copy" or moved
    return kind != "template" or (part == "words" and thing.section == HEADER)


def _notes(thing: Thing, words: str, names: Iterable[str], clocks: Mapping[tuple[str, str], str]) -> Iterator[Note]:
    clock = clocks.get((thing.section, thing.key))
    if clock is not None:
        yield Note(thing.section, thing.key, "clock", clock)
    if shifting.names_date(words):
        yield Note(thing.section, thing.key, "date")
    elif thing.section == "breaks":
        yield Note(thing.section, thing.key, "break")
    yield from (Note(thing.section, thing.key, "name", one) for one in shifting.named_in(words, names))


def _words(program: Program, now: datetime) -> Iterator[_Made]:
    home, welcome = program.home, program.welcome
    texts = {
        "program": program.summary,
        "home": "\n".join(
            one
            for one in (home.about, home.applicant, home.participant, home.coach, home.facilitator, home.stranger)
            if one
        ),
        "welcome": "\n".join((welcome.does, welcome.readers, welcome.quieten)),
        "hours": program.hours.words if program.hours else "",
        "coaching": program.coaching.words if program.coaching else "",
    }
    for key, text in texts.items():
        if text:
            yield Thing(HEADER, key, HEADERS[key], text), False, text
    for role in program.roles:
        yield Thing("roles", role.key, role.title, role.text), role.sample, f"{role.title}\n{role.text}"
    for one in program.expectations:
        yield Thing("expectations", one.key, one.who, one.text), one.sample, f"{one.who}\n{one.text}"
    for told in program.milestones:
        words = f"{told.title}\n{told.when}\n{told.text}"
        yield Thing("milestones", told.key, told.title, f"{told.when}: {told.text}"), told.sample, words


def _dates(program: Program, now: datetime) -> Iterator[_Made]:
    found: list[_Made] = [_event(one, now) for one in program.events]
    for pause in program.breaks:
        first, last = _day(pause.first, program), _day(pause.last, program)
        gone = last + timedelta(days=1) <= now
        thing = Thing("breaks", pause.key, pause.name, "", first, last, gone=gone, whole_days=True)
        found.append((thing, pause.sample, pause.name))
    if program.holidays:
        names = ", ".join(one.name for one in program.holidays)
        first = _day(min(one.on for one in program.holidays), program)
        last = _day(max(one.on for one in program.holidays), program)
        thing = Thing(HEADER, "holidays", "Holidays", names, first, last, whole_days=True)
        found.append((thing, any(one.sample for one in program.holidays), names))
    if program.starts is not None:
        season = Thing(HEADER, "season", "The season", program.season_words or "", _day(program.starts, program))
        ends = _day(program.ends, program) if program.ends else None
        season = replace(season, until=ends, whole_days=True)
        found.append((season, program.season_sample, program.season_words or ""))
    yield from sorted(found, key=lambda one: (one[0].when or now, one[0].title))


def _event(one: Event, now: datetime) -> _Made:
    words = "\n".join(filter(None, (one.title, one.prep, one.place)))
    thing = Thing("events", one.key, one.title, one.prep or "", one.starts_at, one.ends_at, gone=one.over(now))
    return thing, one.sample, words


def _homework(program: Program, now: datetime) -> Iterator[_Made]:
    for one in sorted(program.assignments, key=lambda one: (one.due_at, one.key)):
        yield _assignment(one, now)


def _assignment(one: Assignment, now: datetime) -> _Made:
    asked = "\n".join(f"• {prompt.label}" for prompt in one.prompts)
    text = f"{one.summary}\n{asked}"
    hints = "\n".join(prompt.hint or "" for prompt in one.prompts)
    thing = Thing("assignments", one.key, one.title, text, one.due_at, gone=one.overdue(now))
    return thing, one.sample, f"{one.title}\n{text}\n{hints}"


def _answers(program: Program, now: datetime) -> Iterator[_Made]:
    for one in program.resources:
        text = "\n".join(filter(None, (one.url, one.note)))
        yield Thing("resources", one.key, one.title, text), one.sample, f"{one.title}\n{one.note or ''}"
    yield from (_entry(one) for one in program.entries)


def _entry(one: Entry) -> _Made:
    others = "\n".join(f"{other.question}\n{other.answer}" for other in one.translations)
    return Thing("faq", one.key, one.question, one.answer), one.sample, f"{one.question}\n{one.answer}\n{others}"


def _day(on: date, program: Program) -> datetime:
    return datetime.combine(on, time(), ZoneInfo(program.zone))
