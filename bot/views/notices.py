"""Several things for one channel, said in one message as far as they fit into one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.domain.messages import Block, Json, Message, Part
from bot.domain.notices import TOGETHER
from bot.views.blocks import MESSAGE_BLOCKS, clip, distinct, divider, paragraphs, section

CHARACTERS = 12_000
"""Slack turns a message away at about 13,200 characters in its blocks."""
TEXT = 3900
CATCHING_UP = "While I was away, these came due. Each is as it stands now."


@dataclass
class Bundle:
    """One message of several parts; `members` are their places among all that were given."""

    members: list[int] = field(default_factory=list)
    parts: dict[str, Part] = field(default_factory=dict)

    @property
    def message(self) -> Message:
        """What is posted. The notification names every part; where several are late, it is said why they come now."""
        parts = list(self.parts.values())
        if len(parts) == 1:
            return Message(parts[0].text, distinct(parts[0].blocks))
        opening = [CATCHING_UP] if sum(part.late for part in parts) > 1 else []
        texts = [*opening, *(part.text for part in parts)]
        blocks = [*(section(f"*{text}*") for text in opening)]
        return Message(clip("\n".join(texts), TEXT), distinct(_lined([blocks, *map(_shown, parts)])))

    def takes(self, part: Part) -> bool:
        """Whether a part can join: it fits, or says what is said here already."""
        if len(self.members) == TOGETHER:
            return False
        if part.about in self.parts or not self.members:
            return True
        before = _lined([_shown(one) for one in self.parts.values()])
        after = _lined([before, _shown(part)])
        opening = 2 if part.late or any(one.late for one in self.parts.values()) else 0
        fits = opening + len(after) <= MESSAGE_BLOCKS and len(CATCHING_UP) + characters(after) <= CHARACTERS
        return fits and not _names(before) & _names(part.blocks)

    def add(self, place: int, part: Part) -> None:
        """Take a part in; what is about the same thing is said once."""
        self.members.append(place)
        self.parts.setdefault(part.about, part)


def bundles(parts: Sequence[Part]) -> tuple[Bundle, ...]:
    """As few messages as hold all parts, in their order."""
    made: list[Bundle] = []
    for place, part in enumerate(parts):
        known = next((one for one in made if part.about in one.parts and one.takes(part)), None)
        target = known or (made[-1] if made and made[-1].takes(part) else None)
        if target is None:
            target = Bundle()
            made.append(target)
        target.add(place, part)
    return tuple(made)


def _shown(part: Part) -> Sequence[Block]:
    """A part's blocks; a message that was made to stand by itself may be nothing but a text."""
    return part.blocks or paragraphs(part.text)


def _lined(groups: Sequence[Sequence[Block]]) -> list[Block]:
    """Groups of blocks with a line between each two."""
    made: list[Block] = []
    for blocks in groups:
        made += [divider(), *blocks] if made and blocks else blocks
    return made


def _names(blocks: Iterable[Block]) -> set[Json]:
    """The ids of blocks, each of which may be in a message but once."""
    return {block["block_id"] for block in blocks if "block_id" in block}


def characters(value: Json | Iterable[Block]) -> int:
    """How much text there is in blocks, each character counted once, escapes as they stand."""
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + sum(characters(inner) for inner in value.values() if isinstance(inner, dict | list))
    if isinstance(value, str) or not isinstance(value, Iterable):
        return 0
    return sum(characters(inner) for inner in value)
