"""Finding, from the command and the field to the thing itself: each as far as whoever looks may see it."""

from __future__ import annotations

import pytest

from bot.views import find as views
from bot.views import ids
from handlers import convene, find
from tests import cast
from tests.cast import ADA, ALEX, COHORT, FAY, JUNE, KOFI, LENA, PRIYA, SAM, TOMAS
from tests.handlers.desk import Desk, filled
from tests.journeys.workspace import text_of

EVERYBODY = (ADA, TOMAS, JUNE, FAY, ALEX, SAM)


def found(season: Desk, user: str, words: str) -> str:
    return text_of(season.command(convene.command, user, f"find {words}", COHORT)["blocks"])


@pytest.mark.parametrize("user", EVERYBODY)
def test_everybody_finds_what_is_for_everybody(season: Desk, user: str) -> None:
    assert "Scoring rubric" in found(season, user, "rúbrica")


@pytest.mark.parametrize(("user", "sees"), [(ADA, False), (SAM, False), (TOMAS, True), (JUNE, True), (FAY, True)])
def test_homework_is_found_by_those_who_take_part(season: Desk, user: str, sees: bool) -> None:
    assert ("Before we begin" in found(season, user, "before we begin")) is sees


@pytest.mark.parametrize(
    ("user", "sees"), [(ADA, False), (TOMAS, False), (SAM, False), (JUNE, True), (FAY, True), (ALEX, True)]
)
def test_people_are_found_by_those_who_have_their_list(season: Desk, user: str, sees: bool) -> None:
    assert ("Priya Nair" in found(season, user, "priya")) is sees


def test_a_coach_finds_those_who_take_part_and_nobody_else(season: Desk) -> None:
    assert "Lena Fischer" in found(season, JUNE, "fisher")
    assert "Ada Okafor" not in found(season, JUNE, "okafor")
    assert "Ada Okafor" in found(season, FAY, "okafor")


def test_an_organization_finds_its_people(season: Desk) -> None:
    said = found(season, FAY, "bright labs")
    assert "Priya Nair" in said
    assert "Tomás Rivera" in said
    assert "Kofi" not in said


def test_who_waits_to_be_confirmed_is_not_found(season: Desk) -> None:
    with season.deps.db.begin() as session:
        program = season.deps.programs.all(session)[0]
        cast.join(session, program, SAM, "participant", state="pending", name="Sam Quill")
    assert "I find nothing" in found(season, FAY, "quill")


def test_where_nothing_is_found_one_can_ask(season: Desk) -> None:
    said = found(season, ADA, "zeppelins")
    assert "I find nothing with “zeppelins”" in said
    assert "Ask a question" in said


def test_words_that_would_ping_are_only_shown(season: Desk) -> None:
    assert "<!channel>" not in found(season, ADA, "&lt;!channel&gt;")


def test_without_words_it_says_how(season: Desk) -> None:
    assert "/convene find lunch" in season.command(convene.command, ADA, "find")["text"]


def test_without_a_program_it_says_so(empty: Desk) -> None:
    assert "which program you mean" in empty.command(convene.command, ADA, "find lunch")["text"]


def test_the_field_leads_to_what_was_found(season: Desk) -> None:
    season.press(find.ask, TOMAS, "1:")
    answer = season.submit(find.submit, TOMAS, filled(season.shown(), words="convening"))
    assert "Convening 1" in text_of(answer["view"])


def test_an_empty_field_is_said_to_be_so_under_it(season: Desk) -> None:
    season.press(find.ask, TOMAS, "1:")
    answer = season.submit(find.submit, TOMAS, filled(season.shown(), words="…"))
    assert views.WORDS in answer["errors"]


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("date/convening-1", "Change the date"),
        ("homework/before-we-begin", "What is asked"),
        ("answer/what-is-it", "Change it…"),
        ("resource/rubric", "Scoring rubric"),
        ("person/2", "Change what they are…"),
    ],
)
def test_each_kind_opens_with_what_can_be_done_with_it(season: Desk, name: str, says: str) -> None:
    season.press(find.open_one, FAY, f"1:{name}")
    assert says in text_of(season.shown())


@pytest.mark.parametrize(
    ("user", "name"),
    [
        (ADA, "homework/before-we-begin"),
        (ADA, "date/convening-1"),
        (TOMAS, "person/2"),
        (JUNE, "person/1"),
        (FAY, "person/999"),
        (FAY, "date/unheard-of"),
        (FAY, "document/packet-text/99999"),
        (FAY, "nonsense/x"),
        (FAY, ""),
    ],
)
def test_what_is_not_theirs_or_not_there_does_not_open(season: Desk, user: str, name: str) -> None:
    season.press(find.open_one, user, f"1:{name}")
    said = text_of(season.shown())
    assert "no longer there" in said or "which program" in said


def test_nobody_changes_what_they_only_look_at(season: Desk) -> None:
    for user in (TOMAS, JUNE, LENA, KOFI, PRIYA):
        season.press(find.open_one, user, "1:answer/what-is-it")
        assert "Change" not in text_of(season.shown())


def test_the_rest_of_a_kind_is_on_pages(season: Desk) -> None:
    season.press(find.page, FAY, "1:answer/0/application")
    first = season.shown()
    assert "1 to 15 of" in text_of(first)
    on = ids.reference(1, views.paging("answer", 15, "application"))
    season.press(find.page, FAY, on, {**first, "id": "V1", "type": "modal"})
    assert "Earlier ones" in text_of(season.shown())


@pytest.mark.parametrize("value", ["1:", "x", "1:answer", "1:answer/x", "1:person/0/priya", "1:nonsense/0/lunch"])
def test_a_page_of_nothing_is_said_to_be_gone(season: Desk, value: str) -> None:
    season.press(find.page, ADA, value)
    assert "no longer there" in text_of(season.shown())


@pytest.mark.parametrize("words", ["application\u00a0\u200f", "application\napplication", "\u202bapplication"])
def test_what_was_looked_for_with_odd_spaces_has_its_pages(season: Desk, words: str) -> None:
    said = season.command(convene.command, FAY, f"find {words}")
    every = [one for block in said["blocks"] for one in (*block.get("elements", ()), block.get("accessory") or {})]
    pages = [one["value"] for one in every if str(one.get("action_id")).startswith(ids.FIND_PAGE)]
    assert pages
    season.press(find.page, FAY, pages[0])
    assert "no longer there" not in text_of(season.shown())
