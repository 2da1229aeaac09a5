"""Looking at the Home as somebody else would see it: a role, pretended, with nothing that is anybody's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeGuard, get_args

from bot.domain.home import Page
from bot.domain.people import Org, Role
from bot.domain.programs import Program

Part = Literal[Role, "stranger"]
PARTS: tuple[Part, ...] = (*get_args(Role), "stranger")
"""As whom somebody may look: the roles, and somebody who has none."""
NOBODY = 0
"""The row that no person has: what is asked for by it is empty."""


@dataclass(frozen=True)
class Choices:
    """As whom somebody may look; participants take part for an organization."""

    program: Program
    organizations: tuple[Org, ...]


@dataclass(frozen=True)
class Seen:
    """The Home as somebody of a part would see it."""

    program: Program
    part: Part
    organization: Org | None
    page: Page


@dataclass(frozen=True)
class NoOrganization:
    """A participant takes part for an organization, and none was chosen that is there."""


def is_part(word: str) -> TypeGuard[Part]:
    """Whether a word says as whom."""
    return word in PARTS
