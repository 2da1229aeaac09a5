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
from bot.services import people
from bot.slack import SlackError
from bot.views.blocks import unesc
from bot.views.refusals import sorry
from handlers.request import Body, caller

log = logging.getLogger(__name__)


def asking(session: Session, deps: Deps, body: Body, now: datetime, program_id: int | None = None) -> Viewer:
    """The person behind a payload, in the program that their button or form names, if it names one."""
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
    """Open a modal, above the one that is open if the button was in one, and return its id. Raises SlackError."""
    if in_modal(body):
        return deps.slack.push_view(body["trigger_id"], view)
    return deps.slack.open_view(body["trigger_id"], view)


def redrawn(deps: Deps, body: Body, view: Block) -> None:
    """Show an open form as it is now, if it is still there; what was typed stays where its fields stay."""
    try:
        deps.slack.update_view(body["view"]["id"], view)
    except SlackError as error:
        log.info("a form was closed or changed before it was drawn again: %s", error.code)


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
        say(ack, message)
        return
    if turned and in_modal(body):
        deps.slack.update_view(body["view"]["id"], window(message))
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
