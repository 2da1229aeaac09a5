"""Time: it runs on, it is walked forward, and everything on the way happens at its own time."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.interface import RefusedError
from bot.sandbox.walk import duration
from tests.sandbox.conftest import ADA, DM, MONDAY, ZONE, Stage


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2020, 10, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("45m", timedelta(minutes=45)),
        ("3h", timedelta(hours=3)),
        ("2d", timedelta(days=2)),
        ("1w", timedelta(weeks=1)),
        ("1d2h", timedelta(days=1, hours=2)),
        ("90s", timedelta(seconds=90)),
    ],
)
def test_lengths_of_time_are_read(text: str, length: timedelta) -> None:
    assert duration(text) == length


@pytest.mark.parametrize("text", ["", "3", "h", "3 hours", "-3h", "1.5h", "٣h", "1h" * 6])
def test_other_lengths_are_refused(text: str) -> None:
    with pytest.raises(RefusedError):
        duration(text)


def test_the_clock_is_moved_by_a_length(stage: Stage) -> None:
    assert stage.post("clock", advance="3h")["now"].startswith("2020-10-12T12:00")
    assert (stage.clock() - MONDAY) - timedelta(hours=3) < timedelta(seconds=5)


def test_a_time_without_an_offset_is_in_the_programs_zone(stage: Stage) -> None:
    assert stage.post("clock", to="2020-10-14T15:00")["now"] == "2020-10-14T15:00:00-05:00"
    assert stage.post("clock", to="2020-11-02T09:00")["now"] == "2020-11-02T09:00:00-06:00"
    assert stage.post("clock", to="2020-11-02T16:00:00+00:00")["now"] == "2020-11-02T10:00:00-06:00"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"to": "2020-10-12T08:00"}, "only goes forward"),
        ({"to": "tomorrow"}, "is not a time"),
        ({"advance": "soon"}, "is not a length of time"),
        ({"advance": "99999999999d"}, "too far"),
        ({"advance": "999999999999w999999999999w"}, "too far"),
        ({"to": "9999-12-31T23:59"}, "too far"),
        ({"to": "0001-01-01T00:00+14:00"}, "only goes forward"),
        ({}, "Say one of"),
        ({"advance": "1h", "to": "2020-10-13T08:00"}, "Say one of"),
        ({"next": True}, "No notice is planned"),
    ],
)
def test_a_clock_that_cannot_be_moved_says_why(stage: Stage, body: dict[str, str], says: str) -> None:
    result = stage.post("clock", **body)

    assert (result["status"], result["ok"]) == (400, False)
    assert says in result["error"]


def test_everything_on_the_way_is_sent_at_its_own_time(stage: Stage) -> None:
    stage.schedule.due = [at(13, 9), at(12, 15), at(20, 9)]
    stage.schedule.says = lambda: stage.client.chat_postMessage(channel=DM, text="due")

    stage.post("clock", to="2020-10-14T09:00")

    sent = [one.astimezone(ZONE) for one in stage.schedule.sent]
    assert [one.replace(second=0, microsecond=0) for one in sent] == [at(12, 15), at(13, 9)]
    stamps = [float(one["ts"]) for one in stage.get("messages", channel=DM)["messages"]]
    assert [datetime.fromtimestamp(one, UTC) - at(12, 15) < timedelta(seconds=5) for one in stamps] == [True, False]


def test_the_next_notice_is_gone_to(stage: Stage) -> None:
    stage.schedule.due = [at(20, 9)]

    assert stage.get("clock")["next"] == "2020-10-20T09:00:00-05:00"
    assert stage.post("clock", next=True)["now"].startswith("2020-10-20T09:00")
    assert len(stage.schedule.sent) == 1


def test_a_bot_that_never_sends_what_is_due_does_not_hang_the_clock(stage: Stage) -> None:
    stage.schedule.due = [at(12, 15)]
    stage.schedule.tick = lambda: None  # type: ignore[method-assign]

    assert "keeps saying that something is due" in stage.post("clock", advance="1d")["error"]


def test_what_an_event_causes_is_waited_for_before_the_next_stop(stage: Stage) -> None:
    heard: list[datetime] = []

    @stage.app.event("message")
    def listen() -> None:
        heard.append(stage.clock())

    stage.schedule.due = [at(12, 15), at(13, 15)]
    stage.schedule.says = lambda: stage.sandbox.delivery.events_later(
        [{"type": "message", "channel": DM, "channel_type": "im", "user": ADA, "text": "x", "ts": "1.0"}]
    )

    stage.post("clock", to="2020-10-14T09:00")

    assert [one - due < timedelta(seconds=5) for one, due in zip(heard, [at(12, 15), at(13, 15)], strict=True)] == [
        True,
        True,
    ]


def test_idle_waits_for_the_bot(stage: Stage) -> None:
    stage.schedule.working = True
    timer = threading.Timer(0.2, setattr, (stage.schedule, "working", False))
    timer.start()

    assert stage.get("idle", timeout="5")["ok"]


def test_idle_gives_up_in_time(stage: Stage) -> None:
    stage.schedule.working = True

    result = stage.get("idle", timeout="0.1")

    assert (result["ok"], result["error"]) == (False, "The bot is still busy after 0.1 seconds.")


def test_idle_takes_a_number(stage: Stage) -> None:
    assert stage.get("idle", timeout="soon")["status"] == 400
