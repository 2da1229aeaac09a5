"""From an empty database to a live program with three organizations, in the browser, by somebody who only reads."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright", reason="Playwright for Python is not installed")

from bot.sandbox import run
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.browser.setting_up import add_people, begin, go_live, look_through, make_channels, see
from tests.journeys.workspace import ALEX

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_from_nothing_to_a_live_program_with_three_organizations(
    empty: run.Stage, open_page: OpenPage, size: tuple[int, int]
) -> None:
    page = open_page(empty.url, ALEX, "home", size=size)
    begin(page)
    look_through(page)
    add_people(page)
    make_channels(page)
    see(page)
    go_live(page)
