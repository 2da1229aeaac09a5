"""The inspector's memory: the last exchanges between the bot and Slack, without what lets one act as either."""

from __future__ import annotations

import itertools
import threading
from collections import deque
from typing import Any

from bot.sandbox.interface import Payload

KEPT = 500
HIDDEN = "(hidden)"
_SECRETS = frozenset({"response_url", "upload_url", "token", "authorization"})


class Journal:
    """The last exchanges, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._entries: deque[Payload] = deque(maxlen=KEPT)

    def write(self, entry: Payload) -> Payload:
        """Keep an exchange, its secrets blacked out; returns it with its number."""
        shown = _without_secrets(entry)
        with self._lock:
            shown = {"n": next(self._numbers), **shown}
            self._entries.append(shown)
        return shown

    def read(self, after: int = 0) -> list[Payload]:
        """The exchanges with a number above `after`."""
        with self._lock:
            return [entry for entry in self._entries if entry["n"] > after]


def _without_secrets(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: HIDDEN if str(name).lower() in _SECRETS and inner else _without_secrets(inner)
            for name, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_without_secrets(inner) for inner in value]
    return value
