"""What is said about entries is said once, while it is true, and its message says what became of it."""

from __future__ import annotations

import pytest
from sqlmodel import Session

from bot.domain.programs import Entry
from bot.services import entries, entries_editing, programs
from bot.services.programs import Programs
from jobs import entries as jobs
from jobs import registry, sender
from storage import notices
from storage.programs import items
from tests import cast
from tests.cast import ADA, FAY, MONDAY, PRIYA
from tests.fakes import FakeSlack
from tests.jobs.conftest import Bench
from tests.services.test_entries import DUE, asked, due, fine, vote


def send(bench: Bench, **forward: float) -> None:
    now = bench.clock.forward(**forward)
    jobs.plan(bench.deps, now)
    sender.send_due(bench.deps, now, registry.KINDS)


def doubted(bench: Bench) -> Entry:
    """Two people were not helped by the entry about the due date."""
    with bench.deps.db.begin() as session:
        cast.begin(session)
        question = asked(session, DUE)
        vote(session, question, ADA)
        vote(session, question, PRIYA)
        return due(session)


def lapsing(session: Session) -> str:
    """The entry about the due date is right until Wednesday, and Fay looks after it; nothing else lapses."""
    program = cast.begin(session)
    key = due(session).key
    for item in items(session, program.id):
        if item.section == "faq":
            item.body = {name: value for name, value in item.body.items() if name != "verified"}
            session.add(item)
    session.flush()
    body = next(one.body for one in items(session, program.id) if one.section == "faq" and one.key == key)
    verified = {"by": "Adam", "on": "2020-09-14", "until": "2020-10-14"}
    programs.edit_item(
        session=session,
        slug="ost-cop",
        section="faq",
        key=key,
        body={**body, "owner": "Fay", "verified": verified},
        by=FAY,
        now=MONDAY,
    )
    return key


def test_the_facilitators_see_what_did_not_help_and_then_who_has_looked_at_it(bench: Bench, slack: FakeSlack) -> None:
    entry = doubted(bench)
    send(bench)
    (said,) = [one for one in slack.said(cast.FACILITATORS) if "did not help 2 people" in one]
    assert entry.question in said
    with bench.deps.db.begin() as session:
        fine(session, entry)
    send(bench, hours=1)
    assert not [one for one in slack.said(cast.FACILITATORS) if "did not help" in one]
    (settled,) = [one for one in slack.said(cast.FACILITATORS) if "fine as it is" in one]
    assert "Fay Whitaker" in settled


def test_a_doubt_that_was_settled_before_it_was_said_is_not_said(bench: Bench, slack: FakeSlack) -> None:
    entry = doubted(bench)
    with bench.deps.db.begin() as session:
        fine(session, entry)
    send(bench, hours=1)
    assert not [one for one in slack.said(cast.FACILITATORS) if "help" in one]


def test_the_owner_is_reminded_once_on_the_morning_after(bench: Bench, slack: FakeSlack) -> None:
    with bench.deps.db.begin() as session:
        lapsing(session)
    send(bench)
    send(bench, days=2, hours=23)
    assert slack.said("D0FAY0001") == []
    for _ in range(2):
        send(bench, hours=1)
    assert len([one for one in slack.said("D0FAY0001") if "Is this still right?" in one]) == 1


def test_who_was_faster_than_the_reminder_is_not_reminded(bench: Bench, slack: FakeSlack) -> None:
    with bench.deps.db.begin() as session:
        key = lapsing(session)
    send(bench)
    with bench.deps.db.begin() as session:
        entries_editing.renew(
            session=session, programs=Programs(), viewer=cast.asks(session, FAY), entry=key, key="r", now=MONDAY
        )
    send(bench, days=3)
    assert slack.said("D0FAY0001") == []


@pytest.mark.parametrize("gone", ["taken out", "break"])
def test_a_reminder_that_makes_no_sense_any_more_is_left_out(bench: Bench, slack: FakeSlack, gone: str) -> None:
    pause = {"id": "storm", "name": "Storm", "from": "2020-10-15", "to": "2020-10-15"}
    with bench.deps.db.begin() as session:
        key = lapsing(session)
    send(bench)
    with bench.deps.db.begin() as session:
        program = Programs().get(session, "ost-cop")
        assert program is not None
        (row,) = notices.standing(session, program.id, (entries.LAPSED,))
        section, name, body = ("faq", key, None) if gone == "taken out" else ("breaks", "storm", pause)
        programs.edit_item(
            session=session, slug="ost-cop", section=section, key=name, body=body, by=FAY, now=MONDAY
        )  # fmt: skip
    # Without planning anew, as a sender that was faster than the planner.
    now = bench.clock.forward(days=3)
    sender.send_due(bench.deps, now, registry.KINDS)
    assert bench.row(row.key).state == "skipped"
    assert slack.said("D0FAY0001") == []


def test_a_reminders_message_says_that_it_is_still_right(bench: Bench, slack: FakeSlack) -> None:
    with bench.deps.db.begin() as session:
        key = lapsing(session)
    send(bench)
    send(bench, days=3)
    with bench.deps.db.begin() as session:
        entries_editing.renew(
            session=session,
            programs=Programs(),
            viewer=cast.asks(session, FAY),
            entry=key,
            key="r",
            now=bench.clock(),
        )
    send(bench, minutes=1)
    (said,) = slack.said("D0FAY0001")
    assert "still right, until Nov 14, 2020" in said


def test_what_is_doubted_is_told_with_the_questions_that_led_to_it(bench: Bench, slack: FakeSlack) -> None:
    doubted(bench)
    send(bench)
    blocks = [str(one["blocks"]) for one in slack.messages if one["channel"] == cast.FACILITATORS]
    assert any(DUE in one and "They had asked" in one for one in blocks)
