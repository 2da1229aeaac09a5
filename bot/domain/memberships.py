"""Taking part: what somebody is to be in a program, what cannot be, and what became of a decision."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain.people import ORGANIZATION_NAME, Org, Role, squeezed


@dataclass(frozen=True)
class Place:
    """The roles that somebody is to hold in a program, and for whom: an organization that is there, or a new one.

    No role at all means that they have left.
    """

    roles: frozenset[Role]
    organization_id: int | None = None
    new_organization: str = ""


Why = Literal[
    "no role",
    "not yours to give",
    "organization needed",
    "two organizations",
    "too long",
    "unknown",
    "last facilitator",
    "last admin",
]
NEEDED: tuple[Role, ...] = ("facilitator", "admin")
"""The roles of which the last to hold one cannot go without naming another."""


@dataclass(frozen=True)
class Flaw:
    """What cannot be done as asked: in which field, and why."""

    field: Literal["roles", "organization", "new_organization"]
    why: Why


def flaws(
    place: Place,
    *,
    grants_admin: bool,
    held: Collection[Role],
    organizations: Collection[int],
    alone: Collection[Role] = (),
) -> tuple[Flaw, ...]:
    """Everything wrong with a place for somebody who holds roles already; organizations by their ids.

    Who runs the set-up is decided by those who run it: others leave that role as it is. What they hold `alone` they
    cannot give up without somebody else.
    """
    found: list[Flaw] = []
    name = squeezed(place.new_organization)
    if ("admin" in place.roles) != ("admin" in held) and not grants_admin:
        found.append(Flaw("roles", "not yours to give"))
    if "facilitator" in alone and "facilitator" not in place.roles:
        found.append(Flaw("roles", "last facilitator"))
    if "admin" in alone and "admin" not in place.roles:
        found.append(Flaw("roles", "last admin"))
    if place.organization_id is not None and place.organization_id not in organizations:
        found.append(Flaw("organization", "unknown"))
    if name and place.organization_id is not None:
        found.append(Flaw("new_organization", "two organizations"))
    if len(name) > ORGANIZATION_NAME:
        found.append(Flaw("new_organization", "too long"))
    if "participant" in place.roles and not name and place.organization_id is None:
        found.append(Flaw("organization", "organization needed"))
    return tuple(found)


@dataclass(frozen=True)
class Asked:
    """Somebody joined the cohort's channel and waits to be confirmed."""

    membership_id: int


@dataclass(frozen=True)
class Applied:
    """Somebody joined the applicants' channel and is an applicant now."""


@dataclass(frozen=True)
class Known:
    """Joining that channel changes nothing for this person."""


@dataclass(frozen=True)
class Placed:
    """They hold these roles now; no role means that they have left. `told`: a direct message says so to them."""

    name: str
    roles: tuple[Role, ...]
    organization: Org | None
    told: bool = False


@dataclass(frozen=True)
class Settled:
    """Somebody else was quicker: how the person stands now."""

    name: str
    roles: tuple[Role, ...]
    organization: Org | None
    by: str | None


@dataclass(frozen=True)
class NotThere:
    """There is no such membership or person."""


@dataclass(frozen=True)
class Rejected:
    """Nothing was changed; every reason is named."""

    flaws: tuple[Flaw, ...]


@dataclass(frozen=True)
class Card:
    """A person as those who run a program see them when they decide: `membership_id` is set for one who waits."""

    name: str
    user: str | None
    roles: tuple[Role, ...]
    organization: Org | None
    organizations: tuple[Org, ...]
    grants_admin: bool
    since: datetime | None = None
    membership_id: int | None = None
