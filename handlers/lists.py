"""A long list in a window, in: its pages, and searching in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from slack_bolt import Ack
from sqlmodel import Session

from bot.deps import Deps
from bot.domain.messages import Block
from bot.domain.people import NotAllowed, Viewer
from bot.views import lists as views
from bot.views.refusals import sorry
from handlers.reply import put, tell, turn, value
from handlers.request import Body

T = TypeVar("T")


@dataclass(frozen=True)
class Searched(Generic[T]):
    """A list to search in: its use case, its window, with its callback id, and what whoever may not see it is told."""

    callback_id: str
    find: Callable[[Session, Viewer, str, int], T | NotAllowed]
    window: Callable[[T], Block]
    refusal: Callable[[NotAllowed], str]


def page(ack: Ack, body: Body, deps: Deps, wanted: Searched[T]) -> None:
    """The list, and another page of it."""
    program_id, start, words = views.read_page(value(body))
    with turn(deps, body, program_id) as (session, viewer, _now):
        found = wanted.find(session, viewer, words, start)
    if isinstance(found, NotAllowed):
        tell(ack, deps, body, wanted.refusal(found))
        return
    put(deps, body, wanted.window(found), wanted.callback_id)
    ack()


def again(deps: Deps, body: Body, about: str, wanted: Searched[T]) -> Block | None:
    """The list as it is now, by its own metadata."""
    program_id, start, words = views.read_page(about)
    with turn(deps, body, program_id) as (session, viewer, _now):
        found = wanted.find(session, viewer, words, start)
    return None if isinstance(found, NotAllowed) else wanted.window(found)


def search(ack: Ack, body: Body, view: Body, deps: Deps, wanted: Searched[T]) -> None:
    """*Find*: what matches what was typed takes the place of the list."""
    program_id, words = views.read_search(view)
    with turn(deps, body, program_id) as (session, viewer, _now):
        found = wanted.find(session, viewer, words, 0)
    if isinstance(found, NotAllowed):
        ack(response_action="update", view=sorry(wanted.refusal(found)))
        return
    ack(response_action="update", view=wanted.window(found))
