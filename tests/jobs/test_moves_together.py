"""Several dates that move at once: one word to each channel that lists them, and each posted message is edited once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.changes import Changed, Draft, Editing, Foreseen
from bot.domain.moves import CORRECTION, EDIT
from bot.services import change_items, changes
from bot.services.undoing import KINDS
from bot.views import changes as views
from tests import cast
from tests.cast import APPLICANTS, FAY
from tests.jobs.conftest import Bench
from tests.jobs.test_moves import Season
from tests.journeys.workspace import text_of

PHOENIX = "America/Phoenix"
OFFICE, DEADLINE = "Application Office Hours", "Applications are due"


@pytest.fixture
def season(bench: Bench) -> Season:
    """The cast on Friday noon of the application week: the applicants' channel has read of two dates to come."""
    with bench.deps.db.begin() as session:
        cast.begin(session)
    found = Season(bench)
    found.beat()
    found.until("2020-10-16 12:30")
    return found


def to(season: Season, zone: str, request: str = "v1", *, looked: bool = True) -> Foreseen | Changed:
    """Another clock for the program, seen and, unless it is only `looked` at, saved."""
    with season.bench.deps.db.begin() as session:
        viewer = cast.asks(session, FAY)
        shape = change_items.editing(session=session, viewer=viewer, section="program", key="program")
        assert isinstance(shape, Editing)
        still = {one.name: "sample" for one in shape.fields if one.name == "sample"}
        draft = Draft("program", "program", {**shape.values, **still, "zone": zone, "place": zone}, shape.mark)
        draft = replace(draft, looked=draft.mark()) if looked else draft
        found = change_items.hand_in(
            session=session,
            programs=season.bench.deps.programs,
            viewer=viewer,
            draft=draft,
            request=request,
            now=season.bench.clock(),
        )
    assert isinstance(found, Foreseen | Changed)
    return found


def undo(season: Season, number: int) -> None:
    with season.bench.deps.db.begin() as session:
        changes.undo(
            session=session,
            programs=season.bench.deps.programs,
            viewer=cast.asks(session, FAY),
            number=number,
            kinds=KINDS,
            now=season.bench.clock(),
        )


def posts(season: Season) -> int:
    return len(season.bench.slack.asked("chat.postMessage"))


def test_on_another_clock_each_channel_is_told_once_of_all_its_dates(season: Season) -> None:
    before = posts(season)
    to(season, PHOENIX)
    rows = season.rows(CORRECTION)
    assert len(rows) == len({row.to_purpose for row in rows}) > 0
    season.beat()
    assert posts(season) - before == len(rows)
    (said,) = season.said(APPLICANTS, "2 dates have moved")
    told = text_of([one for one in season.bench.slack.messages if one.get("text") == said])
    assert f"{OFFICE} has moved to" in told
    assert f"{DEADLINE} has moved to" in told


def test_what_is_shown_beforehand_counts_each_channel_once(season: Season) -> None:
    found = to(season, PHOENIX, looked=False)
    assert isinstance(found, Foreseen)
    shown = text_of(views.preview(found)["blocks"])
    to(season, PHOENIX)
    places = len(season.rows(CORRECTION))
    assert f"{places} channel{'s are' if places > 1 else ' is'} told of the change" in shown
    assert "one message that lists 2 dates" in shown
    assert "has moved to" not in shown


def test_each_posted_message_is_edited_once_however_many_of_its_dates_moved(season: Season) -> None:
    to(season, PHOENIX)
    season.beat()
    edited = len({(row.posted_channel, row.posted_ts) for row in season.rows(EDIT)})
    assert edited == len(season.rows(EDIT))


def test_taken_back_before_it_is_said_nothing_is_said(season: Season) -> None:
    done = to(season, PHOENIX)
    assert isinstance(done, Changed)
    before = posts(season)
    undo(season, done.change)
    season.beat()
    assert posts(season) == before


def test_taken_back_afterwards_the_list_stands_corrected_where_it_is(season: Season) -> None:
    done = to(season, PHOENIX)
    assert isinstance(done, Changed)
    season.beat()
    season.bench.clock.forward(minutes=5)
    before = season.rows(EDIT)
    undo(season, done.change)
    season.beat()
    lists = [one for one in season.bench.slack.messages if "dates have moved" in str(one.get("text"))]
    assert len(lists) == 2 * len({one["channel"] for one in lists}), "the first list, and the one that takes it back"
    first = text_of(lists[0])
    assert f"{OFFICE} has moved: now" in first
    assert len(season.rows(EDIT)) - len(before) == len({row.refs["of"] for row in season.rows(EDIT)[len(before) :]})


def test_the_one_that_is_left_to_be_said_is_said_as_ever(season: Season) -> None:
    to(season, PHOENIX)
    season.move("2020-10-16 21:59", key="application-deadline")
    season.beat()
    assert season.said(APPLICANTS, "dates have moved") == []
    assert len(season.said(APPLICANTS, f"{OFFICE} has moved to")) == 1
    assert season.said(APPLICANTS, f"{DEADLINE} has moved to") == []


def test_a_date_of_the_list_that_moves_once_more_is_corrected_by_itself(season: Season) -> None:
    to(season, PHOENIX)
    season.beat()
    season.move("2020-10-17 10:00", "11:00", key="office-hours-friday")
    season.beat()
    assert len(season.said(APPLICANTS, f"{OFFICE} has moved to Sat, Oct 17, 10:00")) == 1
    (first,) = [one for one in season.bench.slack.messages if "2 dates have moved" in str(one.get("text"))]
    assert f"{OFFICE} has moved: now Sat, Oct 17, 10:00" in text_of(first)
    assert f"{DEADLINE} has moved to" in text_of(first)
