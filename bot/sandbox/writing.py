"""People write: messages, edits, deletions, and slash commands."""

from __future__ import annotations

import base64
import binascii
import secrets

from bot.sandbox import markup, payloads
from bot.sandbox.acts import Acts, details, failure, text_of
from bot.sandbox.channels import Channel, Message
from bot.sandbox.ids import SLACKBOT, fresh
from bot.sandbox.interface import Command, Payload, Person, RefusedError, SlackError
from bot.sandbox.passes import Hook
from bot.sandbox.posting import content
from bot.sandbox.transport import Answer, Parcel
from bot.sandbox.workspace import File

MOST_FILES = 10


class Writing(Acts):
    """Acts at the keyboard."""

    def message(self, given: Payload) -> Payload:
        """Write into a channel, a thread or the direct message with the bot."""
        person = self._active(given)
        channel = self._workspace.inhabited(text_of(given, "channel"), person.id)
        files = _attached(given, person.id)
        text = text_of(given, "text") if not files else str(given.get("text") or "")
        if not text.strip() and not files:
            raise RefusedError("There is nothing to send: the text is empty.")
        if len(text) > 40_000:
            raise RefusedError("msg_too_long: a message holds at most 40,000 characters.")
        thread = self._thread(channel, given)
        message = self._workspace.say(person.id, channel.id, text, thread_ts=thread, files=files)
        return self._told(self._events(channel, payloads.posted(self._workspace, message)), person.id, ts=message.ts)

    def edit(self, given: Payload) -> Payload:
        """Change one's own message."""
        person = self._active(given)
        message = self._own(person, given)
        before = self._workspace.wire(message)
        text = markup.typed(text_of(given, "text"), self._workspace.names())
        block = markup.rich_text(text, message.blocks[0]["block_id"])
        self._workspace.rewrite(message, text, [block], {"user": person.id, "ts": self._workspace.stamp()})
        event = payloads.changed(self._workspace, message, before)
        return self._told(self._events(self._workspace.channels[message.channel], [event]), person.id, ts=message.ts)

    def delete(self, given: Payload) -> Payload:
        """Take one's own message away."""
        person = self._active(given)
        message = self._own(person, given)
        before = self._workspace.wire(message)
        channel = self._workspace.channels[message.channel]
        self._workspace.remove(message)
        event = payloads.deleted(self._workspace, channel, before)
        return self._told(self._events(channel, [event]), person.id, ts=message.ts)

    def command(self, given: Payload) -> Payload:
        """Use a slash command."""
        person = self._active(given)
        if person.guest:
            raise RefusedError("guests cannot use slash commands here")
        if given.get("thread_ts"):
            raise RefusedError("Slash commands cannot be used in threads.")
        channel = self._workspace.inhabited(text_of(given, "channel"), person.id)
        command = self._command(text_of(given, "command"))
        typed = str(given.get("text") or "").strip()
        text = markup.typed(typed, self._workspace.names()) if command.escaped else typed
        hook = Hook(person.id, channel.id, self._workspace.clock())
        payload = payloads.command(
            self._workspace,
            person.id,
            channel,
            command.name,
            text,
            self._trigger(person),
            self._response_url(hook),
        )
        answer = self._delivery.send(Parcel("slash_commands", command.name, payload))
        if not answer.ok:
            self._slackbot(person.id, channel, f"`{command.name}` failed with the error “{failure(answer)}”.")
            return self._told(answer, person.id)
        return self._answered(answer, hook, f"{command.name} {typed}".strip())

    def _own(self, person: Person, given: Payload) -> Message:
        channel = self._workspace.inhabited(text_of(given, "channel"), person.id)
        message = self._workspace.find(channel.id, text_of(given, "ts"))
        if message is None or message.user != person.id or message.subtype is not None:
            raise RefusedError("People change and delete their own messages only.")
        return message

    def _command(self, word: str) -> Command:
        if "commands" not in self._workspace.app.scopes:
            raise RefusedError("The app has no slash commands: its manifest lacks the scope `commands`.")
        found = self._workspace.app.commands.get(word if word.startswith("/") else f"/{word}")
        if found is None:
            known = ", ".join(sorted(self._workspace.app.commands)) or "none"
            raise RefusedError(f"{word} is not a command here; there are: {known}.")
        return found

    def _answered(self, answer: Answer, hook: Hook, typed: str) -> Payload:
        """The body of a command's answer is a message: only for that person, unless it says otherwise."""
        body = {"text": answer.body} if isinstance(answer.body, str) else answer.body
        if not isinstance(body, dict):
            return self._told(answer, hook.user, error="invalid_payload", detail="The answer is not a message.")
        text, blocks = str(body.get("text") or ""), body.get("blocks") or []
        try:
            content(text, blocks)
        except SlackError as error:
            return self._told(answer, hook.user, error=error.code, detail=details(error))
        if body.get("response_type") == "in_channel":
            self._workspace.say(hook.user, hook.channel, typed)
        if not text.strip() and not blocks:
            return self._told(answer, hook.user)
        message = self._posting.reply(hook, body)
        hook.message_ts = message.ts
        return self._told(answer, hook.user, ts=message.ts)

    def _slackbot(self, user: str, channel: Channel, text: str) -> None:
        message = Message(channel.id, self._workspace.stamp(), SLACKBOT, text, reader=user)
        self._workspace.add(message)


def _attached(given: Payload, user: str) -> list[File]:
    """The files that somebody attaches: each with a name and its bytes in base64. Raises RefusedError."""
    asked = given.get("files") or []
    if not isinstance(asked, list) or len(asked) > MOST_FILES:
        raise RefusedError(f"files is a list of up to {MOST_FILES}, each with a name and its content in base64.")
    return [_file(one, user) for one in asked]


def _file(asked: object, user: str) -> File:
    if not isinstance(asked, dict) or not str(asked.get("name") or "").strip():
        raise RefusedError("A file needs a name.")
    name = str(asked["name"]).strip().replace("/", "_")
    try:
        content = base64.b64decode(str(asked.get("content") or ""), validate=True)
    except binascii.Error as wrong:
        raise RefusedError(f"{name}: its content is not base64.") from wrong
    if not content:
        raise RefusedError(f"{name} is empty.")
    return File(fresh("F"), name, content, len(content), secrets.token_urlsafe(18), title=name, user=user)
