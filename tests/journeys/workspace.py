"""A person's hands in the sandbox: the control API as methods, each waiting until the bot has come to rest."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from typing import Any

from bot.sandbox.run import Stage

ADA, TOMAS, PRIYA, LENA, KOFI = "U0ADA0001", "U0TOMAS01", "U0PRIYA01", "U0LENA001", "U0KOFI001"
JUNE, FAY, ALEX, SAM = "U0JUNE001", "U0FAY0001", "U0ALEX001", "U0SAM0001"
APPLICANTS, COHORT, FACILITATORS, GENERAL = "C0APPLY01", "C0COHORT1", "C0FACIL01", "C0GENERAL"

Answer = dict[str, Any]
Message = dict[str, Any]


class RefusedError(AssertionError):
    """The control API refused; the text is its sentence."""


@dataclass(frozen=True)
class Workspace:
    """Drives a running sandbox. Every method that acts returns the control API's answer."""

    stage: Stage

    def command(self, user: str, line: str, channel: str = APPLICANTS) -> Answer:
        """Type a slash command with its text."""
        command, _, text = line.partition(" ")
        return self.post("command", user=user, channel=channel, command=command, text=text)

    def message(self, user: str, text: str, channel: str = APPLICANTS, thread_ts: str | None = None) -> Answer:
        """Write something in a channel or a thread."""
        return self.post("message", user=user, channel=channel, text=text, thread_ts=thread_ts)

    def press(self, user: str, action_id: str, **where: Any) -> Answer:
        """Press a button, or choose with `selected`."""
        return self.post("action", user=user, action_id=action_id, **where)

    def submit(self, user: str, values: dict[str, Any], **more: Any) -> Answer:
        """Hand in the open form; values by label or block id."""
        return self.post("submit", user=user, values=values, **more)

    def home(self, user: str) -> Answer:
        """Open the App Home, and read it."""
        self.post("home", user=user)
        return self.get("home", user=user)

    def shortcut(self, user: str, callback_id: str, **where: Any) -> Answer:
        """Use a shortcut."""
        return self.post("shortcut", user=user, callback_id=callback_id, **where)

    def join(self, user: str, channel: str) -> Answer:
        """Join a channel."""
        return self.post("join", user=user, channel=channel)

    def clock(self, **to: str) -> Answer:
        """Move the clock: advance="3h" or to="2020-10-14T15:00"."""
        return self.post("clock", **to)

    def direct(self, user: str) -> str:
        """The id of the direct message between a person and the bot."""
        rooms = self.get("workspace")["channels"]
        return str(next(room["id"] for room in rooms if room.get("user") == user))

    def messages(self, channel: str, user: str | None = None, thread_ts: str | None = None) -> list[Message]:
        """What stands in a channel, as a person sees it; without `user` everything."""
        found: list[Message] = self.get("messages", channel=channel, user=user, thread_ts=thread_ts)["messages"]
        return found

    def told(self, user: str) -> list[Message]:
        """What the bot has written to a person directly."""
        return [one for one in self.messages(self.direct(user), user) if one.get("bot_id")]

    def view(self, user: str) -> dict[str, Any]:
        """The form that is open for a person."""
        found: dict[str, Any] | None = self.get("view", user=user)["view"]
        assert found is not None, "no form is open"
        return found

    def get(self, what: str, **query: str | None) -> Answer:
        """A GET under /_sandbox."""
        asked = urllib.parse.urlencode({name: value for name, value in query.items() if value is not None})
        return self._call(urllib.request.Request(f"{self.stage.url}/_sandbox/{what}?{asked}"))

    def post(self, what: str, **body: Any) -> Answer:
        """A POST under /_sandbox, and then the rest that follows it."""
        data = json.dumps({name: value for name, value in body.items() if value is not None}).encode()
        headers = {"Content-Type": "application/json"}
        answer = self._call(urllib.request.Request(f"{self.stage.url}/_sandbox/{what}", data, headers))
        self.get("idle", timeout="60")
        return answer

    def _call(self, request: urllib.request.Request) -> Answer:
        try:
            with urllib.request.urlopen(request, timeout=120) as answer:
                found: Answer = json.load(answer)
        except urllib.error.HTTPError as error:
            raise RefusedError(json.load(error).get("error")) from error
        return found


def text_of(thing: Any) -> str:
    """Every text in a message, a view or a list of them, joined: what a person reads."""
    if isinstance(thing, dict):
        own = [thing["text"]] if isinstance(thing.get("text"), str) else []
        return "\n".join(own + [text_of(value) for key, value in thing.items() if key not in ("metadata", "value")])
    if isinstance(thing, list):
        return "\n".join(text_of(one) for one in thing)
    return ""
