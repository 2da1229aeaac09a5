"""Several things for one channel, said in one message as far as they fit into one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.domain.messages import Block, Json, Message, Part
from bot.views.blocks import MESSAGE_BLOCKS, clip, distinct, divider

CHARACTERS = 12_000
"""Slack turns a message away at about 13,200 characters in its blocks."""
MOST_PARTS = 20
"""As many keys as fit into the metadata of one message."""


@dataclass
class Bundle:
    """One message of several parts; `members` are their places among all that were given."""

    members: list[int] = field(default_factory=list)
    abouts: set[str] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    @property
    def message(self) -> Message:
        """What is posted. The notification names every part."""
        return Message(clip("\n".join(self.texts), 3900), distinct(self.blocks))

    def takes(self, part: Part) -> bool:
        """Whether a part can join: it fits, or says what is said here already."""
        if len(self.members) == MOST_PARTS:
            return False
        if part.about in self.abouts or not self.members:
            return True
        fits = len(self.blocks) + 1 + len(part.blocks) <= MESSAGE_BLOCKS
        return fits and characters(self.blocks) + characters(part.blocks) <= CHARACTERS

    def add(self, place: int, part: Part) -> None:
        """Take a part in; what is about the same thing is said once."""
        self.members.append(place)
        if part.about not in self.abouts:
            self.abouts.add(part.about)
            self.texts.append(part.text)
            self.blocks += [divider(), *part.blocks] if self.blocks else part.blocks


def bundles(parts: Sequence[Part]) -> tuple[Bundle, ...]:
    """As few messages as hold all parts, in their order."""
    made: list[Bundle] = []
    for place, part in enumerate(parts):
        known = next((one for one in made if part.about in one.abouts and one.takes(part)), None)
        target = known or (made[-1] if made and made[-1].takes(part) else None)
        if target is None:
            target = Bundle()
            made.append(target)
        target.add(place, part)
    return tuple(made)


def characters(value: Json | Iterable[Block]) -> int:
    """How much text there is in blocks, each character counted once, escapes as they stand."""
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(characters(inner) for inner in value.values() if isinstance(inner, dict | list))
    if isinstance(value, str) or not isinstance(value, Iterable):
        return 0
    return sum(characters(inner) for inner in value)
