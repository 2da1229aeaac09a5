"""What somebody can and cannot be made."""

from __future__ import annotations

import pytest

from bot.domain.memberships import Place, flaws
from bot.domain.people import Role


def _flaws(place: Place, *, grants_admin: bool = False, held: tuple[Role, ...] = ()) -> list[tuple[str, str]]:
    found = flaws(place, grants_admin=grants_admin, held=held, organizations=[1, 2])
    return [(one.field, one.why) for one in found]


PARTICIPANT: frozenset[Role] = frozenset(["participant"])
COACH: frozenset[Role] = frozenset(["coach"])
ADMIN: frozenset[Role] = frozenset(["admin"])


@pytest.mark.parametrize(
    "place",
    [
        Place(PARTICIPANT, 1),
        Place(PARTICIPANT, None, "River Robotics"),
        Place(COACH),
        Place(frozenset()),
    ],
)
def test_a_place_that_holds(place: Place) -> None:
    assert _flaws(place) == []


@pytest.mark.parametrize(
    ("place", "flaw"),
    [
        (Place(PARTICIPANT), ("organization", "organization needed")),
        (Place(PARTICIPANT, None, "   "), ("organization", "organization needed")),
        (Place(PARTICIPANT, 3), ("organization", "unknown")),
        (Place(PARTICIPANT, 1, "River"), ("new_organization", "two organizations")),
        (Place(PARTICIPANT, None, "x" * 76), ("new_organization", "too long")),
        (Place(ADMIN), ("roles", "not yours to give")),
    ],
)
def test_a_place_that_does_not(place: Place, flaw: tuple[str, str]) -> None:
    assert _flaws(place) == [flaw]


def test_an_admin_makes_admins() -> None:
    assert _flaws(Place(ADMIN), grants_admin=True) == []


def test_a_facilitator_leaves_an_admin_an_admin() -> None:
    assert _flaws(Place(ADMIN | COACH), held=("admin",)) == []
    assert _flaws(Place(COACH), held=("admin",)) == [("roles", "not yours to give")]


def test_everything_wrong_is_said_at_once() -> None:
    assert _flaws(Place(ADMIN | PARTICIPANT, 7, "x" * 80)) == [
        ("roles", "not yours to give"),
        ("organization", "unknown"),
        ("new_organization", "two organizations"),
        ("new_organization", "too long"),
    ]
