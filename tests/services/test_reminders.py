"""Event reminders of a stored program: planned once, and again when it changes."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from bot.domain.notices import NO_LONGER_PLANNED, PAST
from bot.domain.reminders import EVENT
from bot.services import planning, programs
from bot.services.planning import Replanned
from bot.services.programs import Edited, Programs
from bot.services.reminders import FEATURE
from storage import notices
from storage import programs as program_rows
from storage.database import Database
from storage.notices import NoticeRow
from tests import cast
from tests.calendars import there
from tests.cast import MONDAY

OST = "ost-cop"
FRIDAY = "office-hours-friday"
QUARTER = f"reminder:1:{FRIDAY}:applicants:15m"


def _follow(db: Database, known: Programs, now: datetime = MONDAY) -> Replanned | None:
    with db.begin() as session:
        return planning.follow(session=session, programs=known, slug=OST, feature=FEATURE, now=now)


def _rows(db: Database) -> dict[str, NoticeRow]:
    with db.read() as session:
        return {row.key: row for row in notices.standing(session, 1, (EVENT,))}


def _body(session: Session, key: str) -> dict[str, object]:
    found = next(item for item in program_rows.items(session, 1) if (item.section, item.key) == ("events", key))
    return dict(found.body)


def _edit(db: Database, key: str, now: datetime = MONDAY, **changes: str) -> None:
    with db.begin() as session:
        body = {**_body(session, key), **changes}
        done = programs.edit_item(session=session, slug=OST, section="events", key=key, body=body, by="U1", now=now)
        assert isinstance(done, Edited)


def test_a_program_is_planned_once_however_often_one_looks(db: Database) -> None:
    known = Programs()
    with db.begin() as session:
        cast.load(session)
        assert planning.stale(session=session, feature=FEATURE) == (OST,)
    first = _follow(db, known)
    assert first is not None
    assert first.added == len(_rows(db)) > 20
    assert _follow(db, known) is None
    with db.read() as session:
        assert planning.stale(session=session, feature=FEATURE) == ()


def test_the_application_week_has_its_reminders(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.load(session)
    _follow(quick_db, Programs())
    week = sorted(
        (row.due_at, row.refs["event"]) for row in _rows(quick_db).values() if row.due_at < MONDAY + timedelta(days=7)
    )
    assert week == [
        (there("2020-10-13 09:00"), "application-deadline"),
        (there("2020-10-14 09:00"), "office-hours-wednesday"),
        (there("2020-10-14 14:45"), "office-hours-wednesday"),
        (there("2020-10-15 09:00"), "application-deadline"),
        (there("2020-10-15 09:00"), "office-hours-thursday"),
        (there("2020-10-15 14:45"), "office-hours-thursday"),
        (there("2020-10-16 09:00"), "office-hours-friday"),
        (there("2020-10-16 12:00"), "application-deadline"),
        (there("2020-10-16 14:45"), "office-hours-friday"),
    ]


def test_a_program_loaded_late_says_nothing_about_what_is_past(quick_db: Database) -> None:
    late = there("2020-10-16 14:00")
    with quick_db.begin() as session:
        cast.load(session, now=late)
    _follow(quick_db, Programs(), late)
    rows = _rows(quick_db)
    assert (rows[QUARTER].state, rows[QUARTER].due_at) == ("planned", there("2020-10-16 14:45"))
    assert {row.reason for row in rows.values() if row.due_at < late} == {PAST}


def test_a_moved_event_takes_its_reminders_along(db: Database) -> None:
    known = Programs()
    with db.begin() as session:
        cast.load(session)
    _follow(db, known)
    _edit(db, FRIDAY, starts="2020-10-16 17:00", ends="2020-10-16 18:00")
    done = _follow(db, known)
    assert done is not None
    assert (done.added, done.moved, done.withdrawn) == (0, 2, 0)
    row = _rows(db)[QUARTER]
    assert (row.due_at, row.refs["starts"]) == (there("2020-10-16 16:45"), "2020-10-16T22:00:00+00:00")


def test_a_removed_event_is_not_announced_and_one_put_back_is(quick_db: Database) -> None:
    known, event = Programs(), "group-coaching-june"
    with quick_db.begin() as session:
        cast.load(session)
        body = _body(session, event)
    _follow(quick_db, known)
    for given, expected in ((None, ("skipped", NO_LONGER_PLANNED)), (body, ("planned", None))):
        with quick_db.begin() as session:
            done = programs.edit_item(
                session=session, slug=OST, section="events", key=event, body=given, by="U1", now=MONDAY
            )
        assert isinstance(done, Edited)
        _follow(quick_db, known)
        row = _rows(quick_db)[f"reminder:1:{event}:cohort:1d@09:00"]
        assert (row.state, row.reason) == expected


def test_words_that_change_move_nothing(quick_db: Database) -> None:
    known = Programs()
    with quick_db.begin() as session:
        cast.load(session)
    _follow(quick_db, known)
    _edit(quick_db, FRIDAY, prep="Bring a friend.")
    assert _follow(quick_db, known) == Replanned()


def test_what_falls_into_a_break_is_on_record_with_the_breaks_name(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.load(session)
        programs.edit_item(
            session=session,
            slug=OST,
            section="breaks",
            key="storm",
            body={"name": "Storm days", "from": "2020-10-15", "to": "2020-10-15"},
            by="U1",
            now=MONDAY,
        )
    _follow(quick_db, Programs())
    on_thursday = [row for row in _rows(quick_db).values() if row.due_at.date() == there("2020-10-15 09:00").date()]
    assert len(on_thursday) == 3
    assert {(row.state, row.reason) for row in on_thursday} == {("skipped", "break: Storm days")}
