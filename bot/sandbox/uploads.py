"""The web API's files.*: an address to upload to, the bytes, and the message that shares them."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

from bot.sandbox.arguments import Arguments, Method, invalid
from bot.sandbox.channels import Message
from bot.sandbox.ids import BOT_USER, fresh
from bot.sandbox.interface import Payload, SlackError
from bot.sandbox.posting import Posting, content
from bot.sandbox.workspace import File, Workspace


class Uploads:
    """The methods over one workspace."""

    def __init__(self, workspace: Workspace, posting: Posting) -> None:
        self._workspace = workspace
        self._posting = posting
        self.methods: dict[str, Method] = {
            "files.completeUploadExternal": Method(("files:write",), self._complete),
            "files.getUploadURLExternal": Method(("files:write",), self._address),
            "files.info": Method(("files:read",), self._info),
        }

    def _address(self, given: Arguments) -> Payload:
        name = given.text("filename")
        try:
            length = int(given.text("length"))
        except ValueError as wrong:
            raise invalid("must be an integer", "length") from wrong
        if length < 1:
            raise invalid("must be greater than 0", "length")
        made = File(fresh("F"), name, None, length, secrets.token_urlsafe(18))
        with self._workspace.lock:
            self._workspace.files[made.id] = made
        return {"upload_url": f"{self._workspace.site}/upload/{made.id}/{made.secret}", "file_id": made.id}

    def take(self, file_id: str, secret: str, content: bytes) -> None:
        """Take the bytes of a file at its upload address; raises SlackError."""
        with self._workspace.lock:
            file = self._workspace.files.get(file_id)
            if file is None or not secrets.compare_digest(file.secret, secret) or file.content is not None:
                raise SlackError("invalid_address")
            if len(content) != file.length:
                raise SlackError("length_mismatch")
            self._workspace.files[file_id] = replace(file, content=content)

    def _info(self, given: Arguments) -> Payload:
        """A file that the bot may see: its own, or one in a conversation that it is in."""
        asked = given.text("file")
        with self._workspace.lock:
            file = self._workspace.files.get(asked)
            rooms = [one for one in self._workspace.channels.values() if one.has_bot]
            seen = any(shown["id"] == asked for room in rooms for one in room.messages for shown in one.files)
        if file is None or file.content is None or not (seen or file.user == BOT_USER):
            raise SlackError("file_not_found")
        return {"file": self._workspace.shown(file)}

    def _complete(self, given: Arguments) -> Payload:
        asked = given.parsed("files", "invalid_arguments")
        if not isinstance(asked, list) or not asked:
            raise invalid("missing required field: files", "files")
        ready = [self._ready(one) for one in asked]
        names = [one for one in (given.maybe("channels") or given.maybe("channel_id") or "").split(",") if one]
        targets = [self._workspace.joined(one) for one in names]
        comment = given.maybe("initial_comment") or ""
        content(comment, [])
        shown = [self._workspace.shown(one) for one in ready]
        if any(channel.archived for channel in targets):
            raise SlackError("is_archived")
        for channel in targets:
            self._posting.publish(
                Message(
                    channel=channel.id,
                    ts=self._workspace.stamp(),
                    user=BOT_USER,
                    text=comment,
                    thread_ts=self._posting.thread(channel, given),
                    subtype="file_share",
                    files=shown,
                )
            )
        return {"files": shown}

    def _ready(self, asked: Any) -> File:
        with self._workspace.lock:
            file = self._workspace.files.get(str(asked.get("id"))) if isinstance(asked, dict) else None
            if file is None or file.content is None:
                raise SlackError("file_not_found")
            titled = replace(file, title=str(asked.get("title") or file.name))
            self._workspace.files[file.id] = titled
            return titled
