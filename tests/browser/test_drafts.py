"""Drafts in the browser, on a desk and on a phone: typed, closed, offered, gone on with, handed in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("playwright", reason="Playwright for Python is not installed")

from playwright.sync_api import expect

from bot.sandbox import run
from tests.browser.checks import faint, nameless, sideways
from tests.browser.conftest import DESKTOP, PHONE, OpenPage
from tests.journeys.test_in_time import ANSWERS
from tests.journeys.workspace import TOMAS, Workspace

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser
PROGRAM, HOPE = ANSWERS
WORDS = "A room full of noise, and nobody looks at the clock."


def open_form(page: Page) -> Locator:
    page.get_by_role("button", name="Hand in a reflection", exact=True).click()
    form = page.get_by_role("dialog", name="Hand in a reflection")
    form.wait_for()
    return form


def begin(page: Page) -> None:
    """Type as fast as a machine can, and close the form with the last character still on its way."""
    form = open_form(page)
    form.get_by_label(PROGRAM).press_sequentially(WORDS)
    expect(form.get_by_label(PROGRAM)).to_have_value(WORDS)
    form.get_by_role("button", name="Not now").click()
    expect(form).to_be_hidden()


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_typed_closed_offered_gone_on_with_and_handed_in(
    season: run.Stage, open_page: OpenPage, size: tuple[int, int]
) -> None:
    page = open_page(season.url, TOMAS, "home", size=size)
    begin(page)
    expect(page.get_by_text("Begun, and not handed in yet")).to_be_visible()
    assert (faint(page), nameless(page), sideways(page)) == ([], [], [])
    Workspace(season).clock(advance="2m")
    page.get_by_role("link", name="Messages", exact=True).click()
    # Not where it is read aloud, as it is when it comes while one looks.
    said = page.get_by_role("log", name="Messages with Convene")
    expect(said.get_by_text("You began a reflection on Before we begin (sample)")).to_be_visible()
    assert (faint(page), nameless(page), sideways(page)) == ([], [], [])
    page.get_by_role("button", name="Go on writing").click()
    form = page.get_by_role("dialog", name="Hand in a reflection")
    expect(form.get_by_text("This is your draft")).to_be_visible()
    expect(form.get_by_label(PROGRAM)).to_have_value(WORDS)
    assert (faint(page), nameless(page), sideways(page)) == ([], [], [])
    form.get_by_label(HOPE).press_sequentially("Calm.")
    form.get_by_role("button", name="Hand in").click()
    saved = page.get_by_role("dialog", name="Saved")
    expect(saved).to_contain_text("Saved as no. 1")
    saved.get_by_role("button", name="Close").last.click()
    expect(said.get_by_text("You began a reflection on Before we begin (sample), and handed it in.")).to_be_visible()
    expect(page.get_by_role("button", name="Go on writing")).to_have_count(0)


def test_started_empty_the_fields_are_empty_and_what_is_typed_next_is_kept(
    season: run.Stage, open_page: OpenPage
) -> None:
    page = open_page(season.url, TOMAS, "home")
    begin(page)
    form = open_form(page)
    expect(form.get_by_label(PROGRAM)).to_have_value(WORDS)
    form.get_by_role("button", name="Start empty").click()
    page.get_by_role("dialog", name="Start empty?").get_by_role("button", name="Start empty").click()
    expect(form.get_by_label(PROGRAM)).to_have_value("")
    expect(form.get_by_text("This is your draft")).to_have_count(0)
    form.get_by_label(PROGRAM).press_sequentially("Something else")
    form.get_by_role("button", name="Not now").click()
    expect(form).to_be_hidden()
    expect(open_form(page).get_by_label(PROGRAM)).to_have_value("Something else")


def test_thrown_away_in_the_home_it_is_gone(season: run.Stage, open_page: OpenPage) -> None:
    page = open_page(season.url, TOMAS, "home")
    begin(page)
    page.get_by_role("button", name="Throw it away").click()
    page.get_by_role("dialog", name=re.compile("Throw it away")).get_by_role("button", name="Throw it away").click()
    expect(page.get_by_text("Begun, and not handed in yet")).to_have_count(0)
    expect(open_form(page).get_by_label(PROGRAM)).to_have_value("")
