"""After a time in which nobody was there to speak: one post that catches up, never a flood."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.messages import Message
from bot.domain.notices import QUIET, TOGETHER, NotYet, ToChannel, ToPerson, ToPurpose
from bot.services import channels, entries, memberships, paces, reflections
from bot.services import notices as ledger
from bot.services.cards import CARD
from bot.views.blocks import actions, button, section
from bot.views.notices import CATCHING_UP
from jobs import registry
from jobs.render import Kind, Rendered, Scene, Skipped, Update, Urgency
from tests import cast
from tests.fakes import hangs_up, limits
from tests.jobs.conftest import ROOM, Bench, say

AWAY = {"hours": 6.0}
THREAD = "1602511200.000100"


def test_what_is_overdue_in_a_channel_becomes_one_post_that_says_why(either_bench: Bench) -> None:
    bench = either_bench
    for number, key in enumerate(("one", "two", "three")):
        bench.add(key, after=timedelta(minutes=number))
    assert bench.send_at_once(**AWAY) == 3
    (post,) = bench.slack.messages
    assert post["text"] == f"{CATCHING_UP}\none\ntwo\nthree"
    assert [block["type"] for block in post["blocks"]] == ["section", *["divider", "section"] * 3]
    assert {(bench.row(key).posted_channel, bench.row(key).posted_ts) for key in ("one", "two", "three")} == {
        (ROOM, post["ts"])
    }
    assert bench.send(days=1) == 0


def test_its_keys_are_all_in_the_post(bench: Bench) -> None:
    bench.add("one")
    bench.add("two")
    bench.send_at_once(**AWAY)
    payload = bench.slack.messages[0]["metadata"]["event_payload"]
    assert {payload["key"], payload["also"]} == {bench.row("one").opaque_key, bench.row("two").opaque_key}


def test_one_that_is_overdue_alone_is_said_as_always(bench: Bench) -> None:
    bench.add("one")
    bench.send(**AWAY)
    assert bench.slack.said() == ["one"]


def test_what_is_but_a_little_late_is_said_as_always(bench: Bench) -> None:
    bench.add("one")
    bench.add("two")
    bench.send(minutes=10)
    assert bench.slack.said() == ["one", "two"]


def test_each_channel_and_each_person_has_a_post_of_its_own(bench: Bench) -> None:
    with bench.deps.db.begin() as session:
        program = cast.begin(session)
    for number in range(2):
        bench.add(f"r{number}", program=program.id)
        bench.add(f"c{number}", to=ToPurpose("cohort"), program=program.id)
        bench.add(f"k{number}", to=ToPerson(cast.KOFI), program=program.id)
        bench.add(f"t{number}", to=ToPerson(cast.TOMAS), program=program.id)
    bench.send_at_once(**AWAY)
    assert sorted(one["channel"] for one in bench.slack.messages) == sorted(
        [ROOM, cast.COHORT, "D0KOFI001", "D0TOMAS01"]
    )
    assert bench.slack.said("D0KOFI001") == [f"{CATCHING_UP}\nk0\nk1"]


def test_answers_and_threads_are_never_combined(bench: Bench) -> None:
    bench.kinds["test.answer"] = Kind(say, urgency=Urgency.ANSWER)
    for number in range(2):
        bench.add(f"answer {number}", kind="test.answer")
        bench.add(f"thread {number}", to=ToChannel(ROOM, THREAD))
    bench.send(**AWAY)
    assert sorted(bench.slack.said()) == ["answer 0", "answer 1", "thread 0", "thread 1"]


def test_what_is_changed_later_stands_by_itself(bench: Bench) -> None:
    bench.kinds["test.card"] = Kind(say, followed=True)
    for number in range(2):
        bench.add(f"card {number}", kind="test.card")
        bench.add(f"n{number}")
    bench.send(**AWAY)
    assert sorted(bench.slack.said()) == [f"{CATCHING_UP}\nn0\nn1", "card 0", "card 1"]


@pytest.mark.parametrize(
    "kind", [channels.PURPOSE, memberships.PENDING, CARD, entries.DOUBTED, entries.LAPSED, reflections.COHORT_POST]
)
def test_whatever_is_brought_up_to_date_after_it_was_posted_is_known_to_be(kind: str) -> None:
    assert not registry.KINDS[kind].combines


def test_the_senseless_are_skipped_with_the_reason_and_not_mentioned(bench: Bench) -> None:
    bench.kinds["test.soon"] = Kind(say, late=timedelta(hours=1))
    bench.renders("test.over", lambda scene: Skipped("the event was over"))
    bench.add("soon", kind="test.soon")
    bench.add("over", kind="test.over")
    bench.add("one")
    bench.add("two")
    bench.send_at_once(**AWAY)
    assert bench.slack.said() == [f"{CATCHING_UP}\none\ntwo"]
    assert bench.state("soon") == ("skipped", "too late to make sense: its time was 2020-10-12 14:00 UTC")
    assert bench.state("over") == ("skipped", "the event was over")


def test_where_only_one_still_makes_sense_it_is_said_as_always(bench: Bench) -> None:
    bench.kinds["test.soon"] = Kind(say, late=timedelta(hours=1))
    bench.add("soon", kind="test.soon")
    bench.add("one")
    bench.send_at_once(**AWAY)
    assert bench.slack.said() == ["one"]


def test_what_was_put_off_because_slack_was_away_is_combined_too(bench: Bench) -> None:
    bench.slack.next_time("chat.postMessage", limits(3600))
    bench.add("one")
    bench.add("two", after=timedelta(seconds=5))
    bench.send()
    bench.send(hours=2)
    assert bench.slack.said() == [f"{CATCHING_UP}\none\ntwo"]


def test_a_lost_answer_of_a_catch_up_post_is_found_by_each_of_its_keys(either_bench: Bench) -> None:
    bench = either_bench
    bench.slack.next_time("chat.postMessage", hangs_up(acts=True))
    bench.add("one")
    bench.add("two")
    bench.send_at_once(**AWAY)
    assert [bench.state(key)[0] for key in ("one", "two")] == ["unknown", "unknown"]
    bench.send(minutes=1)
    assert len(bench.slack.messages) == 1
    assert [bench.state(key)[0] for key in ("one", "two")] == ["delivered", "delivered"]


def test_what_waited_for_its_readers_quiet_to_end_shares_a_post_and_is_not_called_late(bench: Bench) -> None:
    morning = bench.clock() + timedelta(hours=10)
    for key in ("one", "two"):
        bench.add(key)
        with bench.deps.db.begin() as session:
            (claimed,) = ledger.claim_due(session=session, now=bench.clock())
            assert ledger.settle(session=session, claimed=claimed, outcome=NotYet(morning, QUIET), now=bench.clock())
            paces.after(session=session, channel=ROOM, post=None, now=bench.clock())
        assert bench.state(key) == ("planned", QUIET)
    assert bench.send(hours=9) == 0
    assert bench.send(hours=1) == 2
    assert bench.slack.said() == ["one\ntwo"]
    assert [bench.state(key) for key in ("one", "two")] == [("delivered", None)] * 2


def test_changes_are_made_one_by_one_and_what_cannot_be_changed_is_said_with_the_rest(bench: Bench) -> None:
    bench.add("old")
    bench.send()
    ts = bench.slack.messages[0]["ts"]
    bench.renders("test.update", lambda scene: Update(ROOM, ts, Message("changed"), Message("anew")))
    bench.renders("test.lost", lambda scene: Update(ROOM, "1.2", Message("changed"), Message("said anew")))
    bench.add("update", kind="test.update")
    bench.add("lost", kind="test.lost", after=timedelta(seconds=1))
    bench.add("one", after=timedelta(seconds=2))
    bench.slack.unchangeable.add("1.2")
    bench.send_at_once(**AWAY)
    assert bench.slack.said() == ["changed", "said anew\none"]


def test_more_than_share_a_message_come_in_several_a_second_apart(bench: Bench) -> None:
    for number in range(TOGETHER + 5):
        bench.add(f"n{number:02}", after=timedelta(seconds=number))
    assert bench.send_at_once(**AWAY) == TOGETHER
    assert bench.send_at_once(seconds=1) == 5
    assert len(bench.slack.messages) == 2


def test_blocks_that_do_not_fit_wait_for_the_next_post(bench: Bench) -> None:
    bench.renders("test.long", lambda scene: Message(scene.notice.key, [section("x")] * 23))
    for key in ("one", "two", "three"):
        bench.add(key, kind="test.long")
    bench.send(**AWAY)
    assert bench.slack.said() == [f"{CATCHING_UP}\none\ntwo", "three"]
    assert [len(one["blocks"]) for one in bench.slack.messages] == [49, 23]


def test_blocks_of_one_name_are_never_in_one_message(bench: Bench) -> None:
    def named(scene: Scene) -> Rendered:
        return Message(scene.notice.key, [actions(button("Go", "go"), block_id="people:1")])

    bench.renders("test.named", named)
    bench.add("one", kind="test.named")
    bench.add("two", kind="test.named")
    bench.send(**AWAY)
    assert bench.slack.said() == ["one", "two"]


@pytest.mark.parametrize("hours", [1.0, 30.0])
def test_what_merges_and_what_is_overdue_share_the_post(bench: Bench, hours: float) -> None:
    bench.add("reminder", kind="test.piece", after=timedelta(hours=-hours))
    bench.add("digest", after=timedelta(hours=-hours))
    bench.add("soon", kind="test.piece", after=timedelta(hours=1))
    bench.send_at_once()
    (text,) = bench.slack.said()
    assert text == f"{CATCHING_UP}\nreminder\ndigest\nsoon"


def test_the_same_thing_is_mentioned_once_and_then_nothing_was_missed_but_that(bench: Bench) -> None:
    bench.add("a day before", kind="test.piece", about="event:1")
    bench.add("an hour before", kind="test.piece", about="event:1", after=timedelta(hours=1))
    bench.send_at_once(**AWAY)
    assert bench.slack.said() == ["a day before"]
    assert bench.state("an hour before") == ("delivered", None)
