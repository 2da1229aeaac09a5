"""Quiet over a season: what falls into it waits, what would be too late comes before, and reminders can be put off."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.domain.people import Account
from bot.domain.programs import QuietHours
from bot.domain.quiet import Gone, Later, Own, PutOff
from bot.services import homework as homework_service
from bot.services import people as people_service
from bot.services import quiet
from bot.services.quiet import AGAIN
from jobs.registry import KINDS
from storage import notices, people
from storage import programs as program_rows
from storage.notices import NoticeRow
from tests import cast
from tests.cast import APPLICANTS, FAY, KOFI, TOMAS
from tests.jobs.conftest import Bench
from tests.jobs.test_moves import Season

HOMEWORK = "before-we-begin"


@pytest.fixture
def season(bench: Bench) -> Season:
    """The cast on Monday of the application week."""
    with bench.deps.db.begin() as session:
        cast.begin(session)
    found = Season(bench)
    found.beat()
    return found


def rules(season: Season, **fields: object) -> None:
    """The program says something about quiet."""
    with season.bench.deps.db.begin() as session:
        row = program_rows.held(session, "ost-cop")
        assert row is not None
        row.body = {**row.body, **fields}
        row.revision += 1
        session.add(row)
    season.beat()


def own(season: Season, user: str, wanted: Own | None) -> None:
    with season.bench.deps.db.begin() as session:
        quiet.set_own(session=session, viewer=cast.asks(session, user), own=wanted, now=season.bench.clock())
    season.beat()


def zone(season: Season, user: str, name: str) -> None:
    with season.bench.deps.db.begin() as session:
        person = people.anybody(session, user)
        assert person is not None
        person.zone = name
        session.add(person)


def nudge(season: Season, user: str, number: int = 1) -> NoticeRow:
    with season.bench.deps.db.read() as session:
        person = people.anybody(session, user)
        assert person is not None
        row = notices.get(session, f"homework.nudge:1:{HOMEWORK}:{number}:{person.id}")
    assert row is not None
    return row


def wall(moment: datetime, name: str = "America/Chicago") -> str:
    return f"{moment.astimezone(ZoneInfo(name)):%a %d %H:%M}"


def put_off(season: Season, user: str, row: NoticeRow, choice: Later) -> PutOff | Gone:
    with season.bench.deps.db.begin() as session:
        return quiet.put_off(
            session=session,
            viewer=cast.asks(session, user),
            opaque_key=row.opaque_key,
            choice=choice,
            now=season.bench.clock(),
        )


def direct(season: Season, user: str) -> list[str]:
    return season.said(f"D{user[1:]}")


def test_a_channels_post_waits_for_the_programs_quiet_to_end(season: Season) -> None:
    rules(season, holidays=[{"on": "2020-10-13", "name": "A day off"}])
    season.until("2020-10-13 20:00")
    assert season.said(APPLICANTS) == []
    season.until("2020-10-14 00:30")
    assert season.said(APPLICANTS) == ["Applications are due, in 2 days: Fri, Oct 16, 11:59 pm (St. Louis)"]


def test_a_reminder_that_would_be_too_late_comes_before_the_quiet(season: Season) -> None:
    rules(season, quiet={"from": "14:00", "to": "18:00"})
    season.until("2020-10-14 16:00")
    assert season.said(APPLICANTS, "Office Hours")[-1].startswith("Application Office Hours, in 1 hour 1 minute")


def test_a_nudge_waits_for_the_readers_morning_in_kolkata(season: Season) -> None:
    zone(season, KOFI, "Asia/Kolkata")
    rules(season, quiet={"from": "19:00", "to": "08:00"})
    assert wall(nudge(season, KOFI).due_at, "Asia/Kolkata") == "Tue 20 08:00"
    assert wall(nudge(season, TOMAS).due_at) == "Mon 19 09:00"


def test_own_hours_hold_in_place_of_the_programs_and_moving_them_back_brings_the_old_moment(season: Season) -> None:
    season.beat()
    own(season, TOMAS, Own(QuietHours(time(8), time(12)), (date(2020, 10, 22),)))
    assert wall(nudge(season, TOMAS).due_at) == "Mon 19 12:00"
    assert wall(nudge(season, TOMAS, 2).due_at) == "Fri 23 00:00"
    own(season, TOMAS, None)
    assert wall(nudge(season, TOMAS).due_at) == "Mon 19 09:00"


def test_a_nudge_that_would_come_after_the_due_time_comes_before_the_quiet(season: Season) -> None:
    season.beat()
    own(season, TOMAS, Own(QuietHours(), tuple(date(2020, 10, day) for day in (19, 20, 21))))
    assert wall(nudge(season, TOMAS).due_at) == "Sun 18 23:59"


def test_what_comes_due_late_waits_as_well(season: Season) -> None:
    season.beat()
    season.until("2020-10-18 12:00")
    season.bench.clock.now = datetime(2020, 10, 19, 14, 30, tzinfo=UTC)
    with season.bench.deps.db.begin() as session:
        # Set while the reminder is due already, and nobody has planned since.
        quiet.set_own(
            session=session,
            viewer=cast.asks(session, TOMAS),
            own=Own(QuietHours(time(9), time(13))),
            now=season.bench.clock(),
        )
    season.beat()
    assert direct(season, TOMAS) == []
    season.until("2020-10-19 13:01")
    assert len(direct(season, TOMAS)) == 1


def test_a_facilitators_nudge_waits_too_and_a_receipt_does_not(season: Season) -> None:
    season.beat()
    own(season, KOFI, Own(QuietHours(time(0), time(23))))
    with season.bench.deps.db.begin() as session:
        kofi = people.anybody(session, KOFI)
        assert kofi is not None
        homework_service.nudge_now(
            session=session,
            viewer=cast.asks(session, FAY),
            homework=HOMEWORK,
            shown=(kofi.id or 0,),
            now=season.bench.clock(),
        )
    season.beat()
    assert direct(season, KOFI) == []
    season.until("2020-10-12 22:30")
    assert len(direct(season, KOFI)) == 1
    assert [name for name, kind in KINDS.items() if kind.quiet and "receipt" in name] == []


def test_a_reminder_that_is_put_off_comes_once_more_and_says_so(season: Season) -> None:
    season.until("2020-10-19 09:01")
    row = nudge(season, TOMAS)
    outcome = put_off(season, TOMAS, row, "hour")
    assert isinstance(outcome, PutOff)
    season.beat()
    (message,) = [one for one in season.bench.slack.messages if one["channel"] == f"D{TOMAS[1:]}"]
    assert "I remind you again Mon, Oct 19, 10:0" in str(message["blocks"])
    assert "Remind me later" not in str(message["blocks"])
    season.until("2020-10-19 10:05")
    assert len(direct(season, TOMAS)) == 2
    season.until("2020-10-19 20:00")
    assert len(direct(season, TOMAS)) == 2


def test_a_second_choice_under_the_same_reminder_changes_nothing(season: Season) -> None:
    season.until("2020-10-19 09:01")
    row = nudge(season, TOMAS)
    first = put_off(season, TOMAS, row, "tomorrow")
    assert put_off(season, TOMAS, row, "hour") == first
    assert len(season.rows(AGAIN)) == 1


def test_what_came_again_can_be_put_off_again(season: Season) -> None:
    season.until("2020-10-19 09:01")
    put_off(season, TOMAS, nudge(season, TOMAS), "hour")
    season.until("2020-10-19 10:05")
    (row,) = season.rows(AGAIN)
    put_off(season, TOMAS, row, "hour")
    season.until("2020-10-19 11:30")
    assert len(direct(season, TOMAS)) == 3


def test_what_was_put_off_is_not_said_once_it_is_handed_in_or_due(season: Season) -> None:
    season.until("2020-10-20 09:01")
    put_off(season, TOMAS, nudge(season, TOMAS), "tomorrow")
    season.until("2020-10-21 09:01")
    row = season.rows(AGAIN)[0]
    assert row.state == "delivered"
    put_off(season, TOMAS, row, "tomorrow")
    season.until("2020-10-22 09:05")
    assert [one.reason for one in season.rows(AGAIN)] == [None, "it was due already"]


def test_not_again_about_this_ends_the_reminders_of_that_homework(season: Season) -> None:
    season.until("2020-10-19 09:01")
    put_off(season, TOMAS, nudge(season, TOMAS), "never")
    season.until("2020-10-22 10:00")
    assert len(direct(season, TOMAS)) == 1
    assert nudge(season, TOMAS, 2).reason == quiet.ENDED
    assert len(direct(season, KOFI)) == 2


def test_nobody_puts_off_a_reminder_of_somebody_else(season: Season) -> None:
    season.until("2020-10-19 09:01")
    assert put_off(season, KOFI, nudge(season, TOMAS), "never") == Gone()
    assert put_off(season, KOFI, nudge(season, TOMAS), "hour") == Gone()


def test_who_moves_to_another_zone_has_their_quiet_there(season: Season) -> None:
    rules(season, quiet={"from": "19:00", "to": "08:00"})
    assert wall(nudge(season, TOMAS).due_at) == "Mon 19 09:00"
    account = Account(TOMAS, "Tomás Rivera", None, "Asia/Kolkata", guest=False, admin=False, gone=False, bot=False)
    with season.bench.deps.db.begin() as session:
        people_service.learn(session=session, team=cast.TEAM, account=account, now=season.bench.clock())
    season.beat()
    assert wall(nudge(season, TOMAS).due_at, "Asia/Kolkata") == "Tue 20 08:00"
