"""What a form for a hold may want, on the program's clock, and what a hold keeps when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.domain.holds import Draft, Hold, Problems, Standing, Wanted, overlap, read
from bot.domain.programs import Program
from bot.services import programs
from tests.cast import COHORT, MONDAY

HOLD = Hold(1, 1, None, "", "Snow", MONDAY, MONDAY + timedelta(days=2), "Fay", MONDAY)


@pytest.fixture(scope="module")
def program() -> Program:
    return programs.check(programs.find_file("ost-cop"))


def wanted(program: Program, draft: Draft) -> Wanted:
    found = read(draft, program, {COHORT}, MONDAY)
    assert isinstance(found, Wanted)
    return found


def test_times_are_those_of_the_programs_clock(program: Program) -> None:
    found = wanted(program, Draft(None, " Snow  day ", (None, None), (date(2020, 11, 26), time(18))))
    assert found == Wanted(None, "Snow day", MONDAY, datetime(2020, 11, 27, 0, 0, tzinfo=UTC))


def test_a_day_without_a_time_begins_with_it_and_never_before_now(program: Program) -> None:
    assert wanted(program, Draft(COHORT, "Snow", (date(2020, 10, 13), None))).starts_at.hour == 5
    assert wanted(program, Draft(COHORT, "Snow", (date(2020, 10, 12), None))).starts_at == MONDAY


def test_every_flaw_is_told_at_once(program: Program) -> None:
    draft = Draft("C0OTHER", "", (date(2020, 10, 1), time(9)), (date(2020, 10, 2), time(9)))
    found = read(draft, program, {COHORT}, MONDAY)
    assert found == Problems(
        {"reason": "no reason", "channel": "no channel", "from": "start past", "until": "end past"}
    )  # fmt: skip


def test_a_hold_keeps_from_its_beginning_up_to_its_end() -> None:
    assert not HOLD.keeps(MONDAY - timedelta(seconds=1), COHORT)
    assert HOLD.keeps(MONDAY, None)
    assert not HOLD.keeps(MONDAY + timedelta(days=2), COHORT)
    assert not replace(HOLD, channel=COHORT).keeps(MONDAY, None)
    assert not replace(HOLD, ended_at=MONDAY).keeps(MONDAY, COHORT)
    assert replace(HOLD, ends_at=None).keeps(MONDAY + timedelta(days=900), COHORT)


@pytest.mark.parametrize(
    ("starts", "ends", "meets"), [(0, None, True), (1, 5, True), (2, None, False), (-2, 0, False), (-2, 1, True)]
)
def test_two_holds_of_the_same_meet_or_follow_each_other(starts: int, ends: int | None, meets: bool) -> None:
    other = Wanted(
        None,
        "Snow",
        MONDAY + timedelta(days=starts),
        MONDAY + timedelta(days=ends) if ends is not None else None,
    )
    assert overlap(other, HOLD, MONDAY) is meets
    assert not overlap(replace(other, channel=COHORT), HOLD, MONDAY)


def test_the_widest_hold_is_named_first(program: Program) -> None:
    narrow = replace(HOLD, id=0, channel=COHORT)
    assert Standing(program, MONDAY, (narrow, HOLD)).keeping(MONDAY, COHORT) == HOLD
    assert Standing(program, MONDAY, (narrow, HOLD)).holding == (narrow, HOLD)
