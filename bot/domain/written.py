"""What people write into the fields of a form."""

from __future__ import annotations

import unicodedata

MOST_WORDS = 3000
"""Characters in one field: as many as a Slack form takes."""
BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""What is a letter or a sign to Unicode, and nothing to the eye."""


def clean(text: str) -> str:
    """What was typed without marks that no database or reader can use; empty when nothing visible is left."""
    kept = "".join(char for char in text.replace("\r\n", "\n") if char in "\n\t" or _usable(char)).strip()
    return kept if is_visible(kept) else ""


def one_line(text: str) -> str:
    """The same for a field of one line."""
    return " ".join(clean(text).split())


def is_visible(text: str) -> bool:
    """Whether there is anything in a text that somebody can see."""
    return any(_visible(char) for char in text)


def _usable(char: str) -> bool:
    return unicodedata.category(char) not in ("Cc", "Cs")


def _visible(char: str) -> bool:
    return not char.isspace() and char not in BLANK and unicodedata.category(char) not in ("Cf", "Cc", "Cs")
