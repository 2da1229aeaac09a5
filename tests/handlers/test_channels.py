"""Channels at the door: the form opens for a channel that the bot knows, for those who may say what it is for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from handlers import channels
from storage.database import Database
from tests import cast
from tests.cast import COHORT, FAY, TOMAS
from tests.fakes import FakeSlack, serving
from tests.handlers.desk import Desk, desk
from tests.jobs.conftest import HandClock
from tests.journeys.workspace import text_of


@pytest.fixture
def season(quick_db: Database) -> Iterator[Desk]:
    """The cast on Monday of the application week."""
    clock = HandClock()
    with serving(FakeSlack(clock)) as slack:
        found = desk(quick_db, slack, clock)
        with found.deps.db.begin() as session:
            cast.begin(session)
        yield found


@pytest.mark.parametrize(
    ("user", "value", "said"),
    [
        (FAY, f"1:{COHORT}", f"What is <#{COHORT}> for?"),
        (FAY, "1:C0NOWHERE", "What this button was for is no longer there."),
        (FAY, "1:> <!channel", "What this button was for is no longer there."),
        (TOMAS, f"1:{COHORT}", f"<@{FAY}>"),
    ],
)
def test_the_form_opens_for_a_known_channel_and_for_who_may_say(season: Desk, user: str, value: str, said: str) -> None:
    season.press(channels.open_form, user, value)
    shown = text_of(season.shown())
    assert said in shown
    assert "<!channel" not in shown
