"""The form of everything in a program: within Slack's limits, read back as drawn, wrong values in plain words."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from bot.domain.change_fields.fields import Problem
from bot.domain.change_fields.header import PARTS
from bot.domain.change_fields.sections import SPECS
from bot.domain.changes import Draft, Editing, Follows, Foreseen, Listing, Rejected, marked
from bot.sandbox import rules
from bot.services import change_items
from bot.services.programs import Programs
from bot.views import change_forms as forms
from bot.views import changes as views
from bot.views.change_words import details, title
from storage.database import Database
from tests.cast import FAY, MONDAY, asks, begin, load
from tests.journeys.workspace import text_of

EVIL = "<!channel> & *bold* ~no~ <https://x.y|z>"


def every(session: Session, section: str) -> list[Editing]:
    viewer, found, start = asks(session, FAY), [], 0
    while True:
        page = change_items.listing(session=session, viewer=viewer, section=section, words="", start=start, now=MONDAY)
        assert isinstance(page, Listing)
        for row in page.rows:
            shape = change_items.editing(session=session, viewer=viewer, section=section, key=row.key)
            assert isinstance(shape, Editing)
            found.append(shape)
        start += len(page.rows)
        if start >= page.found:
            return found


def filled(view: dict[str, Any]) -> dict[str, Any]:
    """A form as it comes back untouched."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            values[block["block_id"]] = {element["action_id"]: _state(element)}
    return {**view, "state": {"values": values}}


def _state(element: dict[str, Any]) -> dict[str, Any]:
    match element["type"]:
        case "plain_text_input":
            return {"value": element.get("initial_value")}
        case "datepicker":
            return {"selected_date": element.get("initial_date")}
        case "timepicker":
            return {"selected_time": element.get("initial_time")}
        case "users_select":
            return {"selected_user": element.get("initial_user")}
        case "checkboxes" | "multi_static_select":
            return {"selected_options": element.get("initial_options", [])}
        case _:
            return {"selected_option": element.get("initial_option")}


@pytest.mark.parametrize("section", SPECS)
def test_every_form_is_one_that_slack_takes_and_reads_back_as_it_was_drawn(quick_db: Database, section: str) -> None:
    with quick_db.begin() as session:
        begin(session)
        for shape in every(session, section)[:40]:
            view = forms.form(shape)
            assert rules.view(view, "modal") == [], (section, shape.key)
            assert len(json.dumps(view)) < 250_000
            _, draft, back = forms.read(filled(view))
            asked = {one.name for one in shape.fields if one.name in ("sample", "link_sample")}
            assert {**draft.values, **dict.fromkeys(asked)} == {**shape.values, **dict.fromkeys(asked)}
            assert (draft.section, draft.key, draft.seen, back) == (section, shape.key, shape.mark, None)


@pytest.mark.parametrize("section", [name for name in SPECS if SPECS[name].adds])
def test_every_empty_form_is_one_that_slack_takes(quick_db: Database, section: str) -> None:
    with quick_db.begin() as session:
        begin(session)
        shape = change_items.adding(session=session, viewer=asks(session, FAY), section=section)
    assert isinstance(shape, Editing)
    view = forms.form(shape)
    assert rules.view(view, "modal") == []
    assert forms.read(filled(view))[1].key == ""


@pytest.mark.parametrize("section", SPECS)
def test_every_list_is_one_that_slack_takes(quick_db: Database, section: str) -> None:
    with quick_db.begin() as session:
        load(session, "stem-iq")
        begin(session)
        found = change_items.listing(
            session=session,
            viewer=asks(session, FAY),
            section=section,
            words="",
            start=0,
            now=MONDAY + timedelta(days=90),
        )
    assert isinstance(found, Listing)
    assert rules.view(views.listing(found), "modal") == []


def test_nothing_raw_is_shown(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        shown = json.dumps([forms.form(shape)["blocks"] for name in SPECS for shape in every(session, name)[:5]])
    for raw in ("* * MON", "0 8 *", "MON-FRI", "office_hours\\", "applicants\\n", "pydantic"):
        assert raw not in shown


def test_a_long_draft_is_carried_in_its_fields(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        (shape, *_) = every(session, "events")
    words = " ".join(marked(number) for number in range(150))[:2500]
    draft = Draft("events", shape.key, {**shape.values, "prep": words}, shape.mark)
    found = Foreseen(shape, draft, shape.body, {**shape.body, "prep": words}, Follows())
    view = views.preview(found)
    assert rules.view(view, "modal") == []
    assert len(str(view["private_metadata"])) <= 3000
    _, read, _ = forms.read(filled(view))
    assert read.values["prep"] == words
    assert read.looked == draft.mark()


@pytest.mark.parametrize("section", [name for name in SPECS if name != "holidays"])
def test_what_people_write_stays_words(quick_db: Database, section: str) -> None:
    with quick_db.begin() as session:
        begin(session)
        (shape, *_) = every(session, section)
    evil = {name: EVIL if isinstance(value, str) and name not in SAFE else value for name, value in shape.body.items()}
    head = forms.form(Editing(shape.program, shape.section, shape.key, evil, (), {}, "x"))
    assert "<!channel>" not in json.dumps(head["blocks"])
    assert title(shape.section, shape.key, evil) or section == "program"
    assert isinstance(details(shape.section, evil, shape.program), str)


SAFE = ("starts", "ends", "due", "from", "to", "on", "kind", "audience", "cron", "what")


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        (Problem("offsets", "offset", "soon"), "I do not understand “soon”. One on each line"),
        (
            Problem("starts", "skipped", "2021-03-14 02:30"),
            "There is no 2:30 am on Sun, Mar 14: clocks go forward then.",
        ),
        (Problem("link", "url", "x"), "It begins with https://"),
        (Problem("title", "too long", "80", 75), "That is 80 characters; there is room for 75."),
        (Problem("title", "check", "is empty"), "Is empty."),
        (Problem("title", "zone", "Mars/Olympus"), "Choose the nearest large city."),
        (Problem("title", "gap", "2021-03-28 02:30 A & B"), "there is no 2:30 am on Sun, Mar 28, when clocks go"),
    ],
)
def test_what_is_wrong_is_said_in_plain_words_at_its_field(quick_db: Database, problem: Problem, says: str) -> None:
    with quick_db.begin() as session:
        begin(session)
        shape = every(session, "events")[0] if problem.field != "offsets" else every(session, "reminders")[0]
    found = forms.errors(Rejected(shape, Draft("events", "x"), (problem,)), forms.form(shape))
    assert list(found) == [f"change:{problem.field}"]
    assert says in found[f"change:{problem.field}"]


def test_every_part_of_the_header_has_a_name() -> None:
    assert all(title("program", part, {}) for part in PARTS)


def test_another_clock_says_that_hours_stay_and_names_reminders_on_the_new_one(quick_db: Database) -> None:
    with quick_db.begin() as session:
        begin(session)
        viewer = asks(session, FAY)
        shape = change_items.editing(session=session, viewer=viewer, section="program", key="program")
        assert isinstance(shape, Editing)
        values = {**shape.values, "zone": "America/Phoenix", "place": "Phoenix"}
        found = change_items.hand_in(
            session=session,
            programs=Programs(),
            viewer=viewer,
            draft=Draft("program", "program", values, shape.mark),
            request="v",
            now=MONDAY,
        )
    assert isinstance(found, Foreseen)
    view: Any = views.preview(found)
    assert rules.view(view, "modal") == []
    text = text_of(view["blocks"])
    assert "Chicago (America)~ → *Phoenix (America)*" in text
    assert "24 dates keep their hours on the new clock." in text
    assert text.count("No channel hears of it") == 1
