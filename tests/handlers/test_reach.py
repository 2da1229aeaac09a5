"""Whom the bot does not reach, through the listeners; and looking at the Home as somebody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlmodel import select

from bot.sandbox import rules
from bot.views import ids
from handlers import convene, reach, view_as
from storage.people import Membership, Person
from tests.cast import COHORT, FAY, KOFI, LENA, MONDAY, PRIYA, TOMAS
from tests.fakes import refuses
from tests.handlers.desk import Desk
from tests.handlers.test_personnel import person
from tests.journeys.workspace import text_of
from tests.services.test_reach import picture


def ready(desk: Desk) -> None:
    with desk.deps.db.begin() as session:
        session.info["program"] = desk.deps.programs.by_id(session, 1)
        picture(session, without=(KOFI,))


def page(desk: Desk, why: str = "channel") -> dict[str, Any]:
    desk.press(reach.see, FAY, f"1:{why}/0")
    return {**desk.shown(), "id": "V1"}


def test_the_command_says_how_many_and_why(season: Desk) -> None:
    ready(season)
    said = season.command(convene.command, FAY, "reach")
    assert "Not in their channel: 1" in text_of(said["blocks"])
    refused = season.command(convene.command, TOMAS, "reach")
    assert f"<@{FAY}>" in refused["text"]


def test_somebody_is_invited_and_the_list_says_so(season: Desk) -> None:
    ready(season)
    season.slack.rooms[COHORT] = []
    window = page(season)
    assert "Kofi Mensah" in text_of(window)
    value = f"1:{person(season, KOFI)}/channel/0"
    season.press(reach.invite, FAY, value, view=window)
    assert season.slack.rooms[COHORT] == [KOFI]
    assert "Kofi Mensah is in" in text_of(season.shown())
    season.press(reach.invite, FAY, value, view=window)
    assert "settled already" in text_of(season.shown())
    assert len(season.slack.asked("conversations.invite")) == 1


def test_an_invitation_that_slack_refuses_says_what_to_do(season: Desk) -> None:
    ready(season)
    season.slack.next_time("conversations.invite", refuses("missing_scope"))
    season.press(reach.invite, FAY, f"1:{person(season, KOFI)}/channel/0", view=page(season))
    assert "without that permission" in text_of(season.shown())
    assert "/invite" in text_of(season.shown())


def test_a_hello_is_on_its_way_and_the_button_is_gone(season: Desk) -> None:
    with season.deps.db.begin() as session:
        session.info["program"] = season.deps.programs.by_id(session, 1)
    window = page(season, "guest")
    assert "Send a hello" in text_of(window)
    lena = text_of(window)
    assert "Lena Fischer" in lena
    pressed = [one["accessory"] for one in window["blocks"] if "accessory" in one]
    value = next(one["value"] for one in pressed if one["action_id"] == ids.REACH_HELLO)
    season.press(reach.hello, FAY, value, view=window)
    shown = text_of(season.shown())
    assert "I am writing to Lena Fischer" in shown
    assert "Send a hello" not in shown


# Several at once


def away(desk: Desk, *users: str) -> None:
    """These are not in the channel where they belong."""
    with desk.deps.db.begin() as session:
        session.info["program"] = desk.deps.programs.by_id(session, 1)
        picture(session, without=users)
    desk.slack.rooms[COHORT] = []


def together(desk: Desk, window: dict[str, Any], *users: str, zone: str = "") -> dict[str, Any]:
    """People chosen in a list, and its button pressed."""
    values: dict[str, Any] = {}
    for block in window["blocks"]:
        name = str(block.get("block_id") or "")
        if name.startswith("reach.several"):
            ids_ = {str(person(desk, user)) for user in users}
            chosen = [one for one in block["element"]["options"] if one["value"] in ids_]
            assert len(chosen) == len(users)
            values[name] = {"reach.several": {"selected_options": chosen}}
        elif name.startswith("reach.their_zone"):
            option = {"selected_option": {"value": zone}} if zone else {"selected_option": None}
            values[name] = {"reach.their_zone": option}
    return desk.submit(reach.several, FAY, {**window, "id": "V1", "state": {"values": values}})


def test_several_are_invited_with_one_call_and_are_gone_from_the_list(season: Desk) -> None:
    away(season, KOFI, PRIYA, TOMAS)
    window = page(season)
    assert window["submit"]["text"] == "Invite those chosen"
    assert rules.view({key: value for key, value in window.items() if key != "id"}, "modal") == []
    done = together(season, window, KOFI, PRIYA)
    assert season.slack.rooms[COHORT] == [KOFI, PRIYA]
    assert len(season.slack.asked("conversations.invite")) == 1
    text = text_of(done["view"])
    assert f"In <#{COHORT}> now: Kofi Mensah, Priya Nair." in text
    assert "Tomás Rivera" in text
    assert "submit" not in done["view"], "one who is left has a button of their own"


def test_whom_slack_does_not_let_in_keeps_nobody_else_out(season: Desk) -> None:
    away(season, KOFI, PRIYA, TOMAS)
    season.slack.rooms[COHORT] = [PRIYA]
    season.slack.next_time("conversations.invite", refuses("user_is_restricted"), refuses("user_is_restricted"))
    done = together(season, page(season), KOFI, PRIYA, TOMAS)
    text = text_of(done["view"])
    assert f"In <#{COHORT}> now: Priya Nair, Tomás Rivera." in text
    assert "Kofi Mensah: They are a guest" in text
    assert season.slack.rooms[COHORT] == [PRIYA, TOMAS]


def test_the_same_form_handed_in_again_says_that_it_is_settled(season: Desk) -> None:
    away(season, KOFI, PRIYA)
    window = page(season)
    together(season, window, KOFI, PRIYA)
    again = together(season, window, KOFI, PRIYA)
    assert "For 2 people it is settled already." in text_of(again["view"])
    assert len(season.slack.asked("conversations.invite")) == 1


def clockless(desk: Desk, *users: str) -> dict[str, Any]:
    with desk.deps.db.begin() as session:
        for one in session.exec(select(Person)).all():
            if one.user_id in users:
                one.zone = None
                session.add(one)
    return page(desk, "zone")


def test_several_are_asked_for_their_clock_or_given_one(season: Desk) -> None:
    window = clockless(season, KOFI, PRIYA, TOMAS, LENA)
    assert "*Clock not known: 4*" in text_of(window)
    given = together(season, window, KOFI, PRIYA, zone="Africa/Lagos")
    assert "Kofi Mensah, Priya Nair: on the clock of Lagos (Africa) now." in text_of(given["view"])
    asked = together(season, given["view"], TOMAS, LENA)
    assert "I am writing to Lena Fischer, Tomás Rivera." in text_of(asked["view"])
    with season.deps.db.read() as session:
        zones = {one.user_id: one.zone for one in session.exec(select(Person)).all()}
    assert (zones[KOFI], zones[PRIYA], zones[TOMAS]) == ("Africa/Lagos", "Africa/Lagos", None)


def test_nobody_is_put_on_another_clock_than_their_own(season: Desk) -> None:
    window = clockless(season, KOFI, PRIYA)
    with season.deps.db.begin() as session:
        kofi = session.exec(select(Person).where(Person.user_id == KOFI)).one()
        kofi.zone = "Europe/Paris"
        session.add(kofi)
    done = together(season, window, KOFI, PRIYA, zone="Africa/Lagos")
    assert "Priya Nair: on the clock of Lagos (Africa) now. For 1 person it is settled" in text_of(done["view"])
    with season.deps.db.read() as session:
        assert session.exec(select(Person.zone).where(Person.user_id == KOFI)).one() == "Europe/Paris"


def test_a_clock_that_is_none_is_given_to_nobody(season: Desk) -> None:
    window = clockless(season, KOFI, PRIYA)
    done = together(season, window, KOFI, PRIYA, zone="Mars/Base")
    assert "I don't know that clock." in text_of(done["view"])


def test_nobody_chosen_is_said_and_others_may_not(season: Desk) -> None:
    window = clockless(season, KOFI, PRIYA)
    assert "Choose at least one person." in str(together(season, window)["errors"])
    with season.deps.db.begin() as session:
        for held in session.exec(select(Membership).where(Membership.role.in_(("facilitator", "admin")))).all():  # type: ignore[attr-defined]
            held.state = "left"
            session.add(held)
    done = together(season, window, KOFI, PRIYA, zone="Africa/Lagos")
    assert "on the clock" not in text_of(done["view"])
    with season.deps.db.read() as session:
        assert session.exec(select(Person.zone).where(Person.user_id == KOFI)).one() is None


def test_a_hello_to_several_is_said_once_a_day(season: Desk) -> None:
    with season.deps.db.begin() as session:
        for held in session.exec(select(Membership)).all():
            held.since = MONDAY - timedelta(days=2)
            session.add(held)
    window = page(season, "silent")
    done = together(season, window, KOFI, PRIYA)
    assert "I am writing to Kofi Mensah, Priya Nair." in text_of(done["view"])
    again = together(season, window, KOFI, PRIYA)
    assert "I have written to Kofi Mensah, Priya Nair today already." in text_of(again["view"])


def test_somebody_tells_their_clock(season: Desk) -> None:
    body = {"selected_option": {"value": "1:Africa/Lagos"}}

    def choose(**given: Any) -> None:
        given["body"]["actions"][0].update(body)
        reach.zone(**given)

    season.press(choose, KOFI, "")
    assert "clock of Lagos" in text_of(season.shown())


def test_the_home_is_looked_at_as_a_coach(season: Desk) -> None:
    season.press(view_as.choose, FAY, "1:")
    form = season.shown()
    chosen = {ids.VIEW_AS_ROLE: {ids.VIEW_AS_ROLE: {"selected_option": {"value": "coach"}}}}
    shown = season.submit(view_as.look, FAY, {**form, "id": "V1", "state": {"values": chosen}})
    assert shown["response_action"] == "push"
    assert "as a coach would" in text_of(shown["view"])
    season.press(view_as.choose, TOMAS, "1:")
    assert f"<@{FAY}>" in text_of(season.shown())
