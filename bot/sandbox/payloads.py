"""What Slack sends: commands, interactions and events, field by field."""

from __future__ import annotations

import secrets

from bot.sandbox import markup, members
from bot.sandbox.channels import Channel, Message
from bot.sandbox.fields import Values
from bot.sandbox.ids import APP_ID, BOT_USER, TEAM, TEAM_DOMAIN, fresh
from bot.sandbox.interface import Payload, Shortcut
from bot.sandbox.modals import View
from bot.sandbox.workspace import Workspace

# Slack's deprecated way of proving itself; it is sent, and nobody should look at it.
TOKEN = "deprecated-verification-token"
STANDING_IN = {"channel": "channel", "group": "privategroup", "im": "directmessage"}


def user(workspace: Workspace, user_id: str) -> Payload:
    name = workspace.people[user_id].name
    return {"id": user_id, "username": name, "name": name, "team_id": TEAM}


def _common(workspace: Workspace, user_id: str, kind: str, trigger: str) -> Payload:
    return {
        "type": kind,
        "token": TOKEN,
        "api_app_id": APP_ID,
        "trigger_id": trigger,
        "user": user(workspace, user_id),
        "team": {"id": TEAM, "domain": TEAM_DOMAIN},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def channel_name(channel: Channel) -> str:
    return channel.name if channel.kind == "channel" else STANDING_IN[channel.kind]


def command(
    workspace: Workspace, user_id: str, channel: Channel, name: str, text: str, trigger: str, response_url: str
) -> dict[str, str]:
    """A slash command: form fields, all of them strings."""
    return {
        "token": TOKEN,
        "team_id": TEAM,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user_id,
        "user_name": workspace.people[user_id].name,
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger,
    }


def message_action(
    workspace: Workspace, user_id: str, message: Message, action: Payload, trigger: str, response_url: str
) -> Payload:
    """Something pressed or chosen in a message."""
    more = {"state": {"values": message.state_of(user_id)}, "response_url": response_url, "actions": [action]}
    return _common(workspace, user_id, "block_actions", trigger) | where(workspace, message) | more


def where(workspace: Workspace, message: Message) -> Payload:
    """The message and channel that something happens in; an ephemeral one is named but not sent along."""
    channel = workspace.channels[message.channel]
    container: Payload = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.reader is not None,
    }
    if message.thread_ts is not None:
        container["thread_ts"] = message.thread_ts
    place: Payload = {"container": container, "channel": {"id": channel.id, "name": channel_name(channel)}}
    return place if message.reader else place | {"message": workspace.wire(message)}


def view_action(workspace: Workspace, view: View, action: Payload, trigger: str) -> Payload:
    """Something pressed or chosen in a modal or on the Home."""
    return _common(workspace, view.user, "block_actions", trigger) | {
        "actions": [action],
        **inside(view),
    }


def inside(view: View) -> Payload:
    """The view that something happens in."""
    return {"container": {"type": "view", "view_id": view.id}, "view": view.wire()}


def action(workspace: Workspace, block_id: str, element: Payload, chosen: Payload) -> Payload:
    """One entry of `actions`; `chosen` is what the element's kind adds."""
    entry: Payload = {"type": element["type"], "action_id": element["action_id"], "block_id": block_id}
    for name in ("text", "value", "style", "url", "placeholder", "confirm"):
        if element["type"] == "button" and name in element:
            entry[name] = element[name]
    return entry | chosen | {"action_ts": workspace.stamp()}


def submission(workspace: Workspace, view: View, trigger: str, response_urls: list[Payload]) -> Payload:
    """A modal handed in: no channel, the state inside the view."""
    payload = _common(workspace, view.user, "view_submission", trigger)
    return payload | {"view": view.wire(), "response_urls": response_urls}


def closed(workspace: Workspace, view: View, *, cleared: bool) -> Payload:
    """A modal closed by its reader: without what was typed, and without a trigger."""
    payload = _common(workspace, view.user, "view_closed", "")
    del payload["trigger_id"]
    empty: Values = {}
    return payload | {"view": view.wire() | {"state": {"values": empty}}, "is_cleared": cleared}


def global_shortcut(workspace: Workspace, user_id: str, shortcut: Shortcut, trigger: str) -> Payload:
    payload = _common(workspace, user_id, "shortcut", trigger)
    return payload | {"callback_id": shortcut.callback_id, "action_ts": workspace.stamp()}


def message_shortcut(
    workspace: Workspace, user_id: str, shortcut: Shortcut, message: Message, trigger: str, response_url: str
) -> Payload:
    channel = workspace.channels[message.channel]
    return _common(workspace, user_id, "message_action", trigger) | {
        "callback_id": shortcut.callback_id,
        "action_ts": workspace.stamp(),
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": channel_name(channel)},
        "message": workspace.wire(message),
        "response_url": response_url,
    }


def suggestion(
    workspace: Workspace, user_id: str, block_id: str, action_id: str, typed: str, place: Payload
) -> Payload:
    """What an external menu asks while somebody types into it; `place` has the view, or the message and channel."""
    payload = _common(workspace, user_id, "block_suggestion", "")
    del payload["trigger_id"]
    return payload | {"block_id": block_id, "action_id": action_id, "value": typed} | place


# Events


def envelope(workspace: Workspace, event: Payload) -> Payload:
    """What wraps every event; made once, so that a retry has the same event_id."""
    channel = workspace.channels.get(str(event.get("channel")))
    return {
        "token": TOKEN,
        "team_id": TEAM,
        "context_team_id": TEAM,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": event,
        "type": "event_callback",
        "event_id": fresh("Ev"),
        "event_time": workspace.seconds(),
        "event_context": f"4-{secrets.token_urlsafe(24)}",
        "is_ext_shared_channel": bool(channel and channel.shared),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM,
                "user_id": BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
    }


_MESSAGES = {
    "channel": ("message.channels", "channels:history"),
    "group": ("message.groups", "groups:history"),
    "im": ("message.im", "im:history"),
}
_SCOPES = {
    "app_mention": "app_mentions:read",
    "channel_archive": "channels:read",
    "channel_rename": "channels:read",
    "group_archive": "groups:read",
    "group_rename": "groups:read",
    "user_change": "users:read",
}
_MEMBERSHIP = ("member_joined_channel", "member_left_channel")


def delivered(workspace: Workspace, event: Payload) -> bool:
    """Whether the manifest subscribes to an event, and has the scope that goes with it."""
    name, scope = str(event["type"]), _SCOPES.get(event["type"])
    if name == "message":
        name, scope = _MESSAGES[workspace.channels[event["channel"]].kind]
    elif name in _MEMBERSHIP:
        scope = "channels:read" if event["channel_type"] == "C" else "groups:read"
    return name in workspace.app.events and (scope is None or scope in workspace.app.scopes)


def posted(workspace: Workspace, message: Message) -> list[Payload]:
    """The events of a new message: itself, and the mention of the bot, if any, as an event of its own."""
    channel = workspace.channels[message.channel]
    base = workspace.wire(message) | {"channel": channel.id, "event_ts": message.ts}
    events = [base | {"channel_type": channel.kind}]
    spoken = not message.by_bot and message.subtype is None
    if channel.kind != "im" and spoken and BOT_USER in markup.mentions(message.text):
        kept = ("user", "text", "ts", "channel", "event_ts", "thread_ts", "blocks", "team", "client_msg_id")
        events.append({"type": "app_mention"} | {name: base[name] for name in kept if name in base})
    return events


def changed(workspace: Workspace, message: Message, before: Payload) -> Payload:
    """A message was edited; `before` is what it was."""
    stamp = workspace.stamp()
    return {
        "type": "message",
        "subtype": "message_changed",
        "hidden": True,
        "channel": message.channel,
        "channel_type": workspace.channels[message.channel].kind,
        "ts": stamp,
        "event_ts": stamp,
        "message": workspace.wire(message),
        "previous_message": before,
    }


def deleted(workspace: Workspace, channel: Channel, before: Payload) -> Payload:
    """A message was deleted; `before` is what it was."""
    stamp = workspace.stamp()
    return {
        "type": "message",
        "subtype": "message_deleted",
        "hidden": True,
        "channel": channel.id,
        "channel_type": channel.kind,
        "ts": stamp,
        "event_ts": stamp,
        "deleted_ts": before["ts"],
        "previous_message": before,
    }


def home_opened(workspace: Workspace, user_id: str, channel: str, view: View | None, tab: str) -> Payload:
    event: Payload = {
        "type": "app_home_opened",
        "user": user_id,
        "channel": channel,
        "tab": tab,
        "event_ts": workspace.stamp(),
    }
    return event | {"view": view.wire()} if view is not None else event


def membership(workspace: Workspace, kind: str, user_id: str, channel: Channel, inviter: str | None) -> Payload:
    """member_joined_channel or member_left_channel."""
    event: Payload = {
        "type": kind,
        "user": user_id,
        "channel": channel.id,
        "channel_type": "C" if channel.kind == "channel" else "G",
        "team": TEAM,
        "event_ts": workspace.stamp(),
    }
    return event | {"inviter": inviter} if inviter else event


def renamed(workspace: Workspace, channel: Channel) -> Payload:
    kind = "channel_rename" if channel.kind == "channel" else "group_rename"
    about = {"id": channel.id, "name": channel.name, "created": 0, "is_channel": channel.kind == "channel"}
    return {"type": kind, "channel": about, "event_ts": workspace.stamp()}


def archived(workspace: Workspace, channel: Channel, user_id: str) -> Payload:
    kind = "channel_archive" if channel.kind == "channel" else "group_archive"
    return {"type": kind, "channel": channel.id, "user": user_id, "event_ts": workspace.stamp()}


def user_changed(workspace: Workspace, user_id: str) -> Payload:
    stamp = workspace.stamp()
    return {
        "type": "user_change",
        "user": members.member(workspace, user_id),
        "cache_ts": workspace.seconds(),
        "event_ts": stamp,
    }
