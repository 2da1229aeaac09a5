"""Where an answer stands: its source, who has verified it and when, and whom to check with once that has lapsed."""

from __future__ import annotations

from datetime import datetime

from bot.domain.programs import Entry, Program
from bot.views.blocks import esc, marked
from bot.views.refusals import contact, contact_plainly
from bot.views.times import date_words
from bot.views.words import ENGLISH, Words


def line(entry: Entry, program: Program, now: datetime, words: Words = ENGLISH) -> str:
    """The last line of an answer, as mrkdwn; the program is named where its source does not."""
    source = marked(words.source.format(source=esc(entry.source)), entry.sample, words.sample)
    name = "" if program.name in entry.source else esc(program.name)
    by = esc(entry.verified.by) if entry.verified is not None else ""
    return _joined(source, name, _verified(entry, program, now, words, by, contact(program, words)))


def plain(entry: Entry, program: Program, now: datetime, words: Words = ENGLISH) -> str:
    """The same as plain words."""
    source = marked(words.source.format(source=entry.source), entry.sample, words.sample)
    by = entry.verified.by if entry.verified is not None else ""
    return _joined(source, _verified(entry, program, now, words, by, contact_plainly(program, words)))


def _verified(entry: Entry, program: Program, now: datetime, words: Words, by: str, whom: str) -> str:
    """By whom and when; of what has lapsed also with whom to check. Empty where nobody has verified anything."""
    if entry.verified is None:
        return ""
    how = words.lapsed if entry.verified.lapsed(program.local_day(now)) else words.verified
    return how.format(by=by, day=date_words(entry.verified.on, words), contact=whom)


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
