"""What becomes of the ledger when a plan is made anew: decided here, for what is done and for what is only foreseen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.notices import LEFT_OUT, NO_LONGER_PLANNED, PAST, Notice, Planned, passed

SAID = frozenset({"delivered", "sending", "unknown"})
"""States of what was said, or may be at this moment: never touched."""


@dataclass(frozen=True)
class Standing:
    """A notice as it stands in the ledger; `let_go` says that it was held back and is to be said after its time."""

    notice: Notice
    state: str
    reason: str | None = None
    let_go: bool = False

    @property
    def decided(self) -> bool:
        """Whether somebody holds it back or has left it out: it moves along with what it is about, and stays so."""
        return self.state == "held" or (self.state == "skipped" and self.reason == LEFT_OUT)


@dataclass(frozen=True)
class Change:
    """One notice that a plan makes (`was` None), makes different, or, with `wanted` None, withdraws."""

    was: Standing | None
    wanted: Planned | None

    @property
    def notice(self) -> Notice:
        """What is changed, as it will be if it is to be said."""
        if self.wanted is not None:
            return self.wanted.notice
        assert self.was is not None
        return self.was.notice


def follow(standing: Mapping[str, Standing], wanted: Iterable[Planned], now: datetime) -> tuple[Change, ...]:
    """What brings a ledger to what is wanted, by key. Nothing that was sent, or is being sent, is touched.

    What is wanted at a moment already past is skipped with that reason; a row that stands planned for the same moment
    is only late, and is left to be sent.
    """
    left = dict(standing)
    found: list[Change] = []
    for one in wanted:
        row = left.pop(one.notice.key, None)
        if row is not None and _said_of_another(row, one):
            one = replace(one, notice=replace(one.notice, key=one.again or ""))
            row = left.pop(one.notice.key, None)
            if row is None and passed(one.notice.due_at, now):
                continue
        if row is not None and (row.decided or row.let_go):
            keeps = row.notice == one.notice if row.decided else passed(one.notice.due_at, now)
            found += [] if keeps else [Change(row, one)]
            continue
        if row is None or _differs(row, one, now):
            found.append(Change(row, _dated(one, now)))
    withdrawn = (Change(row, None) for row in left.values() if row.state in ("planned", "held"))
    return (*found, *withdrawn)


def _said_of_another(row: Standing, wanted: Planned) -> bool:
    """Whether it was said of a moment that is not the one any more, so that it may be said again."""
    return wanted.again is not None and row.state in SAID and row.notice.refs != wanted.notice.refs


def _dated(wanted: Planned, now: datetime) -> Planned:
    if wanted.skip is None and passed(wanted.notice.due_at, now):
        return replace(wanted, skip=PAST)
    return wanted


def _differs(row: Standing, wanted: Planned, now: datetime) -> bool:
    """Whether an unsent row is to be changed for a plan."""
    moved = row.notice != wanted.notice
    if row.state == "planned":
        return moved or wanted.skip is not None
    if row.state != "skipped":
        return False
    # What a sender skipped for its own reasons stays so, unless it is to be said at another time that is still to come.
    if wanted.skip is not None:
        return moved or row.reason == NO_LONGER_PLANNED
    return not passed(wanted.notice.due_at, now) or moved or row.reason == NO_LONGER_PLANNED
