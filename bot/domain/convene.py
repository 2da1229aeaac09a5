"""The words behind `/convene`, and how the bot is doing."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeGuard, get_args

from bot.domain.channels import Setting
from bot.domain.programs import Program

Word = Literal["menu", "find", "help", "digest", "people", "reach", "week", "status"]
WORDS: tuple[Word, ...] = get_args(Word)


@dataclass(frozen=True)
class Unknown:
    """Not one of the words; `near` is the one that looks most like it."""

    word: str
    near: Word | None


@dataclass(frozen=True)
class Find:
    """To look for something; `words` may be none."""

    words: str


SAID_OTHERWISE: Mapping[str, Word] = {"menú": "menu", "buscar": "find", "search": "find", "ayuda": "help"}


def understand(text: str) -> Word | Find | Unknown:
    """What somebody typed behind `/convene`: nothing means the menu; only behind `find` more than one word counts."""
    typed = text.split(maxsplit=1)
    word = typed[0].casefold().strip(".,:;!?\"'`“”") if typed else ""
    word = SAID_OTHERWISE.get(word, word)
    if not word:
        return "menu"
    if word == "find":
        return Find(typed[1] if typed[1:] else "")
    if _is_word(word):
        return word
    near = difflib.get_close_matches(word, WORDS, 1)
    return Unknown(typed[0], next((one for one in WORDS if one in near), None))


def _is_word(word: str) -> TypeGuard[Word]:
    return word in WORDS


@dataclass(frozen=True)
class Said:
    """A notice in the ledger: what kind it is, and when it was said or is to be."""

    kind: str
    at: datetime
    reason: str | None = None


@dataclass(frozen=True)
class Status:
    """How the bot is doing for one program at `now`. `database` is the engine's name, `notices` counts by state."""

    program: Program
    now: datetime
    database: str
    channels: tuple[Setting, ...]
    notices: Mapping[str, int]
    last: Said | None
    next: Said | None
    troubles: tuple[Said, ...]
