"""The web API's conversations.*: what the bot may know of channels, and what was said in them."""

from __future__ import annotations

import re

from bot.sandbox import payloads
from bot.sandbox.arguments import Arguments, Method, page
from bot.sandbox.channels import Channel, Message
from bot.sandbox.delivery import Delivery
from bot.sandbox.ids import BOT_USER, SLACKBOT, TEAM, dm_id, fresh
from bot.sandbox.interface import Payload, SlackError
from bot.sandbox.workspace import Workspace

_HISTORY = {"channel": "channels:history", "group": "groups:history", "im": "im:history"}
_READ = {"channel": "channels:read", "group": "groups:read", "im": "im:read"}
LONGEST_NAME = 80
_TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


class Conversations:
    """The methods over one workspace."""

    def __init__(self, workspace: Workspace, delivery: Delivery) -> None:
        self._workspace = workspace
        self._delivery = delivery
        self.methods: dict[str, Method] = {
            "conversations.create": Method((), self._create),
            "conversations.history": Method((), self._history),
            "conversations.info": Method((), self._info),
            "conversations.invite": Method((), self._invite),
            "conversations.join": Method(("channels:join",), self._join),
            "conversations.list": Method((), self._list),
            "conversations.members": Method((), self._members),
            "conversations.open": Method(("im:write",), self._open),
            "conversations.replies": Method((), self._replies),
            "users.conversations": Method((), self._own),
        }

    def _info(self, given: Arguments) -> Payload:
        channel = self._workspace.known(given.text("channel"))
        self._workspace.app.need(_READ[channel.kind])
        shown = self._about(channel)
        if given.flag("include_num_members"):
            shown["num_members"] = len(channel.members)
        return {"channel": shown}

    def _members(self, given: Arguments) -> Payload:
        channel = self._workspace.known(given.text("channel"))
        self._workspace.app.need(_READ[channel.kind])
        with self._workspace.lock:
            everybody = sorted(channel.members)
        found, more = page(everybody, given, 1_000, default=100)
        return {"members": found, **more}

    def _list(self, given: Arguments) -> Payload:
        kinds = self._kinds(given)
        with self._workspace.lock:
            found = [one for one in self._workspace.channels.values() if one.kind in kinds]
        known = [one for one in found if one.kind == "channel" or one.has_bot]
        return self._paged(known, given)

    def _own(self, given: Arguments) -> Payload:
        kinds = self._kinds(given)
        user = given.maybe("user") or BOT_USER
        if user != BOT_USER and user not in self._workspace.people:
            raise SlackError("user_not_found")
        with self._workspace.lock:
            found = [one for one in self._workspace.channels.values() if one.kind in kinds and user in one.members]
        return self._paged([one for one in found if one.kind == "channel" or one.has_bot], given)

    def _open(self, given: Arguments) -> Payload:
        if given.has("channel"):
            channel = self._workspace.known(given.text("channel"))
            return {"no_op": True, "already_open": True, "channel": {"id": channel.id}}
        users = [one.strip() for one in given.text("users").split(",")]
        if len(users) > 1:
            self._workspace.app.need("mpim:write")
            raise SlackError("method_not_supported_for_channel_type")
        person = self._workspace.people.get(users[0])
        if person is None:
            raise SlackError("cannot_dm_bot" if users[0] in (BOT_USER, SLACKBOT) else "user_not_found")
        if person.deleted:
            raise SlackError("user_disabled")
        channel = self._workspace.channels[dm_id(person.id)]
        return {"channel": self._about(channel) if given.flag("return_im") else {"id": channel.id}}

    def _create(self, given: Arguments) -> Payload:
        private = given.flag("is_private")
        self._workspace.app.need("groups:write" if private else "channels:manage")
        name = given.maybe("name") or ""
        if not name:
            raise SlackError("invalid_name_required")
        if len(name) > LONGEST_NAME:
            raise SlackError("invalid_name_maxlength")
        if not re.fullmatch(r"[\w-]+", name) or name != name.lower():
            raise SlackError("invalid_name_specials")
        if not re.search(r"\w", name.replace("_", "")):
            raise SlackError("invalid_name_punctuation")
        with self._workspace.lock:
            if any(one.kind != "im" and one.name == name for one in self._workspace.channels.values()):
                raise SlackError("name_taken")
            made = Channel(fresh("C"), name, "", "group" if private else "channel", {BOT_USER}, creator=BOT_USER)
            self._workspace.channels[made.id] = made
        self._workspace.changed("channel", made.id)
        # Whether whoever makes a channel is told of having joined it is not written anywhere: it must do no harm.
        joined = payloads.membership(self._workspace, "member_joined_channel", BOT_USER, made, None)
        self._delivery.events_later([joined])
        return {"channel": self._about(made)}

    def _invite(self, given: Arguments) -> Payload:
        channel = self._workspace.joined(given.text("channel"))
        if channel.kind == "im":
            raise SlackError("method_not_supported_for_channel_type")
        self._workspace.app.need("channels:write.invites" if channel.kind == "channel" else "groups:write.invites")
        if channel.archived:
            raise SlackError("is_archived")
        users = [one.strip() for one in given.text("users").split(",")]
        for user in users:
            if user == BOT_USER:
                raise SlackError("cant_invite_self")
            if user not in self._workspace.people or self._workspace.people[user].deleted:
                raise SlackError("user_not_found")
            if user in channel.members:
                raise SlackError("already_in_channel")
        with self._workspace.lock:
            channel.members.update(users)
        self._workspace.changed("channel", channel.id)
        joined = [
            payloads.membership(self._workspace, "member_joined_channel", one, channel, BOT_USER) for one in users
        ]
        self._delivery.events_later(joined)
        return {"channel": self._about(channel)}

    def _join(self, given: Arguments) -> Payload:
        channel = self._workspace.known(given.text("channel"))
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
        channel = self._workspace.joined(given.text("channel"))
        self._workspace.app.need(_HISTORY[channel.kind])
        return channel

    def _messages(self, messages: list[Message], given: Arguments, most: int) -> Payload:
        oldest, latest = given.maybe("oldest") or "0", given.maybe("latest") or "9999999999.999999"
        inclusive = given.flag("inclusive")
        try:
            low, high = _micros(oldest), _micros(latest)
        except ValueError as wrong:
            raise SlackError("invalid_ts_oldest") from wrong
        inside = [one for one in messages if _between(_micros(one.ts), low, high, inclusive)]
        found, more = page(inside, given, most, default=100)
        everything = given.flag("include_all_metadata")
        shown = [self._workspace.wire(one, metadata=everything) for one in found]
        return {"messages": shown, "has_more": bool(more["response_metadata"]["next_cursor"]), **more}

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
            "creator": channel.creator,
            "topic": {"value": "", "creator": "", "last_set": 0},
            "purpose": note,
        }

    def _kinds(self, given: Arguments) -> set[str]:
        asked = [one.strip() for one in (given.maybe("types") or "public_channel").split(",")]
        if any(one not in _TYPES for one in asked):
            raise SlackError("invalid_types")
        kinds = {_TYPES[one] for one in asked}
        for kind in sorted(kinds):
            self._workspace.app.need(_READ.get(kind, "mpim:read"))
        return kinds

    def _paged(self, channels: list[Channel], given: Arguments) -> Payload:
        shown = [self._about(one) for one in channels if not (one.archived and given.flag("exclude_archived"))]
        found, more = page(shown, given, 999, default=100)
        return {"channels": found, **more}


def _micros(ts: str) -> int:
    """A ts in whole microseconds: exact, which a float is not."""
    seconds, _, fraction = ts.partition(".")
    return int(seconds or "0") * 1_000_000 + int((fraction + "000000")[:6])


def _between(at: int, low: int, high: int, inclusive: bool) -> bool:
    return low <= at <= high if inclusive else low < at < high
