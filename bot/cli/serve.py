"""`convene run`, `web` and `worker`: the bot in one process, or its two halves."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.error import URLError

import typer
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import config, log
from bot.app import Convene, build, socket
from bot.cli.common import database, err, refuse, settings, until_told_to_stop
from bot.config import Settings
from bot.guard import health_only
from storage.database import Database, answers

if TYPE_CHECKING:
    from slack_bolt.adapter.socket_mode import SocketModeHandler

logger = logging.getLogger(__name__)
THREADS = 8
LONGEST_WAIT_SECONDS = 60.0


def add(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("run")(run)
    app.command("web")(web)
    app.command("worker")(worker)


def run() -> None:
    """Everything in one process: Socket Mode if SLACK_APP_TOKEN is set, else HTTP on PORT."""
    told = _ready()
    with database(create=True):
        pass
    if told.socket_mode:
        _run_socket(told)
    else:
        _serve("bot.app:everything", told)


def web() -> None:
    """The half that listens to Slack over HTTP on PORT; needs PostgreSQL, and `convene worker` beside it."""
    told = _ready()
    _refuse_sqlite(told)
    if told.signing_secret is None:
        refuse("SLACK_SIGNING_SECRET is not set: without it nobody can tell Slack's requests from others.")
    with database():
        pass
    _serve("bot.app:web", told)


def worker() -> None:
    """The half that sends what is due; needs PostgreSQL."""
    told = _ready()
    _refuse_sqlite(told)
    with database():
        pass
    log.configure(told.log_level)
    convene = build(told)
    with until_told_to_stop() as stopping:
        convene.waker.start()
        err().print("Sending what is due.")
        stopping.wait()
    convene.stop()


def _ready() -> Settings:
    told = settings()
    missing = config.missing_for_slack(told)
    if missing:
        refuse("Convene cannot talk to Slack yet:", *(f"  {sentence}" for sentence in missing), "Try: convene sandbox")
    return told


def _refuse_sqlite(told: Settings) -> None:
    db = Database(told.database_url)
    if db.is_sqlite:
        refuse(
            "DATABASE_URL names a SQLite file. `web` and `worker` are separate processes, often on separate machines, "
            "and a SQLite file serves one process only.",
            "Use PostgreSQL, or run everything in one process: convene run",
        )
    db.close()


def _serve(factory: str, told: Settings) -> None:
    """Serve WSGI until told to stop; the app is built in the server's worker, as the server forks."""
    from granian import Granian
    from granian.constants import Interfaces

    log.configure(told.log_level)
    Granian(
        factory,
        factory=True,
        address="0.0.0.0",
        port=told.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        backpressure=64,
        websockets=False,
        respawn_failed_workers=True,
        log_enabled=False,
    ).serve()


def _run_socket(told: Settings) -> None:
    log.configure(told.log_level)
    convene = build(told)
    with until_told_to_stop() as stopping, _health(convene, told.port):
        convene.waker.start()
        handler = _connect(socket(convene), stopping)
        err().print("Connected to Slack." if handler else "Stopped before Slack answered.")
        stopping.wait()
        if handler is not None:
            handler.client.close()
    convene.stop()


def _connect(handler: SocketModeHandler, stopping: threading.Event) -> SocketModeHandler | None:
    """Connect, however long Slack is away; None when told to stop before."""
    wait = 1.0
    while not stopping.is_set():
        try:
            handler.client.connect()
            return handler
        except SlackApiError as error:
            code = error.response if isinstance(error.response, str) else error.response.get("error")
            logger.warning("Slack refuses the connection (%s); trying again in %.0f s", code, wait)
        except (SlackClientError, URLError, OSError) as error:
            logger.warning("Slack cannot be reached (%s); trying again in %.0f s", type(error).__name__, wait)
        stopping.wait(wait)
        wait = min(wait * 2, LONGEST_WAIT_SECONDS)
    return None


@contextmanager
def _health(convene: Convene, port: int) -> Iterator[None]:
    """/healthz beside the web socket."""
    from werkzeug.serving import make_server

    server = make_server("0.0.0.0", port, health_only(lambda: answers(convene.deps.db)), threaded=True)
    thread = threading.Thread(target=server.serve_forever, name="health", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(5)
