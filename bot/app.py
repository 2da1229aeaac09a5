"""The composition root: everything is built once, here, from settings and a clock."""

from __future__ import annotations

import logging
import os
import secrets
from dataclasses import dataclass
from multiprocessing.util import Finalize
from typing import TYPE_CHECKING

from dotenv import dotenv_values
from slack_bolt import App, BoltResponse, Respond
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

import handlers.registry
from bot import clock as clocks
from bot import config, log
from bot.clock import Clock
from bot.config import Settings
from bot.deps import Deps
from bot.domain.messages import Block
from bot.guard import guard
from bot.services.programs import Programs
from bot.slack import Slack
from bot.views import manifest as manifests
from bot.views.manifest import Heard
from handlers.listen import Listeners
from jobs.tick import Ticker
from jobs.wake import Waker
from storage.database import Database, answers

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

    def stop(self) -> None:
        """Finish what is under way and let go of the database."""
        self.waker.stop()
        self.deps.db.close()


def build(settings: Settings, *, clock: Clock = clocks.wall) -> Convene:
    """Put the bot together. Slack need not be up; the database is not touched yet."""
    db = Database(settings.database_url)
    listeners = handlers.registry.collect()
    deps = Deps(
        settings=settings,
        clock=clock,
        db=db,
        slack=Slack(settings.bot_token or "", settings.api_url),
        programs=Programs(),
        commands=tuple(listeners.commands),
    )
    ticker = Ticker(deps)
    waker = Waker(ticker, db)
    db.on_notices = waker.poke
    bolt = _bolt(settings, deps, listeners)
    wsgi = guard(SlackRequestHandler(bolt), settings.signing_secret or secrets.token_hex(), lambda: answers(db))
    return Convene(deps, bolt, wsgi, ticker, waker)


def environment() -> dict[str, str]:
    """The process's environment over what `.env` in the working folder says."""
    file = {name: value for name, value in dotenv_values(".env").items() if value is not None}
    return {**file, **os.environ}


def web() -> WSGIApplication:
    """The factory that a WSGI server calls in its worker: the listening half, from the environment."""
    return _in_worker().wsgi


def everything() -> WSGIApplication:
    """The factory for a single process over HTTP: it listens, and it sends."""
    convene = _in_worker()
    convene.waker.start()
    return convene.wsgi


def _in_worker() -> Convene:
    settings = config.read(environment())
    log.configure(settings.log_level)
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


def socket(convene: Convene) -> SocketModeHandler:
    """The web socket to Slack, not yet connected; it asks Slack for its address with the app-level token."""
    settings = convene.deps.settings
    client = WebClient(token=settings.app_token, base_url=settings.api_url)
    return SocketModeHandler(convene.bolt, settings.app_token, web_client=client)


def _bolt(settings: Settings, deps: Deps, listeners: Listeners) -> App:
    known: dict[str, AuthorizeResult] = {}

    def authorize(team_id: str | None) -> AuthorizeResult:
        # Asked once and kept: Bolt's own way needs Slack to be up at the start, or asks at every request.
        key = team_id or ""
        if key not in known:
            who = deps.slack.identity()
            known[key] = AuthorizeResult(
                enterprise_id=None, team_id=who.team, bot_token=settings.bot_token, bot_id=who.bot, bot_user_id=who.user
            )
        return known[key]

    bolt = App(
        name="convene",
        # Without a token of its own: each request's comes from `authorize`.
        client=WebClient(base_url=settings.api_url, retry_handlers=[]),
        signing_secret=settings.signing_secret or "unused in socket mode",
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
        ssl_check_enabled=True,
        token_verification_enabled=False,
    )

    @bolt.middleware
    def give_deps(context: dict[str, object], next: object) -> None:
        context["deps"] = deps
        next()  # type: ignore[operator]

    @bolt.error
    def on_error(error: Exception, body: dict[str, object], respond: Respond) -> BoltResponse:
        return handlers.registry.failed(error, body, deps.slack, respond)

    listeners.attach(bolt)
    return bolt
