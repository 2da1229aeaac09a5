"""What a form's fields make of a body and take from it: reminders, schedules, questions, ids, and days that repeat."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.change_fields import forms, keys, repeats, schedules, sections
from bot.domain.change_fields.fields import Body, Problem
from bot.domain.changes import matches, merge
from bot.domain.programs import Break, Holiday
from tests.calendars import event, program

OFFSETS = [
    ("1 day before at 09:00", "1 day before at 09:00"),
    ("the day before at 9 am", "1 day before at 09:00"),
    ("- 3 days before, at 9:30 p.m.", "3 days before at 21:30"),
    ("on the day at 8", "on the day at 08:00"),
    ("On the day 12 am", "on the day at 00:00"),
    ("an hour before", "1 hour before"),
    ("half an hour before", "30 minutes before"),
    ("15 mins before", "15 minutes before"),
    ("a week before at 12 pm", "7 days before at 12:00"),
    ("2 weeks before at 9:00", "14 days before at 09:00"),
    ("two days before at 9:00", "2 days before at 09:00"),
]


def made(
    section: str, values: dict[str, str], was: Body | None = None, *, new: bool = False
) -> tuple[Body, list[Problem]]:
    body = was or {}
    fields = sections.fields(sections.SECTIONS[section], "", body, None, new=new)
    found, problems = forms.written(fields, {**forms.shown(fields, body), **values}, body)
    return found, list(problems)


@pytest.mark.parametrize(("typed", "kept"), OFFSETS)
def test_reminders_are_read_as_people_write_them(typed: str, kept: str) -> None:
    body, problems = made(
        "reminders", {"offsets": typed}, {"kind": "webinar", "to": "cohort", "offsets": ["1 hour before"]}
    )
    assert problems == []
    assert body["offsets"] == [kept]


@pytest.mark.parametrize(
    ("typed", "why"),
    [("soon", "offset"), ("0 hours before", "offset"), ("1 day after at 09:00", "offset after"), ("", "missing")],
)
def test_what_is_no_reminder_is_refused(typed: str, why: str) -> None:
    _, problems = made(
        "reminders", {"offsets": typed}, {"kind": "webinar", "to": "cohort", "offsets": ["1 hour before"]}
    )
    assert [one.why for one in problems] == [why]


MADE_UP: Body = {
    "title": "First convening",
    "kind": "convening",
    "starts": "2020-10-14 15:00",
    "ends": "2020-10-14 16:00",
    "link": "https://example.org/sample",
    "link_sample": True,
}


def test_whether_a_link_is_real_is_not_asked_of_whoever_only_moves_the_date() -> None:
    body, problems = made("events", {"day": "2020-10-15"}, MADE_UP)
    assert problems == []
    assert (body["starts"], body["link_sample"]) == ("2020-10-15 15:00", True)


def test_whether_a_link_is_real_is_to_be_said_by_whoever_changes_it() -> None:
    typed = {"link": "https://example.org/room"}
    assert made("events", typed, MADE_UP)[1] == [Problem("link_sample", "missing")]
    assert made("events", typed | {"link_sample": "sample"}, MADE_UP)[0]["link_sample"] is True
    assert "link_sample" not in made("events", typed | {"link_sample": "real"}, MADE_UP)[0]


def test_a_link_is_real_once_somebody_says_so_and_no_sample_once_it_is_gone() -> None:
    assert "link_sample" not in made("events", {"link_sample": "real"}, MADE_UP)[0]
    body, problems = made("events", {"link": ""}, MADE_UP)
    assert problems == []
    assert not body.keys() & {"link", "link_sample"}


def test_whether_a_date_is_real_is_not_asked_of_whoever_only_fills_in_its_link() -> None:
    typed = {"link": "https://example.org/room", "link_sample": "real"}
    body, problems = made("events", typed, MADE_UP | {"sample": True})
    assert problems == []
    assert body["sample"] is True
    assert made("events", {"day": "2020-10-15"}, MADE_UP | {"sample": True})[1] == [Problem("sample", "missing")]


def test_what_is_made_up_stays_so_as_long_as_nobody_has_touched_it() -> None:
    was: Body = {"title": "Our team", "kind": "team", "sample": True}
    assert made("resources", {}, was)[0]["sample"] is True
    assert made("resources", {"title": "The team"}, was)[1] == [Problem("sample", "missing")]


def test_homework_is_nudged_about_twice_at_most() -> None:
    was: Body = {"kind": "homework", "to": "cohort", "post": "7 days before at 09:00"}
    _, problems = made("reminders", {"nudges": "1 hour before\n2 hours before\n3 hours before"}, was)
    assert [(one.field, one.why, one.most) for one in problems] == [("nudges", "too many", 2)]


@pytest.mark.parametrize(
    ("cron", "days", "time"),
    [
        ("0 8 * * MON-FRI", "mon tue wed thu fri", "08:00"),
        ("30 14 * * 5", "fri", "14:30"),
        ("0 9 * * SUN,TUE", "tue sun", "09:00"),
        ("0 9 * * 0", "sun", "09:00"),
        ("0 9 * * *", "mon tue wed thu fri sat sun", "09:00"),
        ("0 9 * * FRI-MON", "mon fri sat sun", "09:00"),
        ("0 9 1 * *", "", ""),
        ("*/5 9 * * MON", "", ""),
    ],
)
def test_a_schedule_is_shown_as_days_and_a_time(cron: str, days: str, time: str) -> None:
    assert schedules.days_of(cron) == (tuple(days.split()), time)


def test_a_schedule_of_another_kind_stays_until_days_are_chosen() -> None:
    was: Body = {"to": "facilitators", "cron": "0 9 1 * *"}
    assert made("digests", {}, was) == (was | {"what": "what-needs-you"}, [])
    assert made("digests", {"days": "mon", "time": "07:05"}, was)[0]["cron"] == "5 7 * * MON"


def test_one_person_gets_a_digest_only_if_somebody_is_chosen() -> None:
    was: Body = {"to": "facilitators", "cron": "0 9 * * MON"}
    assert [one.field for one in made("digests", {"to": "person"}, was)[1]] == ["person"]
    assert made("digests", {"to": "person", "person": "U0FAY0001"}, was)[0]["to"] == "U0FAY0001"
    assert made("digests", {}, was | {"to": "x@example.org"})[0]["to"] == "x@example.org"


def test_what_goes_on_over_midnight_moves_with_its_first_day() -> None:
    was: Body = {"title": "x", "kind": "other", "starts": "2020-11-19 22:00", "ends": "2020-11-20 01:00"}
    body, problems = made("events", {"day": "2020-11-26"}, was)
    assert problems == []
    assert (body["starts"], body["ends"]) == ("2020-11-26 22:00", "2020-11-27 01:00")


def test_questions_keep_their_ids_and_new_ones_get_their_own() -> None:
    was: Body = {"title": "x", "summary": "y", "due": "2020-11-19 17:00", "prompts": [{"id": "a", "label": "A?"}]}
    body, problems = made("assignments", {"prompt.a": "Á?", "prompt.+1": "A?", "prompt.+2": "A?"}, was)
    assert problems == []
    assert [(one["id"], one["label"]) for one in body["prompts"]] == [("a", "Á?"), ("a-2", "A?"), ("a-3", "A?")]


def test_ids_are_made_of_titles() -> None:
    assert keys.new_key("¿Qué es “STEM”?", {"que-es-stem"}) == "que-es-stem-2"
    assert keys.new_key("???", set()) == "item"
    assert len(keys.new_key("w" * 300, set())) <= 64


PROGRAM = program(
    breaks=(Break("snow", "Snow", date(2020, 11, 10), date(2020, 11, 12)),),
    holidays=(Holiday(date(2020, 11, 24), "Eve"),),
)


@pytest.mark.parametrize(
    ("every", "until", "times", "days", "left_out"),
    [
        ("weekly", date(2020, 11, 24), None, "03 17", "Snow Eve"),
        ("weekly", None, 3, "03 17 01", "Snow Eve"),
        ("fortnightly", date(2020, 12, 1), None, "03 17 01", ""),
        ("monthly", None, 3, "03 01 05", ""),
    ],
)
def test_days_repeat_and_leave_out_the_days_off(
    every: str, until: date | None, times: int | None, days: str, left_out: str
) -> None:
    found = repeats.series(date(2020, 11, 3), every, until, times, PROGRAM)
    assert " ".join(f"{one:%d}" for one in found.days) == days
    assert " ".join(why for _, why in found.left_out) == left_out


def test_the_fifth_of_a_month_is_its_last_where_there_are_only_four() -> None:
    found = repeats.series(date(2020, 10, 30), "monthly", None, 4, PROGRAM)
    assert [f"{one:%m-%d}" for one in found.days] == ["10-30", "11-27", "12-25", "01-29"]


def test_nothing_repeats_more_often_than_sixty_times() -> None:
    assert len(repeats.series(date(2020, 11, 3), "weekly", date(2030, 1, 1), None, PROGRAM).days) == 60


def test_two_changes_of_different_fields_go_together() -> None:
    base = {"a": "1", "b": "1", "c": "1"}
    assert merge(base, {**base, "a": "2"}, {**base, "b": "3"}) == ({"a": "2", "b": "3", "c": "1"}, ())
    assert merge(base, {**base, "a": "2"}, {**base, "a": "2"}) == ({**base, "a": "2"}, ())
    assert merge(base, {**base, "a": "2"}, {**base, "a": "3"}) == ({**base, "a": "3"}, ("a",))


def test_words_are_found_in_any_spelling() -> None:
    assert matches("QUE comunidad", "¿Qué es la Comunidad?")
    assert not matches("que escuela", "¿Qué es la Comunidad?")
    assert matches("", "anything")


def test_dates_that_are_called_alike_are_told_apart_by_their_day() -> None:
    evenings = (event(f"evening-{day}", f"2020-11-0{day} 18:00", title="Evening") for day in (3, 5))
    about = program(*evenings, event("opening", "2020-11-01 18:00"))
    fields = sections.fields("assignments", "", {}, about, new=True)
    choices = next(one.choices for one in fields if one.name == "event")
    assert sorted(words for _, words in choices) == ["Evening, Nov 3", "Evening, Nov 5", "Opening"]
