"""People press buttons, choose in menus, and use shortcuts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox import fields, payloads
from bot.sandbox.acts import Acts, text_of
from bot.sandbox.channels import Message
from bot.sandbox.fields import Field
from bot.sandbox.forms import fill
from bot.sandbox.interface import Payload, Person, RefusedError, Shortcut
from bot.sandbox.modals import View
from bot.sandbox.passes import Hook
from bot.sandbox.rules import elements
from bot.sandbox.transport import Parcel


@dataclass(frozen=True)
class _Spot:
    """An element where a person sees it: in a view, or in a message."""

    block: Payload
    element: Payload
    place: View | Message


class Pressing(Acts):
    """Acts with the pointer."""

    def action(self, given: Payload) -> Payload:
        """Press a button, or choose in a menu, wherever the person sees it."""
        person = self._active(given)
        spot = self._spot(person, given)
        if isinstance(spot.place, View) and given.get("values"):
            fill(spot.place, given["values"], self._workspace, self._zone)
        chosen = self._chosen(person, spot, given)
        action = payloads.action(self._workspace, spot.block["block_id"], spot.element, chosen)
        payload = self._action_payload(person, spot, action)
        answer = self._delivery.send(Parcel("interactive", f"block_actions {spot.element['action_id']}", payload))
        return self._told(answer, person.id, ts=spot.place.ts if isinstance(spot.place, Message) else None)

    def options(self, given: Payload) -> Payload:
        """Type into an external menu: the bot is asked what to offer."""
        person = self._active(given)
        spot = self._spot(person, {name: given[name] for name in given if name != "value"})
        if not spot.element["type"].endswith("external_select"):
            raise RefusedError(f"{given['action_id']} does not ask the bot what to offer.")
        where, element = spot.place, spot.element
        place = payloads.where(self._workspace, where) if isinstance(where, Message) else payloads.inside(where)
        typed = str(given.get("value") or "")
        payload = payloads.suggestion(
            self._workspace, person.id, spot.block["block_id"], element["action_id"], typed, place
        )
        answer = self._delivery.send(Parcel("interactive", f"block_suggestion {element['action_id']}", payload))
        offered = fields.options(answer.body) if answer.ok and isinstance(answer.body, dict) else []
        self._workspace.offer(person.id, element["action_id"], offered)
        return self._told(answer, person.id) | {"options": offered}

    def shortcut(self, given: Payload) -> Payload:
        """Use a shortcut, on a message if it is one for messages."""
        person = self._active(given)
        shortcut = self._workspace.app.shortcuts.get(text_of(given, "callback_id"))
        if shortcut is None:
            known = ", ".join(sorted(self._workspace.app.shortcuts)) or "none"
            raise RefusedError(f"There is no shortcut {given['callback_id']!r}; there are: {known}.")
        if shortcut.kind == "global":
            payload = payloads.global_shortcut(self._workspace, person.id, shortcut, self._trigger(person))
        else:
            payload = self._on_message(person, shortcut, given)
        answer = self._delivery.send(Parcel("interactive", f"{payload['type']} {shortcut.callback_id}", payload))
        return self._told(answer, person.id)

    def _action_payload(self, person: Person, spot: _Spot, action: Payload) -> Payload:
        if isinstance(spot.place, View):
            held = spot.place.id if spot.place.definition["type"] == "modal" else None
            return payloads.view_action(self._workspace, spot.place, action, self._trigger(person, held))
        message = spot.place
        hook = Hook(person.id, message.channel, self._workspace.clock(), message.thread_ts, message.ts)
        trigger = self._trigger(person)
        return payloads.message_action(self._workspace, person.id, message, action, trigger, self._response_url(hook))

    def _spot(self, person: Person, given: Payload) -> _Spot:
        """The element meant: of several with one id, the one whose `value` is the given one."""
        action_id = text_of(given, "action_id")
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
            yield from _inside(self._own_view(person, str(given["view_id"])))
        elif given.get("channel") or given.get("message_ts"):
            for message in self._messages(person, given):
                yield from _inside(message)
        else:
            for view in (self._views.top(person.id), self._views.home(person.id)):
                if view is not None:
                    yield from _inside(view)
            for message in self._workspace.seen_by(person.id):
                yield from _inside(message)

    def _own_view(self, person: Person, view_id: str) -> View:
        top, home = self._views.top(person.id), self._views.home(person.id)
        for view in (top, home):
            if view is not None and view.id == view_id:
                return view
        raise RefusedError(f"{person.name} has no view {view_id} open on top.")

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
        values = spot.place.values if isinstance(spot.place, View) else spot.place.state_of(person.id)
        values.setdefault(field.block_id, {})[field.action_id] = entry
        return {name: held for name, held in entry.items() if name != "type"}

    def _on_message(self, person: Person, shortcut: Shortcut, given: Payload) -> Payload:
        if not given.get("message_ts"):
            raise RefusedError(f"{shortcut.name!r} is used on a message: say which by channel and message_ts.")
        found = self._messages(person, given)
        if not found or found[0].reader is not None:
            raise RefusedError(f"{person.name} sees no message {given['message_ts']} there.")
        hook = Hook(person.id, found[0].channel, self._workspace.clock(), found[0].thread_ts, found[0].ts)
        trigger = self._trigger(person)
        return payloads.message_shortcut(
            self._workspace, person.id, shortcut, found[0], trigger, self._response_url(hook)
        )


def _inside(place: View | Message) -> Iterator[_Spot]:
    for block, element, _ in elements(place.blocks):
        yield _Spot(block, element, place)
