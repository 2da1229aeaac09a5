"""What is posted in Slack, shown elsewhere: as plain lines for a terminal, and as harmless markup for a page."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from bot.domain.messages import Block, Message
from bot.views.blocks import unesc

Names = Mapping[str, str]
"""How channels and people are called, by their ids."""

_TAG = re.compile(r"<([^<>]*)>")
_STRONG = re.compile(r"(?<![\w*])\*(?!\s)([^*\n]+)(?<!\s)\*(?![\w*])")
_STRESSED = re.compile(r"(?<![\w_])_(?!\s)([^_\n]+)(?<!\s)_(?![\w_])")
_EMOJI = re.compile(r":[a-z0-9_+-]+: ?")
_KINDS = ("http://", "https://", "mailto:")


def lines(message: Message, names: Names) -> list[str]:
    """A message as plain lines: its texts without markup, and its buttons in brackets."""
    found = [line for text in _texts(message.blocks) for line in _plain(text, names).splitlines()]
    found += [f"[{' | '.join(labels)}]" for labels in _rows(message.blocks)]
    return found or _plain(message.text, names).splitlines()


def markup(message: Message, names: Names) -> list[str]:
    """A message as paragraphs of a page, buttons as words that nobody can press."""
    made: list[str] = []
    for block in message.blocks:
        for text in _texts([block]):
            made.append(f"<p>{_as_html(text, names)}</p>")
        for labels in _rows([block]):
            made.append(f'<p class="buttons">{"".join(f"<span>{escaped(one)}</span>" for one in labels)}</p>')
    return made or [f"<p>{_as_html(message.text, names)}</p>"]


def escaped(text: str) -> str:
    """People's words, harmless in a page, attributes included; marks that no page can hold are left out."""
    kept = (one for one in text if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs"))
    return html.escape("".join(kept))


def _texts(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        text = cast("Mapping[str, Any] | None", block.get("text"))
        if block.get("type") == "header" and text is not None:
            yield f"*{str(text['text']).replace('&', '&amp;').replace('<', '&lt;')}*"
        elif text is not None:
            yield str(text["text"])
        if block.get("type") == "context":
            yield from (str(one["text"]) for one in cast("Sequence[Mapping[str, Any]]", block["elements"]))


def _rows(blocks: Sequence[Block]) -> Iterator[list[str]]:
    for block in blocks:
        beside = cast("Mapping[str, Any] | None", block.get("accessory"))
        row = cast("Sequence[Mapping[str, Any]]", block["elements"]) if block.get("type") == "actions" else ()
        labels = [str(one["text"]["text"]) for one in (*([beside] if beside else []), *row) if one["type"] == "button"]
        if labels:
            yield labels


def _plain(text: str, names: Names) -> str:
    bare = _STRESSED.sub(r"\1", _STRONG.sub(r"\1", _EMOJI.sub("", text)))
    return unesc(_TAG.sub(lambda found: _tag(found[1], names), bare))


def _tag(inside: str, names: Names) -> str:
    """A mention by its name, a link by its words with the address behind them."""
    target, _, label = inside.partition("|")
    if target[:1] in ("@", "#"):
        return names.get(target[1:], target)
    if target.startswith("!"):
        return label or "@" + target[1:]
    address = target.removeprefix("mailto:")
    return f"{label} ({address})" if label and label != address else address


def _as_html(text: str, names: Names) -> str:
    made, end = "", 0
    for found in _TAG.finditer(text):
        made += _words(text[end : found.start()]) + _link(found[1], names)
        end = found.end()
    return (made + _words(text[end:])).strip().replace("\n", "<br>")


def _words(text: str) -> str:
    safe = escaped(unesc(_EMOJI.sub("", text)))
    return _STRESSED.sub(r"<em>\1</em>", _STRONG.sub(r"<strong>\1</strong>", safe))


def _link(inside: str, names: Names) -> str:
    target, _, label = inside.partition("|")
    if not target.lower().startswith(_KINDS):
        return escaped(unesc(_tag(inside, names)))
    words = label or target.removeprefix("mailto:")
    return f'<a href="{escaped(unesc(target))}">{escaped(unesc(words))}</a>'
