"""Finding, in: `/convene find`, the field behind *Find…*, the pages of what was found, and opening one thing."""

from __future__ import annotations

from slack_bolt import Ack

from bot.deps import Deps
from bot.domain.find import Empty, Found, Gone, NoProgram, Opened, is_kind
from bot.services import find
from bot.views import find as views
from bot.views import ids
from bot.views.refusals import no_program, sorry, too_old
from handlers.listen import Listeners
from handlers.reply import asking, in_modal, replaced, say, show, tell, turn, value
from handlers.request import Body


def command(ack: Ack, body: Body, deps: Deps, words: str) -> None:
    """`/convene find WORDS`."""
    now = deps.clock()
    with deps.db.begin() as session:
        viewer = asking(session, deps, body, now)
    with deps.db.read() as session:
        found = find.look(session=session, indexes=deps.find, viewer=viewer, words=words)
    say(ack, views.message(found, now))


def ask(ack: Ack, body: Body, deps: Deps) -> None:
    """*Find…*: the field."""
    program_id, _ = ids.referred(value(body))
    with turn(deps, body, program_id) as (_session, viewer, _now):
        program = viewer.program
    if program is None:
        tell(ack, deps, body, no_program())
        return
    show(deps, body, views.form(program))
    ack()


def submit(ack: Ack, body: Body, view: Body, deps: Deps) -> None:
    """What is looked for, handed in: what was found takes the place of the field."""
    program_id, words = views.read(view)
    match _look(deps, body, program_id, words):
        case Found() as found:
            ack(response_action="update", view=views.window(found, deps.clock()))
        case Empty():
            ack(response_action="errors", errors=views.nothing_typed())
        case NoProgram():
            ack(response_action="update", view=sorry(no_program()))


def page(ack: Ack, body: Body, deps: Deps) -> None:
    """All of one kind, or the page before or after."""
    program_id, key = ids.referred(value(body))
    asked = views.read_paging(key)
    found = _look(deps, body, program_id, asked[2]) if asked is not None else None
    if asked is None or not isinstance(found, Found) or not found.of(asked[0]):
        tell(ack, deps, body, too_old())
        return
    view = views.page(found, asked[0], asked[1], deps.clock())
    if in_modal(body):
        replaced(deps, body, view)
    else:
        show(deps, body, view)
    ack()


def open_one(ack: Ack, body: Body, deps: Deps) -> None:
    """*Open*, beside something that was found."""
    program_id, name = ids.referred(value(body))
    kind, _, key = name.partition("/")
    found: Opened | Gone = Gone(None)
    with turn(deps, body, program_id) as (session, viewer, now):
        if is_kind(kind):
            found = find.opened(session=session, viewer=viewer, kind=kind, key=key)
    if isinstance(found, Gone):
        tell(ack, deps, body, views.gone(found))
        return
    show(deps, body, views.opened(found, now))
    ack()


def listen(on: Listeners) -> None:
    """Note what this feature listens to."""
    on.action(ids.FIND_ASK, ask)
    on.action(ids.FIND_OPEN, open_one)
    on.action(ids.FIND_PAGE, page)
    on.view(ids.FIND_FORM, submit)


def _look(deps: Deps, body: Body, program_id: int | None, words: str) -> Found | Empty | NoProgram:
    with turn(deps, body, program_id) as (_, viewer, _now):
        pass
    # Nobody who writes waits while it is looked for.
    with deps.db.read() as session:
        return find.look(session=session, indexes=deps.find, viewer=viewer, words=words)
