"""Bringing the ledger to what a plan asks for: what is new is added, what moved is moved, what is gone is withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from bot.domain.notices import NO_LONGER_PLANNED, PAST, Planned, passed
from bot.domain.programs import Program
from bot.services.programs import Programs
from storage import notices, plans
from storage import programs as program_rows
from storage.notices import NoticeRow

Plan = Callable[[Session, Program], Iterable[Planned]]
"""Everything a feature wants said for a program, past moments included: those are put on record, not said."""


@dataclass(frozen=True)
class Feature:
    """Who plans: a name, the kinds of notice that are its own, the plan, and what the plan follows from.

    `mark` is asked at every tick and must be cheap; when it changes, the plan is made again. It begins with the
    program's revision, which is enough for plans that follow from the program alone.
    """

    name: str
    kinds: Collection[str]
    plan: Plan
    mark: Callable[[Session, Program], str] = lambda _, program: str(program.revision)


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
    outcome = replan(session, program.id, feature.kinds, feature.plan(session, program), now)
    plans.put(session, program.id, feature.name, feature.mark(session, program))
    return outcome


def replan(
    session: Session, program_id: int, kinds: Collection[str], wanted: Iterable[Planned], now: datetime
) -> Replanned:
    """Bring the rows of some kinds to what is wanted, by key. Nothing that was sent, or is being sent, is touched.

    What is wanted at a moment already past is skipped with that reason; a row that stands planned for the same moment
    is only late, and is left to be sent.
    """
    standing = {row.key: row for row in notices.standing(session, program_id, kinds)}
    new: list[Planned] = []
    moved = skipped = withdrawn = 0
    for one in wanted:
        row = standing.pop(one.notice.key, None)
        if row is None:
            new.append(_dated(one, now))
        elif _differs(row, one, now):
            change = _dated(one, now)
            done = notices.change(session, row, change, now)
            moved += done and change.skip is None
            skipped += done and change.skip is not None
    notices.add_all(session, new, now)
    for row in standing.values():
        if row.state == "planned":
            withdrawn += notices.withdraw(session, row, NO_LONGER_PLANNED, now)
    said = sum(one.skip is None for one in new)
    return Replanned(added=said, moved=moved, skipped=skipped + len(new) - said, withdrawn=withdrawn)


def _dated(wanted: Planned, now: datetime) -> Planned:
    if wanted.skip is None and passed(wanted.notice.due_at, now):
        return replace(wanted, skip=PAST)
    return wanted


def _differs(row: NoticeRow, wanted: Planned, now: datetime) -> bool:
    """Whether an unsent row is to be changed for a plan."""
    moved = row.due_at != wanted.notice.due_at or notices.to_notice(row) != wanted.notice
    if row.state == "planned":
        return moved or wanted.skip is not None
    if row.state != "skipped":
        return False
    # What a sender skipped for its own reasons stays so, unless it is to be said at another time that is still to come.
    if wanted.skip is not None:
        return moved or row.reason == NO_LONGER_PLANNED
    return not passed(wanted.notice.due_at, now) or moved or row.reason == NO_LONGER_PLANNED
