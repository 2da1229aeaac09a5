"""The offer of a draft as the sender makes it, and drafts that are old enough to go."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from bot.domain.drafts import About, Closed, Typed
from bot.services import drafts
from jobs import drafts as jobs
from jobs import registry
from storage.drafts import Draft
from tests.cast import MONDAY, TEAM, TOMAS, asks, begin
from tests.fakes import FakeSlack, hangs_up
from tests.jobs.conftest import Bench, HandClock, send_all
from tests.services.test_drafts import typed
from tests.services.test_reflections import FIRST

SOON = timedelta(seconds=5)


def left(bench: Bench, *more: Typed | Closed) -> None:
    """Tomás has typed something on Monday at nine."""
    with bench.deps.db.begin() as session:
        begin(session)
        drafts.write(session=session, what=[typed(), *more])


def at(bench: Bench, clock: HandClock, slack: FakeSlack, **later: float) -> list[str]:
    """What has been said by then."""
    clock.now = MONDAY + timedelta(**later)
    send_all(bench.deps, clock, registry.KINDS)
    return slack.said()


def test_it_is_offered_once_a_minute_after_a_closed_form(
    either_bench: Bench, clock: HandClock, slack: FakeSlack
) -> None:
    left(either_bench, Closed(TEAM, TOMAS, "V1", MONDAY + SOON))
    assert at(either_bench, clock, slack, seconds=50) == []
    (said,) = at(either_bench, clock, slack, seconds=61)
    assert (
        said == "You began a reflection on *Before we begin (sample)* and have not handed it in. I kept what you typed."
    )
    assert len(at(either_bench, clock, slack, hours=48)) == 1


def test_whoever_writes_on_is_left_alone_until_ten_minutes_after_their_last_word(
    bench: Bench, clock: HandClock, slack: FakeSlack
) -> None:
    left(bench)
    for minutes in range(5, 60, 5):
        assert at(bench, clock, slack, minutes=minutes) == []
        with bench.deps.db.begin() as session:
            drafts.write(session=session, what=[typed(at=clock())])
    assert len(at(bench, clock, slack, minutes=70)) == 1


def test_what_was_thrown_away_meanwhile_is_not_offered(bench: Bench, clock: HandClock, slack: FakeSlack) -> None:
    left(bench)
    with bench.deps.db.begin() as session:
        drafts.finish(session=session, viewer=asks(session, TOMAS), about=About("reflection", 1, FIRST), now=MONDAY)
    assert at(bench, clock, slack, hours=1) == []


def test_an_offer_says_what_became_of_the_draft(either_bench: Bench, clock: HandClock, slack: FakeSlack) -> None:
    left(either_bench)
    at(either_bench, clock, slack, minutes=11)
    with either_bench.deps.db.begin() as session:
        viewer = asks(session, TOMAS)
        drafts.finish(session=session, viewer=viewer, about=About("reflection", 1, FIRST), now=clock())
    (said,) = at(either_bench, clock, slack, minutes=12)
    assert said == "You began a reflection on *Before we begin (sample)*, and handed it in."


def test_an_offer_of_which_nobody_heard_is_not_made_twice(bench: Bench, clock: HandClock, slack: FakeSlack) -> None:
    left(bench)
    slack.next_time("chat.postMessage", hangs_up(acts=True))
    at(bench, clock, slack, minutes=11)
    assert len(at(bench, clock, slack, minutes=30)) == 1


def test_what_nobody_touches_for_thirty_days_goes_and_its_offer_says_so(
    either_bench: Bench, clock: HandClock, slack: FakeSlack
) -> None:
    left(either_bench)
    at(either_bench, clock, slack, minutes=11)
    jobs.forget_old(either_bench.deps, MONDAY + timedelta(days=29))
    with either_bench.deps.db.read() as session:
        assert len(session.exec(select(Draft)).all()) == 1
    jobs.forget_old(either_bench.deps, MONDAY + timedelta(days=31))
    with either_bench.deps.db.read() as session:
        assert session.exec(select(Draft)).all() == []
    (said,) = at(either_bench, clock, slack, days=31, minutes=1)
    assert said.endswith("The draft is gone.")
