"""What compares: it sees what was not said, said late, or left out for no reason, and lets the rest be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.notices import PAST, TOO_LATE, opaque
from bot.services import checkins
from bot.services.digest import REPORT
from storage.notices import NoticeRow
from tests.faults.punctual import SKEW, SOON, Story
from tests.faults.record import Record, Submission
from tests.faults.story import StoryClock
from tests.faults.trouble import ALL, CLOCKS, KILLS
from tests.faults.verdict import Saved, Seen, Verdict
from tests.faults.world import Post

DUE = datetime(2023, 10, 10, 14, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
RULE = {"rule": "daily"}


def lived(begun: datetime, until: datetime) -> timedelta:
    """Nothing was leapt over."""
    return max(until - begun, timedelta())


def asleep(begun: datetime, until: datetime) -> timedelta:
    """All of it was leapt over."""
    return timedelta()


def row(key: str, state: str = "delivered", **more: object) -> NoticeRow:
    given: dict[str, Any] = {"kind": checkins.RECEIPT, "refs": {}, "due_at": DUE, "planned_at": DUE, "settled_at": DUE}
    return NoticeRow(key=key, opaque_key=opaque(key), state=state, **{"attempts": 1, **given, **more})


def post(key: str, at: datetime = DUE, text: str = "Something") -> Post:
    return Post("D0", f"{at.timestamp():.6f}", None, text, "", (opaque(key),))


def wrong(seen: Seen, *submissions: Submission) -> list[tuple[str, str]]:
    record = Record(submissions=list(submissions))
    record.begin("the run", DUE - HOUR)
    return [(one.kind, one.what) for one in Verdict(seen, record).findings()]


def seen(
    rows: Sequence[NoticeRow],
    posts: Sequence[Post] = (),
    *,
    saved: Sequence[Saved] = (),
    lived: object = lived,
) -> Seen:
    return Seen(rows, posts, DUE + 30 * HOUR, Story({}, (), lived), saved)  # type: ignore[arg-type]


# Receipts


def saved(number: int) -> Saved:
    return Saved(number, 1, f"word{number}", checkins.receipt_key(number))


def test_a_receipt_that_was_posted_is_all_there_has_to_be() -> None:
    key = checkins.receipt_key(1)
    assert wrong(seen([row(key)], [post(key, text="Check-in no. 1")], saved=[saved(1)])) == []


def test_a_receipt_that_is_not_there_is_lost_whatever_became_of_others() -> None:
    mine, other = checkins.receipt_key(1), checkins.receipt_key(2)
    rows = [row(mine, posted_ts="1.0"), row(other, "refused", reason="no reason of the first's")]
    found = wrong(seen(rows, saved=[saved(1)]))
    assert ("lost", "receipt no. 1 was never posted") in found


def test_a_receipt_for_which_its_own_notice_has_a_reason_is_not_lost() -> None:
    key = checkins.receipt_key(1)
    found = wrong(seen([row(key, "refused", reason="channel_not_found")], saved=[saved(1)]))
    assert [kind for kind, _ in found] == ["wrong"]


# When it was said


@pytest.mark.parametrize(("waited", "fine"), [(timedelta(), True), (SOON, True), (SOON + MINUTE, False)])
def test_what_is_due_is_said_soon(waited: timedelta, fine: bool) -> None:
    key = checkins.receipt_key(1)
    assert (wrong(seen([row(key)], [post(key, DUE + waited)])) == []) is fine


@pytest.mark.parametrize(("part", "fine"), [(KILLS, False), (CLOCKS, True), (ALL, True)])
def test_what_a_clock_that_was_put_back_makes_wait_is_late_only_where_clocks_were(part: str, fine: bool) -> None:
    key = checkins.receipt_key(1)
    record = Record()
    record.begin(part, DUE - HOUR)
    found = Verdict(seen([row(key)], [post(key, DUE + SOON + MINUTE)]), record).findings()
    assert (found == []) is fine


def test_time_in_which_every_machine_was_asleep_does_not_count() -> None:
    key = checkins.receipt_key(1)
    assert wrong(seen([row(key)], [post(key, DUE + 6 * HOUR)], lived=asleep)) == []


def test_each_try_in_vain_allows_for_a_while() -> None:
    key = checkins.receipt_key(1)
    at = DUE + SOON + MINUTE
    assert wrong(seen([row(key, attempts=2)], [post(key, at)])) == []


def test_what_made_sense_until_then_is_wrong_afterwards_even_if_nobody_was_awake() -> None:
    late = row("a", kind=REPORT, refs=RULE)
    in_time = [post("a", DUE + timedelta(hours=12))]
    too_late = [post("a", DUE + timedelta(hours=12) + SKEW + MINUTE)]
    assert wrong(seen([late], in_time, lived=asleep))[1:] == []
    found = wrong(seen([late], too_late, lived=asleep))
    assert any("makes sense for" in what for _, what in found)


# What was left out


def left_out(reason: str, settled: datetime, **more: object) -> NoticeRow:
    return row("a", "skipped", reason=reason, settled_at=settled, **more)


def test_too_late_holds_where_everybody_slept_through_it() -> None:
    one = left_out(f"{TOO_LATE}: its time was", DUE + 13 * HOUR, kind=REPORT, refs=RULE)
    assert not of_time(seen([one], lived=asleep))


def test_too_late_does_not_hold_before_it_is() -> None:
    one = left_out(f"{TOO_LATE}: its time was", DUE + 11 * HOUR, kind=REPORT, refs=RULE)
    assert of_time(seen([one], lived=asleep))


def test_too_late_is_no_reason_where_there_was_time_enough() -> None:
    one = left_out(f"{TOO_LATE}: its time was", DUE + 13 * HOUR, kind=REPORT, refs=RULE)
    assert of_time(seen([one]))


def test_too_late_is_no_reason_for_what_always_makes_sense() -> None:
    assert of_time(seen([left_out(f"{TOO_LATE}: its time was", DUE + 13 * HOUR)], lived=asleep))


def test_a_moment_had_not_passed_that_was_planned_before_it() -> None:
    assert of_time(seen([left_out(PAST, DUE, planned_at=DUE - HOUR, due_at=DUE)], lived=asleep))
    assert not of_time(seen([left_out(PAST, DUE, planned_at=DUE, due_at=DUE - HOUR)], lived=asleep))


def test_a_reason_that_nobody_can_look_into_is_none() -> None:
    assert of_time(seen([left_out("for want of anything better", DUE)]))


def test_what_slack_never_refused_must_not_be_given_up() -> None:
    assert of_time(seen([row("a", "refused", reason="http_5xx, 20 times")]))


def of_time(given: Seen) -> list[str]:
    return [what for _, what in wrong(given) if "left out" in what or "given up" in what]


# The time that is lived through


def test_leaps_are_not_lived_through(tmp_path: Path) -> None:
    clock = StoryClock(DUE, tmp_path / "clock")
    begun = clock()
    clock.shift_to(clock() + 3 * HOUR)
    clock.shift_to(clock() + 5 * HOUR)
    assert clock() - begun > 8 * HOUR
    assert clock.lived(begun, clock()) < MINUTE
    assert clock.lived(begun - HOUR, clock()) > HOUR
    assert clock.lived(begun + HOUR, begun + 2 * HOUR) == timedelta()
