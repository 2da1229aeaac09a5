"""What is due within two hours in one channel is said in one message, and nothing is lost by it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.messages import Message, Part
from bot.domain.notices import GRACE, LEASE, Rules, ToChannel
from bot.services import notices as ledger
from bot.views.blocks import section
from jobs.render import Rendered, Scene, Skipped
from tests.fakes import Odd, breaks, hangs_up, limits, refuses
from tests.jobs.conftest import ROOM, Bench

PIECE = "test.piece"
AFTER_GRACE = GRACE.total_seconds() + 1


def test_two_posts_due_within_two_hours_become_one(either_bench: Bench) -> None:
    bench = either_bench
    bench.add("one", kind=PIECE)
    bench.add("two", kind=PIECE, after=timedelta(hours=2))
    assert bench.send() == 2
    assert bench.slack.said() == ["one\ntwo"]
    assert bench.row("one").posted_ts == bench.row("two").posted_ts == bench.slack.messages[0]["ts"]
    assert bench.send(days=1) == 0


def test_what_is_due_later_than_that_waits_for_its_own_time(bench: Bench) -> None:
    bench.add("one", kind=PIECE)
    bench.add("two", kind=PIECE, after=timedelta(hours=2, minutes=1))
    bench.send()
    assert bench.slack.said() == ["one"]
    bench.send(hours=2, minutes=1)
    assert bench.slack.said() == ["one", "two"]


def test_three_in_a_row_join_only_within_two_hours_of_the_sending(bench: Bench) -> None:
    for hours in (0, 1.5, 3):
        bench.add(f"at {hours}", kind=PIECE, after=timedelta(hours=hours))
    bench.send()
    bench.send(hours=3)
    assert bench.slack.said() == ["at 0\nat 1.5", "at 3"]


def test_another_channel_another_thread_and_another_kind_stay_apart(bench: Bench) -> None:
    bench.add("one", kind=PIECE)
    bench.add("elsewhere", kind=PIECE, to=ToChannel("C0OTHER01"))
    bench.add("thread", kind=PIECE, to=ToChannel(ROOM, "1602511200.000100"))
    bench.add("plain")
    bench.send()
    assert sorted(bench.slack.said()) == ["elsewhere", "one", "plain", "thread"]


def test_what_is_about_the_same_thing_is_said_once_and_counts_as_said(bench: Bench) -> None:
    bench.add("hour before", kind=PIECE, about="event:1")
    bench.add("quarter before", kind=PIECE, about="event:1", after=timedelta(minutes=45))
    bench.send()
    assert bench.slack.said() == ["hour before"]
    assert bench.state("quarter before") == ("delivered", None)
    assert bench.send(hours=1) == 0


def test_the_message_carries_the_keys_of_all(bench: Bench) -> None:
    bench.add("one", kind=PIECE)
    bench.add("two", kind=PIECE)
    bench.send()
    payload = bench.slack.messages[0]["metadata"]["event_payload"]
    assert payload == {"key": bench.row("one").opaque_key, "also": bench.row("two").opaque_key}


@pytest.mark.parametrize("lost", [hangs_up(acts=True), breaks(acts=True)])
def test_a_shared_post_whose_answer_was_lost_is_found_by_each_of_its_keys(either_bench: Bench, lost: Odd) -> None:
    bench = either_bench
    bench.slack.next_time("chat.postMessage", lost)
    bench.add("one", kind=PIECE)
    bench.add("two", kind=PIECE, after=timedelta(hours=1))
    bench.send()
    assert [bench.state(key)[0] for key in ("one", "two")] == ["unknown", "unknown"]
    bench.send(seconds=AFTER_GRACE)
    assert bench.slack.said() == ["one\ntwo"]
    assert bench.row("two").posted_ts == bench.slack.messages[0]["ts"]


def test_a_shared_post_that_did_not_arrive_is_sent_again_as_one(bench: Bench) -> None:
    bench.slack.next_time("chat.postMessage", hangs_up(acts=False))
    bench.add("one", kind=PIECE)
    bench.add("two", kind=PIECE, after=timedelta(hours=1))
    bench.send()
    bench.send(seconds=AFTER_GRACE)
    assert bench.slack.said() == ["one\ntwo"]


def test_what_a_dead_sender_took_along_early_is_found_too(bench: Bench) -> None:
    bench.add("one", kind=PIECE)
    bench.add("two", kind=PIECE, after=timedelta(hours=1))
    with bench.deps.db.begin() as session:
        first, second = ledger.claim_due(session=session, now=bench.clock(), rules=Rules(merging=frozenset({PIECE})))
    assert (first.early, second.early) == (False, True)
    bench.deps.slack.post(ROOM, Message("one\ntwo"), first.notice.opaque_key, None, [second.notice.opaque_key])
    bench.send(seconds=LEASE.total_seconds() + 1)
    assert bench.slack.said() == ["one\ntwo"]
    assert bench.state("two") == ("delivered", None)


def test_one_that_is_not_to_be_said_now_is_asked_again_when_it_is_due(bench: Bench) -> None:
    def not_yet(scene: Scene) -> Rendered:
        if scene.notice.key == "two" and scene.now < scene.notice.due_at:
            return Skipped("break: until noon")
        return Part(scene.notice.key, scene.notice.key, [section(scene.notice.key)])

    bench.renders(PIECE, not_yet)
    bench.add("one", kind=PIECE)
    bench.add("two", kind=PIECE, after=timedelta(hours=1))
    bench.send()
    assert bench.state("two") == ("planned", None)
    assert bench.row("two").attempts == 0
    bench.send(hours=1)
    assert bench.slack.said() == ["one", "two"]


def test_when_the_one_that_is_due_is_skipped_the_others_keep_their_time(bench: Bench) -> None:
    def only_two(scene: Scene) -> Rendered:
        return Skipped("over") if scene.notice.key == "one" else Part("two", "two", [section("two")])

    bench.renders(PIECE, only_two)
    bench.add("one", kind=PIECE)
    bench.add("two", kind=PIECE, after=timedelta(hours=1))
    bench.send()
    assert bench.slack.said() == []
    assert (bench.state("one"), bench.state("two")) == (("skipped", "over"), ("planned", None))
    bench.send(hours=1)
    assert bench.slack.said() == ["two"]


def test_one_that_cannot_be_made_does_not_keep_its_company_back(bench: Bench) -> None:
    def half(scene: Scene) -> Rendered:
        if scene.notice.key == "one":
            raise KeyError("a bug")
        return Part("two", "two", [section("two")])

    bench.renders(PIECE, half)
    bench.add("one", kind=PIECE)
    bench.add("two", kind=PIECE)
    bench.send()
    assert bench.slack.said() == ["two"]
    assert [bench.state(key)[0] for key in ("one", "two")] == ["planned", "delivered"]


def test_when_slack_asks_to_wait_they_wait_together(bench: Bench) -> None:
    bench.slack.next_time("chat.postMessage", limits(60))
    bench.add("one", kind=PIECE)
    bench.add("two", kind=PIECE, after=timedelta(hours=1))
    bench.send()
    assert (bench.state("one"), bench.state("two")) == (("planned", "ratelimited"), ("planned", None))
    bench.send(minutes=1)
    assert bench.slack.said() == ["one\ntwo"]


def test_a_refusal_of_the_post_leaves_what_was_not_due_its_own_chance(bench: Bench) -> None:
    bench.slack.next_time("chat.postMessage", refuses("is_archived"))
    bench.add("one", kind=PIECE)
    bench.add("two", kind=PIECE, after=timedelta(hours=1))
    bench.send()
    assert (bench.state("one"), bench.state("two")) == (("refused", "is_archived"), ("planned", None))


def _long(scene: Scene) -> Rendered:
    return Part(scene.notice.key, scene.notice.key, [section(scene.notice.key + "x" * 2900)] * 2)


def test_what_does_not_fit_into_one_message_is_sent_in_the_next(bench: Bench) -> None:
    bench.renders(PIECE, _long)
    for key in ("one", "two", "three"):
        bench.add(key, kind=PIECE)
    assert bench.send() == 3
    assert bench.slack.said() == ["one\ntwo", "three"]
    assert {bench.state(key)[0] for key in ("one", "two", "three")} == {"delivered"}


def test_what_does_not_fit_and_is_not_due_yet_waits_for_its_time(bench: Bench) -> None:
    bench.renders(PIECE, _long)
    for number, key in enumerate(("one", "two", "three")):
        bench.add(key, kind=PIECE, after=timedelta(minutes=10 * number))
    bench.send()
    assert bench.slack.said() == ["one\ntwo"]
    assert bench.state("three") == ("planned", None)
    bench.send(minutes=20)
    assert bench.slack.said() == ["one\ntwo", "three"]
