"""What is looked at in a database, and what can be wrong with it. Nothing that anybody wrote is in any of this."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.domain.chain import Broken

MOST_NAMED = 20
"""How many places of one sort are named; the rest are counted."""

LedgerWhy = Literal["state", "delivered", "given up", "leased", "unsettled", "uncertain"]


@dataclass(frozen=True)
class Damaged:
    """The file itself cannot be read as it should; `says` is the database's own words, without content."""

    says: str


@dataclass(frozen=True)
class Dangling:
    """Rows whose column points at a row that is not there."""

    table: str
    column: str
    count: int


@dataclass(frozen=True)
class Numbers:
    """Receipt numbers of a program that are missing (from, to), given out twice, or higher than its counter."""

    program: str
    missing: tuple[tuple[int, int], ...] = ()
    doubled: tuple[int, ...] = ()
    beyond: tuple[int, ...] = ()


@dataclass(frozen=True)
class Versions:
    """A submission whose versions are not all there, or are not those that it says it has."""

    program: str
    receipt: int


@dataclass(frozen=True)
class Ledger:
    """Notices that are in no state there can be, or lack what their state needs; some of their rows' numbers."""

    why: LedgerWhy
    count: int
    ids: tuple[int, ...]


@dataclass(frozen=True)
class Chain:
    """A place where a program's chain does not hold."""

    program: str
    broken: Broken


Fault = Damaged | Dangling | Numbers | Versions | Ledger | Chain


@dataclass(frozen=True)
class Head:
    """A program's last link: written down elsewhere, it proves later that nothing before it was changed."""

    program: str
    links: int
    link: str


@dataclass(frozen=True)
class Contents:
    """What is in a database, in figures. `newest` is when something was handed in or changed last."""

    programs: int = 0
    people: int = 0
    submissions: int = 0
    versions: int = 0
    erased: int = 0
    notices: int = 0
    newest: datetime | None = None


@dataclass(frozen=True)
class Report:
    """What was found. Where the shape is not the newest (`current`), only the file itself was looked at."""

    revision: str | None
    current: bool
    contents: Contents = field(default_factory=Contents)
    heads: tuple[Head, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def sound(self) -> bool:
        return not self.faults


def numbers(program: str, given: Iterable[int], last: int) -> Numbers | None:
    """What is wrong with a program's receipt numbers, which come in rising order; `last` is its counter."""
    missing: list[tuple[int, int]] = []
    doubled: list[int] = []
    beyond: list[int] = []
    before = counted = 0
    for number in given:
        if number == before:
            doubled.append(number)
        elif number > last:
            beyond.append(number)
        else:
            missing += _between(counted, number)
            counted = number
        before = number
    missing += _between(counted, last + 1)
    if not (missing or doubled or beyond):
        return None
    return Numbers(program, tuple(missing), tuple(dict.fromkeys(doubled)), tuple(beyond))


def _between(low: int, high: int) -> Iterator[tuple[int, int]]:
    if high > low + 1:
        yield low + 1, high - 1
