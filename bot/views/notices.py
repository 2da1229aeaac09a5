"""Several things for one channel, said in one message."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.messages import Block, Message
from bot.views.blocks import MESSAGE_BLOCKS, clip, divider


def together(parts: Sequence[tuple[str, str, Sequence[Block]]]) -> Message:
    """One message of parts (what it is about, its line, its blocks); what is about the same thing is said once."""
    texts: list[str] = []
    blocks: list[Block] = []
    seen: set[str] = set()
    for about, text, part in parts:
        if about in seen:
            continue
        seen.add(about)
        extra = [divider(), *part] if blocks else list(part)
        if len(blocks) + len(extra) <= MESSAGE_BLOCKS:
            blocks += extra
        texts.append(text)
    return Message(clip("\n".join(texts), 3900), blocks)
