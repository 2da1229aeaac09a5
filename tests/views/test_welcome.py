"""The one message at first contact: what I do, who reads what, the next date, how to quieten me."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.people import Org, Viewer
from bot.domain.programs import Program
from bot.sandbox import rules
from bot.services import programs
from bot.views import welcome as views
from tests.cast import MONDAY
from tests.journeys.workspace import text_of


@pytest.fixture(scope="module", params=["ost-cop", "stem-iq"])
def program(request: pytest.FixtureRequest) -> Program:
    return replace(programs.check(programs.find_file(request.param)), id=7)


def viewer(program: Program, *roles: Any, **other: Any) -> Viewer:
    return replace(Viewer("T", "U0SAM0001", 1, "Sam", program=program, roles=frozenset(roles)), **other)


@pytest.mark.parametrize("roles", [("applicant",), ("participant",), ("coach", "facilitator"), ("admin",), ()])
def test_it_fits_and_says_all_four_things(program: Program, roles: tuple[str, ...]) -> None:
    message = views.hello(viewer(program, *roles, pending=not roles), MONDAY)
    assert rules.message_blocks(list(message.blocks)) == []
    said = text_of(message.blocks)
    for heading in ("Who reads what", "Your next date", "Less of me"):
        assert heading in said


def test_the_next_date_is_the_one_that_concerns_the_reader() -> None:
    ost = replace(programs.check(programs.find_file("ost-cop")), id=7)
    assert "Application Office Hours" in views.next_date(viewer(ost, "applicant"), MONDAY)
    assert "Before we begin (sample) is due" in views.next_date(viewer(ost, "participant"), MONDAY)
    assert "Before we begin (sample) is due" in views.next_date(viewer(ost, pending=True), MONDAY)
    assert "Nothing is on the calendar" in views.next_date(viewer(ost, "applicant"), MONDAY + timedelta(days=900))


def test_the_next_date_is_in_both_zones_where_they_differ() -> None:
    ost = replace(programs.check(programs.find_file("ost-cop")), id=7)
    said = views.next_date(viewer(ost, "applicant", zone="America/New_York"), MONDAY)
    assert "3:00–4:00 pm (St. Louis)" in said
    assert "4:00 pm your time" in said


def test_it_says_what_somebody_is() -> None:
    ost = replace(programs.check(programs.find_file("ost-cop")), id=7)
    takes_part = viewer(ost, "participant", "coach", organization=Org(1, "R&D"))
    assert views.standing(takes_part) == "In OST Community of Practice you take part and you coach for R&amp;D."
    assert "confirm you shortly" in views.standing(viewer(ost, pending=True))
