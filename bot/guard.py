"""The door before Bolt: plain WSGI that reads the raw bytes, and refuses what Slack would never send.

Order matters: length, type, time, signature, encoding; the cheap checks first, and nothing is parsed before it is
trusted.
Time here is transport time: the wall's.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

LONGEST = 1_000_000
REPLAY_SECONDS = 300
JSON = "application/json"
TYPES = ("application/x-www-form-urlencoded", JSON)


def guard(app: WSGIApplication, signing_secret: str, healthy: Callable[[], str | None]) -> WSGIApplication:
    """Let through only signed requests to /slack/events; answer /healthz with what `healthy` finds wrong, if any."""
    secret = signing_secret.encode()

    def guarded(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/healthz":
            trouble = healthy()
            status = HTTPStatus.OK if trouble is None else HTTPStatus.SERVICE_UNAVAILABLE
            return _answer(start_response, status, trouble or "ok")
        if path != "/slack/events":
            return _answer(start_response, HTTPStatus.NOT_FOUND)
        if environ.get("REQUEST_METHOD") != "POST":
            return _answer(start_response, HTTPStatus.METHOD_NOT_ALLOWED)
        body, refusal = _read(environ, secret)
        if refusal is not None:
            return _answer(start_response, refusal)
        environ["wsgi.input"] = io.BytesIO(body)
        return app(environ, start_response)

    return guarded


def health_only(healthy: Callable[[], str | None]) -> WSGIApplication:
    """The same /healthz for processes that listen to nothing else."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") != "/healthz":
            return _answer(start_response, HTTPStatus.NOT_FOUND)
        trouble = healthy()
        return _answer(
            start_response, HTTPStatus.OK if trouble is None else HTTPStatus.SERVICE_UNAVAILABLE, trouble or "ok"
        )

    return app


def _read(environ: WSGIEnvironment, secret: bytes) -> tuple[bytes, HTTPStatus | None]:
    length = environ.get("CONTENT_LENGTH") or ""
    if not (length.isascii() and length.isdigit()):
        return b"", HTTPStatus.LENGTH_REQUIRED
    if len(length) > 9 or int(length) > LONGEST:
        return b"", HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    kind = environ.get("CONTENT_TYPE", "").split(";")[0].strip().lower()
    if kind not in TYPES:
        return b"", HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    stamp = environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        return b"", HTTPStatus.UNAUTHORIZED
    if abs(time.time() - int(stamp)) > REPLAY_SECONDS:
        return b"", HTTPStatus.UNAUTHORIZED
    body: bytes = environ["wsgi.input"].read(int(length))
    if len(body) != int(length):
        return b"", HTTPStatus.BAD_REQUEST
    expected = "v0=" + hmac.new(secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    given = environ.get("HTTP_X_SLACK_SIGNATURE", "")
    if not hmac.compare_digest(expected.encode(), given.encode("latin-1", "replace")):
        return b"", HTTPStatus.UNAUTHORIZED
    try:
        understood = _is_understood(body.decode(), kind)
    except (ValueError, RecursionError):
        understood = False
    return (body, None) if understood else (b"", HTTPStatus.BAD_REQUEST)


def _is_understood(body: str, kind: str) -> bool:
    """Whether a body is what Bolt can take apart, which else raises: an object in JSON, alone or in a form's field."""
    alone = kind == JSON or body.startswith("{")
    payload = body if alone else dict(parse_qsl(body, keep_blank_values=True)).get("payload", "{}")
    return isinstance(json.loads(payload), dict)


def _answer(start_response: StartResponse, status: HTTPStatus, text: str | None = None) -> Iterable[bytes]:
    body = (text or status.phrase).encode()
    start_response(
        f"{status.value} {status.phrase}",
        [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))],
    )
    return [body]
