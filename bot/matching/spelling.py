"""Putting right words with one slip of the finger, towards what the program writes and what the model knows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from string import ascii_lowercase

from bot.domain import language
from bot.matching import spanish

SHORTEST = 4
"""Letters; a shorter word is too easily another."""
_OFTEN = 4
"""How many times as often as a slip of it a word stands in the program's texts, at least."""

_WORD = re.compile(r"[^\W\d_]+")
_ENDINGS = ("s", "es", "ed", "d", "ing", "ly", "er")


class Speller:
    """The words of a program's entries, by how often they stand there; `knows` says what are words besides."""

    def __init__(self, texts: Iterable[str], knows: Callable[[str], bool]) -> None:
        self._mine = Counter(word for text in texts for word in language.words(text) if word.isalpha())
        self._knows = knows

    def repair(self, text: str) -> str:
        """The text with each unknown word replaced by a known one, if one slip explains it; else as it is.

        In Spanish the words count that can be put into English: the model's own are English.
        """
        spanish_ = language.is_spanish(text)
        return _WORD.sub(lambda found: self._word(found[0], spanish_), text)

    def _word(self, word: str, spanish_: bool) -> str:
        plain = language.plain(word)
        if len(plain) < SHORTEST or not plain.isascii() or (spanish_ and spanish.knows(plain)):
            return word
        if self._is_word(plain):
            return self._meant(plain) or word
        near = sorted(_one_slip_from(plain), key=lambda other: _likely(plain, other))
        mine = [other for other in near if other in self._mine]
        if mine:
            return max(mine, key=lambda other: self._mine[other])
        known = spanish.is_word if spanish_ else self._knows
        return next((other for other in near if len(other) >= SHORTEST and known(other)), word)

    def _meant(self, plain: str) -> str | None:
        """What is meant by a slip that the program has kept itself, as people type it, beside the word put right."""
        if self._knows(plain) or plain not in self._mine:
            return None
        often = _OFTEN * self._mine[plain]
        near = [other for other in _one_slip_from(plain) if self._mine[other] >= often and self._knows(other)]
        return max(near, key=lambda other: (self._mine[other], other), default=None)

    def _is_word(self, plain: str) -> bool:
        """Whether it is known, or another form of a known word rather than a slip: a plural, say."""
        forms = (plain[: -len(ending)] for ending in _ENDINGS if plain.endswith(ending))
        return any(one in self._mine or self._knows(one) for one in (plain, *forms) if len(one) >= SHORTEST)


def _likely(word: str, other: str) -> tuple[bool, bool, str]:
    """Slips that keep the first letter before the rest, and of these letters that have changed places."""
    return other[0] != word[0], sorted(other) != sorted(word), other


def _one_slip_from(word: str) -> set[str]:
    cut = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    lost = {head + tail[1:] for head, tail in cut if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in cut if len(tail) > 1}
    other = {head + letter + tail[1:] for head, tail in cut if tail for letter in ascii_lowercase}
    added = {head + letter + tail for head, tail in cut for letter in ascii_lowercase}
    return {one for one in lost | swapped | other | added if one and one != word}
