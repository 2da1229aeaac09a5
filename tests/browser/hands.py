"""What a person does on the page again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


def write(page: Page, text: str, place: str = "#questions") -> None:
    """Type into the channel's composer and send."""
    page.get_by_role("textbox", name=f"Write to {place}").fill(text)
    page.keyboard.press("Enter")


def view_as(page: Page, name: str) -> None:
    """Become somebody else."""
    page.get_by_role("button", name="View as").click()
    page.get_by_role("menuitemradio", name=name).click()
