"""The menu, in: `/convene` alone."""

from __future__ import annotations

from slack_bolt import Ack

from bot.deps import Deps
from bot.services import menu
from bot.views import menu as views
from handlers.reply import say, turn
from handlers.request import Body


def command(ack: Ack, body: Body, deps: Deps) -> None:
    """What somebody can do, the next step first."""
    with turn(deps, body) as (session, viewer, now):
        found = menu.gather(session=session, viewer=viewer, now=now)
    say(ack, views.message(found, now))
