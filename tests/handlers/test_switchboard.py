"""My messages: pausing and its end, where reminders come, language, one's own record, leaving."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.domain import switchboard as rules
from bot.domain.homework import NUDGE, Nudge
from bot.domain.notices import Notice, ToPerson
from bot.services import drafts as draft_service
from bot.services import home, homework
from bot.services import switchboard as services
from bot.services.quiet import AGAIN
from handlers import reflections, switchboard
from handlers.request import Body
from jobs.registry import KINDS
from storage import notices
from storage.notices import NoticeRow
from storage.people import Membership, Person
from storage.switchboard import Switchboard
from tests.cast import ALEX, FAY, JUNE, KOFI, PRIYA, SAM, TEAM, TOMAS, who
from tests.handlers.desk import Desk, filled
from tests.handlers.talk import Talk
from tests.jobs.conftest import send_all
from tests.journeys.workspace import text_of

DRAFT = draft_service.KEPT


def pause(season: Desk, day: str | None = "2020-10-19", how: str = "day", user: str = TOMAS, n: int = 1) -> Body:
    """The form, filled in and handed in."""
    season.press(switchboard.open_pause, user, "1:")
    view = season.shown()
    values: dict[str, Any] = {
        "switchboard.how": {"switchboard.how": {"selected_option": {"value": how}}},
        "switchboard.day": {"switchboard.day": {"selected_date": day}},
    }
    view = {**view, "id": f"V{n}", "state": {"values": values}}
    return season.submit(switchboard.pause, user, view)


def reminder(season: Desk, key: str = "r", kind: str = NUDGE, user: str = TOMAS) -> str:
    """A reminder that falls due now; its state after the sender has looked at it."""
    now = season.clock()
    with season.deps.db.begin() as session:
        person = session.exec(select(Person).where(Person.user_id == user)).one()
        refs = {"homework": "before-we-begin", "person": person.id}
        notices.add(session, Notice(key, kind, ToPerson(user), now, 1, refs), now)
    send_all(season.deps, season.clock, KINDS)
    with season.deps.db.read() as session:
        row = notices.get(session, key)
        assert row is not None
        return row.reason or row.state


def told(season: Desk, user: str = TOMAS) -> list[str]:
    return [one["text"] for one in season.slack.messages if one["channel"] == f"D{user[1:]}"]


def row(season: Desk) -> Switchboard:
    with season.deps.db.read() as session:
        return session.exec(select(Switchboard)).one()


def test_the_window_has_all_there_is_to_choose(season: Desk) -> None:
    season.press(switchboard.open_window, TOMAS, "1:")
    words = text_of(season.shown())
    for one in ("Pause my messages until…", "Quiet hours", "Reminders", "Language", "See my record", "Leave…"):
        assert one in words


def test_settings_is_a_word_in_the_direct_message(season: Desk) -> None:
    talk = Talk(season, TOMAS)
    assert "My messages" in talk.write("settings")
    assert "Mis mensajes" in talk.write("Ajustes")


def test_while_paused_reminders_are_not_said_and_one_line_comes_at_the_end(season: Desk) -> None:
    answer = pause(season)
    assert "Paused" in text_of(answer["view"])
    season.clock.forward(days=1)
    assert reminder(season) == rules.PAUSED
    assert told(season) == []
    season.clock.now = datetime.fromisoformat("2020-10-19T14:00:30+00:00")
    send_all(season.deps, season.clock, KINDS)
    assert told(season) == ["Your pause is over: I write to you again. Meanwhile 1 message of mine fell due."]
    season.clock.forward(days=1)
    assert reminder(season, "r2") == "delivered"


def test_nothing_of_before_comes_later(season: Desk) -> None:
    pause(season, None, "open")
    assert reminder(season) == rules.PAUSED
    season.clock.forward(days=40)
    send_all(season.deps, season.clock, KINDS)
    assert told(season) == []
    season.press(switchboard.resume, TOMAS, "1:")
    season.press(switchboard.resume, TOMAS, "1:")
    send_all(season.deps, season.clock, KINDS)
    assert len(told(season)) == 1
    assert "1 message of mine fell due" in told(season)[0]


def test_receipts_and_answers_go_on(season: Desk) -> None:
    pause(season)
    season.command(reflections.command, TOMAS)
    season.submit(reflections.submit, TOMAS, filled(season.shown(), program="Loud.", hope="Calm."))
    send_all(season.deps, season.clock, KINDS)
    assert any("Saved as no. 1" in one for one in told(season))
    talk = Talk(season, TOMAS)
    assert "Oct" in talk.write("When is the application due?")


def test_a_colleague_is_reminded_all_the_same(season: Desk) -> None:
    pause(season)
    assert reminder(season, "priya", user=PRIYA) == "delivered"


def test_a_facilitators_nudge_names_who_has_paused_and_leaves_them_out(season: Desk) -> None:
    pause(season)
    with season.deps.db.begin() as session:
        session.info["program"] = season.deps.programs.by_id(session, 1)
        found = homework.nudge_list(
            session=session, viewer=who(session, FAY), homework="before-we-begin", now=season.clock()
        )
    assert isinstance(found, Nudge)
    assert "Tomás Rivera" not in [one.name for one in found.people]
    assert [one.name for one in found.resting] == ["Tomás Rivera"]
    assert "Priya Nair" in [one.name for one in found.people]


def test_a_facilitator_sees_that_somebody_paused_and_nobody_else_does(season: Desk) -> None:
    pause(season)
    for user, sees in ((FAY, True), (PRIYA, False), (JUNE, False)):
        with season.deps.db.begin() as session:
            found = home.gather(
                session=session, programs=season.deps.programs, team=TEAM, user=user, now=season.clock()
            )
        assert found is not None
        assert bool(found.parts[0].pausing) is sees


@pytest.mark.parametrize(
    ("day", "words"),
    [(None, "Choose the first day"), ("2020-10-12", "Choose a day from Tue"), ("2022-01-01", "Up to a year")],
)
def test_a_pause_needs_a_day_to_come(season: Desk, day: str | None, words: str) -> None:
    assert words in str(pause(season, day)["errors"])


def test_the_same_form_twice_pauses_once_and_another_day_takes_its_place(season: Desk) -> None:
    pause(season)
    pause(season)
    pause(season, "2020-10-26", n=2)
    season.clock.now = datetime.fromisoformat("2020-10-20T12:00:00+00:00")
    send_all(season.deps, season.clock, KINDS)
    assert told(season) == []
    assert row(season).paused_until == datetime.fromisoformat("2020-10-26T05:00:00+00:00")


def test_a_pause_that_is_put_back_to_where_it_was_still_ends_with_a_word(season: Desk) -> None:
    pause(season)
    pause(season, "2020-10-26", n=2)
    pause(season, "2020-10-19", n=3)
    season.clock.now = datetime.fromisoformat("2020-10-19T14:01:00+00:00")
    send_all(season.deps, season.clock, KINDS)
    assert len(told(season)) == 1


def choose(season: Desk, action: str, value: str) -> None:
    action_ = {"type": "static_select", "action_id": action, "selected_option": {"value": f"1:{value}"}}
    body = {
        "type": "block_actions",
        "trigger_id": "t",
        "actions": [{**action_, "action_ts": "1.0"}],
        "user": {"id": TOMAS, "team_id": TEAM},
        "team": {"id": TEAM},
        "container": {"type": "message", "channel_id": "D1", "message_ts": "1.0"},
    }
    season._call(switchboard.choose, body)


def test_in_the_channel_only_means_no_reminder_directly(season: Desk) -> None:
    choose(season, "switchboard.reminders", "channel")
    assert reminder(season) == rules.CHANNEL_ONLY
    choose(season, "switchboard.reminders", "direct")
    assert reminder(season, "r2") == "delivered"


def test_the_language_that_is_chosen_holds_whatever_is_written(season: Desk) -> None:
    choose(season, "switchboard.language", "es")
    talk = Talk(season, TOMAS)
    assert "Pausas, horas de silencio" in talk.write("settings")
    assert "Escribamos aquí" in talk.begin()
    choose(season, "switchboard.language", "nonsense")
    assert row(season).language is None


def handed_in(season: Desk, words: str = "Loud.") -> None:
    season.command(reflections.command, TOMAS)
    season.submit(reflections.submit, TOMAS, filled(season.shown(), program=words, hope="Calm.", before="2"))


def test_my_record_shows_what_was_handed_in_to_its_author_alone(season: Desk) -> None:
    season.press(switchboard.record, TOMAS, "1:")
    assert "not handed in anything yet" in text_of(season.shown())
    handed_in(season)
    season.press(switchboard.record, TOMAS, "1:")
    words = text_of(season.shown())
    assert "Reflection: Before we begin" in words
    assert "Loud." in words
    assert "No. 1" in words
    season.press(switchboard.record, PRIYA, "1:")
    assert "Loud." not in text_of(season.shown())
    season.press(switchboard.record, TOMAS, "1:999")
    assert "Loud." in text_of(season.shown())


def test_my_record_comes_as_a_file_in_which_nothing_is_calculated(season: Desk) -> None:
    handed_in(season, "=SUM(1;2)")
    with season.deps.db.read() as session:
        person = session.exec(select(Person).where(Person.user_id == TOMAS)).one()
        content, count = services.record_file(session=session, programs=season.deps.programs, person_id=person.id or 0)
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert count == 1
    assert lines[1][-1] == "'=SUM(1;2)"
    season.press(switchboard.send_file, TOMAS, "1:")
    with season.deps.db.read() as session:
        kinds = [one.kind for one in session.exec(select(NoticeRow)).all()]
    assert kinds.count("switchboard.record") == 1


def leave(season: Desk, user: str) -> Body:
    season.press(switchboard.open_leave, user, "1:")
    view = {**season.shown(), "id": f"V{user}", "state": {"values": {}}}
    return season.submit(switchboard.leave, user, view)


def states(season: Desk, user: str) -> set[str]:
    with season.deps.db.read() as session:
        person = session.exec(select(Person).where(Person.user_id == user)).one()
        held = session.exec(select(Membership).where(Membership.person_id == person.id)).all()
        return {one.state for one in held}


def test_leaving_says_what_follows_and_tells_the_facilitators(season: Desk) -> None:
    season.press(switchboard.open_leave, TOMAS, "1:")
    words = text_of(season.shown())
    assert "What you have handed in stays" in words
    assert "1 colleague of yours goes on" in words
    assert states(season, TOMAS) == {"active"}
    assert "You have left" in text_of(leave(season, TOMAS)["view"])
    leave(season, TOMAS)
    assert states(season, TOMAS) == {"left"}
    send_all(season.deps, season.clock, KINDS)
    said = [one["text"] for one in season.slack.messages if one["channel"] == "C0FACIL01"]
    assert said.count("Tomás Rivera has left OST Community of Practice, at their own wish.") == 1
    assert len([one for one in told(season) if "You have left" in one]) == 1


def test_the_last_of_an_organization_is_told_that_its_homework_stays_open(season: Desk) -> None:
    season.press(switchboard.open_leave, KOFI, "1:")
    assert "nobody else of it takes part" in text_of(season.shown())


@pytest.mark.parametrize(("user", "role"), [(FAY, "facilitator")])
def test_the_last_facilitator_cannot_leave(season: Desk, user: str, role: str) -> None:
    season.press(switchboard.open_leave, user, "1:")
    assert f"You are the only {role}" in text_of(season.shown())
    assert states(season, user) == {"active"}


def test_one_of_two_facilitators_who_both_want_to_leave_stays(season: Desk) -> None:
    with season.deps.db.begin() as session:
        alex = session.exec(select(Person).where(Person.user_id == ALEX)).one()
        now = season.clock()
        session.add(Membership(program_id=1, person_id=alex.id or 0, role="facilitator", since=now))
    season.press(switchboard.open_leave, FAY, "1:")
    view = {**season.shown(), "id": "VFAY", "state": {"values": {}}}
    with season.deps.db.begin() as session:
        for one in session.exec(select(Membership).where(Membership.person_id == alex.id)).all():
            one.state = "left"
            session.add(one)
    assert "You are the only facilitator" in text_of(season.submit(switchboard.leave, FAY, view)["view"])
    assert states(season, FAY) == {"active"}


def test_whoever_is_in_nothing_cannot_leave(season: Desk) -> None:
    season.press(switchboard.open_leave, SAM, "1:")
    assert "take part in nothing" in text_of(season.shown())


def test_what_waits_for_nobody_is_unsaid_only_to_whom_it_concerns() -> None:
    now = datetime.fromisoformat("2020-10-12T14:00:00+00:00")
    paused = rules.Choices(paused_at=now, paused_until=now + timedelta(days=1))
    notice = Notice("k", "x", ToPerson(TOMAS), now)
    for voice, waits, said in (("asker", False, True), ("asker", True, False), ("anybody", False, False)):
        why = rules.unsaid(paused, notice, voice, waits=waits, reminds=False, now=now)  # type: ignore[arg-type]
        assert (why is None) is said
    assert rules.unsaid(paused, notice, "anybody", waits=True, reminds=True, now=now + timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("zone", "today", "tomorrow"),
    [("Asia/Tokyo", "2020-10-13", "2020-10-14"), ("Pacific/Honolulu", "2020-10-12", "2020-10-13")],
)
def test_a_pause_begins_and_ends_by_the_clock_of_whoever_pauses(
    season: Desk, zone: str, today: str, tomorrow: str
) -> None:
    season.clock.now = datetime.fromisoformat("2020-10-13T05:30:00+00:00")
    if zone == "Asia/Tokyo":
        season.clock.now -= timedelta(hours=12)
    with season.deps.db.begin() as session:
        session.exec(select(Person).where(Person.user_id == TOMAS)).one().zone = zone
    assert "errors" in pause(season, today)
    pause(season, tomorrow, n=2)
    ends = row(season).paused_until
    assert ends is not None
    assert ends > season.clock()


def test_whoever_has_left_hears_nothing_that_was_put_off_before(season: Desk) -> None:
    later = season.clock() + timedelta(days=1)
    with season.deps.db.begin() as session:
        notices.add(session, Notice("later", AGAIN, ToPerson(TOMAS), later, 1, {"of": "r"}), season.clock())
        notices.add(session, Notice("hers", AGAIN, ToPerson(PRIYA), later, 1, {"of": "r"}), season.clock())
    season.press(switchboard.open_leave, TOMAS, "1:")
    season.submit(switchboard.leave, TOMAS, filled(season.shown(), "V9"))
    with season.deps.db.read() as session:
        states = [one.state for one in (notices.get(session, "later"), notices.get(session, "hers")) if one is not None]
    assert states == ["skipped", "planned"]
