"""What a look at the database has found, in words for whoever runs the bot; never anything that somebody wrote."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.chain import Broken, Why
from bot.domain.verify import (
    MOST_NAMED,
    Chain,
    Contents,
    Damaged,
    Dangling,
    Fault,
    Ledger,
    LedgerWhy,
    Numbers,
    Report,
    Versions,
)

REMEDY = (
    "Keep the database as it is, and a copy of it. Then restore the newest backup: convene db restore FILE --replace"
)
SEAL = "To seal them: convene db upgrade"
_CHAIN: dict[Why, str] = {
    "changed": "what it says is not what was saved",
    "version gone": "it is not there any more",
    "link changed": "its seal, or the one before it, was changed",
    "links missing": "seals before it are missing",
    "head differs": "the chain does not end where it should",
    "not sealed": "it has no seal; an earlier Convene has saved it, or somebody wrote it into the database by hand",
    "erased by hand": "its words are gone, but nobody has erased its author with Convene",
    "not quite erased": "its author was erased, but something of it is left",
}
_LEDGER: dict[LedgerWhy, str] = {
    "state": "is in a state that there is not",
    "delivered": "counts as delivered, without where or when",
    "given up": "was given up, without a reason or a time",
    "leased": "is being sent, by nobody",
    "unsettled": "is still to be said, and counts as done",
    "uncertain": "may have been sent, but not since when",
}


def looked_at(report: Report) -> tuple[str, ...]:
    """What was looked at and is right, a line each."""
    has = report.contents
    if not report.current:
        return ()
    lines = [
        "Every row points at rows that are there.",
        f"{_count(has.submissions, 'receipt number')}: none missing, none given out twice.",
        f"{_count(has.notices, 'notice')}: each in a state that there is.",
        f"{_count(has.versions, 'sealed version')} of submissions: each says what was saved.",
    ]
    if has.erased:
        lines.append(f"{_count(has.erased, 'of them was', 'of them were')} erased with the person.")
    return tuple(lines)


def heads(report: Report) -> tuple[str, ...]:
    """The last seal of each program, to be written down elsewhere."""
    return tuple(f"{one.program}: seal no. {one.links}, {one.link}" for one in report.heads)


def faults(found: Sequence[Fault]) -> tuple[str, ...]:
    """What is wrong, a line each; of many of one sort the first ones."""
    lines: list[str] = []
    by_sort: dict[type[Fault], list[Fault]] = {}
    for one in found:
        by_sort.setdefault(type(one), []).append(one)
    for some in by_sort.values():
        lines += [fault(one) for one in some[:MOST_NAMED]]
        if len(some) > MOST_NAMED:
            lines.append(f"… and {len(some) - MOST_NAMED} more like these.")
    return tuple(lines)


def fault(one: Fault) -> str:
    """One thing that is wrong."""
    match one:
        case Damaged(says):
            return f"The file is damaged: {says}"
        case Dangling(table, column, count):
            return f"{table}: {_count(count, 'row')} with a {column} that is not there."
        case Numbers():
            return _numbers(one)
        case Versions(program, receipt):
            return f"{program}, no. {receipt}: its versions are not all there, or are more than it says."
        case Ledger(why, count, ids):
            some = ", ".join(map(str, ids)) + (", …" if count > len(ids) else "")
            return f"{_count(count, 'notice')} in the ledger {_LEDGER[why]} (row {some})."
        case Chain(program, broken):
            return _broken(program, broken)


def todo(found: Sequence[Fault]) -> str:
    """What to do about it."""
    unsealed = all(isinstance(one, Chain) and one.broken.why == "not sealed" for one in found)
    return SEAL if unsealed else REMEDY


def sealed(count: int) -> str:
    """What was sealed that an earlier version had taken in."""
    versions = "1 version was" if count == 1 else f"{count:,} versions were"
    return f"Sealed what was handed in before there were seals: {versions} taken as found."


def contents(has: Contents) -> str:
    """What is in a database, in one sentence."""
    inside = ", ".join(
        (
            _count(has.programs, "program"),
            _count(has.people, "person", "people"),
            _count(has.submissions, "submission"),
            _count(has.notices, "notice"),
        )
    )
    newest = f" The newest submission is of {has.newest:%Y-%m-%d %H:%M} UTC." if has.newest else ""
    return f"In it: {inside}.{newest}"


def _numbers(wrong: Numbers) -> str:
    missing = [f"{low}" if low == high else f"{low} to {high}" for low, high in wrong.missing]
    sorts = (
        ("missing", missing),
        ("given out twice", [str(one) for one in wrong.doubled]),
        ("never counted", [str(one) for one in wrong.beyond]),
    )
    said = "; ".join(f"{what}: {_list(some)}" for what, some in sorts if some)
    return f"{wrong.program}, receipt numbers {said}."


def _broken(program: str, broken: Broken) -> str:
    where = f"no. {broken.receipt}, version {broken.version}" if broken.receipt else f"after seal no. {broken.number}"
    return f"{program}, {where}: {_CHAIN[broken.why]}."


def _list(some: Sequence[str]) -> str:
    rest = f" and {len(some) - MOST_NAMED} more" if len(some) > MOST_NAMED else ""
    return ", ".join(some[:MOST_NAMED]) + rest


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"
