"""Those who come hear what becomes of their date, once, and nothing that they know already."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.changes import Changed, Draft, Editing, Foreseen, Undone
from bot.domain.rsvps import TOLD, Noted
from bot.services import change_items, changes, rsvps, switchboard
from bot.services.undoing import KINDS
from storage import people, quiet
from tests import cast
from tests.cast import COHORT, FAY, KOFI, LENA, PRIYA, TOMAS
from tests.jobs.conftest import Bench
from tests.jobs.test_moves import Season

CONVENING = "convening-1"


@pytest.fixture
def season(bench: Bench) -> Season:
    """The cast on Monday of the application week."""
    with bench.deps.db.begin() as session:
        cast.begin(session)
    found = Season(bench)
    found.beat()
    return found


def says(season: Season, user: str, *, coming: bool = True) -> None:
    bench = season.bench
    bench.clock.forward(seconds=1)
    with bench.deps.db.begin() as session:
        found = rsvps.press(
            session=session,
            programs=bench.deps.programs,
            viewer=cast.asks(session, user),
            program_id=1,
            event_key=CONVENING,
            seen=None,
            coming=coming,
            pressed_at=bench.clock(),
            now=bench.clock(),
        )
    assert isinstance(found, Noted)
    season.beat()


def cancel(season: Season) -> int:
    bench = season.bench
    now = bench.clock.forward(minutes=1)
    with bench.deps.db.begin() as session:
        shape = change_items.editing(session=session, viewer=cast.asks(session, FAY), section="events", key=CONVENING)
        assert isinstance(shape, Editing)
        wanted = Draft("events", CONVENING, seen=shape.mark, remove=True)
        given = {"session": session, "programs": bench.deps.programs, "request": f"v{now}", "now": now}
        first = change_items.hand_in(viewer=cast.asks(session, FAY), draft=wanted, **given)  # type: ignore[arg-type]
        assert isinstance(first, Foreseen)
        looked = replace(wanted, looked=first.draft.mark())
        done = change_items.hand_in(viewer=cast.asks(session, FAY), draft=looked, **given)  # type: ignore[arg-type]
    assert isinstance(done, Changed)
    return done.change


def undo(season: Season, number: int) -> None:
    bench = season.bench
    now = bench.clock.forward(minutes=1)
    with bench.deps.db.begin() as session:
        found = changes.undo(
            session=session,
            programs=bench.deps.programs,
            viewer=cast.asks(session, FAY),
            number=number,
            kinds=KINDS,
            now=now,
        )
    assert isinstance(found, Undone)


def heard(season: Season, user: str) -> list[str]:
    """What somebody was told of the convening, directly."""
    return season.said(f"D{user[1:]}", "Convening 1")


def test_a_cancelled_date_is_told_to_each_who_comes_once(season: Season) -> None:
    says(season, TOMAS)
    says(season, KOFI)
    says(season, LENA, coming=False)
    cancel(season)
    season.beat()
    season.beat()
    for user in (TOMAS, KOFI):
        (text,) = heard(season, user)
        assert "is cancelled. You said that you are coming: there is nothing for you to do." in text
    assert heard(season, LENA) == heard(season, PRIYA) == []


def test_it_takes_place_after_all_and_the_answer_stands(season: Season) -> None:
    says(season, TOMAS)
    number = cancel(season)
    season.beat()
    undo(season, number)
    season.beat()
    season.beat()
    first, second = heard(season, TOMAS)
    assert "is cancelled" in first
    assert "takes place after all: Thu, Nov 19, 10:00 am–12:00 pm (St. Louis). You said that you are coming" in second


def test_cancelled_and_taken_back_before_anybody_was_told_says_nothing(season: Season) -> None:
    says(season, TOMAS)
    undo(season, cancel(season))
    season.beat()
    assert heard(season, TOMAS) == []
    assert {row.state for row in season.rows(TOLD)} == {"skipped"}


def test_a_moved_date_is_asked_again_with_its_buttons(season: Season) -> None:
    says(season, TOMAS)
    saved = season.move("2020-11-20 10:00", "12:00", key=CONVENING)
    assert [one.user for one in saved.effects.comers] == [TOMAS]
    season.beat()
    (text,) = heard(season, TOMAS)
    assert "has moved to Fri, Nov 20, 10:00 am–12:00 pm (St. Louis). It was to be Thu, Nov 19" in text
    blocks = season.bench.slack.messages[-1]["blocks"]
    pressed = [one["value"] for block in blocks for one in block.get("elements", ()) if "value" in one]
    assert pressed == ["1:convening-1/20201120T1600Z"] * 2


def test_moved_twice_before_it_is_said_tells_the_last_time_once(season: Season) -> None:
    says(season, TOMAS)
    season.move("2020-11-20 10:00", "12:00", key=CONVENING)
    season.bench.clock.forward(seconds=5)
    season.move("2020-11-23 10:00", "12:00", key=CONVENING)
    season.beat()
    (text,) = heard(season, TOMAS)
    assert "has moved to Mon, Nov 23" in text


def test_who_says_it_again_after_the_move_knows_and_is_not_told(season: Season) -> None:
    says(season, TOMAS)
    says(season, KOFI)
    season.move("2020-11-20 10:00", "12:00", key=CONVENING)
    bench = season.bench
    with bench.deps.db.begin() as session:
        for user, coming in ((TOMAS, True), (KOFI, False)):
            rsvps.press(
                session=session,
                programs=bench.deps.programs,
                viewer=cast.asks(session, user),
                program_id=1,
                event_key=CONVENING,
                seen=None,
                coming=coming,
                pressed_at=bench.clock() + timedelta(seconds=5),
                now=bench.clock() + timedelta(seconds=5),
            )
    bench.clock.forward(seconds=10)
    season.beat()
    assert heard(season, TOMAS) == heard(season, KOFI) == []


def test_it_waits_for_ones_quiet_where_nobody_would_come_in_vain(season: Season) -> None:
    says(season, TOMAS)
    with season.bench.deps.db.begin() as session:
        tomas = people.by_user(session, cast.TEAM, TOMAS)
        assert tomas is not None
        session.add(quiet.QuietHours(person_id=tomas.id or 0, starts="08:00", ends="12:00", set_at=cast.MONDAY))
    season.until("2020-10-12 09:30")
    cancel(season)
    season.beat()
    assert heard(season, TOMAS) == []
    season.until("2020-10-12 12:01")
    assert len(heard(season, TOMAS)) == 1


def test_who_has_paused_hears_of_what_they_come_to(season: Season) -> None:
    says(season, TOMAS)
    with season.bench.deps.db.begin() as session:
        switchboard.pause(
            session=session, viewer=cast.asks(session, TOMAS), day=None, open_end=True, now=season.bench.clock()
        )
    cancel(season)
    season.beat()
    assert len(heard(season, TOMAS)) == 1


def test_who_has_left_meanwhile_is_not_told(season: Season) -> None:
    says(season, TOMAS)
    cancel(season)
    with season.bench.deps.db.begin() as session:
        tomas = people.by_user(session, cast.TEAM, TOMAS)
        assert tomas is not None
        for one in people.memberships(session, tomas.id or 0):
            one.state = "left"
            session.add(one)
    season.beat()
    assert heard(season, TOMAS) == []


def test_the_language_is_the_readers(season: Season) -> None:
    says(season, TOMAS)
    with season.bench.deps.db.begin() as session:
        switchboard.choose(session=session, viewer=cast.asks(session, TOMAS), language="es", now=season.bench.clock())
    cancel(season)
    season.beat()
    (text,) = heard(season, TOMAS)
    assert "jueves 19 de noviembre" in text
    assert "se canceló. Usted dijo que viene" in text


def test_the_channel_that_heard_of_it_hears_that_it_takes_place_after_all(season: Season) -> None:
    season.until("2020-11-18 12:00")
    assert len(season.said(COHORT, "Convening 1")) > 0
    number = cancel(season)
    season.beat()
    assert season.said(COHORT, "Convening 1")[-1].endswith("is cancelled")
    undo(season, number)
    season.beat()
    assert "takes place after all: Thu, Nov 19" in season.said(COHORT, "Convening 1")[-1]
    before = season.said(COHORT, "Convening 1")
    season.beat()
    assert season.said(COHORT, "Convening 1") == before


def test_what_said_that_it_is_cancelled_is_edited_and_calendars_follow(season: Season) -> None:
    season.takes_file(TOMAS, CONVENING)
    season.until("2020-11-18 12:00")
    number = cancel(season)
    season.beat()
    undo(season, number)
    season.beat()
    said = season.said(COHORT, "Convening 1")
    assert [text for text in said if text.endswith("is cancelled")] == []
    assert "takes place after all: now Thu, Nov 19, 10:00 am–12:00 pm (St. Louis), not cancelled" in said[-2]
    comments = [str(one["text"]) for one in season.bench.slack.messages if "file" in one]
    assert "is cancelled." in comments[-2]
    assert "takes place after all: Thu, Nov 19" in comments[-1]


def test_homework_that_is_asked_for_after_all_is_said_where_it_was_taken_back(season: Season) -> None:
    season.until("2020-10-19 09:30")
    bench = season.bench
    with bench.deps.db.begin() as session:
        shape = change_items.editing(
            session=session, viewer=cast.asks(session, FAY), section="assignments", key="before-we-begin"
        )
        assert isinstance(shape, Editing)
        wanted = Draft("assignments", "before-we-begin", seen=shape.mark, remove=True)
        wanted = replace(wanted, looked=wanted.mark())
        done = change_items.hand_in(
            session=session,
            programs=bench.deps.programs,
            viewer=cast.asks(session, FAY),
            draft=wanted,
            request="v1",
            now=bench.clock(),
        )
    assert isinstance(done, Changed)
    season.beat()
    assert season.said(COHORT, "not asked for any more")
    undo(season, done.change)
    season.beat()
    assert "is asked for after all, due" in season.said(COHORT, "Before we begin")[-1]
