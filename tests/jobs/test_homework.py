"""Homework reminders over a season: one post, two messages at most, only to those still missing, none in breaks."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.once import Saved
from bot.domain.reflections import Answer, Draft
from bot.services import homework as service
from bot.services import programs, reflections
from jobs import homework, sender
from storage import notices, people
from storage import programs as program_rows
from tests import cast
from tests.cast import COHORT, FACILITATORS, FAY, KOFI, LENA, PRIYA, SAM, TOMAS
from tests.jobs.conftest import Bench

FIRST = "before-we-begin"
POST, NUDGE, AFTER = (datetime(2020, 10, day, 14, tzinfo=UTC) for day in (14, 19, 22))


@pytest.fixture
def season(bench: Bench) -> Bench:
    """The cast on Monday of the application week."""
    with bench.deps.db.begin() as session:
        cast.begin(session)
    return bench


def at(bench: Bench, when: datetime) -> None:
    """Plan now, let time go by, plan and send."""
    homework.plan(bench.deps, bench.clock())
    bench.clock.now = when
    homework.plan(bench.deps, when)
    sender.send_due(bench.deps, when, homework.KINDS)


def direct(user: str) -> str:
    return f"D{user[1:]}"


def hand_in(bench: Bench, user: str) -> None:
    draft = Draft(FIRST, (Answer("program", "?", "Loud."), Answer("hope", "?", "Calm.")), "", "facilitators")
    with bench.deps.db.begin() as session:
        viewer = cast.asks(session, user)
        outcome = reflections.submit(session=session, viewer=viewer, draft=draft, key=user, now=bench.clock())
        row = notices.get(
            session, f"reflection.receipt:{outcome.receipt.handed.id}" if isinstance(outcome, Saved) else ""
        )
        assert row is not None
        notices.withdraw(session, row, "not this test's matter", bench.clock())


def edit(bench: Bench, section: str, key: str, **changes: object) -> None:
    with bench.deps.db.begin() as session:
        row = program_rows.get(session, "ost-cop")
        assert row is not None
        assert row.id is not None
        stored = {(one.section, one.key): one.body for one in program_rows.items(session, row.id)}
        body = {**stored[section, key], **changes}
        edited = programs.edit_item(
            session=session, slug="ost-cop", section=section, key=key, body=body, by=FAY, now=bench.clock()
        )
    assert isinstance(edited, programs.Edited)


def number(bench: Bench, user: str) -> int:
    with bench.deps.db.read() as session:
        person = people.anybody(session, user)
    assert person is not None
    assert person.id is not None
    return person.id


def test_one_post_a_week_before_in_the_cohorts_channel(season: Bench) -> None:
    at(season, POST - timedelta(seconds=1))
    assert season.slack.messages == []
    at(season, POST)
    assert season.slack.said() == season.slack.said(COHORT)
    assert season.slack.said(COHORT) == ["Homework due Wed, Oct 21, 5:00 pm (St. Louis): Before we begin (sample)"]


def test_only_those_still_missing_get_a_message_at_most_two(season: Bench) -> None:
    hand_in(season, LENA)
    at(season, NUDGE)
    hand_in(season, PRIYA)
    at(season, AFTER)
    at(season, AFTER + timedelta(days=5))
    told = Counter(one["channel"] for one in season.slack.messages if FIRST in str(one["blocks"]))
    assert told == {COHORT: 1, direct(TOMAS): 1, direct(PRIYA): 1, direct(KOFI): 2}
    lena = number(season, LENA)
    assert season.state(f"homework.nudge:1:{FIRST}:1:{lena}") == ("skipped", "handed in by River Robotics")


def test_the_second_message_says_that_it_was_due(season: Bench) -> None:
    at(season, NUDGE)
    at(season, AFTER)
    first, second = season.slack.said(direct(KOFI))
    assert "due Wed, Oct 21" in first
    assert "was due" not in first
    assert "was due Wed, Oct 21" in second


def test_whoever_asked_for_time_is_not_reminded_and_the_facilitators_know(season: Bench) -> None:
    at(season, NUDGE)
    with season.deps.db.begin() as session:
        service.ask_for_time(session=session, viewer=cast.asks(session, TOMAS), homework=FIRST, now=season.clock())
    at(season, AFTER)
    assert season.slack.said(FACILITATORS) == [
        "Bright Labs needs more time for Before we begin (sample) (due Wed, Oct 21, 5:00 pm (St. Louis))."
    ]
    assert (len(season.slack.said(direct(TOMAS))), len(season.slack.said(direct(PRIYA)))) == (1, 1)
    assert len(season.slack.said(direct(KOFI))) == 2
    priya = number(season, PRIYA)
    assert season.state(f"homework.nudge:1:{FIRST}:2:{priya}") == ("skipped", "Bright Labs asked for more time")


def test_a_facilitators_nudge_reaches_those_who_asked_for_time_too(season: Bench) -> None:
    with season.deps.db.begin() as session:
        service.ask_for_time(session=session, viewer=cast.asks(session, KOFI), homework=FIRST, now=season.clock())
        fay = cast.asks(session, FAY)
        kofi = people.anybody(session, KOFI)
        assert kofi is not None
        service.nudge_now(session=session, viewer=fay, homework=FIRST, shown=(kofi.id or 0,), now=season.clock())
    at(season, season.clock())
    (message,) = [one for one in season.slack.messages if one["channel"] == direct(KOFI)]
    assert "Fay Whitaker asks how it is going." in str(message["blocks"])


def test_whoever_hands_in_before_the_nudge_is_sent_hears_nothing(season: Bench) -> None:
    with season.deps.db.begin() as session:
        fay, kofi = cast.asks(session, FAY), people.anybody(session, KOFI)
        assert kofi is not None
        service.nudge_now(session=session, viewer=fay, homework=FIRST, shown=(kofi.id or 0,), now=season.clock())
    hand_in(season, KOFI)
    at(season, season.clock())
    assert season.slack.messages == []


def test_whoever_leaves_or_is_deactivated_gets_nothing(season: Bench) -> None:
    homework.plan(season.deps, season.clock())
    with season.deps.db.begin() as session:
        cast.person(session, KOFI).gone = True
        lena = people.anybody(session, LENA)
        assert lena is not None
        for membership in people.memberships(session, lena.id or 0):
            membership.state = "left"
    at(season, NUDGE)
    assert {one["channel"] for one in season.slack.messages} == {COHORT, direct(TOMAS), direct(PRIYA)}


def test_somebody_confirmed_later_gets_what_is_still_to_come(season: Bench) -> None:
    at(season, NUDGE)
    with season.deps.db.begin() as session:
        program = season.deps.programs.all(session)[0]
        cast.join(session, program, SAM, "participant", organization="Newcomers")
    at(season, AFTER)
    assert len(season.slack.said(direct(SAM))) == 1


def test_nothing_is_said_in_a_break(season: Bench) -> None:
    # Due on the Friday after Thanksgiving: of its reminders only the post falls before the break.
    edit(season, "assignments", FIRST, due="2020-11-27 17:00")
    at(season, datetime(2020, 11, 20, 15, tzinfo=UTC))
    at(season, datetime(2020, 11, 29, 12, tzinfo=UTC))
    assert [one["channel"] for one in season.slack.messages if FIRST in str(one["blocks"])] == [COHORT]
    kofi = number(season, KOFI)
    assert season.state(f"homework.nudge:1:{FIRST}:1:{kofi}") == ("skipped", "break: Thanksgiving")


def test_a_break_that_is_entered_late_still_holds(season: Bench) -> None:
    at(season, POST)
    edit(season, "breaks", "thanksgiving", **{"from": "2020-10-19", "to": "2020-10-20"})
    at(season, NUDGE)
    assert {one["channel"] for one in season.slack.messages} == {COHORT}


def test_a_moved_homework_is_announced_at_its_new_time_and_once(season: Bench) -> None:
    homework.plan(season.deps, season.clock())
    edit(season, "assignments", FIRST, due="2020-10-23 17:00")
    at(season, POST)
    assert season.slack.messages == []
    at(season, POST + timedelta(days=2))
    assert len(season.slack.said(COHORT)) == 1


def test_homework_that_is_taken_out_is_not_announced(season: Bench) -> None:
    homework.plan(season.deps, season.clock())
    with season.deps.db.begin() as session:
        cast.take_out(session, "assignments", FIRST, now=season.clock())
    at(season, NUDGE)
    assert season.slack.messages == []
    assert season.state(f"homework.post:1:{FIRST}") == ("skipped", "no longer planned")


def test_two_homeworks_at_one_time_are_one_message_to_a_person(season: Bench) -> None:
    edit(season, "assignments", "quality-snapshot", due="2020-10-21 18:00")
    at(season, NUDGE)
    (told,) = season.slack.said(direct(KOFI))
    assert "Before we begin (sample)" in told
    assert "Where we stand with quality (sample)" in told


def test_a_bot_that_slept_past_the_due_date_does_not_announce_it(season: Bench) -> None:
    homework.plan(season.deps, season.clock())
    at(season, AFTER - timedelta(hours=1))
    assert season.slack.messages == []
    assert season.state(f"homework.post:1:{FIRST}") == ("skipped", "it was due already")


def test_planning_again_changes_nothing(season: Bench) -> None:
    homework.plan(season.deps, season.clock())
    with season.deps.db.read() as session:
        before = [(one.key, one.state, one.due_at) for one in notices.standing(session, 1, ("homework.nudge",))]
    homework.plan(season.deps, season.clock())
    with season.deps.db.read() as session:
        after = [(one.key, one.state, one.due_at) for one in notices.standing(session, 1, ("homework.nudge",))]
    assert before == after
    assert len(before) == 8 * 4 * 2
