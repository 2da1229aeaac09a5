"""Which program is meant: a button for each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.messages import Block, Message
from bot.views import ids
from bot.views.blocks import VALUE, actions, button, clip, distinct, esc, modal, section

MOST_METADATA = 3000
QUESTION = "Which program do you mean?"
Choice = tuple[int, str]
"""A program by its id and name."""


def ask(choices: Sequence[Choice], about: str) -> Message:
    """The question, for the asker's eyes; `about` is what goes on once it is answered."""
    return Message(QUESTION, [section(f"*{QUESTION}* Then I go on with what you wrote."), _buttons(choices, about)])


def said(text: str, name: str) -> Message:
    """What stands in the place of the question once it is answered."""
    words = f"About *{esc(name)}*:" if name else text
    return Message(words, [section(words)])


def window(choices: Sequence[Choice], about: str, keep: Mapping[str, Any] | None = None) -> Block | None:
    """The same as a modal, which keeps what it goes on with; None where that is too much to keep."""
    kept = json.dumps(keep) if keep is not None else ""
    if len(kept) > MOST_METADATA:
        return None
    blocks = distinct([section(f"*{QUESTION}*"), _buttons(choices, about)])
    return modal(ids.WHICH_WINDOW, "Which program?", blocks, metadata=kept)


def fits(about: str) -> bool:
    """Whether a button can hold what goes on."""
    return len(about) < VALUE - 20


def too_long() -> str:
    """What was written is longer than can be kept until the answer."""
    return "I cannot tell which program you mean. Ask in that program's channel, or with *Ask a question* in my *Home*."


def not_yours() -> str:
    """Somebody else pressed."""
    return "I have asked the person who wrote. Write to me yourself, and I answer you."


def gone() -> str:
    """What was written is there no more."""
    return "What this was about is no longer there. Write it again, please."


@ids.reading()
def kept(view: Mapping[str, Any]) -> dict[str, Any]:
    """What a modal has kept."""
    found: dict[str, Any] = json.loads(str(view["private_metadata"]) or "{}")
    return found


def _buttons(choices: Sequence[Choice], about: str) -> Block:
    buttons = [button(clip(name, 75), ids.WHICH, ids.reference(number, about)) for number, name in choices]
    return distinct([actions(*buttons)])[0]
