"""Knocking at the bot's door: requests signed as Slack signs them, through WSGI or byte by byte through a socket."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import time
import urllib.parse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from werkzeug.test import Client, TestResponse

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

EVENTS = "/slack/events"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def signed(secret: str, body: bytes) -> dict[str, str]:
    """The headers that prove a body to be Slack's, now."""
    stamp = str(int(time.time()))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def packed(payload: Mapping[str, Any]) -> tuple[bytes, str]:
    """A payload as Slack sends it, and its content type: events as JSON, commands as a form, all else in a field."""
    if "event" in payload:
        return json.dumps(payload).encode(), JSON
    form = payload if "command" in payload else {"payload": json.dumps(payload)}
    return urllib.parse.urlencode(form, errors="surrogatepass").encode(), FORM


def deliver(wsgi: WSGIApplication, secret: str, payload: Mapping[str, Any]) -> TestResponse:
    """What the bot answers to a payload that Slack has signed."""
    body, type_ = packed(payload)
    return Client(wsgi).post(EVENTS, data=body, headers=signed(secret, body), content_type=type_)


def request(
    body: bytes, headers: Mapping[str, str | None], *, method: str = "POST", path: str = EVENTS, more: bytes = b""
) -> bytes:
    """A request as its bytes, with the length and type of a form unless `headers` say otherwise; None leaves one out.

    `more` are lines of headers as they are.
    """
    lines = {"Host": "bot", "Content-Type": FORM, "Content-Length": str(len(body)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value is not None)
    return f"{method} {path} HTTP/1.1\r\n{head}".encode("latin-1", "replace") + more + b"\r\n" + body


def ask(port: int, sent: bytes, *, patience: float = 5.0) -> int:
    """The status that is answered to some bytes. Raises OSError when nothing is, for `patience` seconds."""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as line:
        line.sendall(sent)
        with line.makefile("rb") as answers:
            status = answers.readline()
            while status.split()[1:2] == [b"100"]:
                answers.readline()
                status = answers.readline()
    if not status:
        raise ConnectionResetError("hung up without a word")
    return int(status.split()[1])
