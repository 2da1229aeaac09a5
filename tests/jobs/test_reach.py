"""Who is in the channels is asked of Slack bit by bit; closed channels are told of once; people are written to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.domain.notices import Notice, ToPurpose
from bot.domain.people import Account
from bot.domain.reach import LOOK_EVERY, Listing
from bot.services import channels as channel_service
from bot.services import people, personnel
from bot.services import reach as services
from jobs import reach, registry, sender
from storage import notices
from storage.channels import Channel
from storage.people import Person
from tests import cast
from tests.cast import (
    APPLICANTS,
    COHORT,
    FACILITATORS,
    FAY,
    JUNE,
    KOFI,
    LENA,
    MONDAY,
    PRIYA,
    TEAM,
    TOMAS,
    who,
)
from tests.fakes import FakeSlack, limits, refuses
from tests.jobs.conftest import Bench
from tests.services.test_personnel import saved, undo, wish

EVERYBODY = [TOMAS, PRIYA, LENA, KOFI, JUNE, FAY, "U0STRANGE"]


@pytest.fixture
def season(bench: Bench, slack: FakeSlack) -> Bench:
    for channel in (APPLICANTS, COHORT, FACILITATORS):
        slack.rooms[channel] = list(EVERYBODY)
        slack.channels[channel] = {"name": channel.lower(), "is_member": True, "is_private": channel == FACILITATORS}
    with bench.deps.db.begin() as session:
        cast.begin(session)
    return bench


def row(session: Session, channel: str) -> Channel:
    return session.exec(select(Channel).where(Channel.channel_id == channel)).one()


def missing(bench: Bench, why: str = "channel") -> list[str]:
    with bench.deps.db.read() as session:
        session.info["program"] = bench.deps.programs.by_id(session, 1)
        found = services.listing(session=session, viewer=who(session, FAY), why=why, start=0, now=MONDAY)
    assert isinstance(found, Listing)
    return [one.somebody.name for one in found.page.rows]


def look(bench: Bench, times: int = 3, **later: float) -> None:
    for _ in range(times):
        reach.look(bench.deps, MONDAY + timedelta(**later))


def send(bench: Bench, **forward: float) -> int:
    return sender.send_due(bench.deps, bench.clock.forward(**forward), registry.KINDS)


def test_one_channel_is_asked_about_at_a_time_page_by_page_and_then_none_for_hours(
    season: Bench, slack: FakeSlack
) -> None:  # fmt: skip
    slack.rooms[COHORT].remove(KOFI)
    look(season, 1)
    assert len(slack.asked("conversations.info")) == 1
    look(season, 5)
    assert len(slack.asked("conversations.info")) == 3
    assert missing(season) == ["Ada Okafor", "Kofi Mensah"]
    look(season, 1, hours=7)
    assert len(slack.asked("conversations.info")) == 4


def test_when_slack_asks_for_patience_it_has_it(season: Bench, slack: FakeSlack) -> None:
    slack.next_time("conversations.info", limits(30), limits(30), limits(30))
    look(season, 4)
    assert len(slack.asked("conversations.info")) == 3
    assert missing(season) == []
    look(season, 3, minutes=11)
    assert missing(season) == ["Ada Okafor"]


def test_a_channel_without_the_bot_is_out_and_told_of_once_it_was_in(season: Bench, slack: FakeSlack) -> None:
    look(season)
    slack.channels[COHORT]["is_member"] = False
    slack.channels[APPLICANTS]["is_archived"] = True
    later = LOOK_EVERY + timedelta(minutes=1)
    look(season, 3, seconds=later.total_seconds())
    look(season, 3, seconds=2 * later.total_seconds())
    send(season, hours=14)
    said = "\n".join(slack.said(FACILITATORS))
    assert said.count("I can post nothing there") == 2
    assert "is archived now" in said


def post(bench: Bench) -> str:
    with bench.deps.db.begin() as session:
        notices.add(session, Notice("post", services.HELLO, ToPurpose("cohort"), MONDAY, 1, {"person": 2}), MONDAY)
    send(bench)
    return bench.state("post")[1] or ""


def test_a_post_for_an_archived_channel_is_refused_with_what_helps_and_not_tried_again(
    season: Bench, slack: FakeSlack
) -> None:  # fmt: skip
    with season.deps.db.begin() as session:
        channel_service.happened(session=session, team=TEAM, channel=COHORT, what="archived", now=MONDAY)
    assert "take it out of the archive" in post(season)
    send(season, hours=1)
    assert season.state("post")[0] == "refused"
    assert slack.said(COHORT) == []
    assert len([one for one in slack.said(FACILITATORS) if "is archived now" in one]) == 1


def test_an_archived_channel_that_nobody_told_of_is_found_by_the_first_refusal(season: Bench, slack: FakeSlack) -> None:
    slack.next_time("chat.postMessage", refuses("is_archived"))
    assert post(season) == "is_archived"
    with season.deps.db.read() as session:
        assert channel_service.shut(row(session, COHORT)) == "archived"
    send(season, minutes=1)
    assert len([one for one in slack.said(FACILITATORS) if "is archived now" in one]) == 1


def test_a_hello_has_the_buttons_of_whoever_reads_it(season: Bench, slack: FakeSlack) -> None:
    with season.deps.db.begin() as session:
        session.info["program"] = season.deps.programs.by_id(session, 1)
        lena = session.exec(select(Person).where(Person.user_id == LENA)).one()
        services.hello(session=session, viewer=who(session, FAY), person_id=lena.id or 0, now=MONDAY)
    send(season)
    (said,) = [one for one in slack.messages if one["channel"] == f"D{LENA[1:]}"]
    assert "Hand in a reflection" in str(said["blocks"])
    assert "no commands" in str(said["blocks"])


def test_whose_clock_is_known_by_now_is_not_asked(season: Bench, slack: FakeSlack) -> None:
    with season.deps.db.begin() as session:
        session.info["program"] = season.deps.programs.by_id(session, 1)
        kofi = session.exec(select(Person).where(Person.user_id == KOFI)).one()
        services.ask_zone(session=session, viewer=who(session, FAY), person_id=kofi.id or 0, now=MONDAY)
    send(season)
    assert slack.said(f"D{KOFI[1:]}") == []


def test_both_are_told_of_a_replacement_and_that_it_was_taken_back(season: Bench, slack: FakeSlack) -> None:
    with season.deps.db.begin() as session:
        session.info["program"] = season.deps.programs.by_id(session, 1)
        account = Account("U0MAYA001", "Maya Lopez", None, None, False, False, False, False)
        people.learn(session=session, team=TEAM, account=account, now=MONDAY)
        done = saved(session, wish(session, KOFI, "replace", user="U0MAYA001"))
    send(season, hours=2)
    (gone,), (came,) = slack.said(f"D{KOFI[1:]}"), slack.said("D0MAYA001")
    assert "Maya Lopez takes over from you for Gateway Makers" in gone
    assert "You take over from Kofi Mensah" in came
    assert "Gateway Makers" in came
    with season.deps.db.begin() as session:
        session.info["program"] = season.deps.programs.by_id(session, 1)
        undo(session, done.number)
    send(season, hours=2)
    assert "taken back" in slack.said(f"D{KOFI[1:]}")[-1]
    assert "do not take part" in slack.said("D0MAYA001")[-1]


def test_what_was_taken_back_before_it_was_said_is_not_said(season: Bench, slack: FakeSlack) -> None:
    with season.deps.db.begin() as session:
        session.info["program"] = season.deps.programs.by_id(session, 1)
        cast.person(session, "U0MAYA001", "Maya Lopez")
        done = saved(session, wish(session, KOFI, "replace", user="U0MAYA001"))
        undo(session, done.number)
    send(season, hours=4)
    assert slack.said(f"D{KOFI[1:]}") == []
    assert slack.said("D0MAYA001") == []
    assert season.state(f"{personnel.LEAVER}:{done.number}:{person_of(season, KOFI)}")[0] == "skipped"


def person_of(bench: Bench, user: str) -> int:
    with bench.deps.db.read() as session:
        return session.exec(select(Person.id).where(Person.user_id == user)).one() or 0
