"""What to say to a question, found by meaning: the counterpart of `bot.domain.faq.decide`, with the same outcomes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain import asking, chatter, language
from bot.domain.entries import ways
from bot.domain.faq import LONGEST, MOST_SUGGESTIONS, Answer, Decision, NoMatch, Suggestions
from bot.domain.programs import Entry
from bot.matching import spanish
from bot.matching.confidence import ANSWER_AT, SUGGEST_AT, sure
from bot.matching.index import Index, Ranking, told
from bot.matching.spelling import Speller
from bot.matching.tokens import Encoded, Encoder, Tokens

LONGEST_BEFORE = 150
"""Characters of the question before it that are read with one that goes on."""

MOST_ANSWERS = 3
"""To one message; more would not be read."""

_SHARPNESS = 6.0
_TWO = 0.8
_LIKELY = 0.1
_SHORT_FOLLOW_UP = 8
_FOLLOWING = re.compile(
    r"^\W*(?:and|but|also|so|then|ok(?:ay)?|or|what about|how about|what if|same|y|pero|entonces|o)\b", re.IGNORECASE
)
_MERELY_GOING_ON = re.compile(
    r"^\W*(?:and|but|or|what about|how about|what if|y|pero|o)\s+"
    r"(?:the|this|that|on|in|at|for|of|with|by|after|el|la|los|las|en|para|de|del|al)\b",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"[,;]?\s+(?:and|also|plus|&|y|e)(?:\s+also|\s+tambi[eé]n)?\s+(?=(?:what|when|where|who|whom|which|why|how|is|are|do|does|"
    r"can|could|will|would|should|must|qu[eé]|cu[aá]ndo|d[oó]nde|qui[eé]n|c[oó]mo|cu[aá]l|cu[aá]nt[oa]s?|hay)\b)",
    re.IGNORECASE,
)


_JOINING = re.compile(r"^\W*(?:and|also|plus|&|y|e)(?:\s+also|\s+tambi[eé]n)?,?\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Found:
    ranking: Ranking
    sure: float


class Matcher:
    """The entries of some programs, and the model to read questions with. It does not change, so threads share it."""

    def __init__(self, entries: Sequence[Entry], encoder: Encoder, held: Callable[[str], Tokens]) -> None:
        self._entries = tuple(entries)
        self._wordings = _wordings(self._entries)
        self._encoder = encoder
        self._index = Index(entries, held)
        self._speller = Speller((one for entry in entries for one in (*ways(entry), told(entry))), encoder.knows)

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self._entries

    def read_ahead(self, text: str) -> None:
        """Have the model read a question: whoever decides on it soon finds it read."""
        words = tuple(language.words(text))
        if words and words not in self._wordings:
            self._encoder.encode(self._asked(text))

    def decide(self, text: str, before: str | None = None) -> Decision:
        """What to say to a question; `before` is what was asked before it in the same thread.

        Of several questions each counts by itself as well as the whole: those that are answered get their answers, and
        what is left is said. A question that only goes on ("and on the second day?") is read after the one before it.
        """
        same = self._wordings.get(tuple(language.words(text)), ())
        if same:
            asked = tuple(self._entries[at] for at in same)
            return Answer(asked[0], 1.0) if len(asked) == 1 else Suggestions(asked[:MOST_SUGGESTIONS], 1.0)
        found = self._read(text, before)
        said = (self._several(text, found) or self._said(_surest(found))) if found else NoMatch(0.0)
        if found and before is not None and isinstance(said, NoMatch):
            return self._once_more(before, text) or said
        return said

    def rank(self, text: str) -> tuple[tuple[Entry, ...], float]:
        """The likeliest entries, best first, and how sure it is that the first one answers."""
        found = self._read(text, None)
        if not found:
            return (), 0.0
        best = _surest(found)
        return tuple(self._entries[at] for at in best.ranking.entries), best.sure

    def _read(self, text: str, before: str | None) -> list[_Found]:
        """What is found for a text as a whole, or as it goes on from the one before, then for each question in it."""
        if not self._entries or not language.words(text):
            return []
        asked = self._asked(text)
        found = self._look(asked)
        if before is not None and _goes_on(asked):
            following = self._following(spanish.in_english(before[-LONGEST_BEFORE:]), asked)
            if following is not None and following.sure >= ANSWER_AT:
                return [following]
        return found

    def _asked(self, text: str) -> str:
        """What is looked for: in usual letters, put right, and as much of it in English as can be."""
        return spanish.in_english(self._speller.repair(language.usual(text[:LONGEST])))

    def _look(self, text: str) -> list[_Found]:
        """The text as a whole, then each question in it; all from reading it once."""
        read = self._encoder.encode(text)
        stretches = [(text, read.tokens), *_parts(text, read)]
        rankings = [self._index.rank(part, tokens) for part, tokens in stretches]
        return [_Found(one, sure(one.evidence)) for one in rankings if one is not None]

    def _following(self, before: str, text: str) -> _Found | None:
        """A text in the light of the one before it: its own pieces, read together with that."""
        joined = f"{before} {text}"
        tokens = self._encoder.encode(joined).within(len(before) + 1, len(joined))
        ranking = self._index.rank(text, tokens) if tokens is not None else None
        return _Found(ranking, sure(ranking.evidence)) if ranking is not None else None

    def _once_more(self, before: str, text: str) -> Suggestions | None:
        """The entry that answered the question before, where a text only goes on from it and is about nothing else."""
        if not _MERELY_GOING_ON.search(text):
            return None
        answered = self.decide(before)
        following = self._following(self._asked(before[-LONGEST_BEFORE:]), self._asked(text))
        if not isinstance(answered, Answer) or following is None:
            return None
        same = self._entries[following.ranking.entries[0]] == answered.entry
        return Suggestions((answered.entry,), SUGGEST_AT) if same else None

    def _several(self, text: str, found: Sequence[_Found]) -> Answer | None:
        """What answers the questions of a text that asks several, if any of them is answered for sure."""
        parts = _questions(language.usual(text[:LONGEST]))
        if len(parts) < 2 or len(found) < 2:
            return None
        read = self._each(parts, text, found[1:])
        certain = [one for one in read if one is not None and one.sure >= ANSWER_AT]
        if not certain:
            return None
        whole = [found[0]] if found[0].sure >= ANSWER_AT and len(certain) < len(parts) else []
        places = list(dict.fromkeys(one.ranking.entries[0] for one in (*whole, *certain)))[:MOST_ANSWERS]
        first, *others = (self._entries[at] for at in places)
        open_ = tuple(_said_again(part) for part, one in zip(parts, read, strict=True) if _is_open(part, one, places))
        return Answer(first, round(min(one.sure for one in (*whole, *certain)), 3), tuple(others), open_)

    def _each(self, parts: Sequence[str], text: str, together: Sequence[_Found]) -> list[_Found | None]:
        """Each question of a text read alone or in the light of all of it, whichever is surer."""
        in_context = together if len(together) == len(parts) else [None] * len(parts)
        in_spanish = language.is_spanish(text)
        both = ((self._alone(part, in_spanish), seen) for part, seen in zip(parts, in_context, strict=True))
        return [max(filter(None, pair), key=lambda one: one.sure, default=None) for pair in both]

    def _alone(self, part: str, in_spanish: bool) -> _Found | None:
        said = self._speller.repair(part)
        said = spanish.gloss(said) if in_spanish else said
        ranking = self._index.rank(said, self._encoder.encode(said).tokens)
        return _Found(ranking, sure(ranking.evidence)) if ranking is not None else None

    def _said(self, found: _Found) -> Decision:
        score = round(found.sure, 3)
        if found.sure >= ANSWER_AT:
            return Answer(self._entries[found.ranking.entries[0]], score)
        if found.sure < SUGGEST_AT:
            return NoMatch(score)
        return Suggestions(tuple(self._entries[at] for at in _competing(found.ranking)), score)


def _is_open(part: str, found: _Found | None, answered: Sequence[int]) -> bool:
    """Whether a part of a text asks something that none of the answers is likely to answer."""
    if not asking.asks(part):
        return False
    return found is None or found.sure < SUGGEST_AT or found.ranking.entries[0] not in answered


def _said_again(part: str) -> str:
    """A question as it is said again: without what joined it to the one before."""
    return _JOINING.sub("", part)


def _surest(found: Sequence[_Found]) -> _Found:
    """The whole, unless only a part of it is sure enough to be answered."""
    part = max(found, key=lambda one: one.sure)
    if found[0].sure >= ANSWER_AT or part.sure < ANSWER_AT:
        return found[0]
    return part


def _wordings(entries: Sequence[Entry]) -> dict[tuple[str, ...], tuple[int, ...]]:
    """Which entries are asked for in exactly these words."""
    found: dict[tuple[str, ...], tuple[int, ...]] = {}
    for at, entry in enumerate(entries):
        for text in ways(entry):
            words = tuple(language.words(text))
            if words and at not in found.get(words, ()):
                found[words] = (*found.get(words, ()), at)
    return found


def _competing(ranking: Ranking) -> tuple[int, ...]:
    """The entries worth asking about: two where they leave nothing to a third, else up to three."""
    raised = [math.exp(_SHARPNESS * (score - ranking.scores[0])) for score in ranking.scores]
    shares = [one / sum(raised) for one in raised]
    if len(shares) > 1 and shares[1] >= _LIKELY and shares[0] + shares[1] >= _TWO:
        return ranking.entries[:2]
    return tuple(at for at, share in zip(ranking.entries, shares, strict=True) if share >= _LIKELY)[:MOST_SUGGESTIONS]


def _goes_on(text: str) -> bool:
    return len(text.split()) <= _SHORT_FOLLOW_UP or bool(_FOLLOWING.search(text))


def _parts(text: str, read: Encoded) -> list[tuple[str, Tokens]]:
    """Each question of a text that holds several, with its own stretch of the vectors."""
    parts: list[tuple[str, Tokens]] = []
    start = 0
    for part in _questions(text):
        at = text.find(part, start)
        tokens = read.within(at, at + len(part)) if at >= 0 else None
        if tokens is not None:
            parts.append((part, tokens))
            start = at + len(part)
    return parts


def _questions(text: str) -> tuple[str, ...]:
    sentences = chatter.questions_in(text) or (text,)
    parts = tuple(part.strip() for sentence in sentences for part in _JOINED.split(sentence) if part.strip())
    return parts if len(parts) > 1 or parts[0] != text else ()
