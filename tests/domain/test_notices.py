"""When something is tried again, and when it is too late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.notices import MOST_ATTEMPTS, back_off, overdue, too_late

NOON = datetime(2020, 10, 12, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(1, 5), (2, 10), (3, 20), (4, 40), (5, 80), (8, 640), (10, 2560), (11, 3600), (20, 3600), (500, 3600)],
)
def test_the_wait_doubles_up_to_an_hour_and_is_at_most_half_as_long_again(attempts: int, seconds: int) -> None:
    waits = [back_off(f"receipt:{number}", attempts).total_seconds() for number in range(200)]
    assert min(waits) >= seconds
    assert max(waits) < 1.5 * seconds
    assert max(waits) - min(waits) > 0.4 * seconds, "what failed together is spread out"


@pytest.mark.parametrize(("key", "attempts", "seconds"), [("a", 1, 6.561), ("a", 2, 10.304), ("b", 1, 5.556)])
def test_the_same_notice_waits_the_same_every_time(key: str, attempts: int, seconds: float) -> None:
    assert back_off(key, attempts).total_seconds() == pytest.approx(seconds, abs=0.001)


@given(st.text())
def test_all_tries_together_outlast_a_long_outage_and_end_within_a_day(key: str) -> None:
    whole = sum((back_off(key, number) for number in range(1, MOST_ATTEMPTS)), timedelta())
    assert timedelta(hours=10) < whole < timedelta(hours=16)


@pytest.mark.parametrize(("minutes", "late"), [(-5, False), (0, False), (10, False), (10.1, True), (600, True)])
def test_overdue_is_what_nobody_was_there_to_say(minutes: float, late: bool) -> None:
    assert overdue(NOON, NOON + timedelta(minutes=minutes)) is late


def test_how_late_it_makes_sense_is_the_kinds_own_affair() -> None:
    assert too_late(NOON, None, NOON + timedelta(days=400)) is None
    assert too_late(NOON, timedelta(hours=1), NOON + timedelta(hours=1)) is None
    assert too_late(NOON, timedelta(hours=1), NOON + timedelta(hours=1, seconds=1)) is not None
