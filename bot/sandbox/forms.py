"""People fill modals in, hand them over, and close them."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox import fields, modals, payloads
from bot.sandbox.acts import Acts, details
from bot.sandbox.fields import Directory, Field
from bot.sandbox.interface import Payload, Person, RefusedError, SlackError
from bot.sandbox.modals import View
from bot.sandbox.passes import Hook
from bot.sandbox.transport import Answer, Parcel

BANNER = "_banner"
TROUBLE = "We had some trouble connecting. Try again?"


class Forms(Acts):
    """Acts in a modal."""

    def submit(self, given: Payload) -> Payload:
        """Fill the open modal in and hand it over; what Slack's client would not let pass never reaches the bot."""
        person = self._active(given)
        view = self._open_view(person, given)
        if not view.definition.get("submit") or view.definition.get("submit_disabled"):
            raise RefusedError("This view cannot be handed in: it has no button for it.")
        fill(view, given.get("values") or {}, self._workspace, self._zone)
        complaints = self._complaints(view)
        if complaints:
            self._mark(view, complaints)
            return {"ok": False, "acked_ms": 0, "errors": complaints, "view": view.wire()}
        trigger = self._trigger(person, view.id)
        payload = payloads.submission(self._workspace, view, trigger, self._response_urls(view))
        what = f"view_submission {view.definition.get('callback_id') or ''}".strip()
        answer = self._delivery.send(Parcel("interactive", what, payload))
        if not answer.ok:
            self._mark(view, {BANNER: TROUBLE})
            return self._told(answer, person.id, errors=view.errors)
        return self._settled(view, answer)

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

    def _open_view(self, person: Person, given: Payload) -> View:
        view = self._views.top(person.id)
        if view is None:
            raise RefusedError(f"{person.name} has no view open.")
        if given.get("view_id") and given["view_id"] != view.id:
            raise RefusedError(f"The view on top is {view.id}, not {given['view_id']}.")
        return view

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
            return self._told(answer, view.user, error=error.code, errors=view.errors, detail=details(error))
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


def fill(view: View, values: Any, directory: Directory, zone: ZoneInfo) -> None:
    """Put values in by block_id or label; nothing is put in unless all can be."""
    if not isinstance(values, dict):
        raise RefusedError("values must be an object of block_id or label to value")
    inputs = [field for field in fields.fields(view.blocks) if field.is_input]
    entries = []
    for key, raw in values.items():
        field = _field(inputs, key)
        entries.append((field, fields.entered(field, raw, view.user, directory, zone)))
    for field, entry in entries:
        view.values[field.block_id][field.action_id] = entry


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
