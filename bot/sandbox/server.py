"""The sandbox's HTTP server: the page, the web API, the control API, files, response_urls and live updates.

It listens on 127.0.0.1 only. Any web page can send requests there, so what names another host, or comes from another
origin, is refused.
"""

from __future__ import annotations

import json
import logging
import math
import mimetypes
import queue
import struct
import threading
import time
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from socket import SHUT_RDWR, SO_LINGER, SOL_SOCKET, create_server
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.exceptions import HTTPException
from werkzeug.security import safe_join
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from bot.sandbox.control import Control
from bot.sandbox.conversations import Conversations
from bot.sandbox.delivery import Delivery
from bot.sandbox.faults import RESPONSE_URL, Fault, Faults
from bot.sandbox.ids import dm_id
from bot.sandbox.interface import Bot, Payload, Person, RefusedError, Room, SlackError, StoryClock
from bot.sandbox.journal import Journal
from bot.sandbox.modals import Views
from bot.sandbox.posting import Posting
from bot.sandbox.transport import HttpTransport, SocketTransport
from bot.sandbox.uploads import Uploads
from bot.sandbox.walk import Walker
from bot.sandbox.webapi import WebApi
from bot.sandbox.workspace import Workspace

PAGE = Path(__file__).parent / "page"
HEARTBEAT = 15.0
LONGEST_HOLD = 30.0
LARGEST_REQUEST = 32 * 1024 * 1024
_OWN_NAMES = frozenset({"127.0.0.1", "localhost"})
_POLICY = (
    "default-src 'self'; img-src 'self' https: data:; style-src 'self' 'unsafe-inline'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)

log = logging.getLogger(__name__)


class Sandbox:
    """A local Slack: start it, start the bot against `api_url`, connect the two, stop.

    `labels` are words for the page: `team`, `program`, `place` (of the program's zone).
    """

    def __init__(
        self,
        *,
        people: Iterable[Person],
        rooms: Iterable[Room],
        manifest: Mapping[str, Any],
        clock: StoryClock,
        zone: ZoneInfo,
        signing_secret: str,
        bot_token: str,
        app_token: str,
        socket: bool = False,
        labels: Mapping[str, str] | None = None,
    ) -> None:
        self.workspace = Workspace(people=people, rooms=rooms, manifest=manifest, clock=clock)
        self.views = Views(self.workspace)
        self.journal = Journal()
        self.faults = Faults(lambda: self.webapi.names)
        self.delivery = Delivery(self.workspace, self.journal, self.faults)
        self._socket = SocketTransport() if socket else None
        self._signing_secret = signing_secret
        self.posting = Posting(self.workspace, self.delivery)
        self.uploads = Uploads(self.workspace, self.posting)
        self.webapi = WebApi(
            self.workspace,
            self.views,
            Conversations(self.workspace, self.delivery),
            self.posting,
            self.uploads,
            bot_token=bot_token,
            app_token=app_token,
            socket=self._socket,
        )
        self.walker = Walker(self.workspace, self.delivery, zone)
        self.control = Control(
            self.workspace,
            self.views,
            self.delivery,
            self.journal,
            self.posting,
            self.walker,
            self.faults,
            zone,
            labels or {},
        )
        self._server: BaseWSGIServer | None = None
        self._open = threading.Event()
        self._stopped = threading.Event()

    @property
    def site(self) -> str:
        """The page's address, without a slash at its end."""
        return self.workspace.site

    @property
    def api_url(self) -> str:
        """Where the bot finds Slack."""
        return f"{self.site}/api/"

    def start(self, port: int = 0, *, hold: bool = False) -> str:
        """Answer on 127.0.0.1 and say at which address; port 0 takes a free one. Raises OSError when it is taken.

        With `hold`, people wait at the door until a bot is connected; the bot itself does not.
        """
        if not hold:
            self._open.set()
        # Werkzeug ends the process when a port is taken; whoever calls shall decide that.
        with create_server(("127.0.0.1", port)) as listener:
            port = listener.getsockname()[1]
            self._server = make_server(
                "127.0.0.1", port, self, threaded=True, request_handler=_Quiet, fd=listener.fileno()
            )
        self.workspace.site = f"http://127.0.0.1:{port}"
        if self._socket is not None:
            self._socket.start()
        threading.Thread(target=self._server.serve_forever, args=(0.02,), name="sandbox-http", daemon=True).start()
        return self.site

    def connect(self, bot: Bot, events_url: str | None, *others: str) -> None:
        """Deliver to the bot from now on: over HTTP, in turn if it has several addresses, or over the web socket."""
        if (self._socket is None) == (events_url is None):
            raise ValueError("events_url goes with HTTP, and only with it")
        self.walker.bot = bot
        if self._socket is not None:
            self.delivery.start(self._socket)
        elif events_url is not None:
            self.delivery.start(HttpTransport(events_url, self._signing_secret, *others))
        self._open.set()

    def stop(self) -> None:
        """End the streams, the deliveries, and the server; a second time does nothing."""
        self._stopped.set()
        self.workspace.close()
        self.delivery.stop()
        if self._socket is not None:
            self._socket.close()
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        request.max_content_length = LARGEST_REQUEST
        try:
            response = _strangers(request) or self._route(request)
        except HTTPException as error:
            response = _json({"ok": False, "error": str(error.description)}, error.code or 400)
        return response(environ, start_response)

    def _route(self, request: Request) -> Response:
        first, _, rest = request.path.lstrip("/").partition("/")
        if first == "api":
            return self._api(request, rest)
        if first == "_sandbox":
            return self._stream() if rest == "stream" else self._control(request, rest)
        if first == "response":
            return self._respond(request, rest)
        if first == "upload":
            return self._upload(request, rest)
        if first == "files":
            return self._file(request, rest)
        if first == "archives":
            return _archive(request, rest)
        return _page(request.path)

    # Slack's side

    def _api(self, request: Request, name: str) -> Response:
        begun = time.monotonic()
        given = _arguments(request)
        fault = self.faults.take(name) or self._too_soon(name, given)
        if fault is not None and fault.kind != "lost_answer":
            return self._fail(request, name, given, fault, begun)
        with self.delivery.under_way():
            if given is None:
                answer: Payload = {"ok": False, "error": "invalid_json"}
            else:
                answer = self.webapi.call(name, _token(request, given), given)
        if fault is not None:
            return self._fail(request, name, given, fault, begun)
        self._note(name, given, answer, 200, begun)
        response = _json(answer)
        response.headers["X-OAuth-Scopes"] = ",".join(self.workspace.app.scopes)
        return response

    def _too_soon(self, name: str, given: Mapping[str, Any] | None) -> Fault | None:
        if name != "chat.postMessage" or given is None:
            return None
        word = str(given.get("channel") or "")
        channel = dm_id(word) if word in self.workspace.people else word
        return self.faults.too_soon(channel, self.workspace.clock())

    def _fail(self, request: Request, what: str, given: Any, fault: Fault, begun: float) -> Response:
        """The answer that a fault gives; where it gives none, the connection is broken off."""
        status = {"ratelimited": 429, "http_500": 500}.get(fault.kind)
        if fault.kind == "timeout":
            self.faults.hang(self._stopped, fault.seconds)
        self._note(what, given, {"ok": False, "error": fault.kind}, status, begun)
        if status is None:
            _break_off(request)
            raise ConnectionAbortedError(fault.kind)
        if status == 500:
            return Response("Something went wrong.", status)
        response = _json({"ok": False, "error": "ratelimited"}, status)
        response.headers["Retry-After"] = str(math.ceil(fault.seconds))
        return response

    def _note(self, what: str, given: Any, answer: Any, status: int | None, begun: float) -> None:
        self.journal.write(
            {
                "at": self.workspace.clock().isoformat(),
                "direction": "to_slack",
                "kind": what,
                "what": what,
                "status": status,
                "ok": bool(answer.get("ok")),
                "error": answer.get("error"),
                "ms": round((time.monotonic() - begun) * 1000, 1),
                "request": _readable(given),
                "response": answer if what != "apps.connections.open" else {"ok": answer.get("ok")},
            }
        )
        self.workspace.changed("log")

    def _respond(self, request: Request, secret: str) -> Response:
        begun = time.monotonic()
        given = _arguments(request)
        fault = self.faults.take(RESPONSE_URL)
        if fault is not None and fault.kind != "lost_answer":
            return self._fail(request, "response_url", given, fault, begun)
        with self.delivery.under_way():
            try:
                self.posting.respond(secret, given)
                answer: Payload = {"ok": True}
            except SlackError as error:
                answer = {"ok": False, "error": error.code, **error.extra}
        if fault is not None:
            return self._fail(request, "response_url", given, fault, begun)
        status = 200 if answer["ok"] else 404
        self._note("response_url", given, answer, status, begun)
        return Response("ok") if status == 200 else _json(answer, status)

    def _upload(self, request: Request, rest: str) -> Response:
        file_id, _, secret = rest.partition("/")
        with self.delivery.under_way():
            content = _uploaded(request)
            try:
                self.uploads.take(file_id, secret, content)
            except SlackError as error:
                return Response(error.code, 400)
        return Response(f"OK - {len(content)}")

    def _file(self, request: Request, rest: str) -> Response:
        file_id, secret, *_ = [*rest.split("/"), "", ""]
        file = self.workspace.files.get(file_id)
        if file is None or file.content is None or secret != file.secret:
            return Response("There is no such file.", 404)
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        name = urllib.parse.quote(file.name)
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}", "X-Content-Type-Options": "nosniff"}
        return Response(file.content, headers=headers, content_type=kind)

    # The people's side

    def _control(self, request: Request, name: str) -> Response:
        if not self._open.wait(LONGEST_HOLD):
            return _json({"ok": False, "error": "The bot has not started yet."}, 503)
        try:
            if request.method == "GET" and name in self.control.reads:
                return _json(self.control.get(name, request.args))
            if request.method == "POST" and name in self.control.acts:
                return _json(self.control.post(name, _body(request)))
        except RefusedError as error:
            return _json({"ok": False, "error": str(error)}, 400)
        known = {*self.control.reads, *self.control.acts}
        return _json({"ok": False, "error": f"There is no {request.method} {name}."}, 405 if name in known else 404)

    def _stream(self) -> Response:
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return Response(_changes(self.workspace), headers=headers, content_type="text/event-stream")


class _Quiet(WSGIRequestHandler):
    """The inspector shows the requests; the terminal stays for people."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        log.debug(message, *args)


def _break_off(request: Request) -> None:
    """Reset the connection, so that nobody hears an answer."""
    line = request.environ["werkzeug.socket"]
    line.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
    line.shutdown(SHUT_RDWR)


def _strangers(request: Request) -> Response | None:
    """A refusal for a request that names another host or comes from another origin."""
    host = request.headers.get("Host", "")
    if urllib.parse.urlsplit(f"//{host}").hostname not in _OWN_NAMES:
        return _json({"ok": False, "error": "This server answers to 127.0.0.1 and localhost only."}, 403)
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{host}":
        return _json({"ok": False, "error": "Requests from other origins are refused."}, 403)
    if request.headers.get("Sec-Fetch-Site") == "cross-site" and request.method != "GET":
        return _json({"ok": False, "error": "Requests from other origins are refused."}, 403)
    return None


def _json(content: Payload, status: int = 200) -> Response:
    body = json.dumps(content, ensure_ascii=False)
    return Response(body, status, content_type="application/json; charset=utf-8", headers={"Cache-Control": "no-store"})


def _arguments(request: Request) -> dict[str, Any] | None:
    """The arguments of a call from query, form or JSON; None when the JSON is broken."""
    given: dict[str, Any] = dict(request.args)
    if request.mimetype == "application/json":
        try:
            parsed = json.loads(request.get_data() or b"{}")
        except ValueError:
            return None
        return given | parsed if isinstance(parsed, dict) else None
    return given | dict(request.form)


def _token(request: Request, given: Mapping[str, Any]) -> str | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token if kind == "Bearer" else given.get("token")


def _uploaded(request: Request) -> bytes:
    """The bytes of an upload, sent as they are or as the one file of a form."""
    if request.mimetype == "multipart/form-data":
        return next((one.read() for one in request.files.values()), b"")
    return request.get_data()


def _readable(given: Any) -> Any:
    """Arguments as people read them: structures that came as JSON text opened."""
    if not isinstance(given, dict):
        return given
    return {name: _opened(value) for name, value in given.items()}


def _opened(value: Any) -> Any:
    if not isinstance(value, str) or not value.startswith(("{", "[")):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _body(request: Request) -> Payload:
    try:
        given = json.loads(request.get_data() or b"{}")
        # Half a character is JSON, and can be neither shown nor sent.
        json.dumps(given, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise RefusedError("The body is not JSON.") from error
    if not isinstance(given, dict):
        raise RefusedError("The body must be a JSON object.")
    return given


def _changes(workspace: Workspace) -> Iterator[bytes]:
    """Server-sent events: one for each change, a comment now and then, and an end when the sandbox stops."""
    watcher = workspace.watch()
    try:
        yield b": hello\n\n"
        while True:
            try:
                change = watcher.get(timeout=HEARTBEAT)
            except queue.Empty:
                yield b": still here\n\n"
                continue
            if change is None:
                return
            yield f"data: {json.dumps(change)}\n\n".encode()
    finally:
        workspace.unwatch(watcher)


def _archive(request: Request, rest: str) -> Response:
    """A permalink leads to the page at that message."""
    channel, _, place = rest.partition("/")
    digits = place.lstrip("p")
    ts = f"{digits[:-6]}.{digits[-6:]}"
    query = {"in": channel, "ts": ts}
    if request.args.get("thread_ts"):
        query["thread"] = request.args["thread_ts"]
    return Response(status=302, headers={"Location": f"/?{urllib.parse.urlencode(query)}"})


def _page(path: str) -> Response:
    found = safe_join(str(PAGE), path.lstrip("/") or "index.html")
    if found is None or not Path(found).is_file():
        return Response("There is no such page.", 404)
    kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"}
    return Response(Path(found).read_bytes(), headers=headers, content_type=f"{kind}; charset=utf-8")
