"""Pages of a long list, and how words are compared that people search it by."""

from __future__ import annotations

import pytest

from bot.domain.lists import PAGE, folded, page

EVERY = range(2 * PAGE + 1)


@pytest.mark.parametrize(
    ("start", "before", "after"),
    [(0, None, PAGE), (PAGE, 0, 2 * PAGE), (2 * PAGE, PAGE, None), (PAGE - 1, 0, 2 * PAGE - 1)],
)
def test_a_page_knows_its_neighbours(start: int, before: int | None, after: int | None) -> None:
    found = page(EVERY, start)
    assert (found.before, found.after) == (before, after)
    assert found.rows == tuple(EVERY[start : start + PAGE])


@pytest.mark.parametrize("start", [-1, 2 * PAGE + 1, 10**30])
def test_a_page_that_is_not_there_is_the_first(start: int) -> None:
    assert page(EVERY, start) == page(EVERY, 0)


def test_a_list_that_just_fills_a_page_has_no_other() -> None:
    assert page(EVERY[:PAGE], 0).after is None
    assert page((), 0).rows == ()


@pytest.mark.parametrize("text", ["JOSÉ", "josé", "jose\u0301", "Jose"])
def test_capitals_and_accents_make_no_difference(text: str) -> None:
    assert folded(text) == "jose"
