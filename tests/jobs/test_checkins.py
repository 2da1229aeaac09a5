"""The receipt of a check-in comes once, and is brought up to date where it is."""

from __future__ import annotations

import pytest

from bot.domain.once import Saved
from bot.services import checkins
from jobs import checkins as jobs
from tests import cast
from tests.cast import JUNE, PRIYA
from tests.fakes import breaks, refuses
from tests.jobs.conftest import Bench
from tests.services.test_checkins import draft, log, organization

HERS = "D0PRIYA01"


@pytest.fixture
def hers(bench: Bench) -> Bench:
    """The cast, with Priya about to log a check-in."""
    bench.kinds.update(jobs.KINDS)
    with bench.deps.db.begin() as session:
        cast.begin(session)
    return bench


def hand_in(bench: Bench) -> int:
    with bench.deps.db.begin() as session:
        return log(session, PRIYA, now=bench.clock()).checkin_id


def change(bench: Bench, checkin_id: int, next_step: str = "Train them twice") -> None:
    with bench.deps.db.begin() as session:
        outcome = checkins.submit(
            session=session,
            viewer=cast.asks(session, PRIYA),
            draft=draft(session, PRIYA, next_step=next_step),
            key=f"form {next_step}",
            now=bench.clock(),
            checkin_id=checkin_id,
        )
    assert isinstance(outcome, Saved)


def test_the_receipt_comes_directly_and_only_to_its_author(hers: Bench) -> None:
    hand_in(hers)
    hers.send(seconds=1)
    assert hers.slack.said() == hers.slack.said(HERS)
    assert hers.slack.said(HERS) == ["Check-in no. 1 is saved: one-on-one with June Park, Mon, Oct 12."]


def test_a_change_updates_the_receipt_where_it_is(hers: Bench) -> None:
    one = hand_in(hers)
    hers.send(seconds=1)
    change(hers, one)
    hers.send(hours=1)
    assert len(hers.slack.said(HERS)) == 1
    (update,) = hers.slack.asked("chat.update")
    assert "Train them twice" in str(update["blocks"])


def test_a_change_before_the_receipt_was_sent_is_in_the_receipt(hers: Bench) -> None:
    one = hand_in(hers)
    change(hers, one)
    hers.send(seconds=1)
    assert len(hers.slack.said(HERS)) == 1
    assert "Train them twice" in str(hers.slack.asked("chat.postMessage")[0]["blocks"])


def test_a_receipt_that_was_refused_comes_with_the_change(hers: Bench) -> None:
    hers.slack.next_time("chat.postMessage", refuses("restricted_action"))
    one = hand_in(hers)
    hers.send(seconds=1)
    assert hers.slack.said(HERS) == []
    change(hers, one)
    hers.send(seconds=1)
    assert len(hers.slack.said(HERS)) == 1


def test_a_change_waits_for_a_receipt_of_which_nobody_knows_whether_it_arrived(hers: Bench) -> None:
    one = hand_in(hers)
    hers.slack.next_time("chat.postMessage", breaks(acts=True))
    hers.send(seconds=1)
    change(hers, one)
    hers.send(seconds=1)
    assert hers.row(f"checkin.receipt_change:{one}:2").state == "planned"
    hers.send(minutes=1)
    hers.send(minutes=1)
    assert hers.row(f"checkin.receipt_change:{one}:2").state == "delivered"
    assert len(hers.slack.said(HERS)) == 1


def test_the_receipt_says_who_else_wrote_and_never_a_private_note(hers: Bench) -> None:
    hand_in(hers)
    with hers.deps.db.begin() as session:
        bright = organization(session, cast.BRIGHT)
        log(session, JUNE, organizations=(bright,), private_note="tired today", now=hers.clock())
    hers.send(seconds=1)
    said = str(hers.slack.messages)
    assert "June Park wrote about this meeting as well" in said
    assert "tired today" not in said
