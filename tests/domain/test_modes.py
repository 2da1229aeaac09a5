"""By what rule something is said as it is, elsewhere, or not at all, and what a live program leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.living import named
from bot.domain.modes import (
    DUE_IN_PRACTICE,
    NOWHERE,
    SAMPLE,
    AsIs,
    Elsewhere,
    Place,
    Ruling,
    Silent,
    ruling,
    samples,
    spoken,
)
from bot.domain.notices import Notice, Refs, ToPurpose, Voice
from bot.domain.programs import Program
from bot.services import programs
from tests.cast import MONDAY

AS_IS, LABELLED, ELSEWHERE = AsIs(), AsIs(label=True), Elsewhere()


@pytest.fixture(scope="module")
def program() -> Program:
    return programs.check(programs.find_file("ost-cop"))


def about(refs: Refs | None = None) -> Notice:
    return Notice("a", "reminder.event", ToPurpose("cohort"), MONDAY, 1, refs or {})


@pytest.mark.parametrize(
    ("voice", "place", "expected"),
    [
        ("anybody", "channel", ELSEWHERE),
        ("anybody", "direct", ELSEWHERE),
        ("anybody", "facilitators", LABELLED),
        ("asker", "direct", LABELLED),
        ("asker", "facilitators", LABELLED),
        ("asker", "channel", ELSEWHERE),
        ("staff", "facilitators", LABELLED),
        ("staff", "direct", LABELLED),
        ("mends", "direct", LABELLED),
        ("mends", "channel", ELSEWHERE),
        ("always", "channel", AS_IS),
        ("always", "direct", AS_IS),
    ],
)
def test_in_practice_only_who_runs_it_and_who_asks_hears_anything(
    program: Program, voice: Voice, place: Place, expected: Ruling
) -> None:
    practice = replace(program, mode="practice")
    assert ruling(practice, about(), voice, place) == expected
    nowhere = Silent(NOWHERE) if expected == ELSEWHERE else expected
    assert ruling(replace(practice, practice_in="nowhere"), about(), voice, place) == nowhere


@pytest.mark.parametrize("refs", [{"event": "convening-1"}, {"homework": "book-club-1"}, {"events": "a convening-2"}])
def test_live_nothing_unasked_is_said_about_a_sample(program: Program, refs: Refs) -> None:
    live = replace(program, mode="live")
    assert ruling(live, about(refs), "anybody", "channel") == Silent(SAMPLE)
    assert ruling(live, about(refs), "mends", "channel") == Silent(SAMPLE)
    assert ruling(live, about(refs), "asker", "direct") == AS_IS
    assert ruling(replace(program, mode="demo"), about(refs), "anybody", "channel") == AS_IS


def test_what_was_due_before_a_program_went_live_is_not_said(program: Program) -> None:
    live = replace(program, mode="live", live_since=MONDAY + timedelta(seconds=1))
    assert ruling(live, about(), "anybody", "channel") == Silent(DUE_IN_PRACTICE)
    assert ruling(live, about(), "asker", "direct") == AS_IS
    assert ruling(live, about(), "staff", "facilitators") == AS_IS
    assert ruling(replace(live, live_since=MONDAY), about(), "anybody", "channel") == AS_IS


def test_a_live_program_is_spoken_of_without_anything_made_up(program: Program) -> None:
    live = spoken(replace(program, mode="live"))
    assert samples(live) == ()
    assert {one.key for one in live.events} >= {"office-hours-friday", "application-deadline"}
    assert all(one.link is None for one in live.events if one.key.startswith("office-hours"))
    assert live.contact.name == "Adam"
    assert live.contact.email == ""
    assert live.breaks == ()


@pytest.mark.parametrize("mode", ["practice", "demo"])
def test_otherwise_it_is_spoken_of_as_it_is(program: Program, mode: str) -> None:
    other = replace(program, mode=mode)  # type: ignore[arg-type]
    assert spoken(other) is other


def test_a_program_that_holds_no_sample_is_the_same_live(program: Program) -> None:
    live = spoken(replace(program, mode="live"))
    assert spoken(live) is live


def test_an_answer_that_names_something_made_up_is_not_given_live(program: Program) -> None:
    entry = replace(program.entries[0], answer="Bring it to the first one, {{date:convening-1}}.")
    inside = replace(program.entries[1], answer="{{open:applications|See {{link:packet}}.|Closed.}}")
    live = spoken(replace(program, mode="live", entries=(entry, inside, program.entries[2])))
    assert live.entries == (program.entries[2],)


def test_samples_are_listed_in_the_order_of_the_file_with_the_header_first(program: Program) -> None:
    found = samples(program)
    assert [one.name for one in found[:3]] == ["program/contact", "program/season", "events/office-hours-wednesday"]
    assert found[2].link
    assert len(found) == len({one.name for one in found}) > 30
    assert found == samples(program)


def test_names_in_a_text_are_those_of_all_its_placeholders() -> None:
    assert named("{{open:deadline|{{date:a}}|{{link:b|c}}}} and {{contact}}") == {"deadline", "a", "b", ""}
    assert named("no braces") == named("{{broken") == frozenset()
