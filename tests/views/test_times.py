"""Moments in words."""

from __future__ import annotations

import pytest

from bot.views.times import ahead, moment, span
from tests.calendars import program, there

SEASON = program()


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ("2020-10-14 14:45", "in 15 minutes"),
        ("2020-10-14 14:59", "in 1 minute"),
        ("2020-10-14 14:00", "in 1 hour"),
        ("2020-10-14 13:30", "in 1 hour 30 minutes"),
        ("2020-10-14 13:01", "in 1 hour 59 minutes"),
        ("2020-10-14 13:00", "today"),
        ("2020-10-14 00:00", "today"),
        ("2020-10-13 23:59", "tomorrow"),
        ("2020-10-12 23:59", "in 2 days"),
        ("2020-09-14 09:00", "in 30 days"),
        ("2020-09-13 09:00", ""),
        ("2020-10-14 15:00", "now, until 4:00 pm"),
        ("2020-10-14 15:59", "now, until 4:00 pm"),
    ],
)
def test_how_far_off_something_is(now: str, words: str) -> None:
    assert ahead(there("2020-10-14 15:00"), there("2020-10-14 16:00"), there(now), SEASON) == words


def test_a_second_late_is_still_the_hour_that_was_meant() -> None:
    late = there("2020-10-14 14:00").replace(second=1)
    assert ahead(there("2020-10-14 15:00"), None, late, SEASON) == "in 1 hour"


def test_a_moment_that_has_come_is_now() -> None:
    assert ahead(there("2020-10-16 23:59"), None, there("2020-10-16 23:59"), SEASON) == "now"


def test_just_before_midnight_counts_minutes_rather_than_days() -> None:
    assert ahead(there("2020-10-15 00:10"), None, there("2020-10-14 23:50"), SEASON) == "in 20 minutes"


@pytest.mark.parametrize(
    ("wall", "zone", "said"),
    [
        ("2020-10-16 23:59", None, "Fri, Oct 16, 11:59 pm (St. Louis)"),
        ("2020-10-16 23:59", "America/Chicago", "Fri, Oct 16, 11:59 pm (St. Louis)"),
        ("2020-10-14 15:00", "America/New_York", "Wed, Oct 14, 3:00 pm (St. Louis) · 4:00 pm your time"),
        ("2020-10-16 23:59", "America/New_York", "Fri, Oct 16, 11:59 pm (St. Louis) · Sat, Oct 17, 12:59 am your time"),
        ("2020-10-31 10:00", "Asia/Kolkata", "Sat, Oct 31, 10:00 am (St. Louis) · 8:30 pm your time"),
        ("2020-11-01 10:00", "Asia/Kolkata", "Sun, Nov 1, 10:00 am (St. Louis) · 9:30 pm your time"),
        ("2021-03-13 10:00", "Asia/Kolkata", "Sat, Mar 13, 10:00 am (St. Louis) · 9:30 pm your time"),
        ("2021-03-14 10:00", "Asia/Kolkata", "Sun, Mar 14, 10:00 am (St. Louis) · 8:30 pm your time"),
        ("2020-07-01 10:00", "America/Mexico_City", "Wed, Jul 1, 10:00 am (St. Louis)"),
    ],
)
def test_a_moment_has_day_date_clock_place_and_the_readers_own_time_if_it_differs(
    wall: str, zone: str | None, said: str
) -> None:
    assert moment(there(wall), SEASON, zone) == said


def test_a_span_names_its_half_of_the_day_once() -> None:
    assert span(there("2020-10-14 15:00"), there("2020-10-14 16:00"), SEASON) == "Wed, Oct 14, 3:00–4:00 pm (St. Louis)"
    assert span(there("2020-10-14 11:00"), there("2020-10-14 13:00"), SEASON) == (
        "Wed, Oct 14, 11:00 am–1:00 pm (St. Louis)"
    )
