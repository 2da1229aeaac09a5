"""A long list in a window: the field to search in it, how much of it is seen, and the buttons to its other pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from bot.domain.lists import PAGE, Page
from bot.domain.messages import Block
from bot.views import ids
from bot.views.blocks import actions, button, counted, field_block, text_input
from bot.views.forms import Typed

SEARCH = 60
T = TypeVar("T")


def search(label: str, words: str, hint: str) -> Block:
    """The field to search in; what it finds comes with the window's own button."""
    element = text_input(ids.LIST_WORDS, initial=words, max_length=SEARCH)
    return field_block(ids.LIST_WORDS, label, element, hint=hint, optional=True)


@ids.reading()
def read_search(view: Mapping[str, Any]) -> tuple[int | None, str]:
    """The program, and what is searched for."""
    program_id, _ = ids.referred(str(view.get("private_metadata") or ""))
    return program_id, " ".join(Typed(view).words(ids.LIST_WORDS).split())[:SEARCH]


def read_page(value: str) -> tuple[int | None, int, str]:
    """The program, where the page begins, and what was searched for, from a button of `turns`."""
    program_id, key = ids.referred(value)
    start, _, words = key.partition("/")
    return program_id, ids.row(start), words


def how_many(found: Page[T], one: str, many: str = "") -> str:
    """How many there are, and which of them are seen: 13–24 of 40 people."""
    last = min(found.start + PAGE, found.total)
    where = f"{found.start + 1}–{last} of " if found.total > PAGE else ""
    return f"{where}{counted(found.total, one, many)}"


def turns(found: Page[T], action_id: str, value: Callable[[int], str], those: str = "Those") -> list[Block]:
    """The buttons to the pages before and after; `value` is what a button to the page that begins there stands for."""
    buttons = []
    if found.before is not None:
        buttons.append(button("Previous", action_id, value(found.before), label=f"Previous: {those} before these"))
    if found.after is not None:
        buttons.append(button("Next", action_id, value(found.after), label=f"Next: {those} after these"))
    return [actions(*buttons)] if buttons else []
