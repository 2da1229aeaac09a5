"""When people and channels are left alone: what is set, setting it, and putting a reminder off."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlmodel import Session

from bot.domain import quiet as rules
from bot.domain.notices import Notice, Refs, Target, ToPerson
from bot.domain.people import Viewer
from bot.domain.programs import Program, QuietHours, parse_clock
from bot.domain.quiet import Gone, Later, Own, PutOff, Rest, Resting
from storage import notices, people, plans
from storage import programs as program_rows
from storage import quiet as rows
from storage.quiet import QuietHours as Row
from storage.quiet import Snooze

AGAIN = "quiet.again"
PUT_OFF = "quiet.put_off"
ENDED = "its reader wants to hear nothing more about it"
MATTERS = ("homework", "entry")
"""What a reminder may be about, by the reference that says so."""


class Rests:
    """Whose quiet holds where, for one program; what people have set is read once, when it is asked for first."""

    def __init__(self, session: Session, program: Program) -> None:
        self._session, self._program = session, program
        self._channels = rules.of_program(program)
        self._own: dict[int, Own] | None = None
        self._clocks: dict[str, tuple[int, str | None]] | None = None

    def of(self, target: Target) -> Rest:
        """A person's own for a direct message, the program's for everything else."""
        if not isinstance(target, ToPerson):
            return self._channels
        if self._own is None:
            self._own = {row.person_id: _own(row) for row in rows.every(self._session)}
        if self._channels.is_empty and not self._own:
            return self._channels
        person_id, zone = self._clock(target.user)
        return rules.of_person(self._program, zone, self._own.get(person_id))

    def _clock(self, user: str) -> tuple[int, str | None]:
        """Somebody's row and zone; those of everybody in the program are read at once."""
        if self._clocks is None:
            self._clocks = rows.clocks(self._session, self._program.id)
        if user not in self._clocks:
            person = people.anybody(self._session, user)
            self._clocks[user] = (person.id or 0, person.zone) if person is not None else (0, None)
        return self._clocks[user]


def resting(*, session: Session, viewer: Viewer) -> Resting:
    """When somebody is left alone in their program, and whether they have set that themselves."""
    own = own_of(session, viewer.person_id)
    return Resting(viewer.of_program, rules.of_person(viewer.of_program, viewer.zone, own), own)


def own_of(session: Session, person_id: int) -> Own | None:
    """What somebody has set for themselves."""
    row = rows.own(session, person_id)
    return _own(row) if row is not None else None


def set_own(*, session: Session, viewer: Viewer, own: Own | None, now: datetime) -> Resting:
    """Take over what somebody wants, None for what their program has, and have their reminders planned anew."""
    for program_id in sorted({one.program_id for one in people.memberships(session, viewer.person_id)}):
        program_rows.hold_by_id(session, program_id)
        plans.forget(session, program_id)
    row = rows.own(session, viewer.person_id)
    if own is None:
        if row is not None:
            session.delete(row)
    else:
        row = row or Row(person_id=viewer.person_id, set_at=now)
        row.starts, row.ends = _clock(own.hours.start), _clock(own.hours.end)
        row.days, row.dates = list(own.hours.days), [one.isoformat() for one in own.dates]
        row.set_at = now
        session.add(row)
    session.flush()
    people.mark_home(session, viewer.person_id)
    notices.wake(session)
    return resting(session=session, viewer=viewer)


def moved_zone(session: Session, person_id: int) -> None:
    """Somebody's clock is another one now: what waits for their quiet to end waits for another moment."""
    own = rows.own(session, person_id) is not None
    for program_id in sorted({one.program_id for one in people.memberships(session, person_id)}):
        row = program_rows.by_id(session, program_id)
        if row is not None and (own or row.body.get("quiet") or row.body.get("holidays")):
            program_rows.hold_by_id(session, program_id)
            plans.forget(session, program_id)


def put_off(
    *, session: Session, viewer: Viewer, opaque_key: str, choice: Later, now: datetime
) -> PutOff | Gone:  # fmt: skip
    """Say a reminder once more later, or nothing more about its matter; one reminder is put off once."""
    row = rows.by_opaque(session, opaque_key)
    about = _matter(row.refs) if row is not None else None
    if row is None or about is None or row.to_person != viewer.user or row.program_id != viewer.of_program.id:
        return Gone()
    before = rows.snoozed(session, row.key)
    if before is not None:
        return PutOff(viewer.of_program, before.until)
    until = rules.again_at(choice, resting(session=session, viewer=viewer).rest, now)
    snooze = Snooze(
        notice_key=row.key,
        program_id=viewer.of_program.id,
        person_id=viewer.person_id,
        about=about,
        until=until,
        pressed_at=now,
    )
    session.add(snooze)
    refs: Refs = {**row.refs, "of": row.refs.get("of") or row.key}
    if until is not None:
        again = Notice(f"{AGAIN}:{row.id}", AGAIN, ToPerson(viewer.user), until, row.program_id, refs)
        notices.add(session, again, now)
    change = Notice(f"{PUT_OFF}:{row.id}", PUT_OFF, ToPerson(viewer.user), now, row.program_id, {"of": row.key})
    notices.add(session, change, now)
    return PutOff(viewer.of_program, until)


def ended(session: Session, notice: Notice, person_id: int) -> bool:
    """Whether somebody wants to hear nothing more about what a notice is about."""
    about = _matter(notice.refs)
    return about is not None and rows.ended(session, notice.program_id or 0, person_id, about)


def said_later(session: Session, key: str) -> Snooze | None:
    """What was said under a reminder."""
    return rows.snoozed(session, key)


def _matter(refs: Refs) -> str | None:
    return next((f"{name}:{refs[name]}" for name in MATTERS if name in refs), None)


def _clock(wall: time | None) -> str | None:
    return f"{wall:%H:%M}" if wall is not None else None


def _own(row: Row) -> Own:
    start = parse_clock(row.starts) if row.starts else None
    end = parse_clock(row.ends) if row.ends else None
    return Own(QuietHours(start, end, tuple(row.days)), tuple(map(date.fromisoformat, row.dates)))
