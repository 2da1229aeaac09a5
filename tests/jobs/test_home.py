"""Homes that are no longer true are made anew, once."""

from __future__ import annotations

from sqlmodel import Session, select

from bot.domain.memberships import Asked
from bot.domain.once import Saved
from bot.domain.reflections import Answer, Draft
from bot.services import home as services
from bot.services import memberships, reflections
from bot.services.programs import Programs
from jobs import home
from storage.people import Person
from tests import cast
from tests.cast import ADA, ALEX, COHORT, FAY, JUNE, KOFI, MONDAY, PRIYA, SAM, TEAM, TOMAS
from tests.fakes import FakeSlack, refuses
from tests.jobs.conftest import Bench
from tests.journeys.workspace import text_of


def _opened(session: Session, user: str) -> None:
    services.opened(session=session, programs=Programs(), team=TEAM, user=user, now=MONDAY)


def test_a_facilitator_who_looks_at_their_home_sees_who_has_just_joined(either_bench: Bench, slack: FakeSlack) -> None:
    with either_bench.deps.db.begin() as session:
        cast.begin(session)
        cast.person(session, SAM, "Sam Lee")
        _opened(session, FAY)
    home.publish(either_bench.deps, MONDAY)
    assert slack.homes == {}
    with either_bench.deps.db.begin() as session:
        joined = memberships.joined(
            session=session, programs=Programs(), team=TEAM, user=SAM, channel=COHORT, now=MONDAY
        )  # fmt: skip
        assert isinstance(joined, Asked)
    for _ in range(2):
        home.publish(either_bench.deps, MONDAY)
    assert [one["user_id"] for one in slack.asked("views.publish")] == [FAY]
    assert "*Sam Lee*" in text_of(slack.homes[FAY]["blocks"])


def test_what_somebody_does_refreshes_their_own_home_only(bench: Bench, slack: FakeSlack) -> None:
    with bench.deps.db.begin() as session:
        cast.begin(session)
        _opened(session, ADA)
        _opened(session, FAY)
    with bench.deps.db.begin() as session:
        cast.asks(session, ADA)
    home.publish(bench.deps, MONDAY)
    assert list(slack.homes) == [ADA]


def test_a_reflection_is_shown_to_its_organization_and_those_who_read_it(either_bench: Bench, slack: FakeSlack) -> None:
    answers = (Answer("program", "A good day?", "Loud."), Answer("hope", "Ten months from now?", "Calm."))
    draft = Draft("before-we-begin", answers, "", "facilitators")
    with either_bench.deps.db.begin() as session:
        cast.begin(session)
        for user in (ADA, TOMAS, PRIYA, KOFI, JUNE, FAY, ALEX):
            _opened(session, user)
    with either_bench.deps.db.begin() as session:
        tomas = cast.asks(session, TOMAS)
        outcome = reflections.submit(session=session, viewer=tomas, draft=draft, key="V1", now=MONDAY)
        assert isinstance(outcome, Saved)
    home.publish(either_bench.deps, MONDAY)
    assert set(slack.homes) == {TOMAS, PRIYA, JUNE, FAY}


def test_one_that_slack_does_not_take_holds_nobody_up_and_waits_to_be_opened(bench: Bench, slack: FakeSlack) -> None:
    with bench.deps.db.begin() as session:
        cast.begin(session)
        for user in (ADA, FAY):
            _opened(session, user)
            cast.asks(session, user)
    slack.next_time("views.publish", refuses("not_enabled"))
    for _ in range(2):
        home.publish(bench.deps, MONDAY)
    assert len(slack.asked("views.publish")) == 2
    assert list(slack.homes) == [FAY]


def test_who_has_left_the_workspace_is_shown_nothing(bench: Bench, slack: FakeSlack) -> None:
    with bench.deps.db.begin() as session:
        cast.begin(session)
        _opened(session, ADA)
        cast.asks(session, ADA)
        session.exec(select(Person).where(Person.user_id == ADA)).one().gone = True
    home.publish(bench.deps, MONDAY)
    assert slack.homes == {}


def test_while_slack_cannot_be_heard_one_home_is_tried_and_the_others_wait_for_the_next_turn(
    bench: Bench, slack: FakeSlack
) -> None:
    with bench.deps.db.begin() as session:
        cast.begin(session)
        for user in (ADA, FAY, TOMAS):
            _opened(session, user)
            cast.asks(session, user)
    slack.next_time("views.publish", refuses("internal_error"))
    home.publish(bench.deps, MONDAY)
    assert len(slack.asked("views.publish")) == 1
    home.publish(bench.deps, MONDAY)
    assert len(slack.homes) == 2
