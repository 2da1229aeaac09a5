"""Which homework a digest asks about, which month its hours are of, and when it has nothing to report."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain import digest as rules
from bot.domain.digest import Hours, Missing, Report
from bot.domain.programs import Break, Program
from bot.services import programs

MONDAY = datetime(2020, 10, 12, 14, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def ost() -> Program:
    return programs.check(programs.find_file("ost-cop"))


def report(program: Program, **other: object) -> Report:
    plain = Report(program, MONDAY, MONDAY - timedelta(days=1), MONDAY, date(2020, 10, 1))
    return replace(plain, **other)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "asked"),
    [
        (date(2020, 10, 17), []),
        (date(2020, 10, 19), ["before-we-begin"]),
        (date(2020, 11, 2), ["before-we-begin", "quality-snapshot"]),
        (date(2020, 11, 5), ["quality-snapshot"]),
        (date(2020, 11, 19), []),
    ],
)
def test_homework_is_asked_about_from_three_days_before_until_two_weeks_after(
    ost: Program, day: date, asked: list[str]
) -> None:
    now = datetime(day.year, day.month, day.day, 14, 0, tzinfo=UTC)
    assert [one.key for one in rules.asked_about(ost, now)] == asked


def test_nobody_is_asked_about_in_a_break(ost: Program) -> None:
    away = replace(ost, breaks=(Break("away", "Away", date(2020, 10, 20), date(2020, 10, 20)),))
    assert rules.asked_about(away, datetime(2020, 10, 20, 14, 0, tzinfo=UTC)) == ()
    assert rules.asked_about(away, datetime(2020, 10, 21, 14, 0, tzinfo=UTC)) != ()


def test_the_week_ahead_holds_events_and_homework_of_seven_days(ost: Program) -> None:
    events, assignments = rules.week_ahead(ost, datetime(2020, 10, 15, 14, 0, tzinfo=UTC))
    assert {event.kind for event in events} >= {"office_hours", "deadline"}
    assert all(event.starts_at <= datetime(2020, 10, 22, 14, 0, tzinfo=UTC) for event in events)
    assert [one.key for one in assignments] == ["before-we-begin"]


@pytest.mark.parametrize(
    ("day", "month"),
    [
        (date(2020, 10, 7), date(2020, 9, 1)),
        (date(2020, 10, 8), date(2020, 10, 1)),
        (date(2020, 10, 31), date(2020, 10, 1)),
        (date(2021, 1, 1), date(2020, 12, 1)),
    ],
)
def test_the_month_just_ended_is_shown_for_a_week(ost: Program, day: date, month: date) -> None:
    assert rules.month_of(ost, datetime(day.year, day.month, day.day, 18, 0, tzinfo=UTC)) == month


def test_the_day_is_the_programs_when_it_is_already_the_eighth_in_utc(ost: Program) -> None:
    assert rules.month_of(ost, datetime(2020, 10, 8, 3, 0, tzinfo=UTC)) == date(2020, 9, 1)


def test_a_month_is_as_long_as_the_programs_clocks_make_it(ost: Program) -> None:
    first, last = rules.bounds(ost, date(2020, 11, 1))
    assert (first, last) == (datetime(2020, 11, 1, 5, tzinfo=UTC), datetime(2020, 12, 1, 6, tzinfo=UTC))


def test_december_ends_with_the_year(ost: Program) -> None:
    assert rules.bounds(ost, date(2020, 12, 1))[1] == datetime(2021, 1, 1, 6, tzinfo=UTC)


def test_an_organization_without_hours_stays_in() -> None:
    assert rules.hours_of([(1, "Bright Labs"), (2, "River Robotics")], {1: 90}, {1: 45}) == (
        Hours("Bright Labs", 90, 45),
        Hours("River Robotics", 0, 0),
    )


def test_hours_alone_are_nothing_to_report(ost: Program) -> None:
    assert report(ost, hours=(Hours("Bright Labs", 90, 0),)).empty


def test_somebody_missing_is_something_to_report(ost: Program) -> None:
    assert not report(ost, missing=(Missing(ost.assignments[0], ("Bright Labs",), 3),)).empty
