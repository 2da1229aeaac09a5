"""Short ways to write blocks down."""

from __future__ import annotations

from typing import Any

from bot.sandbox.interface import Payload


def plain(text: str) -> Payload:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Payload:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "Hello", **more: Any) -> Payload:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(action_id: str = "go", **more: Any) -> Payload:
    return {"type": "button", "action_id": action_id, "text": plain("Go"), **more}


def actions(*elements: Payload, **more: Any) -> Payload:
    return {"type": "actions", "elements": list(elements), **more}


def option(value: str, text: str | None = None) -> Payload:
    return {"text": plain(text or value), "value": value}


def options(*values: str) -> list[Payload]:
    return [option(value) for value in values]


def field(
    block_id: str, label: str, kind: str = "plain_text_input", *, block: Payload | None = None, **more: Any
) -> Payload:
    """An input block whose element has the action_id `<block_id>_in`."""
    element = {"type": kind, "action_id": f"{block_id}_in", **more}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **(block or {})}


def modal(*blocks: Payload, **more: Any) -> Payload:
    return {"type": "modal", "title": plain("Form"), "submit": plain("Hand in"), "blocks": list(blocks), **more}


def home(*blocks: Payload) -> Payload:
    return {"type": "home", "blocks": list(blocks)}
