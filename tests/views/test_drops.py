"""What is said of files that were dropped."""

from __future__ import annotations

import pytest

from bot.domain.drops import Dropped
from bot.services import programs
from bot.views import drops
from tests.journeys.workspace import text_of


@pytest.mark.parametrize(
    ("name", "how"), [("packet.PDF", "word for word with its page."), ("packet.md", "word for word.")]
)
def test_pages_are_promised_of_what_has_pages(name: str, how: str) -> None:
    program = programs.check(programs.find_file("ost-cop"))
    assert how in text_of(list(drops.offer(Dropped(1, name, "offered", (program,))).blocks))
