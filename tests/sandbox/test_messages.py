"""People write, edit, delete, join and leave; the bot hears what it subscribed to."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.conftest import ADA, AWAY, BOT, CLOSED, DM, FAY, LENA, PAT, QUESTIONS, STAFF, Stage, StageMaker


def listening(stage: Stage) -> list[dict[str, Any]]:
    """Every event that reaches the bot, envelopes included."""
    heard: list[dict[str, Any]] = []

    def keep(body: dict[str, Any]) -> None:
        heard.append(body)

    for kind in ("message", "app_mention", "member_joined_channel", "app_home_opened"):
        stage.app.event(kind)(keep)
    return heard


def test_a_message_is_delivered_with_slacks_fields(stage: Stage) -> None:
    heard = listening(stage)

    result = stage.post("message", user=ADA, channel=QUESTIONS, text="When is it due?")

    [envelope] = heard
    event = envelope["event"]
    assert result["ok"]
    assert event["ts"] == event["event_ts"] == result["ts"]
    assert (event["type"], event["channel"], event["channel_type"]) == ("message", QUESTIONS, "channel")
    assert (event["user"], event["text"], event["team"]) == (ADA, "When is it due?", "T0CONVENE")
    assert event["blocks"][0]["type"] == "rich_text"
    assert event["client_msg_id"]
    assert envelope["type"] == "event_callback"
    assert envelope["event_id"].startswith("Ev")
    assert envelope["authorizations"][0]["user_id"] == BOT
    assert str(envelope["event_time"]) == result["ts"].partition(".")[0]


@pytest.mark.parametrize(
    ("channel", "user", "kind"), [(QUESTIONS, ADA, "channel"), (STAFF, FAY, "group"), (DM, ADA, "im")]
)
def test_the_kind_of_channel_is_told(stage: Stage, channel: str, user: str, kind: str) -> None:
    heard = listening(stage)

    stage.post("message", user=user, channel=channel, text="hello")

    assert [one["event"]["channel_type"] for one in heard] == [kind]


def test_a_mention_comes_twice_with_one_ts_and_two_event_ids(stage: Stage) -> None:
    heard = listening(stage)

    stage.post("message", user=ADA, channel=QUESTIONS, text="@convene when is it due?")

    first, second = heard
    assert [first["event"]["type"], second["event"]["type"]] == ["message", "app_mention"]
    assert first["event"]["text"] == second["event"]["text"] == f"<@{BOT}> when is it due?"
    assert first["event"]["ts"] == second["event"]["ts"]
    assert first["event_id"] != second["event_id"]
    assert "channel_type" not in second["event"]


def test_a_mention_in_a_direct_message_is_a_message_only(stage: Stage) -> None:
    heard = listening(stage)

    stage.post("message", user=ADA, channel=DM, text=f"<@{BOT}> hello")

    assert [one["event"]["type"] for one in heard] == ["message"]


def test_what_is_not_subscribed_is_not_delivered(make_stage: StageMaker) -> None:
    stage = make_stage(changes=lambda manifest: manifest["settings"]["event_subscriptions"]["bot_events"].clear())
    heard = listening(stage)

    result = stage.post("message", user=ADA, channel=QUESTIONS, text="@convene hello")

    assert result["ok"]
    assert heard == []


@pytest.mark.parametrize(
    ("scope", "channel", "user", "left"),
    [
        ("app_mentions:read", QUESTIONS, ADA, ["message"]),
        ("channels:history", QUESTIONS, ADA, ["app_mention"]),
        ("groups:history", STAFF, FAY, ["app_mention"]),
        ("im:history", DM, ADA, []),
    ],
)
def test_an_event_needs_its_scope_as_well(
    make_stage: StageMaker, scope: str, channel: str, user: str, left: list[str]
) -> None:
    stage = make_stage(changes=lambda manifest: manifest["oauth_config"]["scopes"]["bot"].remove(scope))
    heard = listening(stage)

    stage.post("message", user=user, channel=channel, text="@convene hello")

    assert [one["event"]["type"] for one in heard] == left


def test_a_join_is_told_to_those_who_may_read_the_channel(make_stage: StageMaker) -> None:
    stage = make_stage(changes=lambda manifest: manifest["oauth_config"]["scopes"]["bot"].remove("channels:read"))
    heard = listening(stage)

    stage.post("join", user=PAT, channel=QUESTIONS)
    stage.post("join", user=ADA, channel=STAFF)

    joined = [one["event"]["channel"] for one in heard if one["event"]["type"] == "member_joined_channel"]
    assert joined == [STAFF]


def test_the_bot_hears_nothing_of_a_channel_without_it(stage: Stage) -> None:
    heard = listening(stage)

    assert stage.post("message", user=ADA, channel=AWAY, text="@convene hello")["ok"]
    assert heard == []


def test_a_reply_carries_its_thread_and_the_parent_counts_it(stage: Stage) -> None:
    heard = listening(stage)
    parent = stage.post("message", user=ADA, channel=QUESTIONS, text="question")["ts"]

    reply = stage.post("message", user=FAY, channel=QUESTIONS, text="answer", thread_ts=parent)["ts"]

    assert heard[-1]["event"]["thread_ts"] == parent
    assert heard[-1]["event"]["parent_user_id"] == ADA
    [top] = stage.get("messages", channel=QUESTIONS)["messages"]
    assert (top["thread_ts"], top["reply_count"], top["latest_reply"], top["reply_users"]) == (parent, 1, reply, [FAY])
    assert stage.texts(QUESTIONS, thread_ts=parent) == ["question", "answer"]


def test_an_answer_to_a_reply_lands_in_the_same_thread(stage: Stage) -> None:
    parent = stage.post("message", user=ADA, channel=QUESTIONS, text="question")["ts"]
    reply = stage.post("message", user=FAY, channel=QUESTIONS, text="answer", thread_ts=parent)["ts"]

    stage.post("message", user=ADA, channel=QUESTIONS, text="thanks", thread_ts=reply)

    assert stage.texts(QUESTIONS, thread_ts=parent) == ["question", "answer", "thanks"]


def test_message_times_increase_and_are_story_time(stage: Stage) -> None:
    stamps = [stage.post("message", user=ADA, channel=AWAY, text=str(number))["ts"] for number in range(20)]

    assert stamps == sorted(set(stamps))
    assert abs(float(stamps[0]) - stage.clock().timestamp()) < 5


def test_a_pinging_markup_is_escaped_on_its_way(stage: Stage) -> None:
    stage.post("message", user=ADA, channel=AWAY, text="<!channel> & <b>")

    assert stage.texts(AWAY) == ["&lt;!channel&gt; &amp; &lt;b&gt;"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"user": "U0NOBODY", "channel": QUESTIONS, "text": "x"}, "nobody called"),
        ({"user": ADA, "channel": "C0NONE", "text": "x"}, "channel_not_found"),
        ({"user": ADA, "channel": STAFF, "text": "x"}, "channel_not_found"),
        ({"user": PAT, "channel": QUESTIONS, "text": "x"}, "not_in_channel"),
        ({"user": LENA, "channel": AWAY, "text": "x"}, "channel_not_found"),
        ({"user": FAY, "channel": DM, "text": "x"}, "channel_not_found"),
        ({"user": ADA, "channel": QUESTIONS, "text": " "}, "empty"),
        ({"user": ADA, "channel": QUESTIONS}, "text is missing"),
        ({"user": ADA, "channel": QUESTIONS, "text": "x" * 40_001}, "msg_too_long"),
        ({"user": ADA, "channel": QUESTIONS, "text": "x", "thread_ts": "1.000000"}, "thread_not_found"),
    ],
)
def test_what_a_person_cannot_write_is_refused(stage: Stage, body: dict[str, str], says: str) -> None:
    result = stage.post("message", **body)

    assert (result["status"], result["ok"]) == (400, False)
    assert says in result["error"]


def test_people_and_channels_go_by_name_too(stage: Stage) -> None:
    assert stage.post("message", user="ada", channel="#away", text="x")["ok"]
    assert stage.texts("away", "Ada Okafor") == ["x"]


def test_an_edit_is_delivered_with_what_was_there_before(stage: Stage) -> None:
    heard = listening(stage)
    ts = stage.post("message", user=ADA, channel=QUESTIONS, text="one")["ts"]

    assert stage.post("edit", user=ADA, channel=QUESTIONS, ts=ts, text="two")["ok"]

    event = heard[-1]["event"]
    assert (event["subtype"], event["hidden"]) == ("message_changed", True)
    assert (event["message"]["text"], event["previous_message"]["text"]) == ("two", "one")
    assert event["message"]["edited"]["user"] == ADA
    assert stage.texts(QUESTIONS) == ["two"]


def test_a_deletion_is_delivered(stage: Stage) -> None:
    heard = listening(stage)
    ts = stage.post("message", user=ADA, channel=QUESTIONS, text="one")["ts"]

    assert stage.post("delete", user=ADA, channel=QUESTIONS, ts=ts)["ok"]

    assert heard[-1]["event"]["subtype"] == "message_deleted"
    assert heard[-1]["event"]["deleted_ts"] == ts
    assert stage.texts(QUESTIONS) == []


def test_a_deleted_message_with_replies_leaves_a_stone(stage: Stage) -> None:
    ts = stage.post("message", user=ADA, channel=QUESTIONS, text="one")["ts"]
    stage.post("message", user=FAY, channel=QUESTIONS, text="two", thread_ts=ts)

    stage.post("delete", user=ADA, channel=QUESTIONS, ts=ts)

    [stone] = stage.get("messages", channel=QUESTIONS)["messages"]
    assert (stone["subtype"], stone["reply_count"]) == ("tombstone", 1)


def test_only_ones_own_message_can_be_changed(stage: Stage) -> None:
    ts = stage.post("message", user=ADA, channel=QUESTIONS, text="one")["ts"]

    assert stage.post("edit", user=FAY, channel=QUESTIONS, ts=ts, text="x")["status"] == 400
    assert stage.post("delete", user=FAY, channel=QUESTIONS, ts=ts)["status"] == 400


def test_joining_is_delivered_and_seen(stage: Stage) -> None:
    heard = listening(stage)

    assert stage.post("join", user=PAT, channel=QUESTIONS)["ok"]

    joined = [one["event"] for one in heard if one["event"]["type"] == "member_joined_channel"]
    assert [(one["user"], one["channel"], one["channel_type"]) for one in joined] == [(PAT, QUESTIONS, "C")]
    assert stage.texts(QUESTIONS) == [f"<@{PAT}> has joined the channel"]
    assert stage.post("join", user=PAT, channel=QUESTIONS)["error"].startswith("already_in_channel")


def test_somebody_in_a_channel_invites_the_bot_by_command(stage: Stage) -> None:
    heard = listening(stage)

    assert stage.post("command", user=FAY, channel=CLOSED, command="/invite", text="@convene")["ok"]

    [joined] = [one["event"] for one in heard if one["event"]["type"] == "member_joined_channel"]
    assert (joined["user"], joined["inviter"]) == (BOT, FAY)
    again = stage.post("command", user=FAY, channel=CLOSED, command="/invite", text=f"<@{BOT}>")
    assert again["error"].startswith("already_in_channel")


@pytest.mark.parametrize(
    ("user", "channel", "text", "says"),
    [
        (FAY, CLOSED, "", "Say whom to invite"),
        (FAY, CLOSED, "the bot", "Say whom to invite"),
        (LENA, QUESTIONS, "@convene", "guests cannot use slash commands"),
        (ADA, CLOSED, "@convene", "channel_not_found"),
        (ADA, DM, "@fay", "direct message"),
    ],
)
def test_an_invitation_needs_somebody_to_invite_and_a_channel_one_is_in(
    stage: Stage, user: str, channel: str, text: str, says: str
) -> None:
    heard = listening(stage)
    answer = stage.post("command", user=user, channel=channel, command="/invite", text=text)
    assert answer["status"] == 400
    assert says in answer["error"]
    assert heard == []


def test_the_invited_bot_hears_who_invited_it(stage: Stage) -> None:
    heard = listening(stage)

    assert stage.post("join", user=BOT, channel=CLOSED, inviter=FAY)["ok"]

    [joined] = [one["event"] for one in heard if one["event"]["type"] == "member_joined_channel"]
    assert (joined["user"], joined["inviter"], joined["channel_type"]) == (BOT, FAY, "G")
    assert stage.client.conversations_info(channel=CLOSED)["channel"]["is_member"]


def test_only_a_member_invites(stage: Stage) -> None:
    assert stage.post("join", user=BOT, channel=CLOSED, inviter=ADA)["error"].startswith("not_in_channel")


def test_leaving_takes_the_channel_away(stage: Stage) -> None:
    listening(stage)
    assert stage.post("leave", user=ADA, channel=QUESTIONS)["ok"]
    assert stage.post("message", user=ADA, channel=QUESTIONS, text="x")["error"].startswith("not_in_channel")


def test_somebody_deactivated_can_do_nothing_and_stays_in_history(stage: Stage) -> None:
    stage.post("message", user=ADA, channel=AWAY, text="bye")

    assert stage.post("deactivate", user=ADA)["ok"]

    assert "deactivated" in stage.post("message", user=ADA, channel=AWAY, text="x")["error"]
    assert stage.client.users_info(user=ADA)["user"]["deleted"]
    assert stage.texts(AWAY) == ["bye"]


def test_an_archived_channel_takes_nothing(stage: Stage) -> None:
    assert stage.post("archive", user=FAY, channel=QUESTIONS)["ok"]
    assert stage.post("message", user=ADA, channel=QUESTIONS, text="x")["error"].startswith("is_archived")


def test_a_renamed_channel_goes_by_its_new_name(stage: Stage) -> None:
    assert stage.post("rename", channel=QUESTIONS, name="asking")["ok"]
    assert stage.client.conversations_info(channel=QUESTIONS)["channel"]["name"] == "asking"


def test_opening_the_home_publishes_it(stage: Stage) -> None:
    @stage.app.event("app_home_opened")
    def opened(event: dict[str, Any], client: Any) -> None:
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [{"type": "divider"}]})

    first = stage.post("home", user=ADA)
    assert first["view"]["type"] == "home"
    assert stage.get("home", user=ADA)["view"]["id"] == first["view"]["id"]
    assert stage.get("home", user=FAY)["view"] is None


def test_the_home_is_told_what_it_showed_before(stage: Stage) -> None:
    heard = listening(stage)
    stage.client.views_publish(user_id=ADA, view={"type": "home", "blocks": []})

    stage.post("home", user=ADA)
    stage.post("home", user=FAY)
    stage.post("home", user=ADA, tab="messages")

    known, unknown, messages = (one["event"] for one in heard)
    assert (known["tab"], known["channel"], known["view"]["type"]) == ("home", DM, "home")
    assert "view" not in unknown
    assert messages["tab"] == "messages"


def test_an_ephemeral_is_seen_by_its_reader_only(stage: Stage) -> None:
    stage.client.chat_postEphemeral(channel=QUESTIONS, user=ADA, text="for you")

    assert stage.texts(QUESTIONS, ADA) == ["for you"]
    assert stage.texts(QUESTIONS, FAY) == []
    assert stage.texts(QUESTIONS) == ["for you"]


def test_a_private_channel_is_read_by_its_members_only(stage: Stage) -> None:
    assert stage.get("messages", channel=STAFF, user=FAY)["ok"]
    assert stage.get("messages", channel=STAFF, user=ADA)["status"] == 400
    assert stage.get("messages", channel=AWAY, user=LENA)["status"] == 400
    assert stage.get("messages", channel=AWAY, user=PAT)["ok"]


def test_the_workspace_lists_people_rooms_and_what_they_can_do(stage: Stage) -> None:
    about = stage.get("workspace")

    assert {one["id"]: one["guest"] for one in about["users"] if not one["bot"]} == {
        ADA: False,
        LENA: True,
        FAY: False,
        PAT: False,
    }
    assert about["users"][-1]["id"] == BOT
    assert {one["id"]: one["user"] for one in about["channels"] if one.get("user")}[DM] == ADA
    assert [one["command"] for one in about["commands"]] == ["/ask", "/raw"]
    assert about["now"].startswith("2020-10-12T09:00")
    assert about["now"].endswith("-05:00")
    assert about["zone"]["tz"] == "America/Chicago"
