"""What is kept of an answer: the part of a form that says so, and the form that saves a message as an answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.entries import LONGEST_LINE, LONGEST_TEXT, How, Keep, Keeping, Kept, Said
from bot.domain.messages import Block, Payload
from bot.domain.programs import Program
from bot.views import ids
from bot.views.blocks import actions, clip, esc, field_block, modal, option, radios, section, text_input
from bot.views.entries import change_button, quoted
from bot.views.entries_fields import (
    ANSWER,
    AUDIENCE,
    ENTRY,
    QUESTION,
    SOURCE,
    UNTIL,
    WORDING,
    audience_field,
    audience_of,
    entry_menu,
    line_field,
    until_field,
    who_reads,
)
from bot.views.forms import Typed
from bot.views.lines import undo
from bot.views.times import date_words

HOW = "entry.how"
HOWS: dict[str, How] = {"entry": "entry", "phrasing": "phrasing"}
View = Mapping[str, Any]


@dataclass(frozen=True)
class Choice:
    """How a choice of what becomes of an answer is worded in one form."""

    label: str
    options: tuple[tuple[How, str, str], ...]


SAVING = Choice(
    "Save it as",
    (
        ("entry", "A new answer", "Whoever asks this next gets it from me at once."),
        ("phrasing", "A way to ask for an answer that is there", "Nothing else about that answer changes."),
    ),
)


def keep_blocks(shape: Keeping, keep: Keep, choice: Choice, action_id: str) -> list[Block]:
    """What becomes of an answer, and the fields that this asks for; `action_id` draws the form again."""
    offered = [one for one in choice.options if shape.choices or one[0] != "phrasing"]
    options = [option(text, value, about or None) for value, text, about in offered]
    how = field_block(HOW, choice.label, radios(action_id, options, initial=keep.how))
    readers = [section(_who_asks(shape.program))] if keep.how == "entry" and choice is not SAVING else []
    return [{**how, "dispatch_action": True}, *readers, *_fields(shape, keep)]


@ids.reading()
def read_keep(view: Payload) -> Keep:
    """What a form says of next time; a form without such a part keeps nothing."""
    typed = Typed(view)
    how = _how(typed.choice(HOW))
    return Keep(
        how=how,
        question=typed.words(WORDING if how == "phrasing" else QUESTION),
        entry=typed.choice(ENTRY),
        source=typed.words(SOURCE),
        audience=audience_of(typed.choice(AUDIENCE)),
        until=typed.day(UNTIL),
    )


def with_typed(shape: Keeping, view: Payload) -> Keep:
    """What stands in a form that is drawn again: what was typed, and in new fields what they begin with."""
    typed, read = Typed(view), read_keep(view)
    return replace(
        read,
        question=read.question or typed_question(view) or shape.keep.question,
        source=read.source or _source(shape),
        audience=read.audience if AUDIENCE in typed else shape.keep.audience,
    )


def form(shape: Keeping, keep: Keep | None = None, answer: str | None = None) -> Block:
    """The form that saves a message as an answer; `keep` and `answer` are what was typed when it is drawn again."""
    keep = keep or replace(shape.keep, source=_source(shape))
    said = shape.answer if answer is None else answer
    blocks = [section(who_reads(shape.program)), *keep_blocks(shape, keep, SAVING, ids.ENTRY_HOW)]
    if keep.how == "entry":
        element = text_input(ANSWER, multiline=True, initial=said, max_length=LONGEST_TEXT)
        # Behind the question, which is the first field of a new entry.
        blocks.insert(3, field_block(ANSWER, "The answer", element))
    return modal(
        ids.ENTRY_FORM,
        "Save as answer",
        blocks,
        submit="Save",
        close="Not now",
        metadata=_about(shape, "" if keep.how == "entry" else said),
    )


def fetching() -> Block:
    """What stands there for a moment, while Slack is asked what was written."""
    return modal(ids.ENTRY_FORM, "Save as answer", [section("One moment: I am reading the message.")])


@ids.reading()
def read(view: View) -> tuple[Keep, str]:
    """What is to be kept, and the answer; while its field is not there, what stood in it."""
    typed = Typed(view)
    _, aside = _read_about(view)
    return read_keep(view), typed.words(ANSWER) if ANSWER in typed else aside


@ids.reading()
def about(view: View) -> tuple[int, int | None, Said | None]:
    """The program of a form, the question that it is about, if it was logged, and the message, without its text."""
    said, _ = _read_about(view)
    message = Said(str(said["channel"]), None, "", str(said["by"])) if said["channel"] else None
    return int(said["program"]), None if said["question"] is None else int(said["question"]), message


@ids.reading()
def typed_question(view: View) -> str:
    """The question that stands in a form, in whichever of its fields."""
    typed = Typed(view)
    return typed.words(QUESTION) or typed.words(WORDING)


def thanks(kept: Kept) -> Block:
    """It is saved."""
    blocks = [
        section(kept_words(kept)),
        actions(change_button(kept.program, kept.entry)),
        *undo(kept.program.id, kept.change),
    ]
    return modal(ids.ENTRY_FORM, "Saved", blocks)


def kept_words(kept: Kept) -> str:
    """What was kept, in a sentence."""
    question = quoted(kept.entry)
    if kept.how == "phrasing":
        return f"Kept: whoever asks in these words gets the answer to {question} from now on."
    return f"Kept: whoever asks {question} gets this answer from now on."


def _fields(shape: Keeping, keep: Keep) -> list[Block]:
    if keep.how == "entry":
        return [
            line_field(QUESTION, "The question, as people ask it", _begun(keep.question), hint="Leave out names."),
            line_field(SOURCE, "Where it stands", keep.source or _source(shape), hint="Shown under the answer."),
            audience_field(keep.audience),
            until_field(keep.until),
        ]
    if keep.how == "phrasing":
        hint = "I know the question by these words from now on. Leave out names."
        return [
            field_block(ENTRY, "Which answer", entry_menu(shape.choices, shape.likely, keep.entry)),
            line_field(WORDING, "Another way to ask for it", keep.question, hint=hint),
        ]
    return []


def _begun(question: str) -> str:
    """A question as it heads an answer: typed without a capital, it begins with one. `iPads` stay what they are."""
    first = question.partition(" ")[0]
    if first != first.lower():
        return question
    at = next((at for at, one in enumerate(question) if one.isalnum()), 0)
    return f"{question[:at]}{question[at : at + 1].upper()}{question[at + 1 :]}"


def _who_asks(program: Program) -> str:
    return f"*Who reads what is kept:* whoever asks about {esc(program.name)}, so leave out names."


def _source(shape: Keeping) -> str:
    return clip(f"{shape.by}, {date_words(shape.today)}", LONGEST_LINE)


def _how(value: str | None) -> How:
    return HOWS.get(value or "", "no")


def _about(shape: Keeping, aside: str) -> str:
    """What a form says of itself; behind it, as it is, the answer while its field is not there.

    Written so, the longest answer that its field takes fits, whatever it is made of.
    """
    said = {
        "program": shape.program.id,
        "question": shape.question_id,
        "channel": shape.said.channel if shape.said else "",
        "by": shape.said.by if shape.said else "",
    }
    return f"{json.dumps(said)}\n{aside}"


def _read_about(view: View) -> tuple[dict[str, Any], str]:
    head, _, aside = str(view.get("private_metadata") or "").partition("\n")
    said: dict[str, Any] = json.loads(head)
    return said, aside
