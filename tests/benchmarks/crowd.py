"""A program as large as one is thought to get: its people, what it answers, and a season's worth of what came in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel

from bot.domain.people import LOOK_AGAIN
from bot.domain.programs import Program
from bot.services.programs import Programs
from storage.checkins import Checkin, CheckinVersion, Meeting
from storage.documents import DocumentRow, PassageRow
from storage.people import Membership, Organization, Person
from storage.programs import ProgramItem, ProgramRow
from storage.questions import Question
from storage.reflections import Reflection, ReflectionVersion
from tests import cast
from tests.cast import TEAM

NOW = datetime(2021, 1, 19, 15, 0, tzinfo=UTC)
"""A Tuesday in mid-season, the day before a homework is due: 9:00 in St. Louis."""


def _words(line: str) -> list[str]:
    return line.split()


FACILITATOR, PARTICIPANT, COACH, APPLICANT = "U0BOSS001", "U00000001", "U0COACH01", "U0APPLY01"
MOST_QUERIES = 30
"""How often the database is asked for a Home, however much there is in it."""
FIRST = _words("Ada Ben Cleo Dan Eve Finn Gia Hugo Iris Jon Kai Lea Milo Nora Otis Pia Quin Rosa Sam Tess")
LAST = _words("Abbott Baker Castillo Dávila Ellis Fischer Gómez Hansen Ibarra Jensen Köhler López Müller Núñez Ortiz")
THINGS = _words(
    "parking childcare lunch badges printing laptops bus snow water music chairs keys phones photos forms labels shoes"
    " paint robots maps"
)
PLACES = _words("library gym museum river school church station garden market harbor")


@dataclass(frozen=True)
class Size:
    """How many of each there are. `people` hold a role or wait for one; `waiting` of them do."""

    organizations: int
    people: int
    answers: int
    questions: int
    waiting: int
    passages: int


LARGE = Size(organizations=200, people=2_000, answers=1_000, questions=60, waiting=150, passages=400)
SMALL = Size(organizations=4, people=40, answers=20, questions=3, waiting=14, passages=8)


def gather(session: Session, size: Size) -> Program:
    """Everybody and everything; one facilitator, coach, participant and applicant are known by their ids above."""
    program = cast.load(session)
    _people(session, program, size)
    _entries(session, program, size)
    _questions(session, program, size)
    _handed_in(session, program, size)
    _document(session, program, size)
    session.get_one(ProgramRow, program.id).revision += 1
    session.flush()
    found = Programs().by_id(session, program.id)
    assert found is not None
    return found


def _people(session: Session, program: Program, size: Size) -> None:
    _put(
        session,
        Organization,
        ({"id": n, "program_id": program.id, "name": _team(n)} for n in _count(size.organizations)),
    )
    known = {
        1: (FACILITATOR, "facilitator"),
        2: (COACH, "coach"),
        3: (APPLICANT, "applicant"),
        4: (PARTICIPANT, "participant"),
    }
    roles = [
        known.get(n, (f"U{n:08}X", "applicant" if n % 5 == 0 else "coach" if n % 41 == 0 else "participant"))
        for n in _count(size.people)
    ]
    _put(
        session,
        Person,
        (
            {
                "id": n,
                "team": TEAM,
                "user_id": user,
                "email": f"person{n}@example.org",
                "name": f"{FIRST[n % len(FIRST)]} {LAST[n // len(FIRST) % len(LAST)]} {n}",
                "zone": "America/Chicago",
                "guest": False,
                "workspace_admin": False,
                "bot": False,
                "gone": False,
                "look_after": NOW + LOOK_AGAIN,
                "welcomed_at": cast.MONDAY,
            }
            for n, (user, _) in enumerate(roles, 1)
        ),
    )
    _put(
        session,
        Membership,
        (
            {
                "program_id": program.id,
                "person_id": n,
                "role": role,
                "organization_id": n % size.organizations + 1 if role == "participant" else None,
                "state": "pending" if role == "participant" and 4 < n <= 4 + size.waiting else "active",
                "since": cast.MONDAY,
            }
            for n, (_, role) in enumerate(roles, 1)
        ),
    )


def _entries(session: Session, program: Program, size: Size) -> None:
    bodies = (_entry(n) for n in _count(max(size.answers - len(program.entries), 0)))
    _put(
        session,
        ProgramItem,
        (
            {
                "program_id": program.id,
                "section": "faq",
                "key": body["id"],
                "position": 1_000 + at,
                "body": body,
                "loaded_hash": None,
                "earlier": [],
                "sequence": 0,
            }
            for at, body in enumerate(bodies)
        ),
    )


def _entry(n: int) -> dict[str, Any]:
    thing, place = THINGS[n % len(THINGS)], PLACES[n // len(THINGS) % len(PLACES)]
    return {
        "id": f"large-{n}",
        "question": f"Is there {thing} at the {place}, no. {n}?",
        "phrasings": [f"What about {thing} in the {place} {n}?", f"{place} {n}: who sees to the {thing}?"],
        "answer": f"Yes. At the {place} no. {n} somebody sees to the {thing} on each day of a convening, from 9:00.",
        "source": "the benchmark",
        "owner": "Fay",
    }


def _questions(session: Session, program: Program, size: Size) -> None:
    _put(
        session,
        Question,
        (
            {
                "key": f"large:{n}",
                "program_id": program.id,
                "team": TEAM,
                "channel": "C0APPLY01",
                "ts": f"{n}.000100",
                "place": "channel",
                "asker_id": 3 + n % (size.people - 3),
                "text": f"Who brings the {THINGS[n % len(THINGS)]} on day {n}?",
                "language": "en",
                "asked_at": NOW - timedelta(hours=n),
                "outcome": "declined",
                "also": [],
                "suggestions": [],
                "score": 0.0,
                "none_fits": False,
                "unanswered": [],
                "handed_at": NOW - timedelta(hours=n),
                "due_at": NOW + timedelta(hours=24 - n),
                "owner_id": 1,
                "cards": [],
                "changes": 0,
                "quiet": n % 2 == 0,
                "earlier": [],
                "asked_by": "",
            }
            for n in _count(size.questions)
        ),
    )


def _handed_in(session: Session, program: Program, size: Size) -> None:
    """Reflections of three in four organizations on each homework that is behind, and a check-in of each."""
    done = [one for one in program.assignments if one.due_at < NOW]
    pairs = [(one, n) for one in done for n in _count(size.organizations) if n % 4]
    words = ["What works?", "What works well with us?", "The older ones teach the younger ones." * 3]
    common = {"program_id": program.id, "version": 1}
    _put(
        session,
        Reflection,
        (
            {
                **common,
                "id": at,
                "number": at,
                "assignment": one.key,
                "title": one.title,
                "sample": False,
                "author_id": 4 + at % (size.people - 4),
                "organization_id": n,
                "readers": "facilitators",
                "handed_in_at": min(one.due_at, NOW - timedelta(hours=at % 60 + 1)),
            }
            for at, (one, n) in enumerate(pairs, 1)
        ),
    )
    _put(
        session,
        ReflectionVersion,
        (
            {
                "reflection_id": at,
                "version": 1,
                "key": f"large:{at}",
                "saved_at": NOW,
                "answers": [words],
                "minutes": 45,
                "readers": "facilitators",
            }
            for at, _ in enumerate(pairs, 1)
        ),
    )
    _put(session, Meeting, ({"id": n, "program_id": program.id} for n in _count(size.organizations)))
    _put(
        session,
        Checkin,
        (
            {
                **common,
                "id": n,
                "meeting_id": n,
                "author_id": 2,
                "receipt": 100_000 + n,
                "created_at": NOW - timedelta(hours=n),
            }
            for n in _count(size.organizations)
        ),
    )
    _put(
        session,
        CheckinVersion,
        (
            {
                "checkin_id": n,
                "version": 1,
                "key": f"large:{n}",
                "saved_at": NOW - timedelta(hours=n),
                "coach_id": 2,
                "kind": "one-on-one",
                "organizations": [n],
                "held_on": (NOW - timedelta(hours=n)).date(),
                "minutes": 30,
                "moved": "They have begun.",
                "in_the_way": "",
                "support": [program.support_categories[n % len(program.support_categories)].key],
                "support_other": "",
                "next_step": "To go on.",
                "confidence": 3,
                "private_note": "",
            }
            for n in _count(size.organizations)
        ),
    )


def _document(session: Session, program: Program, size: Size) -> None:
    key = program.documents[0].key
    row = DocumentRow(program_id=program.id, key=key, fingerprint="1:large", pages=size.passages, looked_at=NOW)
    row.read_at = NOW
    session.add(row)
    session.flush()
    _put(
        session,
        PassageRow,
        (
            {
                "document_id": row.id,
                "position": n,
                "page": n,
                "heading": f"About {THINGS[n % len(THINGS)]}",
                "text": f"On page {n} it says who looks after the {THINGS[n % len(THINGS)]} near the {PLACES[n % 10]}. "
                * 4,
            }
            for n in _count(size.passages)
        ),
    )


def _put(session: Session, table: type[SQLModel], rows: Iterator[Mapping[str, Any]]) -> None:
    listed: Sequence[Mapping[str, Any]] = list(rows)
    if listed:
        session.connection().execute(insert(table), listed)


def _count(many: int) -> range:
    return range(1, many + 1)


def _team(n: int) -> str:
    return f"{PLACES[n % len(PLACES)].title()} {THINGS[n // len(PLACES) % len(THINGS)].title()} {n}"
