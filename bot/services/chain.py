"""Looking whether the chain over submissions holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session

from bot.domain.chain import Broken, Walk
from storage import chain as rows
from storage import programs


@dataclass(frozen=True)
class Chained:
    """One program's chain: how many links it has, how many of them are about erased words, and where it is broken.

    `head` is the last link: written down elsewhere, it proves later that nothing before it was changed.
    """

    program: str
    links: int
    erased: int
    head: str
    broken: tuple[Broken, ...]


def look(*, session: Session) -> tuple[Chained, ...]:
    """Every program's chain, from its first link to its last; what is said is read again, and never shown."""
    missing: dict[int, list[Broken]] = {}
    for one in rows.unsealed(session):
        missing.setdefault(one.program_id, []).append(Broken("not sealed", 0, one.receipt, one.version))
    return tuple(
        _look(session, program.id, program.slug, missing.get(program.id, ()))
        for program in programs.every(session)
        if program.id is not None
    )


def _look(session: Session, program_id: int, slug: str, missing: Iterable[Broken]) -> Chained:
    walk = Walk()
    broken: list[Broken] = []
    for link, kept in rows.along(session, program_id):
        broken += walk.step(link, kept)
    broken += walk.end(*rows.end(session, program_id))
    return Chained(slug, walk.number, walk.erased, walk.head, (*broken, *missing))
