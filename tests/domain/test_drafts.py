"""Drafts: what they are for, which is newer, and when they are offered again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain import drafts
from bot.domain.drafts import About, Closed, Kept, Typed

NINE = datetime(2020, 10, 12, 14, 0, tzinfo=UTC)
WORDS = "what I told my coach in confidence"


@pytest.mark.parametrize(
    ("ts", "order"),
    [
        ("1602511200.000100", 1602511200_000100),
        ("1602511200.0001", 1602511200_000100),
        ("1602511200", 1602511200_000000),
        ("", 0),
        ("x.1", 0),
        ("1.x", 0),
        ("-1.0", 0),
        ("١.٠", 0),
    ],
)
def test_a_moment_of_slacks_has_its_place_among_others(ts: str, order: int) -> None:
    assert drafts.order_of(ts) == order


def test_typing_before_and_after_a_moment() -> None:
    moment = datetime.fromtimestamp(1602511200, UTC)
    assert drafts.typed_before(drafts.order_of("1602511199.900000"), moment)
    assert not drafts.typed_before(drafts.order_of("1602511200.000001"), moment)


def test_a_change_of_something_is_told_from_something_new() -> None:
    assert drafts.changed(drafts.changing(12)) == 12
    assert drafts.changed("before-we-begin") is None
    assert drafts.changed("12") is None
    assert drafts.changed("#x") is None


def test_a_closed_form_is_offered_a_minute_after_its_last_character() -> None:
    assert drafts.offer_at(NINE, NINE + timedelta(seconds=5)) == NINE + timedelta(minutes=1)
    assert drafts.offer_at(NINE, NINE + timedelta(minutes=4)) == NINE + timedelta(minutes=4)


def test_a_form_that_was_only_left_is_offered_after_ten() -> None:
    assert drafts.offer_at(NINE, None) == NINE + timedelta(minutes=10)


def test_no_words_are_in_what_a_draft_looks_like_in_a_log() -> None:
    about = About("reflection", 1, "before-we-begin")
    values = {"answer": {"a": {"value": WORDS}}}
    shown = [
        Typed("T1", "U1", about, "V1", "k", 1, NINE, len(WORDS), values),
        Kept(1, about, NINE, values),
        Closed("T1", "U1", "V1", NINE),
    ]
    assert WORDS not in repr(shown)
