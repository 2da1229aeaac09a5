"""Holds in the database, on each engine: once, undone, erased, and kept apart from what somebody holds by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from sqlmodel import Session

from bot.domain.changes import ChangedSince, Undone
from bot.domain.erasing import Theirs
from bot.domain.holds import OVER, Choice, Draft, Made, Problems, Resumed
from bot.domain.modes import DUE_IN_PRACTICE
from bot.domain.notices import Held, Notice, ToPurpose
from bot.domain.people import ERASED
from bot.services import digest, erasing, holds, modes
from bot.services import notices as ledger
from bot.services.programs import Programs
from storage import changes as change_rows
from storage import holds as rows
from storage import notices
from storage.database import Database
from tests import cast
from tests.cast import ALEX, FAY, MONDAY

LATER = MONDAY + timedelta(hours=2)


@pytest.fixture
def season(db: Database) -> Iterator[Session]:
    """The cast, on each engine."""
    with db.begin() as session:
        cast.begin(session)
        yield session


def hold(session: Session, user: str = FAY, ends: date | None = None, request: str = "a") -> Made:
    draft = Draft(None, "Snow", (None, None), (ends, time(9) if ends else None))
    viewer = cast.asks(session, user)
    found = holds.hold(session=session, viewer=viewer, draft=draft, request=request, now=MONDAY)
    assert isinstance(found, Made)
    return found


def resume(session: Session, hold_id: int, choice: Choice) -> Resumed:
    viewer = cast.asks(session, ALEX, now=LATER)
    found = holds.resume(session=session, viewer=viewer, hold_id=hold_id, choice=choice, now=LATER)
    assert isinstance(found, Resumed)
    return found


def held(session: Session, hold_id: int, key: str = "a") -> None:
    """Something fell due and was held."""
    notices.add(
        session, Notice(key, "reminder.event", ToPurpose("cohort"), MONDAY, 1, {"event": "convening-1"}), MONDAY
    )
    (claimed,) = ledger.claim_due(session=session, now=MONDAY + timedelta(seconds=30))
    ledger.settle(session=session, claimed=claimed, outcome=Held(hold_id), now=MONDAY)
    session.expire_all()


def test_the_same_form_counts_once_even_after_it_was_resumed(season: Session) -> None:
    first = hold(season)
    resume(season, first.hold.id, "send")
    assert hold(season).hold.id == first.hold.id
    assert rows.unended(season, 1) == []


def test_undoing_a_hold_lets_posts_go_out_again(season: Session) -> None:
    made = hold(season)
    held(season, made.hold.id)
    (change,) = change_rows.latest(season, 1, 5)
    assert isinstance(cast.undo(season, ALEX, change.id, LATER), Undone)
    assert rows.unended(season, 1) == []
    row = notices.get(season, "a")
    assert row is not None
    assert row.state == "planned"


def test_a_hold_that_was_resumed_cannot_be_undone_any_more(season: Session) -> None:
    made = hold(season)
    (change,) = change_rows.latest(season, 1, 5)
    resume(season, made.hold.id, "drop")
    assert isinstance(cast.undo(season, FAY, change.id, LATER), ChangedSince)


def test_what_was_dropped_stays_on_record_and_the_database_holds_together(season: Session) -> None:
    made = hold(season)
    held(season, made.hold.id)
    resume(season, made.hold.id, "drop")
    row = notices.get(season, "a")
    assert row is not None
    assert (row.state, row.hold_id) == ("skipped", made.hold.id)


def test_who_is_erased_leaves_no_reason_and_no_name(season: Session) -> None:
    made = hold(season)
    found = erasing.find(session=season, who=FAY)
    assert isinstance(found, Theirs)
    erasing.erase(session=season, theirs=found, now=LATER)
    (row,) = rows.unended(season, 1)
    assert row.reason == ERASED
    program = Programs().by_id(season, 1)
    assert program is not None
    (there,) = holds.standing(session=season, program=program, now=LATER).holds
    assert there.id == made.hold.id
    assert "Fay" not in (there.by or "")


def test_the_digest_names_only_what_somebody_holds_by_itself(season: Session) -> None:
    made = hold(season)
    held(season, made.hold.id)
    program = Programs().by_id(season, 1)
    assert program is not None
    assert digest.gather(session=season, program=program, now=LATER, since=MONDAY).held == ()


def test_what_was_held_in_practice_is_not_said_once_live(season: Session) -> None:
    viewer, there = cast.asks(season, FAY), Programs()
    modes.back_to_practice(
        session=season, programs=there, viewer=viewer, practice_in="facilitators", request="p", now=MONDAY
    )
    made = hold(season)
    held(season, made.hold.id)
    modes.go_live(session=season, programs=there, viewer=viewer, request="l", now=LATER)
    row = notices.get(season, "a")
    assert row is not None
    assert (row.state, row.reason) == ("skipped", DUE_IN_PRACTICE)
    assert resume(season, made.hold.id, "send").items == ()


def test_a_hold_that_ends_asks_once_for_each_end(season: Session) -> None:
    made = hold(season, ends=date(2020, 10, 14))
    for _ in range(2):
        viewer = cast.asks(season, FAY)
        draft = Draft(None, "Snow", (None, None), (date(2020, 10, 15), time(9)))
        holds.change(session=season, viewer=viewer, hold_id=made.hold.id, draft=draft, request="c", now=MONDAY)
    assert len(notices.standing(season, 1, (OVER,))) == 2


@pytest.mark.parametrize(("zone", "day"), [("Europe/Berlin", date(1, 1, 1)), ("America/Chicago", date.max)])
def test_the_ends_of_the_calendar_are_no_time_to_hold_until(season: Session, zone: str, day: date) -> None:
    viewer = cast.asks(season, FAY)
    assert viewer.program is not None
    viewer = replace(viewer, program=replace(viewer.program, zone=zone))
    clock = time(0) if day.year == 1 else time(23)
    draft = Draft(None, "Snow", (None, None), (day, clock))
    found = holds.hold(session=season, viewer=viewer, draft=draft, request="a", now=MONDAY)
    assert found == Problems({"until": "no such time"})
