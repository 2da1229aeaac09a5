"""People are looked up a few at a time, and what is said about them is true when it is said."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, select

from bot.domain.people import LOOK_AGAIN
from bot.services import memberships
from bot.services.programs import Programs
from jobs import channels, people, registry, sender
from storage.channels import Channel
from storage.people import Membership, Person
from tests import cast
from tests.cast import COHORT, FACILITATORS, FAY, GENERAL, MONDAY, SAM, TEAM, TOMAS
from tests.fakes import FakeSlack, hangs_up, limits, refuses
from tests.jobs.conftest import Bench

SAMS = {"name": "sam", "real_name": "Sam Lee", "tz": "America/Denver", "profile": {"email": "sam@example.org"}}


def _person(session: Session, user: str) -> Person:
    return session.exec(select(Person).where(Person.user_id == user)).one()


def _join(bench: Bench, user: str = SAM) -> None:
    with bench.deps.db.begin() as session:
        memberships.joined(
            session=session, programs=Programs(), team=TEAM, user=user, channel=COHORT, now=bench.clock()
        )  # fmt: skip


def _begin(bench: Bench) -> None:
    with bench.deps.db.begin() as session:
        cast.begin(session)


def _send(bench: Bench, **forward: float) -> int:
    now = bench.clock.forward(**forward)
    return sender.send_due(bench.deps, now, registry.KINDS)


def test_somebody_new_is_looked_up_and_then_left_alone_for_a_day(either_bench: Bench, slack: FakeSlack) -> None:
    slack.people[SAM] = SAMS
    _begin(either_bench)
    _join(either_bench)
    people.look_up(either_bench.deps, MONDAY)
    people.look_up(either_bench.deps, MONDAY + timedelta(hours=23))
    assert len(slack.asked("users.info")) == 1
    with either_bench.deps.db.read() as session:
        found = _person(session, SAM)
        assert (found.name, found.zone, found.email) == ("Sam Lee", "America/Denver", "sam@example.org")
        assert found.look_after == MONDAY + LOOK_AGAIN


def test_a_few_are_looked_up_at_once_and_the_others_next_time(bench: Bench, slack: FakeSlack) -> None:
    users = [f"U0NEW{n:04}" for n in range(7)]
    slack.people.update({user: {"name": user.lower()} for user in users})
    with bench.deps.db.begin() as session:
        session.add_all(Person(team=TEAM, user_id=user) for user in users)
    counts = []
    for _ in range(4):
        people.look_up(bench.deps, MONDAY)
        counts.append(len(slack.asked("users.info")))
    assert counts == [3, 6, 7, 7]


def test_when_slack_asks_for_patience_nobody_is_asked_about_for_a_while(bench: Bench, slack: FakeSlack) -> None:
    slack.people.update(dict.fromkeys((SAM, "U0NEW0001"), SAMS))
    with bench.deps.db.begin() as session:
        session.add_all(Person(team=TEAM, user_id=user) for user in (SAM, "U0NEW0001"))
    slack.next_time("users.info", limits(30))
    people.look_up(bench.deps, MONDAY)
    people.look_up(bench.deps, MONDAY + timedelta(seconds=10))
    assert len(slack.asked("users.info")) == 1
    people.look_up(bench.deps, MONDAY + timedelta(minutes=2))
    assert len(slack.asked("users.info")) == 3


def test_somebody_whom_slack_does_not_know_holds_nobody_up(bench: Bench, slack: FakeSlack) -> None:
    slack.people["U0NEW0001"] = SAMS
    with bench.deps.db.begin() as session:
        session.add_all(Person(team=TEAM, user_id=user) for user in (SAM, "U0NEW0001"))
    people.look_up(bench.deps, MONDAY)
    people.look_up(bench.deps, MONDAY)
    assert [one["user"] for one in slack.asked("users.info")] == [SAM, "U0NEW0001"]


def test_a_slack_that_is_not_there_raises_nothing(bench: Bench) -> None:
    bench.deps.slack.client.base_url = "http://127.0.0.1:9/api/"
    _begin(bench)
    _join(bench)
    people.look_up(bench.deps, MONDAY)
    with bench.deps.db.read() as session:
        assert _person(session, SAM).look_after == MONDAY + people.AGAIN


def test_the_facilitators_are_asked_with_the_name_once_it_is_known(bench: Bench, slack: FakeSlack) -> None:
    slack.people[SAM] = SAMS
    _begin(bench)
    _join(bench)
    _send(bench)
    assert slack.said(FACILITATORS) == []
    people.look_up(bench.deps, bench.clock())
    _send(bench, seconds=6)
    assert slack.said(FACILITATORS) == ["Sam Lee joined: please confirm with role and organization."]


def test_when_slack_does_not_say_who_it_is_they_are_asked_all_the_same(bench: Bench, slack: FakeSlack) -> None:
    slack.next_time("users.info", refuses("user_not_visible"))
    _begin(bench)
    _join(bench)
    people.look_up(bench.deps, bench.clock())
    _send(bench)
    assert len(slack.said(FACILITATORS)) == 1
    assert f"<@{SAM}>" in str(slack.messages[-1]["blocks"]) + str(slack.messages[0]["blocks"])


def test_a_question_that_may_have_been_put_still_says_what_became_of_it(bench: Bench, slack: FakeSlack) -> None:
    slack.people[SAM] = SAMS
    _begin(bench)
    _join(bench)
    people.look_up(bench.deps, bench.clock())
    slack.next_time("chat.postMessage", hangs_up(acts=True))
    _send(bench)
    with bench.deps.db.begin() as session:
        waits = session.exec(select(Membership.id).where(Membership.state == "pending")).one()
        fay = cast.asks(session, FAY)
        memberships.dismiss(session=session, by=fay, membership_id=waits or 0, now=bench.clock())
    for _ in range(2):
        _send(bench, minutes=1)
    assert slack.said(FACILITATORS) == [f"*Sam Lee* does not take part. Decided by <@{FAY}>."]


def test_an_app_that_joins_is_nobodys_business(bench: Bench, slack: FakeSlack) -> None:
    slack.people["U0ROBOT01"] = {"name": "robot", "is_bot": True}
    _begin(bench)
    _join(bench, "U0ROBOT01")
    people.look_up(bench.deps, bench.clock())
    _send(bench)
    assert slack.messages == []


def test_whoever_is_recognized_by_their_address_is_not_asked_about(bench: Bench, slack: FakeSlack) -> None:
    slack.people[SAM] = SAMS
    with bench.deps.db.begin() as session:
        program = cast.begin(session)
        listed = cast.join(session, program, "U0LISTED1", "coach")
        person = session.get_one(Person, listed.person_id)
        person.user_id, person.email, person.look_after = None, "sam@example.org", None
    _join(bench)
    people.look_up(bench.deps, bench.clock())
    _send(bench)
    assert slack.said(FACILITATORS) == []
    with bench.deps.db.read() as session:
        held = session.exec(select(Person).where(Person.email == "sam@example.org")).all()
        assert [one.user_id for one in held] == [SAM]


def test_those_in_a_channel_before_are_met_page_by_page_and_asked_about_once(
    bench: Bench, slack: FakeSlack
) -> None:  # fmt: skip
    users = [SAM, TOMAS, "U0NEW0001", FAY, "U0CONVENE", "U0NEW0002"]
    slack.rooms[GENERAL] = users
    slack.people.update({user: {"name": user.lower()} for user in users})
    with bench.deps.db.begin() as session:
        program = cast.begin(session)
        cast.room(session, program, GENERAL, "cohort").members_read_at = None
    for _ in range(2):
        channels.meet_members(bench.deps, bench.clock())
    assert len(slack.asked("conversations.members")) == 3
    people.look_up(bench.deps, bench.clock())
    _send(bench)
    (said,) = slack.said(FACILITATORS)
    assert said.startswith("3 people are in <#C0GENERAL>")
    assert [one for one in slack.said() if one != said] == []


def test_a_channel_that_may_not_be_read_is_not_read_again(bench: Bench, slack: FakeSlack) -> None:
    with bench.deps.db.begin() as session:
        program = cast.begin(session)
        cast.room(session, program, GENERAL, "applicants").members_read_at = None
    channels.meet_members(bench.deps, bench.clock())
    channels.meet_members(bench.deps, bench.clock())
    assert len(slack.asked("conversations.members")) == 1


def test_a_channel_is_read_once_slack_answers(bench: Bench, slack: FakeSlack) -> None:
    slack.rooms[GENERAL] = [SAM]
    slack.next_time("conversations.members", limits(1))
    with bench.deps.db.begin() as session:
        program = cast.begin(session)
        cast.room(session, program, GENERAL, "applicants").members_read_at = None
    channels.meet_members(bench.deps, bench.clock())
    channels.meet_members(bench.deps, bench.clock())
    with bench.deps.db.read() as session:
        assert session.exec(select(Channel.members_read_at).where(Channel.channel_id == GENERAL)).one() == MONDAY


def test_who_is_gone_is_told_nothing(bench: Bench, slack: FakeSlack) -> None:
    slack.people[SAM] = {**SAMS, "deleted": True}
    _begin(bench)
    _join(bench)
    people.look_up(bench.deps, bench.clock())
    _send(bench)
    assert slack.messages == []
