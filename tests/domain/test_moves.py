"""What follows from a date that moves: decided once, for whoever is shown it and for what then happens."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from bot.domain import moves, planning, reminders
from bot.domain.moves import Comer, Dated, Draft, Effects, Move, Past, Said, Taker, When
from bot.domain.notices import PAST, Notice, Planned, Target, ToPerson, ToPurpose
from bot.domain.planning import Change, Standing
from bot.domain.programs import Program
from tests.calendars import clock, event, program, rule, there

NOW = there("2020-10-12 09:00")
ROOM, FACILITATORS = ToPurpose("cohort"), ToPurpose("facilitators")
OLD = When(there("2020-10-14 15:00"), there("2020-10-14 16:00"))
NEW = When(there("2020-10-16 10:00"), there("2020-10-16 11:00"))
WAS = Dated("events", "convening-1", "Convening 1", OLD)
MOVE = Move(WAS, NEW)


def said(
    spoke: When | None = OLD, *, when: When | None = OLD, to: Target = ROOM, minutes: float | None = 0, key: str = "a"
) -> Said:
    """A message some minutes ago; without them, on its way."""
    at = NOW - timedelta(minutes=minutes) if minutes is not None else None
    post = ("C1", f"{key}.0") if minutes is not None else None
    return Said(key, to, spoke, when, at, post, channel=isinstance(to, ToPurpose))


def follows(*messages: Said, move: Move = MOVE, takers: tuple[Taker, ...] = (), now: datetime = NOW) -> Effects:
    return moves.effects(move, (), messages, takers, now)


def test_what_nobody_was_told_needs_no_correction() -> None:
    assert follows().nothing


def test_each_channel_that_heard_the_old_time_is_told_once_and_every_message_is_edited() -> None:
    found = follows(said(key="a"), said(key="b"), said(key="c", to=FACILITATORS))
    assert found.corrections == (ROOM, FACILITATORS)
    assert [one.key for one in found.edits] == ["a", "b", "c"]


def test_a_person_is_not_told_in_a_message_of_its_own_but_what_they_have_is_edited() -> None:
    found = follows(said(to=ToPerson("U1")))
    assert (found.corrections, len(found.edits)) == ((), 1)


def test_what_was_said_last_decides() -> None:
    assert follows(said(OLD, minutes=9, key="a"), said(NEW, when=NEW, key="b")).corrections == ()
    assert follows(said(NEW, when=NEW, minutes=9, key="a"), said(OLD, key="b")).corrections == (ROOM,)


def test_moving_back_before_anybody_was_told_says_nothing() -> None:
    back = Move(replace(WAS, when=NEW), OLD)
    assert follows(said(OLD), move=back).nothing


def test_what_was_edited_meanwhile_is_edited_back() -> None:
    back = Move(replace(WAS, when=NEW), OLD)
    found = follows(said(OLD, when=NEW), move=back)
    assert (found.corrections, len(found.edits)) == ((), 1)


def test_what_is_on_its_way_counts_as_said() -> None:
    assert follows(said(minutes=None)).corrections == (ROOM,)


def test_two_notices_in_one_message_are_one_edit() -> None:
    one, other = said(key="a"), replace(said(key="b"), post=("C1", "a.0"))
    assert len(follows(one, other).edits) == 1


def test_a_message_that_cannot_be_made_again_is_not_counted() -> None:
    assert follows(replace(said(), fixed=True)).edits == ()


def test_what_is_over_is_not_corrected() -> None:
    past = Move(WAS, When(there("2020-10-11 10:00"), there("2020-10-11 11:00")))
    assert follows(said(), takers=(Taker(1, "U1", OLD),), move=past, now=there("2020-10-14 16:00")).nothing


def test_nobody_comes_in_vain_to_what_took_place_before() -> None:
    past = Move(WAS, When(there("2020-10-11 10:00"), there("2020-10-11 11:00")))
    found = follows(said(), takers=(Taker(1, "U1", OLD),), move=past)
    assert (found.corrections, len(found.edits), len(found.files)) == ((ROOM,), 1, 1)


def test_what_is_cancelled_is_corrected_as_long_as_it_was_ahead() -> None:
    gone = Move(WAS, None)
    assert follows(said(), move=gone).corrections == (ROOM,)
    assert follows(said(), move=gone, now=there("2020-10-14 16:00")).nothing


def test_only_calendars_that_say_something_else_get_a_new_file() -> None:
    takers = (Taker(1, "U1", OLD), Taker(2, "U2", NEW), Taker(3, "U3", None))
    assert [one.person_id for one in follows(takers=takers).files] == [1, 3]


def test_several_moves_count_a_shared_message_and_a_person_once() -> None:
    each = (follows(said(), takers=(Taker(1, "U1", OLD),)), follows(said(), takers=(Taker(1, "U1", OLD),)))
    both = moves.together(each)
    assert (len(both.edits), len(both.corrections), len(both.files)) == (1, 2, 1)


@pytest.mark.parametrize(
    ("starts", "due"),
    [
        ("2020-10-16 10:00", "2020-10-15 09:00 -0500"),
        ("2020-11-01 10:00", "2020-10-31 09:00 -0500"),
        ("2020-11-02 10:00", "2020-11-01 09:00 -0600"),
        ("2021-03-14 10:00", "2021-03-13 09:00 -0600"),
        ("2021-03-15 10:00", "2021-03-14 09:00 -0500"),
    ],
)
def test_a_reminder_keeps_its_wall_time_on_either_side_of_a_change_of_the_clock(starts: str, due: str) -> None:
    (change,) = changes(_announced("2020-10-14 15:00"), _announced(starts))
    assert clock(change.notice.due_at) == due
    assert moves.effects(MOVE, (change,), (), (), NOW).moving == (change,)


def test_a_reminder_whose_moment_has_passed_by_the_move_is_named() -> None:
    (change,) = changes(_announced("2020-10-14 15:00"), _announced("2020-10-12 15:00"))
    found = moves.effects(MOVE, (change,), (), (), NOW)
    assert (found.moving, found.unsaid) == ((), (change,))
    assert change.wanted is not None
    assert change.wanted.skip == PAST


def test_a_reminder_of_what_is_taken_out_is_withdrawn() -> None:
    found = moves.effects(Move(WAS, None), changes(_announced("2020-10-14 15:00"), program()), (), (), NOW)
    assert len(found.withdrawn) == 1


def test_a_reminder_that_was_said_of_the_old_day_is_wanted_again_for_the_new_one() -> None:
    (change,) = changes(_announced("2020-10-14 15:00"), _announced("2020-10-21 15:00"), state="delivered")
    assert change.was is None
    assert change.notice.key.endswith(":20201021T2000Z")
    assert changes(_announced("2020-10-14 15:00"), _announced("2020-10-14 15:00"), state="delivered") == ()


def _announced(starts: str) -> Program:
    day_before = rule("convening", "cohort", "1 day before at 09:00")
    return program(event("convening-1", starts), reminders=(day_before,))


def changes(before: Program, after: Program, state: str = "planned") -> tuple[Change, ...]:
    standing = {one.notice.key: Standing(one.notice, state) for one in reminders.plan(before)}
    return planning.follow(standing, reminders.plan(after), NOW)


def test_the_time_that_something_had_at_a_moment() -> None:
    first, second = NOW, NOW + timedelta(hours=2)
    history = (Past(OLD, NEW, first), Past(NEW, None, second))
    assert moves.named_at(history, None, NOW - timedelta(hours=1)) == OLD
    assert moves.named_at(history, None, NOW + timedelta(hours=1)) == NEW
    assert moves.named_at(history, None, NOW + timedelta(hours=3)) is None


def test_what_is_new_has_not_moved_and_what_is_gone_has() -> None:
    before = moves.dated(program(event("a", "2020-10-14 15:00"), event("b", "2020-10-14 15:00")))
    after = moves.dated(program(event("a", "2020-10-14 15:00"), event("c", "2020-10-14 15:00")))
    assert [(one.was.key, one.after) for one in moves.moved(before, after)] == [("b", None)]


def test_another_zone_moves_everything() -> None:
    before = moves.dated(program(event("a", "2020-10-14 15:00")))
    shifted = event("a", "2020-10-14 15:00")
    after = moves.dated(program(replace(shifted, starts_at=there("2020-10-14 15:00", "America/New_York"))))
    assert len(moves.moved(before, after)) == 1


@pytest.mark.parametrize(
    ("was", "day", "end"),
    [
        (OLD, "2020-10-20", "2020-10-20 18:00"),
        (When(there("2020-10-14 22:00"), there("2020-10-15 01:00")), "2020-10-20", "2020-10-21 18:00"),
    ],
)
def test_what_lasts_over_midnight_still_does(was: When, day: str, end: str) -> None:
    draft = Draft("events", "a", date.fromisoformat(day), time(17), time(18), was)
    start, until = moves.walls(draft, was, "America/Chicago")
    assert f"{start:%Y-%m-%d %H:%M}" == f"{day} 17:00"
    assert f"{until:%Y-%m-%d %H:%M}" == end


def test_the_soonest_moment_at_which_somebody_would_come_in_vain() -> None:
    assert moves.soonest(MOVE, NOW) == OLD.starts_at
    assert moves.soonest(MOVE, OLD.starts_at) == NEW.starts_at
    assert moves.soonest(Move(WAS, None), OLD.starts_at) is None


def test_a_notice_that_is_only_planned_anew_has_not_moved() -> None:
    notice = Notice("k", "x", ROOM, NOW + timedelta(days=1), 1, {"event": "a"})
    change = Change(Standing(notice, "planned"), Planned(replace(notice, refs={"event": "a", "starts": "x"})))
    assert moves.effects(MOVE, (change,), (), (), NOW).nothing


def test_what_was_taken_out_and_is_there_again_has_moved_and_what_is_new_has_not() -> None:
    name: tuple[moves.Section, str] = ("events", "convening-1")
    assert moves.moved({}, {name: WAS}) == ()
    (back,) = moves.moved({}, {name: WAS}, [name])
    assert (back.before, back.after) == (None, OLD)
    assert moves.soonest(back, NOW) == OLD.starts_at


def test_where_it_was_said_to_be_cancelled_it_takes_place_after_all() -> None:
    back = Move(WAS, OLD, again=True)
    assert follows(said(None, when=None), move=back).corrections == (ROOM,)
    assert follows(said(OLD), move=back).nothing, "nobody heard that it was cancelled"


def test_who_comes_is_told_unless_they_know() -> None:
    comers = (Comer(1, "U1", OLD), Comer(2, "U2", NEW), Comer(3, "U3", None))
    assert [one.person_id for one in moves.effects(MOVE, (), (), (), NOW, comers).comers] == [1, 3]
    over = Move(replace(WAS, when=When(NOW - timedelta(days=2))), None)
    assert moves.effects(over, (), (), (), NOW, comers).comers == (), "of what is over nobody is told"
