"""From a question without an answer to an answer that is kept, doubted and looked after, as people do it in Slack."""

from __future__ import annotations

from typing import Any

import pytest

from bot.views import ids
from tests.journeys.workspace import (
    ADA,
    ALEX,
    APPLICANTS,
    COHORT,
    FACILITATORS,
    FAY,
    GENERAL,
    JUNE,
    KOFI,
    LENA,
    PRIYA,
    Message,
    Workspace,
    text_of,
)

BOT = "<@U0CONVENE>"
STIPEND = "Is there a stipend?"
ASKED = "When is the application due?"
UNSURE = "what about the coach time thing"


def replies(workspace: Workspace, ts: str, channel: str = APPLICANTS, user: str = ADA) -> list[Message]:
    return [one for one in workspace.messages(channel, user, ts) if one.get("bot_id")]


def ask(workspace: Workspace, text: str, user: str = ADA, channel: str = APPLICANTS) -> str:
    """Ask the bot in a channel; the question's ts."""
    return str(workspace.message(user, f"{BOT} {text}", channel)["ts"])


def said(message: Message) -> str:
    return text_of(message["blocks"] or message["text"])


def handed_over(workspace: Workspace, text: str = STIPEND) -> tuple[str, Message]:
    """Ada passes on what no text says: the question's ts, and the card that facilitators see."""
    ts = ask(workspace, text)
    workspace.press(ADA, ids.FAQ_HAND_OVER, channel=APPLICANTS, message_ts=replies(workspace, ts)[0]["ts"])
    return ts, workspace.messages(FACILITATORS, FAY)[-1]


def options(view: dict[str, Any], block: str) -> list[str]:
    """The texts of a menu's choices, of all its groups."""
    element = next(one["element"] for one in view["blocks"] if one.get("block_id") == block)
    groups = element.get("option_groups") or [element]
    return [one["text"]["text"] for group in groups for one in group["options"]]


def test_with_one_click_the_asker_is_told_and_the_next_one_is_answered_at_once(workspace: Workspace) -> None:
    ts, card = handed_over(workspace)
    workspace.press(FAY, ids.QUESTION_ANSWER, channel=FACILITATORS, message_ts=card["ts"])
    workspace.press(FAY, ids.QUESTION_KEEP, selected="entry")
    form = workspace.view(FAY)
    assert "Who reads this" in text_of(form["blocks"][0])
    answer = workspace.submit(FAY, {"Your answer": "No stipend, but lunch."})
    assert f"Kept: whoever asks “{STIPEND}”" in text_of(answer["view"])
    assert "Fay Whitaker answers" in said(replies(workspace, ts)[-1])
    again = replies(workspace, ask(workspace, "is there a stipend", PRIYA, COHORT), COHORT, PRIYA)
    assert "No stipend, but lunch." in said(again[0])
    assert "Source: Fay Whitaker, Oct 12, 2020" in said(again[0])


def test_an_answer_that_is_there_is_sent_and_learns_the_words(over_http: Workspace) -> None:
    ts, card = handed_over(over_http, "may my cousin put the thing in the mail on sunday?")
    over_http.press(FAY, ids.QUESTION_ANSWER, channel=FACILITATORS, message_ts=card["ts"])
    over_http.press(FAY, ids.QUESTION_KEEP, selected="phrasing")
    (due,) = [one for one in options(over_http.view(FAY), "entry.entry") if "due" in one][:1]
    refused = over_http.submit(FAY, {"For next time": "phrasing"})
    assert "entry.entry" in refused["errors"]
    answer = over_http.submit(FAY, {"Which answer": due, "Your own words, if you like": "As for everybody:"})
    assert "in these words" in text_of(answer["view"])
    told = said(replies(over_http, ts)[-1])
    assert "As for everybody:" in told
    assert "Source:" in told
    again = replies(
        over_http, ask(over_http, "May my cousin put the thing in the mail on Sunday", KOFI, COHORT), COHORT
    )
    assert due in said(again[0])


def test_any_message_is_saved_as_an_answer_to_what_began_its_thread(workspace: Workspace) -> None:
    ts = ask(workspace, STIPEND)
    reply = workspace.message(JUNE, "There is a small one: https://example.org/x & *more*", thread_ts=ts)
    workspace.shortcut(FAY, ids.ENTRY_SHORTCUT, channel=APPLICANTS, message_ts=reply["ts"])
    form = workspace.view(FAY)
    fields = {one["block_id"]: one["element"].get("initial_value") for one in form["blocks"] if one["type"] == "input"}
    assert fields["entry.question"] == STIPEND
    assert fields["entry.answer"] == "There is a small one: https://example.org/x & more"
    assert fields["entry.source"] == "June Park, Oct 12, 2020"
    answer = workspace.submit(FAY, {})
    assert "Kept: whoever asks" in text_of(answer["view"])
    again = replies(workspace, ask(workspace, "is there any stipend?", KOFI, COHORT), COHORT, KOFI)
    assert "There is a small one: " in said(again[0])
    assert "&amp; more" in said(again[0])


def test_what_was_never_logged_is_read_from_slack_before_the_form_is_there(workspace: Workspace) -> None:
    ts = str(workspace.message(PRIYA, "Where do I park? <@U0TOMAS01>", channel=COHORT)["ts"])
    reply = workspace.message(JUNE, "Behind the house.", channel=COHORT, thread_ts=ts)
    workspace.shortcut(FAY, ids.ENTRY_SHORTCUT, channel=COHORT, message_ts=reply["ts"])
    form = workspace.view(FAY)
    fields = {one["block_id"]: one["element"].get("initial_value") for one in form["blocks"] if one["type"] == "input"}
    assert (fields["entry.question"], fields["entry.answer"]) == ("Where do I park?", "Behind the house.")
    audience = next(one["element"] for one in form["blocks"] if one.get("block_id") == "entry.audience")
    assert audience["initial_option"]["value"] == "cohort"
    assert "Saved" in text_of(workspace.submit(FAY, {})["view"])
    # What is for those who take part is told to nobody else.
    assert "Behind the house." in said(replies(workspace, ask(workspace, "Where do I park?", KOFI, COHORT), COHORT)[0])
    assert "Behind the house." not in said(replies(workspace, ask(workspace, "Where do I park?"))[0])


@pytest.mark.parametrize("user", [PRIYA, LENA, JUNE])
def test_who_may_not_save_answers_is_told_who_can(over_http: Workspace, user: str) -> None:
    message = over_http.message(JUNE, "Behind the house.", channel=COHORT)
    over_http.shortcut(user, ids.ENTRY_SHORTCUT, channel=COHORT, message_ts=message["ts"])
    assert "Only the facilitators" in text_of(over_http.view(user))
    assert f"<@{FAY}>" in text_of(over_http.view(user))


def test_a_message_where_the_bot_is_not_can_be_saved_too(over_http: Workspace) -> None:
    message = over_http.message(ALEX, "The office is closed on Friday.", channel=GENERAL)
    over_http.shortcut(FAY, ids.ENTRY_SHORTCUT, channel=GENERAL, message_ts=message["ts"])
    answer = over_http.submit(FAY, {"The question, as people ask it": "Is the office open on Friday?"})
    assert "Kept: whoever asks" in text_of(answer["view"])
    asked_already = over_http.shortcut(FAY, ids.ENTRY_SHORTCUT, channel=GENERAL, message_ts=message["ts"])
    assert asked_already["ok"]
    refused = over_http.submit(FAY, {"The question, as people ask it": "is the office open on friday"})
    assert "“Is the office open on Friday?” already" in refused["errors"]["entry.question"]


def test_two_who_were_not_helped_bring_the_answer_to_the_facilitators(workspace: Workspace) -> None:
    ts = ask(workspace, ASKED)
    (reply,) = replies(workspace, ts)
    for user in (ADA, JUNE):
        workspace.press(user, ids.FAQ_NOT_HELPFUL, channel=APPLICANTS, message_ts=reply["ts"])
    notice = workspace.messages(FACILITATORS, FAY)[-1]
    assert "did not help 2 people" in said(notice)
    assert ASKED in said(notice)
    workspace.press(FAY, ids.ENTRY_EDIT, channel=FACILITATORS, message_ts=notice["ts"])
    answer = workspace.submit(FAY, {"Answer": "On {{date:application-deadline}}. <!channel>"})
    assert "Saved. Whoever asks" in text_of(answer["view"])
    assert "Fay Whitaker has changed this" in said(workspace.messages(FACILITATORS, FAY)[-1])
    again = replies(workspace, ask(workspace, ASKED, PRIYA, COHORT), COHORT, PRIYA)
    assert "On Fri, Oct 16, 11:59 pm (St. Louis). &lt;!channel&gt;" in said(again[0])


def test_what_was_asked_alone_is_not_shown_with_a_doubt(over_http: Workspace) -> None:
    for user in (ADA, JUNE):
        over_http.command(user, f"/ask {ASKED}")
        last = over_http.messages(APPLICANTS, user)[-1]
        over_http.press(user, ids.FAQ_NOT_HELPFUL, channel=APPLICANTS, message_ts=last["ts"])
    notice = said(over_http.messages(FACILITATORS, FAY)[-1])
    assert "2 questions that somebody asked me alone" in notice
    assert "They had asked:\n• 2" in notice


def test_a_pressed_suggestion_becomes_a_way_to_ask_after_a_yes_in_the_home(over_http: Workspace) -> None:
    ts = ask(over_http, UNSURE)
    (unsure,) = replies(over_http, ts)
    over_http.press(ADA, ids.FAQ_CHOOSE, channel=APPLICANTS, message_ts=unsure["ts"])
    home = over_http.home(FAY)["view"]
    assert UNSURE in text_of(home)
    over_http.press(FAY, ids.ENTRY_PHRASING, view_id=home["id"])
    assert UNSURE not in text_of(over_http.get("home", user=FAY)["view"])
    again = replies(over_http, ask(over_http, UNSURE, PRIYA, COHORT), COHORT, PRIYA)
    assert "Did you mean" not in said(again[0])


def test_what_came_by_telephone_is_noted_from_the_home_and_kept(over_http: Workspace) -> None:
    home = over_http.home(FAY)["view"]
    over_http.press(FAY, ids.QUESTION_LOG, view_id=home["id"])
    refused = over_http.submit(FAY, {"How it came": "telephone"})
    assert set(refused["errors"]) == {"question.asked", "question.text"}
    over_http.press(FAY, ids.QUESTION_KEEP, selected="entry", values={"What was asked": "Is there a bus?"})
    answer = over_http.submit(FAY, {"What was answered": "Line 4."})
    assert "Noted." in text_of(answer["view"])
    assert "“Is there a bus?”" in text_of(answer["view"])
    assert "Line 4." in said(replies(over_http, ask(over_http, "is there a bus"))[0])


def test_the_queue_is_seen_by_pages_and_emptied_from_there(over_http: Workspace) -> None:
    for number in range(12):
        handed_over(over_http, f"{STIPEND} {'again ' * number}")
    home = over_http.home(FAY)["view"]
    assert "Open questions: 12" in text_of(home)
    assert (
        len([one for one in home["blocks"] if one.get("accessory", {}).get("text", {}).get("text") == "Answer"]) == 10
    )
    over_http.press(FAY, ids.QUESTION_LIST, view_id=home["id"])
    page = over_http.view(FAY)
    assert "12 open questions" in text_of(page)
    over_http.press(FAY, ids.QUESTION_ANSWER, view_id=page["id"])
    over_http.submit(FAY, {"Your answer": "No."})
    assert "Open questions: 11" in text_of(over_http.home(FAY))


def test_an_answer_whose_time_is_up_is_found_right_again(over_http: Workspace) -> None:
    over_http.press(FAY, ids.MANAGE_OPEN, view_id=over_http.home(FAY)["view"]["id"])
    over_http.press(FAY, ids.ENTRY_PICK, view_id=over_http.view(FAY)["id"])
    (due,) = [one for one in options(over_http.view(FAY), "entry.entry") if "application due" in one]
    over_http.submit(FAY, {"Answer": due})
    over_http.submit(FAY, {"Right until": "2020-10-13", "Looked after by": "Fay"})
    over_http.clock(to="2020-10-14T09:30")
    (reminder,) = [one for one in over_http.told(FAY) if "Is this still right?" in said(one)]
    home = over_http.home(FAY)["view"]
    assert "right until Oct 13, 2020" in text_of(home)
    over_http.press(FAY, ids.ENTRY_STILL, channel=over_http.direct(FAY), message_ts=reminder["ts"])
    assert "this is still right, until Oct 15, 2020" in said(over_http.told(FAY)[-1])
    assert "right until Oct 13, 2020" not in text_of(over_http.home(FAY))
