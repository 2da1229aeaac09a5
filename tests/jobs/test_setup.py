"""People known by an address alone are looked for in the workspace, one at a time, and once a day."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from bot.domain.people import LOOK_AGAIN
from jobs import setup
from storage.people import Membership, Person
from tests import cast
from tests.cast import MONDAY, SAM, TEAM
from tests.fakes import FakeSlack, limits, refuses
from tests.jobs.conftest import Bench

MAIL = "sam@example.org"
SAMS = {"name": "sam", "real_name": "Sam Lee", "tz": "America/Denver", "profile": {"email": MAIL}}


def _listed(bench: Bench, team: str = TEAM) -> None:
    """Sam stands on the list by an address alone."""
    with bench.deps.db.begin() as session:
        program = cast.begin(session)
        person = Person(team=team, email=MAIL, name="Sam")
        session.add(person)
        session.flush()
        session.add(Membership(program_id=program.id, person_id=person.id or 0, role="coach", since=MONDAY))


def _roles(bench: Bench, user: str) -> list[str]:
    with bench.deps.db.read() as session:
        found = session.exec(
            select(Membership.role).join(Person, Membership.person_id == Person.id).where(Person.user_id == user)  # type: ignore[arg-type]
        )
        return list(found)


def test_who_is_in_the_workspace_is_known_from_then_on(either_bench: Bench, slack: FakeSlack) -> None:
    slack.people[SAM] = SAMS
    _listed(either_bench)
    setup.find(either_bench.deps, MONDAY)
    assert _roles(either_bench, SAM) == ["coach"]
    setup.find(either_bench.deps, MONDAY + timedelta(seconds=2))
    assert len(slack.asked("users.lookupByEmail")) == 1


def test_who_was_listed_before_the_workspace_was_known_is_found_as_well(bench: Bench, slack: FakeSlack) -> None:
    slack.people[SAM] = SAMS
    _listed(bench, team="")
    setup.find(bench.deps, MONDAY)
    assert _roles(bench, SAM) == ["coach"]


def test_who_is_nobody_there_yet_is_looked_for_again_a_day_later(bench: Bench, slack: FakeSlack) -> None:
    _listed(bench)
    setup.find(bench.deps, MONDAY)
    setup.find(bench.deps, MONDAY + timedelta(hours=20))
    assert len(slack.asked("users.lookupByEmail")) == 1
    slack.people[SAM] = SAMS
    setup.find(bench.deps, MONDAY + LOOK_AGAIN)
    assert _roles(bench, SAM) == ["coach"]


def test_a_slack_that_wants_to_be_left_alone_is_asked_again_soon_and_one_that_says_no_a_day_later(
    bench: Bench, slack: FakeSlack
) -> None:
    _listed(bench)
    slack.next_time("users.lookupByEmail", limits(30), refuses("missing_scope"))
    for seconds in (0, 60, 130, 200):
        setup.find(bench.deps, MONDAY + timedelta(seconds=seconds))
    assert len(slack.asked("users.lookupByEmail")) == 2
    assert _roles(bench, SAM) == []
