"""Gathering what an App Home shows. It is read at one moment, and published outside any transaction."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.domain.checkins import Meeting
from bot.domain.documents import Unread
from bot.domain.holds import Standing as Holds
from bot.domain.home import LATEST, MOST_WAITING, Kit, Page, Part, Running, SetUp, kit
from bot.domain.homework import Overview
from bot.domain.people import ROLES, Viewer
from bot.domain.programs import Program
from bot.domain.reach import Counts
from bot.domain.reflections import Handed, Mine
from bot.domain.rsvps import Answers, may_say
from bot.domain.week import Week
from bot.services import (
    channels,
    checkins,
    digest,
    documents,
    drafts,
    holds,
    homework,
    memberships,
    modes,
    people,
    quiet,
    reach,
    reflections,
    rsvps,
    setup,
    setup_begin,
    switchboard,
    week,
)
from bot.services.programs import Programs
from storage import notices
from storage import people as rows
from storage.people import Membership, Person


def opened(
    *, session: Session, programs: Programs, team: str, user: str, now: datetime, looking: bool = True
) -> tuple[str, ...]:
    """Somebody opens their Home, or, not `looking`, the conversation beside it: they are met, and welcomed once.

    Returns the programs of which they become the admin by that: the workspace's own admin, where there was none.
    """
    person = people.meet(session=session, team=team, user=user, now=now)
    taken = memberships.claim_admin(session=session, programs=programs, person=person, now=now)
    people.viewer(session=session, programs=programs, team=team, user=user, now=now)
    if looking:
        person.home_opened_at = now
    session.add(person)
    rows.unmark_home(session, person.id or 0)
    return taken


def unknown(*, session: Session, team: str, user: str) -> bool:
    """Whether Slack has never been asked who somebody is."""
    person = rows.by_user(session, team, user)
    return person is None or person.look_after is None


def gather(*, session: Session, programs: Programs, team: str, user: str, now: datetime) -> Page | None:
    """Everything that somebody's Home shows at `now`; None for somebody who was never met."""
    person = rows.by_user(session, team, user)
    if person is None or person.id is None:
        return None
    held = rows.memberships(session, person.id)
    every = people.visible(session, programs, person, held)
    mine = {one.program_id for one in held if one.state != "left"}
    shown = [program for program in every if program.id in mine] or every
    parts = tuple(_part(session, person, held, program, now) for program in shown)
    settings = channels.settings(session) if channels.runs_all(person, held) else ()
    return Page(
        name=person.name or user,
        workspace_admin=person.workspace_admin,
        parts=parts,
        unset=tuple(one for one in settings if not one.said),
        may_begin=person.workspace_admin or (not parts and setup_begin.may_begin(session, person, now)),
    )


def _part(session: Session, person: Person, held: list[Membership], program: Program, now: datetime) -> Part:
    viewer = people.as_viewer(session=session, person=person, held=held, program=program)
    program = viewer.of_program
    here = [one for one in held if one.program_id == program.id]
    listed = setup.checklist(session=session, program=program, now=now) if viewer.runs_it else None
    if listed is not None:
        return Part(program=program, viewer=viewer, checklist=listed)
    return part_of(session, viewer, now, left=bool(here) and all(one.state == "left" for one in here))


def part_of(session: Session, viewer: Viewer, now: datetime, *, left: bool = False) -> Part:
    """What the Home shows of somebody's program; `left`: they took part once."""
    program = viewer.of_program
    standing = _holds(session, viewer, now)
    return Part(
        program=program,
        viewer=viewer,
        facilitators=people.facilitators(session, program.id),
        left=left,
        kit=_kit(viewer, program, now),
        homework=_homework(session, viewer, now),
        reflections=_reflections(session, viewer),
        checkins=_checkins(session, viewer),
        teams=people.organizations_active(session, program.id) if viewer.has("coach") else (),
        running=_running(session, viewer, program, now, standing),
        set_up=_set_up(session, viewer, program),
        unread=_unread(session, viewer, program),
        resting=quiet.resting(session=session, viewer=viewer) if viewer.roles else None,
        samples=modes.samples(program) if viewer.runs_it else (),
        holds=standing,
        drafts=drafts.mine(session=session, viewer=viewer),
        choices=switchboard.choices(session, viewer.person_id),
        pausing=switchboard.pausing(session, program, now) if viewer.has("facilitator") else (),
        unreached=reach.counts(session=session, program=program) if viewer.runs_it else Counts(),
        answers=_answers(session, viewer),
    )


def _holds(session: Session, viewer: Viewer, now: datetime) -> Holds | None:
    if not viewer.has("facilitator", "admin"):
        return None
    return holds.standing(session=session, program=viewer.of_program, now=now)


def _answers(session: Session, viewer: Viewer) -> Answers:
    concerned = may_say(viewer) or viewer.has("admin")
    return rsvps.answers(session=session, viewer=viewer) if concerned else Answers()


def _kit(viewer: Viewer, program: Program, now: datetime) -> Kit | None:
    return kit(program, now) if viewer.has("applicant") else None


def _homework(session: Session, viewer: Viewer, now: datetime) -> Overview | None:
    if not viewer.has("participant"):
        return None
    found = homework.overview(session=session, viewer=viewer, now=now)
    return found if isinstance(found, Overview) else None


def _reflections(session: Session, viewer: Viewer) -> tuple[Handed, ...]:
    if not viewer.has("participant"):
        return ()
    found = reflections.mine(session=session, viewer=viewer)
    return found.items[:LATEST] if isinstance(found, Mine) else ()


def _checkins(session: Session, viewer: Viewer) -> tuple[Meeting, ...]:
    if not viewer.has("participant", "coach"):
        return ()
    found = checkins.mine(session=session, viewer=viewer)
    return found[:LATEST] if isinstance(found, tuple) else ()


def _running(
    session: Session, viewer: Viewer, program: Program, now: datetime, standing: Holds | None
) -> Running | None:
    if not viewer.has("facilitator"):
        return None
    found = digest.at_hand(session=session, program=program, now=now, zone=viewer.zone)
    coming = week.look(session=session, viewer=viewer, monday=None, now=now, standing=standing)
    first, every = people.waiting(session, program.id, MOST_WAITING)
    return Running(found, first, coming if isinstance(coming, Week) else None, every - len(first))


def _set_up(session: Session, viewer: Viewer, program: Program) -> SetUp | None:
    if not (viewer.has("admin") or viewer.workspace_admin):
        return None
    active = people.counts(session, program.id)
    return SetUp(
        channels=tuple(one for one in channels.settings(session) if one.program_id == program.id),
        counts={role: active.get(role, 0) for role in ROLES},
        organizations=len(people.organizations_owing(session, program.id)),
        waiting=people.waiting(session, program.id, 1)[1],
        notices=notices.counts(session, program.id),
    )


def _unread(session: Session, viewer: Viewer, program: Program) -> tuple[Unread, ...]:
    if not (viewer.has("facilitator", "admin") or viewer.workspace_admin):
        return ()
    return documents.troubles(session=session, program=program)
