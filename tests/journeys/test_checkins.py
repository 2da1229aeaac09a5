"""Coaching check-ins, from the form to the receipt, by the people who write and read them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.journeys.workspace import (
    ADA,
    ALEX,
    COHORT,
    FAY,
    JUNE,
    KOFI,
    LENA,
    PRIYA,
    TOMAS,
    RefusedError,
    Workspace,
    text_of,
)

WRITTEN = {
    "Minutes": "1,5 h",
    "What moved?": "Two new volunteers",
    "What got in the way?": "Rain",
    "Support needed": ["Staff and volunteers"],
    "Next step": "Train them",
    "Confidence in that next step": "4: confident",
}


def log(workspace: Workspace, user: str, **values: Any) -> dict[str, Any]:
    workspace.command(user, "/checkin", channel=COHORT)
    return workspace.submit(user, {**WRITTEN, **values})


def receipts(workspace: Workspace, user: str) -> list[str]:
    said = [text_of(one["blocks"]) for one in workspace.told(user)]
    return [one for one in said if "Check-in no." in one]


def test_a_check_in_is_handed_in_and_its_receipt_comes(workspace: Workspace) -> None:
    workspace.command(PRIYA, "/checkin", channel=COHORT)
    assert "Who reads this" in text_of(workspace.view(PRIYA)["blocks"][0])
    answer = workspace.submit(PRIYA, WRITTEN)
    assert "Saved as no. 1" in text_of(answer["view"])
    (receipt,) = receipts(workspace, PRIYA)
    assert "1.5 hours" in receipt
    assert "the people of Bright Labs, June Park and the facilitators" in receipt


def test_wrong_fields_are_marked_and_the_form_stays(over_http: Workspace) -> None:
    answer = log(over_http, PRIYA, **{"Minutes": "-20", "Date": "2020-10-13", "Support needed": ["Something else"]})
    assert answer["errors"] == {
        "checkin.length": "Minutes can be 1 or more. Try 45.",
        "checkin.held_on": "That day is still to come. Choose today, Mon, Oct 12, or an earlier day.",
        "checkin.support_other": "Say in a few words what would help, or take “Something else” off the list.",
    }
    answer = over_http.submit(PRIYA, {"Minutes": "20", "Date": "2020-10-12", "Something else": "a van"})
    assert "Saved as no. 1" in text_of(answer["view"])


def test_two_people_write_about_one_meeting_and_both_are_heard(over_http: Workspace) -> None:
    log(over_http, PRIYA)
    answer = log(
        over_http,
        JUNE,
        **{"Organizations present": ["Bright Labs"], "Minutes": "60", "Your private note": "They look tired"},
    )
    assert "priya" in text_of(answer["view"]).casefold()
    listed = over_http.command(TOMAS, "/checkin all", channel=COHORT)
    assert listed["ok"]
    said = text_of(over_http.messages(COHORT, TOMAS)[-1]["blocks"])
    assert "1 hour" in said
    assert "no. 1" in said
    assert "no. 2" in said
    over_http.press(TOMAS, "checkin.read", channel=COHORT, message_ts=over_http.messages(COHORT, TOMAS)[-1]["ts"])
    whole = text_of(over_http.view(TOMAS))
    assert "wrote 1.5 hours; 1 hour is counted" in whole
    assert "tired" not in whole


def test_a_receipts_button_changes_the_check_in_and_the_receipt(over_http: Workspace) -> None:
    log(over_http, PRIYA)
    (receipt,) = [one for one in over_http.told(PRIYA) if "Check-in no." in text_of(one["blocks"])]
    over_http.press(PRIYA, "checkin.change", channel=over_http.direct(PRIYA), message_ts=receipt["ts"])
    answer = over_http.submit(PRIYA, {"Next step": "Train them twice"})
    assert "Saved as no. 1" in text_of(answer["view"])
    (said,) = receipts(over_http, PRIYA)
    assert "Train them twice" in said
    assert "what it said before is kept" in said


def test_a_guest_without_slash_commands_uses_the_shortcut(workspace: Workspace) -> None:
    with pytest.raises(RefusedError):
        workspace.command(LENA, "/checkin", channel=COHORT)
    workspace.shortcut(LENA, "checkin.log")
    answer = workspace.submit(LENA, WRITTEN)
    assert "Saved as no. 1" in text_of(answer["view"])
    workspace.press(LENA, "checkin.mine", view_id=answer["view"]["id"])
    assert "River Robotics" in text_of(workspace.view(LENA))


def test_a_guest_asks_for_the_form_in_a_direct_message(over_http: Workspace) -> None:
    over_http.message(LENA, "I'd like to log a check-in", channel=over_http.direct(LENA))
    offer = over_http.told(LENA)[-1]
    over_http.press(LENA, "checkin.open", channel=over_http.direct(LENA), message_ts=offer["ts"])
    answer = over_http.submit(LENA, WRITTEN)
    assert "Saved as no. 1" in text_of(answer["view"])


def test_a_reader_elsewhere_sees_nothing_of_other_organizations(over_http: Workspace) -> None:
    log(over_http, PRIYA)
    over_http.command(KOFI, "/checkin all", channel=COHORT)
    assert over_http.messages(COHORT, KOFI)[-1]["text"] == "No coaching check-in yet."


@pytest.mark.parametrize(
    ("user", "says"),
    [(ADA, "The participants and coaches"), (ALEX, "The participants and coaches"), (FAY, "/checkin all")],
)
def test_those_who_do_not_coach_or_take_part_are_told_who_does(over_http: Workspace, user: str, says: str) -> None:
    over_http.command(user, "/checkin", channel="C0GENERAL")
    assert says in over_http.messages("C0GENERAL", user)[-1]["text"]


def test_an_unknown_word_is_answered_with_the_known_ones(over_http: Workspace) -> None:
    over_http.command(PRIYA, "/checkin <!channel>", channel=COHORT)
    said = over_http.messages(COHORT, PRIYA)[-1]["text"]
    assert "/checkin mine" in said
    assert "<!channel>" not in said


def test_a_private_note_is_read_by_its_author_again(over_http: Workspace) -> None:
    log(over_http, JUNE, **{"Organizations present": ["Bright Labs"], "Your private note": "They look tired"})
    over_http.command(JUNE, "/checkin mine", channel=COHORT)
    over_http.press(JUNE, "checkin.read", channel=COHORT, message_ts=over_http.messages(COHORT, JUNE)[-1]["ts"])
    assert "They look tired" in text_of(over_http.view(JUNE))
