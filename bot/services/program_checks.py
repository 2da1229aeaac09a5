"""What a program's parts owe each other: names used once, references that lead somewhere, moments that exist."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypeVar

from bot.domain import language, living
from bot.domain import programs as domain
from bot.domain.written import is_visible
from bot.services.program_schema import (
    AssignmentItem,
    BreakItem,
    EntryItem,
    EventItem,
    Header,
    Item,
    Offset,
    ReminderItem,
    ResourceItem,
)

Place = tuple[str | int, ...]
"""Where in the file: keys and places in lists, as in `("events", 3, "starts")`."""
Numbered = tuple[int, Item]
"""An item with its place in its section's list."""
Kind = TypeVar("Kind", bound=Item)


@dataclass(frozen=True)
class Flaw:
    """One thing that is wrong, and where; `near` stands beside it in a text of several lines."""

    place: Place
    says: str
    near: str = ""


@dataclass(frozen=True)
class Parts:
    """Whatever parts of a file hold by themselves; `header` is None when it does not."""

    header: Header | None
    items: Mapping[str, tuple[Numbered, ...]]
    identified: Mapping[str, frozenset[str]]
    """The ids of each section, those of items with other flaws included: a reference to one is not a second flaw."""

    def of(self, section: str, kind: type[Kind]) -> Iterator[tuple[int, Kind]]:
        for place, item in self.items.get(section, ()):
            if isinstance(item, kind):
                yield place, item

    def exists(self, wall: datetime) -> bool:
        return self.header is None or domain.exists(wall, self.header.program.zone)


def flaws(parts: Parts) -> Iterator[Flaw]:
    """Everything wrong between the parts."""
    for check in _CHECKS:
        yield from check(parts)


def _header(parts: Parts) -> Iterator[Flaw]:
    if parts.header is None:
        return
    season, hours = parts.header.season, parts.header.hours
    if season.starts and season.ends and season.ends < season.starts:
        yield Flaw(("season", "ends"), f"the season ends before it starts on {season.starts}")
    if hours and hours.high < hours.low:
        yield Flaw(("hours", "high"), f"is less than low, which is {hours.low:g}")
    yield from _twice(("support_categories",), [one.id for one in parts.header.support_categories])
    yield from _quiet(parts.header)


def _quiet(head: Header) -> Iterator[Flaw]:
    if head.quiet is not None:
        start, end = head.quiet.start, head.quiet.end
        if (start is None) != (end is None):
            missing = "to" if end is None else "from"
            yield Flaw(("quiet",), f'needs `{missing}` as well, like from: "20:00", to: "08:00"')
        elif start is not None and start == end:
            yield Flaw(("quiet", "to"), "is the same as from; write the time at which the quiet ends")
        if len(set(head.quiet.days)) == 7:
            yield Flaw(("quiet", "days"), "are all seven: nothing could ever be said; leave one out")
    days = [one.on for one in head.holidays]
    for number, on in enumerate(days):
        if on in days[:number]:
            yield Flaw(("holidays", number, "on"), f"{on} stands there twice")


def _events(parts: Parts) -> Iterator[Flaw]:
    for place, event in parts.of("events", EventItem):
        here: Place = ("events", place)
        for name, wall in (("starts", event.starts), ("ends", event.ends)):
            if wall is not None and not parts.exists(wall):
                yield Flaw((*here, name), _skipped(wall))
        if event.ends is not None and event.kind == "deadline":
            yield Flaw((*here, "ends"), "a deadline is one moment; leave out its end")
        elif event.ends is not None and event.ends <= event.starts:
            yield Flaw((*here, "ends"), f"the end is not after the start, {event.starts:%Y-%m-%d %H:%M}")


def _assignments(parts: Parts) -> Iterator[Flaw]:
    for place, assignment in parts.of("assignments", AssignmentItem):
        here: Place = ("assignments", place)
        if not parts.exists(assignment.due):
            yield Flaw((*here, "due"), _skipped(assignment.due))
        if assignment.event is not None and assignment.event not in parts.identified.get("events", ()):
            yield Flaw((*here, "event"), f"there is no event with the id {assignment.event!r}")
        yield from _twice((*here, "prompts"), [one.id for one in assignment.prompts])


def _breaks(parts: Parts) -> Iterator[Flaw]:
    for place, one in parts.of("breaks", BreakItem):
        if one.last < one.first:
            yield Flaw(("breaks", place, "to"), f"the break ends before it starts on {one.first}")


def _reminders(parts: Parts) -> Iterator[Flaw]:
    rules: dict[tuple[str, str], str] = {}
    for place, rule in parts.of("reminders", ReminderItem):
        here: Place = ("reminders", place)
        yield from _homework(here, rule) if rule.kind == domain.HOMEWORK else _announcement(here, rule)
        yield from _repeated((*here, "offsets"), rule.offsets)
        yield from _repeated((*here, "nudges"), rule.nudges)
        other = rules.setdefault((rule.kind, rule.to), rule.id)
        if other != rule.id:
            yield Flaw((*here, "kind"), f"{other!r} already reminds {rule.to} of {rule.kind}; put the offsets there")


def _homework(here: Place, rule: ReminderItem) -> Iterator[Flaw]:
    if rule.post is None:
        yield Flaw((*here, "post"), "is missing: say when homework is posted to the channel, once")
    if rule.offsets:
        yield Flaw((*here, "offsets"), "homework has one `post` and up to two `nudges` instead of offsets")


def _announcement(here: Place, rule: ReminderItem) -> Iterator[Flaw]:
    if rule.post is not None:
        yield Flaw((*here, "post"), "is only for homework; write `offsets`")
    if rule.nudges:
        yield Flaw((*here, "nudges"), "is only for homework; write `offsets`")
    if not rule.offsets:
        yield Flaw((*here, "offsets"), "is missing: say when to remind, like [1 day before at 09:00, 1 hour before]")
    for number, offset in enumerate(rule.offsets):
        if (offset.days or 0) < 0 or (offset.minutes or 0) < 0:
            yield Flaw((*here, "offsets", number), "comes after the event; only homework is nudged afterwards")


def _entries(parts: Parts) -> Iterator[Flaw]:
    seen: dict[str, str] = {}
    known = {domain.CONTACT, *parts.identified.get("resources", ()), *parts.identified.get("events", ())}
    for place, entry in parts.of("faq", EntryItem):
        here: Place = ("faq", place)
        for number, key in enumerate(entry.see):
            if key not in known:
                yield Flaw((*here, "see", number), f"there is no resource or event with the id {key!r}")
        if entry.verified and entry.verified.until and entry.verified.until < entry.verified.on:
            yield Flaw((*here, "verified", "until"), f"ends before it was verified on {entry.verified.on}")
        for spot, text in _answers(here, entry):
            if living.may_be_empty(text):
                yield Flaw(spot, _NOTHING) if not is_visible(text) else Flaw(spot, _NOTHING_LATER, text)
        spots: list[tuple[Place, str]] = [((*here, "question"), entry.question)]
        spots += [((*here, "translations", name, "question"), one.question) for name, one in entry.translations.items()]
        spots += [((*here, "phrasings", number), text) for number, text in enumerate(entry.phrasings)]
        for spot, text in spots:
            if not bare(text):
                yield Flaw(spot, f"{text!r} has no word in it")
                continue
            other = seen.setdefault(bare(text), entry.id)
            if other != entry.id:
                yield Flaw(spot, f"{text!r} is asked in {other!r} already; one question has one answer")


_NOTHING = "is empty: there is nothing in it that anybody can see"
_NOTHING_LATER = "is empty on some days: a placeholder may choose a text that is not there; write that one, too"


def _answers(here: Place, entry: EntryItem) -> Iterator[tuple[Place, str]]:
    """An entry's answer in each of its languages."""
    yield (*here, "answer"), entry.answer
    for name, one in entry.translations.items():
        yield (*here, "translations", name, "answer"), one.answer


def _living(parts: Parts) -> Iterator[Flaw]:
    ids = (parts.identified.get(section, frozenset()) for section in ("events", "assignments", "resources"))
    names = living.Names(*ids)
    for place, entry in parts.of("faq", EntryItem):
        for spot, text in _answers(("faq", place), entry):
            yield from (Flaw(spot, fault.says, fault.written) for fault in living.faults(text, names))


def _shared_ids(parts: Parts) -> Iterator[Flaw]:
    events = parts.identified.get("events", frozenset())
    for place, resource in parts.of("resources", ResourceItem):
        if resource.id in events:
            yield Flaw(("resources", place, "id"), f"{resource.id!r} is the id of an event already")


_CHECKS: tuple[Callable[[Parts], Iterator[Flaw]], ...] = (
    _header,
    _events,
    _assignments,
    _breaks,
    _reminders,
    _entries,
    _living,
    _shared_ids,
)


def _skipped(wall: datetime) -> str:
    return f"clocks skip {wall:%H:%M} on {wall:%Y-%m-%d}, when they go forward; choose a time before or after"


def _twice(list_: Place, keys: list[str]) -> Iterator[Flaw]:
    for number, key in enumerate(keys):
        if key in keys[:number]:
            yield Flaw((*list_, number, "id"), f"{key!r} is used twice")


def _repeated(list_: Place, offsets: tuple[Offset, ...]) -> Iterator[Flaw]:
    for number, offset in enumerate(offsets):
        if offset.key in [one.key for one in offsets[:number]]:
            yield Flaw((*list_, number), f"{offset.words!r} stands there twice")


@lru_cache(maxsize=65_536)
def bare(text: str) -> str:
    """What makes two questions the same: their words, without accents, marks and capitals.

    Kept, as a program is checked as a whole whenever anything of it changes.
    """
    return " ".join(re.findall(r"\w+", language.plain(text)))
