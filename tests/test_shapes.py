"""The shapes of payloads: what Slack sends fits, and what does not is named by its place and never by its content."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from bot.shapes import misfit

Payload = dict[str, Any]

USER = {"id": "U0TOMAS01", "team_id": "T0CONVENE"}
VIEW: Payload = {
    "id": "V1",
    "type": "modal",
    "callback_id": "x",
    "private_metadata": "",
    "root_view_id": None,
    "app_installed_team_id": "T0CONVENE",
    "blocks": [{"type": "input", "block_id": "b", "element": {"type": "plain_text_input", "action_id": "a"}}],
    "state": {"values": {"b": {"a": {"type": "plain_text_input", "value": None}}}},
}
SENDER: Payload = {"user": USER, "team": {"id": "T0CONVENE"}, "enterprise": None, "trigger_id": "1.2.ab"}
EVENT: Payload = {"type": "event_callback", "team_id": "T0CONVENE", "event_id": "Ev1", "authorizations": []}
COMMAND = {
    "command": "/ask",
    "text": "",
    "team_id": "T0CONVENE",
    "user_id": "W0TOMAS01",
    "channel_id": "D1",
    "trigger_id": "398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
    "enterprise_id": "",
}
PRESSED: Payload = {
    **SENDER,
    "type": "block_actions",
    "container": {"type": "message", "message_ts": "1.2", "channel_id": "C1", "is_ephemeral": True},
    "channel": {"id": "C1"},
    "actions": [{"action_id": "a", "action_ts": "1.2", "value": None}],
}
GOOD: dict[str, Payload] = {
    "a command": COMMAND,
    "a button in a message": PRESSED,
    "a button in a view": {**PRESSED, "container": {"type": "view", "view_id": "V1"}, "channel": None, "view": VIEW},
    "a form handed in": {**SENDER, "type": "view_submission", "view": VIEW},
    "a form without fields": {**SENDER, "type": "view_submission", "view": {**VIEW, "blocks": [], "state": None}},
    "of a whole organization": {**SENDER, "type": "view_submission", "team": None, "view": VIEW},
    "a form closed": {"user": USER, "type": "view_closed", "view": VIEW},
    "a menu's question": {"user": USER, "type": "block_suggestion", "action_id": "a", "block_id": "b", "value": ""},
    "a shortcut": {**SENDER, "type": "shortcut", "callback_id": "s", "action_ts": "1.2"},
    "a message's shortcut": {
        **SENDER,
        "type": "message_action",
        "callback_id": "s",
        "channel": {"id": "C1"},
        "message": {"type": "message", "ts": "1.2", "text": "hi", "bot_id": "B1"},
    },
    "a message": {**EVENT, "event": {"type": "message", "channel": "C1", "ts": "1.2", "user": "U1", "text": "hi"}},
    "a change": {
        **EVENT,
        "event": {"type": "message", "subtype": "message_changed", "channel": "C1", "ts": "1.2", "message": {}},
    },
    "a Home": {**EVENT, "event": {"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"}},
    "a joining": {**EVENT, "event": {"type": "member_joined_channel", "user": "U1", "channel": "C1"}},
    "a new name": {**EVENT, "event": {"type": "user_change", "user": {"id": "U1", "name": "x", "tz": None}}},
    "a renamed channel": {**EVENT, "event": {"type": "channel_rename", "channel": {"id": "C1", "name": "x"}}},
    "an event of next year": {**EVENT, "event": {"type": "moon_rose", "user": {"id": 7}}},
    "a payload of next year": {"type": "hologram", "anything": [1, 2]},
    "Slack's question whether this is the address": {"type": "url_verification", "token": "t", "challenge": "c"},
}
BAD: dict[str, tuple[str, list[Any], Any]] = {
    ".user_id": ("a command", ["user_id"], "U1 <!channel>"),
    ".trigger_id": ("a command", ["trigger_id"], ""),
    ".user": ("a shortcut", ["user"], None),
    ".user.id": ("a form handed in", ["user", "id"], "\ud800"),
    ".team": ("a form handed in", ["team"], "T0CONVENE"),
    ".actions": ("a button in a message", ["actions"], []),
    ".actions[].action_ts": ("a button in a message", ["actions", 0, "action_ts"], 1.2),
    ".actions[].selected_user": ("a button in a message", ["actions", 0, "selected_user"], "999"),
    ".view.blocks": ("a form handed in", ["view", "blocks"], {}),
    ".view.blocks[].element": ("a form handed in", ["view", "blocks", 0, "element"], None),
    ".view.state.values.*": ("a form handed in", ["view", "state", "values", "b"], None),
    ".view.state.values.*.*": ("a form handed in", ["view", "state", "values", "b", "a"], "words"),
    ".message.ts": ("a message's shortcut", ["message", "ts"], None),
    ".event": ("a message", ["event"], "words"),
    ".event.ts": ("a message", ["event", "ts"], None),
    ".event.text": ("a message", ["event", "text"], ["words"]),
    ".event.user": ("a message", ["event", "user"], {"id": "U1"}),
    ".event.user.id": ("a new name", ["event", "user", "id"], None),
    ".event_id": ("a Home", ["event_id"], "x" * 256),
    ".authorizations[]": ("a Home", ["authorizations"], [7]),
    ".event.channel": ("an event of next year", ["event", "channel"], 7),
    ".event.item.user": ("an event of next year", ["event", "item"], {"user": 7}),
    ".response_url": ("a payload of next year", ["response_url"], "(q"),
    ".actions[]": ("a payload of next year", ["actions"], [None]),
    ".type": ("a payload of next year", ["type"], 7),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_slack_sends_fits(name: str) -> None:
    assert misfit(GOOD[name]) is None


@pytest.mark.parametrize("at", BAD)
def test_what_does_not_fit_is_named_by_its_place(at: str) -> None:
    name, path, value = BAD[at]
    payload = copy.deepcopy(GOOD[name])
    place: Any = payload
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert misfit(payload) == at


def test_what_is_missing_is_named_as_well() -> None:
    assert misfit({key: value for key, value in COMMAND.items() if key != "channel_id"}) == ".channel_id"
