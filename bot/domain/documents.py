"""Passages of a program's documents: which one is about a question, and whether that is sure enough to quote it.

Passages are ranked by the words that they share with the question (BM25). The likeliest are judged by how much of the
question one of their sentences covers, rare words counting more, or by a judge that knows what words mean. A passage is
quoted word for word or not at all.
"""

from __future__ import annotations

import difflib
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.domain import chatter, language
from bot.domain.pages import Piece, sentences
from bot.domain.programs import Document

Trouble = Literal[
    "missing",
    "outside",
    "no file",
    "forbidden",
    "too large",
    "too many pages",
    "too much text",
    "not text",
    "not a PDF",
    "encrypted",
    "no words",
    "empty",
    "corrupt",
    "slow",
    "not read",
]
"""Why nothing can be quoted from a document. `not read`: its program was not loaded from a file since it is listed."""
PASSING: frozenset[Trouble] = frozenset(("missing", "forbidden"))
"""What says nothing about the document itself: what was read of it earlier may still be quoted."""

MOST_BYTES = 20_000_000
MOST_PAGES = 300
MOST_CHARACTERS = 1_500_000
SECONDS = 20
"""What is read of one document, and how long at most."""

QUOTE_AT = 0.5
"""How sure it must be to quote."""
WEAK = 0.3
"""Entries that are less likely than this to be meant are not suggested where a passage can be quoted."""


@dataclass(frozen=True, slots=True)
class Passage:
    """What can be quoted, and where it stands: `program` is the slug; a text file has no pages."""

    document: Document
    text: str
    page: int | None = None
    heading: str = ""
    program: str = ""

    @property
    def sentences(self) -> tuple[str, ...]:
        """What it says, a sentence each. Its heading says nothing, unless it is a question."""
        every = [one for block in self.text.split("\n") for one in sentences(block)]
        said = tuple(one for one in every if one != self.heading or one.endswith("?"))
        return said or tuple(every)


@dataclass(frozen=True, slots=True)
class Read:
    """A document read anew; `fingerprint` is of the file as it was. `wordless` counts pages without a word."""

    document: Document
    fingerprint: str
    pieces: tuple[Piece, ...]
    pages: int
    wordless: int = 0


@dataclass(frozen=True, slots=True)
class Same:
    """A document that was not read again, because its file is what it was."""

    document: Document


@dataclass(frozen=True, slots=True)
class Unread:
    """A document that cannot be read; `kept` says that its text from an earlier time is still quoted."""

    document: Document
    why: Trouble
    kept: bool = False


Reading = Read | Same | Unread


@dataclass(frozen=True, slots=True)
class Found:
    """The passage that is about a question, and how sure that is, 0 to 1."""

    passage: Passage
    score: float


@dataclass(frozen=True, slots=True)
class Likely:
    """A passage that shares words with a question.

    `share` is how much of the question one sentence of it covers, 0 to 1; `few`, that all of it shares hardly more
    than one word; `other_kind`, that it has nothing of the kind that is asked for: no day where it is one.
    """

    passage: Passage
    share: float
    few: bool
    other_kind: bool


Judge = Callable[[str, Sequence[Likely]], Sequence[float]]
"""Says of each likely passage how sure it is that it is about a question, 0 to 1."""


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a question: what it shares with its other forms, what else it means, and what it tells."""

    stem: str
    concepts: frozenset[str]
    weight: float


class Index:
    """Passages, ready to be looked in. It does not change once built, so threads share it.

    `names` are words that stand for the whole program: they tell nothing about what is asked.
    """

    def __init__(self, passages: Iterable[Passage], names: Iterable[str] = ()) -> None:
        self.passages = tuple(passages)
        self._names = frozenset(stem for name in names for stem in _stems(name))
        self._titles = frozenset(stem for one in self.passages for stem in _stems(one.document.title)) - self._names
        self._texts = [Counter(_stems(one.text)) for one in self.passages]
        self._headings = [frozenset(_stems(one.heading)) for one in self.passages]
        self._lengths = [sum(one.values()) for one in self._texts]
        self._mean = sum(self._lengths) / max(1, len(self._lengths))
        self._postings: dict[str, list[int]] = defaultdict(list)
        for at, (text, above) in enumerate(zip(self._texts, self._headings, strict=True)):
            for stem in {*text, *above}:
                self._postings[stem].append(at)
        self._words = frozenset(word for one in self.passages for word in language.words(f"{one.text} {one.heading}"))

    def find(self, text: str, judge: Judge | None = None) -> Found | None:
        """The passage to quote, if there is one that is surely about the question, or about one of several."""
        found = [one for part in (text, *chatter.questions_in(text)) if (one := self.best(part, judge)) is not None]
        sure = max(found, key=lambda one: one.score, default=None)
        return sure if sure is not None and sure.score >= QUOTE_AT else None

    def best(self, text: str, judge: Judge | None = None) -> Found | None:
        """The likeliest passage, however unlikely; None when none shares a word with the text."""
        likely = self.likely(text)
        scores = (judge or by_words)(text, likely)
        sure, first = max(((score, -number) for number, score in enumerate(scores)), default=(0.0, 1))
        return Found(likely[-first].passage, round(sure, 3)) if first <= 0 else None

    def likely(self, text: str) -> tuple[Likely, ...]:
        """The passages that share most with a text, best first."""
        asked = self._asked(text)
        scores: dict[int, float] = defaultdict(float)
        for word in asked:
            for at in self._postings.get(word.stem, ()):
                scores[at] += word.weight * self._rarity(word.stem) * self._saturated(at, word.stem)
        kinds = language.kinds(text)
        return tuple(
            self._likely(at, asked, kinds) for at in sorted(scores, key=lambda at: (-scores[at], at))[:_SHORTLIST]
        )

    def _asked(self, text: str) -> list[_Word]:
        """The words that say what a question is about, slips of the finger put right."""
        found: dict[str, _Word] = {}
        for plain in dict.fromkeys(language.words(_ASIDE.sub(" ", language.plain(text)))):
            if language.is_function(plain):
                continue
            stem = language.stem(self._repaired(plain))
            if stem in self._names or (stem in self._titles and stem not in self._postings):
                continue
            weight = language.weight(plain) * (_TITLE if stem in self._titles else 1.0)
            found.setdefault(stem, _Word(stem, language.concepts(stem), weight))
        return list(found.values())

    def _repaired(self, word: str) -> str:
        """The word, or the one of the documents that it is a slip of the finger away from."""
        if len(word) < _REPAIRABLE or word in self._words or language.stem(word) in self._postings:
            return word
        like = (one for one in self._words if one[0] == word[0] and abs(len(one) - len(word)) < 2)
        return next(iter(difflib.get_close_matches(word, like, 1, _LIKE)), word)

    def _rarity(self, stem: str) -> float:
        """The fewer passages have a word, the more it says; most, if none has it."""
        return math.log((len(self.passages) + 1) / (len(self._postings.get(stem, ())) + 0.5)) + _COMMON

    def _saturated(self, at: int, stem: str) -> float:
        count = self._texts[at][stem] + (_ABOVE if stem in self._headings[at] else 0.0)
        return count / (count + 1.2 * (0.4 + 0.6 * self._lengths[at] / self._mean)) if count else 0.0

    def _likely(self, at: int, asked: Sequence[_Word], kinds: frozenset[str]) -> Likely:
        passage, above = self.passages[at], self._headings[at]
        masses = [(word, word.weight * self._rarity(word.stem)) for word in asked]
        held = max(sum(mass * _credit(word, said, above) for word, mass in masses) for said in _said(passage))
        exact = sum(word.weight for word in asked if word.stem in self._texts[at])
        return Likely(
            passage=passage,
            share=held / sum(mass for _, mass in masses),
            few=exact < _FEWEST,
            other_kind=not _has_kinds(passage.text, kinds),
        )


def by_words(text: str, likely: Sequence[Likely]) -> tuple[float, ...]:
    """Judges by words alone.

    Tuned on tests/data/packet.jsonl, and there: of a hundred questions that the packet answers, forty-five are answered
    rightly and two wrongly; of a hundred that it does not, however near they sound, seven are answered all the same.
    """
    return tuple(sure(one.share - _FEW * one.few - _OTHER_KIND * one.other_kind, _BAR) for one in likely)


def sure(value: float, bar: float) -> float:
    """How sure a value is, where it has to reach a bar: at the bar it is quoted."""
    return max(0.0, min(1.0, value - bar + QUOTE_AT))


_SHORTLIST = 12
_COMMON = 0.5
_ABOVE = 0.7
_TITLE = 0.3
_FEWEST = 2.0
_FEW = 0.2
_OTHER_KIND = 0.3
_BAR = 0.82
_REPAIRABLE = 5
_LIKE = 0.86

_ASIDE = re.compile(
    r"\b(?:how (?:many|much|often|long|far|big)|what (?:time|day|date|kind|type|exactly)|which (?:day|date|page)"
    r"|(?:does|do|did) (?:it|the \w+|this|that|they) (?:say|mention)|(?:tell|told) me|is there|are there"
    r"|(?:please|thanks|thank you|hello|question)|i (?:wonder|was wondering)|(?:what|how) about|any(?:body|one) know)\b"
)
"""What only leads to a question. What kind of thing is asked for is looked at by itself."""

_MONTH = "january|february|march|april|may|june|july|august|september|october|november|december"
_DAY = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
_NUMBER = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|half|several|both|no|none|all"
_UNIT = "minutes?|hours?|days?|weeks?|months?|years?|semesters?|mins?|hrs?"
_EVIDENCE: Mapping[str, re.Pattern[str]] = {
    "?when": re.compile(
        rf"\b(?:{_MONTH}|{_DAY}|\d{{1,2}}(?::\d\d)? ?[ap]\.?m|\d{{1,2}}:\d\d|(?:19|20)\d\d|noon|midnight"
        r"|morning|evening|spring|summer|autumn|fall|winter|after|before|until|weekly|monthly|daily|every|\d{1,2}/\d{1,2})\b"
    ),
    "?count": re.compile(rf"\d|\b(?:{_NUMBER})\b"),
    "?often": re.compile(r"\b(?:\w*weekly|\w*monthly|daily|\w*annual\w*|every|each|once|twice|times|per)\b"),
    "?length": re.compile(rf"(?:\d|\b(?:{_NUMBER}|an?)\b)[\w .–-]*\b(?:{_UNIT})\b"),
    "?hours": re.compile(rf"(?:\d|\b(?:{_NUMBER}|an?)\b)[\w .–-]*\b(?:{_UNIT})\b"),
    "?money": re.compile(
        r"[$€£]|\b(?:free|cost\w*|fees?|fund\w*|paid|pays?|money|stipends?|grants?|budget|price\w*|dollars?|match\w*"
        r"|reimburs\w*|charge\w*|expens\w*)\b"
    ),
}
"""By kind of thing that is asked for: what a text has that says one."""


def _has_kinds(text: str, kinds: frozenset[str]) -> bool:
    """Whether a text has what answers such a question: to one for a day, a day."""
    bare = language.plain(text)
    wanted = [_EVIDENCE[kind] for kind in kinds if kind in _EVIDENCE]
    return not wanted or any(pattern.search(bare) for pattern in wanted)


def _credit(word: _Word, said: frozenset[str], above: frozenset[str]) -> float:
    """What it counts that a sentence has a word, or its heading has, or that it has another word for the same."""
    if word.stem in said:
        return 1.0
    if word.stem in above:
        return 0.9
    return 0.7 if word.concepts & _concepts((*said, *above)) else 0.0


def _said(passage: Passage) -> list[frozenset[str]]:
    return [frozenset(_stems(one)) for one in passage.sentences]


def _stems(text: str) -> list[str]:
    return [language.stem(word) for word in language.words(text) if not language.is_function(word)]


def _concepts(stems: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(language.concepts(stem) for stem in stems))
