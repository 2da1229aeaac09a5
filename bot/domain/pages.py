"""The pages of a document, as a reader gives them, made into passages that can be quoted word for word.

A page's text is put in order first: lines that were broken for the paper are joined, what stands at the edge of every
page is left out. A passage is a paragraph or some of its sentences, with the heading right above it; what is longer
than a quotation may be is cut between sentences, and only a sentence that is longer itself within it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

LONGEST = 400
"""Characters of a quotation at most, with the marks that it is cut."""
ELLIPSIS = "… "

_HEADING = 120
_EDGE = 3
_SHORT = 0.7
_ENDING = 0.9
_BRIEF = 160
_NARROWEST = 50
_AHEAD = 4

_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\u00a0": " "}
)
_BULLET = re.compile(r"^(?:[•●○▪▫■□◦‣∙·\uf0a7\uf0b7\uf0d8]|[-*–—o](?=\s))\s*(?=\S)")
_NUMBERED = re.compile(r"^(?:\(?\d{1,2}[.)]|\(?[a-zA-Z][.)])\s+(?=\S)")
_PAGE_NUMBER = re.compile(
    r"(?:\b(?:page|pg|p)\b\.?|[|·•–—-]|^)\s*\d{1,4}\s*(?:(?:of|/)\s*\d{1,4})?\s*[|·•–—-]?\s*$", re.IGNORECASE
)
_LEADING_NUMBER = re.compile(r"^\d{1,4}\s*[|·•–—-]\s*(?=\D)")
_BROKEN = re.compile(r"[^\W\d_]-$")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_CLOSED = re.compile(r"[.!?:…][\"”’')\]]*$")
_SENTENCE = re.compile(r"(?<=[.!?])([\"”’')\]]*)\s+(?=[\"“‘(\[]?[A-ZÀ-Þ0-9¿¡])")
_SHORTENED = re.compile(
    r"st|mrs?|ms|dr|prof|[js]r|vs|etc|approx|ca|nos?|vol|fig|pp?|ext|min|max|dept|inc|ltd|ave|blvd|rd|jan|feb|mar|apr|jun"
    r"|jul|aug|sept?|oct|nov|dec|mon|tues?|wed|thurs?|fri|sat|sun|\w|\w+\.[\w.]*",
    re.IGNORECASE,
)
"""Words that are written with a dot, those with one in the middle included."""
_KEEPS_HYPHEN = re.compile(
    r"self|well|non|one|two|three|four|five|six|ten|part|full|short|long|co|anti|.*-.*", re.IGNORECASE
)
_MARKDOWN = (
    (re.compile(r"<!--.*?-->", re.DOTALL), ""),
    (re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)"), ""),
    (re.compile(r"\[([^\]\n]+)\]\([^)\n]*\)"), r"\1"),
    (re.compile(r"^#{1,6}[ \t]+(.+?)[ \t]*#*$", re.MULTILINE), r"\n\1\n"),
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![*\w])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![*\w])"), r"\1"),
    (re.compile(r"(?<!\w)_(?=\S)([^_\n]+?)(?<=\S)_(?!\w)"), r"\1"),
    (re.compile(r"`+([^`\n]+)`+"), r"\1"),
    (re.compile(r"^[ \t]*(?:```.*|[-*_]{3,}|>[ \t]?)", re.MULTILINE), ""),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage of a page, word for word; `heading` is the one it stands under, whether or not the text has it.

    `page` counts from 1; None in a text that has no pages. `opens` and `closes` are false where the text begins or ends
    within a sentence.
    """

    page: int | None
    text: str
    heading: str = ""
    opens: bool = True
    closes: bool = True

    @property
    def quoted(self) -> str:
        """The text, with a mark where it is cut."""
        return f"{'' if self.opens else ELLIPSIS}{self.text}{'' if self.closes else ELLIPSIS[::-1]}"


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph, a heading or an item of a list."""

    text: str
    item: bool = False
    heading: bool = False


def tidy(pages: Sequence[str]) -> tuple[str, ...]:
    """What stands on each page, a paragraph, heading or item of a list on a line; an empty page stays one."""
    return tuple("\n".join(block.text for block in blocks) for blocks in _blocks(pages))


def cut(pages: Sequence[str], *, numbered: bool = True) -> tuple[Piece, ...]:
    """The passages of all pages, in order. Each is, spaces aside, a stretch of the tidy page."""
    found: list[Piece] = []
    heading = ""
    for number, blocks in enumerate(_blocks(pages), 1):
        heading, pieces = _pieces(number if numbered else None, blocks, heading)
        found += pieces
    return tuple(_told_apart(found))


def without_markdown(text: str) -> str:
    """A text without the marks that Markdown has for headings, links and emphasis."""
    for pattern, instead in _MARKDOWN:
        text = pattern.sub(instead, text)
    return text


def says_something(text: str) -> bool:
    """Whether a text is made of words, rather than of the signs that a font without letters leaves behind."""
    bare = [one for one in text if not one.isspace()]
    odd = sum(unicodedata.category(one)[0] == "C" or one == "\ufffd" for one in bare)
    words = [one for one in _WORD.findall(text) if len(one) > 1 and one.isalpha()]
    return len(words) >= 3 and odd <= len(bare) * 0.1 and sum(map(len, words)) >= len(bare) * 0.4


def _blocks(pages: Sequence[str]) -> list[list[_Block]]:
    """The blocks of each page, running heads and feet left out."""
    lined = [_lines(page) for page in pages]
    running = _running(lined)
    known = Counter(word.casefold() for lines in lined for line in lines for word in _WORD.findall(line))
    return [_headed(_joined(_without(lines, running), known)) for lines in lined]


def _lines(page: str) -> list[str]:
    """The lines of a page, in letters that everybody has; an empty one is a gap."""
    text = unicodedata.normalize("NFC", page.translate(_LIGATURES))
    lines = text.replace("\u00ad\n", "").replace("\f", "\n\n").splitlines()
    return ["".join(one for one in " ".join(line.split()) if _seen(one)) for line in lines]


def _seen(character: str) -> bool:
    return character in "\uf0a7\uf0b7\uf0d8" or unicodedata.category(character)[0] != "C"


def _running(lined: Sequence[Sequence[str]]) -> frozenset[str]:
    """What stands at the top or the bottom of at least half of the pages, their numbers aside."""
    counted = Counter(line for lines in lined for line in {_bare(one) for one in _edges(lines)})
    least = max(2, (len(lined) + 1) // 2)
    return frozenset(line for line, count in counted.items() if count >= least)


def _edges(lines: Sequence[str]) -> list[str]:
    full = [line for line in lines if line]
    return [*full[:_EDGE], *full[-_EDGE:]] if len(full) > 2 * _EDGE else full


def _bare(line: str) -> str:
    """A line without a page number at its end or beginning, to be compared with those of other pages."""
    return _LEADING_NUMBER.sub("", _PAGE_NUMBER.sub("", line)).strip().casefold()


def _without(lines: Sequence[str], running: frozenset[str]) -> list[str]:
    """The lines between the running heads and feet, and without the page's number."""
    full = [at for at, line in enumerate(lines) if line]
    edges = {*full[:_EDGE], *full[-_EDGE:]}
    return ["" if at in edges and _bare(line) in {"", *running} else line for at, line in enumerate(lines)]


def _joined(lines: Sequence[str], known: Counter[str]) -> list[_Block]:
    """Lines put together as far as they were one paragraph before the paper was too narrow."""
    blocks: list[_Block] = []
    last = ""
    for at, line in enumerate(lines):
        if not line:
            last = ""
            continue
        item = _BULLET.match(line)
        # A column is narrower than its page: the lines that follow tell how wide the last one could have been.
        width = max(_NARROWEST, len(last), *(len(other) for other in lines[at : at + _AHEAD]))
        if item or _NUMBERED.match(line) or not last or _ends(last, line, width):
            text = f"• {line[item.end() :]}" if item else line
            blocks.append(_Block(text, item=bool(item or _NUMBERED.match(line))))
        else:
            blocks[-1] = replace(blocks[-1], text=_sewn(blocks[-1].text, line, known))
        last = line
    return blocks


def _ends(line: str, following: str, width: int) -> bool:
    """Whether a paragraph ends with a line, going by how much room was left on it."""
    if following[0].islower():
        return False
    if _CLOSED.search(line):
        # What follows a sentence, is short and none itself, is a heading.
        titled = len(following) < _SHORT * width and not _CLOSED.search(following)
        return len(line) < _ENDING * width or titled
    return len(line) < _SHORT * width and not line.endswith((",", ";", "-", "–", "—"))


def _sewn(before: str, line: str, known: Counter[str]) -> str:
    """Two lines as one; a word that was divided between them is whole again."""
    if not (_BROKEN.search(before) and line[0].islower()):
        return f"{before} {line}"
    first, second = _WORD.findall(before[:-1])[-1], _WORD.findall(line)[0]
    whole, hyphened = known[f"{first}{second}".casefold()], known[f"{first}-{second}".casefold()]
    keep = hyphened > whole or (not whole and bool(_KEEPS_HYPHEN.fullmatch(first)))
    return f"{before}{line}" if keep else f"{before[:-1]}{line}"


def _headed(blocks: list[_Block]) -> list[_Block]:
    """The blocks, headings told apart; of several short lines in a row only the first and the last can be one."""
    short = [_could_head(block) for block in blocks]
    found = []
    for at, block in enumerate(blocks):
        before = at > 0 and short[at - 1]
        after = at + 1 < len(blocks) and short[at + 1]
        body = at + 1 < len(blocks) and not short[at + 1]
        asks = block.text.endswith("?") and not block.item and len(block.text) <= 2 * _HEADING
        heading = (asks and at + 1 < len(blocks)) or (short[at] and (body or (after and not before)))
        row = short[at] and not heading
        found.append(replace(block, heading=heading, item=block.item or row))
    return found


def _could_head(block: _Block) -> bool:
    text = block.text
    return not block.item and len(text) <= _HEADING and not _CLOSED.search(text) and any(one.isalpha() for one in text)


def _pieces(number: int | None, blocks: Sequence[_Block], heading: str) -> tuple[str, list[Piece]]:
    """The passages of one page, and the heading under which the next page begins."""
    found: list[Piece] = []
    group: list[_Block] = []
    for block in (*blocks, _Block("", heading=True)):
        if block.heading:
            found += _packed(number, group, heading)
            heading, group = block.text or heading, []
        if block.text:
            group.append(block)
    return heading, found


def _packed(number: int | None, group: Sequence[_Block], heading: str) -> Iterator[Piece]:
    """A heading and what stands below it, in as few passages as there are matters; a heading alone is none."""
    held: list[_Part] = []
    for part in _parts(group):
        if held and _apart(held, part, heading):
            leading = held[-1:] if held[1:] and held[-1].text.endswith(":") and _fits((held[-1], part)) else []
            yield from _passage(number, held[: len(held) - len(leading)], heading)
            held = leading
        held.append(part)
    yield from _passage(number, held, heading)


@dataclass(frozen=True, slots=True)
class _Part:
    """A sentence of a long block, or a whole shorter one; `joint` is how it follows what stands before it."""

    joint: str
    text: str
    begins: bool = True


def _parts(group: Iterable[_Block]) -> Iterator[_Part]:
    """What may be parted: blocks, and of a long one its sentences."""
    for block in group:
        for at, sentence in enumerate(sentences(block.text) if len(block.text) > LONGEST else (block.text,)):
            yield _Part(" " if at else "\n", sentence, begins=not at and not block.item)


def _apart(held: Sequence[_Part], part: _Part, heading: str) -> bool:
    """Whether a part is not to stand in one passage with those before it: no room, or another matter."""
    if not _fits((*held, part)):
        return True
    said = _together(held)
    return part.begins and said != heading and not said.endswith(":") and min(len(said), len(part.text)) > _BRIEF


def _fits(parts: Sequence[_Part]) -> bool:
    return len(_together(parts)) <= LONGEST


def _together(parts: Sequence[_Part]) -> str:
    return "".join(part.joint + part.text if at else part.text for at, part in enumerate(parts))


def _passage(number: int | None, parts: Sequence[_Part], heading: str) -> Iterator[Piece]:
    text = _together(parts)
    if len(text) > LONGEST:
        yield from _chopped(number, text, heading)
    elif text not in ("", heading):
        yield Piece(number, text, heading)


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a paragraph; a dot behind a shortened word ends none."""
    ends = []
    for found in _SENTENCE.finditer(text):
        word = re.findall(r"[\w.]+$", text[: found.start()])
        if text[found.start() - 1] == "." and word and _SHORTENED.fullmatch(word[0].rstrip(".")):
            continue
        ends.append((found.end(1), found.end()))
    starts = [0, *(start for _, start in ends)]
    stops = [*(stop for stop, _ in ends), len(text)]
    return tuple(text[start:stop] for start, stop in zip(starts, stops, strict=True))


def _chopped(number: int | None, sentence: str, heading: str) -> Iterator[Piece]:
    """A sentence that is too long, parted where it pauses."""
    room, opens = LONGEST - 2 * len(ELLIPSIS), True
    while len(sentence) > room:
        head = sentence[: room + 1]
        pause = max(head.rfind(mark, room // 2) for mark in ("; ", ": ", ", "))
        end = pause + 1 if pause > 0 else head.rfind(" ", room // 2)
        end = end if end > 0 else room
        yield Piece(number, sentence[:end], heading, opens=opens, closes=False)
        sentence, opens = sentence[end:].lstrip(), False
    yield Piece(number, sentence, heading, opens=opens)


def _told_apart(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The same, a sentence that goes on over the page marked as cut on both."""
    crosses = [
        first.page != second.page and second.text[0].islower() and not _CLOSED.search(first.text)
        for first, second in pairwise(pieces)
    ]
    for at, piece in enumerate(pieces):
        opens = piece.opens and not (at > 0 and crosses[at - 1])
        closes = piece.closes and not (at < len(crosses) and crosses[at])
        long = len(piece.text) > LONGEST - len(ELLIPSIS) * ((not opens) + (not closes))
        yield piece if long else replace(piece, opens=opens, closes=closes)
