"""A week before it is said: what stands in it, and that what facilitators decide holds, whatever else changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session

from bot.domain.notices import LEFT_OUT, NO_LONGER_PLANNED, Delivered
from bot.domain.people import NotAllowed
from bot.domain.week import Before, Change, Changed, Decided, Deed, Form, Gone, Problems, Week
from bot.services import homework, planning, programs, reminders, week
from bot.services import notices as ledger
from bot.services.programs import Edited, Programs
from storage import notices
from storage.database import Database
from storage.notices import NoticeRow
from storage.programs import items
from tests import cast
from tests.cast import ALEX, APPLICANTS, COHORT, FAY, MONDAY, PRIYA

FRIDAY = datetime(2020, 10, 9, 19, 0, tzinfo=UTC)
"""Two in the afternoon, before the application week."""
THIS = date(2020, 10, 12)
FIRST_DUE = datetime(2020, 10, 13, 14, 0, tzinfo=UTC)


@pytest.fixture
def season(db: Database) -> Iterator[Session]:
    """The cast on the Friday before, with everything planned, on each engine."""
    with db.begin() as session:
        cast.begin(session, FRIDAY)
        plan(session, FRIDAY)
        yield session


def plan(session: Session, now: datetime) -> None:
    for feature in (reminders.FEATURE, homework.FEATURE):
        planning.follow(session=session, programs=Programs(), slug="ost-cop", feature=feature, now=now)
    session.expire_all()


def look(session: Session, user: str = FAY, now: datetime = FRIDAY, monday: date | None = None) -> Week:
    found = week.look(session=session, viewer=cast.asks(session, user), monday=monday, now=now)
    assert isinstance(found, Week)
    return found


def decide(
    session: Session, rows: tuple[int, ...], deed: Deed, user: str = FAY, now: datetime = FRIDAY
) -> Decided | Before | Gone | NotAllowed:
    return week.decide(
        session=session,
        viewer=cast.asks(session, user, now=now),
        posts=rows,
        deed=deed,
        request=f"{user}:{deed}:{rows}:{now}",
        now=now,
    )


def change(
    session: Session, rows: tuple[int, ...], text: str | None, words: str | None = None, was: str | None = None
) -> object:
    found = week.form(session=session, viewer=cast.asks(session, FAY), posts=rows, now=FRIDAY)
    before = found.text if isinstance(found, Form) else None
    asked = Change(rows, text, words, week.mark(before) if was is None else was)
    return week.change(
        session=session, programs=Programs(), viewer=cast.asks(session, FAY), asked=asked, request="r", now=FRIDAY
    )


def row_of(session: Session, row_id: int) -> NoticeRow:
    session.expire_all()
    return session.get_one(NoticeRow, row_id)


def wednesday(session: Session) -> tuple[int, ...]:
    """The post about Wednesday's office hours, that morning."""
    return next(one for one in look(session).posts if one.event and one.event.key == "office-hours-wednesday").rows


def edit(session: Session, section: str, key: str, **fields: object) -> None:
    item = next(one for one in items(session, 1) if (one.section, one.key) == (section, key))
    outcome = programs.edit_item(
        session=session, slug="ost-cop", section=section, key=key, body={**item.body, **fields}, by=FAY, now=FRIDAY
    )
    assert isinstance(outcome, Edited)


def test_on_a_friday_it_is_next_week_and_on_a_monday_this_one(season: Session) -> None:
    assert look(season).monday == THIS
    assert look(season, now=MONDAY).monday == THIS
    assert look(season, now=MONDAY + timedelta(days=4)).monday == THIS + timedelta(days=7)


def test_it_holds_what_channels_are_told_and_counts_what_people_are_told(season: Session) -> None:
    found = look(season, monday=THIS + timedelta(days=7))
    assert {one.purpose for one in found.posts} <= {"applicants", "cohort", "facilitators"}
    assert [(one.assignment.key, one.count) for one in found.nudges] == [("before-we-begin", 8)]
    assert look(season).channels["cohort"] == COHORT
    assert look(season).channels["applicants"] == APPLICANTS


def test_what_is_said_together_stands_at_the_time_of_the_first(season: Session) -> None:
    edit(season, "events", "office-hours-wednesday", starts="2020-10-14 09:30", ends="2020-10-14 10:00")
    plan(season, FRIDAY)
    morning = [one for one in look(season).posts if one.event and one.event.key == "office-hours-wednesday"]
    assert [len(one.rows) for one in morning] == [2]
    assert {one.at for one in morning} == {datetime(2020, 10, 14, 14, 0, tzinfo=UTC)}


@pytest.mark.parametrize("user", [PRIYA, cast.SAM, cast.JUNE])
def test_whoever_does_not_run_the_program_is_refused(season: Session, user: str) -> None:
    rows = wednesday(season)
    for deed in ("skip", "hold", "say"):
        assert isinstance(decide(season, rows, deed, user), NotAllowed)
    viewer = cast.asks(season, user)
    assert isinstance(week.look(session=season, viewer=viewer, monday=None, now=FRIDAY), NotAllowed)
    assert isinstance(week.form(session=season, viewer=viewer, posts=rows, now=FRIDAY), NotAllowed)
    assert row_of(season, rows[0]).state == "planned"


def test_what_is_skipped_is_on_record_and_can_be_said_after_all(season: Session) -> None:
    rows = wednesday(season)
    outcome = decide(season, rows, "skip")
    assert isinstance(outcome, Decided)
    assert (outcome.post.standing, outcome.post.by) == ("left out", "Fay Whitaker")
    assert (row_of(season, rows[0]).state, row_of(season, rows[0]).reason) == ("skipped", LEFT_OUT)
    due = row_of(season, rows[0]).due_at
    assert isinstance(decide(season, rows, "say"), Decided)
    assert (row_of(season, rows[0]).state, row_of(season, rows[0]).due_at) == ("planned", due)


def test_what_was_skipped_cannot_be_said_after_its_time(season: Session) -> None:
    rows = wednesday(season)
    decide(season, rows, "skip")
    outcome = decide(season, rows, "say", now=MONDAY + timedelta(days=3))
    assert isinstance(outcome, Before)
    assert outcome.post.standing == "left out"
    assert row_of(season, rows[0]).state == "skipped"


def test_of_two_who_press_at_once_one_has_an_effect(season: Session) -> None:
    rows = wednesday(season)
    assert isinstance(decide(season, rows, "skip", FAY), Decided)
    second = decide(season, rows, "hold", ALEX)
    assert isinstance(second, Before)
    assert (second.post.standing, second.post.by) == ("left out", "Fay Whitaker")
    assert row_of(season, rows[0]).state == "skipped"


def test_the_same_press_delivered_twice_is_one(season: Session) -> None:
    rows = wednesday(season)
    assert isinstance(decide(season, rows, "hold"), Decided)
    assert isinstance(decide(season, rows, "hold"), Decided)
    assert isinstance(decide(season, rows, "hold", ALEX), Before)


def test_what_is_held_is_never_claimed_and_is_said_at_once_when_let_go_late(season: Session) -> None:
    rows = wednesday(season)
    decide(season, rows, "hold")
    late = row_of(season, rows[0]).due_at + timedelta(days=2)
    drain(season, late)
    assert notices.counts(season)["delivered"] > 3
    assert row_of(season, rows[0]).state == "held"
    assert isinstance(decide(season, rows, "say", ALEX, late), Decided)
    assert row_of(season, rows[0]).due_at == late
    plan(season, late)
    edit(season, "events", "office-hours-wednesday", prep="Bring a question.")
    plan(season, late)
    assert (row_of(season, rows[0]).state, row_of(season, rows[0]).due_at) == ("planned", late)


def drain(session: Session, now: datetime) -> None:
    """Say everything that is due, without a Slack, at the pace of one."""
    for second in range(0, 600, 2):
        at = now + timedelta(seconds=second)
        for one in ledger.claim_due(session=session, now=at):
            ledger.settle(session=session, claimed=one, outcome=Delivered("C1", "1.1"), now=at)
    session.expire_all()


def test_what_is_held_before_its_time_goes_back_to_its_time(season: Session) -> None:
    rows = wednesday(season)
    due = row_of(season, rows[0]).due_at
    decide(season, rows, "hold")
    decide(season, rows, "say")
    assert row_of(season, rows[0]).due_at == due


@pytest.mark.parametrize(("deed", "state"), [("hold", "held"), ("skip", "skipped")])
def test_a_date_that_moves_takes_what_was_decided_along(season: Session, deed: Deed, state: str) -> None:
    rows = wednesday(season)
    decide(season, rows, deed)
    before = row_of(season, rows[0]).due_at
    edit(season, "events", "office-hours-wednesday", starts="2020-10-15 15:00", ends="2020-10-15 16:00")
    plan(season, FRIDAY)
    row = row_of(season, rows[0])
    assert (row.state, row.due_at) == (state, before + timedelta(days=1))


def test_what_is_held_and_no_longer_in_the_program_is_withdrawn(season: Session) -> None:
    rows = wednesday(season)
    decide(season, rows, "hold")
    cast.take_out(season, "events", "office-hours-wednesday", now=FRIDAY)
    plan(season, FRIDAY)
    assert (row_of(season, rows[0]).state, row_of(season, rows[0]).reason) == ("skipped", NO_LONGER_PLANNED)


def test_what_was_said_cannot_be_skipped_held_or_changed(season: Session) -> None:
    rows = wednesday(season)
    drain(season, MONDAY + timedelta(days=3))
    for deed in ("skip", "hold", "say"):
        outcome = decide(season, rows, deed, now=MONDAY + timedelta(days=3))
        assert isinstance(outcome, Before)
        assert outcome.post.standing == "said"
    assert isinstance(week.form(session=season, viewer=cast.asks(season, FAY), posts=rows, now=FRIDAY), Before)


def test_a_post_that_is_not_there_is_said_to_be_gone(season: Session) -> None:
    nudge = notices.standing(season, 1, ("homework.nudge",))[0]
    for rows in ((), (99999,), (nudge.id or 0,)):
        assert isinstance(decide(season, rows, "skip"), Gone)
        assert isinstance(week.form(session=season, viewer=cast.asks(season, FAY), posts=rows, now=FRIDAY), Gone)


def test_what_is_held_from_an_earlier_week_stays_in_view(season: Session) -> None:
    rows = wednesday(season)
    decide(season, rows, "hold")
    found = look(season, monday=THIS + timedelta(days=14))
    assert found.posts[0].rows == rows
    program = cast.asks(season, FAY).of_program
    assert [one.rows for one in week.held(session=season, program=program)] == [rows]


# What it says


def test_the_programs_own_words_are_changed_for_all_that_say_them(season: Session) -> None:
    rows = wednesday(season)
    outcome = change(season, rows, "Bring a draft & a pen.  \n", "See you <there>")
    assert isinstance(outcome, Changed)
    assert outcome.rewritten
    program = Programs().get(season, "ost-cop")
    assert program is not None
    assert program.event("office-hours-wednesday").prep == "Bring a draft & a pen."  # type: ignore[union-attr]
    assert (outcome.post.words, outcome.post.words_by) == ("See you <there>", "Fay Whitaker")


def prep(session: Session) -> str:
    """The mark of what stands at Wednesday's office hours now."""
    event = cast.asks(session, FAY).of_program.event("office-hours-wednesday")
    assert event is not None
    return week.mark(event.prep)


def test_the_same_form_handed_in_twice_is_one(season: Session) -> None:
    rows = wednesday(season)
    was = prep(season)
    assert isinstance(change(season, rows, "Bring a draft.", was=was), Changed)
    again = change(season, rows, "Bring a draft.", was=was)
    assert isinstance(again, Changed)
    assert not again.rewritten


def test_words_that_somebody_else_has_changed_meanwhile_are_not_overwritten(season: Session) -> None:
    rows = wednesday(season)
    was = prep(season)
    change(season, rows, "Bring a draft.")
    outcome = change(season, rows, "Bring cake.", was=was)
    assert isinstance(outcome, Problems)
    assert outcome.problems[0][0] == "text"


def test_what_is_too_long_or_missing_is_refused_with_its_field(season: Session) -> None:
    rows = wednesday(season)
    assert change(season, rows, None, "x" * 301) == Problems(
        (("words", "Up to 300 characters, please: these are 301."),)
    )
    assert isinstance(change(season, rows, "x" * 2600), Problems)
    post = next(one for one in look(season, monday=THIS).posts if one.assignment is not None)
    assert change(season, post.rows, "  ") == Problems((("text", "Homework needs words: say what is to be done."),))


def test_an_emptied_prep_is_taken_out_of_the_program(season: Session) -> None:
    rows = wednesday(season)
    change(season, rows, "Bring a draft.")
    assert isinstance(change(season, rows, ""), Changed)
    program = Programs().get(season, "ost-cop")
    assert program is not None
    assert program.event("office-hours-wednesday").prep is None  # type: ignore[union-attr]
