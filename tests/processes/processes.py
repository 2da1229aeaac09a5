"""Starting Convene as a process, and a local Slack for it whose calls can be held up."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from bot import app as composition
from bot.clock import ShiftedClock, wall
from bot.sandbox import cast, season
from bot.sandbox.server import Sandbox
from bot.services import program_file, programs
from storage import migrations
from storage.database import Database

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

ROOT = Path(__file__).parents[2]
BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-1-test", "xapp-1-test", "a-signing-secret-of-our-own"
PATIENCE = 20.0

TOMAS, PRIYA, JUNE = "U0TOMAS01", "U0PRIYA01", "U0JUNE001"
COHORT = "C0COHORT1"
WORDS = "They were brave today, and nobody else shall read it"
CHECKIN = {
    "checkin.length": "90",
    "checkin.moved": WORDS,
    "checkin.in_the_way": "Rain",
    "checkin.support": ["Staff and volunteers"],
    "checkin.next_step": "Train them",
    "checkin.confidence": "4",
}


def until(what: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """The first true answer, asked for again and again; fails when there is none in time."""
    end = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < end, "it did not come about in time"
        time.sleep(0.02)
    return found


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def furnish(url: str) -> None:
    """A database with the program, its people and its channels."""
    db = Database(url)
    migrations.upgrade(db)
    with db.begin() as session:
        season.begin(session=session, sheet=program_file.read_path(programs.find_file("ost-cop")), now=wall())
    db.close()


@dataclass
class Process:
    """A command that was started; what it says is in a file."""

    inner: subprocess.Popen[bytes]
    said_to: Path
    port: int

    @property
    def said(self) -> str:
        return self.said_to.read_text(errors="replace")

    def health(self) -> tuple[int, str]:
        """What /healthz answers: status and text; 0 when nobody does."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def wait_until_healthy(self) -> None:
        """Until it answers; fails at once when it has ended instead."""
        until(lambda: self.inner.poll() is not None or self.health()[0] == 200)
        assert self.inner.poll() is None, self.said

    def wait_until_said(self, words: str) -> None:
        until(lambda: self.inner.poll() is not None or words in self.said)
        assert words in self.said

    def tell_to_stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        self.inner.send_signal(number)

    def wait(self) -> int:
        """Its exit status."""
        return self.inner.wait(PATIENCE)

    def stop(self) -> int:
        """Told to stop as a host does; its exit status."""
        self.tell_to_stop()
        return self.wait()

    def kill(self) -> None:
        """The end of it and of all that it started, however they are."""
        if self.inner.poll() is None:
            os.killpg(self.inner.pid, signal.SIGKILL)
            self.inner.wait(PATIENCE)


@dataclass
class Starter:
    """Starts commands in an empty folder of their own, with nothing of this process's environment but the path."""

    folder: Path
    started: list[Process] = field(default_factory=list)

    def __call__(self, *words: str, **environment: str) -> Process:
        given = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(self.folder), "LANG": "C.UTF-8"}
        port = environment.setdefault("PORT", str(free_port()))
        said_to = self.folder / f"said-{len(self.started)}.txt"
        with said_to.open("wb") as out:
            inner = subprocess.Popen(
                [sys.executable, "-m", "bot", *words],
                cwd=self.folder,
                env={**given, **environment},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        process = Process(inner, said_to, int(port))
        self.started.append(process)
        return process

    def end(self) -> None:
        for process in self.started:
            process.kill()


class _Alone:
    """The sandbox's view of a bot that lives in another process: it can be told nothing but what Slack tells."""

    def next_due(self, until: datetime) -> datetime | None:
        return None

    def tick(self) -> None:
        """Nobody here to tick."""

    def busy(self) -> bool:
        return False


class Held:
    """A call to Slack that waits at the door until it is let in."""

    def __init__(self) -> None:
        self.arrived, self.let_in = threading.Event(), threading.Event()


class LocalSlack:
    """A workspace on today's clock; `port` is known before it opens, so that a bot can be there first."""

    def __init__(self, *, socket_mode: bool = False, port: int | None = None) -> None:
        self.socket_mode = socket_mode
        self.port = port or free_port()
        self.held: dict[str, Held] = {}
        self.sandbox = Sandbox(
            people=cast.people(),
            rooms=cast.rooms(),
            manifest=composition.manifest(None if socket_mode else "https://bot.invalid"),
            clock=ShiftedClock(),
            zone=ZoneInfo("America/Chicago"),
            signing_secret=SECRET,
            bot_token=BOT_TOKEN,
            app_token=APP_TOKEN,
            socket=socket_mode,
        )
        self._server: BaseWSGIServer | None = None

    @property
    def settings(self) -> dict[str, str]:
        """What a bot has to be told to find this Slack."""
        way = {"SLACK_APP_TOKEN": APP_TOKEN} if self.socket_mode else {"SLACK_SIGNING_SECRET": SECRET}
        return {"SLACK_API_URL": f"http://127.0.0.1:{self.port}/api/", "SLACK_BOT_TOKEN": BOT_TOKEN, **way}

    def open(self, bot: Process | None = None) -> None:
        """Answer from now on, and deliver to the bot."""
        self.sandbox.start()
        with socket.create_server(("127.0.0.1", self.port)) as listener:
            self._server = make_server(
                "127.0.0.1", self.port, self, threaded=True, request_handler=_Quiet, fd=listener.fileno()
            )
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        if bot is not None:
            self.connect(bot)

    def connect(self, bot: Process) -> None:
        events_url = None if self.socket_mode else f"http://127.0.0.1:{bot.port}/slack/events"
        self.sandbox.connect(_Alone(), events_url)

    def close(self) -> None:
        for held in self.held.values():
            held.let_in.set()
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self.sandbox.stop()
            self._server = None

    def hold(self, method: str) -> Held:
        """Let the next calls of a method wait at the door."""
        return self.held.setdefault(method, Held())

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        held = self.held.get(environ["PATH_INFO"].removeprefix("/api/"))
        if held is not None:
            held.arrived.set()
            held.let_in.wait(PATIENCE)
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
        return [one for one in self.told(user) if "Check-in no." in one]


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """The sandbox has its own journal."""


class Pipe:
    """A way to a TCP server that can be cut, and opened again."""

    def __init__(self, host: str, port: int) -> None:
        self.port = free_port()
        self._there = (host, port)
        self._listener: socket.socket | None = None
        self._ends: list[socket.socket] = []
        self._lock = threading.Lock()

    def open(self) -> None:
        """Carry bytes from now on."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """Break every connection, and refuse new ones."""
        listener, self._listener = self._listener, None
        if listener is not None:
            # Closing alone does not wake who waits in accept().
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        with self._lock:
            ends, self._ends = self._ends, []
        for end in ends:
            _break(end)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
                far = socket.create_connection(self._there)
            except OSError:
                return
            with self._lock:
                self._ends += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=_carry, args=(one, other), daemon=True).start()


def _carry(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        return
    finally:
        _break(target)


def _break(end: socket.socket) -> None:
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
