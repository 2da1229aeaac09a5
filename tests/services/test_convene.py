"""How the bot is doing, for those who run a program."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.domain.convene import Status
from bot.domain.notices import Delivered, Notice, Refused, Skipped, ToChannel, ToPurpose
from bot.domain.people import NotAllowed
from bot.services import convene, notices
from storage import notices as rows
from storage.database import Database
from tests import cast
from tests.cast import ADA, ALEX, FACILITATORS, FAY, JUNE, MONDAY, SAM, TOMAS


def _said(session: Session, program_id: int, key: str, outcome: Delivered | Refused | Skipped) -> None:
    # Each in a channel of its own: in one, only one a second is said.
    rows.add(session, Notice(key, f"test.{key}", ToChannel(f"C0{key}"), MONDAY, program_id), MONDAY)
    (claimed,) = notices.claim_due(session=session, now=MONDAY)
    notices.settle(session=session, claimed=claimed, outcome=outcome, now=MONDAY)


def _status(session: Session, user: str) -> Status | NotAllowed:
    return convene.status(session=session, viewer=cast.asks(session, user), now=MONDAY)


@pytest.mark.parametrize("user", [FAY, ALEX])
def test_it_says_what_was_said_what_comes_and_what_could_not_be_said(db: Database, user: str) -> None:
    with db.begin() as session:
        program = cast.begin(session)
        _said(session, program.id, "one", Delivered("C1", "1.1"))
        _said(session, program.id, "two", Refused("channel_not_found"))
        _said(session, program.id, "three", Skipped("no channel is set for cohort"))
        _said(session, program.id, "four", Skipped("break: Thanksgiving"))
        later = MONDAY + timedelta(days=1)
        rows.add(session, Notice("five", "test.five", ToPurpose("cohort"), later, program.id), MONDAY)
        found = _status(session, user)
        assert isinstance(found, Status)
        assert found.database == session.get_bind().dialect.name
        assert found.notices == {"delivered": 1, "refused": 1, "skipped": 2, "planned": 1}
        assert found.last is not None
        assert found.last.kind == "test.one"
        assert found.next is not None
        assert (found.next.kind, found.next.at) == ("test.five", later)
        assert {one.reason for one in found.troubles} == {"channel_not_found", "no channel is set for cohort"}
        assert [one.channel for one in found.channels][-1] == FACILITATORS


@pytest.mark.parametrize("user", [ADA, TOMAS, JUNE, SAM])
def test_others_are_told_whom_to_ask(quick_db: Database, user: str) -> None:
    with quick_db.begin() as session:
        program = cast.begin(session)
        found = _status(session, user)
        assert isinstance(found, NotAllowed)
        assert found.program == program
        assert [one.user for one in found.facilitators] == [FAY]


def test_without_a_program_nobody_can_be_asked(quick_db: Database) -> None:
    with quick_db.begin() as session:
        assert _status(session, ALEX) == NotAllowed(None)
