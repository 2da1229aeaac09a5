"""My messages, in: the window on the Home, what is chosen in it, the record, and leaving."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from slack_bolt import Ack

from bot.deps import Deps
from bot.domain.messages import Block
from bot.domain.switchboard import Board, Leaving, NoProgram, Wrong
from bot.services import switchboard
from bot.views import ids
from bot.views import switchboard as views
from bot.views.refusals import sorry
from handlers.listen import Listeners
from handlers.reply import in_modal, redrawn, show, tell, turn, value
from handlers.request import Body, key


def open_window(ack: Ack, body: Body, deps: Deps) -> None:
    """*My messages*."""
    _show(ack, deps, body, views.window)


def open_pause(ack: Ack, body: Body, deps: Deps) -> None:
    """*Pause my messages until…*."""
    _show(ack, deps, body, lambda found, now: views.pause_form(found, found.program.local_day(now)))


def pause(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """The form handed in."""
    program_id, day, open_end = views.read_pause(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = switchboard.pause(session=session, viewer=viewer, day=day, open_end=open_end, now=now)
    match found:
        case Wrong():
            ack(response_action="errors", errors=views.pause_errors(found))
        case NoProgram():
            ack(response_action="update", view=sorry(views.nothing_there()))
        case Board():
            ack(response_action="update", view=views.window(found, now))


def resume(ack: Ack, body: Body, deps: Deps) -> None:
    """*Write to me again*, in the window or on the Home."""
    program_id, _ = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = switchboard.resume(session=session, viewer=viewer, now=now)
    if isinstance(found, Board) and in_modal(body):
        redrawn(deps, body, views.window(found, now))
    ack()


def choose(ack: Ack, body: Body, deps: Deps) -> None:
    """One of the two menus: where reminders come, and in which language."""
    chosen: Body = body["actions"][0].get("selected_option") or {}
    program_id, name = ids.referred(str(chosen.get("value") or ""))
    which = str(body["actions"][0].get("action_id") or "").partition("#")[0]
    with turn(deps, body, program_id) as (session, viewer, now):
        if which == ids.SWITCHBOARD_REMINDERS:
            found = switchboard.choose(session=session, viewer=viewer, channel_only=name == "channel", now=now)
        else:
            found = switchboard.choose(session=session, viewer=viewer, language=name, now=now)
    if isinstance(found, Board) and in_modal(body):
        redrawn(deps, body, views.window(found, now))
    ack()


def record(ack: Ack, body: Body, deps: Deps) -> None:
    """*My record*, and its pages."""
    program_id, start = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = switchboard.record(session=session, programs=deps.programs, viewer=viewer, start=ids.row(start))
    if isinstance(found, NoProgram):
        tell(ack, deps, body, views.nothing_there())
        return
    made = views.record(found, now, viewer.zone)
    if in_modal(body) and start:
        redrawn(deps, body, made)
    else:
        show(deps, body, made)
    ack()


def send_file(ack: Ack, body: Body, deps: Deps) -> None:
    """*Send it as a file*."""
    program_id, _ = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        sent = switchboard.send_record(session=session, viewer=viewer, key=key(body), now=now)
    if sent and in_modal(body):
        redrawn(deps, body, views.sent())
    ack()


def open_leave(ack: Ack, body: Body, deps: Deps) -> None:
    """*Leave…*: what follows, first."""
    program_id, _ = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, _now):
        found = switchboard.leaving(session=session, viewer=viewer)
    if not isinstance(found, Leaving):
        tell(ack, deps, body, views.cannot_leave(found))
        return
    show(deps, body, views.leave_form(found))
    ack()


def leave(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """*Leave*."""
    program_id = views.read_leave(view)
    with turn(deps, body, program_id) as (session, viewer, now):
        found = switchboard.leave(session=session, viewer=viewer, key=key(body), now=now)
    ack(response_action="update", view=views.left(found))


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.action(ids.SWITCHBOARD_OPEN, open_window)
    on.action(ids.SWITCHBOARD_PAUSE, open_pause)
    on.action(ids.SWITCHBOARD_RESUME, resume)
    on.action(ids.SWITCHBOARD_REMINDERS, choose)
    on.action(ids.SWITCHBOARD_LANGUAGE, choose)
    on.action(ids.SWITCHBOARD_RECORD, record)
    on.action(ids.SWITCHBOARD_FILE, send_file)
    on.action(ids.SWITCHBOARD_LEAVE, open_leave)
    on.view(ids.SWITCHBOARD_PAUSE_FORM, pause)
    on.view(ids.SWITCHBOARD_LEAVE_FORM, leave)


def _show(ack: Ack, deps: Deps, body: Body, window: Callable[[Board, datetime], Block]) -> None:
    program_id, _ = ids.referred(value(body))
    with turn(deps, body, program_id) as (session, viewer, now):
        found = switchboard.board(session=session, viewer=viewer)
    if isinstance(found, NoProgram):
        tell(ack, deps, body, views.nothing_there())
        return
    show(deps, body, window(found, now))
    ack()
