"""What people fill in: the inputs of a view or message, what they hold, and what Slack's client lets pass."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from bot.sandbox import markup, rules
from bot.sandbox.interface import Payload, RefusedError

# {block_id: {action_id: value}}, as in `state.values`.
Values = dict[str, dict[str, Payload]]

REQUIRED = "Please complete this required field."
TYPED = ("plain_text_input", "email_text_input", "url_text_input", "number_input")

# The field of `state.values` that each kind fills, and the field of the element that fills it beforehand.
_HOLDS = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "file_input": ("files", "initial_files"),
}
_SEVERAL = frozenset(kind for kind, (key, _) in _HOLDS.items() if key.endswith("s"))


class Directory(Protocol):
    """Who and what a person can pick."""

    def pick_user(self, word: str) -> str:
        """A user id from an id or a name; raises RefusedError."""

    def pick_channel(self, word: str, user: str, kinds: Collection[str]) -> str:
        """A conversation id from an id or a name, among those of some kinds the user sees; raises RefusedError."""

    def offered(self, user: str, action_id: str) -> list[Payload]:
        """The options an external menu last showed to the user."""


@dataclass(frozen=True)
class Field:
    """One element that holds a value."""

    block: Payload
    element: Payload

    @property
    def block_id(self) -> str:
        return str(self.block["block_id"])

    @property
    def action_id(self) -> str:
        return str(self.element["action_id"])

    @property
    def kind(self) -> str:
        return str(self.element["type"])

    @property
    def label(self) -> str:
        return str(self.block["label"]["text"]) if "label" in self.block else ""

    @property
    def is_input(self) -> bool:
        return bool(self.block["type"] == "input")

    @property
    def required(self) -> bool:
        return self.is_input and not self.block.get("optional", False)

    @property
    def key(self) -> str:
        return _HOLDS[self.kind][0]

    def holding(self, content: Any) -> Payload:
        """The entry of `state.values` with this content."""
        if self.kind in _SEVERAL:
            content = content or []
        entry: Payload = {"type": self.kind, self.key: None if content == "" else content}
        if self.kind == "timepicker" and "timezone" in self.element:
            entry["timezone"] = self.element["timezone"]
        return entry

    def initial(self) -> Payload:
        return self.holding(self.element.get(_HOLDS[self.kind][1]))

    def content(self, entry: Payload) -> Any:
        return entry.get(self.key)


def fields(blocks: Iterable[Payload]) -> Iterator[Field]:
    """The elements of some blocks that hold a value, in their order."""
    for block, element, _ in rules.elements(blocks):
        if element["type"] in _HOLDS:
            yield Field(block, element)


def initial_values(blocks: Iterable[Payload], kept: Values | None = None) -> Values:
    """The state of a fresh view; an entry of `kept` survives where block_id, action_id and kind are the same."""
    values: Values = {}
    for field in fields(blocks):
        before = (kept or {}).get(field.block_id, {}).get(field.action_id)
        stays = before is not None and before["type"] == field.kind and _still_offered(field, before)
        values.setdefault(field.block_id, {})[field.action_id] = before if before and stays else field.initial()
    return values


def _still_offered(field: Field, entry: Payload) -> bool:
    """Whether what was chosen is among the options as they are now; typed text always is."""
    if field.key not in ("selected_option", "selected_options") or "external" in field.kind:
        return True
    content = entry[field.key] or []
    return all(one in options(field.element) for one in (content if isinstance(content, list) else [content]))


def options(element: Payload) -> list[Payload]:
    """The options of a menu, a group of boxes or an overflow, groups opened."""
    grouped = [one for group in element.get("option_groups") or () for one in group["options"]]
    return [*(element.get("options") or ()), *grouped]


def choose(offered: list[Payload], word: str, what: str) -> Payload:
    """The option with this value, or else with this text; refused when there is none, or more than one such text."""
    by_value = [one for one in offered if one.get("value") == word]
    by_text = [one for one in offered if markup.unescape(one["text"]["text"]).strip() == word.strip()]
    found = by_value or by_text
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"{one.get('value')} ({one['text']['text']})" for one in offered) or "nothing"
    raise RefusedError(f"{what} does not offer {word!r} once; it offers {names}")


def entered(field: Field, raw: Any, user: str, directory: Directory, zone: ZoneInfo) -> Payload:
    """What a field holds after somebody put `raw` into it: a string, a list, or None to empty it."""
    if raw is None or raw == "":
        return field.holding(None)
    if field.kind in _SEVERAL:
        many = raw if isinstance(raw, list) else [raw]
        return field.holding([_one(field, one, user, directory, zone) for one in many])
    if isinstance(raw, list):
        raise RefusedError(f"{_named(field)} takes one value, not a list")
    return field.holding(_one(field, raw, user, directory, zone))


def _named(field: Field) -> str:
    return f"The field {field.label or field.action_id!r}"


def _one(field: Field, raw: Any, user: str, directory: Directory, zone: ZoneInfo) -> Any:
    kind = field.kind
    if kind == "rich_text_input":
        return _rich(field, raw)
    if kind == "file_input":
        raise RefusedError(f"{_named(field)} takes files, which cannot be put in here")
    if isinstance(raw, dict):
        raw = raw.get("value", "")
    word = str(raw)
    if kind in ("datepicker", "timepicker", "datetimepicker"):
        return _picked(field, word, zone)
    if kind.endswith("users_select"):
        return directory.pick_user(word)
    if kind.endswith(("conversations_select", "channels_select")):
        return directory.pick_channel(word, user, _kinds(field))
    if kind.endswith("external_select"):
        return choose(directory.offered(user, field.action_id), word, _named(field))
    if kind in TYPED:
        return word
    return choose(options(field.element), word, _named(field))


def _kinds(field: Field) -> Collection[str]:
    """The kinds of conversation that a menu shows."""
    if field.kind.endswith("channels_select"):
        return ("channel",)
    names = {"public": "channel", "private": "group", "im": "im"}
    include = (field.element.get("filter") or {}).get("include") or names
    return [names[one] for one in include if one in names]


def _picked(field: Field, word: str, zone: ZoneInfo) -> str | int:
    try:
        if field.kind == "datepicker":
            return date.fromisoformat(word).isoformat()
        if field.kind == "timepicker":
            return datetime.strptime(word, "%H:%M").replace(tzinfo=zone).strftime("%H:%M")
        if word.isdigit():
            return int(word)
        at = datetime.fromisoformat(word)
        return int((at if at.tzinfo else at.replace(tzinfo=zone)).timestamp())
    except ValueError as error:
        form = {"datepicker": "YYYY-MM-DD", "timepicker": "HH:mm"}.get(field.kind, "an ISO time or epoch seconds")
        raise RefusedError(f"{_named(field)} takes {form}, not {word!r}") from error


def _rich(field: Field, raw: Any) -> Payload:
    """A rich_text block; a plain string becomes one."""
    if not isinstance(raw, dict):
        raw = {"type": "rich_text_section", "elements": [{"type": "text", "text": str(raw)}]}
        return {"type": "rich_text", "elements": [raw]}
    wrong = rules.rich_text(raw)
    if wrong:
        raise RefusedError(f"{_named(field)}: {wrong[0]}")
    return raw


def complaint(field: Field, entry: Payload) -> str | None:
    """What Slack's client says below a field before it sends anything; None when it is content."""
    content = field.content(entry)
    if content in (None, []):
        return REQUIRED if field.required else None
    if field.kind == "plain_text_input":
        return _length(field, content)
    if field.kind == "number_input":
        return _number(field, content)
    if field.kind == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", content):
        return "Please enter a valid email address."
    if field.kind == "url_text_input" and not re.fullmatch(r"https?://[^\s.]+\.\S+", content):
        return "Please enter a valid URL."
    most = field.element.get("max_selected_items")
    if most is not None and len(content) > most:
        return f"Please select no more than {most}."
    if field.kind == "rich_text_input" and field.required and not rules.characters(content):
        return REQUIRED
    return None


def _length(field: Field, content: str) -> str | None:
    least, most = field.element.get("min_length", 0), field.element.get("max_length", 3000)
    if field.required and not content.strip():
        return REQUIRED
    if len(content) < least:
        return f"Please enter at least {least} characters."
    return f"Please enter no more than {most} characters." if len(content) > most else None


def _number(field: Field, content: str) -> str | None:
    decimal = field.element["is_decimal_allowed"]
    if not re.fullmatch(r"-?\d+(\.\d+)?" if decimal else r"-?\d+", content.strip()):
        return "Please enter a number." if decimal else "Please enter a whole number."
    low, high = field.element.get("min_value"), field.element.get("max_value")
    if low is not None and float(content) < float(low):
        return f"Please enter a number that is at least {low}."
    return (
        f"Please enter a number that is at most {high}." if high is not None and float(content) > float(high) else None
    )
