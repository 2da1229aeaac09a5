"""Which dates ask whether people come, and how their answers are counted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.programs import Audience, EventKind
from bot.domain.rsvps import Group, Tally, answers, asked
from tests.calendars import event, program

CONVENING = event("convening-1", "2020-11-19 10:00", "2020-11-19 12:00", kind="convening")
BEFORE = CONVENING.starts_at - timedelta(days=7)


@pytest.mark.parametrize("kind", ["convening", "office_hours", "coaching", "webinar"])
def test_what_people_come_to_asks_whether_they_do(kind: EventKind) -> None:
    assert asked(event("one", "2020-11-19 10:00", kind=kind))


@pytest.mark.parametrize("kind", ["deadline", "selection", "announcement", "other"])
def test_nobody_comes_to_a_deadline(kind: EventKind) -> None:
    assert not asked(event("one", "2020-11-19 10:00", kind=kind))


@pytest.mark.parametrize(("audience", "asks"), [("applicants", False), ("cohort", True), ("all", True)])
def test_what_is_for_applicants_alone_asks_nobody(audience: Audience, asks: bool) -> None:
    assert asked(event("one", "2020-11-19 10:00", kind="office_hours", audience=audience)) is asks


def test_answers_to_an_earlier_time_count_and_are_told_apart() -> None:
    groups = (
        Group("convening-1", BEFORE, 3, 1),
        Group("convening-1", CONVENING.starts_at, 2, 0, mine=True),
    )
    found = answers(program(CONVENING), groups)
    assert dict(found.tallies) == {"convening-1": Tally(coming=5, not_coming=1, earlier=4)}
    assert dict(found.mine) == {"convening-1": True}


def test_a_date_that_is_gone_is_not_counted() -> None:
    assert answers(program(), [Group("convening-1", BEFORE, 3, 1, mine=True)]) == answers(program(), [])
