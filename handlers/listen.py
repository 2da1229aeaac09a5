"""What the bot listens to, noted once: Bolt is told from it, and so are the help and the manifest."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from slack_bolt import Ack, App, BoltContext, Respond

from bot.deps import Deps
from bot.views.commands import Command, Shortcut
from handlers.behind import Drawing, Draws
from handlers.in_time import InTime
from handlers.reply import in_mode
from handlers.request import Body

Listener = Callable[..., Any]
GIVEN = frozenset(("ack", "body", "action", "view", "event", "respond", "context", "deps"))
"""What a listener may ask for, by naming it."""


@dataclass
class Listeners:
    """Filled by each feature's `listen(on)`; a listener is called with the arguments it names, of those in `GIVEN`."""

    commands: dict[Command, Listener] = field(default_factory=dict)
    shortcuts: dict[Shortcut, Listener] = field(default_factory=dict)
    events: dict[str, Listener] = field(default_factory=dict)
    actions: dict[str, Listener] = field(default_factory=dict)
    views: dict[str, Listener] = field(default_factory=dict)
    closings: dict[str, Listener] = field(default_factory=dict)
    lists: dict[str, Draws] = field(default_factory=dict)

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

    def behind(self, callback_id: str, draws: Draws) -> None:
        """A list that is drawn again where it lies behind something that was changed; see `handlers.behind`."""
        if callback_id in self.lists:
            raise ValueError(f"{callback_id} is drawn in two ways")
        self.lists[callback_id] = draws

    def attach(self, app: App) -> None:
        """Tell Bolt. All `message.*` events arrive as one type, and have one listener."""
        in_time, tell_bolt = InTime(), partial(_tell, drawing=Drawing(self.lists))
        # What comes most often first: Bolt asks one after the other.
        tell_bolt(app.command, {one.name: listener for one, listener in self.commands.items()}, _command)
        tell_bolt(app.event, {name.partition(".")[0]: listener for name, listener in self.events.items()}, _event)
        tell_bolt(app.view, {name: in_time(listener) for name, listener in self.views.items()}, _view)
        tell_bolt(app.block_action, self.actions, _action, numbered=True)
        # By its kind: with the callback id of another kind comes another payload, and no listener is made for it.
        for kind, tell in (("global", app.global_shortcut), ("message", app.message_shortcut)):
            every = {one.callback_id: listener for one, listener in self.shortcuts.items() if one.kind == kind}
            tell_bolt(tell, every, _callback)
        tell_bolt(app.view_closed, self.closings, _view)


def _tell(
    tell: Callable[[re.Pattern[str]], Callable[[Listener], object]],
    listeners: Mapping[str, Listener],
    named: Callable[[Body], str],
    *,
    drawing: Drawing,
    numbered: bool = False,
) -> None:
    """Make one listener of Bolt's of all those of a kind, which are found by their names.

    Bolt tries its own one after the other, and makes ready anew for each whatever it may ask for.
    """
    found = {name: (listener, _asks_for(listener)) for name, listener in listeners.items()}

    def listener(
        ack: Ack,
        body: Body,
        action: Body,
        view: Body,
        event: Body,
        respond: Respond,
        context: BoltContext,
        deps: Deps,
    ) -> None:
        given = {
            "ack": ack,
            "body": body,
            "action": action,
            "view": view,
            "event": event,
            "respond": respond,
            "context": context,
            "deps": deps,
        }
        wanted, names = found[named(body)]
        drawing.notice(body)
        wanted(**{name: given[name] for name in names})
        drawing.draw(deps, body, lambda made: in_mode(body, made))

    if found:
        number = r"(?:#\d+)?" if numbered else ""
        tell(re.compile(rf"\A(?:{'|'.join(map(re.escape, found))}){number}\Z"))(listener)


def _asks_for(listener: Listener) -> tuple[str, ...]:
    """The arguments that a listener names; others that it has must do without. Raises TypeError if they cannot."""
    every = inspect.signature(listener).parameters.values()
    unknown = [one.name for one in every if one.name not in GIVEN and one.default is one.empty]
    if unknown:
        raise TypeError(f"{listener} asks for what there is not: {unknown}")
    return tuple(one.name for one in every if one.name in GIVEN)


def _command(body: Body) -> str:
    return str(body["command"])


def _callback(body: Body) -> str:
    return str(body["callback_id"])


def _event(body: Body) -> str:
    return str(body["event"]["type"])


def _action(body: Body) -> str:
    return str(body["actions"][0]["action_id"]).partition("#")[0]


def _view(body: Body) -> str:
    return str(body["view"]["callback_id"])


def _put(register: dict[Any, Listener], key: object, listener: Listener) -> None:
    if key in register:
        raise ValueError(f"{key} is listened to twice")
    register[key] = listener
