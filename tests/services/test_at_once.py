"""Two who run a program do the same at the same moment: the second stands on what the first has done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from sqlmodel import Session

from bot.domain.channels import Assigned
from bot.domain.memberships import Place, Placed
from bot.services import channels, memberships
from bot.services.programs import Programs
from storage import channels as channel_rows
from storage import people
from storage.database import Database
from tests import cast
from tests.cast import ALEX, FAY, GENERAL, MONDAY, SAM, TEAM

MAYA, NEW = "U0MAYA001", "C0NEW0001"
PARTICIPANT = Place(frozenset(["participant"]), new_organization="Hill Makers")


@pytest.fixture
def season(migrated_postgres_url: str) -> Iterator[Database]:
    """The cast, where several write at once."""
    database = Database(migrated_postgres_url)
    with database.begin() as session:
        cast.begin(session)
    yield database
    database.close()


def at_once(db: Database, first: Callable[[Session], object], second: Callable[[Session], object]) -> list[object]:
    """What comes of both, where the second begins before the first is committed."""
    came: list[object] = []

    def meanwhile() -> None:
        with db.begin() as session:
            came.append(second(session))

    other = Thread(target=meanwhile)
    with db.begin() as session:
        before = first(session)
        other.start()
        # Whoever does not wait is through by then; whoever waits goes on once this is committed.
        other.join(0.5)
    other.join(30)
    return [before, *came]


def test_a_program_has_one_channel_for_its_cohort(season: Database) -> None:
    def assigned(by: str, channel: str) -> Callable[[Session], object]:
        return lambda session: channels.assign(
            session=session, programs=Programs(), team=TEAM, by=by, channel=channel, use="cohort", program_id=1,
            room=None, now=MONDAY,
        )  # fmt: skip

    came = at_once(season, assigned(FAY, GENERAL), assigned(ALEX, NEW))
    assert [isinstance(one, Assigned) for one in came] == [True, True]
    with season.read() as session:
        assert [one.channel_id for one in channel_rows.for_purpose(session, 1, "cohort")] == [NEW]


def test_two_who_wait_are_confirmed_for_the_same_new_organization(season: Database) -> None:
    with season.begin() as session:
        program = Programs().by_id(session, 1)
        assert program is not None
        waiting = [
            cast.join(session, program, user, "participant", state="pending", name=user).id for user in (SAM, MAYA)
        ]

    def confirmed(by: str, number: int | None) -> Callable[[Session], object]:
        return lambda session: memberships.confirm(
            session=session, by=cast.asks(session, by), membership_id=number or 0, place=PARTICIPANT, now=MONDAY
        )  # fmt: skip

    came = at_once(season, confirmed(FAY, waiting[0]), confirmed(ALEX, waiting[1]))
    assert [isinstance(one, Placed) for one in came] == [True, True]
    with season.read() as session:
        named = [one for one in people.organizations(session, 1) if one.name == "Hill Makers"]
        assert len(named) == 1
