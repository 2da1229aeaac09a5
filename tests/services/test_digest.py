"""When digests are due, what they hold, and who may ask for one and open the texts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session

from bot.domain.checkins import SOMETHING_ELSE
from bot.domain.digest import Hours, Report
from bot.domain.notices import NO_LONGER_PLANNED, ToPerson
from bot.domain.people import NotAllowed
from bot.domain.programs import DigestRule, Program
from bot.services import digest, homework, planning, programs
from bot.services.digest import Texts
from bot.services.programs import Edited, Programs
from storage import notices, people
from storage.database import Database
from storage.notices import NoticeRow
from storage.questions import Question
from tests import cast
from tests.cast import ADA, ALEX, FAY, JUNE, KOFI, LENA, MONDAY, PRIYA, SAM, TEAM, TOMAS, season
from tests.services import test_reflections as reflections
from tests.services.test_checkins import log, who

DUE = datetime(2020, 10, 21, 22, 0, tzinfo=UTC)
"""When the first homework is due."""


def moments(cron: str, program: Program, after: datetime, days: int) -> list[str]:
    rule = DigestRule(key="some", to="facilitators", cron=cron)
    return [f"{due:%m-%d %H:%M}" for _, due in digest.occurrences(rule, program, after, after + timedelta(days=days))]


def plan(session: Session, now: datetime) -> list[NoticeRow]:
    """What the ledger holds of digests once they were planned at `now`."""
    planning.follow(session=session, programs=Programs(), slug="ost-cop", feature=digest.feature(now), now=now)
    program = Programs().get(session, "ost-cop")
    assert program is not None
    return notices.standing(session, program.id, (digest.REPORT,))


def subscribe(session: Session, key: str, to: str, cron: str) -> None:
    body = {"id": key, "to": to, "cron": cron}
    outcome = programs.edit_item(
        session=session, slug="ost-cop", section="digests", key=key, body=body, by=FAY, now=MONDAY
    )
    assert isinstance(outcome, Edited)


def send(session: Session, row: NoticeRow, now: datetime) -> Report | str:
    """What is said when a row is due, and that it was said."""
    program = Programs().get(session, "ost-cop")
    assert program is not None
    found = digest.scheduled(session=session, program=program, notice=notices.to_notice(row), now=now)
    if isinstance(found, Report):
        row.state, row.settled_at = "delivered", now
        session.add(row)
        session.flush()
    return found


def ask(session: Session, user: str, text: str = "May we apply from Illinois?", now: datetime = MONDAY) -> None:
    """A question that was handed to the facilitators."""
    asker = who(session, user)
    session.add(
        Question(
            key=f"{user}:{now}",
            program_id=asker.of_program.id,
            team=TEAM,
            channel=cast.APPLICANTS,
            ts="1.1",
            place="channel",
            asker_id=asker.person_id,
            text=text,
            asked_at=now,
            outcome="declined",
            handed_at=now,
            due_at=now + timedelta(days=1),
        )
    )
    session.flush()


def gather(session: Session, program: Program, now: datetime = MONDAY, since: datetime | None = None) -> Report:
    return digest.gather(session=session, program=program, now=now, since=since or now - timedelta(days=7))


# When


def test_eight_oclock_stays_eight_oclock_when_clocks_go_back(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.load(session)
    after = datetime(2020, 10, 30, 14, 0, tzinfo=UTC)
    assert moments("0 8 * * MON-FRI", program, after, 4) == ["11-02 14:00", "11-03 14:00"]


def test_eight_oclock_stays_eight_oclock_when_clocks_go_forward(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.load(session)
    after = datetime(2021, 3, 12, 15, 0, tzinfo=UTC)
    assert moments("0 8 * * *", program, after, 3) == ["03-13 14:00", "03-14 13:00", "03-15 13:00"]


def test_an_hour_that_comes_twice_counts_once(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.load(session)
    after = datetime(2020, 10, 31, 12, 0, tzinfo=UTC)
    assert moments("30 1 * * *", program, after, 2) == ["11-01 06:30", "11-02 07:30"]
    hourly = DigestRule(key="hourly", to="facilitators", cron="30 * * * *")
    night = datetime(2020, 11, 1, 5, 45, tzinfo=UTC)
    found = digest.occurrences(hourly, program, night, night + timedelta(hours=3))
    assert [local[-5:] for local, _ in found] == ["01:30", "02:30"]


def test_an_hour_that_is_skipped_is_made_up_for(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.load(session)
    after = datetime(2021, 3, 13, 18, 0, tzinfo=UTC)
    assert moments("30 2 * * *", program, after, 1) == ["03-14 08:00"]


def test_the_next_one_is_planned_however_far_it_is(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.load(session)
    assert moments("0 8 1 9 *", program, MONDAY, 7) == ["09-01 13:00"]


def test_monday_is_monday(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.load(session)
    assert moments("0 9 * * 1", program, MONDAY, 7) == ["10-19 14:00"]


def test_digests_are_planned_ahead_by_local_time_and_once(db: Database) -> None:
    with db.begin() as session:
        program = season(session)
        first = [row.key for row in plan(session, MONDAY)]
        again = [row.key for row in plan(session, MONDAY + timedelta(hours=2))]
    assert first == again
    assert first[0] == f"digest:{program.id}:weekdays:2020-10-13T08:00"
    assert len(first) == 25


def test_a_digest_in_a_break_is_on_record_as_skipped(db: Database) -> None:
    with db.begin() as session:
        season(session)
        rows = {row.key[-16:]: row for row in plan(session, datetime(2020, 11, 20, 18, 0, tzinfo=UTC))}
    assert (rows["2020-11-25T08:00"].state, rows["2020-11-25T08:00"].reason) == ("skipped", "break: Thanksgiving")
    assert rows["2020-11-24T08:00"].state == "planned"
    assert rows["2020-11-30T08:00"].state == "planned"


def test_a_schedule_that_changes_takes_back_what_was_planned(db: Database) -> None:
    with db.begin() as session:
        season(session)
        plan(session, MONDAY)
        subscribe(session, "weekdays", "facilitators", "0 7 * * MON")
        rows = plan(session, MONDAY)
        standing = [row.key[-16:] for row in rows if row.state == "planned"]
        gone = {row.reason for row in rows if row.state == "skipped"}
    assert standing[0] == "2020-10-19T07:00"
    assert gone == {NO_LONGER_PLANNED}


def test_a_late_digest_is_not_taken_back_by_planning_again(db: Database) -> None:
    with db.begin() as session:
        season(session)
        plan(session, MONDAY)
        rows = plan(session, MONDAY + timedelta(days=2))
    assert [row.state for row in rows[:3]] == ["planned", "planned", "planned"]


def test_an_address_is_written_to_once_slack_knows_whose_it_is(db: Database) -> None:
    with db.begin() as session:
        season(session)
        subscribe(session, "mine", "fay@example.org", "0 8 * * MON")
        assert not [row for row in plan(session, MONDAY) if row.to_person]
        person = people.by_user(session, TEAM, FAY)
        assert person is not None
        person.email = "fay@example.org"
        session.flush()
        found = [row for row in plan(session, MONDAY + timedelta(hours=1)) if row.to_person]
    assert {row.to_person for row in found} == {FAY}


# Sending


def test_of_missed_digests_only_the_latest_is_sent(db: Database) -> None:
    with db.begin() as session:
        season(session)
        first, second, third = plan(session, MONDAY)[:3]
        late = third.due_at + timedelta(minutes=5)
        assert send(session, first, late) == "a later one is due already"
        assert send(session, second, late) == "a later one is due already"
        assert isinstance(send(session, third, late), Report)


def test_a_digest_tells_of_what_came_in_since_the_one_before(db: Database) -> None:
    with db.begin() as session:
        season(session)
        log(session, PRIYA, now=MONDAY)
        first, second = plan(session, MONDAY)[:2]
        told = send(session, first, first.due_at)
        log(session, LENA, now=first.due_at + timedelta(hours=3))
        told_next = send(session, second, second.due_at)
    assert isinstance(told, Report)
    assert isinstance(told_next, Report)
    assert [one.author for one in told.checkins] == ["Priya Nair"]
    assert [one.author for one in told_next.checkins] == ["Lena Fischer"]
    assert told_next.since == told.until


def test_what_is_being_saved_while_a_digest_is_made_comes_in_the_next_one(db: Database) -> None:
    with db.begin() as session:
        season(session)
        first, second = plan(session, MONDAY)[:2]
        told = send(session, first, first.due_at)
        log(session, PRIYA, now=first.due_at - timedelta(seconds=1))
        told_next = send(session, second, second.due_at)
    assert isinstance(told, Report)
    assert isinstance(told_next, Report)
    assert told.checkins == ()
    assert [one.author for one in told_next.checkins] == ["Priya Nair"]


def test_a_digest_is_not_sent_in_a_break(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        row = plan(session, MONDAY)[0]
        assert send(session, row, datetime(2020, 11, 26, 18, 0, tzinfo=UTC)) == "break: Thanksgiving"


def test_a_subscription_that_was_removed_is_not_sent(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        row = plan(session, MONDAY)[0]
        cast.take_out(session, "digests", "weekdays")
        assert send(session, row, row.due_at) == "nobody subscribes to it any more"


def test_somebody_who_left_gets_no_digest(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        subscribe(session, "fays", FAY, "0 8 * * MON")
        row = next(row for row in plan(session, MONDAY) if row.to_person == FAY)
        assert notices.to_notice(row).target == ToPerson(FAY)
        assert isinstance(send(session, row, row.due_at), Report)
        membership = people.role_of(session, program.id, who(session, FAY).person_id, "facilitator")
        assert membership is not None
        membership.state = "left"
        session.flush()
        row = next(row for row in plan(session, MONDAY) if row.to_person == FAY and row.state == "planned")
        assert send(session, row, row.due_at) == "its reader does not run the program any more"


# What


def test_open_questions_come_with_their_age(db: Database) -> None:
    with db.begin() as session:
        program = season(session)
        ask(session, ADA)
        report = gather(session, program, MONDAY + timedelta(days=2))
    assert [(one.asker_name, one.asked_at) for one in report.questions] == [("Ada Okafor", MONDAY)]


def test_organizations_from_which_nothing_came_are_missing(db: Database) -> None:
    with db.begin() as session:
        program = season(session)
        reflections.hand_in(session, TOMAS)
        homework.ask_for_time(session=session, viewer=who(session, LENA), homework="before-we-begin", now=MONDAY)
        (missing,) = gather(session, program, DUE - timedelta(days=1)).missing
    assert (missing.organizations, missing.owing) == ((cast.GATEWAY, cast.RIVER), 3)
    assert missing.want_time == (cast.RIVER,)


def test_nobody_is_missing_long_before_homework_is_due(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        assert gather(session, program, MONDAY).missing == ()


def test_new_reflections_and_check_ins_are_named(db: Database) -> None:
    with db.begin() as session:
        program = season(session)
        handed = reflections.hand_in(session, TOMAS)
        log(session, LENA, support_other="a van", now=MONDAY)
        report = gather(session, program, MONDAY + timedelta(hours=1))
    assert [(one.id, one.author, one.organization) for one in report.reflections] == [
        (handed.id, "Tomás Rivera", cast.BRIGHT)
    ]
    assert [one.author for one in report.checkins] == ["Lena Fischer"]
    assert [(one.key, one.organizations) for one in report.needs] == [(SOMETHING_ELSE, (cast.RIVER,))]


def test_hours_are_of_the_month_by_organization(db: Database) -> None:
    with db.begin() as session:
        program = season(session)
        reflections.hand_in(session, TOMAS, hours="1.5")
        reflections.hand_in(session, PRIYA, key="another", hours="30 min")
        log(session, LENA, length="45", now=MONDAY)
        october = gather(session, program, MONDAY + timedelta(days=1))
        november = gather(session, program, MONDAY + timedelta(days=40))
    assert october.month == date(2020, 10, 1)
    assert october.hours == (
        Hours(cast.BRIGHT, 120, 0),
        Hours(cast.GATEWAY, 0, 0),
        Hours(cast.RIVER, 0, 45),
    )
    assert november.month == date(2020, 11, 1)
    assert {(one.homework, one.coaching) for one in november.hours} == {(0, 0)}


def test_before_the_season_nobody_is_held_to_hours(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        assert gather(session, program, MONDAY).hours == ()


def test_a_quiet_week_has_nothing_to_report(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = season(session)
        assert gather(session, program, datetime(2022, 2, 1, 18, 0, tzinfo=UTC)).empty


# Who


@pytest.mark.parametrize("user", [FAY, JUNE, ALEX])
def test_those_who_run_the_program_may_ask_for_it(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        season(session)
        found = digest.on_demand(session=session, viewer=who(session, user), now=MONDAY)
    assert isinstance(found, Report)
    assert found.since == MONDAY - timedelta(days=7)


@pytest.mark.parametrize("user", [ADA, TOMAS, KOFI, SAM])
def test_others_are_told_who_can(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        season(session)
        found = digest.on_demand(session=session, viewer=who(session, user), now=MONDAY)
    assert isinstance(found, NotAllowed)
    assert [one.user for one in found.facilitators] == [FAY]


def test_on_demand_it_goes_on_from_the_channels_last(db: Database) -> None:
    with db.begin() as session:
        season(session)
        row = plan(session, MONDAY)[0]
        send(session, row, row.due_at)
        now = row.due_at + timedelta(hours=1)
        found = digest.on_demand(session=session, viewer=who(session, FAY), now=now)
    assert isinstance(found, Report)
    assert found.since == row.due_at - digest.IN_FLIGHT
    assert found.until == now


def texts(session: Session, user: str) -> Texts | NotAllowed:
    viewer = who(session, user)
    return digest.texts(session=session, viewer=viewer, since=MONDAY - timedelta(days=1), until=MONDAY)


@pytest.mark.parametrize("user", [ALEX, ADA, PRIYA, SAM])
def test_the_texts_are_for_facilitators_and_coaches_only(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        season(session)
        log(session, PRIYA)
        assert isinstance(texts(session, user), NotAllowed)


def test_a_coach_reads_what_is_theirs_to_read(quick_db: Database) -> None:
    with quick_db.begin() as session:
        season(session)
        reflections.hand_in(session, TOMAS)
        shared = reflections.hand_in(session, LENA, key="another", readers="cohort")
        log(session, PRIYA)
        for_june, for_fay = texts(session, JUNE), texts(session, FAY)
    assert isinstance(for_june, Texts)
    assert isinstance(for_fay, Texts)
    assert [one.id for one in for_june.reflections] == [shared.id]
    assert (len(for_june.meetings), len(for_fay.reflections), len(for_fay.meetings)) == (1, 2, 1)
