"""Slack's limits are respected ahead of time, by all workers together, and what is urgent goes first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.messages import Message, Upload
from bot.domain.notices import GRACE, LEASE, ToChannel, ToPerson, ToPurpose
from bot.domain.paces import METHODS
from bot.services import notices as ledger
from bot.services import paces
from jobs.render import Kind, Rendered, Scene, Skipped, Update, Urgency
from storage.database import Database
from tests import cast
from tests.fakes import FakeSlack, hangs_up, limits
from tests.jobs.conftest import ROOM, Bench, HandClock, bench_of, say

OTHER = "C0OTHER01"
AFTER_GRACE = GRACE.total_seconds() + 1


# One post a second in a channel


def test_a_channel_hears_one_thing_a_second(either_bench: Bench) -> None:
    bench = either_bench
    for key in ("one", "two", "three"):
        bench.add(key)
    heard = []
    for _ in range(5):
        bench.send_at_once()
        heard.append(len(bench.slack.said(ROOM)))
        bench.clock.forward(seconds=0.5)
    assert heard == [1, 1, 2, 2, 3]
    assert bench.slack.said() == ["one", "two", "three"]


def test_other_channels_are_not_kept_waiting(bench: Bench) -> None:
    bench.add("one")
    bench.add("two")
    bench.add("elsewhere", to=ToChannel(OTHER))
    bench.send_at_once()
    assert sorted(bench.slack.said()) == ["elsewhere", "one"]


def test_what_waits_for_its_turn_counts_no_attempt_and_is_known_to_be_next(either_bench: Bench) -> None:
    bench = either_bench
    for key in ("one", "two", "three"):
        bench.add(key)
    now = bench.clock()
    bench.send_at_once()
    assert [bench.row(key).next_at for key in ("one", "two", "three")] == [
        None,
        now + timedelta(seconds=1),
        now + timedelta(seconds=2),
    ]
    assert (bench.row("two").attempts, bench.state("two")) == (0, ("planned", None))
    assert bench.next_due(hours=1) == now + timedelta(seconds=1)
    assert bench.row("two").due_at == now


def test_a_channel_has_one_pace_by_whatever_name_it_is_meant(bench: Bench) -> None:
    with bench.deps.db.begin() as session:
        program = cast.begin(session)
    bench.add("by purpose", to=ToPurpose("cohort"), program=program.id)
    bench.add("by id", to=ToChannel(cast.COHORT))
    bench.add("in a thread", to=ToChannel(cast.COHORT, "1602511200.000100"))
    bench.send_at_once()
    assert bench.slack.said() == ["by purpose"]


def test_a_person_has_one_pace_before_and_after_their_direct_message_is_known(bench: Bench) -> None:
    with bench.deps.db.begin() as session:
        cast.person(session, cast.KOFI)
    bench.add("one", to=ToPerson(cast.KOFI))
    bench.add("two", to=ToChannel("D0KOFI001"))
    bench.send_at_once()
    assert bench.slack.said() == ["one"]


def test_the_pace_holds_for_all_workers(db: Database, slack: FakeSlack, clock: HandClock) -> None:
    bench = bench_of(db, slack, clock)
    other = Database(str(db.url.render_as_string(hide_password=False)))
    colleague = bench_of(other, slack, clock)
    bench.add("one")
    bench.add("two")
    bench.send_at_once()
    assert colleague.send_at_once() == 0
    assert colleague.send_at_once(seconds=1) == 1
    other.close()
    assert slack.said() == ["one", "two"]


def test_what_is_skipped_or_only_changes_a_post_leaves_its_turn_to_others(bench: Bench) -> None:
    bench.renders("test.senseless", lambda scene: Skipped("over"))
    bench.renders("test.update", lambda scene: Update(ROOM, "1.2", Message("changed")))
    for number in range(10):
        bench.add(f"senseless {number}", kind="test.senseless", after=timedelta(seconds=-3))
        bench.add(f"update {number}", kind="test.update", after=timedelta(seconds=-2))
    bench.add("one")
    assert bench.send_at_once() == 21
    assert bench.slack.said() == ["one"]


def test_what_was_left_by_a_dead_worker_and_has_no_turn_is_still_looked_for_from_the_same_moment(
    either_bench: Bench,
) -> None:
    bench = either_bench
    bench.add("one")
    with bench.deps.db.begin() as session:
        (claimed,) = ledger.claim_due(session=session, now=bench.clock())
    since = bench.clock()
    bench.deps.slack.post(ROOM, Message("one"), claimed.notice.opaque_key)
    bench.clock.forward(seconds=LEASE.total_seconds() + 1)
    bench.add("two", after=timedelta(seconds=-200))
    with bench.deps.db.begin() as session:
        assert paces.take_channel(session=session, channel=ROOM, now=bench.clock()) is None
    bench.send_at_once()
    assert bench.state("one") == ("unknown", None)
    bench.send()
    assert sorted(bench.slack.said()) == ["one", "two"]
    looked = float(bench.slack.asked("conversations.history")[0]["oldest"])
    assert looked <= since.timestamp()


# The workspace


def test_a_thousand_receipts_to_a_thousand_people_are_not_slowed_to_one_a_second(bench: Bench) -> None:
    """A hundredth of that, behind as many others as use up what may be said at once."""
    burst = METHODS["chat.postMessage"].burst
    with bench.deps.db.begin() as session:
        for _ in range(burst):
            assert paces.take_channel(session=session, channel=f"C{_}", now=bench.clock()) is None
    for number in range(10):
        bench.add(f"receipt {number}", to=ToChannel(f"D0{number:07}"))
    assert bench.send_at_once() == 0
    began = bench.clock()
    for _ in range(50):
        due = bench.next_due(hours=1)
        if due is None:
            break
        bench.clock.now = due
        bench.send_at_once()
    assert len(bench.slack.said()) == 10
    assert bench.clock() - began < timedelta(seconds=2)


def test_while_the_workspace_has_no_turn_the_next_due_moment_is_when_it_has(either_bench: Bench) -> None:
    bench = either_bench
    with bench.deps.db.begin() as session:
        paces.pause(session=session, method="chat.postMessage", wait=timedelta(minutes=3), now=bench.clock())
    bench.add("one", after=timedelta(minutes=1))
    assert bench.next_due(minutes=2) is None
    assert bench.next_due(hours=1) == bench.clock() + timedelta(minutes=3)
    assert bench.send_at_once(minutes=2) == 0
    assert bench.send_at_once(minutes=1) == 1


# Slack asks for a rest


def test_a_channel_that_slack_wants_left_alone_is_left_alone_by_every_worker(
    db: Database, slack: FakeSlack, clock: HandClock
) -> None:
    bench = bench_of(db, slack, clock)
    other = Database(str(db.url.render_as_string(hide_password=False)))
    colleague = bench_of(other, slack, clock)
    slack.next_time("chat.postMessage", limits(90))
    bench.add("one")
    bench.send_at_once()
    bench.add("two")
    assert colleague.send_at_once(seconds=60) == 0
    assert colleague.send_at_once(seconds=30) == 1
    other.close()
    assert slack.said() == ["one"]
    assert bench.row("two").attempts == 0


def test_two_channels_at_once_that_are_to_be_left_alone_are_the_whole_workspace(bench: Bench) -> None:
    bench.slack.next_time("chat.postMessage", limits(30), limits(30))
    for number, room in enumerate((ROOM, OTHER, "C0THIRD01")):
        bench.add(f"n{number}", to=ToChannel(room))
    bench.send_at_once()
    assert len(bench.slack.asked("chat.postMessage")) == 2
    assert bench.next_due(hours=1) == bench.clock() + timedelta(seconds=30)
    bench.send(seconds=30)
    bench.send(seconds=30)
    assert len(bench.slack.said()) == 3


def test_a_method_that_slack_limits_rests_for_all_of_the_workspace(bench: Bench) -> None:
    bench.renders("test.update", lambda scene: Update(ROOM, "1.2", Message("changed")))
    bench.slack.next_time("chat.update", limits(60))
    bench.add("one", kind="test.update")
    bench.add("two", kind="test.update", to=ToChannel(OTHER))
    bench.add("a post", to=ToChannel(OTHER))
    bench.send()
    assert len(bench.slack.asked("chat.update")) == 1
    assert (bench.row("one").attempts, bench.row("two").attempts) == (1, 0)
    assert bench.slack.said() == ["a post"]
    bench.send(seconds=60)
    bench.send(seconds=30)
    assert [bench.state(key)[0] for key in ("one", "two")] == ["delivered", "delivered"]


def test_more_changes_than_slack_takes_at_once_go_one_after_the_other(bench: Bench) -> None:
    bench.renders("test.update", lambda scene: Update(ROOM, "1.2", Message("changed")))
    burst = METHODS["chat.update"].burst
    for number in range(burst + 2):
        bench.add(f"n{number}", kind="test.update", to=ToChannel(f"C{number}"))
    assert bench.send_at_once() == burst
    assert bench.send_at_once(seconds=1.2) == 1
    assert bench.send_at_once(seconds=1.2) == 1


# People who were never written to before


def _cannot_open(bench: Bench) -> None:
    with bench.deps.db.begin() as session:
        cast.person(session, cast.KOFI)
        paces.pause(session=session, method="conversations.open", wait=timedelta(minutes=5), now=bench.clock())


def test_where_no_direct_message_can_be_opened_now_it_is_posted_by_the_readers_id(bench: Bench) -> None:
    _cannot_open(bench)
    bench.add("one", to=ToPerson(cast.KOFI))
    bench.add("two", to=ToPerson(cast.KOFI))
    assert bench.send() == 2
    assert bench.slack.asked("conversations.open") == []
    assert [one["channel"] for one in bench.slack.asked("chat.postMessage")] == [cast.KOFI, "D0KOFI001"]
    assert bench.row("one").posted_channel == "D0KOFI001"


def test_a_file_waits_until_one_can_be_opened(bench: Bench) -> None:
    bench.renders("test.file", lambda scene: Upload("a.ics", "A", b"BEGIN:VCALENDAR", "Open it."))
    _cannot_open(bench)
    bench.add("file", kind="test.file", to=ToPerson(cast.KOFI))
    assert bench.send() == 0
    assert bench.row("file").attempts == 0
    assert bench.next_due(hours=1) == bench.clock() + timedelta(minutes=5)
    bench.send(minutes=5)
    assert bench.state("file") == ("delivered", None)


@pytest.mark.parametrize("posted", [True, False])
def test_a_first_direct_message_whose_answer_was_lost_is_looked_for_in_it(either_bench: Bench, posted: bool) -> None:
    bench = either_bench
    with bench.deps.db.begin() as session:
        cast.person(session, cast.KOFI)
    bench.slack.next_time("chat.postMessage", hangs_up(acts=posted))
    bench.add("one", to=ToPerson(cast.KOFI))
    bench.send()
    bench.send(seconds=AFTER_GRACE)
    assert bench.slack.said("D0KOFI001") == ["one"]
    assert bench.slack.asked("conversations.history")[0]["channel"] == "D0KOFI001"
    assert bench.row("one").posted_channel == "D0KOFI001"


def test_the_same_where_it_was_posted_by_the_readers_id(bench: Bench) -> None:
    _cannot_open(bench)
    bench.slack.next_time("chat.postMessage", hangs_up(acts=True))
    bench.add("one", to=ToPerson(cast.KOFI))
    bench.send()
    bench.send(seconds=AFTER_GRACE)
    assert bench.state("one")[0] == "unknown", "nobody can look before the direct message is open"
    bench.send(minutes=5)
    assert bench.slack.said("D0KOFI001") == ["one"]
    assert bench.state("one") == ("delivered", None)


# The urgent first


def test_an_answer_goes_before_what_has_waited_longer(either_bench: Bench) -> None:
    bench = either_bench
    for name, urgency in (("summary", 3), ("program", 2), ("person", 1), ("answer", 0)):
        bench.kinds[f"test.{name}"] = Kind(say, urgency=Urgency(urgency))
        bench.add(name, kind=f"test.{name}", after=timedelta(minutes=-urgency))
    bench.send(seconds=1)
    assert bench.slack.said() == ["answer", "person", "program", "summary"]


def test_an_answer_does_not_wait_behind_those_that_were_put_off(bench: Bench) -> None:
    bench.kinds["test.answer"] = Kind(say, urgency=Urgency.ANSWER)
    for number in range(5):
        bench.add(f"n{number}")
    bench.send_at_once()
    bench.add("answer", kind="test.answer")
    bench.send()
    assert bench.slack.said()[:3] == ["n0", "answer", "n1"]
    assert len(bench.slack.said()) == 6


def test_an_answer_that_came_while_others_are_being_sent_is_next(bench: Bench) -> None:
    bench.kinds["test.answer"] = Kind(say, urgency=Urgency.ANSWER)

    def asks(scene: Scene) -> Rendered:
        if scene.notice.key == "n0":
            bench.add("answer", kind="test.answer", to=ToChannel(OTHER))
        return say(scene)

    bench.renders("test.say", asks)
    for number in range(3):
        bench.add(f"n{number}", to=ToChannel(f"C{number}"))
    bench.send_at_once()
    assert bench.slack.said() == ["n0", "answer", "n1", "n2"]
