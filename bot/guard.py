"""The door before Bolt: plain WSGI that reads the raw bytes, and refuses what Slack would never send.

Order matters: length, type, time, signature, a turn, encoding and shape; the cheap checks first, and nothing is parsed
before it is trusted, nor for whom there is no room.
Time here is transport time: the wall's.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import io
import json
import logging
import re
import threading
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import parse_qsl, unquote_plus

from bot.shapes import misfit

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

log = logging.getLogger(__name__)
LONGEST = 1_000_000
DEEPEST = 100
"""Levels of a payload; Slack's own have a dozen, and some hundreds are more than can be taken apart further in."""
REPLAY_SECONDS = 300
AT_ONCE = 8
"""How many requests the bot itself works on; more of them would only wait for each other."""
PATIENCE_SECONDS = 1.0
"""How long a good request waits for its turn: Slack waits three seconds, and the database may take half of them."""
ANSWER_SECONDS = 2.5
"""How long a request may take in all, its wait included."""
LATELY = 20
"""Over about how many requests it is reckoned how long one takes."""
HEALTH_SECONDS = 1.0
"""How long an answer about the bot's health is good: anybody may ask for it, as often as they like."""
JSON = "application/json"
TYPES = ("application/x-www-form-urlencoded", JSON)
FIELD = "payload="
BROKEN = re.compile("%(?![0-9A-Fa-f]{2})|[\r\n]")
"""Escapes that are none, and line ends, which mean something else in quoted-printable."""


def guard(
    app: WSGIApplication, signing_secret: str, healthy: Callable[[], str | None], at_once: int = AT_ONCE
) -> WSGIApplication:
    """Let through only signed requests to /slack/events; answer /healthz with what `healthy` finds wrong, if any."""
    secret = signing_secret.encode()
    turns = _Turns(at_once)
    otherwise = health_only(healthy)

    def guarded(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != "/slack/events":
            return otherwise(environ, start_response)
        if environ.get("REQUEST_METHOD") != "POST":
            return _not_allowed(start_response, "POST")
        body = _read(environ, secret)
        if isinstance(body, HTTPStatus):
            return _answer(start_response, body)
        # Whoever still sends waits outside: only what Slack has signed takes a turn, and is taken apart after that.
        if not turns.take():
            return _answer(start_response, HTTPStatus.SERVICE_UNAVAILABLE)
        begun = time.monotonic()
        try:
            understood = _understood(body, environ["CONTENT_TYPE"])
            if understood is None:
                return _answer(start_response, HTTPStatus.BAD_REQUEST)
            _hand_on(environ, *understood)
            return app(environ, start_response)
        finally:
            turns.give_back(time.monotonic() - begun)

    return guarded


class _Turns:
    """Turns at the bot. Whoever would hardly get one in time is told so at once, not after having waited in vain."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._free = threading.BoundedSemaphore(at_once)
        self._counting = threading.Lock()
        self._waiting = 0
        self._seconds = 0.0

    def take(self) -> bool:
        """Wait for a turn; False when there is none to be had in time."""
        with self._counting:
            if not self._waiting and self._free.acquire(blocking=False):
                return True
            # Whoever waits is to be answered in time, too: on a slow day that leaves little to wait with.
            patience = min(PATIENCE_SECONDS, ANSWER_SECONDS - self._seconds)
            if (self._waiting + 1) * self._seconds / self._at_once > patience:
                return False
            self._waiting += 1
        try:
            return self._free.acquire(timeout=patience)
        finally:
            with self._counting:
                self._waiting -= 1

    def give_back(self, seconds: float) -> None:
        """Let the next one in; what a turn takes is reckoned from the last few."""
        with self._counting:
            self._seconds += (seconds - self._seconds) / LATELY
        self._free.release()


def health_only(healthy: Callable[[], str | None]) -> WSGIApplication:
    """/healthz and nothing else: all there is in processes that listen to no request of Slack's."""
    health = _Health(healthy)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != "/healthz":
            return _answer(start_response, HTTPStatus.NOT_FOUND)
        if environ.get("REQUEST_METHOD") not in ("GET", "HEAD"):
            return _not_allowed(start_response, "GET, HEAD")
        trouble = health()
        status = HTTPStatus.OK if trouble is None else HTTPStatus.SERVICE_UNAVAILABLE
        return _answer(start_response, status, trouble or "ok")

    return app


class _Health:
    """Asks once a second at most, in one thread at most, however many want to know."""

    def __init__(self, healthy: Callable[[], str | None]) -> None:
        self._healthy = healthy
        self._asking = threading.Lock()
        self._known: str | None = "It is not known yet."
        self._until = 0.0

    def __call__(self) -> str | None:
        if time.monotonic() < self._until or not self._asking.acquire(blocking=False):
            return self._known
        try:
            self._known = self._healthy()
            self._until = time.monotonic() + HEALTH_SECONDS
        finally:
            self._asking.release()
        return self._known


def _read(environ: WSGIEnvironment, secret: bytes) -> bytes | HTTPStatus:
    """The body, or why it is refused."""
    refusal = _at_sight(environ)
    if refusal is not None:
        return refusal
    length, stamp = int(environ["CONTENT_LENGTH"]), environ["HTTP_X_SLACK_REQUEST_TIMESTAMP"]
    try:
        body: bytes = environ["wsgi.input"].read(length)
    except OSError:
        # Whoever sent it has hung up.
        return HTTPStatus.BAD_REQUEST
    if len(body) != length:
        return HTTPStatus.BAD_REQUEST
    expected = "v0=" + hmac.new(secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), environ["HTTP_X_SLACK_SIGNATURE"].encode("latin-1", "replace")):
        return HTTPStatus.UNAUTHORIZED
    # Bolt compares it letter by letter, and would take other spellings for a form.
    environ["CONTENT_TYPE"] = _kind(environ)
    return body


def _at_sight(environ: WSGIEnvironment) -> HTTPStatus | None:
    """Why a request is refused before a byte of its body is read."""
    length = environ.get("CONTENT_LENGTH") or ""
    if not length:
        return HTTPStatus.LENGTH_REQUIRED
    if not _is_number(length):
        return HTTPStatus.BAD_REQUEST
    if len(length) > 9 or int(length) > LONGEST:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if _kind(environ) not in TYPES:
        return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    stamp = environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "")
    if not _is_number(stamp) or len(stamp) > 11 or abs(time.time() - int(stamp)) > REPLAY_SECONDS:
        return HTTPStatus.UNAUTHORIZED
    signed = str(environ.get("HTTP_X_SLACK_SIGNATURE", "")).startswith("v0=")
    return None if signed else HTTPStatus.UNAUTHORIZED


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _kind(environ: WSGIEnvironment) -> str:
    return str(environ.get("CONTENT_TYPE", "")).partition(";")[0].strip().lower()


def _understood(body: bytes, kind: str) -> tuple[bytes, str] | None:
    """One of Slack's payloads as Bolt is to have it, with its type; None for anything else.

    What a form has in its one field is handed on by itself: to take it out once more takes longer than all that Bolt
    does besides.
    """
    try:
        said = body.decode()
        told = _told(said, kind)
        if not fits(_taken_apart(said if told is None else told, kind if told is None else JSON)):
            return None
    except (ValueError, RecursionError):
        return None
    return (body, kind) if told is None else (told.encode(), JSON)


def _hand_on(environ: WSGIEnvironment, body: bytes, kind: str) -> None:
    environ["wsgi.input"] = io.BytesIO(body)
    environ["CONTENT_LENGTH"], environ["CONTENT_TYPE"] = str(len(body)), kind


def fits(payload: object) -> bool:
    """Whether it is one of Slack's payloads: of another shape, Bolt or whoever listens would fall over it."""
    if not isinstance(payload, dict) or not _is_shallow(payload):
        return False
    at = misfit(payload)
    if at is not None:
        # By name alone: nothing of what was sent.
        log.warning("refused what Slack has signed, as it does not fit at %s", at)
    return at is None


def _taken_apart(body: str, kind: str) -> object:
    """An object in JSON, alone or in a form's field; else the form itself. Raises ValueError."""
    if kind == JSON or body.startswith("{"):
        return json.loads(body, parse_constant=_refuse)
    form = dict(parse_qsl(body, keep_blank_values=True))
    return json.loads(form["payload"], parse_constant=_refuse) if "payload" in form else form


def _told(body: str, kind: str) -> str | None:
    """The JSON in a form that has nothing else, which is how Slack sends whatever is no command."""
    if kind == JSON or not body.startswith(FIELD) or "&" in body:
        return None
    return _unquoted(body.removeprefix(FIELD))


def _unquoted(value: str) -> str:
    """As `urllib.parse.unquote_plus`, which goes from escape to escape: the payload of a form has thousands of them.

    Quoted-printable differs only in its sign, and is read in one go.
    """
    if not value.isascii() or BROKEN.search(value):
        return unquote_plus(value)
    quoted = value.replace("+", " ").replace("=", "%3D").replace("%", "=")
    return binascii.a2b_qp(quoted).decode(errors="replace")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _is_shallow(payload: object) -> bool:
    """Whether it is not nested so deeply that whoever goes through it runs out of stack."""
    level = [payload]
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one if isinstance(one, list) else ())
            if isinstance(inner, dict | list)
        ]
        if not level:
            return True
    return False


def _not_allowed(start_response: StartResponse, allowed: str) -> Iterable[bytes]:
    return _answer(start_response, HTTPStatus.METHOD_NOT_ALLOWED, headers=(("Allow", allowed),))


def _answer(
    start_response: StartResponse,
    status: HTTPStatus,
    text: str | None = None,
    headers: Iterable[tuple[str, str]] = (),
) -> Iterable[bytes]:
    body = (text or status.phrase).encode()
    start_response(
        f"{status.value} {status.phrase}",
        [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body))), *headers],
    )
    return [body]
