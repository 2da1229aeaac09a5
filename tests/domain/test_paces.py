"""Turns: one after the other, a few at once where that is allowed, none while Slack asks for a rest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.paces import CHANNEL, FORGOTTEN, METHODS, Method, Pace

NOW = datetime(2020, 10, 12, 14, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def _turns(pace: Pace, asked: list[timedelta]) -> list[timedelta]:
    """When turns are had by somebody who asks at these moments and never waits."""
    free_at, had = NOW, []
    for after in asked:
        now = NOW + after
        if pace.opens(free_at, None, now) == now:
            free_at = pace.taken(free_at, now)
            had.append(after)
    return had


@pytest.mark.parametrize(
    ("asked", "had"),
    [
        ([0.0, 0.5, 0.999], [0.0]),
        ([0.0, 1.0, 1.5, 2.0], [0.0, 1.0, 2.0]),
        ([0.0, 5.0, 5.2, 6.0], [0.0, 5.0, 6.0]),
    ],
)
def test_a_channel_gives_one_turn_a_second(asked: list[float], had: list[float]) -> None:
    assert _turns(CHANNEL, [timedelta(seconds=one) for one in asked]) == [timedelta(seconds=one) for one in had]


def test_after_a_rest_a_few_turns_are_had_at_once_and_then_one_after_the_other() -> None:
    pace = Pace(timedelta(seconds=2), burst=3)
    asked = [timedelta(seconds=number / 2) for number in range(13)]
    assert [one.total_seconds() for one in _turns(pace, [timedelta()] * 3 + asked)] == [0, 0, 0, 2, 4, 6]


def test_who_asks_too_early_is_told_when_to_come() -> None:
    free_at = CHANNEL.taken(NOW, NOW)
    assert CHANNEL.opens(free_at, None, NOW + SECOND / 4) == NOW + SECOND


def test_a_turn_given_back_can_be_had_again() -> None:
    free_at = CHANNEL.given_back(CHANNEL.taken(NOW, NOW))
    assert CHANNEL.opens(free_at, None, NOW) == NOW


@pytest.mark.parametrize("pace", [CHANNEL, *METHODS.values()])
def test_in_a_pause_nothing_is_had_and_after_it_one_turn_at_a_time(pace: Pace) -> None:
    until = NOW + 30 * SECOND
    free_at = pace.rested(until)
    assert pace.opens(free_at, until, NOW) == until
    assert pace.opens(free_at, until, until) == until
    assert pace.opens(pace.taken(free_at, until), until, until) == until + pace.every


@pytest.mark.parametrize("pace", [CHANNEL, *METHODS.values()])
@pytest.mark.parametrize("back", [timedelta(minutes=2), timedelta(days=200)])
def test_a_clock_that_is_set_back_keeps_nobody_waiting(pace: Pace, back: timedelta) -> None:
    free_at = NOW
    for _ in range(pace.burst):
        free_at = pace.taken(free_at, NOW)
    assert pace.opens(free_at, None, NOW) > NOW
    before = NOW - back
    assert pace.opens(free_at, None, before) == before
    assert pace.taken(free_at, before) == before + pace.every


def test_a_rest_is_kept_though_the_clock_is_set_back_a_little_and_forgotten_if_it_is_set_back_a_lot() -> None:
    until = NOW + 30 * SECOND
    for back, opens in ((timedelta(minutes=2), until), (timedelta(days=9), NOW - timedelta(days=9))):
        assert CHANNEL.opens(CHANNEL.rested(until), until, NOW - back) == opens
    assert CHANNEL.opens(NOW, NOW + FORGOTTEN, NOW) == NOW + FORGOTTEN


@given(st.sampled_from(list(METHODS)), st.lists(st.integers(0, 90_000), max_size=200))
def test_a_minute_never_has_more_turns_than_its_pace_and_one_burst(method: Method, asked: list[int]) -> None:
    pace = METHODS[method]
    had = _turns(pace, [timedelta(milliseconds=one) for one in sorted(asked)])
    most = pace.burst + timedelta(minutes=1) / pace.every
    for begin in had:
        assert sum(begin <= one < begin + timedelta(minutes=1) for one in had) <= most


def test_a_thousand_people_are_told_within_a_few_minutes() -> None:
    pace = METHODS["chat.postMessage"]
    assert (1000 - pace.burst) * pace.every < timedelta(minutes=3)
