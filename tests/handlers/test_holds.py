"""Holding posts by form: from the button to what everybody sees, refusals, and two at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.holds import OVER
from bot.domain.notices import Notice, ToPurpose
from bot.services import holds as services
from bot.views import holds as views
from bot.views import ids
from handlers import holds
from handlers.request import Body
from jobs import registry, sender
from storage import channels, notices
from storage import holds as rows
from tests.cast import ADA, ALEX, COHORT, FACILITATORS, FAY, TOMAS
from tests.handlers.desk import Desk
from tests.journeys.workspace import text_of

Times = tuple[str | None, str | None]


def form(season: Desk, user: str = FAY) -> Body:
    season.press(holds.new, user, "1:")
    return season.shown()


def filled(
    view: Body,
    reason: str = "Thanksgiving",
    channel: str = views.EVERYTHING,
    starts: Times = (None, None),
    ends: Times = (None, None),
    number: str = "V1",
) -> Body:
    """The form as it comes back."""
    given = {
        views.CHANNEL: {"selected_option": {"value": channel}},
        views.REASON: {"value": reason},
        views.FROM_DAY: {"selected_date": starts[0]},
        views.FROM_TIME: {"selected_time": starts[1]},
        views.UNTIL_DAY: {"selected_date": ends[0]},
        views.UNTIL_TIME: {"selected_time": ends[1]},
    }
    there = {str(block.get("block_id")) for block in view["blocks"]}
    values = {name: {name: state} for name, state in given.items() if name in there}
    return {**view, "id": number, "state": {"values": values}}


def held(season: Desk, user: str = FAY, **given: object) -> Body:
    answer = season.submit(holds.submit, user, filled(form(season, user), **given))  # type: ignore[arg-type]
    return dict(answer["view"])


def resumed(season: Desk, user: str, choice: str = "send", hold: int = 1) -> Body:
    season.press(holds.look, user, f"1:{hold}")
    view = season.shown()
    values = {views.CHOICE: {views.CHOICE: {"selected_option": {"value": choice}}}}
    return {**view, "id": f"R{user}", "state": {"values": values}}


def post(season: Desk, key: str = "a") -> None:
    with season.deps.db.begin() as session:
        program = season.deps.programs.by_id(session, 1)
        event = program.event("convening-1") if program is not None else None
        assert event is not None
        refs = {"event": event.key, "starts": event.starts_at.isoformat()}
        notice = Notice(key, "reminder.event", ToPurpose("cohort"), season.clock(), 1, refs)
        notices.add(session, notice, season.clock())
    sender.send_due(season.deps, season.clock(), registry.KINDS)


@pytest.mark.parametrize("user", [ADA, TOMAS])
def test_whoever_may_not_is_told_who_can(season: Desk, user: str) -> None:
    for listener, value in ((holds.opened, "1:"), (holds.new, "1:"), (holds.look, "1:1"), (holds.send, "1:1")):
        season.press(listener, user, value)
        assert "can hold posts and let them go out again. Ask <@U0FAY0001>" in text_of(season.shown())


def test_a_form_handed_in_by_somebody_else_holds_nothing(season: Desk) -> None:
    answer = season.submit(holds.submit, TOMAS, filled(form(season)))
    assert "Ask <@U0FAY0001>" in text_of(answer["view"])
    with season.deps.db.read() as session:
        assert rows.unended(session, 1) == []


def test_the_form_says_beforehand_what_goes_on(season: Desk) -> None:
    said = text_of(form(season))
    assert "What falls due meanwhile waits" in said
    assert "This goes on: your digests" in said
    assert "Only #cohort" in said
    assert "Only #facilitators" not in said


def test_held_until_a_day_says_until_when_by_whom_and_why(season: Desk) -> None:
    said = text_of(held(season, ends=("2020-10-14", "08:00")))
    assert "*All posts are held* until Wed, Oct 14, 8:00 am (St. Louis), by Fay Whitaker." in said
    assert "Why: Thanksgiving." in said


def test_the_same_form_twice_holds_once(season: Desk) -> None:
    view = filled(form(season))
    season.submit(holds.submit, FAY, view)
    assert "All posts are held" in text_of(season.submit(holds.submit, FAY, view)["view"])
    with season.deps.db.read() as session:
        assert len(rows.unended(session, 1)) == 1


def test_a_hold_over_a_hold_is_told_of_the_first(season: Desk) -> None:
    held(season)
    said = text_of(held(season, ALEX, number="V2", reason="Snow"))
    assert "by Fay Whitaker" in said
    assert "Nothing was changed." in said
    with season.deps.db.read() as session:
        assert [one.reason for one in rows.unended(session, 1)] == ["Thanksgiving"]


def test_one_channel_can_be_held_beside_everything(season: Desk) -> None:
    held(season)
    assert "Posts in <#C0COHORT1> are held" in text_of(held(season, ALEX, number="V2", channel=COHORT))


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"reason": "  "}, views.REASON, "why"),
        ({"reason": "x" * 201}, views.REASON, "Up to 200"),
        ({"ends": ("2020-10-11", "09:00")}, views.UNTIL_DAY, "has passed already"),
        (
            {"starts": ("2020-10-20", "09:00"), "ends": ("2020-10-19", "09:00")},
            views.UNTIL_DAY,
            "before it begins",
        ),
        ({"starts": ("2020-10-11", "09:00")}, views.FROM_DAY, "That day has passed"),
        ({"ends": ("2020-10-20", None)}, views.UNTIL_TIME, "Choose the time"),
        ({"ends": (None, "09:00")}, views.UNTIL_DAY, "Choose the day"),
        ({"ends": ("2021-03-14", "02:30")}, views.UNTIL_DAY, "no such time on that day"),
        ({"channel": "C0UNHEARD"}, views.CHANNEL, "do not post in that channel any more"),
    ],
)
def test_what_cannot_be_is_said_under_its_field(season: Desk, given: dict[str, object], field: str, says: str) -> None:
    answer = season.submit(holds.submit, FAY, filled(form(season), **given))  # type: ignore[arg-type]
    assert says in answer["errors"][field]
    with season.deps.db.read() as session:
        assert rows.unended(session, 1) == []


def test_a_channel_that_was_archived_meanwhile_cannot_be_held(season: Desk) -> None:
    view = filled(form(season), channel=COHORT)
    with season.deps.db.begin() as session:
        room = channels.anywhere(session, COHORT)
        assert room is not None
        room.archived_at = season.clock()
        session.add(room)
    assert "archived" in season.submit(holds.submit, FAY, view)["errors"][views.CHANNEL]


def test_resuming_shows_what_was_held_and_says_it(season: Desk) -> None:
    held(season)
    post(season)
    view = resumed(season, ALEX)
    assert "1 message waits:" in text_of(view)
    assert "Convening 1" in text_of(view)
    said = text_of(season.submit(holds.resume, ALEX, view)["view"])
    assert "Posts go out again." in said
    assert "in one post a channel: 1 message." in said
    sender.send_due(season.deps, season.clock.forward(seconds=2), registry.KINDS)
    (text,) = season.slack.said(COHORT)
    assert "Convening 1" in text


def test_two_resume_at_once_and_the_second_is_told_what_was_chosen(season: Desk) -> None:
    held(season)
    post(season)
    first, second = resumed(season, FAY, "drop"), resumed(season, ALEX, "send")
    assert "1 message was dropped" in text_of(season.submit(holds.resume, FAY, first)["view"])
    said = text_of(season.submit(holds.resume, ALEX, second)["view"])
    assert "Fay Whitaker has resumed already" in said
    assert "dropped what was held" in said
    sender.send_due(season.deps, season.clock.forward(seconds=2), registry.KINDS)
    assert season.slack.said(COHORT) == []


def test_nothing_held_needs_no_choice(season: Desk) -> None:
    held(season)
    season.press(holds.look, FAY, "1:1")
    assert views.CHOICE not in str(season.shown())
    assert "Nothing has fallen due meanwhile" in text_of(season.shown())


@pytest.mark.parametrize("value", ["1:9", "1:x", "1:"])
def test_a_hold_that_is_not_there_is_said_to_be_gone(season: Desk, value: str) -> None:
    season.press(holds.look, FAY, value)
    assert "There is no such hold any more" in text_of(season.shown())


def test_the_end_can_be_moved_and_is_asked_for_at_the_new_one(season: Desk) -> None:
    held(season, ends=("2020-10-13", "08:00"))
    season.press(holds.change, ALEX, "1:1")
    view = season.shown()
    assert view["callback_id"] == ids.HOLD_CHANGE_FORM
    answer = season.submit(holds.save, ALEX, filled(view, "Snow", ends=("2020-10-14", "08:00"), number="C1"))
    assert "until Wed, Oct 14, 8:00 am" in text_of(answer["view"])
    with season.deps.db.read() as session:
        asked = notices.standing(session, 1, (OVER,))
        assert [one.refs["ends"][:13] for one in asked] == ["2020-10-13T13", "2020-10-14T13"]


def test_the_two_buttons_under_the_question_choose_once(season: Desk) -> None:
    held(season, ends=("2020-10-12", "10:00"))
    post(season)
    season.clock.forward(hours=1, minutes=1)
    sender.send_due(season.deps, season.clock(), registry.KINDS)
    (asked,) = season.slack.said(FACILITATORS)
    assert "The hold is over" in asked
    assert season.press(holds.drop, FAY, "1:1") == {}
    season.press(holds.send, ALEX, "1:1")
    assert "Fay Whitaker has resumed already" in text_of(season.shown())


def test_the_home_and_the_list_name_the_hold_to_those_who_run_the_program(season: Desk) -> None:
    held(season, ends=("2020-10-14", "08:00"))
    season.press(holds.opened, ALEX, "1:")
    assert season.shown()["callback_id"] == ids.HOLD_WINDOW
    with season.deps.db.read() as session:
        program = season.deps.programs.by_id(session, 1)
        assert program is not None
        found = services.standing(session=session, program=program, now=season.clock() + timedelta(minutes=1))
    assert "Thanksgiving" in text_of(views.home_blocks(found))
