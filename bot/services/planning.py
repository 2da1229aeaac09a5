"""Bringing the ledger to what a plan asks for: what is new is added, what moved is moved, what is gone is withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.domain import planning as rules
from bot.domain.modes import spoken
from bot.domain.notices import NO_LONGER_PLANNED, Planned
from bot.domain.planning import Change, Standing
from bot.domain.programs import Program
from bot.domain.quiet import settled
from bot.services import quiet
from bot.services.programs import Programs
from storage import notices, plans, week
from storage import programs as program_rows
from storage.notices import NoticeRow
from storage.programs import Revised

Plan = Callable[[Session, Program], Iterable[Planned]]
"""Everything a feature wants said for a program, past moments included: those are put on record, not said."""
Marks = Callable[[Session, Sequence[Revised]], Mapping[int, str]]
"""For each of some programs, by its id, a mark of all that a plan follows from."""


def by_revision(_: Session, programs: Sequence[Revised]) -> dict[int, str]:
    """The marks of plans that follow from the program alone."""
    return {one.id: f"{one.revision}" for one in programs}


def by_people(_: Session, programs: Sequence[Revised]) -> dict[int, str]:
    """The marks of plans that follow from the program and who takes part in it."""
    return {one.id: f"{one.revision}.{one.people_revision}" for one in programs}


@dataclass(frozen=True)
class Feature:
    """Who plans: a name, the kinds of notice that are its own, the plan, and what the plan follows from.

    `marks` are asked at every tick, of all programs at once, and must be cheap; when one changes, its plan is made
    again. A plan that is not `whole` knows only what is ahead: what it wants in somebody's quiet waits once it is due,
    as it would be forgotten else.
    """

    name: str
    kinds: Collection[str]
    plan: Plan
    marks: Marks = by_revision
    whole: bool = True


@dataclass(frozen=True)
class Replanned:
    """What became of the ledger: `skipped` are only put on record, `withdrawn` were planned and no longer are."""

    added: int = 0
    moved: int = 0
    skipped: int = 0
    withdrawn: int = 0


def stale(*, session: Session, feature: Feature) -> tuple[str, ...]:
    """The slugs of the programs for which a feature's plan no longer follows from what is stored."""
    every = program_rows.revised(session)
    known, marks = plans.marks(session, feature.name), feature.marks(session, every)
    return tuple(one.slug for one in every if known.get(one.id) != marks[one.id])


def follow(
    *, session: Session, programs: Programs, slug: str, feature: Feature, now: datetime
) -> Replanned | None:  # fmt: skip
    """Plan a program again and write the mark; None when another process has done so already.

    None as well while another holds the program: it may be planning it, and whoever plans several must not keep them
    all waiting for one. Its mark tells at the next tick whether there is anything left to do.
    """
    held = plans.hold(session, slug, feature.name)
    if held is None:
        return None
    stands, known = held
    mark = feature.marks(session, (stands,))[stands.id]
    if known == mark:
        return None
    program = programs.as_revised(session, stands)
    if program is None:
        return None
    outcome = replan(session, program.id, feature.kinds, wanted(session, program, feature), now)
    plans.put(session, program.id, feature.name, mark, new=known is None)
    return outcome


def wanted(session: Session, program: Program, feature: Feature) -> Iterator[Planned]:
    """What a feature wants said for a program, each at a moment at which its reader has no quiet.

    Of samples a live program says nothing.
    """
    program = spoken(program)
    rests = quiet.Rests(session, program)
    for one in feature.plan(session, program):
        yield settled(one, rests.of(one.notice.target), program) if feature.whole else one


def replan(
    session: Session, program_id: int, kinds: Collection[str], wanted: Iterable[Planned], now: datetime
) -> Replanned:
    """Bring the rows of some kinds to what is wanted; see `bot.domain.planning.follow`."""
    rows = {row.key: row for row in notices.standing(session, program_id, kinds)}
    released = week.let_go(session, program_id) if rows else ()
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
