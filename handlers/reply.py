"""Who is asking, and answering where they asked: in the channel for a command, in a modal for everything else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from slack_bolt import Ack
from sqlmodel import Session

from bot.deps import Deps
from bot.domain.messages import Block, Message
from bot.domain.people import Viewer
from bot.domain.written import clean
from bot.services import people, switchboard
from bot.slack import SlackError
from bot.views import ids
from bot.views.blocks import unesc
from bot.views.modes import practised, prefaced
from bot.views.refusals import sorry
from bot.views.words import of
from handlers.behind import carried
from handlers.request import Body, caller

log = logging.getLogger(__name__)
MENUS = (ids.MANAGE_WINDOW, ids.WHICH_WINDOW, ids.SWITCHBOARD_WINDOW)
CHOSEN = "convene_program"
"""Under this a payload remembers which program somebody has chosen, where it could have meant several."""
PRACTICE = "convene_practice"
"""Under this a payload remembers that its program is in practice, and in which language what is answered says so."""
UNCLEAR = "convene_unclear"
"""Under this a payload remembers that nothing is to be done for it while it could mean several programs."""


class Several(Exception):
    """Several programs may be meant by what was to be done for one: `choices` are they, by id and name."""

    def __init__(self, choices: tuple[tuple[int, str], ...]) -> None:
        super().__init__("several programs may be meant")
        self.choices = choices


def asking(session: Session, deps: Deps, body: Body, now: datetime, program_id: int | None = None) -> Viewer:
    """The person behind a payload, in the program that their button or form names, if it names one.

    Raises Several where it could mean several, if nothing is to be done then.
    """
    who = caller(body)
    program_id = body.get(CHOSEN) if program_id is None else program_id
    viewer = people.viewer(
        session=session,
        programs=deps.programs,
        team=who.team,
        user=who.user,
        now=now,
        channel=who.channel,
        program_id=program_id,
    )
    if viewer.among and body.get(UNCLEAR):
        raise Several(viewer.among)
    body[PRACTICE] = _practice(session, viewer)
    return viewer


def _practice(session: Session, viewer: Viewer) -> str:
    """The language in which somebody reads that their program is in practice; empty where it is not."""
    if viewer.program is None or viewer.program.mode != "practice":
        return ""
    return switchboard.choices(session, viewer.person_id).language or viewer.program.language


def in_language(body: Body, language: str) -> None:
    """What is answered has a language of its own."""
    if body.get(PRACTICE) and language:
        body[PRACTICE] = language


@contextmanager
def turn(deps: Deps, body: Body, program_id: int | None = None) -> Iterator[tuple[Session, Viewer, datetime]]:
    """A transaction for one use case, with who is asking, as in `asking`, and when. Raises Busy."""
    now = deps.clock()
    with deps.db.begin() as session:
        yield session, asking(session, deps, body, now, program_id), now


def value(body: Body) -> str:
    """What the pressed button stands for; empty for a command or a shortcut."""
    pressed: list[Body] = body.get("actions") or []
    return str(pressed[0].get("value") or "") if pressed else ""


def typed(body: Body) -> str:
    """What stands behind a command, as it was typed; empty for a button, and where nothing can be seen."""
    return clean(unesc(str(body.get("text") or "")))


def in_modal(body: Body) -> bool:
    """Whether a button or a menu was in a modal."""
    return (body.get("view") or {}).get("type") == "modal"


def show(deps: Deps, body: Body, view: Block) -> str:
    """Open a modal, above the one that is open if the button was in one, and return its id. Raises SlackError.

    A menu makes room for what was chosen in it.
    """
    if in_modal(body) and body["view"].get("callback_id") in MENUS:
        replaced(deps, body, view)
        return str(body["view"]["id"])
    if in_modal(body):
        return deps.slack.push_view(body["trigger_id"], labelled(body, view, above=True))
    return deps.slack.open_view(body["trigger_id"], labelled(body, view))


def labelled(body: Body, view: Block, *, above: bool = False) -> Block:
    """A modal as it is shown: it says that its program is in practice, if it is, and carries what lies behind it.

    It is shown in the place of the window in which something was pressed, or `above` that one.
    """
    return carried(body, in_mode(body, view), above=above)


def in_mode(body: Body, view: Block) -> Block:
    """A modal that says that its program is in practice, if it is."""
    language = body.get(PRACTICE)
    return practised(view, str(language)) if language else view


def in_mode_too(body: Body, message: Message) -> Message:
    """The same of a message that is answered where something was pressed or typed."""
    language = body.get(PRACTICE)
    return prefaced(message, of(str(language)).practice) if language else message


def replaced(deps: Deps, body: Body, view: Block, window: str = "") -> None:
    """Show another modal in the place of the one in which something was pressed, or of another `window`, by its id.

    Where there is none, it is opened. Raises SlackError.
    """
    if not window and not in_modal(body):
        show(deps, body, view)
        return
    # A window of another id is one that was opened above this one a moment ago.
    deps.slack.update_view(window or body["view"]["id"], labelled(body, view, above=bool(window)))


def redrawn(deps: Deps, body: Body, view: Block, window: str = "") -> None:
    """The same if it is still open; what was typed stays where its fields stay."""
    try:
        replaced(deps, body, view, window)
    except SlackError as error:
        log.info("a form was closed or changed before it was drawn again: %s", error.code)


def put(deps: Deps, body: Body, view: Block, *own: str) -> None:
    """Show what a button leads to: in the place of its window if that is one of these, else above what is open.

    Slack holds three windows above each other. Raises SlackError.
    """
    if in_modal(body) and body["view"].get("callback_id") in own:
        redrawn(deps, body, view)
    else:
        show(deps, body, view)


def say(ack: Ack, message: Message) -> None:
    """Answer a command, for the asker's eyes."""
    ack(text=message.text, blocks=list(message.blocks))


def answer(
    ack: Ack, deps: Deps, body: Body, message: Message, window: Callable[[Message], Block], *, turned: bool = False
) -> None:
    """Say something where it was asked for, and acknowledge; `window` makes a modal of it. Raises SlackError.

    `turned` to its next page, it takes the place of the one before.
    """
    if "command" in body:
        say(ack, in_mode_too(body, message))
        return
    if turned and in_modal(body):
        replaced(deps, body, window(message))
    else:
        show(deps, body, window(message))
    ack()


def tell(ack: Ack, deps: Deps, body: Body, words: str) -> None:
    """Say a sentence to the person alone, and acknowledge. Raises SlackError."""
    if "command" in body:
        ack(text=words)
        return
    show(deps, body, sorry(words))
    ack()
