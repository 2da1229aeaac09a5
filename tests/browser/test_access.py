"""Names, contrast, widths and sizes: the page for everybody, on a phone too."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright", reason="Playwright for Python is not installed")

from playwright.sync_api import expect

from tests.browser.checks import faint, nameless, repeated_ids, sideways, small_targets
from tests.browser.conftest import PHONE, OpenPage, Stage
from tests.browser.hands import write
from tests.browser.little_bot import display_blocks, every_input, teach
from tests.sandbox.conftest import ADA, QUESTIONS

pytestmark = pytest.mark.browser


def test_a_phone_scrolls_only_up_and_down(stage: Stage, open_page: OpenPage) -> None:
    teach(stage, every_input())
    long = "A" * 120
    stage.client.chat_postMessage(channel=QUESTIONS, text=long, blocks=display_blocks())
    stage.client.chat_postMessage(channel=QUESTIONS, text=long)
    page = open_page(stage.sandbox.site, ADA, QUESTIONS, size=PHONE, has_touch=True, is_mobile=True)
    assert sideways(page) == []
    page.get_by_role("button", name="Channels and people").click()
    expect(page.get_by_role("link", name=re.compile("away"))).to_be_in_viewport()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name=re.compile("away"))).not_to_be_in_viewport()
    write(page, "/raw x")
    page.get_by_role("dialog").wait_for()
    assert sideways(page) == []
    assert small_targets(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(stage: Stage, open_page: OpenPage, scheme: str) -> None:
    teach(stage)
    stage.client.chat_postMessage(channel=QUESTIONS, text="Everything", blocks=display_blocks())
    page = open_page(stage.sandbox.site, ADA, QUESTIONS, color_scheme=scheme)
    write(page, "/ask quietly")
    page.get_by_text("Only visible to you").wait_for()
    assert faint(page) == []
    page.get_by_role("button", name="View as").click()
    assert faint(page) == []
    page.keyboard.press("Escape")
    write(page, "/raw x")
    page.get_by_role("dialog").get_by_role("button", name="Hand in").click()
    page.get_by_text("required field").first.wait_for()
    assert faint(page) == []


def test_landmarks_headings_and_names_are_in_order(stage: Stage, open_page: OpenPage) -> None:
    teach(stage)
    stage.client.chat_postMessage(channel=QUESTIONS, text="Everything", blocks=display_blocks())
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    for landmark in ("banner", "navigation", "main"):
        expect(page.get_by_role(landmark)).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to messages")).to_be_focused()
    assert nameless(page) == []
    assert repeated_ids(page) == []
