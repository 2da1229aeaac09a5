"""The menu: what somebody can do, by their roles, and what they are likely to do next."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.people import Viewer
from bot.domain.programs import Assignment, Event


@dataclass(frozen=True)
class Menu:
    """What stands first for somebody: what waits for those who run it, what is due from others, the next date.

    `questions` and `waiting` count what those who run it are asked: open questions, and people to be confirmed.
    """

    viewer: Viewer
    questions: int = 0
    waiting: int = 0
    due: Assignment | None = None
    event: Event | None = None
