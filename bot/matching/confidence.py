"""How sure it is that the likeliest entry answers: a logistic rule over the evidence, held against the FAQ itself.

There are two sets of weights; `python -m tests.benchmarks.faq_weights` prints them and says on what they are fitted. An
FAQ whose own questions are like those that people ask of any program is judged by the one in which it counts much that
a question is asked elsewhere, too; an FAQ of another kind by the other; one between them by a blend.

Where the bar stands is taken from the FAQ: it would answer about one in ten of its own phrasings wrongly if the entry
that each belongs to were not there. So one whose entries are much alike is answered from with more care, up to a point.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple

from bot.matching.index import Evidence, Index
from bot.matching.tokens import Tokens

ANSWER_AT = 0.5
"""How sure the bot must be to answer."""
SUGGEST_AT = 0.1
"""How sure it must be to ask back; below it there is nothing like the question."""

_ANY = Evidence(
    best=3.21,
    mean=-1.929,
    ahead=1.399,
    share=0.765,
    learned=0.197,
    every_word=3.116,
    worst_word=0.533,
    strange=-0.216,
    other_kind=-0.186,
    elsewhere=0.723,
    elsewhere_mean=3.758,
    elsewhere_words=-3.185,
)
_ANY_BIAS = -6.565
_ANY_HIGHEST = 0.8
_PROGRAM = Evidence(
    best=0.895,
    mean=-4.728,
    ahead=0.726,
    share=0.765,
    learned=0.1,
    every_word=3.285,
    worst_word=3.334,
    strange=-0.774,
    other_kind=-2.128,
    elsewhere=-1.339,
    elsewhere_mean=3.351,
    elsewhere_words=-8.149,
)
_PROGRAM_BIAS = -0.056
_PROGRAM_HIGHEST = 0.2

_UNLIKE, _LIKE = 0.37, 0.41
"""How like its phrasings are to what is asked elsewhere: of an FAQ that is none of a program, and of one that is."""
_LOWEST = -0.5
_ANSWERED = 0.1
_FEWEST = 20
_MOST = 200


class Judge:
    """Judges what is found in an index. It is given the phrasings of it: the place of the entry, text and vectors."""

    def __init__(self, index: Index, phrasings: Sequence[tuple[int, str, Tokens]]) -> None:
        wrong = _wrong(index, phrasings)
        known = len(wrong) >= _FEWEST
        kin = sum(one.elsewhere_words for one in wrong) / len(wrong) if known else _LIKE
        share = max(0.0, min(1.0, (kin - _UNLIKE) / (_LIKE - _UNLIKE)))
        self._weights = tuple(
            (1 - share) * one + share * other for one, other in zip(astuple(_ANY), astuple(_PROGRAM), strict=True)
        )
        self._bias = (1 - share) * _ANY_BIAS + share * _PROGRAM_BIAS
        self._bar = (1 - share) * _ANY_HIGHEST + share * _PROGRAM_HIGHEST
        if known:
            logits = sorted((self._logit(one) for one in wrong), reverse=True)
            self._bar = max(_LOWEST, min(self._bar, logits[int(_ANSWERED * len(logits))]))

    def sure(self, evidence: Evidence) -> float:
        """From 0 to 1; at the bar one half."""
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, self._logit(evidence) - self._bar))))

    def _logit(self, evidence: Evidence) -> float:
        return sum((one * weight for one, weight in zip(astuple(evidence), self._weights, strict=True)), self._bias)


def _wrong(index: Index, phrasings: Sequence[tuple[int, str, Tokens]]) -> list[Evidence]:
    """What is found to phrasings whose own entry is left out, so that whatever is found is wrong."""
    step = max(1, -(-len(phrasings) // _MOST))
    rankings = (index.rank(text, tokens, without=at) for at, text, tokens in phrasings[::step])
    return [one.evidence for one in rankings if one is not None]
