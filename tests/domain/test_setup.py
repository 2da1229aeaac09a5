"""What a set-up is given: names, starts, codes, and people a line each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.roster import Row
from bot.domain.setup import (
    Copy,
    Draft,
    Flaw,
    Template,
    code_of,
    copy_flaws,
    fit_channel_name,
    flaws,
    pasted,
    place_of,
    slug_of,
)

TODAY = date(2026, 11, 23)
TEMPLATES = (Template("ost-cop", "OST", "A program"),)
GOOD = Draft(
    template="ost-cop",
    name="River Robotics",
    start=date(2027, 1, 11),
    zone="America/Chicago",
    place="Springfield",
    organizer="River Partners",
    contact="Alex Romero",
    email="alex@example.org",
    facilitators=("Alex Romero",),
    known=(),
    request="r",
)


def test_a_form_that_is_filled_in_has_no_flaw() -> None:
    assert flaws(GOOD, TODAY, ["Another"], TEMPLATES) == ()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"name": "  "}, Flaw("name", "empty")),
        ({"name": "x" * 76}, Flaw("name", "long", "75")),
        ({"name": "another  ONE"}, Flaw("name", "taken", "Another one")),
        ({"start": None}, Flaw("start", "empty")),
        ({"start": date(2026, 11, 22)}, Flaw("start", "past", "2026-11-23")),
        ({"start": date(2036, 1, 1)}, Flaw("start", "far", "2036-01-01")),
        ({"zone": "Mars/Base"}, Flaw("zone", "zone")),
        ({"place": ""}, Flaw("place", "empty")),
        ({"place": "<b>"}, Flaw("place", "place")),
        ({"contact": ""}, Flaw("contact", "empty")),
        ({"email": "alex"}, Flaw("email", "email", "alex")),
        ({"organizer": ""}, Flaw("organizer", "empty")),
        ({"facilitators": ()}, Flaw("facilitators", "empty")),
        ({"facilitators": ("x",) * 11}, Flaw("facilitators", "many")),
        ({"template": "gone"}, Flaw("template", "template")),
    ],
)
def test_each_field_says_what_is_wrong(change: dict[str, object], found: Flaw) -> None:
    assert flaws(replace(GOOD, **change), TODAY, ["Another one"], TEMPLATES) == (found,)  # type: ignore[arg-type]


def test_a_start_may_be_today() -> None:
    assert flaws(replace(GOOD, start=TODAY), TODAY, [], TEMPLATES) == ()


def test_a_copy_begins_after_what_it_is_made_of_has_ended() -> None:
    wanted = Copy("River 2028", date(2027, 6, 1), "r")
    assert copy_flaws(wanted, TODAY, [], date(2027, 9, 16)) == (Flaw("start", "overlaps", "2027-09-16"),)
    assert copy_flaws(replace(wanted, start=date(2027, 9, 17)), TODAY, [], date(2027, 9, 16)) == ()
    assert copy_flaws(wanted, TODAY, [], None) == ()


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("River Robotics Network", "river-robotics-network"),
        ("Ñandú & Co.", "nandu-co"),
        ("中文", "program"),
        ("a" * 60, "a" * 40),
        ("--", "program"),
    ],
)
def test_a_short_name_is_made_of_the_name(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_a_zone_is_called_by_its_city() -> None:
    assert [place_of(one) for one in ("America/New_York", "UTC")] == ["New York", "UTC"]


@pytest.mark.parametrize("typed", ["abcd-efgh", " ABCD EFGH ", "ABCDEFGH", "abcd–efgh"])
def test_a_code_is_known_however_it_is_typed(typed: str) -> None:
    assert code_of(typed) == "ABCDEFGH"


@pytest.mark.parametrize(
    ("typed", "name"),
    [("#River Staff!", "river-staff"), ("Ñandú", "ñandú"), ("  ", ""), ("--", ""), ("x" * 90, "x" * 80)],
)
def test_a_channel_is_called_as_slack_wants_it(typed: str, name: str) -> None:
    assert fit_channel_name(typed) == name


# People, a line each


def row(line: int, name: str, email: str, role: str = "participant", organization: str | None = "Bright Labs") -> Row:
    """A line as it is taken."""
    return Row(line, name, email, None, role, organization)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("tomas@example.org", row(1, "", "tomas@example.org")),
        ("Tomás Rivera <tomas@example.org>", row(1, "Tomás Rivera", "tomas@example.org")),
        ('"Rivera, Tomás" <tomas@example.org>', row(1, "Rivera, Tomás", "tomas@example.org")),
        ("• Tomás Rivera, Tomas@Example.org", row(1, "Tomás Rivera", "tomas@example.org")),
        ("<mailto:tomas@example.org|tomas@example.org>", row(1, "", "tomas@example.org")),
        ("June <june@example.org>, coach", row(1, "June", "june@example.org", "coach", None)),
        ("June <june@example.org>; Coaches", row(1, "June", "june@example.org", "coach", None)),
        ("Lena <l@example.org>, River Robotics", row(1, "Lena", "l@example.org", organization="River Robotics")),
        ("Lena <l@example.org>, River, participant", row(1, "Lena", "l@example.org", organization="River")),
        ("Lena <l@example.org>\tparticipant\tRiver", row(1, "Lena", "l@example.org", organization="River")),
    ],
)
def test_a_line_is_taken_however_it_is_written(line: str, found: Row) -> None:
    assert pasted(line, "participant", "Bright Labs").rows == (found,)


def test_empty_lines_are_passed_over_and_lines_keep_their_numbers() -> None:
    assert [one.line for one in pasted("a@b.org\n\n \nc@d.org\n", "coach", "").rows] == [1, 4]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a@b.org\nTomás Rivera", 2, "no e-mail address"),
        ("a@b.org, partcipant, Bright Labs", 1, "neither a role"),
        ("a@b.org, coach, facilitator", 1, "neither a role"),
        ("a@b.org, participant, Bright Labs\na@b.org, participant, Bright Labs", 2, "already"),
    ],
)
def test_what_cannot_be_taken_is_named_with_its_line_and_nobody_is(text: str, line: int, says: str) -> None:
    found = pasted(text, "participant", "Bright Labs")
    assert found.rows == () or found.problems
    assert [one.line for one in found.problems] == [line]
    assert says in found.problems[0].says


def test_a_participant_without_an_organization_is_a_problem_of_its_line() -> None:
    assert [one.column for one in pasted("a@b.org", "participant", "").problems] == ["organization"]
