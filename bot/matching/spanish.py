"""A Spanish text in English, word by word: enough for a model that has only read English to tell what it is about."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from bot.domain import language

_PIECE = re.compile(r"[^\W_]+|[^\w\s]")
_BEFORE_MARK = re.compile(r" ([^\w\s(&])")
_MOST_WORDS = 6


def in_english(text: str) -> str:
    """A Spanish text with each word or turn that is known put into English; any other text as it is."""
    return gloss(text) if language.is_spanish(text) else text


def gloss(text: str) -> str:
    """The same for a text known to be Spanish. Words that are not known, names and numbers among them, stay."""
    pieces = _PIECE.findall(text)
    plain = [language.plain(one) for one in pieces]
    said: list[str] = []
    at = 0
    while at < len(pieces):
        taken, word = _longest(plain, at)
        said.append(pieces[at] if word is None else word)
        at += taken
    return _BEFORE_MARK.sub(r"\1", " ".join(one for one in said if one and one not in "¿¡"))


def knows(word: str) -> bool:
    """Whether a plain Spanish word, or a form of one, is put into English."""
    return _word(word) is not None


def is_word(word: str) -> bool:
    """Whether exactly this word is, so that a slip of the finger may have meant it."""
    return word in _meanings()[0]


def _longest(plain: list[str], at: int) -> tuple[int, str | None]:
    """How many words are put into English together, and what they become; None leaves the one as it is."""
    turns = _meanings()[0]
    for length in range(min(_MOST_WORDS, len(plain) - at), 1, -1):
        found = turns.get("_".join(plain[at : at + length]))
        if found is not None:
            return length, found
    return 1, _word(plain[at])


def _word(plain: str) -> str | None:
    whole, begun = _meanings()
    if plain in whole:
        return whole[plain]
    return next((begun[plain[:end]] for end in range(len(plain), 2, -1) if plain[:end] in begun), None)


@cache
def _meanings() -> tuple[dict[str, str], dict[str, str]]:
    """What whole words and turns mean, and what words that begin in some way do."""
    whole: dict[str, str] = {}
    begun: dict[str, str] = {}
    text = files("bot.matching").joinpath("spanish.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        meaning, colon, words = line.partition(": ")
        if not colon or line.startswith("#"):
            continue
        for word in words.split():
            known = begun if word.endswith("*") else whole
            known.setdefault(language.plain(word).rstrip("*"), "" if meaning == "-" else meaning)
    return whole, begun
