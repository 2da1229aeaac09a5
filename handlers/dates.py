"""Dates in: the command, the button from anywhere, the calendar file."""

from __future__ import annotations

import logging
from datetime import datetime

from slack_bolt import Ack, Respond

from bot.deps import Deps
from bot.domain.dates import Agenda
from bot.services import dates
from bot.services.dates import NoProgram, NothingAhead, NotTheirs, Ordered, Over
from bot.slack import SlackError
from bot.views import dates as views
from bot.views import ids
from bot.views.refusals import no_program, sorry
from handlers.listen import Listeners
from handlers.reply import asking, replaced, say, show, value
from handlers.request import Body, key

log = logging.getLogger(__name__)


def command(ack: Ack, body: Body, deps: Deps) -> None:
    """`/dates`: what is next, for the asker's eyes."""
    now = deps.clock()
    with deps.db.begin() as session:
        found = dates.look(session=session, viewer=asking(session, deps, body, now), now=now)
    match found:
        case NoProgram():
            ack(text=no_program())
        case Agenda():
            say(ack, views.listing(found, now))


def open_window(ack: Ack, body: Body, deps: Deps) -> None:
    """*See the dates*, on whatever surface: all of them, in a modal."""
    now = deps.clock()
    program_id, _ = ids.referred(value(body))
    with deps.db.begin() as session:
        found = dates.look(session=session, viewer=asking(session, deps, body, now, program_id), now=now)
    show(deps, body, sorry(no_program()) if isinstance(found, NoProgram) else views.window(found, now))
    ack()


def send_file(ack: Ack, body: Body, deps: Deps, respond: Respond) -> None:
    """*Calendar file*: it comes by direct message; the person is told so where they pressed."""
    now = deps.clock()
    program_id, event = ids.referred(value(body))
    with deps.db.begin() as session:
        viewer = asking(session, deps, body, now, program_id)
        outcome = dates.order_file(session=session, viewer=viewer, event_key=event, request=key(body), now=now)
        found = dates.look(session=session, viewer=viewer, now=now)
    ack()
    try:
        _tell(deps, body, respond, found, _words(outcome), now)
    except (SlackError, OSError) as error:
        # The file comes all the same: only the words about it could not be shown.
        log.warning("the answer to a pressed button could not be shown: %s", error)


def joined(ack: Ack) -> None:
    """A link that Slack has opened already."""
    ack()


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.command(ids.DATES, command, about="See what is next, and put it into your calendar")
    on.action(ids.DATES_OPEN, open_window)
    on.action(ids.DATES_FILE, send_file)
    on.action(ids.DATES_FILES, send_file)
    on.action(ids.DATES_JOIN, joined)


def _words(outcome: Ordered | Over | NotTheirs | NothingAhead | NoProgram) -> str:
    match outcome:
        case Ordered(event):
            return views.ordered(event)
        case Over(event):
            return views.over(event)
        case NotTheirs(program):
            return views.not_theirs(program)
        case NothingAhead(program):
            return views.nothing_ahead(program)
        case NoProgram():
            return no_program()


def _tell(deps: Deps, body: Body, respond: Respond, found: Agenda | NoProgram, words: str, now: datetime) -> None:
    view = body.get("view") or {}
    if view.get("callback_id") == views.WINDOW and isinstance(found, Agenda):
        replaced(deps, body, views.window(found, now, note=words))
    elif body.get("response_url"):
        respond(text=words, response_type="ephemeral", replace_original=False)
    else:
        show(deps, body, sorry(words))
