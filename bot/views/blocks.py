"""Block Kit, built from small functions: escaped once, cut to Slack's limits, readable where blocks are not shown."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Literal, cast

from bot.domain.messages import Block, Json
from bot.views.ids import numbered

Style = Literal["primary", "danger"]

SECTION = 3000
BUTTON = 75
OPTION = 75
TITLE = 24
HEADER = 150
LABEL = 2000
VALUE = 2000
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100


def esc(text: str) -> str:
    """Make people's words harmless in mrkdwn: nothing in them pings or links."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unesc(text: str) -> str:
    """What a person typed, from what Slack delivers."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def link(url: str, label: str) -> str:
    """A mrkdwn link; both parts are escaped here."""
    return f"<{esc(url).replace('|', '%7C')}|{esc(label).replace('|', '¦')}>"


def marked(text: str, sample: bool, word: str = "sample") -> str:
    """What is made up to try things out says so."""
    return f"{text} ({word})" if sample else text


def quote(text: str, limit: int = SECTION) -> str:
    """People's words as a quotation in mrkdwn, cut to a limit and escaped here."""
    lines = esc(clip(text, limit)).splitlines() or [""]
    return "\n".join(f"> {line}" for line in lines)


def mention(user: str) -> str:
    """A person, by Slack user id."""
    return f"<@{user}>"


def clip(text: str, limit: int) -> str:
    """Cut to a limit, never through an entity or a link, and say so with an ellipsis."""
    if len(text) <= limit:
        return text
    return text[: _before_whole(text, limit - 1)].rstrip() + "…"


def _before_whole(text: str, cut: int) -> int:
    """The last place up to `cut` where no entity and no link is cut through."""
    for pattern, opening in ((_MARKUP, "<"), (_ENTITY, "&")):
        start = text.rfind(opening, 0, cut)
        whole = pattern.match(text, start) if start >= 0 else None
        if whole is not None and whole.end() > cut:
            cut = start
    return cut


def linked(text: str) -> str:
    """Mrkdwn in which addresses of pages are links, as Slack makes none where nothing may be taken for a mention."""
    return _ADDRESS.sub(lambda found: found[0] if found[0][0] == "<" else _as_link(found[0]), text)


def _as_link(address: str) -> str:
    behind = _BEHIND.search(address)
    end = behind.start() if behind is not None else len(address)
    return address if address[:end].endswith("://") else f"<{address[:end]}>{address[end:]}"


_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_MARKUP = re.compile(r"<(?:https?://|mailto:|[@#!])[^<>]*>")
_ADDRESS = re.compile(r"<[^<>]*>|(?<![^\s(])(?<!\]\()https?://(?:&amp;|[^\s<>|&])+")
"""Markup, or an address that stands by itself."""
_BEHIND = re.compile(r"(?:&amp;|[.,;:!?)\]'\"*_~`…])+$")
"""What stands behind an address in a sentence, rather than in it."""


def plain(text: str, limit: int = SECTION) -> Block:
    """A plain_text object: it needs no escaping, as nothing in it is parsed."""
    return {"type": "plain_text", "text": clip(text, limit), "emoji": True}


def mrkdwn(text: str, limit: int = SECTION) -> Block:
    """A mrkdwn object; people's words inside must have gone through `esc`.

    It is verbatim: only markup mentions anybody, and an @channel that somebody wrote in words stays words.
    """
    made = linked(text)
    return {"type": "mrkdwn", "text": made if len(made) <= limit else clip(text, limit), "verbatim": True}


def section(text: str, *, accessory: Block | None = None, block_id: str | None = None) -> Block:
    """A paragraph of mrkdwn, with at most one element at its side."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if accessory is not None:
        block["accessory"] = accessory
    if block_id is not None:
        block["block_id"] = block_id
    return block


def paragraphs(text: str) -> list[Block]:
    """A longer mrkdwn text as as many sections as it needs: nothing is cut off, no entity or link is cut through."""
    blocks: list[Block] = []
    text = linked(text)
    while len(text) > SECTION:
        head = text[:SECTION]
        cut = max(head.rfind("\n", SECTION // 2), head.rfind(" ", SECTION // 2))
        cut = _before_whole(text, cut if cut > 0 else SECTION) or SECTION
        blocks.append(section(text[:cut].rstrip()))
        text = text[cut:].lstrip("\n ")
    return [*blocks, section(text)] if text else blocks


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain(text, HEADER)}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def context(*texts: str) -> Block:
    """Small print, in mrkdwn."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts[:10]]}


def actions(*elements: Block, block_id: str | None = None) -> Block:
    """A row of buttons or selects."""
    block: Block = {"type": "actions", "elements": list(elements)[:25]}
    if block_id is not None:
        block["block_id"] = block_id
    return block


def button(
    text: str,
    action_id: str,
    value: str = "",
    *,
    style: Style | None = None,
    url: str | None = None,
    label: str | None = None,
    confirm: Block | None = None,
) -> Block:
    """A button. `label` is what a screen reader says instead of the text; a `url` opens as well as being reported.

    Whoever presses by voice says the words that stand there, so they are in the label (WCAG 2.5.3, Label in Name).
    """
    block: Block = {"type": "button", "action_id": action_id, "text": plain(text, BUTTON)}
    if value:
        block["value"] = value[:VALUE]
    if style is not None:
        block["style"] = style
    if url is not None:
        block["url"] = url
    if label is not None:
        block["accessibility_label"] = clip(_with(text, label), BUTTON)
    if confirm is not None:
        block["confirm"] = confirm
    return block


def _with(text: str, label: str) -> str:
    words = text.rstrip("….")
    return label if words.casefold() in label.casefold() else f"{words}: {label}"


def confirm(title: str, text: str, yes: str, no: str) -> Block:
    """The question asked before a button does what it says."""
    return {"title": plain(title, 100), "text": plain(text, 300), "confirm": plain(yes, 30), "deny": plain(no, 30)}


def option(text: str, value: str, description: str | None = None) -> Block:
    """One choice. Values longer than Slack takes are a programming error, so they are not cut."""
    block: Block = {"text": plain(text, OPTION), "value": value}
    if description is not None:
        block["description"] = plain(description, OPTION)
    return block


def field_block(
    block_id: str,
    label: str,
    element: Block,
    *,
    hint: str | None = None,
    optional: bool = False,
) -> Block:
    """An input with its label, and a hint under it."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, LABEL),
        "element": element,
        "optional": optional,
    }
    if hint is not None:
        block["hint"] = plain(hint, LABEL)
    return block


def text_input(
    action_id: str,
    *,
    multiline: bool = False,
    initial: str | None = None,
    placeholder: str | None = None,
    max_length: int = 3000,
) -> Block:
    """A field for words."""
    element: Block = {
        "type": "plain_text_input",
        "action_id": action_id,
        "multiline": multiline,
        "max_length": max_length,
    }
    if initial:
        element["initial_value"] = initial[:max_length]
    if placeholder is not None:
        element["placeholder"] = plain(placeholder, 150)
    return element


def select(
    action_id: str, options: Sequence[Block], *, initial: str | None = None, placeholder: str | None = None
) -> Block:
    """A menu of one choice; `initial` is a value."""
    element: Block = {"type": "static_select", "action_id": action_id, "options": list(options)[:100]}
    _preset(element, options, initial)
    if placeholder is not None:
        element["placeholder"] = plain(placeholder, 150)
    return element


def grouped_select(
    action_id: str, groups: Sequence[tuple[str, Sequence[Block]]], *, initial: str | None = None, placeholder: str
) -> Block:
    """A menu of one choice out of several groups of at most a hundred; Slack's own search finds in all of them."""
    made: list[Json] = [
        {"label": plain(label, OPTION), "options": list(options[:100])} for label, options in groups[:100] if options
    ]
    element: Block = {"type": "static_select", "action_id": action_id, "option_groups": made}
    _preset(element, [one for _, options in groups for one in options], initial)
    return {**element, "placeholder": plain(placeholder, 150)}


def multi_select(
    action_id: str, options: Sequence[Block], *, initial: Iterable[str] = (), placeholder: str | None = None
) -> Block:
    """A menu of several choices; `initial` are values."""
    element: Block = {"type": "multi_static_select", "action_id": action_id, "options": list(options)[:100]}
    _presets(element, options, initial)
    if placeholder is not None:
        element["placeholder"] = plain(placeholder, 150)
    return element


def radios(action_id: str, options: Sequence[Block], *, initial: str | None = None) -> Block:
    """Up to ten choices in view, one of them taken."""
    element: Block = {"type": "radio_buttons", "action_id": action_id, "options": list(options)[:10]}
    _preset(element, options, initial)
    return element


def checkboxes(action_id: str, options: Sequence[Block], *, initial: Iterable[str] = ()) -> Block:
    """Up to ten choices in view, any of them taken."""
    element: Block = {"type": "checkboxes", "action_id": action_id, "options": list(options)[:10]}
    _presets(element, options, initial)
    return element


def date_input(action_id: str, initial: date | None = None) -> Block:
    """A day from a calendar."""
    element: Block = {"type": "datepicker", "action_id": action_id}
    if initial is not None:
        element["initial_date"] = initial.isoformat()
    return element


def time_input(action_id: str, initial: time | None = None) -> Block:
    """A wall time."""
    element: Block = {"type": "timepicker", "action_id": action_id}
    if initial is not None:
        element["initial_time"] = f"{initial:%H:%M}"
    return element


def user_select(action_id: str, initial: str | None = None, placeholder: str | None = None) -> Block:
    """One person of the workspace."""
    element: Block = {"type": "users_select", "action_id": action_id}
    if initial is not None:
        element["initial_user"] = initial
    if placeholder is not None:
        element["placeholder"] = plain(placeholder, 150)
    return element


def users_select(action_id: str, placeholder: str | None = None) -> Block:
    """Several people of the workspace."""
    element: Block = {"type": "multi_users_select", "action_id": action_id}
    if placeholder is not None:
        element["placeholder"] = plain(placeholder, 150)
    return element


def modal(
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str | None = None,
    close: str = "Close",
    metadata: str = "",
    tells_closing: bool = False,
) -> Block:
    """A modal view; `metadata` comes back with the submission and is visible to the client, so nothing secret.

    One that `tells_closing` says when it is closed without being handed in.
    """
    view: Block = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, TITLE),
        "close": plain(close, TITLE),
        "blocks": list(blocks)[:VIEW_BLOCKS],
        "private_metadata": metadata,
    }
    if submit is not None:
        view["submit"] = plain(submit, TITLE)
    if tells_closing:
        view["notify_on_close"] = True
    return view


def home(blocks: Sequence[Block]) -> Block:
    """An App Home view; buttons of one kind are told apart."""
    return {"type": "home", "blocks": distinct(blocks[:VIEW_BLOCKS])}


def distinct(blocks: Sequence[Block]) -> list[Block]:
    """The same blocks with the name of every button and menu once: the second of a name gets a number behind it."""
    met: Counter[str] = Counter()
    return [_distinct(block, met) for block in blocks]


def _distinct(block: Block, met: Counter[str]) -> Block:
    if block.get("type") == "actions":
        elements = cast("Sequence[Block]", block["elements"])
        return {**block, "elements": [_renamed(one, met) for one in elements]}
    if "accessory" in block:
        return {**block, "accessory": _renamed(cast("Block", block["accessory"]), met)}
    return block


def _renamed(element: Block, met: Counter[str]) -> Block:
    name = str(element.get("action_id"))
    met[name] += 1
    if element.get("type") not in ("button", "static_select") or met[name] == 1:
        return element
    return {**element, "action_id": numbered(name, met[name])}


def counted(number: int, one: str, several: str = "") -> str:
    """1 question, 2 questions; `several` for a plural that is not made with an s."""
    return f"{number} {one if number == 1 else several or one + 's'}"


def _preset(element: Block, options: Sequence[Block], initial: str | None) -> None:
    for choice in options:
        if initial is not None and choice["value"] == initial:
            element["initial_option"] = choice


def _presets(element: Block, options: Sequence[Block], initial: Iterable[str]) -> None:
    wanted = set(initial)
    chosen = [choice for choice in options if choice["value"] in wanted]
    if chosen:
        element["initial_options"] = chosen
