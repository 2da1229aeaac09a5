"""Looking at a whole database: whether everything in it holds together."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from sqlalchemy.exc import DatabaseError
from sqlmodel import Session

from bot.domain.verify import MOST_NAMED, Chain, Damaged, Dangling, Fault, Head, Ledger, Report, Versions, numbers
from bot.services import chain
from storage import migrations, programs
from storage import verify as rows
from storage.database import Database


def look(db: Database) -> Report:
    """Look at a whole database as it is at one moment, while others may write. Raises Busy when it cannot be had."""
    try:
        with db.snapshot() as session:
            return verify(session=session)
    except (DatabaseError, sqlite3.DatabaseError) as error:
        # A file that is damaged enough cannot even be asked what is wrong with it.
        says = str(getattr(error, "orig", error)).partition("\n")[0]
        return Report(None, current=False, faults=(Damaged(says),))


def verify(*, session: Session) -> Report:
    """Look at everything; changes nothing. Others must not be able to write between what `session` asks."""
    revision = migrations.revision_of(session.connection())
    current = revision == migrations.revisions()[-1]
    damaged = tuple(Damaged(one) for one in rows.damage(session, MOST_NAMED))
    if damaged or not current:
        return Report(revision, current, faults=damaged)
    return _whole(session, revision)


def _whole(session: Session, revision: str | None) -> Report:
    chains = chain.look(session=session)
    broken = (Chain(one.program, place) for one in chains for place in one.broken)
    return Report(
        revision,
        current=True,
        contents=rows.contents(session),
        heads=tuple(Head(one.program, one.links, one.head) for one in chains if one.links),
        faults=(*_rows(session), *broken),
    )


def _rows(session: Session) -> Iterator[Fault]:
    for table, column, count in rows.dangling(session):
        yield Dangling(table, column, count)
    for program in programs.every(session):
        assert program.id is not None
        wrong = numbers(program.slug, rows.receipts(session, program.id), program.receipts)
        if wrong is not None:
            yield wrong
        for receipt in rows.odd_versions(session, program.id):
            yield Versions(program.slug, receipt)
    for why, count, ids in rows.odd_notices(session, MOST_NAMED):
        yield Ledger(why, count, ids)
