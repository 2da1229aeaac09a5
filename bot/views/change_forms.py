"""The form of anything that can be changed of a program: drawn from the description of its fields, and read back."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.domain.change_fields.fields import LINES, REAL, SAMPLE, Field, Problem, Values
from bot.domain.change_fields.reminders import OFFSETS_HELP
from bot.domain.change_fields.sections import SECTIONS, SPECS
from bot.domain.changes import Conflict, Draft, Editing, Rejected
from bot.domain.messages import Block
from bot.domain.programs import parse_clock
from bot.views import ids
from bot.views.blocks import (
    actions,
    button,
    checkboxes,
    clip,
    context,
    date_input,
    esc,
    field_block,
    modal,
    multi_select,
    option,
    quote,
    radios,
    section,
    select,
    text_input,
    time_input,
    user_select,
)
from bot.views.change_words import ADDING, CHANGING, SAVES, clock_of, removes, said, title
from bot.views.failures import first_input
from bot.views.times import day_words
from bot.views.zones import zone_select

METADATA = 3000
QUOTED = 700
BLOCK = "change:"
THEIRS, MINE = "theirs", "mine"

View = Mapping[str, Any]


@dataclass(frozen=True)
class Back:
    """The list from which a form was opened, to be drawn again: what it was narrowed to, and how far in."""

    words: str = ""
    start: int = 0


def form(shape: Editing, draft: Draft | None = None, *, note: str = "", back: Back | None = None) -> Block:
    """The form of an item; `draft` is what was typed before, `note` (mrkdwn) stands above."""
    draft = draft or Draft(shape.section, shape.key, shape.values, shape.mark)
    blocks = [*([section(note)] if note else []), *_head(shape), *fields(shape, draft.values)]
    word = removes(shape.section, shape.key, shape.body)
    if word and not shape.new:
        value = ids.reference(shape.program.id, f"{shape.section}/{shape.key}")
        blocks.append(actions(button(word, ids.CHANGE_REMOVE, value, style="danger")))
    if SAVES[shape.section] != "Save":
        blocks.append(context("Nothing is changed yet: you see next what follows from it."))
    return modal(
        ids.CHANGE_FORM,
        ADDING[shape.section] if shape.new else CHANGING[shape.section],
        blocks,
        submit=SAVES[shape.section],
        close="Not now",
        metadata=about(shape, replace(draft, values={}, looked="", remove=False), back),
    )


def fields(shape: Editing, values: Values) -> list[Block]:
    """The fields of a form with what stands in them."""
    return [_block(one, values.get(one.name, "")) for one in shape.fields]


@ids.reading()
def read(view: View) -> tuple[int, Draft, Back | None]:
    """The program, the item as somebody wants it, and the list behind; typed, or kept beside what follows."""
    said_ = json.loads(str(view.get("private_metadata") or ""))
    typed = {name.removeprefix(BLOCK): _value(state) for name, state in _states(view) if name.startswith(BLOCK)}
    kept = unpacked(said_["d"]) if said_.get("d") else {}
    draft = Draft(
        SECTIONS[said_["s"]], str(said_["k"]), kept | typed, str(said_["m"]), bool(said_["r"]), str(said_["l"])
    )
    back = back_from(said_.get("b"))
    return int(said_["p"]), draft, back


@ids.reading()
def read_both(view: View) -> tuple[int, Draft, Back | None]:
    """The same from the form in which two people's changes stand: whose is kept was chosen field by field."""
    program, draft, back = read(without_fields(view))
    chosen = {name: _value(state) for name, state in _states(view)}
    theirs = unpacked(json.loads(str(view["private_metadata"]))["t"])
    values = {
        name: theirs[name] if chosen.get(f"both:{name}") == THEIRS else mine for name, mine in draft.values.items()
    }
    return program, replace(draft, values=values), back


def back_from(kept: object) -> Back | None:
    """The list that a form has kept; None for anything else that it may have kept there."""
    return Back(str(kept[0]), int(kept[1])) if isinstance(kept, list) else None


def without_fields(view: View) -> dict[str, Any]:
    """A form without what stands in its fields."""
    return {**view, "state": {"values": {}}}


@ids.reading()
def back_of(view: View) -> Back | None:
    """The list from which a form was opened; of one that is made elsewhere nothing is known."""
    if view.get("callback_id") == ids.ENTRY_EDIT_FORM and view.get("private_metadata"):
        return back_from(json.loads(str(view["private_metadata"])).get("b"))
    if view.get("callback_id") not in (ids.CHANGE_FORM, ids.CHANGE_SAVE_FORM, ids.CHANGE_WINDOW):
        return None
    metadata = str(view.get("private_metadata") or "")
    return read(without_fields(view))[2] if metadata.startswith("{") else None


def about(shape: Editing, draft: Draft, back: Back | None, **more: str) -> str:
    """What a form says of itself."""
    kept: dict[str, object] = {
        "p": shape.program.id,
        "s": draft.section,
        "k": draft.key,
        "m": draft.seen,
        "r": draft.remove,
        "l": draft.looked,
        **more,
    }
    if draft.values:
        kept["d"] = packed(draft.values)
    if back is not None:
        kept["b"] = [back.words[:100], back.start]
    return json.dumps(kept)


def packed(values: Values) -> str:
    """Values as short as may be."""
    return base64.urlsafe_b64encode(zlib.compress(json.dumps(dict(values)).encode(), 9)).decode()


def unpacked(text: str) -> dict[str, str]:
    """The same as they were. Raises ValueError for what nobody here has packed."""
    try:
        return {
            str(name): str(value) for name, value in json.loads(zlib.decompress(base64.urlsafe_b64decode(text))).items()
        }
    except zlib.error as error:
        raise ValueError("not packed here") from error


def both(found: Conflict, back: Back | None = None) -> Block:
    """Two people have changed the same: field by field, both versions and a choice."""
    who = esc(found.by) if found.by else "Somebody"
    blocks = [
        section(f"*{who} has changed this since you opened it.* Nothing of yours is lost: choose what is to stand.")
    ]
    theirs = {one.field.name: one.theirs for one in found.fields}
    draft = replace(found.draft, seen=found.editing.mark, looked="")
    metadata = about(found.editing, draft, back, t=packed(theirs))
    if len(metadata) > METADATA:
        note = "\n".join(
            [
                f"*{who} has changed this since you opened it.* Your words are below; saving takes them. Theirs:",
                *(f"*{one.field.label}*\n{quote(said(one.field, one.theirs), 300)}" for one in found.fields[:4]),
            ]
        )
        return form(found.editing, draft, note=clip(note, 2900), back=back)
    for one in found.fields[:40]:
        versions = ((THEIRS, f"{who} wrote" if found.by else "It says now", one.theirs), (MINE, "You wrote", one.mine))
        for _, whose, value in versions:
            blocks.append(section(f"{whose}:\n{quote(said(one.field, value), QUOTED)}"))
        options = [option("Keep theirs", THEIRS), option("Take mine", MINE)]
        name = f"both:{one.field.name}"
        blocks.append(field_block(name, one.field.label, radios(name, options, initial=MINE)))
    return modal(ids.CHANGE_BOTH_FORM, "Changed meanwhile", blocks, submit="Go on", close="Not now", metadata=metadata)


def again(draft: Draft, shape: Editing, back: Back | None) -> Block:
    """The form once more, as it was filled in."""
    return form(shape, replace(draft, looked="", remove=False), back=back)


# What is wrong


def errors(found: Rejected, view: View) -> dict[str, str]:
    """What is wrong, under the fields; where a field is not there, under the first."""
    there = [str(block["block_id"]) for block in view["blocks"] if block.get("type") == "input"]
    shown: dict[str, str] = {}
    by_name = {one.name: one for one in found.editing.fields}
    for problem in found.problems:
        name = f"{BLOCK}{problem.field}"
        place = name if name in there else next(iter(there), "")
        shown.setdefault(place, clip(words_of(problem, by_name.get(problem.field)), 500))
    return {place: says for place, says in shown.items() if place}


def under_first(words: str, view: View) -> dict[str, str]:
    """A sentence under the first field of a form; nothing where it has none."""
    place = first_input(view["blocks"])
    return {place: words} if place else {}


def words_of(problem: Problem, field: Field | None) -> str:
    """What is wrong with a field, in plain words, with what works instead."""
    if problem.why == "missing":
        return MISSING.get(field.kind if field is not None else "line", A_FEW_WORDS)
    if problem.why == "too long":
        return f"That is {int(problem.words):,} characters; there is room for {problem.most:,}."
    if problem.why == "skipped":
        day, _, clock = problem.words.partition(" ")
        gone = f"There is no {clock_of(clock)} on {day_words(date.fromisoformat(day))}"
        return f"{gone}: clocks go forward then. Choose a time before or after."
    if problem.why == "gap":
        day, clock, name = problem.words.split(" ", 2)
        at = f"{clock_of(clock)} on {day_words(date.fromisoformat(day))}"
        return f"On that clock there is no {at}, when clocks go forward: move “{clip(name, 100)}” first."
    if problem.why == "end":
        return _end(problem.words)
    if problem.why == "check":
        return f"{problem.words[:1].upper()}{problem.words[1:]}."
    return WORDS[problem.why].format(typed=f"“{clip(problem.words, 60)}”", most=problem.most)


A_FEW_WORDS = "Write something here; a few words are enough."
MISSING: Mapping[str, str] = {
    "day": "Choose a day.",
    "time": "Choose a time.",
    "choice": "Choose one.",
    "choices": "Choose at least one.",
    "zone": "Choose a city.",
    "user": "Choose a person.",
    "number": "Write a number.",
    "lines": "Write at least one line.",
    "url": "Write the address, beginning with https://.",
    "email": "Write an e-mail address.",
}
WORDS: Mapping[str, str] = {
    "url": "That is no web address. It begins with https://, as in https://example.org/page.",
    "email": "{typed} is no e-mail address. It looks like name@example.org.",
    "number": "{typed} is no number. Write it in digits, like 2 or 1.5.",
    "zone": "I do not know that zone. Choose the nearest large city.",
    "range": "Write a number from 0 to {most:,}.",
    "offset": f"I do not understand {{typed}}. {OFFSETS_HELP}",
    "offset after": "A reminder comes before it or on the day. Only homework is asked about afterwards.",
    "too many": "At most {most} lines, so that nobody is asked more often than that.",
    "link": "I see no address in {typed}. Write the words, a space, and the address: The chapter https://…",
    "repeat": "Say until which day it repeats, or how many times: at least twice, at most 60 times.",
}


def _end(kind: str) -> str:
    if kind == "deadline":
        return "A deadline is one moment. Leave the end empty, or say above that it is something else."
    return "This is before it begins. Choose a later one; if it goes on to another day, say which."


# Fields


def _head(shape: Editing) -> list[Block]:
    if shape.new or any(one.name == SPECS[shape.section].title for one in shape.fields):
        return []
    name = title(shape.section, shape.key, shape.body)
    return [section(f"*{esc(clip(name, 300))}*")] if name else []


def _block(field: Field, value: str) -> Block:
    name = f"{BLOCK}{field.name}"
    element = _choosing(field, name, value) or _typing(field, name, value)
    return field_block(name, field.label, element, hint=field.help or None, optional=field.optional)


def _choosing(field: Field, name: str, value: str) -> Block | None:
    options = [option(clip(label, 75), key) for key, label in field.choices]
    match field.kind:
        case "choice" if {key for key, _ in field.choices} == {REAL, SAMPLE}:
            return radios(name, options, initial=value or None)
        case "choice":
            nothing = [option("Nothing to choose from", "-")]
            return select(name, options or nothing, initial=value or None, placeholder="Choose one")
        case "choices" if len(options) <= 2:
            return checkboxes(name, options, initial=value.split("\n"))
        case "choices":
            return multi_select(name, options, initial=value.split("\n"), placeholder="Choose")
        case "yes":
            return checkboxes(name, [option("Yes", "yes")], initial=[value] if value else [])
        case "zone":
            return zone_select(name, value)
        case "user":
            return user_select(name, value or None, "Choose a person")
        case _:
            return None


def _typing(field: Field, name: str, value: str) -> Block:
    match field.kind:
        case "day":
            return date_input(name, date.fromisoformat(value) if value else None)
        case "time":
            return time_input(name, parse_clock(value) if value else None)
        case "text" | "lines":
            most = LINES if field.kind == "lines" else max(field.most, len(value))
            return text_input(name, multiline=True, initial=value, max_length=min(most, LINES))
        case "number":
            return text_input(name, initial=value, max_length=12)
        case _:
            most = 2000 if field.kind == "url" else max(field.most, len(value))
            return text_input(name, initial=value, max_length=most)


def _states(view: View) -> list[tuple[str, Mapping[str, Any]]]:
    values: Mapping[str, Mapping[str, Any]] = view["state"]["values"]
    return [(str(block), next(iter((state or {}).values()), {}) or {}) for block, state in values.items()]


def _value(state: Mapping[str, Any]) -> str:
    """What stands in one field, as text."""
    chosen = state.get("selected_option")
    if chosen:
        return str(chosen["value"])
    if "selected_options" in state:
        return "\n".join(str(one["value"]) for one in state["selected_options"] or ())
    for name in ("value", "selected_date", "selected_time", "selected_user"):
        if state.get(name):
            return str(state[name])
    return ""
