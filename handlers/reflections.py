"""Reflections in: the command, the buttons, the shortcut, the form."""

from __future__ import annotations

from dataclasses import replace

from slack_bolt import Ack

from bot.deps import Deps
from bot.domain.drafts import About, changed
from bot.domain.messages import Block
from bot.domain.once import AlreadySaved, Saved
from bot.domain.reflections import CameIn, Form, Mine, NotAllowed, NothingOpen, Readers
from bot.services import reflections
from bot.services.reflections import Rejected
from bot.views import drafts, ids
from bot.views import reflections as views
from bot.views.commands import Shortcut
from handlers.listen import Listeners
from handlers.reply import answer, asking, in_modal, redrawn, replaced, show, tell, turn, typed, value
from handlers.request import Body, key
from handlers.typing import forget, settle, typed_in


def command(ack: Ack, body: Body, deps: Deps) -> None:
    """`/reflect` opens the form; `mine` and `all` list."""
    word = typed(body).casefold()
    if not word:
        open_form(ack, body, deps)
    elif word == "mine":
        mine(ack, body, deps)
    elif word == "all":
        everything(ack, body, deps)
    else:
        ack(text=views.unknown_word(word))


def open_form(ack: Ack, body: Body, deps: Deps) -> None:
    """The form for the homework that a button names, or for the most useful one."""
    program_id, homework = ids.referred(value(body))
    settle(deps, body)
    found = _form(deps, body, program_id, homework)
    match found:
        case Form():
            show(deps, body, views.form(found))
            ack()
        case NotAllowed():
            tell(ack, deps, body, views.refusal(found))
        case NothingOpen():
            answer(ack, deps, body, views.nothing_open(found), views.window)


def redraw(ack: Ack, body: Body, deps: Deps) -> None:
    """Other readers or another homework were chosen: the form says so, and keeps what was typed."""
    view = body.get("view") or {}
    read = views.read(view)
    typed_in(deps, body)
    settle(deps, body)
    readers: Readers = "cohort" if read.draft.readers == "cohort" else "facilitators"
    found: Form | NothingOpen | NotAllowed
    now = deps.clock()
    with deps.db.begin() as session:
        viewer = asking(session, deps, body, now, read.program_id)
        if read.reflection_id is not None:
            found = reflections.change_form(
                session=session, viewer=viewer, reflection_id=read.reflection_id, readers=readers
            )
        else:
            homework = read.draft.chosen or read.draft.assignment
            found = reflections.form(session=session, viewer=viewer, now=now, assignment=homework, readers=readers)
    # Whoever may no longer hand it in learns so when they do: until then their words stay in view.
    if isinstance(found, Form):
        if found.key == read.draft.assignment and not drafts.shows_draft(view):
            # What is kept is what stands here.
            found = replace(found, kept=None)
        redrawn(deps, body, views.form(found, views.typed(view), drafts.turn_of(view)))
    ack()


def submit(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """The form handed in, for a new reflection or a change."""
    read, now = views.read(view), deps.clock()
    with deps.db.begin() as session:
        viewer = asking(session, deps, body, now, read.program_id)
        if read.reflection_id is None:
            outcome = reflections.submit(session=session, viewer=viewer, draft=read.draft, key=key(body), now=now)
        else:
            outcome = reflections.change(
                session=session,
                viewer=viewer,
                reflection_id=read.reflection_id,
                draft=read.draft,
                key=key(body),
                now=now,
            )
    match outcome:
        case Rejected(problems):
            ack(response_action="errors", errors=views.errors(problems, view))
        case NotAllowed():
            ack(response_action="errors", errors=views.refused_errors(outcome, view))
        case Saved(receipt) | AlreadySaved(receipt):
            forget(deps, body)
            ack(response_action="update", view=views.thanks(receipt))


def change(ack: Ack, body: Body, deps: Deps) -> None:
    """*Change it*, on however old a receipt: what opens is the reflection as it stands now."""
    program_id, reflection = ids.referred(value(body))
    settle(deps, body)
    found = _change_form(deps, body, program_id, ids.row(reflection))
    if isinstance(found, NotAllowed):
        tell(ack, deps, body, views.refusal(found))
        return
    show(deps, body, views.form(found))
    ack()


def draft_form(deps: Deps, body: Body, about: About, anew: int = 0) -> Block | str:
    """The form in which something was begun, with what is kept of it; or why it cannot be opened, in mrkdwn."""
    row = changed(about.subject)
    found: Form | NothingOpen | NotAllowed
    if row is None:
        found = _form(deps, body, about.program_id, about.subject)
    else:
        found = _change_form(deps, body, about.program_id, row)
    match found:
        case Form():
            return views.form(found, turn=anew)
        case NotAllowed():
            return views.refusal(found)
        case NothingOpen():
            return views.nothing_open(found).text


def take_back(ack: Ack, body: Body, deps: Deps) -> None:
    """*Take it back from the cohort*; a receipt is brought up to date by itself."""
    program_id, reflection = ids.referred(value(body))
    now = deps.clock()
    with deps.db.begin() as session:
        viewer = asking(session, deps, body, now, program_id)
        outcome = reflections.take_back(
            session=session, viewer=viewer, reflection_id=ids.row(reflection), key=key(body), now=now
        )
    match outcome:
        case NotAllowed():
            tell(ack, deps, body, views.refusal(outcome))
        case Saved(receipt) | AlreadySaved(receipt) if in_modal(body):
            replaced(deps, body, views.thanks(receipt))
            ack()
        case _:
            ack()


def mine(ack: Ack, body: Body, deps: Deps) -> None:
    """`/reflect mine`, *List mine*, and *Earlier ones* under a list."""
    program_id, before = ids.referred(value(body))
    now = deps.clock()
    with deps.db.begin() as session:
        viewer = asking(session, deps, body, now, program_id)
        found = reflections.mine(session=session, viewer=viewer, before=ids.row(before) or None)
    match found:
        case NotAllowed():
            tell(ack, deps, body, views.refusal(found))
        case Mine():
            message = views.mine_message(found, viewer.zone)
            answer(ack, deps, body, message, views.window, turned=bool(before))


def everything(ack: Ack, body: Body, deps: Deps) -> None:
    """`/reflect all`, the button, and *Earlier ones* under it: what the asker may read."""
    program_id, before = ids.referred(value(body))
    now = deps.clock()
    with deps.db.begin() as session:
        viewer = asking(session, deps, body, now, program_id)
        found = reflections.came_in(session=session, viewer=viewer, before=ids.row(before) or None)
    match found:
        case NotAllowed():
            tell(ack, deps, body, views.refusal(found))
        case CameIn():
            answer(ack, deps, body, views.came_in(found, viewer.zone), views.window, turned=bool(before))


def read(ack: Ack, body: Body, deps: Deps) -> None:
    """*Read it all*, and a digest's button: only for those who may read it now."""
    program_id, reflection = ids.referred(value(body))
    now = deps.clock()
    with deps.db.begin() as session:
        viewer = asking(session, deps, body, now, program_id)
        found = reflections.readable(session=session, viewer=viewer, reflection_id=ids.row(reflection))
    if isinstance(found, NotAllowed):
        tell(ack, deps, body, views.refusal(found))
        return
    show(deps, body, views.whole(found, viewer.zone))
    ack()


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.command(ids.REFLECT, command, about="Hand in a reflection, or list some", usage="[mine | all]")
    on.shortcut(
        Shortcut(ids.REFLECTION_SHORTCUT, "Hand in a reflection", "Write about the homework that is due"), open_form
    )
    on.action(ids.REFLECTION_OPEN, open_form)
    on.action(ids.REFLECTION_READERS, redraw)
    on.action(ids.REFLECTION_ASSIGNMENT, redraw)
    on.action(ids.REFLECTION_CHANGE, change)
    on.action(ids.REFLECTION_BACK, take_back)
    on.action(ids.REFLECTION_MINE, mine)
    on.action(ids.REFLECTION_ALL, everything)
    on.action(ids.REFLECTION_READ, read)
    on.view(ids.REFLECTION_FORM, submit)


def _form(deps: Deps, body: Body, program_id: int | None, homework: str) -> Form | NothingOpen | NotAllowed:
    with turn(deps, body, program_id) as (session, viewer, now):
        return reflections.form(session=session, viewer=viewer, now=now, assignment=homework)


def _change_form(deps: Deps, body: Body, program_id: int | None, reflection: int) -> Form | NotAllowed:
    with turn(deps, body, program_id) as (session, viewer, _):
        return reflections.change_form(session=session, viewer=viewer, reflection_id=reflection)
