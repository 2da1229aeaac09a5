"""Words with one slip of the finger, put right towards what the program writes and what the model knows."""

from __future__ import annotations

import pytest

from bot.matching.spelling import Speller

KNOWN = frozenset(("application", "applications", "deadline", "form", "from", "house", "horse", "office"))
TEXTS = ("when is the application due", "application form", "application deadline", "the application", "aplication due")
SPELLER = Speller(TEXTS, KNOWN.__contains__)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("deadlnie", "deadline"),
        ("dedline", "deadline"),
        ("deadlline", "deadline"),
        ("deadlime", "deadline"),
        ("applicaton form", "application form"),
    ],
)
def test_one_slip_is_put_right(typed: str, meant: str) -> None:
    assert SPELLER.repair(typed) == meant


def test_a_slip_that_the_program_has_kept_is_put_right_all_the_same() -> None:
    assert SPELLER.repair("aplication") == "application"


def test_a_word_of_the_program_that_only_looks_like_another_stays() -> None:
    assert Speller(("stempact", "stempact", "stempacts"), KNOWN.__contains__).repair("stempact") == "stempact"


def test_a_word_that_the_model_knows_stays_however_rare_it_is_in_the_program() -> None:
    assert Speller(("house " * 9 + "horse",), KNOWN.__contains__).repair("horse") == "horse"


@pytest.mark.parametrize("word", ["due", "xyzzy", "Łódź", "2020"])
def test_what_is_short_or_like_nothing_stays(word: str) -> None:
    assert SPELLER.repair(word) == word
