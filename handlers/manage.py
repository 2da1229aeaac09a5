"""*Manage*, in."""

from __future__ import annotations

from slack_bolt import Ack

from bot.deps import Deps
from bot.domain.manage import Managing
from bot.domain.people import NotAllowed
from bot.services import manage
from bot.views import ids
from bot.views import manage as views
from handlers.listen import Listeners
from handlers.reply import show, tell, turn, value
from handlers.request import Body


def menu(ack: Ack, body: Body, deps: Deps) -> None:
    """Everything that those who run a program can do."""
    program_id, _ = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, _now):
        found = manage.opened(session=session, viewer=viewer)
    match found:
        case NotAllowed():
            tell(ack, deps, body, views.refusal(found))
        case Managing():
            show(deps, body, views.window(found))
            ack()


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.action(ids.MANAGE_OPEN, menu)
