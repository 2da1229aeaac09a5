"""How what can be changed of a program is called, and how its values and its changes read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.domain.change_fields import dates, digests, header, schedules, sections
from bot.domain.change_fields.dates import EVENTS
from bot.domain.change_fields.fields import Body, Field, Section
from bot.domain.change_fields.header import PARTS
from bot.domain.change_fields.reminders import PLACES
from bot.domain.change_fields.sections import IN_HEADER, SPECS
from bot.domain.changes import Change
from bot.domain.programs import Program, parse_clock
from bot.views.blocks import clip, counted
from bot.views.lines import Line
from bot.views.times import clock_words, date_words, day_words, span_there
from bot.views.zones import zone_words

NAMES: Mapping[Section, str] = {
    "events": "Dates",
    "assignments": "Homework",
    "faq": "Answers",
    "resources": "Things to open",
    "breaks": "Breaks",
    "holidays": "Holidays",
    "reminders": "Reminders",
    "digests": "Digests",
    "milestones": "Milestones",
    "expectations": "Expectations",
    "roles": "Roles",
    "support_categories": "Kinds of support",
    "program": "The program itself",
}
ABOUT: Mapping[Section, str] = {
    "events": "Convenings, office hours, deadlines: when, where, the link, what to prepare",
    "assignments": "What is asked, of whom, and until when",
    "faq": "What I answer, and how people ask it",
    "resources": "Links and papers that I point to",
    "breaks": "Days on which nothing is posted",
    "holidays": "Single days on which I am quiet",
    "reminders": "How long before a date I remind people of it",
    "digests": "Who is told what needs them, on which days",
    "milestones": "What is dated only in words",
    "expectations": "What is expected of whom",
    "roles": "Who takes part, and what they do",
    "support_categories": "What can be asked for in a check-in",
    "program": "Contact, season, hours, quiet, my words on the Home and in the welcome",
}
ONE: Mapping[Section, str] = {
    "events": "date",
    "assignments": "homework",
    "faq": "answer",
    "resources": "thing to open",
    "breaks": "break",
    "holidays": "holiday",
    "reminders": "reminders",
    "digests": "digest",
    "milestones": "milestone",
    "expectations": "expectation",
    "roles": "role",
    "support_categories": "kind of support",
    "program": "part of the program",
}
ADDING: Mapping[Section, str] = {
    "events": "A new date",
    "assignments": "New homework",
    "faq": "A new answer",
    "resources": "A new thing to open",
    "breaks": "A new break",
    "holidays": "A new holiday",
    "reminders": "New reminders",
    "digests": "A new digest",
    "milestones": "A new milestone",
    "expectations": "A new expectation",
    "roles": "A new role",
    "support_categories": "A new kind of support",
    "program": "A new part",
}
CHANGING: Mapping[Section, str] = {
    "events": "Change a date",
    "assignments": "Change homework",
    "faq": "Change an answer",
    "resources": "Change a thing to open",
    "breaks": "Change a break",
    "holidays": "Change a holiday",
    "reminders": "Change reminders",
    "digests": "Change a digest",
    "milestones": "Change a milestone",
    "expectations": "Change an expectation",
    "roles": "Change a role",
    "support_categories": "Change a kind of support",
    "program": "Change the program",
}
LOOK = "See what follows"
SAVES: Mapping[Section, str] = {section: LOOK if section in sections.LOOKED_AT else "Save" for section in SPECS}
"""What the button of each form says: what people are told by goes through a look first."""
NOTHING = "nothing"
MOST = 200


def removes(section: Section, key: str, body: Body) -> str:
    """What the button says that takes an item out; empty where it stays."""
    if section == "program":
        return ""
    return "Cancel this date" if section == "events" else "Remove it"


def title(section: Section, key: str, body: Body) -> str:
    """What an item is called in a list; plain words."""
    match section:
        case "program":
            return PARTS.get(key, "The program")
        case "reminders":
            kind = dict((*EVENTS, ("homework", "Homework"))).get(str(body.get("kind")), "")
            where = dict(PLACES).get(str(body.get("to")), "")
            return f"{kind}, in {where[:1].lower()}{where[1:]}"
        case "digests":
            what = dict(digests.DIGESTS)[str(body.get("what") or "what-needs-you")]
            return f"{what}, for {'the facilitators' if body.get('to') == 'facilitators' else 'one person'}"
        case _:
            return str(body.get(SPECS[section].title) or "")


def details(section: Section, body: Body, program: Program, key: str = "") -> str:
    """What stands beside it in a list: the time, the words, as far as one line goes."""
    match section:
        case "events":
            return when(section, body)
        case "assignments":
            return f"Due {when(section, body)}"
        case "breaks":
            return f"{_day(str(body['from']))} – {_day(str(body['to']))}"
        case "holidays":
            return _day(str(body["on"]))
        case "reminders":
            return "; ".join(
                [*([str(body["post"])] if "post" in body else []), *body.get("offsets", ()), *body.get("nudges", ())]
            )
        case "digests":
            days, time = schedules.days_of(str(body["cron"]))
            return f"{listed_days(days)} at {clock_of(time)}" if days else "by a rule of its own"
        case "resources":
            return str(body.get("url") or body.get("note") or "")
        case "program":
            return _of_part(key, body)
        case "support_categories":
            return ""
        case _:
            return str(body.get("answer") or body.get("text") or "")


def when(section: str, body: Body) -> str:
    """The time of something dated, on the program's clock; with the year."""
    walls = [wall for _, wall in dates.walls(section, body)]
    return span_there(walls[0], walls[-1], year=True) if len(walls) > 1 else _moment(walls[0])


def said(field: Field, value: str) -> str:
    """A field's value as people read it; plain words."""
    if not value:
        return "no" if field.kind == "yes" else NOTHING
    match field.kind:
        case "day":
            return _day(value)
        case "time":
            return clock_of(value)
        case "zone":
            return zone_words(value)
        case "choice" | "choices":
            labels = dict(field.choices)
            return ", ".join(labels.get(one, one) for one in value.split("\n"))
        case "yes":
            return "yes"
        case _:
            return value


def differences(
    section: Section, key: str, before: Body, after: Body, program: Program | None
) -> list[tuple[str, str, str]]:
    """What is different: the label of each field, and how it was and is. The parts of a time are one."""
    fields = {one.name: one for body in (before, after) for one in sections.fields(section, key, body, program)}
    found: list[tuple[str, str, str]] = []
    timed = [one for one in (before, after) if [*dates.walls(section, one)]]
    if len(timed) == 2 and when(section, before) != when(section, after):
        found.append(("When", when(section, before), when(section, after)))
    parts = ("day", "starts", "ends", "last", "due") if timed else ()
    for one in fields.values():
        was, is_ = one.shown(before), one.shown(after)
        if was != is_ and one.name not in parts:
            found.append((one.label, said(one, was), said(one, is_)))
    return found


# A change on record


def line(change: Change, program: Program) -> Line:
    """A change of items in words."""
    if change.key == "several":
        return _several(change)
    section, key = _place(change.key)
    if section is None:
        return Line(PARTS.get(change.key.partition("/")[2], "The program"), "changed")
    before, after = change.before, change.after
    if section in IN_HEADER:
        return _of_list(section, before or {}, after or {})
    if section == "program":
        before, after = ((one or {}).get(key, {}) for one in (before, after))
    name = title(section, key, after or before or {})
    what = f"{ONE[section].capitalize()} “{clip(name, 120)}”" if section != "program" else name
    if before is None and after is not None:
        return Line(what, "added", after=clip(details(section, after, program), MOST))
    if after is None and before is not None:
        return Line(
            what, "cancelled" if section == "events" else "taken out", clip(details(section, before, program), MOST)
        )
    changes = differences(section, key, before or {}, after or {}, None)
    return Line(
        what,
        "changed",
        "; ".join(f"{label}: {clip(was, 100)}" for label, was, _ in changes[:4]),
        "; ".join(f"{label}: {clip(now, 100)}" for label, _, now in changes[:4]),
    )


def _several(change: Change) -> Line:
    before, after = change.before or {}, change.after or {}
    first = next(iter(after))
    section, key = _place(first)
    if section is None:
        return Line(counted(len(after), "thing"), "changed")
    body = after[first] or before[first] or {}
    name = clip(title(section, key, body), 120)
    if all(before[one] is None for one in after):
        days = [when(section, one) for one in after.values() if one and [*dates.walls(section, one)]]
        return Line(f"{counted(len(after), 'date')} “{name}”", "added", after=clip("; ".join(days), MOST))
    did = "changed" if after[first] is not None else "cancelled" if section == "events" else "taken out"
    others = counted(len(after) - 1, "other thing")
    return Line(f"{ONE[section].capitalize()} “{name}”, and {others} with it", did)


def _of_list(section: Section, before: Body, after: Body) -> Line:
    was, is_ = ([title(section, "", one) for one in body.get(section, ())] for body in (before, after))
    gone, new = [one for one in was if one not in is_], [one for one in is_ if one not in was]
    did = "changed" if len(was) == len(is_) else "added" if len(is_) > len(was) else "taken out"
    return Line(NAMES[section], did, clip(", ".join(gone), MOST), clip(", ".join(new), MOST))


def _place(key: str) -> tuple[Section | None, str]:
    section, _, name = key.partition("/")
    if section == "program" and name in IN_HEADER:
        return sections.SECTIONS[name], ""
    if section == "program" and name not in PARTS:
        return None, name
    return sections.SECTIONS.get(section), name


STANDS = {
    "would not hold": "It cannot be taken back by itself: something else in the program goes by it now. "
    "Change it in its form, and what goes by it first.",
}


def listed_days(days: Sequence[str]) -> str:
    """Mondays to Fridays; Tuesdays and Fridays."""
    names = dict(schedules.WEEKDAYS)
    numbers = [schedules.DAYS.index(one.upper()) for one in days]
    if len(numbers) == 7:
        return "Every day"
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{names[days[0]]} to {names[days[-1]]}"
    said_ = [names[one] for one in days]
    return said_[0] if len(said_) == 1 else f"{', '.join(said_[:-1])} and {said_[-1]}"


def _of_part(part: str, body: Body) -> str:
    fields = header.part_fields(part, body) if part in PARTS else ()
    shown = [(one, one.shown(body)) for one in fields if one.name not in ("source", "sample")]
    return " · ".join(said(one, value).replace("\n", ", ") for one, value in shown if value)


def _day(day: str) -> str:
    return date_words(date.fromisoformat(day))


def _moment(wall: datetime) -> str:
    return f"{day_words(wall, year=True)}, {clock_words(wall)}"


def clock_of(clock: str) -> str:
    """3:00 pm, for a time as files have it."""
    return clock_words(datetime.combine(date.min, parse_clock(clock)))
