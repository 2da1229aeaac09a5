"""Looking at the Home as somebody else sees it, in."""

from __future__ import annotations

from slack_bolt import Ack

from bot.deps import Deps
from bot.domain.people import NotAllowed
from bot.domain.view_as import Choices, NoOrganization, Seen
from bot.services import view_as
from bot.views import ids
from bot.views import view_as as views
from bot.views.refusals import sorry
from handlers.listen import Listeners
from handlers.reply import show, tell, turn, value
from handlers.request import Body


def choose(ack: Ack, body: Body, deps: Deps) -> None:
    """*View as…*: as whom?"""
    program_id, _ = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, _now):
        found = view_as.choices(session=session, viewer=viewer)
    match found:
        case NotAllowed():
            tell(ack, deps, body, views.refusal(found))
        case Choices():
            show(deps, body, views.form(found))
            ack()


def look(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """*Show it*."""
    program_id, part, organization = views.read(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = view_as.look(session=session, viewer=viewer, part=part, organization_id=organization, now=now)
    match found:
        case NotAllowed():
            ack(response_action="update", view=sorry(views.refusal(found)))
        case NoOrganization():
            ack(response_action="errors", errors=views.no_organization())
        case Seen():
            ack(response_action="push", view=views.window(found, now))


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.action(ids.VIEW_AS_OPEN, choose)
    on.view(ids.VIEW_AS_FORM, look)
