"""Stored answers as they are read: placeholders filled at this moment, in the reader's language and zone, and links."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain import living
from bot.domain.living import Dated, Dates, Lead, Undated
from bot.domain.programs import Link, Program, pieces
from bot.views.blocks import esc, link, marked
from bot.views.times import clock_words, clocks_words, day_words, span_there, yours
from bot.views.words import ENGLISH, Words


def rich(text: str, program: Program, now: datetime, zone: str | None = None, words: Words = ENGLISH) -> str:
    """A stored answer as mrkdwn: links made, everything else escaped, lists with the bullets that Slack lacks."""
    parts = read(text, program, now, zone, words)
    made = "".join(esc(part) if isinstance(part, str) else link(part.url, part.label) for part in parts)
    return re.sub(r"(?m)^- ", "• ", made)


def plain(text: str, program: Program, now: datetime, zone: str | None = None, words: Words = ENGLISH) -> str:
    """The same as plain words, with addresses behind what leads to them."""
    return "".join(_spelled(part) for part in read(text, program, now, zone, words))


def read(
    text: str, program: Program, now: datetime, zone: str | None = None, words: Words = ENGLISH
) -> list[str | Link]:
    """The same as words and links in their order, escaped nowhere yet."""
    said: list[str | Link] = []
    for piece in living.fill(text, program, now):
        for part in _said(piece, program, now, zone, words, begins=_at_line_start(said)):
            if isinstance(part, str) and said and isinstance(said[-1], str):
                said[-1] = (said[-1].rstrip(" ") if part.startswith("\n") else said[-1]) + part
            else:
                said.append(part)
    return [one for part in said for one in (pieces(part) if isinstance(part, str) else (part,))]


def _said(
    piece: living.Piece, program: Program, now: datetime, zone: str | None, words: Words, *, begins: bool
) -> list[str | Link]:
    match piece:
        case str():
            return [piece]
        case Dated():
            return [_dated(piece, program, now, zone, words)]
        case Dates():
            return [_dates(piece, program, now, zone, words, begins=begins)]
        case Undated():
            return [words.undated]
        case Lead(title, str() as url, sample):
            return [Link(title, url), marked("", sample, words.sample)]
        case Lead(title, _, sample):
            return [marked(title, sample, words.sample)]


def _at_line_start(said: list[str | Link]) -> bool:
    last = said[-1] if said else "\n"
    return isinstance(last, str) and last.endswith("\n")


def _dates(found: Dates, program: Program, now: datetime, zone: str | None, words: Words, *, begins: bool) -> str:
    """A list below, where nothing follows on the line and there are several; else one after the other."""
    said = [_dated(one, program, now, zone, words, over=words.over if one.over else "") for one in found.dates]
    if found.more:
        said.append(words.more_dates.format(number=found.more))
    if not found.alone or len(said) < 2:
        return "; ".join(said)
    return ("" if begins else "\n") + "\n".join(f"- {one}" for one in said)


def _dated(one: Dated, program: Program, now: datetime, zone: str | None, words: Words, *, over: str = "") -> str:
    """Fri, Oct 16, 11:59 pm (St. Louis; 12:59 am your time); the year is said when it is not this one."""
    first = one.starts_at.astimezone(program.tz)
    last = (one.ends_at or one.starts_at).astimezone(program.tz)
    year = first.year != now.astimezone(program.tz).year
    elsewhere, sample = yours(one.starts_at, program, zone, words), words.sample if one.sample else ""
    match one.shape:
        case "date" if one.ends_at is None:
            said = f"{day_words(first, words, year=year)}, {clock_words(first, words)}"
        case "date":
            said = span_there(first, last, words, year=year)
        case "time" if first.date() == last.date() and one.ends_at is not None:
            said = clocks_words(first, last, words)
        case "time":
            said = clock_words(first, words)
        case "day":
            return _with(day_words(first, words, year=year), _other_day(one, program, zone, words), sample)
    return _with(said, program.place, elsewhere, sample, over)


def _other_day(one: Dated, program: Program, zone: str | None, words: Words) -> str:
    """The reader's clock, for whom it is another day: Saturday, 12:59 am, where the program says Friday."""
    if zone is None or one.starts_at.astimezone(ZoneInfo(zone)).date() == program.local_day(one.starts_at):
        return ""
    return f"{program.place}; {yours(one.starts_at, program, zone, words)}"


def _with(said: str, *notes: str) -> str:
    behind = "; ".join(note for note in notes if note)
    return f"{said} ({behind})" if behind else said


def _spelled(part: str | Link) -> str:
    if isinstance(part, str):
        return part
    address = part.url.removeprefix("mailto:")
    return part.label if part.label == address else f"{part.label} ({address})"
