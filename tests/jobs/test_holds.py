"""A hold over a holiday: what falls due waits, the rest goes on, and afterwards it is said as one or dropped."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from bot.domain.holds import OVER, OVER_CHANGE, Before, Choice, Draft, Made, Resumed
from bot.domain.homework import NUDGE
from bot.domain.notices import DROPPED, Held, Notice, Target, ToPerson, ToPurpose
from bot.domain.reminders import EVENT
from bot.services import channels as channel_service
from bot.services import digest, holds, modes
from bot.services import notices as ledger
from bot.views.holds import home_blocks
from jobs import tick
from jobs.render import Kind
from storage import holds as rows
from storage import notices, week
from storage.notices import NoticeRow
from tests import cast
from tests.cast import ALEX, APPLICANTS, COHORT, FACILITATORS, FAY, TOMAS
from tests.fakes import refuses
from tests.jobs.conftest import Bench, say, send_all
from tests.journeys.workspace import text_of

THERE = ZoneInfo("America/Chicago")


@pytest.fixture
def season(bench: Bench) -> Bench:
    """The cast on Monday of the application week."""
    with bench.deps.db.begin() as session:
        cast.begin(session)
    for channel in (COHORT, APPLICANTS, FACILITATORS):
        bench.slack.channels[channel] = {"name": channel.lower(), "is_member": True, "is_private": True}
        bench.slack.rooms[channel] = []
    bench.kinds.update({"test.asker": Kind(say, voice="asker"), "test.staff": Kind(say, voice="staff")})
    beat(bench)
    return bench


def until(bench: Bench, wall: str) -> None:
    """Let the bot live up to a wall time in St. Louis, from one thing that is due to the next."""
    goal = datetime.fromisoformat(wall).replace(tzinfo=THERE).astimezone(UTC)
    while bench.clock.now < goal:
        now = bench.clock.now
        with bench.deps.db.read() as session:
            due = ledger.next_due(session=session, now=now, until=goal)
        bench.clock.now = max(due or goal, now + timedelta(seconds=1))
        beat(bench)


def beat(bench: Bench) -> None:
    while tick.tick(bench.deps, bench.clock()):
        bench.clock.forward(seconds=2)


def hold(bench: Bench, ends: str | None = None, channel: str | None = None, starts: str | None = None) -> int:
    def wall(text: str | None) -> tuple[date | None, time | None]:
        found = datetime.fromisoformat(text) if text else None
        return (found.date(), found.time()) if found else (None, None)

    with bench.deps.db.begin() as session:
        found = holds.hold(
            session=session,
            viewer=cast.asks(session, FAY, now=bench.clock()),
            draft=Draft(channel, "The office is closed", wall(starts), wall(ends)),
            request=f"{bench.clock()} {channel} {starts}",
            now=bench.clock(),
        )
    assert isinstance(found, Made)
    return found.hold.id


def resume(bench: Bench, hold_id: int, choice: Choice, user: str = FAY) -> Resumed | Before:
    with bench.deps.db.begin() as session:
        viewer = cast.asks(session, user, now=bench.clock())
        found = holds.resume(session=session, viewer=viewer, hold_id=hold_id, choice=choice, now=bench.clock())
    assert isinstance(found, Resumed | Before)
    return found


def put(bench: Bench, key: str, target: Target, kind: str = "test.say") -> None:
    with bench.deps.db.begin() as session:
        notices.add(session, Notice(key, kind, target, bench.clock(), 1, {"says": key}), bench.clock())


def of(bench: Bench, *kinds: str) -> list[NoticeRow]:
    with bench.deps.db.read() as session:
        found = notices.standing(session, 1, kinds)
        for one in found:
            session.expunge(one)
        return found


def test_what_falls_due_waits_and_what_is_asked_for_goes_on(season: Bench) -> None:
    hold(season)
    put(season, "post", ToPurpose("cohort"))
    put(season, "nudge", ToPerson(TOMAS))
    put(season, "receipt", ToPerson(TOMAS), "test.asker")
    put(season, "digest", ToPurpose("facilitators"), "test.staff")
    send_all(season.deps, season.clock, season.kinds)
    assert sorted(season.slack.said()) == ["digest", "receipt"]
    assert {one.key: one.state for one in of(season, "test.say")} == {"post": "held", "nudge": "held"}


def test_a_hold_of_one_channel_leaves_the_others_and_people_alone(season: Bench) -> None:
    hold(season, channel=COHORT)
    put(season, "held", ToPurpose("cohort"))
    put(season, "said", ToPurpose("applicants"))
    put(season, "alone", ToPerson(TOMAS))
    send_all(season.deps, season.clock, season.kinds)
    assert sorted(season.slack.said()) == ["alone", "said"]


def test_what_was_held_over_days_is_said_in_one_post_a_channel(season: Bench) -> None:
    hold_id = hold(season)
    until(season, "2020-10-16 12:30")
    assert season.slack.said(APPLICANTS) == []
    waiting = [one for one in of(season, EVENT) if one.state == "held"]
    assert len(waiting) > 3
    assert isinstance(resume(season, hold_id, "send"), Resumed)
    beat(season)
    (post,) = season.slack.said(APPLICANTS)
    assert post.startswith("This had to wait.")
    assert post.count("Application Office Hours") == 1, "only Friday's are not over yet, and they are said once"
    assert "Applications are due" in post
    until(season, "2020-10-16 14:50")
    assert len(season.slack.said(APPLICANTS)) == 2, "what comes afterwards is said at its time"


def test_what_was_held_is_dropped_with_who_did_so_on_record(season: Bench) -> None:
    hold_id = hold(season)
    until(season, "2020-10-14 16:30")
    held = [one for one in of(season, EVENT) if one.state == "held"]
    resume(season, hold_id, "drop")
    beat(season)
    assert season.slack.said(APPLICANTS) == []
    assert {one.reason for one in of(season, EVENT) if one.id in {row.id for row in held}} == {DROPPED}
    with season.deps.db.read() as session:
        wishes = week.of(session, [one.id or 0 for one in held])
        assert {one.deed for one in wishes.values()} == {"skip"}


def test_at_its_end_the_facilitators_are_asked_and_nothing_is_said_until_they_choose(season: Bench) -> None:
    hold_id = hold(season, "2020-10-15 10:00")
    until(season, "2020-10-15 10:01")
    (asked,) = [one for one in season.slack.said(FACILITATORS) if "The hold is over" in one]
    assert "for one of you to choose" in asked
    assert not any("This had to wait" in one for one in season.slack.said(APPLICANTS))
    until(season, "2020-10-15 12:00")
    before = len(season.slack.said(APPLICANTS))
    resume(season, hold_id, "send", ALEX)
    beat(season)
    assert len(season.slack.said(APPLICANTS)) == before + 1
    (changed,) = [one for one in season.slack.asked("chat.update") if "Alex Romero had me say" in one["text"]]
    assert "hold.send" not in str(changed)
    assert [one.state for one in of(season, OVER_CHANGE)] == ["delivered"]


def test_what_is_still_to_come_is_said_after_the_end_whatever_they_choose(season: Bench) -> None:
    hold(season, "2020-10-15 10:00")
    until(season, "2020-10-16 13:40")
    assert any("Applications are due" in one for one in season.slack.said(APPLICANTS))


def test_who_resumes_before_the_end_is_not_asked_at_the_end(season: Bench) -> None:
    hold_id = hold(season, "2020-10-15 10:00")
    resume(season, hold_id, "send")
    until(season, "2020-10-15 10:10")
    assert [(one.state, one.reason) for one in of(season, OVER)] == [("skipped", "somebody resumed before it ended")]


def test_a_hold_that_lies_ahead_holds_from_its_beginning(season: Bench) -> None:
    hold(season, "2020-10-15 20:00", starts="2020-10-14 00:00")
    until(season, "2020-10-13 23:00")
    early = len(season.slack.said(APPLICANTS))
    assert early
    until(season, "2020-10-15 19:00")
    assert len(season.slack.said(APPLICANTS)) == early


def test_the_digest_goes_on_and_quiet_does_not_matter_to_the_question(season: Bench) -> None:
    hold(season, "2020-10-15 23:30")
    until(season, "2020-10-16 09:30")
    assert "delivered" in {one.state for one in of(season, digest.REPORT)}
    assert [one.state for one in of(season, OVER)] == ["delivered"]


def test_two_at_once_choose_once(season: Bench) -> None:
    hold_id = hold(season)
    put(season, "a", ToPurpose("cohort"))
    send_all(season.deps, season.clock, season.kinds)
    assert isinstance(resume(season, hold_id, "drop"), Resumed)
    late = resume(season, hold_id, "send", ALEX)
    assert isinstance(late, Before)
    assert (late.hold.ended_by, late.hold.chose) == ("Fay Whitaker", "drop")
    send_all(season.deps, season.clock, season.kinds)
    assert season.slack.said(COHORT) == []


def test_what_was_on_its_way_to_being_held_when_somebody_resumed_is_said(season: Bench) -> None:
    """The sender had looked at the hold before it ended, and writes down what came of that after."""
    hold_id = hold(season)
    put(season, "a", ToPurpose("cohort"))
    with season.deps.db.begin() as session:
        (claimed,) = ledger.claim_due(session=session, now=season.clock())
    resume(season, hold_id, "send")
    with season.deps.db.begin() as session:
        ledger.settle(session=session, claimed=claimed, outcome=Held(hold_id), now=season.clock())
    send_all(season.deps, season.clock, season.kinds)
    assert season.slack.said(COHORT) == ["a"]


def test_a_wider_hold_keeps_what_a_narrower_one_has_let_go(season: Bench) -> None:
    narrow = hold(season, channel=COHORT)
    put(season, "a", ToPurpose("cohort"))
    send_all(season.deps, season.clock, season.kinds)
    wide = hold(season)
    found = resume(season, narrow, "send")
    assert isinstance(found, Resumed)
    assert [one.id for one in found.others] == [wide]
    send_all(season.deps, season.clock, season.kinds)
    assert season.slack.said(COHORT) == []
    with season.deps.db.read() as session:
        assert [one.key for one in rows.held(session, wide)] == ["a"]


def test_planning_again_leaves_alone_what_is_held_and_what_was_let_go(season: Bench) -> None:
    hold_id = hold(season)
    until(season, "2020-10-14 14:00")
    held = {one.key for one in of(season, EVENT) if one.state == "held"}
    with season.deps.db.begin() as session:
        there, viewer = season.deps.programs, cast.asks(session, FAY)
        modes.go_live(session=session, programs=there, viewer=viewer, request="live", now=season.clock())
    beat(season)
    assert {one.key for one in of(season, EVENT) if one.state == "held"} == held
    resume(season, hold_id, "send")
    beat(season)
    assert {one.state for one in of(season, EVENT) if one.key in held} <= {"delivered", "skipped"}
    assert "delivered" in {one.state for one in of(season, EVENT) if one.key in held}


def test_personal_reminders_wait_as_well_and_reach_only_who_is_still_missing(season: Bench) -> None:
    until(season, "2020-10-19 08:00")
    hold_id = hold(season)
    until(season, "2020-10-20 12:00")
    waiting = [one for one in of(season, NUDGE) if one.state == "held"]
    assert waiting
    resume(season, hold_id, "send")
    beat(season)
    assert {one.state for one in of(season, NUDGE) if one.id in {row.id for row in waiting}} == {"delivered"}


# What Slack refused while a channel was archived


def becomes(bench: Bench, what: Literal["archived", "unarchived", "out"], channel: str = APPLICANTS) -> None:
    bench.slack.channels[channel] |= {"is_archived": what == "archived", "is_member": what != "out"}
    with bench.deps.db.begin() as session:
        channel_service.happened(session=session, team=cast.TEAM, channel=channel, what=what, now=bench.clock())


def archived_until(bench: Bench, wall: str) -> None:
    """The applicants' channel is archived on Monday, and is not any more."""
    becomes(bench, "archived")
    until(bench, wall)
    becomes(bench, "unarchived")
    beat(bench)


def asked_about(bench: Bench) -> int:
    """The hold that the facilitators are asked about."""
    (notice,) = of(bench, OVER)
    return int(notice.refs["hold"])


def test_after_a_channel_is_taken_out_of_the_archive_the_facilitators_choose_what_becomes_of_what_was_refused(
    season: Bench,
) -> None:
    archived_until(season, "2020-10-16 12:30")
    (asked,) = [one for one in season.slack.asked("chat.postMessage") if "again" in str(one.get("text"))][-1:]
    words = text_of(asked["blocks"])
    assert f"*I can post in <#{APPLICANTS}> again.* Slack refused what fell due meanwhile" in words
    assert "the channel was archived." in words
    assert "about something that is over by now, and will not be said" in words
    assert season.slack.said(APPLICANTS) == []
    resume(season, asked_about(season), "send")
    beat(season)
    (post,) = season.slack.said(APPLICANTS)
    assert post.startswith("This had to wait.")
    assert post.count("Application Office Hours") == 1, "only Friday's are not over yet"
    (changed,) = [one for one in season.slack.asked("chat.update") if "had me say what was refused" in one["text"]]
    assert changed["text"].startswith(f"*I post in <#{APPLICANTS}> again.* Fay Whitaker")


def test_what_was_refused_can_be_left(season: Bench) -> None:
    archived_until(season, "2020-10-14 16:30")
    resume(season, asked_about(season), "drop")
    beat(season)
    assert season.slack.said(APPLICANTS) == []
    assert {one.reason for one in of(season, EVENT) if one.settled_at is not None} == {DROPPED}


def test_nobody_is_asked_where_nothing_was_refused(season: Bench) -> None:
    becomes(season, "archived")
    becomes(season, "unarchived")
    until(season, "2020-10-12 09:05")
    assert of(season, OVER) == []


def test_what_was_refused_for_another_reason_or_before_is_not_asked_about(season: Bench) -> None:
    season.slack.next_time("chat.postMessage", refuses("msg_too_long"))
    put(season, "wrong", ToPurpose("applicants"), EVENT)
    season.clock.forward(hours=1)
    becomes(season, "archived")
    season.clock.forward(hours=1)
    becomes(season, "unarchived")
    beat(season)
    assert of(season, OVER) == []


def test_each_time_is_asked_about_for_itself_and_delivered_twice_once(season: Bench) -> None:
    archived_until(season, "2020-10-14 09:30")
    becomes(season, "unarchived")
    beat(season)
    assert len(of(season, OVER)) == 1
    becomes(season, "archived")
    until(season, "2020-10-15 09:30")
    becomes(season, "unarchived")
    beat(season)
    first, second = sorted(int(one.refs["hold"]) for one in of(season, OVER))
    resume(season, second, "drop")
    resume(season, first, "drop")
    assert season.slack.said(APPLICANTS) == []


def test_what_was_refused_waits_on_the_home_of_those_who_run_the_program(season: Bench) -> None:
    archived_until(season, "2020-10-14 09:30")
    with season.deps.db.read() as session:
        program = season.deps.programs.by_id(session, 1)
        assert program is not None
        standing = holds.standing(session=session, program=program, now=season.clock())
    said = text_of(home_blocks(standing))
    assert f"*Slack refused what I had to post in <#{APPLICANTS}>* until" in said
    assert "Why: the channel was archived. Now I can post there again." in said
    assert "for you to choose" in said


def test_to_be_invited_again_is_the_same(season: Bench) -> None:
    becomes(season, "out")
    until(season, "2020-10-14 09:30")
    season.slack.channels[APPLICANTS]["is_member"] = True
    with season.deps.db.begin() as session:
        channel_service.invited(
            session=session,
            programs=season.deps.programs,
            team=cast.TEAM,
            channel=APPLICANTS,
            inviter=FAY,
            room=None,
            delivery="e",
            now=season.clock(),
        )
    beat(season)
    assert any("I was not in the channel" in str(one) for one in season.slack.asked("chat.postMessage"))
