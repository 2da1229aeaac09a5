"""Acknowledgements, retries, and both ways to the bot."""

from __future__ import annotations

import hashlib
import hmac
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from slack_bolt.context.ack import Ack

from bot.sandbox import transport
from bot.sandbox.interface import Payload
from bot.sandbox.transport import HttpTransport, Parcel
from tests.sandbox.blocks import actions, button, field, modal
from tests.sandbox.conftest import ADA, DM, QUESTIONS, SECRET, Stage, StageMaker, eventually


class Receiver:
    """A bare HTTP endpoint that keeps what it gets and answers as it is told."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[tuple[int, dict[str, str], bytes]] = []
        self.delay = 0.0
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append((dict(self.headers), body))
                time.sleep(receiver.delay)
                status, headers, content = receiver.answers.pop(0) if receiver.answers else (200, {}, b"")
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: Any) -> None:
                """Nothing: tests read what was got."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/slack/events"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


def redirected(stage: Stage, url: str) -> None:
    """Deliver somewhere else from now on."""
    stage.sandbox.delivery._transport = HttpTransport(url, SECRET)


# The transports


def test_a_command_is_answered_over_either_transport(either_stage: Stage) -> None:
    @either_stage.app.command("/ask")
    def ask(ack: Ack, command: dict[str, str]) -> None:
        ack(f"You asked: {command['text']}")

    result = either_stage.post("command", user=ADA, channel=QUESTIONS, command="/ask", text="when?")

    assert result["ok"]
    assert 0 < result["acked_ms"] < 3000
    [message] = either_stage.get("messages", channel=QUESTIONS, user=ADA)["messages"]
    assert message["text"] == "You asked: when?"
    assert message["is_ephemeral"]


def test_an_event_reaches_its_listener_over_either_transport(either_stage: Stage) -> None:
    heard = []

    @either_stage.app.event("message")
    def listen(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    assert either_stage.post("message", user=ADA, channel=DM, text="hello")["ok"]
    assert heard == ["hello"]


def test_a_modal_opens_and_is_handed_in_over_either_transport(either_stage: Stage) -> None:
    got = []

    @either_stage.app.command("/ask")
    def ask(ack: Ack, body: dict[str, Any], client: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal(field("b", "Hours"), callback_id="form"))
        ack()

    @either_stage.app.view("form")
    def hand_in(ack: Ack, view: dict[str, Any]) -> None:
        got.append(view["state"]["values"]["b"]["b_in"]["value"])
        if got == ["x"]:
            ack(response_action="errors", errors={"b": "Try 1.5."})
        else:
            ack()

    opened = either_stage.post("command", user=ADA, channel=QUESTIONS, command="/ask", text="")
    assert opened["view"]["callback_id"] == "form"
    refused = either_stage.post("submit", user=ADA, values={"hours": "x"})
    assert (refused["ok"], refused["errors"]) == (False, {"b": "Try 1.5."})
    assert either_stage.post("submit", user=ADA, values={"b": "1.5"})["view"] is None
    assert got == ["x", "1.5"]


def test_requests_are_signed_with_the_walls_clock(receiver: Receiver) -> None:
    answer = HttpTransport(receiver.url, SECRET).deliver(Parcel("interactive", "x", {"type": "block_actions"}))

    [(headers, body)] = receiver.got
    stamp = headers["X-Slack-Request-Timestamp"]
    signed = hmac.new(SECRET.encode(), f"v0:{stamp}:{body.decode()}".encode(), hashlib.sha256).hexdigest()
    assert answer.ok
    assert abs(int(stamp) - time.time()) < 5
    assert headers["X-Slack-Signature"] == f"v0={signed}"
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "X-Slack-Retry-Num" not in headers


@pytest.mark.parametrize(
    ("status", "failure"), [(200, None), (204, None), (302, "http_error"), (404, "http_error"), (500, "http_error")]
)
def test_only_a_success_acknowledges(receiver: Receiver, status: int, failure: str | None) -> None:
    receiver.answers = [(status, {}, b"")]

    assert HttpTransport(receiver.url, SECRET).deliver(Parcel("events_api", "x", {})).failure == failure


def test_a_late_answer_is_a_timeout(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "ACK_SECONDS", 0.1)
    receiver.delay = 0.3

    assert HttpTransport(receiver.url, SECRET).deliver(Parcel("events_api", "x", {})).failure == "http_timeout"


def test_nobody_there_is_a_failed_connection(receiver: Receiver) -> None:
    receiver.server.shutdown()
    receiver.server.server_close()

    assert HttpTransport(receiver.url, SECRET).deliver(Parcel("events_api", "x", {})).failure == "connection_failed"


def test_of_several_addresses_each_has_its_turn_and_a_dead_one_is_passed_over(receiver: Receiver) -> None:
    other = "http://127.0.0.1:1/slack/events"
    way = HttpTransport(other, SECRET, receiver.url)

    assert [way.deliver(Parcel("events_api", "x", {})).ok for _ in range(4)] == [True] * 4
    assert HttpTransport(other, SECRET, other).deliver(Parcel("events_api", "x", {})).failure == "connection_failed"


@pytest.mark.parametrize("socket", [False, True])
def test_a_command_that_is_not_acknowledged_in_time_fails_for_its_writer(
    make_stage: StageMaker, monkeypatch: pytest.MonkeyPatch, socket: bool
) -> None:
    stage = make_stage(socket=socket)

    @stage.app.command("/ask")
    def slow(ack: Ack) -> None:
        time.sleep(0.5)
        ack("too late")

    monkeypatch.setattr(transport, "ACK_SECONDS", 0.2)
    result = stage.post("command", user=ADA, channel=QUESTIONS, command="/ask", text="")

    assert (result["ok"], result["error"]) == (False, "operation_timeout")
    assert stage.texts(QUESTIONS, ADA) == ["`/ask` failed with the error “operation_timeout”."]


def test_a_submission_that_is_not_acknowledged_in_time_keeps_its_modal(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.client.views_open(
        trigger_id=stage.sandbox.workspace.passes.trigger(ADA), view=modal(field("b", "B"), callback_id="form")
    )

    @stage.app.view("form")
    def slow(ack: Ack) -> None:
        time.sleep(0.5)
        ack()

    monkeypatch.setattr(transport, "ACK_SECONDS", 0.2)
    result = stage.post("submit", user=ADA, values={"b": "x"})

    assert (result["ok"], result["error"], "_banner" in result["errors"]) == (False, "operation_timeout", True)
    assert stage.get("view", user=ADA)["depth"] == 1


def test_a_socket_address_works_once(make_stage: StageMaker) -> None:
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect

    stage = make_stage(socket=True)
    url = stage.client.apps_connections_open(app_token="xapp-app")["url"]

    with connect(url) as first:
        assert '"type": "hello"' in str(first.recv(timeout=5))
        with connect(url) as second, pytest.raises(ConnectionClosed):
            second.recv(timeout=5)


def test_a_payload_goes_to_one_of_several_connections(make_stage: StageMaker) -> None:
    from websockets.sync.client import connect

    stage = make_stage(socket=True)
    heard: list[str] = []

    @stage.app.event("message")
    def listen(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    with connect(stage.client.apps_connections_open(app_token="xapp-app")["url"]) as other:
        other.recv(timeout=5)
        got: list[str | bytes] = []

        def acknowledge() -> None:
            for frame in other:
                got.append(frame)
                envelope = str(frame).partition('"envelope_id": "')[2].partition('"')[0]
                other.send('{"envelope_id": "' + envelope + '"}')

        threading.Thread(target=acknowledge, daemon=True).start()
        for number in range(20):
            assert stage.post("message", user=ADA, channel=DM, text=str(number))["ok"]

    assert len(heard) + len(got) == 20


# Events that fail


def attempts(receiver: Receiver) -> list[tuple[str | None, str | None]]:
    return [(headers.get("X-Slack-Retry-Num"), headers.get("X-Slack-Retry-Reason")) for headers, _ in receiver.got]


def test_an_event_is_tried_again_at_once_then_after_one_and_five_minutes(stage: Stage, receiver: Receiver) -> None:
    redirected(stage, receiver.url)
    receiver.answers = [(500, {}, b"")] * 4

    result = stage.post("message", user=ADA, channel=DM, text="x")
    assert (result["ok"], result["error"], bool(result["ts"])) == (False, "http_service_error", True)
    assert attempts(receiver) == [(None, None), ("1", "http_error")]

    stage.post("clock", advance="59s")
    assert len(receiver.got) == 2
    stage.post("clock", advance="2s")
    assert attempts(receiver)[2:] == [("2", "http_error")]
    stage.post("clock", advance="4m")
    assert len(receiver.got) == 3
    stage.post("clock", advance="1h")
    assert attempts(receiver)[3:] == [("3", "http_error")]
    stage.post("clock", advance="1d")
    assert len(receiver.got) == 4
    assert len({body for _, body in receiver.got}) == 1


def test_an_event_that_is_heard_at_the_second_try_is_heard(stage: Stage, receiver: Receiver) -> None:
    redirected(stage, receiver.url)
    receiver.answers = [(500, {}, b"")]

    assert stage.post("message", user=ADA, channel=DM, text="x")["ok"]
    stage.post("clock", advance="1h")
    assert len(receiver.got) == 2


def test_a_bot_that_wants_no_retry_gets_none(stage: Stage, receiver: Receiver) -> None:
    redirected(stage, receiver.url)
    receiver.answers = [(500, {"X-Slack-No-Retry": "1"}, b"")]

    assert not stage.post("message", user=ADA, channel=DM, text="x")["ok"]
    stage.post("clock", advance="1h")
    assert len(receiver.got) == 1


def test_the_reason_for_a_retry_is_told(stage: Stage, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    redirected(stage, receiver.url)
    monkeypatch.setattr(transport, "ACK_SECONDS", 0.1)
    receiver.delay = 0.2

    assert stage.post("message", user=ADA, channel=DM, text="x")["error"] == "operation_timeout"
    eventually(lambda: len(receiver.got) == 2)
    assert attempts(receiver)[1] == ("1", "http_timeout")


def test_a_retry_falls_due_while_the_story_runs_by_itself(stage: Stage, receiver: Receiver) -> None:
    redirected(stage, receiver.url)
    receiver.answers = [(500, {}, b"")] * 2
    stage.post("message", user=ADA, channel=DM, text="x")

    due = stage.sandbox.delivery.next_retry()
    assert due is not None
    stage.clock.shift_to(due)

    eventually(lambda: len(receiver.got) == 3)


def test_the_retry_is_seen_over_the_web_socket_too(make_stage: StageMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    stage = make_stage(socket=True)
    seen: list[str | None] = []

    @stage.app.event("message")
    def listen(request: Any) -> None:
        seen.append((request.headers.get("x-slack-retry-num") or [None])[0])
        if len(seen) == 1:
            raise RuntimeError("on purpose")

    monkeypatch.setattr(transport, "ACK_SECONDS", 0.5)
    assert stage.post("message", user=ADA, channel=DM, text="x")["ok"]
    assert seen[1:] == ["1"]


def test_commands_and_presses_are_never_tried_again(stage: Stage, receiver: Receiver) -> None:
    stage.client.chat_postMessage(channel=QUESTIONS, text="x", blocks=[actions(button())])
    stage.settle()
    redirected(stage, receiver.url)
    receiver.answers = [(500, {}, b"")] * 2

    stage.post("command", user=ADA, channel=QUESTIONS, command="/ask", text="")
    stage.post("action", user=ADA, action_id="go")
    stage.post("clock", advance="1h")

    assert len(receiver.got) == 2


def test_the_bot_hears_its_own_posts_and_does_not_answer_itself(stage: Stage, receiver: Receiver) -> None:
    redirected(stage, receiver.url)

    stage.client.chat_postMessage(channel=QUESTIONS, text="hello")

    stage.settle()
    assert b'"bot_id": "B0CONVENE"' in receiver.got[0][1]


# The log


def test_the_log_shows_both_ways_without_secrets(stage: Stage) -> None:
    @stage.app.command("/ask")
    def ask(ack: Ack, client: Any) -> None:
        client.users_info(user=ADA)
        ack("hello")

    stage.post("command", user=ADA, channel=QUESTIONS, command="/ask", text="when?")

    entries: list[Payload] = stage.get("log")["log"]
    [out] = [one for one in entries if one["direction"] == "to_slack" and one["what"] == "users.info"]
    [into] = [one for one in entries if one["direction"] == "to_bot"]
    assert (out["request"]["user"], out["response"]["user"]["id"], out["status"]) == (ADA, ADA, 200)
    assert (into["what"], into["kind"], into["response"]) == ("/ask", "slash_commands", "hello")
    assert into["request"]["text"] == "when?"
    assert into["request"]["response_url"] == "(hidden)"
    assert into["ms"] > 0
    text = str(entries)
    assert "xoxb-" not in text
    assert "/response/" not in text


def test_the_log_can_be_read_on_from_a_number(stage: Stage) -> None:
    stage.client.auth_test()
    last = stage.get("log")["log"][-1]["n"]
    stage.client.users_info(user=ADA)

    assert [one["what"] for one in stage.get("log", after=str(last))["log"]] == ["users.info"]


def test_the_log_keeps_the_last_five_hundred(stage: Stage) -> None:
    for number in range(520):
        stage.sandbox.journal.write({"what": str(number)})

    entries = stage.get("log")["log"]
    assert (len(entries), entries[-1]["what"]) == (500, "519")
