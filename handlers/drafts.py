"""Drafts in: every character, a form that is closed, and the buttons under a draft that is offered again."""

from __future__ import annotations

from contextlib import suppress

from slack_bolt import Ack

from bot.deps import Deps
from bot.domain.drafts import About
from bot.domain.messages import Block
from bot.services import drafts
from bot.views import drafts as views
from bot.views import ids
from bot.views.ids import Unreadable
from handlers import checkins, faq, questions, reflections
from handlers.listen import Listeners
from handlers.reply import redrawn, show, tell, turn, value
from handlers.request import Body, form_of
from handlers.typing import about, closed_by, forget, settle, typed_in


def typed(ack: Ack, body: Body, deps: Deps) -> None:
    """A character was typed into a form that is kept; one that cannot be read says so when it is handed in."""
    with suppress(Unreadable):
        typed_in(deps, body)
    ack()


def closed(ack: Ack, body: Body, deps: Deps) -> None:
    """A form was closed without being handed in."""
    closed_by(deps, body)
    ack()


def go_on(ack: Ack, body: Body, deps: Deps) -> None:
    """*Go on writing*: the form as it was left; where it cannot be opened any more, the words alone."""
    program_id, draft = ids.referred(value(body))
    settle(deps, body)
    with turn(deps, body, program_id) as (session, viewer, _):
        found = drafts.own(session=session, viewer=viewer, draft_id=ids.row(draft))
    if found is None:
        tell(ack, deps, body, views.no_longer_there())
        return
    made = _form(deps, body, found.about)
    show(deps, body, views.words_only(made, found) if isinstance(made, str) else made)
    ack()


def throw_away(ack: Ack, body: Body, deps: Deps) -> None:
    """*Throw it away*, under the offer or in the Home; what offered it says so by itself."""
    program_id, draft = ids.referred(value(body))
    settle(deps, body)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = drafts.own(session=session, viewer=viewer, draft_id=ids.row(draft))
        if found is not None:
            drafts.finish(session=session, viewer=viewer, about=found.about, now=now, how="thrown away")
    if found is None:
        tell(ack, deps, body, views.no_longer_there())
        return
    ack()


def empty(ack: Ack, body: Body, deps: Deps) -> None:
    """*Start empty*, in the form itself."""
    view = form_of(body)
    what = about(view)
    forget(deps, body)
    settle(deps, body)
    program_id, draft = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = drafts.own(session=session, viewer=viewer, draft_id=ids.row(draft))
        for one in {what, found.about if found is not None else what}:
            drafts.finish(session=session, viewer=viewer, about=one, now=now, how="thrown away")
    made = _form(deps, body, what, views.turn_of(view) + 1)
    # Whoever may no longer write in it learns so when they hand it in.
    if not isinstance(made, str):
        redrawn(deps, body, made)
    ack()


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.action(ids.DRAFT_TYPED, typed)
    on.action(ids.DRAFT_GO_ON, go_on)
    on.action(ids.DRAFT_AWAY, throw_away)
    on.action(ids.DRAFT_EMPTY, empty)
    for form in (ids.REFLECTION_FORM, ids.CHECKIN_FORM, ids.QUESTION_FORM):
        on.closed(form, closed)


def _form(deps: Deps, body: Body, what: About, turn: int = 0) -> Block | str:
    match what.form:
        case "reflection":
            return reflections.draft_form(deps, body, what, turn)
        case "checkin":
            return checkins.draft_form(deps, body, what, turn)
        case "answer":
            return questions.draft_form(deps, body, what, turn)
        case "question":
            return faq.draft_form(deps, body, what, turn)
        case "note":
            return questions.note_draft_form(deps, body, what, turn)
