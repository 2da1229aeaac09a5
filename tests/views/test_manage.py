"""*Manage*: a line and a button for each thing, for those whom it concerns, within Slack's limits."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest

from bot.domain.manage import Managing
from bot.domain.people import NotAllowed
from bot.sandbox import rules
from bot.views import manage as views
from handlers.registry import collect
from tests.journeys.workspace import text_of
from tests.views.test_home import OST, viewer

BARE = replace(OST, name="<!channel> & co")


def shown(*roles: Any, **other: Any) -> str:
    view = views.window(Managing(viewer(*roles, **other)))
    assert rules.view(view, "modal") == []
    return text_of(view)


def test_every_button_of_the_menu_is_listened_to() -> None:
    assert {one.action_id for one in views.ENTRIES} <= set(collect().actions)


def test_no_button_is_there_twice_and_every_line_has_a_group() -> None:
    names = [one.action_id for one in views.ENTRIES]
    assert len(set(names)) == len(names)
    assert {one.group for one in views.ENTRIES} <= set(get_args(views.Group))


def test_a_facilitator_sees_what_concerns_them_by_groups() -> None:
    said = shown("facilitator")
    order = ["Dates and homework", "Change a date", "Answers", "Change an answer", "People"]
    assert [said.index(one) for one in order] == sorted(said.index(one) for one in order)


def test_the_workspaces_admin_without_a_role_sees_only_what_is_theirs() -> None:
    said = shown(workspace_admin=True)
    assert "Who takes part" in said
    assert "Change an answer" not in said


@pytest.mark.parametrize("role", ["applicant", "participant", "coach"])
def test_nobody_else_has_a_line(role: str) -> None:
    assert views.seen_by(viewer(role)) == ()


def test_a_programs_name_pings_nobody() -> None:
    assert "<!channel>" not in shown("facilitator", program=BARE)


def test_a_refusal_says_who_can() -> None:
    assert "Only the facilitators of" in views.refusal(NotAllowed(OST))
    assert "sets one up in my *Home* tab" in views.refusal(NotAllowed(None))
