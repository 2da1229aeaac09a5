"""Homework by the clock: announced, handed in by one for both, nudged with the names shown first."""

from __future__ import annotations

from typing import Any

from bot.views import ids
from tests.journeys.workspace import (
    ADA,
    ALEX,
    APPLICANTS,
    COHORT,
    FACILITATORS,
    FAY,
    KOFI,
    LENA,
    PRIYA,
    TOMAS,
    Workspace,
    text_of,
)

WRITTEN = {
    "What does a good day in your program look like?": "Loud.",
    "What do you hope is different ten months from now?": "Calm.",
}


def post(workspace: Workspace) -> dict[str, Any]:
    (found,) = [one for one in workspace.messages(COHORT) if one["text"].startswith("Homework due")]
    return found


def reminders(workspace: Workspace, user: str) -> list[dict[str, Any]]:
    return [one for one in workspace.told(user) if one["text"].startswith("Nothing from")]


def overview(workspace: Workspace, user: str, channel: str = COHORT) -> dict[str, Any]:
    workspace.command(user, "/homework", channel=channel)
    return workspace.messages(channel, user)[-1]


def test_one_hands_in_for_both_and_only_the_others_are_reminded(workspace: Workspace) -> None:
    workspace.clock(to="2020-10-14T09:00")
    workspace.press(PRIYA, ids.REFLECTION_OPEN, channel=COHORT, message_ts=post(workspace)["ts"])
    workspace.submit(PRIYA, WRITTEN)
    assert "Handed in for Bright Labs by" in text_of(overview(workspace, TOMAS)["blocks"])

    workspace.clock(to="2020-10-22T10:00")
    told = {user: len(reminders(workspace, user)) for user in (TOMAS, PRIYA, LENA, KOFI)}
    assert told == {TOMAS: 0, PRIYA: 0, LENA: 2, KOFI: 2}


def test_more_time_reaches_the_facilitators_and_ends_the_reminders(over_http: Workspace) -> None:
    over_http.clock(to="2020-10-19T09:00")
    (reminder,) = reminders(over_http, KOFI)
    over_http.press(KOFI, ids.HOMEWORK_MORE_TIME, channel=over_http.direct(KOFI), message_ts=reminder["ts"])
    assert "I have told the facilitators" in text_of(over_http.view(KOFI))
    said = [one["text"] for one in over_http.messages(FACILITATORS) if "needs more time" in one["text"]]
    assert said == [
        "Gateway Makers needs more time for Before we begin (sample) (due Wed, Oct 21, 5:00 pm (St. Louis))."
    ]
    over_http.clock(to="2020-10-22T10:00")
    assert len(reminders(over_http, KOFI)) == 1


def test_a_facilitator_sees_the_names_before_anybody_is_nudged(over_http: Workspace) -> None:
    over_http.press(
        FAY, ids.HOMEWORK_NUDGE, channel=COHORT, message_ts=overview(over_http, FAY)["ts"], value="1:before-we-begin"
    )
    form = text_of(over_http.view(FAY))
    assert "These 4 people get a message from me" in form
    assert reminders(over_http, KOFI) == []
    answer = over_http.submit(FAY, {})
    assert "On its way" in text_of(answer["view"])
    assert "asks how it is going" in text_of(reminders(over_http, KOFI)[0]["blocks"])

    over_http.press(
        FAY, ids.HOMEWORK_NUDGE, channel=COHORT, message_ts=overview(over_http, FAY)["ts"], value="1:before-we-begin"
    )
    assert "had a message today" in text_of(over_http.view(FAY))


def test_everybody_sees_what_is_theirs_to_see(over_http: Workspace) -> None:
    assert "Nothing yet: Bright Labs, Gateway Makers, River Robotics" in text_of(overview(over_http, FAY)["blocks"])
    assert "0 of 3 organizations" in text_of(overview(over_http, ALEX)["blocks"])
    assert "River Robotics" not in text_of(overview(over_http, TOMAS)["blocks"])
    assert "applicants owe none" in overview(over_http, ADA, APPLICANTS)["text"]


def test_the_form_is_two_clicks_from_the_post_for_a_guest(over_http: Workspace) -> None:
    over_http.clock(to="2020-10-14T09:00")
    over_http.press(LENA, ids.HOMEWORK_OPEN, channel=COHORT, message_ts=post(over_http)["ts"])
    view = over_http.view(LENA)
    assert "Nothing from River Robotics yet." in text_of(view)
    over_http.press(LENA, ids.REFLECTION_OPEN, view_id=view["id"], value="1:before-we-begin")
    answer = over_http.submit(LENA, WRITTEN)
    assert "Saved as no. 1" in text_of(answer["view"])
