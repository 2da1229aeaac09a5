"""A facilitator answers: the button, the form, and what to do when somebody was faster."""

from __future__ import annotations

from slack_bolt import Ack

from bot.deps import Deps
from bot.domain.once import AlreadySaved, Saved
from bot.domain.questions import AnsweredAlready, Empty, Form, NotAllowed, NotYours
from bot.services import questions
from bot.views import ids, refusals
from bot.views import questions as views
from handlers.listen import Listeners
from handlers.reply import asking, show, tell, value
from handlers.request import Body, key


def open_form(ack: Ack, body: Body, deps: Deps) -> None:
    """*Answer*, on the card, in the digest or in the Home."""
    now, (program_id, question) = deps.clock(), ids.referred(value(body))
    with deps.db.begin() as session:
        found = questions.form(
            session=session,
            programs=deps.programs,
            viewer=asking(session, deps, body, now, program_id),
            question_id=ids.row(question),
        )
    if isinstance(found, Form):
        show(deps, body, views.form(found))
        ack()
        return
    tell(ack, deps, body, _words(found))


def submit(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """The form handed in."""
    now, (program_id, question, as_well) = deps.clock(), views.about(view)
    with deps.db.begin() as session:
        outcome = questions.answer(
            session=session,
            programs=deps.programs,
            viewer=asking(session, deps, body, now, program_id),
            question_id=question,
            text=views.read(view),
            key=key(body),
            now=now,
            as_well=as_well,
        )
    match outcome:
        case Saved(shape) | AlreadySaved(shape):
            ack(response_action="update", view=views.thanks(shape))
        case AnsweredAlready():
            ack(response_action="update", view=views.again(outcome))
        case Empty():
            ack(response_action="errors", errors=views.errors(outcome, view))
        case NotAllowed():
            ack(response_action="errors", errors=views.refused_errors(outcome, view))
        case NotYours():
            ack(response_action="update", view=refusals.sorry(refusals.too_old()))


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.action(ids.QUESTION_ANSWER, open_form)
    on.view(ids.QUESTION_FORM, submit)


def _words(outcome: NotAllowed | NotYours) -> str:
    return views.refusal(outcome) if isinstance(outcome, NotAllowed) else refusals.too_old()
