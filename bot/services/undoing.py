"""Which function takes a change of which kind back; see `bot.services.changes`.

Kinds: "item" (an item of a program, or its header), "address", "membership", "organization", "channel", "hold", "mode",
"document".
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.services import addresses, change_items, channels, drops, holds, modes, organizations, personnel
from bot.services.changes import TakesBack

KINDS: Mapping[str, TakesBack] = {
    "hold": holds.take_back,
    "mode": modes.take_back,
    "item": change_items.take_back,
    "document": drops.take_back,
    "address": addresses.take_back,
    "channel": channels.take_back,
    "membership": personnel.take_back,
    "organization": organizations.take_back,
}
"""Each kind with the function of its feature."""
