"""Whose dates are whose."""

from __future__ import annotations

import pytest

from bot.domain.dates import agenda
from bot.domain.people import Role, Viewer
from bot.domain.programs import Milestone
from tests.calendars import event, program, there

OPEN = event("open-day", "2020-10-13 10:00", audience="all")
OFFICE = event("office-hour", "2020-10-14 15:00", "2020-10-14 16:00", kind="office_hours", audience="applicants")
CONVENING = event("convening", "2020-11-19 10:00", "2020-11-19 12:00", audience="cohort")
SEASON = program(CONVENING, OFFICE, OPEN, milestones=(Milestone("met", "They met", "early 2018", "Then.", "The page"),))
MONDAY = there("2020-10-12 09:00")


def _viewer(*roles: Role, pending: bool = False) -> Viewer:
    return Viewer("T1", "U1", 1, "Somebody", program=SEASON, roles=frozenset(roles), pending=pending)


@pytest.mark.parametrize(
    ("roles", "keys"),
    [
        (("applicant",), ["open-day", "office-hour"]),
        (("participant",), ["open-day", "convening"]),
        (("coach",), ["open-day", "convening"]),
        (("facilitator",), ["open-day", "office-hour", "convening"]),
        (("applicant", "participant"), ["open-day", "office-hour", "convening"]),
        ((), ["open-day", "office-hour"]),
    ],
)
def test_everybody_sees_the_dates_of_their_roles_soonest_first(roles: tuple[Role, ...], keys: list[str]) -> None:
    assert [one.key for one in agenda(_viewer(*roles), SEASON, MONDAY).events] == keys


def test_somebody_who_waits_to_be_confirmed_sees_the_cohorts_dates() -> None:
    found = agenda(_viewer(pending=True), SEASON, MONDAY)
    assert [one.key for one in found.events] == ["open-day", "convening"]
    assert not found.stranger


def test_a_stranger_is_known_as_one() -> None:
    assert agenda(_viewer(), SEASON, MONDAY).stranger
    assert not agenda(_viewer("coach"), SEASON, MONDAY).stranger


def test_what_is_under_way_is_still_there_and_what_is_over_is_not() -> None:
    during = agenda(_viewer("applicant"), SEASON, there("2020-10-14 15:59"))
    after = agenda(_viewer("applicant"), SEASON, there("2020-10-14 16:00"))
    assert [one.key for one in during.events] == ["office-hour"]
    assert after.events == ()


def test_what_is_dated_only_in_words_comes_along_where_there_are_no_dates() -> None:
    undated = program(milestones=SEASON.milestones)
    assert [one.when for one in agenda(_viewer("coach"), undated, MONDAY).milestones] == ["early 2018"]
    assert agenda(_viewer("coach"), SEASON, MONDAY).milestones == ()
