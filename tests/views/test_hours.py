"""Lengths of time in words that are read back as the same length."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import hours as rules
from bot.views import hours


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 hours"),
        (1, "1 minute"),
        (45, "45 minutes"),
        (60, "1 hour"),
        (90, "1.5 hours"),
        (120, "2 hours"),
        (80, "1 h 20 min"),
    ],
)
def test_minutes_are_said_as_people_say_them(minutes: int, words: str) -> None:
    assert hours.words(minutes) == words


@given(st.integers(min_value=0, max_value=rules.MOST_MINUTES))
def test_what_is_said_can_be_typed_again(minutes: int) -> None:
    assert rules.parse(hours.words(minutes)) == minutes


@pytest.mark.parametrize("why", get_args(rules.Why))
def test_every_problem_says_what_works(why: rules.Why) -> None:
    assert "min" in hours.problem(why)
