"""Who somebody is: met, looked up, and counted among those who take part."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session, select

from bot.domain.people import LOOK_AGAIN, Account
from bot.domain.programs import Program
from bot.services import people as services
from bot.services.programs import Programs
from storage import people, programs
from storage.database import Database
from storage.people import Organization, Person
from tests import cast
from tests.cast import ADA, BRIGHT, COHORT, FAY, JUNE, KOFI, LENA, MONDAY, PRIYA, SAM, TEAM, TOMAS

SAMS = Account(SAM, "Sam", "sam@example.org", "America/Denver", guest=False, admin=False, gone=False, bot=False)


def _learn(session: Session, account: Account) -> Person:
    return services.learn(session=session, team=TEAM, account=account, now=MONDAY)


def _listed(session: Session, program: Program, email: str, role: str = "participant") -> Person:
    """Somebody known by their address only."""
    person = Person(team=TEAM, email=email, name="Samuel Lee")
    session.add(person)
    session.flush()
    assert person.id is not None
    organization = cast.organized(session, program, BRIGHT)
    session.add(
        people.Membership(
            program_id=program.id, person_id=person.id, role=role, organization_id=organization, since=MONDAY
        )
    )
    session.flush()
    return person


def _changes(session: Session, program: Program) -> int:
    session.expire_all()
    row = programs.by_id(session, program.id)
    assert row is not None
    return row.people_revision


def test_somebody_is_met_once(db: Database) -> None:
    with db.begin() as session:
        first = services.meet(session=session, team=TEAM, user=SAM, now=MONDAY)
    with db.begin() as session:
        again = services.meet(session=session, team=TEAM, user=SAM, now=MONDAY)
        assert again.id == first.id
        assert again.look_after is None


def test_a_person_entered_before_the_workspace_was_known_is_recognized(quick_db: Database) -> None:
    with quick_db.begin() as session:
        session.add(Person(team="", user_id=SAM, name="Sam Lee"))
    with quick_db.begin() as session:
        found = services.meet(session=session, team=TEAM, user=SAM, now=MONDAY)
        assert (found.name, found.team) == ("Sam Lee", TEAM)
    with quick_db.read() as session:
        assert len(session.exec(select(Person)).all()) == 1


def test_what_slack_says_is_taken_over_for_a_day(quick_db: Database) -> None:
    with quick_db.begin() as session:
        person = _learn(session, replace(SAMS, guest=True, admin=True))
        assert (person.name, person.email, person.zone) == ("Sam", "sam@example.org", "America/Denver")
        assert (person.guest, person.workspace_admin) == (True, True)
        assert person.look_after == MONDAY + LOOK_AGAIN


def test_an_unknown_zone_falls_back_to_the_programs(quick_db: Database) -> None:
    with quick_db.begin() as session:
        assert _learn(session, replace(SAMS, zone="Mars/Olympus")).zone is None
        assert _learn(session, replace(SAMS, zone=None)).zone is None


def test_an_address_that_a_list_gave_is_kept_where_slack_is_silent(quick_db: Database) -> None:
    with quick_db.begin() as session:
        session.add(Person(team=TEAM, user_id=SAM, email="sam@river.example"))
        assert _learn(session, replace(SAMS, email=None)).email == "sam@river.example"
        assert _learn(session, SAMS).email == "sam@river.example"


def test_somebody_known_by_address_is_recognized_in_slack(db: Database) -> None:
    with db.begin() as session:
        program = cast.load(session)
        _listed(session, program, "sam@example.org")
        before = _changes(session, program)
    with db.begin() as session:
        person = _learn(session, replace(SAMS, email="Sam@Example.org"))
        assert person.email == "sam@example.org"
        assert len(session.exec(select(Person)).all()) == 1
        assert [one.user for one in services.active_participants(session, program.id)] == [SAM]
        assert _changes(session, program) > before


def test_recognizing_somebody_ends_their_waiting_and_their_being_an_applicant(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.load(session)
        cast.join(session, program, SAM, "participant", state="pending")
        cast.join(session, program, SAM, "applicant")
        _listed(session, program, "sam@example.org")
        _learn(session, SAMS)
        states = {one.role: one.state for one in services.listed(session, program.id)}
        assert states == {"participant": "active", "applicant": "left"}
        assert [one.organization.name for one in services.listed(session, program.id) if one.organization] == [BRIGHT]


def test_what_was_written_under_an_address_goes_along(db: Database) -> None:
    """A coach may be named in check-ins before Slack knows them."""
    with db.begin() as session:
        program = cast.begin(session)
        listed = _listed(session, program, "sam@example.org", "coach")
        coach = session.exec(select(people.Membership).where(people.Membership.person_id == listed.id)).one()
        person = _learn(session, SAMS)
        session.refresh(coach)
        assert coach.person_id == person.id


def test_an_address_of_somebody_else_in_slack_is_left_to_them(quick_db: Database) -> None:
    with quick_db.begin() as session:
        session.add(Person(team=TEAM, user_id=ADA, email="sam@example.org"))
        assert _learn(session, SAMS).email is None


def test_who_is_deactivated_is_not_missing_and_their_history_stays(db: Database) -> None:
    with db.begin() as session:
        program = cast.begin(session)
        before = _changes(session, program)
        _learn(session, replace(SAMS, user=KOFI, email=None, gone=True))
        assert KOFI not in [one.user for one in services.active_participants(session, program.id)]
        assert [team.organization.name for team in services.organizations_active(session, program.id)] == [
            "Bright Labs",
            "River Robotics",
        ]
        assert [one.gone for one in services.listed(session, program.id) if one.user == KOFI] == [True]
        assert _changes(session, program) > before
        assert cast.asks(session, KOFI).roles == frozenset()


def test_looking_up_what_is_known_changes_no_plan(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        before = _changes(session, program)
        _learn(session, replace(SAMS, user=KOFI, email=None))
        assert _changes(session, program) == before


def test_somebody_deactivated_who_turns_up_is_looked_up_again(quick_db: Database) -> None:
    with quick_db.begin() as session:
        person = _learn(session, replace(SAMS, gone=True))
        later = MONDAY + timedelta(hours=1)
        assert services.meet(session=session, team=TEAM, user=SAM, now=later).look_after == later
        assert person in people.to_look_up(session, later, 5)


def test_facilitators_and_participants_are_those_who_hold_the_role_now(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        cast.join(session, program, SAM, "participant", state="pending", organization=BRIGHT)
        cast.join(session, program, "U0BOB0001", "facilitator", state="left")
        assert [one.user for one in services.facilitators(session, program.id)] == [FAY]
        assert [one.user for one in services.active_participants(session, program.id)] == [TOMAS, PRIYA, LENA, KOFI]


def test_bots_take_no_part(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        _learn(session, replace(SAMS, user=JUNE, email=None, bot=True))
        assert services.members(session, program.id, "coach") == ()
        assert JUNE not in [one.user for one in services.listed(session, program.id)]


def test_an_organization_has_its_people(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        bright = services.organizations_active(session, program.id)[0]
        assert bright.organization.name == BRIGHT
        assert [one.name for one in bright.people] == ["Tomás Rivera", "Priya Nair"]


def test_an_organization_that_has_left_owes_nothing(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        row = session.exec(select(Organization).where(Organization.name == BRIGHT)).one()
        row.left_at = MONDAY
        session.add(row)
        session.flush()
        assert BRIGHT not in [one.organization.name for one in services.organizations_active(session, program.id)]


def test_a_channel_says_which_program_is_meant(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        stem = cast.load(session, "stem-iq")
        cast.join(session, stem, TOMAS, "participant", organization="Hillsboro")
        both = ((program.id, program.name), (stem.id, stem.name))
        assert cast.asks(session, TOMAS, COHORT).program == program
        assert cast.asks(session, TOMAS).program is None
        assert cast.asks(session, TOMAS).among == both
        assert cast.asks(session, PRIYA).program == program
        assert cast.asks(session, SAM).among == both


def test_whoever_has_left_is_a_stranger_with_a_history(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        cast.join(session, program, SAM, "coach", state="left")
        viewer = cast.asks(session, SAM)
        assert (viewer.program, viewer.roles, viewer.pending) == (program, frozenset(), False)


def test_a_home_in_view_is_made_anew_when_its_reader_does_something(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        person = people.by_user(session, TEAM, ADA)
        assert person is not None
        stale = []
        for opened, hours in ((None, 0), (MONDAY, 1), (MONDAY, 48)):
            person.home_opened_at = opened
            cast.asks(session, ADA, now=MONDAY + timedelta(hours=hours))
            stale.append([one.user_id for one in people.take_marked_homes(session, 10)])
        assert stale == [[], [ADA], []]


def test_a_viewer_is_looked_at_without_being_met_again(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
    with quick_db.read() as session:
        found = services.viewer(session=session, programs=Programs(), team=TEAM, user=TOMAS, now=MONDAY)
        assert found.organization is not None
        assert found.organization.name == BRIGHT


def test_two_listeners_meet_somebody_at_the_same_moment(db: Database) -> None:
    ready = threading.Barrier(2)

    def meet() -> None:
        ready.wait(5)
        with db.begin() as session:
            services.meet(session=session, team=TEAM, user=SAM, now=MONDAY)

    with ThreadPoolExecutor(2) as both:
        for done in [both.submit(meet) for _ in range(2)]:
            done.result(10)
    with db.read() as session:
        assert len(session.exec(select(Person)).all()) == 1
