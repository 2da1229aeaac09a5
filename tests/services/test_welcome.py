"""Everybody who takes part is welcomed once, at their first contact."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from bot.services import people as services
from bot.services.programs import Programs
from bot.services.welcome import HELLO
from storage import notices, people
from storage.database import Database
from storage.notices import NoticeRow
from tests import cast
from tests.cast import ADA, KOFI, MONDAY, SAM, TEAM


def _unwelcomed(session: Session, user: str) -> int:
    person = people.by_user(session, TEAM, user)
    assert person is not None
    assert person.id is not None
    person.welcomed_at = None
    return person.id


def _hello(session: Session, person_id: int) -> NoticeRow | None:
    return notices.get(session, f"{HELLO}:{person_id}")


def test_a_first_contact_brings_one_welcome(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        person_id = _unwelcomed(session, ADA)
    with db.begin() as session:
        cast.asks(session, ADA)
    with db.begin() as session:
        cast.asks(session, ADA, now=MONDAY + timedelta(days=30))
    with db.read() as session:
        row = _hello(session, person_id)
        assert row is not None
        assert row.to_person == ADA
        assert row.due_at == MONDAY


def test_a_welcome_is_not_repeated_when_the_mark_of_it_was_lost(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        person_id = _unwelcomed(session, ADA)
        cast.asks(session, ADA)
        assert _unwelcomed(session, ADA) == person_id
        cast.asks(session, ADA, now=MONDAY + timedelta(days=1))
        row = _hello(session, person_id)
        assert row is not None
        assert row.due_at == MONDAY


def test_a_stranger_is_not_welcomed_before_they_take_part(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.load(session)
        viewer = cast.asks(session, SAM)
        assert _hello(session, viewer.person_id) is None
        cast.join(session, program, SAM, "applicant")
        _unwelcomed(session, SAM)
        cast.asks(session, SAM)
        assert _hello(session, viewer.person_id) is not None


def test_looking_somebody_up_is_no_contact(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        person_id = _unwelcomed(session, KOFI)
        services.viewer(session=session, programs=Programs(), team=TEAM, user=KOFI, now=MONDAY, contact=False)
        assert _hello(session, person_id) is None


def test_a_reader_changes_nothing(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        person_id = _unwelcomed(session, KOFI)
    with db.read() as session:
        cast.asks(session, KOFI)
    with db.read() as session:
        person = people.by_user(session, TEAM, KOFI)
        assert person is not None
        assert person.welcomed_at is None
        assert _hello(session, person_id) is None
