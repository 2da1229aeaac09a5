"""What fuzzing has found, each by its name: it was a failure, or worse, and is none any more."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from sqlmodel import select
from werkzeug.test import Client

from bot.views import ids, refusals
from storage.people import Person
from tests.cast import ALEX, COHORT, FAY, SAM, TEAM, TOMAS
from tests.door import EVENTS, FORM, signed
from tests.fuzz.payloads import Payload, event, press, submission
from tests.fuzz.stage import SECRET, Stage, staged


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with staged() as made:
        yield made


def pressed(action_id: str, value: str = "", **more: str) -> Payload:
    return {"type": "button", "action_id": action_id, "value": value, "action_ts": "1.2", **more}


def shown(stage: Stage) -> str:
    return str(stage.shown)


def test_a_form_from_nobody_is_answered_and_nobody_is_told(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    body = b"token=x&text=hello"
    answer = Client(stage.convene.wsgi).post(EVENTS, data=body, headers=signed(SECRET, body), content_type=FORM)
    assert answer.status_code == 200
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


@pytest.mark.parametrize(
    "action_id",
    [ids.DRAFT_TYPED, ids.DRAFT_EMPTY, ids.ENTRY_HOW, ids.QUESTION_KEEP, ids.REFLECTION_READERS],
)
def test_what_belongs_into_a_form_and_is_pressed_elsewhere_is_no_failure(stage: Stage, action_id: str) -> None:
    assert stage.send(press(FAY, pressed(action_id, "1:1"))).status_code == 200


@pytest.mark.parametrize("action_id", [ids.QUIET_PUT_OFF, ids.FAQ_HELPFUL, ids.FAQ_NONE])
def test_what_is_pressed_where_no_answer_can_be_given_is_no_failure(stage: Stage, action_id: str) -> None:
    asked = press(TOMAS, pressed("x"))
    asked = {**asked, "container": {**asked["container"], "is_ephemeral": True}}
    assert stage.send(asked | {"actions": [pressed(action_id, "1:1")]}).status_code == 200
    chosen = {"type": "static_select", "action_id": action_id, "action_ts": "1.3"}
    menu = {**chosen, "selected_option": {"value": "1:hour/0f3a41bc"}}
    assert stage.send(asked | {"actions": [menu]}).status_code == 200


def test_an_address_to_answer_at_that_is_none_is_not_tried(stage: Stage) -> None:
    assert stage.send({**press(TOMAS, pressed(ids.FAQ_NONE, "1:1")), "response_url": "x"}).status_code == 400


def test_an_event_counts_for_the_workspace_whose_bot_it_is_for(stage: Stage) -> None:
    opened = event({"type": "app_home_opened", "user": SAM, "tab": "home", "channel": "D0SAM0001"}, "1")
    stage.send({**opened, "team_id": "T0ANOTHER"})
    with stage.convene.deps.db.read() as session:
        assert session.exec(select(Person.team).where(Person.user_id == SAM)).all() == [TEAM]


def test_an_event_for_another_workspaces_bot_leaves_no_trace(stage: Stage) -> None:
    opened = event({"type": "app_home_opened", "user": "U0NOBODY1", "tab": "home", "channel": "D0NOBODY1"}, "2")
    opened["authorizations"][0]["team_id"] = "T0ANOTHER"
    assert stage.send(opened).status_code == 200
    assert stage.written == set()


@pytest.mark.parametrize("team", [{}, {"team_id": None}, {"team_id": ""}])
def test_an_event_that_is_for_no_workspace_is_refused(stage: Stage, team: Payload) -> None:
    opened = event({"type": "app_home_opened", "user": SAM, "tab": "home", "channel": "D0SAM0001"}, "4")
    opened = {**opened, "team_id": "T0ANOTHER", "authorizations": [{"enterprise_id": None, "is_bot": True, **team}]}
    assert stage.send(opened).status_code == 400


def test_a_shortcut_of_messages_without_a_message_is_no_failure(stage: Stage) -> None:
    sender = {key: value for key, value in press(FAY, {}).items() if key in ("user", "team", "trigger_id")}
    payload = {**sender, "type": "shortcut", "callback_id": ids.ENTRY_SHORTCUT, "action_ts": "1.2"}
    assert stage.send(payload).status_code == 200
    assert "earlier version" in shown(stage)


@pytest.mark.parametrize("channel", ["1", "C1> <!channel", "U0FAY0001", ""])
@pytest.mark.parametrize("action_id", [ids.CHANNEL_FACILITATORS, ids.CHANNEL_NONE, ids.CHANNEL_CHANGE])
def test_a_button_about_what_is_no_channel_is_too_old(stage: Stage, action_id: str, channel: str) -> None:
    stage.send(press(ALEX, pressed(action_id, f"1:{channel}")))
    assert refusals.too_old() in shown(stage)
    assert stage.written & {"channels"} == set()


def test_a_form_about_what_is_no_channel_cannot_be_read(stage: Stage) -> None:
    view = {"id": "V9", "type": "modal", "callback_id": ids.CHANNEL_FORM, "private_metadata": "1:<!channel>"}
    stage.send(submission(ALEX, {**view, "blocks": [], "state": {"values": {}}}))
    assert stage.written & {"channels"} == set()
    assert "cannot read this form" in shown(stage)


def test_a_person_who_is_none_is_not_chosen(stage: Stage) -> None:
    chosen = {"type": "users_select", "action_id": ids.PEOPLE_PICK, "block_id": "1", "action_ts": "1.2"}
    assert stage.send(press(ALEX, {**chosen, "selected_user": "999999999"})).status_code == 400


def test_a_person_who_is_none_is_not_chosen_in_a_form_either(stage: Stage) -> None:
    for chosen in (
        {"selected_user": "999999999"},
        {"selected_users": [FAY, "999999999"]},
        {"selected_channel": "999999999"},
        {"selected_conversations": [COHORT, "<!x>"]},
    ):
        state = {"values": {"b": {"a": {"type": "users_select", **chosen}}}}
        view = {"id": "V9", "type": "modal", "callback_id": ids.CHANNEL_FORM, "blocks": [], "state": state}
        assert stage.send(submission(ALEX, view)).status_code == 400


@pytest.mark.parametrize("kind", ["app_home_opened", "member_joined_channel", "member_left_channel", "message"])
def test_an_event_about_a_person_who_is_none_is_refused(stage: Stage, kind: str) -> None:
    about = {"type": kind, "user": "999999999", "channel": COHORT, "ts": "1.1", "text": "hello"}
    assert stage.send(event(about, "5")).status_code == 400
    assert stage.written == set()


def test_an_event_for_an_app_whose_id_is_none_is_refused(stage: Stage) -> None:
    archived = event({"type": "group_archive", "channel": COHORT}, "6")
    assert stage.send({**archived, "api_app_id": "\ud800"}).status_code == 400


@pytest.mark.parametrize("kind", ["channel_archive", "group_unarchive", "member_joined_channel", "message"])
def test_an_event_in_a_channel_that_is_none_is_refused(stage: Stage, kind: str) -> None:
    about = {"type": kind, "user": FAY, "channel": "999999999", "ts": "1.1", "text": "hello"}
    assert stage.send(event(about, "10")).status_code == 400
    assert stage.written == set()


@pytest.mark.parametrize("odd", ["\ud800", "a\0b", "\ud800Alex"])
def test_half_a_character_in_an_account_or_a_channels_name_is_left_out(stage: Stage, odd: str) -> None:
    account = {"id": ALEX, "name": odd, "real_name": odd, "tz": odd, "profile": {"real_name": odd, "email": odd}}
    assert stage.send(event({"type": "user_change", "user": account}, f"8.{len(odd)}")).status_code == 200
    renamed = {"id": COHORT, "name": odd}
    assert stage.send(event({"type": "channel_rename", "channel": renamed}, f"9.{len(odd)}")).status_code == 200


@pytest.mark.parametrize("action_id", [ids.MODE_PRACTICE, ids.CHANGE_PAGE, ids.CHANGE_LIST, ids.DIALOGUE_BEGIN])
def test_what_redraws_its_window_and_is_pressed_where_there_is_none_is_no_failure(stage: Stage, action_id: str) -> None:
    for value in ("0:2", "1:2", "1:homework:1", "1:"):
        assert stage.send(press(ALEX, pressed(action_id, value))).status_code == 200


@pytest.mark.parametrize("initial", [{"initial_options": ["x"]}, {"initial_option": "x"}, {"options": [{"value": 1}]}])
def test_a_field_that_begins_with_what_is_no_choice_is_refused(stage: Stage, initial: Payload) -> None:
    field = {"type": "input", "block_id": "b", "element": {"type": "static_select", "action_id": "a", **initial}}
    view = {"id": "V9", "type": "modal", "callback_id": ids.CHECKIN_FORM, "blocks": [field], "state": {"values": {}}}
    inside = {**press(TOMAS, pressed(ids.DIALOGUE_BEGIN, "1:")), "view": view}
    assert stage.send(inside).status_code == 400


@pytest.mark.parametrize("metadata", ["1", "[]", '"x"', "null", "{", '{"s": []}'])
@pytest.mark.parametrize("action_id", [ids.CHANGE_AGAIN, ids.CHANGE_LIST])
def test_what_belongs_into_a_form_of_changes_and_stands_in_another_is_no_failure(
    stage: Stage, action_id: str, metadata: str
) -> None:
    view = {"id": "V9", "type": "modal", "callback_id": ids.CHANNEL_FORM, "blocks": [], "private_metadata": metadata}
    inside = {**press(ALEX, pressed(action_id, "1:")), "view": view, "container": {"type": "view", "view_id": "V9"}}
    assert stage.send(inside).status_code == 200


NOTHING: tuple[object, ...] = ("", None, [], {}, 0, False, "x", [1], [None], [{}], {"id": None}, {"id": 1})
LOOKED_AT = (
    *("type", "team_id", "team", "enterprise", "enterprise_id", "authorizations", "event", "user", "view", "actions"),
    *("channel", "response_url", "response_urls", "is_ext_shared_channel", "is_enterprise_install", "command"),
    *("ssl_check", "callback_id", "action_id", "event_id", "container", "message", "state", "trigger_id"),
)


@pytest.mark.parametrize("field", LOOKED_AT)
def test_whatever_stands_where_anybody_looks_is_no_failure(stage: Stage, field: str) -> None:
    opened = event({"type": "app_home_opened", "user": SAM, "tab": "home", "channel": "D0SAM0001"}, "3")
    view = {"id": "V9", "type": "modal", "callback_id": ids.CHANNEL_FORM, "blocks": [], "state": {"values": {}}}
    kinds = (opened, opened | {"type": ""}, press(TOMAS, pressed("x")), submission(ALEX, view))
    for payload in kinds:
        for value in NOTHING:
            assert stage.send({**payload, field: value}).status_code in (200, 400)
        assert stage.send({key: one for key, one in payload.items() if key != field}).status_code in (200, 400)


def test_the_judge_sees_what_is_alive(stage: Stage) -> None:
    for words in ("<!channel>", "<@U0EVIL001>", "<https://evil.example/a|safe>", "this & that"):
        with pytest.raises(AssertionError):
            stage.judge("chat.postMessage", {"channel": COHORT, "text": words})
    stage.judge("chat.postMessage", {"channel": COHORT, "text": f"&lt;!channel&gt; this &amp; that <@{TOMAS}>"})


def test_the_judge_sees_who_writes_what_is_not_theirs(stage: Stage) -> None:
    payload = press(TOMAS, pressed(ids.CHANNEL_CHANGE))
    mine = stage.owned()
    stage.written.add("channels")
    with pytest.raises(AssertionError):
        stage.judge_rights(payload, mine)
    stage.written.clear()
    stage.judge_rights(payload, mine)


def test_a_name_that_nobody_gave_is_one_plain_word_in_the_log(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    payload = press(FAY, pressed("x\n2020-10-12 ERROR forged: \ud800 line" + "y" * 500))
    assert stage.send(payload).status_code == 200
    (line,) = [one.getMessage() for one in caplog.records if one.name == "handlers.failures"]
    assert line.isascii()
    assert line.isprintable()
    assert len(line) < 150
