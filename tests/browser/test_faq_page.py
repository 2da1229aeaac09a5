"""The page for a website in a browser: for eyes, fingers, keyboards and printers, with its script and without it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("playwright", reason="Playwright for Python is not installed")

from playwright.sync_api import expect

from bot.services import programs
from bot.views import faq_page
from tests import cast
from tests.browser.checks import faint, nameless, repeated_ids, sideways
from tests.browser.conftest import DESKTOP, PATIENCE, PHONE

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

    OpenFaq = Callable[..., Page]

pytestmark = pytest.mark.browser
NARROW = (320, 640)
# What in the contents reaches so near to the edge of its box that the box cuts off the ring around it.
RINGS_CUT = """() => [...document.querySelectorAll("nav")].flatMap((nav) => {
  const box = nav.getBoundingClientRect();
  return [...nav.querySelectorAll("summary, a")].filter((node) => {
    const { left, right } = node.getBoundingClientRect();
    return left - box.left < 5 || box.left + nav.clientWidth - right < 5;
  });
}).map((node) => node.textContent)"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The page of the program that ships, as a file."""
    path: Path = tmp_path_factory.mktemp("site") / "faq.html"
    shipped = programs.check(programs.find_file("ost-cop"))
    path.write_text(faq_page.page(shipped, cast.MONDAY), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def open_faq(chromium: Browser, address: str) -> Iterator[OpenFaq]:
    """Open the page; whatever it fetches, and every error and warning of its script and its policy, fails the test."""
    contexts = []
    said: list[str] = []

    def open_at(*, size: tuple[int, int] = DESKTOP, anchor: str = "", **options: Any) -> Page:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda message: said.append(message.text))
        page.on("request", lambda request: said.append(request.url) if not request.is_navigation_request() else None)
        page.goto(address + anchor)
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(open_faq: OpenFaq, scheme: str) -> None:
    page = open_faq(color_scheme=scheme)
    assert faint(page) == []
    page.get_by_role("searchbox").fill("no such words")
    assert faint(page) == []


def test_everything_has_a_name_and_no_id_is_there_twice(open_faq: OpenFaq) -> None:
    page = open_faq()
    assert nameless(page) == []
    assert repeated_ids(page) == []
    for landmark in ("banner", "main", "contentinfo", "search"):
        expect(page.get_by_role(landmark)).to_have_count(1)


@pytest.mark.parametrize("size", [PHONE, NARROW])
def test_a_phone_scrolls_only_up_and_down(open_faq: OpenFaq, size: tuple[int, int]) -> None:
    page = open_faq(size=size, has_touch=True, is_mobile=True)
    assert sideways(page) == []
    page.get_by_text("Contents").click()
    assert sideways(page) == []


def test_without_a_script_everything_is_there_but_the_search_box(open_faq: OpenFaq) -> None:
    page = open_faq(java_script_enabled=False)
    expect(page.get_by_role("searchbox")).to_have_count(0)
    expect(page.get_by_role("heading", name="Who can apply?", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Who can apply?", exact=True)).to_be_visible()


def test_the_keyboard_comes_first_to_the_questions_and_sees_where_it_is(open_faq: OpenFaq) -> None:
    page = open_faq()
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the questions")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    outline = skip.evaluate("(node) => getComputedStyle(node).outlineStyle + getComputedStyle(node).outlineWidth")
    assert outline == "solid3px"
    page.keyboard.press("Enter")
    expect(page.locator("section").first).to_be_focused()


def test_the_ring_around_what_has_the_focus_is_whole_in_the_contents(open_faq: OpenFaq) -> None:
    page = open_faq()
    cut = page.evaluate(RINGS_CUT)
    assert cut == []


def test_a_search_leaves_what_has_the_words_and_says_how_much(open_faq: OpenFaq) -> None:
    page = open_faq()
    every = page.locator("article:visible").count()
    page.get_by_role("searchbox").fill("ILLINOIS side")
    expect(page.get_by_role("status")).to_contain_text("answer")
    found = page.locator("article:visible")
    assert 0 < found.count() < every
    assert found.count() == page.locator("nav li:visible").count()
    expect(page.locator("#illinois")).to_be_visible()
    page.get_by_role("searchbox").fill("")
    assert page.locator("article:visible").count() == every


def test_accents_make_no_difference_to_a_search(open_faq: OpenFaq) -> None:
    page = open_faq()
    page.get_by_role("searchbox").fill("organizacion")
    with_none = page.locator("article:visible").count()
    page.get_by_role("searchbox").fill("organización")
    assert page.locator("article:visible").count() == with_none > 0


def test_a_search_for_nothing_that_is_there_leads_to_a_person(open_faq: OpenFaq) -> None:
    page = open_faq()
    page.get_by_role("searchbox").fill("xylophone")
    expect(page.get_by_role("status")).to_contain_text("write to Adam, adam@example.org")
    expect(page.get_by_role("heading", name="Questions and answers")).to_be_hidden()
    expect(page.get_by_text("Contents")).to_be_hidden()
    page.get_by_role("searchbox").fill("🙂 ¿? ​")
    assert page.locator("article:visible").count() > 40


def test_a_link_to_an_answer_that_was_put_away_shows_it(open_faq: OpenFaq) -> None:
    page = open_faq(anchor="#deadline")
    expect(page.locator("#deadline")).to_be_in_viewport()
    page.get_by_role("searchbox").fill("illinois")
    expect(page.locator("#deadline")).to_be_hidden()
    page.evaluate("location.hash = '#who-can-apply'")
    expect(page.locator("#who-can-apply")).to_be_in_viewport()


def test_on_paper_there_are_the_answers_with_their_addresses_and_nothing_to_press(open_faq: OpenFaq) -> None:
    page = open_faq(color_scheme="dark")
    page.emulate_media(media="print")
    for gone in ("form", "nav", ".skip", ".elsewhere"):
        assert page.locator(f"{gone}:visible").count() == 0
    assert page.locator("body").evaluate("(node) => getComputedStyle(node).backgroundColor") == "rgb(255, 255, 255)"
    behind = page.locator("article a[href^='http']").first.evaluate("(a) => getComputedStyle(a, '::after').content")
    assert "https://" in behind
    assert faint(page) == []
