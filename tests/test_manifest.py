"""The app manifest says what the code listens to and calls: all of it, nothing more, within Slack's limits."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from bot import app as composition
from bot.cli import build
from bot.slack import Slack
from bot.views.manifest import EVENT_SCOPES, OPTIONAL_SCOPES
from handlers import registry

if TYPE_CHECKING:
    from slack_bolt import App

ROOT = Path(__file__).parent.parent
HTTPS = "https://bot.example.org"

READ = {"channels:read", "groups:read"}
HISTORY = {"channels:history", "groups:history", "im:history"}
CALLS: dict[str, set[str]] = {
    "apps_connections_open": set(),
    "auth_test": set(),
    "chat_delete": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_create": {"channels:manage", "groups:write"},
    "conversations_history": HISTORY,
    "conversations_info": READ,
    "conversations_invite": {"channels:write.invites", "groups:write.invites"},
    "conversations_join": {"channels:join"},
    "conversations_members": READ,
    "conversations_open": {"im:write"},
    "conversations_replies": HISTORY,
    "files_completeUploadExternal": {"files:write"},
    "files_getUploadURLExternal": {"files:write"},
    "files_info": {"files:read"},
    "users_info": {"users:read", "users:read.email"},
    "users_lookupByEmail": {"users:read.email"},
    "views_open": set(),
    "views_publish": set(),
    "views_push": set(),
    "views_update": set(),
}
"""What each call of the client may need, from Slack's reference of methods; the address is part of who somebody is."""

KEYS = {
    "": {"_metadata", "display_information", "features", "oauth_config", "settings"},
    "_metadata": {"major_version", "minor_version"},
    "display_information": {"name", "description", "long_description", "background_color"},
    "features": {"app_home", "bot_user", "shortcuts", "slash_commands"},
    "features.app_home": {"home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"},
    "features.bot_user": {"display_name", "always_online"},
    "features.shortcuts[]": {"name", "type", "callback_id", "description"},
    "features.slash_commands[]": {"command", "url", "description", "usage_hint", "should_escape"},
    "oauth_config": {"redirect_urls", "scopes"},
    "oauth_config.scopes": {"bot", "bot_optional", "user", "user_optional"},
    "settings": {
        "event_subscriptions",
        "interactivity",
        "org_deploy_enabled",
        "socket_mode_enabled",
        "token_rotation_enabled",
    },
    "settings.event_subscriptions": {"request_url", "bot_events"},
    "settings.interactivity": {"is_enabled", "request_url", "message_menu_options_url"},
}
"""The parts of a manifest that this one may have, as Slack's schema names them."""


class Recorder:
    """Stands where Bolt stands, and notes to which of some names it is told to listen."""

    def __init__(self, names: Collection[str]) -> None:
        self.heard: dict[str, list[str]] = {}
        self._names = names

    def __getattr__(self, kind: str) -> Callable[[Any], Callable[[object], None]]:
        def note(pattern: re.Pattern[str]) -> Callable[[object], None]:
            self.heard.setdefault(kind, []).extend(one for one in self._names if pattern.search(one))
            return lambda listener: None

        return note


@pytest.fixture(scope="module")
def heard() -> dict[str, list[str]]:
    """What Bolt is really told, by kind."""
    on = registry.collect()
    shortcuts, events = (one.callback_id for one in on.shortcuts), (one.partition(".")[0] for one in on.events)
    names = dict.fromkeys((*(one.name for one in on.commands), *shortcuts, *events, *on.actions, *on.views))
    recorder = Recorder((*names, *(f"{one}s" for one in names), *(f"a.{one}" for one in names)))
    on.attach(cast("App", recorder))
    return recorder.heard


@pytest.fixture(scope="module", params=[None, HTTPS], ids=["socket", "http"])
def manifest(request: pytest.FixtureRequest) -> Any:
    return composition.manifest(request.param)


def calls() -> set[str]:
    """The methods of Slack's client that are called anywhere in the bot."""
    tree = ast.parse((ROOT / "bot/slack.py").read_text())
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Attribute) and node.value.attr == "client"
    }


def leaves(part: Any, path: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every place (without list positions), key and value of a manifest."""
    for key, value in part.items():
        yield path, key, value
        below = f"{path}.{key}" if path else key
        if isinstance(value, dict):
            yield from leaves(value, below)
        elif isinstance(value, list):
            for one in value:
                if isinstance(one, dict):
                    yield from leaves(one, f"{below}[]")


def test_its_commands_are_those_that_are_listened_to(manifest: Any, heard: dict[str, list[str]]) -> None:
    assert [one["command"] for one in manifest["features"]["slash_commands"]] == heard["command"]


def test_its_shortcuts_are_those_that_are_listened_to(manifest: Any, heard: dict[str, list[str]]) -> None:
    for kind in ("global", "message"):
        told = [one["callback_id"] for one in manifest["features"]["shortcuts"] if one["type"] == kind]
        assert told == heard[f"{kind}_shortcut"], "Slack lists those of a kind in the manifest's order"


def test_its_events_are_those_that_are_listened_to(manifest: Any, heard: dict[str, list[str]]) -> None:
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert {event.partition(".")[0] for event in events} == set(heard["event"])
    assert len(heard["event"]) == len(set(heard["event"]))


def test_all_messages_reach_one_listener() -> None:
    # Slack subscribes to them by kind of channel and delivers them under one name.
    listeners = {listener for name, listener in registry.collect().events.items() if name.startswith("message.")}
    assert len(listeners) == 1


def test_every_scope_is_needed_by_an_event_or_a_call_and_none_is_missing(manifest: Any) -> None:
    needed = {"commands"}
    for event in manifest["settings"]["event_subscriptions"]["bot_events"]:
        needed |= set(EVENT_SCOPES[event])
    assert calls() == set(CALLS)
    for call in CALLS.values():
        needed |= call
    scopes = manifest["oauth_config"]["scopes"]
    assert set(scopes["bot"]) == needed
    assert set(scopes["bot_optional"]) == set(OPTIONAL_SCOPES) <= needed
    assert len(scopes["bot"]) == len(set(scopes["bot"]))


def test_the_scopes_of_all_events_that_are_listened_to_are_known_and_of_no_others() -> None:
    assert set(EVENT_SCOPES) == set(registry.collect().events)


def test_every_call_that_could_be_made_is_made_somewhere() -> None:
    made = {name for name, value in vars(Slack).items() if callable(value) and not name.startswith("_")}
    sources = "".join(path.read_text() for top in ("bot", "handlers", "jobs") for path in (ROOT / top).rglob("*.py"))
    assert [name for name in sorted(made) if f".{name}(" not in sources.replace(f"self.{name}(", "")] == []


def test_clients_are_called_in_one_place_only() -> None:
    methods = re.compile(rf"\.({'|'.join(CALLS)})\(")
    for top in ("bot", "handlers", "jobs"):
        for path in (ROOT / top).rglob("*.py"):
            if path != ROOT / "bot/slack.py":
                assert not methods.search(path.read_text()), path


def test_it_has_no_part_that_slack_does_not_know(manifest: Any) -> None:
    assert [(path, key) for path, key, _ in leaves(manifest) if key not in KEYS[path]] == []


def test_it_keeps_to_slacks_lengths_and_counts(manifest: Any) -> None:
    about, features = manifest["display_information"], manifest["features"]
    assert len(about["name"]) <= 35
    assert len(about["description"]) <= 140
    assert re.fullmatch(r"#[0-9A-Fa-f]{6}", about["background_color"])
    assert re.fullmatch(r"[a-z0-9_. -]{1,80}", features["bot_user"]["display_name"])
    assert len(features["shortcuts"]) <= 10
    assert len(features["slash_commands"]) <= 50
    assert len(manifest["settings"]["event_subscriptions"]["bot_events"]) <= 100
    for shortcut in features["shortcuts"]:
        assert 0 < len(shortcut["name"]) <= 24
        assert 0 < len(shortcut["callback_id"]) <= 255
        assert 0 < len(shortcut["description"]) <= 150
        assert shortcut["type"] in ("global", "message")
    for command in features["slash_commands"]:
        assert re.fullmatch(r"/[a-z][a-z0-9_-]{0,30}", command["command"])
        assert 0 < len(command["description"]) <= 2000
        assert len(command.get("usage_hint", "")) <= 1000


def test_names_typed_into_a_command_arrive_as_names(manifest: Any) -> None:
    assert all(one["should_escape"] for one in manifest["features"]["slash_commands"])


def test_over_a_web_socket_it_carries_no_address() -> None:
    made: Any = composition.manifest(None)
    assert made["settings"]["socket_mode_enabled"] is True
    assert [key for _, key, _ in leaves(made) if "url" in key] == []


def test_over_http_everything_is_sent_to_one_address() -> None:
    made: Any = composition.manifest(HTTPS + "/")
    assert made["settings"]["socket_mode_enabled"] is False
    urls = [value for _, key, value in leaves(made) if key in ("url", "request_url")]
    assert len(urls) == len(made["features"]["slash_commands"]) + 2
    assert set(urls) == {f"{HTTPS}/slack/events"}


def printed(*words: str) -> Any:
    result = CliRunner().invoke(build(), ["manifest", *words])
    assert result.exit_code == 0, result.output
    return YAML(typ="safe").load(result.stdout)


def test_what_is_printed_is_yaml_that_says_the_same() -> None:
    assert printed() == composition.manifest(None)
    assert printed("--url", HTTPS) == composition.manifest(HTTPS)


def test_the_address_may_be_given_with_its_path() -> None:
    assert printed("--url", f"{HTTPS}/slack/events") == composition.manifest(HTTPS)


@pytest.mark.parametrize("url", ["http://bot.example.org", "bot.example.org", "https://"])
def test_an_address_that_slack_would_not_take_is_refused(url: str) -> None:
    result = CliRunner().invoke(build(), ["manifest", "--url", url])
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "https://bot.example.org" in result.stderr
