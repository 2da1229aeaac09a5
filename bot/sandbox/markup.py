"""Slack's text markup: what people type becomes it, what the bot sends must be it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.sandbox.interface import Payload

_TAG = re.compile(r"<([^<>]*)>")
_VALID = re.compile(
    r"""
      @[UW][A-Z0-9]+(\|[^|]*)?
    | \#[CGD][A-Z0-9]+(\|[^|]*)?
    | !(here|channel|everyone)(\|[^|]*)?
    | !subteam\^S[A-Z0-9]+(\|[^|]*)?
    | !date\^\d+\^[^|^]+(\^[^|^\s]+)?\|[^|]+
    | (https?://|mailto:|tel:|slack://)[^\s|]+(\|.*)?
    """,
    re.VERBOSE | re.DOTALL,
)
_BROADCASTS = ("here", "channel", "everyone")
_TYPED = r"""
      <@(?P<user_id>[UW][A-Z0-9]+)(?:\|[^<>]*)?>
    | <\#(?P<channel_id>[CG][A-Z0-9]+)(?:\|[^<>]*)?>
    | (?P<url>https?://[^\s<>|]+[^\s<>|.,;:!?)'"])
    | (?P<email>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)
    | (?<![\w@])@(?P<name>{names})(?!\w)
    | (?<![\w#])\#(?P<channel>{channels})(?![\w-])
"""


@dataclass(frozen=True)
class Names:
    """Who and what can be mentioned: lower-case names to ids, and ids to the label Slack shows."""

    users: Mapping[str, str]
    channels: Mapping[str, str]
    labels: Mapping[str, str]


def escape(text: str) -> str:
    """The three characters Slack escapes, ampersand first."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Undo `escape`, ampersand last."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def broken(text: str) -> str | None:
    """The first `<` that does not open Slack's own markup, with what follows it; None when all is well.

    Slack would show such text garbled, or as a mention nobody meant: whoever wrote it forgot to escape.
    """
    for tag in _TAG.finditer(text):
        if not _VALID.fullmatch(tag.group(1)):
            return tag.group(0)[:40]
    left = _TAG.sub("", text)
    at = left.find("<")
    return left[at : at + 40] if at >= 0 else None


def typed(text: str, names: Names) -> str:
    """What Slack makes of typed text: escaped, with mentions, channels, links and addresses marked up."""
    parts: list[str] = []
    end = 0
    for match in _pattern(names).finditer(text):
        parts.append(escape(text[end : match.start()]))
        parts.append(_resolved(match, names))
        end = match.end()
    parts.append(escape(text[end:]))
    return "".join(parts)


def _pattern(names: Names) -> re.Pattern[str]:
    users, channels = _longest_first((*names.users, *_BROADCASTS)), _longest_first(names.channels)
    return re.compile(_TYPED.format(names=users, channels=channels), re.VERBOSE | re.IGNORECASE)


def _longest_first(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or "(?!)"


def _resolved(match: re.Match[str], names: Names) -> str:
    kind = match.lastgroup
    word = match.group(kind) if kind else ""
    if kind == "url":
        return f"<{escape(word)}>"
    if kind == "email":
        return f"<mailto:{word}|{word}>"
    if kind == "name" and word.lower() in _BROADCASTS:
        return f"<!{word.lower()}>"
    if kind == "name":
        return f"<@{names.users[word.lower()]}>"
    found = names.channels[word.lower()] if kind == "channel" else word
    if found not in names.labels:
        return escape(match.group(0))
    return f"<@{found}>" if kind == "user_id" else f"<#{found}|{names.labels[found]}>"


def mentions(text: str) -> frozenset[str]:
    """The user ids mentioned in Slack's markup."""
    return frozenset(re.findall(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>", text))


def rich_text(text: str, block_id: str) -> Payload:
    """The rich_text block that Slack adds to what people type."""
    return {
        "type": "rich_text",
        "block_id": block_id,
        "elements": [{"type": "rich_text_section", "elements": list(_inline(text))}],
    }


def _inline(text: str) -> Iterator[Payload]:
    end = 0
    for tag in _TAG.finditer(text):
        if tag.start() > end:
            yield {"type": "text", "text": unescape(text[end : tag.start()])}
        yield _element(tag.group(1))
        end = tag.end()
    if end < len(text):
        yield {"type": "text", "text": unescape(text[end:])}


def _element(tag: str) -> Payload:
    target, _, label = tag.partition("|")
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!"):
        return {"type": "broadcast", "range": target[1:]}
    link: Payload = {"type": "link", "url": unescape(target)}
    if label:
        link["text"] = unescape(label)
    return link
