"""Coaching check-ins in: the command, the buttons, the shortcut, the form."""

from __future__ import annotations

from datetime import datetime

from slack_bolt import Ack
from sqlmodel import Session

from bot.deps import Deps
from bot.domain.checkins import AlreadySaved, Meeting, NotAllowed, Rejected, Saved
from bot.domain.messages import Block
from bot.domain.people import Viewer
from bot.services import checkins, people
from bot.views import checkins as views
from bot.views import ids
from bot.views.commands import Shortcut
from bot.views.refusals import sorry
from handlers.listen import Listeners
from handlers.request import Body, caller, key


def command(ack: Ack, body: Body, deps: Deps) -> None:
    """`/checkin` opens the form; `mine` and `all` list."""
    word = str(body.get("text") or "").strip().casefold()
    if not word:
        open_form(ack, body, deps)
        return
    if word not in ("mine", "all"):
        ack(text=views.unknown_word(word))
        return
    now = deps.clock()
    with deps.db.begin() as session:
        viewer = _viewer(session, deps, body, None, now)
        found = _list(session, viewer, own=word == "mine")
    if isinstance(found, NotAllowed):
        ack(text=views.refusal(found, "read them"))
        return
    message = views.listing(found, viewer.of_program, own=word == "mine")
    ack(text=message.text, blocks=list(message.blocks))


def open_form(ack: Ack, body: Body, deps: Deps) -> None:
    """A new check-in, from the command, a button or the shortcut."""
    program_id, _ = ids.referred(_value(body))
    _open(ack, body, deps, program_id, None)


def change(ack: Ack, body: Body, deps: Deps) -> None:
    """*Change it*, on however old a receipt: what opens is the check-in as it stands now."""
    program_id, checkin = ids.referred(_value(body))
    if not checkin.isdigit():
        _show(deps, body, sorry(views.refusal(NotAllowed("gone"))))
        ack()
        return
    _open(ack, body, deps, program_id, int(checkin))


def submit(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """The form handed in."""
    program_id, checkin_id = views.about(view)
    draft, now = views.read(view), deps.clock()
    with deps.db.begin() as session:
        viewer = _viewer(session, deps, body, program_id, now)
        outcome = checkins.submit(
            session=session, viewer=viewer, draft=draft, key=key(body), now=now, checkin_id=checkin_id
        )
    match outcome:
        case Rejected():
            ack(response_action="errors", errors=views.errors(outcome))
        case NotAllowed():
            ack(response_action="update", view=sorry(views.refusal(outcome)))
        case Saved(receipt) | AlreadySaved(receipt):
            ack(response_action="update", view=views.thanks(receipt))


def mine(ack: Ack, body: Body, deps: Deps) -> None:
    """*My check-ins*."""
    program_id, _ = ids.referred(_value(body))
    _show_list(deps, body, program_id, own=True, start=0)
    ack()


def older(ack: Ack, body: Body, deps: Deps) -> None:
    """*Show older*, under a list."""
    program_id, page = ids.referred(_value(body))
    own, start = views.page(page)
    _show_list(deps, body, program_id, own=own, start=start)
    ack()


def read(ack: Ack, body: Body, deps: Deps) -> None:
    """*Read*, beside a meeting: everything that the presser may read of it."""
    program_id, meeting = ids.referred(_value(body))
    now = deps.clock()
    with deps.db.begin() as session:
        viewer = _viewer(session, deps, body, program_id, now)
        found = checkins.meeting(session=session, viewer=viewer, meeting_id=int(meeting) if meeting.isdigit() else 0)
    match found:
        case NotAllowed():
            _show(deps, body, sorry(views.refusal(found, "read it")))
        case Meeting():
            _show(deps, body, views.whole(found, viewer.of_program))
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
    now = deps.clock()
    with deps.db.begin() as session:
        viewer = _viewer(session, deps, body, program_id, now)
        shape = checkins.form(session=session, viewer=viewer, now=now, checkin_id=checkin_id)
    _show(deps, body, sorry(views.refusal(shape)) if isinstance(shape, NotAllowed) else views.form(shape))
    ack()


def _show_list(deps: Deps, body: Body, program_id: int | None, *, own: bool, start: int) -> None:
    now = deps.clock()
    with deps.db.begin() as session:
        viewer = _viewer(session, deps, body, program_id, now)
        found = _list(session, viewer, own=own)
    if isinstance(found, NotAllowed):
        _show(deps, body, sorry(views.refusal(found, "read them")))
        return
    _show(deps, body, views.window(views.listing(found, viewer.of_program, own=own, start=start)))


def _list(session: Session, viewer: Viewer, *, own: bool) -> tuple[Meeting, ...] | NotAllowed:
    if own:
        return checkins.mine(session=session, viewer=viewer)
    return checkins.readable(session=session, viewer=viewer)


def _show(deps: Deps, body: Body, view: Block) -> None:
    """Open a modal; above the one that is open, if the button was in one."""
    if (body.get("view") or {}).get("type") == "modal":
        deps.slack.push_view(body["trigger_id"], view)
    else:
        deps.slack.open_view(body["trigger_id"], view)


def _viewer(session: Session, deps: Deps, body: Body, program_id: int | None, now: datetime) -> Viewer:
    who = caller(body)
    return people.viewer(
        session=session,
        programs=deps.programs,
        team=who.team,
        user=who.user,
        now=now,
        channel=who.channel,
        program_id=program_id,
    )


def _value(body: Body) -> str:
    pressed: list[Body] = body.get("actions") or []
    return str(pressed[0].get("value") or "") if pressed else ""
