"""The ledger follows a plan: what is new is added, what moved is moved, what is gone is withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from bot.domain.notices import NO_LONGER_PLANNED, PAST, Delivered, Later, Notice, Planned, Skipped, ToPurpose
from bot.services import notices as ledger
from bot.services.planning import Replanned, replan
from storage import notices
from storage.database import Database
from storage.notices import NoticeRow
from tests import cast

NOW = datetime(2020, 10, 12, 14, 0, tzinfo=UTC)
KIND = "reminder.event"


def _wanted(key: str = "a", *, days: float = 1, skip: str | None = None, program: int = 1) -> Planned:
    return Planned(Notice(key, KIND, ToPurpose("cohort"), NOW + timedelta(days=days), program, {"event": key}), skip)


def _plan(session: Session, *wanted: Planned, now: datetime = NOW) -> Replanned:
    return replan(session, 1, (KIND,), wanted, now)


def _row(session: Session, key: str = "a") -> NoticeRow:
    row = notices.get(session, key)
    assert row is not None
    return row


def test_a_new_notice_is_planned_once(db: Database) -> None:
    with db.begin() as session:
        cast.load(session)
        assert _plan(session, _wanted()) == Replanned(added=1)
        assert _plan(session, _wanted()) == Replanned()
        assert _row(session).state == "planned"


def test_what_is_already_past_is_on_record_with_its_reason(db: Database) -> None:
    with db.begin() as session:
        cast.load(session)
        assert _plan(session, _wanted(days=-1)) == Replanned(skipped=1)
        assert (_row(session).state, _row(session).reason) == ("skipped", PAST)


def test_what_is_due_in_this_very_minute_is_still_said(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.load(session)
        _plan(session, _wanted(days=0), now=NOW + timedelta(seconds=59))
        assert _row(session).state == "planned"


def test_a_reason_of_the_plan_is_kept(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.load(session)
        _plan(session, _wanted(skip="break: Winter break"))
        assert (_row(session).state, _row(session).reason) == ("skipped", "break: Winter break")


def test_a_moved_event_moves_its_notice(db: Database) -> None:
    with db.begin() as session:
        cast.load(session)
        _plan(session, _wanted())
        assert _plan(session, _wanted(days=3)) == Replanned(moved=1)
        assert _row(session).due_at == NOW + timedelta(days=3)


def test_a_notice_moved_into_the_past_is_skipped_with_the_reason(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.load(session)
        _plan(session, _wanted())
        assert _plan(session, _wanted(days=-1)) == Replanned(skipped=1)
        assert (_row(session).state, _row(session).reason) == ("skipped", PAST)


def test_a_notice_skipped_as_past_comes_back_when_its_event_moves_ahead(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.load(session)
        _plan(session, _wanted(days=-1))
        assert _plan(session, _wanted(days=2)) == Replanned(moved=1)
        row = _row(session)
        assert (row.state, row.reason, row.settled_at, row.due_at) == ("planned", None, None, NOW + timedelta(days=2))


def test_a_break_declared_later_skips_what_was_planned_and_its_end_brings_it_back(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.load(session)
        _plan(session, _wanted())
        assert _plan(session, _wanted(skip="break: Snow")) == Replanned(skipped=1)
        assert _row(session).reason == "break: Snow"
        assert _plan(session, _wanted()) == Replanned(moved=1)
        assert _row(session).state == "planned"


def test_a_removed_event_withdraws_its_notice_and_its_return_plans_it_again(db: Database) -> None:
    with db.begin() as session:
        cast.load(session)
        _plan(session, _wanted())
        assert _plan(session) == Replanned(withdrawn=1)
        assert (_row(session).state, _row(session).reason) == ("skipped", NO_LONGER_PLANNED)
        assert _plan(session) == Replanned()
        assert _plan(session, _wanted()) == Replanned(moved=1)
        assert _row(session).state == "planned"


def test_what_is_late_but_still_planned_is_left_to_be_sent(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.load(session)
        _plan(session, _wanted())
        assert _plan(session, _wanted(), now=NOW + timedelta(days=2)) == Replanned()
        assert _row(session).state == "planned"


def test_what_is_being_tried_again_is_not_mistaken_for_moved(quick_db: Database) -> None:
    due = NOW + timedelta(days=1)
    with quick_db.begin() as session:
        cast.load(session)
        _plan(session, _wanted())
        (claimed,) = ledger.claim_due(session=session, now=due)
        ledger.settle(session=session, claimed=claimed, outcome=Later("ratelimited"), now=due)
        session.expire_all()
        assert _plan(session, _wanted(), now=due + timedelta(minutes=5)) == Replanned()
        assert _row(session).retry_at is not None


def test_what_was_sent_is_never_touched(quick_db: Database) -> None:
    due = NOW + timedelta(days=1)
    with quick_db.begin() as session:
        cast.load(session)
        _plan(session, _wanted())
        (claimed,) = ledger.claim_due(session=session, now=due)
        assert _plan(session) == Replanned()
        ledger.settle(session=session, claimed=claimed, outcome=Delivered("C1", "1.2"), now=due)
        session.expire_all()
        assert _plan(session, _wanted(days=9)) == Replanned()
        assert (_row(session).state, _row(session).due_at) == ("delivered", due)


def test_what_a_sender_skipped_for_its_own_reason_stays_skipped(quick_db: Database) -> None:
    due = NOW + timedelta(days=1)
    with quick_db.begin() as session:
        cast.load(session)
        _plan(session, _wanted())
        (claimed,) = ledger.claim_due(session=session, now=due)
        ledger.settle(session=session, claimed=claimed, outcome=Skipped("it was over"), now=due)
        session.expire_all()
        assert _plan(session, _wanted(), now=due + timedelta(hours=1)) == Replanned()
        assert _row(session).reason == "it was over"


def test_other_programs_and_other_kinds_are_left_alone(quick_db: Database) -> None:
    with quick_db.begin() as session:
        cast.load(session)
        other = cast.load(session, "stem-iq")
        notices.add(session, _wanted("theirs", program=other.id).notice, NOW)
        notices.add(session, Notice("receipt", "reflection.receipt", ToPurpose("cohort"), NOW, 1), NOW)
        assert _plan(session) == Replanned()
        assert {_row(session, key).state for key in ("theirs", "receipt")} == {"planned"}


def test_only_what_is_to_be_said_wakes_the_senders(quick_db: Database) -> None:
    pokes: list[str] = []
    quick_db.on_notices = lambda: pokes.append("poke")
    with quick_db.begin() as session:
        cast.load(session)
        _plan(session, _wanted(days=-1))
    assert pokes == []
    with quick_db.begin() as session:
        _plan(session, _wanted(days=1))
    assert pokes == ["poke"]
