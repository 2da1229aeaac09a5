"""What people are typing, handed over to be kept: nothing here waits for the database, except `settle`."""

from __future__ import annotations

from bot.deps import Deps
from bot.domain.drafts import About, Closed, Typed, order_of
from bot.views import checkins, drafts, faq, ids, questions, reflections
from bot.views.ids import Unreadable
from handlers.request import Body, caller, form_of, key

ABOUT = {
    ids.REFLECTION_FORM: reflections.draft_about,
    ids.CHECKIN_FORM: checkins.draft_about,
    ids.QUESTION_FORM: questions.draft_about,
    ids.QUESTION_LOG_FORM: questions.note_about,
    ids.FAQ_FORM: faq.draft_about,
}
"""By the form's callback id, what is being written in it."""


def about(view: Body) -> About:
    """What is being written in a form. Raises Unreadable for one in which nothing is kept."""
    read = ABOUT.get(str(view.get("callback_id")))
    if read is None:
        raise Unreadable
    return read(view)


def typed_in(deps: Deps, body: Body) -> None:
    """Hand over what stands in a form, with an action in it. Raises Unreadable."""
    view, who = form_of(body), caller(body)
    submission = {**body, "type": "view_submission"}
    what = Typed(
        team=who.team,
        user=who.user,
        about=about(view),
        view=str(view["id"]),
        key=key(submission),
        order=order_of(str(body["actions"][0].get("action_ts") or "")),
        at=deps.clock(),
        length=drafts.length(view),
        values=drafts.values(view),
    )
    deps.drafts.hand_over(deps.db, what)


def closed_by(deps: Deps, body: Body) -> None:
    """Hand over that somebody closed a form."""
    who = caller(body)
    deps.drafts.hand_over(deps.db, Closed(who.team, who.user, str(body["view"]["id"]), deps.clock()))


def settle(deps: Deps, body: Body) -> None:
    """Have what somebody has typed written now, as they are about to be shown it."""
    who = caller(body)
    deps.drafts.settle(who.team, who.user)


def forget(deps: Deps, body: Body) -> None:
    """What stands in a form was handed in, or is not wanted: nothing of it need be written any more."""
    who = caller(body)
    deps.drafts.forget(who.team, who.user, about(form_of(body)))
