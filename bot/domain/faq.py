"""Finding the entry that answers a question, and knowing when none does.

An answer is always a stored entry. Each way of asking an entry is a vector of word features (stems, pairs of
neighbours, other words for the same thing, the kind of thing asked for) and one of character n-grams, which forgive
typing errors; rare features weigh more. A question is compared with all of them by cosine.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Protocol

from bot.domain import chatter, language, living
from bot.domain.programs import Entry

ANSWER_AT = 0.62
"""How sure `decide` must be to answer.

Measured on tests/data/questions.jsonl: six in ten questions are answered rightly, two in a hundred wrongly, and of a
hundred that no entry answers, however near they sound, four are answered all the same.
"""
SUGGEST_AT = 0.08
"""How sure it must be to ask back; below it there is nothing like the question."""
NEARLY = 0.88
"""How sure it must be to answer while it only stands in."""
MOST_SUGGESTIONS = 3
LONGEST = 1000
"""Characters of a question that are looked at; people are told when theirs is longer."""

_CHARACTERS = 0.5
_NEIGHBOURS = 0.5
_CONCEPT = 0.7
_KIND = 0.5
_OTHER_KIND = 0.6
_OTHER_PHRASINGS = 0.3
_PHRASINGS = 3
_STRANGE = 0.5
_NGRAMS = (3, 4)
_REPAIRABLE = 5

_SHORTLIST = 12

Features = dict[str, float]
Matter = tuple[str, float, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Match:
    """How well an entry fits a question.

    `likeness` to its phrasings and `strange`, the share of the question that the entry knows nothing about, are 0 to 1;
    `score` is the likeness with the strange part taken off, by which entries are ranked.
    """

    entry: Entry
    likeness: float
    strange: float
    score: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The entry that answers; `score`, here and below, is how sure that is, 0 to 1.

    `also` answer what was asked besides, in the same breath; `unanswered` are questions in it that nothing answers.
    """

    entry: Entry
    score: float
    also: tuple[Entry, ...] = ()
    unanswered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Up to three entries that may be meant, the likeliest first."""

    entries: tuple[Entry, ...]
    score: float


@dataclass(frozen=True, slots=True)
class NoMatch:
    """Nothing stored answers this."""

    score: float


Decision = Answer | Suggestions | NoMatch


class Finder(Protocol):
    """Finds what answers a question: by words alone, as `Index` does, or by meaning."""

    @property
    def entries(self) -> tuple[Entry, ...]: ...

    def decide(self, text: str, before: str | None = None) -> Decision:
        """What to say to a question; `before` is what was asked before it in the same conversation."""
        ...


class Index:
    """All ways of asking all entries, ready to be compared with. It does not change once built, so threads share it."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries: tuple[Entry, ...] = tuple(entries)
        asked = [(at, text) for at, entry in enumerate(self.entries) for text in (entry.question, *entry.phrasings)]
        self._owner = [at for at, _ in asked]
        self._ways = _spans(1 + len(entry.phrasings) for entry in self.entries)
        self._known: frozenset[str] = frozenset()
        self._stems: frozenset[str] = frozenset()
        self._near: dict[str, list[str]] = {}
        vectors = [self._features(text) for _, text in asked]
        kinds = [frozenset(key for key in of_words if key[0] == "?") for of_words, _ in vectors]
        self._of_kinds = [(way, some) for way, some in enumerate(kinds) if some]
        self._knows = self._vocabularies(vectors)
        self._rarity = _rarities(self._knows)
        self._letters = _rarities(_merged(self._owner, [of_letters for _, of_letters in vectors]))
        self._unseen = math.log((len(self.entries) + 1) / 0.5)
        self._postings = self._posted(vectors)
        self._learn_words([text for _, text in asked])

    def decide(self, text: str, before: str | None = None) -> Decision:
        """As `decide` below. By words alone, a question that goes on from the one before cannot be told from others."""
        return decide(self, text)

    def rank(self, text: str) -> tuple[Match, ...]:
        """The likeliest entries that share anything with a text, best first; ties in the order of the program."""
        of_words, of_letters = self._features(text[:LONGEST])
        cosines = self._cosines(of_words, of_letters)
        wanted = frozenset(key for key in of_words if key[0] == "?")
        if wanted:
            for way, kinds in self._of_kinds:
                if wanted.isdisjoint(kinds):
                    cosines[way] *= _OTHER_KIND
        likely = sorted((-found, at) for at, ways in enumerate(self._ways) if (found := _likeness(cosines[ways])))
        matter = self._matter(of_words)
        matches = [self._match(at, -negative, matter) for negative, at in likely[:_SHORTLIST]]
        return tuple(sorted(matches, key=lambda match: -match.score))

    def _match(self, at: int, likeness: float, matter: Sequence[Matter]) -> Match:
        strange = self._strangeness(at, matter)
        return Match(self.entries[at], likeness, strange, likeness * (1 - _STRANGE * strange))

    def _strangeness(self, at: int, matter: Sequence[Matter]) -> float:
        """The share of a question's matter that an entry knows nothing about."""
        known = self._knows[at]
        strange = sum(
            mass * (1.0 if known.isdisjoint(concepts) else 0.3)
            for feature, mass, concepts in matter
            if feature not in known
        )
        all_of_it = sum(mass for _, mass, _ in matter)
        return strange / all_of_it if all_of_it else 1.0

    def _matter(self, of_words: Features) -> list[Matter]:
        """What a question is about: its features with their mass, and the concepts that each stands for."""
        return [
            (feature, mass, language.concepts(feature))
            for feature, value in of_words.items()
            if (mass := _mass(feature, value) * self._rarity.get(feature, self._unseen))
        ]

    def _cosines(self, of_words: Features, of_letters: Features) -> list[float]:
        """How alike a text is to every way of asking."""
        sums = [0.0] * len(self._owner)
        for unit in (_unit(of_words, self._rarity, self._unseen), _unit(of_letters, self._letters, self._unseen)):
            for feature, value in unit.items():
                ways, values = self._postings.get(feature, _NOWHERE)
                for way, other in zip(ways, values, strict=False):
                    sums[way] += value * other
        return sums

    def _posted(self, vectors: Sequence[tuple[Features, Features]]) -> dict[str, tuple[list[int], array[float]]]:
        posted: dict[str, tuple[list[int], array[float]]] = {}
        for way, (of_words, of_letters) in enumerate(vectors):
            parts = (
                (_unit(of_words, self._rarity, self._unseen), 1 - _CHARACTERS),
                (_unit(of_letters, self._letters, self._unseen), _CHARACTERS),
            )
            for unit, share in parts:
                for feature, value in unit.items():
                    ways, values = posted.setdefault(feature, ([], array("f")))
                    ways.append(way)
                    values.append(value * share)
        return posted

    def _vocabularies(self, vectors: Sequence[tuple[Features, Features]]) -> list[set[str]]:
        knows = _merged(self._owner, [of_words for of_words, _ in vectors])
        for at, entry in enumerate(self.entries):
            knows[at].update(self._features(living.bare(entry.answer))[0])
        return knows

    def _learn_words(self, asked: Iterable[str]) -> None:
        """Remember every word, so that one with a typing error in it is known again."""
        texts = [*asked, *(living.bare(entry.answer) for entry in self.entries)]
        self._known = frozenset(word for text in texts for word in language.words(text))
        self._stems = frozenset(language.stem(word) for word in self._known)
        near: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._known):
            if len(word) >= _REPAIRABLE:
                for shortened in _shortened(word):
                    near[shortened].append(word)
        self._near = dict(near)

    def _repaired(self, word: str) -> str:
        if len(word) < _REPAIRABLE or not self._known or word in self._known or language.stem(word) in self._stems:
            return word
        if language.weight(word) < 1 or language.concepts(language.stem(word)):
            return word
        candidates = {other for shortened in _shortened(word) for other in self._near.get(shortened, ())}
        close = sorted(other for other in candidates if other[0] == word[0] and _one_slip_apart(word, other))
        return close[0] if close else word

    def _features(self, text: str) -> tuple[Features, Features]:
        """Of words, and of letters. Words are told apart from kinds (`?when`), concepts (`~pay`) and pairs (`a_b`)."""
        words = [self._repaired(word) for word in language.words(text)]
        stems = [language.stem(word) for word in words]
        of_words: Features = {}
        of_letters: Features = defaultdict(float)
        for word, stem in zip(words, stems, strict=True):
            value = language.weight(word)
            of_words[stem] = max(of_words.get(stem, 0.0), value)
            for concept in language.concepts(stem):
                of_words[concept] = max(of_words.get(concept, 0.0), _CONCEPT * value)
            if not language.is_function(word):
                for ngram in _ngrams(word):
                    of_letters[ngram] += value
        for pair in pairwise(stems):
            of_words["_".join(pair)] = _NEIGHBOURS
        for kind in language.kinds(text):
            of_words[kind] = _KIND
        return of_words, of_letters


class StandIn:
    """An index until there is a finder by meaning: what is not nearly asked as it is written, it only suggests.

    Words alone are at times sure of what is far off.
    """

    def __init__(self, index: Index) -> None:
        self.entries = index.entries
        self._index = index

    def decide(self, text: str, before: str | None = None) -> Decision:
        """As `Finder.decide`."""
        found = self._index.decide(text, before)
        if not isinstance(found, Answer) or found.score >= NEARLY or _is_asked_so(found.entry, text):
            return found
        return Suggestions((found.entry,), found.score)


def _is_asked_so(entry: Entry, text: str) -> bool:
    ways = (entry.question, *entry.phrasings, *(one.question for one in entry.translations))
    return language.words(text) in [language.words(one) for one in ways]


def decide(index: Index, text: str) -> Decision:
    """What to say to a question: an answer when sure, up to three suggestions when not, else that there is nothing.

    Of several sentences, each question counts by itself as well as the whole.
    """
    best: tuple[Match, ...] = ()
    sure = 0.0
    for part in (text, *chatter.questions_in(text)):
        ranked = index.rank(part)
        if ranked and (not best or _confidence(ranked) > sure):
            best, sure = ranked, _confidence(ranked)
    score = round(sure, 3)
    if sure >= ANSWER_AT:
        return Answer(best[0].entry, score)
    if sure >= SUGGEST_AT:
        near = (match.entry for match in best[:MOST_SUGGESTIONS] if match.score >= best[0].score * 0.6)
        return Suggestions(tuple(near), score)
    return NoMatch(score)


def _confidence(ranked: Sequence[Match]) -> float:
    """How sure it is that the first of the ranked entries answers: how alike, how far ahead, how little is strange.

    A logistic rule. Its weights were fitted to the questions about the OST program in tests/data/questions.jsonl and to
    that program's own phrasings, each asked with itself or its whole entry left out; those about STEM IQ were not used.
    """
    first = ranked[0]
    ahead = first.score - (ranked[1].score if len(ranked) > 1 else 0.0)
    return 1 / (1 + math.exp(-(2 * first.likeness + 4 * ahead - 4 * first.strange - 1.2)))


_NOWHERE: tuple[list[int], array[float]] = ([], array("f"))


def _spans(lengths: Iterable[int]) -> list[slice]:
    """Where each of several parts lies that follow one another."""
    ends = list(accumulate(lengths))
    return [slice(begin, end) for begin, end in pairwise([0, *ends])]


def _likeness(cosines: list[float]) -> float:
    """How alike a text is to an entry, of which these are all ways of asking: the best of them, and a few beside."""
    best = sorted(cosines, reverse=True)[:_PHRASINGS]
    return (1 - _OTHER_PHRASINGS) * best[0] + _OTHER_PHRASINGS * sum(best) / len(best)


def _mass(feature: str, value: float) -> float:
    """What a feature counts when it is asked how much of a question an entry knows."""
    if feature[0] == "~" or "_" in feature:
        return 0.0
    if feature[0] == "?":
        return 0.8
    return {1.0: 1.0, 0.4: 0.1}.get(value, 0.0)


def _unit(features: Features, rarity: Mapping[str, float], unseen: float) -> Features:
    """The features weighed by rarity, brought to length 1."""
    weighed = {feature: value * rarity.get(feature, unseen) for feature, value in features.items()}
    length = math.sqrt(sum(value * value for value in weighed.values()))
    return {feature: value / length for feature, value in weighed.items()} if length else {}


def _merged(owners: Sequence[int], vectors: Sequence[Features]) -> list[set[str]]:
    """Every feature of each owner."""
    merged: list[set[str]] = [set() for _ in range(max(owners, default=-1) + 1)]
    for owner, vector in zip(owners, vectors, strict=True):
        merged[owner].update(vector)
    return merged


def _rarities(knows: Sequence[set[str]]) -> dict[str, float]:
    """The fewer entries have a feature, the more it says."""
    holders = Counter(feature for known in knows for feature in known)
    return {feature: math.log((len(knows) + 1) / (count + 0.5)) for feature, count in holders.items()}


def _ngrams(word: str) -> Iterable[str]:
    padded = f" {word} "
    return (padded[at : at + size] for size in _NGRAMS for at in range(len(padded) - size + 1))


def _shortened(word: str) -> set[str]:
    """The word, and it with any one letter left out."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _one_slip_apart(one: str, other: str) -> bool:
    """Whether one letter is missing, too many, wrong, or has changed places with the next."""
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    return max(len(one), len(other)) <= 1 or (len(one) == 2 and one == other[::-1])
