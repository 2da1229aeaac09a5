"""Expressions over words, put together from lists of them."""

from __future__ import annotations

import re


def any_of(*alternatives: str) -> str:
    """One of several expressions."""
    return "(?:" + "|".join(alternatives) + ")"


def word_of(text: str) -> str:
    """One of the words of a text."""
    return any_of(*text.split())


def pattern(expression: str) -> re.Pattern[str]:
    """An expression made ready, for capitals and small letters alike."""
    return re.compile(expression, re.IGNORECASE)
