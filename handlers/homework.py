"""Homework in: the command, the buttons, a facilitator's nudge."""

from __future__ import annotations

from slack_bolt import Ack

from bot.deps import Deps
from bot.domain.homework import Asked, NotAllowed, Nudge, Nudged, Overview
from bot.services import homework
from bot.views import homework as views
from bot.views import ids
from bot.views.refusals import sorry
from handlers.listen import Listeners
from handlers.reply import answer, asking, show, tell, value
from handlers.request import Body


def overview(ack: Ack, body: Body, deps: Deps) -> None:
    """`/homework`, and the button: what is due and how it stands."""
    program_id, _ = ids.referred(value(body))
    now = deps.clock()
    with deps.db.begin() as session:
        viewer = asking(session, deps, body, now, program_id)
        found = homework.overview(session=session, viewer=viewer, now=now)
    match found:
        case NotAllowed():
            tell(ack, deps, body, views.refusal(found))
        case Overview():
            answer(ack, deps, body, views.overview(found, now), views.window)


def nudge(ack: Ack, body: Body, deps: Deps) -> None:
    """*Nudge …*: who would get a message."""
    program_id, key = ids.referred(value(body))
    now = deps.clock()
    with deps.db.begin() as session:
        viewer = asking(session, deps, body, now, program_id)
        found = homework.nudge_list(session=session, viewer=viewer, homework=key, now=now)
    match found:
        case NotAllowed():
            tell(ack, deps, body, views.refusal(found))
        case Nudge():
            show(deps, body, views.nudge_form(found, now))
            ack()


def send_nudges(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """The names confirmed."""
    form, now = views.read_nudge(view), deps.clock()
    with deps.db.begin() as session:
        viewer = asking(session, deps, body, now, form.program_id)
        found = homework.nudge_now(session=session, viewer=viewer, homework=form.homework, shown=form.people, now=now)
    match found:
        case NotAllowed():
            ack(response_action="update", view=sorry(views.refusal(found)))
        case Nudged():
            ack(response_action="update", view=views.nudged(found, now))


def more_time(ack: Ack, body: Body, deps: Deps) -> None:
    """*I need more time*, under a reminder."""
    program_id, key = ids.referred(value(body))
    now = deps.clock()
    with deps.db.begin() as session:
        viewer = asking(session, deps, body, now, program_id)
        found = homework.ask_for_time(session=session, viewer=viewer, homework=key, now=now)
    match found:
        case NotAllowed():
            tell(ack, deps, body, views.refusal(found))
        case Asked():
            tell(ack, deps, body, views.asked(found))


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.command(ids.HOMEWORK, overview, about="What is due, and what your organization has handed in")
    on.action(ids.HOMEWORK_OPEN, overview)
    on.action(ids.HOMEWORK_NUDGE, nudge)
    on.action(ids.HOMEWORK_MORE_TIME, more_time)
    on.view(ids.HOMEWORK_NUDGE_FORM, send_nudges)
