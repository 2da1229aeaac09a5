"""Changing a program, in: what there is, the form of each thing, seeing what follows, saving, and taking back."""

from __future__ import annotations

from slack_bolt import Ack

from bot.deps import Deps
from bot.domain.changes import (
    Changed,
    Conflict,
    Draft,
    Editing,
    Foreseen,
    Gone,
    Listing,
    Recent,
    Rejected,
    Same,
    Undone,
    Unknown,
)
from bot.domain.messages import Block
from bot.domain.people import NotAllowed
from bot.services import change_items, changes
from bot.services.change_items import Outcome
from bot.services.undoing import KINDS
from bot.views import change_forms as forms
from bot.views import changes as views
from bot.views import ids
from bot.views.change_forms import Back
from bot.views.refusals import sorry
from handlers import entries
from handlers.behind import changed
from handlers.listen import Listeners
from handlers.reply import asking, in_modal, put, redrawn, show, tell, turn, value
from handlers.request import Body, form_of, key

LISTS = (ids.CHANGE_WINDOW, ids.CHANGE_LIST_FORM)


def menu(ack: Ack, body: Body, deps: Deps) -> None:
    """*Change…*: everything that there is to change."""
    program_id, _ = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, _now):
        found = change_items.menu(session=session, viewer=viewer)
    if isinstance(found, NotAllowed):
        tell(ack, deps, body, views.refusal(found))
        return
    put(deps, body, views.menu(found), *LISTS)
    ack()


def listing(ack: Ack, body: Body, deps: Deps) -> None:
    """A section of it."""
    program_id, section = ids.referred(value(body))
    _list(ack, deps, body, program_id, section, Back())


def page(ack: Ack, body: Body, deps: Deps) -> None:
    """Another page of the list."""
    _list(ack, deps, body, *views.listed(value(body)))


def narrowed(ack: Ack, body: Body, deps: Deps) -> None:
    """Words were typed into the list."""
    view = form_of(body)
    program_id, section, _ = views.listed(str(view.get("private_metadata") or ""))
    _list(ack, deps, body, program_id, section, Back(views.words(view)))


def find(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """The same by the list's button."""
    program_id, section, _ = views.listed(str(view.get("private_metadata") or ""))
    found = _listed(deps, body, program_id, section, Back(views.words(view)))
    shown = sorry(views.refusal(found)) if isinstance(found, NotAllowed | Unknown) else views.listing(found)
    ack(response_action="update", view=shown)


def change(ack: Ack, body: Body, deps: Deps) -> None:
    """*Change*, beside anything: its form. Answers have one of their own."""
    program_id, name = ids.referred(value(body))
    section, _, thing = name.partition("/")
    if section == "faq":
        entries.open_edit(ack, _with_value(body, ids.reference(program_id or 0, thing)), deps)
        return
    with turn(deps, body, program_id) as (session, viewer, _):
        found = change_items.editing(session=session, viewer=viewer, section=section, key=thing)
    _open(ack, deps, body, found)


def add(ack: Ack, body: Body, deps: Deps) -> None:
    """*A new …*: an empty form."""
    program_id, section = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, _):
        found = change_items.adding(session=session, viewer=viewer, section=section)
    _open(ack, deps, body, found)


def remove(ack: Ack, body: Body, deps: Deps) -> None:
    """*Remove it*, or *Cancel this date*, in a form: what follows from that."""
    program_id, name = ids.referred(value(body))
    section, _, thing = name.partition("/")
    back = forms.back_of(form_of(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found: Outcome | Editing = change_items.editing(session=session, viewer=viewer, section=section, key=thing)
        if isinstance(found, Editing):
            draft = Draft(found.section, thing, seen=found.mark, remove=True)
            found = change_items.hand_in(
                session=session, programs=deps.programs, viewer=viewer, draft=draft, request=key(body), now=now
            )
    redrawn(deps, body, _shown(found, back))
    ack()


def again(ack: Ack, body: Body, deps: Deps) -> None:
    """*Change it again*: the form as it was filled in."""
    program_id, draft, back = forms.read(form_of(body))
    with turn(deps, body, program_id) as (session, viewer, _):
        if draft.key:
            found = change_items.editing(session=session, viewer=viewer, section=draft.section, key=draft.key)
        else:
            found = change_items.adding(session=session, viewer=viewer, section=draft.section)
    match found:
        case Editing():
            redrawn(deps, body, forms.again(draft, found, back))
        case Gone():
            redrawn(deps, body, views.gone(found))
        case NotAllowed() | Unknown():
            redrawn(deps, body, sorry(views.refusal(found)))
    ack()


def submit(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """A form handed in, or what follows from it saved."""
    _hand_in(ack, body, view, deps, *forms.read(view))


def submit_both(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """Whose version stands was chosen, field by field."""
    _hand_in(ack, body, view, deps, *forms.read_both(view))


def undo(ack: Ack, body: Body, deps: Deps) -> None:
    """*Undo*: in a list it is drawn again, elsewhere it is said what became of it."""
    program_id, number = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        done = changes.undo(
            session=session, programs=deps.programs, viewer=viewer, number=ids.row(number), kinds=KINDS, now=now
        )
        # What is taken back may be going live: the label goes by how it is now.
        asking(session, deps, body, now, program_id)
        start = views.recent_start(body.get("view") or {})
        found = changes.recent(session=session, viewer=viewer, start=start or 0, now=now)
    if isinstance(done, Undone):
        changed(body)
    words = views.undone(done, viewer.program)
    if start is not None and isinstance(found, Recent):
        redrawn(deps, body, views.recent(found, words))
        ack()
    elif in_modal(body):
        redrawn(deps, body, sorry(words))
        _draw_below(deps, body, form_of(body))
        ack()
    else:
        tell(ack, deps, body, words)


def recent(ack: Ack, body: Body, deps: Deps) -> None:
    """*Recent changes*, from the newest or from one on."""
    program_id, start = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = changes.recent(session=session, viewer=viewer, start=ids.row(start), now=now)
    if isinstance(found, NotAllowed):
        tell(ack, deps, body, views.refusal(found))
        return
    put(deps, body, views.recent(found), *LISTS)
    ack()


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.action(ids.CHANGE_OPEN, menu)
    on.action(ids.CHANGE_LIST, listing)
    on.action(ids.CHANGE_PAGE, page)
    on.action(ids.CHANGE_WORDS, narrowed)
    on.action(ids.CHANGE_ITEM, change)
    on.action(ids.CHANGE_ADD, add)
    on.action(ids.CHANGE_REMOVE, remove)
    on.action(ids.CHANGE_AGAIN, again)
    on.action(ids.CHANGE_UNDO, undo)
    on.action(ids.CHANGE_RECENT, recent)
    on.action(ids.CHANGE_RECENT_PAGE, recent)
    on.view(ids.CHANGE_LIST_FORM, find)
    on.view(ids.CHANGE_FORM, submit)
    on.view(ids.CHANGE_SAVE_FORM, submit)
    on.view(ids.CHANGE_BOTH_FORM, submit_both)


def _list(ack: Ack, deps: Deps, body: Body, program_id: int | None, section: str, back: Back) -> None:
    found = _listed(deps, body, program_id, section, back)
    if isinstance(found, NotAllowed | Unknown):
        tell(ack, deps, body, views.refusal(found))
        return
    put(deps, body, views.listing(found), *LISTS)
    ack()


def _listed(deps: Deps, body: Body, program_id: int | None, section: str, back: Back) -> Listing | NotAllowed | Unknown:
    with turn(deps, body, program_id) as (session, viewer, now):
        return change_items.listing(
            session=session, viewer=viewer, section=section, words=back.words, start=back.start, now=now
        )


def _open(ack: Ack, deps: Deps, body: Body, found: Editing | Gone | NotAllowed | Unknown) -> None:
    match found:
        case Editing():
            show(deps, body, forms.form(found, back=_behind(body)))
            ack()
        case Gone():
            show(deps, body, views.gone(found))
            ack()
        case NotAllowed() | Unknown():
            tell(ack, deps, body, views.refusal(found))


def _hand_in(ack: Ack, body: Body, view: Body, deps: Deps, program_id: int, draft: Draft, back: Back | None) -> None:
    with turn(deps, body, program_id) as (session, viewer, now):
        found = change_items.hand_in(
            session=session, programs=deps.programs, viewer=viewer, draft=draft, request=key(body), now=now
        )
    errors = _errors(found, view)
    if errors:
        ack(response_action="errors", errors=errors)
        return
    ack(response_action="update", view=_shown(found, back))
    if isinstance(found, Changed):
        changed(body)
        _draw_below(deps, body, view)


def _shown(found: Outcome | Editing, back: Back | None) -> Block:
    """What a form turns into."""
    match found:
        case Foreseen():
            return views.preview(found, back)
        case Changed():
            return views.saved(found, back)
        case Conflict():
            return forms.both(found, back)
        case Gone():
            return views.gone(found, back)
        case Rejected():
            return views.not_saved(found, back)
        case Same():
            return sorry(views.unchanged())
        case NotAllowed() | Unknown():
            return sorry(views.refusal(found))
        case Editing():
            return forms.form(found, back=back)


def _errors(found: Outcome, view: Body) -> dict[str, str]:
    """What is wrong, where the form has a field to say it under."""
    if isinstance(found, Rejected) and found.problems and not found.held_by:
        return forms.errors(found, view)
    if isinstance(found, Same):
        return forms.under_first(views.unchanged(), view)
    return {}


def _behind(body: Body) -> Back | None:
    """The list in which a button was pressed."""
    view = body.get("view") or {}
    if view.get("callback_id") != ids.CHANGE_LIST_FORM:
        return None
    return views.listed(str(view.get("private_metadata") or ""))[2]


def _draw_below(deps: Deps, body: Body, view: Body) -> None:
    """The list under a form, if the form was opened from it."""
    root, back = view.get("root_view_id"), forms.back_of(view)
    if back is None or not root or root == view.get("id"):
        return
    program_id, draft, _ = forms.read(forms.without_fields(view))
    listed = _listed(deps, body, program_id, draft.section, back)
    if isinstance(listed, Listing):
        redrawn(deps, body, views.listing(listed), str(root))


def _with_value(body: Body, instead: str) -> Body:
    """The same press of a button that stands for something else."""
    pressed = (body.get("actions") or [{}])[0]
    return {**body, "actions": [{**pressed, "value": instead}]}
