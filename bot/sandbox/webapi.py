"""Slack's web API, as far as a bot of this kind uses it: same arguments, same answers, same refusals.

A method that is not here is `unknown_method`. Scopes are those of the manifest.
"""

from __future__ import annotations

import base64
import binascii
import json
import mimetypes
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.sandbox import modals, payloads, rules
from bot.sandbox.delivery import Delivery
from bot.sandbox.interface import Payload, SlackError
from bot.sandbox.modals import Views
from bot.sandbox.transport import SocketTransport
from bot.sandbox.workspace import (
    APP_ID,
    BOT_ID,
    BOT_USER,
    SLACKBOT,
    TEAM,
    TEAM_DOMAIN,
    TEAM_NAME,
    Channel,
    File,
    Hook,
    Message,
    Workspace,
    dm_id,
    fresh,
)

_HISTORY = {"channel": "channels:history", "group": "groups:history", "im": "im:history"}
_READ = {"channel": "channels:read", "group": "groups:read", "im": "im:read"}
_TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


class Arguments:
    """The arguments of one call, from a form or from JSON; all readers raise SlackError."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given

    def raw(self, name: str) -> Any:
        return self._given.get(name)

    def has(self, name: str) -> bool:
        return self._given.get(name) not in (None, "")

    def text(self, name: str) -> str:
        """A required string."""
        if not self.has(name):
            raise _invalid(f"missing required field: {name}", name)
        return str(self._given[name])

    def maybe(self, name: str) -> str | None:
        return str(self._given[name]) if self.has(name) else None

    def flag(self, name: str) -> bool:
        return str(self._given.get(name, "")).lower() in ("1", "true")

    def number(self, name: str, default: int, most: int) -> int:
        if not self.has(name):
            return default
        try:
            value = int(str(self._given[name]))
        except ValueError:
            value = 0
        if not 1 <= value <= most:
            raise SlackError("invalid_limit")
        return value

    def parsed(self, name: str, error: str) -> Any:
        """A structure, which a form carries as JSON text; None when it is left out."""
        value = self._given.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as wrong:
            raise SlackError(error) from wrong


@dataclass(frozen=True)
class Method:
    """One method: the scopes it always needs, and what it does."""

    scopes: tuple[str, ...]
    call: Callable[[Arguments], Payload]


class WebApi:
    """The methods over one workspace; `site` is the sandbox's own address without a slash at its end."""

    def __init__(
        self,
        workspace: Workspace,
        views: Views,
        delivery: Delivery,
        *,
        bot_token: str,
        app_token: str,
        socket: SocketTransport | None,
    ) -> None:
        self._workspace = workspace
        self._views = views
        self._delivery = delivery
        self._bot_token = bot_token
        self._app_token = app_token
        self._socket = socket
        self.site = ""
        self._methods: dict[str, Method] = {
            "auth.test": Method((), self._auth_test),
            "bots.info": Method(("users:read",), self._bots_info),
            "chat.delete": Method(("chat:write",), self._delete),
            "chat.getPermalink": Method((), self._permalink),
            "chat.postEphemeral": Method(("chat:write",), self._post_ephemeral),
            "chat.postMessage": Method(("chat:write",), self._post),
            "chat.update": Method(("chat:write",), self._update),
            "conversations.history": Method((), self._history),
            "conversations.info": Method((), self._info),
            "conversations.join": Method(("channels:join",), self._join),
            "conversations.list": Method((), self._list),
            "conversations.members": Method((), self._members),
            "conversations.open": Method(("im:write",), self._open),
            "conversations.replies": Method((), self._replies),
            "files.completeUploadExternal": Method(("files:write",), self._complete_upload),
            "files.getUploadURLExternal": Method(("files:write",), self._upload_url),
            "reactions.add": Method(("reactions:write",), self._react),
            "team.info": Method(("team:read",), self._team_info),
            "users.conversations": Method((), self._own_conversations),
            "users.info": Method(("users:read",), self._user_info),
            "users.list": Method(("users:read",), self._user_list),
            "users.lookupByEmail": Method(("users:read.email",), self._user_by_email),
            "views.open": Method((), self._view_open),
            "views.publish": Method((), self._view_publish),
            "views.push": Method((), self._view_push),
            "views.update": Method((), self._view_update),
        }

    def call(self, name: str, token: str | None, given: Mapping[str, Any]) -> Payload:
        """Answer one call, `ok` or not."""
        try:
            return {"ok": True, **self._answer(name, token, given)}
        except SlackError as error:
            return {"ok": False, "error": error.code, **error.extra}

    def _answer(self, name: str, token: str | None, given: Mapping[str, Any]) -> Payload:
        if name == "apps.connections.open":
            return self._connect(token)
        method = self._methods.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        if not token:
            raise SlackError("not_authed")
        if token == self._app_token:
            raise SlackError("not_allowed_token_type")
        if token != self._bot_token:
            raise SlackError("invalid_auth")
        self._need(*method.scopes)
        return method.call(Arguments(given))

    def _need(self, *scopes: str) -> None:
        for scope in scopes:
            if scope not in self._workspace.app.scopes:
                raise SlackError("missing_scope", needed=scope, provided=",".join(self._workspace.app.scopes))

    def _connect(self, token: str | None) -> Payload:
        if not token:
            raise SlackError("not_authed")
        if token != self._app_token:
            raise SlackError("not_allowed_token_type" if token == self._bot_token else "invalid_auth")
        if self._socket is None:
            raise SlackError("socket_mode_not_enabled")
        return {"url": self._socket.invite()}

    # Who is who

    def _auth_test(self, _: Arguments) -> Payload:
        return {
            "url": f"{self.site}/",
            "team": TEAM_NAME,
            "team_id": TEAM,
            "user": self._workspace.app.bot_name,
            "user_id": BOT_USER,
            "bot_id": BOT_ID,
            "app_id": APP_ID,
            "app_name": self._workspace.app.name,
            "is_enterprise_install": False,
        }

    def _team_info(self, _: Arguments) -> Payload:
        return {"team": {"id": TEAM, "name": TEAM_NAME, "domain": TEAM_DOMAIN, "email_domain": "", "icon": {}}}

    def _bots_info(self, given: Arguments) -> Payload:
        if given.text("bot") != BOT_ID:
            raise SlackError("bot_not_found")
        name = self._workspace.app.name
        return {"bot": {"id": BOT_ID, "app_id": APP_ID, "user_id": BOT_USER, "name": name, "deleted": False}}

    def _user_info(self, given: Arguments) -> Payload:
        return {"user": self._with_locale(self._workspace.member(given.text("user")), given)}

    def _user_list(self, given: Arguments) -> Payload:
        members = [self._with_locale(one, given) for one in self._workspace.members()]
        page, more = _page(members, given, 1_000, default=1_000)
        return {"members": page, "cache_ts": self._workspace.seconds(), **more}

    def _user_by_email(self, given: Arguments) -> Payload:
        email = given.text("email").lower()
        for person in self._workspace.people.values():
            if person.email.lower() == email and not person.deleted:
                return {"user": self._workspace.member(person.id)}
        raise SlackError("users_not_found")

    def _with_locale(self, member: Payload, given: Arguments) -> Payload:
        person = self._workspace.people.get(member["id"])
        return member | {"locale": person.locale} if person and given.flag("include_locale") else member

    # Conversations

    def _known(self, channel_id: str) -> Channel:
        """A conversation that the bot may know of: not a private one without it."""
        channel = self._workspace.channels.get(channel_id)
        if channel is None or (channel.kind != "channel" and not channel.has_bot):
            raise SlackError("channel_not_found")
        return channel

    def _joined(self, channel_id: str) -> Channel:
        channel = self._known(channel_id)
        if not channel.has_bot:
            raise SlackError("not_in_channel")
        return channel

    def _info(self, given: Arguments) -> Payload:
        channel = self._known(given.text("channel"))
        self._need(_READ[channel.kind])
        shown = self._about(channel)
        if given.flag("include_num_members"):
            shown["num_members"] = len(channel.members)
        return {"channel": shown}

    def _about(self, channel: Channel) -> Payload:
        about: Payload = {
            "id": channel.id,
            "created": 1_500_000_000,
            "is_channel": channel.kind == "channel",
            "is_group": channel.kind == "group",
            "is_im": channel.kind == "im",
            "is_mpim": False,
            "is_private": channel.kind != "channel",
            "is_archived": channel.archived,
            "is_general": False,
            "is_shared": channel.shared,
            "is_ext_shared": channel.shared,
            "is_org_shared": False,
            "context_team_id": TEAM,
        }
        if channel.kind == "im":
            person = self._workspace.people[channel.user or ""]
            return about | {"user": channel.user, "is_user_deleted": person.deleted, "priority": 0}
        note = {"value": channel.purpose, "creator": "", "last_set": 0}
        return about | {
            "name": channel.name,
            "name_normalized": channel.name,
            "is_member": channel.has_bot,
            "creator": SLACKBOT,
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": note,
        }

    def _members(self, given: Arguments) -> Payload:
        channel = self._known(given.text("channel"))
        self._need(_READ[channel.kind])
        page, more = _page(sorted(channel.members), given, 1_000, default=100)
        return {"members": page, **more}

    def _list(self, given: Arguments) -> Payload:
        kinds = self._kinds(given)
        with self._workspace.lock:
            found = [one for one in self._workspace.channels.values() if one.kind in kinds]
        known = [one for one in found if one.kind == "channel" or one.has_bot]
        return self._paged(known, given)

    def _own_conversations(self, given: Arguments) -> Payload:
        kinds = self._kinds(given)
        user = given.maybe("user") or BOT_USER
        if user != BOT_USER and user not in self._workspace.people:
            raise SlackError("user_not_found")
        with self._workspace.lock:
            found = [one for one in self._workspace.channels.values() if one.kind in kinds and user in one.members]
        return self._paged([one for one in found if one.kind == "channel" or one.has_bot], given)

    def _kinds(self, given: Arguments) -> set[str]:
        asked = [one.strip() for one in (given.maybe("types") or "public_channel").split(",")]
        if any(one not in _TYPES for one in asked):
            raise SlackError("invalid_types")
        kinds = {_TYPES[one] for one in asked}
        for kind in sorted(kinds):
            self._need(_READ.get(kind, "mpim:read"))
        return kinds

    def _paged(self, channels: list[Channel], given: Arguments) -> Payload:
        shown = [self._about(one) for one in channels if not (one.archived and given.flag("exclude_archived"))]
        page, more = _page(shown, given, 999, default=100)
        return {"channels": page, **more}

    def _open(self, given: Arguments) -> Payload:
        if given.has("channel"):
            channel = self._known(given.text("channel"))
            return {"no_op": True, "already_open": True, "channel": {"id": channel.id}}
        users = [one.strip() for one in given.text("users").split(",")]
        if len(users) > 1:
            self._need("mpim:write")
            raise SlackError("method_not_supported_for_channel_type")
        person = self._workspace.people.get(users[0])
        if person is None:
            raise SlackError("cannot_dm_bot" if users[0] in (BOT_USER, SLACKBOT) else "user_not_found")
        if person.deleted:
            raise SlackError("user_disabled")
        channel = self._workspace.channels[dm_id(person.id)]
        return {"channel": self._about(channel) if given.flag("return_im") else {"id": channel.id}}

    def _join(self, given: Arguments) -> Payload:
        channel = self._known(given.text("channel"))
        if channel.kind != "channel":
            raise SlackError("method_not_supported_for_channel_type")
        if channel.archived:
            raise SlackError("is_archived")
        if channel.has_bot:
            return {"channel": self._about(channel), "warning": "already_in_channel"}
        with self._workspace.lock:
            channel.members.add(BOT_USER)
        self._workspace.changed("channel", channel.id)
        joined = payloads.membership(self._workspace, "member_joined_channel", BOT_USER, channel, None)
        self._delivery.events_later([joined])
        return {"channel": self._about(channel)}

    def _history(self, given: Arguments) -> Payload:
        channel = self._readable(given)
        newest_first = list(reversed(self._workspace.top_level(channel.id)))
        return self._messages(newest_first, given, 999)

    def _replies(self, given: Arguments) -> Payload:
        channel = self._readable(given)
        ts = given.text("ts")
        found = self._workspace.find(channel.id, ts)
        if found is None or found.reader is not None:
            raise SlackError("thread_not_found")
        parent = found.thread_ts if found.is_reply and found.thread_ts else ts
        return self._messages(self._workspace.thread(channel.id, parent), given, 1_000)

    def _readable(self, given: Arguments) -> Channel:
        channel = self._joined(given.text("channel"))
        self._need(_HISTORY[channel.kind])
        return channel

    def _messages(self, messages: list[Message], given: Arguments, most: int) -> Payload:
        oldest, latest = given.maybe("oldest") or "0", given.maybe("latest") or "9999999999.999999"
        inclusive = given.flag("inclusive")
        try:
            low, high = _micros(oldest), _micros(latest)
        except ValueError as wrong:
            raise SlackError("invalid_ts_oldest") from wrong
        inside = [one for one in messages if _between(_micros(one.ts), low, high, inclusive)]
        page, more = _page(inside, given, most, default=100)
        everything = given.flag("include_all_metadata")
        shown = [self._workspace.wire(one, metadata=everything) for one in page]
        return {"messages": shown, "has_more": bool(more["response_metadata"]["next_cursor"]), **more}

    # Messages

    def _post(self, given: Arguments) -> Payload:
        channel = self._target(given.text("channel"))
        if channel.archived:
            raise SlackError("is_archived")
        if not channel.has_bot and "chat:write.public" not in self._workspace.app.scopes:
            raise SlackError("not_in_channel")
        if given.has("username") or given.has("icon_emoji") or given.has("icon_url"):
            self._need("chat:write.customize")
        text, blocks, warnings = self._content(given)
        thread_ts = self._thread(channel, given)
        message = Message(
            channel=channel.id,
            ts=self._workspace.stamp(),
            user=BOT_USER,
            text=text,
            blocks=blocks,
            thread_ts=thread_ts,
            metadata=_metadata(given),
            subtype="thread_broadcast" if thread_ts and given.flag("reply_broadcast") else None,
        )
        self.publish(message)
        return {"channel": channel.id, "ts": message.ts, "message": self._workspace.wire(message), **warnings}

    def publish(self, message: Message) -> None:
        """Post a message as the bot, and let its events follow."""
        self._workspace.add(message)
        if message.reader is None and self._workspace.channels[message.channel].has_bot:
            self._delivery.events_later(payloads.posted(self._workspace, message))

    def _target(self, word: str) -> Channel:
        """Where a message goes; a user id means the direct message with that person."""
        if word in self._workspace.people:
            if self._workspace.people[word].deleted:
                raise SlackError("user_disabled")
            word = dm_id(word)
        channel = self._known(word)
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

    def _thread(self, channel: Channel, given: Arguments) -> str | None:
        ts = given.maybe("thread_ts")
        if ts is None:
            return None
        parent = self._workspace.find(channel.id, ts)
        if parent is None or parent.reader is not None:
            raise SlackError("thread_not_found")
        if parent.is_reply:
            raise SlackError("cannot_reply_to_message")
        return ts

    def _post_ephemeral(self, given: Arguments) -> Payload:
        channel = self._joined(given.text("channel"))
        user = given.text("user")
        if channel.archived:
            raise SlackError("is_archived")
        if user not in channel.members:
            raise SlackError("user_not_in_channel" if user in self._workspace.people else "user_not_found")
        text, blocks, warnings = self._content(given)
        thread_ts = self._thread(channel, given)
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

    def _own(self, given: Arguments, error: str) -> Message:
        channel = self._known(given.text("channel"))
        message = self._workspace.find(channel.id, given.text("ts"))
        if message is None or message.reader is not None or message.subtype == "tombstone":
            raise SlackError("message_not_found")
        if not message.by_bot:
            raise SlackError(error)
        return message

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
        metadata = given.parsed("metadata", "invalid_metadata_format")
        self.rewrite(message, text, blocks if blocks is not None or text is None else [])
        if metadata == {}:
            message.metadata = None
        elif metadata is not None:
            message.metadata = _metadata(given)
        shown = self._workspace.wire(message)
        return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": shown}

    def rewrite(self, message: Message, text: str | None, blocks: list[Payload] | None) -> None:
        """Change a message of the bot; what is None stays."""
        before = self._workspace.wire(message)
        edited = None if message.reader else {"user": BOT_USER, "ts": self._workspace.stamp()}
        self._workspace.rewrite(message, text, blocks, edited)
        if message.reader is None:
            self._delivery.events_later([payloads.changed(self._workspace, message, before)])

    def _delete(self, given: Arguments) -> Payload:
        message = self._own(given, "cant_delete_message")
        self.erase(message)
        return {"channel": message.channel, "ts": message.ts}

    def erase(self, message: Message) -> None:
        """Take one message away, and let its event follow."""
        before = self._workspace.wire(message)
        self._workspace.remove(message)
        if message.reader is None:
            channel = self._workspace.channels[message.channel]
            self._delivery.events_later([payloads.deleted(self._workspace, channel, before)])

    def _permalink(self, given: Arguments) -> Payload:
        channel = self._known(given.text("channel"))
        message = self._workspace.find(channel.id, given.text("message_ts"))
        if message is None:
            raise SlackError("message_not_found")
        link = f"{self.site}/archives/{channel.id}/p{message.ts.replace('.', '')}"
        if message.is_reply:
            link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
        return {"channel": channel.id, "permalink": link}

    def _react(self, given: Arguments) -> Payload:
        channel, name = self._joined(given.text("channel")), given.text("name")
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

    # Views

    def _view_open(self, given: Arguments) -> Payload:
        view = _view(given, "modal")
        trigger = self._workspace.spend(given.text("trigger_id"))
        return {"view": self._views.open(trigger.user, view).wire()}

    def _view_push(self, given: Arguments) -> Payload:
        view = _view(given, "modal")
        trigger = self._workspace.spend(given.text("trigger_id"))
        if trigger.view_id is None:
            raise SlackError("invalid_trigger_id")
        return {"view": self._views.push(trigger.user, view).wire()}

    def _view_update(self, given: Arguments) -> Payload:
        if not given.has("view_id") and not given.has("external_id"):
            raise _invalid("missing required field: view_id", "view_id")
        found = self._views.find(given.maybe("view_id"), given.maybe("external_id"))
        view = _view(given, found.definition["type"])
        return {"view": self._views.update(found, view, _hash(given)).wire()}

    def _view_publish(self, given: Arguments) -> Payload:
        user = given.text("user_id")
        if user not in self._workspace.people or self._workspace.people[user].deleted:
            raise SlackError("user_not_found")
        if not self._workspace.app.home_tab:
            raise SlackError("not_enabled")
        return {"view": self._views.publish(user, _view(given, "home"), _hash(given)).wire()}

    # Files

    def _upload_url(self, given: Arguments) -> Payload:
        name = given.text("filename")
        try:
            length = int(given.text("length"))
        except ValueError as wrong:
            raise _invalid("must be an integer", "length") from wrong
        if length < 1:
            raise _invalid("must be greater than 0", "length")
        made = File(fresh("F"), name, None, length, secrets.token_urlsafe(18))
        with self._workspace.lock:
            self._workspace.files[made.id] = made
        return {"upload_url": f"{self.site}/upload/{made.id}/{made.secret}", "file_id": made.id}

    def upload(self, file_id: str, secret: str, content: bytes) -> None:
        """Take the bytes of a file at its upload address; raises SlackError."""
        with self._workspace.lock:
            file = self._workspace.files.get(file_id)
            if file is None or not secrets.compare_digest(file.secret, secret) or file.content is not None:
                raise SlackError("invalid_upload_url")
            if len(content) != file.length:
                raise SlackError("length_mismatch")
            self._workspace.files[file_id] = replace(file, content=content)

    def _complete_upload(self, given: Arguments) -> Payload:
        asked = given.parsed("files", "invalid_arguments")
        if not isinstance(asked, list) or not asked:
            raise _invalid("missing required field: files", "files")
        ready = [self._uploaded(one) for one in asked]
        names = [one for one in (given.maybe("channels") or given.maybe("channel_id") or "").split(",") if one]
        targets = [self._joined(one) for one in names]
        comment = given.maybe("initial_comment") or ""
        content(comment, [])
        shown = [self._file(one) for one in ready]
        for channel in targets:
            if channel.archived:
                raise SlackError("is_archived")
            self.publish(
                Message(
                    channel=channel.id,
                    ts=self._workspace.stamp(),
                    user=BOT_USER,
                    text=comment,
                    thread_ts=self._thread(channel, given),
                    subtype="file_share",
                    files=shown,
                )
            )
        return {"files": shown}

    def _uploaded(self, asked: Any) -> File:
        with self._workspace.lock:
            file = self._workspace.files.get(str(asked.get("id"))) if isinstance(asked, dict) else None
            if file is None or file.content is None:
                raise SlackError("file_not_found")
            titled = replace(file, title=str(asked.get("title") or file.name))
            self._workspace.files[file.id] = titled
            return titled

    def _file(self, file: File) -> Payload:
        address = f"{self.site}/files/{file.id}/{file.secret}/{file.name}"
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return {
            "id": file.id,
            "created": self._workspace.seconds(),
            "name": file.name,
            "title": file.title,
            "mimetype": kind,
            "filetype": file.name.rpartition(".")[2],
            "user": BOT_USER,
            "size": file.length,
            "mode": "hosted",
            "url_private": address,
            "url_private_download": f"{address}?download=1",
        }

    # response_url

    def respond(self, secret: str, given: Any) -> None:
        """A message through a response_url; raises SlackError."""
        hook = self._workspace.use_hook(secret)
        if not isinstance(given, dict):
            raise SlackError("invalid_payload")
        original = self._workspace.find(hook.channel, hook.message_ts) if hook.message_ts else None
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


def _view(given: Arguments, kind: str) -> Payload:
    if not given.has("view"):
        raise _invalid("missing required field: view", "view")
    return modals.checked(given.parsed("view", "invalid_arguments"), kind)


def _hash(given: Arguments) -> str | None:
    """An empty hash is not the same as none: it matches nothing."""
    value = given.raw("hash")
    return None if value is None else str(value)


def _metadata(given: Arguments) -> Payload | None:
    found = given.parsed("metadata", "invalid_metadata_format")
    if found is None or found == {}:
        return None
    wrong = rules.metadata(found)
    if wrong:
        raise SlackError(wrong)
    return dict(found)


def _invalid(message: str, name: str) -> SlackError:
    text = f"[ERROR] {message} [json-pointer:/{name}]"
    return SlackError("invalid_arguments", response_metadata={"messages": [text]})


def _page(items: list[Any], given: Arguments, most: int, *, default: int) -> tuple[list[Any], Payload]:
    """One page, and where the next begins; cursors are opaque to the bot."""
    limit = given.number("limit", default, most)
    start = _start(given.maybe("cursor"))
    end = start + limit
    following = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return items[start:end], {"response_metadata": {"next_cursor": following}}


def _start(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        word, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
        if word != "next":
            raise SlackError("invalid_cursor")
        return int(number)
    except (binascii.Error, ValueError) as wrong:
        raise SlackError("invalid_cursor") from wrong


def _micros(ts: str) -> int:
    """A ts in whole microseconds: exact, which a float is not."""
    seconds, _, fraction = ts.partition(".")
    return int(seconds or "0") * 1_000_000 + int((fraction + "000000")[:6])


def _between(at: int, low: int, high: int, inclusive: bool) -> bool:
    return low <= at <= high if inclusive else low < at < high
