"""`convene run`, `web` and `worker`: the bot in one process, or its two halves."""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from bot import app as composition
from bot import config, log
from bot.app import Convene, Line, build
from bot.cli.common import database, err, opened, out, refuse, settings, until_told_to_stop
from bot.clock import wall
from bot.config import Settings
from bot.guard import health_only
from bot.services import setup_begin
from bot.services.programs import Programs
from bot.slack import LOCKED_OUT, SlackError
from bot.views.setup_forms import code_words
from storage.database import JOB_PATIENCE, Database

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

logger = logging.getLogger(__name__)
EVERYWHERE = "0.0.0.0"
THREADS = 128
"""Of these the guard lets a few into the bot. A request whose body never comes keeps one until its sender hangs up,
which no server of ours bounds, so there have to be many."""
CONNECTIONS = 512
HEADERS_MS = 10_000
"""How long a connection may be silent where a request should begin."""
LONGEST_WAIT_SECONDS = 60.0
HANDSHAKE_SECONDS = 10.0
REFUSALS = LOCKED_OUT | {"missing_scope", "not_allowed_token_type", "forbidden_team", "app_not_found"}
STOP_SECONDS = 20
"""How long a worker that was told to stop is waited for; hosts give thirty seconds before they pull the plug."""


def add(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("run")(run)
    app.command("web")(web)
    app.command("worker")(worker)


def run() -> None:
    """Everything in one process: Socket Mode if SLACK_APP_TOKEN is set, else HTTP on PORT."""
    told = _ready()
    _claim(told.port)
    with database(create=True) as db:
        _print_code(db)
    if told.socket_mode:
        _run_socket(told)
    else:
        _serve(composition.everything, told)


def web() -> None:
    """The half that listens to Slack over HTTP on PORT; needs PostgreSQL, and `convene worker` beside it."""
    told = _ready()
    _refuse_sqlite(told)
    if told.signing_secret is None:
        refuse("SLACK_SIGNING_SECRET is not set: without it nobody can tell Slack's requests from others.")
    _claim(told.port)
    with database() as db:
        _print_code(db)
    _serve(composition.web, told)


def worker() -> None:
    """The half that sends what is due; needs PostgreSQL."""
    told = _ready()
    _refuse_sqlite(told)
    with database():
        pass
    log.configure(told.log_level, told.secrets)
    with until_told_to_stop() as stopping:
        convene = build(told)
        convene.waker.start()
        err().print("Sending what is due.")
        stopping.wait()
        convene.stop()


def _ready() -> Settings:
    told = settings()
    missing = config.missing_for_slack(told)
    if missing:
        refuse(
            "Convene cannot talk to Slack yet:",
            *(f"  {sentence}" for sentence in missing),
            "To look around without Slack: convene sandbox",
        )
    return told


def _print_code(db: Database) -> None:
    """Where there is no program, show the code with which somebody may set one up: here, and nowhere else."""
    with db.begin(patience=JOB_PATIENCE) as session:
        code = setup_begin.issue_code(session=session, programs=Programs(), now=wall())
    if code is not None:
        out().print(code_words(code), markup=False)


def _refuse_sqlite(told: Settings) -> None:
    db = opened(told.database_url)
    if db.is_sqlite:
        refuse(
            "DATABASE_URL names a SQLite file, or is not set. `web` and `worker` are separate processes, often on "
            "separate machines, and a SQLite file serves one process only.",
            "Use PostgreSQL, or run everything in one process: convene run",
        )
    db.close()


def _claim(port: int) -> None:
    """Refuse in words when a port cannot be had: a server would share it with whoever else asks, or end by itself."""
    try:
        socket.create_server((EVERYWHERE, port)).close()
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        refuse(f"Port {port} cannot be used: {reason}.", "Choose another with PORT, in the environment or .env.")


def _serve(factory: Callable[[], WSGIApplication], told: Settings) -> None:
    """Serve WSGI until told to stop; the app is built in the server's worker, as the server forks."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings

    log.configure(told.log_level, told.secrets)
    err().print(
        f"Listening on port {told.port}. Slack's request address is https://YOUR-HOST/slack/events.", markup=False
    )
    Granian(
        "convene",
        address=EVERYWHERE,
        port=told.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        backpressure=CONNECTIONS,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_MS),
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_enabled=False,
    ).serve(target_loader=factory, wrap_loader=False)


def _run_socket(told: Settings) -> None:
    log.configure(told.log_level, told.secrets)
    with until_told_to_stop() as stopping:
        convene = build(told)
        with _health(convene, told.port):
            convene.warm_up()
            convene.waker.start()
            line = composition.socket(convene)
            _connect(line, convene, stopping)
            stopping.wait()
            convene.ticker.stop()
            line.hang_up()
        convene.stop()


def _connect(line: Line, convene: Convene, stopping: threading.Event) -> None:
    """Connect, however long Slack is away; afterwards the line comes back by itself."""
    wait = 1.0
    while not stopping.is_set():
        try:
            line.client.wss_uri = convene.deps.slack.socket_address(convene.deps.settings.app_token or "")
            line.client.connect()
            break
        except SlackError as error:
            said = "refuses SLACK_APP_TOKEN" if error.code in REFUSALS else "cannot be reached"
            logger.warning("Slack %s (%s); trying again in %.0f s", said, error.code, wait)
        stopping.wait(wait)
        wait = min(wait * 2, LONGEST_WAIT_SECONDS)
    until = time.monotonic() + HANDSHAKE_SECONDS
    while not (stopping.is_set() or line.client.is_connected() or time.monotonic() > until):
        stopping.wait(0.1)
    if line.client.is_connected():
        err().print("Connected to Slack.")


@contextmanager
def _health(convene: Convene, port: int) -> Iterator[None]:
    """/healthz beside the web socket."""
    from werkzeug.serving import make_server

    app = health_only(lambda: composition.health(convene.deps.db))
    with socket.create_server((EVERYWHERE, port)) as listener:
        server = make_server(EVERYWHERE, port, app, threaded=True, fd=listener.fileno())
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="health", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(5)
