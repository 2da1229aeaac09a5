"""Check-ins are saved once, joined by meeting, changed by their author, and read by those it says."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from bot.domain.checkins import (
    SOMETHING_ELSE,
    Draft,
    Form,
    Meeting,
    NotAllowed,
    Problem,
    Receipt,
    Rejected,
)
from bot.domain.once import AlreadySaved, Saved
from bot.domain.people import Viewer
from bot.services import checkins
from storage import notices, people
from storage.checkins import Checkin, CheckinVersion
from storage.checkins import Meeting as MeetingRow
from storage.database import Database
from tests import cast
from tests.cast import ADA, ALEX, FAY, JUNE, KOFI, LENA, MONDAY, PRIYA, SAM, TOMAS, season

TUESDAY = MONDAY + timedelta(days=1)


def who(session: Session, user: str) -> Viewer:
    """Somebody who turns to the bot."""
    if "program" not in session.info:
        return cast.asks(session, user)
    return cast.who(session, user)


def draft(session: Session, user: str, **other: object) -> Draft:
    """What somebody hands in: the form as it opens for them, filled in."""
    shape = checkins.form(session=session, viewer=who(session, user), now=MONDAY)
    assert isinstance(shape, Form)
    filled = replace(shape.draft, length="45", moved="Two new volunteers", next_step="Train them", confidence=4)
    return replace(filled, **other)  # type: ignore[arg-type]


def organization(session: Session, name: str) -> int:
    program = who(session, JUNE).of_program
    return cast.organized(session, program, name)


def log(session: Session, user: str, key: str = "", now: datetime = MONDAY, **other: object) -> Receipt:
    """Somebody logs a check-in that holds."""
    outcome = checkins.submit(
        session=session,
        viewer=who(session, user),
        draft=draft(session, user, **other),
        key=key or f"T:{user}:{now}:{other}",
        now=now,
    )
    assert isinstance(outcome, Saved)
    return outcome.receipt


def listed(session: Session, user: str) -> tuple[Meeting, ...]:
    found = checkins.readable(session=session, viewer=who(session, user))
    assert not isinstance(found, NotAllowed)
    return found


def test_a_check_in_is_saved_with_a_number_and_a_receipt(db: Database) -> None:
    with db.begin() as session:
        season(session)
        receipt = log(session, PRIYA)
        notice = notices.get(session, checkins.receipt_key(receipt.checkin_id))
    assert (receipt.number, receipt.version, receipt.others) == (1, 1, ())
    assert notice is not None
    assert (notice.to_person, notice.refs) == (PRIYA, {"checkin": receipt.checkin_id, "version": 1})


def test_the_same_form_again_gives_the_same_receipt(db: Database) -> None:
    with db.begin() as session:
        season(session)
        first = log(session, PRIYA, key="V1")
    with db.begin() as session:
        again = checkins.submit(
            session=session, viewer=who(session, PRIYA), draft=draft(session, PRIYA), key="V1", now=TUESDAY
        )
        assert again == AlreadySaved(first)
        assert len(session.exec(select(CheckinVersion)).all()) == 1


def test_a_form_whose_answer_was_lost_is_handed_in_again_with_other_words(db: Database) -> None:
    with db.begin() as session:
        season(session)
        first = log(session, PRIYA, key="V1")
        for step, known in (("Thank them", False), ("Thank them", True), ("Train them", True)):
            words = draft(session, PRIYA, next_step=step)
            outcome = checkins.submit(session=session, viewer=who(session, PRIYA), draft=words, key="V1", now=TUESDAY)
            assert isinstance(outcome, AlreadySaved if known else Saved)
            assert outcome.receipt.number == first.number
        said = [one.next_step for one in session.exec(select(CheckinVersion).order_by(col(CheckinVersion.id))).all()]
    assert said == ["Train them", "Thank them"]


def test_nobody_learns_from_another_persons_form(db: Database) -> None:
    with db.begin() as session:
        season(session)
        log(session, PRIYA, key="V1")
        words = draft(session, KOFI)
        outcome = checkins.submit(session=session, viewer=who(session, KOFI), draft=words, key="V1", now=TUESDAY)
    assert isinstance(outcome, NotAllowed)
    assert outcome.why == "not theirs"


def test_a_form_handed_in_twice_at_the_same_moment_is_saved_once(db: Database) -> None:
    with db.begin() as session:
        season(session)
        content = draft(session, PRIYA)
    numbers: list[int] = []

    def hand_in() -> None:
        with db.begin(patience=10) as session:
            outcome = checkins.submit(session=session, viewer=who(session, PRIYA), draft=content, key="V1", now=MONDAY)
            assert isinstance(outcome, Saved | AlreadySaved)
            numbers.append(outcome.receipt.number)

    threads = [threading.Thread(target=hand_in) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers == [1, 1, 1, 1]


def test_two_people_writing_at_the_same_moment_are_joined(db: Database) -> None:
    with db.begin() as session:
        season(session)
        drafts = {user: draft(session, user) for user in (PRIYA, TOMAS)}

    def hand_in(user: str) -> None:
        with db.begin(patience=10) as session:
            checkins.submit(session=session, viewer=who(session, user), draft=drafts[user], key=user, now=MONDAY)

    threads = [threading.Thread(target=hand_in, args=(user,)) for user in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with db.read() as session:
        assert len(session.exec(select(Checkin)).all()) == 2
        assert len(session.exec(select(MeetingRow)).all()) == 1


def test_two_entries_for_one_meeting_are_joined_and_its_minutes_count_once(db: Database) -> None:
    with db.begin() as session:
        program = season(session)
        bright = organization(session, cast.BRIGHT)
        log(session, PRIYA, length="60")
        receipt = log(session, JUNE, organizations=(bright,), length="50")
        (meeting,) = listed(session, FAY)
        totals = checkins.coaching_minutes(session=session, program=program, month=date(2020, 10, 1))
    assert receipt.others == ("Priya Nair",)
    assert [voice.author for voice in meeting.voices] == ["Priya Nair", "June Park"]
    assert meeting.minutes == 50
    assert totals == {bright: 50}


def test_changing_the_day_takes_an_entry_out_of_the_meeting(db: Database) -> None:
    with db.begin() as session:
        season(session)
        log(session, PRIYA)
        receipt = log(session, TOMAS)
        moved = draft(session, TOMAS, held_on=date(2020, 10, 9))
        outcome = checkins.submit(
            session=session,
            viewer=who(session, TOMAS),
            draft=moved,
            key="V9",
            now=TUESDAY,
            checkin_id=receipt.checkin_id,
        )
        assert isinstance(outcome, Saved)
        assert [len(one.voices) for one in listed(session, FAY)] == [1, 1]
        assert len(session.exec(select(MeetingRow)).all()) == 2


def test_changing_the_day_back_joins_them_again_and_leaves_no_empty_meeting(db: Database) -> None:
    with db.begin() as session:
        season(session)
        log(session, PRIYA)
        receipt = log(session, TOMAS, held_on=date(2020, 10, 9))
        assert len(session.exec(select(MeetingRow)).all()) == 2
        checkins.submit(
            session=session,
            viewer=who(session, TOMAS),
            draft=draft(session, TOMAS),
            key="V9",
            now=TUESDAY,
            checkin_id=receipt.checkin_id,
        )
        assert len(session.exec(select(MeetingRow)).all()) == 1


def test_every_version_is_kept(db: Database) -> None:
    with db.begin() as session:
        season(session)
        receipt = log(session, PRIYA)
        outcome = checkins.submit(
            session=session,
            viewer=who(session, PRIYA),
            draft=draft(session, PRIYA, next_step="Train them twice"),
            key="V2",
            now=TUESDAY,
            checkin_id=receipt.checkin_id,
        )
        assert isinstance(outcome, Saved)
        said = [(one.version, one.next_step) for one in session.exec(select(CheckinVersion)).all()]
    assert (outcome.receipt.number, outcome.receipt.version) == (receipt.number, 2)
    assert said == [(1, "Train them"), (2, "Train them twice")]


def test_a_change_that_says_nothing_new_is_no_version(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        receipt = log(session, PRIYA)
        outcome = checkins.submit(
            session=session,
            viewer=who(session, PRIYA),
            draft=draft(session, PRIYA),
            key="V2",
            now=TUESDAY,
            checkin_id=receipt.checkin_id,
        )
        assert outcome == AlreadySaved(receipt)


def test_nobody_else_changes_a_check_in(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        receipt = log(session, PRIYA)
        for other in (TOMAS, JUNE):
            viewer = who(session, other)
            opened = checkins.form(session=session, viewer=viewer, now=MONDAY, checkin_id=receipt.checkin_id)
            assert isinstance(opened, NotAllowed)
            assert opened.why == "not theirs"
            outcome = checkins.submit(
                session=session,
                viewer=viewer,
                draft=draft(session, other, organizations=(organization(session, cast.BRIGHT),)),
                key=other,
                now=MONDAY,
                checkin_id=receipt.checkin_id,
            )
            assert isinstance(outcome, NotAllowed)


def test_the_form_for_changing_starts_with_what_was_written(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        receipt = log(session, PRIYA, length="1,5 h", support=("staff",))
        shape = checkins.form(session=session, viewer=who(session, PRIYA), now=TUESDAY, checkin_id=receipt.checkin_id)
    assert isinstance(shape, Form)
    assert shape.changing is not None
    assert shape.changing.receipt == receipt.number
    assert (shape.draft.length, shape.draft.support, shape.draft.next_step) == ("90", ("staff",), "Train them")


def test_the_form_is_preset_for_a_participant_with_their_organization_and_today(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        shape = checkins.form(session=session, viewer=who(session, PRIYA), now=MONDAY)
        bright, june = organization(session, cast.BRIGHT), who(session, JUNE).person_id
    assert isinstance(shape, Form)
    assert (shape.draft.organizations, shape.draft.held_on) == ((bright,), date(2020, 10, 12))
    assert shape.draft.coach == june
    assert not shape.writes_as_coach


def test_late_in_the_evening_today_is_still_the_programs_day(quick_db: Database) -> None:
    late = datetime(2020, 10, 13, 3, 30, tzinfo=MONDAY.tzinfo)
    with quick_db.begin() as session:
        season(session)
        shape = checkins.form(session=session, viewer=who(session, PRIYA), now=late)
    assert isinstance(shape, Form)
    assert shape.today == date(2020, 10, 12)


def test_a_coach_is_preset_as_the_coach(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        viewer = who(session, JUNE)
        shape = checkins.form(session=session, viewer=viewer, now=MONDAY)
    assert isinstance(shape, Form)
    assert shape.draft.coach == viewer.person_id
    assert shape.writes_as_coach


@pytest.mark.parametrize(("user", "why"), [(ADA, "role"), (ALEX, "role"), (FAY, "reads only"), (SAM, "stranger")])
def test_only_participants_and_coaches_log(quick_db: Database, user: str, why: str) -> None:
    with quick_db.begin() as session:
        season(session)
        content = draft(session, PRIYA)
        viewer = who(session, user)
        for outcome in (
            checkins.form(session=session, viewer=viewer, now=MONDAY),
            checkins.submit(session=session, viewer=viewer, draft=content, key="V1", now=MONDAY),
        ):
            assert isinstance(outcome, NotAllowed)
            assert outcome.why == why
        assert session.exec(select(Checkin)).all() == []


def test_somebody_who_left_keeps_what_they_wrote_and_adds_nothing(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        content = draft(session, PRIYA)
        receipt = log(session, PRIYA)
        membership = people.role_of(session, program.id, who(session, PRIYA).person_id, "participant")
        assert membership is not None
        membership.state = "left"
        session.flush()
        viewer = who(session, PRIYA)
        own = checkins.mine(session=session, viewer=viewer)
        assert not isinstance(own, NotAllowed)
        assert [one.voices[0].number for one in own] == [receipt.number]
        outcome = checkins.submit(session=session, viewer=viewer, draft=content, key="V2", now=TUESDAY)
    assert isinstance(outcome, NotAllowed)
    assert outcome.why == "left"


def test_without_a_coach_there_is_no_form(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.load(session)
        cast.join(session, program, PRIYA, "participant", organization=cast.BRIGHT)
        shape = checkins.form(session=session, viewer=who(session, PRIYA), now=MONDAY)
    assert isinstance(shape, NotAllowed)
    assert shape.why == "no coaches"


def test_what_cannot_be_taken_is_not_half_written(db: Database) -> None:
    with db.begin() as session:
        season(session)
        outcome = checkins.submit(
            session=session,
            viewer=who(session, PRIYA),
            draft=draft(session, PRIYA, held_on=date(2020, 10, 13)),
            key="V1",
            now=MONDAY,
        )
    assert isinstance(outcome, Rejected)
    assert outcome.problems == (Problem("held_on", "future"),)
    with db.read() as session:
        assert session.exec(select(Checkin)).all() == []
        assert session.exec(select(MeetingRow)).all() == []


@pytest.mark.parametrize(("user", "seen"), [(PRIYA, 1), (TOMAS, 1), (JUNE, 1), (FAY, 1), (LENA, 0), (KOFI, 0)])
def test_the_shared_part_is_read_by_its_organization_its_coach_and_the_facilitators(
    quick_db: Database, user: str, seen: int
) -> None:
    with quick_db.begin() as session:
        season(session)
        log(session, PRIYA)
        assert len(listed(session, user)) == seen


@pytest.mark.parametrize("user", [ADA, ALEX, SAM])
def test_applicants_admins_and_strangers_read_none(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        season(session)
        log(session, PRIYA)
        viewer = who(session, user)
        assert isinstance(checkins.readable(session=session, viewer=viewer), NotAllowed)
        (meeting_id,) = session.exec(select(Checkin.meeting_id)).all()
        found = checkins.meeting(session=session, viewer=viewer, meeting_id=meeting_id)
        assert isinstance(found, NotAllowed)


def test_a_meeting_with_another_organization_is_not_there_for_others(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        log(session, PRIYA)
        (meeting_id,) = session.exec(select(Checkin.meeting_id)).all()
        found = checkins.meeting(session=session, viewer=who(session, LENA), meeting_id=meeting_id)
    assert isinstance(found, NotAllowed)
    assert found.why == "gone"


@pytest.mark.parametrize(("user", "note"), [(JUNE, "tired today"), (FAY, ""), (PRIYA, ""), (TOMAS, "")])
def test_the_private_note_is_read_by_its_author_alone(quick_db: Database, user: str, note: str) -> None:
    with quick_db.begin() as session:
        season(session)
        bright = organization(session, cast.BRIGHT)
        log(session, JUNE, organizations=(bright,), private_note="tired today")
        (meeting,) = listed(session, user)
    assert [voice.content.private_note for voice in meeting.voices] == [note]


def test_naming_a_group_does_not_open_what_others_wrote_about_it(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        bright, river = organization(session, cast.BRIGHT), organization(session, cast.RIVER)
        log(session, LENA, kind="group", organizations=(river,), moved="Between us")
        log(session, PRIYA, kind="group", organizations=(bright, river))
        (meeting,) = listed(session, PRIYA)
    assert [voice.author for voice in meeting.voices] == ["Priya Nair"]


def test_mine_lists_my_own_newest_first(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        log(session, TOMAS, held_on=date(2020, 10, 1))
        log(session, PRIYA, held_on=date(2020, 10, 2))
        log(session, PRIYA, held_on=date(2020, 10, 9))
        found = checkins.mine(session=session, viewer=who(session, PRIYA))
    assert not isinstance(found, NotAllowed)
    assert [one.held_on.day for one in found] == [9, 2]


def test_new_ones_are_those_of_the_span(db: Database) -> None:
    with db.begin() as session:
        program = season(session)
        log(session, PRIYA, now=MONDAY)
        log(session, LENA, now=TUESDAY)
        found = checkins.list_new(session=session, program=program, since=MONDAY, until=TUESDAY)
    assert [(one.author, one.organizations) for one in found] == [("Lena Fischer", (cast.RIVER,))]


def test_support_is_gathered_by_category_and_an_organization_counts_once(db: Database) -> None:
    with db.begin() as session:
        program = season(session)
        log(session, PRIYA, support=("staff", "tools"), support_other="a van")
        log(session, TOMAS, support=("staff",))
        log(session, LENA, support=("staff",))
        needs = checkins.support_needs(
            session=session, program=program, since=MONDAY - timedelta(hours=1), until=MONDAY
        )
    assert [(one.key, one.organizations) for one in needs] == [
        ("tools", (cast.BRIGHT,)),
        ("staff", (cast.BRIGHT, cast.RIVER)),
        (SOMETHING_ELSE, (cast.BRIGHT,)),
    ]


def test_coaching_minutes_are_of_one_month_and_of_each_organization_present(db: Database) -> None:
    with db.begin() as session:
        program = season(session)
        bright, river = organization(session, cast.BRIGHT), organization(session, cast.RIVER)
        log(session, JUNE, kind="group", organizations=(bright, river), length="2h")
        log(session, PRIYA, length="30", held_on=date(2020, 10, 1))
        log(session, PRIYA, length="45", held_on=date(2020, 9, 30))
        october = checkins.coaching_minutes(session=session, program=program, month=date(2020, 10, 31))
        september = checkins.coaching_minutes(session=session, program=program, month=date(2020, 9, 1))
    assert october == {bright: 150, river: 120}
    assert september == {bright: 45}


def test_the_receipt_shows_the_authors_own_words_and_the_minutes_that_count(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        bright = organization(session, cast.BRIGHT)
        receipt = log(session, PRIYA, length="60")
        log(session, JUNE, organizations=(bright,), length="50", private_note="tired")
        found = checkins.receipt(session=session, program=program, checkin_id=receipt.checkin_id)
    assert found is not None
    assert found[0].others == ("June Park",)
    assert [voice.author for voice in found[1].voices] == ["Priya Nair"]
    assert found[1].minutes == 50


def test_numbers_are_given_out_without_gaps_or_repeats(db: Database) -> None:
    with db.begin() as session:
        season(session)
        for day in (1, 2, 5):
            log(session, PRIYA, held_on=date(2020, 10, day))
        numbers = session.exec(select(Checkin.receipt).order_by(col(Checkin.receipt))).all()
    assert list(numbers) == [1, 2, 3]
