"""Slack's rules for messages, blocks and views, each broken one named by its JSON pointer.

A shape lists the fields that a thing must have and may have, each with its own check; whatever is not listed is
refused, as Slack refuses it. Lengths are counted in characters of the text as sent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox import markup
from bot.sandbox.interface import Payload

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_CHARACTERS = 13_200
VIEW_BYTES = 250_000
TEXT_CUT = 40_000
UPDATE_TEXT = 4_000
METADATA_CHARACTERS = 1_024

Check = Callable[[Any, str, "Findings"], None]


@dataclass
class Findings:
    """What is wrong, in Slack's wording: `[ERROR] … [json-pointer:/blocks/0/text]`."""

    surface: str = "message"
    messages: list[str] = field(default_factory=list)

    def add(self, at: str, message: str) -> None:
        self.messages.append(f"[ERROR] {message} [json-pointer:{at}]")


@dataclass(frozen=True)
class Shape:
    """An object's fields; `also` looks at the whole once its fields are known to be of the right kind."""

    required: Mapping[str, Check]
    optional: Mapping[str, Check] = field(default_factory=dict)
    also: Callable[[Payload, str, Findings], None] | None = None

    def __call__(self, value: Any, at: str, findings: Findings) -> None:
        if not isinstance(value, dict):
            findings.add(at, "must provide an object")
            return
        before = len(findings.messages)
        for name in self.required:
            if value.get(name) is None:
                findings.add(at, f"missing required field: {name}")
        for name, content in value.items():
            check = self.required.get(name) or self.optional.get(name)
            if check is None:
                findings.add(at, f"invalid additional property: {name}")
            elif content is not None:
                check(content, f"{at}/{name}", findings)
            elif name not in self.required:
                findings.add(f"{at}/{name}", "must not be null")
        if self.also is not None and len(findings.messages) == before:
            self.also(value, at, findings)


def _type(value: Any) -> str | None:
    """What a typed thing says that it is; None when it does not say."""
    kind = value.get("type") if isinstance(value, dict) else None
    return None if kind is None else str(kind)


def _body(value: Payload) -> Payload:
    """A typed thing without its type, which whoever chose the shape has looked at."""
    return {name: content for name, content in value.items() if name != "type"}


# Single values


def string(most: int, least: int = 1) -> Check:
    """A string of that many characters."""

    def check(value: Any, at: str, findings: Findings) -> None:
        if not isinstance(value, str):
            findings.add(at, "must be a string")
        elif len(value) < least:
            findings.add(at, f"must be more than {least - 1} characters")
        elif len(value) > most:
            findings.add(at, f"must be less than {most + 1} characters")

    return check


def integer(least: int, most: int) -> Check:
    """A whole number within bounds."""

    def check(value: Any, at: str, findings: Findings) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            findings.add(at, "must be an integer")
        elif not least <= value <= most:
            findings.add(at, f"must be between {least} and {most}")

    return check


def one_of(*allowed: str) -> Check:
    """One of a few words."""

    def check(value: Any, at: str, findings: Findings) -> None:
        if value not in allowed:
            findings.add(at, f"must be one of: {', '.join(allowed)}")

    return check


def matching(pattern: str, what: str) -> Check:
    """A string of a fixed form."""

    def check(value: Any, at: str, findings: Findings) -> None:
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            findings.add(at, f"must be {what}")

    return check


def many(item: Check, most: int, least: int = 1) -> Check:
    """A list of that many things of one kind."""

    def check(value: Any, at: str, findings: Findings) -> None:
        if not isinstance(value, list):
            findings.add(at, "must be an array")
            return
        if len(value) < least:
            findings.add(at, f"no fewer than {least} items allowed")
        if len(value) > most:
            findings.add(at, f"no more than {most} items allowed")
        for index, one in enumerate(value):
            item(one, f"{at}/{index}", findings)

    return check


def flag(value: Any, at: str, findings: Findings) -> None:
    """True or false."""
    if not isinstance(value, bool):
        findings.add(at, "must be a boolean")


def web_url(value: Any, at: str, findings: Findings) -> None:
    """An address a browser opens, of at most 3,000 characters."""
    string(3000)(value, at, findings)
    if isinstance(value, str) and not re.match(r"(https?://|slack://|mailto:|tel:)\S", value):
        findings.add(at, "must be a valid URL")


def calendar_date(value: Any, at: str, findings: Findings) -> None:
    """A date that exists, YYYY-MM-DD."""
    try:
        if not isinstance(value, str) or date.fromisoformat(value).isoformat() != value:
            raise ValueError
    except ValueError:
        findings.add(at, "must be a date in the format YYYY-MM-DD")


def number(value: Any, at: str, findings: Findings) -> None:
    """A number written as a string."""
    if not isinstance(value, str) or not re.fullmatch(r"-?\d+(\.\d+)?", value):
        findings.add(at, "must be a number written as a string")


def zone(value: Any, at: str, findings: Findings) -> None:
    """An IANA zone."""
    try:
        ZoneInfo(value)
    except (KeyError, TypeError, ValueError, OSError):
        findings.add(at, "must be an IANA time zone")


def markup_text(value: Any, at: str, findings: Findings) -> None:
    """Text in Slack's markup whose every `<` belongs to it."""
    if isinstance(value, str) and (wrong := markup.broken(value)) is not None:
        findings.add(at, f"text is not escaped, or its markup is broken, at {wrong!r}")


CLOCK = matching(r"([01]\d|2[0-3]):[0-5]\d", "a time in the format HH:mm")
ID = string(255)


# Composition objects


def text(most: int, *kinds: str) -> Check:
    """A text object; without kinds, of either kind."""
    allowed = kinds or ("plain_text", "mrkdwn")

    def check(value: Any, at: str, findings: Findings) -> None:
        kind = _type(value)
        if kind not in allowed:
            findings.add(f"{at}/type" if kind else at, f"must be a text object of type {' or '.join(allowed)}")
            return
        extra = {"emoji": flag} if kind == "plain_text" else {"verbatim": flag}
        Shape({"text": string(most)}, extra)(_body(value), at, findings)
        if kind == "mrkdwn":
            markup_text(value.get("text"), f"{at}/text", findings)

    return check


def plain(most: int) -> Check:
    """A plain_text object."""
    return text(most, "plain_text")


CONFIRM = Shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)


def option(*kinds: str, linked: bool = False) -> Check:
    """An option of a menu or a group of boxes."""
    extra: dict[str, Check] = {"description": text(75, *kinds)}
    if linked:
        extra["url"] = web_url
    return Shape({"text": text(75, *kinds), "value": string(150)}, extra)


OPTION = option("plain_text")
BOX = option()
GROUP = Shape({"label": plain(75), "options": many(OPTION, 100)})

DISPATCH = Shape({}, {"trigger_actions_on": many(one_of("on_enter_pressed", "on_character_entered"), 2)})
FILTER = Shape(
    {},
    {
        "include": many(one_of("im", "mpim", "private", "public"), 4),
        "exclude_bot_users": flag,
        "exclude_external_shared_channels": flag,
    },
)


def _offered(element: Payload) -> list[Payload]:
    grouped = [one for group in element.get("option_groups") or () for one in group["options"]]
    return [*(element.get("options") or ()), *grouped]


def _menu(element: Payload, at: str, findings: Findings) -> None:
    if ("options" in element) == ("option_groups" in element):
        findings.add(at, "needs either options or option_groups")
        return
    _choices(element, at, findings)


def _choices(element: Payload, at: str, findings: Findings) -> None:
    offered = _offered(element)
    values = [one["value"] for one in offered]
    if len(set(values)) < len(values):
        findings.add(at, "two options have the same value")
    chosen = element.get("initial_options") or ()
    if element.get("initial_option") and element["initial_option"] not in offered:
        findings.add(f"{at}/initial_option", "must be one of the options, exactly")
    for index, one in enumerate(chosen):
        if one not in offered:
            findings.add(f"{at}/initial_options/{index}", "must be one of the options, exactly")


def _lengths(element: Payload, at: str, findings: Findings) -> None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if least > most:
        findings.add(at, "min_length is greater than max_length")
    if len(element.get("initial_value") or "") > most:
        findings.add(f"{at}/initial_value", f"must be less than {most + 1} characters")


def _bounds(element: Payload, at: str, findings: Findings) -> None:
    low, high = element.get("min_value"), element.get("max_value")
    if low is not None and high is not None and float(low) > float(high):
        findings.add(at, "min_value is greater than max_value")
    if element["is_decimal_allowed"]:
        return
    for name in ("min_value", "max_value", "initial_value"):
        if "." in (element.get(name) or ""):
            findings.add(f"{at}/{name}", "must be a whole number")


# Elements: what each has, and where it may stand


def _asking(**more: Check) -> dict[str, Check]:
    return {"action_id": ID, "confirm": CONFIRM, "focus_on_load": flag, **more}


def _typing(**more: Check) -> dict[str, Check]:
    return {
        "action_id": ID,
        "placeholder": plain(150),
        "focus_on_load": flag,
        "dispatch_action_config": DISPATCH,
        **more,
    }


def _select(**more: Check) -> dict[str, Check]:
    return _asking(placeholder=plain(150), **more)


def _several(**more: Check) -> dict[str, Check]:
    return _select(max_selected_items=integer(1, 100), **more)


def _initial_rich(value: Any, at: str, findings: Findings) -> None:
    _kind_of({"rich_text": RICH_TEXT}, "initial value")(value, at, findings)


OPTIONS: dict[str, Check] = {"options": many(OPTION, 100), "option_groups": many(GROUP, 100)}
USER_ID = matching(r"[UW][A-Z0-9]+", "a user id")
CONVERSATION_ID = matching(r"[CGD][A-Z0-9]+", "a conversation id")
CHANNEL_ID = matching(r"[CG][A-Z0-9]+", "a channel id")
IMAGE_URL = matching(r"https?://\S{1,2990}", "an http(s) URL of at most 3000 characters")
SLACK_FILE = Shape({}, {"id": string(255), "url": IMAGE_URL})


def _undrawn(value: Any, at: str, findings: Findings) -> None:
    if value is not None:
        findings.add(at, "is known to Slack but not to this sandbox")


def _pictured(value: Payload, at: str, findings: Findings) -> None:
    if ("image_url" in value) == ("slack_file" in value):
        findings.add(at, "needs either image_url or slack_file")


IMAGE_ELEMENT = Shape({"alt_text": string(2000)}, {"image_url": IMAGE_URL, "slack_file": SLACK_FILE}, _pictured)

ELEMENTS: dict[str, Shape] = {
    "button": Shape(
        {"text": plain(75)},
        {
            "action_id": ID,
            "value": string(2000),
            "url": web_url,
            "style": one_of("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
        },
    ),
    "overflow": Shape(
        {"options": many(option("plain_text", linked=True), 5)}, {"action_id": ID, "confirm": CONFIRM}, _choices
    ),
    "static_select": Shape({}, _select(initial_option=OPTION, **OPTIONS), _menu),
    "multi_static_select": Shape({}, _several(initial_options=many(OPTION, 100), **OPTIONS), _menu),
    "external_select": Shape({}, _select(initial_option=OPTION, min_query_length=integer(0, 100))),
    "multi_external_select": Shape({}, _several(initial_options=many(OPTION, 100), min_query_length=integer(0, 100))),
    "users_select": Shape({}, _select(initial_user=USER_ID)),
    "multi_users_select": Shape({}, _several(initial_users=many(USER_ID, 100))),
    "conversations_select": Shape(
        {},
        _select(
            initial_conversation=CONVERSATION_ID,
            default_to_current_conversation=_undrawn,
            response_url_enabled=flag,
            filter=FILTER,
        ),
    ),
    "multi_conversations_select": Shape(
        {},
        _several(
            initial_conversations=many(CONVERSATION_ID, 100), default_to_current_conversation=_undrawn, filter=FILTER
        ),
    ),
    "channels_select": Shape({}, _select(initial_channel=CHANNEL_ID, response_url_enabled=flag)),
    "multi_channels_select": Shape({}, _several(initial_channels=many(CHANNEL_ID, 100))),
    "datepicker": Shape({}, _select(initial_date=calendar_date)),
    "timepicker": Shape({}, _select(initial_time=CLOCK, timezone=zone)),
    "datetimepicker": Shape({}, _asking(initial_date_time=integer(1_000_000_000, 9_999_999_999))),
    "checkboxes": Shape({"options": many(BOX, 10)}, _asking(initial_options=many(BOX, 10)), _choices),
    "radio_buttons": Shape({"options": many(BOX, 10)}, _asking(initial_option=BOX), _choices),
    "plain_text_input": Shape(
        {},
        _typing(
            initial_value=string(3000, 0),
            multiline=flag,
            min_length=integer(0, 3000),
            max_length=integer(1, 3000),
        ),
        _lengths,
    ),
    "email_text_input": Shape({}, _typing(initial_value=string(3000, 0))),
    "url_text_input": Shape({}, _typing(initial_value=string(3000, 0))),
    "number_input": Shape(
        {"is_decimal_allowed": flag}, _typing(initial_value=number, min_value=number, max_value=number), _bounds
    ),
    "rich_text_input": Shape(
        {}, _typing(initial_value=_initial_rich, min_lines=integer(1, 100), max_lines=integer(1, 100))
    ),
    "file_input": Shape({}, {"action_id": ID, "filetypes": many(string(50), 100), "max_files": integer(1, 10)}),
    "image": IMAGE_ELEMENT,
}

_MENUS = frozenset(name for name in ELEMENTS if name.endswith("_select"))
_PICKERS = frozenset({"datepicker", "timepicker", "checkboxes", "radio_buttons"})
_TYPED = frozenset(name for name in ELEMENTS if name.endswith("_input"))
IN_SECTION = _MENUS | _PICKERS | {"button", "overflow", "image"}
IN_ACTIONS = _MENUS | _PICKERS | {"button", "overflow", "datetimepicker"}
IN_INPUT = _MENUS | _PICKERS | _TYPED | {"datetimepicker"}


def element(allowed: Iterable[str], where: str) -> Check:
    """An element that may stand in this kind of block."""
    names = frozenset(allowed)

    def check(value: Any, at: str, findings: Findings) -> None:
        kind = _type(value)
        if kind is None:
            findings.add(at, "missing required field: type")
        elif kind not in ELEMENTS:
            findings.add(f"{at}/type", f"unsupported element type: {kind}")
        elif kind not in names:
            findings.add(f"{at}/type", f"a {kind} is not allowed in a block of type {where}")
        else:
            ELEMENTS[kind](_body(value), at, findings)

    return check


# Rich text

_STYLE = Shape({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight"), flag))
_INLINE: dict[str, Shape] = {
    "text": Shape({"text": string(100_000)}, {"style": _STYLE}),
    "link": Shape({"url": web_url}, {"text": string(100_000, 0), "style": _STYLE, "unsafe": flag}),
    "user": Shape({"user_id": USER_ID}, {"style": _STYLE}),
    "usergroup": Shape({"usergroup_id": string(255)}, {"style": _STYLE}),
    "channel": Shape({"channel_id": CHANNEL_ID}, {"style": _STYLE}),
    "emoji": Shape({"name": string(255)}, {"unicode": string(255), "skin_tone": integer(1, 6), "style": _STYLE}),
    "date": Shape(
        {"timestamp": integer(0, 9_999_999_999), "format": string(255)},
        {"url": web_url, "fallback": string(3000), "style": _STYLE},
    ),
    "broadcast": Shape({"range": one_of("here", "channel", "everyone")}, {"style": _STYLE}),
    "team": Shape({"team_id": string(255)}, {"style": _STYLE}),
    "color": Shape({"value": string(255)}, {"style": _STYLE}),
}


def _kind_of(shapes: Mapping[str, Shape], what: str) -> Check:
    def check(value: Any, at: str, findings: Findings) -> None:
        kind = _type(value)
        if kind is None:
            findings.add(at, "missing required field: type")
        elif kind not in shapes:
            findings.add(f"{at}/type", f"unsupported {what} type: {kind}")
        else:
            shapes[kind](_body(value), at, findings)

    return check


_INLINES = many(_kind_of(_INLINE, "rich text"), 10_000, 0)
_RICH_SECTION = Shape({"elements": _INLINES})
_RICH: dict[str, Shape] = {
    "rich_text_section": _RICH_SECTION,
    "rich_text_list": Shape(
        {
            "style": one_of("bullet", "ordered"),
            "elements": many(_kind_of({"rich_text_section": _RICH_SECTION}, "rich text list"), 10_000),
        },
        {"indent": integer(0, 8), "offset": integer(0, 10_000), "border": integer(0, 1)},
    ),
    "rich_text_quote": Shape({"elements": _INLINES}, {"border": integer(0, 1)}),
    "rich_text_preformatted": Shape({"elements": _INLINES}, {"border": integer(0, 1), "language": string(255)}),
}
RICH_TEXT = Shape({"elements": many(_kind_of(_RICH, "rich text"), 10_000, 0)}, {"block_id": ID})


# Blocks


def _section(block: Payload, at: str, findings: Findings) -> None:
    if not block.get("text") and not block.get("fields"):
        findings.add(at, "needs text or fields")


def _context(value: Any, at: str, findings: Findings) -> None:
    kind = _type(value)
    if kind == "image":
        IMAGE_ELEMENT(_body(value), at, findings)
    else:
        text(3000)(value, at, findings)


BLOCKS: dict[str, Shape] = {
    "section": Shape(
        {},
        {
            "block_id": ID,
            "text": text(3000),
            "fields": many(text(2000), 10),
            "accessory": element(IN_SECTION, "section"),
            "expand": flag,
        },
        _section,
    ),
    "header": Shape({"text": plain(150)}, {"block_id": ID}),
    "divider": Shape({}, {"block_id": ID}),
    "image": Shape(
        {"alt_text": string(2000)},
        {"block_id": ID, "image_url": IMAGE_URL, "slack_file": SLACK_FILE, "title": plain(2000)},
        _pictured,
    ),
    "context": Shape({"elements": many(_context, 10)}, {"block_id": ID}),
    "actions": Shape({"elements": many(element(IN_ACTIONS, "actions"), 25)}, {"block_id": ID}),
    "input": Shape(
        {"label": plain(2000), "element": element(IN_INPUT, "input")},
        {"block_id": ID, "hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "rich_text": RICH_TEXT,
}
_BLOCK = _kind_of(BLOCKS, "block")


def elements(blocks: Iterable[Payload]) -> Iterable[tuple[Payload, Payload, str]]:
    """Every interactive element with its block and its place below the list of blocks."""
    for index, block in enumerate(blocks):
        for name in ("accessory", "element"):
            if isinstance(block.get(name), dict):
                yield block, block[name], f"/{index}/{name}"
        if block.get("type") == "actions":
            for inner, one in enumerate(block["elements"]):
                yield block, one, f"/{index}/elements/{inner}"


def _unique(blocks: list[Payload], at: str, findings: Findings) -> None:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        name = block.get("block_id")
        if name is not None and name in seen:
            findings.add(f"{at}/{index}/block_id", f'"block_id" {name!r} already exists')
        seen.add(str(name))
    taken: set[str] = set()
    focused = 0
    for _, one, place in elements(blocks):
        name = one.get("action_id")
        if name is not None and name in taken:
            findings.add(f"{at}{place}/action_id", f'"action_id" {name!r} already exists')
        taken.add(str(name))
        focused += bool(one.get("focus_on_load"))
    if focused > 1:
        findings.add(at, "only one element may have focus_on_load")


def _blocks(blocks: Any, at: str, most: int, findings: Findings) -> None:
    many(_BLOCK, most, 0)(blocks, at, findings)
    if findings.messages:
        return
    _unique(blocks, at, findings)
    if findings.surface == "modal":
        return
    for _, one, place in elements(blocks):
        if one.get("response_url_enabled"):
            findings.add(f"{at}{place}/response_url_enabled", "is allowed in modals only")


def message_blocks(blocks: Any) -> list[str]:
    """What is wrong with a message's blocks; empty when nothing is."""
    findings = Findings("message")
    _blocks(blocks, "/blocks", MESSAGE_BLOCKS, findings)
    return findings.messages


def rich_text(value: Any) -> list[str]:
    """What is wrong with a rich_text block by itself."""
    findings = Findings()
    _kind_of({"rich_text": RICH_TEXT}, "value")(value, "", findings)
    return findings.messages


def message_text(value: str) -> list[str]:
    """What is wrong with a message's own text."""
    findings = Findings("message")
    markup_text(value, "/text", findings)
    return findings.messages


def characters(value: Any) -> int:
    """How much text there is in blocks, as the limit on a whole message counts it."""
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(characters(inner) for inner in value.values() if isinstance(inner, dict | list))
    return sum(characters(inner) for inner in value) if isinstance(value, list) else 0


# Views


def _view_blocks(value: Any, at: str, findings: Findings) -> None:
    _blocks(value, at, VIEW_BLOCKS, findings)


def _modal(view: Payload, at: str, findings: Findings) -> None:
    if any(block["type"] == "input" for block in view["blocks"]) and not view.get("submit"):
        findings.add(at, "missing required field: submit, because there is an input block")


_VIEW: dict[str, Check] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
VIEWS: dict[str, Shape] = {
    "modal": Shape(
        {"title": plain(24), "blocks": _view_blocks},
        {
            **_VIEW,
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": flag,
            "notify_on_close": flag,
            "submit_disabled": flag,
        },
        _modal,
    ),
    "home": Shape({"blocks": _view_blocks}, _VIEW),
}


def view(value: Any, kind: str) -> list[str]:
    """What is wrong with a view that should be a `modal` or a `home`; empty when nothing is."""
    findings = Findings(kind)
    given = _type(value)
    if not isinstance(value, dict):
        findings.add("/view", "must provide an object")
    elif given != kind:
        findings.add("/view/type", f"must be {kind}, not {given}")
    else:
        VIEWS[kind](_body(value), "/view", findings)
    return findings.messages


def too_large(value: Payload) -> bool:
    """Whether a view is over Slack's 250 KB."""
    return len(json.dumps(value, ensure_ascii=False).encode()) > VIEW_BYTES


# Metadata


def metadata(value: Any) -> str | None:
    """Slack's code for what is wrong with a message's metadata. The cap is below any that Slack could have."""
    if not isinstance(value, dict) or not isinstance(value.get("event_type"), str) or not value["event_type"]:
        return "invalid_metadata_format"
    payload = value.get("event_payload")
    if not isinstance(payload, dict) or set(value) - {"event_type", "event_payload"}:
        return "invalid_metadata_format"
    if not all(_metadata_value(one) for one in payload.values()):
        return "invalid_metadata_schema"
    return "metadata_too_large" if len(json.dumps(value)) > METADATA_CHARACTERS else None


def _metadata_value(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_metadata_value(one) for one in value.values())
    return isinstance(value, str | int | float | bool)
