"""A program's dates as an iCalendar file (RFC 5545), which any calendar opens."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from icalendar import Calendar
from icalendar import Event as Component
from icalendar.prop import vUri

from bot.domain.programs import Event, Program
from bot.views.blocks import marked

PRODUCT = "-//Convene//Dates of a community of practice//EN"


def write(program: Program, events: Sequence[Event], now: datetime, *, cancelled: Collection[str] = ()) -> bytes:
    """The file. Times are in UTC, so every calendar shows them on its reader's own clock.

    The same event has the same UID in every file, and a SEQUENCE that grows with every change of its time: opening a
    newer file moves an entry instead of doubling it. What is `cancelled`, by its id, is taken out by it. A deadline is
    a moment, without an end. No alarms: those are the reader's.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", program.name)
    for event in events:
        calendar.add_component(_component(program, event, now, cancelled=event.key in cancelled))
    return bytes(calendar.to_ical())


def uid(program: Program, event: Event) -> str:
    """What an event is called in every calendar, for good."""
    return f"{event.key}.{program.slug}@convene"


def _component(program: Program, event: Event, now: datetime, *, cancelled: bool) -> Component:
    made = Component()
    made.add("uid", uid(program, event))
    made.add("dtstamp", now)
    made.add("sequence", event.sequence)
    made.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    made.add("dtstart", event.starts_at)
    if event.ends_at is not None:
        made.add("dtend", event.ends_at)
    made.add("transp", "OPAQUE" if event.ends_at is not None else "TRANSPARENT")
    made.add("summary", marked(event.title, event.sample))
    made.add("description", "\n".join(_description(program, event)))
    where = event.place or event.link
    if where is not None:
        made.add("location", where)
    if event.link is not None:
        made.add("url", vUri(event.link))
    return made


def _description(program: Program, event: Event) -> list[str]:
    lines = [program.name]
    if event.prep is not None:
        lines.append(event.prep)
    if event.link is not None:
        lines.append(f"{event.link} (sample link)" if event.link_sample else event.link)
    if event.sample:
        lines.append("This date is a sample, made up to try things out.")
    return lines
