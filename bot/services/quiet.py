"""When people and channels are left alone: what is set, setting it, and putting a reminder off."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from bot.domain import quiet as rules
from bot.domain.notices import Target, ToPerson
from bot.domain.programs import Program, QuietHours, parse_clock
from bot.domain.quiet import Own, Rest
from storage import people
from storage import quiet as rows
from storage.quiet import QuietHours as Row

AGAIN = "quiet.again"
PUT_OFF = "quiet.put_off"


class Rests:
    """Whose quiet holds where, for one program; what people have set is read once, when it is asked for first."""

    def __init__(self, session: Session, program: Program) -> None:
        self._session, self._program = session, program
        self._channels = rules.of_program(program)
        self._own: dict[int, Own] | None = None

    def of(self, target: Target) -> Rest:
        """A person's own for a direct message, the program's for everything else."""
        if not isinstance(target, ToPerson):
            return self._channels
        if self._own is None:
            self._own = {row.person_id: as_own(row) for row in rows.every(self._session)}
        if self._channels.is_empty and not self._own:
            return self._channels
        person = people.anybody(self._session, target.user)
        own = self._own.get(person.id or 0) if person is not None else None
        return rules.of_person(self._program, person.zone if person is not None else None, own)


def as_own(row: Row) -> Own:
    """A row as the rules see it."""
    start = parse_clock(row.starts) if row.starts else None
    end = parse_clock(row.ends) if row.ends else None
    return Own(QuietHours(start, end, tuple(row.days)), tuple(map(date.fromisoformat, row.dates)))
