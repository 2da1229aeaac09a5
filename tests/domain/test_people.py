"""Roles, names and zones."""

from __future__ import annotations

import pytest

from bot.domain.people import Role, Viewer, audiences, is_role, is_state, known_zone, ordered, same_name, squeezed


@pytest.mark.parametrize(
    ("roles", "heard"),
    [
        (["applicant"], ("applicants",)),
        (["participant"], ("cohort",)),
        (["coach"], ("cohort",)),
        (["facilitator"], ("applicants", "cohort")),
        (["admin"], ("applicants", "cohort")),
        (["coach", "applicant"], ("applicants", "cohort")),
        ([], ()),
    ],
)
def test_dates_concern_those_whom_they_are_for(roles: list[Role], heard: tuple[str, ...]) -> None:
    assert audiences(roles) == heard


def test_roles_are_named_in_the_order_of_taking_part() -> None:
    assert ordered(["admin", "applicant", "coach"]) == ("applicant", "coach", "admin")


def test_only_roles_are_roles_and_only_states_are_states() -> None:
    assert is_role("coach")
    assert not is_role("boss")
    assert is_state("pending")
    assert not is_state("gone")


@pytest.mark.parametrize(("zone", "known"), [("America/Denver", "America/Denver"), ("Mars/Olympus", None)])
def test_a_zone_that_nobody_knows_is_no_zone(zone: str, known: str | None) -> None:
    assert known_zone(zone) == known


@pytest.mark.parametrize("zone", [None, "", "../etc/passwd", "/", "x" * 300, "America"])
def test_what_is_no_zone_at_all_is_no_zone(zone: str | None) -> None:
    assert known_zone(zone) is None


def test_names_are_the_same_but_for_spaces_and_capitals() -> None:
    assert same_name(" Bright  labs", "Bright Labs")
    assert not same_name("Bright Lab", "Bright Labs")
    assert squeezed(" Bright \u00a0 Labs ") == "Bright Labs"
    assert same_name("La\u0308b", "L\u00e4b")


@pytest.mark.parametrize("name", ["", " ", "\u200b", "\u200d \u200c", "\ufeff\u2060", "\x00\x1b"])
def test_a_name_that_nobody_sees_is_empty(name: str) -> None:
    assert squeezed(name) == ""


def test_what_joins_the_letters_of_a_script_stays_in_a_name() -> None:
    assert (
        squeezed("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645")
        == "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    )


@pytest.mark.parametrize(
    ("role", "runs"), [("facilitator", True), ("admin", True), ("coach", False), ("participant", False)]
)
def test_facilitators_and_admins_run_a_program(role: Role, runs: bool) -> None:
    assert Viewer("T", "U", 1, "Fay", roles=frozenset([role])).runs_it is runs


def test_the_workspaces_admin_runs_every_program() -> None:
    assert Viewer("T", "U", 1, "Alex", workspace_admin=True).runs_it
