"""A listener's desk: the payloads that Slack would send, the listener called with them, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from bot.config import Settings
from bot.deps import Deps
from bot.services.programs import Programs
from bot.slack import Slack
from handlers.request import Body
from storage.database import Database
from tests.cast import COHORT, TEAM
from tests.fakes import FakeSlack
from tests.jobs.conftest import HandClock

Listener = Callable[..., None]


@dataclass
class Acked:
    """Stands for Bolt's ack, and remembers what it was given."""

    given: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, **given: Any) -> None:
        self.given.append(given)


@dataclass
class Desk:
    """Calls listeners the way Bolt does, one payload after the other."""

    deps: Deps
    slack: FakeSlack
    clock: HandClock
    _numbers: count[int] = field(default_factory=lambda: count(1))

    def command(self, listener: Listener, user: str, text: str = "", channel: str = COHORT) -> dict[str, Any]:
        """A slash command."""
        trigger = f"trigger{next(self._numbers)}"
        body = {"command": "/x", "text": text, "trigger_id": trigger, "team_id": TEAM, "user_id": user}
        return self._call(listener, {**body, "channel_id": channel})

    def press(self, listener: Listener, user: str, value: str, view: Body | None = None) -> dict[str, Any]:
        """A button, in a direct message or in a modal."""
        number = next(self._numbers)
        action = {"type": "button", "action_id": "x", "value": value, "action_ts": f"{number}.0"}
        where = {"container": {"type": "message", "channel_id": "D1", "message_ts": "1.0"}, "channel": {"id": "D1"}}
        inside = {"container": {"type": "view", "view_id": (view or {}).get("id")}, "view": view}
        body = {"type": "block_actions", "trigger_id": f"trigger{number}", "actions": [action], **_sender(user)}
        return self._call(listener, {**body, **(inside if view else where)})

    def submit(self, listener: Listener, user: str, view: Body) -> dict[str, Any]:
        """A form handed in; the same view again is the same delivery again."""
        body = {"type": "view_submission", "trigger_id": "t", "view": view, **_sender(user)}
        return self._call(listener, body, view=view)

    def on_message(self, listener: Listener, user: str, message: Body, channel: str = COHORT) -> dict[str, Any]:
        """A shortcut in the menu of a message."""
        where = {"channel": {"id": channel}, "message": message, "message_ts": message["ts"]}
        trigger = f"trigger{next(self._numbers)}"
        return self._call(listener, {"type": "message_action", "trigger_id": trigger, **where, **_sender(user)})

    def shown(self) -> Body:
        """The modal that was opened, pushed or changed last."""
        views = [given["view"] for method, given in self.slack.calls if method.startswith("views.")]
        return dict(views[-1])

    def _call(self, listener: Listener, body: Body, **more: Any) -> dict[str, Any]:
        ack = Acked()
        listener(ack=ack, body=body, deps=self.deps, **more)
        assert len(ack.given) == 1, "a payload is acknowledged exactly once"
        return ack.given[0]


def desk(db: Database, slack: FakeSlack, clock: HandClock) -> Desk:
    """A desk over a database."""
    settings = Settings(bot_token="xoxb-test", signing_secret="s", api_url=slack.url, database_url=str(db.url))
    return Desk(Deps(settings, clock, db, Slack("xoxb-test", slack.url), Programs()), slack, clock)


def _sender(user: str) -> Body:
    return {"user": {"id": user, "team_id": TEAM}, "team": {"id": TEAM}}


def filled(view: Body, number: str = "V0FORM001", **typed: str) -> Body:
    """A form as it comes back: each field with what is typed, by the end of its block id, or what it began with."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element, name = block["element"], block["block_id"].rsplit(":", 1)[-1]
        if element["type"] == "plain_text_input":
            state: dict[str, Any] = {"value": typed.get(name, element.get("initial_value"))}
        elif element["type"] == "multi_users_select":
            state = {"selected_users": typed.get(name, "").split()}
        elif element["type"] == "conversations_select":
            state = {"selected_conversation": typed.get(name, element.get("initial_conversation"))}
        elif element["type"] == "multi_static_select":
            state = {
                "selected_options": [one for one in element["options"] if one["value"] in typed.get(name, "").split()]
            }
        elif element["type"] == "datepicker":
            state = {"selected_date": typed.get(name, element.get("initial_date"))}
        else:
            groups = element.get("option_groups") or [element]
            offered = [one for group in groups for one in group["options"]]
            chosen = next((one for one in offered if one["value"] == typed.get(name)), None)
            state = {"selected_option": chosen or element.get("initial_option")}
        values[block["block_id"]] = {element["action_id"]: state}
    return {**view, "id": number, "state": {"values": values}}
