"""The ledger's rows: once by key, counted, found when they are due."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from bot.domain.notices import (
    LEASE,
    NO_CHANNEL,
    Delivered,
    Later,
    Notice,
    Outcome,
    Refused,
    Skipped,
    Target,
    ToChannel,
    ToPerson,
    ToPurpose,
)
from bot.domain.paces import CHANNEL
from bot.services import notices as ledger
from bot.services import paces
from storage import notices
from storage.database import Database
from tests.cast import MONDAY

SOON = timedelta(minutes=5)


def _add(session: Session, key: str, after: timedelta = timedelta(), to: Target = ToChannel("C1")) -> bool:
    return notices.add(session, Notice(key, "test.say", to, MONDAY + after, None, {"id": 7}), MONDAY)


def test_a_key_counts_once_and_the_rest_of_the_transaction_stands(db: Database) -> None:
    with db.begin() as session:
        assert _add(session, "a")
        assert not _add(session, "a", SOON)
        assert _add(session, "b")
    with db.read() as session:
        found = {row.key: row.due_at for row in notices.by_state(session, ("planned",))}
    assert found == {"a": MONDAY, "b": MONDAY}


def test_what_waits_in_one_place_is_put_off_one_behind_the_other_and_stays_what_it_was(db: Database) -> None:
    died = MONDAY + timedelta(hours=1) + LEASE
    with db.begin() as session:
        for key in ("a", "b", "c"):
            _add(session, key)
        (claimed,) = ledger.claim_due(session=session, now=MONDAY)
        assert claimed.notice.key == "a"
    # Whoever claimed it has died, and at that moment the channel has no turn to give.
    with db.begin() as session:
        paces.take_channel(session=session, channel="C1", now=died)
        assert ledger.claim_due(session=session, now=died) == ()
    with db.read() as session:
        found = {row.key: row for row in notices.by_state(session, ("planned", "unknown"))}
        opens = sorted(row.retry_at for row in found.values() if row.retry_at is not None)
        assert {key: row.state for key, row in found.items()} == {"a": "unknown", "b": "planned", "c": "planned"}
        assert [one - opens[0] for one in opens] == [CHANNEL.every * number for number in range(3)]
        assert opens[0] > died
        assert found["a"].uncertain_since is not None
        assert (found["b"].uncertain_since, found["a"].lease_until, found["a"].attempts) == (None, None, 1)


def test_a_notice_comes_back_as_it_went_in(db: Database) -> None:
    targets: tuple[Target, ...] = (ToChannel("C1"), ToChannel("C1", "1.2"), ToPerson("U1"), ToPurpose("cohort"))
    for number, target in enumerate(targets):
        wanted = Notice(f"n{number}", "test.say", target, MONDAY, None, {"text": "ä", "number": 3, "none": None})
        with db.begin() as session:
            notices.add(session, wanted, MONDAY)
        with db.read() as session:
            row = notices.get(session, wanted.key)
            assert row is not None
            assert notices.to_notice(row) == wanted
            assert row.opaque_key == wanted.opaque_key


def test_the_next_due_moment_is_that_of_the_earliest_open_notice(db: Database) -> None:
    later = MONDAY + timedelta(days=9)
    with db.begin() as session:
        assert notices.next_due(session, later) is None
        _add(session, "b", timedelta(days=2))
        _add(session, "a", timedelta(days=1))
        _add(session, "settled")
        (claimed,) = ledger.claim_due(session=session, now=MONDAY)
        ledger.settle(session=session, claimed=claimed, outcome=Delivered("C1", "1.2"), now=MONDAY)
        assert notices.next_due(session, later) == MONDAY + timedelta(days=1)
        assert notices.next_due(session, MONDAY + timedelta(hours=23)) is None


def test_what_is_to_be_tried_again_is_due_then(db: Database) -> None:
    later = MONDAY + timedelta(days=9)
    with db.begin() as session:
        _add(session, "a")
        (claimed,) = ledger.claim_due(session=session, now=MONDAY)
        assert notices.next_due(session, later) == MONDAY + LEASE
        ledger.settle(session=session, claimed=claimed, outcome=Later("ratelimited", SOON), now=MONDAY)
        assert notices.next_due(session, later) == MONDAY + SOON
        assert ledger.claim_due(session=session, now=MONDAY + SOON - timedelta(seconds=1)) == ()
        assert len(ledger.claim_due(session=session, now=MONDAY + SOON)) == 1


def test_states_are_counted_and_the_last_refusals_named(db: Database) -> None:
    outcomes: tuple[Outcome, ...] = (
        Delivered("C1", "1.2"),
        Refused("not_in_channel"),
        Refused("is_archived"),
        Skipped("no channel is set for cohort"),
        Skipped("the event was over"),
        Later("ratelimited", timedelta(days=1)),
    )
    for number, outcome in enumerate(outcomes):
        now = MONDAY + timedelta(minutes=number)
        with db.begin() as session:
            _add(session, f"n{number}", timedelta(minutes=number))
            (claimed,) = ledger.claim_due(session=session, now=now)
            ledger.settle(session=session, claimed=claimed, outcome=outcome, now=now)
    with db.begin() as session:
        _add(session, "ahead", timedelta(days=5))
    with db.read() as session:
        counted = notices.counts(session)
        not_said = [one.reason for one in notices.not_said(session, None, (NO_CHANNEL,), 5)]
        latest = [one.reason for one in notices.not_said(session, None, (NO_CHANNEL,), 1)]
        retrying = [(one.to_channel, one.reason) for one in notices.struggling(session, None, 5)]
        elsewhere = notices.counts(session, 99), notices.not_said(session, 99, (NO_CHANNEL,), 5)
    assert counted == {"delivered": 1, "refused": 2, "skipped": 2, "planned": 2}
    assert not_said == ["no channel is set for cohort", "is_archived", "not_in_channel"]
    assert latest == ["no channel is set for cohort"]
    assert retrying == [("C1", "ratelimited")]
    assert elsewhere == ({}, [])


def test_only_a_committed_notice_wakes_the_sender(quick_db: Database) -> None:
    pokes: list[bool] = []
    quick_db.on_notices = lambda: pokes.append(True)
    try:
        with quick_db.begin() as session:
            _add(session, "a")
            raise KeyError("rolled back")
    except KeyError:
        pass
    assert pokes == []
    with quick_db.begin() as session:
        _add(session, "a")
    assert pokes == [True]
