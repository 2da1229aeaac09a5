"""Who is not reached, as the database has it; the picture of the channels; and what is written to people."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import insert
from sqlmodel import Session, col, select

from bot.domain.channels import Room
from bot.domain.notices import Notice, ToPerson
from bot.domain.people import Account, NotAllowed
from bot.domain.reach import COUNT_EVERY, LOOK_EVERY, Done, Invitation, Listing, NotThere, Overview, Why
from bot.services import channels, people, reach
from storage import notices
from storage import reach as rows
from storage.channels import Channel
from storage.database import JOB_PATIENCE, Database
from storage.notices import NoticeRow
from storage.people import Membership, Person
from tests import cast
from tests.cast import (
    ADA,
    ALEX,
    APPLICANTS,
    COHORT,
    FACILITATORS,
    FAY,
    JUNE,
    KOFI,
    LENA,
    MONDAY,
    PRIYA,
    SAM,
    TEAM,
    TOMAS,
    season,
    who,
)

TAKING_PART = {"role": "participant", "since": MONDAY, "state": "active"}
EVERYBODY = {
    APPLICANTS: (ADA, FAY),
    COHORT: (TOMAS, PRIYA, LENA, KOFI, JUNE, FAY),
    FACILITATORS: (FAY, JUNE, ALEX),
}


def person(session: Session, user: str) -> Person:
    return session.exec(select(Person).where(Person.user_id == user)).one()


def room(session: Session, channel: str) -> Channel:
    return session.exec(select(Channel).where(Channel.channel_id == channel)).one()


def picture(session: Session, **gone: tuple[str, ...]) -> None:
    """Slack has told who is in the three channels; everybody has been here for a day and has opened their Home."""
    for channel, users in EVERYBODY.items():
        row = room(session, channel)
        seen = Room(channel, row.name, row.private, False, False, True)
        inside = [user for user in users if user not in gone.get("without", ())]
        reach.seen(session=session, row_id=row.id or 0, room=seen, users=inside, now=MONDAY)
    for one in session.exec(select(Person)).all():
        one.home_opened_at = MONDAY
    for held in session.exec(select(Membership)).all():
        held.since = MONDAY - timedelta(days=1)
    session.flush()


def counted(session: Session) -> dict[Why, int]:
    found = reach.look(session=session, viewer=who(session, FAY), now=MONDAY)
    assert isinstance(found, Overview)
    return dict(found.counts)


def listed(session: Session, why: str) -> list[str]:
    found = reach.listing(session=session, viewer=who(session, FAY), why=why, start=0, now=MONDAY)
    assert isinstance(found, Listing)
    return [one.somebody.name for one in found.page.rows]


def said_no(session: Session, user: str, code: str, hours: int = 0) -> None:
    program = session.info["program"]
    key = f"x:{user}:{hours}:{code}"
    notices.add(session, Notice(key, "x", ToPerson(user), MONDAY, program.id), MONDAY)
    row = notices.get(session, key)
    assert row is not None
    row.state, row.reason = ("refused", code) if code else ("delivered", None)
    row.settled_at = MONDAY + timedelta(hours=hours)
    session.flush()


def test_whoever_is_where_they_belong_is_reached(db: Database) -> None:
    with db.begin() as session:
        season(session)
        picture(session)
        assert counted(session) == {"guest": 1}


def test_before_slack_has_told_nobody_is_said_to_be_missing_from_a_channel(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        found = reach.look(session=session, viewer=who(session, FAY), now=MONDAY)
        assert isinstance(found, Overview)
        assert "channel" not in found.counts
        assert {one.channel for one in found.unseen} == {APPLICANTS, COHORT, FACILITATORS}
        assert found.looked_at is None


def test_each_reason_names_its_people(db: Database) -> None:
    with db.begin() as session:
        program = season(session)
        picture(session, without=(KOFI, ADA))
        person(session, PRIYA).home_opened_at = None
        person(session, JUNE).zone = None
        person(session, TOMAS).gone = True
        cast.join(session, program, SAM, "participant", state="pending", name="Sam Lee")
        listed_only = Person(team=TEAM, email="maya@example.org", name="Maya")
        session.add(listed_only)
        session.flush()
        row = Membership(program_id=program.id, person_id=listed_only.id or 0, role="coach", since=MONDAY)
        session.add(row)
        said_no(session, FAY, "user_not_found")
        session.flush()
        assert listed(session, "channel") == ["Ada Okafor", "Kofi Mensah"]
        assert listed(session, "silent") == ["Priya Nair"], "Sam came today"
        assert listed(session, "zone") == ["June Park"]
        assert listed(session, "gone") == ["Tomás Rivera"]
        assert listed(session, "pending") == ["Sam Lee"]
        assert listed(session, "address") == ["Maya"]
        assert listed(session, "refused") == ["Fay Whitaker"]
        assert listed(session, "guest") == ["Lena Fischer"]
        assert listed(session, "nonsense") == ["Fay Whitaker"]


def test_whoever_got_something_since_is_reached(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        picture(session)
        said_no(session, KOFI, "user_not_found")
        said_no(session, PRIYA, "user_not_found")
        said_no(session, KOFI, "", hours=1)
        assert listed(session, "refused") == ["Priya Nair"]


def test_an_archived_channel_misses_nobody(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        picture(session, without=(KOFI,))
        channels.happened(session=session, team=TEAM, channel=COHORT, what="archived", now=MONDAY)
        assert listed(session, "channel") == []


@pytest.mark.parametrize("user", [ADA, TOMAS, JUNE, SAM])
def test_others_see_nobody_and_help_nobody(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        season(session)
        picture(session, without=(KOFI,))
        viewer, kofi = who(session, user), person(session, KOFI).id or 0
        for outcome in (
            reach.look(session=session, viewer=viewer, now=MONDAY),
            reach.listing(session=session, viewer=viewer, why="channel", start=0, now=MONDAY),
            reach.hello(session=session, viewer=viewer, person_id=kofi, now=MONDAY),
            reach.ask_zone(session=session, viewer=viewer, person_id=kofi, now=MONDAY),
            reach.invitation(session=session, viewer=viewer, person_id=kofi, now=MONDAY),
            reach.look_again(session=session, viewer=viewer, now=MONDAY),
        ):
            assert isinstance(outcome, NotAllowed)
        assert session.exec(select(NoticeRow).where(NoticeRow.kind == reach.HELLO)).all() == []


def test_a_hello_is_said_once_a_day(db: Database) -> None:
    with db.begin() as session:
        season(session)
        fay, kofi = who(session, FAY), person(session, KOFI).id or 0
        assert reach.hello(session=session, viewer=fay, person_id=kofi, now=MONDAY) == Done("Kofi Mensah")
        again = reach.hello(session=session, viewer=fay, person_id=kofi, now=MONDAY + timedelta(hours=2))
        assert again == Done("Kofi Mensah", again=True)
        tomorrow = reach.hello(session=session, viewer=fay, person_id=kofi, now=MONDAY + timedelta(days=1))
        assert tomorrow == Done("Kofi Mensah")


def test_nobody_is_written_to_who_is_gone_or_has_no_account(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        person(session, KOFI).gone = True
        session.flush()
        fay = who(session, FAY)
        kofi = person(session, KOFI).id or 0
        assert reach.hello(session=session, viewer=fay, person_id=kofi, now=MONDAY) == NotThere()
        assert reach.hello(session=session, viewer=fay, person_id=9999, now=MONDAY) == NotThere()


def test_whoever_is_invited_is_in_the_channel_at_once(db: Database) -> None:
    with db.begin() as session:
        season(session)
        picture(session, without=(KOFI,))
        kofi = person(session, KOFI).id or 0
        found = reach.invitation(session=session, viewer=who(session, FAY), person_id=kofi, now=MONDAY)
        assert isinstance(found, Invitation)
        assert found.room.channel == COHORT
        reach.invited(session=session, invitation=found)
        assert listed(session, "channel") == []
        again = reach.invitation(session=session, viewer=who(session, FAY), person_id=kofi, now=MONDAY)
        assert again == NotThere()


def test_joining_and_leaving_keep_the_picture_true(db: Database) -> None:
    with db.begin() as session:
        season(session)
        picture(session)
        for inside in (False, False, True, True):
            reach.moved(session=session, team=TEAM, user=KOFI, channel=COHORT, inside=inside)
            assert listed(session, "channel") == ([] if inside else ["Kofi Mensah"])


def test_the_picture_is_taken_anew_after_some_hours_and_when_asked(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        assert reach.due(session=session, now=MONDAY) is not None
        picture(session)
        assert reach.due(session=session, now=MONDAY + LOOK_EVERY - timedelta(seconds=1)) is None
        assert reach.due(session=session, now=MONDAY + LOOK_EVERY + timedelta(seconds=1)) is not None
        assert reach.look_again(session=session, viewer=who(session, FAY), now=MONDAY) is None
        assert reach.due(session=session, now=MONDAY) is None
        reach.look_again(session=session, viewer=who(session, FAY), now=MONDAY + timedelta(minutes=2))
        assert reach.due(session=session, now=MONDAY + timedelta(minutes=2)) is not None


def test_what_slack_shows_for_the_first_time_alarms_nobody_and_a_loss_does_once(db: Database) -> None:
    with db.begin() as session:
        season(session)
        row = room(session, COHORT)
        reach.unseen(session=session, row_id=row.id or 0, gone=True, now=MONDAY)
        assert channels.shut(row) == "out"
        assert session.exec(select(NoticeRow).where(NoticeRow.kind == channels.TROUBLE)).all() == []
        picture(session)
        assert channels.shut(row) is None
        for _ in range(2):
            reach.unseen(session=session, row_id=row.id or 0, gone=True, now=MONDAY)
        assert len(session.exec(select(NoticeRow).where(NoticeRow.kind == channels.TROUBLE)).all()) == 1


def test_a_channel_that_cannot_be_asked_about_now_is_asked_about_later(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        for channel in EVERYBODY:
            reach.unseen(session=session, row_id=room(session, channel).id or 0, gone=False, now=MONDAY)
        assert reach.due(session=session, now=MONDAY) is None
        assert reach.due(session=session, now=MONDAY + COUNT_EVERY + timedelta(seconds=1)) is not None


def test_the_home_says_what_was_counted_and_nothing_where_all_is_well(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        picture(session)
        assert reach.counts(session=session, program=program).counts == {}
        reach.count(session=session, program=program, now=MONDAY)
        assert reach.counts(session=session, program=program).counts == {}
        person(session, PRIYA).home_opened_at = None
        session.flush()
        reach.count(session=session, program=program, now=MONDAY + timedelta(minutes=1))
        assert reach.counts(session=session, program=program).counts == {}
        reach.count(session=session, program=program, now=MONDAY + COUNT_EVERY)
        assert reach.counts(session=session, program=program).counts == {"silent": 1}


def test_nobody_never_opened_their_home_before_they_had_a_day_for_it(db: Database) -> None:
    with db.begin() as session:
        season(session)
        for one in session.exec(select(Person)).all():
            one.home_opened_at = None
        session.flush()
        fay = who(session, FAY)
        early, later = MONDAY + timedelta(hours=23, minutes=59), MONDAY + timedelta(days=1)
        found = [reach.look(session=session, viewer=fay, now=now) for now in (MONDAY, early, later)]
        assert ["silent" in one.counts for one in found if isinstance(one, Overview)] == [False, False, True]


def test_a_clock_that_somebody_has_told_stays_where_slack_knows_none(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        person(session, KOFI).zone = None
        session.flush()
        assert reach.set_zone(session=session, viewer=who(session, KOFI), zone="Africa/Lagos") == "Africa/Lagos"
        assert reach.set_zone(session=session, viewer=who(session, KOFI), zone="Mars/Base") is None
        account = Account(KOFI, "Kofi Mensah", None, None, False, False, False, False)
        people.learn(session=session, team=TEAM, account=account, now=MONDAY)
        assert person(session, KOFI).zone == "Africa/Lagos"
        people.learn(
            session=session, team=TEAM, now=MONDAY,
            account=Account(KOFI, "Kofi Mensah", None, "Europe/Paris", False, False, False, False),
        )  # fmt: skip
        assert person(session, KOFI).zone == "Europe/Paris"


def test_two_thousand_people_take_as_many_questions_as_eight(db: Database) -> None:
    with db.begin(patience=JOB_PATIENCE) as session:
        program = season(session)
        picture(session)
        few = asked(session)
        session.connection().execute(
            insert(Person),
            [{"team": TEAM, "user_id": f"U0MANY{number:04}", "name": f"Person {number}"} for number in range(2000)],
        )
        many = session.exec(select(Person).where(col(Person.name).startswith("Person "))).all()
        session.connection().execute(
            insert(Membership),
            [
                {
                    "program_id": program.id,
                    "person_id": one.id,
                    "role": "participant",
                    "since": MONDAY,
                    "state": "active",
                }
                for one in many
            ],
        )
        users = [one.user_id or "" for one in many][:1500]
        rows.put(session, room(session, COHORT), {*EVERYBODY[COHORT], *users})
        assert asked(session) == few <= 5
        assert counted(session)["channel"] == 500


def asked(session: Session) -> int:
    """How many questions the overview puts to the database."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    viewer = who(session, FAY)
    engine = session.get_bind()
    sql_event.listen(engine, "before_cursor_execute", note)
    try:
        reach.look(session=session, viewer=viewer, now=MONDAY)
    finally:
        sql_event.remove(engine, "before_cursor_execute", note)
    return len(statements)
