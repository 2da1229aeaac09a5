"""The two ways to the bot: signed HTTP requests, or the frames of a web socket. Both live on the machine's time."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import itertools
import json
import secrets
import threading
import time
import urllib.parse
import uuid
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from bot.sandbox.ids import APP_ID
from bot.sandbox.interface import Payload

ACK_SECONDS = 3.0
CONNECTIONS = 10
# Often, because the client only notices that it was closed when something arrives.
PING_SECONDS = 0.25

Kind = Literal["events_api", "interactive", "slash_commands"]


@dataclass(frozen=True)
class Parcel:
    """One thing for the bot; `what` names it for people."""

    kind: Kind
    what: str
    payload: Payload
    retry: int = 0
    reason: str = ""


@dataclass(frozen=True)
class Answer:
    """How the bot took it: `failure` is Slack's word (http_timeout, connection_failed, http_error) or None.

    `body` is the parsed JSON, the text, or "" when there was none; `ms` is measured on the monotonic clock.
    """

    ms: float
    status: int | None = None
    body: Any = ""
    failure: str | None = None
    no_retry: bool = False

    @property
    def ok(self) -> bool:
        return self.failure is None


class Transport(Protocol):
    """A way to the bot."""

    def deliver(self, parcel: Parcel) -> Answer:
        """Hand something over and wait for its acknowledgement, three seconds at most."""

    def close(self) -> None: ...


class HttpTransport:
    """Requests as Slack makes them, signed with the wall clock.

    Of several addresses each has its turn, as behind a balancer; one where nobody listens is passed over.
    """

    def __init__(self, url: str, signing_secret: str, *others: str) -> None:
        self._urls = [urllib.parse.urlsplit(one) for one in (url, *others)]
        self._turns = itertools.count()
        self._secret = signing_secret.encode()

    def deliver(self, parcel: Parcel) -> Answer:
        body, content_type = _encoded(parcel)
        headers = self._signed(body) | {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (sandbox)"}
        if parcel.retry:
            headers |= {"X-Slack-Retry-Num": str(parcel.retry), "X-Slack-Retry-Reason": parcel.reason}
        begun = time.monotonic()
        turn = next(self._turns)
        for number in range(len(self._urls)):
            try:
                return self._ask(self._urls[(turn + number) % len(self._urls)], body, headers, begun)
            except ConnectionRefusedError:
                continue
        return Answer(_since(begun), failure="connection_failed")

    def _ask(self, url: urllib.parse.SplitResult, body: bytes, headers: dict[str, str], begun: float) -> Answer:
        """Raises ConnectionRefusedError when nobody listens there."""
        connection = http.client.HTTPConnection(url.hostname or "", url.port, timeout=ACK_SECONDS)
        try:
            connection.connect()
            connection.request("POST", url.path or "/", body, headers)
            response = connection.getresponse()
            content = response.read()
        except ConnectionRefusedError:
            raise
        except TimeoutError:
            return Answer(_since(begun), failure="http_timeout")
        except (OSError, http.client.HTTPException):
            return Answer(_since(begun), failure="connection_failed")
        finally:
            connection.close()
        return _judged(response, content, _since(begun))

    def close(self) -> None:
        """Nothing is held open."""

    def _signed(self, body: bytes) -> dict[str, str]:
        stamp = str(int(time.time()))
        digest = hmac.new(self._secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def _encoded(parcel: Parcel) -> tuple[bytes, str]:
    if parcel.kind == "events_api":
        return json.dumps(parcel.payload).encode(), "application/json"
    form = parcel.payload if parcel.kind == "slash_commands" else {"payload": json.dumps(parcel.payload)}
    return urllib.parse.urlencode(form).encode(), "application/x-www-form-urlencoded"


def _judged(response: http.client.HTTPResponse, content: bytes, ms: float) -> Answer:
    if ms > ACK_SECONDS * 1000:
        return Answer(ms, response.status, failure="http_timeout")
    no_retry = response.getheader("X-Slack-No-Retry") == "1"
    if not 200 <= response.status < 300:
        return Answer(ms, response.status, failure="http_error", no_retry=no_retry)
    text = content.decode(errors="replace")
    if "json" not in (response.getheader("Content-Type") or ""):
        return Answer(ms, response.status, text)
    try:
        return Answer(ms, response.status, json.loads(text) if text else "")
    except ValueError:
        return Answer(ms, response.status, text)


def _since(begun: float) -> float:
    return round((time.monotonic() - begun) * 1000, 1)


class SocketTransport:
    """Slack's end of Socket Mode: a web socket server that gives each payload to any one of the connections."""

    def __init__(self) -> None:
        self._server: Server | None = None
        self._tickets: set[str] = set()
        self._connections: list[ServerConnection] = []
        self._waiting: dict[str, _Pending] = {}
        self._changed = threading.Condition()

    def start(self) -> None:
        """Listen on a free port of this machine."""
        self._server = serve(self._talk, "127.0.0.1", 0, compression=None, ping_interval=PING_SECONDS)
        threading.Thread(target=self._server.serve_forever, name="sandbox-socket", daemon=True).start()

    def invite(self) -> str:
        """A new address for one connection."""
        ticket = secrets.token_urlsafe(18)
        with self._changed:
            self._tickets.add(ticket)
        port = self._server.socket.getsockname()[1] if self._server else 0
        return f"ws://127.0.0.1:{port}/link/?ticket={ticket}&app_id={APP_ID}"

    def deliver(self, parcel: Parcel) -> Answer:
        begun = time.monotonic()
        connection = self._connection()
        if connection is None:
            return Answer(_since(begun), failure="connection_failed")
        envelope, pending = _enveloped(parcel), _Pending(threading.Event())
        with self._changed:
            self._waiting[envelope["envelope_id"]] = pending
        try:
            connection.send(json.dumps(envelope))
            acknowledged = pending.arrived.wait(max(0.0, ACK_SECONDS - (time.monotonic() - begun)))
        except ConnectionClosed:
            return Answer(_since(begun), failure="connection_failed")
        finally:
            with self._changed:
                self._waiting.pop(envelope["envelope_id"], None)
        ms = _since(begun)
        return Answer(ms, 200, pending.body) if acknowledged else Answer(ms, failure="http_timeout")

    def close(self) -> None:
        """Close every connection and stop listening."""
        with self._changed:
            connections = list(self._connections)
        for connection in connections:
            connection.close()
        if self._server is not None:
            self._server.shutdown()

    def _connection(self) -> ServerConnection | None:
        """Any one; waits a little for a bot that is just coming back."""
        with self._changed:
            self._changed.wait_for(lambda: bool(self._connections), ACK_SECONDS)
            return secrets.choice(self._connections) if self._connections else None

    def _talk(self, connection: ServerConnection) -> None:
        if not self._admit(connection):
            connection.close(4000, "this address was used or never given out")
            return
        hello = {
            "type": "hello",
            "num_connections": len(self._connections) + 1,
            "connection_info": {"app_id": APP_ID},
            "debug_info": {"host": "applink-sandbox", "build_number": 1, "approximate_connection_time": 18060},
        }
        try:
            connection.send(json.dumps(hello))
            with self._changed:
                self._connections.append(connection)
                self._changed.notify_all()
            for frame in connection:
                self._acknowledge(frame)
        except ConnectionClosed:
            return
        finally:
            with self._changed:
                if connection in self._connections:
                    self._connections.remove(connection)

    def _admit(self, connection: ServerConnection) -> bool:
        path = connection.request.path if connection.request else ""
        ticket = urllib.parse.parse_qs(urllib.parse.urlsplit(path).query).get("ticket", [""])[0]
        with self._changed:
            known = ticket in self._tickets and len(self._connections) < CONNECTIONS
            self._tickets.discard(ticket)
        return known

    def _acknowledge(self, frame: str | bytes) -> None:
        try:
            said = json.loads(frame)
        except ValueError:
            return
        with self._changed:
            pending = self._waiting.get(said.get("envelope_id", "")) if isinstance(said, dict) else None
        if pending is not None:
            pending.body = said.get("payload", "")
            pending.arrived.set()


@dataclass
class _Pending:
    arrived: threading.Event
    body: Any = ""


def _enveloped(parcel: Parcel) -> Payload:
    envelope: Payload = {
        "envelope_id": str(uuid.uuid4()),
        "type": parcel.kind,
        "accepts_response_payload": parcel.kind != "events_api",
        "payload": parcel.payload,
    }
    if parcel.kind == "events_api":
        envelope |= {"retry_attempt": parcel.retry, "retry_reason": parcel.reason}
    return envelope
