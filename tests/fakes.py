"""A Slack that answers over real HTTP as a test tells it to: it may refuse, be slow, or hang up after it has acted."""

from __future__ import annotations

import json
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests import cast

Answer = dict[str, Any]
PAGE = 2
"""Listings come in pages this short, so that whoever reads only the first one is found out."""


@dataclass(frozen=True)
class Odd:
    """One answer out of the ordinary. `acts`: the request is carried out all the same."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    acts: bool = False
    hangs_up: bool = False
    waits_for: threading.Event | None = None


def refuses(code: str) -> Odd:
    """Slack says no."""
    return Odd(body=json.dumps({"ok": False, "error": code}).encode())


def limits(seconds: int) -> Odd:
    """Slack asks to be left alone for a while."""
    body = json.dumps({"ok": False, "error": "ratelimited"}).encode()
    return Odd(status=429, body=body, headers={"Retry-After": str(seconds)})


def breaks(*, acts: bool) -> Odd:
    """Slack falls over, before or after it has done what was asked."""
    return Odd(status=503, body=b"<html>no</html>", acts=acts)


def hangs_up(*, acts: bool) -> Odd:
    """The connection is lost, before or after Slack has done what was asked."""
    return Odd(acts=acts, hangs_up=True)


def waits(until: threading.Event) -> Odd:
    """Slack does what was asked once a test lets it."""
    return Odd(acts=True, waits_for=until)


class FakeSlack:
    """What it was asked, what it holds, and what it is to do next."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.calls: list[tuple[str, Answer]] = []
        self.messages: list[Answer] = []
        self.gone: set[str] = set()
        self.unchangeable: set[str] = set()
        self.people: dict[str, Answer] = {}
        self.rooms: dict[str, list[str]] = {channel: [] for channel in cast.ROOMS}
        self.channels: dict[str, Answer] = {channel: dict(room) for channel, room in cast.ROOMS.items()}
        self.homes: dict[str, Answer] = {}
        self.url = ""
        self.files: dict[str, tuple[Answer, bytes]] = {}
        self._next: defaultdict[str, deque[Odd]] = defaultdict(deque)
        self._uploads: dict[str, bytes] = {}
        self._count = 0
        self._lock = threading.Lock()

    def next_time(self, method: str, *odds: Odd) -> None:
        """How the next calls of a method go, in turn; after them all is ordinary again."""
        self._next[method].extend(odds)

    def said(self, channel: str | None = None) -> list[str]:
        """The texts that stand in a channel, or everywhere."""
        return [one["text"] for one in self.messages if channel in (None, one["channel"])]

    def asked(self, method: str) -> list[Answer]:
        """The arguments of every call of a method."""
        return [given for name, given in self.calls if name == method]

    def odd(self, method: str) -> Odd | None:
        """The extraordinary answer that is next for a method, if any."""
        with self._lock:
            return self._next[method].popleft() if self._next[method] else None

    def answer(self, method: str, given: Answer) -> Answer:
        """Carry out a call."""
        with self._lock:
            self._count += 1
            return {"ok": True, **_METHODS[method](self, given)}

    def _post(self, given: Answer) -> Answer:
        ts = f"{self.clock().timestamp() + self._count / 1_000_000:.6f}"
        keep = ("channel", "text", "blocks", "metadata", "thread_ts")
        channel = f"D{given['channel'][1:]}" if given["channel"].startswith("U") else given["channel"]
        self.messages.append({"ts": ts, **{name: given[name] for name in keep if name in given}, "channel": channel})
        return {"channel": channel, "ts": ts}

    def _update(self, given: Answer) -> Answer:
        if given["ts"] in self.unchangeable:
            return {"ok": False, "error": "message_not_found"}
        for one in self.messages:
            if one["ts"] == given["ts"]:
                one.update(text=given["text"], blocks=given.get("blocks"))
        return {"channel": given["channel"], "ts": given["ts"]}

    def _delete(self, given: Answer) -> Answer:
        before = len(self.messages)
        self.messages = [one for one in self.messages if one["ts"] != given["ts"]]
        return {} if len(self.messages) < before else {"ok": False, "error": "message_not_found"}

    def _open(self, given: Answer) -> Answer:
        if given["users"] in self.gone:
            return {"ok": False, "error": "user_disabled"}
        return {"channel": {"id": f"D{given['users'][1:]}"}}

    def _identity(self, given: Answer) -> Answer:
        return {"team_id": "T0CONVENE", "team": "Convene", "user_id": "U0CONVENE", "bot_id": "B0CONVENE"}

    def _account(self, given: Answer) -> Answer:
        known = self.people.get(given["user"])
        return {"ok": False, "error": "user_not_found"} if known is None else {"user": {"id": given["user"], **known}}

    def _members(self, given: Answer) -> Answer:
        found = self.rooms.get(given["channel"])
        if found is None:
            return {"ok": False, "error": "channel_not_found"}
        start = int(given.get("cursor") or 0)
        more = str(start + PAGE) if len(found) > start + PAGE else ""
        return {"members": found[start : start + PAGE], "response_metadata": {"next_cursor": more}}

    def _invite(self, given: Answer) -> Answer:
        found = self.rooms.get(given["channel"])
        if found is None:
            return {"ok": False, "error": "channel_not_found"}
        users = str(given["users"]).split(",")
        if any(user in found for user in users):
            return {"ok": False, "error": "already_in_channel"}
        found += users
        return {"channel": {"id": given["channel"]}}

    def _by_email(self, given: Answer) -> Answer:
        for user, known in self.people.items():
            if (known.get("profile") or {}).get("email") == given["email"]:
                return {"user": {"id": user, **known}}
        return {"ok": False, "error": "users_not_found"}

    def _create(self, given: Answer) -> Answer:
        made = f"C0MADE{self._count}"
        private = str(given.get("is_private")) in ("1", "True", "true")
        self.channels[made] = {"name": given["name"], "is_private": private, "is_member": True, "creator": "U0CONVENE"}
        self.rooms[made] = []
        return {"channel": {"id": made, **self.channels[made]}}

    def _info(self, given: Answer) -> Answer:
        known = self.channels.get(given["channel"])
        if known is None:
            return {"ok": False, "error": "channel_not_found"}
        return {"channel": {"id": given["channel"], **known}}

    def _home(self, given: Answer) -> Answer:
        self.homes[given["user_id"]] = given["view"]
        return {}

    def _history(self, given: Answer) -> Answer:
        thread = given.get("ts")
        found = [
            one
            for one in self.messages
            if one["channel"] == given["channel"]
            and (one.get("thread_ts") == thread or one["ts"] == thread)
            and float(one["ts"]) >= float(given.get("oldest") or 0)
        ]
        found = list(reversed(found))
        start = int(given.get("cursor") or 0)
        more = str(start + PAGE) if len(found) > start + PAGE else ""
        return {"messages": found[start : start + PAGE], "response_metadata": {"next_cursor": more}}

    def _view(self, given: Answer) -> Answer:
        return {"view": {"id": given.get("view_id") or f"V{self._count}", **given["view"]}}

    def _upload_url(self, given: Answer) -> Answer:
        return {"file_id": f"F{self._count}", "upload_url": f"{self.url}upload/F{self._count}"}

    def _file(self, given: Answer) -> Answer:
        if given["file"] not in self.files:
            return {"ok": False, "error": "file_not_found"}
        about, _ = self.files[given["file"]]
        address = f"{self.url.removesuffix('/api/')}/files/{given['file']}"
        return {"file": {"id": given["file"], "url_private_download": address, **about}}

    def take(self, file_id: str, content: bytes) -> None:
        """Keep uploaded bytes."""
        self._uploads[file_id] = content

    def _complete(self, given: Answer) -> Answer:
        files = json.loads(given["files"]) if isinstance(given["files"], str) else given["files"]
        message = {"channel": given["channel_id"], "text": given["initial_comment"]}
        self._post(message)
        self.messages[-1]["file"] = self._uploads[files[0]["id"]]
        return {"files": files}


_METHODS: dict[str, Callable[[FakeSlack, Answer], Answer]] = {
    "chat.postMessage": FakeSlack._post,
    "chat.update": FakeSlack._update,
    "chat.delete": FakeSlack._delete,
    "conversations.open": FakeSlack._open,
    "auth.test": FakeSlack._identity,
    "users.info": FakeSlack._account,
    "conversations.create": FakeSlack._create,
    "conversations.info": FakeSlack._info,
    "conversations.invite": FakeSlack._invite,
    "conversations.members": FakeSlack._members,
    "users.lookupByEmail": FakeSlack._by_email,
    "views.publish": FakeSlack._home,
    "conversations.history": FakeSlack._history,
    "conversations.replies": FakeSlack._history,
    "views.open": FakeSlack._view,
    "views.push": FakeSlack._view,
    "views.update": FakeSlack._view,
    "files.getUploadURLExternal": FakeSlack._upload_url,
    "files.completeUploadExternal": FakeSlack._complete,
    "files.info": FakeSlack._file,
}


class _Server(ThreadingHTTPServer):
    def __init__(self, slack: FakeSlack) -> None:
        self.slack = slack
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        if self.path.startswith("/files/"):
            self._hand_out(self.path.removeprefix("/files/"))
            return
        self._serve(dict(parse_qsl(urlsplit(self.path).query)))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self._method().startswith("upload/"):
            self._take(body)
        elif self.headers.get("Content-Type", "").startswith("application/json"):
            self._serve(json.loads(body or b"{}"))
        else:
            self._serve(dict(parse_qsl(body.decode())))

    def _hand_out(self, file_id: str) -> None:
        """A file, to whoever has the bot's token."""
        odd = self.server.slack.odd("files")
        known = self.headers.get("Authorization") == "Bearer xoxb-test"
        self._write(odd or (Odd(body=self.server.slack.files[file_id][1]) if known else Odd(status=403)))

    def _method(self) -> str:
        return urlsplit(self.path).path.removeprefix("/api/")

    def _take(self, body: bytes) -> None:
        odd = self.server.slack.odd("upload")
        if odd is not None:
            self._write(odd)
            return
        self.server.slack.take(self._method().removeprefix("upload/"), body)
        self._write(Odd(body=b"OK"))

    def _serve(self, given: Answer) -> None:
        slack, method = self.server.slack, self._method()
        slack.calls.append((method, given))
        odd = slack.odd(method)
        if odd is not None and odd.waits_for is not None:
            assert odd.waits_for.wait(10)
        answer = slack.answer(method, given) if odd is None or odd.acts else {}
        if odd is None or odd.waits_for is not None:
            self._write(Odd(body=json.dumps(answer).encode()))
        elif odd.hangs_up:
            self.close_connection = True
        else:
            self._write(odd)

    def _write(self, odd: Odd) -> None:
        self.send_response(odd.status)
        headers = {"Content-Type": "application/json", "Content-Length": str(len(odd.body)), **odd.headers}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(odd.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what was asked is in `calls`."""


@contextmanager
def serving(slack: FakeSlack) -> Iterator[FakeSlack]:
    """Let it listen on a port of 127.0.0.1 until the block is left."""
    server = _Server(slack)
    slack.url = f"http://127.0.0.1:{server.server_port}/api/"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield slack
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
