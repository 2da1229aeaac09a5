"""Reflections: the form, what is wrong with it, the receipt, what the cohort sees, and one's own list."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.domain.drafts import About, Kept, changing
from bot.domain.messages import Block, Message
from bot.domain.people import Member
from bot.domain.programs import Assignment, Program, Prompt
from bot.domain.reflections import (
    ASSIGNMENT_FIELD,
    HOURS,
    READERS_FIELD,
    Answer,
    CameIn,
    Draft,
    Form,
    Handed,
    Mine,
    NotAllowed,
    NothingOpen,
    Problem,
    Readable,
    Readers,
    Receipt,
)
from bot.views import drafts, hours, ids, refusals
from bot.views.blocks import (
    LABEL,
    OPTION,
    SECTION,
    actions,
    button,
    clip,
    confirm,
    context,
    counted,
    distinct,
    divider,
    esc,
    field_block,
    link,
    marked,
    mention,
    modal,
    option,
    radios,
    section,
    select,
    text_input,
)
from bot.views.erasing import ERASED_WORDS
from bot.views.failures import first_input
from bot.views.times import moment

WHO_BLOCK = "reflection.who"
READERS_BLOCK = "reflection.readers"
ASSIGNMENT_BLOCK = "reflection.assignment"
ANSWER = "answer"
POST_CHARACTERS = 2_000
"""How much of a reflection a post in the channel shows; the rest opens by a button."""
LEAST_CHARACTERS = 300
NOBODY_ELSE = "Nobody else; administrators see counts only."

View = Mapping[str, Any]


@dataclass(frozen=True)
class Submission:
    """What a form says of itself and what was typed into it. `reflection_id` is the one it changes, if any."""

    program_id: int
    reflection_id: int | None
    draft: Draft


# The form


def form(shown: Form, typed: Mapping[str, str] | None = None, turn: int = 0) -> Block:
    """The form; `typed` is what stands in its fields by block id when it is drawn again, None at first.

    It begins with what is kept of it, if anything is. `turn` is as in `views.drafts.drafted`.
    """
    before, kept = shown.before, shown.kept
    if kept is not None:
        shown = shown if typed is not None else replace(shown, readers=_kept_readers(shown, kept))
        typed = {**drafts.words_in(kept), **(typed or {})}
    fields = [_prompt_field(shown, prompt, typed) for prompt in shown.prompts]
    blocks = [
        section(who_reads(shown.readers, shown.facilitators, shown.channel), block_id=WHO_BLOCK),
        *drafts.keeps(kept, shown.program, shown.viewer.zone),
        _readers_field(shown),
        *([_assignment_field(shown)] if _chosen_by_menu(shown) else []),
        *_about(shown),
        *drafts.drafted(
            [*fields, *([_hours_field(shown, typed)] if _asks_hours(shown) else [])],
            [str(one["block_id"]) for one in fields],
            turn,
        ),
    ]
    return modal(
        ids.REFLECTION_FORM,
        f"Change no. {before.number}" if before else "Hand in a reflection",
        blocks,
        submit="Save the change" if before else "Hand in",
        close="Not now",
        metadata=json.dumps(
            {"program": shown.program.id, "homework": shown.key, "reflection": before.id if before else None}
        ),
        tells_closing=True,
    )


@ids.reading()
def draft_about(view: View) -> About:
    """What is being written in a form."""
    about = json.loads(view["private_metadata"])
    changed = about["reflection"]
    subject = str(about["homework"]) if changed is None else changing(ids.row(str(changed)))
    return About("reflection", ids.row(str(about["program"])), subject)


def _kept_readers(shown: Form, kept: Kept) -> Readers:
    """Whom a draft is meant for, as far as the form still offers it."""
    chosen = kept.values.get(READERS_BLOCK, {}).get(ids.REFLECTION_READERS, {}).get("selected_option") or {}
    offered = shown.channel is not None or shown.readers == "cohort"
    return "cohort" if chosen.get("value") == "cohort" and offered else "facilitators"


def who_reads(readers: Readers, facilitators: Sequence[Member], channel: str | None) -> str:
    """Who will read it, as it stands above the first field and behind everything that is saved."""
    if readers == "cohort":
        where = f"I post it in <#{channel}> under your name" if channel else "under your name"
        return f"*The whole cohort reads this, and the facilitators:* {where}. Administrators see counts only."
    if not facilitators:
        return f"*The facilitators of this cohort read this, as soon as there are any.* {NOBODY_ELSE}"
    names = _names(facilitators)
    if len(facilitators) == 1:
        return f"*{names}, the facilitator of this cohort, reads this.* {NOBODY_ELSE}"
    many = _count(len(facilitators))
    return f"*The {many} facilitators of this cohort read this: {names}.* {NOBODY_ELSE}"


def _readers_field(shown: Form) -> Block:
    only = option("The facilitators only", "facilitators", _facilitators_plain(shown.facilitators))
    everybody = option("The whole cohort", "cohort", "Posted in the cohort channel under your name.")
    offered = [only, everybody] if shown.channel or shown.readers == "cohort" else [only]
    element = radios(ids.REFLECTION_READERS, offered, initial=shown.readers)
    return {**field_block(READERS_BLOCK, "Who may read it", element), "dispatch_action": True}


def _assignment_field(shown: Form) -> Block:
    done = {one.assignment: one.author for one in shown.done}
    offered = [_choice(one, shown, done.get(one.key)) for one in shown.choices]
    element = select(ids.REFLECTION_ASSIGNMENT, offered, initial=shown.key)
    hint = "Choose before you write: each has its own questions."
    return {**field_block(ASSIGNMENT_BLOCK, "Homework", element, hint=hint), "dispatch_action": True}


def _chosen_by_menu(shown: Form) -> bool:
    return shown.before is None and len(shown.choices) > 1


def _choice(assignment: Assignment, shown: Form, done_by: str | None) -> Block:
    due = f"Due {moment(assignment.due_at, shown.program, shown.viewer.zone)}"
    more = f" · {done_by} handed it in" if done_by else ""
    return option(marked(assignment.title, assignment.sample), assignment.key, clip(due + more, OPTION))


def _about(shown: Form) -> list[Block]:
    """What the homework is, unless the menu above names it, and what has been handed in already."""
    title = f"*{esc(marked(shown.title, shown.sample))}*"
    lines = [] if _chosen_by_menu(shown) else [title]
    if shown.assignment is not None:
        due = moment(shown.assignment.due_at, shown.program, shown.viewer.zone)
        lines = [f"{title} · due {due}" if lines else f"Due {due}"]
        lines.append(esc(shown.assignment.summary))
        lines += [link(one.url, one.label) for one in shown.assignment.links]
    return [*([section("\n".join(lines))] if lines else []), *([context(note)] if (note := _note(shown)) else [])]


def _note(shown: Form) -> str:
    if shown.before is not None:
        handed = moment(shown.before.handed_in_at, shown.program, shown.viewer.zone)
        return f"You handed this in as no. {shown.before.number} on {handed}. Every version is kept."
    organization = shown.viewer.organization
    done = [one for one in shown.done if one.assignment == shown.key]
    if organization is None:
        return ""
    if done:
        return f"{esc(done[0].author)} has handed it in for {esc(organization.name)}. Yours is welcome too."
    return f"One reflection is enough for {esc(organization.name)}, whoever of you writes it."


def _prompt_field(shown: Form, prompt: Prompt, typed: Mapping[str, str] | None) -> Block:
    block_id = _answer_block(shown.key, prompt.key)
    before = {one.key: one.text for one in shown.before.content.answers} if shown.before else {}
    initial = (typed or {}).get(block_id, before.get(prompt.key))
    element = text_input(block_id, multiline=prompt.long, initial=initial)
    return field_block(block_id, prompt.label, element, hint=prompt.hint, optional=not prompt.required)


def _hours_field(shown: Form, typed: Mapping[str, str] | None) -> Block:
    block_id = _hours_block(shown.key)
    minutes = shown.before.content.minutes if shown.before else None
    before = hours.words(minutes) if minutes is not None else None
    initial = (typed or {}).get(block_id, before)
    element = text_input(block_id, initial=initial, max_length=100)
    hint = f"{hours.HINT} The facilitators see them; the cohort does not."
    return field_block(block_id, "Hours spent", element, hint=hint, optional=True)


def _asks_hours(shown: Form) -> bool:
    return shown.assignment is None or shown.assignment.hours_asked


def _answer_block(assignment: str, prompt: str) -> str:
    return f"{ANSWER}:{assignment}:{prompt}"


def _hours_block(assignment: str) -> str:
    return f"{HOURS}:{assignment}"


# The form read back


@ids.reading()
def read(view: View) -> Submission:
    """A form as it was handed in, or as it stands when one of its menus is used."""
    about = json.loads(view["private_metadata"])
    homework = str(about["homework"])
    asked = [block for block in _inputs(view) if block["block_id"].startswith(f"{ANSWER}:{homework}:")]
    answers = tuple(
        Answer(block["block_id"].split(":", 2)[2], clip(block["label"]["text"], LABEL), _typed(view, block))
        for block in asked
    )
    draft = Draft(
        assignment=homework,
        answers=answers,
        hours=next((_typed(view, one) for one in _inputs(view) if one["block_id"] == _hours_block(homework)), ""),
        readers=_chosen(view, READERS_BLOCK, ids.REFLECTION_READERS) or "",
        chosen=_chosen(view, ASSIGNMENT_BLOCK, ids.REFLECTION_ASSIGNMENT),
    )
    changed = about["reflection"]
    return Submission(ids.row(str(about["program"])), None if changed is None else ids.row(str(changed)), draft)


def typed(view: View) -> dict[str, str]:
    """What stands in the fields of a form, by block id, to be kept when it is drawn again."""
    return {
        block["block_id"]: _typed(view, block)
        for block in _inputs(view)
        if block["element"]["type"] == "plain_text_input"
    }


def errors(problems: Sequence[Problem], view: View) -> dict[str, str]:
    """A sentence under each field that cannot be taken."""
    homework = str(json.loads(view["private_metadata"])["homework"])
    there = {block["block_id"] for block in _inputs(view)}
    found: dict[str, str] = {}
    for problem in problems:
        block_id = _block_of(problem, homework)
        found.setdefault(block_id if block_id in there else first_input(view["blocks"]), _sentence(problem))
    return found


def _inputs(view: View) -> list[dict[str, Any]]:
    return [block for block in view["blocks"] if block["type"] == "input"]


def _typed(view: View, block: Mapping[str, Any]) -> str:
    """The words in a field. One that was filled in by us, and never touched, may be missing from the state."""
    state = view["state"]["values"].get(block["block_id"], {})
    element = block["element"]
    if element["action_id"] not in state:
        return str(element.get("initial_value") or "")
    return str(state[element["action_id"]].get("value") or "")


def _chosen(view: View, block_id: str, action_id: str) -> str | None:
    state = view["state"]["values"].get(block_id, {}).get(action_id)
    if state is None:
        shown: dict[str, Any] = next((one["element"] for one in _inputs(view) if one["block_id"] == block_id), {})
        state = {"selected_option": shown.get("initial_option")}
    selected = state.get("selected_option")
    return str(selected["value"]) if selected else None


def _block_of(problem: Problem, homework: str) -> str:
    if problem.of_prompt:
        return _answer_block(homework, problem.field)
    return {HOURS: _hours_block(homework), READERS_FIELD: READERS_BLOCK, ASSIGNMENT_FIELD: ASSIGNMENT_BLOCK}[
        problem.field
    ]


def _sentence(problem: Problem) -> str:
    match problem.why:
        case "missing":
            return "This one is needed. A few words are enough."
        case "nothing written":
            return "Write a few words under at least one question."
        case "too many words":
            return f"That is {problem.length:,} characters, and 3,000 fit. Shorten it a little."
        case "other homework":
            return "The questions below are still those of the other homework. Choose again, then write."
        case "no readers":
            return "Choose who may read it."
        case why:
            return hours.problem(why)


# Refusals


def refusal(refused: NotAllowed) -> str:
    """Why not, and who can do it or what to do instead; mrkdwn."""
    program, who = refused.program, refused.facilitators
    if program is None:
        return refusals.no_program()
    match refused.why:
        case "pending":
            return refusals.pending(program, who)
        case "left":
            return refusals.left(program)
        case "not in it" | "no program":
            return refusals.not_in_program(program)
        case _:
            return esc(_plainly(refused, program))


def refused_errors(refused: NotAllowed, view: View) -> dict[str, str]:
    """The same under the first field of a form, where the words that were typed stay in view; no markup there."""
    program = refused.program
    return refusals.under_first_field(None if program is None else _plainly(refused, program), view)


def _plainly(refused: NotAllowed, program: Program) -> str:
    helper = refusals.helper(program, refused.facilitators)
    match refused.why:
        case "not theirs":
            return "Only the person who wrote this reflection can change it."
        case "homework gone":
            return f"That homework is no longer in {program.name}. {helper} can tell you more."
        case "gone":
            return "That reflection is no longer there."
        case "not readable":
            return f"Only its author and the facilitators of {program.name} read this one ({helper})."
        case "not a reader":
            return (
                f"The cohort and the facilitators of {program.name} read reflections ({helper}). /homework has counts."
            )
        case "reads only":
            return "Participants hand in reflections, and you read them: /reflect all."
        case "applicant":
            return "Reflections begin with the cohort; applicants owe none. /dates or Home shows what is next for you."
        case "pending":
            return refusals.pending_plainly(program, helper)
        case "left":
            return refusals.left_plainly(program, helper)
        case _:
            return (
                f"The participants of {program.name} hand in reflections. {helper} can make you one of them. "
                "What you may read is under /reflect all."
            )


def nothing_open(found: NothingOpen) -> Message:
    """When there is no homework to reflect on."""
    if not found.handed_in:
        words = "No homework has been given out yet. I post it in the cohort's channel when it comes."
        return Message(words, [section(words)])
    words = "You have handed in everything there is so far. Thank you! Each one can still be changed."
    return Message(words, [section(words), actions(_list_button(found.program))])


def window(message: Message) -> Block:
    """The same in a modal."""
    return modal(ids.REFLECTION_WINDOW, "Reflections", message.blocks)


def unknown_word(word: str) -> str:
    """For `/reflect` with something behind it that it does not know."""
    known = "`/reflect` opens the form, `/reflect mine` lists yours, `/reflect all` lists what you may read."
    return f"I don't know `/reflect {esc(clip(word, 50))}`. {known}"


# What stands saved


def thanks(saved: Receipt) -> Block:
    """What the form turns into once it is saved. A changed one opens nothing more: Slack stacks three forms at most."""
    reference = ids.reference(saved.program.id, str(saved.handed.id))
    buttons = [button("Change it", ids.REFLECTION_CHANGE, reference)] if saved.handed.version == 1 else []
    if saved.handed.content.readers == "cohort":
        buttons.append(_take_back(reference))
    blocks = [section(_saved(saved)), *_details(saved), *([actions(*buttons)] if buttons else [])]
    return modal(ids.REFLECTION_WINDOW, "Saved", [*blocks, context("A receipt is in your messages with me.")])


def receipt(saved: Receipt, zone: str | None) -> Message:
    """The direct message that stays: the number, who may read it, and what can still be done."""
    text = _saved(saved)
    lines = [section(text)]
    if saved.handed.version > 1:
        lines.append(context(f"Changed {moment(saved.handed.saved_at, saved.program, zone)}; every version is kept."))
    reference = ids.reference(saved.program.id, str(saved.handed.id))
    buttons = [button("Change it", ids.REFLECTION_CHANGE, reference), _list_button(saved.program)]
    if saved.handed.content.readers == "cohort":
        buttons.append(_take_back(reference))
    return Message(text, [*lines, *_details(saved), actions(*buttons)])


def erased_receipt(saved: Receipt) -> Message:
    """What the receipt turns into when its author is erased."""
    text = f"No. {saved.handed.number} was erased. Nothing of what you wrote is kept."
    return Message(text, [section(text)])


def _saved(saved: Receipt) -> str:
    handed = saved.handed
    whose = f", for {esc(handed.organization.name)}" if handed.organization else ""
    return (
        f"Saved as no. {handed.number}: {esc(marked(handed.title, handed.sample))}{whose}. "
        f"You can change it until you leave the program."
    )


def _details(saved: Receipt) -> list[Block]:
    content = saved.handed.content
    who = section(who_reads(content.readers, saved.facilitators, saved.channel))
    return [who] if content.minutes is None else [who, context(f"{hours.words(content.minutes)} spent")]


def _take_back(reference: str) -> Block:
    asked = confirm(
        "Take it back?",
        "The post leaves the cohort's channel. The facilitators still read it.",
        "Take it back",
        "Leave it there",
    )
    return button("Take it back from the cohort", ids.REFLECTION_BACK, reference, confirm=asked)


# What others see


def cohort_post(receipt: Receipt) -> Message:
    """A reflection in the cohort's channel; long answers are cut, and a button opens all of it."""
    handed = receipt.handed
    answers = handed.content.answers
    room = max(LEAST_CHARACTERS, POST_CHARACTERS // max(len(answers), 1))
    shown = [_answer(one, clip(esc(one.text), room)) for one in answers]
    blocks: list[Block] = [section(_byline(handed)), *(section(text) for text in shown)]
    if any(len(esc(one.text)) > room for one in answers):
        reference = ids.reference(receipt.program.id, str(handed.id))
        blocks.append(actions(button("Read it all", ids.REFLECTION_READ, reference)))
    return Message(f"{_author(handed)} shared a reflection on {esc(marked(handed.title, handed.sample))}.", blocks)


def whole(found: Readable, zone: str | None) -> Block:
    """All of a reflection, for somebody who may read it."""
    handed = found.handed
    details = [f"No. {handed.number}", f"handed in {moment(handed.handed_in_at, found.program, zone)}"]
    if handed.version > 1:
        details.append(f"changed {moment(handed.saved_at, found.program, zone)}")
    if handed.content.minutes is not None:
        details.append(f"{hours.words(handed.content.minutes)} spent")
    details.append("erased" if handed.erased else _readers_words(handed))
    blocks: list[Block] = [section(_byline(handed)), context(" · ".join(details))]
    if handed.erased:
        blocks.append(section(ERASED_WORDS))
    for answer in handed.content.answers:
        first, *rest = _pieces(answer.text, SECTION - len(_answer(answer, "")))
        blocks += [section(_answer(answer, first)), *(section(piece) for piece in rest)]
    return modal(ids.REFLECTION_WINDOW, f"Reflection no. {handed.number}", blocks)


def _byline(handed: Handed) -> str:
    return f"{_author(handed)} on *{esc(marked(handed.title, handed.sample))}*"


def _author(handed: Handed) -> str:
    organization = f" of {esc(handed.organization.name)}" if handed.organization else ""
    return f"*{esc(handed.author)}*{organization}"


def _answer(answer: Answer, text: str) -> str:
    return f"*{esc(answer.label)}*\n{text}"


def _pieces(text: str, room: int) -> list[str]:
    """Escaped text in pieces of at most `room` characters, cut between words where there are any."""
    pieces = [""]
    for word in re.split(r"(?<=\s)", text):
        escaped = [esc(char) for char in word]
        if len(pieces[-1]) + sum(map(len, escaped)) > room and pieces[-1]:
            pieces.append("")
        for char in escaped:
            if len(pieces[-1]) + len(char) > room:
                pieces.append("")
            pieces[-1] += char
    return [one for one in pieces if one.strip()]


# One's own


def _mine_blocks(found: Mine, zone: str | None) -> list[Block]:
    """One's own reflections, newest first, each with its button; fits a message as well as a modal."""
    if not found.items:
        return [section("You have handed in no reflection yet."), actions(_open_button(found.program))]
    blocks: list[Block] = []
    for handed in found.items:
        reference = ids.reference(found.program.id, str(handed.id))
        change = button("Change", ids.REFLECTION_CHANGE, reference, label=f"Change no. {handed.number}")
        blocks.append(section(_line(handed, found.program, zone), accessory=change))
    blocks += _earlier(found, ids.REFLECTION_MINE)
    return distinct([*blocks, divider(), actions(_open_button(found.program))])


def mine_message(found: Mine, zone: str | None) -> Message:
    """The list as an answer to a command; `window` makes a modal of it."""
    count = f"{counted(found.total, 'reflection')} of yours."
    return Message(count if found.items else "You have handed in no reflection yet.", _mine_blocks(found, zone))


def came_in(found: CameIn, zone: str | None) -> Message:
    """What somebody may read, newest first: as an answer to a command; `window` makes a modal of it."""
    if not found.items:
        words = "There is no reflection yet that you may read."
        return Message(words, [section(words)])
    blocks: list[Block] = []
    for handed in found.items:
        reference = ids.reference(found.program.id, str(handed.id))
        read = button("Read", ids.REFLECTION_READ, reference, label=f"Read no. {handed.number}")
        line = f"{_line(handed, found.program, zone)}\n{_author(handed)}"
        blocks.append(section(line, accessory=read))
    count = f"{counted(found.total, 'reflection')} that you may read."
    return Message(count, distinct([*blocks, *_earlier(found, ids.REFLECTION_ALL)]))


def _earlier(found: Mine | CameIn, action_id: str) -> list[Block]:
    if found.earlier is None:
        return []
    return [actions(button("Earlier ones", action_id, ids.reference(found.program.id, str(found.earlier))))]


def _line(handed: Handed, program: Program, zone: str | None) -> str:
    details = [moment(handed.handed_in_at, program, zone)]
    if handed.content.minutes is not None:
        details.append(hours.words(handed.content.minutes))
    if handed.version > 1:
        details.append(f"version {handed.version}")
    details.append("erased" if handed.erased else _readers_words(handed))
    title = f"*No. {handed.number} · {esc(marked(handed.title, handed.sample))}*"
    return f"{title}\n{' · '.join(details)}"


def _open_button(program: Program) -> Block:
    return button("Hand in a reflection", ids.REFLECTION_OPEN, ids.reference(program.id))


def _list_button(program: Program) -> Block:
    return button("List mine", ids.REFLECTION_MINE, ids.reference(program.id))


def _readers_words(handed: Handed) -> str:
    return "the cohort reads it" if handed.content.readers == "cohort" else "the facilitators read it"


def _names(who: Sequence[Member]) -> str:
    names = [mention(one.user) if one.user and one.name == one.user else esc(one.name) for one in who]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + f" and {names[-1]}"


def _facilitators_plain(who: Sequence[Member]) -> str:
    names = ", ".join(one.name for one in who)
    return clip(f"{names}. Nobody else.", OPTION) if names else "Nobody else."


def _count(number: int) -> str:
    words = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[number - 2] if number - 2 < len(words) else str(number)
