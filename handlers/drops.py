"""Documents, in: files that are dropped, the form that makes one a source of answers, and the list of all of them."""

from __future__ import annotations

from collections.abc import Sequence

from slack_bolt import Ack

from bot.deps import Deps
from bot.domain.drops import Before, Form, Gone, Listing, Rejected, Wanted
from bot.domain.messages import Dropped
from bot.domain.people import NotAllowed
from bot.domain.questions import Where
from bot.services import drops, people
from bot.views import drops as views
from bot.views import ids
from bot.views.refusals import sorry
from handlers.listen import Listeners
from handlers.reply import in_modal, redrawn, show, tell, turn, value
from handlers.request import Body


def dropped(deps: Deps, team: str, user: str, where: Where, key: str, files: Sequence[Dropped], alone: bool) -> None:
    """Files came with a message; `alone` without a word."""
    with deps.db.read() as session:
        concerns = drops.concerns(session=session, team=team, where=where)
    if not concerns:
        return
    now = deps.clock()
    with deps.db.begin() as session:
        viewer = people.viewer(
            session=session, programs=deps.programs, team=team, user=user, now=now, channel=where.channel, contact=alone
        )
        drops.take(
            session=session,
            programs=deps.programs,
            viewer=viewer,
            where=where,
            files=files,
            key=key,
            alone=alone,
            now=now,
        )


def form(ack: Ack, body: Body, deps: Deps) -> None:
    """*Use as a source…*"""
    program_id, key = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, _):
        found = drops.form(session=session, viewer=viewer, drop_id=ids.row(key))
    match found:
        case Form():
            show(deps, body, views.form(found))
            ack()
        case Before():
            tell(ack, deps, body, views.before(found))
        case Gone():
            tell(ack, deps, body, views.gone(found))
        case NotAllowed():
            tell(ack, deps, body, views.refusal(found))


def use(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """The form, handed in: it is read afterwards, as that may take a while."""
    program_id, drop_id, title, audience, replaces = views.read(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = drops.use(
            session=session,
            viewer=viewer,
            drop_id=drop_id,
            title=title,
            audience=audience,
            replaces=replaces,
            now=now,
        )
    match found:
        case Wanted():
            ack(response_action="update", view=views.wanted(found))
        case Rejected(problems):
            ack(response_action="errors", errors=views.errors(problems, view))
        case Before():
            ack(response_action="update", view=sorry(views.before(found)))
        case Gone():
            ack(response_action="update", view=sorry(views.gone(found)))
        case NotAllowed():
            ack(response_action="update", view=sorry(views.refusal(found)))


def listing(ack: Ack, body: Body, deps: Deps) -> None:
    """All documents."""
    program_id, _ = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, _now):
        found = drops.listing(session=session, viewer=viewer)
    if isinstance(found, NotAllowed):
        tell(ack, deps, body, views.refusal(found))
        return
    show(deps, body, views.listing(found))
    ack()


def remove(ack: Ack, body: Body, deps: Deps) -> None:
    """*Remove…*: it is gone at once."""
    program_id, key = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = drops.remove(session=session, programs=deps.programs, viewer=viewer, key=key, now=now)
    match found:
        case NotAllowed():
            tell(ack, deps, body, views.refusal(found))
        case Gone():
            tell(ack, deps, body, views.gone(found))
        case Listing():
            if in_modal(body):
                redrawn(deps, body, views.listing(found))
            else:
                show(deps, body, views.listing(found))
            ack()


def listen(on: Listeners) -> None:
    """Note what this feature listens to; files come with the messages of their own listener."""
    on.action(ids.DROP_USE, form)
    on.action(ids.DROP_LIST, listing)
    on.action(ids.DROP_REMOVE, remove)
    on.view(ids.DROP_FORM, use)
