"""Holding all posts, in: what is held, holding it, and letting it go out again."""

from __future__ import annotations

from collections.abc import Callable

from slack_bolt import Ack

from bot.deps import Deps
from bot.domain.holds import Before, Choice, Gone, Looked, Made, Opened, Problems, Resumed, There
from bot.domain.messages import Block
from bot.domain.people import NotAllowed
from bot.services import holds
from bot.views import holds as views
from bot.views import ids
from bot.views.refusals import sorry
from handlers.behind import changed
from handlers.listen import Listeners
from handlers.reply import show, tell, turn, value
from handlers.request import Body, key


def opened(ack: Ack, body: Body, deps: Deps) -> None:
    """*Hold posts*: what is held, or the form."""
    _open(ack, body, deps, new=False)


def new(ack: Ack, body: Body, deps: Deps) -> None:
    """*Hold something else…*."""
    _open(ack, body, deps, new=True)


def submit(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """*Hold*."""
    program_id, _, draft = views.read(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = holds.hold(session=session, viewer=viewer, draft=draft, request=key(body), now=now)
    _kept(ack, body, view, found)


def change(ack: Ack, body: Body, deps: Deps) -> None:
    """*Change until when…*."""
    _look(ack, body, deps, views.change_form)


def save(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """The form with another end handed in."""
    program_id, hold_id, draft = views.read(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = holds.change(session=session, viewer=viewer, hold_id=hold_id, draft=draft, request=key(body), now=now)
    _kept(ack, body, view, found)


def look(ack: Ack, body: Body, deps: Deps) -> None:
    """*Resume…*, *Choose…*: what was held, and the choice."""
    _look(ack, body, deps, views.resume_form)


def resume(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """*Resume*, with what is to become of what was held."""
    program_id, hold_id, choice = views.read_resume(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = holds.resume(session=session, viewer=viewer, hold_id=hold_id, choice=choice, now=now)
    if isinstance(found, Resumed):
        changed(body)
        ack(response_action="update", view=views.resumed(found, now))
        return
    ack(response_action="update", view=sorry(_refused(found)))


def send(ack: Ack, body: Body, deps: Deps) -> None:
    """*Say it*, under the message that asked."""
    _choose(ack, body, deps, "send")


def drop(ack: Ack, body: Body, deps: Deps) -> None:
    """*Drop it*, likewise."""
    _choose(ack, body, deps, "drop")


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.action(ids.HOLD_OPEN, opened)
    on.action(ids.HOLD_NEW, new)
    on.action(ids.HOLD_CHANGE, change)
    on.action(ids.HOLD_RESUME, look)
    on.action(ids.HOLD_SEND, send)
    on.action(ids.HOLD_DROP, drop)
    on.behind(ids.HOLD_WINDOW, _again)
    on.view(ids.HOLD_FORM, submit)
    on.view(ids.HOLD_CHANGE_FORM, save)
    on.view(ids.HOLD_RESUME_FORM, resume)


def _open(ack: Ack, body: Body, deps: Deps, *, new: bool) -> None:
    program_id, _ = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = holds.opened(session=session, viewer=viewer, now=now)
    match found:
        case Opened():
            show(deps, body, views.form(found) if new else views.opened(found))
            ack()
        case NotAllowed():
            tell(ack, deps, body, views.refusal(found))


def _again(deps: Deps, body: Body, about: str) -> Block | None:
    program_id, _ = ids.referred(about)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = holds.opened(session=session, viewer=viewer, now=now)
    return views.listing(found) if isinstance(found, Opened) else None


def _kept(ack: Ack, body: Body, view: Body, found: Made | There | Before | Gone | Problems | NotAllowed) -> None:
    match found:
        case Made():
            changed(body)
            ack(response_action="update", view=views.made(found))
        case There():
            ack(response_action="update", view=views.there(found))
        case Problems():
            ack(response_action="errors", errors=views.errors(found, view))
        case Before() | Gone() | NotAllowed():
            ack(response_action="update", view=sorry(_refused(found)))


def _look(ack: Ack, body: Body, deps: Deps, form: Callable[[Looked], Block]) -> None:
    program_id, hold = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = holds.look(session=session, viewer=viewer, hold_id=ids.row(hold), now=now)
    if not isinstance(found, Looked):
        tell(ack, deps, body, _refused(found))
        return
    show(deps, body, form(found))
    ack()


def _choose(ack: Ack, body: Body, deps: Deps, choice: Choice) -> None:
    """The message itself says what was chosen; who was too late is told so."""
    program_id, hold = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = holds.resume(session=session, viewer=viewer, hold_id=ids.row(hold), choice=choice, now=now)
    if isinstance(found, Resumed):
        ack()
        return
    tell(ack, deps, body, _refused(found))


def _refused(found: Before | Gone | NotAllowed) -> str:
    match found:
        case Before():
            return views.before(found)
        case Gone():
            return views.gone()
        case NotAllowed():
            return views.refusal(found)
