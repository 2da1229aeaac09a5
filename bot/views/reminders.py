"""What a channel is told before an event: what, when, where to go, and what to bring. It says what is true then."""

from __future__ import annotations

from datetime import datetime

from bot.domain.messages import Block, Part
from bot.domain.programs import Event, Program
from bot.views import ids, rsvps
from bot.views.blocks import actions, button, clip, esc, marked, section
from bot.views.dates import where
from bot.views.times import ahead, clock_words, span

PREP = 600
WITH_FILE = frozenset({"convening", "office_hours", "coaching", "webinar"})


def part(event: Event, program: Program, now: datetime) -> Part:
    """The announcement of one event, in the program's zone as its readers sit in several."""
    title = marked(esc(event.title), event.sample)
    when = span(event.starts_at, event.ends_at, program)
    off = ahead(event.starts_at, event.ends_at, now, program)
    place = f" · {esc(event.place)}" if event.place is not None else ""
    lines = [f"*{title}*" + (f" · {off}" if off else ""), when + place]
    if event.prep is not None:
        lines.append(clip(esc(event.prep), PREP))
    blocks = [section("\n".join(lines))]
    blocks += leads(event, program, now)
    soon = f", {off}" if off else ""
    return Part(f"event:{event.key}", f"{title}{soon}: {when}", blocks)


def leads(event: Event, program: Program, now: datetime) -> list[Block]:
    """What stands below an event: where it leads, whether one comes, and who reads that."""
    found = buttons(event, program, now)
    return [*([actions(*found)] if found else []), *rsvps.readers(event, program)]


def buttons(event: Event, program: Program, now: datetime) -> list[Block]:
    """Where an event leads: into it, to whether one comes, into one's calendar, or to a question."""
    value = ids.reference(program.id, event.key)
    found: list[Block] = []
    lead = where(event, program)
    if lead is not None:
        words, url, sample = lead
        label = f"{words}: {event.title}"
        if words == "Join" and now < event.starts_at:
            words = f"Join at {clock_words(event.local(program.zone))}"
        text = f"{words} (sample link)" if sample else words
        found.append(button(text, ids.DATES_JOIN, value, style="primary", url=url, label=label))
    found += rsvps.buttons(event, program)
    if event.kind in WITH_FILE:
        found.append(button("Calendar file", ids.DATES_FILE, value, label=f"Calendar file: {event.title}"))
    if event.kind == "deadline":
        found.append(button("Ask a question", ids.ASK_OPEN, ids.reference(program.id)))
    return found
