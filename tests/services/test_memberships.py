"""Joining, being confirmed, changed and ended; and what is said about it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.domain.memberships import (
    Applied,
    Asked,
    Known,
    NotThere,
    Place,
    Placed,
    Rejected,
    Settled,
)
from bot.domain.people import NotAllowed, Role
from bot.domain.programs import Program
from bot.services import memberships, people
from bot.services.programs import Programs
from storage import people as rows
from storage import programs
from storage.channels import Channel
from storage.database import Database
from storage.notices import NoticeRow
from storage.people import Membership
from tests import cast
from tests.cast import ADA, ALEX, APPLICANTS, BRIGHT, COHORT, FACILITATORS, FAY, GENERAL, JUNE, MONDAY, SAM, TEAM, TOMAS

LATER = MONDAY + timedelta(hours=1)
PARTICIPANT: frozenset[Role] = frozenset(["participant"])


def _join(session: Session, user: str = SAM, channel: str = COHORT, now: datetime = MONDAY) -> Asked | Applied | Known:
    return memberships.joined(
        session=session, programs=Programs(), team=TEAM, user=user, channel=channel, now=now
    )  # fmt: skip


def _asked(session: Session, user: str = SAM) -> int:
    outcome = _join(session, user)
    assert isinstance(outcome, Asked)
    return outcome.membership_id


def _notices(session: Session, kind: str) -> list[NoticeRow]:
    return list(session.exec(select(NoticeRow).where(NoticeRow.kind == kind).order_by(NoticeRow.key)).all())


def _roles(session: Session, program: Program, user: str) -> dict[str, str]:
    return {one.role: one.state for one in people.listed(session, program.id) if one.user == user}


def _revision(session: Session, program: Program) -> int:
    row = programs.by_id(session, program.id)
    assert row is not None
    session.refresh(row)
    return row.people_revision


def test_whoever_joins_the_cohort_waits_and_the_facilitators_are_asked(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        membership = _asked(session)
        assert _roles(session, program, SAM) == {"participant": "pending"}
        (notice,) = _notices(session, memberships.PENDING)
        assert notice.to_purpose == "facilitators"
        assert notice.refs == {"membership": membership, "channel": COHORT}
        viewer = cast.asks(session, SAM)
        assert (viewer.pending, viewer.roles) == (True, frozenset())


def test_who_waits_owes_nothing(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        _asked(session)
        assert SAM not in [one.user for one in people.active_participants(session, program.id)]


def test_joining_twice_asks_once(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        _asked(session)
    with db.begin() as session:
        assert _join(session) == Known()
        assert len(_notices(session, memberships.PENDING)) == 1


@pytest.mark.parametrize("user", [TOMAS, JUNE, FAY, ALEX])
def test_whoever_is_on_the_list_is_not_asked_about(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        assert _join(session, user) == Known()
        assert _notices(session, memberships.PENDING) == []


def test_an_applicant_who_joins_the_cohort_waits_too(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        _asked(session, ADA)
        assert _roles(session, program, ADA) == {"applicant": "active", "participant": "pending"}


def test_whoever_joins_the_applicants_is_one(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        assert _join(session, channel=APPLICANTS) == Applied()
        assert _join(session, channel=APPLICANTS) == Known()
        assert _roles(session, program, SAM) == {"applicant": "active"}


def test_staff_in_the_applicants_channel_do_not_apply(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        assert _join(session, FAY, APPLICANTS) == Known()
        assert _roles(session, program, FAY) == {"facilitator": "active"}


@pytest.mark.parametrize("channel", [FACILITATORS, GENERAL, "C0UNKNOWN"])
def test_other_channels_make_nobody_anything(quick_db: Database, channel: str) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        assert _join(session, channel=channel) == Known()
        assert _roles(session, program, SAM) == {}


def test_without_a_facilitators_channel_each_facilitator_is_asked(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        cast.join(session, program, "U0BOB0001", "facilitator")
        channel = session.exec(select(Channel).where(Channel.channel_id == FACILITATORS)).one()
        channel.purpose = "none"
        session.add(channel)
        _asked(session)
        assert {one.to_person for one in _notices(session, memberships.PENDING)} == {FAY, "U0BOB0001"}


def test_without_facilitators_the_admins_are_asked(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.load(session)
        cast.join(session, program, ALEX, "admin")
        cast.room(session, program, COHORT, "cohort")
        _asked(session)
        assert [one.to_person for one in _notices(session, memberships.PENDING)] == [ALEX]


def test_joining_is_a_first_contact(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        _asked(session)
        assert [one.to_person for one in _notices(session, "welcome.hello")] == [SAM]


def test_a_facilitator_confirms_with_role_and_organization(db: Database) -> None:
    with db.begin() as session:
        program = cast.begin(session)
        membership = _asked(session)
        before = _revision(session, program)
        outcome = memberships.confirm(
            session=session,
            by=cast.asks(session, FAY),
            membership_id=membership,
            place=Place(PARTICIPANT, cast.organized(session, program, BRIGHT)),
            now=LATER,
        )
        assert isinstance(outcome, Placed)
        assert (outcome.name, outcome.roles, outcome.told) == (SAM, ("participant",), True)
        viewer = cast.asks(session, SAM)
        assert viewer.organization is not None
        assert viewer.organization.name == BRIGHT
        assert viewer.roles == PARTICIPANT
        assert _revision(session, program) > before
        assert [one.refs["asked"] for one in _notices(session, memberships.SETTLED)] == [
            one.key for one in _notices(session, memberships.PENDING)
        ]
        assert [one.to_person for one in _notices(session, memberships.CONFIRMED)] == [SAM]


def test_a_new_organization_is_made_and_one_spelled_otherwise_is_found(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        by = cast.asks(session, FAY)
        for user, name in ((SAM, "Sky  Lab "), ("U0BOB0001", "sky lab")):
            membership = _asked(session, user)
            place = Place(PARTICIPANT, None, name)
            assert isinstance(
                memberships.confirm(session=session, by=by, membership_id=membership, place=place, now=LATER), Placed
            )
        names = [one.organization.name for one in people.organizations_active(session, program.id)]
        assert names.count("Sky Lab") == 1


def test_who_was_never_welcomed_is_welcomed_when_confirmed(quick_db: Database) -> None:
    """People who were in the channel already have not turned to the bot."""
    with quick_db.begin() as session:
        program = cast.begin(session)
        channel = session.exec(select(Channel).where(Channel.channel_id == COHORT)).one()
        assert memberships.found(session=session, team=TEAM, users=[SAM, TOMAS], room=channel, now=MONDAY) == 1
        assert _notices(session, "welcome.hello") == []
        (row,) = [one for one in people.listed(session, program.id) if one.state == "pending"]
        place = Place(frozenset(["coach"]))
        by = cast.asks(session, FAY)
        memberships.confirm(session=session, by=by, membership_id=row.membership_id, place=place, now=LATER)
        assert [one.to_person for one in _notices(session, "welcome.hello")] == [SAM]
        assert _notices(session, memberships.CONFIRMED) == []


def test_people_who_were_there_before_are_asked_about_at_once(db: Database) -> None:
    with db.begin() as session:
        cast.begin(session)
        channel = session.exec(select(Channel).where(Channel.channel_id == COHORT)).one()
        users = [SAM, "U0BOB0001", TOMAS]
        assert memberships.found(session=session, team=TEAM, users=users, room=channel, now=MONDAY) == 2
        assert _notices(session, memberships.PENDING) == []
        assert len(_notices(session, memberships.WAITING)) == 1
        assert memberships.found(session=session, team=TEAM, users=users, room=channel, now=LATER) == 0


def test_confirmed_as_something_else_they_are_only_that(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        membership = _asked(session, ADA)
        place = Place(frozenset(["coach"]))
        by = cast.asks(session, FAY)
        memberships.confirm(session=session, by=by, membership_id=membership, place=place, now=LATER)
        assert _roles(session, program, ADA) == {"applicant": "left", "participant": "left", "coach": "active"}


def test_the_second_to_confirm_is_told_what_the_first_did(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        membership = _asked(session)
        place = Place(PARTICIPANT, cast.organized(session, program, BRIGHT))
        fay, alex = cast.asks(session, FAY), cast.asks(session, ALEX)
        memberships.confirm(session=session, by=fay, membership_id=membership, place=place, now=LATER)
        again = memberships.confirm(session=session, by=alex, membership_id=membership, place=place, now=LATER)
        assert isinstance(again, Settled)
        assert (again.by, again.roles) == (FAY, ("participant",))
        assert isinstance(memberships.dismiss(session=session, by=alex, membership_id=membership, now=LATER), Settled)
        assert _roles(session, program, SAM) == {"participant": "active"}
        assert len(_notices(session, memberships.CONFIRMED)) == 1


@pytest.mark.parametrize("user", [ADA, TOMAS, JUNE, SAM])
def test_others_may_not_confirm_dismiss_change_or_list(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        membership = _asked(session)
        by = cast.asks(session, user)
        place = Place(PARTICIPANT, cast.organized(session, program, BRIGHT))
        for outcome in (
            memberships.confirm(session=session, by=by, membership_id=membership, place=place, now=LATER),
            memberships.dismiss(session=session, by=by, membership_id=membership, now=LATER),
            memberships.waiting_card(session=session, by=by, membership_id=membership),
            memberships.everybody(session=session, by=by),
        ):
            assert isinstance(outcome, NotAllowed)
            assert [one.user for one in outcome.facilitators] == [FAY]
        assert _roles(session, program, SAM) == {"participant": "pending"}


def test_a_facilitator_of_another_program_may_not(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        stem = cast.load(session, "stem-iq")
        cast.join(session, stem, "U0BOB0001", "facilitator")
        by = cast.asks(session, "U0BOB0001")
        assert memberships.dismiss(session=session, by=by, membership_id=_asked(session), now=LATER) == NotThere()


def test_a_wrong_place_changes_nothing(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        membership = _asked(session)
        by = cast.asks(session, FAY)
        for place in (Place(frozenset()), Place(PARTICIPANT), Place(PARTICIPANT, 9999), Place(frozenset(["admin"]))):
            outcome = memberships.confirm(
                session=session, by=by, membership_id=membership, place=place, now=LATER
            )  # fmt: skip
            assert isinstance(outcome, Rejected)
        assert _roles(session, program, SAM) == {"participant": "pending"}
        assert _notices(session, memberships.SETTLED) == []


def test_an_organization_of_another_program_is_unknown(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        stem = cast.load(session, "stem-iq")
        elsewhere = cast.organized(session, stem, "Hillsboro")
        outcome = memberships.confirm(
            session=session,
            by=cast.asks(session, FAY),
            membership_id=_asked(session),
            place=Place(PARTICIPANT, elsewhere),
            now=LATER,
        )
        assert isinstance(outcome, Rejected)


def test_not_a_participant_is_left_alone_and_asked_about_when_they_come_again(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        membership = _asked(session)
        by = cast.asks(session, FAY)
        assert isinstance(memberships.dismiss(session=session, by=by, membership_id=membership, now=LATER), Placed)
        assert _roles(session, program, SAM) == {"participant": "left"}
        assert len(_notices(session, memberships.SETTLED)) == 1
        assert isinstance(_join(session, now=LATER + timedelta(days=1)), Asked)
        assert len(_notices(session, memberships.PENDING)) == 2


def test_the_workspaces_admin_becomes_the_first_admin(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.load(session)
        alex = cast.person(session, ALEX)
        claimed = memberships.claim_admin(session=session, programs=Programs(), person=alex, now=MONDAY)
        assert claimed == (program.name,)
        assert memberships.claim_admin(session=session, programs=Programs(), person=alex, now=MONDAY) == ()
        assert cast.asks(session, ALEX).has("admin")


def test_the_second_admin_of_the_workspace_is_not_made_one(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        other = cast.person(session, "U0BOB0001")
        other.workspace_admin = True
        assert memberships.claim_admin(session=session, programs=Programs(), person=other, now=MONDAY) == ()


def test_nobody_else_becomes_admin_by_opening_anything(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.load(session)
        sam = cast.person(session, SAM)
        assert memberships.claim_admin(session=session, programs=Programs(), person=sam, now=MONDAY) == ()


def test_a_role_is_granted_once(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        sam = cast.person(session, SAM)
        first, second = (
            memberships.grant(
                session=session,
                program_id=program.id,
                person=sam,
                role="participant",
                organization=BRIGHT,
                now=MONDAY,
                by="",
            )
            for _ in range(2)
        )
        assert (first, second) == (True, False)


def test_history_is_kept(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        by = cast.asks(session, FAY)
        person = rows.by_user(session, TEAM, TOMAS)
        assert person is not None
        memberships.put(session, by, person, Place(frozenset()), LATER)
        (row,) = session.exec(select(Membership).where(Membership.person_id == person.id)).all()
        assert (row.state, row.ended_at, row.set_by) == ("left", LATER, FAY)
        assert row.organization_id == cast.organized(session, program, BRIGHT)
