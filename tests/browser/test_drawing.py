"""Blocks, inputs and text as the page draws them."""

from __future__ import annotations

import pytest

pytest.importorskip("playwright", reason="Playwright for Python is not installed")

from playwright.sync_api import expect
from slack_bolt import Ack

from tests.browser.checks import nameless
from tests.browser.conftest import OpenPage, Stage
from tests.browser.hands import view_as, write
from tests.browser.little_bot import display_blocks, every_input, teach
from tests.sandbox.conftest import ADA, QUESTIONS

pytestmark = pytest.mark.browser


def test_every_block_has_its_own_look(stage: Stage, open_page: OpenPage) -> None:
    stage.client.chat_postMessage(channel=QUESTIONS, text="Everything", blocks=display_blocks())
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    expect(page.get_by_role("heading", name="Everything 🎉")).to_be_visible()
    expect(page.get_by_role("button", name="Hand in")).to_be_visible()
    expect(page.get_by_role("img", name="A chart of hours")).to_be_visible()
    expect(page.get_by_role("link", name="Join")).to_have_attribute("href", "https://example.org/join")
    expect(page.locator(".unknown")).to_have_count(0)
    assert nameless(page) == []


def test_an_unknown_block_is_named_in_a_box(stage: Stage, open_page: OpenPage) -> None:
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    said = page.evaluate("import('/blocks.js').then((m) => m.drawBlock({type: 'wobble'}, {}).textContent)")
    assert said == "Unknown block: wobble"


def test_every_input_keeps_its_label_and_hint(stage: Stage, open_page: OpenPage) -> None:
    teach(stage, every_input())
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    write(page, "/raw x")
    expect(page.get_by_role("dialog", name="Reflection")).to_be_visible()
    expect(page.get_by_role("dialog").locator(".unknown")).to_have_count(0)
    for label in ("Plain text input (optional)", "Users select (optional)", "Datepicker (optional)"):
        expect(page.get_by_label(label, exact=True)).to_have_accessible_description("As you like")
    expect(page.get_by_role("group", name="Checkboxes (optional)")).to_be_visible()
    assert nameless(page) == []


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold* _it_ ~no~ `c*d*`", "<strong>bold</strong> <em>it</em> <del>no</del> <code>c*d*</code>"),
        ("snake_case_name 2*3*4", "snake_case_name 2*3*4"),
        ("&lt;b&gt; &amp;amp;", "&lt;b&gt; &amp;amp;"),
        ("<javascript:alert(1)|x>", "<span>x (javascript:alert(1))</span>"),
        (":wave: :nothing:", '<span class="emoji" title=":wave:">👋</span> :nothing:'),
        ("*a <https://e.org/a*b|b> c*", '<strong>a <a href="https://e.org/a*b"'),
    ],
)
def test_mrkdwn_becomes_nodes(stage: Stage, open_page: OpenPage, text: str, html: str) -> None:
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    drawn = page.evaluate("(text) => import('/mrkdwn.js').then((m) => m.mrkdwn(text, {}).innerHTML)", text)
    assert html in drawn


def test_a_date_is_told_in_the_readers_zone(stage: Stage, open_page: OpenPage) -> None:
    due = "<!date^1602910740^{date_short} at {time}|Friday night>"
    stage.client.chat_postMessage(channel=QUESTIONS, text=due)
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    expect(page.locator(".message time").last).to_have_text("Oct 16, 2020 at 11:59 pm")
    view_as(page, "Pat Lee")
    expect(page.locator(".message time").last).to_have_text("Oct 17, 2020 at 12:59 am")


def test_a_dangerous_button_asks_first(stage: Stage, open_page: OpenPage) -> None:
    pressed: list[str] = []

    @stage.app.action("one_danger")
    def danger(ack: Ack) -> None:
        pressed.append("pressed")
        ack()

    stage.client.chat_postMessage(channel=QUESTIONS, text="Everything", blocks=display_blocks())
    page = open_page(stage.sandbox.site, ADA, QUESTIONS)
    page.get_by_role("button", name="Take back").click()
    page.get_by_role("button", name="Leave it").click()
    assert pressed == []
    page.get_by_role("button", name="Take back").click()
    with page.expect_response("**/_sandbox/action"):
        page.get_by_role("dialog").get_by_role("button", name="Take back").click()
    assert pressed == ["pressed"]
