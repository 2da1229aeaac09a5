"""Messages, commands, mentions and threads, written in the browser."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright", reason="Playwright for Python is not installed")

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, Stage
from tests.browser.hands import write
from tests.browser.little_bot import teach
from tests.sandbox.conftest import ADA, FAY, LENA, QUESTIONS

pytestmark = pytest.mark.browser


def test_a_message_appears_as_it_is_written(stage: Stage, open_page: OpenPage) -> None:
    teach(stage)
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    write(page, "Is *this* for large organizations?")
    expect(page.get_by_role("article", name="Ada Okafor")).to_contain_text("Is this for large organizations?")
    expect(page.locator(".message strong").last).to_have_text("this")
    expect(page.get_by_role("textbox", name="Write to #questions")).to_have_value("")


def test_what_the_bot_says_comes_without_a_reload(stage: Stage, open_page: OpenPage) -> None:
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    stage.client.chat_postMessage(channel=QUESTIONS, text="Office hours at 3:00 pm")
    expect(page.get_by_role("article", name="Convene")).to_contain_text("Office hours at 3:00 pm")


def test_a_command_is_completed_by_keys_alone(stage: Stage, open_page: OpenPage) -> None:
    teach(stage)
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    box = page.get_by_role("textbox", name="Write to #questions")
    box.focus()
    page.keyboard.type("/")
    expect(page.get_by_role("option")).to_have_text([re.compile("^/ask"), re.compile("^/raw"), re.compile("^/invite")])
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option", name="/ask QUESTION")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Tab")
    expect(box).to_have_value("/ask ")
    page.keyboard.type("when is it due?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("article", name="Convene")).to_contain_text("You asked: when is it due?")


def test_a_guest_is_told_that_commands_are_not_for_guests(stage: Stage, open_page: OpenPage) -> None:
    teach(stage)
    page = open_page(stage.sandbox.site, LENA, QUESTIONS)
    box = page.get_by_role("textbox", name="Write to #questions")
    box.fill("/a")
    expect(page.get_by_text("Guests have no slash commands.").first).to_be_visible()
    box.fill("/ask when?")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_text("Guests cannot use slash commands here")
    expect(box).to_have_value("/ask when?")


def test_a_person_is_mentioned_by_name(stage: Stage, open_page: OpenPage) -> None:
    teach(stage)
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    page.get_by_role("textbox", name="Write to #questions").press_sequentially("hello @fay")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.locator(".message .mention")).to_have_text("@Fay Whitaker")
    assert stage.texts(QUESTIONS) == [f"hello <@{FAY}>"]


def test_a_thread_opens_beside_and_takes_a_reply(stage: Stage, open_page: OpenPage) -> None:
    teach(stage)
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    asked = stage.post("message", user=ADA, channel=QUESTIONS, text="How long is it?")
    stage.client.chat_postMessage(channel=QUESTIONS, thread_ts=asked["ts"], text="Ten months")
    page.get_by_role("button", name="1 reply").click()
    panel = page.get_by_role("complementary", name="Thread")
    expect(panel).to_contain_text("Ten months")
    expect(page.get_by_role("main").get_by_text("new", exact=True)).to_have_count(0)
    panel.get_by_role("textbox", name="Reply in thread").fill("Thank you")
    page.keyboard.press("Enter")
    expect(panel).to_contain_text("2 replies")
    panel.get_by_role("textbox", name="Reply in thread").fill("/ask more")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Slash commands do not work in threads")


def test_an_own_message_can_be_changed_and_taken_away(stage: Stage, open_page: OpenPage) -> None:
    teach(stage)
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    write(page, "Frist")
    page.get_by_role("button", name="More for Ada Okafor").click()
    page.get_by_role("menuitem", name="Edit").click()
    page.get_by_role("dialog").get_by_label("Text").fill("First")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("article", name="Ada Okafor")).to_contain_text("First(edited)")
    page.get_by_role("button", name="More for Ada Okafor").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(page.get_by_role("article")).to_have_count(0)


def test_shortcuts_stand_in_their_menus(stage: Stage, open_page: OpenPage) -> None:
    teach(stage)
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    write(page, "Worth keeping")
    page.get_by_role("button", name="More for Ada Okafor").click()
    page.get_by_role("menuitem", name="Save").click()
    expect(page.get_by_role("article", name="Convene")).to_contain_text("Kept: Worth keeping")
    page.get_by_role("button", name="Shortcuts").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Reflection")).to_be_visible()


def test_somebody_reading_further_up_is_not_pulled_away(stage: Stage, open_page: OpenPage) -> None:
    for number in range(40):
        stage.client.chat_postMessage(channel=QUESTIONS, text=f"Note {number}")
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    messages = page.get_by_role("log")
    expect(page.get_by_text("Note 39")).to_be_in_viewport()
    messages.evaluate("(log) => { log.scrollTop = 0; }")
    stage.client.chat_postMessage(channel=QUESTIONS, text="The newest")
    page.get_by_role("button", name="New messages").wait_for()
    assert messages.evaluate("(log) => log.scrollTop") == 0
    page.get_by_role("button", name="New messages").click()
    expect(messages.get_by_text("The newest")).to_be_in_viewport()
