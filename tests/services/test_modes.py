"""How a program speaks, in the database, on each engine: once, on record, undone, and never over its samples."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.domain.changes import Undone
from bot.domain.modes import Changed, Listed, Standing
from bot.domain.notices import Notice, Target, ToChannel, ToPerson, ToPurpose
from bot.domain.people import NotAllowed
from bot.services import modes, programs
from bot.services.programs import Programs
from storage import changes as change_rows
from storage.database import Database
from tests import cast
from tests.cast import ADA, ALEX, APPLICANTS, FACILITATORS, FAY, LENA, MONDAY, TOMAS

LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def season(db: Database) -> Iterator[Session]:
    """The cast, on each engine."""
    with db.begin() as session:
        cast.begin(session)
        yield session


def live(session: Session, user: str = FAY, request: str = "a") -> Changed | NotAllowed:
    viewer = cast.asks(session, user)
    return modes.go_live(session=session, programs=Programs(), viewer=viewer, request=request, now=LATER)


def test_going_live_is_kept_with_its_moment(season: Session) -> None:
    assert isinstance(live(season), Changed)
    program = Programs().by_id(season, 1)
    assert program is not None
    assert (program.mode, program.live_since) == ("live", LATER)


def test_twice_is_once_and_the_second_hears_who_was_first(season: Session) -> None:
    live(season)
    found = live(season, ALEX, "b")
    assert isinstance(found, Changed)
    assert (found.already, found.by) == (True, "Fay Whitaker")
    assert len(change_rows.latest(season, 1, 9)) == 1


def test_it_can_be_undone(season: Session) -> None:
    live(season)
    (change,) = change_rows.latest(season, 1, 5)
    assert isinstance(cast.undo(season, ALEX, change.id, LATER), Undone)
    program = Programs().by_id(season, 1)
    assert program is not None
    assert program.mode == "demo"


@pytest.mark.parametrize("user", [ADA, TOMAS, LENA])
def test_others_may_not_and_nothing_changes(season: Session, user: str) -> None:
    found = live(season, user)
    assert isinstance(found, NotAllowed)
    assert [one.name for one in found.facilitators] == ["Fay Whitaker"]
    assert isinstance(modes.look(session=season, viewer=cast.asks(season, user), now=LATER), NotAllowed)
    assert isinstance(modes.listed(session=season, viewer=cast.asks(season, user)), NotAllowed)
    assert change_rows.latest(season, 1, 9) == []


def test_who_looks_after_a_live_program_sees_its_samples_and_nobody_else(season: Session) -> None:
    live(season)
    assert cast.asks(season, FAY).of_program.event("convening-1") is not None
    assert cast.asks(season, TOMAS).of_program.event("convening-1") is None
    assert cast.asks(season, ADA).of_program.resource("packet") is None
    found = modes.listed(session=season, viewer=cast.asks(season, FAY))
    assert isinstance(found, Listed)
    assert found.samples == modes.samples(cast.asks(season, FAY).of_program)


def test_what_would_follow_is_counted_without_samples(season: Session) -> None:
    found = modes.look(session=season, viewer=cast.asks(season, FAY), now=MONDAY)
    assert isinstance(found, Standing)
    assert found.posts > 0
    assert found.left_out > 0
    live(season)
    program = cast.asks(season, FAY).of_program
    assert modes.left_out(program, MONDAY, MONDAY + timedelta(days=7)) == found.left_out


def test_loading_the_file_again_keeps_how_it_speaks(season: Session) -> None:
    live(season)
    programs.load(session=season, sheet=cast.sheet(programs.find_file("ost-cop")), now=LATER, mode="practice")
    program = Programs().by_id(season, 1)
    assert program is not None
    assert program.mode == "live"


def test_a_place_is_known_by_what_its_channel_is_for(season: Session) -> None:
    def place(target: Target) -> str:
        return modes.place(season, Notice("a", "x", target, MONDAY, 1))

    assert place(ToPerson(TOMAS)) == place(ToChannel("D0TOMAS")) == "direct"
    assert place(ToPurpose("facilitators")) == place(ToChannel(FACILITATORS, "1.0")) == "facilitators"
    assert place(ToPurpose("cohort")) == place(ToChannel(APPLICANTS)) == place(ToChannel("C0OTHER")) == "channel"
