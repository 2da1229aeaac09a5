"""What a person does on the page again and again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page


def write(page: Page, text: str, place: str = "#questions") -> None:
    """Type into the channel's composer and send."""
    page.get_by_role("textbox", name=f"Write to {place}").fill(text)
    page.keyboard.press("Enter")


def view_as(page: Page, name: str) -> None:
    """Become somebody else."""
    page.get_by_role("button", name="View as").click()
    page.get_by_role("menuitemradio", name=name).click()


def window(page: Page) -> Locator:
    """The window that is open."""
    return page.get_by_role("dialog").last


def press(page: Page, words: str | re.Pattern[str], *, text: bool = False) -> None:
    """Press a button of the open window by its name, or by the words on it where its name says more."""
    within = window(page)
    button = within.get_by_role("button", name=words, exact=isinstance(words, str))
    (within.get_by_text(words, exact=True) if text else button).first.click()


def manage(page: Page, what: str) -> None:
    """*Manage*, and a line of it."""
    page.get_by_role("button", name=re.compile("^Manage ")).click()
    press(page, re.compile(f"^{re.escape(what)}:"))


def section(page: Page, what: str) -> None:
    """A list under *Change*."""
    manage(page, "Change…")
    press(page, f"Look at {what}")
