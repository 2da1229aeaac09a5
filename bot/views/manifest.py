"""The app manifest that Slack is given: made from what the bot listens to and calls, with no scope beyond that."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.domain.messages import Block, Json
from bot.views.commands import Command, Shortcut

EVENT_SCOPES = {
    "app_home_opened": (),
    "app_mention": ("app_mentions:read",),
    "channel_archive": ("channels:read",),
    "channel_left": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "group_archive": ("groups:read",),
    "group_left": ("groups:read",),
    "group_rename": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "user_change": ("users:read",),
}
"""What each event needs, from Slack's reference of events."""

CALL_SCOPES = ("chat:write", "im:write", "users:read", "channels:read", "groups:read", "files:write")
"""What the calls of bot/slack.py need."""

OPTIONAL_SCOPES = (
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:write.invites",
    "files:read",
    "groups:history",
    "groups:write",
    "groups:write.invites",
    "users:read.email",
)
"""Without them the bot answers only where it is mentioned, cannot look whether a doubtful post arrived, cannot read the
files that it is handed, makes and joins no channels, invites nobody into one, and knows people imported by address only
once they are given a Slack id."""


@dataclass(frozen=True)
class Heard:
    """Everything the bot listens to, by name."""

    commands: Collection[Command]
    shortcuts: Collection[Shortcut]
    events: Collection[str]


def scopes(heard: Heard) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The scopes the bot needs, and those of them it can do without; each sorted."""
    wanted = {*CALL_SCOPES, *OPTIONAL_SCOPES}
    wanted |= {scope for event in heard.events for scope in EVENT_SCOPES[event]}
    if heard.commands or heard.shortcuts:
        wanted.add("commands")
    return tuple(sorted(wanted)), tuple(sorted(OPTIONAL_SCOPES))


def manifest(heard: Heard, url: str | None) -> Block:
    """The manifest for HTTP at `url` (https://bot.example.org), or for Socket Mode without one."""
    wanted, optional = scopes(heard)
    events_url = f"{url.rstrip('/')}/slack/events" if url else None
    subscriptions: Block = {"bot_events": sorted(heard.events)}
    interactivity: Block = {"is_enabled": True}
    if events_url is not None:
        subscriptions["request_url"] = events_url
        interactivity["request_url"] = events_url
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Convene",
            "description": "Runs a community of practice: answers, dates, homework, coaching and reminders",
            "background_color": "#1F4E5F",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": "convene", "always_online": True},
            "shortcuts": _list(_shortcut(one) for one in heard.shortcuts),
            "slash_commands": _list(_command(one, events_url) for one in heard.commands),
        },
        "oauth_config": {"scopes": {"bot": list(wanted), "bot_optional": list(optional)}},
        "settings": {
            "event_subscriptions": subscriptions,
            "interactivity": interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": url is None,
            "token_rotation_enabled": False,
        },
    }


def _command(command: Command, events_url: str | None) -> Block:
    block: Block = {"command": command.name, "description": command.about, "should_escape": True}
    if command.usage:
        block["usage_hint"] = command.usage
    if events_url is not None:
        block["url"] = events_url
    return block


def _shortcut(shortcut: Shortcut) -> Block:
    return {
        "name": shortcut.name,
        "type": shortcut.kind,
        "callback_id": shortcut.callback_id,
        "description": shortcut.about,
    }


def _list(blocks: Iterable[Block]) -> list[Json]:
    return list(blocks)
