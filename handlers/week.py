"""A week before it is said: looking at it, and changing, skipping and holding what stands in it."""

from __future__ import annotations

from slack_bolt import Ack, Respond

from bot.deps import Deps
from bot.domain.people import NotAllowed
from bot.domain.week import Before, Changed, Decided, Deed, Form, Gone, Problems, Week
from bot.services import week
from bot.views import ids
from bot.views import week as views
from bot.views.refusals import sorry
from handlers.listen import Listeners
from handlers.reply import answer, in_modal, redrawn, show, tell, turn, value
from handlers.request import Body, key


def look(ack: Ack, body: Body, deps: Deps) -> None:
    """`/convene week`, the button that opens it, and the weeks before and after."""
    program_id, monday = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = week.look(session=session, viewer=viewer, monday=views.read_monday(monday), now=now)
    if isinstance(found, NotAllowed):
        tell(ack, deps, body, views.refusal(found))
        return
    answer(ack, deps, body, views.message(found, turns=True), lambda _: views.page(found), turned=_is_list(body))


def decide(ack: Ack, body: Body, deps: Deps, respond: Respond, deed: Deed) -> None:
    """*Skip*, *Hold*, *Say it*: the list that it stands in is brought up to date."""
    program_id, posts = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        outcome = week.decide(
            session=session, viewer=viewer, posts=views.read_rows(posts), deed=deed, request=key(body), now=now
        )
    match outcome:
        case NotAllowed():
            tell(ack, deps, body, views.refusal(outcome))
        case Gone():
            tell(ack, deps, body, views.gone())
        case Before():
            tell(ack, deps, body, views.before(outcome))
        case Decided():
            _draw(deps, body, respond, outcome.week)
            ack()


def skip(ack: Ack, body: Body, deps: Deps, respond: Respond) -> None:
    """*Skip*."""
    decide(ack, body, deps, respond, "skip")


def hold(ack: Ack, body: Body, deps: Deps, respond: Respond) -> None:
    """*Hold*."""
    decide(ack, body, deps, respond, "hold")


def say(ack: Ack, body: Body, deps: Deps, respond: Respond) -> None:
    """*Say it now*, *Say it on time*, *Say it after all*."""
    decide(ack, body, deps, respond, "say")


def open_form(ack: Ack, body: Body, deps: Deps) -> None:
    """*Change*: what it says, filled in."""
    program_id, posts = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = week.form(session=session, viewer=viewer, posts=views.read_rows(posts), now=now)
    match found:
        case Form():
            show(deps, body, views.form(found, week.mark(found.text)))
            ack()
        case NotAllowed():
            tell(ack, deps, body, views.refusal(found))
        case Gone():
            tell(ack, deps, body, views.gone())
        case Before():
            tell(ack, deps, body, views.before(found))


def submit(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """The form handed in."""
    program_id, asked = views.read(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        outcome = week.change(
            session=session, programs=deps.programs, viewer=viewer, asked=asked, request=key(body), now=now
        )
    match outcome:
        case Problems():
            ack(response_action="errors", errors=views.errors(outcome))
        case NotAllowed():
            ack(response_action="update", view=sorry(views.refusal(outcome)))
        case Gone():
            ack(response_action="update", view=sorry(views.gone()))
        case Before():
            ack(response_action="update", view=sorry(views.before(outcome)))
        case Changed():
            _draw_below(deps, body, view, outcome.week)
            ack(response_action="update", view=sorry(views.saved(outcome)))


def listen(on: Listeners) -> None:
    """Note what this feature listens to; `/convene week` comes from the command's own listener."""
    on.action(ids.WEEK_OPEN, look)
    on.action(ids.WEEK_SKIP, skip)
    on.action(ids.WEEK_HOLD, hold)
    on.action(ids.WEEK_SAY, say)
    on.action(ids.WEEK_CHANGE, open_form)
    on.view(ids.WEEK_FORM, submit)


def _is_list(body: Body) -> bool:
    return (body.get("view") or {}).get("callback_id") == ids.WEEK_PAGE


def _draw(deps: Deps, body: Body, respond: Respond, found: Week) -> None:
    """Bring the list in which a button was pressed up to date; one in a channel is a notice's, and follows."""
    if in_modal(body):
        redrawn(deps, body, views.page(found))
    elif (body.get("container") or {}).get("is_ephemeral") and body.get("response_url"):
        made = views.message(found, turns=True)
        respond(text=made.text, blocks=list(made.blocks), replace_original=True)


def _draw_below(deps: Deps, body: Body, view: Body, found: Week) -> None:
    """The list under the form, if the form was opened from it."""
    root = view.get("root_view_id")
    if root and root != view.get("id"):
        redrawn(deps, body, views.page(found), str(root))
