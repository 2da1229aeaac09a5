"""Words about changing who takes part: within Slack's limits, escaped, and read back as they were meant."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.changes import Change
from bot.domain.channels import Assigned, Channels, Foreseen, Setting
from bot.domain.lists import Page
from bot.domain.memberships import Flaw, Place
from bot.domain.organizations import Entry
from bot.domain.organizations import Follows as OrganizationFollows
from bot.domain.organizations import Listing as Organizations
from bot.domain.organizations import Looked as Organization
from bot.domain.organizations import Wish as OrganizationWish
from bot.domain.people import Org, Role, Viewer
from bot.domain.personnel import (
    Added,
    Adding,
    Additions,
    Flawed,
    Follows,
    Held,
    Listing,
    Looked,
    Meanwhile,
    Saved,
    Somebody,
    Successor,
    Wish,
    addresses,
    matches,
)
from bot.domain.programs import Program
from bot.domain.reach import WHYS, Counts, Overview, Reachable, Room, Unreached, Why
from bot.domain.reach import Listing as Unreacheds
from bot.sandbox import rules
from bot.services import programs
from bot.views import channels, ids, organizations, reach
from bot.views import personnel as views
from bot.views import personnel_adding as additions
from bot.views import personnel_forms as forms
from bot.views import personnel_told as told
from tests.cast import COHORT, FAY, MONDAY, SAM
from tests.journeys.workspace import text_of

PING = "<!channel> & <@U0EVIL001>"
NAMES = [PING, "x" * 500, "Sam Lee"]


@pytest.fixture(scope="module")
def ost() -> Program:
    return replace(programs.check(programs.find_file("ost-cop")), id=7)


def somebody(name: str, role: Role = "participant", **more: Any) -> Somebody:
    home = Org(1, name[:75])
    return Somebody(3, SAM, name, "sam@example.org", (Held(role, "active", home),), since=MONDAY, **more)


def missed(one: Reachable, why: Why, room: Room) -> Unreached:
    return Unreached(one, why, room, one.name[:200], MONDAY)


def parsed(view: Any) -> str:
    """Everything in a view in which markup is parsed."""
    if isinstance(view, dict):
        own = [view["text"]] if view.get("type") == "mrkdwn" else []
        return "\n".join(own + [parsed(value) for value in view.values()])
    return "\n".join(parsed(one) for one in view) if isinstance(view, list) else ""


@pytest.mark.parametrize("name", NAMES)
def test_no_window_pings_anybody_or_is_too_long(ost: Program, name: str) -> None:
    one = somebody(name)
    org = Org(1, name[:75])
    looked = Looked(ost, one, tuple(Org(number, f"{number} {name}"[:75]) for number in range(1, 151)), True)
    wish = Wish("replace", 3, one.seen, None, Successor(email="sam@example.org"))
    follows = Follows(
        ost, wish, one, ("participant",), org, org.name, (name,) * 9, 2, 5, 4, replace(one, person_id=4), False, org
    )
    leave = replace(follows, wish=Wish("leave", 3, one.seen), roles=(), new=None, moves_from=None)
    moves = replace(follows, wish=Wish("place", 3, one.seen, Place(frozenset(["participant"]), 1)), new=None)
    adding = Adding((SAM,), ("a@example.org",), Place(frozenset(["participant"]), 1))
    entry = Entry(org, 3)
    renames = OrganizationWish("rename", 1, entry.seen, name)
    reached = Reachable(3, SAM, name, "sam@example.org", ("participant",), org, waits=5)
    many = [replace(reached, person_id=number) for number in range(12)]
    room = Room(1, COHORT, name[:80], "cohort", MONDAY)
    setting = Setting(COHORT, name[:80], "cohort", 7, True, shut="archived")
    for view in (
        views.listing(Listing(ost, name[:60], Page((one,) * 12, 12, 99), 3)),
        views.card(looked),
        forms.place_form(looked),
        forms.replace_form(looked),
        forms.address_form(looked),
        additions.form(looked),
        forms.preview(follows),
        forms.preview(leave),
        forms.preview(moves),
        forms.saved(Saved(follows, 5, (name, name))),
        forms.meanwhile(Meanwhile(ost, one, Wish("leave", 3, "x"), FAY)),
        additions.preview(Additions(ost, adding, org.name, (Added(one, new=True, moves_from=org),) * 40)),
        additions.added(Additions(ost, adding, org.name, (Added(one, new=True),) * 40)),
        organizations.listing(Organizations(ost, name[:60], Page((entry,) * 12, 0, 40))),
        organizations.form(Organization(ost, entry, (org,))),
        organizations.merge_form(Organization(ost, entry, looked.organizations)),
        organizations.preview(OrganizationFollows(ost, renames, entry, (name,) * 12, 3, org)),
        *(
            reach.listing(
                Unreacheds(
                    ost, why, Page(tuple(Unreached(one, why, room, name[:200], MONDAY) for one in many), 12, 99)
                ),
                "Done",
            )
            for why in WHYS
        ),
        reach.window(Overview(ost, dict.fromkeys(WHYS, 2), MONDAY)),
        channels.listing(Channels(ost, (setting,) * 40, (setting,) * 5, {COHORT: (3, MONDAY)})),
        channels.preview(Foreseen(Assigned(COHORT, "cohort", name[:75]), setting, 7, 3, True), "always"),
    ):
        assert rules.view(view, "modal") == [], view
        assert "<!channel>" not in parsed(view)
        assert "<@U0EVIL001>" not in parsed(view)


def test_a_home_says_only_what_there_is(ost: Program) -> None:
    assert reach.home_blocks(Counts(), ost) == []
    said = text_of(reach.home_blocks(Counts({"channel": 1, "silent": 3}, MONDAY), ost))
    assert "1 is not in their channel, 3 never opened my Home" in said


def test_what_a_form_carries_is_read_back(ost: Program) -> None:
    one = somebody("Sam Lee")
    for wish in (
        Wish("leave", 3, "pa1"),
        Wish("place", 3, "pa1", Place(frozenset(["coach", "participant"]), None, "Sky Lab")),
        Wish("replace", 3, "pa1", None, Successor(user=FAY)),
    ):
        new = one if wish.successor is not None else None
        view: Any = forms.preview(Follows(ost, wish, one, ("coach",), None, new=new))
        assert forms.read_wish(view) == (7, wish)
        assert len(view["private_metadata"]) < 3000


def test_too_many_addresses_for_one_form_are_sent_in_two(ost: Program) -> None:
    many = tuple(f"{'x' * 100}{number}@example.org" for number in range(40))
    adding = Adding((), many, Place(frozenset(["coach"])))
    assert additions.preview(Additions(ost, adding, "", (Added(somebody("Sam"), new=True),))) is None


def test_flaws_where_there_is_no_field_name_the_person(ost: Program) -> None:
    flawed = Flawed((Flaw("roles", "last facilitator"),), somebody("Sam Lee", "facilitator"))
    assert forms.flaw_words(flawed.flaws, flawed.somebody).startswith("Sam Lee is the only facilitator. Make somebody")


def test_the_record_tells_what_was_done(ost: Program) -> None:
    was = {"person": 3, "people": {"3": [["participant", "active", 1]]}, "what": "leave"}
    now = {"person": 3, "people": {"3": [["participant", "left", 1]]}, "what": "leave"}
    line = views.line(Change(1, 7, "membership", "3", was, now, MONDAY, names={3: "Sam Lee"}), ost)
    assert (line.what, line.did, line.before, line.after) == ("Sam Lee", "has left", "participant", "no role")
    replaced = {**now, "what": "replace", "successor_person": 4}
    names = {3: "Sam Lee", 4: "Maya Lopez"}
    line = views.line(Change(1, 7, "membership", "3", was, replaced, MONDAY, names=names), ost)
    assert (line.did, line.after) == ("replaced", "Maya Lopez")


@pytest.mark.parametrize(
    ("text", "found", "odd"),
    [
        ("ada@example.org", ("ada@example.org",), ()),
        ("Ada Okafor <Ada@Example.org>; b@c.org, b@c.org\n\n d@e.org ", ("ada@example.org", "b@c.org", "d@e.org"), ()),
        ("<mailto:ada@example.org|ada@example.org>", ("ada@example.org", "ada@example.org"), ()),
        ("Ada Okafor\nb@c.org", ("b@c.org",), ("Ada Okafor",)),
        ("a@b", (), ("a@b",)),
        ("", (), ()),
    ],
)
def test_addresses_are_read_as_people_paste_them(text: str, found: tuple[str, ...], odd: tuple[str, ...]) -> None:
    assert addresses(text) == (tuple(dict.fromkeys(found)), odd)


def test_a_search_knows_no_accents_and_finds_the_beginnings_of_words() -> None:
    assert matches("tomas riv", "Tomás Rivera")
    assert matches("RIVERA bright", "Tomás Rivera", "Bright Labs")
    assert matches("lopez", "Ana-Maria López-Ruiz")
    assert matches("example.org", "sam@example.org")
    assert not matches("era", "Tomás Rivera")
    assert matches("", None)


def test_a_successor_reads_who_reads_what_and_what_is_next(ost: Program) -> None:
    viewer = Viewer("T", SAM, 3, "Sam", program=ost, roles=frozenset(["participant"]), organization=Org(1, PING))
    for message in (
        told.takes_over(viewer, "Kofi", MONDAY),
        told.back(viewer, MONDAY),
        told.undone(viewer),
        told.replaced("Sam", PING, ost),
        reach.hello(viewer),
        reach.ask_zone(ost),
        channels.trouble(Setting(COHORT, "cohort", "cohort", 7, True, shut="out"), ost, 3),
    ):
        assert rules.message_blocks(list(message.blocks)) == []
        assert "<!channel>" not in parsed(list(message.blocks)) + message.text
    assert "Who reads what" in text_of(told.takes_over(viewer, "Kofi", MONDAY).blocks)
    assert ids.HOMEWORK_OPEN in str(told.takes_over(viewer, "Kofi", MONDAY).blocks)


@pytest.mark.parametrize(
    ("people", "merged", "gone"),
    [
        (
            ("Kofi Mensah",),
            "Kofi Mensah takes part for Bright Labs.",
            "Kofi Mensah no longer takes part for it, and gets",
        ),
        (("Kofi", "Lena"), "Kofi, Lena take part for Bright Labs.", "Kofi, Lena no longer take part for it"),
    ],
)
def test_one_takes_part_and_two_take_part(ost: Program, people: tuple[str, ...], merged: str, gone: str) -> None:
    gateway, bright = Entry(Org(1, "Gateway Makers"), len(people)), Org(2, "Bright Labs")
    merge, leave = (OrganizationWish(what, 1, gateway.seen) for what in ("merge", "leave"))
    assert merged in text_of(organizations.preview(OrganizationFollows(ost, merge, gateway, people, into=bright)))
    assert gone in text_of(organizations.preview(OrganizationFollows(ost, leave, gateway, people)))
