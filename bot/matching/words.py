"""Likeness by exact words, for what the model has never seen: names, numbers, a program's own terms."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from bot.domain import language
from bot.matching.tokens import Floats, Ints

Stems = dict[str, float]


class Words:
    """The stems of all phrasings, rare ones weighing more, and what each entry knows."""

    def __init__(self, phrasings: Sequence[str], owners: Sequence[int], answers: Sequence[str]) -> None:
        said = [stems(text) for text in phrasings]
        self._entries = len(answers)
        self._count = len(phrasings)
        self._knows = [set(stems(answer)) for answer in answers]
        for owner, found in zip(owners, said, strict=True):
            self._knows[owner].update(found)
        holders = Counter(stem for known in self._knows for stem in known)
        self._rarity = {stem: math.log((self._entries + 1) / (count + 0.5)) for stem, count in holders.items()}
        self._unseen = math.log((self._entries + 1) / 0.5)
        self._posted = self._post(said)

    def likeness(self, said: Stems) -> Floats:
        """The cosine of a text's stems with those of each phrasing."""
        found = np.zeros(self._count, np.float32)
        for stem, value in self._unit(said).items():
            if stem in self._posted:
                ways, values = self._posted[stem]
                found[ways] += value * values
        return found

    def strange(self, said: Stems, entry: int) -> float:
        """The share of what a text is about, and of the kinds of thing it asks for, that an entry never mentions."""
        known = self._knows[entry]
        whole = lacking = 0.0
        for stem, value in said.items():
            mass = _mass(stem, value) * self._rarity.get(stem, self._unseen)
            whole += mass
            if stem not in known:
                lacking += mass * (1.0 if known.isdisjoint(language.concepts(stem)) else _OTHER_WORD)
        return lacking / whole if whole else 1.0

    def _unit(self, said: Stems) -> Stems:
        weighed = {stem: value * self._rarity.get(stem, self._unseen) for stem, value in said.items()}
        length = math.sqrt(sum(value * value for value in weighed.values()))
        return {stem: value / length for stem, value in weighed.items()} if length else {}

    def _post(self, asked: Sequence[Stems]) -> dict[str, tuple[Ints, Floats]]:
        posted: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for way, found in enumerate(asked):
            for stem, value in self._unit(found).items():
                posted[stem].append((way, value))
        return {
            stem: (np.asarray([way for way, _ in held], np.int32), np.asarray([value for _, value in held], np.float32))
            for stem, held in posted.items()
        }


_CONCEPT = 0.7
_KIND = 0.5
_OTHER_WORD = 0.3


def stems(text: str) -> Stems:
    """Each stem of a text, what it stands for (`~pay`) and the kinds of thing asked for (`?when`), and their worth."""
    found: Stems = {}
    for word in language.words(text):
        stem, value = language.stem(word), language.weight(word)
        found[stem] = max(found.get(stem, 0.0), value)
        for concept in language.concepts(stem):
            found[concept] = max(found.get(concept, 0.0), _CONCEPT * value)
    return found | dict.fromkeys(language.kinds(text), _KIND)


def _mass(stem: str, value: float) -> float:
    """What a stem counts when it is asked how much of a text an entry knows."""
    if stem[0] == "~":
        return 0.0
    if stem[0] == "?":
        return 0.8
    return {1.0: 1.0, 0.4: 0.1}.get(value, 0.0)
