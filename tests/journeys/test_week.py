"""Friday's word: facilitators read what will be said next week, and change, skip and hold it before it is said."""

from __future__ import annotations

from typing import Any

from tests.journeys.workspace import ALEX, APPLICANTS, COHORT, FACILITATORS, FAY, PRIYA, Workspace, text_of

FRIDAY = "2020-10-23T14:00"


def words(workspace: Workspace) -> list[dict[str, Any]]:
    """The words about a week in the facilitators' channel, oldest first."""
    return [one for one in workspace.messages(FACILITATORS, FAY) if "what I will say" in str(one["text"])]


def buttons(thing: Any, action: str, about: str = "") -> list[dict[str, Any]]:
    """The buttons of one kind in a message or a view, if they are about something."""
    if isinstance(thing, list):
        return [found for one in thing for found in buttons(one, action, about)]
    if not isinstance(thing, dict):
        return []
    mine = thing.get("type") == "button" and str(thing.get("action_id")).partition("#")[0] == action
    here = [thing] if mine and about in str(thing.get("accessibility_label")) else []
    return here + [found for value in thing.values() for found in buttons(value, action, about)]


def press(workspace: Workspace, user: str, action: str, about: str) -> None:
    """Press a button under the latest word."""
    message = words(workspace)[-1]
    name = buttons(message["blocks"], action, about)[0]["action_id"]
    workspace.press(user, name, channel=FACILITATORS, message_ts=message["ts"])


def latest(workspace: Workspace) -> str:
    """What the latest word says now."""
    return text_of(words(workspace)[-1]["blocks"])


def told(workspace: Workspace, channel: str, about: str) -> list[str]:
    """What a channel was told about something."""
    return [one for one in map(text_of, workspace.messages(channel)) if about in one]


def test_on_friday_at_two_facilitators_read_what_next_week_holds(workspace: Workspace) -> None:
    workspace.clock(to="2020-10-16T14:00")
    (nothing,) = words(workspace)
    assert "nothing to say in the channels, but up to 8 personal reminders" in nothing["text"]
    workspace.clock(to="2020-10-23T13:59")
    assert len(words(workspace)) == 1
    workspace.clock(to=FRIDAY)
    assert "Next week, Oct 26 – Nov 1" in latest(workspace)
    assert "Applicants hear about" in latest(workspace)
    assert len(buttons(words(workspace)[-1]["blocks"], "week.hold")) == 2


def test_what_is_skipped_is_not_said_and_can_be_said_after_all(over_http: Workspace) -> None:
    over_http.clock(to=FRIDAY)
    press(over_http, FAY, "week.skip", "Skip: Where we")
    press(over_http, FAY, "week.skip", "Skip: Applicants")
    assert latest(over_http).count("Will not be said: ") == 2
    press(over_http, ALEX, "week.say", "Say it after all: Applicants")
    over_http.clock(to="2020-10-30T12:00")
    assert told(over_http, COHORT, "Homework: Where we") == []
    assert len(told(over_http, APPLICANTS, "Applicants hear")) == 1


def test_what_is_held_waits_is_named_in_the_digest_and_is_said_when_somebody_says_so(over_http: Workspace) -> None:
    over_http.clock(to=FRIDAY)
    press(over_http, FAY, "week.hold", "Hold: Where we")
    assert "Held by Fay" in latest(over_http)
    over_http.clock(to="2020-10-29T08:30")
    assert told(over_http, COHORT, "Homework: Where we") == []
    digest = [one for one in over_http.messages(FACILITATORS, FAY) if "1 post held" in one["text"]][-1]
    assert "held by Fay" in text_of(digest["blocks"])
    press(over_http, ALEX, "week.say", "Say it: Where")
    assert len(told(over_http, COHORT, "Homework: Where we")) == 1


def test_of_two_who_press_the_second_is_told_who_was_faster(over_http: Workspace) -> None:
    over_http.clock(to=FRIDAY)
    before = words(over_http)[-1]
    press(over_http, FAY, "week.skip", "Skip: Where we")
    name = buttons(before["blocks"], "week.hold", "Hold: Where we")[0]
    over_http.command(ALEX, "/convene week", channel=FACILITATORS)
    assert name["action_id"]
    mine = over_http.messages(FACILITATORS, ALEX)[-1]
    over_http.press(FAY, "week.say", channel=FACILITATORS, message_ts=words(over_http)[-1]["ts"])
    over_http.press(ALEX, "week.say", channel=FACILITATORS, message_ts=mine["ts"])
    assert "It is planned as before" in text_of(over_http.view(ALEX))


def test_a_changed_word_is_said_as_changed_with_whose_words_stand_above(over_http: Workspace) -> None:
    over_http.clock(to=FRIDAY)
    press(over_http, FAY, "week.change", "Change: Where we")
    assert "Everybody in <#C0COHORT1> reads this" in text_of(over_http.view(FAY))
    over_http.submit(FAY, {"week.text": "Look at <one> room & write.", "week.words": "Short is fine!"})
    assert "I say it in <#C0COHORT1>" in text_of(over_http.view(FAY))
    assert "Look at &lt;one&gt; room &amp; write." in latest(over_http)
    assert "*Fay Whitaker:* Short is fine!" in latest(over_http)
    over_http.clock(to="2020-10-28T09:00")
    (said,) = told(over_http, COHORT, "Homework: Where we")
    assert said.index("Short is fine!") < said.index("Look at &lt;one&gt; room &amp; write.")


def test_a_press_after_it_was_said_says_so(over_http: Workspace) -> None:
    over_http.clock(to=FRIDAY)
    over_http.clock(to="2020-10-28T09:30")
    press(over_http, FAY, "week.skip", "Skip: Where we")
    assert "I have said it already" in text_of(over_http.view(FAY))
    assert len(told(over_http, COHORT, "Homework: Where we")) == 1


def test_the_command_shows_this_week_and_turns_to_others(over_http: Workspace) -> None:
    over_http.clock(advance="1m")
    over_http.command(FAY, "/convene week", channel=FACILITATORS)
    shown = over_http.messages(FACILITATORS, FAY)[-1]
    assert "This week, Oct 12–18" in text_of(shown["blocks"])
    over_http.press(FAY, "week.skip", channel=FACILITATORS, message_ts=shown["ts"])
    assert "Will not be said" in text_of(over_http.messages(FACILITATORS, FAY)[-1]["blocks"])


def test_the_home_lists_it_and_opens_it_in_a_window(over_http: Workspace) -> None:
    over_http.clock(advance="1m")
    home = over_http.home(FAY)
    assert "This week, Oct 12–18: what I will say" in text_of(home)
    over_http.press(FAY, "week.open", view_id=home["view"]["id"])
    assert "Hold" in text_of(over_http.view(FAY))
    over_http.press(FAY, "week.hold", view_id=over_http.view(FAY)["id"])
    assert "Held by Fay Whitaker" in text_of(over_http.view(FAY))
    over_http.press(FAY, "week.change", view_id=over_http.view(FAY)["id"])
    over_http.submit(FAY, {"week.words": "Do come."})
    assert "still held" in text_of(over_http.view(FAY))


def test_whoever_takes_part_is_told_who_decides(over_http: Workspace) -> None:
    over_http.command(PRIYA, "/convene week", channel=COHORT)
    assert "Only the facilitators" in over_http.messages(COHORT, PRIYA)[-1]["text"]


def test_a_form_about_a_post_leads_to_another_date_for_what_it_is_about(over_http: Workspace) -> None:
    over_http.clock(advance="1m")
    over_http.home(FAY)
    over_http.press(FAY, "week.open", view_id=over_http.get("home", user=FAY)["view"]["id"])
    over_http.press(FAY, "week.change", view_id=over_http.view(FAY)["id"])
    over_http.press(FAY, "move.change", view_id=over_http.view(FAY)["id"])
    assert over_http.view(FAY)["callback_id"] == "move.form"
