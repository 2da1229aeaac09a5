"""Channels at the door: the form opens for a channel that the bot knows, for those who may say what it is for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.services import channels as services
from bot.views import channels as views
from bot.views import ids
from handlers import channels
from handlers.request import Body
from storage.database import Database
from tests import cast
from tests.cast import ADA, COHORT, FAY, JUNE, TEAM, TOMAS
from tests.fakes import FakeSlack, serving
from tests.handlers.desk import Desk, desk
from tests.jobs.conftest import HandClock
from tests.journeys.workspace import text_of


@pytest.fixture
def season(quick_db: Database) -> Iterator[Desk]:
    """The cast on Monday of the application week."""
    clock = HandClock()
    with serving(FakeSlack(clock)) as slack:
        slack.channels[COHORT] = {"name": "cohort", "is_member": True}
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


@pytest.mark.parametrize("user", [ADA, TOMAS, JUNE])
def test_nobody_else_says_when_the_bot_speaks_in_a_channel(season: Desk, user: str) -> None:
    with season.deps.db.read() as session:
        form = views.form(services.setting(session, TEAM, COHORT), [(1, "OST")])
    answer = season.submit(channels.submit, user, filled(form, "cohort", "always"))
    assert f"Ask <@{FAY}>" in text_of(answer["view"])
    with season.deps.db.read() as session:
        assert services.setting(session, TEAM, COHORT).answers == "mention"


def test_a_form_from_before_there_was_that_field_leaves_it_as_it_is(season: Desk) -> None:
    with season.deps.db.read() as session:
        form = views.form(services.setting(session, TEAM, COHORT), [(1, "OST")])
    season.submit(channels.submit, FAY, filled(form, "cohort", "always"))
    season.submit(channels.submit, FAY, filled(form, "cohort"))
    with season.deps.db.read() as session:
        assert services.setting(session, TEAM, COHORT).answers == "always"


def filled(form: Body, use: str, when: str | None = None) -> Body:
    """The form with these choices."""
    chosen = {ids.CHANNEL_USE: use, **({ids.CHANNEL_ANSWERING: when} if when else {})}
    values = {name: {name: {"selected_option": {"value": value}}} for name, value in chosen.items()}
    return {**form, "id": f"V{when}", "state": {"values": values}}
