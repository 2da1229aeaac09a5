"""What a person does in Slack, and what every such act shares: who it is, where, and what came of it.

Every act raises RefusedError when a person could not do it in Slack, and otherwise returns what came of it.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.channels import Channel, Message
from bot.sandbox.delivery import Delivery
from bot.sandbox.interface import Payload, Person, RefusedError, SlackError
from bot.sandbox.modals import Views
from bot.sandbox.passes import Hook
from bot.sandbox.posting import Posting
from bot.sandbox.transport import Answer
from bot.sandbox.workspace import Workspace


class Acts:
    """The acts over one workspace."""

    def __init__(
        self, workspace: Workspace, views: Views, delivery: Delivery, posting: Posting, zone: ZoneInfo
    ) -> None:
        self._workspace = workspace
        self._views = views
        self._delivery = delivery
        self._posting = posting
        self._zone = zone

    def _active(self, given: Payload) -> Person:
        person = self._workspace.person(text_of(given, "user"))
        if person.deleted:
            raise RefusedError(f"{person.name}'s account was deactivated.")
        return person

    def _messages(self, person: Person, given: Payload) -> list[Message]:
        """The messages meant by `channel` and `message_ts`, newest first."""
        seen = self._workspace.seen_by(person.id)
        if given.get("channel"):
            channel = self._workspace.visible(str(given["channel"]), person.id)
            seen = [one for one in seen if one.channel == channel.id]
        if given.get("message_ts"):
            seen = [one for one in seen if one.ts == str(given["message_ts"])]
        return seen

    def _thread(self, channel: Channel, given: Payload) -> str | None:
        ts = given.get("thread_ts")
        if not ts:
            return None
        parent = self._workspace.find(channel.id, str(ts))
        if parent is None or parent.reader is not None:
            raise RefusedError(f"thread_not_found: there is no message {ts} in that channel to answer.")
        return parent.thread_ts if parent.is_reply else parent.ts

    def _events(self, channel: Channel, events: list[Payload]) -> Answer | None:
        """The bot hears of a channel only from inside."""
        return self._delivery.events(events) if channel.has_bot else None

    def _response_url(self, hook: Hook) -> str:
        return f"{self._workspace.site}/response/{self._workspace.passes.hook(hook)}"

    def _trigger(self, person: Person, view_id: str | None = None) -> str:
        return self._workspace.passes.trigger(person.id, view_id)

    def _told(self, answer: Answer | None, user: str | None, **more: Any) -> Payload:
        """What a caller hears: whether and when the bot acknowledged, and the view on top now."""
        top = self._views.top(user) if user else None
        result: Payload = {
            "ok": (answer is None or answer.ok) and not more.get("error"),
            "acked_ms": answer.ms if answer else 0,
            "view": top.wire() if top else None,
        }
        if answer is not None and not answer.ok:
            result["error"] = failure(answer)
        return result | {name: value for name, value in more.items() if value is not None}


def failure(answer: Answer) -> str:
    """Slack's word for a missing acknowledgement."""
    if answer.failure == "http_timeout":
        return "operation_timeout"
    if answer.failure == "connection_failed":
        return "dispatch_failed"
    return "http_client_error" if answer.status is not None and answer.status < 500 else "http_service_error"


def text_of(given: Payload, name: str) -> str:
    """A field that must be there; only `text` may be empty. Raises RefusedError."""
    value = given.get(name)
    if not isinstance(value, str) or (not value and name != "text"):
        raise RefusedError(f"{name} is missing: a text is needed.")
    return value


def details(error: SlackError) -> Any:
    """What was wrong with an answer of the bot, for whoever wrote the bot."""
    return error.extra.get("detail") or error.extra.get("response_metadata", {}).get("messages")
