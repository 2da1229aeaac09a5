"""A form as questions, and answers as the fields of a form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.dialogues import Answer, Answers, Choice, Kind, Part, Script, Step
from bot.domain.drafts import Values
from bot.domain.hours import Unit

KINDS: Mapping[str, Kind] = {
    "plain_text_input": "words",
    "static_select": "one",
    "radio_buttons": "one",
    "multi_static_select": "several",
    "checkboxes": "several",
    "datepicker": "day",
}
INITIAL = {"datepicker": "initial_date", "plain_text_input": "initial_value"}
View = Mapping[str, Any]


def script(view: View, title: str, units: Mapping[str, Unit], leave: Sequence[str] = ()) -> Script:
    """A form as questions; fields of `leave` are not asked. `units` are by the beginning of a field's name."""
    lead: list[str] = []
    steps: list[Step] = []
    for block in view["blocks"]:
        name = str(block.get("block_id") or "")
        if block["type"] in ("section", "context") and not name.startswith(("draft.", "dialogue.")):
            lead += _texts(block)
        if (
            block["type"] != "input"
            or block["element"]["type"] not in KINDS
            or name.startswith(tuple(leave) or ("\n",))
        ):
            continue
        unit = next((unit for begin, unit in units.items() if name.startswith(begin)), None)
        steps.append(_step(block, "\n".join(lead), unit))
        lead = []
    return Script(title, tuple(steps), str((view.get("submit") or {}).get("text") or "Hand in"))


def _texts(block: View) -> list[str]:
    if block["type"] == "section":
        return [block["text"]["text"]]
    return [one["text"] for one in block["elements"] if "text" in one]


def _step(block: View, lead: str, unit: Unit | None) -> Step:
    element = block["element"]
    kind = KINDS[element["type"]]
    offered = tuple(Choice(one["value"], one["text"]["text"]) for one in _options(element))
    preset = () if kind == "words" else _initial(element)
    return Step(
        key=str(block["block_id"]),
        label=block["label"]["text"],
        kind=kind,
        hint=str((block.get("hint") or {}).get("text") or ""),
        lead=lead,
        optional=bool(block.get("optional")),
        choices=offered,
        action=str(element["action_id"]),
        preset=preset,
        unit=unit,
    )


def _options(element: View) -> list[dict[str, Any]]:
    groups = element.get("option_groups")
    return [one for group in groups for one in group["options"]] if groups else list(element.get("options") or ())


def _initial(element: View) -> tuple[str, ...]:
    """What a field begins with."""
    given = element.get(INITIAL.get(element["type"], "initial_options"), element.get("initial_option"))
    if not given:
        return ()
    if isinstance(given, list):
        return tuple(str(one["value"]) for one in given)
    return (str(given["value"]),) if isinstance(given, dict) else (str(given),)


def given(view: View) -> dict[str, Answer]:
    """The words that a form begins with, by field."""
    inputs = (one for one in view["blocks"] if one["type"] == "input")
    words = {str(one["block_id"]): str(one["element"].get("initial_value") or "") for one in inputs}
    return {name: Answer((Part("", text),)) for name, text in words.items() if text}


def typed(view: View, values: Values) -> dict[str, Answer]:
    """What stands in an open form: its words, and what was chosen otherwise than it was at first."""
    found: dict[str, Answer] = {}
    for block in view["blocks"]:
        if block["type"] != "input" or block["element"]["type"] not in KINDS:
            continue
        name, element = str(block["block_id"]), block["element"]
        state = next(iter((values.get(name) or {}).values()), {})
        if element["type"] == "plain_text_input":
            text = str(state.get("value") or "")
            if text.strip():
                found[name] = Answer((Part("", text),))
            continue
        chosen = _chosen(state)
        if chosen and chosen != _initial(element):
            found[name] = Answer(values=chosen)
    return found


def _chosen(state: Mapping[str, Any]) -> tuple[str, ...]:
    if state.get("selected_date"):
        return (str(state["selected_date"]),)
    if state.get("selected_option"):
        return (str(state["selected_option"]["value"]),)
    return tuple(str(one["value"]) for one in state.get("selected_options") or ())


def values(view: View, answers: Answers) -> dict[str, dict[str, dict[str, Any]]]:
    """Answers as they would stand in the fields of a form, those not asked as it begins with them."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element, answer = block["element"], answers.get(str(block["block_id"]))
            chosen = answer.values if answer is not None else _initial(element)
            found[block["block_id"]] = {element["action_id"]: _state(element, answer, chosen)}
    return found


def _state(element: View, answer: Answer | None, chosen: Sequence[str]) -> dict[str, Any]:
    match KINDS.get(element["type"]):
        case "words":
            return {"value": answer.text if answer is not None else None}
        case "day":
            return {"selected_date": chosen[0] if chosen else None}
        case "one":
            offered = {one["value"]: one for one in _options(element)}
            return {"selected_option": offered.get(chosen[0]) if chosen else None}
        case _:
            return {"selected_options": [one for one in _options(element) if one["value"] in chosen]}


def filled(view: View, answers: Answers) -> dict[str, Any]:
    """A form as it would be handed in with these answers."""
    return {**view, "state": {"values": values(view, answers)}}
