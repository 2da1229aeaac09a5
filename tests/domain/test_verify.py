"""Which receipt numbers are missing, doubled, or higher than there can be."""

from __future__ import annotations

import pytest

from bot.domain.verify import Numbers, numbers


@pytest.mark.parametrize(
    ("given", "last", "wrong"),
    [
        ([], 0, None),
        ([1, 2, 3], 3, None),
        ([1, 3], 3, Numbers("ost", missing=((2, 2),))),
        ([2, 3], 3, Numbers("ost", missing=((1, 1),))),
        ([1], 4, Numbers("ost", missing=((2, 4),))),
        ([], 2, Numbers("ost", missing=((1, 2),))),
        ([1, 6, 9], 9, Numbers("ost", missing=((2, 5), (7, 8)))),
        ([1, 2, 2, 2, 3], 3, Numbers("ost", doubled=(2,))),
        ([1, 2, 3], 2, Numbers("ost", beyond=(3,))),
        ([1, 4, 4], 2, Numbers("ost", missing=((2, 2),), doubled=(4,), beyond=(4,))),
    ],
)
def test_numbers_that_are_not_one_after_the_other_are_named(given: list[int], last: int, wrong: Numbers | None) -> None:
    assert numbers("ost", given, last) == wrong
