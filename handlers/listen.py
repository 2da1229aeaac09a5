"""What the bot listens to, noted once: Bolt is told from it, and so are the help and the manifest."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from slack_bolt import App

from bot.views.commands import Command, Shortcut
from handlers.in_time import InTime

Listener = Callable[..., Any]


@dataclass
class Listeners:
    """Filled by each feature's `listen(on)`; Bolt calls a listener with the arguments it names, `deps` among them."""

    commands: dict[Command, Listener] = field(default_factory=dict)
    shortcuts: dict[Shortcut, Listener] = field(default_factory=dict)
    events: dict[str, Listener] = field(default_factory=dict)
    actions: dict[str, Listener] = field(default_factory=dict)
    views: dict[str, Listener] = field(default_factory=dict)
    closings: dict[str, Listener] = field(default_factory=dict)

    def command(self, name: str, listener: Listener, *, about: str, usage: str = "") -> None:
        """A slash command."""
        _put(self.commands, Command(name, about, usage), listener)

    def shortcut(self, shortcut: Shortcut, listener: Listener) -> None:
        """A shortcut."""
        _put(self.shortcuts, shortcut, listener)

    def event(self, name: str, listener: Listener) -> None:
        """An event by its name in the manifest: `message.im` and its kin are told apart by their listener."""
        _put(self.events, name, listener)

    def action(self, action_id: str, listener: Listener) -> None:
        """A button or another element; `ids.numbered` ones come here too."""
        _put(self.actions, action_id, listener)

    def view(self, callback_id: str, listener: Listener) -> None:
        """A modal handed in."""
        _put(self.views, callback_id, listener)

    def closed(self, callback_id: str, listener: Listener) -> None:
        """A modal closed without being handed in."""
        _put(self.closings, callback_id, listener)

    def attach(self, app: App) -> None:
        """Tell Bolt. All `message.*` events arrive as one type, so their one listener is registered once."""
        for command, listener in self.commands.items():
            app.command(command.name)(listener)
        for shortcut, listener in self.shortcuts.items():
            # By its kind: with the callback id of another kind comes another payload, and no listener is made for it.
            attach = app.global_shortcut if shortcut.kind == "global" else app.message_shortcut
            attach(shortcut.callback_id)(listener)
        for name, listener in self.events.items():
            if name.partition(".")[0] != "message" or name == self._first_message():
                app.event(name.partition(".")[0])(listener)
        for action_id, listener in self.actions.items():
            app.action(re.compile(rf"{re.escape(action_id)}(#\d+)?$"))(listener)
        in_time = InTime()
        for callback_id, listener in self.views.items():
            app.view(callback_id)(in_time(listener))
        for callback_id, listener in self.closings.items():
            app.view_closed(callback_id)(listener)

    def _first_message(self) -> str | None:
        return next((name for name in self.events if name.startswith("message.")), None)


def _put(register: dict[Any, Listener], key: object, listener: Listener) -> None:
    if key in register:
        raise ValueError(f"{key} is listened to twice")
    register[key] = listener
