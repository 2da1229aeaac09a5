"""`python -m tests.browser.screenshots`: the README's pictures, taken of the sandbox as it is."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from bot.sandbox import run
from bot.views import ids
from tests.browser.conftest import DESKTOP, FLAGS, PHONE
from tests.journeys.workspace import ADA, APPLICANTS, COHORT, FACILITATORS, FAY, KOFI, LENA, PRIYA, TOMAS, Workspace

FOLDER = Path(__file__).parent.parent.parent / ".readme"
CHECK_IN = {
    "Minutes": "45",
    "What moved?": "Two new volunteers",
    "Support needed": ["Staff and volunteers"],
    "Next step": "Train them",
    "Confidence in that next step": "4: confident",
}
QUESTION = "Can programs on the Illinois side apply?"


def main() -> None:
    """Live the application week, and take a picture at each of its stations."""
    path = shutil.which("chromium") or sys.exit("Chromium is not installed.")
    FOLDER.mkdir(exist_ok=True)
    with run.running() as stage, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        _take(browser, Workspace(stage))
        browser.close()


def _take(browser: Browser, workspace: Workspace) -> None:
    asked = workspace.message(ADA, QUESTION)["ts"]
    workspace.message(LENA, "hand in", workspace.direct(LENA))
    _picture(browser, workspace, "answer", ADA, f"{APPLICANTS}&thread={asked}")
    workspace.command(TOMAS, "/reflect", COHORT)
    _picture(browser, workspace, "reflection", TOMAS, COHORT)
    form = workspace.view(TOMAS)
    workspace.submit(TOMAS, dict.fromkeys(_required(form), "We asked the young people first."))
    workspace.clock(to="2020-10-19T07:00")
    workspace.command(ADA, "/ask is there a stipend for taking part?", APPLICANTS)
    workspace.press(ADA, ids.FAQ_HAND_OVER)
    workspace.command(PRIYA, "/checkin", COHORT)
    workspace.submit(PRIYA, CHECK_IN)
    workspace.clock(to="2020-10-19T09:30")
    _picture(browser, workspace, "digest", FAY, FACILITATORS)
    workspace.home(KOFI)
    _picture(browser, workspace, "phone", KOFI, "home", PHONE)


def _picture(
    browser: Browser, workspace: Workspace, name: str, user: str, place: str, size: tuple[int, int] = DESKTOP
) -> None:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto(f"{workspace.stage.url}/#as={user}&in={place}")
    page.locator(".main h1").wait_for()
    page.wait_for_timeout(800)  # pictures are for people: let fonts and focus settle
    page.screenshot(path=FOLDER / f"{name}.png")
    page.close()


def _required(view: dict[str, Any]) -> list[str]:
    return [
        block["label"]["text"]
        for block in view["blocks"]
        if block["type"] == "input" and block["element"]["type"] == "plain_text_input" and not block.get("optional")
    ]


if __name__ == "__main__":
    main()
