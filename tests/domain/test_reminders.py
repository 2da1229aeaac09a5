"""Event reminders: when, where, under which key; right on the days when clocks change."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.notices import ToPurpose
from bot.domain.programs import Audience, Break, Program, Purpose
from bot.domain.reminders import plan
from tests.calendars import clock, event, program, rule, there


def _due(made: Program) -> list[str]:
    return [clock(one.notice.due_at) for one in plan(made)]


def test_a_kind_has_its_own_offsets() -> None:
    made = program(
        event("first", "2020-11-19 10:00", "2020-11-19 12:00"),
        event("closing", "2020-10-16 23:59", kind="deadline"),
        reminders=(
            rule("convening", "cohort", "3 days before at 09:00", "1 hour before"),
            rule("deadline", "applicants", "on the day at 12:00"),
        ),
    )
    assert [(one.notice.refs["event"], clock(one.notice.due_at)) for one in plan(made)] == [
        ("first", "2020-11-16 09:00 -0600"),
        ("first", "2020-11-19 09:00 -0600"),
        ("closing", "2020-10-16 12:00 -0500"),
    ]
    assert [one.notice.target for one in plan(made)] == [
        ToPurpose("cohort"),
        ToPurpose("cohort"),
        ToPurpose("applicants"),
    ]


@pytest.mark.parametrize(
    ("starts", "offset", "due"),
    [
        # Clocks go back on Sunday, November 1, 2020, at 2:00: a day is 25 hours long.
        ("2020-11-01 10:00", "1 day before at 09:00", "2020-10-31 09:00 -0500"),
        ("2020-11-02 10:00", "1 day before at 09:00", "2020-11-01 09:00 -0600"),
        ("2020-11-02 10:00", "2 days before at 09:00", "2020-10-31 09:00 -0500"),
        ("2020-11-01 10:00", "24 hours before", "2020-10-31 11:00 -0500"),
        ("2020-11-01 03:00", "2 hours before", "2020-11-01 01:00 -0600"),
        ("2020-11-01 03:00", "3 hours before", "2020-11-01 01:00 -0500"),
        # 1:30 comes twice that day; it is said the first time.
        ("2020-11-01 10:00", "on the day at 01:30", "2020-11-01 01:30 -0500"),
        # Clocks go forward on Sunday, March 14, 2021, at 2:00: a day is 23 hours long.
        ("2021-03-14 10:00", "1 day before at 09:00", "2021-03-13 09:00 -0600"),
        ("2021-03-15 10:00", "1 day before at 09:00", "2021-03-14 09:00 -0500"),
        ("2021-03-14 10:00", "24 hours before", "2021-03-13 09:00 -0600"),
        ("2021-03-14 03:30", "1 hour before", "2021-03-14 01:30 -0600"),
        # 2:30 does not come that day; it is said when it would have been, by the clock that went forward.
        ("2021-03-14 10:00", "on the day at 02:30", "2021-03-14 03:30 -0500"),
        ("2021-03-15 10:00", "1 day before at 02:30", "2021-03-14 03:30 -0500"),
        # And across a change of year.
        ("2021-01-01 08:00", "1 day before at 18:00", "2020-12-31 18:00 -0600"),
    ],
)
def test_moments_are_right_across_both_changes_of_the_clock(starts: str, offset: str, due: str) -> None:
    made = program(event("first", starts), reminders=(rule("convening", "cohort", offset),))
    assert _due(made) == [due]


def test_a_program_elsewhere_lives_by_its_own_clock() -> None:
    far = event("first", "2020-11-01 10:00")
    made = replace(
        program(
            replace(far, starts_at=there("2020-11-01 10:00", "Asia/Kolkata")),
            reminders=(rule("convening", "cohort", "1 day before at 09:00"),),
        ),
        zone="Asia/Kolkata",
    )
    assert [clock(one.notice.due_at, "Asia/Kolkata") for one in plan(made)] == ["2020-10-31 09:00 +0530"]


def test_keys_name_program_event_channel_and_offset_and_never_a_time() -> None:
    rules = (rule("convening", "cohort", "3 days before at 09:00", "1 hour before"),)
    before = program(event("first", "2020-11-19 10:00"), reminders=rules)
    after = program(event("first", "2020-12-03 14:00"), reminders=rules)
    assert [one.notice.key for one in plan(before)] == [
        "reminder:1:first:cohort:3d@09:00",
        "reminder:1:first:cohort:60m",
    ]
    assert [one.notice.key for one in plan(after)] == [one.notice.key for one in plan(before)]


def test_a_notice_knows_for_which_start_it_was_planned() -> None:
    made = program(event("first", "2020-11-19 10:00"), reminders=(rule("convening", "cohort", "1 hour before"),))
    assert plan(made)[0].notice.refs == {"event": "first", "starts": "2020-11-19T16:00:00+00:00"}


@pytest.mark.parametrize(
    ("audience", "to", "said"),
    [
        ("cohort", "cohort", True),
        ("all", "cohort", True),
        ("applicants", "cohort", False),
        ("applicants", "applicants", True),
        ("all", "applicants", True),
        ("cohort", "applicants", False),
        ("cohort", "facilitators", True),
        ("applicants", "facilitators", True),
    ],
)
def test_a_channel_hears_only_of_what_is_for_it(audience: Audience, to: Purpose, said: bool) -> None:
    made = program(
        event("first", "2020-11-19 10:00", audience=audience), reminders=(rule("convening", to, "1 hour before"),)
    )
    assert len(plan(made)) == said


def test_a_kind_may_be_announced_in_two_channels() -> None:
    made = program(
        event("first", "2020-11-19 10:00"),
        reminders=(rule("convening", "cohort", "1 hour before"), rule("convening", "facilitators", "1 hour before")),
    )
    assert len({one.notice.key for one in plan(made)}) == 2


def test_an_event_of_a_kind_without_a_rule_is_not_announced() -> None:
    made = program(
        event("talk", "2020-11-19 10:00", kind="webinar"), reminders=(rule("convening", "cohort", "1 hour before"),)
    )
    assert plan(made) == ()


@pytest.mark.parametrize(
    ("offset", "skip"),
    [
        ("8 days before at 09:00", None),
        ("7 days before at 00:00", "break: Winter break"),
        ("1 day before at 23:59", "break: Winter break"),
        ("on the day at 00:00", None),
    ],
)
def test_what_falls_into_a_break_is_skipped_by_its_name(offset: str, skip: str | None) -> None:
    pause = Break("winter", "Winter break", there("2020-12-28").date(), there("2021-01-03").date())
    made = program(
        event("first", "2021-01-04 10:00"), breaks=(pause,), reminders=(rule("convening", "cohort", offset),)
    )
    assert [one.skip for one in plan(made)] == [skip]
