"""Roles, and what each may see and do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from bot.domain.programs import Program

Role = Literal["applicant", "participant", "coach", "facilitator", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
"""In the order in which they take part; an admin runs the workspace's side and reads no reflections."""


@dataclass(frozen=True)
class Org:
    """An organization as a value."""

    id: int
    name: str


@dataclass(frozen=True)
class Viewer:
    """The person who is asking, in the program that is meant. `roles` are active ones only.

    `zone` is their own IANA zone, if known. `program` is None when there is none, or when it cannot be told which.
    """

    team: str
    user: str
    person_id: int
    name: str
    zone: str | None = None
    guest: bool = False
    workspace_admin: bool = False
    program: Program | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)
    pending: bool = False
    organization: Org | None = None

    def has(self, *roles: Role) -> bool:
        """Whether they hold any of these roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def of_program(self) -> Program:
        """The program, where the caller has already refused those without one."""
        assert self.program is not None
        return self.program
