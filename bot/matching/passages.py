"""Whether a passage of a document is about a question, by what both mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from bot.domain.documents import Likely, Passage, sure
from bot.matching.tokens import Encoded, Encoder, Floats, Ints, Tokens

_BAR = 0.76
_WORDS = 0.2
_FEW = 0.05
_OTHER_KIND = 0.2


class Whole:
    """An encoder that gives a text one vector, the mean of its pieces: hundreds of passages are kept in that."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    @property
    def name(self) -> str:
        return f"{self._encoder.name}/whole"

    def encode(self, text: str) -> Encoded:
        read = self._encoder.encode(text).tokens
        ids: Ints = read.ids[:1]
        return Encoded(Tokens.of(ids, read.vectors().mean(axis=0, keepdims=True)), ((0, len(text)),))

    def knows(self, word: str) -> bool:
        return self._encoder.knows(word)


class Judge:
    """Judges passages by how like one of their sentences is to the question, and how much of it that covers.

    Its weights were fitted to tests/data/packet.jsonl: of a hundred questions that the packet answers two in three are
    answered rightly and none wrongly; of those that it does not answer, five in a hundred are answered all the same. On
    the questions in tests/data/questions.jsonl that no entry answers, looked for in the programs' own pages, none is.
    """

    def __init__(self, encoder: Whole, held: Callable[[str], Tokens]) -> None:
        self._encoder = encoder
        self._held = held

    def __call__(self, text: str, likely: Sequence[Likely]) -> tuple[float, ...]:
        if not likely:
            return ()
        asked = _direction(self._encoder.encode(text).tokens)
        return tuple(self._sure(asked, one) for one in likely)

    def _sure(self, asked: Floats, one: Likely) -> float:
        alike = max(float(asked @ _direction(self._held(text))) for text in _stretches(one.passage))
        return sure(alike + _WORDS * one.share - _FEW * one.few - _OTHER_KIND * one.other_kind, _BAR)


def texts(passages: Iterable[Passage]) -> tuple[str, ...]:
    """Every text of some passages whose vector a judge needs."""
    return tuple(dict.fromkeys(text for passage in passages for text in _stretches(passage)))


def _stretches(passage: Passage) -> tuple[str, ...]:
    return (passage.text, *passage.sentences)


def _direction(tokens: Tokens) -> Floats:
    vector = tokens.vectors()[0]
    found: Floats = vector / np.float32(max(float(np.linalg.norm(vector)), 1e-9))
    return found
