"""A form read back: what was typed and chosen, by block."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any


class Typed:
    """What stands in the fields of a form that was handed in; every input block holds one element.

    A block that is not there is an empty field. A view without a state raises KeyError or TypeError.
    """

    def __init__(self, view: Mapping[str, Any]) -> None:
        self._blocks: Mapping[str, Mapping[str, Any] | None] = view["state"]["values"]

    def __contains__(self, block: str) -> bool:
        return block in self._blocks

    def words(self, block: str) -> str:
        """What was written."""
        return str(self._element(block).get("value") or "")

    def choice(self, block: str) -> str | None:
        """The value that was chosen from a menu."""
        chosen = self._element(block).get("selected_option")
        return str(chosen["value"]) if chosen else None

    def choices(self, block: str) -> tuple[str, ...]:
        """All values that were chosen."""
        return tuple(str(one["value"]) for one in self._element(block).get("selected_options") or ())

    def people(self, block: str) -> tuple[str, ...]:
        """The Slack ids of all who were picked."""
        return tuple(str(one) for one in self._element(block).get("selected_users") or ())

    def conversation(self, block: str) -> str | None:
        """The id of the channel that was picked."""
        chosen = self._element(block).get("selected_conversation")
        return str(chosen) if chosen else None

    def day(self, block: str) -> date | None:
        """The day that was picked."""
        chosen = self._element(block).get("selected_date")
        return date.fromisoformat(str(chosen)) if chosen else None

    def _element(self, block: str) -> Mapping[str, Any]:
        elements = self._blocks.get(block) or {}
        return next(iter(elements.values()), None) or {}
