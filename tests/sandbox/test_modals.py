"""Modals: triggers, the stack, filling in, handing in, answers, closing."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.context.ack import Ack
from slack_sdk.errors import SlackApiError

from bot.sandbox.interface import Payload
from tests.sandbox.blocks import actions, button, field, home, modal, option, options, plain, section
from tests.sandbox.conftest import ADA, DM, FAY, QUESTIONS, STAFF, Stage


class Form:
    """A bot with one form behind /ask; it keeps what is handed in and answers as it is told."""

    def __init__(self, stage: Stage, view: Payload) -> None:
        self.stage = stage
        self.handed_in: list[Payload] = []
        self.pressed: list[Payload] = []
        self.closed: list[Payload] = []
        self.answer: Payload = {}
        self.view = view
        stage.app.command("/ask")(self._open)
        stage.app.view("form")(self._take)
        stage.app.view_closed("form")(self._forget)
        stage.app.action("go")(self._press)

    def open(self, user: str = ADA) -> Payload:
        result = self.stage.post("command", user=user, channel=QUESTIONS, command="/ask", text="")
        assert result["ok"], result
        return dict(result["view"])

    def submit(self, user: str = ADA, **values: Any) -> Payload:
        return self.stage.post("submit", user=user, values=values)

    def values(self) -> Payload:
        """The values last handed in, by block."""
        state: dict[str, dict[str, Payload]] = self.handed_in[-1]["view"]["state"]["values"]
        return {block: next(iter(entries.values())) for block, entries in state.items()}

    def _open(self, ack: Ack, body: Payload, client: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=self.view)
        ack()

    def _take(self, ack: Ack, body: Payload) -> None:
        self.handed_in.append(body)
        ack(**self.answer)

    def _press(self, ack: Ack, body: Payload) -> None:
        self.pressed.append(body)
        ack()

    def _forget(self, ack: Ack, body: Payload) -> None:
        self.closed.append(body)
        ack()


def form(*blocks: Payload, **more: Any) -> Payload:
    return modal(*(blocks or (field("note", "Note"),)), callback_id="form", **more)


def code(error: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(error.value.response["error"])


# Triggers


def test_a_trigger_opens_one_modal(stage: Stage) -> None:
    opened = Form(stage, form())
    opened.open()
    trigger = stage.sandbox.workspace.passes.trigger(ADA)
    stage.client.views_open(trigger_id=trigger, view=form())

    with pytest.raises(SlackApiError) as error:
        stage.client.views_open(trigger_id=trigger, view=form())
    assert code(error) == "exchanged_trigger_id"


def test_a_trigger_lives_three_seconds_of_the_machines_time(stage: Stage) -> None:
    now = 100.0
    stage.sandbox.workspace.passes.monotonic = lambda: now
    young, old = stage.sandbox.workspace.passes.trigger(ADA), stage.sandbox.workspace.passes.trigger(ADA)
    stage.post("clock", advance="1h")

    now = 102.9
    stage.client.views_open(trigger_id=young, view=form())
    now = 103.1
    with pytest.raises(SlackApiError) as error:
        stage.client.views_open(trigger_id=old, view=form())
    assert code(error) == "expired_trigger_id"


def test_an_invented_trigger_is_refused(stage: Stage) -> None:
    with pytest.raises(SlackApiError) as error:
        stage.client.views_open(trigger_id="1.2.abc", view=form())
    assert code(error) == "invalid_trigger_id"


def test_a_wrong_view_does_not_use_up_the_trigger(stage: Stage) -> None:
    trigger = stage.sandbox.workspace.passes.trigger(ADA)

    with pytest.raises(SlackApiError) as error:
        stage.client.views_open(trigger_id=trigger, view=form(title=plain("x" * 25)))
    assert code(error) == "invalid_arguments"
    assert "/view/title/text" in error.value.response["response_metadata"]["messages"][0]
    assert stage.client.views_open(trigger_id=trigger, view=form())["ok"]


def test_a_push_needs_a_trigger_from_inside_the_modal(stage: Stage) -> None:
    one = Form(stage, form(actions(button())))
    one.open()
    with pytest.raises(SlackApiError) as error:
        stage.client.views_push(trigger_id=stage.sandbox.workspace.passes.trigger(ADA), view=form())
    assert code(error) == "invalid_trigger_id"

    stage.post("action", user=ADA, action_id="go")
    pushed = stage.client.views_push(trigger_id=one.pressed[0]["trigger_id"], view=form())["view"]
    root = one.pressed[0]["view"]
    assert (pushed["previous_view_id"], pushed["root_view_id"]) == (root["id"], root["id"])
    assert stage.get("view", user=ADA)["depth"] == 2


def test_a_stack_holds_three(stage: Stage) -> None:
    one = Form(stage, form(actions(button())))
    one.open()
    for _ in range(2):
        stage.post("action", user=ADA, action_id="go")
        stage.client.views_push(trigger_id=one.pressed[-1]["trigger_id"], view=form(actions(button())))

    stage.post("action", user=ADA, action_id="go")
    with pytest.raises(SlackApiError) as error:
        stage.client.views_push(trigger_id=one.pressed[-1]["trigger_id"], view=form())
    assert code(error) == "push_limit_reached"
    assert stage.get("view", user=ADA)["depth"] == 3


# Handing in


def test_a_submission_has_slacks_fields(stage: Stage) -> None:
    one = Form(stage, form(private_metadata="ids only"))
    opened = one.open()

    assert one.submit(note="hello")["ok"]

    [body] = one.handed_in
    view = body["view"]
    assert (body["type"], "channel" in body, body["response_urls"]) == ("view_submission", False, [])
    assert (view["id"], view["hash"], view["root_view_id"]) == (opened["id"], opened["hash"], opened["id"])
    assert (view["private_metadata"], view["callback_id"], view["previous_view_id"]) == ("ids only", "form", None)
    assert view["state"]["values"] == {"note": {"note_in": {"type": "plain_text_input", "value": "hello"}}}
    assert (view["app_id"], view["bot_id"], view["team_id"]) == ("A0CONVENE", "B0CONVENE", "T0CONVENE")


ALL = form(
    field("text", "Text"),
    field("number", "Number", "number_input", is_decimal_allowed=True),
    field("mail", "Mail", "email_text_input"),
    field("url", "Web", "url_text_input"),
    field("rich", "Rich", "rich_text_input"),
    field("select", "Select", "static_select", options=options("a", "b")),
    field("radio", "Radio", "radio_buttons", options=options("a", "b")),
    field("boxes", "Boxes", "checkboxes", options=options("a", "b")),
    field("many", "Many", "multi_static_select", options=options("a", "b")),
    field("date", "Date", "datepicker"),
    field("time", "Time", "timepicker"),
    field("moment", "Moment", "datetimepicker"),
    field("who", "Who", "users_select"),
    field("whos", "Whos", "multi_users_select"),
    field("where", "Where", "conversations_select"),
    field("public", "Public", "channels_select"),
)


def test_every_kind_of_input_is_handed_in_as_slack_does(stage: Stage) -> None:
    one = Form(stage, ALL)
    one.open()

    result = one.submit(
        text="t",
        number="1.5",
        mail="a@b.org",
        url="https://x.org",
        rich="r",
        select="a",
        radio="b",
        boxes=["a", "b"],
        many="b",
        date="2020-10-16",
        time="15:00",
        moment="2020-10-16T15:00",
        who="fay",
        whos=[ADA, "pat"],
        where="questions",
        public=QUESTIONS,
    )

    assert result["ok"], result
    values = one.values()
    assert values["text"]["value"] == "t"
    assert values["number"]["value"] == "1.5"
    assert values["rich"]["rich_text_value"]["elements"][0]["elements"] == [{"type": "text", "text": "r"}]
    assert values["select"]["selected_option"] == option("a")
    assert values["radio"]["selected_option"] == option("b")
    assert values["boxes"]["selected_options"] == options("a", "b")
    assert values["many"]["selected_options"] == options("b")
    assert values["date"]["selected_date"] == "2020-10-16"
    assert values["time"]["selected_time"] == "15:00"
    assert values["moment"]["selected_date_time"] == 1602878400
    assert values["who"]["selected_user"] == FAY
    assert values["whos"]["selected_users"] == [ADA, "U0PAT"]
    assert values["where"]["selected_conversation"] == QUESTIONS
    assert values["public"]["selected_channel"] == QUESTIONS


def test_empty_optional_fields_come_as_null_and_empty_lists(stage: Stage) -> None:
    blocks = [{**block, "optional": True} for block in ALL["blocks"]]
    one = Form(stage, form(*blocks))
    one.open()

    assert one.submit(text="")["ok"]

    values = one.values()
    assert values["text"] == {"type": "plain_text_input", "value": None}
    assert values["select"] == {"type": "static_select", "selected_option": None}
    assert values["boxes"] == {"type": "checkboxes", "selected_options": []}
    assert values["whos"] == {"type": "multi_users_select", "selected_users": []}
    assert values["date"] == {"type": "datepicker", "selected_date": None}
    assert values["rich"] == {"type": "rich_text_input", "rich_text_value": None}


def test_initial_values_are_handed_in_untouched(stage: Stage) -> None:
    one = Form(
        stage,
        form(
            field("text", "Text", initial_value="before"),
            field("select", "Select", "static_select", options=options("a"), initial_option=option("a")),
            actions({"type": "datepicker", "action_id": "d", "initial_date": "2020-10-16"}, block_id="row"),
        ),
    )
    one.open()

    assert one.submit()["ok"]

    values = one.values()
    assert values["text"]["value"] == "before"
    assert values["select"]["selected_option"] == option("a")
    assert values["row"]["selected_date"] == "2020-10-16"


def test_fields_go_by_their_label_too(stage: Stage) -> None:
    one = Form(stage, form(field("note", "What moved?"), field("next", "Next step")))
    one.open()

    assert one.submit(**{" what moved? ": "much", "NEXT STEP": "more"})["ok"]

    assert (one.values()["note"]["value"], one.values()["next"]["value"]) == ("much", "more")


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"nothing": "x"}, "no field 'nothing'; the fields: note (Note), pick (Pick), day (Day)"),
        ({"Twice": "x"}, "more than one field"),
        ({"pick": "c"}, "it offers a (a), b (b)"),
        ({"day": "16.10."}, "YYYY-MM-DD"),
        ({"note": ["a", "b"]}, "takes one value"),
    ],
)
def test_what_cannot_be_put_in_is_refused_and_nothing_is_put_in(
    stage: Stage, values: dict[str, Any], says: str
) -> None:
    twice = [field("t1", "Twice"), field("t2", "Twice")] if "Twice" in values else []
    one = Form(
        stage,
        form(
            field("note", "Note"),
            field("pick", "Pick", "static_select", options=options("a", "b")),
            field("day", "Day", "datepicker"),
            *twice,
        ),
    )
    one.open()

    result = one.submit(**{"note": "kept?"} | values)

    assert result["status"] == 400
    assert says in result["error"]
    assert one.handed_in == []
    assert stage.get("view", user=ADA)["view"]["state"]["values"]["note"]["note_in"]["value"] is None


@pytest.mark.parametrize(
    ("block", "value", "says"),
    [
        (field("f", "F"), "", "Please complete this required field."),
        (field("f", "F"), "  ", "Please complete this required field."),
        (field("f", "F", min_length=3), "ab", "at least 3 characters"),
        (field("f", "F", max_length=3), "abcd", "no more than 3 characters"),
        (field("f", "F"), "x" * 3001, "no more than 3000 characters"),
        (field("f", "F", "number_input", is_decimal_allowed=False), "1.5", "a whole number"),
        (field("f", "F", "number_input", is_decimal_allowed=True), "1,5", "enter a number"),
        (field("f", "F", "number_input", is_decimal_allowed=True, min_value="0"), "-1", "at least 0"),
        (field("f", "F", "number_input", is_decimal_allowed=True, max_value="5"), "6", "at most 5"),
        (field("f", "F", "email_text_input"), "ada", "valid email"),
        (field("f", "F", "url_text_input"), "x", "valid URL"),
        (field("f", "F", "static_select", options=options("a")), None, "required field"),
        (field("f", "F", "checkboxes", options=options("a")), [], "required field"),
        (field("f", "F", "multi_static_select", options=options("a", "b"), max_selected_items=1), ["a", "b"], "than 1"),
    ],
)
def test_what_slacks_client_would_not_send_never_reaches_the_bot(
    stage: Stage, block: Payload, value: Any, says: str
) -> None:
    one = Form(stage, form(block))
    one.open()

    result = one.submit(f=value)

    assert (result["status"], result["ok"]) == (200, False)
    assert says in result["errors"]["f"]
    assert one.handed_in == []
    assert says in stage.get("view", user=ADA)["errors"]["f"]


def test_the_bots_errors_stand_below_their_fields_and_go_with_the_next_try(stage: Stage) -> None:
    one = Form(stage, form())
    one.open()
    one.answer = {"response_action": "errors", "errors": {"note": "Try 1.5."}}

    result = one.submit(note="x")

    assert (result["ok"], result["errors"]) == (False, {"note": "Try 1.5."})
    assert stage.get("view", user=ADA)["errors"] == {"note": "Try 1.5."}
    one.answer = {}
    assert one.submit(note="1.5")["ok"]
    assert stage.get("view", user=ADA) | {"status": 0} == {
        "status": 0,
        "ok": True,
        "view": None,
        "errors": {},
        "depth": 0,
    }


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"response_action": "errors", "errors": {"other": "x"}}, "'other', which is no input block"),
        ({"response_action": "explode"}, "name a response_action"),
        ({"response_action": "update", "view": modal(title=plain("x" * 25))}, "/view/title/text"),
        ({"response_action": "push", "view": home()}, "must be modal"),
    ],
)
def test_an_answer_that_slack_would_not_understand_leaves_the_modal(stage: Stage, answer: Payload, says: str) -> None:
    one = Form(stage, form())
    opened = one.open()
    one.answer = answer

    result = one.submit(note="x")

    assert result["ok"] is False
    assert result["errors"] == {"_banner": "We had some trouble connecting. Try again?"}
    assert says in str(result["detail"])
    assert result["view"]["id"] == opened["id"]


def test_a_failing_listener_leaves_the_modal_with_a_banner(stage: Stage) -> None:
    one = Form(stage, form() | {"callback_id": "unheard"})
    one.open()

    result = one.submit(note="kept")

    assert (result["ok"], result["error"]) == (False, "http_client_error")
    left = stage.get("view", user=ADA)
    assert "_banner" in left["errors"]
    assert left["view"]["state"]["values"]["note"]["note_in"]["value"] == "kept"


def test_an_update_replaces_the_view_under_its_id(stage: Stage) -> None:
    one = Form(stage, form())
    opened = one.open()
    one.answer = {"response_action": "update", "view": modal(section("Saved as no. 14."))}

    result = one.submit(note="x")

    assert result["ok"]
    assert result["view"]["id"] == opened["id"]
    assert result["view"]["hash"] != opened["hash"]
    assert result["view"]["blocks"][0]["text"]["text"] == "Saved as no. 14."


def test_a_push_and_a_clear(stage: Stage) -> None:
    one = Form(stage, form())
    one.open()
    one.answer = {"response_action": "push", "view": form()}
    assert one.submit(note="x")["ok"]
    assert stage.get("view", user=ADA)["depth"] == 2
    one.answer = {"response_action": "clear"}
    assert one.submit(note="x")["view"] is None
    assert stage.get("view", user=ADA)["depth"] == 0


def test_an_empty_answer_closes_only_the_view_on_top(stage: Stage) -> None:
    one = Form(stage, form())
    root = one.open()
    one.answer = {"response_action": "push", "view": form()}
    one.submit(note="x")
    one.answer = {}

    assert one.submit(note="x")["view"]["id"] == root["id"]


def test_a_view_without_a_button_cannot_be_handed_in(stage: Stage) -> None:
    one = Form(stage, {"type": "modal", "title": plain("Read"), "blocks": [section()], "callback_id": "form"})
    one.open()

    assert "cannot be handed in" in one.submit()["error"]


def test_nothing_can_be_handed_in_when_nothing_is_open(stage: Stage) -> None:
    assert "has no view open" in stage.post("submit", user=ADA, values={})["error"]
    assert "has no view open" in stage.post("close", user=ADA)["error"]


def test_only_the_view_on_top_can_be_handed_in(stage: Stage) -> None:
    one = Form(stage, form())
    one.open()

    assert "not V0OTHER" in stage.post("submit", user=ADA, view_id="V0OTHER", values={})["error"]


def test_everybody_has_their_own_stack(stage: Stage) -> None:
    one = Form(stage, form())
    one.open(ADA)
    one.open(FAY)

    assert one.submit(FAY, note="x")["ok"]
    assert stage.get("view", user=ADA)["depth"] == 1


# Updates


def test_what_was_typed_survives_an_update_that_keeps_the_ids(stage: Stage) -> None:
    one = Form(stage, form(field("note", "Note"), field("gone", "Gone"), actions(button())))
    opened = one.open()
    stage.post("action", user=ADA, action_id="go", values={"note": "typed", "gone": "too"})

    updated = form(field("note", "Note", initial_value="new"), field("fresh", "Fresh", initial_value="new"))
    stage.client.views_update(view_id=opened["id"], view=updated)

    assert one.pressed[0]["view"]["state"]["values"]["note"]["note_in"]["value"] == "typed"
    values = stage.get("view", user=ADA)["view"]["state"]["values"]
    assert values == {
        "note": {"note_in": {"type": "plain_text_input", "value": "typed"}},
        "fresh": {"fresh_in": {"type": "plain_text_input", "value": "new"}},
    }


def test_a_choice_that_an_update_no_longer_offers_is_gone(stage: Stage) -> None:
    one = Form(stage, form(field("pick", "Pick", "static_select", options=options("a", "b")), actions(button())))
    opened = one.open()
    stage.post("action", user=ADA, action_id="go", values={"pick": "b"})

    stage.client.views_update(
        view_id=opened["id"], view=form(field("pick", "Pick", "static_select", options=options("a")))
    )

    assert one.pressed[0]["view"]["state"]["values"]["pick"]["pick_in"]["selected_option"] == option("b")
    assert stage.get("view", user=ADA)["view"]["state"]["values"]["pick"]["pick_in"]["selected_option"] is None


def test_the_loser_of_a_race_gets_a_hash_conflict(stage: Stage) -> None:
    opened = Form(stage, form()).open()
    stage.client.views_update(view_id=opened["id"], view=form(), hash=opened["hash"])

    for stale in (opened["hash"], ""):
        with pytest.raises(SlackApiError) as error:
            stage.client.views_update(view_id=opened["id"], view=form(), hash=stale)
        assert code(error) == "hash_conflict"


def test_a_closed_view_cannot_be_updated(stage: Stage) -> None:
    opened = Form(stage, form()).open()
    stage.post("close", user=ADA)

    with pytest.raises(SlackApiError) as error:
        stage.client.views_update(view_id=opened["id"], view=form())
    assert code(error) == "not_found"


def test_an_external_id_stands_for_one_view(stage: Stage) -> None:
    one = Form(stage, form(external_id="mine"))
    one.open()
    stage.client.views_update(external_id="mine", view=form(external_id="mine"))

    with pytest.raises(SlackApiError) as error:
        stage.client.views_open(trigger_id=stage.sandbox.workspace.passes.trigger(FAY), view=form(external_id="mine"))
    assert code(error) == "duplicate_external_id"


def test_a_home_is_published_again_only_over_the_one_it_knows(stage: Stage) -> None:
    first = stage.client.views_publish(user_id=ADA, view=home(section()))["view"]
    again = stage.client.views_publish(user_id=ADA, view=home(section()), hash=first["hash"])["view"]

    assert again["id"] == first["id"]
    with pytest.raises(SlackApiError) as error:
        stage.client.views_publish(user_id=ADA, view=home(section()), hash=first["hash"])
    assert code(error) == "hash_conflict"


# Closing


def test_closing_is_told_only_when_asked_for(stage: Stage) -> None:
    quiet = Form(stage, form())
    quiet.open()
    assert stage.post("close", user=ADA)["view"] is None
    assert quiet.closed == []

    quiet.view = form(notify_on_close=True)
    quiet.open()
    assert stage.post("close", user=ADA)["ok"]
    [body] = quiet.closed
    assert (body["type"], body["is_cleared"], body["view"]["state"]) == ("view_closed", False, {"values": {}})


def test_closing_everything_tells_of_the_root(stage: Stage) -> None:
    one = Form(stage, form(notify_on_close=True))
    root = one.open()
    one.answer = {"response_action": "push", "view": form()}
    one.submit(note="x")

    assert stage.post("close", user=ADA, all=True)["view"] is None
    assert (one.closed[0]["is_cleared"], one.closed[0]["view"]["id"]) == (True, root["id"])


def test_a_chosen_channel_gets_its_own_response_url(stage: Stage) -> None:
    one = Form(stage, form(field("where", "Where", "conversations_select", response_url_enabled=True)))
    one.open()

    assert one.submit(where=DM)["ok"]
    [url] = one.handed_in[0]["response_urls"]
    assert (url["block_id"], url["action_id"], url["channel_id"]) == ("where", "where_in", DM)


def test_a_menu_of_public_channels_offers_no_other(stage: Stage) -> None:
    one = Form(stage, form(field("where", "Where", "channels_select")))
    one.open(FAY)

    assert "other kinds" in one.submit(FAY, where=STAFF)["error"]
