"""Sending: every notice once, whatever Slack answers; what goes wrong with one never keeps the others back."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from typing import cast as cast_to

import pytest
from sqlmodel import Session

from bot.deps import Deps
from bot.domain.messages import Block, Message, Upload
from bot.domain.notices import (
    GRACE,
    LEASE,
    MOST_ATTEMPTS,
    NO_CHANNEL,
    UNHEARD,
    Delivered,
    Skipped,
    ToChannel,
    ToPerson,
    ToPurpose,
    back_off,
)
from bot.domain.paces import Method
from bot.services import notices as ledger
from bot.views.blocks import actions, button
from jobs import sender
from jobs.render import Kind, Rendered, Scene, Update, Withdraw
from jobs.sender import Unsettled
from storage import notices
from storage.database import Busy, Database
from tests import cast
from tests.fakes import FakeSlack, Odd, breaks, hangs_up, limits, refuses
from tests.jobs.conftest import ROOM, Bench, HandClock, bench_of, say

AFTER_GRACE = GRACE.total_seconds() + 1
AFTER_LEASE = LEASE.total_seconds() + 1


def test_what_is_due_is_posted_once_under_its_opaque_key(either_bench: Bench) -> None:
    bench = either_bench
    bench.add("hello")
    assert (bench.send(), bench.send(hours=1)) == (1, 0)
    (posted,) = bench.slack.messages
    assert posted["metadata"] == {
        "event_type": "convene_notice",
        "event_payload": {"key": bench.row("hello").opaque_key},
    }
    assert (bench.row("hello").posted_channel, bench.row("hello").posted_ts) == (ROOM, posted["ts"])
    assert bench.state("hello") == ("delivered", None)


def test_what_is_not_due_waits(bench: Bench) -> None:
    bench.add("later", after=timedelta(minutes=10))
    assert bench.send(minutes=9) == 0
    assert bench.send(minutes=1) == 1


def test_the_earliest_comes_first(bench: Bench) -> None:
    bench.add("second", after=timedelta(minutes=2))
    bench.add("first", after=timedelta(minutes=1))
    bench.send(minutes=5)
    assert bench.slack.said() == ["first", "second"]


def test_two_messages_of_one_kind_of_button_get_names_of_their_own(bench: Bench) -> None:
    def buttons(scene: Scene) -> Rendered:
        return Message("Go", [actions(button("Go", "go"), button("Go too", "go"))])

    bench.renders("test.say", buttons)
    bench.add("hello")
    bench.send()
    elements = bench.slack.messages[0]["blocks"][0]["elements"]
    assert [one["action_id"] for one in elements] == ["go", "go#2"]


# People


def test_a_direct_message_is_opened_once_and_remembered(bench: Bench) -> None:
    with bench.deps.db.begin() as session:
        cast.person(session, cast.KOFI)
    bench.add("one", to=ToPerson(cast.KOFI))
    bench.add("two", to=ToPerson(cast.KOFI))
    bench.send()
    assert len(bench.slack.asked("conversations.open")) == 1
    assert bench.slack.said("D0KOFI001") == ["one", "two"]


def test_a_renderer_knows_its_readers_zone(bench: Bench) -> None:
    bench.renders("test.say", lambda scene: Message(str(scene.reader_zone)))
    with bench.deps.db.begin() as session:
        cast.person(session, cast.KOFI)
    bench.add("one", to=ToPerson(cast.KOFI))
    bench.send()
    assert bench.slack.said() == ["America/New_York"]


def test_somebody_who_left_is_not_written_to(bench: Bench) -> None:
    with bench.deps.db.begin() as session:
        cast.person(session, cast.KOFI).gone = True
    bench.add("one", to=ToPerson(cast.KOFI))
    bench.send()
    assert bench.state("one") == ("skipped", "the person has left the workspace")
    assert bench.slack.calls == []


def test_somebody_whom_slack_says_is_gone_is_skipped_too(bench: Bench) -> None:
    bench.slack.gone.add(cast.KOFI)
    bench.add("one", to=ToPerson(cast.KOFI))
    bench.send()
    assert bench.state("one") == ("skipped", "the person has left the workspace")


def test_somebody_deactivated_since_their_direct_message_was_opened_is_skipped(bench: Bench) -> None:
    bench.slack.next_time("chat.postMessage", refuses("user_disabled"))
    bench.add("one", to=ToPerson(cast.KOFI))
    bench.send()
    assert bench.state("one") == ("skipped", "the person has left the workspace")


def test_a_direct_message_that_cannot_be_opened_now_is_tried_again(bench: Bench) -> None:
    bench.slack.next_time("conversations.open", limits(30), hangs_up(acts=False))
    bench.add("one", to=ToPerson(cast.KOFI))
    bench.send()
    assert bench.state("one") == ("planned", "ratelimited")
    bench.send(minutes=1)
    assert bench.state("one")[0] == "planned"
    bench.send(minutes=1)
    assert bench.state("one") == ("delivered", None)


def test_a_direct_message_that_may_not_be_opened_is_refused(bench: Bench) -> None:
    bench.slack.next_time("conversations.open", refuses("missing_scope"))
    bench.add("one", to=ToPerson(cast.KOFI))
    bench.send()
    assert bench.state("one") == ("refused", "missing_scope")


# Channels


def test_a_purpose_is_looked_up_when_it_is_sent(bench: Bench) -> None:
    with bench.deps.db.begin() as session:
        program = cast.load(session)
    bench.add("one", to=ToPurpose("cohort"), program=program.id)
    with bench.deps.db.begin() as session:
        cast.room(session, program, cast.COHORT, "cohort")
    bench.send()
    assert bench.slack.said(cast.COHORT) == ["one"]


def test_without_a_channel_for_its_purpose_it_is_skipped_and_the_trouble_is_known(bench: Bench) -> None:
    with bench.deps.db.begin() as session:
        program = cast.load(session)
    bench.add("one", to=ToPurpose("cohort"), program=program.id)
    bench.send()
    assert bench.state("one") == ("skipped", "no channel is set for cohort")
    with bench.deps.db.read() as session:
        found = notices.not_said(session, program.id, (NO_CHANNEL,), 5)
    assert [(one.kind, one.to_purpose) for one in found] == [("test.say", "cohort")]


def test_a_channel_without_the_bot_is_a_refusal_with_slacks_word(bench: Bench) -> None:
    bench.slack.next_time("chat.postMessage", refuses("not_in_channel"))
    bench.add("one")
    bench.send()
    assert bench.state("one") == ("refused", "not_in_channel")
    assert bench.send(days=1) == 0


# Slack says later


def test_when_slack_asks_to_wait_it_waits_as_long_and_stays_due_when_it_was(bench: Bench) -> None:
    due = bench.clock()
    bench.slack.next_time("chat.postMessage", limits(90))
    bench.add("one")
    bench.send()
    assert bench.state("one") == ("planned", "ratelimited")
    assert bench.send_at_once(seconds=89) == 0
    assert bench.send_at_once(seconds=1) == 1
    assert bench.state("one") == ("delivered", None)
    assert bench.row("one").due_at == due


def test_waiting_in_one_channel_does_not_keep_the_others_back(bench: Bench) -> None:
    bench.slack.next_time("chat.postMessage", limits(90))
    bench.add("one")
    bench.add("two", to=ToChannel("C0OTHER01"))
    bench.send()
    assert bench.slack.said() == ["two"]


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "account_inactive", "service_unavailable"])
def test_a_bot_that_is_shut_out_for_a_while_forgets_nothing(bench: Bench, code: str) -> None:
    bench.slack.next_time("chat.postMessage", refuses(code))
    bench.add("one")
    bench.send()
    assert bench.state("one") == ("planned", code)
    bench.send(hours=1)
    assert bench.state("one") == ("delivered", None)


def test_when_slack_is_not_there_at_all_nothing_was_sent_and_it_is_tried_again(
    quick_db: Database, clock: HandClock
) -> None:
    away = FakeSlack(clock)
    away.url = "http://127.0.0.1:9/api/"
    bench = bench_of(quick_db, away, clock)
    bench.add("one")
    bench.send()
    assert bench.state("one") == ("planned", "unreachable")
    assert bench.row("one").uncertain_since is None


def test_tries_are_further_and_further_apart_and_end(bench: Bench) -> None:
    bench.slack.next_time("chat.postMessage", *[refuses("ratelimited")] * MOST_ATTEMPTS)
    bench.add("one")
    waits = []
    for _ in range(MOST_ATTEMPTS):
        bench.send()
        again = bench.row("one").retry_at
        if again is not None:
            waits.append(again - bench.clock())
            bench.clock.now = again
    assert waits == [back_off("one", number) for number in range(1, MOST_ATTEMPTS)]
    assert bench.state("one") == ("refused", f"ratelimited, {MOST_ATTEMPTS} times")
    assert bench.send(days=1) == 0


def test_short_waits_do_not_use_up_the_tries(bench: Bench) -> None:
    bench.slack.next_time("chat.postMessage", *[limits(1)] * 10)
    bench.add("one")
    for _ in range(60):
        bench.send(seconds=2)
    assert bench.row("one").attempts in (4, 5)
    assert bench.state("one") == ("planned", "ratelimited")


# Nobody heard the answer


@pytest.mark.parametrize("lost", [hangs_up(acts=True), breaks(acts=True)])
def test_a_post_whose_answer_was_lost_is_found_and_not_sent_twice(either_bench: Bench, lost: Odd) -> None:
    bench = either_bench
    bench.slack.next_time("chat.postMessage", lost)
    bench.add("one")
    bench.send()
    assert bench.state("one")[0] == "unknown"
    assert bench.send(seconds=5) == 0, "it is not looked for before the grace period is over"
    bench.send(seconds=AFTER_GRACE)
    assert bench.slack.said() == ["one"]
    assert bench.state("one") == ("delivered", None)
    assert bench.row("one").posted_ts == bench.slack.messages[0]["ts"]


def test_it_is_found_on_however_late_a_page(bench: Bench) -> None:
    bench.slack.next_time("chat.postMessage", hangs_up(acts=True))
    bench.add("one")
    bench.send()
    for number in range(7):
        bench.slack.messages.append({"channel": ROOM, "text": f"chatter {number}", "ts": f"{1e10 + number:.6f}"})
    bench.send(seconds=AFTER_GRACE)
    assert bench.state("one") == ("delivered", None)
    assert len(bench.slack.asked("conversations.history")) == 4


def test_it_is_looked_for_in_its_thread(bench: Bench) -> None:
    bench.slack.next_time("chat.postMessage", hangs_up(acts=True))
    bench.add("one", to=ToChannel(ROOM, "1602511200.000100"))
    bench.send()
    bench.send(seconds=AFTER_GRACE)
    assert bench.slack.asked("conversations.replies")[0]["ts"] == "1602511200.000100"
    assert bench.slack.said() == ["one"]


@pytest.mark.parametrize("lost", [hangs_up(acts=False), breaks(acts=False), refuses("fatal_error")])
def test_a_post_that_did_not_arrive_is_sent_again_once_that_is_known(bench: Bench, lost: Odd) -> None:
    bench.slack.next_time("chat.postMessage", lost)
    bench.add("one")
    bench.send()
    assert bench.slack.said() == []
    bench.send(seconds=AFTER_GRACE)
    assert bench.slack.said() == ["one"]
    assert bench.state("one") == ("delivered", None)


def test_while_the_conversation_cannot_be_read_it_is_not_sent_again(bench: Bench) -> None:
    bench.slack.next_time("chat.postMessage", hangs_up(acts=True))
    bench.slack.next_time("conversations.history", limits(5), hangs_up(acts=False))
    bench.add("one")
    bench.send()
    for _ in range(3):
        bench.send(minutes=5)
    assert bench.slack.said() == ["one"]
    assert bench.state("one") == ("delivered", None)


def test_where_the_bot_may_not_read_it_says_so_rather_than_send_twice(bench: Bench) -> None:
    bench.slack.next_time("chat.postMessage", hangs_up(acts=True))
    bench.slack.next_time("conversations.history", refuses("missing_scope"))
    bench.add("one")
    bench.send()
    bench.send(seconds=AFTER_GRACE)
    assert bench.state("one") == (
        "refused",
        f"{UNHEARD}, and the conversation cannot be read: missing_scope; "
        "of its kind rather never than twice, so it was not sent again",
    )
    assert bench.slack.said() == ["one"]


def test_what_must_not_be_missed_is_rather_said_twice_where_the_bot_may_not_look(bench: Bench) -> None:
    bench.kinds["test.deadline"] = Kind(say, unheard="again")
    bench.slack.next_time("chat.postMessage", hangs_up(acts=False))
    bench.slack.next_time("conversations.history", refuses("missing_scope"))
    bench.add("one", kind="test.deadline")
    bench.send()
    bench.send(seconds=AFTER_GRACE)
    assert bench.slack.said() == ["one"]
    assert bench.state("one") == (
        "delivered",
        f"{UNHEARD}, and the conversation cannot be read: missing_scope; "
        "of its kind rather twice than never, so it was sent again",
    )


def test_what_was_found_or_sent_again_after_a_look_needs_no_rule_to_be_named(bench: Bench) -> None:
    bench.kinds["test.deadline"] = Kind(say, unheard="again")
    bench.slack.next_time("chat.postMessage", hangs_up(acts=False), hangs_up(acts=True))
    bench.add("lost", kind="test.deadline")
    bench.add("found", kind="test.deadline", to=ToChannel("C0OTHER01"))
    bench.send()
    bench.send(seconds=AFTER_GRACE)
    assert (bench.state("lost"), bench.state("found")) == (("delivered", None), ("delivered", None))


# Late


def test_what_came_too_late_to_make_sense_is_skipped_and_says_so(bench: Bench) -> None:
    bench.kinds["test.soon"] = Kind(say, late=timedelta(hours=1))
    bench.add("one", kind="test.soon")
    bench.send(hours=1, seconds=1)
    assert bench.slack.said() == []
    assert bench.state("one") == ("skipped", "too late to make sense: its time was 2020-10-12 14:00 UTC")


def test_what_is_a_little_late_is_said(bench: Bench) -> None:
    bench.kinds["test.soon"] = Kind(say, late=timedelta(hours=1))
    bench.add("one", kind="test.soon")
    bench.send(hours=1)
    assert bench.state("one") == ("delivered", None)


def test_what_may_have_been_said_in_time_is_looked_for_however_late_it_is(bench: Bench) -> None:
    bench.kinds["test.soon"] = Kind(say, late=timedelta(hours=1))
    bench.slack.next_time("chat.postMessage", hangs_up(acts=True))
    bench.add("one", kind="test.soon")
    bench.send()
    bench.send(hours=5)
    assert bench.slack.said() == ["one"]
    assert bench.state("one") == ("delivered", None)


def test_a_second_lost_answer_is_looked_for_from_the_first_one_on(bench: Bench) -> None:
    bench.slack.next_time("chat.postMessage", hangs_up(acts=False), hangs_up(acts=True))
    bench.add("one")
    bench.send()
    since = bench.row("one").uncertain_since
    bench.send(seconds=AFTER_GRACE)
    bench.send(minutes=5)
    assert bench.slack.said() == ["one"]
    assert since is not None
    assert float(bench.slack.asked("conversations.history")[-1]["oldest"]) == since.timestamp()


# A sender dies, or is overtaken


def test_what_a_sender_left_behind_is_taken_over_when_its_lease_ends(either_bench: Bench) -> None:
    bench = either_bench
    bench.add("one")
    with bench.deps.db.begin() as session:
        assert len(ledger.claim_due(session=session, now=bench.clock())) == 1
    assert bench.send(seconds=60) == 0
    assert bench.send(seconds=AFTER_LEASE) == 1
    assert bench.slack.said() == ["one"]


def test_a_sender_that_died_after_posting_has_its_post_found(bench: Bench) -> None:
    bench.add("one", after=timedelta(minutes=-30))
    with bench.deps.db.begin() as session:
        (claimed,) = ledger.claim_due(session=session, now=bench.clock())
    bench.deps.slack.post(ROOM, Message("one"), claimed.notice.opaque_key)
    bench.send(seconds=AFTER_LEASE)
    assert bench.slack.said() == ["one"]
    assert bench.state("one") == ("delivered", None)


def test_a_sender_whose_lease_was_lost_writes_nothing(either_bench: Bench) -> None:
    bench = either_bench
    bench.add("one")
    with bench.deps.db.begin() as session:
        (first,) = ledger.claim_due(session=session, now=bench.clock())
    now = bench.clock.forward(seconds=AFTER_LEASE)
    with bench.deps.db.begin() as session:
        (second,) = ledger.claim_due(session=session, now=now)
        assert (first.id, first.attempts, second.attempts) == (second.id, 1, 2)
    with bench.deps.db.begin() as session:
        lost = ledger.settle(session=session, claimed=first, outcome=Skipped("gone"), now=now)
        kept = ledger.settle(session=session, claimed=second, outcome=Delivered(ROOM, "1.2"), now=now)
    assert (lost, kept) == (False, True)
    assert bench.state("one") == ("delivered", None)


def test_a_sender_that_hangs_until_its_lease_is_over_posts_nothing_that_another_one_may_have_posted(
    either_bench: Bench,
) -> None:
    bench = either_bench
    colleague = bench_of(bench.deps.db, bench.slack, bench.clock)

    def hangs(scene: Scene) -> Rendered:
        colleague.send_at_once(seconds=AFTER_LEASE)
        return say(scene)

    bench.renders("test.say", hangs)
    bench.add("one")
    assert bench.send_at_once() == 1
    assert bench.slack.said() == ["one"]
    assert bench.state("one") == ("delivered", None)


def test_a_sender_that_hung_and_was_not_missed_tries_again(bench: Bench) -> None:
    def hangs(scene: Scene) -> Rendered:
        bench.clock.forward(seconds=AFTER_LEASE)
        return say(scene)

    bench.renders("test.say", hangs)
    bench.add("one")
    bench.send_at_once()
    assert bench.slack.said() == []
    assert bench.state("one") == ("planned", "its lease ran out before it was sent")
    bench.renders("test.say", say)
    bench.send(minutes=1)
    assert bench.slack.said() == ["one"]


def test_what_may_have_been_said_is_neither_moved_nor_withdrawn_while_slack_cannot_be_asked(bench: Bench) -> None:
    bench.slack.next_time("chat.postMessage", hangs_up(acts=True))
    bench.slack.next_time("conversations.history", limits(30))
    bench.add("one")
    bench.send()
    bench.send(seconds=AFTER_GRACE)
    assert bench.state("one") == ("unknown", "ratelimited")
    bench.send(minutes=1)
    assert bench.slack.said() == ["one"]
    assert bench.state("one") == ("delivered", None)


def test_many_senders_at_once_send_everything_once_and_leave_together_what_belongs_together(
    either_bench: Bench,
) -> None:
    bench = either_bench
    whole = [f"w{number}" for number in range(8)]
    pieces = [f"p{number}" for number in range(8)]
    for number, (one, other) in enumerate(zip(whole, pieces, strict=True)):
        bench.add(one, to=ToChannel(f"C0OTHER0{number}"))
        bench.add(other, kind="test.piece")
    threads = [threading.Thread(target=bench.send_at_once) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert {bench.state(key) for key in (*whole, *pieces)} == {("delivered", None)}
    assert sorted(bench.slack.said()) == sorted([*whole, "\n".join(pieces)])


def test_when_the_database_is_busy_after_a_post_the_post_is_found_later(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "JOB_PATIENCE", 0.05)
    bench.add("one")
    other = Database(str(bench.deps.db.url))

    with ExitStack() as elsewhere:

        def meanwhile(scene: Scene) -> Rendered:
            notices.get(elsewhere.enter_context(other.begin()), "one")
            return Message(scene.notice.key)

        bench.renders("test.say", meanwhile)
        with pytest.raises(Busy):
            bench.send()
    other.close()
    assert bench.state("one") == ("sending", None)
    bench.renders("test.say", say)
    bench.send(seconds=AFTER_LEASE)
    assert bench.slack.said() == ["one"]
    assert bench.state("one") == ("delivered", None)


class Away:
    """A database that goes away for a while."""

    def __init__(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        self._db, self._begin, self._monkeypatch = bench.deps.db, bench.deps.db.begin, monkeypatch

    def goes(self, *, in_the_middle: bool = False) -> None:
        """From now on nobody may write; `in_the_middle` the server takes what it is told, and nobody hears of it."""

        @contextmanager
        def begin(*, patience: float = 0) -> Iterator[Session]:
            if in_the_middle:
                with self._begin(patience=patience) as session:
                    yield session
            raise Busy("the connection is lost")

        self._monkeypatch.setattr(self._db, "begin", begin)

    def comes_back(self) -> None:
        self._monkeypatch.setattr(self._db, "begin", self._begin)


@pytest.fixture
def away(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Away:
    return Away(bench, monkeypatch)


@pytest.mark.parametrize("in_the_middle", [False, True])
def test_what_was_posted_while_the_database_was_away_is_settled_as_soon_as_it_is_back(
    bench: Bench, away: Away, in_the_middle: bool
) -> None:
    bench.add("one")
    kept: list[Unsettled] = []

    def post(scene: Scene) -> Rendered:
        away.goes(in_the_middle=in_the_middle)
        return Message(scene.notice.key)

    bench.renders("test.say", post)
    with pytest.raises(Busy):
        sender.send_due(bench.deps, bench.clock(), bench.kinds, unsettled=kept)
    assert bench.slack.said() == ["one"]
    assert len(kept) == 1
    with pytest.raises(Busy):
        sender.send_due(bench.deps, bench.clock(), bench.kinds, unsettled=kept)
    away.comes_back()
    sender.send_due(bench.deps, bench.clock(), bench.kinds, unsettled=kept)
    assert kept == []
    assert bench.state("one") == ("delivered", None)
    bench.send(seconds=AFTER_LEASE)
    assert bench.slack.said() == ["one"]


def test_what_was_claimed_when_the_database_went_away_is_said_as_soon_as_it_is_back(bench: Bench, away: Away) -> None:
    bench.add("one")
    kept: list[Unsettled] = []

    def lost(scene: Scene) -> Rendered:
        away.goes()
        raise Busy("the connection is lost")

    bench.renders("test.say", lost)
    with pytest.raises(Busy):
        sender.send_due(bench.deps, bench.clock(), bench.kinds, unsettled=kept)
    away.comes_back()
    bench.renders("test.say", say)
    assert sender.send_due(bench.deps, bench.clock(), bench.kinds, unsettled=kept) == 1
    assert bench.slack.said() == ["one"]
    assert bench.row("one").attempts == 1


def test_what_slack_has_answered_is_kept_though_it_cannot_be_noted_that_it_asked_for_a_rest(
    bench: Bench, away: Away, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.add("one")
    bench.send()
    bench.add("change")
    place = bench.row("one")
    bench.renders("test.say", lambda _: Update(ROOM, str(place.posted_ts), Message("changed")))
    bench.slack.next_time("chat.update", limits(30))
    kept: list[Unsettled] = []
    took = sender._turn

    def taken(deps: Deps, method: Method) -> datetime | None:
        found = took(deps, method)
        away.goes()
        return found

    monkeypatch.setattr(sender, "_turn", taken)
    with pytest.raises(Busy):
        sender.send_due(bench.deps, bench.clock.forward(seconds=1), bench.kinds, unsettled=kept)
    away.comes_back()
    with suppress(Busy):
        sender.send_due(bench.deps, bench.clock(), bench.kinds, unsettled=kept)
    assert bench.state("change") == ("planned", "ratelimited")


def test_what_another_sender_has_taken_over_meanwhile_is_left_to_it(bench: Bench, away: Away) -> None:
    bench.add("one")
    kept: list[Unsettled] = []

    def post(scene: Scene) -> Rendered:
        away.goes()
        return Message(scene.notice.key)

    bench.renders("test.say", post)
    with pytest.raises(Busy):
        sender.send_due(bench.deps, bench.clock(), bench.kinds, unsettled=kept)
    away.comes_back()
    bench.renders("test.say", say)
    bench.send(seconds=AFTER_LEASE)
    sender.send_due(bench.deps, bench.clock(), bench.kinds, unsettled=kept)
    assert kept == []
    assert bench.slack.said() == ["one"]
    assert bench.state("one") == ("delivered", None)


def test_a_long_tick_gives_each_notice_its_whole_lease(bench: Bench) -> None:
    """Time goes on while a tick sends: a lease counts from the claim, not from the tick's begin."""

    def slow(scene: Scene) -> Rendered:
        with bench.deps.db.read() as session:
            row = notices.get(session, scene.notice.key)
        assert row is not None
        assert row.lease_until == bench.clock() + LEASE
        bench.clock.forward(seconds=90)
        return Message(scene.notice.key)

    bench.renders("test.say", slow)
    for key in ("one", "two", "three"):
        bench.add(key)
    assert sender.send_due(bench.deps, bench.clock(), bench.kinds) == 3
    assert bench.slack.said() == ["one", "two", "three"]


def test_told_to_stop_it_finishes_what_is_under_way_and_begins_nothing_else(bench: Bench) -> None:
    bench.add("one")
    bench.add("two")
    stop = threading.Event()

    def last(scene: Scene) -> Rendered:
        stop.set()
        return Message(scene.notice.key)

    sender.send_due(bench.deps, bench.clock(), {"test.say": Kind(last)}, stop.is_set)
    assert bench.slack.said() == ["one"]
    assert [bench.state(key)[0] for key in ("one", "two")] == ["delivered", "planned"]


# A notice that cannot be made


def _raises(scene: Scene) -> Rendered:
    raise KeyError("a bug")


def test_a_notice_that_cannot_be_made_keeps_no_other_back(bench: Bench) -> None:
    bench.renders("test.broken", _raises)
    bench.add("broken", kind="test.broken", after=timedelta(minutes=-1))
    bench.add("whole")
    bench.send()
    assert bench.slack.said() == ["whole"]
    assert bench.state("broken")[0] == "planned"


def test_a_kind_that_nobody_knows_keeps_no_other_back(bench: Bench) -> None:
    bench.add("unknown", kind="test.unheard_of")
    bench.add("whole")
    bench.send()
    assert bench.slack.said() == ["whole"]


def test_its_failure_is_logged_once_with_the_reference_that_the_ledger_keeps(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.renders("test.broken", _raises)
    bench.add("broken", kind="test.broken")
    for _ in range(5):
        bench.send(hours=1)
    failures = [one for one in caplog.records if one.exc_info]
    reason = bench.state("broken")[1] or ""
    assert len(failures) == 1
    assert failures[0].getMessage().split(":")[0] == reason.rpartition(" ")[2]


def test_it_is_given_up_after_as_many_tries_as_any_other(bench: Bench) -> None:
    bench.renders("test.broken", _raises)
    bench.add("broken", kind="test.broken")
    for _ in range(MOST_ATTEMPTS):
        bench.send(hours=2)
    state, reason = bench.state("broken")
    assert state == "refused"
    assert (reason or "").endswith(f"{MOST_ATTEMPTS} times")


def test_it_goes_out_once_it_can_be_made(bench: Bench) -> None:
    bench.renders("test.broken", _raises)
    bench.add("broken", kind="test.broken")
    bench.send()
    bench.renders("test.broken", lambda scene: Message("mended"))
    bench.send(hours=1)
    assert bench.slack.said() == ["mended"]


def test_a_message_that_cannot_be_sent_as_it_was_made_does_not_end_the_tick(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    unspeakable: Block = {"type": "section", "text": cast_to("str", object())}
    bench.renders("test.broken", lambda scene: Message("x", [unspeakable]))
    bench.add("broken", kind="test.broken")
    bench.add("whole")
    with caplog.at_level(logging.CRITICAL):
        bench.send()
    assert bench.slack.said() == ["whole"]
    assert bench.state("broken")[0] == "unknown"


# Changing and taking back


def test_an_update_is_done_again_when_nobody_heard(bench: Bench) -> None:
    bench.add("one")
    bench.send()
    ts = bench.slack.messages[0]["ts"]
    bench.renders("test.update", lambda scene: Update(ROOM, ts, Message("changed")))
    bench.slack.next_time("chat.update", hangs_up(acts=False))
    bench.add("two", kind="test.update")
    bench.send()
    bench.send(seconds=AFTER_GRACE)
    assert bench.slack.said() == ["changed"]
    assert bench.state("two") == ("delivered", None)
    assert bench.slack.asked("conversations.history") == []


def test_what_is_gone_already_counts_as_taken_back(bench: Bench) -> None:
    bench.renders("test.withdraw", lambda scene: Withdraw(ROOM, "1.2"))
    bench.add("one", kind="test.withdraw")
    bench.send()
    assert bench.state("one") == ("delivered", None)


# Files


def _file(scene: Scene) -> Rendered:
    return Upload("dates.ics", "Dates", b"BEGIN:VCALENDAR", "Open it.")


def _with_file(bench: Bench) -> Bench:
    bench.renders("test.file", _file)
    bench.add("file", kind="test.file", to=ToPerson(cast.ADA))
    return bench


def test_a_file_arrives_with_its_words(bench: Bench) -> None:
    _with_file(bench).send()
    (message,) = bench.slack.messages
    assert (message["channel"], message["text"], message["file"]) == ("D0ADA0001", "Open it.", b"BEGIN:VCALENDAR")
    assert bench.state("file") == ("delivered", None)


@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "upload"])
def test_until_it_is_shared_nobody_saw_a_file_so_it_is_simply_tried_again(bench: Bench, step: str) -> None:
    bench.slack.next_time(step, breaks(acts=False))
    _with_file(bench).send()
    assert bench.state("file")[0] == "planned"
    bench.send(minutes=1)
    assert len(bench.slack.messages) == 1
    assert bench.state("file") == ("delivered", None)


@pytest.mark.parametrize("acts", [True, False])
def test_a_file_that_may_have_been_shared_is_not_sent_twice(bench: Bench, acts: bool) -> None:
    bench.slack.next_time("files.completeUploadExternal", hangs_up(acts=acts))
    _with_file(bench).send()
    assert bench.state("file")[0] == "unknown"
    bench.send(minutes=1)
    assert len(bench.slack.messages) == acts
    assert bench.state("file") == (
        "refused",
        f"{UNHEARD}, and a file carries nothing to look for; "
        "of its kind rather never than twice, so it was not sent again",
    )


def test_a_file_that_must_not_be_missed_is_rather_sent_twice(bench: Bench) -> None:
    bench.kinds["test.file"] = Kind(_file, unheard="again")
    bench.slack.next_time("files.completeUploadExternal", hangs_up(acts=True))
    _with_file(bench).send()
    bench.send(minutes=1)
    assert len(bench.slack.messages) == 2
    state, reason = bench.state("file")
    assert state == "delivered"
    assert (reason or "").endswith("of its kind rather twice than never, so it was sent again")


def test_a_file_that_may_not_be_sent_is_refused(bench: Bench) -> None:
    bench.slack.next_time("files.getUploadURLExternal", refuses("missing_scope"))
    _with_file(bench).send()
    assert bench.state("file") == ("refused", "missing_scope")
