"""Coaching check-ins in: the command, the buttons, the shortcut, the form."""

from __future__ import annotations

from slack_bolt import Ack

from bot.deps import Deps
from bot.domain.checkins import Form, NotAllowed, Rejected
from bot.domain.drafts import About, changed
from bot.domain.messages import Block
from bot.domain.once import AlreadySaved, Saved
from bot.services import checkins
from bot.views import checkins as views
from bot.views import ids
from bot.views.commands import Shortcut
from handlers.listen import Listeners
from handlers.reply import answer, asking, show, tell, turn, typed, value
from handlers.request import Body, key
from handlers.typing import forget, settle


def command(ack: Ack, body: Body, deps: Deps) -> None:
    """`/checkin` opens the form; `mine` and `all` list."""
    word = typed(body).casefold()
    if not word:
        open_form(ack, body, deps)
    elif word in ("mine", "all"):
        _show_list(ack, body, deps, None, own=word == "mine")
    else:
        ack(text=views.unknown_word(word))


def open_form(ack: Ack, body: Body, deps: Deps) -> None:
    """A new check-in, from the command, a button or the shortcut."""
    program_id, _ = ids.referred(value(body))
    _open(ack, body, deps, program_id, None)


def change(ack: Ack, body: Body, deps: Deps) -> None:
    """*Change it*, on however old a receipt: what opens is the check-in as it stands now."""
    program_id, checkin = ids.referred(value(body))
    _open(ack, body, deps, program_id, ids.row(checkin))


def submit(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """The form handed in."""
    program_id, checkin_id = views.about(view)
    draft, now = views.read(view), deps.clock()
    with deps.db.begin() as session:
        viewer = asking(session, deps, body, now, program_id)
        outcome = checkins.submit(
            session=session, viewer=viewer, draft=draft, key=key(body), now=now, checkin_id=checkin_id
        )
    match outcome:
        case Rejected():
            ack(response_action="errors", errors=views.errors(outcome))
        case NotAllowed():
            ack(response_action="errors", errors=views.refused_errors(outcome, view))
        case Saved(receipt) | AlreadySaved(receipt):
            forget(deps, body)
            ack(response_action="update", view=views.thanks(receipt))


def mine(ack: Ack, body: Body, deps: Deps) -> None:
    """*My check-ins*."""
    program_id, _ = ids.referred(value(body))
    _show_list(ack, body, deps, program_id, own=True)


def older(ack: Ack, body: Body, deps: Deps) -> None:
    """*Show older*, under a list."""
    program_id, page = ids.referred(value(body))
    own, start = views.page(page)
    _show_list(ack, body, deps, program_id, own=own, start=start)


def read(ack: Ack, body: Body, deps: Deps) -> None:
    """*Read*, beside a meeting: everything that the presser may read of it."""
    program_id, meeting = ids.referred(value(body))
    now = deps.clock()
    with deps.db.begin() as session:
        viewer = asking(session, deps, body, now, program_id)
        found = checkins.meeting(session=session, viewer=viewer, meeting_id=ids.row(meeting))
    if isinstance(found, NotAllowed):
        tell(ack, deps, body, views.not_readable(found))
        return
    show(deps, body, views.whole(found, viewer.of_program))
    ack()


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.command(ids.CHECKIN, command, about="Log a coaching check-in, or list yours", usage="[mine | all]")
    on.shortcut(
        Shortcut(ids.CHECKIN_LOG, "Log a coaching check-in", "Note what came of a meeting with a coach"), open_form
    )
    on.action(ids.CHECKIN_OPEN, open_form)
    on.action(ids.CHECKIN_CHANGE, change)
    on.action(ids.CHECKIN_MINE, mine)
    on.action(ids.CHECKIN_OLDER, older)
    on.action(ids.CHECKIN_READ, read)
    on.view(ids.CHECKIN_FORM, submit)


def _open(ack: Ack, body: Body, deps: Deps, program_id: int | None, checkin_id: int | None) -> None:
    settle(deps, body)
    shape = _form(deps, body, program_id, checkin_id)
    if isinstance(shape, NotAllowed):
        tell(ack, deps, body, views.refusal(shape))
        return
    show(deps, body, views.form(shape))
    ack()


def draft_form(deps: Deps, body: Body, about: About, anew: int = 0) -> Block | str:
    """The form in which something was begun, with what is kept of it; or why it cannot be opened, in mrkdwn."""
    shape = _form(deps, body, about.program_id, changed(about.subject))
    return views.refusal(shape) if isinstance(shape, NotAllowed) else views.form(shape, anew)


def _form(deps: Deps, body: Body, program_id: int | None, checkin_id: int | None) -> Form | NotAllowed:
    with turn(deps, body, program_id) as (session, viewer, now):
        return checkins.form(session=session, viewer=viewer, now=now, checkin_id=checkin_id)


def _show_list(ack: Ack, body: Body, deps: Deps, program_id: int | None, *, own: bool, start: int = 0) -> None:
    now = deps.clock()
    with deps.db.begin() as session:
        viewer = asking(session, deps, body, now, program_id)
        listed = checkins.mine if own else checkins.readable
        found = listed(session=session, viewer=viewer)
    if isinstance(found, NotAllowed):
        tell(ack, deps, body, views.not_readable(found))
        return
    message = views.listing(found, viewer.of_program, own=own, start=start)
    answer(ack, deps, body, message, views.window, turned=True)
