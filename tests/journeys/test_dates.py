"""Dates: asked for by a command or a button, put into a calendar by a file, by everybody in their own way."""

from __future__ import annotations

import urllib.request
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from bot.sandbox import rules, run
from tests.calendars import there
from tests.journeys.workspace import (
    ADA,
    APPLICANTS,
    COHORT,
    FAY,
    GENERAL,
    KOFI,
    LENA,
    SAM,
    TOMAS,
    Workspace,
    text_of,
)


def shown(workspace: Workspace, user: str, channel: str = APPLICANTS) -> str:
    """What `/dates` answers."""
    workspace.command(user, "/dates", channel=channel)
    return text_of(workspace.messages(channel, user)[-1]["blocks"])


def button(view: dict[str, Any], value: str) -> str:
    """The name of the button in a view that stands for something."""
    return next(str(one["action_id"]) for _, one, _ in rules.elements(view["blocks"]) if one.get("value") == value)


def files(workspace: Workspace, user: str) -> list[dict[str, Any]]:
    return [message for message in workspace.told(user) if message.get("files")]


def calendar(message: dict[str, Any]) -> Calendar:
    """The file of a message, opened as a calendar would."""
    with urllib.request.urlopen(message["files"][0]["url_private"], timeout=10) as answer:
        found = Calendar.from_ical(answer.read())
    assert isinstance(found, Calendar)
    return found


def test_an_applicant_sees_the_application_week_and_nobody_else_sees_the_answer(workspace: Workspace) -> None:
    said = shown(workspace, ADA)
    assert "*Application Office Hours* · in 2 days\nWed, Oct 14, 3:00–4:00 pm (St. Louis)" in said
    assert "Applications are due" in said
    assert "Convening" not in said
    assert "early 2018" not in said
    assert workspace.messages(APPLICANTS, SAM) == []


def test_a_participant_sees_the_cohorts_dates_in_their_own_time_too(over_http: Workspace) -> None:
    said = shown(over_http, KOFI, COHORT)
    assert "Convening 1: Who we are, and why we are here (sample)" in said
    assert "Thu, Nov 19, 10:00 am–12:00 pm (St. Louis) · 11:00 am your time" in said
    assert "Office Hours" not in said


def test_facilitators_see_both_and_a_stranger_is_told_whom_to_ask(over_http: Workspace) -> None:
    over_http.command(FAY, "/dates", channel=APPLICANTS)
    over_http.press(FAY, "dates.open", channel=APPLICANTS)
    whole = text_of(over_http.view(FAY)["blocks"])
    assert "Application Office Hours" in whole
    assert "Convening 6" in whole
    assert "You have no part in OST Community of Practice at the moment" in shown(over_http, SAM, GENERAL)


def test_one_date_comes_as_a_file_that_calendars_understand(workspace: Workspace) -> None:
    workspace.command(ADA, "/dates")
    workspace.press(ADA, "dates.file", value="1:office-hours-wednesday", channel=APPLICANTS)
    (message,) = files(workspace, ADA)
    assert message["files"][0]["name"] == "ost-cop-office-hours-wednesday.ics"
    assert "Wed, Oct 14, 3:00–4:00 pm (St. Louis)" in message["text"]
    (event,) = calendar(message).walk("VEVENT")
    assert event.decoded("DTSTART") == there("2020-10-14 15:00")
    assert event.decoded("DTEND") == there("2020-10-14 16:00")
    assert "on its way" in workspace.messages(APPLICANTS, ADA)[-1]["text"]


def test_all_dates_come_in_one_file(over_http: Workspace) -> None:
    over_http.command(ADA, "/dates")
    over_http.press(ADA, "dates.files", channel=APPLICANTS)
    (message,) = files(over_http, ADA)
    assert [str(one["SUMMARY"]) for one in calendar(message).walk("VEVENT")] == [
        "Application Office Hours",
        "Application Office Hours",
        "Application Office Hours",
        "Applications are due",
        "Applicants hear about the selection (sample)",
    ]


def test_in_the_window_a_press_is_answered_in_the_window(over_http: Workspace) -> None:
    over_http.command(ADA, "/dates")
    over_http.command(FAY, "/dates")
    over_http.press(FAY, "dates.open", channel=APPLICANTS)
    view = over_http.view(FAY)
    over_http.press(FAY, button(view, "1:application-deadline"), view_id=view["id"])
    assert "on its way" in text_of(over_http.view(FAY)["blocks"][0])
    assert len(files(over_http, FAY)) == 1


def test_a_guest_gets_there_without_a_command(over_http: Workspace) -> None:
    over_http.home(LENA)
    over_http.press(LENA, "dates.open")
    assert "Convening 1" in text_of(over_http.view(LENA)["blocks"])
    view = over_http.view(LENA)
    over_http.press(LENA, button(view, "1:convening-1"), view_id=view["id"])
    assert len(files(over_http, LENA)) == 1


def test_the_button_of_an_old_reminder_says_that_it_is_over(over_http: Workspace) -> None:
    over_http.clock(to="2020-10-14T09:00")
    reminder = next(one for one in over_http.messages(APPLICANTS) if "Office Hours" in one["text"])
    over_http.clock(to="2020-10-14T16:00")
    over_http.press(ADA, "dates.file", channel=APPLICANTS, message_ts=reminder["ts"])
    assert "has taken place already" in over_http.messages(APPLICANTS, ADA)[-1]["text"]
    assert files(over_http, ADA) == []


def test_when_all_is_over_there_is_a_kind_sentence_and_a_contact() -> None:
    with run.running(at=datetime(2021, 12, 1, 9, tzinfo=ZoneInfo("America/Chicago"))) as stage:
        said = shown(Workspace(stage), TOMAS, COHORT)
    assert "Nothing is on the calendar of OST Community of Practice for you at the moment." in said
    assert "mailto:" in said
