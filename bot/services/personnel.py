"""Changing who takes part, from inside Slack: what follows before it is saved, saving it, and taking it back.

Nothing is deleted: whoever leaves keeps what they were on record, and what was handed in stays their organization's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot.domain.changes import Author, Change, ChangedSince, Stands, Undone
from bot.domain.homework import given_out
from bot.domain.memberships import NEEDED, Flaw, NotThere, Place, Placed, flaws
from bot.domain.notices import NO_LONGER_PLANNED, Notice, ToPerson
from bot.domain.people import NotAllowed, Org, Viewer, is_role, is_state, ordered, squeezed
from bot.domain.personnel import (
    MOST_ADDED,
    Added,
    Adding,
    Additions,
    Flawed,
    Follows,
    Held,
    Listing,
    Looked,
    Meanwhile,
    No,
    Same,
    Saved,
    Somebody,
    Successor,
    Unfit,
    Wish,
    Wrong,
    page,
)
from bot.domain.programs import Program
from bot.services import memberships
from bot.services import people as who
from bot.services.programs import Programs
from storage import changes as change_rows
from storage import notices, people, reflections
from storage import personnel as rows
from storage import programs as program_rows
from storage.people import Organization, Person
from storage.personnel import Part

LEAVER = "personnel.replaced"
TAKES_OVER = "personnel.takes_over"
BACK = "personnel.back"
UNDONE = "personnel.undone"
TOLD = (LEAVER, TAKES_OVER, BACK)


def listing(*, session: Session, viewer: Viewer, words: str = "", start: int = 0) -> Listing | NotAllowed:
    """A page of everybody of a program whose name, address or organization has some words."""
    if viewer.program is None or not viewer.runs_it:
        return who.not_allowed(session, viewer)
    everybody = _somebodies(rows.rows(session, viewer.program.id))
    waiting = sum(one.waits is not None for one in everybody)
    return Listing(viewer.program, squeezed(words), page(everybody, words, start), waiting)


def look(*, session: Session, viewer: Viewer, person_id: int) -> Looked | NotAllowed | NotThere:
    """One person of the workspace, whether they are anything in the program or not."""
    if viewer.program is None or not viewer.runs_it:
        return who.not_allowed(session, viewer)
    found = _person(session, viewer.program, person_id)
    return NotThere() if found is None else _looked(session, viewer, found)


def picked(*, session: Session, viewer: Viewer, user: str, now: datetime) -> Looked | NotAllowed | NotThere:
    """The same for somebody who was chosen from everybody in the workspace."""
    if viewer.program is None or not viewer.runs_it:
        return who.not_allowed(session, viewer)
    person = who.meet(session=session, team=viewer.team, user=user, now=now) if user else None
    if person is None or person.id is None or person.bot:
        return NotThere()
    return look(session=session, viewer=viewer, person_id=person.id)


def foresee(*, session: Session, viewer: Viewer, wish: Wish, now: datetime) -> Follows | No:
    """What a change will lead to; changes nothing but that whoever is to take over is met."""
    if viewer.program is None or not viewer.runs_it:
        return who.not_allowed(session, viewer)
    before = _person(session, viewer.program, wish.person_id)
    if before is None:
        return NotThere()
    if before.seen != wish.seen:
        return Meanwhile(viewer.program, before, wish, _author(session, viewer.program, wish.person_id))
    if wish.what == "replace":
        return _foresee_successor(session, viewer, wish, before, now)
    place = _place_of(wish, before)
    found = _flaws(session, viewer, before, place)
    if found:
        return Flawed(found, before)
    follows = _follows(session, viewer.program, wish, before, place, now)
    return Same(before) if _stays(before, place, follows) else follows


def save(*, session: Session, viewer: Viewer, wish: Wish, request: str, now: datetime) -> Saved | No:
    """Do it, as it was foreseen. The same form handed in twice does it once."""
    if viewer.program is None or not viewer.runs_it:
        return who.not_allowed(session, viewer)
    program_rows.hold_by_id(session, viewer.program.id)
    request = f"{request}:{wish.person_id}:{wish.seen}"
    done = change_rows.of_request(session, request)
    if done is not None:
        return _saved_before(session, viewer.program, wish, done.id or 0)
    found = foresee(session=session, viewer=viewer, wish=wish, now=now)
    if not isinstance(found, Follows):
        return found
    person = session.get_one(Person, wish.person_id)
    if found.new is not None:
        return _replace(session, viewer, found, person, request, now)
    before = memberships.snapshot(session, viewer.program.id, person)
    outcome = memberships.put(session, viewer, person, _place_of(wish, found.before), now)
    assert isinstance(outcome, Placed)
    number = memberships.record(session, viewer, wish.what, before, (person,), now, request=request)
    if not outcome.roles:
        silence(session, viewer.program, person, now)
    told = outcome.roles and not found.before.roles and _tell_back(session, viewer, person, number or 0, now)
    return Saved(found, number or 0, (person.called,) if told else ())


def take_back(
    *, session: Session, programs: Programs, change: Change, author: Author, now: datetime
) -> Undone | ChangedSince | Stands:
    """Let people be what they were before a change; see `bot.services.changes`."""
    before, after = (change.before or {}).get("people") or {}, (change.after or {}).get("people") or {}
    found = [session.get(Person, int(one)) for one in before]
    persons = [one for one in found if one is not None]
    # Who was known by an address only has another row since they came.
    if len(persons) < len(found) or memberships.snapshot(session, change.program_id, *persons) != after:
        return ChangedSince(change)
    why = would_lack(session, change.program_id, before)
    if why is not None:
        return Stands(change, why)
    body = change.after or {}
    memberships.restore(session, change.program_id, before, author.user, now)
    if body.get("successor_person") is not None:
        rows.hand_on(session, body.get("questions") or (), int(body["successor_person"]), int(body["person"]))
    for person in persons:
        if person.user_id is not None:
            key = f"{UNDONE}:{change.number}:{person.id}"
            refs = {"person": person.id, "change": change.number}
            target = ToPerson(person.user_id)
            notices.add(session, Notice(key, UNDONE, target, now, change.program_id, refs), now)
    return Undone(change)


# Adding several at once


def adding(*, session: Session, viewer: Viewer) -> Looked | NotAllowed:
    """What the form for several people has to choose from."""
    if viewer.program is None or not viewer.runs_it:
        return who.not_allowed(session, viewer)
    return _looked(session, viewer, Somebody(0, None, ""))


def foresee_adding(
    *, session: Session, viewer: Viewer, adding: Adding, odd: Sequence[str] = (), now: datetime
) -> Additions | Wrong | NotAllowed:
    """What adding people will make of each; those of the workspace are met by it."""
    if viewer.program is None or not viewer.runs_it:
        return who.not_allowed(session, viewer)
    many = len(adding.users) + len(adding.emails)
    if odd or not many or many > MOST_ADDED:
        return Wrong(odd=tuple(odd), nobody=not many and not odd, many=many if many > MOST_ADDED else 0)
    program, place = viewer.program, adding.place
    nobody = Somebody(0, None, "")
    wrong = _flaws(session, viewer, nobody, place) if place.roles else (Flaw("roles", "no role"),)
    if wrong:
        return Wrong(flaws=wrong)
    met = [who.meet(session=session, team=viewer.team, user=user, now=now) for user in adding.users]
    apps = tuple(one.called for one in met if one.bot)
    if apps:
        return Wrong(apps=apps)
    found = [_added(session, program, place, one) for one in _unique(met)]
    known = {one.somebody.person_id for one in found}
    for email in adding.emails:
        person = people.by_email(session, viewer.team, email)
        if person is None:
            found.append(Added(Somebody(0, None, email, email), new=True))
        elif person.id not in known and not person.bot:
            found.append(_added(session, program, place, person))
    return Additions(program, adding, _organization_name(session, place), tuple(found))


def add(
    *, session: Session, viewer: Viewer, adding: Adding, request: str, now: datetime
) -> Additions | Wrong | NotAllowed:
    """Add people, each beside what they are already; each is a change on record, and told if they were nothing yet."""
    if viewer.program is not None:
        program_rows.hold_by_id(session, viewer.program.id)
    found = foresee_adding(session=session, viewer=viewer, adding=adding, now=now)
    if not isinstance(found, Additions):
        return found
    for one in found.people:
        if one.same:
            continue
        person = _to_add(session, viewer, one)
        name = f"{request}:{person.id}"
        if change_rows.of_request(session, name) is not None:
            continue
        before = memberships.snapshot(session, found.program.id, person)
        place = adding.place
        for role in ordered(place.roles):
            new = place.new_organization or _named(session, place.organization_id)
            memberships.grant(
                session=session, program_id=found.program.id, person=person, role=role, organization=new or None,
                now=now, by=viewer.user,
            )  # fmt: skip
        memberships.record(session, viewer, "add", before, (person,), now, request=name)
        if not one.somebody.roles and person.user_id is not None:
            memberships.tell(session, viewer, person, now)
    return replace(found, done=True)


# Inside


def _foresee_successor(
    session: Session, viewer: Viewer, wish: Wish, before: Somebody, now: datetime
) -> Follows | Unfit | Flawed | NotThere:
    program = viewer.of_program
    new = _successor(session, viewer, wish.successor or Successor(), now)
    if isinstance(new, Unfit):
        return new
    if not before.roles:
        return NotThere()
    if new is not None and new.person_id == before.person_id:
        return Unfit("themselves", before.name)
    taking = frozenset(before.roles)
    if "admin" in taking and not (viewer.workspace_admin or viewer.has("admin")):
        return Flawed((Flaw("roles", "not yours to give"),), before)
    known = new is not None
    new = new or Somebody(0, None, (wish.successor or Successor()).email or "", (wish.successor or Successor()).email)
    # Nobody is the last to hold a role where somebody takes it over, unless that one is not there yet.
    if new.user is None:
        alone = memberships.alone(session, program.id, session.get_one(Person, before.person_id))
        found = flaws(Place(frozenset()), grants_admin=True, held=(), organizations=(), alone=alone)
        if found:
            return Flawed(found, before)
    follows = _follows(session, program, wish, before, Place(frozenset()), now)
    was, home = new.organization, before.organization
    return replace(
        follows,
        roles=ordered({*taking, *new.roles}),
        organization=home,
        organization_name=home.name if home else "",
        new=new,
        known=known and new.user is not None,
        moves_from=was if was is not None and home is not None and was.id != home.id else None,
    )


def _successor(session: Session, viewer: Viewer, wanted: Successor, now: datetime) -> Somebody | Unfit | None:
    """Whoever is to take over; None for an address by which nobody is known."""
    if wanted.user and wanted.email:
        return Unfit("both")
    if not wanted.user and not wanted.email:
        return Unfit("nobody")
    if wanted.user:
        person: Person | None = who.meet(session=session, team=viewer.team, user=wanted.user, now=now)
    else:
        person = people.by_email(session, viewer.team, wanted.email or "")
    if person is None or person.id is None:
        return None
    if person.bot or person.gone:
        return Unfit("an app" if person.bot else "deactivated", person.called)
    return _person(session, viewer.of_program, person.id)


def _replace(
    session: Session, viewer: Viewer, found: Follows, person: Person, request: str, now: datetime
) -> Saved:  # fmt: skip
    """The successor holds what the predecessor held; then that one goes, so that nothing is ever without anybody."""
    program = viewer.of_program
    assert found.new is not None
    new = _to_add(session, viewer, Added(found.new, new=False))
    assert person.id is not None
    assert new.id is not None
    before = memberships.snapshot(session, program.id, person, new)
    home = found.organization.id if found.organization else None
    for role in ordered(found.before.roles):
        memberships.hold(session, program.id, new, role, home, now, viewer.user)
    outcome = memberships.put(session, viewer, person, Place(frozenset()), now)
    assert isinstance(outcome, Placed)
    questions = rows.owned(session, program.id, person.id)
    rows.hand_on(session, questions, person.id, new.id)
    number = memberships.record(
        session, viewer, "replace", before, (person, new), now, request=request,
        successor_person=new.id, questions=questions, organization=found.organization_name,
    ) or 0  # fmt: skip
    silence(session, program, person, now)
    told = []
    for kind, one in ((LEAVER, person), (TAKES_OVER, new)):
        if one.user_id is not None and not one.gone and _tell(session, program, kind, one, number, now):
            told.append(one.called)
    if new.user_id is not None:
        new.welcomed_at = new.welcomed_at or now
        session.add(new)
    return Saved(found, number, tuple(told))


def _saved_before(session: Session, program: Program, wish: Wish, number: int) -> Saved:
    """The same form was handed in again: how they stand by it."""
    now = _person(session, program, wish.person_id)
    assert now is not None
    return Saved(Follows(program, wish, now, now.roles, now.organization), number)


def _tell_back(session: Session, viewer: Viewer, person: Person, number: int, now: datetime) -> bool:
    if person.user_id is None or person.gone:
        return False
    if person.welcomed_at is None:
        return memberships.tell(session, viewer, person, now)
    return _tell(session, viewer.of_program, BACK, person, number, now)


def _tell(session: Session, program: Program, kind: str, person: Person, number: int, now: datetime) -> bool:
    assert person.user_id is not None
    refs = {"person": person.id, "change": number}
    key = f"{kind}:{number}:{person.id}"
    return notices.add(session, Notice(key, kind, ToPerson(person.user_id), now, program.id, refs), now)


def silence(session: Session, program: Program, person: Person, now: datetime) -> None:
    """What was still to be said to somebody who has left is not said; coming back plans it again."""
    if person.user_id is not None:
        for row in rows.planned(session, program.id, person.user_id, now):
            notices.withdraw(session, row, NO_LONGER_PLANNED, now)


def _follows(session: Session, program: Program, wish: Wish, before: Somebody, place: Place, now: datetime) -> Follows:
    home = _org(session, place.organization_id) if place.roles else None
    name = squeezed(place.new_organization) or (home.name if home else "")
    was = before.organization
    leaves = "participant" in before.roles and was is not None and (not place.roles or was.name != name)
    return Follows(
        program=program,
        wish=wish,
        before=before,
        roles=ordered(place.roles),
        organization=home,
        organization_name=name,
        open_homework=_open(session, program, was, now) if leaves else (),
        colleagues=_colleagues(session, program, was) if leaves else 0,
        messages=len(rows.planned(session, program.id, before.user, now)) if before.user and not place.roles else 0,
        questions=len(rows.owned(session, program.id, before.person_id)) if not place.roles else 0,
        moves_from=was if leaves and place.roles and name else None,
    )


def _open(session: Session, program: Program, home: Org | None, now: datetime) -> tuple[str, ...]:
    """The titles of what was given out, is owed, and has not come in from an organization."""
    if home is None:
        return ()
    handed = reflections.handed_by(session, program.id)
    given = (one for one in program.assignments if one.owed and given_out(program, one, now))
    return tuple(one.title for one in given if (one.key, home.id) not in handed)


def _colleagues(session: Session, program: Program, home: Org | None) -> int:
    """How many others take part for an organization."""
    return max(rows.taking_part_for(session, program.id).get(home.id, 0) - 1, 0) if home is not None else 0


def _place_of(wish: Wish, before: Somebody) -> Place:
    match wish.what:
        case "place":
            return wish.place or Place(frozenset())
        case "back":
            return before.last
        case "leave" | "replace":
            return Place(frozenset())


def _stays(before: Somebody, place: Place, follows: Follows) -> bool:
    was = before.organization.name if before.organization else ""
    same_home = not follows.organization_name or follows.organization_name == was
    return before.waits is None and frozenset(before.roles) == place.roles and same_home


def _flaws(session: Session, viewer: Viewer, somebody: Somebody, place: Place) -> tuple[Flaw, ...]:
    program = viewer.of_program
    known = [one.id for one in people.organizations(session, program.id) if one.id is not None]
    person = session.get(Person, somebody.person_id) if somebody.person_id else None
    return flaws(
        place,
        grants_admin=viewer.workspace_admin or viewer.has("admin"),
        held=somebody.roles,
        organizations=known,
        alone=memberships.alone(session, program.id, person) if person is not None else (),
    )


def would_lack(session: Session, program_id: int, was: memberships.Snapshot) -> str | None:
    """The role that nobody would hold if some people were again what they were."""
    for role in NEEDED:
        now = {one.person_id for one in who.members(session, program_id, role)}
        again = {int(one) for one, held in was.items() if any(row[:2] == [role, "active"] for row in held)}
        concerned = {int(one) for one in was}
        if now & concerned and not (now - concerned) | again:
            return f"last {role}"
    return None


def _added(session: Session, program: Program, place: Place, person: Person) -> Added:
    somebody = _person(session, program, person.id or 0)
    assert somebody is not None
    name = _organization_name(session, place)
    was = somebody.organization
    moves = was if was is not None and name and was.name != name else None
    same = place.roles <= set(somebody.roles) and moves is None and (not name or was is not None)
    return Added(somebody, new=not somebody.held, same=same, moves_from=moves)


def _to_add(session: Session, viewer: Viewer, one: Added) -> Person:
    """The row of somebody, made for an address by which nobody is known."""
    if one.somebody.person_id:
        return session.get_one(Person, one.somebody.person_id)
    known = people.by_email(session, viewer.team, one.somebody.email or "")
    if known is None:
        known = Person(team=viewer.team, email=one.somebody.email)
        session.add(known)
        session.flush()
    return known


def _unique(found: Iterable[Person]) -> list[Person]:
    return list({one.id: one for one in found}.values())


def _organization_name(session: Session, place: Place) -> str:
    return squeezed(place.new_organization) or _named(session, place.organization_id)


def _named(session: Session, organization_id: int | None) -> str:
    found = _org(session, organization_id)
    return found.name if found is not None else ""


def _org(session: Session, organization_id: int | None) -> Org | None:
    row = session.get(Organization, organization_id) if organization_id is not None else None
    return Org(row.id, row.name) if row is not None and row.id is not None else None


def _looked(session: Session, viewer: Viewer, somebody: Somebody) -> Looked:
    every = (Org(one.id, one.name) for one in people.organizations(session, viewer.of_program.id) if one.id is not None)
    return Looked(viewer.of_program, somebody, tuple(every), viewer.workspace_admin or viewer.has("admin"))


def _person(session: Session, program: Program, person_id: int) -> Somebody | None:
    """Somebody of the workspace, with what they are in the program, if anything."""
    found = _somebodies(rows.of(session, program.id, (person_id,)))
    if found:
        return found[0]
    person = session.get(Person, person_id)
    if person is None or person.bot or person.erased_at is not None:
        return None
    return Somebody(person_id, person.user_id, person.called, person.email, gone=person.gone)


def _somebodies(found: Iterable[Part]) -> list[Somebody]:
    """People with their roles, in the order of joining."""
    gathered: dict[int, list[Part]] = {}
    for row in found:
        if is_role(row.role) and is_state(row.state):
            gathered.setdefault(row.person_id, []).append(row)
    return [_somebody(person_id, held) for person_id, held in gathered.items()]


def _somebody(person_id: int, held: Sequence[Part]) -> Somebody:
    first = held[0]
    waits = next((row for row in held if row.state == "pending"), None)
    return Somebody(
        person_id=person_id,
        user=first.user_id,
        name=first.called,
        email=first.email,
        held=tuple(
            Held(row.role, row.state, row.home, row.ended_at)
            for row in held
            if is_role(row.role) and is_state(row.state)
        ),
        gone=first.gone,
        waits=waits.membership_id if waits is not None else None,
        since=min(row.since for row in held),
    )


def _author(session: Session, program: Program, person_id: int) -> str | None:
    """Who has changed somebody last, as a Slack user id."""
    held = [one for one in people.memberships(session, person_id) if one.program_id == program.id]
    return next((one.set_by for one in reversed(held) if one.set_by), None)
