"""Program values: when things are over, what comes next, how far before something is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from bot.domain.programs import (
    AnswerBy,
    Assignment,
    Break,
    Entry,
    Event,
    Link,
    Offset,
    Prompt,
    Resource,
    answer_due,
    exists,
    in_break,
    next_assignments,
    next_events,
    parse_clock,
    parse_offset,
    pieces,
)
from tests.calendars import CHICAGO, program, there

OFFICE_HOUR = Event(
    key="office-hour",
    kind="office_hours",
    title="Office hour",
    starts_at=there("2020-10-14 15:00"),
    ends_at=there("2020-10-14 16:00"),
    audience="applicants",
)
DEADLINE = Event(
    key="deadline", kind="deadline", title="Applications are due", starts_at=there("2020-10-16 23:59"), audience="all"
)
CONVENING = Event(
    key="convening-1",
    kind="convening",
    title="Convening 1",
    starts_at=there("2020-11-19 10:00"),
    ends_at=there("2020-11-19 12:00"),
    audience="cohort",
)
HOMEWORK = Assignment(
    key="first",
    title="First reflection",
    summary="A few lines.",
    due_at=there("2020-10-21 17:00"),
    prompts=(Prompt("scene", "What did you see?"),),
)
PACKET = Resource(key="packet", kind="packet", title="Packet", url="https://example.org/packet.pdf")
PROGRAM = program(
    CONVENING,
    DEADLINE,
    OFFICE_HOUR,
    assignments=(HOMEWORK,),
    resources=(PACKET,),
    breaks=(Break("fall", "Fall break", date(2020, 10, 19), date(2020, 10, 20)),),
)


def test_an_office_hour_is_over_when_it_ends() -> None:
    assert not OFFICE_HOUR.over(there("2020-10-14 15:59"))
    assert OFFICE_HOUR.over(there("2020-10-14 16:00"))


def test_a_deadline_at_a_minute_before_midnight_lasts_to_midnight() -> None:
    assert not DEADLINE.over(there("2020-10-16 23:59:59"))
    assert DEADLINE.over(there("2020-10-17 00:00"))


def test_an_event_knows_its_wall_time_in_any_zone() -> None:
    assert f"{OFFICE_HOUR.local('Europe/Paris'):%a %H:%M}" == "Wed 22:00"


def test_next_events_come_soonest_first() -> None:
    assert next_events(PROGRAM, there("2020-10-12 09:00")) == (OFFICE_HOUR, DEADLINE, CONVENING)


def test_an_event_under_way_is_still_next() -> None:
    assert next_events(PROGRAM, there("2020-10-14 15:30"))[0] == OFFICE_HOUR


def test_next_events_can_be_of_some_kinds_only() -> None:
    assert next_events(PROGRAM, there("2020-10-12 09:00"), kinds=("deadline", "convening")) == (DEADLINE, CONVENING)


def test_next_events_for_the_cohort_include_those_for_everybody() -> None:
    assert next_events(PROGRAM, there("2020-10-12 09:00"), audiences=("cohort",)) == (DEADLINE, CONVENING)


def test_an_assignment_is_next_until_its_due_minute_has_gone_by() -> None:
    assert next_assignments(PROGRAM, there("2020-10-21 17:00:30")) == (HOMEWORK,)
    assert next_assignments(PROGRAM, there("2020-10-21 17:01")) == ()


def test_items_are_found_by_key_and_unknown_keys_are_none() -> None:
    assert PROGRAM.event("convening-1") == CONVENING
    assert PROGRAM.event("convening-9") is None
    assert PROGRAM.assignment("first") == HOMEWORK
    assert PROGRAM.assignment("second") is None
    assert PROGRAM.resource("packet") == PACKET
    assert PROGRAM.resource("rubric") is None


def test_what_an_entry_says_to_see_comes_in_its_order() -> None:
    entry = Entry(
        key="when",
        question="When?",
        phrasings=(),
        answer="Soon.",
        source="page",
        owner="Mara",
        see=("deadline", "packet"),
    )
    assert PROGRAM.beside(entry) == (DEADLINE, PACKET)


@pytest.mark.parametrize(
    ("moment", "covered"),
    [
        ("2020-10-18 23:59", False),
        ("2020-10-19 00:00", True),
        ("2020-10-20 23:59", True),
        ("2020-10-21 00:00", False),
    ],
)
def test_a_break_covers_whole_days_of_the_programs_calendar(moment: str, covered: bool) -> None:
    assert (in_break(PROGRAM, there(moment)) is not None) is covered


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("2020-10-14 09:00", "2020-10-15 12:00"),
        ("2020-10-15 23:00", "2020-10-16 12:00"),
        ("2020-10-10 10:00", "2020-10-12 12:00"),  # a Saturday
        ("2020-10-16 15:00", "2020-10-21 12:00"),  # a Friday before a weekend and a break of two days
        ("2020-10-19 10:00", "2020-10-21 12:00"),  # inside the break
    ],
)
def test_an_answer_is_promised_for_a_working_day(asked: str, answered: str) -> None:
    assert answer_due(PROGRAM, there(asked)) == there(answered)


def test_a_promise_of_two_days_skips_the_weekend() -> None:
    slow = replace(PROGRAM, answer_by=AnswerBy("within two working days", 2, time(9)), breaks=())
    assert answer_due(slow, there("2020-10-15 10:00")) == there("2020-10-19 09:00")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("1 day before at 09:00", "1d@09:00"),
        ("3 days before at 9:00", "3d@09:00"),
        ("on the day at 08:30", "0d@08:30"),
        ("2 days after at 10:00", "+2d@10:00"),
        ("1 hour before", "60m"),
        ("90 minutes before", "90m"),
        ("1 hour after", "+60m"),
        ("  1  Hour   before ", "60m"),
    ],
)
def test_offsets_are_read_as_people_write_them(text: str, key: str) -> None:
    assert parse_offset(text).key == key


@pytest.mark.parametrize(
    "text",
    ["", "tomorrow", "1 day before", "1 day before at 25:00", "0 minutes before", "an hour before", "1 week before"],
)
def test_what_is_not_an_offset_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match=r"1 day before at 09:00|is not a time of day"):
        parse_offset(text)


@pytest.mark.parametrize(
    "offset",
    [
        Offset(days=1, at=time(9)),
        Offset(days=0, at=time(8, 30)),
        Offset(days=-2, at=time(10)),
        Offset(minutes=60),
        Offset(minutes=15),
        Offset(minutes=-90),
        Offset(minutes=180),
    ],
)
def test_an_offset_in_words_reads_back_as_itself(offset: Offset) -> None:
    assert parse_offset(offset.words) == offset


def test_a_calendar_offset_keeps_its_wall_time_when_clocks_go_back() -> None:
    # Clocks go back on November 1, 2020, between the reminder and the due time.
    due = parse_offset("7 days before at 09:00").moment(there("2020-11-04 17:00"), CHICAGO)
    assert due == there("2020-10-28 09:00") == datetime(2020, 10, 28, 14, tzinfo=UTC)


def test_a_calendar_offset_keeps_its_wall_time_when_clocks_go_forward() -> None:
    # Clocks go forward on March 14, 2021.
    due = parse_offset("7 days before at 09:00").moment(there("2021-03-17 17:00"), CHICAGO)
    assert due == there("2021-03-10 09:00") == datetime(2021, 3, 10, 15, tzinfo=UTC)


def test_an_elapsed_offset_counts_real_hours_across_the_change() -> None:
    # 1:00 in the morning comes twice on November 1, 2020: 3:00 is four real hours after midnight.
    assert parse_offset("4 hours before").moment(there("2020-11-01 03:00"), CHICAGO) == there("2020-11-01 00:00")


def test_a_wall_time_that_clocks_skip_moves_forward_by_the_hour_skipped() -> None:
    due = parse_offset("on the day at 02:30").moment(there("2021-03-14 12:00"), CHICAGO)
    assert due == there("2021-03-14 03:30")


def test_a_wall_time_that_comes_twice_is_the_first_of_the_two() -> None:
    due = parse_offset("on the day at 01:30").moment(there("2020-11-01 12:00"), CHICAGO)
    assert due == datetime(2020, 11, 1, 6, 30, tzinfo=UTC)


def test_an_offset_after_the_moment_lies_after_it() -> None:
    assert parse_offset("1 day after at 09:00").moment(there("2020-10-21 17:00"), CHICAGO) == there("2020-10-22 09:00")


def test_the_hour_that_clocks_skip_does_not_exist() -> None:
    assert not exists(datetime.fromisoformat("2021-03-14 02:30"), CHICAGO)
    assert exists(datetime.fromisoformat("2021-03-14 03:00"), CHICAGO)
    assert exists(datetime.fromisoformat("2020-11-01 01:30"), CHICAGO)


@pytest.mark.parametrize("text", ["24:00", "9", "09:60", "nine", "09:00:00"])
def test_what_is_not_a_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time of day"):
        parse_clock(text)


def test_an_answer_is_cut_into_text_and_links() -> None:
    assert pieces("See [the packet](https://example.org/p.pdf) or [Mara](mailto:mara@example.org).") == (
        "See ",
        Link("the packet", "https://example.org/p.pdf"),
        " or ",
        Link("Mara", "mailto:mara@example.org"),
        ".",
    )


@pytest.mark.parametrize("text", ["[a](javascript:alert(1))", "[a] (https://example.org)", "f(x)[0]", "plain"])
def test_what_only_looks_like_a_link_stays_text(text: str) -> None:
    assert pieces(text) == (text,)
