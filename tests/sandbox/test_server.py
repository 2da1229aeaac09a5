"""The door: who is let in, what the page gets, live updates, and an end without hanging."""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from typing import Any

import pytest

from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import (
    ADA,
    APP_TOKEN,
    BOT_TOKEN,
    PEOPLE,
    QUESTIONS,
    ROOMS,
    SECRET,
    ZONE,
    Stage,
    StageMaker,
    eventually,
    manifest,
)


def body(text: str = "x") -> dict[str, str]:
    return {"user": ADA, "channel": QUESTIONS, "text": text}


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://localhost"])
def test_a_post_from_another_origin_is_refused(stage: Stage, origin: str) -> None:
    result = stage.ask("POST", "/_sandbox/message", body(), {"Origin": origin})

    assert (result["status"], result["ok"]) == (403, False)
    assert stage.texts(QUESTIONS) == []


def test_a_post_from_the_pages_own_origin_is_taken(stage: Stage) -> None:
    stage.app.event("message")(lambda: None)

    assert stage.ask("POST", "/_sandbox/message", body(), {"Origin": stage.sandbox.site})["ok"]


@pytest.mark.parametrize("host", ["evil.example", "evil.example:3000", "127.0.0.1.evil.example", ""])
def test_a_request_for_another_host_is_refused(stage: Stage, host: str) -> None:
    assert stage.ask("GET", "/_sandbox/workspace", headers={"Host": host})["status"] == 403


def test_localhost_is_this_host(stage: Stage) -> None:
    port = stage.sandbox.site.rpartition(":")[2]

    assert stage.ask("GET", "/_sandbox/workspace", headers={"Host": f"localhost:{port}"})["ok"]


def test_a_cross_site_post_without_an_origin_is_refused(stage: Stage) -> None:
    assert stage.ask("POST", "/_sandbox/message", body(), {"Sec-Fetch-Site": "cross-site"})["status"] == 403


def test_what_is_not_there_is_said_in_json(stage: Stage) -> None:
    assert stage.ask("GET", "/_sandbox/nothing")["status"] == 404
    assert stage.ask("GET", "/_sandbox/message")["status"] == 405
    assert stage.ask("POST", "/_sandbox/workspace", {})["status"] == 405


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"{", "not JSON"),
        (b"[]", "must be a JSON object"),
        (b"\xff", "not JSON"),
        (b'{"user": "ada", "channel": "C0APPLY01", "text": "\\ud800"}', "not JSON"),
        pytest.param(b"[" * 50_000, "not JSON", id="too deep"),
    ],
)
def test_a_body_that_is_no_object_is_refused(stage: Stage, data: bytes, says: str) -> None:
    request = urllib.request.Request(f"{stage.sandbox.site}/_sandbox/message", data, method="POST")

    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request)
    assert error.value.code == 400
    assert says in json.load(error.value)["error"]


def without_a_bot(stage: Stage) -> Sandbox:
    return Sandbox(
        people=PEOPLE,
        rooms=ROOMS,
        manifest=manifest(),
        clock=stage.clock,
        zone=ZONE,
        signing_secret=SECRET,
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
    )


def test_nothing_can_be_done_before_a_bot_is_there(stage: Stage) -> None:
    lonely = without_a_bot(stage)
    site = lonely.start()
    try:
        request = urllib.request.Request(f"{site}/_sandbox/message", json.dumps(body()).encode(), method="POST")
        with pytest.raises(urllib.error.HTTPError) as error:
            urllib.request.urlopen(request)
        assert "No bot is connected" in json.load(error.value)["error"]
    finally:
        lonely.stop()


def test_an_address_goes_with_http_only(stage: Stage, make_stage: StageMaker) -> None:
    over_socket = make_stage(socket=True)

    with pytest.raises(ValueError, match="events_url"):
        stage.sandbox.connect(stage.schedule, None)
    with pytest.raises(ValueError, match="events_url"):
        over_socket.sandbox.connect(stage.schedule, "http://127.0.0.1:1/")


def test_a_taken_port_is_an_error_at_once(stage: Stage, make_stage: StageMaker) -> None:
    other = make_stage().sandbox
    other.stop()

    with pytest.raises(OSError, match="in use"):
        other.start(int(stage.sandbox.site.rpartition(":")[2]))


def test_the_page_is_served_with_a_policy(stage: Stage) -> None:
    with urllib.request.urlopen(f"{stage.sandbox.site}/") as response:
        assert response.headers["Content-Type"].startswith("text/html")
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/nothing.js", "/../server.py", "/..%2fserver.py", "/files/F1/x/a", "/_sandbox"])
def test_nothing_else_is_served(stage: Stage, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(stage.sandbox.site + path)
    assert error.value.code == 404


def test_a_permalink_leads_to_the_message_in_the_page(stage: Stage) -> None:
    ts = stage.client.chat_postMessage(channel=QUESTIONS, text="one")["ts"]
    link = stage.client.chat_getPermalink(channel=QUESTIONS, message_ts=ts)["permalink"]

    with urllib.request.urlopen(link) as response:
        assert response.url == f"{stage.sandbox.site}/?in={QUESTIONS}&ts={ts}"


class Follower:
    """Somebody who follows the live updates."""

    def __init__(self, stage: Stage) -> None:
        self.seen: list[dict[str, Any]] = []
        self.ended = threading.Event()
        self._response = urllib.request.urlopen(f"{stage.sandbox.site}/_sandbox/stream", timeout=30)
        assert self._response.readline() == b": hello\n"
        threading.Thread(target=self._follow, daemon=True).start()

    def _follow(self) -> None:
        for line in self._response:
            if line.startswith(b"data: "):
                self.seen.append(json.loads(line[6:]))
        self._response.close()
        self.ended.set()

    def has(self, **change: str) -> None:
        eventually(lambda: change in self.seen)


def test_changes_are_streamed_as_they_happen(stage: Stage) -> None:
    follower = Follower(stage)

    stage.client.chat_postMessage(channel=QUESTIONS, text="x")
    follower.has(type="message", channel=QUESTIONS)
    follower.has(type="log")
    stage.client.chat_postEphemeral(channel=QUESTIONS, user=ADA, text="x")
    follower.has(type="message", channel=QUESTIONS, user=ADA)
    stage.client.views_publish(user_id=ADA, view={"type": "home", "blocks": []})
    follower.has(type="home", user=ADA)
    stage.client.views_open(
        trigger_id=stage.sandbox.workspace.passes.trigger(ADA),
        view={"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": []},
    )
    follower.has(type="view", user=ADA)
    stage.post("join", user="pat", channel=QUESTIONS)
    follower.has(type="channel", channel=QUESTIONS)
    stage.post("clock", advance="1h")
    follower.has(type="clock")


def test_the_stream_ends_with_the_sandbox(stage: Stage) -> None:
    follower = Follower(stage)

    stage.sandbox.stop()

    assert follower.ended.wait(5)


def test_two_people_writing_at_once_lose_nothing(stage: Stage) -> None:
    stage.app.event("message")(lambda: None)

    def write(name: str) -> None:
        for number in range(10):
            assert stage.post("message", **body(f"{name} {number}"))["ok"]

    threads = [threading.Thread(target=write, args=(name,)) for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    messages = stage.get("messages", channel=QUESTIONS)["messages"]
    assert len({one["ts"] for one in messages}) == 30


def test_people_wait_at_the_door_until_the_bot_is_there(stage: Stage) -> None:
    sandbox = without_a_bot(stage)
    site = sandbox.start(hold=True)
    came: list[int] = []
    visitor = threading.Thread(target=lambda: came.append(urllib.request.urlopen(f"{site}/_sandbox/workspace").status))
    try:
        visitor.start()
        visitor.join(0.2)
        assert came == []
        sandbox.connect(stage.schedule, "http://127.0.0.1:1/slack/events")
        visitor.join(5)
        assert came == [200]
    finally:
        sandbox.stop()
