"""What a check-in must hold, and which entries are about one meeting."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest

from bot.domain.checkins import (
    SOMETHING_ELSE,
    Choices,
    Content,
    Draft,
    Entry,
    Problem,
    changed,
    counted,
    meetings,
    same_meeting,
    validate,
)

JUNE, PRIYA, TOMAS, LENA = 1, 2, 3, 4
BRIGHT, RIVER, GATEWAY = 10, 20, 30
TODAY = date(2020, 10, 12)
NOON = datetime(2020, 10, 12, 17, 0, tzinfo=UTC)

PRIYAS_CHOICES = Choices(
    coaches={JUNE},
    organizations={BRIGHT, RIVER, GATEWAY},
    support={"staff", "tools"},
    today=TODAY,
    own=BRIGHT,
)
JUNES_CHOICES = replace(PRIYAS_CHOICES, own=None, writes_as_coach=True)
GOOD = Draft(
    coach=JUNE,
    kind="one-on-one",
    organizations=(BRIGHT,),
    held_on=TODAY,
    length="45",
    moved="Two new volunteers",
    in_the_way="Rain",
    support=("staff",),
    next_step="Train them",
    confidence=4,
)


def entry(number: int, author: int, *present: int, minutes: int = 45, **other: object) -> Entry:
    plain = Entry(
        id=number,
        author=author,
        coach=JUNE,
        kind="one-on-one",
        organizations=frozenset(present or (BRIGHT,)),
        held_on=TODAY,
        minutes=minutes,
        saved_at=NOON + timedelta(minutes=number),
    )
    return replace(plain, **other)  # type: ignore[arg-type]


def together(*entries: Entry) -> list[list[int]]:
    return [[one.id for one in group] for group in meetings(entries)]


def test_a_whole_draft_holds() -> None:
    content = validate(GOOD, PRIYAS_CHOICES)
    assert isinstance(content, Content)
    assert (content.minutes, content.support, content.confidence) == (45, ("staff",), 4)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("45", 45), ("1h", 60), ("1,5 h", 90), ("1.5 h", 90), ("1:15", 75), ("90 min", 90), ("12 h", 720)],
)
def test_a_length_is_read_as_people_write_it(typed: str, minutes: int) -> None:
    content = validate(replace(GOOD, length=typed), PRIYAS_CHOICES)
    assert isinstance(content, Content)
    assert content.minutes == minutes


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"coach": None}, Problem("coach", "missing")),
        ({"coach": LENA}, Problem("coach", "not a coach")),
        ({"kind": None}, Problem("kind", "missing")),
        ({"kind": "picnic"}, Problem("kind", "missing")),
        ({"organizations": ()}, Problem("organizations", "missing")),
        ({"organizations": (BRIGHT, 99)}, Problem("organizations", "not an organization")),
        ({"organizations": (BRIGHT, RIVER)}, Problem("organizations", "one only")),
        ({"organizations": (RIVER,)}, Problem("organizations", "own missing")),
        ({"held_on": None}, Problem("held_on", "missing")),
        ({"held_on": date(2020, 10, 13)}, Problem("held_on", "future")),
        ({"held_on": date(2019, 10, 10)}, Problem("held_on", "too old")),
        ({"length": ""}, Problem("length", "empty")),
        ({"length": "0"}, Problem("length", "no time")),
        ({"length": "-30"}, Problem("length", "negative")),
        ({"length": "13 h"}, Problem("length", "all day")),
        ({"length": "a while"}, Problem("length", "not a time")),
        ({"moved": "  "}, Problem("moved", "missing")),
        ({"next_step": "\u200b"}, Problem("next_step", "missing")),
        ({"next_step": "x" * 3001}, Problem("next_step", "too many words")),
        ({"support": ("yachts",)}, Problem("support", "missing")),
        ({"support": (SOMETHING_ELSE,)}, Problem("support_other", "say what")),
        ({"confidence": None}, Problem("confidence", "missing")),
        ({"confidence": 6}, Problem("confidence", "missing")),
    ],
)
def test_what_cannot_be_taken_is_named_by_field(change: dict[str, object], problem: Problem) -> None:
    assert validate(replace(GOOD, **change), PRIYAS_CHOICES) == (problem,)  # type: ignore[arg-type]


def test_every_problem_is_named_at_once() -> None:
    problems = validate(Draft(), PRIYAS_CHOICES)
    assert isinstance(problems, tuple)
    assert {one.field for one in problems} == {
        "coach",
        "kind",
        "organizations",
        "held_on",
        "length",
        "moved",
        "next_step",
        "confidence",
    }


def test_a_day_a_year_ago_is_still_taken() -> None:
    assert isinstance(validate(replace(GOOD, held_on=date(2019, 10, 12)), PRIYAS_CHOICES), Content)


def test_words_for_something_else_choose_it() -> None:
    content = validate(replace(GOOD, support_other="a van"), PRIYAS_CHOICES)
    assert isinstance(content, Content)
    assert content.support == ("staff", SOMETHING_ELSE)


def test_a_private_note_is_kept_for_a_coach_only() -> None:
    noted = replace(GOOD, private_note="tired")
    by_coach, by_participant = validate(noted, JUNES_CHOICES), validate(noted, PRIYAS_CHOICES)
    assert isinstance(by_coach, Content)
    assert isinstance(by_participant, Content)
    assert (by_coach.private_note, by_participant.private_note) == ("tired", "")


def test_a_change_may_keep_a_coach_who_has_left() -> None:
    kept = validate(GOOD, PRIYAS_CHOICES)
    assert isinstance(kept, Content)
    without_june = replace(PRIYAS_CHOICES, coaches=frozenset())
    assert isinstance(validate(replace(GOOD, length="50"), without_june, kept=kept), Content)
    assert validate(GOOD, without_june) == (Problem("coach", "not a coach"),)


def test_what_was_written_is_not_in_the_representation() -> None:
    content = validate(replace(GOOD, private_note="tired"), JUNES_CHOICES)
    assert "volunteers" not in repr(content)
    assert "tired" not in repr(content)


def test_the_same_choices_in_another_order_are_no_change() -> None:
    content = validate(replace(GOOD, support=("staff", "tools")), PRIYAS_CHOICES)
    assert isinstance(content, Content)
    assert not changed(replace(content, support=("tools", "staff")), content)
    assert changed(replace(content, minutes=50), content)


def test_two_people_of_one_organization_write_about_one_meeting() -> None:
    assert together(entry(1, PRIYA), entry(2, TOMAS)) == [[1, 2]]


@pytest.mark.parametrize(
    "other",
    [
        entry(2, TOMAS, held_on=date(2020, 10, 11)),
        entry(2, TOMAS, kind="group"),
        entry(2, TOMAS, coach=LENA),
        entry(2, LENA, RIVER),
        entry(2, PRIYA),
    ],
)
def test_another_day_kind_coach_organization_or_a_second_entry_of_ones_own_is_another_meeting(other: Entry) -> None:
    assert not same_meeting(entry(1, PRIYA), other)
    assert together(entry(1, PRIYA), other) == [[1], [2]]


def test_a_coachs_entry_joins_what_two_organizations_wrote_apart() -> None:
    group = [entry(1, PRIYA, BRIGHT), entry(2, LENA, RIVER), entry(3, JUNE, BRIGHT, RIVER)]
    assert together(*(replace(one, kind="group") for one in group)) == [[1, 2, 3]]


def test_two_meetings_on_one_day_are_told_apart_when_both_sides_wrote_twice() -> None:
    assert together(entry(1, PRIYA), entry(2, PRIYA), entry(3, JUNE), entry(4, JUNE)) == [[1, 3], [2, 4]]


def test_nobody_is_twice_in_one_meeting() -> None:
    wide = entry(3, TOMAS, BRIGHT, RIVER, kind="group")
    morning, evening = entry(1, JUNE, BRIGHT, kind="group"), entry(2, JUNE, RIVER, kind="group")
    assert together(morning, evening, wide) == [[1, 3], [2]]


def test_the_order_in_which_entries_are_given_does_not_matter() -> None:
    entries = [entry(1, PRIYA), entry(2, JUNE), entry(3, LENA, RIVER), entry(4, JUNE, RIVER)]
    assert {str(together(*order)) for order in permutations(entries)} == {"[[1, 2], [3, 4]]"}


def test_the_minutes_count_once_as_the_coach_wrote_them() -> None:
    assert counted([entry(1, JUNE, minutes=50), entry(2, PRIYA, minutes=45), entry(3, TOMAS, minutes=60)]) == 50


def test_without_the_coach_the_latest_word_counts() -> None:
    earlier = entry(2, TOMAS, minutes=60, saved_at=NOON)
    later = entry(1, PRIYA, minutes=45, saved_at=NOON + timedelta(hours=1))
    assert counted([earlier, later]) == 45


def test_no_entry_counts_no_minutes() -> None:
    assert counted([]) == 0
