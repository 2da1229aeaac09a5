"""Words behind a command: those that nobody knows are shown as they were typed, and harm nobody."""

from __future__ import annotations

import pytest

from handlers import checkins, convene, reflections
from storage.database import Database
from tests import cast
from tests.cast import TOMAS
from tests.fakes import FakeSlack, serving
from tests.handlers.desk import Listener, desk
from tests.jobs.conftest import HandClock
from tests.journeys.workspace import text_of


@pytest.mark.parametrize("command", [reflections.command, checkins.command, convene.command])
def test_an_unknown_word_is_shown_as_it_was_typed_and_pings_nobody(quick_db: Database, command: Listener) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
    clock = HandClock()
    with serving(FakeSlack(clock)) as slack:
        said = text_of(desk(quick_db, slack, clock).command(command, TOMAS, "&lt;!channel&gt;&amp;co"))
    assert "&lt;!channel&gt;&amp;co" in said
    assert "I don't know" in said


def test_a_word_that_nobody_can_see_is_none(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
    clock = HandClock()
    with serving(FakeSlack(clock)) as slack:
        said = text_of(desk(quick_db, slack, clock).command(convene.command, TOMAS, "\u200b\u2060"))
    assert said.startswith("What you can do")
