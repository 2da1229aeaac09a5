"""A Home holds what its reader's roles ask for, and nothing of what they may not see."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session

from bot.domain.home import Page, Part
from bot.services import home
from bot.services.programs import Programs
from storage import people
from storage.channels import Channel
from storage.database import Database
from storage.people import Membership
from storage.questions import Question
from tests import cast
from tests.cast import ADA, ALEX, COHORT, FAY, JUNE, LENA, MONDAY, SAM, TEAM, TOMAS


def _page(session: Session, user: str) -> Page:
    home.opened(session=session, programs=Programs(), team=TEAM, user=user, now=MONDAY)
    found = home.gather(session=session, programs=Programs(), team=TEAM, user=user, now=MONDAY)
    assert found is not None
    return found


def _part(session: Session, user: str) -> Part:
    (part,) = _page(session, user).parts
    return part


def test_somebody_who_was_never_met_has_no_home_yet(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        assert home.gather(session=session, programs=Programs(), team=TEAM, user=SAM, now=MONDAY) is None


@pytest.mark.parametrize(
    ("user", "has"),
    [
        (ADA, {"kit"}),
        (TOMAS, {"homework"}),
        (LENA, {"homework"}),
        (JUNE, {"teams"}),
        (FAY, {"running"}),
        (ALEX, {"set_up"}),
        (SAM, set()),
    ],
)
def test_each_role_has_its_part(quick_db: Database, user: str, has: set[str]) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        part = _part(session, user)
        filled = {name for name in ("kit", "homework", "teams", "running", "set_up") if getattr(part, name)}
        assert filled == has


def test_two_roles_have_both_parts(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        cast.join(session, program, TOMAS, "facilitator")
        part = _part(session, TOMAS)
        assert part.homework is not None
        assert part.running is not None


def test_every_program_of_a_person_has_its_part(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        stem = cast.load(session, "stem-iq")
        cast.join(session, stem, TOMAS, "coach")
        assert [part.program.slug for part in _page(session, TOMAS).parts] == ["ost-cop", "stem-iq"]
        assert [part.program.slug for part in _page(session, ADA).parts] == ["ost-cop"]
        assert len(_page(session, SAM).parts) == 2


def test_who_waits_and_who_has_left_are_known_as_such(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        cast.join(session, program, SAM, "participant", state="pending")
        cast.join(session, program, "U0BOB0001", "coach", state="left")
        waiting, left = _part(session, SAM), _part(session, "U0BOB0001")
        assert (waiting.viewer.pending, waiting.left) == (True, False)
        assert (left.viewer.pending, left.left) == (False, True)
        facilitators = _part(session, FAY)
        assert facilitators.running is not None
        assert [one.user for one in facilitators.running.waiting] == [SAM]
        admins = _part(session, ALEX)
        assert admins.set_up is not None
        assert admins.set_up.waiting == 1


def test_an_admin_sees_counts(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        found = _part(session, ALEX).set_up
        assert found is not None
        assert found.counts == {"applicant": 1, "participant": 4, "coach": 1, "facilitator": 1, "admin": 1}
        assert found.organizations == 3
        assert len(found.channels) == 3


def test_a_channel_without_a_purpose_is_shown_to_those_who_may_say(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        session.add(Channel(team=TEAM, channel_id="C0NEW0001", set_at=MONDAY))
        assert [one.channel for one in _page(session, FAY).unset] == ["C0NEW0001"]
        assert [one.channel for one in _page(session, ALEX).unset] == ["C0NEW0001"]
        assert _page(session, TOMAS).unset == ()


def test_the_workspaces_admin_who_opens_it_first_becomes_the_admin(db: Database) -> None:
    with db.begin() as session:
        program = cast.load(session)
        cast.person(session, ALEX)
        taken = home.opened(session=session, programs=Programs(), team=TEAM, user=ALEX, now=MONDAY)
        assert taken == (program.name,)
        assert _part(session, ALEX).set_up is not None


def test_opening_it_is_a_first_contact_and_opening_the_messages_is_no_looking(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        person = people.by_user(session, TEAM, ADA)
        assert person is not None
        person.welcomed_at = None
        home.opened(session=session, programs=Programs(), team=TEAM, user=ADA, now=MONDAY, looking=False)
        assert person.home_opened_at is None
        home.opened(session=session, programs=Programs(), team=TEAM, user=ADA, now=MONDAY + timedelta(hours=1))
        assert person.home_opened_at == MONDAY + timedelta(hours=1)
        assert person.welcomed_at == MONDAY


def test_slack_is_asked_only_about_strangers(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        assert not home.unknown(session=session, team=TEAM, user=ADA)
        assert home.unknown(session=session, team=TEAM, user=SAM)


def test_without_a_program_there_is_an_empty_home(quick_db: Database) -> None:
    with quick_db.begin() as session:
        assert _page(session, SAM).parts == ()


def _asked_by(one: Membership) -> Question:
    """A question that waits for the facilitators."""
    return Question(
        key=f"question {one.id}",
        program_id=one.program_id,
        team=TEAM,
        channel="",
        place="private",
        asker_id=one.person_id,
        text="Is there parking?",
        asked_at=MONDAY,
        outcome="declined",
        handed_at=MONDAY,
        due_at=MONDAY,
    )


@pytest.mark.parametrize("user", [FAY, ALEX, JUNE, TOMAS])
def test_it_asks_no_more_of_the_database_for_more_organizations(quick_db: Database, user: str) -> None:
    asked: list[str] = []
    event.listen(quick_db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    counts = []
    with quick_db.begin() as session:
        program = cast.begin(session)
        for many in (0, 20):
            for number in range(many):
                one = cast.join(session, program, f"U0MANY{number:03}", "participant", organization=f"Group {number}")
                session.add(_asked_by(one))
            _page(session, user)
            session.expunge_all()
            asked.clear()
            home.gather(session=session, programs=Programs(), team=TEAM, user=user, now=MONDAY)
            counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_cohort_channel_is_among_the_settings(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.begin(session)
        found = _part(session, ALEX).set_up
        assert found is not None
        assert [one.use for one in found.channels if one.channel == COHORT] == ["cohort"]
