"""The calendar file, read back as a calendar would."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from icalendar import Calendar, Component

from bot.domain.programs import Event, Program
from bot.views.calendar_file import write
from tests.calendars import event, program, there

NOW = datetime(2020, 10, 12, 14, 0, tzinfo=UTC)
CONVENING = event(
    "convening-1",
    "2020-11-19 10:00",
    "2020-11-19 12:00",
    title="Convening 1: Who we are; why, and how",
    link="https://example.org/join?a=1&b=2",
    prep="Bring one thing.\nAny thing, really.",
)
DEADLINE = event("deadline", "2020-10-16 23:59", kind="deadline", title="Applications are due")


def _read(made: Program, *events: Event) -> Calendar:
    found = Calendar.from_ical(write(made, events, NOW))
    assert isinstance(found, Calendar)
    return found


def _one(made: Program, one: Event) -> Component:
    (found,) = _read(made, one).walk("VEVENT")
    return found


def _when(component: Component, name: str) -> datetime:
    found = component.decoded(name)
    assert isinstance(found, datetime)
    return found


def test_an_event_keeps_its_times_title_link_and_words() -> None:
    found = _one(program(CONVENING), CONVENING)
    assert _when(found, "DTSTART") == datetime(2020, 11, 19, 16, 0, tzinfo=UTC)
    assert _when(found, "DTEND") == datetime(2020, 11, 19, 18, 0, tzinfo=UTC)
    assert found["SUMMARY"] == "Convening 1: Who we are; why, and how"
    assert found["URL"] == found["LOCATION"] == "https://example.org/join?a=1&b=2"
    assert found["DESCRIPTION"] == "Riverside\nBring one thing.\nAny thing, really.\nhttps://example.org/join?a=1&b=2"
    assert _when(found, "DTSTAMP") == NOW


def test_times_are_in_utc_so_that_no_calendar_has_to_know_the_zone() -> None:
    raw = write(program(CONVENING), (CONVENING,), NOW)
    assert b"DTSTART:20201119T160000Z\r\n" in raw
    assert b"TZID" not in raw


def test_both_sides_of_a_change_of_the_clock_are_right() -> None:
    before, after = event("before", "2020-10-31 10:00"), event("after", "2020-11-01 10:00")
    found = [_when(one, "DTSTART") for one in _read(program(), before, after).walk("VEVENT")]
    assert found == [there("2020-10-31 10:00"), there("2020-11-01 10:00")]
    assert [one.hour for one in found] == [15, 16]


def test_a_deadline_is_a_moment_that_blocks_nobodys_day() -> None:
    found = _one(program(DEADLINE), DEADLINE)
    assert "DTEND" not in found
    assert "DURATION" not in found
    assert found["TRANSP"] == "TRANSPARENT"


def test_the_same_event_has_the_same_uid_for_good_and_a_later_sequence() -> None:
    moved = replace(CONVENING, starts_at=there("2020-12-03 10:00"), ends_at=there("2020-12-03 12:00"), sequence=4)
    first, second = _one(program(), CONVENING), _one(replace(program(), revision=9), moved)
    assert first["UID"] == second["UID"]
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 4)


def test_what_is_cancelled_says_so_to_the_calendar() -> None:
    raw = write(program(CONVENING), (CONVENING,), NOW, cancelled=[CONVENING.key])
    (found,) = Calendar.from_ical(raw).walk("VEVENT")
    assert (found["STATUS"], _one(program(), CONVENING)["STATUS"]) == ("CANCELLED", "CONFIRMED")


def test_two_programs_events_of_one_name_are_two_entries() -> None:
    assert _one(program(), CONVENING)["UID"] != _one(replace(program(), slug="other"), CONVENING)["UID"]


def test_a_sample_says_so_in_its_title() -> None:
    found = _one(program(), replace(CONVENING, sample=True))
    assert str(found["SUMMARY"]).endswith("(sample)")
    assert "This date is a sample" in str(found["DESCRIPTION"])


def test_there_are_no_alarms() -> None:
    assert list(_read(program(), CONVENING, DEADLINE).walk("VALARM")) == []


def test_the_calendar_itself_is_whole() -> None:
    made = _read(program(), CONVENING, DEADLINE)
    assert (made["VERSION"], made["METHOD"]) == ("2.0", "PUBLISH")
    assert len(list(made.walk("VEVENT"))) == 2
    assert all(len(line) <= 75 for line in write(program(), (CONVENING,), NOW).split(b"\r\n"))


def test_words_in_other_alphabets_survive() -> None:
    found = _one(program(), replace(CONVENING, title="Reunión: señales, ñandú ✨"))
    assert found["SUMMARY"] == "Reunión: señales, ñandú ✨"
