"""The words behind `/convene`."""

from __future__ import annotations

import pytest

from bot.domain.convene import Find, Unknown, understand


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "menu"),
        ("   ", "menu"),
        ("menú", "menu"),
        ("Ayuda", "help"),
        ("help", "help"),
        ("HELP!", "help"),
        ("digest please", "digest"),
        ("“people”", "people"),
        ("\u00a0status\u00a0", "status"),
    ],
)
def test_a_word_is_understood_however_it_is_typed(text: str, word: str) -> None:
    assert understand(text) == word


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("sttus", "status"),
        ("peple list", "people"),
        ("digets", "digest"),
        ("halp", "help"),
        ("banana", None),
        ("🎉", None),
    ],
)
def test_an_unknown_word_is_told_what_it_looks_like(text: str, near: str | None) -> None:
    assert understand(text) == Unknown(text.split()[0], near)  # type: ignore[arg-type]


def test_ten_thousand_characters_are_one_unknown_word() -> None:
    assert understand("x" * 10_000) == Unknown("x" * 10_000, None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("find lunch", "lunch"),
        ("Find: convening 2", "convening 2"),
        ("buscar fecha límite", "fecha límite"),
        ("find", ""),
        ("find find", "find"),
    ],
)
def test_everything_behind_find_is_looked_for(text: str, words: str) -> None:
    assert understand(text) == Find(words)
