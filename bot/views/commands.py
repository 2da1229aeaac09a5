"""What people can type and click, as values: the help and the app manifest are made from these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Command:
    """A slash command. `usage` is the hint that Slack shows behind it."""

    name: str
    about: str
    usage: str = ""


@dataclass(frozen=True)
class Shortcut:
    """An entry of Slack's lightning menu, or of a message's own menu."""

    callback_id: str
    name: str
    about: str
    kind: Literal["global", "message"] = "global"
