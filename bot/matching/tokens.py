"""What the model makes of a text: one vector for each of its word pieces, small enough to be kept in a row."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Bytes = NDArray[np.int8]

WIDTH = 384
"""Numbers in a vector."""
_PIECE_BYTES = 2 + 4 + WIDTH


@dataclass(frozen=True, slots=True)
class Tokens:
    """The pieces of a text by their number in the vocabulary, and their vectors: `rounded` times `scale` each.

    Rounding to 256 steps moves the similarity of two texts by less than one in a thousand.
    """

    ids: Ints
    scale: Floats
    rounded: Bytes

    @classmethod
    def of(cls, ids: Ints, vectors: Floats) -> Tokens:
        scale = np.maximum(np.abs(vectors).max(axis=1), 1e-9).astype(np.float32) / 127
        return cls(ids, scale, np.rint(vectors / scale[:, None]).astype(np.int8))

    def vectors(self) -> Floats:
        """One row for each piece."""
        found: Floats = self.rounded.astype(np.float32) * self.scale[:, None]
        return found

    def part(self, first: int, last: int) -> Tokens:
        """The pieces from `first` up to, and without, `last`."""
        return Tokens(self.ids[first:last], self.scale[first:last], self.rounded[first:last])

    def pack(self) -> bytes:
        """As bytes that `unpack` reads on any machine."""
        return (
            self.ids.astype("<u2").tobytes() + self.scale.astype("<f4").tobytes() + self.rounded.astype("i1").tobytes()
        )

    @classmethod
    def unpack(cls, data: bytes) -> Tokens:
        """What `pack` made. Raises ValueError for anything else."""
        count, rest = divmod(len(data), _PIECE_BYTES)
        if rest:
            raise ValueError(f"{len(data)} bytes are no vectors")
        ids = np.frombuffer(data, "<u2", count).astype(np.int32)
        scale = np.frombuffer(data, "<f4", count, 2 * count).astype(np.float32)
        rounded = np.frombuffer(data, "i1", count * WIDTH, 6 * count).reshape(count, WIDTH).astype(np.int8)
        return cls(ids, scale, rounded)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text's pieces, and where in the text each of them stands (from, to; characters)."""

    tokens: Tokens
    spans: tuple[tuple[int, int], ...]

    def within(self, start: int, end: int) -> Tokens | None:
        """The pieces of a stretch of the text, seen in the light of all of it; None where there are none."""
        inside = [at for at, (first, last) in enumerate(self.spans) if first >= start and last <= end and last > first]
        return self.tokens.part(inside[0], inside[-1] + 1) if inside else None


class Encoder(Protocol):
    """Something that reads text; `name` tells vectors of one encoder from another's."""

    @property
    def name(self) -> str: ...

    def encode(self, text: str) -> Encoded: ...

    def knows(self, word: str) -> bool:
        """Whether a plain word is a whole piece of the vocabulary."""
        ...


def key(encoder: str, text: str) -> str:
    """Under what a text's vectors are kept: an edited text has another."""
    return hashlib.sha256(f"{encoder}\0{text}".encode()).hexdigest()[:40]
