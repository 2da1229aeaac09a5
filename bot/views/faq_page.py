"""The questions and answers as one page for a website: it needs nothing but itself, and no script to be read.

The page is made of plain headings and paragraphs, so that screen readers can walk it, search engines and Ctrl+F find
everything in it, and it prints. The style and the script beside this module are put into it; the script adds the search
box and folds the contents on a phone. Entries in another language stand in a part of their own.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain import language as languages
from bot.domain import living as rules
from bot.domain.living import Dated, Dates, Lead
from bot.domain.programs import Entry, Event, Link, Program, Resource
from bot.domain.questions import FOR_APPLICANTS, quotable
from bot.views import living, sources
from bot.views import words as fixed
from bot.views.blocks import marked
from bot.views.refusals import contact_plainly
from bot.views.style import beside
from bot.views.style import style as page_style
from bot.views.times import day_words, span
from bot.views.words import Words

BULLETS = ("- ", "• ")
STYLE, SCRIPT = "faq_page.css", "faq_page.js"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """What the page itself says in one language, beside the sentences that it shares with answers in Slack."""

    title: str
    heading: str
    skip: str
    contents: str
    search: str
    one_found: str
    found: str
    some_found: str
    none_found: str
    samples: str
    as_of: str
    over: str
    see_also: str
    elsewhere: str
    """Leads to the same in this language."""
    unanswered: str
    updated: str


WORDS = {
    "en": PageWords(
        title="{program}: questions and answers",
        heading="Questions and answers",
        skip="Skip to the questions",
        contents="Contents",
        search="Search the questions and answers",
        one_found="1 answer has these words.",
        found="{number} answers have these words.",
        some_found="No answer has all of these words. With some of them: {number}.",
        none_found="No answer has these words. Try fewer or others, or write to {contact}.",
        samples="What is marked “{sample}” is made up to try this page out.",
        as_of="as of {day}",
        over="over",
        see_also="See also",
        elsewhere="In English",
        unanswered="Is your question not here? Write to {contact}.",
        updated="Last updated: {day}",
    ),
    "es": PageWords(
        title="{program}: preguntas y respuestas",
        heading="Preguntas y respuestas",
        skip="Ir a las preguntas",
        contents="Contenido",
        search="Buscar en las preguntas y respuestas",
        one_found="1 respuesta tiene estas palabras.",
        found="{number} respuestas tienen estas palabras.",
        some_found="Ninguna respuesta tiene todas estas palabras. Con algunas de ellas: {number}.",
        none_found="Ninguna respuesta tiene estas palabras. Pruebe con menos o con otras, o escriba a {contact}.",
        samples="Lo que dice “{sample}” es inventado, para probar esta página.",
        as_of="al {day}",
        over="ya pasó",
        see_also="Vea también",
        elsewhere="En español",
        unanswered="¿No está su pregunta? Escriba a {contact}.",
        updated="Última actualización: {day}",
    ),
}


@dataclass(frozen=True, slots=True)
class _Page:
    """What everything on the page depends on; `now` is the moment that what is dated is said for."""

    program: Program
    now: datetime


@dataclass(frozen=True, slots=True)
class _Part:
    """The entries in one language, with the words that go with it. `first` is the program's own language."""

    language: str
    entries: tuple[Entry, ...]
    first: bool

    @property
    def page(self) -> PageWords:
        return WORDS.get(self.language, WORDS["en"])

    @property
    def words(self) -> Words:
        """As in Slack, with the year said for every day: a page is read for long."""
        words = fixed.of(self.language)
        return replace(words, day=words.day_of_year)

    def anchor(self, entry: Entry) -> str:
        """The entry's id, which never changes; a translation's cannot be another entry's, for the mark in it."""
        return entry.key if self.first else f"{entry.key}_{self.language}"


def public(program: Program) -> tuple[Entry, ...]:
    """The entries that stand on a website: none that are for the cohort alone."""
    return quotable(program, FOR_APPLICANTS)


def has_samples(program: Program, now: datetime) -> bool:
    """Whether anything on the page is made up, and marked so."""
    entries = public(program)
    beside = [one for entry in entries for one in program.beside(entry) if _is_public(one)]
    filled = (piece for entry in entries for piece in rules.fill(entry.answer, program, now))
    return (
        program.contact.sample
        or any(one.sample for one in (*entries, *beside))
        or any(one.link_sample for one in beside if isinstance(one, Event))
        or any(_is_sample(piece) for piece in filled)
    )


def page(program: Program, now: datetime) -> str:
    """The whole page, as things stand at `now`: the same for the same program and, unless a date passes, the day."""
    on = _Page(program, now)
    parts = _parts(program)
    first = parts[0]
    style, script = page_style(STYLE), beside(SCRIPT)
    whole = (
        "<!doctype html>",
        f'<html lang="{_esc(first.language)}">',
        "<head>",
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{_esc(first.page.title.format(program=program.name))}</title>",
        f'<meta name="description" content="{_esc(program.summary)}">',
        f"<style>{style}</style>",
        "</head>",
        "<body>",
        *_skips(parts),
        *_head(on, parts),
        '<main id="_main">',
        *_search(on, first),
        *(line for part in parts for line in _section(on, part, parts)),
        "</main>",
        *_foot(on, parts),
        f"<script>{script}</script>",
        "</body>",
        "</html>",
    )
    return "\n".join(whole) + "\n"


def _parts(program: Program) -> tuple[_Part, ...]:
    """The program's language first, then every other that an entry is there in, in the words of that one."""
    entries = public(program)
    own = (program.wording(entry, program.language) for entry in entries)
    translated = (one for entry in entries for one in entry.translations)
    spoken = dict.fromkeys((program.language, *(one.language for one in (*own, *translated))))
    return tuple(_Part(one, tuple(_in(program, entries, one)), one == program.language) for one in spoken)


def _in(program: Program, entries: Sequence[Entry], language: str) -> Iterator[Entry]:
    """The entries that are there in a language, as they are in it."""
    for entry in entries:
        found = program.wording(entry, language)
        if found.language == language:
            yield replace(entry, question=found.question, answer=found.answer)


def _skips(parts: Sequence[_Part]) -> Iterator[str]:
    for part in parts:
        lang = "" if part.first else f' lang="{_esc(part.language)}"'
        yield f'<a class="skip" href="#_{_esc(part.language)}"{lang}>{_esc(part.page.skip)}</a>'


def _head(on: _Page, parts: Sequence[_Part]) -> Iterator[str]:
    first = parts[0]
    yield "<header>"
    yield f"<h1>{_esc(on.program.name)}</h1>"
    yield f"<p>{_esc(on.program.summary)}</p>"
    links = (_to(one, f"_{one.language}", one.page.heading) for one in parts[1:])
    yield f'<p class="source">{_updated(on, first)}{"".join(links)}</p>'
    if has_samples(on.program, on.now):
        yield f'<p class="note">{_esc(first.page.samples.format(sample=first.words.sample))}</p>'
    yield "</header>"


def _search(on: _Page, part: _Part) -> Iterator[str]:
    """The search box, which appears when the script runs; what it says is written here."""
    page = part.page
    none = page.none_found.format(contact=contact_plainly(on.program, part.words))
    yield (
        f'<form role="search" id="_search" hidden data-one="{_esc(page.one_found)}" data-many="{_esc(page.found)}" '
        f'data-some="{_esc(page.some_found)}" data-none="{_esc(none)}">'
    )
    yield f'<label for="_words">{_esc(page.search)}</label>'
    yield '<input type="search" id="_words" autocomplete="off" spellcheck="false" enterkeyhint="search">'
    yield '<p role="status"></p>'
    yield "</form>"


def _section(on: _Page, part: _Part, parts: Sequence[_Part]) -> Iterator[str]:
    language = _esc(part.language)
    yield f'<section id="_{language}" lang="{language}" tabindex="-1" aria-labelledby="_{language}_title">'
    yield f'<h2 id="_{language}_title">{_esc(part.page.heading)}</h2>'
    named = f'aria-labelledby="_{language}_contents"'
    yield f"<nav {named}>"
    yield f'<details open {named}><summary id="_{language}_contents">{_esc(part.page.contents)}</summary>'
    yield "<ol>"
    for entry in part.entries:
        yield f'<li><a href="#{_esc(part.anchor(entry))}">{_esc(entry.question)}</a></li>'
    yield "</ol>"
    yield "</details></nav>"
    yield '<div class="entries">'
    for entry in part.entries:
        yield from _entry(on, part, parts, entry)
    yield "</div>"
    yield "</section>"


def _entry(on: _Page, part: _Part, parts: Sequence[_Part], entry: Entry) -> Iterator[str]:
    yield f'<article id="{_esc(part.anchor(entry))}" data-also="{_esc(" ".join(_also(entry)))}">'
    mark = f' <span class="sample">({_esc(part.words.sample)})</span>' if entry.sample else ""
    yield f"<h3>{_esc(entry.question)}{mark}</h3>"
    yield from _paragraphs(living.read(entry.answer, on.program, on.now, None, part.words))
    yield from _see_also(on, part, entry)
    small, links = " · ".join(_small(on, part, entry)), "".join(_elsewhere(part, parts, entry))
    yield f'<p class="source">{small}{links}</p>'
    yield "</article>"


def _see_also(on: _Page, part: _Part, entry: Entry) -> Iterator[str]:
    beside = [_shown(on, part, one) for one in on.program.beside(entry) if _is_public(one)]
    match beside:
        case []:
            return
        case [one]:
            yield f"<p>{_esc(part.page.see_also)}: {one}</p>"
        case _:
            yield f"<p>{_esc(part.page.see_also)}:</p>"
            yield from _list(beside)


def _small(on: _Page, part: _Part, entry: Entry) -> Iterator[str]:
    """Where it stands and who has verified it; and of what day it speaks, if it depends on the day."""
    yield _linked(sources.plain(replace(entry, sample=False), on.program, on.now, part.words))
    if "{{" in entry.answer:
        yield _esc(part.page.as_of.format(day=_today(on, part.words)))


def _elsewhere(part: _Part, parts: Sequence[_Part], entry: Entry) -> Iterator[str]:
    """Links to the same entry in other languages."""
    for other in parts:
        there = next((one for one in other.entries if one.key == entry.key and other is not part), None)
        if there is not None:
            yield _to(other, other.anchor(there), there.question)


def _to(part: _Part, anchor: str, what: str) -> str:
    """A link to the same in another language; many of one name are told apart by whoever hears only the links."""
    name = _esc(f"{part.page.elsewhere}: {what}")
    link = f'<a href="#{_esc(anchor)}" lang="{_esc(part.language)}" aria-label="{name}">{_esc(part.page.elsewhere)}</a>'
    return f'<span class="elsewhere"> · {link}</span>'


def _foot(on: _Page, parts: Sequence[_Part]) -> Iterator[str]:
    yield "<footer>"
    for part in parts:
        lang = "" if part.first else f' lang="{_esc(part.language)}"'
        before, _, after = part.page.unanswered.partition("{contact}")
        yield f"<p{lang}>{_esc(before)}{_contact(on.program, part.words)}{_esc(after)}</p>"
    yield "</footer>"


def _updated(on: _Page, part: _Part) -> str:
    stamp = f'<time datetime="{on.program.local_day(on.now).isoformat()}">{_esc(_today(on, part.words))}</time>'
    before, _, after = part.page.updated.partition("{day}")
    return f"{_esc(before)}{stamp}{_esc(after)}"


def _today(on: _Page, words: Words) -> str:
    return day_words(on.program.local_day(on.now), words)


def _contact(program: Program, words: Words) -> str:
    who = program.contact
    return marked(f"{_esc(who.name)}, {_link(Link(who.email, f'mailto:{who.email}'))}", who.sample, _esc(words.sample))


def _is_public(one: Resource | Event) -> bool:
    return one.audience in FOR_APPLICANTS


def _shown(on: _Page, part: _Part, one: Resource | Event) -> str:
    """Something to see beside an answer; of a date all of it is said, and a link only if it leads somewhere."""
    words = part.words
    if isinstance(one, Resource):
        title = _link(Link(one.title, one.url)) if one.url is not None else _esc(one.title)
        return marked(title, one.sample, _esc(words.sample))
    when = span(one.starts_at, one.ends_at, on.program, None, words)
    title = _link(Link(one.title, one.link)) if one.link is not None else _esc(one.title)
    over = f" ({_esc(part.page.over)})" if one.over(on.now) else ""
    return f"{_esc(when)}: {marked(title, one.sample or one.link_sample, _esc(words.sample))}{over}"


def _paragraphs(parts: Sequence[str | Link]) -> Iterator[str]:
    """A text as paragraphs and lists: an empty line parts paragraphs, a line that begins with a dash is in a list."""
    items: list[str] = []
    lines: list[str] = []
    for line in (*_lines(parts), ""):
        if line.startswith(BULLETS):
            yield from _paragraph(lines)
            items.append(line[2:].strip())
            continue
        yield from _list(items)
        items.clear()
        if line.strip():
            lines.append(line.strip())
        else:
            yield from _paragraph(lines)


def _list(items: Sequence[str]) -> Iterator[str]:
    if items:
        yield "<ul>"
        yield from (f"<li>{item}</li>" for item in items)
        yield "</ul>"


def _paragraph(lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"<p>{'<br>'.join(lines)}</p>"
        lines.clear()


def _lines(parts: Sequence[str | Link]) -> list[str]:
    """The lines of a text, escaped, with the links in them made."""
    made = "".join(_linked(part) if isinstance(part, str) else _link(part) for part in parts)
    return made.split("\n")


_ADDRESS = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def _linked(text: str) -> str:
    """Plain words, escaped; addresses among them become links."""
    made, end = "", 0
    for found in _ADDRESS.finditer(text):
        url = found[0] if "://" in found[0] else f"mailto:{found[0]}"
        made += _esc(text[end : found.start()]) + _link(Link(found[0], url))
        end = found.end()
    return made + _esc(text[end:])


def _link(link: Link) -> str:
    """A link; what would lead anywhere but to a page or an address stays words."""
    if not link.url.lower().startswith(("https://", "http://", "mailto:")):
        return _esc(link.label)
    return f'<a href="{_esc(link.url)}">{_esc(link.label)}</a>'


def _also(entry: Entry) -> list[str]:
    """The telling words of an entry's phrasings, in no order that says who put them how: more to be found by."""
    said = languages.words(f"{entry.question} {entry.answer}")
    found = {word for phrasing in entry.phrasings for word in languages.words(phrasing)}
    return sorted(word for word in found.difference(said) if not languages.is_function(word))


def _is_sample(piece: rules.Piece) -> bool:
    match piece:
        case Dated(sample=sample) | Lead(sample=sample):
            return sample
        case Dates(dates=dates):
            return any(one.sample for one in dates)
        case _:
            return False


def _policy(style: str, script: str) -> str:
    """What a browser may do with the page: run this script and this style, and fetch nothing."""
    return (
        f"default-src 'none'; style-src '{_fingerprint(style)}'; script-src '{_fingerprint(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _fingerprint(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _esc(text: str) -> str:
    """People's words, harmless in a page, attributes included; marks that no page can hold are left out."""
    kept = (one for one in text if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs"))
    return html.escape("".join(kept))
