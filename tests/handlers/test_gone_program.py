"""A button or a form of a program that was thrown away does nothing to another one."""

from __future__ import annotations

from typing import get_args

import pytest

from bot.domain.drafts import About, Form
from bot.services import people
from handlers import modes, setup
from handlers.dialogue_forms import WrittenForms
from tests.cast import ALEX, MONDAY, TEAM
from tests.handlers.desk import Desk, filled
from tests.handlers.test_setup import bare, begun, text

__all__ = ["bare"]


def two_begun(desk: Desk) -> None:
    begun(desk)
    desk.press(setup.begin_another, ALEX, "0")
    given = {"setup-template": "blank", "setup-name": "Hill Choir", "setup-start": "2021-01-11"}
    given |= {"setup-zone": "America/Chicago", "setup-organizer": "Hill", "setup-email": "alex@example.org"}
    desk.submit(setup.begun, ALEX, filled(desk.shown(), "V0OTHER", **given))


def names(desk: Desk) -> list[str]:
    with desk.deps.db.read() as session:
        return [one.name for one in desk.deps.programs.all(session)]


def test_thrown_away_twice_the_other_one_stays(bare: Desk) -> None:
    two_begun(bare)
    assert names(bare) == ["River Robotics", "Hill Choir"]
    bare.press(setup.drop, ALEX, "1:")
    bare.press(setup.drop, ALEX, "1:")
    assert names(bare) == ["Hill Choir"]
    assert "thrown away" in text(bare.shown())


def test_a_form_of_it_changes_nothing_of_the_other(bare: Desk) -> None:
    two_begun(bare)
    bare.press(setup.add_people, ALEX, "1:")
    form = bare.shown()
    bare.press(setup.drop, ALEX, "1:")
    told = bare.submit(setup.people_added, ALEX, filled(form, "V3", **{"setup-lines": "ada@example.org, coach"}))
    with bare.deps.db.read() as session:
        assert not people.members(session, 2, "coach")
    assert "thrown away" in text(told)


def test_a_button_of_it_speaks_of_no_other(bare: Desk) -> None:
    two_begun(bare)
    bare.press(setup.drop, ALEX, "1:")
    bare.press(modes.look, ALEX, "1:")
    assert "Hill Choir" not in text(bare.shown())


@pytest.mark.parametrize("form", get_args(Form))
def test_nothing_is_written_for_a_program_that_is_gone(bare: Desk, form: Form) -> None:
    two_begun(bare)
    bare.press(setup.drop, ALEX, "1:")
    with bare.deps.db.begin() as session:
        viewer = people.viewer(
            session=session, programs=bare.deps.programs, team=TEAM, user=ALEX, now=MONDAY, program_id=1
        )
        about = About(form, 1, "en" if form == "question" else "")
        assert isinstance(WrittenForms(bare.deps).open(session, viewer, about, {}, MONDAY), str)
