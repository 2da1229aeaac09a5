"""The door before Bolt: what Slack signs goes through, everything else is refused in words of HTTP, never a 500."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pytest
from werkzeug.test import Client, TestResponse

from bot.guard import LONGEST, guard

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def _bolt(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"seen:" + body]


@pytest.fixture
def door() -> Client:
    return Client(guard(_bolt, SECRET, lambda: None))


def signature(body: bytes, stamp: str) -> str:
    return "v0=" + hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()


def post(
    door: Client, body: bytes, *, stamp: str | None = None, sign: str | None = None, type_: str = FORM
) -> TestResponse:
    stamp = stamp if stamp is not None else str(int(time.time()))
    headers = {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": sign if sign is not None else signature(body, stamp),
    }
    return door.post("/slack/events", data=body, headers=headers, content_type=type_)


def test_a_signed_request_reaches_the_bot_with_its_body(door: Client) -> None:
    answer = post(door, b"command=%2Fask&text=hi")
    assert (answer.status_code, answer.data) == (200, b"seen:command=%2Fask&text=hi")


def test_slacks_own_example_of_a_signature_is_computed_alike() -> None:
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    expected = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert signature(body, "1531420618") == expected


@pytest.mark.parametrize("sign", ["", "v0=", "v0=00", "nonsense", "v0=é"])
def test_a_wrong_signature_is_refused(door: Client, sign: str) -> None:
    assert post(door, b"x=1", sign=sign).status_code == 401


def test_a_changed_body_is_refused(door: Client) -> None:
    stamp = str(int(time.time()))
    assert post(door, b"x=2", stamp=stamp, sign=signature(b"x=1", stamp)).status_code == 401


@pytest.mark.parametrize("seconds", [-301, 302])
def test_a_request_from_another_time_is_refused(door: Client, seconds: int) -> None:
    assert post(door, b"x=1", stamp=str(int(time.time()) + seconds)).status_code == 401


@pytest.mark.parametrize("stamp", ["", "now", "1e9", "-5", "9" * 40, "١٢٣"])
def test_a_timestamp_that_is_no_number_is_refused(door: Client, stamp: str) -> None:
    # A header travels as latin-1; what does not fit there arrives as something else that is no number either.
    sent = stamp.encode().decode("latin-1")
    assert post(door, b"x=1", stamp=sent, sign="v0=00").status_code == 401


def test_missing_headers_are_refused(door: Client) -> None:
    assert door.post("/slack/events", data=b"x=1", content_type=FORM).status_code == 401


def test_a_body_that_is_too_long_is_refused_unread(door: Client) -> None:
    assert post(door, b"x" * (LONGEST + 1)).status_code == 413


def test_a_body_of_unknown_length_is_refused(door: Client) -> None:
    answer = door.post("/slack/events", content_type=FORM, environ_overrides={"CONTENT_LENGTH": ""})
    assert answer.status_code == 411


def test_a_body_shorter_than_announced_is_refused(door: Client) -> None:
    stamp = str(int(time.time()))
    headers = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature(b"x=1", stamp)}
    short = {"CONTENT_LENGTH": "10"}
    answer = door.post("/slack/events", data=b"x=1", headers=headers, content_type=FORM, environ_overrides=short)
    assert answer.status_code == 400


def test_bytes_that_are_no_text_are_refused(door: Client) -> None:
    assert post(door, b"x=\xff\xfe").status_code == 400


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        (b"not json", JSON),
        (b'{"half', JSON),
        (b"[]", JSON),
        (b"payload=", FORM),
        (b"[" * 10_000, JSON),
        (b"payload=not+json", FORM),
        (b"payload=%5B%5D", FORM),
    ],
)
def test_what_nobody_can_take_apart_is_refused(door: Client, body: bytes, type_: str) -> None:
    assert post(door, body, type_=type_).status_code == 400


@pytest.mark.parametrize(
    ("body", "type_"), [(b'{"type": "x"}', JSON), (b"payload=%7B%7D", FORM), (b"ssl_check=1", FORM)]
)
def test_what_slack_sends_is_let_through(door: Client, body: bytes, type_: str) -> None:
    assert post(door, body, type_=type_).status_code == 200


def test_another_content_type_is_refused(door: Client) -> None:
    assert post(door, b"<x/>", type_="text/xml").status_code == 415


def test_other_paths_and_methods_are_not_there(door: Client) -> None:
    assert door.get("/").status_code == 404
    assert door.get("/slack/events").status_code == 405


def test_health_says_ok_or_what_is_wrong() -> None:
    assert Client(guard(_bolt, SECRET, lambda: None)).get("/healthz").data == b"ok"
    ill = Client(guard(_bolt, SECRET, lambda: "the database does not answer")).get("/healthz")
    assert (ill.status_code, ill.data) == (503, b"the database does not answer")
