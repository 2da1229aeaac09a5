"""The sandbox and the bot in one process: they talk over HTTP or a web socket, as the bot does with Slack."""

from __future__ import annotations

import os
import secrets
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from werkzeug.serving import make_server

from bot import app as composition
from bot.app import Convene
from bot.clock import ShiftedClock
from bot.config import Settings
from bot.domain.documents import Reading, Unread
from bot.domain.programs import Program
from bot.domain.setup import place_of
from bot.sandbox import cast, season
from bot.sandbox.server import Sandbox
from bot.services import notices, program_file, programs, setup_begin
from bot.services.program_schema import Sheet, to_program
from storage import migrations

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

START = datetime(2020, 10, 12, 9, 0)  # noqa: DTZ001 - a wall time, in whichever zone the program has
PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")


class PortTaken(Exception):
    """The port that was asked for cannot be had; the text says why."""


@dataclass(frozen=True)
class Stage:
    """A running sandbox with its bot.

    `unread` are documents of the program that could not be read; `code` sets one up where there is none.
    """

    url: str
    sandbox: Sandbox
    convene: Convene
    unread: tuple[Unread, ...] = ()
    code: str | None = None


class Hosted:
    """The bot as the sandbox sees it: when it is next due, and whether it is at work."""

    def __init__(self, convene: Convene) -> None:
        self._convene = convene
        self._listening = 0
        self._lock = threading.Lock()

    def next_due(self, until: datetime) -> datetime | None:
        """When the earliest open notice is due, if not after `until`."""
        with self._convene.deps.db.read() as session:
            return notices.next_due(session=session, now=self._convene.deps.clock(), until=until)

    def tick(self) -> None:
        """Plan and send all that is due."""
        self._convene.ticker.tick()

    def busy(self) -> bool:
        """Whether a listener or a tick is under way, or something is due or waits to be written."""
        if self._listening or self._convene.waker.busy or self._convene.deps.drafts.busy:
            return True
        return self.next_due(self._convene.deps.clock()) is not None

    def counted(self, app: WSGIApplication) -> WSGIApplication:
        """The same application, its requests counted while they last."""

        def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
            with self._lock:
                self._listening += 1
            try:
                yield from app(environ, start_response)
            finally:
                with self._lock:
                    self._listening -= 1

        return serve


@contextmanager
def running(
    *,
    port: int = 0,
    program: str = "ost-cop",
    at: datetime | None = None,
    socket: bool = False,
    db: str | None = None,
    empty: bool = False,
) -> Iterator[Stage]:
    """A sandbox with its bot, on 127.0.0.1, until the block is left.

    `at` is a wall time in the program's zone, or an aware time; `db` an address whose data is kept. In an `empty` one
    there is no program yet, nobody has a role, and the bot is in no channel. Raises ProgramError when the program's
    file is wrong or not there, and PortTaken. Nothing of the process's environment counts.
    """
    script = None if empty else _read(programs.find_file(program))
    about = script.program if script is not None else None
    start, zone = at or START, ZoneInfo(about.zone if about is not None else cast.CENTRAL)
    clock = ShiftedClock(start if start.tzinfo else start.replace(tzinfo=zone))
    keys = _made_up_keys()
    with ExitStack() as stack:
        stack.enter_context(_no_way_round())
        sandbox = _slack(about, zone, clock, keys, socket=socket)
        url = _started(stack, sandbox, port)
        settings = replace(keys, api_url=sandbox.api_url, database_url=db or f"sqlite:///{_fresh(stack)}")
        convene = composition.build(settings if socket else replace(settings, app_token=None), clock=clock)
        stack.callback(convene.stop)
        code = _begun(convene, script)
        hosted = Hosted(convene)
        events_url = _hearing(stack, convene, hosted, socket=socket)
        convene.warm_up()
        convene.waker.start()
        sandbox.connect(hosted, events_url)
        yield Stage(url, sandbox, convene, script.unread if script is not None else (), code)


@dataclass(frozen=True)
class _Script:
    """The program that a sandbox begins with, and what its documents say."""

    sheet: Sheet
    program: Program
    readings: tuple[Reading, ...]

    @property
    def unread(self) -> tuple[Unread, ...]:
        return tuple(one for one in self.readings if isinstance(one, Unread))


def _read(path: Path) -> _Script:
    sheet = program_file.read_path(path)
    return _Script(sheet, to_program(sheet), programs.read_documents(path, sheet))


def _made_up_keys() -> Settings:
    return Settings(
        bot_token=f"xoxb-{secrets.token_hex(12)}",
        app_token=f"xapp-{secrets.token_hex(12)}",
        signing_secret=secrets.token_hex(16),
    )


def _started(stack: ExitStack, sandbox: Sandbox, port: int) -> str:
    """The address of a sandbox that has begun to listen, and stops with the stack; the bot is not there yet."""
    try:
        url = sandbox.start(port, hold=True)
    except OSError as error:
        raise PortTaken(os.strerror(error.errno or 0)) from error
    stack.callback(sandbox.stop)
    return url


def _begun(convene: Convene, script: _Script | None) -> str | None:
    """The database with its tables and its program; without one, the code that sets one up."""
    migrations.upgrade(convene.deps.db)
    now = convene.deps.clock()
    with convene.deps.db.begin() as session:
        if script is None:
            return setup_begin.issue_code(session=session, programs=convene.deps.programs, now=now)
        season.begin(session=session, sheet=script.sheet, now=now, readings=script.readings)
    return None


def _slack(about: Program | None, zone: ZoneInfo, clock: ShiftedClock, keys: Settings, *, socket: bool) -> Sandbox:
    """The local Slack with its cast, not yet started; without a program the bot is in no channel."""
    rooms = cast.rooms() if about is not None else tuple(replace(one, bot_in=False) for one in cast.rooms()[-1:])
    return Sandbox(
        people=cast.people(),
        rooms=rooms,
        manifest=composition.manifest(None if socket else "https://sandbox.invalid"),
        clock=clock,
        zone=zone,
        signing_secret=keys.signing_secret or "",
        bot_token=keys.bot_token or "",
        app_token=keys.app_token or "",
        socket=socket,
        labels={"program": about.name, "place": about.place} if about is not None else {"place": place_of(zone.key)},
    )


@contextmanager
def _no_way_round() -> Iterator[None]:
    """The two talk on this machine; Slack's client would ask a proxy of the environment even for that."""
    taken = {name: os.environ.pop(name) for name in PROXIES if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(taken)


def _fresh(stack: ExitStack) -> Path:
    folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="convene-", ignore_cleanup_errors=True))
    return Path(folder) / "sandbox.db"


def _hearing(stack: ExitStack, convene: Convene, hosted: Hosted, *, socket: bool) -> str | None:
    """Have the bot hear of events until the stack ends: where, or None over a web socket, for which it calls itself."""
    if not socket:
        return _listen(stack, hosted.counted(convene.wsgi))
    line = composition.socket(convene)
    line.client.connect()
    stack.callback(line.hang_up)
    return None


def _listen(stack: ExitStack, app: WSGIApplication) -> str:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="bot", daemon=True)
    thread.start()
    stop: Callable[[], None] = server.shutdown
    stack.callback(server.server_close)
    stack.callback(thread.join, 5)
    stack.callback(stop)
    return f"http://127.0.0.1:{server.server_port}/slack/events"
