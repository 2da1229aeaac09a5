"""Going live and back by form: what is shown before, who may, and that twice is once; samples, each with *Fill in*."""

from __future__ import annotations

import pytest

from bot.domain.programs import Mode
from bot.services import modes as services
from bot.services import switchboard
from bot.views import ids
from bot.views import modes as views
from handlers import changes, faq, find, modes, organizations, personnel, quiet
from handlers.in_time import InTime
from handlers.request import Body
from storage import changes as records
from storage import programs as rows
from tests import cast
from tests.cast import ADA, ALEX, FAY, TOMAS
from tests.handlers.desk import Desk, Listener, filled
from tests.journeys.workspace import text_of


@pytest.fixture
def practice(season: Desk) -> Desk:
    """The cast, in practice."""
    with season.deps.db.begin() as session:
        services.back_to_practice(
            session=session,
            programs=season.deps.programs,
            viewer=cast.asks(session, FAY),
            practice_in="facilitators",
            request="practice",
            now=season.clock(),
        )
    return season


def mode(desk: Desk) -> tuple[Mode, str]:
    with desk.deps.db.read() as session:
        program = desk.deps.programs.by_id(session, 1)
        assert program is not None
        return program.mode, program.practice_in


def form(desk: Desk, user: str = FAY) -> Body:
    desk.press(modes.look, user, "1:")
    return {**desk.shown(), "id": f"V{user}"}


def back(view: Body, where: str = "nowhere") -> Body:
    values = {views.WHERE: {views.WHERE: {"selected_option": {"value": where}}}}
    return {**view, "id": "V2", "state": {"values": values}}


def test_before_going_live_it_is_shown_what_follows(practice: Desk) -> None:
    said = text_of(form(practice))
    assert "It is in practice now." in said
    assert "posts stand for the next seven days. From now on I say them where they belong." in said
    assert "37 samples are left, and will not be posted until filled in." in said
    assert "What was due in practice is not said again" in said


def test_going_live_and_back_is_done_once_each_and_put_on_record(practice: Desk) -> None:
    view = form(practice)
    assert "is live.*" in text_of(practice.submit(modes.go_live, FAY, view)["view"])
    assert mode(practice) == ("live", "facilitators")
    assert "is live already" in text_of(practice.submit(modes.go_live, FAY, view)["view"])
    assert "Fay Whitaker has seen to that" in text_of(
        practice.submit(modes.go_live, ALEX, {**view, "id": "VA"})["view"]
    )
    there = form(practice)
    assert there["callback_id"] == ids.MODE_PRACTICE_FORM
    assert "is in practice.*" in text_of(practice.submit(modes.to_practice, ALEX, back(there))["view"])
    assert mode(practice) == ("practice", "nowhere")
    with practice.deps.db.read() as session:
        bodies = [one.after for one in records.latest(session, 1, 10)]
    assert [(body or {})["mode"] for body in bodies] == ["practice", "live", "practice"]


def test_a_form_that_comes_again_after_somebody_went_back_does_not_go_live_again(practice: Desk) -> None:
    view = form(practice)
    practice.submit(modes.go_live, FAY, view)
    practice.submit(modes.to_practice, ALEX, back(form(practice, ALEX)))
    practice.submit(modes.go_live, FAY, view)
    assert mode(practice)[0] == "practice"


@pytest.mark.parametrize("user", [ADA, TOMAS])
def test_whoever_may_not_is_told_who_can(practice: Desk, user: str) -> None:
    for listener in (modes.look, modes.samples, modes.practise_there):
        practice.press(listener, user, "1:nowhere")
        assert "can say whether it is live. Ask <@U0FAY0001>" in text_of(practice.shown())
    assert "Ask <@U0FAY0001>" in text_of(practice.submit(modes.go_live, user, form(practice))["view"])
    assert mode(practice) == ("practice", "facilitators")


def test_where_to_practise_is_changed_with_a_button(practice: Desk) -> None:
    view = form(practice)
    practice.press(modes.practise_there, FAY, "1:nowhere", view)
    assert mode(practice) == ("practice", "nowhere")
    assert "without posting anything" in text_of(practice.shown())


def test_every_sample_has_its_button(practice: Desk) -> None:
    practice.press(modes.samples, FAY, "1:")
    page = practice.shown()
    fills = [
        block["accessory"]["value"]
        for block in page["blocks"]
        if "accessory" in block and block["accessory"]["action_id"].startswith(ids.CHANGE_ITEM)
    ]
    with practice.deps.db.read() as session:
        program = practice.deps.programs.by_id(session, 1)
        assert program is not None
    assert fills == [ids.reference(1, one.name) for one in services.samples(program)]


@pytest.mark.parametrize("value", ["1:40", "1:999", "1:x", "1:-1"])
def test_a_page_that_is_not_there_is_the_first(practice: Desk, value: str) -> None:
    practice.press(modes.samples, FAY, value)
    assert "The address of Adam" in text_of(practice.shown())


def test_what_somebody_asks_in_practice_is_answered_with_a_label(practice: Desk) -> None:
    said = practice.command(faq.command, ADA, "can programs on the Illinois side apply?")
    assert said["text"].startswith("*Practice:* this program is not live yet.")
    assert "Illinois" in said["text"]
    practice.submit(modes.go_live, FAY, form(practice))
    assert not practice.command(faq.command, ADA, "can programs on the Illinois side apply?")["text"].startswith("*Pra")


@pytest.mark.parametrize(
    ("listener", "value", "window"),
    [
        (modes.samples, "1:40", ids.SAMPLE_PAGE),
        (personnel.listing, "1:0/", ids.PERSONNEL_FIND_FORM),
        (organizations.listing, "1:0/", ids.ORGANIZATION_FIND_FORM),
        (changes.listing, "1:events", ids.CHANGE_WINDOW),
        (changes.recent, "1:", ids.CHANGE_WINDOW),
        (find.page, "1:date/0/office", ids.FIND_FORM),
    ],
)
def test_a_window_that_is_drawn_again_keeps_its_label(
    practice: Desk, listener: Listener, value: str, window: str
) -> None:
    open_now = {"id": "V1", "type": "modal", "callback_id": window, "blocks": []}
    practice.press(listener, FAY, value, open_now)
    assert practice.slack.calls[-1][0] == "views.update"
    assert labels(practice.shown()) == [0]


def test_what_takes_the_place_of_a_form_keeps_its_label(practice: Desk) -> None:
    practice.press(personnel.listing, FAY, "1:")
    view = practice.shown()
    assert labels(view) == [0]
    found = practice.submit(InTime()(personnel.find), FAY, filled(view, words="bright"))["view"]
    assert labels(found) == [0]
    assert labels(views.practised(found)) == [0]


def test_what_says_that_it_is_live_has_no_label_and_what_takes_that_back_has_one(practice: Desk) -> None:
    live = practice.submit(InTime()(modes.go_live), FAY, form(practice))["view"]
    assert "is live.*" in text_of(live)
    assert labels(live) == []
    practice.press(changes.recent, FAY, "1:")
    recent = practice.shown()
    assert labels(recent) == []
    undo = next(block["accessory"]["value"] for block in recent["blocks"] if "accessory" in block)
    practice.press(changes.undo, FAY, undo, {**recent, "id": "V1"})
    assert mode(practice)[0] == "practice"
    assert labels(practice.shown()) == [0]


SPANISH = "*En práctica:* este programa todavía no está en marcha."


def test_above_a_window_practice_is_said_in_the_language_that_its_reader_has_chosen(practice: Desk) -> None:
    with practice.deps.db.begin() as session:
        switchboard.choose(session=session, viewer=cast.asks(session, ADA), now=practice.clock(), language="es")
    practice.press(quiet.open_form, ADA, "1:")
    assert SPANISH in text_of(practice.shown())
    practice.press(quiet.open_form, TOMAS, "1:")
    assert labels(practice.shown()) == [0]


def test_above_a_form_in_spanish_and_its_answer_practice_is_said_in_spanish(practice: Desk) -> None:
    practice.press(faq.open_form, ADA, "1:es")
    view = practice.shown()
    assert SPANISH in text_of(view)
    asked = filled(view, **{"faq.question": "¿Hay estacionamiento?"})
    answer = practice.submit(InTime()(faq.submit), ADA, asked)["view"]
    assert SPANISH in text_of(answer)
    assert labels(answer) == []


def labels(view: Body) -> list[int]:
    """Where it stands in a window that the program is in practice."""
    return [place for place, block in enumerate(view["blocks"]) if views.NOT_LIVE in text_of([block])]


def test_live_a_question_that_only_a_sample_answers_goes_to_a_person(practice: Desk) -> None:
    practice.submit(modes.go_live, FAY, form(practice))
    with practice.deps.db.begin() as session:
        row = rows.by_id(session, 1)
        assert row is not None
        item = next(one for one in rows.items(session, 1) if one.section == "faq" and one.key == "illinois")
        item.body = {**item.body, "sample": True}
        row.revision += 1
        session.add_all((row, item))
    said = practice.command(faq.command, ADA, "can programs on the Illinois side apply?")
    assert "neighbors in Illinois" not in str(said)
