"""Quiet hours in: the form on the Home, and the menu under a reminder."""

from __future__ import annotations

import logging
from typing import get_args

from slack_bolt import Ack, Respond

from bot.deps import Deps
from bot.domain.quiet import Gone, Later, PutOff
from bot.services import quiet
from bot.slack import SlackError
from bot.views import ids
from bot.views import quiet as views
from bot.views.refusals import no_program, sorry
from handlers.listen import Listeners
from handlers.reply import show, tell, turn
from handlers.reply import value as pressed
from handlers.request import Body

log = logging.getLogger(__name__)
CHOICES: dict[str, Later] = {name: name for name in get_args(Later)}


def open_form(ack: Ack, body: Body, deps: Deps) -> None:
    """*Change…*, beside when I may write."""
    program_id, _ = ids.referred(pressed(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = quiet.resting(session=session, viewer=viewer) if viewer.program is not None else None
    if found is None:
        tell(ack, deps, body, no_program())
        return
    show(deps, body, views.form(found, found.program.local_day(now)))
    ack()


def keep(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """What somebody wants, handed in."""
    program_id, wanted = views.read(view)
    if isinstance(wanted, dict):
        ack(response_action="errors", errors=wanted)
        return
    with turn(deps, body, program_id) as (session, viewer, now):
        found = None
        if viewer.program is not None:
            found = quiet.set_own(session=session, viewer=viewer, own=wanted, now=now)
    ack(response_action="update", view=sorry(no_program()) if found is None else views.kept(found))


def put_off(ack: Ack, body: Body, deps: Deps, respond: Respond) -> None:
    """*Remind me later*: the message itself says until when; a second choice under it changes nothing."""
    program_id, key = ids.referred(_selected(body))
    choice, _, notice = key.partition("/")
    found: PutOff | Gone = Gone()
    with turn(deps, body, program_id) as (session, viewer, now):
        if viewer.program is not None and choice in CHOICES:
            found = quiet.put_off(session=session, viewer=viewer, opaque_key=notice, choice=CHOICES[choice], now=now)
    ack()
    if not body.get("response_url"):
        return
    if isinstance(found, Gone):
        try:
            respond(text=views.gone(), response_type="ephemeral", replace_original=False)
        except (SlackError, OSError) as error:
            log.warning("the answer to a menu could not be shown: %s", error)


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.action(ids.QUIET_OPEN, open_form)
    on.action(ids.QUIET_PUT_OFF, put_off)
    on.view(ids.QUIET_FORM, keep)


def _selected(body: Body) -> str:
    """The value of what was chosen in a menu."""
    chosen: Body = (body.get("actions") or [{}])[0].get("selected_option") or {}
    return str(chosen.get("value") or "")
