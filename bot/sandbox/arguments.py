"""The arguments of a web API call, and the pages of its answers."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox import rules
from bot.sandbox.interface import Payload, SlackError


class Arguments:
    """The arguments of one call, from a form or from JSON; all readers raise SlackError."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given

    def raw(self, name: str) -> Any:
        return self._given.get(name)

    def has(self, name: str) -> bool:
        return self._given.get(name) not in (None, "")

    def text(self, name: str) -> str:
        """A required string."""
        if not self.has(name):
            raise invalid(f"missing required field: {name}", name)
        return str(self._given[name])

    def maybe(self, name: str) -> str | None:
        return str(self._given[name]) if self.has(name) else None

    def flag(self, name: str) -> bool:
        return str(self._given.get(name, "")).lower() in ("1", "true")

    def number(self, name: str, default: int, most: int) -> int:
        if not self.has(name):
            return default
        try:
            value = int(str(self._given[name]))
        except ValueError:
            value = 0
        if not 1 <= value <= most:
            raise SlackError("invalid_limit")
        return value

    def parsed(self, name: str, error: str) -> Any:
        """A structure, which a form carries as JSON text; None when it is left out."""
        value = self._given.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError as wrong:
            raise SlackError(error) from wrong


def invalid(message: str, name: str) -> SlackError:
    """The refusal of one argument, by its name."""
    text = f"[ERROR] {message} [json-pointer:/{name}]"
    return SlackError("invalid_arguments", response_metadata={"messages": [text]})


def page(items: list[Any], given: Arguments, most: int, *, default: int) -> tuple[list[Any], Payload]:
    """One page, and where the next begins; cursors are opaque to the bot."""
    limit = given.number("limit", default, most)
    start = _start(given.maybe("cursor"))
    end = start + limit
    following = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
    return items[start:end], {"response_metadata": {"next_cursor": following}}


def _start(cursor: str | None) -> int:
    if cursor is None:
        return 0
    try:
        word, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
        if word != "next":
            raise SlackError("invalid_cursor")
        return int(number)
    except (binascii.Error, ValueError) as wrong:
        raise SlackError("invalid_cursor") from wrong


def metadata(given: Arguments) -> Payload | None:
    """A message's metadata; an empty object stands for none. Raises SlackError."""
    found = given.parsed("metadata", "invalid_metadata_format")
    if found is None or found == {}:
        return None
    wrong = rules.metadata(found)
    if wrong:
        raise SlackError(wrong)
    return dict(found)


@dataclass(frozen=True)
class Method:
    """One method: the scopes it always needs, and what it does."""

    scopes: tuple[str, ...]
    call: Callable[[Arguments], Payload]
