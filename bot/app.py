"""The composition root: everything is built once, here, from settings and a clock."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.util import Finalize
from socket import SHUT_RD
from typing import TYPE_CHECKING

from dotenv import dotenv_values
from slack_bolt import App, BoltRequest, BoltResponse, Respond
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.middleware import Middleware
from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from sqlalchemy.exc import SQLAlchemyError

import handlers.registry
from bot import clock as clocks
from bot import config, log
from bot.clock import Clock
from bot.config import Settings, SettingsError
from bot.deps import Deps
from bot.domain.messages import Block
from bot.guard import fits, guard
from bot.services import faq
from bot.services.faq import FaqIndexes
from bot.services.programs import Programs
from bot.services.vectors import Vectors
from bot.slack import Slack
from bot.views import manifest as manifests
from bot.views.manifest import Heard
from handlers.failures import Elsewhere, failed
from handlers.listen import Listeners
from jobs.tick import Ticker
from jobs.wake import Waker
from storage.database import Busy, Database, answers

if TYPE_CHECKING:
    from wsgiref.types import WSGIApplication

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Convene:
    """The bot, built and not yet started."""

    deps: Deps
    bolt: App
    wsgi: WSGIApplication
    ticker: Ticker
    waker: Waker

    def warm_up(self) -> None:
        """Make ready, beside everything else, what questions are looked for in; the first ones need not wait for it."""
        self.deps.faq.in_background(self._make_ready, "warm-up")

    def _make_ready(self) -> None:
        try:
            with self.deps.db.read() as session:
                if not self.deps.programs.all(session):
                    self.deps.templates.make_ready()
            faq.prepare(db=self.deps.db, programs=self.deps.programs, indexes=self.deps.faq)
        except (Busy, SQLAlchemyError) as error:
            logger.warning("questions are made ready when the first one comes: %s", type(error).__name__)

    def stop(self) -> None:
        """Finish what is under way and let go of the database."""
        self.waker.stop()
        self.deps.faq.stop()
        self.deps.drafts.stop()
        self.deps.db.close()


def build(settings: Settings, *, clock: Clock | None = None) -> Convene:
    """Put the bot together. Slack need not be up; the database is not touched yet."""
    clock = clock or _clock(settings)
    db = Database(settings.database_url)
    listeners = handlers.registry.collect()
    finders = indexes(db, settings)
    deps = Deps(
        settings=settings,
        clock=clock,
        db=db,
        slack=Slack(settings.bot_token or "", settings.api_url),
        programs=Programs(finders.renew),
        commands=tuple(listeners.commands),
        faq=finders,
    )
    ticker = Ticker(deps)
    waker = Waker(ticker, db)
    db.on_notices = waker.poke
    bolt = _bolt(settings, deps, listeners)
    wsgi = guard(SlackRequestHandler(bolt), settings.signing_secret or secrets.token_hex(), lambda: health(db))
    return Convene(deps, bolt, wsgi, ticker, waker)


def _clock(settings: Settings) -> Clock:
    """The machine's, unless a file moves it: that is for tests, and said in the log for whoever forgot it there."""
    if settings.clock_file is None:
        return clocks.wall
    logger.warning("CONVENE_CLOCK_FILE is set: the time is the machine's, moved by what that file says")
    return clocks.FileClock(settings.clock_file)


def indexes(db: Database, settings: Settings) -> FaqIndexes:
    """What finds answers: by meaning, as soon as that is ready."""
    return FaqIndexes(Vectors(db, settings.model_dir))


def health(db: Database) -> str | None:
    """What is wrong, in a sentence for anybody who asks, or None; the details are for the log alone."""
    trouble = answers(db)
    if trouble is None:
        return None
    logger.warning("the database does not answer: %s", trouble)
    return "The database does not answer."


def environment() -> dict[str, str]:
    """The process's environment over what `.env` in the working folder says. Raises SettingsError."""
    try:
        # As Windows writes it, too: with a mark at its beginning.
        found = dotenv_values(".env", encoding="utf-8-sig", interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError((f".env: this file cannot be read as text in UTF-8 ({type(error).__name__})",)) from error
    file = {name: value for name, value in found.items() if value is not None}
    return {**file, **os.environ}


def web() -> WSGIApplication:
    """The factory that a WSGI server calls in its worker: the listening half, from the environment."""
    convene = _in_worker()
    convene.warm_up()
    return convene.wsgi


def everything() -> WSGIApplication:
    """The factory for a single process over HTTP: it listens, and it sends."""
    convene = _in_worker()
    convene.warm_up()
    convene.waker.start()
    return convene.wsgi


def _in_worker() -> Convene:
    # Until the server has put up its own, a signal ends the worker: those inherited from its parent would do nothing.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    settings = config.read(environment())
    log.configure(settings.log_level, settings.secrets)
    convene = build(settings)
    # The server's worker is a child process, where only multiprocessing's own finalizers run at the end.
    Finalize(None, convene.stop, exitpriority=10)
    return convene


def manifest(url: str | None) -> Block:
    """The app manifest, from what the code listens to."""
    return manifests.manifest(heard(), url)


def heard() -> Heard:
    """Everything that the features listen to, by name."""
    listeners = handlers.registry.collect()
    return Heard(tuple(listeners.commands), tuple(listeners.shortcuts), tuple(listeners.events))


class Line(SocketModeHandler):
    """The web socket to Slack: what has been heard is answered before it is closed."""

    def __init__(self, bolt: App, app_token: str, client: WebClient) -> None:
        super().__init__(bolt, app_token, web_client=client)
        self._at_work = 0
        self._changed = threading.Condition()

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Answer one delivery; what the door to HTTP would refuse for its shape is left unanswered."""
        if not fits(req.payload):
            return
        with self._changed:
            self._at_work += 1
        try:
            super().handle(client, req)
        finally:
            with self._changed:
                self._at_work -= 1
                self._changed.notify_all()

    def hang_up(self, patience: float = 5.0) -> None:
        """Close, once what is under way is answered, `patience` seconds at most. Harmless without a connection."""
        self.client.auto_reconnect_enabled = False
        with self._changed:
            self._changed.wait_for(lambda: not self._at_work, patience)
        session = self.client.current_session
        if session is not None and session.sock is not None:
            # Whoever waits there for the next delivery would otherwise do so for three more seconds.
            with suppress(OSError):
                session.sock.shutdown(SHUT_RD)
        self.client.close()


def socket(convene: Convene) -> Line:
    """The web socket to Slack, not yet connected; it asks Slack for its address with the app-level token."""
    settings = convene.deps.settings
    client = WebClient(token=settings.app_token, base_url=settings.api_url)
    return Line(convene.bolt, settings.app_token or "", client)


def _bolt(settings: Settings, deps: Deps, listeners: Listeners) -> App:
    # Below warnings, Bolt repeats whole payloads: people's words, and addresses that are secrets.
    quiet = logging.getLogger("slack_bolt")
    quiet.setLevel(max(logging.WARNING, quiet.level))
    with _slack_out_of_the_environment():
        bolt = App(
            name="convene",
            logger=quiet,
            # Without a token of its own: each request's comes from `authorize`.
            client=WebClient(base_url=settings.api_url, retry_handlers=[]),
            signing_secret=settings.signing_secret or "unused in socket mode",
            authorize=_identity_kept(deps.slack, settings.bot_token),
            process_before_response=True,
            request_verification_enabled=False,
            raise_error_for_unhandled_request=True,
            ssl_check_enabled=True,
            token_verification_enabled=False,
        )

    bolt.use(_Given(deps))

    @bolt.error
    def on_error(error: Exception, body: dict[str, object], respond: Respond) -> BoltResponse:
        return failed(error, body, deps.slack, respond)

    listeners.attach(bolt)
    return bolt


class _Given(Middleware):
    """Hands listeners what is built once. A function in its place would have Bolt make ready all that it might ask."""

    def __init__(self, deps: Deps) -> None:
        self._deps = deps

    def process(self, *, req: BoltRequest, resp: BoltResponse, next: Callable[[], BoltResponse]) -> BoltResponse | None:
        """Put it where listeners find it by its name."""
        req.context["deps"] = self._deps
        return next()


def _identity_kept(slack: Slack, bot_token: str | None) -> Callable[[str | None], AuthorizeResult]:
    """Who the bot is, asked once and kept: Bolt's own way needs Slack to be up at the start, or asks at every request.

    That two threads may both ask at first does no harm.
    """
    known: list[AuthorizeResult] = []

    def authorize(team_id: str | None) -> AuthorizeResult:
        if not known:
            who = slack.identity()
            known.append(
                AuthorizeResult(
                    enterprise_id=None,
                    team_id=who.team,
                    bot_token=bot_token,
                    bot_id=who.bot,
                    bot_user_id=who.user,
                )
            )
        if team_id is not None and team_id != known[0].team_id:
            raise Elsewhere(team_id)
        return known[0]

    return authorize


@contextmanager
def _slack_out_of_the_environment() -> Iterator[None]:
    """Bolt takes from SLACK_* what it is not given, to the point of opening doors; here only settings count."""
    taken = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("SLACK_")}
    try:
        yield
    finally:
        os.environ.update(taken)
