"""Dates that move over a season: reminders move along, what was said is corrected once, and calendars follow."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar, Component

from bot.domain import moves as rules
from bot.domain.moves import CORRECTION, EDIT, FILE, Draft, Foreseen, Moved, Same, Section
from bot.services import dates, moves, programs
from bot.services import notices as ledger
from bot.views import moves as views
from jobs import tick
from storage import notices
from storage.notices import NoticeRow
from tests import cast
from tests.cast import ADA, APPLICANTS, COHORT, FAY, KOFI, LENA, TOMAS
from tests.fakes import waits
from tests.jobs.conftest import Bench
from tests.jobs.test_wake import eventually

WEDNESDAY = "office-hours-wednesday"
HOMEWORK = "before-we-begin"
THERE = ZoneInfo("America/Chicago")


@dataclass
class Season:
    """A season that a test lives through."""

    bench: Bench

    def until(self, wall: str) -> None:
        """Let the bot live up to a wall time in St. Louis, from one thing that is due to the next."""
        goal = datetime.fromisoformat(wall).replace(tzinfo=THERE).astimezone(UTC)
        while self.bench.clock.now < goal:
            now = self.bench.clock.now
            with self.bench.deps.db.read() as session:
                due = ledger.next_due(session=session, now=now, until=goal)
            self.bench.clock.now = max(due or goal, now + timedelta(seconds=1))
            self.beat()

    def beat(self) -> None:
        """As many beats as it takes to say everything at the pace that Slack allows."""
        while tick.tick(self.bench.deps, self.bench.clock()):
            self.bench.clock.forward(seconds=2)

    def draft(self, section: Section, key: str, wall: str, *, end: str | None = None) -> Draft:
        found = self.dated(section, key)
        start = datetime.fromisoformat(wall)
        return Draft(section, key, start.date(), start.time(), time.fromisoformat(end) if end else None, found.when)

    def dated(self, section: Section, key: str) -> rules.Dated:
        with self.bench.deps.db.read() as session:
            (program,) = self.bench.deps.programs.all(session)
        return rules.dated(program)[section, key]

    def foresee(self, draft: Draft, user: str = FAY) -> Foreseen:
        with self.bench.deps.db.begin() as session:
            viewer = cast.asks(session, user)
            found = moves.foresee(session=session, viewer=viewer, draft=draft, now=self.bench.clock())
        assert isinstance(found, Foreseen)
        return found

    def save(self, draft: Draft, user: str = FAY) -> Moved | Same:
        with self.bench.deps.db.begin() as session:
            viewer = cast.asks(session, user)
            found = moves.save(
                session=session, programs=self.bench.deps.programs, viewer=viewer, draft=draft, now=self.bench.clock()
            )
        assert isinstance(found, Moved | Same)
        return found

    def move(self, wall: str, end: str | None = None, key: str = WEDNESDAY, section: Section = "events") -> Moved:
        found = self.save(self.draft(section, key, wall, end=end))
        assert isinstance(found, Moved)
        return found

    def takes_file(self, user: str, event: str = WEDNESDAY) -> None:
        with self.bench.deps.db.begin() as session:
            viewer = cast.asks(session, user)
            dates.order_file(
                session=session, viewer=viewer, event_key=event, request=f"{user}{event}", now=self.bench.clock()
            )
        self.beat()

    def rows(self, kind: str) -> list[NoticeRow]:
        with self.bench.deps.db.read() as session:
            return notices.standing(session, 1, (kind,))

    def files(self) -> list[bytes]:
        return [one["file"] for one in self.bench.slack.messages if "file" in one]

    def said(self, channel: str, about: str = "") -> list[str]:
        return [text for text in self.bench.slack.said(channel) if about in text]


@pytest.fixture
def season(bench: Bench) -> Season:
    """The cast on Monday of the application week."""
    with bench.deps.db.begin() as session:
        cast.begin(session)
    found = Season(bench)
    found.beat()
    return found


def test_what_is_shown_beforehand_is_what_then_happens(season: Season) -> None:
    season.takes_file(ADA)
    season.takes_file(FAY, "")
    season.until("2020-10-14 09:30")
    draft = season.draft("events", WEDNESDAY, "2020-10-16 10:00", end="11:00")
    foreseen = season.foresee(draft)
    saved = season.save(draft)
    assert isinstance(saved, Moved)
    assert foreseen.effects == saved.effects
    assert views.sentence(saved.effects) == (
        "2 reminders move, 1 posted message is corrected, 1 channel is told of the change, "
        "2 people get a new calendar file."
    )
    season.beat()
    assert [len(season.rows(kind)) for kind in (EDIT, CORRECTION, FILE)] == [1, 1, 2]
    assert {row.state for kind in (EDIT, CORRECTION, FILE) for row in season.rows(kind)} == {"delivered"}


def test_the_old_time_is_corrected_once_and_the_message_that_named_it_is_edited(season: Season) -> None:
    season.until("2020-10-14 09:30")
    season.move("2020-10-14 17:00", "18:00")
    season.beat()
    season.beat()
    assert season.said(APPLICANTS, "Office Hours") == [
        "Application Office Hours has moved: now Wed, Oct 14, 5:00–6:00 pm (St. Louis), "
        "not Wed, Oct 14, 3:00–4:00 pm (St. Louis)",
        "Application Office Hours has moved to Wed, Oct 14, 5:00–6:00 pm (St. Louis)",
    ]
    season.until("2020-10-14 19:00")
    assert len(season.said(APPLICANTS, "in 15 minutes: Wed, Oct 14, 5:00–6:00 pm")) == 1
    assert season.said(APPLICANTS, "in 15 minutes: Wed, Oct 14, 3:00") == []


def test_a_date_that_moves_while_its_reminder_is_on_its_way_is_corrected(season: Season) -> None:
    season.until("2020-10-14 08:59")
    draft = season.draft("events", WEDNESDAY, "2020-10-14 17:00", end="18:00")
    slack, clock, gate = season.bench.slack, season.bench.clock, threading.Event()
    before = len(slack.asked("chat.postMessage"))
    slack.next_time("chat.postMessage", waits(gate))
    clock.forward(minutes=1)
    beating = threading.Thread(target=season.beat)
    beating.start()
    eventually(lambda: len(slack.asked("chat.postMessage")) > before)
    clock.forward(seconds=1)
    season.save(draft)
    clock.forward(seconds=1)
    gate.set()
    beating.join(20)
    season.until("2020-10-14 09:30")
    told = "\n".join(season.said(APPLICANTS))
    assert told.count("Office Hours has moved to Wed, Oct 14, 5:00–6:00 pm (St. Louis)") == 1


def test_what_nobody_was_told_is_not_corrected(season: Season) -> None:
    saved = season.move("2020-10-15 13:00", "14:00")
    assert (saved.effects.edits, saved.effects.corrections, saved.effects.files) == ((), (), ())
    assert views.sentence(saved.effects) == "2 reminders move."
    season.until("2020-10-15 13:00")
    assert season.said(APPLICANTS, "has moved") == []
    assert len(season.said(APPLICANTS, "Application Office Hours, in 15 minutes: Thu, Oct 15, 1:00")) == 1


def test_what_is_moved_to_a_time_gone_by_is_corrected_as_long_as_somebody_would_come(season: Season) -> None:
    season.takes_file(ADA)
    season.until("2020-10-14 09:30")
    season.move("2020-10-13 15:00", "16:00")
    season.beat()
    assert season.said(APPLICANTS, "has moved to") == [
        "Application Office Hours has moved to Tue, Oct 13, 3:00–4:00 pm (St. Louis)"
    ]
    assert [row.state for row in season.rows(FILE)] == ["delivered"]


def test_moving_twice_says_the_last_time_once(season: Season) -> None:
    season.until("2020-10-14 09:30")
    season.move("2020-10-14 17:00", "18:00")
    season.bench.clock.forward(seconds=5)
    season.move("2020-10-14 18:00", "19:00")
    season.beat()
    assert season.said(APPLICANTS, "has moved to") == [
        "Application Office Hours has moved to Wed, Oct 14, 6:00–7:00 pm (St. Louis)"
    ]


def test_moving_back_before_anybody_was_told_says_nothing(season: Season) -> None:
    season.until("2020-10-14 09:30")
    before = season.said(APPLICANTS)
    season.move("2020-10-14 17:00", "18:00")
    season.bench.clock.forward(seconds=5)
    season.move("2020-10-14 15:00", "16:00")
    season.beat()
    assert season.said(APPLICANTS) == before


def test_moving_back_after_the_correction_says_so(season: Season) -> None:
    season.until("2020-10-14 09:30")
    season.move("2020-10-14 17:00", "18:00")
    season.beat()
    season.bench.clock.forward(minutes=10)
    season.move("2020-10-14 15:00", "16:00")
    season.bench.clock.forward(minutes=1)
    season.beat()
    said = season.said(APPLICANTS, "Office Hours")
    assert said[0] == "Application Office Hours, today: Wed, Oct 14, 3:00–4:00 pm (St. Louis)"
    assert said[1].startswith("Application Office Hours has moved: now Wed, Oct 14, 3:00–4:00 pm")
    assert said[2] == "Application Office Hours has moved to Wed, Oct 14, 3:00–4:00 pm (St. Louis)"


def test_a_reminder_that_was_said_of_the_old_day_comes_again_before_the_new_one(season: Season) -> None:
    season.until("2020-10-14 09:30")
    season.move("2020-10-21 15:00", "16:00")
    season.until("2020-10-21 15:00")
    assert season.said(APPLICANTS, "today: Wed, Oct 21") == [
        "Application Office Hours, today: Wed, Oct 21, 3:00–4:00 pm (St. Louis)"
    ]


def test_reminders_whose_time_has_passed_are_named_beforehand(season: Season) -> None:
    draft = season.draft("events", WEDNESDAY, "2020-10-12 10:00", end="11:00")
    foreseen = season.foresee(draft)
    assert [one.notice.due_at.hour for one in foreseen.effects.unsaid] == []
    season.bench.clock.forward(hours=2)
    later = season.foresee(season.draft("events", WEDNESDAY, "2020-10-12 11:10", end="12:00"))
    assert len(later.effects.unsaid) == 2
    assert views.sentence(later.effects) == "2 reminders are not said."


def test_a_file_of_everything_counts_and_the_new_one_has_a_higher_sequence(season: Season) -> None:
    season.takes_file(TOMAS, "")
    season.takes_file(LENA, "convening-1")
    saved = season.move("2020-12-03 10:00", "12:00", key="convening-1")
    assert {one.user for one in saved.effects.files} == {TOMAS, LENA}
    season.beat()
    old, _, *new = [_event(content, "convening-1.") for content in season.files()]
    assert old["UID"] == new[0]["UID"]
    assert [_sequence(one) > _sequence(old) for one in new] == [True, True]
    assert {one.decoded("DTSTART") for one in new} == {datetime(2020, 12, 3, 16, tzinfo=UTC)}


def test_who_is_gone_gets_no_file(season: Season) -> None:
    season.takes_file(TOMAS, "convening-1")
    with season.bench.deps.db.begin() as session:
        cast.person(session, TOMAS).gone = True
    assert season.move("2020-12-03 10:00", "12:00", key="convening-1").effects.files == ()


def test_a_homework_that_moves_takes_its_reminders_along_and_is_corrected_where_it_was_said(season: Season) -> None:
    season.until("2020-10-19 09:30")
    saved = season.move("2020-10-23 17:00", key=HOMEWORK, section="assignments")
    assert views.sentence(saved.effects).endswith("5 posted messages are corrected, 1 channel is told of the change.")
    season.beat()
    assert season.said(COHORT, "Before we begin")[-1] == (
        "The homework Before we begin (sample) is now due Fri, Oct 23, 5:00 pm (St. Louis)"
    )
    kofi = season.said(f"D{KOFI[1:]}")
    assert len(kofi) == 1
    assert "has moved: now Fri, Oct 23, 5:00 pm" in kofi[0]
    season.until("2020-10-24 09:30")
    assert len(season.said(f"D{KOFI[1:]}")) == 2


def test_saving_the_same_form_twice_moves_it_once(season: Season) -> None:
    season.until("2020-10-14 09:30")
    draft = season.draft("events", WEDNESDAY, "2020-10-14 17:00", end="18:00")
    assert isinstance(season.save(draft), Moved)
    assert isinstance(season.save(draft), Same)
    season.beat()
    assert len(season.said(APPLICANTS, "has moved to")) == 1


def test_what_is_taken_out_of_the_program_is_said_to_be_cancelled(season: Season) -> None:
    season.takes_file(ADA)
    season.until("2020-10-14 09:30")
    deps = season.bench.deps
    with deps.db.begin() as session:
        now = season.bench.clock()
        edited = programs.edit_item(
            session=session, slug="ost-cop", section="events", key=WEDNESDAY, body=None, by=FAY, now=now
        )
        assert isinstance(edited, programs.Edited)
        effects = moves.follow_up(session=session, programs=deps.programs, slug="ost-cop", moves=edited.moves, now=now)
    assert views.sentence(effects) == (
        "1 reminder is withdrawn, 1 posted message is corrected, 1 channel is told of the change, "
        "1 person gets a new calendar file."
    )
    season.beat()
    assert season.said(APPLICANTS, "Office Hours") == [
        "Application Office Hours is cancelled, not Wed, Oct 14, 3:00–4:00 pm (St. Louis)",
        "Application Office Hours is cancelled",
    ]
    (cancelled,) = [_event(one) for one in season.files() if b"CANCELLED" in one]
    assert cancelled["UID"] == f"{WEDNESDAY}.ost-cop@convene"
    assert _sequence(cancelled) > 0


def _event(content: bytes, key: str = "") -> Component:
    found, *_ = [one for one in Calendar.from_ical(content).walk("VEVENT") if str(one["UID"]).startswith(key)]
    return found


def _sequence(component: Component) -> int:
    return int(str(component["SEQUENCE"]))
