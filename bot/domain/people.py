"""Roles, what each may see and do, and who takes part."""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeGuard, get_args
from zoneinfo import ZoneInfo

from bot.domain.programs import Audience, Program

Role = Literal["applicant", "participant", "coach", "facilitator", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)
"""In the order in which they take part; an admin runs the workspace's side and reads no reflections."""
State = Literal["pending", "active", "left"]
LOOK_AGAIN = timedelta(days=1)
"""How long what Slack said about a person is good for."""
ORGANIZATION_NAME = 75
"""The longest name of an organization: it has to fit into a menu."""
ERASED = "(erased)"
"""Stands where a name or somebody's words were, once their person is erased."""
PERSON_NAME = 80
"""The longest name of a person: Slack takes no longer one."""


@dataclass(frozen=True)
class Account:
    """Somebody as Slack knows them. `gone` is deactivated."""

    user: str
    name: str
    email: str | None
    zone: str | None
    guest: bool
    admin: bool
    gone: bool
    bot: bool


@dataclass(frozen=True)
class Org:
    """An organization as a value."""

    id: int
    name: str


@dataclass(frozen=True)
class Member:
    """Somebody who holds a role now. `user` is None while they are known by their e-mail address only."""

    person_id: int
    user: str | None
    name: str
    role: Role
    zone: str | None = None
    organization: Org | None = None


@dataclass(frozen=True)
class Listed:
    """One role of one person as a program's list has it, whatever its state. `gone`: deactivated in the workspace."""

    membership_id: int
    person_id: int
    user: str | None
    name: str
    email: str | None
    role: Role
    state: State
    since: datetime
    organization: Org | None = None
    gone: bool = False


@dataclass(frozen=True)
class Team:
    """An organization with the people who take part for it."""

    organization: Org
    people: tuple[Member, ...]


@dataclass(frozen=True)
class Room:
    """A channel as it is set up: whose it is and what for, both None where nothing is known of it."""

    channel: str
    program_id: int | None = None
    purpose: str | None = None


@dataclass(frozen=True)
class Viewer:
    """The person who is asking, in the program that is meant. `roles` are active ones only.

    `zone` is their own IANA zone, if known. `program` is None when there is none, or when it cannot be told which: then
    it is `among` these, by id and name. `room` is where they ask, if that was looked at.
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
    among: tuple[tuple[int, str], ...] = ()
    room: Room | None = None

    def has(self, *roles: Role) -> bool:
        """Whether they hold any of these roles."""
        return not self.roles.isdisjoint(roles)

    @property
    def of_program(self) -> Program:
        """The program, where the caller has already refused those without one."""
        assert self.program is not None
        return self.program

    @property
    def runs_it(self) -> bool:
        """Whether they may say who takes part and what a channel is for."""
        return self.workspace_admin or self.has("facilitator", "admin")


@dataclass(frozen=True)
class NotAllowed:
    """Only those who run the program may: `facilitators` are whom to ask.

    Without a program nobody can, or, to begin one, the admins of the workspace.
    """

    program: Program | None
    facilitators: tuple[Member, ...] = ()


def is_role(word: str) -> TypeGuard[Role]:
    """Whether a word names a role."""
    return word in ROLES


def is_state(word: str) -> TypeGuard[State]:
    """Whether a word names a state of a membership."""
    return word in get_args(State)


def ordered(roles: Iterable[Role]) -> tuple[Role, ...]:
    """Roles in the order of `ROLES`."""
    held = set(roles)
    return tuple(role for role in ROLES if role in held)


def audiences(roles: Iterable[Role]) -> tuple[Audience, ...]:
    """Whose dates and documents concern somebody with these roles; none for somebody without a role."""
    held = set(roles)
    found: list[Audience] = []
    if held & {"applicant", "facilitator", "admin"}:
        found.append("applicants")
    if held & {"participant", "coach", "facilitator", "admin"}:
        found.append("cohort")
    return tuple(found)


def squeezed(name: str) -> str:
    """A name without spaces at its ends, with single ones inside, and without marks that nobody sees.

    Those that join or part the letters of some scripts stay; empty when nothing is left to be seen.
    """
    seen = "".join(char for char in unicodedata.normalize("NFC", name) if char.isspace() or _is_seen(char))
    return " ".join(seen.split()) if seen.strip(_JOINERS + string.whitespace) else ""


_JOINERS = "\u200c\u200d"


def _is_seen(char: str) -> bool:
    return char in _JOINERS or unicodedata.category(char) not in ("Cc", "Cf", "Cs")


def same_name(one: str, other: str) -> bool:
    """Whether two names differ in nothing but spaces and capitals."""
    return squeezed(one).casefold() == squeezed(other).casefold()


def known_zone(name: str | None) -> str | None:
    """An IANA zone that this machine knows; None for any other, so that the program's own is used."""
    if not name:
        return None
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        return None
