"""Asking for the calendar file: once for a press, only with dates that are theirs and still to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.dates import Agenda
from bot.domain.notices import ToPerson
from bot.services import dates
from bot.services.dates import NoProgram, NothingAhead, NotTheirs, Ordered, Over
from storage import notices
from storage.database import Database
from tests import cast
from tests.calendars import there
from tests.cast import ADA, FAY, KOFI, MONDAY, SAM

OFFICE, CONVENING = "office-hours-wednesday", "convening-1"


def _order(db: Database, user: str, event: str = "", request: str = "T:1", now: datetime = MONDAY) -> object:
    with db.begin() as session:
        viewer = cast.asks(session, user, now=now)
        return dates.order_file(session=session, viewer=viewer, event_key=event, request=request, now=now)


@pytest.fixture
def season(quick_db: Database) -> Database:
    """The OST program with its cast."""
    with quick_db.begin() as session:
        cast.begin(session)
    return quick_db


def test_a_press_plans_one_file_however_often_it_is_delivered(season: Database) -> None:
    assert isinstance(_order(season, ADA, OFFICE), Ordered)
    assert isinstance(_order(season, ADA, OFFICE), Ordered)
    with season.read() as session:
        (row,) = notices.standing(session, 1, (dates.CALENDAR,))
        assert notices.to_notice(row).target == ToPerson(ADA)
    assert row.refs["event"] == OFFICE


def test_another_press_is_another_file(season: Database) -> None:
    _order(season, ADA, OFFICE, "T:1")
    _order(season, ADA, OFFICE, "T:2")
    with season.read() as session:
        assert len(notices.standing(session, 1, (dates.CALENDAR,))) == 2


@pytest.mark.parametrize(("user", "event"), [(ADA, CONVENING), (SAM, CONVENING), (KOFI, OFFICE), (ADA, "unheard-of")])
def test_nobody_gets_a_file_of_what_is_not_for_them(season: Database, user: str, event: str) -> None:
    assert isinstance(_order(season, user, event), NotTheirs)
    with season.read() as session:
        assert notices.standing(session, 1, (dates.CALENDAR,)) == []


def test_facilitators_get_everybodys_dates(season: Database) -> None:
    assert isinstance(_order(season, FAY, OFFICE, "T:1"), Ordered)
    assert isinstance(_order(season, FAY, CONVENING, "T:2"), Ordered)


def test_the_button_of_an_old_message_says_that_it_is_over(season: Database) -> None:
    outcome = _order(season, ADA, OFFICE, now=there("2021-10-14 15:00"))
    assert isinstance(outcome, Over)
    assert outcome.event.key == OFFICE


def test_with_nothing_ahead_there_is_no_file(season: Database) -> None:
    assert isinstance(_order(season, ADA, now=there("2021-12-01 09:00")), NothingAhead)


def test_somebody_without_a_program_is_told_so(season: Database) -> None:
    with season.begin() as session:
        nobody = replace(cast.asks(session, SAM), program=None)
        found = dates.look(session=session, viewer=nobody, now=MONDAY)
        ordered = dates.order_file(session=session, viewer=nobody, event_key="", request="T:1", now=MONDAY)
    assert found == ordered == NoProgram()


def test_a_file_holds_what_lies_ahead_when_it_is_made(season: Database) -> None:
    with season.begin() as session:
        viewer = cast.asks(session, ADA)
    on_thursday = there("2020-10-15 09:00")
    every = dates.in_file(viewer=viewer, event_key=None, now=on_thursday)
    assert [one.key for one in every] == [
        "office-hours-thursday",
        "office-hours-friday",
        "application-deadline",
        "selection-news",
    ]
    assert dates.in_file(viewer=viewer, event_key=OFFICE, now=on_thursday) == ()


def test_everybody_is_shown_the_agenda_of_their_roles(season: Database) -> None:
    first = {}
    with season.begin() as session:
        for user in (ADA, KOFI, FAY, SAM):
            found = dates.look(session=session, viewer=cast.asks(session, user), now=MONDAY)
            assert isinstance(found, Agenda)
            first[user] = found.events[0].key
    assert first == {ADA: OFFICE, KOFI: CONVENING, FAY: OFFICE, SAM: OFFICE}
