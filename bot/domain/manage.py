"""What those who run a program look after, from one place."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.people import Viewer


@dataclass(frozen=True)
class Managing:
    """Somebody who runs a program, in it: what they may do there goes by their roles."""

    viewer: Viewer
