"""What is sent, as values: the shape of JSON, a message, a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"
Block: TypeAlias = "dict[str, Json]"
Payload: TypeAlias = "Mapping[str, Json]"


@dataclass(frozen=True)
class Message:
    """What is posted: the blocks, and the text for notifications and screen readers."""

    text: str
    blocks: Sequence[Block] = ()


@dataclass(frozen=True)
class Upload:
    """A file sent with a few words."""

    filename: str
    title: str
    content: bytes = field(repr=False)
    comment: str


@dataclass(frozen=True)
class Dropped:
    """A file that somebody has put into a conversation: its id, its name, and its size in bytes."""

    id: str
    name: str
    size: int


@dataclass(frozen=True)
class Download:
    """Such a file, fetched."""

    name: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Part:
    """One piece of a post that several notices share: its line for the notification, and its blocks.

    Parts with the same `about` say the same thing; only the first of them is shown. `late` says that its time
    was missed.
    """

    about: str
    text: str
    blocks: Sequence[Block]
    late: bool = False
