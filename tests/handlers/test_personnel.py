"""The whole way through the listeners: somebody is found, changed, replaced, added; and what goes wrong."""

from __future__ import annotations

from typing import Any

from sqlmodel import select

from bot.domain.people import Listed
from bot.services import people as services
from bot.services.programs import Programs
from bot.views import ids
from handlers import people, personnel
from handlers.request import Body
from storage.people import Person
from tests import cast
from tests.cast import BRIGHT, FAY, JUNE, KOFI, RIVER, SAM, TOMAS
from tests.fakes import refuses
from tests.handlers.desk import Desk
from tests.journeys.workspace import text_of

CARD = {"id": "V1", "type": "modal", "callback_id": ids.PERSONNEL_CARD}


def person(desk: Desk, user: str) -> int:
    with desk.deps.db.read() as session:
        return session.exec(select(Person.id).where(Person.user_id == user)).one() or 0


def listed(desk: Desk, name: str) -> dict[str, Listed]:
    with desk.deps.db.read() as session:
        return {one.role: one for one in services.listed(session, 1) if one.name == name}


def state(view: Body, number: str = "V9", **typed: Any) -> Body:
    """A form as it comes back, by the block ids' last words."""
    values: dict[str, Any] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element, name = block["element"], block["block_id"].rpartition(".")[2]
        given = typed.get(name)
        match element["type"]:
            case "plain_text_input":
                held: Any = {"value": given if name in typed else element.get("initial_value")}
            case "users_select":
                held = {"selected_user": given}
            case "multi_users_select":
                held = {"selected_users": given or []}
            case "multi_static_select":
                chosen = [one for one in element["options"] if one["value"] in (given or ())]
                held = {"selected_options": chosen if name in typed else element.get("initial_options") or []}
            case _:
                chosen = [one for one in element["options"] if one["text"]["text"] == given]
                held = {"selected_option": chosen[0] if chosen else element.get("initial_option")}
        values[block["block_id"]] = {element["action_id"]: held}
    return {**view, "id": number, "state": {"values": values}}


def preview(desk: Desk, action: Any, user: str, **typed: Any) -> Body:
    """What follows, after a form behind a person's button was filled in."""
    desk.press(action, FAY, f"1:{person(desk, user)}", view=CARD)
    form = state(desk.shown(), **typed)
    listener = personnel.place if form["callback_id"] == ids.PERSONNEL_PLACE_FORM else personnel.successor
    return desk.submit(listener, FAY, form)


def test_somebody_is_found_moved_and_taken_out(season: Desk) -> None:
    season.press(people.listing, FAY, "1:")
    found = season.submit(personnel.find, FAY, state(season.shown(), words="kofi"))
    assert "Kofi Mensah" in text_of(found["view"])
    assert "Priya" not in text_of(found["view"])
    season.press(personnel.card, FAY, f"1:{person(season, KOFI)}", view={**found["view"], "id": "V1"})
    assert "Gateway Makers" in text_of(season.shown())
    shown = preview(season, personnel.change, KOFI, organization=BRIGHT)["view"]
    assert "no longer for" not in text_of(shown)
    assert "not for Gateway Makers" in text_of(shown)
    assert "one organization at a time" in text_of(shown)
    saved = season.submit(personnel.save, FAY, {**shown, "id": "V2"})
    assert "participant, Bright Labs" in text_of(saved["view"])
    assert "Undo" in text_of(saved["view"])
    again = season.submit(personnel.save, FAY, {**shown, "id": "V2"})
    assert "Bright Labs" in text_of(again["view"])
    season.press(personnel.leave, FAY, f"1:{person(season, KOFI)}", view=CARD)
    assert "get nothing from me any more" in text_of(season.shown())
    done = season.submit(personnel.save, FAY, {**season.shown(), "id": "V3"})
    assert "has left the program" in text_of(done["view"])
    assert listed(season, "Kofi Mensah")["participant"].state == "left"


def test_a_list_is_paged_in_its_own_window(season: Desk) -> None:
    with season.deps.db.begin() as session:
        program = Programs().by_id(session, 1)
        assert program is not None
        for number in range(30):
            cast.join(session, program, f"U0NEW{number:04}", "applicant", name=f"Person {number:02}")
    season.press(people.listing, FAY, "1:")
    window = {**season.shown(), "id": "V1"}
    season.press(personnel.listing, FAY, "1:12/person", view=window)
    assert "Person 12" in text_of(season.shown())
    assert season.slack.calls[-1][0] == "views.update"


def test_somebody_is_replaced_by_an_address_that_slack_knows(season: Desk) -> None:
    season.slack.people["U0MAYA001"] = {"real_name": "Maya Lopez", "profile": {"email": "maya@example.org"}}
    shown = preview(season, personnel.replace, KOFI, email=" Maya <Maya@Example.org> ")["view"]
    assert "Maya Lopez" in text_of(shown)
    assert "Both get a kind message" in text_of(shown)
    saved = season.submit(personnel.save, FAY, {**shown, "id": "V2"})
    assert "I have written to Kofi Mensah and Maya Lopez" in text_of(saved["view"])
    assert listed(season, "Maya Lopez")["participant"].state == "active"


def test_an_address_that_matches_nobody_is_kept_and_doubted(season: Desk) -> None:
    shown = preview(season, personnel.replace, KOFI, email="maia@example.org")["view"]
    assert "Is it spelled right?" in text_of(shown)
    season.slack.next_time("users.lookupByEmail", refuses("missing_scope"))
    shown = preview(season, personnel.replace, KOFI, email="maia@example.org")["view"]
    assert "Is it spelled right?" in text_of(shown)


def test_what_is_wrong_stands_under_its_field(season: Desk) -> None:
    for typed, field in (
        ({}, ids.PERSONNEL_SUCCESSOR),
        ({"successor": KOFI}, ids.PERSONNEL_SUCCESSOR),
        ({"successor": SAM, "email": "sam@example.org"}, ids.PERSONNEL_EMAIL),
        ({"email": "not an address"}, ids.PERSONNEL_EMAIL),
    ):
        assert list(preview(season, personnel.replace, KOFI, **typed)["errors"]) == [field]
    found = preview(season, personnel.change, TOMAS, roles=["admin", "participant"])
    assert "errors" not in found or list(found["errors"]) == [ids.PEOPLE_ROLES]


def test_the_last_facilitator_is_told_what_to_do_first(season: Desk) -> None:
    season.press(personnel.leave, FAY, f"1:{person(season, FAY)}", view=CARD)
    assert "only facilitator" in text_of(season.shown())
    found = preview(season, personnel.change, FAY, roles=["coach"])
    assert "only facilitator" in found["errors"][ids.PEOPLE_ROLES]


def test_a_change_meanwhile_is_shown_and_can_be_gone_on_with(season: Desk) -> None:
    first = preview(season, personnel.change, JUNE, roles=["coach", "facilitator"])["view"]
    season.press(personnel.leave, FAY, f"1:{person(season, JUNE)}", view=CARD)
    second = {**season.shown(), "id": "V3"}
    season.submit(personnel.save, FAY, {**first, "id": "V2"})
    found = season.submit(personnel.save, FAY, second)["view"]
    assert f"<@{FAY}> has changed this" in text_of(found)
    assert found["callback_id"] == ids.PERSONNEL_AGAIN_FORM
    again = season.submit(personnel.again, FAY, {**found, "id": "V3"})["view"]
    done = season.submit(personnel.save, FAY, {**again, "id": "V3"})["view"]
    assert "has left the program" in text_of(done)


def test_people_are_added(season: Desk) -> None:
    season.press(personnel.add, FAY, "1:")
    form = season.shown()
    wrong = season.submit(personnel.foresee_adding, FAY, state(form, users=[SAM], roles=["participant"]))
    assert list(wrong["errors"]) == [ids.PEOPLE_ORGANIZATION]
    odd = season.submit(personnel.foresee_adding, FAY, state(form, emails="Maya Lopez", roles=["coach"]))
    assert "Maya Lopez" in odd["errors"][ids.PERSONNEL_EMAILS]
    filled = state(form, users=[SAM], emails="maya@example.org, li@example.org", organization=RIVER)
    shown = season.submit(personnel.foresee_adding, FAY, filled)["view"]
    assert "3 people" in text_of(shown)
    done = season.submit(personnel.save_adding, FAY, {**shown, "id": "V2"})["view"]
    assert "maya@example.org" in text_of(done)
    assert listed(season, "li@example.org")["participant"].state == "active"


def test_others_are_told_whom_to_ask(season: Desk) -> None:
    season.press(people.listing, TOMAS, "1:")
    assert f"<@{FAY}>" in text_of(season.shown())
    season.press(personnel.leave, TOMAS, f"1:{person(season, KOFI)}")
    assert f"<@{FAY}>" in text_of(season.shown())


def test_a_button_about_nobody_says_so(season: Desk) -> None:
    season.press(personnel.card, FAY, "1:9999")
    assert "no longer there" in text_of(season.shown())
