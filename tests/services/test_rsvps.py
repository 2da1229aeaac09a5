"""Whether people come: whose answer counts, which of several presses stands, and what an old button is answered."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from bot.domain.changes import Changed, Draft, Editing, Foreseen, Undone
from bot.domain.erasing import NoSuchPerson
from bot.domain.modes import spoken
from bot.domain.rsvps import (
    Cancelled,
    Coming,
    HasMoved,
    NoProgram,
    Noted,
    NotIn,
    NotTheirs,
    Over,
    Pressed,
    Tally,
    Unknown,
)
from bot.domain.switchboard import Record
from bot.services import change_items, changes, erasing, home, programs, rsvps, switchboard
from bot.services import people as who
from bot.services.programs import Programs
from bot.services.undoing import KINDS
from storage import people
from storage.database import Database
from storage.notices import NoticeRow
from storage.people import Membership
from storage.rsvps import Rsvp
from tests.calendars import there
from tests.cast import ADA, ALEX, BRIGHT, FAY, JUNE, KOFI, MONDAY, PRIYA, SAM, TEAM, TOMAS, asks, begin, join

CONVENING = "convening-1"
TIME = there("2020-11-19 10:00")


def press(
    session: Session,
    user: str = TOMAS,
    *,
    coming: bool = True,
    second: float = 0,
    event: str = CONVENING,
    seen: datetime | None = TIME,
    program_id: int | None = 1,
    now: datetime = MONDAY,
) -> Pressed:
    """A press, some seconds after Monday's nine o'clock on Slack's own clock."""
    viewer = who.viewer(session=session, programs=Programs(), team=TEAM, user=user, now=now, program_id=program_id)
    return rsvps.press(
        session=session,
        programs=Programs(),
        viewer=viewer,
        program_id=program_id,
        event_key=event,
        seen=seen,
        coming=coming,
        pressed_at=MONDAY + timedelta(seconds=second),
        now=now,
    )


def leave(session: Session, user: str) -> Membership:
    person = people.by_user(session, TEAM, user)
    assert person is not None
    (seat,) = people.memberships(session, person.id or 0)
    seat.state = "left"
    session.add(seat)
    session.flush()
    return seat


def said(session: Session) -> list[bool]:
    return [row.coming for row in session.exec(select(Rsvp).order_by(col(Rsvp.id))).all()]


def tally(session: Session, user: str = FAY) -> Tally:
    return rsvps.answers(session=session, viewer=asks(session, user)).tallies.get(CONVENING, Tally())


def cancel(session: Session, now: datetime = MONDAY, key: str = CONVENING) -> Changed:
    """*Cancel this date* in its form, looked at and saved."""
    shape = change_items.editing(session=session, viewer=asks(session, FAY), section="events", key=key)
    assert isinstance(shape, Editing)
    wanted = Draft("events", key, seen=shape.mark, remove=True)

    def hand_in(draft: Draft) -> change_items.Outcome:
        viewer = asks(session, FAY, now=now)
        return change_items.hand_in(
            session=session, programs=Programs(), viewer=viewer, draft=draft, request=f"v{now}", now=now
        )

    first = hand_in(wanted)
    assert isinstance(first, Foreseen)
    done = hand_in(replace(wanted, looked=first.draft.mark()))
    assert isinstance(done, Changed)
    assert done.follows.moved == first.follows.moved, "what is shown beforehand is what then happens"
    return done


@pytest.mark.parametrize("user", [TOMAS, JUNE, FAY])
def test_whoever_takes_part_says_whether_they_come(db: Database, user: str) -> None:
    with db.begin() as session:
        begin(session)
        found = press(session, user)
        assert isinstance(found, Noted)
        assert found.coming
        assert tally(session) == Tally(coming=1)


def test_the_last_press_stands(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        press(session, second=1)
        found = press(session, coming=False, second=2)
        assert isinstance(found, Noted)
        assert not found.coming
        assert said(session) == [False]


def test_a_press_that_comes_late_or_twice_changes_nothing(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        press(session, coming=False, second=2.000002)
        late = press(session, coming=True, second=2.000001)
        again = press(session, coming=False, second=2.000002)
        assert [one.coming for one in (late, again) if isinstance(one, Noted)] == [False, False]
        assert said(session) == [False]


def test_an_applicant_a_stranger_and_who_waits_or_has_left_is_told_so(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = begin(session)
        leave(session, PRIYA)
        join(session, program, SAM, "participant", state="pending")
        applicant, gone, waiting = (press(session, user) for user in (ADA, PRIYA, SAM))
        assert isinstance(applicant, NotIn)
        assert (applicant.pending, applicant.left) == (False, False)
        assert isinstance(gone, NotIn)
        assert gone.left
        assert isinstance(waiting, NotIn)
        assert waiting.pending
        assert said(session) == []


def test_an_admin_alone_takes_no_part(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        assert isinstance(press(session, ALEX), NotIn)


def test_a_button_of_another_time_asks_again(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        assert isinstance(press(session, seen=TIME - timedelta(days=7)), HasMoved)
        assert said(session) == []
        assert isinstance(press(session, seen=None), Noted), "a button that names no time is of the one there is"


def test_an_old_button_says_what_has_become_of_its_date(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        assert isinstance(press(session, now=there("2020-11-19 12:00")), Over)
        assert isinstance(press(session, event="unheard-of"), Unknown)
        assert isinstance(press(session, event="application-deadline"), Unknown)
        cancel(session)
        assert isinstance(press(session), Cancelled)
        assert isinstance(press(session, now=there("2020-11-19 12:00")), Over)
        assert said(session) == []


def test_the_button_of_a_program_that_is_gone_means_no_other(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        assert isinstance(press(session, program_id=99), NoProgram)
        assert isinstance(press(session, program_id=None), NoProgram)
        assert said(session) == []


def test_who_has_left_is_not_counted_and_counts_again_once_back(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        press(session, TOMAS)
        press(session, KOFI, coming=False)
        seat = leave(session, TOMAS)
        assert tally(session) == Tally(not_coming=1)
        seat.state = "active"
        session.add(seat)
        session.flush()
        assert tally(session) == Tally(1, 1)


def test_counts_and_ones_own_answer_take_one_question_to_the_database(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        press(session, TOMAS)
        press(session, KOFI, coming=False)
        press(session, FAY)
        found = rsvps.answers(session=session, viewer=asks(session, KOFI))
        assert (dict(found.mine), dict(found.tallies)) == ({CONVENING: False}, {CONVENING: Tally(2, 1)})


def test_facilitators_see_names_and_nobody_else_does(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        press(session, TOMAS)
        press(session, KOFI, coming=False)
        found = rsvps.coming(session=session, viewer=asks(session, FAY), event_key=CONVENING)
        assert isinstance(found, Coming)
        assert [(one.name, one.coming) for one in found.answers] == [("Kofi Mensah", False), ("Tomás Rivera", True)]
        assert found.silent == ("June Park", "Lena Fischer", "Priya Nair")
        for user in (TOMAS, JUNE, ALEX, ADA):
            assert isinstance(rsvps.coming(session=session, viewer=asks(session, user), event_key=CONVENING), NotTheirs)


def test_cancelling_counts_those_who_come_and_plans_one_word_to_each(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        for user in (TOMAS, KOFI, FAY):
            press(session, user)
        press(session, PRIYA, coming=False)
        done = cancel(session)
        assert {one.user for one in done.follows.moved.comers} == {TOMAS, KOFI, FAY}
        told = session.exec(select(NoticeRow).where(NoticeRow.kind == "rsvps.told")).all()
        assert sorted(row.to_person or "" for row in told) == sorted([TOMAS, KOFI, FAY])


def test_taking_a_cancellation_back_keeps_the_answers(db: Database) -> None:
    with db.begin() as session:
        begin(session)
        press(session, TOMAS)
        done = cancel(session)
        found = changes.undo(
            session=session,
            programs=Programs(),
            viewer=asks(session, FAY),
            number=done.change,
            kinds=KINDS,
            now=MONDAY + timedelta(minutes=1),
        )
        assert isinstance(found, Undone)
        assert tally(session) == Tally(coming=1)
        assert isinstance(press(session, coming=False, second=9), Noted)


def test_erasing_somebody_takes_their_answers(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        press(session, TOMAS)
        press(session, KOFI)
        theirs = erasing.find(session=session, who=TOMAS)
        assert not isinstance(theirs, NoSuchPerson)
        erasing.erase(session=session, theirs=theirs, now=MONDAY)
        assert len(said(session)) == 1


def test_a_copied_program_begins_without_answers(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        press(session, TOMAS)
        sheet = programs.sheet(session=session, slug="ost-cop")
        assert sheet is not None
        about = sheet.header.program.model_copy(update={"slug": "another-year"})
        header = sheet.header.model_copy(update={"program": about})
        programs.load(session=session, sheet=replace(sheet, header=header), now=MONDAY)
        other = Programs().get(session, "another-year")
        assert other is not None
        assert dict(rsvps.tallies(session=session, program=spoken(other)).tallies) == {}


def test_ones_own_record_has_them(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        press(session, TOMAS)
        found = switchboard.record(session=session, programs=Programs(), viewer=asks(session, TOMAS))
        assert isinstance(found, Record)
        assert [(one.kind, one.title) for one in found.items] == [
            ("rsvp", "Convening 1: Who we are, and why we are here")
        ]
        tomas = people.by_user(session, TEAM, TOMAS)
        assert tomas is not None
        content, count = switchboard.record_file(session=session, programs=Programs(), person_id=tomas.id or 0)
        assert count == 1
        assert "coming" in content.decode()


def test_a_successor_says_it_for_themselves(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = begin(session)
        press(session, TOMAS)
        leave(session, TOMAS)
        join(session, program, SAM, "participant", organization=BRIGHT)
        found = rsvps.answers(session=session, viewer=asks(session, SAM))
        assert (dict(found.mine), dict(found.tallies)) == ({}, {})


def test_the_home_shows_what_one_has_said(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        press(session, TOMAS)
        found = home.gather(session=session, programs=Programs(), team=TEAM, user=TOMAS, now=MONDAY)
        assert found is not None
        assert dict(found.parts[0].answers.mine) == {CONVENING: True}


def test_who_presses_while_it_is_cancelled_hears_that_it_is(db: Database) -> None:
    with db.begin() as session:
        begin(session)
    found: list[Pressed] = []

    def say() -> None:
        with db.begin(patience=30) as session:
            found.append(press(session))

    thread = threading.Thread(target=say)
    with db.begin(patience=30) as session:
        cancel(session)
        thread.start()
        thread.join(0.5)
        assert found == [], "nobody says that they come to what is being cancelled"
    thread.join(60)
    assert [type(one) for one in found] == [Cancelled]
    with db.read() as session:
        assert said(session) == []
