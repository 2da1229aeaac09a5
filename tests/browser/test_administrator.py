"""A season in the hands of somebody who has never seen a file or a terminal; then it moves to another database."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import typer
from ruamel.yaml import YAML
from typer.testing import CliRunner

pytest.importorskip("playwright", reason="Playwright for Python is not installed")

from playwright.sync_api import expect

from bot.cli import database, programs
from bot.sandbox import run
from tests.browser import setting_up
from tests.browser.conftest import OpenPage
from tests.browser.hands import manage, press, section, window, write
from tests.browser.setting_up import closed, look, opened
from tests.journeys.workspace import ALEX, FAY, PRIYA, SAM, TOMAS, Workspace, text_of

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

SLUG, COHORT, QUALITY = "river-robotics-network", "#river-robotics-network", "Convening 2: What do we mean by quality?"
SCENE = "Ten minutes before the end nobody wants to go home."
HOPE = "That the quiet ones build, too."
CIRCLE = """Fay Whitaker <fay@example.org>, facilitator
tomas@example.org, North Branch
priya@example.org, South Branch
kofi@example.org, West Branch"""


# Hands


def messages(page: Page) -> Locator:
    """Go to the direct messages with the bot."""
    page.get_by_role("link", name=re.compile("Direct messages")).click()
    page.get_by_role("textbox", name="Write to Convene").wait_for()
    return page.get_by_role("article", name="Convene").last


# The season, step by step


def move_a_convening(page: Page) -> None:
    """A week later; what follows is said before it is saved."""
    section(page, "Dates")
    window(page).get_by_label("Find (optional)").fill("QUÁLITY")
    press(page, "Find")
    expect(window(page).get_by_text("Application Office Hours")).to_have_count(0)
    press(page, re.compile(f"^Change.*{re.escape(QUALITY)}"))
    window(page).get_by_label("Day", exact=True).fill("2027-04-29")
    window(page).get_by_label("No, it is still made up").check()
    press(page, "See what follows")
    expect(window(page)).to_contain_text("2 reminders move.")
    look(page, "what follows")
    press(page, "Save")
    expect(window(page)).to_contain_text("Saved.")
    setting_up.away(page)


def cancel_an_office_hour(page: Page) -> None:
    """The first of three; the others stay."""
    section(page, "Dates")
    press(page, re.compile("^Change.*Application Office Hours"))
    press(page, "Cancel this date")
    expect(window(page)).to_contain_text("reminders are withdrawn")
    press(page, "Cancel this date")
    expect(window(page)).to_contain_text("Saved.")
    setting_up.away(page)


def answer_something_new(page: Page) -> None:
    """An answer of the program's own."""
    section(page, "Answers")
    press(page, "A new answer")
    form = window(page)
    form.get_by_label("Question, as people ask it").fill("Is there parking?")
    form.get_by_label("Answer", exact=True).fill("Yes, behind the library.")
    form.get_by_label("Where it stands").fill("House rules")
    press(page, "Save")
    expect(window(page)).to_contain_text("Saved.")
    setting_up.away(page)


def replace_a_person(page: Page) -> None:
    """Sam takes over from Kofi, for the same organization."""
    manage(page, "People")
    press(page, re.compile("^Change.*Kofi"))
    press(page, re.compile("^Replaced by"))
    window(page).get_by_label("Somebody of this workspace (optional)").select_option(label="Sam Lee")
    press(page, "See what follows")
    expect(window(page)).to_contain_text("Kofi Mensah takes no part any more")
    look(page, "replaced")
    press(page, "Save")
    expect(window(page)).to_contain_text("Sam Lee takes over from Kofi Mensah")
    setting_up.away(page)


def correct_an_address(page: Page) -> None:
    """Of whom nobody has met; a slip is said under its field."""
    manage(page, "Who I may not reach")
    press(page, re.compile("See who.*address only|address only.*|^See who"))
    look(page, "not reached")
    press(page, "Correct the address…", text=True)
    address = window(page).get_by_label("E-mail address")
    address.fill("zoe@example")
    press(page, "Save")
    expect(window(page)).to_contain_text("Write one address")
    address.fill("zoe@example.org")
    press(page, "Save")
    expect(window(page)).to_contain_text("Kept: zoe@example.org")
    setting_up.away(page)


def drop_a_document(page: Page, folder: Path) -> None:
    """Into the conversation; nothing is read before it is said who may."""
    paper = folder / "house-rules.md"
    paper.write_text("# House rules\n\nThe kitchen closes at nine.\n", encoding="utf-8")
    last = messages(page)
    page.locator("input[type=file]").set_input_files(paper)
    page.get_by_role("textbox", name="Write to Convene").press("Enter")
    last.get_by_text("Use as a source…").click()
    window(page).get_by_label("What is it called?").fill("House rules")
    window(page).get_by_label("Everybody who asks").check()
    press(page, "Use it")
    closed(window(page))
    expect(last).to_contain_text("is a source of answers now: 1 passage")
    paper.unlink()
    page.get_by_role("link", name="Home", exact=True).click()


def hold(page: Page, until: str) -> None:
    """Everything, over the holiday; an end that has passed is refused."""
    manage(page, "Hold posts")
    form = window(page)
    form.get_by_label("What to hold").select_option(label="All posts and personal reminders")
    form.get_by_label("Why").fill("Closed over the holiday")
    form.get_by_label("Until the day (optional)").fill("2026-11-01")
    form.get_by_label("Until the time (optional)").fill("09:00")
    press(page, "Hold")
    expect(form).to_contain_text("This has passed already.")
    form.get_by_label("Until the day (optional)").fill(until)
    press(page, "Hold")
    expect(window(page)).to_contain_text("Why: Closed over the holiday.")
    look(page, "held")
    setting_up.away(page)


def resume(page: Page) -> None:
    """Before its end: what was held is said, as one post in each channel."""
    page.reload()
    page.get_by_text("Resume…", exact=True).click()
    window(page).get_by_label(re.compile("^Say it: one post in each channel")).check()
    look(page, "resume")
    press(page, "Resume")
    setting_up.away(page)


def drop_what_was_held(page: Page) -> None:
    """A hold has ended by itself: nothing is said until a facilitator chooses."""
    page.get_by_role("link", name=re.compile("^river-robotics-network-facilitators")).click()
    asked = page.get_by_role("article", name="Convene").last
    expect(asked).to_contain_text("The hold is over")
    asked.get_by_text("Drop it", exact=True).click()
    page.get_by_role("button", name="Drop it", exact=True).last.click()
    expect(asked).to_contain_text("Fay Whitaker dropped what was held")


def pause(page: Page) -> None:
    """A person's own: the form has a week filled in."""
    page.get_by_role("button", name="My messages").click()
    look(page, "my messages")
    press(page, re.compile("^Pause my messages"))
    press(page, "Pause")
    expect(window(page)).to_contain_text("Paused until Tue, Jan 26")
    setting_up.away(page)


def write_it_here(page: Page) -> None:
    """A reflection, one question at a time, with a step back."""
    page.get_by_role("button", name=re.compile("^Hand in")).first.click()
    press(page, "Write it here instead", text=True)
    setting_up.away(page)
    last = messages(page)
    for question, said in (
        ("1 of 5", "1"),
        ("2 of 5", "A slip."),
        ("3 of 5", "back"),
        ("2 of 5", SCENE),
        ("3 of 5", HOPE),
        ("4 of 5", "skip"),
        ("5 of 5", "one and a half"),
    ):
        expect(last).to_contain_text(question)
        write(page, said, "Convene")
    expect(last).to_contain_text("Nothing is handed in yet.")
    look(page, "the whole")
    last.get_by_role("button", name=re.compile("^Hand in")).click()
    expect(last).to_contain_text("Saved as no. 1: Before we begin, for Bright Labs.")


# Another database


class Terminal:
    """The engineer's part: `convene` on a database, and what it prints."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self._folder, self._monkeypatch = folder, monkeypatch
        self._commands = typer.Typer(pretty_exceptions_enable=False)
        programs.add(self._commands)
        database.add(self._commands)
        monkeypatch.chdir(folder)

    def convene(self, db: str, *words: str) -> str:
        """Run a command on the database in a file of the test's folder."""
        self._monkeypatch.setenv("DATABASE_URL", f"sqlite:///{self._folder / db}")
        result = CliRunner().invoke(self._commands, list(words))
        assert result.exit_code == 0, result.output
        return result.stdout


def moved_house(terminal: Terminal, folder: Path, slug: str) -> tuple[dict[str, Any], str]:
    """The program as it was loaded into another empty database, equal in every letter; and what was said of it."""
    exported = terminal.convene("first.db", "program", "export", slug)
    (folder / "moved.yaml").write_text(exported, encoding="utf-8")
    terminal.convene("second.db", "db", "upgrade")
    said = terminal.convene("second.db", "program", "load", "moved.yaml", "--yes")
    again = terminal.convene("second.db", "program", "export", slug)
    assert again == exported
    found: dict[str, Any] = YAML(typ="safe", pure=True).load(again)
    return found, said


def test_a_program_from_a_template_through_a_season_and_into_another_database(
    empty: run.Stage, open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = Workspace(empty)
    page = open_page(empty.url, ALEX, "home")
    for step in (setting_up.begin, setting_up.look_through, setting_up.add_people, setting_up.make_channels):
        step(page)
    setting_up.go_live(page)
    for step in (move_a_convening, cancel_an_office_hour, answer_something_new, replace_a_person, correct_an_address):
        step(page)
    assert "You take over from Kofi Mensah" in text_of(workspace.told(SAM))
    drop_a_document(page, tmp_path)

    workspace.clock(to="2027-01-12T10:00")
    hold(page, "2027-01-19")
    workspace.clock(to="2027-01-14T10:00")
    cohort = next(one["id"] for one in workspace.get("workspace")["channels"] if f"#{one['name']}" == COHORT)
    assert not workspace.messages(cohort)[1:], "nothing is said in a hold"
    resume(page)
    workspace.get("idle", timeout="20")
    assert "Before we begin" in text_of(workspace.messages(cohort)[-1])
    hold(page, "2027-01-19")
    workspace.clock(to="2027-01-19T09:05")
    drop_what_was_held(open_page(empty.url, FAY, "home"))
    pause(open_page(empty.url, PRIYA, "home"))
    write_it_here(open_page(empty.url, TOMAS, "home"))

    there, said = moved_house(Terminal(monkeypatch, tmp_path), tmp_path, SLUG)
    events = {one["id"]: one for one in there["events"]}
    assert events["convening-2"]["starts"] == "2027-04-29 10:00"
    assert [one["starts"] for one in there["events"] if one["kind"] == "office_hours"] == [
        "2027-01-14 15:00",
        "2027-01-15 15:00",
    ]
    assert len(there["assignments"]) == 8
    assert {"question": "Is there parking?", "answer": "Yes, behind the library."}.items() <= there["faq"][-1].items()
    assert [len(there[part]) for part in ("reminders", "breaks")] == [6, 3]
    assert there["contact"] == {"name": "Alex Romero", "email": "alex@example.org"}
    assert [(one["title"], "dropped" in one) for one in there["documents"]] == [("House rules", True)]
    assert "“House rules” could not be read" in said, "its words are left behind"
    assert "Drop the file into the facilitators' channel again" in said
    assert "kitchen closes" not in str(there)
    assert SCENE not in str(there)


def test_a_program_from_a_blank_and_into_another_database(
    empty: run.Stage, open_page: OpenPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(empty.url, ALEX, "home")
    form = opened(page, "Set up a program…", "Set up a program")
    form.get_by_label(re.compile("^A blank(?!,)")).check()
    form.get_by_label("What is the program called?").fill("Book Circle")
    form.get_by_label("When does it start?").fill("2026-12-01")
    form.get_by_label("Who runs it?").fill("Town Library")
    form.get_by_role("button", name="Set it up").dblclick()
    expect(form.get_by_text("is there, in practice")).to_be_visible()
    closed(form)
    expect(page.get_by_text("You are setting this up")).to_have_count(1)
    add_evenings(page)
    add_homework(page)
    add_the_circle(page)
    setting_up.make_channels(page)
    setting_up.go_live(page)
    there, _ = moved_house(Terminal(monkeypatch, tmp_path), tmp_path, "book-circle")
    assert [one["starts"] for one in there["events"]] == [f"{day} 18:00" for day in EVENINGS]
    assert [one["title"] for one in there["assignments"]] == ["Bring a page"]
    assert there["program"]["organizer"] == "Town Library"


EVENINGS = ("2026-12-08", "2026-12-22", "2027-01-05", "2027-01-19")


def add_evenings(page: Page) -> None:
    """Four, every two weeks; what was typed by oneself needs no second look."""
    page.get_by_role("button", name="Add: Dates").click()
    press(page, "Add a date…")
    form = window(page)
    form.get_by_label("Title").fill("Evening")
    form.get_by_label("What it is").select_option(label="Convening")
    form.get_by_label("Day", exact=True).fill(EVENINGS[0])
    form.get_by_label("Starts at").fill("18:00")
    form.get_by_label("Ends at (optional)").fill("17:00")
    form.get_by_label("Repeat it (optional)").select_option(label="Every two weeks")
    form.get_by_label("How many times (optional)").fill("4")
    press(page, "See what follows")
    expect(window(page)).to_contain_text("This is before it begins.")
    form.get_by_label("Ends at (optional)").fill("20:00")
    press(page, "See what follows")
    expect(window(page)).to_contain_text("4 dates")
    look(page, "a series")
    press(page, "Save")
    expect(window(page)).to_contain_text("Saved.")
    setting_up.away(page)
    expect(page.get_by_text("3. Dates · done")).to_be_visible()


def add_homework(page: Page) -> None:
    """One question, for one of the evenings."""
    page.get_by_role("button", name="Add: Homework").click()
    press(page, "Add homework…")
    form = window(page)
    form.get_by_label("Title").fill("Bring a page")
    form.get_by_label("What it is about").fill("A page that stayed with you.")
    form.get_by_label("Due on").fill("2026-12-07")
    form.get_by_label("Due at").fill("18:00")
    form.get_by_label("Prepares for (optional)").select_option(index=1)
    form.get_by_label("Question 1", exact=True).fill("Which page, and why?")
    press(page, "See what follows")
    look(page, "new homework")
    press(page, "Save")
    expect(window(page)).to_contain_text("Saved.")
    setting_up.away(page)


def add_the_circle(page: Page) -> None:
    """Three organizations by their people."""
    form = opened(page, "Add people…", "Add people")
    form.get_by_label("Or paste addresses, one person a line").fill(CIRCLE)
    form.get_by_role("button", name="Add them").click()
    expect(form.get_by_text("4 people added")).to_be_visible()
    closed(form)
    expect(page.get_by_text("3 organizations")).to_be_visible()
