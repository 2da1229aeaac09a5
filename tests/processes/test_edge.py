"""The door as real servers stand before it: whatever arrives is refused in words of HTTP, and nobody can block it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from bot.guard import LONGEST, guard
from tests.door import JSON, ask, request, signed
from tests.localslack import BOT_TOKEN, SECRET, LocalSlack
from tests.processes.processes import Process, Starter

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

BODY = b"command=%2Fdates&text=&team_id=T0CONVENE&user_id=U0TOMAS01&channel_id=C0COHORT1&trigger_id=1.1"
OLD = "1531420618"


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing: what is refused here is refused on purpose."""


@pytest.fixture
def threaded() -> Iterator[int]:
    """The port of the server that the sandbox has, with the door before a bot that says 200."""

    def bot(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]

    server = make_server("127.0.0.1", 0, guard(bot, SECRET, lambda: None), threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def granian(start: Starter, slack_over_http: LocalSlack, file_url: str) -> Iterator[Process]:
    """The bot as it is run in earnest."""
    process = start("run", DATABASE_URL=file_url, LOG_LEVEL="DEBUG", **slack_over_http.settings)
    process.wait_until_healthy()
    slack_over_http.open()
    yield process
    assert process.stop() == 0
    assert not any(secret in process.said for secret in (BOT_TOKEN, SECRET, "C0COHORT1"))


def good(headers: Mapping[str, str | None] | None = None, body: bytes = BODY) -> bytes:
    """What Slack would send, but for some headers; None leaves one out."""
    return request(body, {**signed(SECRET, body), **(headers or {})})


def bad() -> dict[str, tuple[bytes, set[int]]]:
    """Requests that are none of Slack's, and what may be answered to each: some a server refuses by itself."""
    length, stamp, sign = "Content-Length", "X-Slack-Request-Timestamp", "X-Slack-Signature"
    mine = signed(SECRET, BODY)
    twice = f"{sign}: {mine[sign]}\r\n".encode()
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(BODY), BODY)
    deep = b"payload=" + b"%5B" * 10_000
    return {
        "no signature": (good({sign: None}), {401}),
        "a wrong signature": (good({sign: "v0=" + "0" * 64}), {401}),
        "a signature beyond ASCII": (good({sign: "v0=é"}), {401}),
        "two signatures": (request(BODY, mine, more=twice), {401}),
        "no time": (good({stamp: None}), {401}),
        "an old time": (good({stamp: OLD}), {401}),
        "a time that is none": (good({stamp: "now"}), {401}),
        "a time before all time": (good({stamp: "-5"}), {401}),
        "a time of a thousand digits": (good({stamp: "9" * 1000}), {401}),
        "no length": (good({length: None}), {411}),
        "a negative length": (good({length: "-5"}), {400}),
        "a length that is none": (good({length: "many"}), {400}),
        "a length of forty digits": (good({length: "9" * 40}), {400, 413}),
        "a body too long by its length": (good({length: str(LONGEST + 1)}), {413}),
        "chunks": (request(chunked, {**mine, length: None, "Transfer-Encoding": "chunked"}), {411}),
        "more than its length": (good({length: "10"}), {401}),
        "no type": (good({"Content-Type": None}), {415}),
        "another type": (good({"Content-Type": "text/xml"}), {415}),
        "a form that says it is JSON": (good({"Content-Type": JSON}), {400}),
        "bytes that are no text": (good(body=b"text=\xff"), {400}),
        "a payload that is no JSON": (good(body=b"payload=nonsense"), {400}),
        "a payload ten thousand deep": (good(body=deep), {400}),
        "another path": (request(BODY, mine, path="/.git/config"), {404}),
        "a path beyond ASCII": (request(BODY, mine, path="/%ff%fe"), {404}),
        "another method": (request(BODY, mine, method="PUT"), {405}),
        "a method nobody knows": (request(BODY, mine, method="BREW"), {405}),
        "headers without end": (request(BODY, mine, more=b"X-A: a\r\n" * 1000), {400, 431}),
        "no HTTP at all": (b"\x16\x03\x01\x02\x00\x01\r\n\r\n", {400}),
    }


@pytest.mark.parametrize("name", [name for name in bad() if name != "no HTTP at all"])
def test_the_sandboxs_server_refuses(threaded: int, name: str) -> None:
    sent, may_be = bad()[name]
    assert ask(threaded, sent) in may_be


def test_the_sandboxs_server_lets_slack_in(threaded: int) -> None:
    assert ask(threaded, good()) == 200


@pytest.mark.long
def test_the_real_server_refuses_all_of_them_and_stays_well(granian: Process) -> None:
    found = {name: (ask(granian.port, sent), may_be) for name, (sent, may_be) in bad().items()}
    assert {name: status for name, (status, may_be) in found.items() if status not in may_be} == {}
    assert ask(granian.port, good()) == 200
    assert granian.health() == (200, "ok")


@pytest.mark.long
@pytest.mark.parametrize(
    ("many", "sent"),
    [
        (100, lambda: good({"Content-Length": "1000"})),
        (300, lambda: b"POST /slack/events HTTP/1.1\r\nHost: bot\r\n"),
        (300, lambda: b""),
    ],
    ids=["bodies that never come", "headers that never end", "silence"],
)
def test_whoever_begins_and_does_not_go_on_keeps_nobody_else_waiting(
    granian: Process, many: int, sent: Callable[[], bytes]
) -> None:
    with ExitStack() as stack:
        for _ in range(many):
            line = stack.enter_context(socket.create_connection(("127.0.0.1", granian.port), timeout=5))
            line.sendall(sent())
        for _ in range(3):
            assert ask(granian.port, good(), patience=2.5) == 200
