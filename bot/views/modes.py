"""Practice and live in words: the label above what is said in practice, going live, and what is still a sample."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from bot.domain.changes import Change
from bot.domain.messages import Block, Message
from bot.domain.modes import HEADER as HEADER_SECTION
from bot.domain.modes import Changed, Listed, Sample, Standing
from bot.domain.modes import samples as samples_of
from bot.domain.people import NotAllowed, Viewer
from bot.domain.programs import PRACTICE_INS, PracticeIn, Program
from bot.views import ids, refusals
from bot.views.blocks import (
    MESSAGE_BLOCKS,
    VIEW_BLOCKS,
    actions,
    button,
    clip,
    context,
    counted,
    distinct,
    esc,
    field_block,
    modal,
    option,
    paragraphs,
    radios,
    section,
)
from bot.views.lines import Line
from bot.views.times import day_words, moment
from bot.views.words import ENGLISH, of

NOT_LIVE = ENGLISH.practice
AFTER_A_HOLD = "This had to wait. It stands here as things are now."
WHERE = "mode:where"
LABEL = "mode:label"
WINDOW = "mode.window"
IN_HOME = 2
"""How many samples a Home names."""
IN_WORD = 4
"""And Friday's word, where others read along."""
IN_PAGE = 40
HEADER: Mapping[str, str] = {"contact": "Contact", "season": "Season", "holidays": "Holidays"}
SECTIONS: Mapping[str, str] = {
    "roles": "Role",
    "expectations": "Expectation",
    "milestones": "Milestone",
    "events": "Date",
    "breaks": "Break",
    "resources": "Link",
    "documents": "Document",
    "assignments": "Homework",
    "faq": "Answer",
}
HELD_IN: Mapping[str, str] = {
    "applicants": "the applicants' channel",
    "cohort": "the cohort's channel",
    "facilitators": "the facilitators' channel",
}


# The label


def would_be_in(channel: str | None, purpose: str, program: Program, at: datetime, *, thread: bool = False) -> str:
    """Above what a channel would read."""
    where = f"<#{channel}>" if channel else f"{HELD_IN.get(purpose, 'a channel')}, once there is one,"
    return f"*Practice:* this would be in {'a thread in ' if thread else ''}{where} on {moment(at, program)}."


def would_go_to(name: str, program: Program, at: datetime) -> str:
    """Above what one person would read."""
    return f"*Practice:* this would go to {esc(name)} alone on {moment(at, program)}."


def prefaced(message: Message, *lines: str | None) -> Message:
    """A message with lines above it, in small print; a line between two parts makes room where there is none."""
    said = [one for one in lines if one]
    if not said:
        return message
    blocks = list(message.blocks or paragraphs(message.text))
    while len(blocks) + len(said) > MESSAGE_BLOCKS:
        divider = next((at for at, one in enumerate(blocks) if one.get("type") == "divider"), len(blocks) - 1)
        del blocks[divider]
    above: list[Block] = [context(one) for one in said]
    return Message("\n".join([*said, message.text]), [*above, *blocks])


def practised(view: Block, language: str = "en") -> Block:
    """A modal that says at its top, once, that the program is in practice."""
    blocks = cast("list[Block]", view.get("blocks") or [])
    said = any(one.get("block_id") == LABEL for one in blocks)
    if said or view.get("type") != "modal" or len(blocks) >= VIEW_BLOCKS:
        return view
    return {**view, "blocks": [{**context(of(language).practice), "block_id": LABEL}, *blocks]}


# On the Home, and in Friday's word


def home_blocks(program: Program, viewer: Viewer, samples: Sequence[Sample]) -> list[Block]:
    """Under a program's name: that it is in practice, and, for those who look after it, what is made up."""
    if not viewer.runs_it:
        return [context(NOT_LIVE)] if program.mode == "practice" else []
    blocks: list[Block] = []
    if program.mode == "practice":
        value = ids.reference(program.id)
        go = button("Go live…", ids.MODE_OPEN, value, style="primary", label=f"Go live with {program.name}")
        blocks.append(section(f"*In practice*\n{_practice(program)}", accessory=go))
    return [*blocks, *sample_blocks(program, samples, IN_HOME)]


def sample_blocks(program: Program, samples: Sequence[Sample], most: int = IN_WORD) -> list[Block]:
    """How much is made up, with the first of it, each with *Fill in*; nothing where nothing is, or in a demo."""
    if not samples or program.mode == "demo":
        return []
    value = ids.reference(program.id)
    see = button(f"See all {len(samples)}", ids.SAMPLE_LIST, value, label=f"See all {len(samples)} that are made up")
    shown = samples if len(samples) <= most + 1 else samples[:most]
    head = section(f"*{counted(len(samples), 'sample')}*\n{_unsaid(program, len(samples))}")
    if len(shown) < len(samples):
        head["accessory"] = see
    return [head, *(_line(program, one) for one in shown)]


def mode_line(program: Program) -> str:
    """How a program speaks, where that is not as usual: in one sentence; empty live."""
    match program.mode:
        case "practice":
            return f"In practice: {_practice(program)[0].lower()}{_practice(program)[1:]}"
        case "demo":
            return "A demo: samples are said, too, and marked."
        case _:
            return ""


def plainly(program: Program) -> str:
    """The same as plain words, for a terminal; what is live says so."""
    return mode_line(program) or "Live: samples are left out."


def loaded(program: Program) -> str:
    """What to know after a file was loaded, in a plain line; empty where there is nothing."""
    if program.mode == "practice":
        return f"{mode_line(program)} The bot's Home has Go live."
    number = len(samples_of(program))
    if program.mode == "live" and number:
        return f"It is live, and says nothing about its {counted(number, 'sample')}. Which: convene doctor"
    return ""


def _practice(program: Program) -> str:
    if program.practice_in == "nowhere":
        return "I say nothing in any channel and write to nobody of my own accord. What you ask me for works, labelled."
    return (
        "Whatever I would say goes to the facilitators' channel alone, labelled. What you ask me for works, labelled."
    )


def _unsaid(program: Program, number: int) -> str:
    it, made = ("It is", "is") if number == 1 else ("They are", "are")
    if program.mode == "practice":
        return f"{it} made up. Live I post nothing that {made}: fill {'it' if number == 1 else 'them'} in before."
    return f"{it} made up, and I post nothing of {'it' if number == 1 else 'them'}. Fill in what is really meant."


def _line(program: Program, one: Sample) -> Block:
    named = HEADER.get(one.key, "Item") if one.section == HEADER_SECTION else SECTIONS.get(one.section, "Item")
    what = "Link of a date" if one.link else named
    value = ids.reference(program.id, one.name)
    title = _told_apart(program, one)
    fill = button("Fill in", ids.CHANGE_ITEM, value, label=clip(f"Fill in: {title}", 75))
    return section(f"{what}: {esc(clip(title, 150))}", accessory=fill)


def _told_apart(program: Program, one: Sample) -> str:
    """Its title; of a date with its day, as several may be called alike."""
    event = next((date for date in program.events if date.key == one.key), None) if one.section == "events" else None
    return one.title if event is None else f"{one.title}, {day_words(event.starts_at.astimezone(program.tz))}"


# All samples


def samples_page(found: Listed, start: int = 0) -> Block:
    """Everything that is made up, each with *Fill in*, a page at a time."""
    program, every = found.program, found.samples
    start = start if 0 <= start < len(every) else 0
    shown = every[start : start + IN_PAGE]
    if not every:
        words = "Nothing in this program is made up. Everything that you see is the program's own."
        return modal(ids.SAMPLE_PAGE, "Samples", [section(words)], metadata=ids.reference(program.id))
    blocks: list[Block] = [section(f"*{counted(len(every), 'sample')}*. {_unsaid(program, len(every))}")]
    blocks += [_line(program, one) for one in shown]
    turns = []
    if start:
        back = ids.reference(program.id, str(max(start - IN_PAGE, 0)))
        turns.append(button("Those before", ids.SAMPLE_LIST, back))
    if start + IN_PAGE < len(every):
        on = ids.reference(program.id, str(start + IN_PAGE))
        turns.append(button(f"The next of {len(every)}", ids.SAMPLE_LIST, on))
    if turns:
        blocks.append(actions(*turns))
    return modal(ids.SAMPLE_PAGE, "Samples", distinct(blocks), metadata=ids.reference(program.id, str(start)))


# Going live, and back


def form(found: Standing) -> Block:
    """How the program speaks, and what follows from changing that."""
    return _to_practice(found) if found.program.mode == "live" else _to_live(found)


def _to_live(found: Standing) -> Block:
    program = found.program
    begun = "It is in practice now." if program.mode == "practice" else "It is a demo now."
    posts = "No post stands" if not found.posts else f"{counted(found.posts, 'post')} {_stand(found.posts)}"
    lines = [
        f"*Go live with {esc(program.name)}?* {begun}",
        f"• {posts} for the next seven days. From now on I say them where they belong.",
    ]
    if found.left_out:
        lines.append(f"• {counted(found.left_out, 'more would be', 'more would be')} about samples, and stay unsaid.")
    lines.append(f"• {_samples_left(len(found.samples))}")
    if program.mode == "practice":
        lines.append("• What was due in practice is not said again, be it late or held.")
    blocks: list[Block] = [section("\n".join(lines))]
    if found.samples:
        see = button("See the samples", ids.SAMPLE_LIST, ids.reference(program.id))
        blocks.append(actions(see))
    if program.mode == "practice":
        blocks += _practice_choice(program)
    blocks.append(context("You can go back to practice at any time. Nothing that people have handed in changes."))
    return modal(
        ids.MODE_LIVE_FORM,
        "Practice and live",
        blocks,
        submit="Go live",
        close="Not now",
        metadata=json.dumps({"program": program.id}),
    )


def _practice_choice(program: Program) -> list[Block]:
    """The other place to practise in, to change to with a button."""
    other: PracticeIn = "nowhere" if program.practice_in == "facilitators" else "facilitators"
    words = "Practise without posting" if other == "nowhere" else "Practise in the facilitators' channel"
    here = "in the facilitators' channel" if program.practice_in == "facilitators" else "without posting anything"
    value = ids.reference(program.id, other)
    return [section(f"Until then you practise {here}.", accessory=button(words, ids.MODE_PRACTICE, value))]


def _to_practice(found: Standing) -> Block:
    program = found.program
    posts = "No post stands" if not found.posts else f"{counted(found.posts, 'post')} {_stand(found.posts)}"
    lines = [
        f"*{esc(program.name)} is live.* {posts} for the next seven days.",
        _samples_left(len(found.samples)),
        "Back in practice I say nothing to participants and applicants of my own accord. What they ask me for works, "
        "labelled. What falls due meanwhile is not said again when you go live.",
    ]
    choices = [
        option("In the facilitators' channel, labelled", "facilitators"),
        option("Nowhere", "nowhere"),
    ]
    where = radios(WHERE, choices, initial=program.practice_in)
    return modal(
        ids.MODE_PRACTICE_FORM,
        "Practice and live",
        [section("\n\n".join(lines)), field_block(WHERE, "Where I say then what I would say", where)],
        submit="Back to practice",
        close="Stay live",
        metadata=json.dumps({"program": program.id}),
    )


@ids.reading()
def read_program(view: Mapping[str, Any]) -> int:
    """The program of a form. Raises Unreadable."""
    return int(json.loads(view["private_metadata"])["program"])


@ids.reading()
def read_where(view: Mapping[str, Any]) -> PracticeIn:
    """Where to practise. Raises Unreadable."""
    return practice_in(str(view["state"]["values"][WHERE][WHERE]["selected_option"]["value"])) or "facilitators"


def practice_in(word: str) -> PracticeIn | None:
    """The place that a word names."""
    return next((one for one in PRACTICE_INS if one == word), None)


def start_of(key: str) -> int:
    """Where a page of samples begins, by the key of a button."""
    return ids.row(key)


def done(found: Changed) -> Block:
    """What the form turns into."""
    return modal(WINDOW, "Practice and live", [section(_done(found))])


def _done(found: Changed) -> str:
    program = found.program
    if found.already:
        who = f"{esc(found.by)} has seen to that, {moment(found.at, program)}" if found.by else "It was so before"
        how = "is live already" if found.mode == "live" else "is in practice already"
        return f"*{esc(program.name)} {how}.* {who}. Nothing was changed."
    if found.mode == "live":
        samples = f" {_samples_left(found.samples)}" if found.samples else ""
        return f"*{esc(program.name)} is live.* From now on I say what falls due where it belongs.{samples}"
    return f"*{esc(program.name)} is in practice.* {_practice(program)}"


def refusal(refused: NotAllowed) -> str:
    """To somebody who does not run the program."""
    return refusals.not_allowed(refused, "say whether it is live")


def _samples_left(number: int) -> str:
    if not number:
        return "Nothing in it is made up."
    return f"{counted(number, 'sample is', 'samples are')} left, and will not be posted until filled in."


def _stand(number: int) -> str:
    return "stands" if number == 1 else "stand"


# Among the recent changes


def change_line(change: Change, program: Program) -> Line:
    """How it reads in the list of recent changes, as plain text."""
    return Line(program.name, "changed", _named(change.before), _named(change.after))


def _named(body: Mapping[str, Any] | None) -> str:
    if body is None:
        return ""
    if body.get("mode") != "practice":
        return str(body.get("mode"))
    return "practice, nothing is posted" if body.get("practice_in") == "nowhere" else "practice"
