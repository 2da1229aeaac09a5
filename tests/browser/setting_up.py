"""What an administrator does on the page until a program is live: each step looks at what anybody has to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from playwright.sync_api import expect

from tests.browser.checks import faint, nameless, sideways

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

PEOPLE = """Fay Whitaker <fay@example.org>, facilitator
Tomás Rivera <tomas@example.org>, Bright Labs
Priya Nair <priya@example.org>, Bright Labs
Lena Fischer <lena@example.org>, River Robotics
kofi@example.org; Gateway Makers; participant
June Park <june@example.org>, coach
Nobody Here <nobody@example.org>, Bright Labs"""


def look(page: Page, name: str) -> None:
    """What anybody has to be able to read and to press; `name` is what is looked at."""
    assert (faint(page), nameless(page), sideways(page)) == ([], [], []), name


def opened(page: Page, button: str, title: str) -> Locator:
    """Press a button of the Home, and wait for its window."""
    page.get_by_role("button", name=button, exact=True).first.click()
    dialog = page.get_by_role("dialog", name=title, exact=True)
    dialog.wait_for()
    return dialog


def closed(dialog: Locator) -> None:
    """Close what says that it is done."""
    dialog.get_by_role("button", name="Close", exact=True).last.click()
    expect(dialog).to_be_hidden()


def away(page: Page) -> None:
    """Close every window that is open, the upper ones first."""
    for _ in range(page.locator("dialog[open]").count() + 2):
        if not page.locator("dialog[open]").count():
            return
        page.keyboard.press("Escape")
        page.wait_for_timeout(200)
    expect(page.locator("dialog[open]")).to_have_count(0)


def begin(page: Page) -> None:
    """The form with which it begins."""
    look(page, "nothing")
    form = opened(page, "Set up a program…", "Set up a program")
    look(page, "begin")
    form.get_by_label("What is the program called?").fill("River Robotics Network")
    form.get_by_label("When does it start?").fill("2027-01-11")
    form.get_by_label("What is that clock called?").fill("Springfield")
    form.get_by_label("Who runs it?").fill("River Partners")
    form.get_by_role("button", name="Set it up").click()
    expect(form.get_by_text("is there, in practice")).to_be_visible()
    look(page, "begun")
    closed(form)
    expect(page.get_by_text("You are setting this up")).to_be_visible()
    look(page, "checklist")


def look_through(page: Page) -> None:
    """Words, dates, homework page by page; the answers at once."""
    for title in ("Words of the program", "Dates", "Homework"):
        pages = opened(page, f"Look at them: {title}", title)
        look(page, title)
        pages.get_by_role("button", name="These are right").click()
        expect(pages.get_by_text("all looked at")).to_be_visible()
        closed(pages)
    pages = opened(page, "Look at them: Questions and answers", "Questions and answers")
    look(page, "answers")
    pages.get_by_role("button", name="All 53 are right…").click()
    page.get_by_role("button", name="They are right").click()
    expect(pages.get_by_text("all looked at")).to_be_visible()
    closed(pages)


def add_people(page: Page) -> None:
    """Everybody, a line each."""
    form = opened(page, "Add people…", "Add people")
    look(page, "people")
    form.get_by_label("Or paste addresses, one person a line").fill("nobody at all")
    form.get_by_role("button", name="Add them").click()
    expect(form.get_by_text("there is no e-mail address")).to_be_visible()
    look(page, "people, wrong")
    form.get_by_label("Or paste addresses, one person a line").fill(PEOPLE)
    form.get_by_role("button", name="Add them").click()
    expect(form.get_by_text("7 people added")).to_be_visible()
    look(page, "people, added")
    closed(form)
    expect(page.get_by_text("3 organizations")).to_be_visible()
    # The bot asks Slack, address by address, whose each is.
    expect(page.get_by_text("this address so far: nobody@example.org")).to_be_visible(timeout=40_000)


def make_channels(page: Page) -> None:
    """Two that the bot makes."""
    for button in ("Choose… The facilitators' channel", "Choose… The cohort's channel"):
        form = opened(page, button, "Channel")
        look(page, button)
        form.get_by_role("button", name="Use it").click()
        expect(form.get_by_text("I have made")).to_be_visible()
        closed(form)
    expect(page.get_by_text("7. Channels · done")).to_be_visible()


def see(page: Page) -> None:
    """What people will read, a page of it."""
    shown = opened(page, "See it: what people will read, and when", "What people will see")
    expect(shown.get_by_text("Application Office Hours").first).to_be_visible()
    look(page, "preview")
    shown.get_by_role("button", name="Posts after these", exact=True).click()
    expect(shown.get_by_text("13 to 24 here")).to_be_visible()
    closed(shown)


def go_live(page: Page) -> None:
    """From now on it is said where it belongs."""
    look(page, "checklist, done")
    form = opened(page, "Go live…", "Practice and live")
    look(page, "live")
    form.get_by_role("button", name="Go live", exact=True).click()
    expect(form.get_by_text("is live")).to_be_visible()
    closed(form)
    expect(page.get_by_text("You are setting this up")).to_be_hidden()
    look(page, "live Home")
