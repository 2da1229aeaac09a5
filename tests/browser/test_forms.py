"""Modals: errors under their fields, what was typed, the stack, the focus."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright", reason="Playwright for Python is not installed")

from playwright.sync_api import expect

from tests.browser.conftest import OpenPage, Stage
from tests.browser.hands import write
from tests.browser.little_bot import every_input, teach
from tests.sandbox.conftest import ADA, FAY, QUESTIONS

pytestmark = pytest.mark.browser


def test_a_choice_of_several_reaches_the_bot(stage: Stage, open_page: OpenPage) -> None:
    teach(stage, every_input())
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    write(page, "/raw x")
    page.get_by_role("button", name="Multi static select (optional)").click()
    page.get_by_role("checkbox", name="Coaching").first.check()
    page.get_by_label("Datepicker (optional)").fill("2020-10-14")
    page.get_by_label("Users select (optional)", exact=True).select_option("Fay Whitaker")
    with page.expect_response("**/_sandbox/submit") as answer:
        page.get_by_role("button", name="Hand in").click()
    assert answer.value.json()["ok"]
    sent = next(one for one in reversed(stage.get("log")["log"]) if "view_submission" in one["what"])
    values = sent["request"]["view"]["state"]["values"]
    support = values["in_multi_static_select"]["one_multi_static_select"]["selected_options"]
    assert [one["value"] for one in support] == ["Coaching"]
    assert values["in_datepicker"]["one_datepicker"]["selected_date"] == "2020-10-14"
    assert values["in_users_select"]["one_users_select"]["selected_user"] == FAY


def test_an_error_stands_under_its_field_and_has_the_focus(stage: Stage, open_page: OpenPage) -> None:
    teach(stage)
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    write(page, "/raw x")
    story, hours = page.get_by_label("What did you try?"), page.get_by_label("Hours spent")
    story.fill("We built bridges")
    hours.fill("a few")
    page.get_by_role("button", name="Hand in").click()
    expect(hours).to_be_focused()
    expect(hours).to_have_attribute("aria-invalid", "true")
    expect(hours).to_have_accessible_description(re.compile("Hours can be 0 or more"))
    expect(story).to_have_value("We built bridges")
    expect(hours).to_have_value("a few")
    hours.fill("2")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("article", name="Convene")).to_contain_text("Handed in: 2 hours")


def test_a_form_that_the_bot_drops_stays_with_what_was_written(stage: Stage, open_page: OpenPage) -> None:
    teach(stage)
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    write(page, "/raw x")
    page.get_by_label("What did you try?").fill("Long work")
    page.get_by_label("Hours spent").fill("crash")
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("alert")).to_contain_text("trouble connecting")
    expect(page.get_by_label("What did you try?")).to_have_value("Long work")


def test_an_update_of_the_form_keeps_what_was_typed(stage: Stage, open_page: OpenPage) -> None:
    teach(stage)
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    write(page, "/raw x")
    page.get_by_label("What did you try?").fill("Half a sentence")
    page.get_by_role("button", name="Again").click()
    expect(page.get_by_role("dialog", name="Reflection, again")).to_be_visible()
    expect(page.get_by_label("What did you try?")).to_have_value("Half a sentence")


def test_a_form_above_a_form_leads_back_to_it(stage: Stage, open_page: OpenPage) -> None:
    teach(stage)
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    write(page, "/raw x")
    page.get_by_label("What did you try?").fill("Below")
    page.get_by_role("button", name="Deeper").click()
    expect(page.get_by_role("dialog", name="Deeper")).to_be_visible()
    expect(page.get_by_label("What did you try?")).to_have_value("")
    page.get_by_role("button", name="Back", exact=True).click()
    expect(page.get_by_role("dialog", name="Reflection")).to_be_visible()
    expect(page.get_by_label("What did you try?")).to_have_value("Below")


def test_a_form_begins_in_its_first_field_and_not_at_a_link_above_it(stage: Stage, open_page: OpenPage) -> None:
    above = {"type": "section", "text": {"type": "mrkdwn", "text": f"It goes into <#{QUESTIONS}>."}}
    teach(stage, [above, *every_input()])
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    write(page, "/raw x")
    form = page.get_by_role("dialog")
    expect(form.get_by_role("button", name="#questions")).to_be_visible()
    expect(form.get_by_role("button", name="#questions")).not_to_be_focused()
    assert page.evaluate("document.activeElement.closest('.modal-body') !== null")


def test_escape_closes_a_form_and_the_focus_returns(stage: Stage, open_page: OpenPage) -> None:
    teach(stage)
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    write(page, "/raw x")
    expect(page.get_by_label("What did you try?")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("textbox", name="Write to #questions")).to_be_focused()
    assert stage.get("view", user=ADA)["view"] is None
