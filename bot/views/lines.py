"""A change in words: what will follow, before it is saved; the way back; and, as a feature's view makes it, a line in
the list of recent changes (see `bot/views/change_lines.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.messages import Block
from bot.views import ids
from bot.views.blocks import actions, button, context, modal, section


@dataclass(frozen=True)
class Line:
    """A change in words: of what, and how that was before and is now, all as plain text, not escaped yet.

    `before` and `after` are empty where there is nothing to say of them; `did` is a word such as "changed" or "added".
    """

    what: str
    did: str
    before: str = ""
    after: str = ""


def foreseen(callback_id: str, heading: str, follows: Iterable[str], metadata: str) -> Block:
    """What follows from a change, before it is saved: a line each; mrkdwn."""
    blocks = [
        section(heading),
        section("\n".join(["*What follows*", *(f"• {one}" for one in follows)])),
        context("You can undo this for a day."),
    ]
    return modal(callback_id, "What follows", blocks, submit="Save", close="Not now", metadata=metadata)


def undo(program_id: int, number: int | None) -> list[Block]:
    """The button under what was just saved that takes it back; nothing where nothing was changed."""
    if number is None:
        return []
    value = ids.reference(program_id, str(number))
    return [actions(button("Undo", ids.CHANGE_UNDO, value, label="Undo this change")), context("Undo works for a day.")]
