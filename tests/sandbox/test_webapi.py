"""The web API's answers and refusals, asked with the real client."""

from __future__ import annotations

import base64
import json
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.domain.notices import opaque
from bot.slack import EVENT_TYPE
from tests.sandbox.blocks import actions, button, section
from tests.sandbox.conftest import (
    ADA,
    APP_TOKEN,
    AWAY,
    BOT,
    BOT_TOKEN,
    CLOSED,
    DM,
    FAY,
    LENA,
    PAT,
    QUESTIONS,
    STAFF,
    Stage,
    StageMaker,
)


def refused(stage: Stage, method: str, **arguments: Any) -> dict[str, Any]:
    """The answer of a call that has to fail."""
    with pytest.raises(SlackApiError) as error:
        stage.client.api_call(method, params=arguments)
    return dict(error.value.response.data)


def code(stage: Stage, method: str, **arguments: Any) -> str:
    return str(refused(stage, method, **arguments)["error"])


def without(scope: str) -> Any:
    return lambda manifest: manifest["oauth_config"]["scopes"]["bot"].remove(scope)


# Tokens, scopes, methods


def test_the_bot_learns_who_it_is_and_what_it_may_do(stage: Stage) -> None:
    answer = stage.client.auth_test()

    assert (answer["user_id"], answer["bot_id"], answer["team_id"]) == (BOT, "B0CONVENE", "T0CONVENE")
    assert "chat:write" in str(answer.headers["X-OAuth-Scopes"]).split(",")


@pytest.mark.parametrize(
    ("token", "error"), [("xoxb-other", "invalid_auth"), (APP_TOKEN, "not_allowed_token_type"), (None, "not_authed")]
)
def test_a_wrong_token_is_refused(stage: Stage, token: str | None, error: str) -> None:
    client = WebClient(token, base_url=stage.sandbox.api_url, retry_handlers=[])

    with pytest.raises(SlackApiError) as raised:
        client.auth_test()
    assert raised.value.response["error"] == error


def test_an_unknown_method_is_never_ok(stage: Stage) -> None:
    assert refused(stage, "chat.sing") == {"ok": False, "error": "unknown_method", "req_method": "chat.sing"}


@pytest.mark.parametrize(
    ("scope", "method", "arguments"),
    [
        ("chat:write", "chat.postMessage", {"channel": QUESTIONS, "text": "x"}),
        ("chat:write", "chat.postEphemeral", {"channel": QUESTIONS, "user": ADA, "text": "x"}),
        ("im:write", "conversations.open", {"users": ADA}),
        ("users:read", "users.info", {"user": ADA}),
        ("users:read", "users.list", {}),
        ("channels:read", "conversations.info", {"channel": QUESTIONS}),
        ("groups:read", "conversations.info", {"channel": STAFF}),
        ("groups:read", "conversations.list", {"types": "public_channel,private_channel"}),
        ("im:read", "conversations.members", {"channel": DM}),
        ("channels:history", "conversations.history", {"channel": QUESTIONS}),
        ("groups:history", "conversations.history", {"channel": STAFF}),
        ("im:history", "conversations.history", {"channel": DM}),
        ("channels:join", "conversations.join", {"channel": AWAY}),
        ("files:write", "files.getUploadURLExternal", {"filename": "a", "length": 1}),
        ("files:read", "files.info", {"file": "F0NONE"}),
        ("reactions:write", "reactions.add", {"channel": QUESTIONS, "timestamp": "1.0", "name": "eyes"}),
    ],
)
def test_a_scope_that_the_manifest_does_not_have_is_missing(
    make_stage: StageMaker, scope: str, method: str, arguments: dict[str, Any]
) -> None:
    stage = make_stage(changes=without(scope))

    answer = refused(stage, method, **arguments)

    assert (answer["error"], answer["needed"]) == ("missing_scope", scope)
    assert scope not in answer["provided"].split(",")


def test_addresses_are_for_those_who_may_read_them(make_stage: StageMaker) -> None:
    stage = make_stage(changes=lambda manifest: manifest["oauth_config"]["scopes"]["bot"].append("users:read.email"))

    assert stage.client.users_info(user=ADA)["user"]["profile"]["email"] == "ada@example.org"
    assert stage.client.users_lookupByEmail(email="ADA@example.org")["user"]["id"] == ADA
    assert code(stage, "users.lookupByEmail", email="x@example.org") == "users_not_found"
    plain = make_stage()
    assert "email" not in plain.client.users_info(user=ADA)["user"]["profile"]
    assert refused(plain, "users.lookupByEmail", email="a@b.c")["needed"] == "users:read.email"


def test_arguments_come_as_form_json_or_query(stage: Stage) -> None:
    assert stage.client.api_call("users.info", params={"user": ADA})["ok"]
    assert stage.client.api_call("users.info", json={"user": ADA})["ok"]
    assert stage.client.api_call("users.info", http_verb="GET", params={"user": ADA})["ok"]


def test_broken_json_is_refused(stage: Stage) -> None:
    headers = {"Authorization": f"Bearer {BOT_TOKEN}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{stage.sandbox.api_url}auth.test", b"{", headers)
    with urllib.request.urlopen(request) as response:
        assert json.load(response) == {"ok": False, "error": "invalid_json"}


def test_a_missing_argument_is_named(stage: Stage) -> None:
    answer = refused(stage, "chat.postMessage", text="x")

    assert answer["error"] == "invalid_arguments"
    assert "missing required field: channel" in answer["response_metadata"]["messages"][0]


# People and channels


def test_a_person_has_slacks_fields(stage: Stage) -> None:
    ada = stage.client.users_info(user=ADA, include_locale=True)["user"]
    lena = stage.client.users_info(user=LENA)["user"]
    pat = stage.client.users_info(user=PAT)["user"]

    assert (ada["name"], ada["real_name"], ada["locale"]) == ("ada", "Ada Okafor", "en-US")
    assert (ada["tz"], ada["tz_offset"], ada["is_restricted"], ada["is_bot"]) == (
        "America/Chicago",
        -18000,
        False,
        False,
    )
    assert lena["is_restricted"]
    assert pat["tz_offset"] == -14400
    assert stage.client.users_info(user=FAY)["user"]["is_admin"]
    assert stage.client.users_info(user=BOT)["user"]["is_bot"]
    assert code(stage, "users.info", user="U0NOBODY") == "user_not_found"


def test_the_offset_follows_the_storys_daylight_saving(stage: Stage) -> None:
    stage.post("clock", to="2020-11-02T09:00")

    assert stage.client.users_info(user=ADA)["user"]["tz_offset"] == -21600


def test_everybody_is_listed_page_by_page(stage: Stage) -> None:
    pages = [[one["id"] for one in page["members"]] for page in stage.client.users_list(limit=2)]

    assert pages == [[ADA, LENA], [FAY, PAT], [BOT]]


@pytest.mark.parametrize("cursor", ["nonsense", "bmV4dDp4", "b3RoZXI6MQ=="])
def test_an_invented_cursor_is_refused(stage: Stage, cursor: str) -> None:
    assert code(stage, "users.list", limit=2, cursor=cursor) == "invalid_cursor"


@pytest.mark.parametrize("limit", ["0", "-1", "x", "1001"])
def test_an_impossible_limit_is_refused(stage: Stage, limit: str) -> None:
    assert code(stage, "users.list", limit=limit) == "invalid_limit"


def test_a_channel_has_slacks_fields(stage: Stage) -> None:
    public = stage.client.conversations_info(channel=QUESTIONS, include_num_members=True)["channel"]
    private = stage.client.conversations_info(channel=STAFF)["channel"]
    direct = stage.client.conversations_info(channel=DM)["channel"]

    assert (public["name"], public["purpose"]["value"], public["num_members"]) == ("questions", "Ask here", 4)
    assert (public["is_private"], public["is_member"], public["is_ext_shared"]) == (False, True, False)
    assert (private["is_group"], private["is_private"]) == (True, True)
    assert (direct["is_im"], direct["user"]) == (True, ADA)
    assert not stage.client.conversations_info(channel=AWAY)["channel"]["is_member"]


@pytest.mark.parametrize("method", ["conversations.info", "conversations.members", "conversations.history"])
def test_a_private_channel_without_the_bot_does_not_exist_for_it(stage: Stage, method: str) -> None:
    assert code(stage, method, channel=CLOSED) == "channel_not_found"
    assert code(stage, method, channel="C0NONE") == "channel_not_found"


def test_members_are_ids_with_the_bots_own(stage: Stage) -> None:
    assert set(stage.client.conversations_members(channel=STAFF)["members"]) == {FAY, BOT}
    pages = [len(page["members"]) for page in stage.client.conversations_members(channel=QUESTIONS, limit=3)]
    assert pages == [3, 1]


def test_lists_leave_out_what_the_bot_cannot_know(stage: Stage) -> None:
    listed = stage.client.conversations_list(types="public_channel,private_channel")["channels"]
    own = stage.client.users_conversations(types="public_channel,private_channel,im")["channels"]

    assert {one["id"] for one in listed} == {QUESTIONS, STAFF, AWAY}
    assert {one["id"] for one in own} == {QUESTIONS, STAFF, DM, "D0LENA", "D0FAY", "D0PAT"}
    assert code(stage, "conversations.list", types="secret") == "invalid_types"


def test_an_archived_channel_can_be_left_out(stage: Stage) -> None:
    stage.post("archive", user=FAY, channel=QUESTIONS)

    kept = stage.client.conversations_list(exclude_archived=True)["channels"]
    assert {one["id"] for one in kept} == {AWAY}
    assert code(stage, "chat.postMessage", channel=QUESTIONS, text="x") == "is_archived"


def test_a_direct_message_opens_and_is_always_the_same(stage: Stage) -> None:
    first = stage.client.conversations_open(users=ADA)["channel"]["id"]

    assert first == stage.client.conversations_open(users=[ADA])["channel"]["id"] == DM
    assert code(stage, "conversations.open", users="U0NOBODY") == "user_not_found"
    stage.post("deactivate", user=ADA)
    assert code(stage, "conversations.open", users=ADA) == "user_disabled"


def test_the_bot_joins_public_channels_only(stage: Stage) -> None:
    assert code(stage, "chat.postMessage", channel=AWAY, text="x") == "not_in_channel"
    assert stage.client.conversations_join(channel=AWAY)["channel"]["is_member"]
    assert stage.client.chat_postMessage(channel=AWAY, text="x")["ok"]
    assert code(stage, "conversations.join", channel=STAFF) == "method_not_supported_for_channel_type"


# Messages


def test_a_posted_message_is_the_bots_own(stage: Stage) -> None:
    answer = stage.client.chat_postMessage(channel=QUESTIONS, text="hello")

    assert (answer["channel"], answer["message"]["text"], answer["message"]["user"]) == (QUESTIONS, "hello", BOT)
    assert answer["message"]["bot_id"] == "B0CONVENE"
    assert answer["ts"] == answer["message"]["ts"]
    assert "subtype" not in answer["message"]


def test_a_user_id_means_their_direct_message(stage: Stage) -> None:
    assert stage.client.chat_postMessage(channel=ADA, text="hello")["channel"] == DM
    assert stage.texts(DM, ADA) == ["hello"]


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"channel": "C0NONE", "text": "x"}, "channel_not_found"),
        ({"channel": "questions", "text": "x"}, "channel_not_found"),
        ({"channel": CLOSED, "text": "x"}, "channel_not_found"),
        ({"channel": AWAY, "text": "x"}, "not_in_channel"),
        ({"channel": QUESTIONS}, "no_text"),
        ({"channel": QUESTIONS, "text": ""}, "no_text"),
        ({"channel": QUESTIONS, "text": "x", "blocks": "{"}, "invalid_blocks_format"),
        ({"channel": QUESTIONS, "text": "x", "blocks": '[{"type":"hologram"}]'}, "invalid_blocks"),
        ({"channel": QUESTIONS, "text": "a < b"}, "invalid_arguments"),
        ({"channel": QUESTIONS, "text": "x", "markdown_text": "y"}, "markdown_text_conflict"),
        ({"channel": QUESTIONS, "text": "x", "attachments": "[{}]"}, "invalid_attachments"),
        ({"channel": QUESTIONS, "text": "x", "thread_ts": "1.000000"}, "thread_not_found"),
        ({"channel": QUESTIONS, "text": "x", "metadata": "{"}, "invalid_metadata_format"),
        ({"channel": QUESTIONS, "text": "x", "metadata": '{"event_type":"t"}'}, "invalid_metadata_format"),
        ({"channel": QUESTIONS, "text": "x", "username": "Somebody"}, "missing_scope"),
    ],
)
def test_a_message_that_slack_would_not_post_is_refused(stage: Stage, arguments: dict[str, str], error: str) -> None:
    assert code(stage, "chat.postMessage", **arguments) == error
    assert stage.texts(QUESTIONS) == []


def test_a_refused_block_is_named_by_its_pointer(stage: Stage) -> None:
    blocks = json.dumps([section(), actions(button(value=""))])

    answer = refused(stage, "chat.postMessage", channel=QUESTIONS, text="x", blocks=blocks)

    assert answer["response_metadata"]["messages"] == [
        "[ERROR] must be more than 0 characters [json-pointer:/blocks/1/elements/0/value]"
    ]


def test_a_whole_message_has_a_limit_below_the_sum_of_its_blocks(stage: Stage) -> None:
    assert stage.client.chat_postMessage(channel=QUESTIONS, text="x", blocks=[section("x" * 2200)] * 6)["ok"]
    long = json.dumps([section("x" * 2201)] * 6)
    assert code(stage, "chat.postMessage", channel=QUESTIONS, text="x", blocks=long) == "msg_blocks_too_long"


def test_a_very_long_text_is_cut_with_a_warning(stage: Stage) -> None:
    answer = stage.client.chat_postMessage(channel=QUESTIONS, text="x" * 40_001)

    assert answer["warning"] == "message_truncated"
    assert len(answer["message"]["text"]) == 40_000


def test_blocks_without_a_text_are_warned_of(stage: Stage) -> None:
    answer = stage.client.api_call("chat.postMessage", json={"channel": QUESTIONS, "blocks": [section()]})

    assert answer["warning"] == "missing_text_in_message"


def test_a_reply_cannot_be_answered_as_if_it_were_a_parent(stage: Stage) -> None:
    parent = stage.client.chat_postMessage(channel=QUESTIONS, text="one")["ts"]
    reply = stage.client.chat_postMessage(channel=QUESTIONS, text="two", thread_ts=parent)["ts"]

    assert code(stage, "chat.postMessage", channel=QUESTIONS, text="x", thread_ts=reply) == "cannot_reply_to_message"


def test_ids_that_were_left_out_are_made_up(stage: Stage) -> None:
    blocks = [{"type": "divider"}, actions({"type": "button", "text": {"type": "plain_text", "text": "Go"}})]

    [divider, row] = stage.client.chat_postMessage(channel=QUESTIONS, text="x", blocks=blocks)["message"]["blocks"]

    assert divider["block_id"] != row["block_id"]
    assert row["elements"][0]["action_id"]


def test_metadata_is_kept_and_shown_to_who_asks_for_it(stage: Stage) -> None:
    metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": opaque("a notice")}}
    stage.client.chat_postMessage(channel=QUESTIONS, text="x", metadata=metadata)

    [short] = stage.client.conversations_history(channel=QUESTIONS)["messages"]
    [full] = stage.client.conversations_history(channel=QUESTIONS, include_all_metadata=True)["messages"]
    assert short["metadata"] == {"event_type": EVENT_TYPE}
    assert full["metadata"] == metadata


def test_an_update_changes_the_bots_own_message(stage: Stage) -> None:
    ts = stage.client.chat_postMessage(
        channel=QUESTIONS,
        text="one",
        blocks=[section("one")],
        metadata={"event_type": EVENT_TYPE, "event_payload": {"key": opaque("a notice")}},
    )["ts"]

    answer = stage.client.chat_update(channel=QUESTIONS, ts=ts, text="two", blocks=[section("two")])

    assert (answer["ts"], answer["text"], answer["message"]["edited"]["user"]) == (ts, "two", BOT)
    assert answer["message"]["metadata"]["event_payload"] == {"key": opaque("a notice")}
    only_text = stage.client.chat_update(channel=QUESTIONS, ts=ts, text="three")["message"]
    assert "blocks" not in only_text
    cleared = stage.client.chat_update(channel=QUESTIONS, ts=ts, text="four", metadata={})["message"]
    assert "metadata" not in cleared


def test_an_update_is_refused_as_slack_does(stage: Stage) -> None:
    ts = stage.client.chat_postMessage(channel=DM, text="one")["ts"]
    theirs = stage.post("message", user=ADA, channel=DM, text="mine")["ts"]

    assert code(stage, "chat.update", channel=DM, ts=theirs, text="x") == "cant_update_message"
    assert code(stage, "chat.update", channel=DM, ts="1.000000", text="x") == "message_not_found"
    assert code(stage, "chat.update", channel=ADA, ts=ts, text="x") == "channel_not_found"
    assert code(stage, "chat.update", channel=DM, ts=ts, text="x" * 4001) == "msg_too_long"
    assert code(stage, "chat.update", channel=DM, ts=ts) == "no_text"


def test_a_message_is_deleted_once(stage: Stage) -> None:
    ts = stage.client.chat_postMessage(channel=QUESTIONS, text="one")["ts"]
    theirs = stage.post("message", user=ADA, channel=QUESTIONS, text="mine")["ts"]

    assert stage.client.chat_delete(channel=QUESTIONS, ts=ts)["ok"]
    assert code(stage, "chat.delete", channel=QUESTIONS, ts=ts) == "message_not_found"
    assert code(stage, "chat.delete", channel=QUESTIONS, ts=theirs) == "cant_delete_message"


def test_an_ephemeral_goes_to_a_member_and_is_not_kept(stage: Stage) -> None:
    ts = stage.client.chat_postEphemeral(channel=QUESTIONS, user=ADA, text="psst")["message_ts"]

    assert stage.client.conversations_history(channel=QUESTIONS)["messages"] == []
    assert code(stage, "chat.update", channel=QUESTIONS, ts=ts, text="x") == "message_not_found"
    assert code(stage, "chat.delete", channel=QUESTIONS, ts=ts) == "message_not_found"
    assert code(stage, "chat.postEphemeral", channel=QUESTIONS, user=PAT, text="x") == "user_not_in_channel"
    assert code(stage, "chat.postEphemeral", channel=AWAY, user=ADA, text="x") == "not_in_channel"


def test_an_ephemeral_in_a_quiet_thread_is_never_shown(stage: Stage) -> None:
    parent = stage.client.chat_postMessage(channel=QUESTIONS, text="one")["ts"]
    quiet = stage.client.chat_postEphemeral(channel=QUESTIONS, user=ADA, text="lost", thread_ts=parent)
    stage.client.chat_postMessage(channel=QUESTIONS, text="two", thread_ts=parent)
    stage.client.chat_postEphemeral(channel=QUESTIONS, user=ADA, text="seen", thread_ts=parent)

    assert quiet["warning"] == "thread_not_active"
    assert stage.texts(QUESTIONS, ADA, parent) == ["one", "two", "seen"]


def test_history_is_newest_first_between_times_and_without_replies(stage: Stage) -> None:
    stamps = [stage.client.chat_postMessage(channel=QUESTIONS, text=str(number))["ts"] for number in range(4)]
    stage.client.chat_postMessage(channel=QUESTIONS, text="reply", thread_ts=stamps[0])

    def texts(**more: Any) -> list[str]:
        return [one["text"] for one in stage.client.conversations_history(channel=QUESTIONS, **more)["messages"]]

    assert texts() == ["3", "2", "1", "0"]
    assert texts(oldest=stamps[1]) == ["3", "2"]
    assert texts(oldest=stamps[1], inclusive=True) == ["3", "2", "1"]
    assert texts(latest=stamps[1]) == ["0"]
    pages = [
        (page["has_more"], len(page["messages"]))
        for page in stage.client.conversations_history(channel=QUESTIONS, limit=3)
    ]
    assert pages == [(True, 3), (False, 1)]


def test_replies_come_with_their_parent_oldest_first(stage: Stage) -> None:
    parent = stage.client.chat_postMessage(channel=QUESTIONS, text="one")["ts"]
    stage.client.chat_postMessage(channel=QUESTIONS, text="two", thread_ts=parent)

    thread = stage.client.conversations_replies(channel=QUESTIONS, ts=parent)["messages"]
    assert [one["text"] for one in thread] == ["one", "two"]
    assert code(stage, "conversations.replies", channel=QUESTIONS, ts="1.000000") == "thread_not_found"


def test_a_broadcast_reply_stands_in_both_places(stage: Stage) -> None:
    parent = stage.client.chat_postMessage(channel=QUESTIONS, text="one")["ts"]
    stage.client.chat_postMessage(channel=QUESTIONS, text="two", thread_ts=parent, reply_broadcast=True)

    assert stage.texts(QUESTIONS) == ["one", "two"]
    assert stage.texts(QUESTIONS, thread_ts=parent) == ["one", "two"]


def test_a_permalink_leads_to_the_page(stage: Stage) -> None:
    ts = stage.client.chat_postMessage(channel=QUESTIONS, text="one")["ts"]

    link = stage.client.chat_getPermalink(channel=QUESTIONS, message_ts=ts)["permalink"]

    assert link == f"{stage.sandbox.site}/archives/{QUESTIONS}/p{ts.replace('.', '')}"
    assert code(stage, "chat.getPermalink", channel=QUESTIONS, message_ts="1.0") == "message_not_found"


def test_a_reaction_is_put_once(stage: Stage) -> None:
    ts = stage.client.chat_postMessage(channel=QUESTIONS, text="one")["ts"]

    stage.client.reactions_add(channel=QUESTIONS, timestamp=ts, name="eyes")

    arguments = {"channel": QUESTIONS, "timestamp": ts}
    assert code(stage, "reactions.add", **arguments, name="eyes") == "already_reacted"
    assert code(stage, "reactions.add", **arguments, name="No such") == "invalid_name"
    [message] = stage.get("messages", channel=QUESTIONS)["messages"]
    assert message["reactions"] == [{"name": "eyes", "users": [BOT], "count": 1}]


def test_the_bot_makes_a_channel_and_is_alone_in_it(stage: Stage) -> None:
    heard: list[dict[str, Any]] = []
    stage.app.event("member_joined_channel")(lambda event: heard.append(event))
    made = stage.client.conversations_create(name="river-staff", is_private=True)["channel"]
    assert (made["name"], made["is_private"], made["is_member"], made["creator"]) == ("river-staff", True, True, BOT)
    assert stage.client.conversations_members(channel=made["id"])["members"] == [BOT]
    stage.settle()
    assert [(one["user"], one.get("inviter")) for one in heard] == [(BOT, None)]
    shown = stage.get("workspace")["channels"]
    assert [one["private"] for one in shown if one["id"] == made["id"]] == [True]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("questions", "name_taken"),
        ("closed", "name_taken"),
        ("River Staff", "invalid_name_specials"),
        ("a.b", "invalid_name_specials"),
        ("x" * 81, "invalid_name_maxlength"),
        ("---", "invalid_name_punctuation"),
        ("", "invalid_name_required"),
    ],
)
def test_a_channel_has_a_name_of_its_own_as_slack_wants_it(stage: Stage, name: str, error: str) -> None:
    assert code(stage, "conversations.create", name=name) == error


def test_channels_are_made_with_the_scope_of_their_kind(make_stage: StageMaker) -> None:
    stage = make_stage(changes=without("groups:write"))
    assert refused(stage, "conversations.create", name="a", is_private=True)["needed"] == "groups:write"
    assert stage.client.conversations_create(name="a")["ok"]


# Home, files, the web socket's door


def test_a_home_needs_the_tab_and_a_person(make_stage: StageMaker) -> None:
    def hide(manifest: dict[str, Any]) -> None:
        manifest["features"]["app_home"] = {"home_tab_enabled": False, "messages_tab_enabled": False}

    stage = make_stage(changes=hide)
    view = '{"type":"home","blocks":[]}'

    assert code(stage, "views.publish", user_id=ADA, view=view) == "not_enabled"
    assert code(stage, "views.publish", user_id="U0NOBODY", view=view) == "user_not_found"
    assert code(stage, "chat.postMessage", channel=DM, text="x") == "messages_tab_disabled"


def test_a_file_is_uploaded_shared_and_downloaded(stage: Stage) -> None:
    content = b"BEGIN:VCALENDAR\r\n"

    stage.client.files_upload_v2(
        channel=DM, filename="dates.ics", title="Dates", content=content, initial_comment="Here"
    )

    [message] = stage.get("messages", channel=DM, user=ADA)["messages"]
    [file] = message["files"]
    assert (message["text"], message["subtype"], message["user"]) == ("Here", "file_share", BOT)
    assert (file["name"], file["title"], file["size"], file["mimetype"]) == (
        "dates.ics",
        "Dates",
        len(content),
        "text/calendar",
    )
    with urllib.request.urlopen(file["url_private_download"]) as response:
        assert response.read() == content
        assert "dates.ics" in response.headers["Content-Disposition"]


def test_an_upload_must_be_as_long_as_it_said(stage: Stage) -> None:
    given = stage.client.files_getUploadURLExternal(filename="a.txt", length=3)
    request = urllib.request.Request(given["upload_url"], b"four", method="POST")

    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(request)
    assert error.value.read() == b"length_mismatch"
    files = json.dumps([{"id": given["file_id"]}])
    assert code(stage, "files.completeUploadExternal", files=files, channel_id=DM) == "file_not_found"


def test_a_file_is_shared_only_where_the_bot_is(stage: Stage) -> None:
    given = stage.client.files_getUploadURLExternal(filename="a.txt", length=3)
    urllib.request.urlopen(urllib.request.Request(given["upload_url"], b"abc", method="POST")).close()
    files = json.dumps([{"id": given["file_id"], "title": "A"}])

    assert code(stage, "files.completeUploadExternal", files=files, channel_id=CLOSED) == "channel_not_found"
    assert stage.client.files_completeUploadExternal(files=[{"id": given["file_id"]}], channel_id=QUESTIONS)["ok"]


def test_what_somebody_attaches_arrives_with_the_message_and_can_be_fetched(stage: Stage) -> None:
    heard: list[dict[str, Any]] = []
    stage.app.event("message")(lambda event: heard.append(event))
    files = [{"name": "people.csv", "content": base64.b64encode(b"name\n").decode()}]
    assert stage.post("message", user=ADA, channel=DM, text="", files=files)["ok"]

    [event] = heard
    [file] = event["files"]
    assert (event["subtype"], event["text"], event["channel_type"]) == ("file_share", "", "im")
    assert (file["name"], file["size"], file["user"]) == ("people.csv", 5, ADA)
    found = stage.client.files_info(file=file["id"])["file"]
    with urllib.request.urlopen(found["url_private_download"]) as response:
        assert response.read() == b"name\n"


@pytest.mark.parametrize(
    "file", [{"name": "", "content": "YQ=="}, {"name": "a", "content": "?"}, {"name": "a", "content": ""}, "a"]
)
def test_what_is_no_file_cannot_be_attached(stage: Stage, file: object) -> None:
    assert not stage.post("message", user=ADA, channel=DM, text="", files=[file])["ok"]


def test_the_bot_sees_files_of_its_own_conversations_only(stage: Stage) -> None:
    files = [{"name": "a.csv", "content": base64.b64encode(b"a").decode()}]
    assert stage.post("message", user=FAY, channel=CLOSED, text="here", files=files)["ok"]
    [message] = stage.get("messages", channel=CLOSED, user=FAY)["messages"]
    assert code(stage, "files.info", file=message["files"][0]["id"]) == "file_not_found"
    assert code(stage, "files.info", file="F0NONE") == "file_not_found"


def test_the_web_socket_opens_for_the_app_token_only(make_stage: StageMaker) -> None:
    stage = make_stage(socket=True)
    app = WebClient(APP_TOKEN, base_url=stage.sandbox.api_url, retry_handlers=[])

    assert app.apps_connections_open(app_token=APP_TOKEN)["url"].startswith("ws://127.0.0.1:")
    with pytest.raises(SlackApiError) as error:
        app.apps_connections_open(app_token=BOT_TOKEN)
    assert error.value.response["error"] == "not_allowed_token_type"


def test_without_socket_mode_there_is_no_web_socket(stage: Stage) -> None:
    with pytest.raises(SlackApiError) as error:
        stage.client.apps_connections_open(app_token=APP_TOKEN)
    assert error.value.response["error"] == "socket_mode_not_enabled"
