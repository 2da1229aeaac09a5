"""What the sandbox is given: people, rooms, a manifest, a clock, and the bot that it hosts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

# What travels as JSON; its shape is checked by rules.py, not by the type checker.
Payload = dict[str, Any]


@dataclass(frozen=True)
class Person:
    """Somebody in the workspace; `tz` is an IANA name, `role` is a word for people, Slack does not know it."""

    id: str
    name: str
    real_name: str
    role: str
    guest: bool
    tz: str
    email: str
    is_admin: bool
    deleted: bool = False
    locale: str = "en-US"


@dataclass(frozen=True)
class Room:
    """A channel as the workspace starts with it; `members` are user ids, the bot is `bot_in`."""

    id: str
    name: str
    purpose: str
    private: bool
    members: tuple[str, ...]
    bot_in: bool = True
    shared: bool = False


class StoryClock(Protocol):
    """Story time: aware, UTC, and movable."""

    def __call__(self) -> datetime: ...

    @property
    def offset(self) -> timedelta: ...

    def shift_to(self, when: datetime) -> None: ...


class Bot(Protocol):
    """What the sandbox needs of the bot it hosts in order to walk through time."""

    def next_due(self, until: datetime) -> datetime | None:
        """When the earliest planned notice falls due, if that is no later than `until`."""

    def tick(self) -> None:
        """Plan and send all that is due now; returns when done."""

    def busy(self) -> bool:
        """Whether a claimed send or a listener is under way, or a notice is due."""


class RefusedError(Exception):
    """Something a person in the workspace cannot do; the text is a plain sentence."""


class SlackError(Exception):
    """A refusal of the web API: Slack's code, and what its answer carries besides."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra


@dataclass(frozen=True)
class Command:
    """A slash command of the manifest."""

    name: str
    description: str
    usage: str
    escaped: bool


@dataclass(frozen=True)
class Shortcut:
    """A shortcut of the manifest; `kind` is `global` or `message`."""

    callback_id: str
    name: str
    description: str
    kind: str


@dataclass(frozen=True)
class App:
    """What the manifest says of the app: Slack grants and delivers nothing beyond it."""

    name: str
    bot_name: str
    commands: dict[str, Command]
    shortcuts: dict[str, Shortcut]
    scopes: tuple[str, ...]
    events: frozenset[str]
    home_tab: bool
    messages_tab: bool

    def need(self, *scopes: str) -> None:
        """Raise SlackError unless the manifest has these scopes."""
        for scope in scopes:
            if scope not in self.scopes:
                raise SlackError("missing_scope", needed=scope, provided=",".join(self.scopes))

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> App:
        """Read an app manifest (version 2); sections that are left out count as empty."""
        features = manifest.get("features") or {}
        home = features.get("app_home") or {}
        name = str((manifest.get("display_information") or {}).get("name") or "App")
        settings = manifest.get("settings") or {}
        scopes = ((manifest.get("oauth_config") or {}).get("scopes") or {}).get("bot") or ()
        return cls(
            name=name,
            bot_name=str((features.get("bot_user") or {}).get("display_name") or name.lower()),
            commands={one["command"]: _command(one) for one in features.get("slash_commands") or ()},
            shortcuts={one["callback_id"]: _shortcut(one) for one in features.get("shortcuts") or ()},
            scopes=tuple(scopes),
            events=frozenset((settings.get("event_subscriptions") or {}).get("bot_events") or ()),
            home_tab=bool(home.get("home_tab_enabled", False)),
            messages_tab=bool(home.get("messages_tab_enabled", False)),
        )


def _command(one: Mapping[str, Any]) -> Command:
    return Command(
        name=str(one["command"]),
        description=str(one.get("description") or ""),
        usage=str(one.get("usage_hint") or ""),
        escaped=bool(one.get("should_escape", False)),
    )


def _shortcut(one: Mapping[str, Any]) -> Shortcut:
    return Shortcut(
        callback_id=str(one["callback_id"]),
        name=str(one["name"]),
        description=str(one.get("description") or ""),
        kind=str(one["type"]),
    )
