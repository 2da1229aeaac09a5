"""What a person does in Slack: write, press, choose, hand in, close, open the Home, join. Each waits for the bot.

Every act raises RefusedError when a person could not do it in Slack, and otherwise returns what came of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox import fields, markup, modals, payloads
from bot.sandbox.delivery import Delivery
from bot.sandbox.fields import Field, Values
from bot.sandbox.interface import Command, Payload, Person, RefusedError, Shortcut, SlackError
from bot.sandbox.modals import View, Views
from bot.sandbox.rules import elements
from bot.sandbox.transport import Answer, Parcel
from bot.sandbox.webapi import WebApi, content
from bot.sandbox.workspace import BOT_USER, SLACKBOT, Channel, Hook, Message, Workspace, dm_id, state_of

BANNER = "_banner"
TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True)
class _Spot:
    """An element where a person sees it: in a view, or in a message."""

    block: Payload
    element: Payload
    view: View | None = None
    message: Message | None = None


class Acts:
    """The acts over one workspace."""

    def __init__(self, workspace: Workspace, views: Views, delivery: Delivery, webapi: WebApi, zone: ZoneInfo) -> None:
        self._workspace = workspace
        self._views = views
        self._delivery = delivery
        self._webapi = webapi
        self._zone = zone

    # Writing

    def message(self, given: Payload) -> Payload:
        """Write into a channel, a thread or the direct message with the bot."""
        person = self._active(given)
        channel = self._workspace.inhabited(_text(given, "channel"), person.id)
        text = _text(given, "text")
        if not text.strip():
            raise RefusedError("There is nothing to send: the text is empty.")
        if len(text) > 40_000:
            raise RefusedError("msg_too_long: a message holds at most 40,000 characters.")
        message = self._workspace.say(person.id, channel.id, text, thread_ts=self._thread(channel, given))
        return self._told(self._events(channel, payloads.posted(self._workspace, message)), person.id, ts=message.ts)

    def edit(self, given: Payload) -> Payload:
        """Change one's own message."""
        person = self._active(given)
        message = self._own(person, given)
        before = self._workspace.wire(message)
        text = markup.typed(_text(given, "text"), self._workspace.names())
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
        channel = self._workspace.inhabited(_text(given, "channel"), person.id)
        command = self._command(_text(given, "command"))
        typed = str(given.get("text") or "").strip()
        text = markup.typed(typed, self._workspace.names()) if command.escaped else typed
        hook = Hook(person.id, channel.id, self._workspace.clock())
        payload = payloads.command(
            self._workspace,
            person.id,
            channel,
            command.name,
            text,
            self._workspace.trigger(person.id),
            self._response_url(hook),
        )
        answer = self._delivery.send(Parcel("slash_commands", command.name, payload))
        if not answer.ok:
            self._slackbot(person.id, channel, f"`{command.name}` failed with the error “{failure(answer)}”.")
            return self._told(answer, person.id)
        return self._answered(answer, hook, f"{command.name} {typed}".strip())

    def _command(self, word: str) -> Command:
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
            return self._told(answer, hook.user, error=error.code, detail=_details(error))
        if body.get("response_type") == "in_channel":
            self._workspace.say(hook.user, hook.channel, typed)
        if not text.strip() and not blocks:
            return self._told(answer, hook.user)
        message = self._webapi.reply(hook, body)
        hook.message_ts = message.ts
        return self._told(answer, hook.user, ts=message.ts)

    def _slackbot(self, user: str, channel: Channel, text: str) -> None:
        message = Message(channel.id, self._workspace.stamp(), SLACKBOT, text, reader=user)
        self._workspace.add(message)

    # Pressing and choosing

    def action(self, given: Payload) -> Payload:
        """Press a button, or choose in a menu, wherever the person sees it."""
        person = self._active(given)
        spot = self._spot(person, given)
        if spot.view is not None and given.get("values"):
            self._fill(spot.view, person, given["values"])
        chosen = self._chosen(person, spot, given)
        action = payloads.action(self._workspace, spot.block["block_id"], spot.element, chosen)
        payload = self._action_payload(person, spot, action)
        answer = self._delivery.send(Parcel("interactive", f"block_actions {spot.element['action_id']}", payload))
        return self._told(answer, person.id, ts=spot.message.ts if spot.message else None)

    def _action_payload(self, person: Person, spot: _Spot, action: Payload) -> Payload:
        if spot.view is not None:
            held = spot.view.id if spot.view.definition["type"] == "modal" else None
            return payloads.view_action(self._workspace, spot.view, action, self._workspace.trigger(person.id, held))
        message = spot.message
        if message is None:
            raise RefusedError("There is no such element.")
        hook = Hook(person.id, message.channel, self._workspace.clock(), message.thread_ts, message.ts)
        trigger = self._workspace.trigger(person.id)
        return payloads.message_action(self._workspace, person.id, message, action, trigger, self._response_url(hook))

    def _spot(self, person: Person, given: Payload) -> _Spot:
        """The element meant: of several with one id, the one whose `value` is the given one."""
        action_id = _text(given, "action_id")
        seen = [spot for spot in self._spots(person, given) if spot.element["type"] != "image"]
        found = [spot for spot in seen if spot.element["action_id"] == action_id]
        if not found:
            ids = ", ".join(dict.fromkeys(spot.element["action_id"] for spot in seen)) or "none"
            raise RefusedError(f"{person.name} sees no element {action_id!r} there; the elements in sight: {ids}.")
        value = given.get("value")
        if value is None or any(spot.element["type"] != "button" for spot in found):
            return found[0]
        for spot in found:
            if spot.element.get("value") == str(value):
                return spot
        values = ", ".join(dict.fromkeys(str(spot.element.get("value")) for spot in found))
        raise RefusedError(f"No {action_id!r} in sight has the value {value!r}; there are: {values}.")

    def _spots(self, person: Person, given: Payload) -> Iterator[_Spot]:
        if given.get("view_id"):
            yield from self._in_view(self._own_view(person, str(given["view_id"])))
        elif given.get("channel") or given.get("message_ts"):
            for message in self._messages(person, given):
                yield from _in_message(message)
        else:
            for view in (self._views.top(person.id), self._views.home(person.id)):
                if view is not None:
                    yield from self._in_view(view)
            for message in self._workspace.seen_by(person.id):
                yield from _in_message(message)

    def _in_view(self, view: View) -> Iterator[_Spot]:
        for block, element, _ in elements(view.blocks):
            yield _Spot(block, element, view=view)

    def _own_view(self, person: Person, view_id: str) -> View:
        top, home = self._views.top(person.id), self._views.home(person.id)
        for view in (top, home):
            if view is not None and view.id == view_id:
                return view
        raise RefusedError(f"{person.name} has no view {view_id} open on top.")

    def _messages(self, person: Person, given: Payload) -> list[Message]:
        """The messages meant by `channel` and `message_ts`, newest first."""
        seen = self._workspace.seen_by(person.id)
        if given.get("channel"):
            channel = self._workspace.visible(str(given["channel"]), person.id)
            everything = self._workspace.channels[channel.id].messages
            hidden = channel.id not in {one.channel for one in seen}
            seen = [one for one in reversed(everything) if one.reader is None] if hidden else seen
            seen = [one for one in seen if one.channel == channel.id]
        if given.get("message_ts"):
            seen = [one for one in seen if one.ts == str(given["message_ts"])]
        return seen

    def _chosen(self, person: Person, spot: _Spot, given: Payload) -> Payload:
        """What the kind of the element adds to its action; the state of the view or message is kept in step."""
        kind = spot.element["type"]
        if kind == "button":
            return {}
        raw = given["selected"] if "selected" in given else given.get("value")
        if kind == "overflow":
            return {"selected_option": fields.choose(spot.element["options"], str(raw), "The menu")}
        field = Field(spot.block, spot.element)
        if field.is_input and not spot.block.get("dispatch_action"):
            raise RefusedError(f"The field {field.label!r} tells nobody of changes; fill it in with /submit.")
        entry = fields.entered(field, raw, person.id, self._workspace, self._zone)
        self._values(spot, person).setdefault(field.block_id, {})[field.action_id] = entry
        return {name: held for name, held in entry.items() if name != "type"}

    def _values(self, spot: _Spot, person: Person) -> Values:
        if spot.view is not None:
            return spot.view.values
        if spot.message is None:
            raise RefusedError("There is no such element.")
        return state_of(spot.message, person.id)

    def options(self, given: Payload) -> Payload:
        """Type into an external menu: the bot is asked what to offer."""
        person = self._active(given)
        spot = self._spot(person, {name: given[name] for name in given if name != "value"})
        if not spot.element["type"].endswith("external_select"):
            raise RefusedError(f"{given['action_id']} does not ask the bot what to offer.")
        where: Payload = {"view": spot.view.wire()} if spot.view else {"message": self._workspace.wire(_of(spot))}
        element = spot.element
        typed = str(given.get("value") or "")
        payload = payloads.suggestion(
            self._workspace, person.id, spot.block["block_id"], element["action_id"], typed, where
        )
        answer = self._delivery.send(Parcel("interactive", f"block_suggestion {element['action_id']}", payload))
        offered = fields.options(answer.body) if answer.ok and isinstance(answer.body, dict) else []
        self._workspace.offer(person.id, element["action_id"], offered)
        return self._told(answer, person.id) | {"options": offered}

    # Modals

    def submit(self, given: Payload) -> Payload:
        """Fill the open modal in and hand it over; what Slack's client would not let pass never reaches the bot."""
        person = self._active(given)
        view = self._open_view(person, given)
        if not view.definition.get("submit") or view.definition.get("submit_disabled"):
            raise RefusedError("This view cannot be handed in: it has no button for it.")
        self._fill(view, person, given.get("values") or {})
        complaints = self._complaints(view)
        if complaints:
            self._mark(view, complaints)
            return {"ok": False, "acked_ms": 0, "errors": complaints, "view": view.wire()}
        trigger = self._workspace.trigger(person.id, view.id)
        payload = payloads.submission(self._workspace, view, trigger, self._response_urls(view))
        what = f"view_submission {view.definition.get('callback_id') or ''}".strip()
        answer = self._delivery.send(Parcel("interactive", what, payload))
        if not answer.ok:
            self._mark(view, {BANNER: TROUBLE})
            return self._told(answer, person.id, errors=view.errors)
        return self._settled(view, answer)

    def _open_view(self, person: Person, given: Payload) -> View:
        view = self._views.top(person.id)
        if view is None:
            raise RefusedError(f"{person.name} has no view open.")
        if given.get("view_id") and given["view_id"] != view.id:
            raise RefusedError(f"The view on top is {view.id}, not {given['view_id']}.")
        return view

    def _fill(self, view: View, person: Person, values: Any) -> None:
        """Put values in by block_id or label; nothing is put in unless all can be."""
        if not isinstance(values, dict):
            raise RefusedError("values must be an object of block_id or label to value")
        inputs = [field for field in fields.fields(view.blocks) if field.is_input]
        entries = []
        for key, raw in values.items():
            field = _field(inputs, key)
            entries.append((field, fields.entered(field, raw, person.id, self._workspace, self._zone)))
        for field, entry in entries:
            view.values[field.block_id][field.action_id] = entry

    def _complaints(self, view: View) -> dict[str, str]:
        found: dict[str, str] = {}
        for field in fields.fields(view.blocks):
            wrong = fields.complaint(field, view.values[field.block_id][field.action_id])
            if wrong is not None and field.is_input:
                found[field.block_id] = wrong
        return found

    def _mark(self, view: View, errors: dict[str, str]) -> None:
        view.errors = errors
        self._workspace.changed("view", user=view.user)

    def _response_urls(self, view: View) -> list[Payload]:
        """One for each conversation chosen in a menu that asks for it."""
        found: list[Payload] = []
        for field in fields.fields(view.blocks):
            chosen = field.content(view.values[field.block_id][field.action_id])
            if field.element.get("response_url_enabled") and chosen:
                hook = Hook(view.user, chosen, self._workspace.clock())
                where = {"block_id": field.block_id, "action_id": field.action_id, "channel_id": chosen}
                found.append(where | {"response_url": self._response_url(hook)})
        return found

    def _settled(self, view: View, answer: Answer) -> Payload:
        """Do what the answer to a submission says; anything Slack would not understand leaves the modal as it is."""
        try:
            self._obey(view, answer.body)
        except SlackError as error:
            self._mark(view, {BANNER: TROUBLE})
            return self._told(answer, view.user, error=error.code, errors=view.errors, detail=_details(error))
        if view.errors:
            return self._told(answer, view.user, errors=view.errors, error="errors")
        return self._told(answer, view.user)

    def _obey(self, view: View, body: Any) -> None:
        view.errors = {}
        if body in ("", None):
            self._views.drop(view)
            return
        action = body.get("response_action") if isinstance(body, dict) else None
        if action == "errors":
            self._mark(view, _errors(view, body.get("errors")))
        elif action == "update":
            self._views.update(view, modals.checked(body.get("view"), "modal"), None)
        elif action == "push":
            self._views.push(view.user, modals.checked(body.get("view"), "modal"))
        elif action == "clear":
            self._views.clear(view.user)
        else:
            raise SlackError("invalid_response", detail="The body must be empty or name a response_action.")

    def close(self, given: Payload) -> Payload:
        """Close the view on top, or with `all` the whole stack."""
        person = self._active(given)
        if self._views.top(person.id) is None:
            raise RefusedError(f"{person.name} has no view open.")
        everything = bool(given.get("all"))
        closed = self._views.clear(person.id) if everything else self._views.close(person.id)
        if closed is None or not closed.definition.get("notify_on_close"):
            return self._told(None, person.id)
        payload = payloads.closed(self._workspace, closed, cleared=everything)
        return self._told(self._delivery.send(Parcel("interactive", "view_closed", payload)), person.id)

    # Home, shortcuts, channels

    def home(self, given: Payload) -> Payload:
        """Open the bot's Home, or with `tab` its messages."""
        person = self._active(given)
        tab = str(given.get("tab") or "home")
        before = self._views.home(person.id) if tab == "home" else None
        event = payloads.home_opened(self._workspace, person.id, dm_id(person.id), before, tab)
        answer = self._delivery.events([event])
        after = self._views.home(person.id)
        return self._told(answer, person.id) | {"view": after.wire() if after else None}

    def shortcut(self, given: Payload) -> Payload:
        """Use a shortcut, on a message if it is one for messages."""
        person = self._active(given)
        shortcut = self._workspace.app.shortcuts.get(_text(given, "callback_id"))
        if shortcut is None:
            known = ", ".join(sorted(self._workspace.app.shortcuts)) or "none"
            raise RefusedError(f"There is no shortcut {given['callback_id']!r}; there are: {known}.")
        if shortcut.kind == "global":
            payload = payloads.global_shortcut(self._workspace, person.id, shortcut, self._workspace.trigger(person.id))
        else:
            payload = self._on_message(person, shortcut, given)
        answer = self._delivery.send(Parcel("interactive", f"{payload['type']} {shortcut.callback_id}", payload))
        return self._told(answer, person.id)

    def _on_message(self, person: Person, shortcut: Shortcut, given: Payload) -> Payload:
        if not given.get("message_ts"):
            raise RefusedError(f"{shortcut.name!r} is used on a message: say which by channel and message_ts.")
        found = self._messages(person, given)
        if not found or found[0].reader is not None:
            raise RefusedError(f"{person.name} sees no message {given['message_ts']} there.")
        hook = Hook(person.id, found[0].channel, self._workspace.clock(), found[0].thread_ts, found[0].ts)
        trigger = self._workspace.trigger(person.id)
        return payloads.message_shortcut(
            self._workspace, person.id, shortcut, found[0], trigger, self._response_url(hook)
        )

    def join(self, given: Payload) -> Payload:
        """Somebody, or the bot, joins or is invited into a channel."""
        user = self._workspace.pick_user(_text(given, "user"))
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

    def leave(self, given: Payload) -> Payload:
        """Somebody, or the bot, leaves a channel."""
        user = self._workspace.pick_user(_text(given, "user"))
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
        name = _text(given, "name").lstrip("#")
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

    # What they share

    def _line(self, channel: Channel, user: str, subtype: str, words: str) -> list[Payload]:
        message = Message(channel.id, self._workspace.stamp(), user, f"<@{user}> {words}", subtype=subtype)
        return payloads.posted(self._workspace, self._workspace.add(message))

    def _room(self, given: Payload) -> Channel:
        word = _text(given, "channel")
        for channel in self._workspace.channels.values():
            if channel.kind != "im" and word.lstrip("#") in (channel.id, channel.name):
                return channel
        raise RefusedError(f"channel_not_found: there is no channel {word!r}.")

    def _active(self, given: Payload) -> Person:
        person = self._workspace.person(_text(given, "user"))
        if person.deleted:
            raise RefusedError(f"{person.name}'s account was deactivated.")
        return person

    def _own(self, person: Person, given: Payload) -> Message:
        channel = self._workspace.inhabited(_text(given, "channel"), person.id)
        message = self._workspace.find(channel.id, _text(given, "ts"))
        if message is None or message.user != person.id or message.subtype is not None:
            raise RefusedError("People change and delete their own messages only.")
        return message

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
        return f"{self._webapi.site}/response/{self._workspace.hook(hook)}"

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


def _details(error: SlackError) -> Any:
    return error.extra.get("detail") or error.extra.get("response_metadata", {}).get("messages")


def _errors(view: View, errors: Any) -> dict[str, str]:
    """The errors of an answer, each below an input block of the view; raises SlackError."""
    inputs = {field.block_id for field in fields.fields(view.blocks) if field.is_input}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_response", detail="errors must be an object of block_id to message")
    for block_id, message in errors.items():
        if block_id not in inputs:
            raise SlackError("invalid_response", detail=f"errors names {block_id!r}, which is no input block")
        if not isinstance(message, str) or not message:
            raise SlackError("invalid_response", detail=f"the error of {block_id!r} is not a text")
    return dict(errors)


def _field(inputs: list[Field], key: str) -> Field:
    label = key.strip().lower()
    found = [field for field in inputs if field.block_id == key]
    found = found or [field for field in inputs if field.label.strip().lower() == label]
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"{field.block_id} ({field.label})" for field in inputs) or "none"
    raise RefusedError(f"There is {'more than one' if found else 'no'} field {key!r}; the fields: {names}.")


def _in_message(message: Message) -> Iterator[_Spot]:
    for block, element, _ in elements(message.blocks):
        yield _Spot(block, element, message=message)


def _of(spot: _Spot) -> Message:
    if spot.message is None:
        raise RefusedError("There is no such element.")
    return spot.message


def _text(given: Payload, name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or (not value and name != "text"):
        raise RefusedError(f"{name} is missing: a text is needed.")
    return value
