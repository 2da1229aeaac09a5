"""Who sees what, where one is, what time it is, and what the inspector shows."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright", reason="Playwright for Python is not installed")

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, Stage
from tests.browser.hands import view_as, write
from tests.browser.little_bot import teach
from tests.sandbox.conftest import ADA, FAY, PAT, QUESTIONS

pytestmark = pytest.mark.browser


def test_only_the_reader_sees_an_ephemeral(stage: Stage, open_page: OpenPage) -> None:
    teach(stage)
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    write(page, "/ask quietly")
    expect(page.get_by_text("Only visible to you")).to_be_visible()
    view_as(page, "Fay Whitaker")
    expect(page.get_by_text("The beginning of #questions")).to_be_visible()
    expect(page.get_by_text("You asked: quietly")).to_have_count(0)
    view_as(page, "Ada Okafor")
    page.get_by_role("button", name="Dismiss").click()
    expect(page.get_by_text("You asked: quietly")).to_have_count(0)


def test_what_is_new_elsewhere_is_counted(stage: Stage, open_page: OpenPage) -> None:
    page = open_page(stage.sandbox.site, FAY, QUESTIONS)
    stage.client.chat_postMessage(channel="C0STAFF", text="One")
    stage.client.chat_postMessage(channel="C0STAFF", text="Two")
    place = page.get_by_role("link", name=re.compile("staff"))
    expect(place.get_by_label("2 unread")).to_be_visible()
    place.click()
    expect(page.locator(".divider-new")).to_have_count(0)
    expect(place.locator(".badge")).to_have_count(0)


def test_the_home_is_published_when_it_is_opened(stage: Stage, open_page: OpenPage) -> None:
    teach(stage)
    page = open_page(stage.sandbox.site, ADA, "home")
    expect(page.get_by_role("heading", name="Good morning")).to_be_visible()


def test_the_clock_says_what_was_passed(stage: Stage, open_page: OpenPage) -> None:
    page = open_page(stage.sandbox.site, PAT, QUESTIONS)
    expect(page.get_by_role("timer")).to_contain_text("9:00 am")
    expect(page.get_by_role("timer")).to_contain_text("10:00 am for Pat in New York")
    moment = stage.clock().replace(hour=20, minute=0, second=0, microsecond=0)
    stage.schedule.due.append(moment)

    def remind() -> None:
        stage.client.chat_postMessage(channel=QUESTIONS, text="Office hours")

    stage.schedule.says = remind
    page.get_by_role("button", name="Next notice").click()
    expect(page.get_by_role("timer")).to_contain_text("3:00 pm")
    expect(page.get_by_role("status").filter(has_text="Since")).to_contain_text("#questions1")
    page.get_by_role("button", name="+1 hour").click()
    expect(page.get_by_role("timer")).to_contain_text("4:00 pm")
    expect(page.get_by_role("status").filter(has_text="Since")).to_contain_text("nothing was due")


def test_the_inspector_shows_both_directions(stage: Stage, open_page: OpenPage) -> None:
    teach(stage)
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    page.get_by_role("button", name="Inspector").click()
    write(page, "/raw x")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    panel = page.get_by_role("complementary", name="Inspector")
    panel.get_by_text("views.open").click()
    expect(panel.get_by_label("Request", exact=True)).to_contain_text('"callback_id": "form"')
    expect(panel.get_by_text("/raw")).to_be_visible()


def test_a_reload_stays_where_one_was(stage: Stage, open_page: OpenPage) -> None:
    page = open_page(stage.sandbox.site, FAY, "C0STAFF")
    page.reload()
    expect(page.get_by_role("heading", name="staff", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="View as")).to_have_accessible_name(re.compile("Fay Whitaker"))


def test_a_permalink_leads_to_its_message(stage: Stage, open_page: OpenPage) -> None:
    posted = [stage.client.chat_postMessage(channel=QUESTIONS, text=f"Note {number}") for number in range(40)]
    link = stage.client.chat_getPermalink(channel=QUESTIONS, message_ts=posted[3]["ts"])["permalink"]
    page = open_page(stage.sandbox.site, ADA, "home")
    page.goto(str(link))
    expect(page.get_by_role("log").get_by_text("Note 3", exact=True)).to_be_in_viewport()


def test_a_channel_from_outside_offers_to_join(stage: Stage, open_page: OpenPage) -> None:
    page = open_page(stage.sandbox.site, PAT, QUESTIONS)
    page.get_by_role("button", name="Join channel").click()
    expect(page.get_by_role("textbox", name="Write to #questions")).to_be_visible()


def test_a_private_channel_is_not_shown_to_others(stage: Stage, open_page: OpenPage) -> None:
    page = open_page(stage.sandbox.site, ADA, "C0STAFF")
    expect(page.get_by_role("link", name=re.compile("staff"))).to_have_count(0)
    expect(page.get_by_role("heading", name="questions", level=1)).to_be_visible()


def test_after_a_broken_connection_the_page_catches_up(stage: Stage, open_page: OpenPage) -> None:
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    page.get_by_role("textbox", name="Write to #questions").fill("Half a thought")
    page.context.set_offline(True)
    stage.sandbox.workspace.close()
    expect(page.get_by_text("The sandbox does not answer")).to_be_visible()
    stage.client.chat_postMessage(channel=QUESTIONS, text="Said meanwhile")
    page.context.set_offline(False)
    expect(page.get_by_role("article", name="Convene")).to_contain_text("Said meanwhile")
    expect(page.get_by_text("The sandbox does not answer")).to_be_hidden()
    expect(page.get_by_role("textbox", name="Write to #questions")).to_have_value("Half a thought")


def test_trouble_is_made_in_the_inspector_and_comes_about_once(stage: Stage, open_page: OpenPage) -> None:
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    page.get_by_role("button", name="Inspector").click()
    panel = page.get_by_role("complementary", name="Inspector")
    panel.get_by_role("button", name="Make trouble").click()
    page.get_by_role("menuitem", name="Arrives, and the answer is lost").click()
    expect(panel.get_by_role("status")).to_have_text("Next: what the bot says arrives, and the answer is lost.")
    with pytest.raises(ConnectionError):
        stage.client.chat_postMessage(channel=QUESTIONS, text="Heard after all")
    expect(page.get_by_role("log").get_by_text("Heard after all")).to_be_visible()
    expect(panel.get_by_role("status")).to_have_text("")
    expect(panel.get_by_text("lost_answer")).to_be_visible()


def test_a_bot_can_be_put_to_sleep_and_trouble_taken_back(stage: Stage, open_page: OpenPage) -> None:
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    page.get_by_role("button", name="Inspector").click()
    panel = page.get_by_role("complementary", name="Inspector")
    choices = ("One message a second in a channel", "Comes twice", "No more trouble", "The bot is down for six hours")
    for choice in choices:
        panel.get_by_role("button", name="Make trouble").click()
        page.get_by_role("menu").get_by_text(choice, exact=True).click()
    expect(page.get_by_role("timer")).to_contain_text("3:00 pm")
    assert stage.get("fault")["faults"] == []
    assert stage.get("fault")["pace"]
