"""`python -m tests.browser.screenshots`: the README's pictures, taken of the sandbox as it is."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bot.sandbox import run
from bot.views import ids
from tests.browser.conftest import DESKTOP, FLAGS, PHONE
from tests.journeys.workspace import ADA, APPLICANTS, COHORT, FACILITATORS, FAY, KOFI, PRIYA, TOMAS, Workspace

FOLDER = Path(__file__).parent.parent.parent / ".readme"
TALL, NARROW = (1280, 960), (900, 960)
CHECK_IN = {
    "Minutes": "45",
    "What moved?": "Two new volunteers",
    "Support needed": ["Staff and volunteers"],
    "Next step": "Train them",
    "Confidence in that next step": "4: confident",
}
WELCOME = "Welcome, everybody! Ask here whatever you want to know. Convene answers from our pages, and so do we."
EARLIER = "Do small organizations have a chance?"
QUESTION = "Can programs on the Illinois side apply?"
UNKNOWN = "is there a stipend for taking part?"
ANSWERS = (
    "Ten minutes before the end nobody wants to go home: the bridge holds one more coin than last week.",
    "That the quiet ones build, too, and say what they would change.",
)


def main() -> None:
    """Live the application week, and take a picture at each of its stations."""
    path = shutil.which("chromium") or sys.exit("Chromium is not installed.")
    FOLDER.mkdir(exist_ok=True)
    with run.running() as stage, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        _take(browser, Workspace(stage))
        browser.close()


def _take(browser: Browser, workspace: Workspace) -> None:
    workspace.message(FAY, WELCOME)
    workspace.clock(to="2020-10-12T10:20")
    workspace.message(ADA, EARLIER)
    workspace.clock(to="2020-10-14T14:50")
    asked = workspace.message(ADA, QUESTION)["ts"]
    _picture(browser, workspace, "answer", ADA, f"{APPLICANTS}&thread={asked}")
    workspace.command(TOMAS, "/reflect", COHORT)
    form = workspace.view(TOMAS)
    _picture(browser, workspace, "reflection", TOMAS, COHORT, size=TALL, part="dialog[open]", typed=ANSWERS)
    workspace.submit(TOMAS, dict(zip(_required(form), ANSWERS, strict=True)))
    workspace.clock(to="2020-10-19T07:00")
    workspace.command(ADA, f"/ask {UNKNOWN}", APPLICANTS)
    workspace.press(ADA, ids.FAQ_HAND_OVER)
    workspace.command(PRIYA, "/checkin", COHORT)
    workspace.submit(PRIYA, CHECK_IN)
    workspace.clock(to="2020-10-19T09:30")
    _picture(browser, workspace, "digest", FAY, FACILITATORS, size=NARROW, part=".message >> nth=-1")
    workspace.home(KOFI)
    _picture(browser, workspace, "phone", KOFI, "home", size=PHONE, color_scheme="dark")


def _picture(
    browser: Browser,
    workspace: Workspace,
    name: str,
    user: str,
    place: str,
    *,
    size: tuple[int, int] = DESKTOP,
    part: str | None = None,
    typed: Sequence[str] = (),
    **options: Any,
) -> None:
    """The page as somebody sees it, or a `part` of it, with what they have `typed` into its form."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, **options)
    page.goto(f"{workspace.stage.url}/#as={user}&in={place}")
    page.locator(".main h1").wait_for()
    page.wait_for_timeout(800)  # pictures are for people: let fonts and focus settle
    for field, words in zip(page.locator("dialog[open] textarea").all(), typed, strict=False):
        field.fill(words)
    if typed:
        page.get_by_role("radio").first.scroll_into_view_if_needed()
    shown = page.locator(part) if part else page
    shown.screenshot(path=FOLDER / f"{name}.png")
    page.close()


def _required(view: dict[str, Any]) -> list[str]:
    return [
        block["label"]["text"]
        for block in view["blocks"]
        if block["type"] == "input" and block["element"]["type"] == "plain_text_input" and not block.get("optional")
    ]


if __name__ == "__main__":
    main()
