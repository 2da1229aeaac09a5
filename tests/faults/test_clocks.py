"""The clock of the bot's machine is not Slack's: what nobody heard of is found all the same, and said once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import wall
from jobs.wake import EVERY_SECONDS
from tests.faults.story import StoryClock
from tests.localslack import PRIYA, LocalSlack
from tests.processes.processes import Starter

pytestmark = pytest.mark.long
A_MOMENT = timedelta(seconds=5)
A_WHILE = timedelta(seconds=30)
"""Longer than the bot lets pass before it looks for a message that may have arrived."""
LONG = timedelta(minutes=5)
"""Longer than any lease."""


@pytest.fixture
def clock(tmp_path: Path) -> StoryClock:
    return StoryClock(wall(), tmp_path / "clock")


@pytest.fixture
def slack(clock: StoryClock) -> Iterator[LocalSlack]:
    local = LocalSlack(clock=clock)
    yield local
    local.close()


@pytest.fixture
def bot(start: Starter, slack: LocalSlack, tmp_path: Path, file_url: str) -> None:
    """The bot's process, on a clock that a test moves."""
    process = start("run", DATABASE_URL=file_url, CONVENE_CLOCK_FILE=str(tmp_path / "clock"), **slack.settings)
    process.wait_until_healthy()
    slack.open(process.port)


def posted(slack: LocalSlack) -> int:
    """How often Slack has taken a message."""
    return sum(one["kind"] == "lost_answer" and one["method"] == "chat.postMessage" for one in done(slack))


def done(slack: LocalSlack) -> list[dict[str, object]]:
    found: list[dict[str, object]] = slack.sandbox.faults.listed()["done"]
    return found


@pytest.mark.usefixtures("bot")
@pytest.mark.parametrize("minutes", [-2, 0, 2])
def test_a_receipt_whose_answer_was_lost_is_found_by_a_machine_whose_clock_is_wrong(
    slack: LocalSlack, clock: StoryClock, minutes: int
) -> None:
    clock.go_wrong(timedelta(minutes=minutes))
    slack.sandbox.faults.order({"method": "chat.postMessage", "kind": "lost_answer"})
    assert slack.check_in(PRIYA)["ok"]
    goes_on(clock, lambda: posted(slack) > 0)
    comes_to_rest(slack, clock)
    assert len(slack.receipts(PRIYA)) == 1


@pytest.mark.usefixtures("bot")
def test_a_clock_that_is_put_two_minutes_back_while_an_answer_is_lost_says_nothing_twice(
    slack: LocalSlack, clock: StoryClock
) -> None:
    clock.go_wrong(timedelta(minutes=2))
    slack.sandbox.faults.order({"method": "chat.postMessage", "kind": "lost_answer"})
    assert slack.check_in(PRIYA)["ok"]
    goes_on(clock, lambda: posted(slack) > 0)
    clock.go_wrong(timedelta())
    comes_to_rest(slack, clock)
    assert len(slack.receipts(PRIYA)) == 1


def goes_on(clock: StoryClock, what: Callable[[], bool]) -> None:
    """Time goes on until something has come about: what the bot keeps of the time before may lie two minutes ahead."""
    for _ in range(60):
        if what():
            return
        time.sleep(1.0)
        clock.shift_to(clock() + A_MOMENT)
    pytest.fail("it did not come about in time")


def comes_to_rest(slack: LocalSlack, clock: StoryClock) -> None:
    """Time goes on until the bot has looked, and then long enough for anything that would come a second time."""
    goes_on(clock, lambda: bool(slack.receipts(PRIYA)))
    for step in (A_WHILE, A_WHILE, LONG):
        clock.shift_to(clock() + step)
        time.sleep(2 * EVERY_SECONDS)
