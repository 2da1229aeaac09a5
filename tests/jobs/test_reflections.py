"""What is said about a reflection is what it says then, where it was said before, and nothing slips through."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.once import AlreadySaved, Saved
from bot.domain.reflections import Answer, Draft
from bot.services import reflections
from jobs import reflections as jobs
from storage import channels
from tests import cast
from tests.cast import COHORT, TOMAS
from tests.fakes import breaks, refuses
from tests.jobs.conftest import Bench

HIS = "D0TOMAS01"


@pytest.fixture
def his(bench: Bench) -> Bench:
    """The cast, with Tomás about to hand in."""
    bench.kinds.update(jobs.KINDS)
    with bench.deps.db.begin() as session:
        cast.begin(session)
    return bench


def hand_in(bench: Bench, key: str = "form", *, readers: str = "facilitators", text: str = "Loud.") -> int:
    draft = Draft("before-we-begin", (Answer("program", "?", text), Answer("hope", "?", "Calm.")), "", readers)
    with bench.deps.db.begin() as session:
        outcome = reflections.submit(
            session=session, viewer=cast.asks(session, TOMAS), draft=draft, key=key, now=bench.clock()
        )
    assert isinstance(outcome, Saved)
    return outcome.receipt.handed.id


def change(bench: Bench, reflection_id: int, key: str, *, readers: str, text: str = "Quieter.") -> None:
    draft = Draft("before-we-begin", (Answer("program", "?", text), Answer("hope", "?", "Calm.")), "", readers)
    with bench.deps.db.begin() as session:
        outcome = reflections.change(
            session=session,
            viewer=cast.asks(session, TOMAS),
            reflection_id=reflection_id,
            draft=draft,
            key=key,
            now=bench.clock(),
        )
    assert isinstance(outcome, Saved)


def take_back(bench: Bench, reflection_id: int) -> None:
    with bench.deps.db.begin() as session:
        outcome = reflections.take_back(
            session=session,
            viewer=cast.asks(session, TOMAS),
            reflection_id=reflection_id,
            key="button",
            now=bench.clock(),
        )
    assert isinstance(outcome, Saved | AlreadySaved)


def test_the_receipt_comes_directly_and_nothing_else_is_said(his: Bench) -> None:
    hand_in(his)
    his.send(seconds=1)
    (receipt,) = his.slack.said()
    assert his.slack.said(HIS) == [receipt]
    assert receipt.startswith("Saved as no. 1: Before we begin (sample), for Bright Labs.")


def test_a_change_updates_the_receipt_where_it_is(his: Bench) -> None:
    one = hand_in(his)
    his.send(seconds=1)
    change(his, one, "later form", readers="facilitators")
    his.send(hours=1)
    assert len(his.slack.said(HIS)) == 1
    (update,) = his.slack.asked("chat.update")
    assert "every version is kept" in str(update["blocks"])


def test_a_change_before_the_receipt_was_sent_is_in_the_receipt(his: Bench) -> None:
    one = hand_in(his)
    change(his, one, "later form", readers="facilitators")
    his.send(seconds=1)
    assert len(his.slack.said(HIS)) == 1
    assert "every version is kept" in str(his.slack.asked("chat.postMessage")[0]["blocks"])


def test_a_receipt_that_was_refused_comes_with_the_change(his: Bench) -> None:
    his.slack.next_time("chat.postMessage", refuses("restricted_action"))
    one = hand_in(his)
    his.send(seconds=1)
    assert his.slack.said(HIS) == []
    change(his, one, "later form", readers="facilitators")
    his.send(seconds=1)
    assert len(his.slack.said(HIS)) == 1


@pytest.mark.parametrize("code", ["message_not_found", "edit_window_closed"])
def test_a_receipt_that_slack_no_longer_lets_change_comes_anew_and_once(his: Bench, code: str) -> None:
    one = hand_in(his)
    his.send(seconds=1)
    change(his, one, "later form", readers="facilitators")
    his.slack.next_time("chat.update", refuses(code), refuses(code))
    his.slack.next_time("chat.postMessage", breaks(acts=True))
    for _ in range(2):
        his.send(minutes=5)
    assert len(his.slack.said(HIS)) == 2
    assert his.state(f"{reflections.RECEIPT_CHANGE}:{one}:2") == ("delivered", None)


def test_what_is_shared_is_posted_changed_in_place_and_taken_back(his: Bench) -> None:
    one = hand_in(his, readers="cohort", text="Loud. <!channel>")
    his.send(seconds=1)
    (post,) = [one for one in his.slack.messages if one["channel"] == COHORT]
    assert "Loud. &lt;!channel&gt;" in str(post["blocks"])
    change(his, one, "later form", readers="cohort")
    his.send(seconds=1)
    (post,) = [one for one in his.slack.messages if one["channel"] == COHORT]
    assert "Quieter." in str(post["blocks"])
    take_back(his, one)
    his.send(seconds=1)
    assert his.slack.said(COHORT) == []
    assert len(his.slack.said(HIS)) == 1


def test_what_is_taken_back_before_it_was_posted_never_is(his: Bench) -> None:
    one = hand_in(his, readers="cohort")
    take_back(his, one)
    his.send(seconds=1)
    assert his.slack.said(COHORT) == []
    assert his.state(f"reflection.cohort_post:{one}:1") == ("skipped", "taken back before it was posted")
    assert his.row(f"reflection.cohort_withdrawal:{one}:2").state == "skipped"


def test_a_post_of_which_nobody_knows_whether_it_arrived_is_still_taken_back(his: Bench) -> None:
    # The receipt is posted first; then Slack takes the cohort's post and breaks down before it answers.
    one = hand_in(his, readers="cohort")
    his.slack.next_time("chat.postMessage", *([breaks(acts=True)] * 2))
    his.send(seconds=1)
    assert len(his.slack.said(COHORT)) == 1
    assert his.row(f"reflection.cohort_post:{one}:1").state == "unknown"
    take_back(his, one)
    his.send(seconds=1)
    assert his.row(f"reflection.cohort_withdrawal:{one}:2").state == "planned"
    his.send(minutes=1)
    his.send(minutes=1)
    assert his.slack.said(COHORT) == []
    assert his.row(f"reflection.cohort_withdrawal:{one}:2").state == "delivered"


def test_shared_again_it_is_a_new_post(his: Bench) -> None:
    one = hand_in(his, readers="cohort")
    his.send(seconds=1)
    take_back(his, one)
    his.send(seconds=1)
    change(his, one, "later form", readers="cohort")
    his.send(seconds=1)
    assert len(his.slack.said(COHORT)) == 1


def test_a_post_is_taken_back_where_it_is_though_the_cohort_has_moved(his: Bench) -> None:
    one = hand_in(his, readers="cohort")
    his.send(seconds=1)
    with his.deps.db.begin() as session:
        program = his.deps.programs.all(session)[0]
        for room in channels.for_purpose(session, program.id, "cohort"):
            session.delete(room)
    take_back(his, one)
    his.clock.now += timedelta(days=30)
    his.send(seconds=1)
    assert his.slack.said(COHORT) == []
