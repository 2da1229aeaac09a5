"""What will be said, as one page without a script: a calendar of months, and every message in full below it."""

from __future__ import annotations

import base64
import calendar
import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, date

from bot.domain.notices import Target, ToChannel, ToPerson, ToPurpose
from bot.domain.preview import ON_HOLD, Foretold, Preview
from bot.views import modes
from bot.views.blocks import clip, counted
from bot.views.convene import KINDS
from bot.views.shown import escaped, markup
from bot.views.style import style as page_style
from bot.views.times import clock_words, date_words, day_words
from bot.views.week import PURPOSES
from bot.views.words import ENGLISH

STYLE = "preview_page.css"
SHORT = 60
DEPENDS = "Depends on what people do until then: these are its words as things stand now."


def page(found: Preview, *, all: bool = False) -> str:
    """The whole page; `all` with what is not said, and why."""
    style = page_style(STYLE)
    program = found.program
    messages = found.messages if all else found.said
    title = f"{program.name}: what I will say"
    whole = (
        "<!doctype html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        '<meta name="robots" content="noindex">',
        f"<title>{escaped(title)}</title>",
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        '<a class="skip" href="#_list">Skip the calendar</a>',
        *_head(found, messages),
        "<main>",
        *(line for month in _months(found, messages) for line in _month(found, messages, month)),
        *_list(found, messages),
        "</main>",
        "</body>",
        "</html>",
    )
    return "\n".join(whole) + "\n"


def where(target: Target, names: Mapping[str, str]) -> str:
    """Where a message goes, in plain words."""
    match target:
        case ToPurpose(purpose):
            return names.get(purpose) or PURPOSES.get(purpose, purpose)
        case ToChannel(channel):
            return names.get(channel, channel)
        case ToPerson(user):
            return f"to {names.get(user, user)}"


def what(one: Foretold) -> str:
    """The kind of a message in plain words, and what it is about."""
    kinds = ", ".join(KINDS.get(kind, kind) for kind in one.kinds)
    about = ", ".join(filter(None, one.about))
    return f"{kinds}: {about}" if about else kinds


def state(one: Foretold) -> str:
    """What is to be known about it besides its words; empty for what is simply said."""
    if one.fate == "not said":
        return f"Not said: {one.reason or 'no reason given'}."
    if one.fate == "held" and one.reason == ON_HOLD:
        return "Will be held with all posts, and wait until they go out again."
    if one.fate == "held":
        return "Held by a facilitator: it waits until somebody lets it be said."
    if one.message is None:
        return f"Not shown: {one.reason or 'nothing is known of it'}."
    return DEPENDS if one.depends else ""


def _head(found: Preview, messages: tuple[Foretold, ...]) -> Iterator[str]:
    program = found.program
    yield "<header>"
    yield f"<h1>{escaped(program.name)}: what I will say</h1>"
    yield f"<p>{counted(len(messages), 'message')} from {date_words(found.first)} to {date_words(found.last)}.</p>"
    yield f'<p class="source">Times are those of {escaped(program.place)}; UTC stands behind them.</p>'
    yield f'<p class="note">{escaped(modes.plainly(program))}{_left_out(found)}</p>'
    if not found.stored:
        note = "This program is not loaded yet: nobody takes part, so personal reminders are not among these."
        yield f'<p class="note">{note}</p>'
    yield "</header>"


def _left_out(found: Preview) -> str:
    return f" Left out: {counted(found.left_out, 'post')}." if found.left_out else ""


def _months(found: Preview, messages: tuple[Foretold, ...]) -> list[tuple[int, int]]:
    """The months in which anything is said."""
    days = [found.program.local_day(one.at) for one in messages]
    return sorted({(day.year, day.month) for day in days})


def _month(found: Preview, messages: tuple[Foretold, ...], month: tuple[int, int]) -> Iterator[str]:
    by_day: dict[date, list[tuple[int, Foretold]]] = {}
    for number, one in enumerate(messages, 1):
        by_day.setdefault(found.program.local_day(one.at), []).append((number, one))
    yield '<table class="month">'
    yield f"<caption>{date(*month, 1):%B %Y}</caption>"
    yield "<thead><tr>"
    for name in ENGLISH.weekdays:
        yield f'<th scope="col"><abbr title="{_WHOLE[name[:3]]}">{escaped(name[:3])}</abbr></th>'
    yield "</tr></thead><tbody>"
    for week in calendar.Calendar().monthdatescalendar(*month):
        yield "<tr>"
        for day in week:
            yield from _day(found, day, month, by_day.get(day, []))
        yield "</tr>"
    yield "</tbody></table>"


def _day(found: Preview, day: date, month: tuple[int, int], said: list[tuple[int, Foretold]]) -> Iterator[str]:
    if (day.year, day.month) != month:
        yield '<td class="out"></td>'
        return
    if not said:
        yield f"<td><span>{day.day}</span></td>"
        return
    yield f'<td class="full"><span>{day.day}</span>'
    label = f"{day_words(day)}: {counted(len(said), 'message')}"
    yield f'<a class="count" href="#d{day.isoformat()}" aria-label="{escaped(label)}">{len(said)}</a>'
    yield "<ul>"
    for number, one in said:
        local = one.at.astimezone(found.program.tz)
        about = next(filter(None, one.about), "") or KINDS.get(one.kinds[0], one.kinds[0])
        mark = ' class="unsaid"' if one.fate == "not said" else ' class="depends"' if one.depends else ""
        yield f'<li{mark}><a href="#m{number}">{clock_words(local)} {escaped(clip(about, SHORT))}</a></li>'
    yield "</ul></td>"


def _list(found: Preview, messages: tuple[Foretold, ...]) -> Iterator[str]:
    yield '<section id="_list" tabindex="-1" aria-labelledby="_title">'
    yield '<h2 id="_title">Every message</h2>'
    if not messages:
        yield "<p>Nothing is planned in these days.</p>"
    last: date | None = None
    for number, one in enumerate(messages, 1):
        day = found.program.local_day(one.at)
        if day != last:
            yield f'<h3 id="d{day.isoformat()}">{day_words(day, year=True)}</h3>'
        last = day
        yield from _article(found, number, one)
    yield "</section>"


def _article(found: Preview, number: int, one: Foretold) -> Iterator[str]:
    local = one.at.astimezone(found.program.tz)
    quiet = ' class="unsaid"' if one.fate == "not said" else ""
    yield f'<article id="m{number}"{quiet}>'
    stamp = f'<time datetime="{one.at.astimezone(UTC):%Y-%m-%dT%H:%MZ}">{clock_words(local)}</time>'
    utc = f'<span class="source">{one.at.astimezone(UTC):%b %-d, %H:%M} UTC</span>'
    yield f"<h4>{stamp} · {escaped(where(one.target, found.names))} {utc}</h4>"
    yield f'<p class="source">{escaped(_capital(what(one)))}</p>'
    if state(one):
        quietly = "source" if one.fate == "planned" else "note"
        yield f'<p class="{quietly}">{escaped(state(one))}</p>'
    if one.message is not None:
        yield "<blockquote>"
        yield from markup(one.message, found.names)
        yield "</blockquote>"
    yield "</article>"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_WHOLE = {name[:3]: name for name in calendar.day_name}


def _policy(style: str) -> str:
    """What a browser may do with the page: use this style, and fetch nothing."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
