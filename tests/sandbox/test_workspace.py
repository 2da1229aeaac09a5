"""What must stay true of ids and times, also from one run to the next."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.clock import ShiftedClock
from bot.sandbox.ids import dm_id
from bot.sandbox.modals import Views
from bot.sandbox.workspace import Workspace
from tests.sandbox.blocks import home
from tests.sandbox.conftest import ADA, MONDAY, PEOPLE, QUESTIONS, ROOMS, manifest


def workspace() -> Workspace:
    return Workspace(people=PEOPLE, rooms=ROOMS, manifest=manifest(), clock=ShiftedClock(MONDAY))


class Stopped:
    """A clock that stands still: the worst that message times can be given."""

    def __call__(self) -> datetime:
        return MONDAY.astimezone(UTC)


def test_message_times_are_unique_even_when_time_stands_still() -> None:
    still = workspace()
    still.clock = Stopped()  # type: ignore[assignment]

    stamps = [still.stamp() for _ in range(1000)]

    assert len(set(stamps)) == 1000
    assert stamps == sorted(stamps)
    assert all(len(one) == 17 for one in stamps)


def test_two_runs_of_one_story_give_different_times_and_ids() -> None:
    first, second = workspace(), workspace()
    first.clock = second.clock = Stopped()  # type: ignore[assignment]

    assert {first.stamp() for _ in range(3)}.isdisjoint({second.stamp() for _ in range(3)})
    assert first.passes.trigger(ADA) != second.passes.trigger(ADA)
    assert Views(first).publish(ADA, home(), None).id != Views(second).publish(ADA, home(), None).id


def test_a_direct_message_has_the_same_id_in_every_run() -> None:
    assert dm_id(ADA) == "D0ADA"
    assert workspace().channels["D0ADA"].user == ADA


def test_a_message_can_be_said_in_the_past_and_stands_in_its_place() -> None:
    place = workspace()
    place.say(ADA, QUESTIONS, "now")

    place.say(ADA, QUESTIONS, "before", ts="1602000000.000001")

    assert [one.text for one in place.top_level(QUESTIONS)] == ["before", "now"]


def test_old_passes_are_forgotten_before_they_fill_the_memory() -> None:
    place = workspace()

    for _ in range(5_000):
        place.passes.trigger(ADA)

    assert len(place.passes._triggers) <= 2_001
