"""The address of somebody who was never met: correcting it, and taking that back.

Where somebody whom the bot knows has the new one, the two are one person from then on. What the former was is kept with
the change, so that they can be two again.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.domain.changes import Author, Change, ChangedSince, Stands, Undone
from bot.domain.memberships import NotThere
from bot.domain.people import Account, NotAllowed, Viewer, is_role, ordered
from bot.domain.personnel import AddressKept, AddressTaken, Unfit
from bot.domain.programs import Program
from bot.services import changes, memberships
from bot.services import people as who
from bot.services.memberships import Snapshot
from bot.services.personnel import would_lack
from bot.services.programs import Programs
from storage import changes as change_rows
from storage import people
from storage import personnel as rows
from storage import programs as program_rows
from storage.people import Membership, Person

KIND = "address"
"""The kind under which changes are on record."""


def correct(
    *,
    session: Session,
    viewer: Viewer,
    person_id: int,
    email: str,
    account: Account | None,
    request: str,
    now: datetime,
) -> AddressKept | AddressTaken | Unfit | NotAllowed | NotThere:
    """Give somebody who is known by an address another one; `account` is who has it in Slack, where Slack said so.

    Where that is somebody whom the bot knows, they take the place of the one who was not. The same form handed in twice
    does it once.
    """
    if viewer.program is None or not viewer.runs_it:
        return who.not_allowed(session, viewer)
    program_rows.hold_by_id(session, viewer.program.id)
    request = f"{request}:{person_id}:{email}"
    done = change_rows.of_request(session, request)
    if done is not None:
        return _as_before(session, viewer.program, done.after or {}, done.id)
    person = session.get(Person, person_id)
    if person is None or person.erased_at is not None or person.user_id is not None:
        return NotThere()
    if not rows.of(session, viewer.program.id, (person_id,)):
        return NotThere()
    if account is not None:
        who.learn(session=session, team=viewer.team, account=account, now=now)
    other = people.by_email(session, viewer.team, email)
    if account is not None and other is None:
        other = people.by_user(session, viewer.team, account.user)
    if other is None or other.id == person.id:
        return _kept(session, viewer, person, email, request, now)
    if other.bot or other.gone:
        return Unfit("an app" if other.bot else "deactivated", other.called)
    return _taken(session, viewer, person, other, email, request, now)


def take_back(
    *, session: Session, programs: Programs, change: Change, author: Author, now: datetime
) -> Undone | ChangedSince | Stands:
    """Give an address back, and let two be two again; see `bot.services.changes`."""
    before, after = change.before or {}, change.after or {}
    if "email" not in before:
        return Stands(change, "address erased")
    person = session.get(Person, int(after.get("as_person") or after["person"]))
    if person is None:
        return ChangedSince(change)
    same = people.by_email(session, person.team, str(before["email"]))
    if same is not None and same.id != person.id:
        return Stands(change, "address taken")
    if "as_person" in after:
        return _two_again(session, change, person, author, now)
    if person.user_id is not None or person.email != after["email"]:
        return ChangedSince(change)
    person.email = str(before["email"])
    session.add(person)
    session.flush()
    _changed(session, change.program_id)
    return Undone(change)


def _kept(
    session: Session, viewer: Viewer, person: Person, email: str, request: str, now: datetime
) -> AddressKept:  # fmt: skip
    if person.email == email:
        return AddressKept(person.name or email, email)
    before = {"person": person.id, "email": person.email}
    person.email = email
    session.add(person)
    session.flush()
    number = _note(session, viewer, before, {"person": person.id, "email": email}, request, now)
    return AddressKept(person.name or email, email, number)


def _taken(
    session: Session, viewer: Viewer, person: Person, other: Person, email: str, request: str, now: datetime
) -> AddressTaken:
    """The one who was listed is the other from now on, in every program."""
    programs = sorted({one.program_id for one in people.memberships(session, person.id or 0)})
    before = {
        "person": person.id,
        "as_person": other.id,
        "email": person.email,
        "name": person.name,
        "people": {str(one): memberships.snapshot(session, one, person, other) for one in programs},
        "questions": {str(one): list(rows.owned(session, one, person.id or 0)) for one in programs},
    }
    mine = memberships.snapshot(session, viewer.of_program.id, person)
    roles = ordered(role for role, state, _ in mine[str(person.id)] if state == "active" and is_role(role))
    was_id = person.id
    people.merge(session, person, other)
    for one in programs:
        _changed(session, one)
    after = {
        "person": was_id,
        "as_person": other.id,
        "email": email,
        "people": {str(one): memberships.snapshot(session, one, other) for one in programs},
    }
    return AddressTaken(other.called, roles, _note(session, viewer, before, after, request, now))


def _two_again(
    session: Session, change: Change, other: Person, author: Author, now: datetime
) -> Undone | ChangedSince | Stands:
    before, after = change.before or {}, change.after or {}
    was: Mapping[str, Snapshot] = before["people"]
    if any(memberships.snapshot(session, int(one), other) != held for one, held in after["people"].items()):
        return ChangedSince(change)
    if session.get(Person, int(before["person"])) is not None:
        return ChangedSince(change)
    for program, held in was.items():
        why = would_lack(session, int(program), held)
        if why is not None:
            return Stands(change, why)
    listed = Person(id=int(before["person"]), team=other.team, email=before["email"], name=str(before["name"]))
    session.add(listed)
    session.flush()
    for program, held in was.items():
        _part(session, int(program), held, listed, other, now)
        memberships.restore(session, int(program), {str(other.id): held[str(other.id)]}, author.user, now)
        rows.hand_on(session, before["questions"][program], other.id or 0, listed.id or 0)
    return Undone(change)


def _part(session: Session, program_id: int, held: Snapshot, listed: Person, other: Person, now: datetime) -> None:
    """Give the one who was listed their roles back: the very rows, where the other had none of their own."""
    assert listed.id is not None
    assert other.id is not None
    own = {role for role, _, _ in held[str(other.id)]}
    for role, state, organization in held[str(listed.id)]:
        row = people.role_of(session, program_id, other.id, role) if role not in own else None
        row = row or Membership(program_id=program_id, person_id=listed.id, role=role, since=now)
        row.person_id, row.state, row.organization_id = listed.id, state, organization
        session.add(row)
    session.flush()


def _as_before(
    session: Session, program: Program, after: Mapping[str, Any], number: int | None
) -> AddressKept | AddressTaken | NotThere:
    """The same form was handed in again: what it has done."""
    person = session.get(Person, int(after.get("as_person") or after.get("person") or 0))
    if person is None or "email" not in after:
        return NotThere()
    if "as_person" not in after:
        return AddressKept(person.name or person.email or "", str(after["email"]), number)
    held = memberships.snapshot(session, program.id, person)[str(person.id)]
    roles = ordered(role for role, state, _ in held if state == "active" and is_role(role))
    return AddressTaken(person.called, roles, number)


def _note(
    session: Session, viewer: Viewer, before: dict[str, Any], after: dict[str, Any], request: str, now: datetime
) -> int:
    return changes.note(
        session=session,
        program_id=viewer.of_program.id,
        kind=KIND,
        key=str(before["person"]),
        before=before,
        after=after,
        by=viewer.person_id,
        now=now,
        request=request,
    )


def _changed(session: Session, program_id: int) -> None:
    program_rows.people_changed(session, program_id)
    who.show_again(session, program_id, "facilitator", "admin", "coach")
