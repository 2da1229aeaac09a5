"""Whoever is erased leaves no word and no name anywhere; what others count on stays, and every reader still works."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlmodel import Session, select

from bot.domain.checkins import Meeting
from bot.domain.erasing import NoSuchPerson, Theirs
from bot.domain.notices import Notice, ToPerson
from bot.domain.once import Saved
from bot.domain.people import ERASED
from bot.domain.reflections import CameIn, NotAllowed, Readable
from bot.services import checkins, erasing, export, home, people, reflections
from bot.services.programs import Programs
from bot.services.verify import look
from bot.views import checkins as checkin_views
from bot.views import reflections as reflection_views
from bot.views.erasing import ERASED_WORDS
from jobs import registry
from jobs.render import Scene, Skipped, Update, Withdraw
from storage import erasing as rows
from storage import notices, week
from storage.checkins import Checkin, CheckinVersion
from storage.database import Database
from storage.inbound import Inbound
from storage.notices import NoticeRow
from storage.people import Membership, Person
from storage.questions import Question, QuestionAnswer
from storage.reflections import Reflection, ReflectionVersion
from storage.tables import metadata
from tests.cast import BRIGHT, COHORT, FAY, JUNE, MONDAY, PRIYA, TEAM, TOMAS, season, who
from tests.services.test_chain import broken, who_of
from tests.services.test_checkins import log, organization
from tests.services.test_reflections import WORDS, change, draft, hand_in
from tests.services.test_verify import by_hand

MAIL = "tomas@example.org"
TOLD, ASKED, ANSWERED = "A mural of a river", "where do I park my bus", "Ask June about the bus"
ABOVE = "Bring an umbrella of mine"
LATER = MONDAY + timedelta(days=3)


def write(session: Session) -> None:
    """Tomás has written in every way there is, and others have written about him."""
    program = season(session)
    session.info["program"] = program
    tomas = person(session, TOMAS)
    tomas.email, tomas.dm_channel = MAIL, "D0TOMAS01"
    first = hand_in(session, readers="cohort", key=f"{TEAM}:action:{TOMAS}:V1")
    change(session, first, draft("Quieter by now.", readers="cohort"), "a change")
    bright = organization(session, BRIGHT)
    log(
        session,
        TOMAS,
        organizations=(bright,),
        moved=TOLD,
        key="V2",
        support=(program.support_categories[0].key,),
        now=MONDAY,
    )
    log(session, PRIYA, organizations=(bright,), moved="What Priya says", now=MONDAY)
    asked = Question(
        key=f"{TEAM}:command:1", program_id=program.id, team=TEAM, channel="D0TOMAS01", place="direct",
        asker_id=tomas.id or 0, text=ASKED, asked_at=MONDAY, outcome="declined", handed_at=MONDAY, cards=["card 1"],
    )  # fmt: skip
    session.add(asked)
    session.flush()
    session.add(
        QuestionAnswer(
            question_id=asked.id or 0, key="an answer", author_id=tomas.id or 0, text=ANSWERED, answered_at=MONDAY
        )
    )
    session.add(Inbound(key=f"{TEAM}:action:{TOMAS}:V1:x", received_at=MONDAY))
    held = session.exec(select(Membership).where(Membership.person_id == person(session, PRIYA).id)).one()
    held.set_by = TOMAS
    notices.add(session, Notice("card 1", "questions.card", ToPerson(FAY), MONDAY, program.id), MONDAY)
    card = notices.get(session, "card 1")
    assert card is not None
    week.put(session, card.id or 0, words=ABOVE, words_by=tomas.id)
    notices.add(session, Notice(f"hello:{TOMAS}", "welcome", ToPerson(TOMAS), LATER, program.id), MONDAY)
    for key, channel in (
        (f"{reflections.RECEIPT}:{first.id}", "D0TOMAS01"),
        (f"{reflections.COHORT_POST}:{first.id}:1", COHORT),
        (f"{checkins.RECEIPT}:1", "D0TOMAS01"),
    ):
        row = notices.get(session, key)
        assert row is not None
        row.state, row.posted_channel, row.posted_ts, row.settled_at = "delivered", channel, f"{row.id}.1", MONDAY
        session.add(row)


def person(session: Session, user: str) -> Person:
    return session.exec(select(Person).where(Person.user_id == user)).one()


def erase(db: Database, name: str = TOMAS) -> Theirs:
    with db.begin() as session:
        found = erasing.find(session=session, who=name)
        assert isinstance(found, Theirs)
        erasing.erase(session=session, theirs=found, now=LATER)
    erasing.scrub(db)
    return found


@pytest.fixture
def erased(db: Database) -> Database:
    with db.begin() as session:
        write(session)
    erase(db)
    return db


def everything(db: Database) -> str:
    """All that stands in any column of any table."""
    with db.read() as session:
        connection = session.connection()
        names = inspect(connection).get_table_names()
        return "\n".join(
            f"{name}: {tuple(row)}" for name in names for row in connection.exec_driver_sql(f"SELECT * FROM {name}")
        )


def test_nothing_that_they_wrote_and_nothing_that_names_them_is_left(erased: Database) -> None:
    left = everything(erased)
    for words in (WORDS, "Quieter by now.", TOLD, ASKED, ANSWERED, ABOVE, "Tomás", TOMAS, MAIL):
        assert words not in left
    assert "What Priya says" in left


def test_no_key_is_left_that_was_made_of_their_words(db: Database) -> None:
    with db.begin() as session:
        write(session)
        hand_in(session, PRIYA, "V5")
        other = draft("Other words by now.")
        again = reflections.submit(session=session, viewer=who(session, PRIYA), draft=other, key="V5", now=MONDAY)
        assert isinstance(again, Saved)
        last = session.exec(select(ReflectionVersion.key).where(ReflectionVersion.version == 2)).all()[-1]
        assert last.startswith("V5:")
    erase(db, PRIYA)
    assert "V5" not in everything(db)


def test_not_even_in_the_bytes_of_the_file(quick_db: Database) -> None:
    with quick_db.begin() as session:
        write(session)
    path = Path(str(quick_db.url.database))
    assert TOLD.encode() in path.read_bytes() + Path(f"{path}-wal").read_bytes()
    erase(quick_db)
    left = path.read_bytes() + Path(f"{path}-wal").read_bytes()
    for words in (WORDS, TOLD, ASKED, MAIL):
        assert words.encode() not in left


def test_the_database_still_holds_together_and_counts_the_same(db: Database) -> None:
    with db.begin() as session:
        write(session)
    before = look(db).contents
    erase(db)
    report = look(db)
    assert report.faults == ()
    assert (report.contents.submissions, report.contents.versions) == (before.submissions, before.versions)
    assert (report.contents.erased, report.contents.people) == (3, before.people - 1)
    assert broken(db) == []


def test_what_was_never_sealed_is_sealed_before_its_words_go(db: Database) -> None:
    with db.begin() as session:
        write(session)
    by_hand(
        db,
        "DELETE FROM submission_links",
        "DELETE FROM submission_chains",
        "UPDATE reflection_versions SET salt = NULL",
        "UPDATE checkin_versions SET salt = NULL",
    )
    erase(db)
    assert broken(db) == []


def test_words_emptied_by_hand_are_not_taken_for_erased(db: Database) -> None:
    with db.begin() as session:
        write(session)
    by_hand(db, "UPDATE reflection_versions SET answers = '[]', minutes = NULL, salt = NULL, erased_at = saved_at")
    assert {one.why for one in broken(db)} == {"erased by hand"}


def test_what_is_written_into_what_was_erased_is_found(erased: Database) -> None:
    by_hand(erased, "UPDATE checkin_versions SET moved = 'They never said this' WHERE erased_at IS NOT NULL")
    assert [one.why for one in broken(erased)] == ["not quite erased"]


def test_who_is_found_is_counted_first(db: Database) -> None:
    with db.begin() as session:
        write(session)
        by_id, by_mail = (erasing.find(session=session, who=one) for one in (TOMAS, MAIL.upper()))
    assert by_id == by_mail
    assert isinstance(by_id, Theirs)
    assert (by_id.called, by_id.reflections, by_id.checkins, by_id.questions, by_id.answers) == (
        "Tomás Rivera", 1, 1, 1, 1,
    )  # fmt: skip


@pytest.mark.parametrize("name", ["U0NOBODY1", "nobody@example.org", ""])
def test_nobody_is_nobody(db: Database, name: str) -> None:
    with db.begin() as session:
        write(session)
        assert erasing.find(session=session, who=name) == NoSuchPerson()


def test_one_address_in_two_workspaces_is_asked_about(db: Database) -> None:
    with db.begin() as session:
        for team in ("T1", "T2"):
            session.add(Person(team=team, email=MAIL))
        session.flush()
        assert erasing.find(session=session, who=MAIL) == NoSuchPerson(several=True)


def test_whoever_comes_back_is_somebody_new(erased: Database) -> None:
    with erased.begin() as session:
        viewer = who_of(session, TOMAS)
        assert viewer.roles == frozenset()
        found = reflections.mine(session=session, viewer=viewer)
        assert isinstance(found, NotAllowed)
    with erased.read() as session:
        assert isinstance(erasing.find(session=session, who=TOMAS), Theirs)


# What is said because of it


def test_the_cohorts_post_is_withdrawn_and_the_receipts_are_emptied(erased: Database) -> None:
    with erased.read() as session:
        post = _made(session, f"{reflections.COHORT_WITHDRAWAL}:1:erased")
        receipt = _made(session, f"{reflections.RECEIPT_CHANGE}:1:erased")
        checkin = _made(session, f"{checkins.RECEIPT_CHANGE}:1:erased")
    assert isinstance(post, Withdraw)
    assert post.channel == COHORT
    assert isinstance(receipt, Update)
    assert isinstance(checkin, Update)
    assert (receipt.channel, checkin.channel) == ("D0TOMAS01", "D0TOMAS01")
    assert receipt.message.text == "No. 1 was erased. Nothing of what you wrote is kept."
    assert "No. 2" not in repr(checkin)
    assert "Check-in no. 2 was erased." in checkin.message.text
    assert (receipt.anew, checkin.anew) == (None, None)


def test_nothing_more_is_said_to_them(erased: Database) -> None:
    with erased.read() as session:
        found = session.exec(select(NoticeRow).where(NoticeRow.state == "planned")).all()
        assert {one.to_person for one in found} <= {None, FAY, PRIYA, JUNE}
        hello = next(one for one in session.exec(select(NoticeRow)).all() if one.key.startswith("hello:"))
    assert (hello.state, hello.reason) == ("skipped", "their person was erased")


def test_what_was_not_posted_yet_is_not_posted(db: Database) -> None:
    with db.begin() as session:
        season(session)
        hand_in(session, readers="cohort")
        log(session, TOMAS, organizations=(organization(session, BRIGHT),), now=MONDAY)
    erase(db)
    with db.read() as session:
        assert isinstance(_made(session, f"{reflections.COHORT_POST}:1:1"), Skipped)
        keys = [one.key for one in session.exec(select(NoticeRow).where(NoticeRow.state == "planned")).all()]
    assert not [one for one in keys if "receipt" in one]


def test_their_open_questions_wait_for_nobody(erased: Database) -> None:
    with erased.read() as session:
        question = session.exec(select(Question)).one()
        answer = session.exec(select(QuestionAnswer)).one()
        keys = [one.key for one in session.exec(select(NoticeRow)).all()]
    assert (question.text, question.withdrawn_at, question.kept_at) == (ERASED, LATER, LATER)
    assert answer.text == ERASED
    assert any(one.startswith("questions.card_change:") for one in keys)


# Every reader of what was written


def test_facilitators_see_that_it_was_there_and_that_it_is_erased(erased: Database) -> None:
    with erased.begin() as session:
        fay = who_of(session, FAY)
        listed = reflections.came_in(session=session, viewer=fay)
        read = reflections.readable(session=session, viewer=fay, reflection_id=1)
    assert isinstance(listed, CameIn)
    assert isinstance(read, Readable)
    assert (read.handed.author, read.handed.erased, read.handed.content.answers) == (ERASED, True, ())
    assert "erased" in repr(reflection_views.came_in(listed, None))
    assert ERASED_WORDS in repr(reflection_views.whole(read, None))


def test_the_cohort_is_shown_nothing_of_it(erased: Database) -> None:
    with erased.begin() as session:
        priya = who_of(session, PRIYA)
        listed = reflections.came_in(session=session, viewer=priya)
        assert isinstance(listed, CameIn)
        assert listed.items == ()


def test_a_meeting_keeps_its_time_and_what_others_wrote(erased: Database) -> None:
    with erased.begin() as session:
        june = who_of(session, JUNE)
        found = checkins.readable(session=session, viewer=june)
        program = june.of_program
        minutes = checkins.coaching_minutes(session=session, program=program, month=MONDAY.date())
        needs = checkins.support_needs(session=session, program=program, since=MONDAY - timedelta(1), until=LATER)
        bright = organization(session, BRIGHT)
    assert isinstance(found, tuple)
    meeting = found[0]
    assert isinstance(meeting, Meeting)
    assert [(one.author, one.erased) for one in meeting.voices] == [(ERASED, True), ("Priya Nair", False)]
    shown = repr(checkin_views.whole(meeting, program))
    assert ERASED_WORDS in shown
    assert "What Priya says" in shown
    assert "(erased) (no. 2): erased" in repr(checkin_views.listing(found, program, own=False))
    assert minutes[bright] == 45
    assert needs == ()


def test_one_who_coached_is_nobody_any_more(db: Database) -> None:
    with db.begin() as session:
        write(session)
    erase(db, JUNE)
    with db.begin() as session:
        found = checkins.readable(session=session, viewer=who_of(session, FAY))
    assert isinstance(found, tuple)
    assert {one.coach for one in found} == {ERASED}
    assert broken(db) == []


def test_the_facilitators_digest_and_every_home_can_still_be_made(erased: Database) -> None:
    with erased.begin() as session:
        program = who_of(session, FAY).of_program
        found = reflections.list_new(session=session, program=program, since=MONDAY - timedelta(1), until=LATER)
        new = checkins.list_new(session=session, program=program, since=MONDAY - timedelta(1), until=LATER)
        assert [one.author for one in found] == [ERASED]
        assert ERASED in {one.author for one in new}
        for user in (FAY, JUNE, PRIYA):
            assert home.gather(session=session, programs=Programs(), team=TEAM, user=user, now=LATER) is not None


def test_nobody_who_is_erased_is_listed_as_taking_part(erased: Database) -> None:
    with erased.begin() as session:
        program = who_of(session, FAY).of_program
        listed = people.listed(session, program.id)
        teams = people.organizations_active(session, program.id)
    assert ERASED not in {one.name for one in listed}
    bright = next(one for one in teams if one.organization.name == BRIGHT)
    assert [one.name for one in bright.people] == ["Priya Nair"]


def test_an_export_says_that_it_was_erased_and_nothing_else(erased: Database, tmp_path: Path) -> None:
    with erased.read() as session:
        export.write(session=session, out=tmp_path / "out")
    whole = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir())
    for words in (WORDS, TOLD, ASKED, TOMAS, MAIL, "Tomás"):
        assert words not in whole
    assert ERASED in (tmp_path / "out" / "reflections.csv").read_text()
    assert LATER.isoformat() in (tmp_path / "out" / "reflection_versions.csv").read_text()


def test_the_organizations_homework_stays_handed_in(erased: Database) -> None:
    with erased.read() as session:
        row = session.exec(select(Reflection)).one()
        assert (row.number, row.organization_id is not None, row.readers) == (1, True, "facilitators")
        assert len(session.exec(select(ReflectionVersion)).all()) == 2
        assert len(session.exec(select(Checkin)).all()) == 2
        assert {one.minutes for one in session.exec(select(CheckinVersion)).all()} == {45}


# What there is to know


def test_every_column_that_points_at_people_is_forgotten_or_kept_for_a_reason() -> None:
    pointing = {
        (table.name, key.parent.name)
        for table in metadata.sorted_tables
        for key in table.foreign_keys
        if key.column.table.name == "people"
    }
    assert pointing <= set(rows.FORGOTTEN.items()) | set(rows.KEPT)


def test_every_column_that_may_hold_a_slack_id_is_there() -> None:
    for name, column in rows.NAMES:
        if name in metadata.tables:
            assert column in metadata.tables[name].columns


def _made(session: Session, key: str) -> object:
    row = notices.get(session, key)
    assert row is not None, key
    program = Programs().get(session, "ost-cop")
    return registry.KINDS[row.kind].render(Scene(session, notices.to_notice(row), LATER, program))
