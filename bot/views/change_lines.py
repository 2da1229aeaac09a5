"""How a change of which kind reads in the list of recent changes, and why it may have to stand.

A feature's view has both; this module names them under their kind (see `bot.services.changes`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.changes import Change
from bot.domain.programs import Program
from bot.views import change_words, channels, drops, holds, modes, organizations, personnel
from bot.views.lines import Line

Says = Callable[[Change, Program], Line]

KINDS: Mapping[str, Says] = {
    "hold": holds.change_line,
    "mode": modes.change_line,
    "item": change_words.line,
    "address": personnel.address_line,
    "channel": channels.line,
    "document": drops.change_line,
    "membership": personnel.line,
    "organization": organizations.line,
}
"""Each kind with the words of its feature."""
STANDS: Mapping[str, str] = {
    **holds.STANDS,
    **change_words.STANDS,
    **channels.STANDS,
    **drops.STANDS,
    **organizations.STANDS,
    **personnel.STANDS,
}
"""What is said where a change must stand, by the `why` of `Stands`: a sentence that says what to do instead."""
