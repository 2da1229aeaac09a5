"""Hours are read as people write them, and refused with a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import hours
from bot.domain.hours import Unclear


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("1.5", 90),
        ("1,5", 90),
        (" 1.5 h ", 90),
        ("90 min", 90),
        ("90min", 90),
        ("90 MINUTES", 90),
        ("1h30", 90),
        ("1 h 30 min", 90),
        ("1:30", 90),
        ("1:30 h", 90),
        ("2 hours 15", 135),
        ("2 hours and 15 minutes", 135),
        ("2 hrs, 15 mins.", 135),
        ("1 hora y 30 minutos", 90),
        ("2 horas 15", 135),
        ("45 minutos", 45),
        ("about 3", 180),
        ("~3 hours", 180),
        ("unas 2 horas", 120),
        (".5", 30),
        ("0", 0),
        ("-0", 0),
        ("0:05", 5),
        ("１．５", 90),
        ("٣", 180),
        ("1.33", 80),
        ("24", 24 * 60),
        ("40 h", 40 * 60),
        ("200 h", 12_000),
    ],
)
def test_the_same_time_can_be_written_in_many_ways(text: str, minutes: int) -> None:
    assert hours.parse(text) == minutes


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("  \u200b ", "empty"),
        ("-1", "negative"),
        ("−1.5", "negative"),
        ("-90 min", "negative"),
        ("a lot", "not a time"),
        ("3-5", "not a time"),
        ("1.5.5", "not a time"),
        ("1,000", "not a time"),
        ("1:75", "not a time"),
        ("1e3", "not a time"),
        ("nan", "not a time"),
        ("🙂", "not a time"),
        ("<!channel>", "not a time"),
        ("201 h", "too long"),
        ("12001 min", "too long"),
        ("999", "too long"),
        ("90", "which unit"),
        ("9" * 10_000, "not a time"),
    ],
)
def test_what_cannot_be_taken_has_a_reason(text: str, why: str) -> None:
    with pytest.raises(Unclear) as refused:
        hours.parse(text)
    assert refused.value.why == why


def test_a_bare_number_is_minutes_where_minutes_are_asked() -> None:
    assert hours.parse("90", bare="minutes") == 90


def test_minutes_never_turn_into_hours_for_being_many() -> None:
    assert hours.parse("90 h") == 5400


@given(st.text(max_size=40))
def test_any_text_gives_minutes_in_range_or_a_reason(text: str) -> None:
    try:
        minutes = hours.parse(text)
    except Unclear:
        return
    assert 0 <= minutes <= hours.MOST_MINUTES


@given(st.integers(min_value=0, max_value=199), st.integers(min_value=0, max_value=59))
def test_hours_and_minutes_read_back(whole: int, rest: int) -> None:
    assert hours.parse(f"{whole} h {rest} min") == hours.parse(f"{whole}:{rest:02}") == whole * 60 + rest


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("an hour and a half", 90),
        ("An hour and a half.", 90),
        ("half an hour", 30),
        ("two and a half hours", 150),
        ("forty-five minutes", 45),
        ("an hour and fifteen minutes", 75),
        ("one hour fifteen", 75),
        ("three quarters of an hour", 45),
        ("an hour and a quarter", 75),
        ("hora y media", 90),
        ("una hora y media", 90),
        ("dos horas y media", 150),
        ("media hora", 30),
        ("cuarenta y cinco minutos", 45),
        ("two", 120),
    ],
)
def test_lengths_as_they_are_dictated(text: str, minutes: int) -> None:
    assert hours.parse(text) == minutes
