"""The workspace in memory: people, channels, messages, and what each person sees.

Whatever changes holds the workspace's one lock. Message times are story time, strictly increasing.
"""

from __future__ import annotations

import mimetypes
import queue
import secrets
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.sandbox import markup
from bot.sandbox.channels import Channel, Message
from bot.sandbox.fields import initial_values
from bot.sandbox.ids import APP_ID, BOT_ID, BOT_USER, TEAM, dm_id, fill_ids, fresh
from bot.sandbox.interface import App, Payload, Person, RefusedError, Room, SlackError, StoryClock
from bot.sandbox.passes import Passes


@dataclass(frozen=True)
class File:
    """An uploaded file; its content is kept as it came."""

    id: str
    name: str
    content: bytes | None
    length: int
    secret: str
    title: str = ""
    user: str = BOT_USER


class Workspace:
    """Everything the sandbox knows; see the module."""

    def __init__(
        self,
        *,
        people: Iterable[Person],
        rooms: Iterable[Room],
        manifest: Mapping[str, Any],
        clock: StoryClock,
    ) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.app = App.of(manifest)
        self.people = {person.id: person for person in people}
        self.channels = {room.id: _channel(room) for room in rooms}
        for person in self.people.values():
            self.channels[dm_id(person.id)] = _dm(person)
        self.files: dict[str, File] = {}
        self.passes = Passes(clock)
        # The sandbox's own address, without a slash at its end.
        self.site = ""
        self._offered: dict[tuple[str, str], list[Payload]] = {}
        self._last = 0
        self._watchers: set[queue.SimpleQueue[Payload | None]] = set()

    # Watching

    def watch(self) -> queue.SimpleQueue[Payload | None]:
        """A queue of the changes from now on; None means the end."""
        watcher: queue.SimpleQueue[Payload | None] = queue.SimpleQueue()
        with self.lock:
            self._watchers.add(watcher)
        return watcher

    def unwatch(self, watcher: queue.SimpleQueue[Payload | None]) -> None:
        with self.lock:
            self._watchers.discard(watcher)

    def changed(self, what: str, channel: str | None = None, user: str | None = None) -> None:
        """Tell the watchers that something is different now."""
        change: Payload = {"type": what}
        if channel is not None:
            change["channel"] = channel
        if user is not None:
            change["user"] = user
        with self.lock:
            for watcher in self._watchers:
                watcher.put(change)

    def close(self) -> None:
        """End every watcher's stream."""
        with self.lock:
            for watcher in self._watchers:
                watcher.put(None)

    # Time

    def stamp(self) -> str:
        """A message ts of now: later than every one before it, and unlike those of an earlier run."""
        with self.lock:
            micros = int(self.clock().timestamp() * 1_000_000) + secrets.randbelow(50_000)
            self._last = micros if micros > self._last else self._last + 1 + secrets.randbelow(997)
            return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def seconds(self) -> int:
        """Story time in whole seconds."""
        return int(self.clock().timestamp())

    # People and channels

    def person(self, word: str) -> Person:
        """Somebody by id or name; raises RefusedError."""
        with self.lock:
            name = word.lower().lstrip("@")
            named = (one for one in self.people.values() if name in (one.name.lower(), one.real_name.lower()))
            found = self.people.get(word) or next(named, None)
        if found is None:
            raise RefusedError(f"There is nobody called {word!r} here.")
        return found

    def deactivate(self, user_id: str) -> Person:
        """Somebody leaves the workspace for good; they stay in its history."""
        with self.lock:
            gone = replace(self.people[user_id], deleted=True)
            self.people[user_id] = gone
            for channel in self.channels.values():
                if channel.kind != "im":
                    channel.members.discard(user_id)
        self.changed("channel")
        return gone

    def names(self) -> markup.Names:
        """What typed text can mention."""
        with self.lock:
            users = {one.real_name.lower(): one.id for one in self.people.values()}
            users |= {one.name.lower(): one.id for one in self.people.values()}
            users |= {self.app.name.lower(): BOT_USER, self.app.bot_name.lower(): BOT_USER}
            rooms = [one for one in self.channels.values() if one.kind != "im"]
            labels = {one.id: one.name for one in rooms if one.kind == "channel"}
            labels |= {one.id: "" for one in rooms if one.kind == "group"} | dict.fromkeys(users.values(), "")
            return markup.Names(users, {one.name.lower(): one.id for one in rooms}, labels)

    def sees(self, user: str, channel: Channel) -> bool:
        """Whether a person can read a channel: their own, and public ones unless they are a guest."""
        return user in channel.members or (channel.kind == "channel" and not self.people[user].guest)

    def visible(self, word: str, user: str) -> Channel:
        """A channel by id or name, as far as a person can see it; raises RefusedError."""
        with self.lock:
            name = word.lower().lstrip("#")
            for channel in self.channels.values():
                named = channel.kind != "im" and channel.name.lower() == name
                if (channel.id == word or named) and self.sees(user, channel):
                    return channel
        raise RefusedError(f"channel_not_found: {self.people[user].name} sees no channel {word!r}.")

    def known(self, channel_id: str) -> Channel:
        """A conversation that the bot may know of: not a private one without it. Raises SlackError."""
        channel = self.channels.get(channel_id)
        if channel is None or (channel.kind != "channel" and not channel.has_bot):
            raise SlackError("channel_not_found")
        return channel

    def joined(self, channel_id: str) -> Channel:
        """A conversation that the bot is in; raises SlackError."""
        channel = self.known(channel_id)
        if not channel.has_bot:
            raise SlackError("not_in_channel")
        return channel

    def inhabited(self, word: str, user: str) -> Channel:
        """A channel that a person can speak in; raises RefusedError."""
        channel = self.visible(word, user)
        if user not in channel.members:
            raise RefusedError(f"not_in_channel: {self.people[user].name} has not joined #{channel.name}.")
        if channel.archived:
            raise RefusedError(f"is_archived: #{channel.name} is archived.")
        return channel

    def pick_user(self, word: str) -> str:
        if word.lstrip("@") in (BOT_USER, self.app.bot_name):
            return BOT_USER
        person = self.person(word)
        if person.deleted:
            raise RefusedError(f"{person.name}'s account was deactivated.")
        return person.id

    def pick_channel(self, word: str, user: str, kinds: Collection[str]) -> str:
        channel = self.visible(word, user)
        if channel.kind not in kinds:
            raise RefusedError(f"The menu does not offer {word!r}: it shows other kinds of conversation.")
        return channel.id

    def offer(self, user: str, action_id: str, options: list[Payload]) -> None:
        """Remember what an external menu showed."""
        with self.lock:
            self._offered[user, action_id] = options

    def offered(self, user: str, action_id: str) -> list[Payload]:
        with self.lock:
            return self._offered.get((user, action_id), [])

    # Messages

    def add(self, message: Message) -> Message:
        """Put a message into its channel, in the order of time."""
        with self.lock:
            for number, block in enumerate(message.blocks):
                fill_ids(block, number)
            self.channels[message.channel].add(message)
        self.changed("message", message.channel, message.reader)
        return message

    def say(
        self,
        user: str,
        channel: str,
        text: str,
        *,
        thread_ts: str | None = None,
        ts: str | None = None,
        files: Sequence[File] = (),
    ) -> Message:
        """What a person types, with Slack's markup put in, and what they attach. Tells nobody but the page."""
        marked = markup.typed(text, self.names())
        with self.lock:
            self.files |= {one.id: one for one in files}
        return self.add(
            Message(
                channel=channel,
                ts=ts or self.stamp(),
                user=user,
                text=marked,
                blocks=[markup.rich_text(marked, fresh("", 5))] if marked.strip() else [],
                thread_ts=thread_ts,
                subtype="file_share" if files else None,
                files=[self.shown(one) for one in files],
                client_msg_id=secrets.token_hex(16),
            )
        )

    def shown(self, file: File) -> Payload:
        """A file in Slack's fields."""
        address = f"{self.site}/files/{file.id}/{file.secret}/{file.name}"
        return {
            "id": file.id,
            "created": self.seconds(),
            "name": file.name,
            "title": file.title,
            "mimetype": mimetypes.guess_type(file.name)[0] or "application/octet-stream",
            "filetype": file.name.rpartition(".")[2],
            "user": file.user,
            "size": file.length,
            "mode": "hosted",
            "is_external": False,
            "url_private": address,
            "url_private_download": f"{address}?download=1",
        }

    def find(self, channel: str, ts: str) -> Message | None:
        with self.lock:
            return self.channels[channel].by_ts.get(ts)

    def rewrite(self, message: Message, text: str | None, blocks: list[Payload] | None, edited: Payload | None) -> None:
        """Change what a message says; what is None stays."""
        with self.lock:
            if text is not None:
                message.text = text
            if blocks is not None:
                for number, block in enumerate(blocks):
                    fill_ids(block, number)
                message.blocks = blocks
                message.states = {user: initial_values(blocks, kept) for user, kept in message.states.items()}
            message.edited = edited
        self.changed("message", message.channel, message.reader)

    def remove(self, message: Message) -> None:
        """Take a message away; one with replies leaves a stone in its place."""
        with self.lock:
            if self.replies(message):
                message.subtype, message.text = "tombstone", "This message was deleted."
                message.blocks, message.files, message.metadata = [], [], None
            else:
                self.channels[message.channel].remove(message)
        self.changed("message", message.channel, message.reader)

    def replies(self, parent: Message) -> list[Message]:
        """The replies below a message that everybody sees."""
        with self.lock:
            return [one for one in self.channels[parent.channel].threads.get(parent.ts, ()) if one.reader is None]

    def top_level(self, channel: str, user: str | None = None, *, everything: bool = False) -> list[Message]:
        """A channel's own messages, oldest first, as somebody sees them; `everything` has all ephemerals."""
        with self.lock:
            found = [one for one in self.channels[channel].messages if one.in_channel]
            return [one for one in found if everything or one.shown_to(user)]

    def thread(
        self, channel: str, thread_ts: str, user: str | None = None, *, everything: bool = False
    ) -> list[Message]:
        """A thread with its parent, oldest first, as somebody sees it."""
        with self.lock:
            parent = self.channels[channel].by_ts.get(thread_ts)
            found = [*([parent] if parent else []), *self.channels[channel].threads.get(thread_ts, ())]
            return [one for one in found if everything or one.shown_to(user)]

    def seen_by(self, user: str) -> list[Message]:
        """All messages in the channels of a person, newest first."""
        with self.lock:
            mine = [channel for channel in self.channels.values() if user in channel.members]
            found = [one for channel in mine for one in channel.messages if one.shown_to(user)]
            return sorted(found, key=lambda one: one.ts, reverse=True)

    def wire(self, message: Message, *, metadata: bool = True) -> Payload:
        """A message in Slack's fields; without `metadata` only the type of it shows."""
        with self.lock:
            replies = self.replies(message)
            shown: Payload = {"type": "message", "user": message.user, "text": message.text, "ts": message.ts}
            shown |= {"team": TEAM}
            shown |= self._optional(message)
            if message.by_bot:
                shown |= {"bot_id": BOT_ID, "app_id": APP_ID, "bot_profile": self._bot_profile()}
            if message.metadata is not None:
                shown["metadata"] = message.metadata if metadata else {"event_type": message.metadata["event_type"]}
            if replies:
                writers = sorted({one.user for one in replies})
                shown |= {"thread_ts": message.ts, "reply_count": len(replies), "latest_reply": replies[-1].ts}
                shown |= {"reply_users": writers, "reply_users_count": len(writers)}
            return shown

    def _optional(self, message: Message) -> Payload:
        reactions = [
            {"name": name, "users": list(users), "count": len(users)} for name, users in message.reactions.items()
        ]
        parent = self.find(message.channel, message.thread_ts) if message.is_reply and message.thread_ts else None
        found: Payload = {
            "subtype": message.subtype,
            "thread_ts": message.thread_ts,
            "parent_user_id": parent.user if parent else None,
            "blocks": message.blocks,
            "files": message.files,
            "edited": message.edited,
            "reactions": reactions,
            "client_msg_id": message.client_msg_id,
            "is_ephemeral": message.reader is not None,
        }
        return {name: content for name, content in found.items() if content}

    def _bot_profile(self) -> Payload:
        return {"id": BOT_ID, "app_id": APP_ID, "user_id": BOT_USER, "name": self.app.name, "team_id": TEAM}


def _channel(room: Room) -> Channel:
    members = {*room.members, *([BOT_USER] if room.bot_in else [])}
    kind = "group" if room.private else "channel"
    return Channel(room.id, room.name, room.purpose, kind, members, shared=room.shared)


def _dm(person: Person) -> Channel:
    return Channel(dm_id(person.id), "directmessage", "", "im", {person.id, BOT_USER}, user=person.id)
