"""A local Slack for a bot that is somewhere else: in another process, or a command that only looks."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from bot import app as composition
from bot.clock import ShiftedClock
from bot.sandbox import cast
from bot.sandbox.interface import Person, StoryClock
from bot.sandbox.server import Sandbox

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-1-test", "xapp-1-test", "a-signing-secret-of-our-own"
HELD_SECONDS = 20.0

TOMAS, PRIYA, FAY = "U0TOMAS01", "U0PRIYA01", "U0FAY0001"
COHORT, FACILITATORS = "C0COHORT1", "C0FACIL01"
WORDS = "They were brave today, and nobody else shall read it"
CHECKIN = {
    "checkin.length": "90",
    "checkin.moved": WORDS,
    "checkin.in_the_way": "Rain",
    "checkin.support": ["Staff and volunteers"],
    "checkin.next_step": "Train them",
    "checkin.confidence": "4",
}


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


class Held:
    """A call to Slack that waits at the door until it is let in."""

    def __init__(self) -> None:
        self.arrived, self.let_in = threading.Event(), threading.Event()


class LocalSlack:
    """A workspace on today's clock; its port is known before it opens, so that a bot can be there first.

    `behind` is how late its own clock is.
    """

    def __init__(
        self,
        *,
        socket_mode: bool = False,
        port: int | None = None,
        clock: StoryClock | None = None,
        people: Iterable[Person] = (),
    ) -> None:
        self.socket_mode = socket_mode
        self.clock = clock or ShiftedClock()
        self.people = tuple(people) or cast.people()
        self.port = port or free_port()
        self.behind = timedelta()
        self.manifest: Any = composition.manifest(None if socket_mode else "https://bot.invalid")
        self.rooms = {room.id: room for room in cast.rooms()}
        self.sandbox = self._furnished()
        self._held: dict[str, Held] = {}
        self._server: BaseWSGIServer | None = None

    @property
    def settings(self) -> dict[str, str]:
        """What a bot has to be told to find this Slack."""
        way = {"SLACK_APP_TOKEN": APP_TOKEN} if self.socket_mode else {"SLACK_SIGNING_SECRET": SECRET}
        return {"SLACK_API_URL": f"http://127.0.0.1:{self.port}/api/", "SLACK_BOT_TOKEN": BOT_TOKEN, **way}

    def without(self, scope: str) -> None:
        """The app as it was installed before a scope was added; before opening."""
        self.manifest["oauth_config"]["scopes"]["bot"].remove(scope)
        self.sandbox = self._furnished()

    def alter(self, room: str, *, bot_in: bool = True, private: bool | None = None) -> None:
        """A room that is otherwise than the bot was told; before opening."""
        before = self.rooms[room]
        self.rooms[room] = replace(before, bot_in=bot_in, private=before.private if private is None else private)
        self.sandbox = self._furnished()

    def open(self, *bot_ports: int) -> None:
        """Answer from now on, and deliver to the bot, in turn to each of its ports."""
        self.sandbox.start()
        with socket.create_server(("127.0.0.1", self.port)) as listener:
            self._server = make_server(
                "127.0.0.1", self.port, self, threaded=True, request_handler=_door(self), fd=listener.fileno()
            )
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        if bot_ports:
            addresses = [f"http://127.0.0.1:{port}/slack/events" for port in bot_ports]
            self.sandbox.connect(_Alone(), *([None] if self.socket_mode else addresses))

    def close(self) -> None:
        """Let everybody in, and answer no more; a second time does nothing."""
        for held in self._held.values():
            held.let_in.set()
        server, self._server = self._server, None
        if server is not None:
            server.shutdown()
            server.server_close()
            self.sandbox.stop()

    def hold(self, method: str) -> Held:
        """Let the calls of a method wait at the door from now on."""
        return self._held.setdefault(method, Held())

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        held = self._held.get(environ["PATH_INFO"].removeprefix("/api/"))
        if held is not None:
            held.arrived.set()
            held.let_in.wait(HELD_SECONDS)
        return self.sandbox(environ, start_response)

    # People's hands

    def command(self, user: str, line: str, channel: str = COHORT) -> dict[str, Any]:
        """Type a slash command with its text."""
        command, _, text = line.partition(" ")
        return self.act("command", user=user, channel=channel, command=command, text=text)

    def act(self, what: str, **body: Any) -> dict[str, Any]:
        """Do something through the control API, and wait for the bot's acknowledgement."""
        answer: dict[str, Any] = self.sandbox.control.post(what, body)
        return answer

    def said_in(self, channel: str, user: str) -> list[str]:
        """What the bot has said in a channel, as a person sees it."""
        found = self.sandbox.control.get("messages", {"channel": channel, "user": user})["messages"]
        return [str(one) for one in found if one.get("bot_id")]

    def told(self, user: str) -> list[str]:
        """What the bot has written to a person directly."""
        return self.said_in(f"D{user[1:]}", user)

    def check_in(self, user: str) -> dict[str, Any]:
        """Hand in a check-in through its form."""
        self.command(user, "/checkin")
        return self.act("submit", user=user, values=CHECKIN)

    def receipts(self, user: str) -> list[str]:
        """The receipts of check-ins that a person has."""
        return [one for one in self.told(user) if "Check-in no." in one]

    def _furnished(self) -> Sandbox:
        return Sandbox(
            people=self.people,
            rooms=tuple(self.rooms.values()),
            manifest=self.manifest,
            clock=self.clock,
            zone=ZoneInfo("America/Chicago"),
            signing_secret=SECRET,
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN,
            socket=self.socket_mode,
        )


class _Alone:
    """The sandbox's view of a bot that lives elsewhere: it can be told nothing but what Slack tells."""

    def next_due(self, until: datetime) -> datetime | None:
        return None

    def tick(self) -> None:
        """Nobody here to tick."""

    def busy(self) -> bool:
        return False


def _door(slack: LocalSlack) -> type[WSGIRequestHandler]:
    class Door(WSGIRequestHandler):
        protocol_version = "HTTP/1.1"

        def log(self, type: str, message: str, *args: Any) -> None:
            """The sandbox has its own journal."""

        def date_time_string(self, timestamp: float | None = None) -> str:
            return format_datetime(datetime.now(UTC) - slack.behind, usegmt=True)

    return Door
