"""What erasing a person takes away."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Theirs:
    """How much there is of somebody's. `called` is how a list names them."""

    person_id: int
    called: str
    reflections: int
    checkins: int
    questions: int
    answers: int
    drafts: int


@dataclass(frozen=True)
class NoSuchPerson:
    """Nobody has this address or Slack id; `several` that more than one has, in several workspaces."""

    several: bool = False


@dataclass(frozen=True)
class Erased:
    """Everything that was `theirs` is gone."""

    theirs: Theirs
