"""When I may write to somebody: the form, and the menu under a reminder that puts it off."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.messages import Block, Message
from bot.domain.programs import Program, QuietHours, parse_clock
from bot.domain.quiet import MOST_DATES, Own, Rest, Resting
from bot.views import ids
from bot.views.blocks import (
    context,
    date_input,
    esc,
    field_block,
    modal,
    multi_select,
    option,
    radios,
    section,
    select,
    time_input,
)
from bot.views.times import clock_words, day_words, moment, yours

WINDOW = "quiet.window"
WHOSE, STARTS, ENDS, DAYS, FIRST, LAST = (
    "quiet:whose",
    "quiet:starts",
    "quiet:ends",
    "quiet:days",
    "quiet:first",
    "quiet:last",
)
WEEKDAYS = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
CHOICES = (("hour", "In an hour"), ("tomorrow", "Tomorrow morning"), ("never", "Not again about this"))
ALWAYS = "Receipts, answers to your questions and whatever you ask me for come at once, whatever stands here."

View = Mapping[str, Any]


# Under a reminder


@dataclass(frozen=True)
class PutOffBlocks:
    """What stands under a reminder about putting it off: a menu among its buttons, or a line below them."""

    elements: Sequence[Block] = ()
    lines: Sequence[Block] = ()


NOTHING = PutOffBlocks()


def menu(program: Program, opaque_key: str) -> PutOffBlocks:
    """The menu that puts a reminder off."""
    options = [option(words, ids.reference(program.id, f"{choice}/{opaque_key}")) for choice, words in CHOICES]
    return PutOffBlocks(elements=(select(ids.QUIET_PUT_OFF, options, placeholder="Remind me later"),))


def chosen(program: Program, until: datetime | None, zone: str | None) -> PutOffBlocks:
    """What stands there instead once something is chosen."""
    return PutOffBlocks(lines=(context(_again(program, until, zone)),))


def gone() -> str:
    """The reminder that somebody wants to put off is not there any more."""
    return "That reminder is no longer there. `/homework` or my *Home* tab shows how things stand."


def put_off(program: Program, until: datetime | None, zone: str | None) -> Message:
    """What stands in a message of its own where the reminder itself cannot be changed."""
    return Message(_again(program, until, zone), [section(_again(program, until, zone))])


def _again(program: Program, until: datetime | None, zone: str | None) -> str:
    if until is None:
        return "I don't remind you of this again."
    return f"I remind you again {own_moment(until, program, zone)}, if it is still to be done."


def own_moment(when: datetime, program: Program, zone: str | None) -> str:
    """A moment on the reader's own clock, which says whose it is where it differs from the program's."""
    if not yours(when, program, zone):
        return moment(when, program)
    there = when.astimezone(ZoneInfo(zone or program.zone))
    return f"{day_words(there)}, {clock_words(there)} your time"


# The form


def words(found: Resting) -> str:
    """When somebody is left alone, in one sentence; mrkdwn."""
    rest, parts = found.rest, []
    if rest.hours.start is not None and rest.hours.end is not None:
        parts.append(f"from {_clock(rest.hours.start)} to {_clock(rest.hours.end)}")
    if rest.hours.days:
        parts.append(f"on {_listed([WEEKDAYS[day] for day in rest.hours.days])}")
    own = [] if found.own is None else _spans(found.own.dates)
    parts += [f"on {one}" for one in own]
    holidays = [f"{esc(one.name)} ({day_words(one.on)})" for one in found.program.holidays]
    parts += [f"on {_listed(holidays)}"] if holidays else []
    if not parts:
        return "At any time: neither you nor the program has set quiet hours."
    whose = "Your own choice" if found.own is not None else f"As {esc(found.program.name)} has it"
    return f"Not {', nor '.join(parts)}. {whose}, on your clock ({esc(_city(rest))})."


def form(found: Resting, today: date) -> Block:
    """Quiet hours and days: the program's, or one's own."""
    own, dates = _in_force(found, today)
    theirs = words(Resting(found.program, found.rest, None)) if found.own is None else _programs(found)
    options = [option("As the program has it", "program"), option("My own hours, below", "own")]
    return modal(
        ids.QUIET_FORM,
        "When I may write",
        [
            section(
                "This is about what I write to you unasked: homework reminders, digests, answers to look after. "
                "What falls into your quiet comes when it ends; what would be too late by then comes before."
            ),
            context(ALWAYS),
            field_block(WHOSE, "Which hours?", radios(WHOSE, options, initial="own" if found.own else "program")),
            context(theirs),
            *_hours_fields(own, _clock_hint(found)),
            *_away_fields(dates),
        ],
        submit="Keep it like this",
        close="Not now",
        metadata=_metadata(found, own, dates),
    )


def _in_force(found: Resting, today: date) -> tuple[QuietHours, list[date]]:
    """The hours that a form begins with, and the days still to come on which somebody is away."""
    if found.own is None:
        return found.program.quiet or QuietHours(), []
    return found.own.hours, sorted(one for one in found.own.dates if one >= today)


def _hours_fields(own: QuietHours, hint: str) -> list[Block]:
    options = [option(name, str(number)) for number, name in enumerate(WEEKDAYS)]
    days = multi_select(DAYS, options, initial=map(str, own.days), placeholder="None")
    return [
        field_block(STARTS, "Quiet from", time_input(STARTS, own.start), optional=True, hint=hint),
        field_block(ENDS, "Quiet until", time_input(ENDS, own.end), optional=True),
        field_block(DAYS, "Whole days of the week", days, optional=True),
    ]


def _away_fields(dates: Sequence[date]) -> list[Block]:
    first, last = date_input(FIRST, min(dates, default=None)), date_input(LAST, max(dates, default=None))
    return [
        field_block(FIRST, "Away from", first, optional=True, hint="The first day."),
        field_block(LAST, "Away until", last, optional=True, hint="The last day."),
    ]


def _metadata(found: Resting, own: QuietHours, dates: Sequence[date]) -> str:
    """The program, and what the form showed at first, so that it can be told whether anything was chosen."""
    away = map(_typed_day, (dates[:1], dates[-1:]))
    shown = [_typed(own.start), _typed(own.end), list(own.days), *away]
    return json.dumps({"program": found.program.id, "own": found.own is not None, "shown": shown})


@ids.reading()
def read(view: View) -> tuple[int, Own | dict[str, str] | None]:
    """The program, and what is wanted: None for what the program has, or what is wrong, by field."""
    values, about = view["state"]["values"], json.loads(view["private_metadata"])
    program = int(about["program"])
    start, end = (values[name][name].get("selected_time") for name in (STARTS, ENDS))
    days = sorted(int(one["value"]) for one in values[DAYS][DAYS].get("selected_options") or ())
    first, last = (values[name][name].get("selected_date") for name in (FIRST, LAST))
    if values[WHOSE][WHOSE]["selected_option"]["value"] != "own":
        if [start, end, days, first, last] in (about["shown"], [None, None, [], None, None]) or about["own"]:
            return program, None
        return program, {WHOSE: "You have chosen something below: take “My own hours”, or leave that as it was."}
    wrong = _wrong(start, end, days, first, last)
    if wrong:
        return program, wrong
    hours = QuietHours(parse_clock(start) if start else None, parse_clock(end) if end else None, tuple(days))
    return program, Own(hours, _between(first or last, last or first))


def kept(found: Resting) -> Block:
    """What the form turns into."""
    return modal(WINDOW, "When I may write", [section(f"Kept. {words(found)}"), context(ALWAYS)])


def _wrong(
    start: str | None, end: str | None, days: Sequence[int], first: str | None, last: str | None
) -> dict[str, str]:
    found: dict[str, str] = {}
    if bool(start) != bool(end):
        found[ENDS if start else STARTS] = "Choose both: from when, and until when. Or neither."
    elif start and start == end:
        found[ENDS] = "That is the same time as above. Choose when the quiet ends."
    if len(days) == 7:
        found[DAYS] = "Leave me one day, or mute this conversation: on all seven I could never write."
    if first and last and last < first:
        found[LAST] = "This is before the first day. Choose a later one."
    elif first and last and date.fromisoformat(last) - date.fromisoformat(first) >= timedelta(days=MOST_DATES):
        found[LAST] = f"Up to {MOST_DATES} days. For longer, mute this conversation."
    return found


def _between(first: str | None, last: str | None) -> tuple[date, ...]:
    if first is None or last is None:
        return ()
    begins = date.fromisoformat(first)
    return tuple(begins + timedelta(days=number) for number in range((date.fromisoformat(last) - begins).days + 1))


def _programs(found: Resting) -> str:
    program = found.program
    return words(Resting(program, Rest(found.rest.zone, program.quiet or QuietHours()), None))


def _clock_hint(found: Resting) -> str:
    return f"On your own clock: {_city(found.rest)}."


def _city(rest: Rest) -> str:
    return rest.zone.rpartition("/")[2].replace("_", " ")


def _typed(wall: time | None) -> str | None:
    return f"{wall:%H:%M}" if wall is not None else None


def _typed_day(days: Sequence[date]) -> str | None:
    return days[0].isoformat() if days else None


def _clock(wall: time) -> str:
    return clock_words(datetime.combine(date.min, wall))


def _spans(dates: Sequence[date]) -> list[str]:
    """Days that follow each other as one span: Mon, Dec 21 – Sun, Jan 3."""
    runs: list[list[date]] = []
    for day in sorted(dates):
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return [day_words(run[0]) if len(run) == 1 else f"{day_words(run[0])} – {day_words(run[-1])}" for run in runs]


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
