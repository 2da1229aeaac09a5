"""Dates that move, in: choosing one, its new time, seeing what follows, and saving it."""

from __future__ import annotations

from slack_bolt import Ack

from bot.deps import Deps
from bot.domain.moves import ChangedMeanwhile, Editing, Foreseen, Moved, NotAllowed, Picking, Rejected, Same
from bot.services import moves
from bot.views import ids
from bot.views import moves as views
from bot.views.refusals import sorry
from handlers.listen import Listeners
from handlers.reply import show, tell, turn, value
from handlers.request import Body


def pick(ack: Ack, body: Body, deps: Deps) -> None:
    """*Change a date*: everything that can be moved."""
    program_id, _ = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = moves.picking(session=session, viewer=viewer, now=now)
    match found:
        case NotAllowed():
            tell(ack, deps, body, views.refusal(found))
        case Picking():
            show(deps, body, views.pick(found))
            ack()


def picked(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """One is chosen: its form takes the place of the menu."""
    program_id, section, key = views.read_pick(view)
    found = _editing(deps, body, program_id, section, key)
    shown = sorry(views.refusal(found)) if isinstance(found, NotAllowed) else views.form(found)
    ack(response_action="update", view=shown)


def change(ack: Ack, body: Body, deps: Deps) -> None:
    """*Change the date*, beside a date or a homework."""
    program_id, name = ids.referred(value(body))
    section, _, key = name.partition("/")
    found = _editing(deps, body, program_id, section, key)
    match found:
        case NotAllowed():
            tell(ack, deps, body, views.refusal(found))
        case Editing():
            show(deps, body, views.form(found))
            ack()


def foresee(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """A new time is chosen: what will follow from it."""
    program_id, draft = views.read(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = moves.foresee(session=session, viewer=viewer, draft=draft, now=now)
    match found:
        case Foreseen():
            ack(response_action="update", view=views.preview(found, draft))
        case Same():
            ack(response_action="errors", errors=views.unchanged(found))
        case Rejected():
            ack(response_action="errors", errors=views.errors(found, view))
        case ChangedMeanwhile():
            ack(response_action="update", view=views.meanwhile(found))
        case NotAllowed():
            ack(response_action="update", view=sorry(views.refusal(found)))


def save(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """*Save*: it is moved, and everything that follows is planned."""
    program_id, draft = views.read_save(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = moves.save(session=session, programs=deps.programs, viewer=viewer, draft=draft, now=now)
    match found:
        case Moved() | Same():
            ack(response_action="update", view=views.saved(found))
        case Rejected():
            ack(response_action="update", view=sorry(views.not_possible(found)))
        case ChangedMeanwhile():
            ack(response_action="update", view=views.meanwhile(found))
        case NotAllowed():
            ack(response_action="update", view=sorry(views.refusal(found)))


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.action(ids.MOVE_OPEN, pick)
    on.action(ids.MOVE_CHANGE, change)
    on.view(ids.MOVE_PICK_FORM, picked)
    on.view(ids.MOVE_FORM, foresee)
    on.view(ids.MOVE_SAVE_FORM, save)


def _editing(deps: Deps, body: Body, program_id: int | None, section: str, key: str) -> Editing | NotAllowed:
    with turn(deps, body, program_id) as (session, viewer, _):
        return moves.editing(session=session, viewer=viewer, section=section, key=key)
