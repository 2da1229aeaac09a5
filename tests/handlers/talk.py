"""Somebody who writes without a form: what they say in the direct message, what they press, and what they read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from slack_bolt import BoltContext

from handlers import dialogues
from handlers.messages import heard
from handlers.request import Body
from jobs.registry import KINDS
from tests.cast import TEAM
from tests.handlers.desk import Desk
from tests.jobs.conftest import send_all
from tests.journeys.workspace import text_of

CONTEXT = BoltContext(bot_user_id="U0CONVENE")


@dataclass
class Talk:
    """One person's conversation with the bot. Each word takes a few seconds, and the bot answers before the next."""

    desk: Desk
    user: str
    events: int = 0

    @property
    def room(self) -> str:
        return f"D{self.user[1:]}"

    def begin(self, what: str = "reflection/before-we-begin", program: int = 1) -> str:
        """*Write it here instead*, under a reminder."""
        self.desk.press(dialogues.begin, self.user, f"{program}:{what}")
        return self.read()

    def write(self, text: str, *, ts: str | None = None, seconds: float = 5, **more: Any) -> str:
        """Say something, and read what the bot says to it."""
        self.send(text, ts=ts, seconds=seconds, **more)
        return self.read()

    def send(self, text: str, *, ts: str | None = None, seconds: float = 5, **more: Any) -> str:
        """Say something before the bot can; its place."""
        self.desk.clock.forward(seconds=seconds)
        self.events += 1
        ts = ts or f"{self.desk.clock().timestamp():.6f}"
        event = {"type": "message", "user": self.user, "channel": self.room, "ts": ts, "text": text, **more}
        self.event(event)
        return ts

    def event(self, event: Body) -> None:
        """An event as Slack delivers it."""
        heard({"team_id": TEAM, "event_id": f"Ev{self.events}", "event": event}, event, CONTEXT, self.desk.deps)

    def edit(self, ts: str, text: str) -> str:
        """Change a message."""
        message = {"user": self.user, "ts": ts, "text": text}
        self.event({"type": "message", "subtype": "message_changed", "channel": self.room, "message": message})
        return self.read()

    def delete(self, ts: str) -> str:
        """Delete a message."""
        before = {"previous_message": {"user": self.user, "ts": ts, "text": "…"}, "deleted_ts": ts}
        self.event({"type": "message", "subtype": "message_deleted", "channel": self.room, **before})
        return self.read()

    def press(self, label: str, message: Body | None = None) -> str:
        """Press a button of the newest message, or of another one."""
        button = self.button(label, message)
        self.desk.clock.forward(seconds=5)
        listener = dialogues.say if button["action_id"].startswith("dialogue.say") else dialogues.pick
        self.desk.press(listener, self.user, button["value"])
        return self.read()

    def button(self, label: str, message: Body | None = None) -> Body:
        """A button by its words."""
        for block in (message or self.newest)["blocks"] or ():
            for element in block.get("elements", ()):
                if element.get("type") == "button" and label in _names(element):
                    return dict(element)
        raise AssertionError(f"no button {label!r} in {text_of(message or self.newest)}")

    def read(self) -> str:
        """All of the bot's newest message."""
        self.settle()
        return text_of(self.newest["blocks"]) or str(self.newest["text"])

    def settle(self) -> None:
        """Let the bot say all that it has to."""
        send_all(self.desk.deps, self.desk.clock, KINDS)

    @property
    def heard(self) -> list[Body]:
        """All that the bot has said here."""
        return [one for one in self.desk.slack.messages if one["channel"] == self.room]

    @property
    def newest(self) -> Body:
        return dict(self.heard[-1])


def _names(button: Body) -> tuple[str, str]:
    """What a button says, with and without its number."""
    words = str(button["text"]["text"])
    return words, words.partition(". ")[2]
