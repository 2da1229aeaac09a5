"""Practice and live, in: looking at what follows, going live and back, and the list of what is made up."""

from __future__ import annotations

from dataclasses import replace

from slack_bolt import Ack

from bot.deps import Deps
from bot.domain.messages import Block
from bot.domain.modes import Changed
from bot.domain.people import NotAllowed
from bot.services import modes
from bot.views import ids
from bot.views import modes as views
from bot.views.refusals import sorry
from handlers.listen import Listeners
from handlers.reply import PRACTICE, put, redrawn, show, tell, turn, value
from handlers.request import Body, key


def look(ack: Ack, body: Body, deps: Deps) -> None:
    """*Go live…*, *Practice and live*: how the program speaks, and what would follow."""
    program_id, _ = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = modes.look(session=session, viewer=viewer, now=now)
    if isinstance(found, NotAllowed):
        tell(ack, deps, body, views.refusal(found))
        return
    show(deps, body, views.form(found))
    ack()


def go_live(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """*Go live*."""
    program_id = views.read_program(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = modes.go_live(session=session, programs=deps.programs, viewer=viewer, request=key(body), now=now)
    _done(ack, body, found)


def to_practice(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """*Back to practice*, with where."""
    program_id, where = views.read_program(view), views.read_where(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = modes.back_to_practice(
            session=session, programs=deps.programs, viewer=viewer, practice_in=where, request=key(body), now=now
        )
    _done(ack, body, found)


def practise_there(ack: Ack, body: Body, deps: Deps) -> None:
    """*Practise without posting*, *Practise in the facilitators' channel*: what was open is drawn again."""
    program_id, word = ids.referred(value(body))
    where = views.practice_in(word) or "facilitators"
    with turn(deps, body, program_id) as (session, viewer, now):
        changed = modes.back_to_practice(
            session=session, programs=deps.programs, viewer=viewer, practice_in=where, request=key(body), now=now
        )
        if isinstance(changed, Changed):
            viewer = replace(viewer, program=changed.program)
            body[PRACTICE] = "en"
        found = modes.look(session=session, viewer=viewer, now=now)
    if isinstance(found, NotAllowed):
        tell(ack, deps, body, views.refusal(found))
        return
    redrawn(deps, body, views.form(found))
    ack()


def samples(ack: Ack, body: Body, deps: Deps) -> None:
    """*Samples*, *See all*, and the pages of it."""
    program_id, start = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, _):
        found = modes.listed(session=session, viewer=viewer)
    if isinstance(found, NotAllowed):
        tell(ack, deps, body, views.refusal(found))
        return
    page = views.samples_page(found, views.start_of(start))
    put(deps, body, page, ids.SAMPLE_PAGE)
    ack()


def _samples_again(deps: Deps, body: Body, about: str) -> Block | None:
    program_id, start = ids.referred(about)
    with turn(deps, body, program_id) as (session, viewer, _):
        found = modes.listed(session=session, viewer=viewer)
    return None if isinstance(found, NotAllowed) else views.samples_page(found, views.start_of(start))


def _done(ack: Ack, body: Body, found: Changed | NotAllowed) -> None:
    if isinstance(found, NotAllowed):
        ack(response_action="update", view=sorry(views.refusal(found)))
        return
    body[PRACTICE] = "en" if found.mode == "practice" else ""
    ack(response_action="update", view=views.done(found))


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.action(ids.MODE_OPEN, look)
    on.action(ids.MODE_PRACTICE, practise_there)
    on.action(ids.SAMPLE_LIST, samples)
    on.behind(ids.SAMPLE_PAGE, _samples_again)
    on.view(ids.MODE_LIVE_FORM, go_live)
    on.view(ids.MODE_PRACTICE_FORM, to_practice)
