"""Changing a program by buttons and forms: the whole way, forged and late presses, two at once, and taking back."""

from __future__ import annotations

from typing import Any

import pytest

from bot.services.programs import Programs
from bot.views import ids
from handlers import changes
from tests import cast
from tests.cast import ADA, ALEX, FAY, TOMAS
from tests.handlers.desk import Desk
from tests.journeys.workspace import text_of
from tests.views.test_changes import filled

WEDNESDAY = "1:events/office-hours-wednesday"


def opened(season: Desk, name: str, user: str = FAY) -> dict[str, Any]:
    season.press(changes.change, user, name)
    return season.shown()


def typed(view: dict[str, Any], number: str = "V1", **fields: object) -> dict[str, Any]:
    """A form as it comes back, with some fields otherwise; samples stay what they are."""
    made = filled(view)
    values = made["state"]["values"]
    for name in values:
        if name.rpartition(":")[2] in ("sample", "link_sample"):
            values[name] = {name: {"selected_option": {"value": "sample"}}}
    for name, value in fields.items():
        values[f"change:{name}"] = {name: {"value": value, "selected_time": value, "selected_date": value}}
    return {**made, "id": number}


def submit(season: Desk, view: dict[str, Any], user: str = FAY) -> dict[str, Any]:
    return season.submit(changes.submit, user, view)


def saved(season: Desk, view: dict[str, Any], user: str = FAY) -> dict[str, Any]:
    """What follows is looked at, and saved."""
    look = submit(season, view, user)["view"]
    assert look["callback_id"] == ids.CHANGE_SAVE_FORM
    done: dict[str, Any] = submit(season, filled({**view, **look}), user)["view"]
    assert "*Saved.*" in text_of(done)
    return done


def place(season: Desk, key: str = "office-hours-wednesday") -> str | None:
    with season.deps.db.read() as session:
        program = Programs().get(session, "ost-cop")
    event = program.event(key) if program is not None else None
    assert event is not None
    return event.place


def button(view: dict[str, Any], action: str) -> str:
    """The value of a button."""
    elements = [one for block in view["blocks"] for one in (*block.get("elements", ()), block.get("accessory") or {})]
    return next(str(one["value"]) for one in elements if str(one.get("action_id")).partition("#")[0] == action)


def test_from_the_menu_to_a_saved_change_and_back(season: Desk) -> None:
    season.press(changes.menu, FAY, "1:")
    menu = season.shown()
    season.press(changes.listing, FAY, button(menu, ids.CHANGE_LIST), {**menu, "id": "V0"})
    dates = season.shown()
    assert dates["callback_id"] == ids.CHANGE_LIST_FORM
    season.press(changes.change, FAY, button(dates, ids.CHANGE_ITEM), {**dates, "id": "V0"})
    form = {**season.shown(), "root_view_id": "V0"}
    done = saved(season, typed(form, place="The library"))
    assert place(season) == "The library"
    assert "Application Office Hours" in text_of(season.shown()), "the list below is drawn again"
    season.press(changes.undo, FAY, button(done, ids.CHANGE_UNDO), {**done, "id": "V1", "root_view_id": "V0"})
    assert place(season) is None


@pytest.mark.parametrize("user", [ADA, TOMAS])
def test_whoever_may_not_is_told_who_can(season: Desk, user: str) -> None:
    for listener, value in (
        (changes.menu, "1:"),
        (changes.listing, "1:events"),
        (changes.change, WEDNESDAY),
        (changes.add, "1:events"),
        (changes.recent, "1:"),
    ):
        season.press(listener, user, value)
        assert "can change the program. Ask <@U0FAY0001>" in text_of(season.shown())


def test_a_form_handed_in_by_somebody_else_changes_nothing(season: Desk) -> None:
    view = typed(opened(season, WEDNESDAY), place="Mine")
    assert "can change the program" in text_of(submit(season, view, TOMAS)["view"])
    look = submit(season, view)["view"]
    assert "can change the program" in text_of(submit(season, filled({**look, "id": "V1"}), TOMAS)["view"])
    assert place(season) is None


@pytest.mark.parametrize("value", ["1:unheard-of/x", "1:", "x", "1:program/unheard-of", "1:documents/packet-text"])
def test_what_nobody_here_has_offered_is_said_to_be_gone(season: Desk, value: str) -> None:
    opened(season, value)
    assert "no longer there" in text_of(season.shown()) or "which program" in text_of(season.shown())


def test_an_answer_opens_in_its_own_form(season: Desk) -> None:
    assert opened(season, "1:faq/illinois")["callback_id"] == ids.ENTRY_EDIT_FORM


def test_an_answer_is_removed_from_its_own_form_after_a_look(season: Desk) -> None:
    form = opened(season, "1:faq/illinois")
    season.press(changes.remove, FAY, button(form, ids.CHANGE_REMOVE), {**form, "id": "V1"})
    look = season.shown()
    assert "is taken out" in text_of(look)
    assert "*Saved.*" in text_of(submit(season, filled({**look, "id": "V1"}))["view"])
    with season.deps.db.read() as session:
        program = Programs().get(session, "ost-cop")
        assert program is not None
        assert program.entry("illinois") is None


def test_what_is_wrong_stands_under_its_field(season: Desk) -> None:
    form = opened(season, WEDNESDAY)
    found = submit(season, typed(form, link="example.org", title=" "))
    assert set(found["errors"]) == {"change:link", "change:title"}
    assert "It begins with https://" in found["errors"]["change:link"]


def test_a_form_without_a_difference_says_so(season: Desk) -> None:
    found = submit(season, typed(opened(season, WEDNESDAY)))
    assert "Nothing is different" in found["errors"]["change:title"]


def test_the_second_of_two_chooses_field_by_field(season: Desk) -> None:
    fay, alex = opened(season, WEDNESDAY), opened(season, WEDNESDAY, ALEX)
    saved(season, typed(fay, place="The library", prep="Theirs"))
    both = submit(season, typed(alex, "V2", place="The school", prep="Mine"), ALEX)["view"]
    assert both["callback_id"] == ids.CHANGE_BOTH_FORM
    assert "The library" in text_of(both)
    assert "The school" in text_of(both)
    chosen = filled({**both, "id": "V2"})
    chosen["state"]["values"]["both:place"] = {"both:place": {"selected_option": {"value": "theirs"}}}
    look = season.submit(changes.submit_both, ALEX, chosen)["view"]
    assert "*Saved.*" in text_of(submit(season, filled({**look, "id": "V2"}), ALEX)["view"])
    assert place(season) == "The library"
    with season.deps.db.read() as session:
        program = Programs().get(session, "ost-cop")
        event = program.event("office-hours-wednesday") if program is not None else None
    assert event is not None
    assert event.prep == "Mine"


def test_a_form_of_what_was_removed_meanwhile_offers_it_anew(season: Desk) -> None:
    late = opened(season, "1:breaks/spring")
    with season.deps.db.begin() as session:
        cast.take_out(session, "breaks", "spring", by=ALEX)
    offered = submit(season, typed(late, name="Spring rest"))["view"]
    assert "was taken out meanwhile" in text_of(offered)
    assert filled(offered)["state"]["values"]["change:name"]["change:name"]["value"] == "Spring rest"
    saved(season, {**filled(offered), "id": "V2"})


def test_what_is_changed_again_keeps_what_was_typed(season: Desk) -> None:
    look = submit(season, typed(opened(season, WEDNESDAY), place="The library"))["view"]
    season.press(changes.again, FAY, "1:", {**filled(look), "id": "V1"})
    form = season.shown()
    assert filled(form)["state"]["values"]["change:place"]["change:place"]["value"] == "The library"
    assert place(season) is None


def test_a_list_is_narrowed_by_its_field(season: Desk) -> None:
    season.press(changes.listing, FAY, "1:faq")
    view = season.shown()
    state = {"values": {"change:words": {ids.CHANGE_WORDS: {"value": "ILLINOIS"}}}}
    found = season.submit(changes.find, FAY, {**view, "id": "V1", "state": state})["view"]
    assert len(found["blocks"]) < len(view["blocks"])
    season.press(changes.narrowed, FAY, "", {**view, "id": "V1", "state": state})
    assert season.shown()["blocks"] == found["blocks"]


def test_the_list_of_changes_takes_back_and_says_so(season: Desk) -> None:
    saved(season, typed(opened(season, WEDNESDAY), place="The library"))
    season.press(changes.recent, FAY, "1:")
    view = season.shown()
    assert "Place: nothing" in text_of(view)
    assert "Fay Whitaker" in text_of(view)
    season.press(changes.undo, FAY, button(view, ids.CHANGE_UNDO), {**view, "id": "V1"})
    assert "Taken back" in text_of(season.shown())
    season.press(changes.undo, FAY, button(view, ids.CHANGE_UNDO))
    assert "was taken back by Fay Whitaker already" in text_of(season.shown())


@pytest.mark.parametrize(
    "metadata", ["", "{}", "nonsense", '{"p": 1, "s": "x", "k": "", "m": "", "r": false, "l": ""}']
)
def test_a_form_that_nobody_here_has_made_cannot_be_read(season: Desk, metadata: str) -> None:
    view = {"private_metadata": metadata, "state": {"values": {}}, "blocks": [], "id": "V1"}
    with pytest.raises(ids.Unreadable):
        submit(season, view)
