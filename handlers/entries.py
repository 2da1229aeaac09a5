"""Answers kept and looked after: *Save as answer*, the form of an entry, and the buttons under what needs somebody."""

from __future__ import annotations

import logging

from slack_bolt import Ack

from bot.deps import Deps
from bot.domain import language
from bot.domain.changes import Listing
from bot.domain.entries import (
    Care,
    ChangedMeanwhile,
    Draft,
    DraftField,
    Editing,
    Gone,
    Keeping,
    Rejected,
    Said,
)
from bot.domain.messages import Block
from bot.domain.once import AlreadySaved, Saved
from bot.domain.people import NotAllowed
from bot.domain.programs import Program
from bot.services import change_items, entries, entries_editing, entries_keeping
from bot.slack import SlackError
from bot.views import changes as change_views
from bot.views import entries as views
from bot.views import entries_editing as editing_views
from bot.views import entries_fields, ids, refusals
from bot.views import entries_keeping as keeping_views
from bot.views.change_forms import Back
from bot.views.commands import Shortcut
from handlers.behind import changed
from handlers.listen import Listeners
from handlers.reply import in_modal, redrawn, show, tell, turn, value
from handlers.request import Body, form_of, key

log = logging.getLogger(__name__)


def from_message(ack: Ack, body: Body, deps: Deps) -> None:
    """*Save as answer*, in the menu of any message."""
    message = body["message"]
    thread = str(message.get("thread_ts") or message["ts"])
    said = Said(
        channel=str(body["channel"]["id"]),
        thread=thread if thread != str(message["ts"]) else None,
        text=str(message.get("text") or ""),
        by=str(message.get("user") or ""),
    )
    found = _keeping(deps, body, said=said)
    if isinstance(found, NotAllowed | Gone):
        tell(ack, deps, body, _words(found))
        return
    if said.thread is None or found.keep.question:
        show(deps, body, keeping_views.form(found))
        ack()
        return
    view = show(deps, body, keeping_views.fetching())
    ack()
    first = _written(deps, said.channel, said.thread, said.thread)
    again = _keeping(deps, body, said=said, asked=language.clean(first[1]) if first else "")
    _put(deps, body, view, again)


def keep(ack: Ack, body: Body, deps: Deps) -> None:
    """*Make it an answer*, under what is offered for a logged question: a person's reply, if the button names one."""
    program_id, about = ids.referred(value(body))
    question, _, ts = about.partition("/")
    shape = _keeping(deps, body, program_id=program_id, question_id=ids.row(question))
    if isinstance(shape, NotAllowed | Gone):
        tell(ack, deps, body, _words(shape))
        return
    place = _place(deps, ids.row(question)) if ts else None
    if place is None:
        show(deps, body, keeping_views.form(shape))
        ack()
        return
    view = show(deps, body, keeping_views.fetching())
    ack()
    found = _written(deps, place[0], place[1], ts)
    said = Said(place[0], place[1], found[1], found[0]) if found else None
    _put(deps, body, view, _keeping(deps, body, program_id=program_id, question_id=ids.row(question), said=said))


def redraw(ack: Ack, body: Body, deps: Deps) -> None:
    """Something else was chosen: the form asks for what it takes, and keeps what was typed."""
    view = form_of(body)
    program_id, question, said = keeping_views.about(view)
    _, answer = keeping_views.read(view)
    asked = keeping_views.typed_question(view)
    found = _keeping(deps, body, program_id=program_id, question_id=question, said=said, asked=asked)
    if isinstance(found, Keeping):
        redrawn(deps, body, keeping_views.form(found, keeping_views.with_typed(found, view), answer))
    ack()


def submit(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """What is to be kept, handed in."""
    program_id, question, _ = keeping_views.about(view)
    wanted, answer = keeping_views.read(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        outcome = entries_keeping.save(
            session=session,
            programs=deps.programs,
            viewer=viewer,
            keep=wanted,
            answer=answer,
            key=key(body),
            now=now,
            question_id=question,
        )
    match outcome:
        case Saved(kept) | AlreadySaved(kept):
            ack(response_action="update", view=keeping_views.thanks(kept))
        case Rejected() | NotAllowed() | Gone():
            ack(response_action="errors", errors=_errors(outcome, view))


def pick(ack: Ack, body: Body, deps: Deps) -> None:
    """*Answers…*, in the Home: a menu of all of them."""
    program_id, _ = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, _):
        found = entries_editing.picking(session=session, viewer=viewer)
    if isinstance(found, NotAllowed):
        tell(ack, deps, body, views.refusal(found))
        return
    show(deps, body, editing_views.pick(found))
    ack()


def picked(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """One of them is chosen: its form takes the place of the menu."""
    program_id, entry = editing_views.read_pick(view)
    found = _editing(deps, body, program_id, entry)
    ack(response_action="update", view=_form_or_words(found))


def open_edit(ack: Ack, body: Body, deps: Deps) -> None:
    """*Change it…*, wherever an entry is shown."""
    program_id, entry = ids.referred(value(body))
    found = _editing(deps, body, program_id, entry)
    if isinstance(found, NotAllowed | Gone):
        tell(ack, deps, body, _words(found))
        return
    show(deps, body, editing_views.edit_form(found, behind=_behind(body)))
    ack()


def edit(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """A changed entry handed in."""
    _edit(ack, body, view, deps, editing_views.read_edit(view))


def edit_both(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """Whose version stands was chosen, field by field."""
    _edit(ack, body, view, deps, *editing_views.read_both(view))


def still_right(ack: Ack, body: Body, deps: Deps) -> None:
    """*Still right*."""
    program_id, entry = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        outcome = entries_editing.renew(
            session=session, programs=deps.programs, viewer=viewer, entry=entry, key=key(body), now=now
        )
    _after(ack, deps, body, outcome)


def fine(ack: Ack, body: Body, deps: Deps) -> None:
    """*It is fine*."""
    program_id, entry = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        outcome = entries_editing.fine(
            session=session, programs=deps.programs, viewer=viewer, entry=entry, key=key(body), now=now
        )
    _after(ack, deps, body, outcome)


def take_wording(ack: Ack, body: Body, deps: Deps) -> None:
    """*Add as a way to ask*."""
    program_id, question = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        outcome = entries_keeping.take_wording(
            session=session,
            programs=deps.programs,
            viewer=viewer,
            question_id=ids.row(question),
            key=key(body),
            now=now,
        )
    _after(ack, deps, body, outcome)


def leave(ack: Ack, body: Body, deps: Deps) -> None:
    """*No*."""
    program_id, question = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        outcome = entries_keeping.leave(
            session=session, programs=deps.programs, viewer=viewer, question_id=ids.row(question), now=now
        )
    _after(ack, deps, body, outcome)


def care(ack: Ack, body: Body, deps: Deps) -> None:
    """*Look at them*: every answer that needs somebody."""
    found = _caring(deps, body)
    if isinstance(found, NotAllowed):
        tell(ack, deps, body, views.refusal(found))
        return
    show(deps, body, views.care_page(*found))
    ack()


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.shortcut(
        Shortcut(ids.ENTRY_SHORTCUT, "Save as answer", "For facilitators: keep it for whoever asks next", "message"),
        from_message,
    )
    on.action(ids.ENTRY_KEEP, keep)
    on.action(ids.ENTRY_HOW, redraw)
    on.action(ids.ENTRY_LEAVE, leave)
    on.action(ids.ENTRY_PHRASING, take_wording)
    on.action(ids.ENTRY_EDIT, open_edit)
    on.action(ids.ENTRY_STILL, still_right)
    on.action(ids.ENTRY_FINE, fine)
    on.action(ids.ENTRY_PICK, pick)
    on.action(ids.ENTRY_CARE, care)
    on.view(ids.ENTRY_FORM, submit)
    on.view(ids.ENTRY_EDIT_FORM, edit)
    on.view(ids.ENTRY_BOTH_FORM, edit_both)
    on.view(ids.ENTRY_PICK_FORM, picked)


def _keeping(
    deps: Deps,
    body: Body,
    *,
    program_id: int | None = None,
    question_id: int | None = None,
    said: Said | None = None,
    asked: str = "",
) -> Keeping | NotAllowed | Gone:
    with turn(deps, body, program_id) as (session, viewer, now):
        return entries_keeping.keeping(
            session=session,
            programs=deps.programs,
            indexes=deps.faq,
            viewer=viewer,
            now=now,
            question_id=question_id,
            said=said,
            asked=asked,
        )


def _place(deps: Deps, question_id: int) -> tuple[str, str] | None:
    """The channel and the thread in which a question is answered."""
    with deps.db.read() as session:
        return entries_keeping.thread_of(session=session, question_id=question_id)


def _put(deps: Deps, body: Body, view: str, found: Keeping | NotAllowed | Gone) -> None:
    """The form in the place of what stood there while Slack was asked."""
    made = keeping_views.form(found) if isinstance(found, Keeping) else refusals.sorry(_words(found))
    redrawn(deps, body, made, view)


def _written(deps: Deps, channel: str, thread: str, ts: str) -> tuple[str, str] | None:
    """Who wrote a message, and its text; None where Slack does not let the bot read it, or has it no more."""
    try:
        return deps.slack.written(channel, thread, ts)
    except SlackError as error:
        log.info("a message that is to be kept could not be read: %s", error.code)
        return None


def _edit(ack: Ack, body: Body, view: Body, deps: Deps, draft: Draft, theirs: tuple[DraftField, ...] = ()) -> None:
    program_id, entry, mark = editing_views.edited(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        outcome = entries_editing.edit(
            session=session,
            programs=deps.programs,
            viewer=viewer,
            entry=entry,
            draft=draft,
            mark=mark,
            key=key(body),
            now=now,
            theirs=theirs,
        )
    match outcome:
        case Saved(done) | AlreadySaved(done):
            ack(response_action="update", view=editing_views.changed(done))
            changed(body)
            _draw_below(deps, body, view)
        case ChangedMeanwhile():
            ack(response_action="update", view=editing_views.again(outcome, editing_views.behind_of(view)))
        case Rejected() | NotAllowed() | Gone():
            ack(response_action="errors", errors=_errors(outcome, view))


def _behind(body: Body) -> editing_views.Behind:
    """The list in which a button was pressed."""
    view = body.get("view") or {}
    if view.get("callback_id") == ids.ENTRY_PAGE:
        return editing_views.CARE
    if view.get("callback_id") != ids.CHANGE_LIST_FORM:
        return None
    return change_views.listed(str(view.get("private_metadata") or ""))[2]


def _draw_below(deps: Deps, body: Body, view: Body) -> None:
    """The list under a form, if the form was opened from it, as it is now."""
    root, behind = view.get("root_view_id"), editing_views.behind_of(view)
    if behind is None or not root or root == view.get("id"):
        return
    program_id, _, _ = editing_views.edited(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        if isinstance(behind, Back):
            found = change_items.listing(
                session=session, viewer=viewer, section="faq", words=behind.words, start=behind.start, now=now
            )
            made = change_views.listing(found) if isinstance(found, Listing) else None
        else:
            cared = entries.caring(session=session, viewer=viewer, now=now)
            made = views.care_page(*cared) if isinstance(cared, tuple) else None
    if made is not None:
        redrawn(deps, body, made, str(root))


def _editing(deps: Deps, body: Body, program_id: int | None, entry: str) -> Editing | NotAllowed | Gone:
    with turn(deps, body, program_id) as (session, viewer, _):
        return entries_editing.editing(session=session, viewer=viewer, entry=entry)


def _caring(deps: Deps, body: Body) -> tuple[Program, Care] | NotAllowed:
    program_id, _ = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        return entries.caring(session=session, viewer=viewer, now=now)


def _after(
    ack: Ack, deps: Deps, body: Body, outcome: Saved[object] | AlreadySaved[object] | Rejected | NotAllowed | Gone
) -> None:
    """A list in a modal is shown again without what was settled; Homes and messages follow by themselves."""
    match outcome:
        case NotAllowed() | Gone():
            tell(ack, deps, body, _words(outcome))
        case Rejected(problems):
            tell(ack, deps, body, entries_fields.sentence(problems))
        case Saved() | AlreadySaved():
            found = _caring(deps, body) if in_modal(body) else None
            if isinstance(found, tuple):
                redrawn(deps, body, views.care_page(*found))
            ack()


def _form_or_words(found: Editing | NotAllowed | Gone) -> Block:
    return editing_views.edit_form(found) if isinstance(found, Editing) else refusals.sorry(_words(found))


def _errors(outcome: Rejected | NotAllowed | Gone, view: Body) -> dict[str, str]:
    """Why nothing was written, where what was typed stays in view."""
    match outcome:
        case Rejected(problems):
            return entries_fields.errors(problems, view)
        case NotAllowed():
            return views.refused_errors(outcome, view)
        case Gone():
            return views.gone_errors(view)


def _words(outcome: NotAllowed | Gone) -> str:
    return views.refusal(outcome) if isinstance(outcome, NotAllowed) else refusals.too_old()
