"""Coming or not in a real browser: the post on a phone, the facilitators' list and what a cancellation says first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

pytest.importorskip("playwright", reason="Playwright for Python is not installed")

from playwright.sync_api import expect

from bot.sandbox import run
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.browser.hands import press, section, window
from tests.browser.setting_up import look
from tests.journeys.workspace import COHORT, FAY, KOFI, TOMAS, Workspace

pytestmark = pytest.mark.browser

TITLE = re.compile("^Change.*Convening 1")


@pytest.fixture
def ahead() -> Iterator[run.Stage]:
    """Three days before the first convening, as the cohort has just read about it."""
    with run.running(at=datetime(2020, 11, 16, 8, 30, tzinfo=ZoneInfo("America/Chicago"))) as stage:
        Workspace(stage).clock(to="2020-11-16T09:01")
        yield stage


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_somebody_says_that_they_come_and_the_facilitator_sees_it_before_cancelling(
    ahead: run.Stage, open_page: OpenPage, size: tuple[int, int]
) -> None:
    kind = f"{size[0]}"
    for user in (KOFI, TOMAS):
        page = open_page(ahead.url, user, COHORT, size=size)
        post = page.get_by_role("article", name="Convene").filter(has_text="Convening 1").first
        expect(post).to_contain_text("Your facilitators see who comes; admins see only how many.")
        look(page, f"rsvps-post-{kind}")
        post.get_by_role("button", name=re.compile("^I'm coming")).click()
        answer = page.get_by_role("article", name="Convene").filter(has_text="You said that you are coming to")
        expect(answer).to_contain_text("your facilitators see this")
        look(page, f"rsvps-said-{kind}")
    page = open_page(ahead.url, FAY, "home", size=size)
    expect(page.get_by_text("2 coming").first).to_be_visible()
    page.get_by_role("button", name=re.compile("See all dates")).first.click()
    expect(window(page)).to_contain_text("2 coming")
    look(page, f"rsvps-dates-{kind}")
    press(page, re.compile("^Who is coming.*Convening 1"))
    expect(window(page)).to_contain_text("Kofi Mensah, Tomás Rivera")
    look(page, f"rsvps-who-{kind}")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    section(page, "Dates")
    press(page, TITLE)
    press(page, "Cancel this date")
    expect(window(page)).to_contain_text("2 people said that they are coming: each gets a message")
    look(page, f"rsvps-cancel-{kind}")
