"""People come and go: they open the Home, join and leave, and channels change with them."""

from __future__ import annotations

from bot.sandbox import markup, payloads
from bot.sandbox.acts import Acts, text_of
from bot.sandbox.channels import Channel, Message
from bot.sandbox.ids import BOT_USER, dm_id
from bot.sandbox.interface import Payload, RefusedError


class Comings(Acts):
    """Acts around channels and the Home."""

    def home(self, given: Payload) -> Payload:
        """Open the bot's Home, or with `tab` its messages."""
        person = self._active(given)
        tab = str(given.get("tab") or "home")
        before = self._views.home(person.id) if tab == "home" else None
        event = payloads.home_opened(self._workspace, person.id, dm_id(person.id), before, tab)
        answer = self._delivery.events([event])
        after = self._views.home(person.id)
        return self._told(answer, person.id) | {"view": after.wire() if after else None}

    def join(self, given: Payload) -> Payload:
        """Somebody, or the bot, joins or is invited into a channel."""
        user = self._workspace.pick_user(text_of(given, "user"))
        channel = self._room(given)
        inviter = self._workspace.person(str(given["inviter"])).id if given.get("inviter") else None
        if user in channel.members:
            raise RefusedError(f"already_in_channel: they are in #{channel.name} already.")
        if inviter is not None and inviter not in channel.members:
            raise RefusedError(f"not_in_channel: who invites must be in #{channel.name}.")
        with self._workspace.lock:
            channel.members.add(user)
        self._workspace.changed("channel", channel.id)
        line = self._line(channel, user, "channel_join", "has joined the channel")
        event = payloads.membership(self._workspace, "member_joined_channel", user, channel, inviter)
        return self._told(self._events(channel, [event, *line]), user)

    def invite(self, given: Payload) -> Payload:
        """Slack's own `/invite @somebody`: who is named comes into the channel, the bot for example."""
        person = self._active(given)
        if person.guest:
            raise RefusedError("guests cannot use slash commands here")
        channel = self._workspace.inhabited(text_of(given, "channel"), person.id)
        if channel.kind == "im":
            raise RefusedError("Nobody can be invited into a direct message. Use /invite in a channel.")
        named = markup.mentions(markup.typed(str(given.get("text") or ""), self._workspace.names()))
        if not named:
            raise RefusedError(f"Say whom to invite, such as /invite @{self._workspace.app.name}.")
        told: Payload = {}
        for user in sorted(named):
            told = self.join({"user": user, "channel": channel.id, "inviter": person.id})
        return told | {"view": None}

    def leave(self, given: Payload) -> Payload:
        """Somebody, or the bot, leaves a channel."""
        user = self._workspace.pick_user(text_of(given, "user"))
        channel = self._room(given)
        if user not in channel.members:
            raise RefusedError(f"not_in_channel: they are not in #{channel.name}.")
        with self._workspace.lock:
            channel.members.discard(user)
        self._workspace.changed("channel", channel.id)
        line = self._line(channel, user, "channel_leave", "has left the channel")
        event = payloads.membership(self._workspace, "member_left_channel", user, channel, None)
        answer = self._delivery.events([event]) if user == BOT_USER else self._events(channel, [event, *line])
        return self._told(answer, user)

    def deactivate(self, given: Payload) -> Payload:
        """Somebody's account is switched off."""
        person = self._workspace.deactivate(self._active(given).id)
        return self._told(self._delivery.events([payloads.user_changed(self._workspace, person.id)]), person.id)

    def rename(self, given: Payload) -> Payload:
        """A channel gets another name."""
        channel = self._room(given)
        name = text_of(given, "name").lstrip("#")
        with self._workspace.lock:
            channel.name = name
        self._workspace.changed("channel", channel.id)
        return self._told(self._events(channel, [payloads.renamed(self._workspace, channel)]), None)

    def archive(self, given: Payload) -> Payload:
        """A channel is closed for good."""
        channel = self._room(given)
        person = self._active(given)
        with self._workspace.lock:
            channel.archived = True
        self._workspace.changed("channel", channel.id)
        event = payloads.archived(self._workspace, channel, person.id)
        return self._told(self._events(channel, [event]), person.id)

    def _line(self, channel: Channel, user: str, subtype: str, words: str) -> list[Payload]:
        message = Message(channel.id, self._workspace.stamp(), user, f"<@{user}> {words}", subtype=subtype)
        return payloads.posted(self._workspace, self._workspace.add(message))

    def _room(self, given: Payload) -> Channel:
        word = text_of(given, "channel")
        for channel in self._workspace.channels.values():
            if channel.kind != "im" and word.lstrip("#") in (channel.id, channel.name):
                return channel
        raise RefusedError(f"channel_not_found: there is no channel {word!r}.")
