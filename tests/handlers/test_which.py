"""Two programs in one workspace: whatever somebody begins asks which is meant where it is not clear, and goes on."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import col, select

from bot.views import ids
from bot.views.which import QUESTION, too_long
from handlers import messages, registry
from handlers.listen import Listeners
from jobs.registry import KINDS
from storage.notices import NoticeRow
from tests import cast
from tests.cast import COHORT, FAY, GENERAL, PRIYA, SAM, TEAM, TOMAS
from tests.handlers.desk import Desk
from tests.jobs.conftest import send_all

COMMANDS = {
    ids.ASK: "is it online?",
    ids.REFLECT: "",
    ids.CHECKIN: "",
    ids.DATES: "",
    ids.HOMEWORK: "",
    ids.CONVENE: "digest",
}
"""Every command, with words that are about a program."""


class Respond:
    """Stands for Bolt's respond."""

    def __init__(self) -> None:
        self.given: list[dict[str, Any]] = []

    def __call__(self, **given: Any) -> None:
        self.given.append(given)


class Context:
    """Stands for Bolt's context."""

    bot_user_id = "U0CONVENE"


@pytest.fixture
def on() -> Listeners:
    """Everything as Bolt is told."""
    return registry.collect()


@pytest.fixture
def both(season: Desk) -> Desk:
    """Fay and Tomás take part in a second program, too."""
    with season.deps.db.begin() as session:
        stem = cast.load(session, "stem-iq")
        cast.join(session, stem, FAY, "facilitator")
        cast.join(session, stem, TOMAS, "participant", organization="Hillsboro")
    return season


def listener(on: Listeners, name: str) -> Callable[..., None]:
    """The listener of a command, with the question before it."""
    return next(found for command, found in on.commands.items() if command.name == name)


def type_(desk: Desk, on: Listeners, name: str, user: str, text: str, channel: str = GENERAL) -> dict[str, Any]:
    """A slash command with its real name."""
    body = {"command": name, "text": text, "trigger_id": "t", "team_id": TEAM, "user_id": user, "channel_id": channel}
    given: list[dict[str, Any]] = []
    listener(on, name)(ack=lambda **more: given.append(more), body=body, deps=desk.deps)
    assert len(given) == 1, "a payload is acknowledged exactly once"
    return given[0]


def choose(desk: Desk, on: Listeners, user: str, value: str, view: dict[str, Any] | None = None) -> Respond:
    """A program's button pressed."""
    respond, given = Respond(), []
    place = {"container": {"type": "message", "channel_id": GENERAL, "message_ts": "1.0", "is_ephemeral": True}}
    inside = {"container": {"type": "view", "view_id": (view or {}).get("id")}, "view": view}
    body = {
        "type": "block_actions",
        "trigger_id": "pressed",
        "actions": [{"type": "button", "action_id": ids.WHICH, "value": value, "action_ts": "2.0"}],
        "user": {"id": user, "team_id": TEAM},
        "team": {"id": TEAM},
        "channel": {"id": GENERAL},
        "response_url": "https://slack.invalid/response",
        **(inside if view else place),
    }
    on.actions[ids.WHICH](
        ack=lambda **more: given.append(more), body=body, deps=desk.deps, context=Context(), respond=respond
    )
    assert len(given) == 1
    return respond


def buttons(message: dict[str, Any]) -> dict[str, str]:
    """Values by what stands on the buttons."""
    found = [one for block in message["blocks"] if block["type"] == "actions" for one in block["elements"]]
    return {one["text"]["text"]: one["value"] for one in found}


OST, STEM = "OST Community of Practice", "STEM Integration Quality (STEM IQ)"


def test_every_command_is_among_those_tried_here(on: Listeners) -> None:
    assert {command.name for command in on.commands} == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_asks_which_program_is_meant_and_goes_on_with_what_was_typed(
    both: Desk, on: Listeners, name: str
) -> None:
    asked = type_(both, on, name, FAY, COMMANDS[name])
    assert asked["text"] == QUESTION
    offered = buttons(asked)
    assert set(offered) == {OST, STEM}
    before = len(both.slack.calls)
    respond = choose(both, on, FAY, offered[STEM])
    assert respond.given[0]["replace_original"] is True
    shown = json.dumps([respond.given, [given for _, given in both.slack.calls[before:]]])
    assert QUESTION not in shown
    assert OST not in shown
    with both.deps.db.read() as session:
        assert len(both.deps.programs.all(session)) == 2


@pytest.mark.parametrize("name", COMMANDS)
def test_in_a_programs_channel_and_for_who_is_in_one_nothing_is_asked(both: Desk, on: Listeners, name: str) -> None:
    assert type_(both, on, name, FAY, COMMANDS[name], channel=COHORT).get("text") != QUESTION
    assert type_(both, on, name, PRIYA, COMMANDS[name]).get("text") != QUESTION


def test_a_stranger_is_asked_as_well(both: Desk, on: Listeners) -> None:
    assert type_(both, on, ids.DATES, SAM, "")["text"] == QUESTION


def test_help_is_about_no_program(both: Desk, on: Listeners) -> None:
    assert type_(both, on, ids.CONVENE, FAY, "help")["text"] != QUESTION


def test_with_one_program_nothing_is_asked(season: Desk, on: Listeners) -> None:
    assert type_(season, on, ids.DATES, SAM, "").get("text") != QUESTION


def test_more_than_a_button_holds_is_asked_for_in_the_channel(both: Desk, on: Listeners) -> None:
    assert type_(both, on, ids.ASK, FAY, "why " * 700)["text"] == too_long()


def test_a_shortcut_asks_in_a_window_whose_place_the_form_takes(both: Desk, on: Listeners) -> None:
    shortcut, found = next(
        (one, found) for one, found in on.shortcuts.items() if one.callback_id == "reflection.shortcut"
    )
    body = {
        "type": "shortcut",
        "callback_id": shortcut.callback_id,
        "trigger_id": "t",
        "action_ts": "1.0",
        "user": {"id": TOMAS, "team_id": TEAM},
        "team": {"id": TEAM},
    }
    found(ack=lambda **_: None, body=body, deps=both.deps)
    window = both.shown()
    assert window["callback_id"] == ids.WHICH_WINDOW
    before = len(both.slack.asked("views.push"))
    choose(both, on, TOMAS, buttons(window)[OST], {**window, "id": "V1", "type": "modal"})
    assert both.shown()["callback_id"] == ids.REFLECTION_FORM
    assert len(both.slack.asked("views.push")) == before, "it takes the place of the question"


def test_a_button_without_a_program_asks_and_one_with_a_program_does_not(both: Desk, on: Listeners) -> None:
    both.press(on.actions[ids.DATES_OPEN], TOMAS, "")
    window = both.shown()
    assert window["callback_id"] == ids.WHICH_WINDOW
    choose(both, on, TOMAS, buttons(window)[OST], {**window, "id": "V1", "type": "modal"})
    assert OST in json.dumps(both.shown())
    both.press(on.actions[ids.DATES_OPEN], TOMAS, ids.reference(1))
    assert both.shown()["callback_id"] != ids.WHICH_WINDOW


@pytest.mark.parametrize(
    "value", ["", "1:", "x", "1:command /nothing", "99:command /dates", "1:shortcut x", "1:action x"]
)
def test_what_nobody_here_wrote_behind_a_button_does_no_harm(both: Desk, on: Listeners, value: str) -> None:
    choose(both, on, FAY, value, {"id": "V1", "type": "modal", "private_metadata": "", "callback_id": "x"})


def write(desk: Desk, user: str, text: str, number: str = "1") -> None:
    """A direct message."""
    event = {"type": "message", "channel": "D1", "channel_type": "im", "user": user, "text": text, "ts": f"{number}.0"}
    body = {"event": event, "team_id": TEAM, "event_id": f"Ev{number}", "api_app_id": "A"}
    messages.heard(body=body, event=event, context=Context(), deps=desk.deps)  # type: ignore[arg-type]


def kinds(desk: Desk) -> list[tuple[str, int | None]]:
    """What is to be said, with its program."""
    with desk.deps.db.read() as session:
        return [(row.kind, row.program_id) for row in session.exec(select(NoticeRow).order_by(col(NoticeRow.id)))]


def test_what_somebody_writes_is_answered_once_they_have_said_for_which_program(both: Desk, on: Listeners) -> None:
    write(both, FAY, "What is STEM IQ?")
    write(both, FAY, "What is STEM IQ?")
    assert kinds(both) == [("which.ask", None)]
    both.slack.messages.append({"channel": GENERAL, "ts": "1.0", "user": FAY, "text": "What is STEM IQ?"})
    choose(both, on, TOMAS, ids.reference(2, f"message {FAY}/1.0/"))
    assert len(kinds(both)) == 1, "somebody else's question is not theirs to go on with"
    choose(both, on, FAY, ids.reference(2, f"message {FAY}/1.0/"))
    assert kinds(both)[1:] == [("faq.reply", 2)]


@pytest.mark.parametrize("text", ["thanks!", "ok"])
def test_a_courtesy_is_about_no_program(both: Desk, text: str) -> None:
    write(both, FAY, text)
    assert all(kind != "which.ask" for kind, _ in kinds(both))


def test_the_question_in_the_conversation_offers_each_program(both: Desk) -> None:
    write(both, FAY, "What is STEM IQ?")
    send_all(both.deps, both.clock, KINDS)
    (posted,) = [one for one in both.slack.messages if one["text"] == QUESTION]
    assert set(buttons(posted)) == {OST, STEM}
