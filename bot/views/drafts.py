"""Drafts: the fields that tell of every character, what the form says of that, and how a draft is offered again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.drafts import Gone, Kept, Offer, Values
from bot.domain.messages import Block, Message
from bot.domain.programs import Program
from bot.views import dialogues, dialogues_words, ids
from bot.views.blocks import (
    actions,
    button,
    confirm,
    context,
    counted,
    distinct,
    divider,
    esc,
    marked,
    modal,
    paragraphs,
    section,
)
from bot.views.times import ago, moment

KEEPS = "I keep what you type here as a draft, for you alone, until you hand it in or throw it away; 30 days at most."
KEEPS_BLOCK = "draft.keeps"
STANDS_BLOCK = "draft.stands"
TURN = 100
"""Fields of one form are numbered below this; a form that is emptied goes on behind the next hundred."""
SHOWN = 5


# In the form


def drafted(blocks: Sequence[Block], fields: Collection[str], turn: int = 0) -> list[Block]:
    """Blocks of a form of which those named in `fields` tell of every character.

    Slack leaves a field as it is while its names stay; with another `turn` those for words take what is given to them.
    """
    made: list[Block] = []
    for number, block in enumerate(blocks, 1):
        element: Any = block.get("element") or {}
        if block.get("block_id") in fields:
            name = ids.numbered(ids.DRAFT_TYPED, turn * TURN + number)
            config = {"trigger_actions_on": ["on_character_entered"]}
            named = {**element, "action_id": name, "dispatch_action_config": config}
            made.append({**block, "dispatch_action": True, "element": named})
        elif turn and element.get("type") == "plain_text_input":
            made.append({**block, "element": {**element, "action_id": ids.numbered(element["action_id"], turn + 1)}})
        else:
            made.append(block)
    return made


def turn_of(view: Mapping[str, Any]) -> int:
    """Which turn the fields of a form have."""
    numbers = [str(one["element"]["action_id"]).partition("#")[2] for one in _long(view)]
    return int(numbers[0]) // TURN if numbers else 0


def keeps(kept: Kept | None, program: Program, zone: str | None) -> list[Block]:
    """What a form says before its first field: that drafts are kept, and whether this is one."""
    how = {**context(KEEPS), "block_id": KEEPS_BLOCK}
    return [how, dialogues.instead(program.id), *stands(kept, program, zone)]


def stands(kept: Kept | None, program: Program, zone: str | None) -> list[Block]:
    """That what stands in a form is a draft, if it is one, and the way to be rid of it."""
    if kept is None:
        return []
    asked = confirm("Start empty?", "What stands in this draft is gone then.", "Start empty", "Go on with it")
    empty = button("Start empty", ids.DRAFT_EMPTY, ids.reference(program.id, str(kept.id)), confirm=asked)
    words = f"*This is your draft*, last written on {moment(kept.saved_at, program, zone)}. It is not handed in yet."
    return [section(words, accessory=empty, block_id=STANDS_BLOCK)]


def shows_draft(view: Mapping[str, Any]) -> bool:
    """Whether a form says that it is a draft."""
    return any(one.get("block_id") == STANDS_BLOCK for one in view["blocks"])


def as_view(kept: Kept) -> dict[str, Any]:
    """A draft as the form that it was, to be read like one."""
    return {"state": {"values": kept.values}}


def words_in(kept: Kept) -> dict[str, str]:
    """What stands in its text fields, by block id; empty for one that was emptied."""
    return dict(_words(kept.values))


# Read back


@ids.reading()
def values(view: Mapping[str, Any]) -> Values:
    """What stands in the fields; of one that we filled in and nobody touched, what we filled in."""
    state = view["state"]["values"]
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            name, element = block["block_id"], block["element"]
            there = state.get(name) or {}
            found[name] = {element["action_id"]: there.get(element["action_id"]) or _initial(element)}
    return found


@ids.reading()
def length(view: Mapping[str, Any]) -> int:
    """How many characters stand in the long fields."""
    long = {one["block_id"] for one in _long(view)}
    return sum(len(text.strip()) for block, text in _words(values(view)) if block in long)


def _long(view: Mapping[str, Any]) -> list[dict[str, Any]]:
    fields = (one for one in view["blocks"] if one["type"] == "input")
    return [one for one in fields if str(one["element"]["action_id"]).partition("#")[0] == ids.DRAFT_TYPED]


def _initial(element: Mapping[str, Any]) -> dict[str, Any]:
    """What an untouched field holds, as the state would have it."""
    names = {
        "initial_value": "value",
        "initial_date": "selected_date",
        "initial_option": "selected_option",
        "initial_options": "selected_options",
    }
    return {name: element[given] for given, name in names.items() if given in element}


def _words(found: Values) -> Iterator[tuple[str, str]]:
    for block, elements in found.items():
        for entry in elements.values():
            if "value" in entry:
                yield block, str(entry["value"] or "")


# Offered again


def kept(offer: Offer, program: Program, zone: str | None) -> Message:
    """The direct message about a draft that was left."""
    named = what(offer)
    text = f"You began {named} and have not handed it in. I kept what you typed."
    about = f"Last written on {moment(offer.saved_at, program, zone)}. Only you see it; I keep it for 30 days."
    return Message(text, [section(text), context(about), actions(*buttons(offer))])


def gone(offer: Offer, how: Gone) -> Message:
    """What that message says once the draft is no longer there."""
    named = what(offer)
    text = f"You began {named}, and handed it in." if how == "handed in" else f"You began {named}. The draft is gone."
    return Message(text, [section(text)])


def begun(offers: Sequence[Offer], now: datetime) -> list[Block]:
    """The author's own drafts, on their Home."""
    if not offers:
        return []
    blocks: list[Block] = [section("*Begun, and not handed in yet*")]
    for offer in offers[:SHOWN]:
        named = what(offer)
        blocks.append(section(f"{named[0].upper()}{named[1:]}, last written {ago(offer.saved_at, now)}"))
        blocks.append(actions(*buttons(offer)))
    if len(offers) > SHOWN:
        blocks.append(context(f"And {counted(len(offers) - SHOWN, 'more draft', 'more drafts')}."))
    return distinct([*blocks, divider()])


def no_longer_there() -> str:
    """For a button of a draft that was handed in or thrown away."""
    return "That draft is no longer there: it was handed in, thrown away, or older than 30 days."


def words_only(why: str, kept: Kept) -> Block:
    """The words of a draft whose form cannot be opened any more, to be copied; `why` is mrkdwn."""
    blocks = [section(f"{why}\nYour words are here, so that you can copy them:")]
    for text in filter(None, words_in(kept).values()):
        blocks += paragraphs(esc(text))
    return modal(ids.DRAFT_WINDOW, "Your draft", blocks)


def buttons(offer: Offer) -> tuple[Block, ...]:
    """What can be done with a draft."""
    value = ids.reference(offer.about.program_id, str(offer.id))
    asked = confirm("Throw it away?", "What you typed is gone then.", "Throw it away", "Keep it")
    return (
        button("Go on writing", ids.DRAFT_GO_ON, value, style="primary"),
        dialogues.begin_button(offer.about),
        button("Throw it away", ids.DRAFT_AWAY, value, confirm=asked),
    )


def what(offer: Offer) -> str:
    """What a draft is of, in mrkdwn."""
    title = esc(marked(offer.title, offer.sample))
    match offer.about.form:
        case "reflection":
            on = f" on *{title}*" if title else ""
            return f"a reflection{on}" if offer.number is None else f"a change of reflection no. {offer.number}{on}"
        case "checkin":
            return "a coaching check-in" if offer.number is None else f"a change of check-in no. {offer.number}"
        case "answer":
            return f"an answer to {title}" if title else "an answer to a question"
        case "question":
            return dialogues_words.of(offer.about.subject).question
        case "note":
            return "a note of a question that came another way"
