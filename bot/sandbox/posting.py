"""The bot speaks: chat.*, reactions, and what comes through a response_url."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox import payloads, rules
from bot.sandbox.arguments import Arguments, Method, metadata
from bot.sandbox.channels import Channel, Message
from bot.sandbox.delivery import Delivery
from bot.sandbox.ids import BOT_USER, dm_id
from bot.sandbox.interface import Payload, SlackError
from bot.sandbox.passes import Hook
from bot.sandbox.workspace import Workspace


class Posting:
    """The methods over one workspace, and the ways to post that other parts share."""

    def __init__(self, workspace: Workspace, delivery: Delivery) -> None:
        self._workspace = workspace
        self._delivery = delivery
        self.methods: dict[str, Method] = {
            "chat.delete": Method(("chat:write",), self._delete),
            "chat.getPermalink": Method((), self._permalink),
            "chat.postEphemeral": Method(("chat:write",), self._post_ephemeral),
            "chat.postMessage": Method(("chat:write",), self._post),
            "chat.update": Method(("chat:write",), self._update),
            "reactions.add": Method(("reactions:write",), self._react),
        }

    def _post(self, given: Arguments) -> Payload:
        channel = self._target(given.text("channel"))
        if channel.archived:
            raise SlackError("is_archived")
        if not channel.has_bot and "chat:write.public" not in self._workspace.app.scopes:
            raise SlackError("not_in_channel")
        if given.has("username") or given.has("icon_emoji") or given.has("icon_url"):
            self._workspace.app.need("chat:write.customize")
        text, blocks, warnings = self._content(given)
        thread_ts = self.thread(channel, given)
        message = Message(
            channel=channel.id,
            ts=self._workspace.stamp(),
            user=BOT_USER,
            text=text,
            blocks=blocks,
            thread_ts=thread_ts,
            metadata=metadata(given),
            subtype="thread_broadcast" if thread_ts and given.flag("reply_broadcast") else None,
        )
        self.publish(message)
        return {"channel": channel.id, "ts": message.ts, "message": self._workspace.wire(message), **warnings}

    def _post_ephemeral(self, given: Arguments) -> Payload:
        channel = self._workspace.joined(given.text("channel"))
        user = given.text("user")
        if channel.archived:
            raise SlackError("is_archived")
        if user not in channel.members:
            raise SlackError("user_not_in_channel" if user in self._workspace.people else "user_not_found")
        text, blocks, warnings = self._content(given)
        thread_ts = self.thread(channel, given)
        parent = self._workspace.find(channel.id, thread_ts) if thread_ts else None
        quiet = parent is not None and not self._workspace.replies(parent)
        message = Message(
            channel=channel.id,
            ts=self._workspace.stamp(),
            user=BOT_USER,
            text=text,
            blocks=blocks,
            thread_ts=thread_ts,
            reader=user,
            inactive=quiet,
        )
        self.publish(message)
        return {"message_ts": message.ts, **({"warning": "thread_not_active"} if quiet else warnings)}

    def _update(self, given: Arguments) -> Payload:
        message = self._own(given, "cant_update_message")
        text, blocks = given.maybe("text"), given.parsed("blocks", "invalid_blocks_format")
        if text is None and blocks is None:
            raise SlackError("no_text")
        if text is not None and len(text) > rules.UPDATE_TEXT:
            raise SlackError("msg_too_long")
        content(text or "", blocks or [])
        if not (text or blocks or (blocks is None and message.blocks)):
            raise SlackError("no_text")
        kept = metadata(given) if given.raw("metadata") is not None else message.metadata
        self.rewrite(message, text, blocks if blocks is not None or text is None else [])
        message.metadata = kept
        shown = self._workspace.wire(message)
        return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": shown}

    def _delete(self, given: Arguments) -> Payload:
        message = self._own(given, "cant_delete_message")
        self.erase(message)
        return {"channel": message.channel, "ts": message.ts}

    def _permalink(self, given: Arguments) -> Payload:
        channel = self._workspace.known(given.text("channel"))
        message = self._workspace.find(channel.id, given.text("message_ts"))
        if message is None:
            raise SlackError("message_not_found")
        link = f"{self._workspace.site}/archives/{channel.id}/p{message.ts.replace('.', '')}"
        if message.is_reply:
            link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
        return {"channel": channel.id, "permalink": link}

    def _react(self, given: Arguments) -> Payload:
        channel, name = self._workspace.joined(given.text("channel")), given.text("name")
        message = self._workspace.find(channel.id, given.text("timestamp"))
        if message is None:
            raise SlackError("message_not_found")
        if not re.fullmatch(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?", name):
            raise SlackError("invalid_name")
        with self._workspace.lock:
            users = message.reactions.setdefault(name, [])
            if BOT_USER in users:
                raise SlackError("already_reacted")
            users.append(BOT_USER)
        self._workspace.changed("message", channel.id)
        return {}

    def publish(self, message: Message) -> None:
        """Post a message as the bot, and let its events follow."""
        self._workspace.add(message)
        self._tell(message, payloads.posted(self._workspace, message))

    def rewrite(self, message: Message, text: str | None, blocks: list[Payload] | None) -> None:
        """Change a message of the bot; what is None stays."""
        before = self._workspace.wire(message)
        edited = None if message.reader else {"user": BOT_USER, "ts": self._workspace.stamp()}
        self._workspace.rewrite(message, text, blocks, edited)
        self._tell(message, [payloads.changed(self._workspace, message, before)])

    def erase(self, message: Message) -> None:
        """Take one message away, and let its event follow."""
        before = self._workspace.wire(message)
        self._workspace.remove(message)
        channel = self._workspace.channels[message.channel]
        self._tell(message, [payloads.deleted(self._workspace, channel, before)])

    def _tell(self, message: Message, events: list[Payload]) -> None:
        """The bot hears of what everybody sees, where it is."""
        if message.reader is None and self._workspace.channels[message.channel].has_bot:
            self._delivery.events_later(events)

    def respond(self, secret: str, given: Any) -> None:
        """A message through a response_url; raises SlackError."""
        hook = self._workspace.passes.use_hook(secret)
        if not isinstance(given, dict):
            raise SlackError("invalid_payload")
        original = self._workspace.find(hook.channel, hook.message_ts) if hook.message_ts else None
        if original is not None and not original.by_bot:
            original = None
        if given.get("delete_original"):
            if original is not None:
                self.erase(original)
            return
        text, blocks = str(given.get("text") or ""), given.get("blocks") or []
        content(text, blocks)
        if not text and not blocks:
            raise SlackError("no_text")
        if given.get("replace_original") and original is not None:
            self.rewrite(original, text, blocks)
            return
        self.reply(hook, given)

    def reply(self, hook: Hook, given: Payload) -> Message:
        """A message where something was pressed or typed: only for that person unless it says `in_channel`."""
        reader = None if given.get("response_type") == "in_channel" else hook.user
        message = Message(
            channel=hook.channel,
            ts=self._workspace.stamp(),
            user=BOT_USER,
            text=str(given.get("text") or ""),
            blocks=given.get("blocks") or [],
            thread_ts=given.get("thread_ts") or (hook.thread_ts if reader else None),
            reader=reader,
        )
        self.publish(message)
        return message

    def _target(self, word: str) -> Channel:
        """Where a message goes; a user id means the direct message with that person."""
        if word in self._workspace.people:
            if self._workspace.people[word].deleted:
                raise SlackError("user_disabled")
            word = dm_id(word)
        channel = self._workspace.known(word)
        if channel.kind == "im" and not self._workspace.app.messages_tab:
            raise SlackError("messages_tab_disabled")
        return channel

    def _content(self, given: Arguments) -> tuple[str, list[Payload], Payload]:
        text = str(given.maybe("text") or "")
        markdown = given.maybe("markdown_text")
        blocks = given.parsed("blocks", "invalid_blocks_format") or []
        if markdown and (text or blocks):
            raise SlackError("markdown_text_conflict")
        if given.has("attachments"):
            raise SlackError("invalid_attachments", detail="The sandbox draws blocks only: attachments are legacy.")
        content(text, blocks)
        if not (text or markdown or blocks):
            raise SlackError("no_text")
        warnings = [] if text or markdown else ["missing_text_in_message"]
        if len(text) > rules.TEXT_CUT:
            text, warnings = text[: rules.TEXT_CUT], [*warnings, "message_truncated"]
        if not warnings:
            return text or markdown or "", blocks, {}
        return text, blocks, {"warning": ",".join(warnings), "response_metadata": {"warnings": warnings}}

    def thread(self, channel: Channel, given: Arguments) -> str | None:
        """The thread that a message goes into, if any; raises SlackError."""
        ts = given.maybe("thread_ts")
        if ts is None:
            return None
        parent = self._workspace.find(channel.id, ts)
        if parent is None or parent.reader is not None:
            raise SlackError("thread_not_found")
        if parent.is_reply:
            raise SlackError("cannot_reply_to_message")
        return ts

    def _own(self, given: Arguments, error: str) -> Message:
        channel = self._workspace.known(given.text("channel"))
        message = self._workspace.find(channel.id, given.text("ts"))
        if message is None or message.reader is not None or message.subtype == "tombstone":
            raise SlackError("message_not_found")
        if not message.by_bot:
            raise SlackError(error)
        return message


def content(text: str, blocks: Any) -> None:
    """Check a message's text and blocks; raises SlackError."""
    problems = rules.message_blocks(blocks)
    if problems:
        raise SlackError("invalid_blocks", errors=problems, response_metadata={"messages": problems})
    wrong = rules.message_text(text)
    if wrong:
        raise SlackError("invalid_arguments", response_metadata={"messages": wrong})
    if rules.characters(blocks) > rules.MESSAGE_CHARACTERS:
        raise SlackError("msg_blocks_too_long")
