"""Bringing a program's people to what a list says: everything or nothing, and twice is once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.domain.people import Role
from bot.domain.roster import Problem, Row
from bot.services import memberships
from storage import people
from storage import programs as programs_rows
from storage.people import Person

BY_LIST = ""
"""Who set a role that came from a list: nobody in Slack."""


@dataclass(frozen=True)
class Line:
    """What became of one line of a list."""

    name: str
    role: Role
    organization: str | None


@dataclass(frozen=True)
class Imported:
    """What importing did. `unmet` are people who are known by their e-mail address only."""

    added: tuple[Line, ...]
    changed: tuple[Line, ...]
    unchanged: int
    unmet: int


@dataclass(frozen=True)
class Rejected:
    """The list contradicts what is known; nothing was changed."""

    problems: tuple[Problem, ...]


def take(*, session: Session, program_id: int, team: str, rows: Sequence[Row], now: datetime) -> Imported | Rejected:
    """Bring people, roles and organizations to what the rows say; nobody who is not in them is touched.

    `team` is empty as long as the workspace is not known.
    """
    problems = tuple(problem for row in rows if (problem := _contradiction(session, team, row)) is not None)
    if problems:
        return Rejected(problems)
    added, changed = [], []
    theirs: set[int] = set()
    for row in rows:
        person, is_new, touched = _person(session, team, row)
        assert person.id is not None
        if touched:
            theirs |= {one.program_id for one in people.memberships(session, person.id)}
        fresh = people.role_of(session, program_id, person.id, row.role) is None
        moved = memberships.grant(
            session=session,
            program_id=program_id,
            person=person,
            role=row.role,
            organization=row.organization,
            by=BY_LIST,
            now=now,
        )
        line = Line(person.name or row.email or row.slack_id or "", row.role, row.organization)
        if is_new or fresh:
            added.append(line)
        elif touched or moved:
            changed.append(line)
    if added or changed:
        theirs.add(program_id)
    # Whoever can be written to from now on, for one, gets the reminders of every program that they are in.
    for one in sorted(theirs):
        programs_rows.people_changed(session, one)
    unmet = {row.email for row in rows if row.slack_id is None and _unmet(session, team, row)}
    return Imported(tuple(added), tuple(changed), len(rows) - len(added) - len(changed), len(unmet))


def _contradiction(session: Session, team: str, row: Row) -> Problem | None:
    """An address that belongs to one Slack member, given together with another's id."""
    by_email = people.by_email(session, team, row.email) if row.email else None
    if by_email is None or by_email.user_id is None or row.slack_id in (None, by_email.user_id):
        return None
    who = by_email.name or by_email.user_id
    says = f"{row.email} belongs to {who} ({by_email.user_id}) already, not to {row.slack_id}. One of the two is wrong."
    return Problem(row.line, "slack_id", says)


def _person(session: Session, team: str, row: Row) -> tuple[Person, bool, bool]:
    """The person of a row, whether they are new, and whether anything about them was changed."""
    by_id = people.by_user(session, team, row.slack_id) if row.slack_id else None
    by_email = people.by_email(session, team, row.email) if row.email else None
    touched = False
    if by_id is not None and by_email is not None and by_id is not by_email:
        people.merge(session, by_email, by_id)
        touched = True
    person = by_id or by_email
    is_new = person is None
    if person is None:
        person = Person(team=team, user_id=row.slack_id, email=row.email, name=row.name)
    touched |= _fill(person, row)
    session.add(person)
    session.flush()
    return person, is_new, touched


def _fill(person: Person, row: Row) -> bool:
    """Take over what the list knows better: id and address always, the name until Slack has given one."""
    before = (person.user_id, person.email, person.name)
    person.user_id = row.slack_id or person.user_id
    person.email = row.email or person.email
    if row.name and person.look_after is None:
        person.name = row.name
    return before != (person.user_id, person.email, person.name)


def _unmet(session: Session, team: str, row: Row) -> bool:
    person = people.by_email(session, team, row.email or "")
    return person is not None and person.user_id is None
