"""Bringing the ledger to what a plan asks for: what is new is added, what moved is moved, what is gone is withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.domain import planning as rules
from bot.domain.notices import NO_LONGER_PLANNED, Planned
from bot.domain.planning import Change, Standing
from bot.domain.programs import Program
from bot.domain.quiet import settled
from bot.services import quiet
from bot.services.programs import Programs
from storage import notices, plans, week
from storage import programs as program_rows
from storage.notices import NoticeRow

Plan = Callable[[Session, Program], Iterable[Planned]]
"""Everything a feature wants said for a program, past moments included: those are put on record, not said."""


@dataclass(frozen=True)
class Feature:
    """Who plans: a name, the kinds of notice that are its own, the plan, and what the plan follows from.

    `mark` is asked at every tick and must be cheap; when it changes, the plan is made again. It begins with the
    program's revision, which is enough for plans that follow from the program alone. A plan that is not `whole` knows
    only what is ahead: what it wants in somebody's quiet waits once it is due, as it would be forgotten else.
    """

    name: str
    kinds: Collection[str]
    plan: Plan
    mark: Callable[[Session, Program], str] = lambda _, program: str(program.revision)
    whole: bool = True


@dataclass(frozen=True)
class Replanned:
    """What became of the ledger: `skipped` are only put on record, `withdrawn` were planned and no longer are."""

    added: int = 0
    moved: int = 0
    skipped: int = 0
    withdrawn: int = 0


def stale(*, session: Session, programs: Programs, feature: Feature) -> tuple[Program, ...]:
    """The programs for which a feature's plan no longer follows from what is stored."""
    known = plans.marks(session, feature.name)
    return tuple(one for one in programs.all(session) if known.get(one.id) != feature.mark(session, one))


def follow(
    *, session: Session, programs: Programs, slug: str, feature: Feature, now: datetime
) -> Replanned | None:  # fmt: skip
    """Plan a program again and write the mark; None when another process has done so already."""
    if program_rows.held(session, slug) is None:
        return None
    program = programs.get(session, slug)
    if program is None or plans.marks(session, feature.name).get(program.id) == feature.mark(session, program):
        return None
    outcome = replan(session, program.id, feature.kinds, wanted(session, program, feature), now)
    plans.put(session, program.id, feature.name, feature.mark(session, program))
    return outcome


def wanted(session: Session, program: Program, feature: Feature) -> Iterator[Planned]:
    """What a feature wants said for a program, each at a moment at which its reader has no quiet."""
    rests = quiet.Rests(session, program)
    for one in feature.plan(session, program):
        yield settled(one, rests.of(one.notice.target), program) if feature.whole else one


def replan(
    session: Session, program_id: int, kinds: Collection[str], wanted: Iterable[Planned], now: datetime
) -> Replanned:
    """Bring the rows of some kinds to what is wanted; see `bot.domain.planning.follow`."""
    rows = {row.key: row for row in notices.standing(session, program_id, kinds)}
    released = week.let_go(session, program_id)
    new: list[Planned] = []
    moved = skipped = withdrawn = 0
    for change in rules.follow({key: _standing(row, released) for key, row in rows.items()}, wanted, now):
        if change.wanted is None:
            withdrawn += notices.withdraw(session, rows[change.notice.key], NO_LONGER_PLANNED, now)
        elif change.was is None:
            new.append(change.wanted)
        elif change.was.decided:
            moved += notices.move(session, rows[change.was.notice.key], change.wanted.notice)
        else:
            done = notices.change(session, rows[change.was.notice.key], change.wanted, now)
            moved += done and change.wanted.skip is None
            skipped += done and change.wanted.skip is not None
    notices.add_all(session, new, now)
    said = sum(one.skip is None for one in new)
    return Replanned(added=said, moved=moved, skipped=skipped + len(new) - said, withdrawn=withdrawn)


def foreseen(session: Session, program: Program, feature: Feature, now: datetime) -> tuple[Change, ...]:
    """What planning for a program, perhaps one that is not saved yet, would change. Changes nothing."""
    rows = notices.standing(session, program.id, feature.kinds)
    released = week.let_go(session, program.id)
    return rules.follow({row.key: _standing(row, released) for row in rows}, wanted(session, program, feature), now)


def _standing(row: NoticeRow, released: Collection[int]) -> Standing:
    return Standing(notices.to_notice(row), row.state, row.reason, row.state == "planned" and row.id in released)
