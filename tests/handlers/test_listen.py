"""How a payload finds its listener: by its exact name, with the arguments that the listener names."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt import Ack, App, BoltRequest
from slack_bolt.authorization import AuthorizeResult

from handlers.listen import Listeners
from handlers.request import Body

WHO = AuthorizeResult(enterprise_id=None, team_id="T0", bot_token="xoxb-1", bot_id="B0", bot_user_id="U0BOT")


def sent(on: Listeners, payload: dict[str, Any]) -> int:
    """What a payload is answered with when Bolt is told of these listeners."""
    bolt = App(
        signing_secret="s",
        authorize=lambda: WHO,
        process_before_response=True,
        request_verification_enabled=False,
        token_verification_enabled=False,
    )
    on.attach(bolt)
    given = {**payload, "team": {"id": "T0"}, "user": {"id": "U0"}, "trigger_id": "t"}
    body = urlencode({"payload": json.dumps(given)})
    return bolt.dispatch(BoltRequest(body=body, headers={"content-type": "application/x-www-form-urlencoded"})).status


def pressed(action_id: str) -> dict[str, Any]:
    """A button."""
    return {"type": "block_actions", "actions": [{"type": "button", "action_id": action_id, "value": "v"}]}


def handed_in(callback_id: str) -> dict[str, Any]:
    """A form."""
    return {"type": "view_submission", "view": {"id": "V0", "type": "modal", "callback_id": callback_id}}


@pytest.mark.parametrize("action_id", ["thing.open", "thing.open#2", "thing.open#17"])
def test_every_button_of_a_name_comes_to_its_listener_whatever_its_number(action_id: str) -> None:
    on, heard = Listeners(), []

    def listener(ack: Ack, body: Body, action: Body) -> None:
        heard.append(action["action_id"])
        ack()

    on.action("thing.open", listener)
    on.action("thing.close", lambda ack: pytest.fail("another button's listener"))
    assert sent(on, pressed(action_id)) == 200
    assert heard == [action_id]


@pytest.mark.parametrize(
    "action_id", ["thing.opened", "some.thing.open", "thingXopen", "thing.open#", "thing.open#2#3"]
)
def test_a_button_whose_name_is_only_like_one_has_no_listener(action_id: str) -> None:
    on = Listeners()
    on.action("thing.open", lambda ack: pytest.fail("not its listener"))
    assert sent(on, pressed(action_id)) == 404


def test_a_form_has_its_own_listener_though_a_button_has_its_name() -> None:
    on, heard = Listeners(), []

    def listener(ack: Ack, view: Body) -> None:
        heard.append(view["id"])
        ack()

    on.action("thing", lambda ack: pytest.fail("a button's listener"))
    on.closed("thing", lambda ack: pytest.fail("for a form that is closed"))
    on.view("thing", listener)
    assert sent(on, handed_in("thing")) == 200
    assert heard == ["V0"]


def test_a_listener_that_asks_for_what_there_is_not_is_found_before_anybody_presses_anything() -> None:
    on = Listeners()
    on.action("thing", lambda ack, weather: ack())
    with pytest.raises(TypeError, match="weather"):
        sent(on, pressed("thing"))
