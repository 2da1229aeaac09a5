"""The season's reminders by the clock: each at its own time, in its own channel, once."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.sandbox import run
from bot.services import programs
from storage import programs as program_rows
from tests.journeys.workspace import ADA, APPLICANTS, COHORT, FAY, Workspace, text_of

THERE = ZoneInfo("America/Chicago")


def posts(workspace: Workspace, channel: str, about: str) -> list[tuple[str, str]]:
    """When the bot said something about a matter in a channel, and the first line of it."""
    found = []
    for message in workspace.messages(channel):
        if message.get("bot_id") and about in message["text"]:
            at = datetime.fromtimestamp(float(message["ts"]), THERE)
            found.append((f"{at:%a %d %H:%M}", message["text"]))
    return found


def test_the_application_week_is_announced_by_the_clock(workspace: Workspace) -> None:
    workspace.clock(to="2020-10-17T09:00")
    assert posts(workspace, APPLICANTS, "") == [
        ("Tue 13 09:00", "Applications are due, in 3 days: Fri, Oct 16, 11:59 pm (St. Louis)"),
        ("Wed 14 09:00", "Application Office Hours, today: Wed, Oct 14, 3:00–4:00 pm (St. Louis)"),
        ("Wed 14 14:45", "Application Office Hours, in 15 minutes: Wed, Oct 14, 3:00–4:00 pm (St. Louis)"),
        (
            "Thu 15 09:00",
            "Application Office Hours, today: Thu, Oct 15, 3:00–4:00 pm (St. Louis)\n"
            "Applications are due, tomorrow: Fri, Oct 16, 11:59 pm (St. Louis)",
        ),
        ("Thu 15 14:45", "Application Office Hours, in 15 minutes: Thu, Oct 15, 3:00–4:00 pm (St. Louis)"),
        ("Fri 16 09:00", "Application Office Hours, today: Fri, Oct 16, 3:00–4:00 pm (St. Louis)"),
        ("Fri 16 12:00", "Applications are due, today: Fri, Oct 16, 11:59 pm (St. Louis)"),
        ("Fri 16 14:45", "Application Office Hours, in 15 minutes: Fri, Oct 16, 3:00–4:00 pm (St. Louis)"),
    ]


def test_walking_in_small_steps_or_in_one_says_the_same(over_http: Workspace) -> None:
    for _ in range(30):
        over_http.clock(advance="4h")
    assert [at for at, _ in posts(over_http, APPLICANTS, "")] == [
        "Tue 13 09:00",
        "Wed 14 09:00",
        "Wed 14 14:45",
        "Thu 15 09:00",
        "Thu 15 14:45",
        "Fri 16 09:00",
        "Fri 16 12:00",
        "Fri 16 14:45",
    ]


def test_a_convening_is_announced_to_the_cohort_with_a_way_in() -> None:
    with run.running(at=datetime(2020, 11, 15, 9, tzinfo=THERE)) as stage:
        workspace = Workspace(stage)
        workspace.clock(to="2020-11-19T09:00")
        said = posts(workspace, COHORT, "Convening 1")
        reminder = next(one for one in workspace.messages(COHORT) if "in 1 hour" in one["text"])
    assert [at for at, _ in said] == ["Mon 16 09:00", "Thu 19 09:00"]
    assert said[1][1].startswith("Convening 1: Who we are, and why we are here (sample), in 1 hour:")
    assert "Join at 10:00 am (sample link)" in text_of(reminder["blocks"])


def test_a_week_in_which_the_clocks_change_has_its_reminders_by_the_wall() -> None:
    """Clocks go forward on Sunday, March 14, 2021; convening 3 is on the Thursday after it."""
    with run.running(at=datetime(2021, 3, 13, 9, tzinfo=THERE)) as stage:
        workspace = Workspace(stage)
        workspace.clock(to="2021-03-18T12:00")
        assert [at for at, _ in posts(workspace, COHORT, "Convening 3")] == ["Mon 15 09:00", "Thu 18 09:00"]


def test_a_press_on_join_is_acknowledged(over_http: Workspace) -> None:
    over_http.clock(to="2020-10-14T14:45")
    last = over_http.messages(APPLICANTS)[-1]
    answer = over_http.press(ADA, "dates.join", channel=APPLICANTS, message_ts=last["ts"])
    assert answer["ok"]


def test_an_event_moved_in_the_morning_is_announced_at_its_new_time(over_http: Workspace) -> None:
    convene = over_http.stage.convene
    with convene.deps.db.begin() as session:
        row = program_rows.get(session, "ost-cop")
        assert row is not None
        assert row.id is not None
        key = "office-hours-wednesday"
        body = next(dict(one.body) for one in program_rows.items(session, row.id) if one.key == key)
        body |= {"starts": "2020-10-14 17:00", "ends": "2020-10-14 18:00"}
        now = convene.deps.clock()
        programs.edit_item(session=session, slug="ost-cop", section="events", key=key, body=body, by=FAY, now=now)
    convene.ticker.tick()
    over_http.clock(to="2020-10-14T23:00")
    assert posts(over_http, APPLICANTS, "Office Hours") == [
        ("Wed 14 09:00", "Application Office Hours, today: Wed, Oct 14, 5:00–6:00 pm (St. Louis)"),
        ("Wed 14 16:45", "Application Office Hours, in 15 minutes: Wed, Oct 14, 5:00–6:00 pm (St. Louis)"),
    ]
