"""The door before Bolt: what Slack signs goes through, everything else is refused in words of HTTP, never a 500."""

from __future__ import annotations

import hashlib
import hmac
import io
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

import pytest
from werkzeug.test import Client, EnvironBuilder, TestResponse

from bot import guard as doors
from bot.guard import DEEPEST, LONGEST, guard

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


def _bolt(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"seen:" + body]


def nested(levels: int) -> bytes:
    """An object with objects in it, so many levels deep."""
    return b'{"a":' * (levels - 1) + b"{}" + b"}" * (levels - 1)


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
    answer = post(door, b"token=x&text=hi")
    assert (answer.status_code, answer.data) == (200, b"seen:token=x&text=hi")


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


class _Unreadable:
    """A body that nobody may look at, or whose sender has hung up."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def read(self, size: int = -1) -> bytes:
        raise self._error


UNTOUCHED = _Unreadable(AssertionError("it was read"))


def bare(door: Client, **environ: object) -> TestResponse:
    """A request as a server might hand it over; the time and the signature look right."""
    headers = {"X-Slack-Request-Timestamp": str(int(time.time())), "X-Slack-Signature": "v0=" + "0" * 64}
    given = {"CONTENT_LENGTH": "3", "wsgi.input": UNTOUCHED, **environ}
    return door.post("/slack/events", headers=headers, content_type=FORM, environ_overrides=given)


def test_a_body_of_unknown_length_is_refused(door: Client) -> None:
    assert bare(door, CONTENT_LENGTH="").status_code == 411


@pytest.mark.parametrize("length", ["-5", "+5", "1.5", "0x10", "abc", "3,3", "3 ", "\u0663"])
def test_a_length_that_is_no_number_is_refused(door: Client, length: str) -> None:
    assert bare(door, CONTENT_LENGTH=length).status_code == 400


@pytest.mark.parametrize("length", [str(LONGEST + 1), "9" * 9, "9" * 10, "9" * 5000])
def test_a_length_beyond_all_measure_is_refused_before_a_byte_is_read(door: Client, length: str) -> None:
    assert bare(door, CONTENT_LENGTH=length).status_code == 413


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("CONTENT_TYPE", "", 415),
        ("CONTENT_TYPE", f"{FORM},{JSON}", 415),
        ("HTTP_X_SLACK_REQUEST_TIMESTAMP", "", 401),
        ("HTTP_X_SLACK_REQUEST_TIMESTAMP", "1531420618", 401),
        ("HTTP_X_SLACK_REQUEST_TIMESTAMP", "1531420618,1531420618", 401),
        ("HTTP_X_SLACK_SIGNATURE", "", 401),
        ("HTTP_X_SLACK_SIGNATURE", "v1=00", 401),
    ],
)
def test_what_a_header_gives_away_is_refused_before_a_byte_is_read(
    door: Client, header: str, value: str, status: int
) -> None:
    assert bare(door, **{header: value}).status_code == status


def test_a_signature_that_is_sent_twice_is_none(door: Client) -> None:
    stamp = str(int(time.time()))
    twice = f"{signature(b'x=1', stamp)},{signature(b'x=1', stamp)}"
    assert post(door, b"x=1", stamp=stamp, sign=twice).status_code == 401


def test_a_sender_who_hangs_up_is_no_failure(door: Client) -> None:
    assert bare(door, **{"wsgi.input": _Unreadable(ConnectionResetError())}).status_code == 400


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
        (b"payload=%7B%7D&payload=1", FORM),
        (b"payload=" + b"%5B" * 10_000, FORM),
        (nested(10_000), JSON),
        (nested(DEEPEST + 1), JSON),
        (b'{"a": NaN}', JSON),
        (b'{"a": -Infinity}', JSON),
        (b'{"a": %s}' % (b"9" * 5_000), JSON),
        (b"1", JSON),
        (b'"text"', JSON),
        (b"null", JSON),
        (b" ", JSON),
        (b"\xef\xbb\xbf{}", JSON),
        (b"{} {}", JSON),
        (b'{"a": "\xff"}', JSON),
    ],
)
def test_what_nobody_can_take_apart_is_refused(door: Client, body: bytes, type_: str) -> None:
    assert post(door, body, type_=type_).status_code == 400


@pytest.mark.parametrize(
    ("body", "type_"),
    [
        (b'{"type": "x"}', JSON),
        (b"payload=%7B%7D", FORM),
        (b"ssl_check=1", FORM),
        (b"text=%00%ff&text=again", FORM),
        (b'{"emoji": "\\ud83d\\ude00", "half": "\\ud83d", "nothing": "\\u0000"}', JSON),
        (nested(DEEPEST - 1), JSON),
    ],
)
def test_what_slack_sends_is_let_through(door: Client, body: bytes, type_: str) -> None:
    assert post(door, body, type_=type_).status_code == 200


def test_another_content_type_is_refused(door: Client) -> None:
    assert post(door, b"<x/>", type_="text/xml").status_code == 415


@pytest.mark.parametrize("type_", ["Application/JSON", "application/json ; charset=utf-8", "APPLICATION/JSON;x"])
def test_bolt_is_told_the_type_in_the_one_way_that_it_knows(type_: str) -> None:
    def told(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [environ["CONTENT_TYPE"].encode()]

    assert post(Client(guard(told, SECRET, lambda: None)), b'{"a": 1}', type_=type_).data == JSON.encode()


def test_what_a_form_has_in_its_one_field_is_handed_on_by_itself() -> None:
    def told(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [environ["CONTENT_TYPE"].encode(), b" ", environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))]

    door = Client(guard(told, SECRET, lambda: None))
    alone, beside = b"payload=%7B%22a%22%3A+%22%C3%A9+%2B+%3D3D%22%7D", b"payload=%7B%7D&x=1"
    assert post(door, alone).data.decode() == f'{JSON} {{"a": "é + =3D"}}'
    assert post(door, beside).data == FORM.encode() + b" " + beside


@pytest.mark.parametrize(
    "value",
    [
        "",
        "%7B%22a%22%3A%5B1%2C2%5D%7D",
        "a+b%20c%2Bd",
        "=%3D%3d3D==",
        "%",
        "%%41",
        "%4",
        "%4g%41",
        "%E2%82%AC%F0%9F%98%80",
        "%ff%C3%28%e2%82",
        "a \t%0A%0D%0D%0A%09 b ",
        "line\nend%41",
        "=\n=\r\n%3D%0A",
        "é%C3",
        "_%5F~.%00",
        "%25" * 3 + "41",
    ],
)
def test_a_field_is_read_as_the_standard_library_reads_it(value: str) -> None:
    assert doors._unquoted(value) == unquote_plus(value)


@pytest.mark.parametrize("path", ["/", "/slack/events/", "/slack", "/SLACK/EVENTS", "/healthz/", "/.env"])
def test_other_paths_are_not_there(door: Client, path: str) -> None:
    assert {door.open(path, method=method).status_code for method in METHODS} == {404}


def test_other_methods_are_refused_and_told_which_there_are(door: Client) -> None:
    for path, allowed in (("/slack/events", {"POST"}), ("/healthz", {"GET", "HEAD"})):
        answers = [door.open(path, method=method) for method in METHODS if method not in allowed]
        assert {one.status_code for one in answers} == {405}
        assert {frozenset(one.headers["Allow"].split(", ")) for one in answers} == {frozenset(allowed)}


def test_only_so_many_are_let_in_at_once_and_whoever_waits_in_vain_is_told_in_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    inside, leave = threading.Event(), threading.Event()

    def slow(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        inside.set()
        assert leave.wait(10)
        return _bolt(environ, start_response)

    door = guard(slow, SECRET, lambda: None, at_once=1)
    monkeypatch.setattr(doors, "PATIENCE_SECONDS", 0.01)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(post, Client(door), b"x=1")
        assert inside.wait(10)
        assert post(Client(door), b"x=2").status_code == 503
        assert post(Client(door), b"x=2", sign="v0=00").status_code == 401
        leave.set()
        assert first.result(10).status_code == 200
    assert post(Client(door), b"x=2").status_code == 200


def test_a_turn_that_is_free_is_had_however_long_the_last_ones_took() -> None:
    turns = doors._Turns(1)
    for _ in range(100):
        assert turns.take()
        turns.give_back(1000.0)
    assert turns.take()
    begun = time.perf_counter()
    assert not turns.take()
    assert time.perf_counter() - begun < doors.PATIENCE_SECONDS / 2


def test_only_as_many_wait_as_will_have_a_turn_in_time() -> None:
    """Each takes half of what one waits at most: two can have it in time, a third is told so at once."""
    turns = doors._Turns(1)
    for _ in range(200):
        assert turns.take()
        turns.give_back(0.45 * doors.PATIENCE_SECONDS)
    assert turns.take()
    with ThreadPoolExecutor(2) as pool:
        waiting = [pool.submit(turns.take) for _ in range(2)]
        while turns._waiting < 2:
            time.sleep(0.001)
        begun = time.perf_counter()
        assert not turns.take()
        assert time.perf_counter() - begun < doors.PATIENCE_SECONDS / 2
        turns.give_back(0.1)
        assert next(as_completed(waiting, 10)).result()
        turns.give_back(0.1)
        assert all(one.result(10) for one in waiting)


def test_nobody_waits_who_could_not_be_answered_in_time_after_that() -> None:
    """With room for a hundred at once hardly anybody waits for long; but the bot takes longer than there is time."""
    turns = doors._Turns(100)
    for _ in range(200):
        assert turns.take()
        turns.give_back(doors.ANSWER_SECONDS - 0.01)
    for _ in range(100):
        assert turns.take()
    begun = time.perf_counter()
    assert not turns.take()
    assert time.perf_counter() - begun < doors.PATIENCE_SECONDS / 2


def test_a_bot_that_fails_gives_its_turn_back() -> None:
    def broken(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raise ZeroDivisionError

    door = Client(guard(broken, SECRET, lambda: None, at_once=1))
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            post(door, b"x=1")


def test_the_bots_health_is_asked_for_once_a_second_however_many_want_to_know() -> None:
    asked: list[int] = []
    door = Client(guard(_bolt, SECRET, lambda: asked.append(1)))
    assert {door.get("/healthz").data for _ in range(50)} == {b"ok"}
    assert len(asked) <= 2


def test_whoever_wants_to_know_while_the_database_hangs_is_not_made_to_wait() -> None:
    asking, answer = threading.Event(), threading.Event()

    def healthy() -> None:
        asking.set()
        assert answer.wait(10)

    door = guard(_bolt, SECRET, healthy)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(lambda: Client(door).get("/healthz"))
        assert asking.wait(10)
        assert Client(door).get("/healthz").status_code == 503
        answer.set()
        assert first.result(10).status_code == 200
    assert Client(door).get("/healthz").status_code == 200


FLOOR = 2_500
"""Refusals a second in one thread; measured are more than ten times as many on one slow core."""


@pytest.mark.parametrize(
    "kind",
    [
        {"PATH_INFO": "/.env"},
        {"CONTENT_TYPE": "text/xml"},
        {"CONTENT_LENGTH": "9" * 9},
        {"HTTP_X_SLACK_REQUEST_TIMESTAMP": "1531420618"},
        {"HTTP_X_SLACK_SIGNATURE": "v0=" + "0" * 64},
    ],
    ids=["path", "type", "length", "time", "signature"],
)
def test_refusing_costs_next_to_nothing(kind: dict[str, str]) -> None:
    door = guard(_bolt, SECRET, lambda: None)
    body = b"command=%2Fask&text=" + b"x" * 300
    environ = EnvironBuilder("/slack/events", method="POST", data=body, content_type=FORM).get_environ()
    environ |= {"HTTP_X_SLACK_REQUEST_TIMESTAMP": str(int(time.time())), "HTTP_X_SLACK_SIGNATURE": "v0=0", **kind}
    answered: list[str] = []

    def refused(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], object]:
        answered.append(status)
        return answered.append  # type: ignore[return-value]

    def round_() -> float:
        begun = time.perf_counter()
        for _ in range(200):
            door({**environ, "wsgi.input": io.BytesIO(body)}, refused)
        return time.perf_counter() - begun

    assert min(round_() for _ in range(5)) < 200 / FLOOR
    assert {status[0] for status in answered} == {"4"}


def test_health_says_ok_or_what_is_wrong() -> None:
    assert Client(guard(_bolt, SECRET, lambda: None)).get("/healthz").data == b"ok"
    ill = Client(guard(_bolt, SECRET, lambda: "the database does not answer")).get("/healthz")
    assert (ill.status_code, ill.data) == (503, b"the database does not answer")
