"""Writing without a form: the ways into it, and what the bot says at each question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot.domain.dialogues import Answer, Script, State, Step, minutes
from bot.domain.drafts import About
from bot.domain.messages import Block, Message
from bot.views import hours, ids
from bot.views.blocks import (
    MESSAGE_BLOCKS,
    OPTION,
    actions,
    button,
    checkboxes,
    clip,
    confirm,
    context,
    date_input,
    distinct,
    esc,
    modal,
    multi_select,
    option,
    paragraphs,
    section,
    select,
)
from bot.views.dialogues_words import BUTTON, Words, of
from bot.views.times import day_words

MOST_BUTTONS = 5
"""Choices that are buttons; more are a menu."""
MOST_BOXES = 10
NOTED = 200
"""How much of an answer is repeated."""
WHOLE = 10_000
"""Characters of answers that one message has room for; of longer ones each is shown in part."""


def instead(program_id: int, language: str = "en") -> Block:
    """In a form: the way to write it without one."""
    said = of(language)
    press = button(said.button, ids.DIALOGUE_BEGIN, ids.reference(program_id), label=said.button_label)
    return section(said.rather, accessory=press, block_id="dialogue.instead")


def begin_button(about: About) -> Block:
    """The same under a message."""
    return button(BUTTON, ids.DIALOGUE_BEGIN, ids.reference(about.program_id, f"{about.form}/{about.subject}"))


def gone_over(language: str = "en") -> Block:
    """What the form turns into, once it goes on in the direct message."""
    said = of(language)
    return modal(ids.DIALOGUE_WINDOW, said.in_messages, [section(said.gone_over)])


def stale(state: str | None) -> str:
    """For a button under a question that is not asked any more."""
    match state:
        case "open":
            return "That question has been answered. The newest one is at the bottom; *back* goes to the one before."
        case "handed in":
            return "That is handed in already. The receipt has a button to change it."
        case None:
            return "That is no longer there."
        case _:
            return "I ask no further about that. A draft is on my Home, as long as there is one."


def turn(found: State, asked: Script, program_id: int, place: str, language: str) -> Message:
    """The next thing said; `place` is the dialogue and the turn, `5/3`, for its buttons."""
    said = of(language)
    step = asked.step(found.at)
    if found.asks == "over":
        return _sure(said, program_id, place)
    if found.asks:
        return _is_it(found, asked, step, said, program_id, place)
    if step is None:
        return _whole(found, asked, said, program_id, place)
    return _question(found, asked, step, said, program_id, place)


def past(asked: Script, key: str | None, how: str, language: str) -> Message:
    """A question that is answered, without its buttons; the whole, once it is handed in."""
    said = of(language)
    step = asked.step(key)
    ends = {"handed in": said.handed_in, "thrown away": said.thrown_away}
    words = f"*{esc(step.label)}*" if step is not None else f"{asked.title[:1].upper()}{asked.title[1:]}"
    text = f"{words}\n{ends[how]}" if how in ends else words
    return Message(text, [section(text)])


def ended(why: str, how: str, kept: bool, language: str, buttons: Sequence[Block]) -> Message:
    """It is not written here any more; `buttons` are for the draft that it is kept as, if it is."""
    said = of(language)
    if how == "ended":
        return Message(said.ended, [section(said.ended)])
    head = said.refused.format(why=why) if why else said.stopped
    text = f"{head} {said.kept_as_draft if kept else said.nothing_kept}"
    return Message(text, [section(text), *([actions(*buttons)] if kept else [])])


def shown(step: Step, answer: Answer) -> str:
    """An answer in short, escaped."""
    return esc(clip(plainly(step, answer).replace("\n", " "), NOTED))


def plainly(step: Step, answer: Answer) -> str:
    """An answer as it was understood."""
    if step.kind == "day" and answer.values:
        return day_words(date.fromisoformat(answer.values[0]))
    if answer.values:
        names = {one.value: one.label for one in step.choices}
        return ", ".join(names.get(one, one) for one in answer.values)
    length = minutes(step, answer)
    return hours.words(length) if length is not None else answer.text


def _question(found: State, asked: Script, step: Step, said: Words, program_id: int, place: str) -> Message:
    open_ = [one for one in asked.steps if not one.settled]
    number = open_.index(step) + 1
    what = _what(found, asked, step, said)
    optional = f" ({said.optional})" if step.optional else ""
    lines = [f"*{said.place.format(number=number, all=len(open_))} · {esc(step.label)}*{optional}"]
    if step.hint and not step.choices:
        lines.append(esc(step.hint))
    before = found.answers.get(step.key) or (Answer(values=step.preset) if step.preset else None)
    if before is not None and not before.empty:
        lines.append(said.now.format(answer=shown(step, before)))
    if step.kind in ("one", "several"):
        # Where each choice is in view with its number, that is enough.
        if len(step.choices) > (MOST_BUTTONS if step.kind == "one" else MOST_BOXES):
            lines += [f"{esc(one)}" for one in _numbered(step)]
        lines.append(said.one_of if step.kind == "one" else said.several_of)
    lead = _lead(asked, step) if found.said not in ("unclear", "needed", "help") or number == 1 else ""
    blocks = [
        *([section(what)] if what else []),
        *(paragraphs(lead) if lead else []),
        section("\n".join(lines)),
        *_picks(step, said, program_id, place),
        _steering(found, asked, step, before, said, program_id, place),
        *([context(said.steer)] if found.said in ("begun", "over", "help") else []),
    ]
    return Message(f"{esc(step.label)}", distinct(blocks))


def _lead(asked: Script, step: Step) -> str:
    """What stands above a question, and above those before it that need not be asked."""
    leads: list[str] = []
    for one in asked.steps[: asked.steps.index(step) + 1]:
        leads = [*leads, one.lead] if one.settled or one is step else []
    return "\n".join(filter(None, leads))


def _what(found: State, asked: Script, step: Step, said: Words) -> str:
    """What became of what was said last; mrkdwn."""
    last = asked.step(found.last)
    label = esc(clip(last.label, 80)) if last is not None else ""
    answer = shown(last, found.answers[last.key]) if last is not None and last.key in found.answers else ""
    match found.said:
        case "begun":
            taken = f"\n{said.taken_over}" if any(not one.empty and one.parts for one in found.answers.values()) else ""
            return said.begun.format(title=asked.title) + taken
        case "noted" if answer:
            return said.noted.format(label=label, answer=answer)
        case "changed" if answer:
            return said.changed.format(label=label, answer=answer)
        case "skipped":
            return said.skipped.format(label=label)
        case "gone":
            return said.gone.format(label=label)
        case "unclear":
            return esc(found.why) or _unclear(step, said)
        case "needed" | "back" | "first" | "over":
            return {"needed": said.needed, "back": said.back, "first": said.first, "over": said.over}[found.said]
        case _:
            return ""


def _unclear(step: Step, said: Words) -> str:
    by_kind = {"one": said.unclear_one, "several": said.unclear_several, "day": said.unclear_day}
    return by_kind.get(step.kind, said.unclear_words)


def _picks(step: Step, said: Words, program_id: int, place: str) -> list[Block]:
    """What can be chosen without a word."""
    if step.kind == "day":
        first = date.fromisoformat(step.preset[0]) if step.preset else None
        return [actions(date_input(ids.DIALOGUE_DAY, first), block_id=f"dialogue.day:{program_id}:{place}")]
    if step.kind == "one" and len(step.choices) <= MOST_BUTTONS:
        return [actions(*(_pick(one, at, program_id, place) for at, one in enumerate(_numbered(step))))]
    options = [option(one, f"{program_id}:{place}/{at}") for at, one in enumerate(_numbered(step))]
    if step.kind == "one":
        return [actions(select(ids.DIALOGUE_CHOOSE, options, placeholder="…"))]
    if step.kind == "several":
        few = len(options) <= MOST_BOXES
        given_ = [
            one["value"] for one, choice in zip(options, step.choices, strict=True) if choice.value in step.preset
        ]
        names = [str(one) for one in given_]
        menu = (
            checkboxes(ids.DIALOGUE_TICK, options, initial=names)
            if few
            else multi_select(ids.DIALOGUE_TICK, options, initial=names, placeholder="…")
        )
        take = button(said.take_button, ids.DIALOGUE_TAKE, ids.reference(program_id, place), style="primary")
        return [actions(menu, block_id="dialogue.tick"), actions(take)]
    return []


def _numbered(step: Step) -> list[str]:
    """What can be chosen, each with the number by which it can be said; some are numbers themselves."""
    labels = [one.label for one in step.choices]
    if all(label.startswith(f"{at}:") for at, label in enumerate(labels, 1)):
        return labels
    return [f"{at}. {label}" for at, label in enumerate(labels, 1)]


def _pick(words: str, at: int, program_id: int, place: str) -> Block:
    return button(clip(words, OPTION), ids.DIALOGUE_PICK, ids.reference(program_id, f"{place}/{at}"))


def _steering(
    found: State, asked: Script, step: Step, before: Answer | None, said: Words, program_id: int, place: str
) -> Block:
    buttons = []
    offered = step.kind == "one" and len(step.choices) <= MOST_BUTTONS
    if before is not None and not before.empty and not offered:
        words = clip(plainly(step, before).replace("\n", " "), 40)
        buttons.append(_say(said.keep_button.format(answer=words), "keep", program_id, place))
    if step.optional:
        buttons.append(_say(said.skip_button, "skip", program_id, place))
    if step is not next((one for one in asked.steps if not one.settled), None):
        buttons.append(_say(said.back_button, "back", program_id, place))
    buttons.append(_say(said.stop_button, "stop", program_id, place))
    if any(one.key in found.answers for one in asked.steps if not one.settled):
        buttons.append(_over(said, program_id, place))
    return actions(*buttons)


def _over(said: Words, program_id: int, place: str) -> Block:
    sure = confirm(said.over_title, said.over_text, said.over_button, said.go_on)
    value = ids.reference(program_id, f"{place}/start over")
    return button(said.over_button, ids.DIALOGUE_SAY, value, confirm=sure)


def _say(words: str, what: str, program_id: int, place: str, *, primary: bool = False) -> Block:
    value = ids.reference(program_id, f"{place}/{what}")
    return button(words, ids.DIALOGUE_SAY, value, style="primary" if primary else None)


def _sure(said: Words, program_id: int, place: str) -> Message:
    buttons = (_say(said.over_button, "yes", program_id, place), _say(said.go_on, "no", program_id, place))
    return Message(said.sure_over, distinct([section(said.sure_over), actions(*buttons)]))


def _is_it(
    found: State, asked: Script, step: Step | None, said: Words, program_id: int, place: str
) -> Message:  # fmt: skip
    """Whether what came after a pause, or before the question, is its answer."""
    label = esc(step.label) if step is not None else asked.title
    held = "\n".join(f"> {line}" for line in esc(clip("\n".join(one.text for one in found.held), 600)).splitlines())
    words = said.pause if found.asks == "pause" else said.early
    text = words.format(title=asked.title, held=held, label=label)
    buttons = (
        _say(said.yes_answer, "yes", program_id, place, primary=True),
        _say(said.no_answer, "no", program_id, place),
        _say(said.stop_here, "stop", program_id, place),
    )
    return Message(text, distinct([section(text), actions(*buttons)]))


def _whole(found: State, asked: Script, said: Words, program_id: int, place: str) -> Message:
    """All the answers, before they are handed in."""
    room = _room([esc(plainly(one, found.answers[one.key])) for one in asked.steps if one.key in found.answers])
    blocks: list[Block] = []
    last = asked.step(found.last)
    if found.said == "unclear":
        blocks.append(section(esc(found.why) or said.unclear_whole))
    elif last is not None:
        blocks.append(section(_what(found, asked, last, said)))
    blocks.append(section(said.whole.format(title=asked.title)))
    blocks += paragraphs(asked.steps[0].lead) if asked.steps else []
    cut = False
    for number, step in enumerate(asked.steps, 1):
        answer = found.answers.get(step.key)
        words = esc(plainly(step, answer)) if answer is not None else ""
        cut = cut or len(words) > room
        blocks += paragraphs(f"*{number}. {esc(step.label)}*\n{clip(words, room) or said.nothing}")
    options = [option(f"{at}. {one.label}", f"{program_id}:{place}/{at}") for at, one in enumerate(asked.steps, 1)]
    hand_in = _say(asked.button, "hand in", program_id, place, primary=True)
    steer = [select(ids.DIALOGUE_ALTER, options, placeholder=said.change_button)]
    steer += [_say(said.stop_button, "stop", program_id, place), _over(said, program_id, place)]
    end = [context(f"{said.whole_next}{' ' + said.parts if cut else ''}"), actions(hand_in, *steer)]
    return Message(said.whole.format(title=asked.title), distinct([*blocks[: MESSAGE_BLOCKS - 2], *end]))


def _room(answers: Sequence[str]) -> int:
    """How much of each answer is shown, so that all of them fit."""
    lengths = [len(one) for one in answers]
    if sum(lengths) <= WHOLE:
        return max([*lengths, 1])
    return WHOLE // max(len([one for one in lengths if one > 300]), 1) - 300
