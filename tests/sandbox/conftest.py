"""A sandbox with a tiny Bolt app behind real HTTP or a real web socket; each test gives the app its listeners."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from werkzeug.serving import WSGIRequestHandler, make_server

from bot.clock import ShiftedClock
from bot.sandbox.interface import Payload, Person, Room
from bot.sandbox.server import Sandbox

ZONE = ZoneInfo("America/Chicago")
MONDAY = datetime(2020, 10, 12, 9, 0, tzinfo=ZONE)
SECRET, BOT_TOKEN, APP_TOKEN = "shh", "xoxb-bot", "xapp-app"

ADA, LENA, FAY, PAT = "U0ADA", "U0LENA", "U0FAY", "U0PAT"
DM = "D0ADA"
QUESTIONS, STAFF, AWAY, CLOSED = "C0QUESTIONS", "C0STAFF", "C0AWAY", "C0CLOSED"
BOT = "U0CONVENE"

EVENTS = [
    "app_home_opened",
    "app_mention",
    "member_joined_channel",
    "message.channels",
    "message.groups",
    "message.im",
]
SCOPES = [
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "im:write",
    "reactions:write",
    "users:read",
]


def manifest() -> dict[str, Any]:
    return {
        "display_information": {"name": "Convene"},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "bot_user": {"display_name": "convene"},
            "slash_commands": [
                {"command": "/ask", "description": "Ask", "usage_hint": "QUESTION", "should_escape": True},
                {"command": "/raw", "description": "Unescaped"},
            ],
            "shortcuts": [
                {"name": "Reflect", "type": "global", "callback_id": "sc_reflect", "description": "Hand in"},
                {"name": "Save", "type": "message", "callback_id": "sc_save", "description": "Keep"},
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {"event_subscriptions": {"bot_events": list(EVENTS)}},
    }


def person(user: str, name: str, real_name: str, *, guest: bool = False, tz: str = "America/Chicago") -> Person:
    return Person(
        id=user,
        name=name,
        real_name=real_name,
        role="applicant",
        guest=guest,
        tz=tz,
        email=f"{name}@example.org",
        is_admin=user == FAY,
    )


PEOPLE = (
    person(ADA, "ada", "Ada Okafor"),
    person(LENA, "lena", "Lena Fischer", guest=True),
    person(FAY, "fay", "Fay Whitaker"),
    person(PAT, "pat", "Pat Lee", tz="America/New_York"),
)
ROOMS = (
    Room(QUESTIONS, "questions", "Ask here", False, (ADA, LENA, FAY)),
    Room(STAFF, "staff", "Facilitators", True, (FAY,)),
    Room(AWAY, "away", "Without the bot", False, (ADA, FAY), bot_in=False),
    Room(CLOSED, "closed", "Private, without the bot", True, (FAY,), bot_in=False),
)


@dataclass
class Schedule:
    """A bot as the sandbox sees it: a list of moments, each of which is kept once its tick has come."""

    clock: ShiftedClock
    due: list[datetime] = field(default_factory=list)
    sent: list[datetime] = field(default_factory=list)
    says: Callable[[], object] = lambda: None
    working: bool = False

    def next_due(self, until: datetime) -> datetime | None:
        return min((one for one in self.due if one <= until), default=None)

    def tick(self) -> None:
        now = self.clock()
        for one in [one for one in self.due if one <= now]:
            self.due.remove(one)
            self.sent.append(now)
            self.says()

    def busy(self) -> bool:
        return self.working


@dataclass
class Stage:
    """What a test holds: the sandbox, its bot, and ways to ask both."""

    sandbox: Sandbox
    app: App
    client: WebClient
    schedule: Schedule
    clock: ShiftedClock

    def get(self, name: str, /, **query: str) -> Payload:
        return self.ask("GET", f"/_sandbox/{name}?{urlencode(query)}")

    def post(self, act: str, /, **body: Any) -> Payload:
        return self.ask("POST", f"/_sandbox/{act}", body)

    def ask(
        self, method: str, path: str, body: Payload | None = None, headers: dict[str, str] | None = None
    ) -> Payload:
        """One request; the status is put in under `status`."""
        data = json.dumps(body).encode() if body is not None else None
        given = {"Content-Type": "application/json", **(headers or {})}
        request = urllib.request.Request(self.sandbox.site + path, data, given, method=method)
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return {"status": response.status, **json.load(response)}
        except urllib.error.HTTPError as error:
            return {"status": error.code, **json.load(error)}

    def texts(self, channel: str, user: str | None = None, thread_ts: str | None = None) -> list[str]:
        query = (
            {"channel": channel} | ({"user": user} if user else {}) | ({"thread_ts": thread_ts} if thread_ts else {})
        )
        return [message["text"] for message in self.get("messages", **query)["messages"]]

    def settle(self) -> None:
        assert self.get("idle", timeout="10")["ok"]


def eventually(true: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait for something that happens by itself."""
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing: tests read answers, not access logs."""


def _serve(stack: ExitStack, app: App) -> str:
    server = make_server("127.0.0.1", 0, SlackRequestHandler(app), threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    stack.callback(server.server_close)
    stack.callback(server.shutdown)
    return f"http://127.0.0.1:{server.server_port}/slack/events"


def _stage(stack: ExitStack, *, socket: bool, changes: Callable[[dict[str, Any]], None] | None = None) -> Stage:
    clock = ShiftedClock(MONDAY)
    described = manifest()
    if changes is not None:
        changes(described)
    sandbox = Sandbox(
        people=PEOPLE,
        rooms=ROOMS,
        manifest=described,
        clock=clock,
        zone=ZONE,
        signing_secret=SECRET,
        bot_token=BOT_TOKEN,
        app_token=APP_TOKEN,
        socket=socket,
    )
    sandbox.start()
    stack.callback(sandbox.stop)
    client = WebClient(BOT_TOKEN, base_url=sandbox.api_url, retry_handlers=[])
    app = App(client=client, signing_secret=SECRET, token_verification_enabled=False, process_before_response=True)
    schedule = Schedule(clock)
    if socket:
        sandbox.connect(schedule, None)
        handler = SocketModeHandler(app, APP_TOKEN, web_client=client)
        handler.client.connect()
        stack.callback(handler.client.close)
    else:
        sandbox.connect(schedule, _serve(stack, app))
    return Stage(sandbox, app, client, schedule, clock)


StageMaker = Callable[..., Stage]


@pytest.fixture
def make_stage() -> Iterator[StageMaker]:
    """Stages of a test's own making."""
    with ExitStack() as stack:

        def make(*, socket: bool = False, changes: Callable[[dict[str, Any]], None] | None = None) -> Stage:
            return _stage(stack, socket=socket, changes=changes)

        yield make


@pytest.fixture
def stage(make_stage: StageMaker) -> Stage:
    """A sandbox over HTTP."""
    return make_stage()


@pytest.fixture(params=["http", "socket"])
def either_stage(make_stage: StageMaker, request: pytest.FixtureRequest) -> Stage:
    """The same sandbox over HTTP, and over a web socket."""
    return make_stage(socket=request.param == "socket")
