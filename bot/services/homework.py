"""What is due, who has handed in, who is missing; nudging them, and asking for more time."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session

from bot.domain import homework as rules
from bot.domain.holds import Hold
from bot.domain.homework import (
    MORE_TIME,
    NUDGE,
    NUDGE_NOW,
    POST,
    Asked,
    Item,
    NotAllowed,
    Nudge,
    Nudged,
    Overview,
    Sees,
    Silence,
    Standing,
    Why,
)
from bot.domain.modes import spoken
from bot.domain.notices import Notice, Refs, ToPerson
from bot.domain.people import Member, Team, Viewer
from bot.domain.programs import Assignment, Program, in_break
from bot.domain.quiet import next_allowed
from bot.services import holds, switchboard
from bot.services.people import (
    facilitators,
    organizations_active,
    organizations_owing,
    to_facilitators,
    took_part,
)
from bot.services.planning import Feature, by_people
from bot.services.quiet import Rests
from storage import notices
from storage import reflections as rows

FEATURE = Feature(
    name="homework",
    kinds=(POST, NUDGE),
    plan=lambda session, program: rules.plan(program, organizations_active(session, program.id)),
    marks=by_people,
)


def overview(*, session: Session, viewer: Viewer, now: datetime) -> Overview | NotAllowed:
    """What somebody sees of the homework.

    Facilitators and coaches see every organization's standing, participants their own, administrators counts.
    """
    refused = _refusal(session, viewer)
    if refused is not None:
        return refused
    program = spoken(viewer.of_program)
    sees = _sees(viewer)
    owed = sorted((one for one in program.assignments if one.owed), key=lambda one: (one.due_at, one.key))
    soonest = next((one for one in owed if not one.overdue(now)), None)
    owing = organizations_owing(session, program.id)
    teams = organizations_active(session, program.id) if sees == "all" else _own(session, viewer, sees)
    known = _status(session, program, owed, teams)
    handed = rows.handed_by(session, program.id)
    items, later = [], []
    for assignment, shown in zip(owed, known, strict=True):
        done = sum((assignment.key, one.id) in handed for one in owing)
        if done or assignment == soonest or rules.given_out(program, assignment, now):
            items.append(Item(assignment, shown, done, len(owing)))
        else:
            later.append(assignment)
    return Overview(program, viewer, rules.in_order(items, now), tuple(later), sees, in_break(program, now))


def status_by_organization(*, session: Session, program: Program, assignment: Assignment) -> tuple[Standing, ...]:
    """How every organization stands with one homework, by name."""
    if not assignment.owed:
        return ()
    return _status(session, program, (assignment,), organizations_active(session, program.id))[0]


def silences(*, session: Session, program: Program, assignments: Sequence[Assignment]) -> tuple[Silence, ...]:
    """From which organizations nothing has come for each of some homeworks."""
    if not assignments:
        return ()
    owing, handed = organizations_owing(session, program.id), rows.handed_by(session, program.id)
    asked = _asked(session, program)
    return tuple(
        Silence(
            one,
            silent=tuple(org for org in owing if (one.key, org.id) not in handed),
            owing=len(owing),
            want_time=frozenset(asked.get(one.key, ())),
        )
        for one in assignments
        if one.owed
    )


def missing(*, session: Session, program: Program, assignment: Assignment, now: datetime) -> tuple[Team, ...]:
    """Who has handed in nothing for a homework; nobody in a break."""
    found = status_by_organization(session=session, program=program, assignment=assignment)
    return rules.missing(program, found, now)


def nudge_list(*, session: Session, viewer: Viewer, homework: str, now: datetime) -> Nudge | NotAllowed:
    """Whom a nudge would reach, to be shown before anything is sent; for facilitators."""
    refused = _facilitators_only(session, viewer)
    if refused is not None:
        return refused
    program = spoken(viewer.of_program)
    assignment = program.assignment(homework)
    if assignment is None:
        return _not(session, viewer, "gone")
    teams = missing(session=session, program=program, assignment=assignment, now=now)
    wanted = [member for team in teams for member in team.people]
    had = _nudged(session, program, wanted, now)
    paused = {one.person_id for one in switchboard.pausing(session, program, now)} - set(had)
    return Nudge(
        program=program,
        assignment=assignment,
        people=tuple(one for one in wanted if one.user is not None and one.person_id not in {*had, *paused}),
        unreachable=tuple(one for one in wanted if one.user is None),
        already=tuple(one for one in wanted if one.person_id in had),
        pause=in_break(program, now),
        resting=tuple(one for one in wanted if one.user is not None and one.person_id in paused),
        hold=_holding(session, program, now),
    )


def nudge_now(
    *, session: Session, viewer: Viewer, homework: str, shown: Collection[int], now: datetime
) -> Nudged | NotAllowed:
    """Send a message to those of the people `shown`, by their rows, who are still missing: once a day to each.

    Whoever has quiet gets it when that ends.

    A second submission of the same form says the same and sends nothing.
    """
    found = nudge_list(session=session, viewer=viewer, homework=homework, now=now)
    if isinstance(found, NotAllowed):
        return found
    program = found.program
    rests = Rests(session, program)
    for member in found.people:
        if member.person_id in shown and member.user is not None:
            notices.add(
                session,
                Notice(
                    key=_nudge_key(program, member, now),
                    kind=NUDGE_NOW,
                    target=ToPerson(member.user),
                    due_at=next_allowed(rests.of(ToPerson(member.user)), now),
                    program_id=program.id,
                    refs={"homework": homework, "person": member.person_id, "by": viewer.person_id},
                ),
                now,
            )
    named = [one for one in (*found.people, *found.already) if one.person_id in shown]
    about = _nudged(session, program, named, now)
    reached = tuple(one for one in named if about.get(one.person_id) == homework)
    return Nudged(program, found.assignment, reached, len(set(shown)) - len(reached), found.hold)


def ask_for_time(*, session: Session, viewer: Viewer, homework: str, now: datetime) -> Asked | NotAllowed:
    """Tell the facilitators that an organization needs more time, once; it gets no further reminder about it."""
    refused = _refusal(session, viewer)
    if refused is not None:
        return refused
    if not viewer.has("participant") or viewer.organization is None:
        return _not(session, viewer, "participants only")
    program, organization = viewer.of_program, viewer.organization
    assignment = program.assignment(homework)
    if assignment is None:
        return _not(session, viewer, "gone")
    told = tuple(one for one in facilitators(session, program.id) if one.user is not None)
    if _standing(session, program, assignment, Team(organization, ())).done:
        return Asked(program, assignment, organization.name, told, handed_in=True)
    for tail, target in to_facilitators(session, program.id).items():
        key = f"{MORE_TIME}:{program.id}:{homework}:{organization.id}{tail}"
        refs: Refs = {"homework": homework, "organization": organization.id, "person": viewer.person_id}
        notices.add(session, Notice(key, MORE_TIME, target, now, program.id, refs), now)
    return Asked(program, assignment, organization.name, told)


def still_missing(*, session: Session, program: Program, assignment: Assignment, person_id: int) -> Standing | str:
    """How the organization of a participant stands, or why a reminder makes no sense for them any more."""
    teams = organizations_active(session, program.id)
    team = next((one for one in teams if any(member.person_id == person_id for member in one.people)), None)
    if team is None:
        return "they no longer take part"
    standing = _standing(session, program, assignment, team)
    return f"handed in by {team.organization.name}" if standing.done else standing


def _status(
    session: Session, program: Program, assignments: Sequence[Assignment], teams: Sequence[Team]
) -> tuple[tuple[Standing, ...], ...]:
    """How some organizations stand with each of some homeworks."""
    if not teams:
        return ((),) * len(assignments)
    only = teams[0].organization.id if len(teams) == 1 else None
    keys = [one.key for one in assignments]
    found = rows.current(session, program.id, organization_id=only, assignments=keys)
    handed, asked = [rows.handed(one) for one in found], _asked(session, program)
    return tuple(rules.standings(one, teams, handed, asked.get(one.key, ())) for one in assignments)


def _standing(session: Session, program: Program, assignment: Assignment, team: Team) -> Standing:
    return _status(session, program, (assignment,), (team,))[0][0]


def _asked(session: Session, program: Program) -> dict[str, set[int]]:
    """The organizations that asked for more time, by homework."""
    found: dict[str, set[int]] = {}
    for row in notices.standing(session, program.id, (MORE_TIME,)):
        found.setdefault(str(row.refs["homework"]), set()).add(int(row.refs["organization"]))
    return found


def _holding(session: Session, program: Program, now: datetime) -> Hold | None:
    """What keeps a message to one person from being said now."""
    return holds.standing(session=session, program=program, now=now).keeping(now, None)


def _nudge_key(program: Program, member: Member, now: datetime) -> str:
    return f"{NUDGE_NOW}:{program.id}:{program.local_day(now)}:{member.person_id}"


def _nudged(session: Session, program: Program, people: Sequence[Member], now: datetime) -> dict[int, str]:
    """Who of some people had a facilitator's nudge today already, and about which homework."""
    keys = {_nudge_key(program, one, now): one.person_id for one in people}
    return {keys[key]: str(row.refs["homework"]) for key, row in notices.by_keys(session, keys).items()}


def _own(session: Session, viewer: Viewer, sees: Sees) -> tuple[Team, ...]:
    """The organization of somebody who sees that one alone, as long as it owes anything."""
    if sees != "own" or viewer.organization is None:
        return ()
    return organizations_active(session, viewer.of_program.id, viewer.organization.id)


def _sees(viewer: Viewer) -> Sees:
    if viewer.has("facilitator", "coach"):
        return "all"
    return "own" if viewer.has("participant") else "counts"


def _refusal(session: Session, viewer: Viewer) -> NotAllowed | None:
    if viewer.program is None:
        return _not(session, viewer, "no program")
    if viewer.has("participant", "coach", "facilitator", "admin"):
        return None
    if viewer.pending:
        return _not(session, viewer, "pending")
    if viewer.has("applicant"):
        return _not(session, viewer, "applicant")
    return _not(session, viewer, "left" if took_part(session, viewer) else "not in it")


def _facilitators_only(session: Session, viewer: Viewer) -> NotAllowed | None:
    if viewer.program is None:
        return _not(session, viewer, "no program")
    return None if viewer.has("facilitator") else _not(session, viewer, "facilitators only")


def _not(session: Session, viewer: Viewer, why: Why) -> NotAllowed:
    program = viewer.program
    return NotAllowed(why, program, facilitators(session, program.id) if program else ())
