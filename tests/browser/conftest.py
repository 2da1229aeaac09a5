"""A real browser on the sandbox's page: with a tiny bot of the test's own, or with Convene itself."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bot.sandbox import run
from tests.conftest import do_without
from tests.sandbox.conftest import Stage, make_stage, stage

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["Stage", "make_stage", "stage"]

QUIET = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
FLAGS = ["--no-sandbox", "--no-first-run", *QUIET]
PATIENCE = 10_000  # milliseconds; a busy machine takes its time
DESKTOP, PHONE = (1280, 800), (390, 844)

OpenPage = Callable[..., "Page"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; skipped by name where it or Playwright is not installed."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        do_without("a browser: no chromium is installed")
    try:
        from playwright.sync_api import expect, sync_playwright
    except ImportError:
        do_without("a browser: Playwright for Python is not installed")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser) -> Iterator[OpenPage]:
    """Open the sandbox's page as somebody, somewhere; an error in its scripts fails the test."""
    contexts = []
    broken: list[str] = []

    def open_at(site: str, user: str, place: str, *, size: tuple[int, int] = DESKTOP, **options: Any) -> Page:
        width, height = size
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.goto(f"{site}/#as={user}&in={place}")
        page.locator(".main h1").wait_for()
        return page

    yield open_at
    for context in contexts:
        context.close()
    assert broken == []


@pytest.fixture
def season(patient_slack: None) -> Iterator[run.Stage]:
    """Convene in its sandbox, Monday 12 October 2020, 09:00 in St. Louis."""
    with run.running() as running:
        yield running


@pytest.fixture
def empty(patient_slack: None, tmp_path: Path) -> Iterator[run.Stage]:
    """A workspace in which the bot was just installed, on a Monday in November 2026; its database is `first.db`."""
    start, db = datetime(2026, 11, 23, 9, 0), f"sqlite:///{tmp_path / 'first.db'}"  # noqa: DTZ001 - a wall time
    with run.running(at=start, db=db, empty=True) as running:
        yield running
