"""Finders that find what a test tells them to, so that it depends on no matching."""

from __future__ import annotations

from bot.domain.faq import Answer, Decision, Finder, NoMatch
from bot.domain.programs import Audience, Entry, Program
from bot.domain.questions import EVERYTHING
from bot.services.faq import FaqIndexes


class Told(FaqIndexes):
    """Finds what it is told to find, and remembers what was asked before.

    `unanswered` are said to be left of what is asked; `only_after` something, nothing is found otherwise.
    """

    def __init__(self, *keys: str, unanswered: tuple[str, ...] = (), only_after: str | None = None) -> None:
        super().__init__()
        self._keys = keys
        self._unanswered = unanswered
        self._only_after = only_after
        self.before: list[str | None] = []

    def of(self, programs: tuple[Program, ...], allowed: frozenset[Audience] = EVERYTHING) -> Finder:
        """What finds it."""
        entries = super().of(programs, allowed).entries
        return _Finder(entries, self._keys, self._unanswered, self._only_after, self.before)


class _Finder:
    def __init__(
        self,
        entries: tuple[Entry, ...],
        keys: tuple[str, ...],
        unanswered: tuple[str, ...],
        only_after: str | None,
        before: list[str | None],
    ) -> None:
        self.entries = entries
        self._found = [one for key in keys for one in entries if one.key == key]
        self._unanswered = unanswered
        self._only_after = only_after
        self._before = before

    def decide(self, text: str, before: str | None = None) -> Decision:
        self._before.append(before)
        if not self._found or self._only_after not in (None, before):
            return NoMatch(0.0)
        return Answer(self._found[0], 0.9, tuple(self._found[1:]), self._unanswered)
