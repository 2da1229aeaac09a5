"""Every refusal says who can do it, or what to do instead."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.people import Member
from bot.domain.programs import Program
from bot.sandbox import rules
from bot.services import programs
from bot.views import refusals

FAY = Member(7, "U0FAY0001", "Fay Whitaker", "facilitator")
UNMET = Member(8, None, "Bo <b>", "facilitator")
OST: Program = replace(programs.check(programs.find_file("ost-cop")), id=7)
CONTACT = "Adam, <mailto:adam@example.org|adam@example.org> (sample)"


def test_the_contact_can_be_written_to_and_is_marked_as_a_sample() -> None:
    assert refusals.contact(OST) == CONTACT


@pytest.mark.parametrize(
    ("who", "named"),
    [
        ((), ""),
        ((FAY,), "<@U0FAY0001>"),
        ((FAY, UNMET), "<@U0FAY0001> or Bo &lt;b&gt;"),
        ((FAY, FAY, UNMET), "<@U0FAY0001>, <@U0FAY0001> or Bo &lt;b&gt;"),
    ],
)
def test_people_are_named_so_that_they_can_be_asked(who: tuple[Member, ...], named: str) -> None:
    assert refusals.named(who) == named


@pytest.mark.parametrize("refusal", [refusals.only_facilitators, refusals.only_cohort, refusals.pending])
def test_somebody_is_named_and_without_anybody_the_contact_is(refusal: object) -> None:
    assert callable(refusal)
    assert "<@U0FAY0001>" in refusal(OST, (FAY,))
    assert CONTACT in refusal(OST, ())


@pytest.mark.parametrize("words", [refusals.not_in_program(OST), refusals.left(OST)])
def test_whoever_is_outside_is_told_whom_to_write_to(words: str) -> None:
    assert CONTACT in words


def test_without_a_program_it_says_how_one_is_loaded() -> None:
    assert "sets one up in my *Home* tab" in refusals.no_program()


def test_an_old_button_points_at_the_home() -> None:
    assert "*Home*" in refusals.too_old()


def test_a_sentence_can_be_shown_as_a_modal() -> None:
    assert rules.view(refusals.sorry(refusals.left(OST)), "modal") == []
