"""Dates at another start: weekdays stay, clocks stay, and no time is lost that clocks do not show."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.programs import exists
from bot.domain.shifting import Landed, Shift, day, landed, named_in, names_date, next_shown, renamed, weeks_to

CHICAGO = "America/Chicago"
WEDNESDAY = date(2020, 10, 14)


def wall(text: str) -> datetime:
    """A naive wall time."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "first"),
    [
        (date(2026, 10, 14), date(2026, 10, 14)),
        (date(2026, 10, 15), date(2026, 10, 21)),
        (date(2026, 10, 20), date(2026, 10, 21)),
        (date(2020, 10, 14), WEDNESDAY),
        (date(2020, 10, 13), WEDNESDAY),
        (date(2020, 10, 7), date(2020, 10, 7)),
        (date(2019, 1, 1), date(2019, 1, 2)),
    ],
)
def test_the_first_date_falls_on_the_chosen_day_or_on_its_weekday_after_it(start: date, first: date) -> None:
    assert day(WEDNESDAY, weeks_to(WEDNESDAY, start)) == first


def test_without_a_date_nothing_is_shifted() -> None:
    assert weeks_to(None, WEDNESDAY) == 0


@given(first=st.dates(date(2000, 1, 1), date(2090, 1, 1)), start=st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_weekdays_stay_and_less_than_a_week_is_waited(first: date, start: date) -> None:
    there = day(first, weeks_to(first, start))
    assert there.weekday() == first.weekday()
    assert timedelta() <= there - start < timedelta(days=7)


def test_clocks_are_kept_over_a_change_of_summer_time() -> None:
    assert landed(wall("2020-10-14 15:00"), wall("2020-10-14 16:00"), Shift(4, CHICAGO)) == Landed(
        wall("2020-11-11 15:00"), wall("2020-11-11 16:00")
    )


def test_a_time_that_its_day_has_not_gives_way_to_the_next_one_and_says_so() -> None:
    # On 14 March 2021 clocks in Chicago go from 2:00 to 3:00.
    assert landed(wall("2021-03-07 02:30"), None, Shift(1, CHICAGO)) == Landed(
        wall("2021-03-14 03:00"), None, wall("2021-03-14 02:30")
    )


def test_what_gives_way_lasts_as_long_as_before() -> None:
    found = landed(wall("2021-03-07 02:30"), wall("2021-03-07 03:00"), Shift(1, CHICAGO))
    assert found == Landed(wall("2021-03-14 03:00"), wall("2021-03-14 03:30"), wall("2021-03-14 02:30"))


def test_an_end_that_its_day_has_not_gives_way_as_well() -> None:
    found = landed(wall("2021-03-07 01:30"), wall("2021-03-07 02:30"), Shift(1, CHICAGO))
    assert found == Landed(wall("2021-03-14 01:30"), wall("2021-03-14 03:00"), wall("2021-03-14 02:30"))


def test_a_day_that_was_left_out_is_passed_over() -> None:
    # Samoa had no 30 December 2011.
    assert next_shown(wall("2011-12-30 10:00"), "Pacific/Apia") == wall("2011-12-31 00:00")


@given(
    at=st.datetimes(wall("2020-01-01"), wall("2030-01-01")),
    lasts=st.integers(1, 600),
    weeks=st.integers(-500, 500),
    zone=st.sampled_from([CHICAGO, "Europe/Dublin", "Australia/Lord_Howe", "America/Santiago", "Asia/Kathmandu"]),
)
def test_a_shift_never_fails_and_its_times_are_shown_by_clocks(at: datetime, lasts: int, weeks: int, zone: str) -> None:
    at = at.replace(second=0, microsecond=0)
    found = landed(at, at + timedelta(minutes=lasts), Shift(weeks, zone))
    assert exists(found.starts, zone)
    assert found.ends is not None
    assert exists(found.ends, zone)
    assert found.ends > found.starts
    kept = (found.starts, found.ends) == (at + timedelta(weeks=weeks), at + timedelta(weeks=weeks, minutes=lasts))
    assert kept is (found.skipped is None)


@pytest.mark.parametrize(
    "text",
    [
        "Applications close on October 16.",
        "We met in early 2018.",
        "hasta el 16 de octubre",
        "Send it by 10/16.",
        "It begins 2020-11-19.",
        "Oct 16, 11:59 pm",
        "the 3rd Sept",
        "We start in March.",
        "May 5 is the day.",
        "en mayo",
    ],
)
def test_a_date_in_words_is_found(text: str) -> None:
    assert names_date(text)


@pytest.mark.parametrize(
    "text",
    [
        "It is a 10-month community.",
        "On Wednesdays at 3:00 pm.",
        "You may march with us; may I?",
        "Until {{date:application-deadline}}.",
        "See [the packet](https://example.org/2020/packet.pdf).",
        "1-2 individuals, 3-5 hours, page 1.",
        "Marge is decent; the sector is junior.",
        "",
    ],
)
def test_no_date_is_found_where_there_is_none(text: str) -> None:
    assert not names_date(text)


def test_names_are_replaced_as_whole_words_the_longest_first() -> None:
    names = {"Adam": "Fay", "Adam Lee": "June"}
    assert renamed("Write to Adam, Adam Lee or Adamo.", names) == "Write to Fay, June or Adamo."
    assert renamed("Adam", {}) == "Adam"


def test_names_are_found_as_whole_words() -> None:
    assert named_in("STEMSTL runs it with Adam.", ("STEMSTL", "Ada", "Adam", "")) == ("STEMSTL", "Adam")
