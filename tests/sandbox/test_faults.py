"""Trouble on purpose: what Slack does wrong when it is told to, and only then."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from slack_bolt.context.ack import Ack
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import transport
from tests.sandbox.blocks import field, modal
from tests.sandbox.conftest import ADA, BOT_TOKEN, DM, QUESTIONS, Stage, StageMaker, eventually

POST = "chat.postMessage"


def post(stage: Stage, text: str = "hello", channel: str = DM) -> Any:
    return stage.client.chat_postMessage(channel=channel, text=text)


def fails(stage: Stage, text: str = "hello") -> Exception:
    """What a caller gets instead of an answer."""
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which one is the test's business
        post(stage, text)
    return caught.value


# Calls


def test_a_call_is_rate_limited_as_often_as_asked(stage: Stage) -> None:
    assert stage.post("fault", method=POST, kind="ratelimited", count=2, seconds=7)["ok"]
    for _ in range(2):
        error = fails(stage)
        assert isinstance(error, SlackApiError)
        assert (error.response.status_code, error.response["error"]) == (429, "ratelimited")
        assert error.response.headers["Retry-After"] == "7"
    post(stage)
    assert stage.texts(DM, ADA) == ["hello"]


def test_a_broken_slack_answers_500_and_has_done_nothing(stage: Stage) -> None:
    stage.post("fault", method=POST, kind="http_500")
    error = fails(stage)
    assert isinstance(error, SlackApiError)
    assert error.response.status_code == 500
    assert stage.texts(DM, ADA) == []


def test_a_connection_that_is_reset_has_done_nothing(stage: Stage) -> None:
    stage.post("fault", method=POST, kind="reset")
    assert isinstance(fails(stage), ConnectionError)
    assert stage.texts(DM, ADA) == []


def test_an_answer_that_is_lost_leaves_the_message_posted(stage: Stage) -> None:
    stage.post("fault", method=POST, kind="lost_answer")
    assert isinstance(fails(stage, "once"), ConnectionError)
    assert stage.texts(DM, ADA) == ["once"]


def test_a_call_that_hangs_is_never_answered_and_does_nothing(stage: Stage) -> None:
    stage.post("fault", method=POST, kind="timeout", seconds=30)
    impatient = WebClient(BOT_TOKEN, base_url=stage.sandbox.api_url, retry_handlers=[], timeout=1)
    with pytest.raises(TimeoutError):
        impatient.chat_postMessage(channel=DM, text="x")
    assert stage.texts(DM, ADA) == []


def test_a_sandbox_that_stops_does_not_wait_for_calls_that_hang(stage: Stage) -> None:
    stage.post("fault", method=POST, kind="timeout", seconds=30)
    hanging = threading.Thread(target=lambda: fails(stage))
    hanging.start()
    eventually(lambda: not stage.get("fault")["faults"])
    begun = time.monotonic()
    stage.sandbox.stop()
    hanging.join(5)
    assert not hanging.is_alive()
    assert time.monotonic() - begun < 3


def test_other_methods_go_on_as_ever(stage: Stage) -> None:
    stage.post("fault", method="conversations.history", kind="http_500")
    post(stage)
    assert stage.texts(DM, ADA) == ["hello"]


def test_what_a_response_url_takes_can_go_wrong_too(stage: Stage) -> None:
    failed: list[int] = []

    @stage.app.command("/ask")
    def ask(ack: Ack, respond: Any) -> None:
        failed.append(respond("hello").status_code)
        ack()

    stage.post("fault", method="response_url", kind="http_500")
    stage.post("command", user=ADA, channel=QUESTIONS, command="/ask", text="")
    assert failed == [500]
    assert stage.texts(QUESTIONS, ADA) == []


def test_faults_of_one_method_come_in_the_order_asked_for(stage: Stage) -> None:
    stage.post("fault", method=POST, kind="ratelimited")
    stage.post("fault", method=POST, kind="http_500")
    found = [fails(stage), fails(stage)]
    assert [one.response.status_code for one in found if isinstance(one, SlackApiError)] == [429, 500]


def test_what_waits_and_what_was_done_is_listed_and_cleared(stage: Stage) -> None:
    stage.post("fault", method=POST, kind="http_500", count=2)
    fails(stage)
    listed = stage.get("fault")
    assert listed["faults"] == [{"method": POST, "kind": "http_500", "count": 1, "seconds": 0.0}]
    assert listed["done"] == [{"method": POST, "kind": "http_500", "count": 1}]
    assert stage.post("fault", clear=True)["faults"] == []
    post(stage)


def test_the_log_says_what_went_wrong(stage: Stage) -> None:
    for kind in ("http_500", "lost_answer"):
        stage.post("fault", method=POST, kind=kind)
        fails(stage)
    told = [(one["status"], one["error"], one["ok"]) for one in stage.get("log")["log"] if one["what"] == POST]
    assert told == [(500, "http_500", False), (None, "lost_answer", False)]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "method is missing"),
        ({"method": "chat.shout", "kind": "reset"}, "There is no method 'chat.shout' here"),
        ({"method": ["x"], "kind": "reset"}, "There is no method"),
        ({"method": POST}, "None is no fault of chat.postMessage; there are: ratelimited, http_500"),
        ({"method": POST, "kind": "twice"}, "'twice' is no fault of chat.postMessage"),
        ({"method": POST, "kind": ["reset"]}, "is no fault of chat.postMessage"),
        ({"method": "delivery", "kind": "http_500"}, "there are: twice, late, shuffled, lost_answer"),
        ({"method": POST, "kind": "reset", "count": 0}, "count is a whole number"),
        ({"method": POST, "kind": "reset", "count": True}, "count is a whole number"),
        ({"method": POST, "kind": "reset", "count": 1.5}, "count is a whole number"),
        ({"method": POST, "kind": "timeout", "seconds": -1}, "seconds is a number"),
        ({"method": POST, "kind": "timeout", "seconds": "9"}, "seconds is a number"),
        ({"method": POST, "kind": "reset", "often": 3}, "often is nothing that a fault has"),
        ({"pace": "yes"}, "pace is nothing that a fault has"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused_in_words(stage: Stage, body: dict[str, Any], says: str) -> None:
    result = stage.post("fault", **body)
    assert (result["status"], result["ok"]) == (400, False)
    assert says in result["error"]
    assert stage.get("fault")["faults"] == []


# One message a second a channel


def test_posts_are_limited_to_one_a_second_a_channel_when_that_is_switched_on(stage: Stage) -> None:
    assert stage.post("fault", pace=True)["pace"]
    post(stage, "first")
    error = fails(stage, "at once")
    assert isinstance(error, SlackApiError)
    assert (error.response.status_code, error.response.headers["Retry-After"]) == (429, "1")
    post(stage, "elsewhere", QUESTIONS)
    stage.clock.shift_to(stage.clock() + timedelta(seconds=1))
    post(stage, "a second later")
    assert stage.texts(DM, ADA) == ["first", "a second later"]


def test_nobody_is_limited_until_then_and_after(stage: Stage) -> None:
    for on in (True, False):
        stage.post("fault", pace=on)
    for _ in range(3):
        post(stage)


def test_a_walk_with_the_limit_on_takes_no_longer(stage: Stage) -> None:
    stage.post("fault", pace=True)
    start = stage.clock()
    stage.schedule.due = [start + timedelta(hours=1)]
    tries = 0

    def says() -> None:
        nonlocal tries
        tries += 1
        for text in ("one", "two"):
            try:
                post(stage, f"{text} of try {tries}")
            except SlackApiError as error:
                wait = timedelta(seconds=int(error.response.headers["Retry-After"]))
                stage.schedule.due.append(stage.clock() + wait)

    stage.schedule.says = says
    begun = time.monotonic()
    stage.post("clock", advance="70m")
    assert time.monotonic() - begun < 20
    assert len(stage.texts(DM, ADA)) > 2


# Deliveries


def heard_by(stage: Stage) -> list[str]:
    heard: list[str] = []

    @stage.app.event("message")
    def listen(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    return heard


def test_an_event_is_delivered_twice(either_stage: Stage) -> None:
    heard = heard_by(either_stage)
    either_stage.post("fault", method="delivery", kind="twice")
    assert either_stage.post("message", user=ADA, channel=DM, text="hello")["ok"]
    assert either_stage.post("message", user=ADA, channel=DM, text="again")["ok"]
    assert heard == ["hello", "hello", "again"]


def test_a_command_is_delivered_twice_and_answered_once(stage: Stage) -> None:
    calls: list[str] = []

    @stage.app.command("/ask")
    def ask(ack: Ack, body: dict[str, Any]) -> None:
        calls.append(body["trigger_id"])
        ack("hello")

    stage.post("fault", method="delivery", kind="twice")
    assert stage.post("command", user=ADA, channel=QUESTIONS, command="/ask", text="x")["ok"]
    assert len(calls) == 2
    assert len(set(calls)) == 1
    assert stage.texts(QUESTIONS, ADA) == ["hello"]


def test_a_late_event_arrives_when_its_time_has_come(stage: Stage) -> None:
    heard = heard_by(stage)
    stage.post("fault", method="delivery", kind="late", seconds=90)
    assert stage.post("message", user=ADA, channel=DM, text="late")["ok"]
    stage.post("message", user=ADA, channel=DM, text="later, and first")
    stage.post("clock", advance="80s")
    assert heard == ["later, and first"]
    stage.post("clock", advance="20s")
    assert heard == ["later, and first", "late"]


def test_shuffled_events_arrive_the_other_way_round(stage: Stage) -> None:
    heard = heard_by(stage)
    stage.post("fault", method="delivery", kind="shuffled")
    stage.post("message", user=ADA, channel=DM, text="first")
    stage.post("message", user=ADA, channel=DM, text="second")
    eventually(lambda: heard == ["second", "first"])


def test_a_shuffled_event_that_nothing_follows_arrives_all_the_same(stage: Stage) -> None:
    heard = heard_by(stage)
    stage.post("fault", method="delivery", kind="shuffled")
    stage.post("message", user=ADA, channel=DM, text="alone")
    stage.post("clock", advance="2m")
    assert heard == ["alone"]


def test_a_form_that_arrives_late_shows_trouble_and_arrives(stage: Stage) -> None:
    got = hands_in(stage)
    stage.post("fault", method="delivery", kind="late", seconds=30)
    result = stage.post("submit", user=ADA, values={"b": "x"})
    assert (result["ok"], result["error"]) == (False, "operation_timeout")
    assert "trouble connecting" in result["errors"]["_banner"]
    stage.post("clock", advance="1m")
    assert len(got) == 1


def test_a_form_whose_answer_is_lost_can_be_handed_in_again_and_bears_the_same_view(stage: Stage) -> None:
    got = hands_in(stage)
    stage.post("fault", method="delivery", kind="lost_answer")
    assert not stage.post("submit", user=ADA, values={"b": "x"})["ok"]
    assert stage.post("submit", user=ADA, values={})["ok"]
    assert len(got) == 2
    assert len(set(got)) == 1


def test_an_event_whose_answer_is_lost_is_sent_again_with_the_reason(stage: Stage) -> None:
    seen: list[tuple[str | None, str | None]] = []

    @stage.app.event("message")
    def listen(request: Any) -> None:
        names = ("x-slack-retry-num", "x-slack-retry-reason")
        seen.append(tuple((request.headers.get(name) or [None])[0] for name in names))

    stage.post("fault", method="delivery", kind="lost_answer")
    assert stage.post("message", user=ADA, channel=DM, text="x")["ok"]
    assert seen == [(None, None), ("1", "http_timeout")]


def hands_in(stage: Stage) -> list[str]:
    """A form is open; the view ids it is handed in with."""
    got: list[str] = []

    @stage.app.view("form")
    def hand_in(ack: Ack, view: dict[str, Any]) -> None:
        got.append(view["id"])
        ack()

    trigger = stage.sandbox.workspace.passes.trigger(ADA)
    stage.client.views_open(trigger_id=trigger, view=modal(field("b", "B"), callback_id="form"))
    return got


# A bot that slept


def test_a_bot_that_slept_finds_all_that_fell_due_at_once(stage: Stage) -> None:
    start = stage.clock()
    stage.schedule.due = [start + timedelta(hours=1), start + timedelta(hours=5), start + timedelta(hours=7)]
    assert stage.post("clock", sleep="6h")["ok"]
    assert len(stage.schedule.sent) == 2
    assert min(stage.schedule.sent) - start >= timedelta(hours=6)


@pytest.mark.parametrize("body", [{"sleep": "soon"}, {"sleep": "9999w"}, {"sleep": "1h", "advance": "1h"}])
def test_a_sleep_that_makes_no_sense_is_refused(stage: Stage, body: dict[str, str]) -> None:
    assert stage.post("clock", **body)["status"] == 400


# Views


def test_a_view_that_was_changed_meanwhile_is_not_overwritten(stage: Stage) -> None:
    hands_in(stage)
    view = stage.get("view", user=ADA)["view"]
    fresh = modal(field("b", "Changed"), callback_id="form")
    stage.client.views_update(view_id=view["id"], view=fresh, hash=view["hash"])
    with pytest.raises(SlackApiError) as caught:
        stage.client.views_update(view_id=view["id"], view=fresh, hash=view["hash"])
    assert caught.value.response["error"] == "hash_conflict"


def test_a_bot_that_takes_too_long_is_seen_by_whoever_handed_in(
    make_stage: StageMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = make_stage()
    hands_in(stage)
    monkeypatch.setattr(transport, "ACK_SECONDS", 0.2)

    @stage.app.middleware
    def slow(next: Any) -> None:
        time.sleep(0.5)
        next()

    result = stage.post("submit", user=ADA, values={"b": "x"})
    assert "trouble connecting" in result["errors"]["_banner"]
    assert stage.get("view", user=ADA)["errors"] == result["errors"]
