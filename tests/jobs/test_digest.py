"""Digests are planned ahead, sent when they are due, and of several missed ones only the latest."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.once import Saved
from bot.domain.questions import Reply
from jobs import checkins, faq, questions
from jobs import digest as jobs
from storage import channels
from storage.database import Database
from tests import cast
from tests.cast import FACILITATORS, FAY, LENA, MONDAY, PRIYA
from tests.fakes import FakeSlack, hangs_up
from tests.jobs.conftest import Bench, HandClock, bench_of
from tests.services.test_checkins import log
from tests.services.test_digest import subscribe
from tests.services.test_questions import answered, asked, handed

TUESDAY_8 = datetime(2020, 10, 13, 13, 0, tzinfo=UTC)


@pytest.fixture
def theirs(db: Database, slack: FakeSlack, clock: HandClock) -> Bench:
    """The cast on Monday morning, on each engine."""
    bench = bench_of(db, slack, clock)
    bench.kinds.update({**jobs.KINDS, **checkins.KINDS, **faq.KINDS, **questions.KINDS})
    with bench.deps.db.begin() as session:
        cast.begin(session)
    return bench


def until(bench: Bench, moment: datetime) -> list[str]:
    """Plan, let time go by, send; what stands in the facilitators' channel then."""
    jobs.plan(bench.deps, bench.clock())
    bench.send(seconds=(moment - bench.clock()).total_seconds())
    return bench.slack.said(FACILITATORS)


def test_it_is_sent_when_it_is_due_and_once(theirs: Bench) -> None:
    assert until(theirs, TUESDAY_8 - timedelta(minutes=1)) == []
    assert len(until(theirs, TUESDAY_8)) == 1
    assert len(until(theirs, TUESDAY_8 + timedelta(hours=1))) == 1


def test_of_those_missed_only_the_latest_is_sent(theirs: Bench) -> None:
    assert len(until(theirs, TUESDAY_8 + timedelta(days=2, hours=5))) == 1
    program = theirs.row("digest:1:weekdays:2020-10-15T08:00").program_id
    assert theirs.state(f"digest:{program}:weekdays:2020-10-13T08:00") == ("skipped", "a later one is due already")
    assert theirs.row(f"digest:{program}:weekdays:2020-10-15T08:00").state == "delivered"


def test_it_tells_what_came_in_since_the_one_before(theirs: Bench) -> None:
    with theirs.deps.db.begin() as session:
        log(session, PRIYA, now=theirs.clock())
    assert "1 new check-in" in until(theirs, TUESDAY_8)[0]
    assert "new check-in" not in until(theirs, TUESDAY_8 + timedelta(days=1))[1]
    with theirs.deps.db.begin() as session:
        log(session, LENA, now=theirs.clock())
    assert "1 new check-in" in until(theirs, TUESDAY_8 + timedelta(days=2))[2]


def test_what_came_in_before_its_answer_was_heard_is_told_in_the_next(theirs: Bench) -> None:
    theirs.slack.next_time("chat.postMessage", hangs_up(acts=True))
    until(theirs, TUESDAY_8)
    theirs.clock.forward(minutes=3)
    with theirs.deps.db.begin() as session:
        log(session, PRIYA, now=theirs.clock())
    assert len(until(theirs, TUESDAY_8 + timedelta(minutes=10))) == 1
    assert "1 new check-in" in until(theirs, TUESDAY_8 + timedelta(days=1))[1]


def waits(bench: Bench) -> Reply:
    """Ada has asked what nobody knows, and has passed it on."""
    with bench.deps.db.begin() as session:
        question = asked(session)
        handed(session, question)
    return question


def digests(bench: Bench) -> list[str]:
    """What stands in the facilitators' channel besides cards."""
    return [one for one in bench.slack.said(FACILITATORS) if "OST Community of Practice" in one]


def test_a_question_that_is_answered_from_it_is_no_longer_listed_in_it(theirs: Bench) -> None:
    question = waits(theirs)
    until(theirs, TUESDAY_8)
    (told,) = digests(theirs)
    assert "1 open question" in told
    with theirs.deps.db.begin() as session:
        assert isinstance(answered(session, question), Saved)
        log(session, PRIYA, now=theirs.clock() + timedelta(minutes=5))
    theirs.send(minutes=10)
    (told,) = digests(theirs)
    assert "open question" not in told
    assert "Ada" not in told
    assert "new check-in" not in told
    assert "in the week ahead" in told


def test_only_the_latest_digest_is_brought_up_to_date(theirs: Bench) -> None:
    question = waits(theirs)
    until(theirs, TUESDAY_8)
    until(theirs, TUESDAY_8 + timedelta(days=1))
    with theirs.deps.db.begin() as session:
        assert isinstance(answered(session, question), Saved)
    theirs.send(minutes=10)
    first, second = digests(theirs)
    assert "1 open question" in first
    assert "open question" not in second


def test_one_whose_answer_was_lost_is_not_sent_again(theirs: Bench) -> None:
    theirs.slack.next_time("chat.postMessage", hangs_up(acts=True))
    assert len(until(theirs, TUESDAY_8)) == 1
    assert len(until(theirs, TUESDAY_8 + timedelta(minutes=5))) == 1
    assert theirs.row("digest:1:weekdays:2020-10-13T08:00").state == "delivered"


def test_a_person_gets_theirs_directly_and_in_their_own_time_as_well(theirs: Bench) -> None:
    with theirs.deps.db.begin() as session:
        cast.join(session, cast.asks(session, FAY).of_program, cast.KOFI, "coach")
        subscribe(session, "kofis", cast.KOFI, "0 9 * * TUE")
    until(theirs, TUESDAY_8 + timedelta(hours=1))
    (sent,) = [one for one in theirs.slack.messages if one["channel"] == "D0KOFI001"]
    assert "3:00–4:00 pm (St. Louis) · 4:00 pm your time" in json.dumps(sent["blocks"], ensure_ascii=False)


def test_without_a_facilitators_channel_it_is_on_record_as_skipped(theirs: Bench) -> None:
    with theirs.deps.db.begin() as session:
        for room in channels.for_purpose(session, 1, "facilitators"):
            session.delete(room)
    assert until(theirs, TUESDAY_8) == []
    assert theirs.row("digest:1:weekdays:2020-10-13T08:00").state == "skipped"


def test_planning_again_is_cheap_and_changes_nothing(theirs: Bench) -> None:
    jobs.plan(theirs.deps, MONDAY)
    before = theirs.row("digest:1:weekdays:2020-10-13T08:00")
    jobs.plan(theirs.deps, MONDAY + timedelta(hours=2))
    assert theirs.row("digest:1:weekdays:2020-10-13T08:00") == before
