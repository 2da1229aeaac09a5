"""A facilitator answers, what waits for an answer, and questions that came otherwise than through Slack."""

from __future__ import annotations

from dataclasses import replace

from slack_bolt import Ack

from bot.deps import Deps
from bot.domain.drafts import About
from bot.domain.entries import Rejected
from bot.domain.messages import Block
from bot.domain.once import AlreadySaved, Saved
from bot.domain.people import NotAllowed
from bot.domain.questions import AnsweredAlready, Empty, Form, NotYours
from bot.services import overheard, questions
from bot.views import drafts, entries_fields, entries_keeping, ids, refusals
from bot.views import questions as views
from handlers.behind import changed
from handlers.listen import Listeners
from handlers.reply import in_modal, redrawn, show, tell, turn, value
from handlers.request import Body, form_of, key
from handlers.typing import forget, settle, typed_in


def open_form(ack: Ack, body: Body, deps: Deps) -> None:
    """*Answer*, on the card, in the digest or in the Home."""
    program_id, question = ids.referred(value(body))
    settle(deps, body)
    found = _form(deps, body, program_id, ids.row(question))
    if isinstance(found, Form):
        show(deps, body, views.form(found))
        ack()
        return
    tell(ack, deps, body, _words(found))


def redraw(ack: Ack, body: Body, deps: Deps) -> None:
    """Something else was chosen for next time: the form asks for what it takes, and keeps what was typed."""
    view = form_of(body)
    if view.get("callback_id") == ids.QUESTION_LOG_FORM:
        made = _note_again(deps, body, view)
    else:
        typed_in(deps, body)
        made = _again(deps, body, view)
    # Whoever may no longer answer learns so when they send it: until then their words stay in view.
    if made is not None:
        redrawn(deps, body, made)
    ack()


def submit(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """The form handed in."""
    program_id, question, as_well = views.about(view)
    text, keep = views.read(view), entries_keeping.read_keep(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        outcome = questions.answer(
            session=session,
            programs=deps.programs,
            indexes=deps.faq,
            viewer=viewer,
            question_id=question,
            text=text,
            key=key(body),
            now=now,
            keep=keep,
            as_well=as_well,
        )
    match outcome:
        case Saved(sent) | AlreadySaved(sent):
            forget(deps, body)
            changed(body)
            ack(response_action="update", view=views.thanks(sent))
        case AnsweredAlready():
            ack(response_action="update", view=views.again(outcome, keep))
        case Empty():
            ack(response_action="errors", errors=views.errors(outcome, view))
        case Rejected(problems):
            ack(response_action="errors", errors=entries_fields.errors(problems, view))
        case NotAllowed():
            ack(response_action="errors", errors=views.refused_errors(outcome, view))
        case NotYours():
            ack(response_action="errors", errors=views.gone_errors(view))


def no_answer(ack: Ack, body: Body, deps: Deps) -> None:
    """*Not an answer*, under what somebody wrote in a thread; the card that offered it shows what follows."""
    program_id, about = ids.referred(value(body))
    question, _, ts = about.partition("/")
    with turn(deps, body, program_id) as (session, viewer, now):
        outcome = overheard.not_an_answer(
            session=session,
            programs=deps.programs,
            viewer=viewer,
            question_id=ids.row(question),
            ts=ts,
            now=now,
        )
    if isinstance(outcome, NotAllowed | NotYours):
        tell(ack, deps, body, _words(outcome))
        return
    ack()


def listing(ack: Ack, body: Body, deps: Deps) -> None:
    """*See all*, and the pages of what it shows."""
    program_id, start = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = questions.queue(session=session, viewer=viewer, now=now, start=ids.row(start))
    if isinstance(found, NotAllowed):
        tell(ack, deps, body, views.refusal(found))
        return
    if in_modal(body):
        redrawn(deps, body, views.page(found, now))
    else:
        show(deps, body, views.page(found, now))
    ack()


def open_note(ack: Ack, body: Body, deps: Deps) -> None:
    """*Note a question*, in the Home or the help."""
    program_id, _ = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = questions.noting(session=session, indexes=deps.faq, viewer=viewer, now=now)
    if isinstance(found, NotAllowed):
        tell(ack, deps, body, views.refusal(found))
        return
    show(deps, body, views.note_form(found))
    ack()


def note(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """The noted question handed in."""
    program_id, _, _ = views.about(view)
    draft, keep = views.read_note(view), entries_keeping.read_keep(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        outcome = questions.note(
            session=session,
            programs=deps.programs,
            viewer=viewer,
            draft=draft,
            key=key(body),
            now=now,
            keep=keep,
        )
    match outcome:
        case Saved(logged) | AlreadySaved(logged):
            ack(response_action="update", view=views.noted(logged))
        case Rejected(problems):
            ack(response_action="errors", errors=entries_fields.errors(problems, view))
        case NotAllowed():
            ack(response_action="errors", errors=views.refused_errors(outcome, view))


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.action(ids.QUESTION_ANSWER, open_form)
    on.action(ids.QUESTION_NO_ANSWER, no_answer)
    on.action(ids.QUESTION_KEEP, redraw)
    on.action(ids.QUESTION_LIST, listing)
    on.action(ids.QUESTION_LOG, open_note)
    on.behind(ids.QUESTION_PAGE, _list_again)
    on.view(ids.QUESTION_FORM, submit)
    on.view(ids.QUESTION_LOG_FORM, note)


def draft_form(deps: Deps, body: Body, about: About, anew: int = 0) -> Block | str:
    """The form in which something was begun, with what is kept of it; or why it cannot be opened, in mrkdwn."""
    found = _form(deps, body, about.program_id, ids.row(about.subject))
    return views.form(found, turn=anew) if isinstance(found, Form) else _words(found)


def note_draft_form(deps: Deps, body: Body, about: About, anew: int = 0) -> Block | str:
    """The form in which a note was begun, with what is kept of it; or why it cannot be opened, in mrkdwn."""
    with turn(deps, body, about.program_id) as (session, viewer, now):
        found = questions.noting(session=session, indexes=deps.faq, viewer=viewer, now=now)
    return views.refusal(found) if isinstance(found, NotAllowed) else views.note_form(found, turn=anew)


def _list_again(deps: Deps, body: Body, at: str) -> Block | None:
    program_id, start = ids.referred(at)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = questions.queue(session=session, viewer=viewer, now=now, start=ids.row(start))
    return None if isinstance(found, NotAllowed) else views.page(found, now)


def _form(deps: Deps, body: Body, program_id: int | None, question: int) -> Form | NotAllowed | NotYours:
    with turn(deps, body, program_id) as (session, viewer, now):
        return questions.form(
            session=session,
            programs=deps.programs,
            indexes=deps.faq,
            viewer=viewer,
            question_id=question,
            now=now,
        )


def _again(deps: Deps, body: Body, view: Body) -> Block | None:
    program_id, question, as_well = views.about(view)
    found = _form(deps, body, program_id, question)
    if not isinstance(found, Form) or found.keeping is None:
        return None
    keep, anew = entries_keeping.with_typed(found.keeping, view), drafts.turn_of(view)
    if not drafts.shows_draft(view):
        # What is kept is what stands here.
        found = replace(found, kept=None)
    if as_well:
        return views.again(AnsweredAlready(found, views.read(view)), keep, anew)
    return views.form(found, keep, anew)


def _note_again(deps: Deps, body: Body, view: Body) -> Block | None:
    program_id, _, _ = views.about(view)
    draft = views.read_note(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = questions.noting(session=session, indexes=deps.faq, viewer=viewer, now=now, asked=draft.text)
    if isinstance(found, NotAllowed):
        return None
    return views.note_form(found, draft, entries_keeping.with_typed(found.keeping, view))


def _words(outcome: NotAllowed | NotYours) -> str:
    return views.refusal(outcome) if isinstance(outcome, NotAllowed) else refusals.too_old()
