"""What a button stands for, and what it does not."""

from __future__ import annotations

import traceback
from datetime import date

import pytest

from bot.views import ids


@pytest.mark.parametrize(
    ("program", "key"),
    [
        (0, "C0GENERAL"),
        (1, ""),
        (12, "7"),
        (3, "12/deadline"),
        (999_999_999, "C0COHORT1"),
        (1, "0/می\u200cخواهم"),
        (1, "0/\U0001f469\u200d\U0001f52c"),
        (1, "0/\u200fשלום"),
        (1, "0/a\u00a0b"),
    ],
)
def test_a_reference_is_read_back_as_it_was_written(program: int, key: str) -> None:
    assert ids.referred(ids.reference(program, key)) == (program, key)


@pytest.mark.parametrize(
    "value", ["", ":", "abc:1", "-1:1", "1e3:1", "²:1", "٣:1", "99999999999999999999:1", "1:\x00", "1:\ud800", "1:a\nb"]
)
def test_a_value_that_nobody_here_wrote_names_nothing(value: str) -> None:
    assert ids.referred(value) == (None, "")


@pytest.mark.parametrize("key", ["", "-1", "abc", "²", "٣", "1.5", "99999999999999999999"])
def test_no_row_has_an_id_that_nobody_here_wrote(key: str) -> None:
    assert ids.row(key) == 0


@pytest.mark.parametrize("wrong", [{}, {"values": 5}, {"values": {"day": "in confidence"}}])
def test_a_form_that_nobody_here_made_is_unreadable_and_quotes_nothing(wrong: dict[str, object]) -> None:
    @ids.reading()
    def read(view: dict[str, object]) -> date:
        return date.fromisoformat(view["values"]["day"])  # type: ignore[index]

    with pytest.raises(ids.Unreadable) as raised:
        read(wrong)
    assert "in confidence" not in "".join(traceback.format_exception(raised.value))
