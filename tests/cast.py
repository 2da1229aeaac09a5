"""A small named cast for tests: the OST program, a few organizations, and people in their roles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from sqlmodel import Session

from bot.domain.people import LOOK_AGAIN, Role, State, Viewer
from bot.domain.programs import Program
from bot.services import changes, program_file, programs, undoing
from bot.services import people as services
from bot.services.program_schema import Sheet
from bot.services.programs import Programs
from storage import people
from storage import programs as program_rows
from storage.channels import Channel
from storage.people import Membership, Organization, Person

TEAM = "T0CONVENE"
MONDAY = datetime(2020, 10, 12, 14, 0, tzinfo=UTC)
"""Monday of the application week, 9:00 in St. Louis."""

ADA, TOMAS, PRIYA, LENA, KOFI = "U0ADA0001", "U0TOMAS01", "U0PRIYA01", "U0LENA001", "U0KOFI001"
JUNE, FAY, ALEX, SAM = "U0JUNE001", "U0FAY0001", "U0ALEX001", "U0SAM0001"
APPLICANTS, COHORT, FACILITATORS, GENERAL = "C0APPLY01", "C0COHORT1", "C0FACIL01", "C0GENERAL"
ROOMS: dict[str, dict[str, object]] = {
    APPLICANTS: {"name": "applicants", "is_member": True},
    COHORT: {"name": "cohort", "is_member": True},
    FACILITATORS: {"name": "facilitators", "is_private": True, "is_member": True},
}
"""The channels that the bot is in, as Slack tells of them."""
BRIGHT, RIVER, GATEWAY = "Bright Labs", "River Robotics", "Gateway Makers"

PARTS: tuple[tuple[str, str, Role, str | None], ...] = (
    (ADA, "Ada Okafor", "applicant", None),
    (TOMAS, "Tomás Rivera", "participant", BRIGHT),
    (PRIYA, "Priya Nair", "participant", BRIGHT),
    (LENA, "Lena Fischer", "participant", RIVER),
    (KOFI, "Kofi Mensah", "participant", GATEWAY),
    (JUNE, "June Park", "coach", None),
    (FAY, "Fay Whitaker", "facilitator", None),
    (ALEX, "Alex Romero", "admin", None),
)


def begin(session: Session, now: datetime = MONDAY) -> Program:
    """The OST program with its whole cast and its three channels; Sam is a stranger."""
    program = load(session, now=now)
    for user, name, role, organization in PARTS:
        join(session, program, user, role, organization=organization, name=name, now=now)
    for channel, purpose in ((APPLICANTS, "applicants"), (COHORT, "cohort"), (FACILITATORS, "facilitators")):
        room(session, program, channel, purpose, now=now)
    return program


def load(session: Session, slug: str = "ost-cop", now: datetime = MONDAY) -> Program:
    """A shipped program, stored."""
    programs.load(session=session, sheet=sheet(programs.find_file(slug)), now=now, mode="demo")
    found = Programs().get(session, slug)
    assert found is not None
    return found


@cache
def sheet(path: Path, read: Callable[[Path], Sheet] = program_file.read_path) -> Sheet:
    """A shipped program's file, read once for all tests: it takes a while, and nobody changes it."""
    return read(path)


def person(session: Session, user: str, name: str = "", now: datetime = MONDAY) -> Person:
    """Somebody whom Slack has been asked about, and who has been welcomed."""
    row = people.by_user(session, TEAM, user) or Person(team=TEAM, user_id=user)
    row.name = name or row.name or user
    row.zone = {KOFI: "America/New_York", SAM: "America/Denver"}.get(user, "America/Chicago")
    row.guest, row.workspace_admin = user == LENA, user == ALEX
    row.look_after, row.welcomed_at = now + LOOK_AGAIN, now
    session.add(row)
    session.flush()
    return row


def join(
    session: Session,
    program: Program,
    user: str,
    role: Role,
    *,
    organization: str | None = None,
    state: State = "active",
    name: str = "",
    now: datetime = MONDAY,
) -> Membership:
    """Give somebody a role."""
    row = person(session, user, name, now)
    assert row.id is not None
    membership = Membership(program_id=program.id, person_id=row.id, role=role, state=state, since=now)
    membership.organization_id = organized(session, program, organization) if organization else None
    session.add(membership)
    session.flush()
    program_rows.people_changed(session, program.id)
    return membership


def organized(session: Session, program: Program, name: str) -> int:
    """The id of an organization, made at first mention."""
    found = next((one for one in people.organizations(session, program.id) if one.name == name), None)
    row = found or Organization(program_id=program.id, name=name)
    session.add(row)
    session.flush()
    assert row.id is not None
    return row.id


def room(session: Session, program: Program, channel: str, purpose: str, now: datetime = MONDAY) -> Channel:
    """A channel with its purpose; the facilitators' is private."""
    row = Channel(team=TEAM, channel_id=channel, name=purpose, program_id=program.id, purpose=purpose, set_at=now)
    row.private, row.members_read_at = purpose == "facilitators", now
    session.add(row)
    session.flush()
    return row


def season(session: Session) -> Program:
    """The same as `begin`, with the program built once for all that `who` is asked in this transaction."""
    session.info["program"] = program = begin(session)
    return program


def who(session: Session, user: str) -> Viewer:
    """Somebody in the season's program, without turning to the bot; a program that is not there is none of theirs."""
    row = services.meet(session=session, team=TEAM, user=user, now=MONDAY)
    held = people.memberships(session, row.id or 0)
    return services.as_viewer(session=session, person=row, held=held, program=session.info.get("program"))


def asks(session: Session, user: str, channel: str | None = None, now: datetime = MONDAY) -> Viewer:
    """Who somebody is when they turn to the bot, in a channel or on their own."""
    return services.viewer(session=session, programs=Programs(), team=TEAM, user=user, now=now, channel=channel)


def take_out(session: Session, section: str, key: str, *, by: str = FAY, now: datetime = MONDAY) -> None:
    """Something of the program is taken out of it, in Slack."""
    outcome = programs.edit_item(session=session, slug="ost-cop", section=section, key=key, body=None, by=by, now=now)
    assert isinstance(outcome, programs.Edited)


def undo(session: Session, user: str, number: int | None, now: datetime) -> object:
    """*Undo*, under a change on record."""
    return changes.undo(
        session=session,
        programs=Programs(),
        viewer=asks(session, user),
        number=number or 0,
        kinds=undoing.KINDS,
        now=now,
    )
