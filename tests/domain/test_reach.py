"""Who is not reached, by rule: what is known of somebody, and how long they have been there."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.reach import SILENT_AFTER, Reachable, examine, is_silent
from tests.cast import KOFI, MONDAY

KNOWN = Reachable(1, KOFI, "Kofi", None, ("participant",), zone="America/Chicago", since=MONDAY)


@pytest.mark.parametrize(
    ("after", "silent"),
    [
        (timedelta(), False),
        (timedelta(hours=23, minutes=59, seconds=59), False),
        (SILENT_AFTER, True),
        (timedelta(days=300), True),
        (-timedelta(hours=1), False),
    ],
)
def test_somebody_is_silent_after_a_day(after: timedelta, silent: bool) -> None:
    assert is_silent(KNOWN, MONDAY + after) is silent
    found = examine([KNOWN], (), (), {}, MONDAY + after)
    assert [one.somebody for one in found["silent"]] == ([KNOWN] if silent else [])


def test_whoever_has_opened_their_home_is_never_silent() -> None:
    opened = Reachable(1, KOFI, "Kofi", None, ("participant",), opened=True, since=MONDAY)
    assert not is_silent(opened, MONDAY + timedelta(days=300))


def test_what_is_pressing_is_said_from_the_first_minute() -> None:
    gone = Reachable(2, KOFI, "Kofi", None, ("participant",), gone=True, since=MONDAY)
    address = Reachable(3, None, "maya@example.org", "maya@example.org", ("coach",), since=MONDAY)
    found = examine([gone, address], (), (), {KOFI: (MONDAY, "x")}, MONDAY)
    assert {why for why, some in found.items() if some} == {"gone", "address"}
