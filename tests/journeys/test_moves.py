"""A date moved in Slack, from the button to what everybody sees, and a person's own quiet hours."""

from __future__ import annotations

from bot.views import ids
from tests.journeys.workspace import ADA, APPLICANTS, COHORT, FAY, KOFI, TOMAS, Workspace, text_of

WEDNESDAY = "1:events/office-hours-wednesday"


def window(workspace: Workspace, user: str) -> str:
    """The window with all dates, open for somebody; its id."""
    workspace.command(user, "/dates", APPLICANTS)
    listing = workspace.messages(APPLICANTS, user)[-1]
    workspace.press(user, ids.DATES_OPEN, channel=APPLICANTS, message_ts=listing["ts"], value="1:")
    return str(workspace.view(user)["id"])


def said(workspace: Workspace, about: str) -> list[str]:
    return [one["text"] for one in workspace.messages(APPLICANTS) if one.get("bot_id") and about in one["text"]]


def test_a_facilitator_sees_what_follows_saves_and_everybody_hears_once(over_http: Workspace) -> None:
    over_http.clock(to="2020-10-14T09:10")
    over_http.press(FAY, ids.MOVE_CHANGE, view_id=window(over_http, FAY), value=WEDNESDAY)
    over_http.submit(FAY, {"Day": "2020-10-14", "Starts": "17:00", "Ends": "18:00"})
    preview = text_of(over_http.view(FAY))
    assert "1 reminder moves, 1 posted message is corrected, 1 channel is told of the change." in preview
    assert said(over_http, "has moved") == []
    assert "Saved." in text_of(over_http.submit(FAY, {})["view"])
    over_http.clock(advance="1m")
    assert len(said(over_http, "has moved to Wed, Oct 14, 5:00–6:00 pm")) == 1
    assert len(said(over_http, "not Wed, Oct 14, 3:00–4:00 pm")) == 1
    over_http.command(ADA, "/dates", APPLICANTS)
    assert "5:00–6:00 pm" in text_of(over_http.messages(APPLICANTS, ADA)[-1]["blocks"])


def test_a_time_that_cannot_be_is_refused_under_its_field(over_http: Workspace) -> None:
    over_http.press(FAY, ids.MOVE_CHANGE, view_id=window(over_http, FAY), value=WEDNESDAY)
    answer = over_http.submit(FAY, {"Day": "2020-10-14", "Starts": "17:00", "Ends": "16:00"})
    assert "The end is not after the start" in str(answer)
    answer = over_http.submit(FAY, {"Day": "2020-10-14", "Starts": "15:00", "Ends": "16:00"})
    assert "It is at that time already" in str(answer)
    answer = over_http.submit(FAY, {"Day": "2021-03-14", "Starts": "02:30", "Ends": "04:00"})
    assert "Clocks skip 02:30" in str(answer)


def test_a_homework_is_chosen_from_the_home_and_moved(over_http: Workspace) -> None:
    over_http.press(FAY, ids.MANAGE_OPEN, view_id=over_http.home(FAY)["view"]["id"])
    over_http.press(FAY, ids.MOVE_OPEN, view_id=over_http.view(FAY)["id"])
    over_http.submit(FAY, {"Which one?": "Oct 21: Before we begin (sample)"})
    over_http.submit(FAY, {"Day": "2020-10-23", "Due at": "17:00"})
    assert "17 reminders move." not in text_of(over_http.view(FAY))
    assert "reminders move." in text_of(over_http.view(FAY))
    over_http.submit(FAY, {})
    over_http.command(TOMAS, "/homework", COHORT)
    assert "due Fri, Oct 23, 5:00 pm (St. Louis)" in text_of(over_http.messages(COHORT, TOMAS)[-1]["blocks"])


def test_nobody_else_is_shown_the_button(over_http: Workspace) -> None:
    for user, channel in ((ADA, APPLICANTS), (TOMAS, COHORT)):
        assert "Manage" not in text_of(over_http.home(user))
        over_http.command(user, "/dates", channel)
        assert "Change" not in text_of(over_http.messages(channel, user)[-1]["blocks"])


def test_a_reminder_is_put_off_from_its_menu_and_quiet_hours_are_set_on_the_home(over_http: Workspace) -> None:
    over_http.clock(to="2020-10-19T09:10")
    reminder = next(one for one in over_http.told(KOFI) if one["text"].startswith("Nothing from"))
    where = {"channel": over_http.direct(KOFI), "message_ts": reminder["ts"]}
    over_http.press(KOFI, ids.QUIET_PUT_OFF, selected="Tomorrow morning", **where)
    over_http.clock(advance="1m")
    changed = next(one for one in over_http.told(KOFI) if one["ts"] == reminder["ts"])
    assert "I remind you again Tue, Oct 20, 9:00 am your time" in text_of(changed["blocks"])

    home = over_http.home(KOFI)
    over_http.press(KOFI, ids.QUIET_OPEN, view_id=(home.get("view") or home)["id"], value="1:")
    answer = over_http.submit(
        KOFI, {"Which hours?": "My own hours, below", "Quiet from": "21:00", "Quiet until": "10:00"}
    )
    assert "Not from 9:00 pm to 10:00 am. Your own choice, on your clock (New York)." in text_of(answer["view"])
    assert "Not from 9:00 pm to 10:00 am" in text_of(over_http.home(KOFI))
