"""Changing organizations from inside Slack: what follows, saving it, and taking it back. What was handed in stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.domain.changes import Author, Body, Change, ChangedSince, Stands, Undone
from bot.domain.homework import given_out
from bot.domain.memberships import NotThere
from bot.domain.organizations import (
    Entry,
    Follows,
    Listing,
    Looked,
    Meanwhile,
    No,
    Saved,
    Wish,
    Wrong,
    page,
    wrong_name,
)
from bot.domain.people import NotAllowed, Org, Viewer, squeezed
from bot.services import changes
from bot.services import people as who
from bot.services.programs import Programs
from storage import changes as change_rows
from storage import organizations as rows
from storage import people, personnel, reflections
from storage import programs as program_rows
from storage.people import Membership, Organization


def listing(*, session: Session, viewer: Viewer, words: str = "", start: int = 0) -> Listing | NotAllowed:
    """A page of the organizations of a program."""
    if viewer.program is None or not viewer.runs_it:
        return who.not_allowed(session, viewer)
    return Listing(viewer.program, squeezed(words), page(_entries(session, viewer.program.id), words, start))


def look(*, session: Session, viewer: Viewer, organization_id: int) -> Looked | NotAllowed | NotThere:
    """One organization."""
    if viewer.program is None or not viewer.runs_it:
        return who.not_allowed(session, viewer)
    every = _entries(session, viewer.program.id)
    entry = next((one for one in every if one.organization.id == organization_id), None)
    if entry is None:
        return NotThere()
    others = tuple(one.organization for one in every if one.organization.id != organization_id and not one.left)
    return Looked(viewer.program, entry, others)


def foresee(*, session: Session, viewer: Viewer, wish: Wish, now: datetime) -> Follows | No:
    """What a change will lead to; changes nothing."""
    found = look(session=session, viewer=viewer, organization_id=wish.organization_id)
    if not isinstance(found, Looked):
        return found
    if found.entry.seen != wish.seen:
        return Meanwhile(found.entry)
    into = next((one for one in found.others if one.id == wish.into), None)
    wrong = _wrong(session, found, wish, into)
    if wrong is not None:
        return wrong
    handed = reflections.handed_by(session, found.program.id)
    owed = (one for one in found.program.assignments if one.owed and given_out(found.program, one, now))
    return Follows(
        program=found.program,
        wish=wish,
        entry=found.entry,
        people=tuple(one.called for one in rows.people(session, wish.organization_id)),
        open_homework=sum((one.key, wish.organization_id) not in handed for one in owed),
        into=into,
    )


def save(*, session: Session, viewer: Viewer, wish: Wish, request: str, now: datetime) -> Saved | No:
    """Do it, as it was foreseen. The same form handed in twice does it once."""
    if viewer.program is None or not viewer.runs_it:
        return who.not_allowed(session, viewer)
    program_rows.hold_by_id(session, viewer.program.id)
    request = f"{request}:{wish.organization_id}:{wish.seen}"
    done = change_rows.of_request(session, request)
    if done is not None:
        entry = Entry(Org(wish.organization_id, str((done.after or {}).get("name") or "")))
        return Saved(Follows(viewer.program, wish, entry), done.id or 0)
    found = foresee(session=session, viewer=viewer, wish=wish, now=now)
    if not isinstance(found, Follows):
        return found
    row = session.get_one(Organization, wish.organization_id)
    before = _body(session, row)
    held = rows.memberships(session, wish.organization_id)
    _apply(session, viewer, row, wish, now)
    moved = [[one.id, one.state, one.organization_id] for one in held]
    number = changes.note(
        session=session,
        program_id=viewer.program.id,
        kind="organization",
        key=str(row.id),
        before={"what": wish.what, **before},
        after={
            "what": wish.what,
            "into": found.into.name if found.into else None,
            "moved": moved,
            **_body(session, row),
        },
        by=viewer.person_id,
        now=now,
        request=request,
    )
    _changed(session, viewer.program.id, row.id or 0)
    return Saved(found, number)


def take_back(
    *, session: Session, programs: Programs, change: Change, author: Author, now: datetime
) -> Undone | ChangedSince | Stands:
    """Let an organization be what it was before a change; see `bot.services.changes`."""
    before, after = change.before or {}, change.after or {}
    row = session.get(Organization, int(change.key))
    if row is None or _body(session, row) != {name: after.get(name) for name in _body(session, row)}:
        return ChangedSince(change)
    taken = [one for one in people.organizations(session, change.program_id) if one.name == before["name"]]
    if taken and taken[0].id != row.id:
        return Stands(change, "organization taken")
    moved = {int(one): (state, home) for one, state, home in before["people"]}
    now_held = {one.id: one for one in (session.get(Membership, number) for number in moved) if one is not None}
    if any((one.state, one.organization_id) != _expected(after, one.id or 0) for one in now_held.values()):
        return ChangedSince(change)
    for one in now_held.values():
        one.state, one.organization_id = moved[one.id or 0]
        one.ended_at, one.set_by = (None if one.state != "left" else one.ended_at), author.user
        session.add(one)
    row.name = str(before["name"])
    row.left_at = datetime.fromisoformat(before["left_at"]) if before["left_at"] else None
    session.add(row)
    session.flush()
    _changed(session, change.program_id, row.id or 0)
    return Undone(change)


def _expected(after: Body, membership_id: int) -> tuple[str, int | None]:
    for one, state, home in after["moved"]:
        if int(one) == membership_id:
            return state, home
    return "", None


def _wrong(session: Session, found: Looked, wish: Wish, into: Org | None) -> Wrong | None:
    match wish.what:
        case "rename":
            every = (one.organization for one in _entries(session, found.program.id))
            return wrong_name(wish.name, found.entry, [one for one in every if one.id != wish.organization_id])
        case "merge":
            if into is None:
                return Wrong("itself" if wish.into == wish.organization_id else "gone")
            if rows.has_work(session, found.program.id, wish.organization_id):
                return Wrong("handed in", found.entry.organization.name)
        case "leave" | "back":
            if found.entry.left == (wish.what == "leave"):
                return Wrong("same")
    return None


def _apply(session: Session, viewer: Viewer, row: Organization, wish: Wish, now: datetime) -> None:
    match wish.what:
        case "rename":
            row.name = squeezed(wish.name)
        case "back":
            row.left_at = None
        case "leave":
            row.left_at = now
            for one in rows.memberships(session, row.id or 0):
                if one.role == "participant" and one.state != "left":
                    one.state, one.ended_at, one.set_by = "left", now, viewer.user
                    session.add(one)
        case "merge":
            row.left_at = now
            for one in rows.memberships(session, row.id or 0):
                one.organization_id = wish.into
                session.add(one)
    session.add(row)
    session.flush()


def _body(session: Session, row: Organization) -> Body:
    held: list[list[Any]] = [[one.id, one.state, one.organization_id] for one in rows.memberships(session, row.id or 0)]
    return {"name": row.name, "left_at": row.left_at.isoformat() if row.left_at else None, "people": held}


def _entries(session: Session, program_id: int) -> list[Entry]:
    counts = personnel.taking_part_for(session, program_id)
    return [
        Entry(Org(one.id, one.name), counts.get(one.id, 0), one.left_at is not None)
        for one in people.organizations(session, program_id)
        if one.id is not None
    ]


def _changed(session: Session, program_id: int, organization_id: int) -> None:
    program_rows.people_changed(session, program_id)
    who.show_again(session, program_id, "facilitator", "admin", "coach", organizations={organization_id})
