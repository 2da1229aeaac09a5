"""What is sent: Slack's payloads in all their kinds, from anybody, with forged values, and some of them damaged."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from handlers import registry
from tests.cast import ADA, APPLICANTS, COHORT, FACILITATORS, FAY, GENERAL, SAM, TEAM, TOMAS
from tests.fuzz.stage import EVERYBODY, Stage

Payload = dict[str, Any]
Draw = Callable[[st.SearchStrategy[Any]], Any]

EVIL = "<!channel> <@U0EVIL001> <https://evil.example/a?b=1&c=2|safe> & *bold* `code`"
ESCAPED = EVIL.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
TEXTS = (
    "",
    " ",
    "help",
    "mine",
    "all",
    "digest",
    "people",
    "status",
    "when is the application due?",
    "thanks!",
    "¿hay estacionamiento?",
    EVIL,
    ESCAPED,
    f"who answers {EVIL}?",
    f"why {ESCAPED}?",
    "&amp;lt;!channel&amp;gt;?",
    "\x00\x1b[31m\u202e\u200b",
    "\ud800 half an emoji \udfff?",
    "e\u0301\u0302\u0303" * 200,
    "&" * 3000,
    "<" * 3000,
    "w" * 5000,
    "😀" * 1500,
    "https://evil.example/" + "x" * 3000,
    "\n" * 200 + "?",
    "{0} %s {contact} ${x} {{y}}",
    "'; DROP TABLE people; --",
    "1" * 400,
    "-1",
    "2020-13-45",
    "null",
)
IDS = ("", "0", "1", "2", "999999999", "9" * 30, "-1", "U0EVIL001", "\ud800", "\x00", "x" * 3000, EVIL)
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.sampled_from((0, -1, 10**30, 1.5, 1e308)),
    st.sampled_from(TEXTS),
    st.sampled_from(IDS),
    st.text(max_size=12),
    st.sampled_from(([], {}, [None], [[]], {"a": None}, [{"id": 1}], {"id": {}}, {"values": []}, {"type": "x"})),
)
ROOMS = (APPLICANTS, COHORT, FACILITATORS, GENERAL, "D0ADA0001", "D0FAY0001", "C0NOWHERE")
SUBTYPES = (None, None, None, "message_changed", "message_deleted", "file_share", "bot_message", "channel_join", "x")
KINDS = (
    "command",
    "pressed in a message",
    "pressed in a view",
    "handed in",
    "closed",
    "suggestion",
    "shortcut",
    "message shortcut",
    "message",
    "event",
)


ALIKE = 3
"""Of the buttons that do the same, so many are kept."""


@dataclass
class Corpus:
    """What the bot has shown: its forms, and its buttons and menus with what stands behind them.

    `hook` is an address to answer at.
    """

    hook: str = ""
    views: list[Payload] = field(default_factory=list)
    pressed: list[tuple[str, str]] = field(default_factory=list)

    def take(self, thing: Any) -> None:
        """Keep every new form and button of something that was shown."""
        if isinstance(thing, list):
            for one in thing:
                self.take(one)
        if not isinstance(thing, dict):
            return
        if thing.get("type") in ("modal", "home") and "blocks" in thing:
            known = {(one.get("callback_id"), one.get("private_metadata")) for one in self.views}
            if (thing.get("callback_id"), thing.get("private_metadata")) not in known:
                self.views.append(copy.deepcopy(thing))
        if "action_id" in thing:
            pressed = (thing["action_id"], thing.get("value", ""))
            alike = [one for one in self.pressed if one[0].partition("#")[0] == pressed[0].partition("#")[0]]
            if pressed not in alike and len(alike) < ALIKE:
                self.pressed.append(pressed)
        for value in thing.values():
            self.take(value)


@dataclass
class _Walk:
    """Somebody who goes through the bot as people do, and keeps what it shows."""

    stage: Stage
    corpus: Corpus
    number: int = 0

    def send(self, payload: Payload) -> None:
        self.number += 1
        answer = self.stage.send({**payload, "trigger_id": f"1.{self.number}"})
        self.corpus.take(self.stage.shown)
        self.corpus.take(answer.get_json() if answer.is_json else None)

    def beat(self) -> None:
        self.stage.beat()
        self.corpus.take(self.stage.shown)

    def look_around(self, user: str) -> None:
        """The Home, and every command."""
        opened = {"type": "app_home_opened", "user": user, "tab": "home", "channel": f"D{user[1:]}"}
        self.send(event(opened, f"H{user}"))
        for command in registry.collect().commands:
            for words in ("", "mine", "when is the application due?"):
                self.send(command_of(user, command.name, words))

    def ask(self, words: str) -> None:
        """In a channel, so that a facilitator has something to answer."""
        ts = f"1602511200.{self.number:06}"
        asked = {"type": "app_mention", "user": ADA, "channel": APPLICANTS, "text": f"<@U0CONVENE> {words}", "ts": ts}
        self.send(event(asked, f"A{self.number}"))

    def press_everything(self, user: str) -> None:
        for number, (action_id, value) in enumerate(self.corpus.pressed[:]):
            action = {"type": "button", "action_id": action_id, "value": value, "action_ts": f"{number}.1"}
            self.send(press(user, action))

    def hand_in_everything(self, user: str) -> None:
        for number, view in enumerate(self.corpus.views[:]):
            self.send(submission(user, {**view, "id": f"V{user}{number}", "state": {"values": _typed(view)}}))


def collected(stage: Stage) -> Corpus:
    """What the bot shows to those who ask, look and press everywhere."""
    walk = _Walk(stage, Corpus(f"{stage.slack.url}response/T1/abcdef"))
    for user in (TOMAS, FAY, SAM):
        walk.look_around(user)
    walk.ask("what does &lt;!channel&gt; &amp; <@U0EVIL001> cost on the moon?")
    walk.beat()
    for user in (FAY, TOMAS):
        walk.press_everything(user)
        walk.hand_in_everything(user)
        walk.beat()
    walk.press_everything(FAY)
    return walk.corpus


def payload(draw: Draw, corpus: Corpus, kind: str) -> Payload:
    """One payload of a kind, as likely good as damaged."""
    user = draw(st.sampled_from((*EVERYBODY, "U0EVIL001")))
    made = _MAKERS[kind](draw, corpus, user)
    if kind != "command" and draw(st.integers(0, 5)) == 0:
        _foreign(made)
    for _ in range(draw(st.sampled_from((0, 0, 1, 1, 2, 4)))):
        damage(draw, made)
    return made


def damage(draw: Draw, thing: Payload) -> None:
    """Take something out of a payload, or put something else in its place."""
    places = list(_places(thing))
    if not places:
        return
    holder, key = places[draw(st.integers(0, len(places) - 1))]
    if draw(st.integers(0, 3)) == 0:
        del holder[key]
    else:
        holder[key] = copy.deepcopy(draw(ODD))


def _places(thing: Any) -> Iterator[tuple[Any, Any]]:
    keys = list(thing) if isinstance(thing, dict) else range(len(thing)) if isinstance(thing, list) else []
    for key in keys:
        yield thing, key
        yield from _places(thing[key])


def _foreign(made: Payload) -> None:
    """The same from a workspace that the bot does not serve."""
    if "team_id" in made:
        made["team_id"] = "T0ANOTHER"
        made["authorizations"][0]["team_id"] = "T0ANOTHER"
    else:
        made["team"] = {"id": "T0ANOTHER"}
        made.get("view", {}).pop("app_installed_team_id", None)


# Kinds


def command_of(user: str, name: str, words: str, channel: str = COHORT) -> Payload:
    return {
        "command": name,
        "text": words,
        "team_id": TEAM,
        "user_id": user,
        "channel_id": channel,
        "trigger_id": "1.1",
        "api_app_id": "A0CONVENE",
        "response_url": "",
        "is_enterprise_install": "false",
    }


def event(inner: Payload, number: str) -> Payload:
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": "A0CONVENE",
        "event_id": f"Ev{number}",
        "event_time": 1602511200,
        "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": "U0CONVENE", "is_bot": True}],
        "event": inner,
    }


def _sent_by(user: str, kind: str) -> Payload:
    return {
        "type": kind,
        "api_app_id": "A0CONVENE",
        "trigger_id": "1.1",
        "user": {"id": user, "username": "x", "team_id": TEAM},
        "team": {"id": TEAM, "domain": "convene"},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def press(user: str, action: Payload, channel: str = COHORT, ts: str = "1602511200.000000") -> Payload:
    container = {"type": "message", "channel_id": channel, "message_ts": ts, "is_ephemeral": False}
    message = {"type": "message", "user": "U0CONVENE", "bot_id": "B0CONVENE", "ts": ts, "text": EVIL, "blocks": []}
    where = {"container": container, "channel": {"id": channel, "name": "x"}, "message": message}
    return {**_sent_by(user, "block_actions"), **where, "actions": [action], "state": {"values": {}}}


def submission(user: str, view: Payload, kind: str = "view_submission") -> Payload:
    return {**_sent_by(user, kind), "view": {**view, "team_id": TEAM, "app_installed_team_id": TEAM, "hash": "1.a"}}


def _command(draw: Draw, corpus: Corpus, user: str) -> Payload:
    names = [one.name for one in registry.collect().commands]
    made = command_of(user, draw(st.sampled_from(names)), draw(st.sampled_from(TEXTS)), draw(st.sampled_from(ROOMS)))
    made["trigger_id"] = draw(_numbers())
    made["team_id"] = draw(st.sampled_from((TEAM, TEAM, TEAM, "T0ANOTHER")))
    return made


def _action(draw: Draw, corpus: Corpus) -> Payload:
    action_id, value = draw(st.sampled_from(corpus.pressed))
    if draw(st.integers(0, 4)) == 0:
        action_id = draw(st.sampled_from(sorted(registry.collect().actions)))
    forged = draw(st.integers(0, 3))
    if forged == 0:
        value = f"{draw(st.sampled_from(IDS))}:{draw(st.sampled_from(IDS))}"
    elif forged == 1:
        value = draw(st.sampled_from(corpus.pressed))[1]
    made: Payload = {
        "type": "button",
        "action_id": action_id,
        "block_id": draw(st.sampled_from(("b", "1", "people:1"))),
    }
    kind = draw(st.sampled_from(("value", "value", "option", "user", "text")))
    if kind == "value":
        made["value"] = value
    elif kind == "option":
        made |= {"type": "static_select", "selected_option": {"value": value, "text": _plain(value)}}
    elif kind == "user":
        made |= {"type": "users_select", "selected_user": draw(st.sampled_from((*EVERYBODY, *IDS)))}
    else:
        made |= {"type": "plain_text_input", "value": draw(st.sampled_from(TEXTS))}
    return {**made, "action_ts": draw(_numbers())}


def _in_message(draw: Draw, corpus: Corpus, user: str) -> Payload:
    made = press(user, _action(draw, corpus), draw(st.sampled_from(ROOMS)), draw(_stamps()))
    made["container"]["is_ephemeral"] = draw(st.booleans())
    made["response_url"] = draw(st.sampled_from((corpus.hook, corpus.hook, None)))
    return made


def _in_view(draw: Draw, corpus: Corpus, user: str) -> Payload:
    view = _view(draw, corpus)
    made = submission(user, view, "block_actions")
    return {**made, "container": {"type": "view", "view_id": view["id"]}, "actions": [_action(draw, corpus)]}


def _handed_in(draw: Draw, corpus: Corpus, user: str) -> Payload:
    return submission(user, _view(draw, corpus))


def _closed(draw: Draw, corpus: Corpus, user: str) -> Payload:
    made = submission(user, _view(draw, corpus), "view_closed")
    made["view"]["state"] = {"values": {}}
    del made["trigger_id"]
    return {**made, "is_cleared": draw(st.booleans())}


def _suggestion(draw: Draw, corpus: Corpus, user: str) -> Payload:
    made = {**_sent_by(user, "block_suggestion"), "block_id": "b", "value": draw(st.sampled_from(TEXTS))}
    made["action_id"] = draw(st.sampled_from(corpus.pressed))[0]
    return {**made, "view": _view(draw, corpus)}


def _shortcut(draw: Draw, corpus: Corpus, user: str) -> Payload:
    made = {**_sent_by(user, "shortcut"), "action_ts": draw(_numbers())}
    made["callback_id"] = draw(st.sampled_from([one.callback_id for one in registry.collect().shortcuts]))
    return made


def _message_shortcut(draw: Draw, corpus: Corpus, user: str) -> Payload:
    made = {**_shortcut(draw, corpus, user), "type": "message_action", "message_ts": "1602511200.000000"}
    message = _written(draw, user)
    return {**made, "channel": {"id": message["channel"], "name": "x"}, "message": message}


def _message(draw: Draw, corpus: Corpus, user: str) -> Payload:
    return event(_written(draw, user), draw(_numbers()))


def _written(draw: Draw, user: str) -> Payload:
    channel = draw(st.sampled_from(ROOMS))
    words = draw(st.sampled_from(("", "<@U0CONVENE> "))) + draw(st.sampled_from(TEXTS))
    made: Payload = {"type": draw(st.sampled_from(("message", "app_mention"))), "user": user, "text": words}
    made |= {"channel": channel, "ts": draw(_stamps()), "team": TEAM}
    subtype = draw(st.sampled_from(SUBTYPES))
    if subtype is not None:
        made["subtype"] = subtype
    if subtype in ("message_changed", "message_deleted"):
        inner = {"type": "message", "user": user, "text": words, "ts": draw(_stamps())}
        made |= {"message": inner, "previous_message": inner, "deleted_ts": inner["ts"], "hidden": True}
    if draw(st.integers(0, 2)) == 0:
        made["thread_ts"] = draw(_stamps())
    return made


def _other_event(draw: Draw, corpus: Corpus, user: str) -> Payload:
    names = {name.partition(".")[0] for name in registry.collect().events} - {"message", "app_mention"}
    kind = draw(st.sampled_from((*sorted(names), "channel_rename", "tokens_revoked")))
    made: Payload = {"type": kind, "user": user, "channel": draw(st.sampled_from(ROOMS)), "channel_type": "C"}
    made["tab"] = draw(st.sampled_from(("home", "messages", "", EVIL)))
    if kind == "member_joined_channel":
        made["user"] = draw(st.sampled_from((user, "U0CONVENE")))
        made["inviter"] = draw(st.sampled_from(EVERYBODY))
    if kind == "user_change":
        profile = {"real_name": EVIL, "email": EVIL}
        made["user"] = {"id": user, "name": EVIL, "real_name": EVIL, "tz": draw(st.sampled_from(TEXTS))}
        made["user"] |= {"profile": profile, "deleted": draw(st.booleans()) and user == SAM}
    return event(made, draw(_numbers()))


_MAKERS: dict[str, Callable[[Draw, Corpus, str], Payload]] = {
    "command": _command,
    "pressed in a message": _in_message,
    "pressed in a view": _in_view,
    "handed in": _handed_in,
    "closed": _closed,
    "suggestion": _suggestion,
    "shortcut": _shortcut,
    "message shortcut": _message_shortcut,
    "message": _message,
    "event": _other_event,
}


def _view(draw: Draw, corpus: Corpus) -> Payload:
    """One of the bot's own forms as it comes back: filled in by whoever, its references perhaps another form's."""
    view = copy.deepcopy(draw(st.sampled_from(corpus.views)))
    if draw(st.integers(0, 3)) == 0:
        view["private_metadata"] = draw(st.sampled_from(corpus.views)).get("private_metadata", "")
    if draw(st.integers(0, 5)) == 0:
        view["private_metadata"] = draw(st.sampled_from((*IDS, "{}", "[]", "1:1", json.dumps({"program": 1}))))
    values = _typed(view, lambda options: draw(st.sampled_from(options)))
    return {**view, "id": f"V{draw(_numbers())}", "state": {"values": values}}


def _typed(view: Payload, choose: Callable[[list[Any]], Any] = lambda options: options[-1]) -> Payload:
    """The state of a form's fields, each filled in one of the ways that its kind allows."""
    values: Payload = {}
    for block in view.get("blocks", []):
        if block.get("type") == "input" and "block_id" in block:
            element = block["element"]
            state = _answer(element, choose)
            if block["block_id"].startswith("hours"):
                state["value"] = choose([None, EVIL, "1:30"])
            values[block["block_id"]] = {element["action_id"]: state}
    return values


def _answer(element: Payload, choose: Callable[[list[Any]], Any]) -> Payload:
    kind = element["type"]
    offered = [one for group in element.get("option_groups") or [element] for one in group.get("options", [])]
    if kind.startswith("multi_") or kind == "checkboxes":
        return {"type": kind, "selected_options": choose([[], offered[:1], offered])}
    if offered:
        return {"type": kind, "selected_option": choose([*offered, element.get("initial_option")])}
    if kind == "datepicker":
        return {"type": kind, "selected_date": choose([None, "2020-10-12", "2020-10-01", "9999-12-31", "x"])}
    if kind == "users_select":
        return {"type": kind, "selected_user": choose([None, *EVERYBODY])}
    return {"type": kind, "value": choose([None, *TEXTS, "60", EVIL, EVIL])}


def _plain(words: str) -> Payload:
    return {"type": "plain_text", "text": words}


def _numbers() -> st.SearchStrategy[str]:
    return st.integers(0, 10**9).map(lambda number: f"1.{number}")


def _stamps() -> st.SearchStrategy[str]:
    """The ts of a message: of one that there is, or of another."""
    return st.sampled_from(("1602511200.000000", "1602511200.000001")) | st.integers(2, 10**5).map(
        lambda number: f"1602511200.{number:06}"
    )
