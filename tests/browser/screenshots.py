"""`python -m tests.browser.screenshots`: the README's pictures, taken of the sandbox as it is."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from bot.sandbox import run
from bot.views import ids
from tests.browser import setting_up
from tests.browser.conftest import DESKTOP, FLAGS, PHONE
from tests.browser.hands import manage, press, section, window, write
from tests.journeys.workspace import ADA, ALEX, APPLICANTS, COHORT, FACILITATORS, FAY, KOFI, PRIYA, TOMAS, Workspace

FOLDER = Path(__file__).parent.parent.parent / ".readme"
TALL, NARROW = (1280, 960), (900, 1300)
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
    start = datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 - a wall time
    with run.running(at=start, empty=True) as stage, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        _set_up(browser, Workspace(stage))
        _look_after(browser, Workspace(stage))
        browser.close()


def _set_up(browser: Browser, workspace: Workspace) -> None:
    """A program is begun from a template, and its dates are looked at."""
    workspace.home(ALEX)
    workspace.press(ALEX, ids.SETUP_OPEN)
    typed = {"setup-name": "River Robotics Network", "setup-start": "2027-01-11", "setup-place": "Springfield"}
    workspace.submit(ALEX, {**typed, "setup-organizer": "River Partners"})
    workspace.post("close", user=ALEX, all=True)
    workspace.home(ALEX)
    _picture(browser, workspace, "setup", ALEX, "home", size=TALL)
    workspace.press(ALEX, ids.numbered(ids.SETUP_LOOK, 2))
    _picture(browser, workspace, "setup-dates", ALEX, "home", size=TALL, part="dialog[open]")


def _look_after(browser: Browser, workspace: Workspace) -> None:
    """It goes live, and everything is done that an administrator does in a season."""
    page = _page(browser, workspace, ALEX, "home", size=TALL)
    workspace.post("close", user=ALEX, all=True)
    for step in (setting_up.look_through, setting_up.add_people, setting_up.make_channels):
        step(page)
    form = setting_up.opened(page, "Choose… The channel for applicants' questions", "Channel")
    form.get_by_role("button", name="Use it").click()
    form.get_by_text("I have made").wait_for()
    setting_up.closed(form)
    setting_up.go_live(page)
    section(page, "Dates")
    press(page, re.compile("^Change.*Convening 2"))
    window(page).get_by_label("Day", exact=True).fill("2027-04-29")
    window(page).get_by_label("No, it is still made up").check()
    press(page, "See what follows")
    page.get_by_text("2 reminders move.").wait_for()
    _shoot(page, "follows", window(page))
    press(page, "Save")
    page.get_by_text("Undo works for a day.").wait_for()
    _shoot(page, "undo", window(page))
    setting_up.away(page)
    workspace.clock(to="2027-01-14T10:00")
    _hold(page)
    manage(page, "Who I may not reach")
    _shoot(page, "reach", window(page))
    setting_up.away(page)
    workspace.clock(to="2027-01-19T09:05")
    _picture(browser, workspace, "hold-over", FAY, _facilitators(workspace), size=NARROW, part=".message >> nth=-1")
    page.close()
    page = _page(browser, workspace, FAY, _facilitators(workspace), size=TALL)
    page.get_by_text("Drop it", exact=True).last.click()
    page.get_by_role("button", name="Drop it", exact=True).last.click()
    page.get_by_text("Fay Whitaker dropped what was held").wait_for()
    page.close()
    workspace.post("close", user=FAY, all=True)
    _of_their_own(browser, workspace)
    workspace.clock(to="2027-02-12T14:05")
    _picture(browser, workspace, "week", FAY, _facilitators(workspace), size=NARROW, part=".message >> nth=-1")


def _hold(page: Page) -> None:
    manage(page, "Hold posts")
    form = window(page)
    form.get_by_label("What to hold").select_option(label="All posts and personal reminders")
    form.get_by_label("Why").fill("Closed over the holiday")
    form.get_by_label("Until the day (optional)").fill("2027-01-19")
    form.get_by_label("Until the time (optional)").fill("09:00")
    press(page, "Hold")
    page.get_by_text("Why: Closed over the holiday.").first.wait_for()
    _shoot(page, "hold", window(page))
    setting_up.away(page)


def _of_their_own(browser: Browser, workspace: Workspace) -> None:
    """What everybody has for themselves: the switchboard, and the reflection in the conversation."""
    page = _page(browser, workspace, PRIYA, "home", size=TALL)
    page.get_by_role("button", name="My messages").click()
    page.get_by_text("Pause my messages until…").wait_for()
    _shoot(page, "my-messages", window(page))
    page.close()
    page = _page(browser, workspace, TOMAS, "home", size=PHONE)
    page.get_by_role("button", name=re.compile("^Hand in")).first.click()
    press(page, "Write it here instead", text=True)
    setting_up.away(page)
    page.goto(f"{workspace.stage.url}/#as={TOMAS}&in={workspace.direct(TOMAS)}")
    last = page.get_by_role("article", name="Convene").last
    for said, asked in (("1", "1 of 5"), (ANSWERS[0], "2 of 5")):
        expect(last).to_contain_text(asked)
        write(page, said, "Convene")
    expect(last).to_contain_text("3 of 5")
    _shoot(page, "write-it-here", page)
    page.close()


def _facilitators(workspace: Workspace) -> str:
    rooms = workspace.get("workspace")["channels"]
    return next(str(one["id"]) for one in rooms if str(one.get("name")).endswith("-facilitators"))


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
    workspace.clock(to="2020-10-19T08:30")
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
    page = _page(browser, workspace, user, place, size=size, **options)
    page.wait_for_timeout(800)  # pictures are for people: let fonts and focus settle
    for field, words in zip(page.locator("dialog[open] textarea").all(), typed, strict=False):
        field.fill(words)
    if typed:
        page.get_by_role("radio").first.scroll_into_view_if_needed()
    shown = page.locator(part) if part else page
    shown.screenshot(path=FOLDER / f"{name}.png")
    page.close()


def _page(
    browser: Browser, workspace: Workspace, user: str, place: str, *, size: tuple[int, int], **options: Any
) -> Page:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, **options)
    page.goto(f"{workspace.stage.url}/#as={user}&in={place}")
    page.locator(".main h1").wait_for()
    return page


def _shoot(page: Page, name: str, shown: Page | Locator) -> None:
    """A picture of what stands there now."""
    page.wait_for_timeout(800)
    shown.screenshot(path=FOLDER / f"{name}.png")


def _required(view: dict[str, Any]) -> list[str]:
    return [
        block["label"]["text"]
        for block in view["blocks"]
        if block["type"] == "input" and block["element"]["type"] == "plain_text_input" and not block.get("optional")
    ]


if __name__ == "__main__":
    main()
