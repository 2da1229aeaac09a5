"""All ways of asking all entries, ready to be compared with by meaning, and what speaks for and against the likeliest.

A text is the mean of its pieces' vectors, rare pieces weighing more. An entry is as likely as its best phrasing and the
mean of all of them are like the question; less so if it is like everything; more so if a regression on the phrasings
says so and if every word of the question finds its like somewhere in the entry; less so if another kind of thing is
asked for than of the entry ever is.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.domain import language, living
from bot.domain.entries import ways
from bot.domain.programs import Entry
from bot.matching import regression, spanish
from bot.matching.tokens import Bytes, Floats, Ints, Tokens
from bot.matching.words import Stems, Words, stems

CANDIDATES = 10

_BY_WORDS = 0.1
_BEST = 0.6
_CROWDED = 0.25
_LEARNED = 0.12
_EVERY_WORD = 2.0
_OTHER_KIND = 0.5
_NEIGHBOURS = 10
_COMMON = 1.0
_MARKS = 2
"""A text's first and last piece are marks that it begins and ends."""
_WITHOUT_NOISE = 0.3
_NOISE = 0.7
_OFTEN = 4
_LONE = 0.6
"""How like its phrasings would be to each other, of an entry that has only one, if no entry has two."""

_STEPS = 127
_VOCABULARY = 1 << 16
_SMALL = 900_000
"""Multiplications up to which OpenBLAS takes a product to be small."""

Held = Callable[[str], Tokens]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the likeliest entry. Likenesses are cosines; `learned` is a logit, `share` its log-probability.

    `ahead` is how far it leads the second, `best_ahead` how far its best phrasing does. `every_word` is how well the
    words of the question find their like in the entry, `worst_word` how well the worst of the rarer ones does.
    `strange` is the share of the question that the entry never mentions; `other_kind` is not 0 if a number is asked
    for, say, and of the entry nobody asks for one: the more, the more often something else is. `words_best` and
    `words_mean` are likenesses by exact words. The last three are about the entry alone: how like its phrasings are to
    the many nearest ones of others (`crowd`), to each other (`siblings`), and to the nearest one (`strangers`).
    """

    best: float
    mean: float
    ahead: float
    share: float
    learned: float
    every_word: float
    worst_word: float
    strange: float
    other_kind: float
    words_best: float
    words_mean: float
    crowd: float
    siblings: float
    strangers: float
    best_ahead: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """The likeliest entries by their place in the index, best first, their scores, and what is known of the first."""

    entries: tuple[int, ...]
    scores: tuple[float, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class _Alike:
    """How like a question each entry is, by meaning and by exact words, and what the regression says: one row each.

    `score` is all of that together, by which the candidates are chosen.
    """

    best: Floats
    mean: Floats
    words_best: Floats
    words_mean: Floats
    learned: Floats
    score: Floats


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The vectors of a text's pieces, one row each, and what each piece weighs."""

    vectors: Floats
    weights: Floats

    def mean(self) -> Floats:
        """As a direction."""
        vector: Floats = self.weights @ self.vectors
        return vector / np.float32(max(float(np.linalg.norm(vector)), 1e-9))


class Index:
    """It does not change once built, so threads share it. `held` gives the vectors of each text it is asked for."""

    def __init__(self, entries: Sequence[Entry], held: Held) -> None:
        self.entries = tuple(entries)
        asked = [(at, text) for at, entry in enumerate(entries) for text in readable(entry)]
        self._owners: Ints = np.asarray([at for at, _ in asked], np.int32)
        self._starts: Ints = np.asarray(_starts([at for at, _ in asked]), np.int32)
        self._counts = np.diff(np.append(self._starts, len(asked))).astype(np.float32)
        pieces = [held(text) for _, text in asked]
        self._rarity = _rarities(pieces, self._owners, len(self.entries))
        self._phrasings = self._together(pieces)
        self._crowd, self._strangers, self._siblings = self._neighbours()
        self._learned = regression.fit(self._phrasings, self._owners, len(self.entries))
        self._centre, self._sharper = _without_noise(self._phrasings, self._starts, self._counts)
        self._sharp = self._sharpened(self._phrasings)
        self._words = Words([text for _, text in asked], [at for at, _ in asked], [told(one) for one in entries])
        self._kinds = self._kinds_asked([text for _, text in asked])
        answers = [[held(sentence) for sentence in sentences(told(entry))] for entry in entries]
        self._pieces = self._pieces_of(pieces, answers)

    def rank(self, text: str, tokens: Tokens) -> Ranking | None:
        """Compare a text, given with its vectors; None if there are no entries."""
        if not self.entries:
            return None
        said = stems(text)
        weighed = self._weighed(tokens)
        alike = self._alike(weighed.mean(), said)
        likely = [int(at) for at in np.argsort(-alike.score, kind="stable")[:CANDIDATES]]
        every_word, worst_word = _every_word(weighed, [self._pieces[at] for at in likely])
        other_kind = np.asarray([self._other_kind(at, said) for at in likely], np.float32)
        scores = alike.score[likely] + _EVERY_WORD * every_word - _OTHER_KIND * other_kind
        order = np.argsort(-scores, kind="stable")
        first = int(order[0])
        at = likely[first]
        evidence = Evidence(
            best=float(alike.best[at]),
            mean=float(alike.mean[at]),
            ahead=float(scores[first] - scores[order[1]]) if len(order) > 1 else 1.0,
            share=float(regression.log_softmax(alike.learned)[at]),
            learned=float(alike.learned[at]),
            every_word=float(every_word[first]),
            worst_word=float(worst_word[first]),
            strange=self._words.strange(said, at),
            other_kind=float(other_kind[first]),
            words_best=float(alike.words_best[at]),
            words_mean=float(alike.words_mean[at]),
            crowd=float(self._crowd[at]),
            siblings=float(self._siblings[at]),
            strangers=float(self._strangers[at]),
            best_ahead=float(alike.best[at] - np.partition(alike.best, -2)[-2]) if len(self.entries) > 1 else 0.0,
        )
        return Ranking(tuple(likely[one] for one in order), tuple(float(scores[one]) for one in order), evidence)

    def _alike(self, vector: Floats, said: Stems) -> _Alike:
        best, mean = self._of_entries(self._phrasings @ vector)
        words_best, words_mean = self._of_entries(self._words.likeness(said))
        sharp_best, sharp_mean = self._of_entries(self._sharp @ self._sharpened(vector[None, :])[0])
        learned = vector @ self._learned
        score = (
            _mixed((1 - _BY_WORDS) * best + _BY_WORDS * words_best, (1 - _BY_WORDS) * mean + _BY_WORDS * words_mean)
            - _CROWDED * self._crowd
            + _LEARNED * learned
            + _WITHOUT_NOISE * _mixed(sharp_best, sharp_mean)
        )
        return _Alike(best, mean, words_best, words_mean, learned, score)

    def _of_entries(self, alike: Floats) -> tuple[Floats, Floats]:
        """Of the likenesses to all phrasings the best and the mean for each entry."""
        best: Floats = np.maximum.reduceat(alike, self._starts)
        return best, self._mean(alike)

    def _mean(self, of_phrasings: Floats) -> Floats:
        found: Floats = (np.add.reduceat(of_phrasings, self._starts) / self._counts).astype(np.float32)
        return found

    def _sharpened(self, vectors: Floats) -> Floats:
        return _unit(((vectors - self._centre) @ self._sharper).astype(np.float32))

    def _weighed(self, tokens: Tokens) -> _Weighed:
        inner = _inner(tokens)
        return _Weighed(inner.vectors(), self._rarity[_numbers(inner)])

    def _together(self, pieces: Sequence[Tokens]) -> Floats:
        return np.stack([self._weighed(one).mean() for one in pieces]) if pieces else np.zeros((0, 1), np.float32)

    def _neighbours(self) -> tuple[Floats, Floats, Floats]:
        """How like each entry's phrasings are to the ten nearest of others, to the nearest one, and to each other."""
        near, nearest, own = np.zeros((3, len(self._owners)), np.float32)
        count = min(_NEIGHBOURS, len(self._owners) - 1)
        for at, (start, size) in enumerate(zip(self._starts, self._counts.astype(int), strict=True)):
            alike = self._phrasings[start : start + size] @ self._phrasings.T
            mine = alike[:, start : start + size].copy()
            np.fill_diagonal(mine, 0)
            own[start : start + size] = mine.max(axis=1)
            alike[:, self._owners == at] = 0
            nearest[start : start + size] = alike.max(axis=1)
            if count > 0:
                near[start : start + size] = np.partition(alike, -count, axis=1)[:, -count:].mean(axis=1)
        if not len(near):
            return near, nearest, own
        crowd, strangers, siblings = (self._mean(one) for one in (near, nearest, own))
        several = self._counts > 1
        siblings[~several] = siblings[several].mean() if several.any() else _LONE
        return crowd, strangers, siblings

    def _kinds_asked(self, asked: Sequence[str]) -> list[tuple[frozenset[str], int]]:
        """For each entry what kinds of thing are asked about it, and in how many of its phrasings any is."""
        kinds = [language.kinds(text) for text in asked]
        parts = [
            kinds[start : start + size] for start, size in zip(self._starts, self._counts.astype(int), strict=True)
        ]
        return [(frozenset().union(*part), sum(map(bool, part))) for part in parts]

    def _pieces_of(self, pieces: Sequence[Tokens], answers: Sequence[Sequence[Tokens]]) -> list[Bytes]:
        found: list[list[Tokens]] = [list(answer) for answer in answers]
        for owner, one in zip(self._owners, pieces, strict=True):
            found[int(owner)].append(one)
        return [np.concatenate([_rounded(one) for one in mine]) for mine in found]

    def _other_kind(self, at: int, said: Stems) -> float:
        wanted = frozenset(one for one in said if one[0] == "?")
        asked, times = self._kinds[at]
        return (times / (times + _OFTEN)) ** 2 if wanted and wanted.isdisjoint(asked) else 0.0


def _every_word(asked: _Weighed, against: Sequence[Bytes]) -> tuple[Floats, Floats]:
    """How like each piece of a question is to the likest piece of each candidate.

    The mean, rare pieces counting more, and the least among the rarer half of the pieces.
    """
    pieces = np.ascontiguousarray((_unit(asked.vectors) / np.float32(_STEPS)).T)
    starts = np.cumsum([0, *(len(one) for one in against[:-1])])
    most = np.maximum.reduceat(_products(np.concatenate(against), pieces), starts)
    mean: Floats = asked.weights @ most.T / asked.weights.sum()
    worst: Floats = most[:, asked.weights >= np.median(asked.weights)].min(axis=1)
    return mean, worst


def _products(rows: Bytes, columns: Floats) -> Floats:
    """Their matrix product, a stretch at a time: large ones are packed first, which here takes thrice the time."""
    count = max(1, _SMALL // columns.size)
    found = np.empty((len(rows), columns.shape[1]), np.float32)
    stretch = np.empty((min(count, len(rows)), len(columns)), np.float32)
    for start in range(0, len(rows), count):
        part = rows[start : start + count]
        stretch[: len(part)] = part
        np.matmul(stretch[: len(part)], columns, out=found[start : start + count])
    return found


def texts(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Every text of some entries whose vectors an index needs."""
    asked = (text for entry in entries for text in readable(entry))
    return tuple(dict.fromkeys((*asked, *(one for entry in entries for one in sentences(told(entry))))))


def readable(entry: Entry) -> tuple[str, ...]:
    """All ways in which an entry can be asked, in each of its languages, as the model reads them: in English."""
    return tuple(dict.fromkeys(spanish.in_english(text) for text in ways(entry)))


def told(entry: Entry) -> str:
    """What an entry says in all of its languages, without the braces of what is filled in at the moment of asking."""
    said = (entry.answer, *(one.answer for one in entry.translations))
    return "\n".join(living.bare(one) for one in said)


def sentences(answer: str) -> tuple[str, ...]:
    """An answer in pieces that the model reads whole."""
    lines = (line.strip(" -") for line in answer.replace(". ", ".\n").replace(": ", ":\n").splitlines())
    return tuple(line for line in lines if language.words(line))


def _starts(owners: Sequence[int]) -> list[int]:
    return [at for at, owner in enumerate(owners) if at == 0 or owners[at - 1] != owner]


def _rarities(pieces: Sequence[Tokens], owners: Ints, entries: int) -> Floats:
    """What each piece weighs, by its number: the fewer entries hold it, the more, and the most if none does."""
    holders: dict[int, set[int]] = defaultdict(set)
    for owner, one in zip(owners, pieces, strict=True):
        for piece in _numbers(_inner(one)):
            holders[int(piece)].add(int(owner))
    found = np.full(_VOCABULARY, math.log((entries + 1) / 0.5) + _COMMON, np.float32)
    for piece, held in holders.items():
        found[piece] = math.log((entries + 1) / (len(held) + 0.5)) + _COMMON
    return found


def _numbers(tokens: Tokens) -> NDArray[np.uint16]:
    """As they are kept, in two bytes each."""
    return tokens.ids.astype(np.uint16)


def _inner(tokens: Tokens) -> Tokens:
    """Without the marks of its beginning and end, if there is anything between them."""
    ids = tokens.ids
    first = int(len(ids) > _MARKS and ids[0] == _BEGINS)
    last = len(ids) - int(len(ids) > _MARKS and ids[-1] == _ENDS)
    return tokens.part(first, last)


_BEGINS, _ENDS = 101, 102


def _unit(vectors: Floats) -> Floats:
    found: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return found


def _rounded(tokens: Tokens) -> Bytes:
    """The pieces as directions, in 256 steps."""
    found: Bytes = np.rint(_unit(_inner(tokens).vectors()) * _STEPS).astype(np.int8)
    return found


def _mixed(best: Floats, mean: Floats) -> Floats:
    found: Floats = _BEST * best + (1 - _BEST) * mean
    return found


def _without_noise(phrasings: Floats, starts: Ints, counts: Floats) -> tuple[Floats, Floats]:
    """The phrasings' centre, and a map under which the ways of asking one entry are closer together.

    What differs between phrasings of one entry, in all entries, says little of which entry is meant, and counts less.
    """
    if not len(phrasings):
        return np.zeros(1, np.float32), np.zeros((1, 1), np.float32)
    means = np.add.reduceat(phrasings, starts) / counts[:, None]
    centre = phrasings.mean(axis=0)
    within = (phrasings - np.repeat(means, counts.astype(int), axis=0)).astype(np.float64)
    between = (means - centre).astype(np.float64)
    noise = within.T @ within / max(len(phrasings) - len(means), 1)
    spread = (np.trace(noise) + (between**2).sum() / len(means)) / len(noise)
    noise = _NOISE * noise + (1 - _NOISE) * max(float(spread), 1e-6) * np.eye(len(noise))
    sharper: Floats = np.linalg.cholesky(np.linalg.inv(noise)).astype(np.float32)
    return centre, sharper
