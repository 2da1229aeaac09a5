"""What a set-up shows fits into Slack, pings nobody, and says what is missing."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest

from bot.domain.people import Member
from bot.domain.programs import Program
from bot.domain.roster import Problem
from bot.domain.setup import (
    PARTS,
    Added,
    AddingPeople,
    Begun,
    Checklist,
    ChoosingChannel,
    Flaw,
    Foreseen,
    Looking,
    NoCode,
    Note,
    Opening,
    Part,
    Previewed,
    State,
    Template,
    Thing,
    WrongCode,
    Wrongness,
)
from bot.sandbox import rules
from bot.services import programs
from bot.services.program_schema import to_program
from bot.views import setup, setup_forms
from bot.views.blocks import home
from tests import cast

NOW = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
NASTY = "<!channel> & *bold* " + "x" * 300


@pytest.fixture(scope="module")
def ost() -> Program:
    """The sample program, stored."""
    return replace(to_program(cast.sheet(programs.find_file("ost-cop"))), id=1)


def thing(number: int, *notes: Note) -> Thing:
    """Something to look at with far too many words."""
    return Thing("faq", f"q-{number}", f"{number} {NASTY}", NASTY * 12, waits=True, notes=notes)


def opening(known: int = 0) -> Opening:
    """The form's beginnings."""
    templates = tuple(Template(f"t{number}", NASTY, NASTY, blank=number > 2) for number in range(5))
    others = tuple(Begun(number, NASTY, NASTY, NOW) for number in range(known))
    return Opening(templates, date(2026, 11, 23), "America/Chicago", NASTY[:80], "alex@example.org", others)


def checklist(program: Program, **more: Any) -> Checklist:
    """A set-up half done."""
    parts: dict[Part, State] = dict.fromkeys(PARTS, State(total=300, waiting=299, gone=0, noted=12))
    made = Checklist(
        program=replace(program, name=NASTY[:75], organizer=NASTY),
        kind="template",
        source=NASTY,
        begun=Begun(1, "x", NASTY, NOW),
        parts=parts,
        counts={"admin": 1},
        organizations=0,
        unmet=tuple(f"{number}-{NASTY}@example.org" for number in range(60)),
        channels=(),
        previewed=False,
        samples=(),
    )
    return replace(made, **more)


def modals(ost: Program) -> dict[str, Any]:
    """Every window of a set-up, full to the brim."""
    note = Note("faq", "q", "name", NASTY)
    things = tuple(thing(number, note, note, note, note) for number in range(40))
    posts = tuple(Foreseen(str(number), NOW + timedelta(days=number), "cohort", ost.events[0]) for number in range(12))
    everybody = tuple(Member(number, f"U{number}", NASTY, "participant") for number in range(200))
    return {
        "code": setup_forms.code_form(),
        "begin": setup_forms.begin_form(opening()),
        "going on": setup_forms.going_on(opening(30)),
        "copy": setup_forms.copy_form(replace(opening(), copied=ost)),
        "looking": setup.looking(Looking(ost, "answers", things, 0, 300, 300), NOW),
        "dates": setup.looking(Looking(ost, "dates", tuple(replace(one, when=NOW) for one in things), 0, 40, 40), NOW),
        "nothing": setup.looking(Looking(ost, "dates", (), 0, 0, 0), NOW),
        "people": setup_forms.people_form(AddingPeople(ost, tuple(NASTY[:75] for _ in range(200)))),
        "added": setup_forms.added(Added(ost, 1, 2, 3, tuple(NASTY for _ in range(60)))),
        "channel": setup_forms.channel_form(ChoosingChannel(ost, "cohort", None, "x" * 80, everybody)),
        "preview": setup.preview(Previewed(ost, posts, 12, 300, {}, 12)),
        "move": setup_forms.move_form(ost, NOW),
    }


@pytest.mark.parametrize(
    "name",
    [
        "code",
        "begin",
        "going on",
        "copy",
        "looking",
        "dates",
        "nothing",
        "people",
        "added",
        "channel",
        "preview",
        "move",
    ],
)
def test_every_window_fits_and_pings_nobody(ost: Program, name: str) -> None:
    view = modals(ost)[name]
    assert rules.view(view, "modal") == []
    assert not rules.too_large(view)
    assert not any("<!channel>" in block["text"]["text"] for block in view["blocks"] if block["type"] == "section")


def test_the_checklist_fits_however_long_everything_is(ost: Program) -> None:
    view = home(setup.home_blocks(checklist(ost)))
    assert rules.view(view, "home") == []


def test_the_checklist_says_what_has_gone_by_and_offers_another_start(ost: Program) -> None:
    over: dict[Part, State] = dict.fromkeys(PARTS, State(3, 0, gone=1))
    shown = json.dumps(setup.home_blocks(checklist(ost, parts=over)))
    assert "2 dates have gone by" in shown
    assert "Move everything to another start" in shown


def test_an_empty_part_says_that_it_may_be_filled_later(ost: Program) -> None:
    none: dict[Part, State] = dict.fromkeys(PARTS, State(0, 0))
    assert "Add them here or later" in json.dumps(setup.home_blocks(checklist(ost, parts=none, kind="blank")))


@pytest.mark.parametrize("what", get_args(Wrongness))
@pytest.mark.parametrize("field", ["name", "start", "zone", "email", "facilitators", "users", "nowhere"])
def test_every_flaw_is_said_in_words(what: Wrongness, field: str) -> None:
    said = setup_forms.flaw(Flaw(field, what, "2026-11-23"))
    assert said
    assert "{" not in said


def test_a_flaw_of_no_field_stands_under_the_first() -> None:
    view = setup_forms.begin_form(opening())
    found = setup_forms.errors((Flaw("", "other", "No."),), view)
    assert found == {setup_forms.TEMPLATE: "No."}


@pytest.mark.parametrize(("found", "says"), [(WrongCode(1), "1 try left"), (NoCode(), "Start me again")])
def test_why_a_code_opens_nothing(found: WrongCode | NoCode, says: str) -> None:
    assert says in setup_forms.code_errors(found)[setup_forms.CODE]


def test_many_problems_of_lines_are_counted_and_fit() -> None:
    said = setup_forms.unclear([Problem(number, "email", NASTY) for number in range(1, 60)])
    assert "And 55 more" in said[setup_forms.LINES]
    assert len(said[setup_forms.LINES]) <= 2000


@pytest.mark.parametrize("made", [setup_forms.code_words])
def test_the_terminal_is_told_the_code(made: Callable[[str], str]) -> None:
    assert "ABCD-EFGH" in made("ABCD-EFGH")


@pytest.mark.parametrize("may", [True, False])
def test_where_there_is_no_program_it_is_said_who_begins_one(may: bool) -> None:
    shown = json.dumps(setup.nothing(may=may))
    assert ("setup.open" in shown) == may
    assert ("setup.code" in shown) != may
