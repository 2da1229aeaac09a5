"""What people write is kept as they wrote it, but for what nobody can store or see."""

from __future__ import annotations

import pytest

from bot.domain.written import clean


def test_marks_that_a_database_refuses_are_left_out_and_line_breaks_stay() -> None:
    assert clean("one\x00\r\ntwo\ud800 \u202eright-to-left") == "one\ntwo \u202eright-to-left"


@pytest.mark.parametrize("text", ["", " \n\t", "\x00\x07", "\u200b\u202e", "\ud800"])
def test_what_nobody_can_see_is_nothing(text: str) -> None:
    assert clean(text) == ""
