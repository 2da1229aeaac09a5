"""A list is brought into a program whole or not at all, and a second time changes nothing."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, select

from bot.domain.people import Account
from bot.domain.programs import Program
from bot.domain.roster import Row, parse
from bot.services import memberships, people, roster
from bot.services.programs import Programs
from bot.services.roster import Imported, Rejected
from storage import programs
from storage.database import Database
from storage.people import Membership, Organization, Person
from tests import cast
from tests.cast import COHORT, MONDAY, SAM, TEAM, TOMAS

LIST = """\
name,email,slack_id,role,organization
Tomás Rivera,tomas@example.org,U0TOMAS01,participant,Bright Labs
Priya Nair,priya@example.org,,participant,bright  labs
June Park,june@example.org,,coach,
June Park,june@example.org,,facilitator,
"""


def _take(session: Session, program: Program, text: str = LIST, team: str = TEAM) -> Imported | Rejected:
    found = parse(text)
    assert found.problems == ()
    return roster.take(session=session, program_id=program.id, team=team, rows=found.rows, now=MONDAY)


def _line(text: str) -> tuple[Row, ...]:
    return parse("name,email,slack_id,role,organization\n" + text).rows


def test_everybody_on_the_list_takes_part(db: Database) -> None:
    with db.begin() as session:
        program = cast.load(session)
        done = _take(session, program)
        assert isinstance(done, Imported)
        assert (len(done.added), len(done.changed), done.unchanged, done.unmet) == (4, 0, 0, 2)
        assert [(one.name, one.role) for one in people.listed(session, program.id)] == [
            ("Tomás Rivera", "participant"),
            ("Priya Nair", "participant"),
            ("June Park", "coach"),
            ("June Park", "facilitator"),
        ]
        assert len(session.exec(select(Organization)).all()) == 1
        assert len(session.exec(select(Person)).all()) == 3


def test_twice_is_once(db: Database) -> None:
    with db.begin() as session:
        program = cast.load(session)
        _take(session, program)
    with db.begin() as session:
        before = session.exec(select(Membership.since)).all()
        done = _take(session, program)
        assert isinstance(done, Imported)
        assert (done.added, done.changed, done.unchanged) == ((), (), 4)
        assert session.exec(select(Membership.since)).all() == before


def test_twice_is_once_also_when_slack_has_told_other_names_meanwhile(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.load(session)
        _take(session, program)
        account = Account(TOMAS, "tommy", "t@elsewhere.example", None, guest=False, admin=False, gone=False, bot=False)
        people.learn(session=session, team=TEAM, account=account, now=MONDAY)
        done = _take(session, program)
        assert isinstance(done, Imported)
        assert (done.added, done.changed, done.unchanged) == ((), (), 4)
        assert people.listed(session, program.id)[0].name == "tommy"


def test_a_changed_organization_is_changed_and_nothing_else(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.load(session)
        _take(session, program)
        done = _take(
            session, program, LIST.replace("U0TOMAS01,participant,Bright Labs", "U0TOMAS01,participant,Sky Lab")
        )
        assert isinstance(done, Imported)
        assert [one.organization for one in done.changed] == ["Sky Lab"]
        assert (done.added, done.unchanged) == ((), 3)


def test_whoever_is_not_on_the_list_is_left_alone(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        before = [one.user for one in people.active_participants(session, program.id)]
        _take(session, program)
        assert set(before) <= {one.user for one in people.active_participants(session, program.id)}


def test_a_slack_id_given_in_one_program_counts_in_every_other(quick_db: Database) -> None:
    address = "Priya Nair,priya@example.org,{},participant,Bright Labs\n"
    with quick_db.begin() as session:
        first, second = cast.load(session), cast.load(session, "stem-iq")
        for program in (first, second):
            roster.take(session=session, program_id=program.id, team=TEAM, rows=_line(address.format("")), now=MONDAY)
        before = {one.slug: one.people_revision for one in programs.revised(session)}
        roster.take(session=session, program_id=first.id, team=TEAM, rows=_line(address.format(SAM)), now=MONDAY)
        assert all(one.people_revision > before[one.slug] for one in programs.revised(session))


def test_a_slack_id_given_later_is_added_to_the_address(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.load(session)
        _take(session, program)
        row = _line("Priya Nair,priya@example.org,U0PRIYA01,participant,Bright Labs\n")
        done = roster.take(session=session, program_id=program.id, team=TEAM, rows=row, now=MONDAY)
        assert isinstance(done, Imported)
        assert len(done.changed) == 1
        assert [one.user for one in people.active_participants(session, program.id)] == [TOMAS, "U0PRIYA01"]


def test_an_address_and_an_id_that_were_known_apart_become_one_person(db: Database) -> None:
    with db.begin() as session:
        program = cast.load(session)
        _take(session, program)
        cast.person(session, "U0PRIYA01")
        row = _line("Priya Nair,priya@example.org,U0PRIYA01,participant,Bright Labs\n")
        roster.take(session=session, program_id=program.id, team=TEAM, rows=row, now=MONDAY)
        found = [one for one in people.listed(session, program.id) if one.user == "U0PRIYA01"]
        assert [one.email for one in found] == ["priya@example.org"]
        assert len(session.exec(select(Person)).all()) == 3


def test_an_address_of_somebody_else_is_a_contradiction_and_nothing_is_written(db: Database) -> None:
    with db.begin() as session:
        program = cast.load(session)
        _take(session, program)
    with db.begin() as session:
        done = _take(session, program, LIST.replace("U0TOMAS01", "U0OTHER01") + "Sam,,U0SAM0001,coach,\n")
        assert isinstance(done, Rejected)
        assert [(one.line, one.column) for one in done.problems] == [(2, "slack_id")]
        assert "U0TOMAS01" in done.problems[0].says
    with db.read() as session:
        assert len(session.exec(select(Person)).all()) == 3


def test_somebody_who_had_left_is_back(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.load(session)
        cast.join(session, program, TOMAS, "participant", state="left", organization="Bright Labs")
        _take(session, program)
        assert TOMAS in [one.user for one in people.active_participants(session, program.id)]


def test_a_list_confirms_who_waits(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        memberships.joined(
            session=session, programs=Programs(), team=TEAM, user=SAM, channel=COHORT, now=MONDAY
        )  # fmt: skip
        rows = _line("Sam Lee,,U0SAM0001,participant,River Robotics\n")
        roster.take(session=session, program_id=program.id, team=TEAM, rows=rows, now=MONDAY + timedelta(hours=1))
        assert [one.state for one in people.listed(session, program.id) if one.user == SAM] == ["active"]


def test_a_list_from_before_the_workspace_is_known_counts_when_it_is(db: Database) -> None:
    with db.begin() as session:
        program = cast.load(session)
        _take(session, program, team="")
    with db.begin() as session:
        assert cast.asks(session, TOMAS).has("participant")
        account = Account(
            "U0PRIYA01", "Priya", "priya@example.org", None, guest=False, admin=False, gone=False, bot=False
        )
        people.learn(session=session, team=TEAM, account=account, now=MONDAY)
        assert cast.asks(session, "U0PRIYA01").has("participant")
        done = _take(session, program)
        assert isinstance(done, Imported)
        assert (done.added, done.changed) == ((), ())


def test_a_list_makes_plans_anew_and_the_same_list_does_not(quick_db: Database) -> None:
    with quick_db.begin() as session:
        program = cast.load(session)
        revisions = []
        for _ in range(2):
            _take(session, program)
            session.expire_all()
            row = programs.by_id(session, program.id)
            assert row is not None
            revisions.append(row.people_revision)
        assert revisions[0] > 0
        assert revisions[0] == revisions[1]
