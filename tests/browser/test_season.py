"""Convene itself in the browser: what somebody who has just opened the sandbox does first."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright", reason="Playwright for Python is not installed")

from playwright.sync_api import expect

from bot.sandbox import run
from tests.browser.checks import faint, nameless, sideways
from tests.browser.conftest import PHONE, OpenPage
from tests.browser.hands import manage, view_as, window, write
from tests.journeys.workspace import ADA, ALEX, APPLICANTS, COHORT, FAY, GENERAL, LENA, TOMAS

pytestmark = pytest.mark.browser


def test_a_reflection_is_handed_in_and_gets_its_receipt(season: run.Stage, open_page: OpenPage) -> None:
    page = open_page(season.url, TOMAS, COHORT)
    write(page, "/reflect", "#cohort")
    form = page.get_by_role("dialog", name="Hand in a reflection")
    form.wait_for()
    for field in form.get_by_role("textbox").all():
        field.fill("Paper bridges; the children counted the coins.")
    hours = form.get_by_label("Hours spent")
    hours.fill("a while")
    form.get_by_role("button", name="Hand in").click()
    expect(hours).to_be_focused()
    expect(hours).to_have_attribute("aria-invalid", "true")
    hours.fill("1,5")
    form.get_by_role("button", name="Hand in").click()
    expect(hours).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_role("link", name=re.compile("Direct messages")).click()
    expect(page.get_by_role("article", name="Convene").last).to_contain_text(re.compile(r"no\. 1\b"))


def test_a_day_on_the_applicants_are_reminded(season: run.Stage, open_page: OpenPage) -> None:
    page = open_page(season.url, ADA, APPLICANTS)
    page.get_by_role("button", name="+1 day").click()
    expect(page.get_by_role("article", name="Convene").last).to_contain_text("Fri, Oct 16, 11:59 pm")
    passed = page.get_by_role("status").filter(has_text="Since")
    expect(passed).to_contain_text("#applicants")


def test_a_guest_starts_from_the_home(season: run.Stage, open_page: OpenPage) -> None:
    page = open_page(season.url, LENA, "home")
    page.get_by_role("button", name=re.compile("Hand in|reflection", re.IGNORECASE)).first.click()
    expect(page.get_by_role("dialog", name="Hand in a reflection")).to_be_visible()


def test_a_question_is_answered_in_its_thread(season: run.Stage, open_page: OpenPage) -> None:
    page = open_page(season.url, ADA, APPLICANTS)
    write(page, "Are you looking for collaborators on the Illinois side?", "#applicants")
    page.get_by_role("button", name="1 reply").click()
    expect(page.get_by_role("complementary", name="Thread")).to_contain_text("Illinois")


def test_what_nobody_knows_goes_to_a_person_and_back(season: run.Stage, open_page: OpenPage) -> None:
    page = open_page(season.url, ADA, APPLICANTS)
    write(page, "What is the wifi password in the building?", "#applicants")
    page.get_by_role("button", name=re.compile("^Next notice")).click()
    page.get_by_role("button", name="1 reply").click()
    thread = page.get_by_role("complementary", name="Thread")
    expect(thread).to_contain_text("Fay Whitaker answers by")
    view_as(page, "Fay Whitaker")
    page.get_by_role("link", name=re.compile("^facilitators")).click()
    page.get_by_role("button", name="Answer", exact=True).click()
    page.get_by_label("Your answer").fill("It is on the board in room 2.")
    page.get_by_role("button", name="Send the answer").click()
    page.get_by_role("dialog", name="Answered").get_by_role("button", name="Close").last.click()
    view_as(page, "Ada Okafor")
    page.get_by_role("link", name=re.compile("^applicants")).click()
    page.get_by_role("button", name="2 replies").click()
    expect(thread).to_contain_text("It is on the board in room 2.")


def test_the_bot_is_invited_and_asks_what_for(season: run.Stage, open_page: OpenPage) -> None:
    page = open_page(season.url, ALEX, GENERAL)
    write(page, "/invite @Convene ", "#general")
    expect(page.locator(".message-notice")).to_contain_text("@Convene has joined the channel")
    page.get_by_role("link", name=re.compile("Direct messages")).click()
    expect(page.get_by_text("What is that channel for?")).to_be_visible()
    page.get_by_role("button", name="Nothing").click()
    expect(page.get_by_text("has no purpose for me")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_home_can_be_read_by_everybody(season: run.Stage, open_page: OpenPage, scheme: str) -> None:
    page = open_page(season.url, ADA, "home", size=PHONE, color_scheme=scheme)
    for name in ("Tomás Rivera", "June Park", "Fay Whitaker", "Alex Romero", "Sam Lee"):
        expect(page.locator(".blocks-home")).to_be_visible()
        expect(page.locator(".unknown")).to_have_count(0)
        assert (faint(page), nameless(page), sideways(page)) == ([], [], [])
        page.get_by_role("button", name="Channels and people").click()
        view_as(page, name)
        expect(page.get_by_text(f"shows {name}")).to_be_visible()


def test_the_digest_comes_on_demand(season: run.Stage, open_page: OpenPage) -> None:
    page = open_page(season.url, FAY, "C0FACIL01")
    write(page, "/convene digest", "#facilitators")
    expect(page.get_by_role("article", name="Convene").last).to_be_visible()
    expect(page.locator(".unknown")).to_have_count(0)


def test_a_window_that_takes_the_place_of_another_begins_at_its_top(season: run.Stage, open_page: OpenPage) -> None:
    page = open_page(season.url, FAY, "home", size=PHONE)
    manage(page, "Change…")
    expect(page.get_by_role("dialog", name="Change…")).to_be_visible()
    first = window(page).get_by_role("button", name="Recent changes")
    expect(first).to_be_in_viewport()
    expect(first).to_be_focused()
