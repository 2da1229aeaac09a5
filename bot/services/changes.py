"""The record of what was changed from inside Slack, and taking a change back.

A service that changes something notes it here, in the same transaction, with how the thing was before and is now:

    changes.note(
        session=session, program_id=…, kind="channel", key=channel, before=…, after=…, by=viewer.person_id, now=now
    )

So that it can be undone, the service has a function of the shape `TakesBack`, and `bot/services/undoing.py` names it
under its kind. That module imports the features; this one imports none of them. What holds for every change is seen to
before such a function is called: who may, that the change is not older than a day, stands, and is the newest of its
thing. What is left to it:

    def take_back(*, session, programs, change, author, now) -> Undone | ChangedSince | Stands:
        row = …                                           # as it is now
        if body_of(row) != change.after:
            return ChangedSince(change)                   # somebody has changed it without a note
        …                                                 # write `change.before`; None: it was not there before
        …                                                 # plan again what follows, as the change itself did
        return Undone(change)

It notes nothing: the change itself is marked as undone. `Stands(change, "last facilitator")` refuses for a reason of
its own; nothing may have been written then. How a change reads in the list of recent changes, and the words for such a
reason, are said by the feature's view, and named in `bot/views/change_lines.py` under the same kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Protocol

from sqlmodel import Session

from bot.domain.changes import (
    AlreadyUndone,
    Author,
    Body,
    Change,
    ChangedSince,
    NoChange,
    Recent,
    Stands,
    TooLate,
    Undoing,
    Undone,
)
from bot.domain.people import NotAllowed, Viewer
from bot.domain.programs import Program
from bot.services import people
from bot.services.programs import Programs
from storage import changes as rows
from storage import people as people_rows
from storage import programs as program_rows
from storage.changes import ChangeRow

PAGE = 10
"""Changes on a page of the list."""


class TakesBack(Protocol):
    """What takes a change of one kind back; see above."""

    def __call__(
        self, *, session: Session, programs: Programs, change: Change, author: Author, now: datetime
    ) -> Undone | ChangedSince | Stands: ...


def note(
    *,
    session: Session,
    program_id: int,
    kind: str,
    key: str,
    before: Body | None,
    after: Body | None,
    by: int | None,
    now: datetime,
    request: str | None = None,
) -> int:
    """Put a change on record and return its number. `by` is a person; a `request` that is given counts once."""
    return rows.add(
        session,
        ChangeRow(
            program_id=program_id,
            kind=kind,
            key=key,
            before=before,
            after=after,
            by=by,
            changed_at=now,
            request=request,
        ),
    )


def author(viewer: Viewer) -> Author:
    """Somebody in Slack, as who changes something."""
    return Author(viewer.person_id, viewer.user)


def get(session: Session, number: int) -> Change | None:
    """A change by its number."""
    row = rows.get(session, number)
    return _as_changes(session, (row,))[0] if row is not None else None


def recent(*, session: Session, viewer: Viewer, start: int, now: datetime) -> Recent | NotAllowed:
    """What was changed in a program, newest first, from the one after so many on."""
    if viewer.program is None or not viewer.runs_it:
        return people.not_allowed(session, viewer)
    return listed(session=session, program=viewer.program, start=start, now=now)


def listed(*, session: Session, program: Program, start: int = 0, most: int = PAGE, now: datetime) -> Recent:
    """The same for whoever is at the machine."""
    found = rows.latest(session, program.id, start + most + 1)[start:]
    return Recent(program, _as_changes(session, found[:most]), now, start, len(found) > most)


def undo(
    *, session: Session, programs: Programs, viewer: Viewer, number: int, kinds: Mapping[str, TakesBack], now: datetime
) -> Undoing:
    """Take a change back, for somebody in Slack. Pressing twice takes it back once."""
    if viewer.program is None or not viewer.runs_it:
        return people.not_allowed(session, viewer)
    return take_back(
        session=session,
        programs=programs,
        program_id=viewer.program.id,
        author=author(viewer),
        number=number,
        kinds=kinds,
        now=now,
    )


def take_back(
    *,
    session: Session,
    programs: Programs,
    program_id: int,
    author: Author,
    number: int,
    kinds: Mapping[str, TakesBack],
    now: datetime,
) -> Undoing:
    """Take a change of a program back, if it may be and nothing has been changed there since."""
    program_rows.hold_by_id(session, program_id)
    row = rows.get(session, number)
    if row is None or row.program_id != program_id or row.kind not in kinds:
        return NoChange()
    change = _as_changes(session, (row,))[0]
    if change.undone_at is not None:
        return AlreadyUndone(change)
    if not change.may_be_undone(now):
        return TooLate(change)
    newer = rows.newer(session, row)
    if newer is not None:
        since = _as_changes(session, (newer,))[0]
        return ChangedSince(change, since.by, since.at)
    outcome = kinds[row.kind](session=session, programs=programs, change=change, author=author, now=now)
    if isinstance(outcome, Undone):
        row.undone_at, row.undone_by = now, author.person_id
        session.add(row)
        session.flush()
    return outcome


def _as_changes(session: Session, found: Iterable[ChangeRow]) -> tuple[Change, ...]:
    listed = tuple(found)
    ids = {one for row in listed for one in (row.by, row.undone_by, *_meant(row)) if one is not None}
    called = {one: person.called for one, person in people_rows.by_ids(session, ids).items()}
    return tuple(_as_change(row, called) for row in listed)


def _as_change(row: ChangeRow, called: Mapping[int, str]) -> Change:
    return Change(
        number=row.id or 0,
        program_id=row.program_id,
        kind=row.kind,
        key=row.key,
        before=row.before,
        after=row.after,
        at=row.changed_at,
        by=called.get(row.by) if row.by is not None else None,
        undone_at=row.undone_at,
        undone_by=called.get(row.undone_by) if row.undone_by is not None else None,
        names={one: called[one] for one in _meant(row) if one in called},
    )


def _meant(row: ChangeRow) -> set[int]:
    """The people whom the bodies of a change mean."""
    bodies = (row.before or {}, row.after or {})
    named = (value for body in bodies for key, value in body.items() if key == "person" or key.endswith("_person"))
    return {one for one in named if isinstance(one, int)}
