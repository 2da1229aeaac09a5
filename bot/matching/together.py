"""Reading for several threads at once: what comes while the model is at work is read together as soon as it is free.

The model's weights are many times larger than what a processor keeps at hand: to read several texts in one go takes a
quarter less than one by one. Nobody waits for others to come.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from bot.matching.tokens import Floats, Ints

MOST = 8
"""Texts in one go; with more the first would wait long for the last."""
ALIKE = 3
"""Pieces by which a text may be longer or shorter than the one it is read with: what is short is filled up."""

Read = Callable[[Sequence[Ints]], Sequence[Floats]]


class _Text:
    """What one thread wants to have read; `leads` is set when that thread is the one to do it."""

    def __init__(self, ids: Ints) -> None:
        self.ids = ids
        self.vectors: Floats | None = None
        self.leads = False
        self.turn = threading.Event()


class Together:
    """Has texts read by whoever comes first while `read` is free; at most `places` threads do so at a time."""

    def __init__(self, read: Read, places: int) -> None:
        self._read = read
        self._free = places
        self._lock = threading.Lock()
        self._waiting: list[_Text] = []

    def __call__(self, ids: Ints) -> Floats:
        """The vectors of a text. Raises what `read` raises for it."""
        mine = _Text(ids)
        with self._lock:
            if self._free:
                self._free -= 1
                mine.leads = True
            else:
                self._waiting.append(mine)
        if not mine.leads:
            mine.turn.wait()
        if mine.leads:
            self._lead(mine)
        # Where reading it with others has failed, it is no worse off than alone.
        return mine.vectors if mine.vectors is not None else self._read([ids])[0]

    def _lead(self, mine: _Text) -> None:
        texts = [mine, *self._joining(mine)]
        try:
            for one, vectors in zip(texts, self._read([one.ids for one in texts]), strict=True):
                one.vectors = vectors
        finally:
            self._hand_on()
            for one in texts[1:]:
                one.turn.set()

    def _joining(self, mine: _Text) -> list[_Text]:
        """Those that have waited longest, of about the same length."""
        with self._lock:
            found = [one for one in self._waiting if abs(len(one.ids) - len(mine.ids)) <= ALIKE][: MOST - 1]
            self._waiting = [one for one in self._waiting if one not in found]
        return found

    def _hand_on(self) -> None:
        """Whoever has waited longest is next."""
        with self._lock:
            if not self._waiting:
                self._free += 1
                return
            following = self._waiting.pop(0)
        following.leads = True
        following.turn.set()
