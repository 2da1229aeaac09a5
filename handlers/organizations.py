"""Organizations, in: the list, one of them, what follows, and saving it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from slack_bolt import Ack
from sqlmodel import Session

from bot.deps import Deps
from bot.domain.memberships import NotThere
from bot.domain.messages import Block
from bot.domain.organizations import Follows, Listing, Looked, Meanwhile, No, Saved, Wish, Wrong
from bot.domain.people import NotAllowed, Viewer
from bot.services import organizations
from bot.views import ids
from bot.views import organizations as views
from bot.views.refusals import sorry, too_old
from handlers import lists
from handlers.behind import changed
from handlers.listen import Listeners
from handlers.lists import Searched
from handlers.reply import put, tell, turn, value
from handlers.request import Body, key

OWN = (ids.ORGANIZATION_RENAME_FORM, views.WINDOW)
"""Windows in whose place comes what is pressed in them."""


def listing(ack: Ack, body: Body, deps: Deps) -> None:
    """*Organizations*, and another page of it."""
    lists.page(ack, body, deps, _searched())


def find(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """*Find*."""
    lists.search(ack, body, view, deps, _searched())


def look(ack: Ack, body: Body, deps: Deps) -> None:
    """*Change…*, beside one."""
    _look(ack, body, deps, views.form)


def merge(ack: Ack, body: Body, deps: Deps) -> None:
    """*Same as another…*."""
    _look(ack, body, deps, views.merge_form)


def leave(ack: Ack, body: Body, deps: Deps) -> None:
    """*Has left…*: what follows."""
    _wish(ack, body, deps, "leave")


def back(ack: Ack, body: Body, deps: Deps) -> None:
    """*Back again…*: what follows."""
    _wish(ack, body, deps, "back")


def renamed(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """A name is written: what follows."""
    _foresee(ack, body, view, deps, *views.read_rename(view))


def merged(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """The other is chosen: what follows."""
    _foresee(ack, body, view, deps, *views.read_merge(view))


def save(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """*Save*."""
    program_id, wish = views.read_wish(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = organizations.save(session=session, viewer=viewer, wish=wish, request=key(body), now=now)
    if isinstance(found, Saved):
        changed(body)
    ack(response_action="update", view=views.saved(found) if isinstance(found, Saved) else _no(found))


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.action(ids.ORGANIZATION_LIST, listing)
    on.action(ids.ORGANIZATION_OPEN, look)
    on.action(ids.ORGANIZATION_MERGE, merge)
    on.action(ids.ORGANIZATION_LEAVE, leave)
    on.action(ids.ORGANIZATION_BACK, back)
    on.behind(ids.ORGANIZATION_FIND_FORM, lambda deps, body, about: lists.again(deps, body, about, _searched()))
    on.view(ids.ORGANIZATION_FIND_FORM, find)
    on.view(ids.ORGANIZATION_RENAME_FORM, renamed)
    on.view(ids.ORGANIZATION_MERGE_FORM, merged)
    on.view(ids.ORGANIZATION_SAVE_FORM, save)


def _searched() -> Searched[Listing]:
    def found(session: Session, viewer: Viewer, words: str, start: int) -> Listing | NotAllowed:
        return organizations.listing(session=session, viewer=viewer, words=words, start=start)

    return Searched(ids.ORGANIZATION_FIND_FORM, found, views.listing, views.refusal)


def _look(ack: Ack, body: Body, deps: Deps, form: Callable[[Looked], Block]) -> None:
    program_id, organization = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, _now):
        found = organizations.look(session=session, viewer=viewer, organization_id=ids.row(organization))
    match found:
        case Looked():
            put(deps, body, form(found), *OWN)
            ack()
        case NotThere():
            tell(ack, deps, body, too_old())
        case NotAllowed():
            tell(ack, deps, body, views.refusal(found))


def _wish(ack: Ack, body: Body, deps: Deps, what: Literal["leave", "back"]) -> None:
    program_id, organization = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        looked = organizations.look(session=session, viewer=viewer, organization_id=ids.row(organization))
        found: Follows | No
        if isinstance(looked, Looked):
            wish = Wish(what, looked.entry.organization.id, looked.entry.seen)
            found = organizations.foresee(session=session, viewer=viewer, wish=wish, now=now)
        else:
            found = looked
    put(deps, body, views.preview(found) if isinstance(found, Follows) else _no(found), *OWN)
    ack()


def _foresee(ack: Ack, body: Body, view: Body, deps: Deps, program_id: int, wish: Wish) -> None:
    with turn(deps, body, program_id) as (session, viewer, now):
        found = organizations.foresee(session=session, viewer=viewer, wish=wish, now=now)
    match found:
        case Follows():
            ack(response_action="update", view=views.preview(found))
        case Wrong():
            ack(response_action="errors", errors={views.field_of(view): views.wrong(found)})
        case _:
            ack(response_action="update", view=_no(found))


def _no(found: No) -> Block:
    match found:
        case Meanwhile():
            return sorry(views.meanwhile(found))
        case Wrong():
            return sorry(views.wrong(found))
        case NotThere():
            return sorry(too_old())
        case NotAllowed():
            return sorry(views.refusal(found))
