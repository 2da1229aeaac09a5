"""Asking and being answered, from the question to the person who knows, as people do it in Slack."""

from __future__ import annotations

from typing import Any

import pytest

from bot.views import ids
from tests.journeys.workspace import (
    ADA,
    APPLICANTS,
    COHORT,
    FACILITATORS,
    FAY,
    GENERAL,
    KOFI,
    LENA,
    PRIYA,
    SAM,
    Message,
    RefusedError,
    Workspace,
    text_of,
)

ASKED = "When is the application due?"
STIPEND = "Is there a stipend?"
UNSURE = "what about the coach time thing"


def last(workspace: Workspace, user: str, channel: str = APPLICANTS) -> Message:
    return workspace.messages(channel, user)[-1]


def said(message: Message) -> str:
    return text_of(message["blocks"] or message["text"])


def offered(message: Message) -> list[str]:
    """The names of the buttons in a message."""
    rows: list[dict[str, Any]] = [block for block in message["blocks"] if block["type"] == "actions"]
    return [element["action_id"] for row in rows for element in row["elements"]]


def replies(workspace: Workspace, ts: str, channel: str = APPLICANTS, user: str = ADA) -> list[Message]:
    return [one for one in workspace.messages(channel, user, ts) if one.get("bot_id")]


def hand_over(workspace: Workspace) -> str:
    """Ada asks the bot what no text says, and passes it on; the question's ts."""
    ts = str(workspace.message(ADA, f"<@U0CONVENE> {STIPEND}")["ts"])
    (reply,) = replies(workspace, ts)
    workspace.press(ADA, ids.FAQ_HAND_OVER, channel=APPLICANTS, message_ts=reply["ts"])
    return ts


def test_a_command_is_answered_privately_and_shared_once(workspace: Workspace) -> None:
    workspace.command(ADA, f"/ask {ASKED}")
    answer = last(workspace, ADA)
    assert "Fri, Oct 16, 11:59 pm (St. Louis)" in said(answer)
    assert "Source:" in said(answer)
    assert workspace.messages(APPLICANTS, FAY) == []
    workspace.press(ADA, ids.FAQ_SHARE, channel=APPLICANTS, message_ts=answer["ts"])
    shared = last(workspace, FAY)
    assert f"<@{ADA}> asked" in said(shared)
    assert offered(shared) == []
    kept = next(one for one in workspace.messages(APPLICANTS, ADA) if one["ts"] == answer["ts"])
    assert ids.FAQ_SHARE not in offered(kept)
    assert "Shared in the channel." in said(kept)


def test_where_the_bot_is_not_sharing_says_so(over_http: Workspace) -> None:
    over_http.command(KOFI, f"/ask {ASKED}", channel=GENERAL)
    over_http.press(KOFI, ids.FAQ_SHARE, channel=GENERAL, message_ts=last(over_http, KOFI, GENERAL)["ts"])
    assert "/invite" in text_of(over_http.view(KOFI))
    assert not [one for one in over_http.messages(GENERAL, SAM) if one.get("bot_id")]


def test_a_question_in_the_channel_is_answered_in_its_thread(workspace: Workspace) -> None:
    ts = str(workspace.message(ADA, ASKED)["ts"])
    (reply,) = replies(workspace, ts)
    assert "Source:" in said(reply)
    assert {ids.FAQ_HELPFUL, ids.FAQ_NOT_HELPFUL} <= set(offered(reply))
    assert not [one for one in workspace.messages(APPLICANTS) if one.get("bot_id")]


def test_a_mention_where_messages_are_heard_as_well_is_answered_once(workspace: Workspace) -> None:
    ts = str(workspace.message(ADA, f"<@U0CONVENE> {ASKED}")["ts"])
    assert len(replies(workspace, ts)) == 1
    ts = str(workspace.message(PRIYA, f"<@U0CONVENE> {ASKED}", channel=COHORT)["ts"])
    assert len(replies(workspace, ts, COHORT, PRIYA)) == 1


@pytest.mark.parametrize("text", ["Thanks everybody!", "Reminder: office hours at three. Join us?", "🎉"])
def test_chatter_gets_silence(over_http: Workspace, text: str) -> None:
    ts = str(over_http.message(ADA, text)["ts"])
    assert replies(over_http, ts) == []


def test_markup_in_a_question_pings_nobody(over_http: Workspace) -> None:
    over_http.message(ADA, "<@U0CONVENE> <!channel> is there a stipend for *us* &amp; <b>?")
    over_http.message(ADA, "<@U0CONVENE> is there a stipend &lt;!channel&gt;?")
    hand_over(over_http)
    everything = text_of([over_http.messages(channel, FAY) for channel in (APPLICANTS, FACILITATORS)])
    mine = [one for one in over_http.messages(APPLICANTS) if one.get("bot_id")]
    assert "<!channel>" not in text_of(mine)
    assert "*A question for a person*" in everything


def test_a_pressed_suggestion_becomes_the_answer(workspace: Workspace) -> None:
    workspace.command(ADA, f"/ask {UNSURE}")
    unsure = last(workspace, ADA)
    assert "Did you mean" in said(unsure)
    assert offered(unsure)[-1] == ids.FAQ_NONE
    workspace.press(ADA, ids.FAQ_CHOOSE, channel=APPLICANTS, message_ts=unsure["ts"])
    assert "Source:" in said(last(workspace, ADA))
    assert last(workspace, ADA)["ts"] == unsure["ts"]


def test_in_a_thread_the_pressed_suggestion_takes_the_place_of_the_question_back(over_http: Workspace) -> None:
    ts = str(over_http.message(ADA, f"<@U0CONVENE> {UNSURE}")["ts"])
    (unsure,) = replies(over_http, ts)
    over_http.press(ADA, offered(unsure)[1], channel=APPLICANTS, message_ts=unsure["ts"])
    (answer,) = replies(over_http, ts)
    assert "Source:" in said(answer)


def test_none_of_these_leads_to_a_person(over_http: Workspace) -> None:
    over_http.command(ADA, f"/ask {UNSURE}")
    over_http.press(ADA, ids.FAQ_NONE, channel=APPLICANTS, message_ts=last(over_http, ADA)["ts"])
    declined = last(over_http, ADA)
    assert "I don't have that" in said(declined)
    over_http.press(ADA, ids.FAQ_HAND_OVER, channel=APPLICANTS, message_ts=declined["ts"])
    assert "Fay Whitaker answers by Tue, Oct 13, 12:00 pm (St. Louis)" in said(last(over_http, ADA))
    assert "privately" in said(last(over_http, FAY, FACILITATORS))


def test_a_question_handed_over_is_answered_in_its_thread(workspace: Workspace) -> None:
    ts = hand_over(workspace)
    (passed_on,) = replies(workspace, ts)
    assert "Passed on. Fay Whitaker answers by" in said(passed_on)
    card = last(workspace, FAY, FACILITATORS)
    assert STIPEND in said(card)
    workspace.press(FAY, ids.QUESTION_ANSWER, channel=FACILITATORS, message_ts=card["ts"])
    assert "Who reads this" in text_of(workspace.view(FAY)["blocks"][0])
    answer = workspace.submit(FAY, {"Your answer": "No stipend, <!channel>, but good company."})
    assert "Saved." in text_of(answer["view"])
    first, told = replies(workspace, ts)
    assert "Fay Whitaker has answered this" in said(first)
    assert f"<@{ADA}> Fay Whitaker answers" in said(told)
    assert "&lt;!channel&gt;" in said(told)
    card = last(workspace, FAY, FACILITATORS)
    assert "*Answered by Fay Whitaker*" in said(card)
    assert offered(card) == []


def test_who_asked_privately_hears_privately(workspace: Workspace) -> None:
    workspace.command(KOFI, f"/ask {STIPEND}", channel=COHORT)
    workspace.press(KOFI, ids.FAQ_HAND_OVER, channel=COHORT, message_ts=last(workspace, KOFI, COHORT)["ts"])
    card = last(workspace, FAY, FACILITATORS)
    assert "privately" in said(card)
    workspace.press(FAY, ids.QUESTION_ANSWER, channel=FACILITATORS, message_ts=card["ts"])
    workspace.submit(FAY, {"Your answer": "No."})
    assert "Fay Whitaker answers" in said(workspace.told(KOFI)[-1])
    assert not [one for one in workspace.messages(COHORT, PRIYA) if one.get("bot_id")]


def test_a_second_facilitator_is_told_and_loses_no_word(over_http: Workspace) -> None:
    hand_over(over_http)
    card = last(over_http, FAY, FACILITATORS)
    over_http.press(FAY, ids.QUESTION_ANSWER, channel=FACILITATORS, message_ts=card["ts"])
    over_http.press("U0ALEX001", ids.QUESTION_ANSWER, channel=FACILITATORS, message_ts=card["ts"])
    over_http.submit(FAY, {"Your answer": "No."})
    answer = over_http.submit("U0ALEX001", {"Your answer": "Not this year, I am afraid."})
    assert "Fay Whitaker has answered this already" in text_of(answer["view"])
    field = next(block for block in answer["view"]["blocks"] if block["type"] == "input")
    assert field["element"]["initial_value"] == "Not this year, I am afraid."
    over_http.submit("U0ALEX001", {"Your answer, to be sent as well": "Not this year, I am afraid."})
    thread = over_http.messages(APPLICANTS, ADA, str(over_http.messages(APPLICANTS, ADA)[-1]["ts"]))
    assert "adds" in said(thread[-1])


def test_pressing_twice_hands_over_once(over_http: Workspace) -> None:
    over_http.command(ADA, f"/ask {STIPEND}")
    ts = last(over_http, ADA)["ts"]
    over_http.press(ADA, ids.FAQ_HAND_OVER, channel=APPLICANTS, message_ts=ts)
    with pytest.raises(RefusedError):
        over_http.press(ADA, ids.FAQ_HAND_OVER, channel=APPLICANTS, message_ts=ts)
    assert len([one for one in over_http.messages(FACILITATORS, FAY) if STIPEND in said(one)]) == 1


def test_a_guest_without_commands_asks_directly_and_by_button(workspace: Workspace) -> None:
    direct = workspace.direct(LENA)
    workspace.message(LENA, "is it online?", channel=direct)
    # Whoever waits for an answer gets it first, and is welcomed then.
    answer = next(one for one in workspace.told(LENA) if "virtual" in said(one))
    workspace.press(LENA, ids.FAQ_HELPFUL, channel=direct, message_ts=answer["ts"])
    assert "You found this helpful" in "".join(map(said, workspace.told(LENA)))
    workspace.message(LENA, "help", channel=direct)
    menu = workspace.told(LENA)[-1]
    assert {ids.ASK_OPEN, ids.REFLECTION_OPEN, ids.CHECKIN_OPEN, ids.DATES_OPEN} <= set(offered(menu))
    workspace.press(LENA, ids.ASK_OPEN, channel=direct, message_ts=menu["ts"])
    told = workspace.submit(LENA, {"Your question": ASKED})
    assert "Fri, Oct 16" in text_of(told["view"])
    workspace.press(LENA, ids.FAQ_NOT_HELPFUL, view_id=told["view"]["id"])
    workspace.press(LENA, ids.FAQ_HAND_OVER, view_id=told["view"]["id"])
    assert "Passed on." in text_of(workspace.view(LENA))


def test_the_form_wants_a_question(over_http: Workspace) -> None:
    over_http.message(LENA, "help", channel=over_http.direct(LENA))
    menu = over_http.told(LENA)[-1]
    over_http.press(LENA, ids.ASK_OPEN, channel=over_http.direct(LENA), message_ts=menu["ts"])
    answer = over_http.submit(LENA, {"Your question": "🙂"})
    assert "faq.question" in answer["errors"]
    answer = over_http.submit(LENA, {"Your question": STIPEND})
    assert "I don't have that" in text_of(answer["view"])


def test_not_helpful_in_a_thread_offers_a_person_to_the_voter_alone(over_http: Workspace) -> None:
    ts = str(over_http.message(ADA, ASKED)["ts"])
    (reply,) = replies(over_http, ts)
    over_http.press(FAY, ids.FAQ_NOT_HELPFUL, channel=APPLICANTS, message_ts=reply["ts"])
    seen = over_http.messages(APPLICANTS, FAY, ts) + over_http.messages(APPLICANTS, FAY)
    (whisper,) = [one for one in seen if "A person can answer it instead" in said(one)]
    assert "A person can answer it instead" not in text_of(over_http.messages(APPLICANTS, ADA, ts))
    over_http.press(FAY, ids.FAQ_HAND_OVER, channel=APPLICANTS, message_ts=whisper["ts"])
    assert "Passed on." in said(replies(over_http, ts)[0])


@pytest.mark.parametrize("text", ["", "🙂🙂", ":tada:"])
def test_nothing_asked_shows_how_to_ask(over_http: Workspace, text: str) -> None:
    over_http.command(ADA, f"/ask {text}")
    assert "For example:" in last(over_http, ADA)["text"]


def test_ten_thousand_characters_get_a_clear_sentence(over_http: Workspace) -> None:
    over_http.command(ADA, "/ask " + "when is it due " * 667)
    assert "up to 1,000 characters" in last(over_http, ADA)["text"]
    over_http.message(LENA, "when is it due " * 667, channel=over_http.direct(LENA))
    assert "up to 1,000 characters" in over_http.told(LENA)[-1]["text"]


def test_a_word_opens_a_flow_by_its_button(workspace: Workspace) -> None:
    direct = workspace.direct(LENA)
    for word, action in (("reflect", ids.REFLECTION_OPEN), ("check-in", ids.CHECKIN_OPEN), ("dates", ids.DATES_OPEN)):
        workspace.message(LENA, word, channel=direct)
        button = workspace.told(LENA)[-1]
        assert offered(button) == [action, *([] if word == "dates" else [ids.DIALOGUE_BEGIN])]
        workspace.press(LENA, action, channel=direct, message_ts=button["ts"])
        assert workspace.view(LENA)["type"] == "modal"
        workspace.post("close", user=LENA)
