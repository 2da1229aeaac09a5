"""The bot ends in the middle of a conversation and another process goes on: what was said is in rows alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from sqlmodel import select

from bot import app as composition
from bot.app import Convene
from bot.config import Settings
from storage.database import Database
from storage.dialogues import Dialogue
from storage.drafts import Draft
from storage.questions import Question
from storage.reflections import ReflectionVersion
from tests import cast
from tests.cast import TEAM, TOMAS
from tests.door import deliver
from tests.fakes import FakeSlack, serving
from tests.jobs.conftest import HandClock
from tests.journeys.workspace import text_of

SECRET = "a-signing-secret"
ROOM = f"D{TOMAS[1:]}"


@dataclass
class Line:
    """Tomás and the bot: each word is delivered to whichever process runs now, which is another one after each."""

    url: str
    slack: FakeSlack
    clock: HandClock
    restarts: bool = True
    events: int = 0
    bots: list[Convene] = field(default_factory=list)

    @property
    def bot(self) -> Convene:
        return self.bots[-1]

    def start(self) -> None:
        """A process, after the one before has gone."""
        if self.bots:
            self.bots[-1].stop()
        settings = Settings("xoxb-1", None, SECRET, self.slack.url, database_url=self.url)
        self.bots.append(composition.build(settings, clock=self.clock))

    def write(self, text: str) -> str:
        """Say something, and read what the next process says to it."""
        ts = f"{self.clock.forward(seconds=5).timestamp():.6f}"
        return self._deliver({"type": "message", "user": TOMAS, "channel": ROOM, "ts": ts, "text": text})

    def press(self, label: str) -> str:
        """Press a button of the newest message."""
        buttons = [one for block in self.newest["blocks"] for one in block.get("elements", ()) if "action_id" in one]
        pressed = next(one for one in buttons if label in text_of(one.get("text")))
        return self.act(pressed["action_id"], pressed["value"])

    def act(self, action_id: str, value: str) -> str:
        """Press a button by its name and what it stands for."""
        at = f"{self.clock.forward(seconds=5).timestamp():.6f}"
        action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value, "action_ts": at}
        payload = {
            "type": "block_actions",
            "api_app_id": "A0CONVENE",
            "trigger_id": f"1.{at}",
            "user": {"id": TOMAS, "team_id": TEAM},
            "team": {"id": TEAM},
            "channel": {"id": ROOM},
            "container": {"type": "message", "channel_id": ROOM, "message_ts": "1.0"},
            "actions": [action],
        }
        assert deliver(self.bot.wsgi, SECRET, payload).status_code == 200
        return self._read()

    def _deliver(self, event: dict[str, Any]) -> str:
        self.events += 1
        envelope = {"type": "event_callback", "team_id": TEAM, "api_app_id": "A0", "event_id": f"Ev{self.events}"}
        event = {"channel_type": "im", **event}
        assert deliver(self.bot.wsgi, SECRET, {**envelope, "event": event}).status_code == 200
        return self._read()

    def _read(self) -> str:
        # One process has taken it, another one says what follows.
        if self.restarts:
            self.start()
        self.clock.forward(seconds=2)
        self.bot.ticker.tick()
        if self.restarts:
            self.start()
        return text_of(self.newest["blocks"]) or str(self.newest["text"])

    @property
    def newest(self) -> dict[str, Any]:
        return dict([one for one in self.slack.messages if one["channel"] == ROOM][-1])


@pytest.fixture
def line(quick_db: Database) -> Iterator[Line]:
    with quick_db.begin() as session:
        cast.begin(session)
    clock = HandClock()
    with serving(FakeSlack(clock)) as slack:
        found = Line(quick_db.url.render_as_string(hide_password=False), slack, clock)
        found.start()
        yield found
        found.bot.stop()


def test_a_reflection_is_written_through_a_restart_after_every_word(line: Line, quick_db: Database) -> None:
    first = line.act("dialogue.begin", "1:reflection/before-we-begin")
    assert "1 of 5" in first
    assert "2 of 5" in line.press("The facilitators only")
    line.write("Loud and warm.")
    back = line.write("back")
    assert "Now: Loud and warm." in back
    line.write("Warm, and loud.")
    line.write("Calm.")
    line.write("skip")
    whole = line.write("an hour and a half")
    for words in ("Here is the whole", "Warm, and loud.", "Calm.", "1.5 hours"):
        assert words in whole
    with quick_db.read() as session:
        assert session.exec(select(ReflectionVersion)).all() == []
        assert session.exec(select(Draft)).one().length > 0
    assert "Saved as no. 1" in line.press("Hand in")
    with quick_db.read() as session:
        version = session.exec(select(ReflectionVersion)).one()
        assert [answer[2] for answer in version.answers] == ["Warm, and loud.", "Calm."]
        assert version.minutes == 90
        assert session.exec(select(Dialogue)).one().state == "handed in"
        assert session.exec(select(Draft)).all() == []
    assert len(line.bots) > 16


def test_what_is_delivered_again_to_the_next_process_is_heard_once(line: Line, quick_db: Database) -> None:
    line.act("dialogue.begin", "1:reflection/before-we-begin")
    ts = f"{line.clock.forward(seconds=5).timestamp():.6f}"
    event = {"type": "message", "user": TOMAS, "channel": ROOM, "ts": ts, "text": "1"}
    assert "2 of 5" in line._deliver(event)
    said = len(line.slack.messages)
    assert "2 of 5" in line._deliver(event)
    assert len(line.slack.messages) == said


def test_a_question_is_asked_through_a_restart_and_answered_once(line: Line, quick_db: Database) -> None:
    assert "1 of 1" in line.act("dialogue.begin", "1:question/en")
    assert "Here is the whole" in line.write("When is the application due?")
    line.press("Ask")
    assert "Source" in text_of(line.newest["blocks"])
    with quick_db.read() as session:
        question = session.exec(select(Question)).one()
    assert (question.place, question.channel, question.outcome) == ("direct", ROOM, "answered")
