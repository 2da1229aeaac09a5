"""Looking through the notice ledger: what happened to each notice, and why."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from bot.domain.ledger import Found, Line
from storage import channels, ledger, people
from storage.ledger import Asked
from storage.notices import NoticeRow


def look(
    *,
    session: Session,
    limit: int,
    states: Collection[str] = (),
    since: datetime | None = None,
    kinds: Collection[str] = (),
    key: str | None = None,
    program_id: int | None = None,
) -> Found:
    """The newest notices that were due from `since` on, in some states, of some kinds, whose keys begin like `key`."""
    asked = Asked(states, since, kinds, key, program_id)
    rooms = {room.channel_id: f"#{room.name}" for room in channels.every(session)}
    found = ledger.rows(session, asked, limit)
    lines = tuple(_line(session, row, name, rooms) for row, name in found)
    return Found(lines, ledger.totals(session, asked))


def _line(session: Session, row: NoticeRow, name: str | None, rooms: dict[str, str]) -> Line:
    return Line(
        key=row.key,
        kind=row.kind,
        state=row.state,
        due_at=row.due_at,
        said_at=row.settled_at if row.state == "delivered" else None,
        where=_where(session, row, rooms),
        reason=row.reason,
        attempts=row.attempts,
        by=name,
    )


def _where(session: Session, row: NoticeRow, rooms: dict[str, str]) -> str:
    if row.to_person is not None:
        person = people.anybody(session, row.to_person)
        return (person.called if person is not None else "") or row.to_person
    channel = row.to_channel or row.posted_channel
    if channel is not None:
        return rooms.get(channel, channel)
    return f"the {row.to_purpose} channel"
