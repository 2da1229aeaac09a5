"""The Home as somebody else would see it: nothing personal in it, and nothing to press."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.people import NotAllowed
from bot.domain.view_as import PARTS, Choices, NoOrganization, Part, Seen
from bot.sandbox import rules
from bot.services import view_as
from bot.views import view_as as views
from storage.database import Database
from tests import cast
from tests.cast import ADA, ALEX, BRIGHT, FAY, JUNE, MONDAY, SAM, TOMAS, season, who
from tests.journeys.workspace import text_of
from tests.services.test_reflections import WORDS, hand_in

PRESSED = {"button", "static_select", "users_select", "overflow", "checkboxes", "radio_buttons", "datepicker"}


def seen(session: Any, part: Part, by: str = FAY) -> Seen:
    organization = cast.organized(session, session.info["program"], BRIGHT)
    found = view_as.look(session=session, viewer=who(session, by), part=part, organization_id=organization, now=MONDAY)
    assert isinstance(found, Seen)
    return found


def elements(view: Any) -> list[str]:
    """The types of everything in a view, however deep."""
    if isinstance(view, dict):
        return [str(view.get("type")), *(one for value in view.values() for one in elements(value))]
    return [one for value in view for one in elements(value)] if isinstance(view, list) else []


@pytest.mark.parametrize("part", PARTS)
def test_nothing_can_be_pressed_in_it(db: Database, part: Part) -> None:
    with db.begin() as session:
        season(session)
        view: Any = views.window(seen(session, part), MONDAY)
        assert rules.view(view, "modal") == []
        kinds = set(elements(view["blocks"]))
        assert not kinds & PRESSED
        assert not kinds & {"actions", "input"}
        assert "submit" not in view
        assert "https://" not in text_of(view["blocks"])
        assert "mailto:" not in text_of(view["blocks"])
        assert "Nothing here can be pressed" in text_of(view["blocks"][0])


def test_a_participant_of_an_organization_sees_its_homework_and_nobodys_words(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        hand_in(session, TOMAS)
        found = seen(session, "participant")
        shown = text_of(views.window(found, MONDAY)["blocks"])
        assert "a participant of Bright Labs would" in shown
        assert "Homework of Bright Labs" in shown
        assert "`Hand in a reflection`" in shown
        assert "My reflections\n" not in shown
        assert WORDS not in shown
        assert found.page.parts[0].viewer.person_id == 0


def test_an_admin_who_looks_as_a_facilitator_reads_no_question(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        running = seen(session, "facilitator", ALEX).page.parts[0].running
        assert running is not None
        assert running.report.questions == ()


@pytest.mark.parametrize("user", [ADA, TOMAS, JUNE, SAM])
def test_others_may_not(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        season(session)
        viewer = who(session, user)
        assert isinstance(view_as.choices(session=session, viewer=viewer), NotAllowed)
        looked = view_as.look(session=session, viewer=viewer, part="admin", organization_id=None, now=MONDAY)
        assert isinstance(looked, NotAllowed)


def test_a_participant_is_of_an_organization_that_is_there(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        fay = who(session, FAY)
        for organization in (None, 9999):
            found = view_as.look(
                session=session, viewer=fay, part="participant", organization_id=organization, now=MONDAY
            )
            assert found == NoOrganization()
        choices = view_as.choices(session=session, viewer=fay)
        assert isinstance(choices, Choices)
        form: Any = views.form(choices)
        assert rules.view(form, "modal") == []
