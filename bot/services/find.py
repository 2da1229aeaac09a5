"""Looking for things by words, and opening one: each as far as whoever looks may see it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping

from sqlmodel import Session

from bot.domain import find as rules
from bot.domain.dates import concern
from bot.domain.documents import Passage
from bot.domain.find import Empty, Found, Gone, Index, Kind, NoProgram, Opened, Somebody, Thing
from bot.domain.people import Role, Viewer, is_role, ordered
from bot.domain.programs import Audience, Program
from bot.domain.questions import EVERYTHING, FOR_APPLICANTS
from bot.domain.written import one_line
from bot.services import documents
from storage import people as rows

COHORT: tuple[Role, ...] = ("participant", "coach", "facilitator", "admin")


class FindIndexes:
    """What can be found in each program, made once per revision and then shared by all threads."""

    def __init__(self, most: int = 8) -> None:
        self._lock = threading.Lock()
        self._indexes: dict[tuple[int, str, int, str, bool], Index] = {}
        self._people: dict[tuple[int, bool], tuple[int, Index]] = {}
        self._most = most

    def of(self, session: Session, viewer: Viewer) -> Index:
        """Everything but the people; whoever looks after a live program finds what is made up in it as well."""
        program = viewer.of_program
        key = (program.id, program.slug, program.revision, program.mode, viewer.runs_it)
        with self._lock:
            known = self._indexes.get(key)
        if known is not None:
            return known
        made = Index((*rules.of_program(program), *_passages(session, program)))
        with self._lock:
            # What was taken out of a program is not to stay in memory.
            alike = (key[:2], key[3:])
            former = [one for one in self._indexes if (one[:2], one[3:]) == alike and one[2] < key[2]]
            for one in former:
                del self._indexes[one]
            self._indexes[key] = made
            while len(self._indexes) > self._most:
                del self._indexes[next(iter(self._indexes))]
        return made

    def people(self, session: Session, viewer: Viewer) -> Index:
        """Who takes part, as things stand; made anew once anything about them is different."""
        key = (viewer.of_program.id, viewer.runs_it)
        places = rows.places(session, viewer.of_program.id, _roles(viewer))
        mark = hash(tuple(places))
        with self._lock:
            known = self._people.get(key)
        if known is not None and known[0] == mark:
            return known[1]
        made = Index(_people(places))
        with self._lock:
            self._people[key] = (mark, made)
        return made


def look(*, session: Session, indexes: FindIndexes, viewer: Viewer, words: str) -> Found | Empty | NoProgram:
    """What some words find, for whoever looks."""
    program = viewer.program
    if program is None:
        return NoProgram()
    said = one_line(words)[: rules.LONGEST]
    if not rules.asked(said):
        return Empty(program)
    found = indexes.of(session, viewer).find(said)
    if _sees_people(viewer):
        found += indexes.people(session, viewer).find(said)
    return Found(viewer, said, rules.grouped(found, _seen(viewer)))


def opened(*, session: Session, viewer: Viewer, kind: Kind, key: str) -> Opened | Gone:
    """One thing that was found, if it is still there and theirs to see."""
    program = viewer.program
    if program is None:
        return Gone(None)
    seen = _seen(viewer).get(kind, frozenset())
    found: Opened | None = None
    match kind:
        case "date":
            event = next((one for one in program.events if one.key == key and one.audience in seen), None)
            found = Opened(viewer, kind, event=event) if event else None
        case "homework":
            assignment = next((one for one in program.assignments if one.key == key and one.audience in seen), None)
            found = Opened(viewer, kind, assignment=assignment) if assignment else None
        case "answer":
            entry = next((one for one in program.entries if one.key == key and one.audience in seen), None)
            found = Opened(viewer, kind, entry=entry) if entry else None
        case "resource":
            resource = next((one for one in program.resources if one.key == key and one.audience in seen), None)
            found = Opened(viewer, kind, resource=resource) if resource else None
        case "document":
            found = _passage(session, viewer, key, seen)
        case "person":
            found = _person(session, viewer, key)
    return found or Gone(program)


def _seen(viewer: Viewer) -> Mapping[Kind, frozenset[Audience]]:
    """Whose things of each kind somebody sees: of dates what `/dates` shows them, of the rest what their roles read."""
    told = EVERYTHING if viewer.has(*COHORT) else FOR_APPLICANTS
    return {
        "date": frozenset(("all", *concern(viewer))),
        "homework": frozenset(("all", "cohort")) if viewer.has(*COHORT) else frozenset(),
        "answer": told,
        "resource": told,
        "document": told,
        "person": frozenset(("all",)) if _sees_people(viewer) else frozenset(),
    }


def _sees_people(viewer: Viewer) -> bool:
    return viewer.has("coach", "facilitator", "admin") or viewer.workspace_admin


def _roles(viewer: Viewer) -> tuple[str, ...] | None:
    """Whom somebody finds: those who run it everybody, coaches the participants, as on their Home."""
    return None if viewer.runs_it else ("participant",)


def _passages(session: Session, program: Program) -> Iterator[Thing]:
    for key, one in _keyed(session, program):
        about = one.document
        title = one.heading or about.title
        yield Thing("document", key, title, f"{about.title}\n{one.text}", about.audience, about.sample)


def _keyed(session: Session, program: Program) -> Iterator[tuple[str, Passage]]:
    """Every passage with its document's key and its place there."""
    counts: Counter[str] = Counter()
    for one in documents.passages(session=session, program=program):
        counts[one.document.key] += 1
        yield f"{one.document.key}/{counts[one.document.key]}", one


def _people(places: list[rows.Placed]) -> Iterator[Thing]:
    known: dict[int, list[rows.Placed]] = {}
    for one in places:
        known.setdefault(one.person_id, []).append(one)
    for person, held in known.items():
        what = " ".join(f"{one.role} {one.organization or ''}" for one in held)
        yield Thing("person", str(person), held[0].called, f"{what}\n{held[0].email or ''}")


def _passage(session: Session, viewer: Viewer, key: str, seen: frozenset[Audience]) -> Opened | None:
    one = dict(_keyed(session, viewer.of_program)).get(key)
    if one is None or one.document.audience not in seen:
        return None
    return Opened(viewer, "document", passage=one)


def _person(session: Session, viewer: Viewer, key: str) -> Opened | None:
    if not _sees_people(viewer):
        return None
    places = rows.places(session, viewer.of_program.id, _roles(viewer))
    held = [one for one in places if str(one.person_id) == key]
    if not held:
        return None
    roles: list[Role] = [one.role for one in held if is_role(one.role)]
    where = tuple(dict.fromkeys(one.organization for one in held if one.organization))
    first = held[0]
    return Opened(viewer, "person", person=Somebody(first.person_id, first.called, first.user, ordered(roles), where))
