"""Quiet hours by the wall clock: over midnight, on days that are longer or shorter, wherever the reader is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import quiet
from bot.domain.notices import Notice, Planned, ToPurpose
from bot.domain.programs import Break, Holiday, QuietHours
from bot.domain.quiet import Own, Rest
from tests.calendars import program

CHICAGO, KOLKATA = "America/Chicago", "Asia/Kolkata"
NIGHT = QuietHours(time(20), time(8))
WEEKENDS = QuietHours(time(20), time(8), days=(5, 6))
THANKSGIVING = date(2020, 11, 26)


def at(wall: str, zone: str = CHICAGO, fold: int = 0) -> datetime:
    there = datetime.strptime(wall, "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(zone), fold=fold)
    return there.astimezone(UTC)


def wall(moment: datetime, zone: str = CHICAGO) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("2020-10-14 12:00", "2020-10-14 12:00"),
        ("2020-10-14 19:59", "2020-10-14 19:59"),
        ("2020-10-14 20:00", "2020-10-15 08:00"),
        ("2020-10-14 23:30", "2020-10-15 08:00"),
        ("2020-10-15 00:00", "2020-10-15 08:00"),
        ("2020-10-15 07:59", "2020-10-15 08:00"),
        ("2020-10-15 08:00", "2020-10-15 08:00"),
        ("2020-10-16 20:00", "2020-10-19 08:00"),
        ("2020-10-17 12:00", "2020-10-19 08:00"),
        ("2020-10-18 19:00", "2020-10-19 08:00"),
        ("2020-11-25 21:00", "2020-11-27 08:00"),
        ("2020-11-26 12:00", "2020-11-27 08:00"),
    ],
)
def test_what_falls_into_the_quiet_waits_until_it_ends(due: str, said: str) -> None:
    rest = Rest(CHICAGO, WEEKENDS, frozenset({THANKSGIVING}))
    assert wall(quiet.next_allowed(rest, at(due))) == said


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("2020-10-14 12:00", "2020-10-14 12:00"),
        ("2020-10-14 20:00", "2020-10-14 19:59"),
        ("2020-10-15 07:59", "2020-10-14 19:59"),
        ("2020-10-18 12:00", "2020-10-16 19:59"),
        ("2020-10-19 07:00", "2020-10-16 19:59"),
        ("2020-11-26 12:00", "2020-11-25 19:59"),
    ],
)
def test_the_last_moment_before_the_quiet(due: str, said: str) -> None:
    rest = Rest(CHICAGO, WEEKENDS, frozenset({THANKSGIVING}))
    assert wall(quiet.last_allowed(rest, at(due))) == said


@pytest.mark.parametrize(
    ("due", "before", "said"),
    [
        ("2020-10-14 20:30", "2020-10-15 15:00", "2020-10-15 08:00"),
        ("2020-10-14 20:45", "2020-10-14 21:00", "2020-10-14 19:59"),
        ("2020-10-15 07:30", "2020-10-15 07:45", "2020-10-14 19:59"),
        ("2020-10-15 07:30", "2020-10-15 08:00", "2020-10-14 19:59"),
        ("2020-10-15 07:30", "2020-10-15 08:01", "2020-10-15 08:00"),
        ("2020-10-17 12:00", None, "2020-10-19 08:00"),
    ],
)
def test_what_has_to_be_heard_before_something_is_said_ahead_of_the_quiet(
    due: str, before: str | None, said: str
) -> None:
    found = quiet.said_at(Rest(CHICAGO, WEEKENDS), at(due), at(before) if before else None)
    assert wall(found) == said


def test_hours_within_one_day() -> None:
    rest = Rest(CHICAGO, QuietHours(time(12), time(13, 30)))
    assert wall(quiet.next_allowed(rest, at("2020-10-14 12:30"))) == "2020-10-14 13:30"
    assert wall(quiet.last_allowed(rest, at("2020-10-14 12:30"))) == "2020-10-14 11:59"
    assert not quiet.resting(rest, at("2020-10-14 23:00"))


def test_a_person_in_kolkata_has_the_quiet_of_their_own_clock() -> None:
    rest = quiet.of_person(replace(program(), quiet=NIGHT), KOLKATA, None)
    nine_in_chicago = at("2020-10-14 09:30")
    assert wall(nine_in_chicago, KOLKATA) == "2020-10-14 20:00"
    assert wall(quiet.next_allowed(rest, nine_in_chicago), KOLKATA) == "2020-10-15 08:00"
    assert not quiet.resting(quiet.of_program(replace(program(), quiet=NIGHT)), nine_in_chicago)


def test_somebody_without_a_zone_has_the_programs() -> None:
    assert quiet.of_person(replace(program(), quiet=NIGHT), None, None).zone == program().zone


def test_own_hours_take_the_place_of_the_programs_and_own_days_come_to_its_holidays() -> None:
    made = replace(program(), quiet=WEEKENDS, holidays=(Holiday(THANKSGIVING, "Thanksgiving"),))
    rest = quiet.of_person(made, CHICAGO, Own(QuietHours(time(22), time(6)), (date(2020, 10, 15),)))
    assert not quiet.resting(rest, at("2020-10-17 12:00"))
    assert not quiet.resting(rest, at("2020-10-14 21:00"))
    assert quiet.resting(rest, at("2020-10-15 12:00"))
    assert quiet.resting(rest, at("2020-11-26 12:00"))


def test_the_night_in_which_clocks_go_back_is_an_hour_longer() -> None:
    rest = Rest(CHICAGO, NIGHT)
    evening = at("2020-10-31 20:00")
    assert quiet.next_allowed(rest, evening) - evening == timedelta(hours=13)


def test_the_night_in_which_clocks_go_forward_is_an_hour_shorter() -> None:
    rest = Rest(CHICAGO, NIGHT)
    evening = at("2021-03-13 20:00")
    assert quiet.next_allowed(rest, evening) - evening == timedelta(hours=11)


def test_a_quiet_that_ends_in_the_hour_that_is_skipped_ends_when_clocks_go_forward() -> None:
    rest = Rest(CHICAGO, QuietHours(time(22), time(2, 30)))
    assert wall(quiet.next_allowed(rest, at("2021-03-14 01:45"))) == "2021-03-14 03:00"


def test_a_quiet_that_begins_in_the_hour_that_is_skipped_begins_when_clocks_go_forward() -> None:
    rest = Rest(CHICAGO, QuietHours(time(2, 30), time(8)))
    assert wall(quiet.last_allowed(rest, at("2021-03-14 03:10"))) == "2021-03-14 01:59"


def test_a_quiet_that_ends_in_the_hour_that_comes_twice_ends_twice() -> None:
    rest = Rest(CHICAGO, QuietHours(time(22), time(1, 30)))
    first = quiet.next_allowed(rest, at("2020-11-01 00:50"))
    assert first == at("2020-11-01 01:30")
    second = quiet.next_allowed(rest, at("2020-11-01 01:10", fold=1))
    assert second == at("2020-11-01 01:30", fold=1)
    assert second - first == timedelta(hours=1)


MOMENTS = st.integers(0, 182 * 24 * 60).map(
    lambda minutes: datetime(2020, 10, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
RESTS = st.builds(
    Rest,
    st.sampled_from([CHICAGO, KOLKATA, "Europe/London", "Australia/Lord_Howe", "America/Havana"]),
    st.builds(
        QuietHours,
        st.sampled_from([time(20), time(0), time(1, 30), time(2, 30), time(13)]),
        st.sampled_from([time(8), time(1), time(2, 15), time(2, 45), time(23, 30)]),
        st.lists(st.integers(0, 6), max_size=4, unique=True).map(tuple),
    ),
    st.frozensets(st.dates(date(2020, 10, 1), date(2021, 4, 1)), max_size=4),
)


@given(RESTS, MOMENTS)
def test_nothing_is_said_in_the_quiet_and_as_early_after_it_as_may_be(rest: Rest, moment: datetime) -> None:
    after, before = quiet.next_allowed(rest, moment), quiet.last_allowed(rest, moment)
    assert before <= moment <= after
    assert not quiet.resting(rest, after)
    assert not quiet.resting(rest, before)
    if after != moment:
        assert before < moment
        assert quiet.resting(rest, after - timedelta(minutes=1))
        assert quiet.resting(rest, before + timedelta(minutes=1))
        assert all(quiet.resting(rest, moment + (after - moment) * part / 7) for part in range(7))


def test_without_any_quiet_everything_is_said_when_it_is_due() -> None:
    rest = quiet.of_program(program())
    assert quiet.next_allowed(rest, at("2020-10-14 03:00")) == at("2020-10-14 03:00")
    assert not quiet.resting(rest, at("2020-10-14 03:00"))


def planned(due: str, before: str | None = None, skip: str | None = None) -> Planned:
    return Planned(Notice("a", "x", ToPurpose("cohort"), at(due), 1), skip, at(before) if before else None)


def test_a_plan_is_settled_at_a_moment_that_is_allowed() -> None:
    made = replace(program(), quiet=NIGHT)
    found = quiet.settled(planned("2020-10-14 20:45", "2020-10-14 21:00"), quiet.of_program(made), made)
    assert (wall(found.notice.due_at), found.skip) == ("2020-10-14 19:59", None)


def test_what_waits_into_a_break_is_skipped_with_its_name() -> None:
    fall = Break("fall", "Fall break", date(2020, 10, 15), date(2020, 10, 16))
    made = replace(program(), quiet=NIGHT, breaks=(fall,))
    found = quiet.settled(planned("2020-10-14 20:45"), quiet.of_program(made), made)
    assert found.skip == "break: Fall break"


def test_what_is_skipped_anyway_is_left_as_it_is() -> None:
    made = replace(program(), quiet=NIGHT)
    one = planned("2020-10-14 20:45", skip="break: Fall break")
    assert quiet.settled(one, quiet.of_program(made), made) == one


@pytest.mark.parametrize(
    ("choice", "now", "again"),
    [
        ("hour", "2020-10-14 12:10", "2020-10-14 13:10"),
        ("hour", "2020-10-14 19:30", "2020-10-15 08:00"),
        ("tomorrow", "2020-10-14 12:10", "2020-10-15 09:00"),
        ("tomorrow", "2020-10-16 12:10", "2020-10-19 08:00"),
        ("tomorrow", "2020-10-31 12:00", "2020-11-02 08:00"),
        ("tomorrow", "2021-03-12 12:00", "2021-03-15 08:00"),
    ],
)
def test_a_reminder_that_is_put_off_comes_again_when_it_may(choice: quiet.Later, now: str, again: str) -> None:
    found = quiet.again_at(choice, Rest(CHICAGO, WEEKENDS), at(now))
    assert found is not None
    assert wall(found) == again


def test_tomorrow_is_the_readers_tomorrow() -> None:
    found = quiet.again_at("tomorrow", Rest(KOLKATA), at("2020-10-14 14:00"))
    assert found is not None
    assert wall(found, KOLKATA) == "2020-10-16 09:00"


def test_a_reminder_that_nobody_wants_again_has_no_moment() -> None:
    assert quiet.again_at("never", Rest(CHICAGO), at("2020-10-14 14:00")) is None
