"""Words about who takes part: kind, escaped, within Slack's limits, and read back as they were chosen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.memberships import Card, Flaw, Place, Placed, Settled
from bot.domain.people import Listed, Org, Role, State, Viewer
from bot.domain.programs import Program
from bot.sandbox import rules
from bot.services import programs
from bot.views import ids
from bot.views import people as views
from tests.cast import COHORT, FAY, MONDAY, SAM
from tests.journeys.workspace import text_of

PING = "<!channel> & <@U0EVIL001>"
BRIGHT = Org(1, "Bright Labs")


@pytest.fixture(scope="module")
def ost() -> Program:
    return replace(programs.check(programs.find_file("ost-cop")), id=7)


def card(name: str = "Sam Lee", **other: Any) -> Card:
    return replace(Card(name, SAM, (), None, (BRIGHT, Org(2, "River Robotics")), grants_admin=False), **other)


def listed(
    number: int, role: Role, *, state: State = "active", name: str = "", organization: Org | None = None
) -> Listed:
    name = name or f"Person {number}"
    return Listed(number, number, f"U{number:08}", name, None, role, state, MONDAY, organization)


def state(view: dict[str, Any], **chosen: str | list[str]) -> dict[str, Any]:
    """The form as it comes back, with some fields filled in."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        name, element = block["block_id"], block["element"]
        choice = chosen.get(name.partition(".")[2])
        match element["type"]:
            case "plain_text_input":
                values[name] = {name: {"type": element["type"], "value": choice}}
            case "static_select":
                option = {"value": choice} if choice else element.get("initial_option")
                values[name] = {name: {"type": element["type"], "selected_option": option}}
            case _:
                values[name] = {
                    name: {"type": element["type"], "selected_options": [{"value": one} for one in choice or ()]}
                }
    return {**view, "state": {"values": values}}


def test_the_question_names_the_person_and_the_channel(ost: Program) -> None:
    message = views.pending("Sam Lee", SAM, COHORT, ost, 5)
    assert rules.message_blocks(list(message.blocks)) == []
    assert f"<@{SAM}> joined <#{COHORT}>" in text_of(message.blocks)
    assert {one["value"] for one in message.blocks[1]["elements"]} == {"7:5"}  # type: ignore[index,union-attr,call-overload]


def test_a_person_whom_slack_has_not_named_is_mentioned(ost: Program) -> None:
    assert text_of(views.pending(SAM, SAM, COHORT, ost, 5).blocks[0]).strip().startswith(f"<@{SAM}> joined")


@pytest.mark.parametrize("name", [PING, "x" * 500])
def test_no_name_pings_anybody_or_is_too_long(ost: Program, name: str) -> None:
    viewer = Viewer("T", SAM, 1, name, program=ost, roles=frozenset(["coach"]))
    for message in (
        views.pending(name, SAM, COHORT, ost, 5),
        views.settled(viewer, FAY),
        views.listing([listed(1, "coach", name=name), listed(2, "participant", state="pending", name=name)], ost),
        views.waiting(3, COHORT, ost),
    ):
        assert rules.message_blocks(list(message.blocks)) == []
        assert rules.message_text(message.text) == []
        # What stands in buttons and their questions is plain text, in which nothing is parsed.
        parsed = [block for block in message.blocks if block["type"] != "actions"]
        assert "<!channel>" not in text_of([one for one in parsed if one["type"] != "header"]) + message.text
    assert rules.view(views.confirm_form(card(name, membership_id=5, since=MONDAY), ost), "modal") == []


def test_the_confirming_form_is_read_back(ost: Program) -> None:
    form: Any = views.confirm_form(card(membership_id=5, since=MONDAY), ost)
    assert views.about(form) == (7, "5")
    assert views.read(state(form, organization="2")) == Place(frozenset(["participant"]), 2)
    assert views.read(state(form, role="coach")) == Place(frozenset(["coach"]))
    new = state(form, new_organization=" Sky Lab ")
    assert views.read(new) == Place(frozenset(["participant"]), None, " Sky Lab ")


def test_only_those_who_may_are_offered_to_make_an_admin(ost: Program) -> None:
    assert "Admin" not in text_of(views.confirm_form(card(), ost))
    assert "Admin" in text_of(views.confirm_form(card(grants_admin=True), ost))


def test_a_form_without_organizations_asks_for_the_first_one(ost: Program) -> None:
    form: Any = views.confirm_form(card(organizations=(), membership_id=5), ost)
    assert rules.view(form, "modal") == []
    marked = views.errors([Flaw("organization", "organization needed")], form)
    assert list(marked) == [ids.PEOPLE_NEW_ORGANIZATION]


def test_every_flaw_stands_under_its_field(ost: Program) -> None:
    confirm: Any = views.confirm_form(card(membership_id=5), ost)
    flaws = [Flaw("roles", "not yours to give"), Flaw("new_organization", "too long"), Flaw("organization", "unknown")]
    assert set(views.errors(flaws, confirm)) == {ids.PEOPLE_ROLE, ids.PEOPLE_NEW_ORGANIZATION, ids.PEOPLE_ORGANIZATION}


def test_the_list_is_by_organization_with_those_who_wait_first(ost: Program) -> None:
    message = views.listing(
        [
            listed(1, "participant", organization=Org(2, "River Robotics")),
            listed(2, "participant", organization=BRIGHT),
            listed(3, "facilitator"),
            listed(4, "participant", state="pending", name="Sam Lee"),
            listed(5, "coach", state="left"),
        ],
        ost,
    )
    said = text_of(message.blocks)
    assert said.index("Sam Lee") < said.index("Bright Labs") < said.index("River Robotics") < said.index("Facilitators")
    assert "Person 5" not in said
    assert "1 person has left" in said


def test_an_empty_list_says_what_to_do(ost: Program) -> None:
    assert "convene people import FILE" in text_of(views.listing([], ost).blocks)


def test_a_long_list_fits(ost: Program) -> None:
    many = [listed(n, "participant", organization=Org(n, f"Organization {n}")) for n in range(1, 200)]
    many += [listed(n, "applicant") for n in range(200, 900)]
    many += [listed(n, "participant", state="pending") for n in range(900, 950)]
    message = views.listing(many, ost)
    assert rules.message_blocks(list(message.blocks)) == []
    assert rules.characters(list(message.blocks)) < rules.MESSAGE_CHARACTERS
    assert "and 40 more who wait" in text_of(message.blocks)


def test_what_was_decided_is_said_with_who_did(ost: Program) -> None:
    viewer = Viewer("T", SAM, 1, "Sam Lee", program=ost, roles=frozenset(["participant"]), organization=BRIGHT)
    assert (
        views.settled(viewer, FAY).text == f"*Sam Lee* is on the list: participant, Bright Labs. Decided by <@{FAY}>."
    )
    nobody = replace(viewer, roles=frozenset(), organization=None)
    assert views.settled(nobody, None).text == "*Sam Lee* does not take part."


def test_the_slower_one_is_told_how_to_change_it() -> None:
    words = views.already(Settled("Sam Lee", ("coach",), None, FAY))
    assert "coach" in words
    assert "/convene people" in words


@pytest.mark.parametrize(
    ("placed", "says"),
    [
        (Placed("Sam", ("coach",), None, told=True), "I have written to them."),
        (Placed("Sam", (), None), "They get nothing from me any more."),
        (Placed("Sam", ("participant",), BRIGHT), "participant, Bright Labs."),
    ],
)
def test_the_form_turns_into_what_was_done(placed: Placed, says: str) -> None:
    view = views.thanks(placed)
    assert rules.view(view, "modal") == []
    assert says in text_of(view)


def test_somebody_confirmed_is_told_what_they_are_and_what_is_next(ost: Program) -> None:
    viewer = Viewer("T", SAM, 1, "Sam", program=ost, roles=frozenset(["participant"]), organization=BRIGHT)
    message = views.confirmed(viewer, MONDAY + timedelta(days=1))
    assert rules.message_blocks(list(message.blocks)) == []
    said = text_of(message.blocks)
    assert "you take part for Bright Labs" in said
    assert "Before we begin (sample) is due" in said


@pytest.mark.parametrize(
    ("block", "program"), [("people.pick:7", 7), ("people.pick:", None), ("other", None), ("people.pick:x", None)]
)
def test_the_menu_of_people_knows_its_program(block: str, program: int | None) -> None:
    assert views.picked_in(block) == program


def test_more_organizations_than_one_menu_holds_stand_in_groups(ost: Program) -> None:
    many = tuple(Org(number, f"Organization {number:03}") for number in range(1, 251))
    form: Any = views.confirm_form(card(organizations=many, membership_id=5), ost)
    assert rules.view(form, "modal") == []
    groups = next(one for one in form["blocks"] if one.get("block_id") == ids.PEOPLE_ORGANIZATION)["element"]
    assert [len(one["options"]) for one in groups["option_groups"]] == [100, 100, 50]
