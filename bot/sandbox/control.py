"""The control API: the sandbox without a browser. JSON in and out; refusals raise RefusedError."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from bot.sandbox.channels import Channel, Message
from bot.sandbox.comings import Comings
from bot.sandbox.delivery import Delivery
from bot.sandbox.faults import Faults
from bot.sandbox.forms import Forms
from bot.sandbox.ids import APP_ID, BOT_USER, TEAM, TEAM_NAME
from bot.sandbox.interface import Payload, RefusedError
from bot.sandbox.journal import Journal
from bot.sandbox.modals import Views
from bot.sandbox.posting import Posting
from bot.sandbox.pressing import Pressing
from bot.sandbox.walk import Walker
from bot.sandbox.workspace import Workspace
from bot.sandbox.writing import Writing

INVITE = "/invite"
"""The one command of Slack's own that there is here: without it the bot comes into no channel."""


class Control:
    """`get` and `post` by the last part of the address."""

    def __init__(
        self,
        workspace: Workspace,
        views: Views,
        delivery: Delivery,
        journal: Journal,
        posting: Posting,
        walker: Walker,
        faults: Faults,
        zone: ZoneInfo,
        labels: Mapping[str, str],
    ) -> None:
        self._workspace = workspace
        self._views = views
        self._delivery = delivery
        self._journal = journal
        self._walker = walker
        self._zone = zone
        self._labels = labels
        self.reads: dict[str, Callable[[Mapping[str, str]], Payload]] = {
            "workspace": self._about,
            "messages": self._messages,
            "view": self._view,
            "home": self._home,
            "log": self._log,
            "idle": self._idle,
            "clock": self._time,
            "fault": lambda _: faults.listed(),
        }
        shared = (workspace, views, delivery, posting, zone)
        writing, pressing, forms, comings = Writing(*shared), Pressing(*shared), Forms(*shared), Comings(*shared)
        self.acts: dict[str, Callable[[Payload], Payload]] = {
            "message": writing.message,
            "edit": writing.edit,
            "delete": writing.delete,
            "command": lambda given: (comings.invite if given.get("command") == INVITE else writing.command)(given),
            "action": pressing.action,
            "options": pressing.options,
            "submit": forms.submit,
            "close": forms.close,
            "home": comings.home,
            "shortcut": pressing.shortcut,
            "join": comings.join,
            "leave": comings.leave,
            "deactivate": comings.deactivate,
            "rename": comings.rename,
            "archive": comings.archive,
            "clock": self._move,
            "fault": faults.order,
        }

    def get(self, name: str, query: Mapping[str, str]) -> Payload:
        """Look at something; raises RefusedError."""
        return {"ok": True, **self.reads[name](query)}

    def post(self, name: str, given: Payload) -> Payload:
        """Do something; returns when the bot has acknowledged. Raises RefusedError."""
        if not self._delivery.connected:
            raise RefusedError("No bot is connected yet.")
        return self.acts[name](given)

    # Looking

    def _about(self, _: Mapping[str, str]) -> Payload:
        app = self._workspace.app
        with self._workspace.lock:
            people = [
                {
                    "id": one.id,
                    "name": one.name,
                    "real_name": one.real_name,
                    "role": one.role,
                    "guest": one.guest,
                    "tz": one.tz,
                    "is_admin": one.is_admin,
                    "deleted": one.deleted,
                    "bot": False,
                }
                for one in self._workspace.people.values()
            ]
            channels = [self._channel(one) for one in self._workspace.channels.values()]
        bot = {"id": BOT_USER, "name": app.bot_name, "real_name": app.name, "role": "bot", "guest": False, "bot": True}
        return {
            "team": self._labels.get("team", TEAM_NAME),
            "team_id": TEAM,
            "app_id": APP_ID,
            "programName": self._labels.get("program", ""),
            "users": [*people, bot | {"tz": str(self._zone), "is_admin": False, "deleted": False}],
            "bot": bot,
            "channels": channels,
            "commands": [
                {"command": one.name, "description": one.description, "usage_hint": one.usage}
                for one in app.commands.values()
            ],
            "shortcuts": [
                {"callback_id": one.callback_id, "name": one.name, "description": one.description, "type": one.kind}
                for one in app.shortcuts.values()
            ],
            "now": self._walker.local_now,
            "zone": {"tz": str(self._zone), "place": self._labels.get("place", str(self._zone))},
        }

    def _channel(self, channel: Channel) -> Payload:
        about: Payload = {
            "id": channel.id,
            "name": channel.name,
            "purpose": channel.purpose,
            "private": channel.kind != "channel",
            "archived": channel.archived,
            "members": sorted(channel.members),
        }
        return about | {"user": channel.user, "name": self._workspace.app.bot_name} if channel.user else about

    def _messages(self, query: Mapping[str, str]) -> Payload:
        user = self._workspace.person(query["user"]).id if query.get("user") else None
        word = query.get("channel") or ""
        channel = self._workspace.visible(word, user) if user else self._any(word)
        found = self._found(channel, query.get("thread_ts"), user)
        return {"messages": [self._workspace.wire(one) for one in found]}

    def _found(self, channel: Channel, thread_ts: str | None, user: str | None) -> list[Message]:
        everything = user is None
        if not thread_ts:
            return self._workspace.top_level(channel.id, user, everything=everything)
        return self._workspace.thread(channel.id, thread_ts, user, everything=everything)

    def _any(self, word: str) -> Channel:
        for channel in self._workspace.channels.values():
            if word.lstrip("#") in (channel.id, channel.name) and word:
                return channel
        raise RefusedError(f"channel_not_found: there is no channel {word!r}.")

    def _view(self, query: Mapping[str, str]) -> Payload:
        user = self._workspace.person(query.get("user") or "").id
        top = self._views.top(user)
        errors = top.errors if top else {}
        return {"view": top.wire() if top else None, "errors": errors, "depth": self._views.depth(user)}

    def _home(self, query: Mapping[str, str]) -> Payload:
        home = self._views.home(self._workspace.person(query.get("user") or "").id)
        return {"view": home.wire() if home else None}

    def _log(self, query: Mapping[str, str]) -> Payload:
        after = query.get("after") or "0"
        return {"log": self._journal.read(int(after) if after.isdigit() else 0)}

    def _idle(self, query: Mapping[str, str]) -> Payload:
        try:
            seconds = float(query.get("timeout") or 10)
        except ValueError as error:
            raise RefusedError("timeout is a number of seconds") from error
        if not self._walker.rest(seconds):
            raise RefusedError(f"The bot is still busy after {seconds:g} seconds.")
        return {}

    def _time(self, _: Mapping[str, str]) -> Payload:
        due = self._walker.next_due()
        return {"now": self._walker.local_now, "next": due.astimezone(self._zone).isoformat() if due else None}

    # Time

    def _move(self, given: Payload) -> Payload:
        if "sleep" in given:
            self._walker.sleep(given)
        else:
            self._walker.move(given)
        return {"ok": True, "acked_ms": 0, "now": self._walker.local_now}
