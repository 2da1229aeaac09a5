"""Changing who takes part, in: the list, one person, the forms, what follows, and saving it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Literal

from slack_bolt import Ack
from sqlmodel import Session

from bot.deps import Deps
from bot.domain.memberships import NotThere
from bot.domain.messages import Block
from bot.domain.people import Account, NotAllowed, Viewer
from bot.domain.personnel import (
    AddressKept,
    AddressTaken,
    Flawed,
    Follows,
    Listing,
    Looked,
    Meanwhile,
    No,
    Same,
    Saved,
    Unfit,
    Wish,
    Wrong,
)
from bot.services import addresses, people, personnel
from bot.slack import SlackError
from bot.views import ids
from bot.views import people as people_views
from bot.views import personnel as views
from bot.views import personnel_adding as additions
from bot.views import personnel_forms as forms
from bot.views.refusals import sorry, too_old
from handlers import lists
from handlers.behind import changed
from handlers.listen import Listeners
from handlers.lists import Searched
from handlers.reply import put, show, tell, turn, value
from handlers.request import Body, key

log = logging.getLogger(__name__)
Form = Callable[[Looked], Block]
OWN = (ids.PERSONNEL_CARD, views.WINDOW)
"""Windows in whose place comes what is pressed in them."""


def listing(ack: Ack, body: Body, deps: Deps) -> None:
    """*People*, and another page of it."""
    lists.page(ack, body, deps, _searched())


def find(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """*Find*: whoever matches what was typed."""
    lists.search(ack, body, view, deps, _searched())


def card(ack: Ack, body: Body, deps: Deps) -> None:
    """*Change…*, beside somebody."""
    _look(ack, body, deps, views.card)


def pick(ack: Ack, body: Body, action: Body, deps: Deps) -> None:
    """Somebody is chosen from the menu of everybody in the workspace."""
    program_id = people_views.picked_in(str(action.get("block_id") or ""))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = personnel.picked(
            session=session, viewer=viewer, user=str(action.get("selected_user") or ""), now=now
        )  # fmt: skip
    match found:
        case Looked():
            show(deps, body, views.card(found))
            ack()
        case NotThere():
            tell(ack, deps, body, people_views.not_somebody())
        case NotAllowed():
            tell(ack, deps, body, views.refusal(found))


def change(ack: Ack, body: Body, deps: Deps) -> None:
    """*Change roles…*."""
    _look(ack, body, deps, forms.place_form)


def replace(ack: Ack, body: Body, deps: Deps) -> None:
    """*Replaced by…*."""
    _look(ack, body, deps, forms.replace_form)


def correct(ack: Ack, body: Body, deps: Deps) -> None:
    """*Correct the address…*."""
    _look(ack, body, deps, forms.address_form)


def leave(ack: Ack, body: Body, deps: Deps) -> None:
    """*Has left…*: what follows."""
    _wish(ack, body, deps, "leave")


def back(ack: Ack, body: Body, deps: Deps) -> None:
    """*Back again…*: what follows."""
    _wish(ack, body, deps, "back")


def place(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """Roles and organization are chosen: what follows."""
    program_id, wish = forms.read_place(view)
    _foresee(ack, body, view, deps, program_id, wish)


def successor(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """Whoever takes over is chosen: what follows. Slack is asked first who has an address."""
    program_id, wish = forms.read_replace(view)
    if isinstance(wish, dict):
        ack(response_action="errors", errors=wish)
        return
    email = wish.successor.email if wish.successor is not None else None
    account = _by_email(deps, email) if email else None
    _foresee(ack, body, view, deps, program_id, wish, account)


def again(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """*Go on with mine*, after somebody else has changed it meanwhile."""
    program_id, wish = forms.read_wish(view)
    _foresee(ack, body, view, deps, program_id, wish)


def save(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """*Save*."""
    program_id, wish = forms.read_wish(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = personnel.save(session=session, viewer=viewer, wish=wish, request=key(body), now=now)
    if isinstance(found, Saved):
        changed(body)
    shown = forms.saved(found) if isinstance(found, Saved) else _no(found)
    ack(response_action="update", view=shown)


def add(ack: Ack, body: Body, deps: Deps) -> None:
    """*Add people…*."""
    program_id, _ = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, _now):
        found = personnel.adding(session=session, viewer=viewer)
    match found:
        case Looked():
            show(deps, body, additions.form(found))
            ack()
        case NotAllowed():
            tell(ack, deps, body, views.refusal(found))


def foresee_adding(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """People are chosen: what becomes of each."""
    program_id, wanted, odd = additions.read(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = personnel.foresee_adding(session=session, viewer=viewer, adding=wanted, odd=odd, now=now)
    match found:
        case NotAllowed():
            ack(response_action="update", view=sorry(views.refusal(found)))
        case Wrong():
            ack(response_action="errors", errors=additions.errors(found, view))
        case _:
            shown = additions.preview(found)
            if shown is None:
                ack(response_action="errors", errors=additions.too_much())
            else:
                ack(response_action="update", view=shown)


def save_adding(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """*Add them*."""
    program_id, wanted = additions.read_save(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = personnel.add(session=session, viewer=viewer, adding=wanted, request=key(body), now=now)
    match found:
        case NotAllowed():
            ack(response_action="update", view=sorry(views.refusal(found)))
        case Wrong():
            ack(response_action="update", view=sorry(additions.wrong_now(found)))
        case _:
            changed(body)
            ack(response_action="update", view=additions.added(found))


def keep_address(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """Another address is written. Slack is asked first who has it."""
    program_id, person_id, email = forms.read_address(view)
    if email is None:
        ack(response_action="errors", errors={ids.PERSONNEL_EMAIL: forms.unfit(Unfit("no address"))})
        return
    asked, account = _asked(deps, email)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = addresses.correct(
            session=session,
            viewer=viewer,
            person_id=person_id,
            email=email,
            account=account,
            request=key(body),
            now=now,
        )
    match found:
        case AddressKept() | AddressTaken():
            changed(body)
            ack(response_action="update", view=forms.address_done(found, program_id or 0, asked=asked))
        case Unfit():
            ack(response_action="errors", errors={ids.PERSONNEL_EMAIL: forms.unfit(found)})
        case NotAllowed():
            ack(response_action="update", view=sorry(views.refusal(found)))
        case NotThere():
            ack(response_action="update", view=sorry(too_old()))


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.action(ids.PERSONNEL_LIST, listing)
    on.action(ids.PERSONNEL_OPEN, card)
    on.action(ids.PEOPLE_PICK, pick)
    on.action(ids.PERSONNEL_CHANGE, change)
    on.action(ids.PERSONNEL_REPLACE, replace)
    on.action(ids.PERSONNEL_LEAVE, leave)
    on.action(ids.PERSONNEL_BACK, back)
    on.action(ids.PERSONNEL_ADDRESS, correct)
    on.action(ids.PERSONNEL_ADD, add)
    on.behind(ids.PERSONNEL_FIND_FORM, lambda deps, body, about: lists.again(deps, body, about, _searched()))
    on.behind(ids.PERSONNEL_CARD, _card_again)
    on.view(ids.PERSONNEL_FIND_FORM, find)
    on.view(ids.PERSONNEL_PLACE_FORM, place)
    on.view(ids.PERSONNEL_REPLACE_FORM, successor)
    on.view(ids.PERSONNEL_AGAIN_FORM, again)
    on.view(ids.PERSONNEL_SAVE_FORM, save)
    on.view(ids.PERSONNEL_ADDRESS_FORM, keep_address)
    on.view(ids.PERSONNEL_ADD_FORM, foresee_adding)
    on.view(ids.PERSONNEL_ADD_SAVE_FORM, save_adding)


def _searched() -> Searched[Listing]:
    def found(session: Session, viewer: Viewer, words: str, start: int) -> Listing | NotAllowed:
        return personnel.listing(session=session, viewer=viewer, words=words, start=start)

    return Searched(ids.PERSONNEL_FIND_FORM, found, views.listing, views.refusal)


def _look(ack: Ack, body: Body, deps: Deps, form: Form) -> None:
    """Something about the one person whom a button names."""
    program_id, person = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, _now):
        found = personnel.look(session=session, viewer=viewer, person_id=ids.row(person))
    match found:
        case Looked():
            put(deps, body, form(found), *OWN)
            ack()
        case NotThere():
            tell(ack, deps, body, too_old())
        case NotAllowed():
            tell(ack, deps, body, views.refusal(found))


def _card_again(deps: Deps, body: Body, about: str) -> Block | None:
    program_id, person = ids.referred(about)
    with turn(deps, body, program_id) as (session, viewer, _now):
        found = personnel.look(session=session, viewer=viewer, person_id=ids.row(person))
    return views.card(found) if isinstance(found, Looked) else None


def _wish(ack: Ack, body: Body, deps: Deps, what: Literal["leave", "back"]) -> None:
    """A change that needs no form: it is seen as the person stands at this moment."""
    program_id, person = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        looked = personnel.look(session=session, viewer=viewer, person_id=ids.row(person))
        found: Follows | No
        if isinstance(looked, Looked):
            wish = Wish(what, looked.somebody.person_id, looked.somebody.seen)
            found = personnel.foresee(session=session, viewer=viewer, wish=wish, now=now)
        else:
            found = looked
    put(deps, body, forms.preview(found) if isinstance(found, Follows) else _no(found), *OWN)
    ack()


def _foresee(
    ack: Ack, body: Body, view: Body, deps: Deps, program_id: int, wish: Wish, account: Account | None = None
) -> None:
    with turn(deps, body, program_id) as (session, viewer, now):
        if account is not None and viewer.runs_it:
            people.learn(session=session, team=viewer.team, account=account, now=now)
        found = personnel.foresee(session=session, viewer=viewer, wish=wish, now=now)
    match found:
        case Follows():
            ack(response_action="update", view=forms.preview(found))
        case Flawed() | Unfit() if view.get("callback_id") != ids.PERSONNEL_AGAIN_FORM:
            ack(response_action="errors", errors=forms.errors(found, view))
        case _:
            ack(response_action="update", view=_no(found))


def _no(found: No) -> Block:
    """Why a change is not to be, as a window."""
    match found:
        case Meanwhile():
            return forms.meanwhile(found)
        case Same():
            return sorry(forms.same(found))
        case Flawed(flaws, somebody):
            return sorry(forms.flaw_words(flaws, somebody))
        case Unfit():
            return sorry(forms.unfit(found))
        case NotThere():
            return sorry(too_old())
        case NotAllowed():
            return sorry(views.refusal(found))


def _by_email(deps: Deps, email: str) -> Account | None:
    return _asked(deps, email)[1]


def _asked(deps: Deps, email: str) -> tuple[bool, Account | None]:
    """Whether Slack said who has an address, and who that is."""
    try:
        return True, deps.slack.by_email(email)
    except SlackError as error:
        log.info("Slack does not say whose an address is: %s", error.code)
        return False, None
