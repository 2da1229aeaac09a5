"""Dates: what is next, with its links, and the calendar file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from bot.domain.dates import Agenda
from bot.domain.messages import Block, Message, Upload
from bot.domain.programs import Event, Milestone, Program
from bot.domain.rsvps import asked
from bot.views import ids, rsvps
from bot.views.blocks import (
    SECTION,
    VIEW_BLOCKS,
    actions,
    button,
    clip,
    context,
    distinct,
    esc,
    link,
    marked,
    modal,
    section,
)
from bot.views.notices import characters
from bot.views.refusals import contact
from bot.views.times import ahead, span
from bot.views.words import ENGLISH, Words

WINDOW = "dates.window"
IN_MESSAGE = 5
ROOM = 9_000
"""Characters of a message that its dates may take, links included."""
IN_WINDOW = VIEW_BLOCKS - 10
PREP = 400
MILESTONES = 10


def listing(agenda: Agenda, now: datetime) -> Message:
    """What is next, as a message: the nearest few, and a button to the rest."""
    entries: list[Block] = []
    shown: list[Event] = []
    for event in agenda.events[:IN_MESSAGE]:
        entry = list(_with_answers(event, agenda, now))
        if characters([*entries, *entry]) <= ROOM:
            entries += entry
            shown.append(event)
    blocks = [*_top(agenda), *entries, *_readers(shown, agenda), *_bottom(agenda, len(shown))]
    return Message(_summary(agenda, now), distinct(blocks))


def window(agenda: Agenda, now: datetime, note: str = "") -> Block:
    """All of it, in a modal; `note` (mrkdwn) stands above."""
    shown = agenda.events[: IN_WINDOW // 2 if agenda.moves or agenda.asks else IN_WINDOW]
    entries = [block for event in shown for block in _with_buttons(event, agenda, now)]
    blocks = [*_top(agenda), *entries, *_readers(shown, agenda), *_bottom(agenda, len(shown))]
    if note:
        blocks.insert(0, section(note))
    return modal(WINDOW, "Dates", distinct(blocks))


def one(event: Event, agenda: Agenda, now: datetime) -> list[Block]:
    """One of them by itself, whenever it is or was."""
    if not event.over(now):
        return [*_with_buttons(event, agenda, now), *_readers([event], agenda)]
    when = span(event.starts_at, event.ends_at, agenda.program, agenda.zone)
    return [section(f"*{_title(event)}*\n{when}\nIt has taken place already.")]


def file(program: Program, events: Sequence[Event], content: bytes, reader_zone: str | None) -> Upload:
    """The calendar file with its words; one event is named, several are counted."""
    if len(events) == 1:
        event = events[0]
        name = f"{program.slug}-{event.key}.ics"
        what = f"{_title(event)}: {span(event.starts_at, event.ends_at, program, reader_zone)}"
        these = "this"
    else:
        name = f"{program.slug}.ics"
        what = f"{len(events)} dates of {esc(program.name)}"
        these = "these"
    comment = (
        f"Open the file to put {these} into your calendar. {what}.\n"
        "If a date moves, I send you a newer file: your entries move along with it, and none is doubled."
    )
    return Upload(name, f"Dates of {program.name}", content, comment)


def ordered(event: Event | None) -> str:
    """The file is on its way."""
    what = f"The calendar file for “{esc(event.title)}”" if event else "The calendar file with all these dates"
    return f"{what} is on its way: look into your messages with me."


def over(event: Event) -> str:
    """The event of an old button has taken place."""
    return f"“{esc(event.title)}” has taken place already. What comes next is under `/dates` and in my *Home* tab."


def not_theirs(program: Program) -> str:
    """The event of a button is gone, or for somebody else."""
    return (
        f"That date is not on your calendar of {esc(program.name)} any more. What comes next for you is under `/dates` "
        f"and in my *Home* tab; {contact(program)} knows the rest."
    )


def nothing_ahead(program: Program) -> str:
    """Nothing upcoming."""
    return (
        f"Nothing is on the calendar of {esc(program.name)} for you at the moment. "
        f"As soon as there is a date, it is here. {contact(program)} knows what comes next."
    )


def where(event: Event, program: Program, words: Words = ENGLISH) -> tuple[str, str, bool] | None:
    """What the button of an event says, where it leads, and whether that is a sample; None if nothing can be opened."""
    url, sample = event.link, event.link_sample
    if event.kind == "deadline":
        form = program.resource("application")
        if url is None and form is not None and form.url is not None:
            url, sample = form.url, form.sample
        return None if url is None else (words.open_application, url, sample)
    return None if url is None else (words.join if event.ends_at is not None else words.open_page, url, sample)


def google(event: Event, program: Program) -> str:
    """The address that opens Google Calendar with the event filled in; times are in UTC."""
    query = {
        "action": "TEMPLATE",
        "text": marked(event.title, event.sample),
        "dates": f"{event.starts_at.astimezone(UTC):%Y%m%dT%H%M%SZ}/{_end(event):%Y%m%dT%H%M%SZ}",
        "details": _details(event, program),
        "location": _location(event),
    }
    return "https://calendar.google.com/calendar/render?" + _query(query)


def outlook(event: Event, program: Program) -> str:
    """The address that opens Outlook on the web with the event filled in; times are in UTC."""
    query = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": marked(event.title, event.sample),
        "startdt": f"{event.starts_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{_end(event):%Y-%m-%dT%H:%M:%SZ}",
        "body": _details(event, program),
        "location": _location(event),
    }
    return "https://outlook.office.com/calendar/0/deeplink/compose?" + _query(query)


def _top(agenda: Agenda) -> list[Block]:
    if not agenda.events:
        return [section(nothing_ahead(agenda.program))]
    return [section(f"*What is next in {esc(agenda.program.name)}*")]


def _entry(event: Event, agenda: Agenda, now: datetime) -> Block:
    program = agenda.program
    off = ahead(event.starts_at, event.ends_at, now, program)
    lines = [f"*{_title(event)}*" + (f" · {off}" if off else "")]
    when = span(event.starts_at, event.ends_at, program, agenda.zone)
    lines.append(f"{when} · {esc(event.place)}" if event.place is not None else when)
    said = [rsvps.mine(event, agenda.answers, program), rsvps.counts(event, agenda.answers) if agenda.moves else ""]
    lines += [" · ".join(filter(None, said))] if any(said) else []
    if event.prep is not None:
        lines.append(clip(esc(event.prep), PREP))
    lead = where(event, program)
    opening = (link(lead[1], f"{lead[0]} (sample link)" if lead[2] else lead[0]),) if lead else ()
    calendars = (link(google(event, program), "Google Calendar"), link(outlook(event, program), "Outlook"))
    lines += _fitting((*opening, *calendars), SECTION - sum(len(line) + 1 for line in lines))
    return section("\n".join(lines), accessory=_file_button(event, program))


def _with_answers(event: Event, agenda: Agenda, now: datetime) -> Iterable[Block]:
    """An event, with the buttons that say whether one comes for those who are asked."""
    return _beside(_entry(event, agenda, now), event, agenda, _answers(event, agenda))


def _with_buttons(event: Event, agenda: Agenda, now: datetime) -> Iterable[Block]:
    """The same, with who comes and the button that moves it for those who may."""
    more = _answers(event, agenda)
    if agenda.names:
        more += rsvps.who_button(event, agenda.program)
    if agenda.moves:
        value = ids.reference(agenda.program.id, f"events/{event.key}")
        more.append(button("Change the date", ids.MOVE_CHANGE, value, label=f"Change the date: {event.title}"))
    return _beside(_entry(event, agenda, now), event, agenda, more)


def _beside(entry: Block, event: Event, agenda: Agenda, more: Sequence[Block]) -> Iterable[Block]:
    """An event with the button for its file beside it, or in one row with more buttons."""
    if not more:
        yield entry
        return
    yield {name: part for name, part in entry.items() if name != "accessory"}
    yield actions(*more[:2], _file_button(event, agenda.program), *more[2:])


def _answers(event: Event, agenda: Agenda) -> list[Block]:
    return rsvps.buttons(event, agenda.program) if agenda.asks else []


def _readers(shown: Sequence[Event], agenda: Agenda) -> list[Block]:
    """Who reads what is answered, once for all of them."""
    about = next((one for one in shown if asked(one)), None)
    return rsvps.readers(about, agenda.program) if agenda.asks and about is not None else []


def _file_button(event: Event, program: Program) -> Block:
    value = ids.reference(program.id, event.key)
    return button("Calendar file", ids.DATES_FILE, value, label=f"Calendar file: {event.title}")


def _bottom(agenda: Agenda, shown: int) -> Iterable[Block]:
    program, more = agenda.program, len(agenda.events) - shown
    if more > 0:
        yield context(f"{more} more {'date follows' if more == 1 else 'dates follow'} after these.")
    if agenda.events:
        elements = [button("Send me all dates as a file", ids.DATES_FILES, ids.reference(program.id))]
        if more > 0:
            elements.append(button("See all dates", ids.DATES_OPEN, ids.reference(program.id)))
        if "cohort" in agenda.audiences and program.assignments:
            elements.append(button("See the homework", ids.HOMEWORK_OPEN, ids.reference(program.id)))
        if agenda.moves:
            elements.append(button("Change a date", ids.MOVE_OPEN, ids.reference(program.id)))
        yield actions(*elements)
    if agenda.milestones:
        yield context("Dated in words only: " + "; ".join(map(_milestone, agenda.milestones[:MILESTONES])))
    if agenda.stranger:
        yield context(
            f"You have no part in {esc(program.name)} at the moment, as far as I know: these are the dates for "
            f"everybody who thinks of applying. {contact(program)} answers questions; so do I."
        )


def _milestone(one: Milestone) -> str:
    return f"{marked(esc(one.title), one.sample)} ({esc(one.when)})"


def _summary(agenda: Agenda, now: datetime) -> str:
    if not agenda.events:
        return nothing_ahead(agenda.program)
    first = agenda.events[0]
    when = span(first.starts_at, first.ends_at, agenda.program, agenda.zone)
    off = ahead(first.starts_at, first.ends_at, now, agenda.program)
    return f"Next: {_title(first)}, {when}" + (f", {off}" if off else "")


def _fitting(links: Iterable[str], room: int) -> list[str]:
    """One line of as many links as there is room for: a link that is cut leads nowhere."""
    line = ""
    for one in links:
        longer = f"{line} · {one}" if line else one
        if len(longer) < room:
            line = longer
    return [line] if line else []


def _title(event: Event) -> str:
    return marked(esc(event.title), event.sample)


def _end(event: Event) -> datetime:
    return (event.ends_at or event.starts_at).astimezone(UTC)


def _details(event: Event, program: Program) -> str:
    return "\n".join(filter(None, (program.name, clip(event.prep or "", PREP), event.link)))


def _location(event: Event) -> str:
    return event.place or event.link or ""


def _query(query: dict[str, str]) -> str:
    return urlencode({name: value for name, value in query.items() if value}, quote_via=quote)
