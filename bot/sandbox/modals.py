"""Views: a stack of at most three modals per person, and each one's App Home."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from bot.sandbox import rules
from bot.sandbox.fields import Values, initial_values
from bot.sandbox.ids import APP_ID, BOT_ID, TEAM, fill_ids, fresh
from bot.sandbox.interface import Payload, SlackError
from bot.sandbox.workspace import Workspace

STACK = 3


@dataclass
class View:
    """One view of one person: what the bot sent, what the person typed, what the bot complained of."""

    id: str
    user: str
    definition: Payload
    hash: str
    root_id: str
    previous_id: str | None
    values: Values
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Payload]:
        blocks: list[Payload] = self.definition["blocks"]
        return blocks

    def wire(self) -> Payload:
        """The view in Slack's fields."""
        given = self.definition
        shown: Payload = {
            "id": self.id,
            "team_id": TEAM,
            "type": given["type"],
            "blocks": self.blocks,
            "private_metadata": given.get("private_metadata") or "",
            "callback_id": given.get("callback_id") or "",
            "external_id": given.get("external_id") or "",
            "state": {"values": self.values},
            "hash": self.hash,
            "root_view_id": self.root_id,
            "previous_view_id": self.previous_id,
            "app_id": APP_ID,
            "app_installed_team_id": TEAM,
            "bot_id": BOT_ID,
        }
        if given["type"] == "home":
            return shown
        return shown | {
            "title": given["title"],
            "close": given.get("close"),
            "submit": given.get("submit"),
            "clear_on_close": bool(given.get("clear_on_close")),
            "notify_on_close": bool(given.get("notify_on_close")),
        }


class Views:
    """All open modals and published Homes; shares the workspace's lock."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = workspace.lock
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}

    def top(self, user: str) -> View | None:
        with self._lock:
            stack = self._stacks.get(user)
            return stack[-1] if stack else None

    def depth(self, user: str) -> int:
        with self._lock:
            return len(self._stacks.get(user, ()))

    def home(self, user: str) -> View | None:
        with self._lock:
            return self._homes.get(user)

    def open(self, user: str, definition: Payload) -> View:
        """A new stack for a person; whatever was open is gone."""
        with self._lock:
            self._unclaimed(definition, None)
            made = self._make(user, definition, None)
            self._stacks[user] = [made]
        self._workspace.changed("view", user=user)
        return made

    def push(self, user: str, definition: Payload) -> View:
        """A modal above the one that is open; raises SlackError."""
        with self._lock:
            stack = self._stacks.get(user)
            if not stack:
                raise SlackError("not_found")
            if len(stack) >= STACK:
                raise SlackError("push_limit_reached")
            self._unclaimed(definition, None)
            made = self._make(user, definition, stack[-1])
            stack.append(made)
        self._workspace.changed("view", user=user)
        return made

    def find(self, view_id: str | None, external_id: str | None) -> View:
        """An open modal or a Home by one of its ids; raises SlackError."""
        with self._lock:
            for view in self._all():
                if view.id == view_id or (external_id and view.definition.get("external_id") == external_id):
                    return view
        raise SlackError("not_found")

    def update(self, view: View, definition: Payload, given_hash: str | None) -> View:
        """Replace a view's content, unless somebody was faster; what was typed stays where the ids stay."""
        with self._lock:
            if given_hash is not None and given_hash != view.hash:
                raise SlackError("hash_conflict")
            self._unclaimed(definition, view)
            view.definition = self._filled(definition)
            view.values = initial_values(view.blocks, view.values)
            view.hash = self._hash()
            view.errors = {}
        self._workspace.changed("home" if definition["type"] == "home" else "view", user=view.user)
        return view

    def publish(self, user: str, definition: Payload, given_hash: str | None) -> View:
        """Show a person their App Home."""
        with self._lock:
            current = self._homes.get(user)
            if current is not None:
                return self.update(current, definition, given_hash)
            if given_hash is not None:
                raise SlackError("hash_conflict")
            self._unclaimed(definition, None)
            made = self._make(user, definition, None)
            self._homes[user] = made
        self._workspace.changed("home", user=user)
        return made

    def close(self, user: str) -> View | None:
        """Close the top modal, the whole stack if it says so; the one that was closed."""
        with self._lock:
            stack = self._stacks.get(user)
            closed = stack.pop() if stack else None
            if stack and closed is not None and closed.definition.get("clear_on_close"):
                stack.clear()
        self._workspace.changed("view", user=user)
        return closed

    def drop(self, view: View) -> None:
        """Close one view, if it is still open."""
        with self._lock:
            stack = self._stacks.get(view.user, [])
            if view in stack:
                stack.remove(view)
        self._workspace.changed("view", user=view.user)

    def clear(self, user: str) -> View | None:
        """Close the whole stack; its root."""
        with self._lock:
            stack = self._stacks.pop(user, [])
        self._workspace.changed("view", user=user)
        return stack[0] if stack else None

    def _all(self) -> list[View]:
        return [*(view for stack in self._stacks.values() for view in stack), *self._homes.values()]

    def _unclaimed(self, definition: Payload, but: View | None) -> None:
        name = definition.get("external_id")
        if name and any(one.definition.get("external_id") == name for one in self._all() if one is not but):
            raise SlackError("duplicate_external_id")

    def _make(self, user: str, definition: Payload, below: View | None) -> View:
        made = fresh("V")
        filled = self._filled(definition)
        root = below.root_id if below else made
        values = initial_values(filled["blocks"])
        return View(made, user, filled, self._hash(), root, below.id if below else None, values)

    @staticmethod
    def _filled(definition: Payload) -> Payload:
        for number, block in enumerate(definition["blocks"]):
            fill_ids(block, number)
        return definition

    def _hash(self) -> str:
        return f"{self._workspace.seconds()}.{secrets.token_hex(4)}"


def checked(definition: object, kind: str) -> Payload:
    """A view that keeps every rule; raises SlackError with what is wrong where."""
    problems = rules.view(definition, kind)
    if problems or not isinstance(definition, dict):
        raise SlackError("invalid_arguments", response_metadata={"messages": problems})
    if rules.too_large(definition):
        raise SlackError("view_too_large")
    return definition
