"""Whether people come, in: the two buttons under a date, and who has pressed which."""

from __future__ import annotations

import logging

from slack_bolt import Ack, Respond

from bot.deps import Deps
from bot.domain.messages import Message
from bot.domain.rsvps import Coming, NotTheirs
from bot.services import dates, rsvps
from bot.services.dates import NoProgram
from bot.slack import SlackError
from bot.views import dates as date_views
from bot.views import ids
from bot.views import rsvps as views
from bot.views.refusals import sorry, too_old
from handlers.listen import Listeners
from handlers.reply import in_modal, in_mode_too, redrawn, show, turn, value
from handlers.request import Body

log = logging.getLogger(__name__)


def coming(ack: Ack, body: Body, deps: Deps, respond: Respond) -> None:
    """*I'm coming*."""
    _press(ack, body, deps, respond, comes=True)


def not_coming(ack: Ack, body: Body, deps: Deps, respond: Respond) -> None:
    """*I can't come*."""
    _press(ack, body, deps, respond, comes=False)


def who(ack: Ack, body: Body, deps: Deps) -> None:
    """*Who is coming*, for the facilitators."""
    program_id, key = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, _):
        found = rsvps.coming(session=session, viewer=viewer, event_key=key)
    match found:
        case Coming():
            show(deps, body, views.who(found, viewer.zone))
        case NotTheirs():
            show(deps, body, sorry(views.not_theirs(found)))
        case _:
            show(deps, body, sorry(too_old()))
    ack()


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.action(ids.RSVP_COMING, coming)
    on.action(ids.RSVP_NOT_COMING, not_coming)
    on.action(ids.RSVP_WHO, who)


def _press(ack: Ack, body: Body, deps: Deps, respond: Respond, *, comes: bool) -> None:
    """Note it, and say what stands to whoever pressed alone."""
    program_id, key, seen, at = views.read(value(body), str(body["actions"][0].get("action_ts")))
    with turn(deps, body, program_id) as (session, viewer, now):
        outcome = rsvps.press(
            session=session,
            programs=deps.programs,
            viewer=viewer,
            program_id=program_id,
            event_key=key,
            seen=seen,
            coming=comes,
            pressed_at=at,
            now=now,
        )
        answer = views.pressed(outcome, viewer.zone)
        listed = dates.look(session=session, viewer=viewer, now=now) if _in_dates(body) else NoProgram()
    ack()
    try:
        if isinstance(listed, NoProgram):
            _tell(deps, body, respond, answer)
        else:
            redrawn(deps, body, date_views.window(listed, now, note=answer.text))
    except (SlackError, OSError) as error:
        # It is noted all the same: only the words about it could not be shown.
        log.warning("the answer to a pressed button could not be shown: %s", error)


def _in_dates(body: Body) -> bool:
    return in_modal(body) and body["view"].get("callback_id") == date_views.WINDOW


def _tell(deps: Deps, body: Body, respond: Respond, answer: Message) -> None:
    if in_modal(body) and body["view"].get("callback_id") == ids.RSVP_WINDOW:
        redrawn(deps, body, views.window(answer))
    elif body.get("response_url"):
        said = in_mode_too(body, answer)
        respond(text=said.text, blocks=list(said.blocks), response_type="ephemeral", replace_original=False)
    else:
        show(deps, body, views.window(answer))
