"""Messages, and the channels and direct messages they stand in."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field

from bot.sandbox.fields import Values, initial_values
from bot.sandbox.ids import BOT_USER, SLACKBOT
from bot.sandbox.interface import Payload


@dataclass
class Message:
    """One message; `reader` is the only person who sees it, if it is ephemeral."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Payload] = field(default_factory=list)
    thread_ts: str | None = None
    reader: str | None = None
    subtype: str | None = None
    metadata: Payload | None = None
    edited: Payload | None = None
    files: list[Payload] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    client_msg_id: str | None = None
    inactive: bool = False
    states: dict[str, Values] = field(default_factory=dict)

    def state_of(self, user: str) -> Values:
        """What a person has put into its inputs."""
        return self.states.setdefault(user, initial_values(self.blocks))

    def shown_to(self, user: str | None) -> bool:
        """Whether a person sees it; nobody in particular sees what everybody does."""
        return self.reader is None or (self.reader == user and not self.inactive)

    @property
    def by_bot(self) -> bool:
        return self.user == BOT_USER

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts

    @property
    def in_channel(self) -> bool:
        """Whether it stands at the channel's top level."""
        return not self.is_reply or self.subtype == "thread_broadcast"


def _when(message: Message) -> str:
    return message.ts


@dataclass
class Channel:
    """A channel or a direct message; `kind` is channel, group (private) or im.

    `messages` are in the order of time; `threads` has the replies by their parent's ts, ephemerals included.
    """

    id: str
    name: str
    purpose: str
    kind: str
    members: set[str]
    user: str | None = None
    shared: bool = False
    archived: bool = False
    creator: str = SLACKBOT
    messages: list[Message] = field(default_factory=list)
    threads: dict[str, list[Message]] = field(default_factory=dict)
    by_ts: dict[str, Message] = field(default_factory=dict)

    @property
    def has_bot(self) -> bool:
        return BOT_USER in self.members

    def add(self, message: Message) -> None:
        insort(self.messages, message, key=_when)
        self.by_ts[message.ts] = message
        if message.is_reply and message.thread_ts is not None:
            insort(self.threads.setdefault(message.thread_ts, []), message, key=_when)

    def remove(self, message: Message) -> None:
        self.messages.remove(message)
        del self.by_ts[message.ts]
        if message.is_reply and message.thread_ts is not None:
            self.threads[message.thread_ts].remove(message)
