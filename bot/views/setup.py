"""Setting a program up in words: beginning it, the checklist on the Home, and each of its steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from bot.domain.messages import Block
from bot.domain.people import ROLES, NotAllowed, Role
from bot.domain.programs import Program
from bot.domain.setup import (
    PARTS,
    PURPOSES,
    Accepted,
    Begun,
    Checklist,
    Foreseen,
    Gone,
    Looking,
    Note,
    Part,
    Previewed,
    State,
    Stuck,
    Thing,
)
from bot.views import homework, ids, living, refusals, reminders
from bot.views.blocks import (
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
    header,
    modal,
    multi_select,
    option,
    section,
)
from bot.views.failures import first_input
from bot.views.forms import Typed
from bot.views.refusals import under_first_field
from bot.views.setup_forms import MOST_SAID, WHAT_FOR, lower_first
from bot.views.times import clock_words, date_words, day_words, span_there

LEFT = "setup-left"
TITLES: Mapping[Part, str] = {
    "words": "Words of the program",
    "dates": "Dates",
    "homework": "Homework",
    "answers": "Questions and answers",
}
OF_PART: Mapping[Part, tuple[str, str]] = {
    "words": ("text", "texts"),
    "dates": ("date", "dates"),
    "homework": ("piece of homework", "pieces of homework"),
    "answers": ("answer", "answers"),
}
MANY: Mapping[Role, str] = {
    "applicant": "applicants",
    "participant": "participants",
    "coach": "coaches",
    "facilitator": "facilitators",
    "admin": "admins",
}
TEXT = 400


# Where one begins


def nothing(*, may: bool, begun: Sequence[Begun] = ()) -> list[Block]:
    """The Home where no program concerns its reader: how one is begun."""
    if may:
        words = (
            "There is no program yet. *Set up a program* takes about ten minutes: from a template or a blank, with "
            "your dates, people and channels. Nothing is posted until you say so."
        )
        return [header("Convene"), section(words), actions(*_starters(begun, code=False))]
    words = (
        "There is no program yet. An admin of this workspace sets one up here; so does whoever has the one-time code "
        "that I print where I run."
    )
    return [header("Convene"), section(words), actions(*_starters(begun, code=True))]


def _starters(begun: Sequence[Begun], *, code: bool) -> list[Block]:
    if code:
        return [button("I have a code…", ids.SETUP_CODE, "0", style="primary")]
    return [button("Set up a program…", ids.SETUP_OPEN, "0", style="primary")]


# The checklist


def home_blocks(found: Checklist) -> list[Block]:
    """What is left to do, each with its state in words and the button that does it."""
    program = found.program
    blocks: list[Block] = [header(program.name), section(_lead(found)), *_gone(found)]
    blocks += [_about(found)]
    number = 2
    for part in PARTS:
        state = found.parts[part]
        if state.total or part in ("dates", "homework", "answers"):
            blocks.append(_part(found, part, state, number))
            number += 1
    blocks.append(_people(found, number))
    blocks += _unmet(found)
    blocks += _channels(found, number + 1)
    blocks.append(_preview(found, number + 2))
    blocks += _last(found, number + 3)
    return blocks


def _lead(found: Checklist) -> str:
    by = f" by {esc(found.begun.by)}" if found.begun.by else ""
    made = {
        "template": f"from the template “{esc(found.source)}”",
        "copy": f"as a copy of “{esc(found.source)}”",
        "blank": "from a blank",
    }[found.kind]
    return (
        f"*You are setting this up.* It is in practice: nothing is posted where it belongs until you go live.\n"
        f"Begun{by} on {date_words(found.begun.at)}, {made}. Leave whenever you like; all is kept."
    )


def _gone(found: Checklist) -> list[Block]:
    if not found.gone:
        return []
    gone = f":warning: *{counted(found.gone, 'date has', 'dates have')} gone by* since this was begun."
    value = ids.reference(found.program.id)
    move = button("Move everything to another start…", ids.SETUP_MOVE, value)
    return [section(f"{gone} What is over is not posted any more."), actions(move)]


def _step(number: int, title: str, state: str, done: bool | None, button_: Block) -> Block:
    mark = {True: "done", False: "to do", None: "if you like"}[done]
    return section(f"*{number}. {title}* · {mark}\n{state}", accessory=button_)


def _about(found: Checklist) -> Block:
    program = found.program
    value = ids.reference(program.id, "program/program")
    said = (
        f"{esc(program.name)}, {esc(program.place)}; by {esc(program.organizer)}. Contact: {refusals.contact(program)}."
    )
    return _step(1, "Name and contact", said, True, button("Change…", ids.CHANGE_ITEM, value, label="Change the name"))


def _part(found: Checklist, part: Part, state: State, number: int) -> Block:
    value = ids.reference(found.program.id, f"{part}/0")
    if not state.total:
        none = {
            "dates": "None yet. Add them here or later, each in a minute.",
            "homework": "None yet. Add it here or later.",
        }.get(part, "None yet.")
        add = button("Add…", ids.SETUP_LOOK, value, label=f"Add: {TITLES[part]}")
        return _step(number, TITLES[part], none, None, add)
    one, many = OF_PART[part]
    lines = [counted(state.total, one, many)]
    if part == "dates" and found.span is not None:
        tz = found.program.tz
        first, last = (one.astimezone(tz) for one in found.span)
        lines[0] += f", {day_words(first, year=True)} to {day_words(last, year=True)}"
    if state.waiting:
        lines.append(
            f"{state.waiting} not looked at yet" + (f", {state.noted} of them with a note" if state.noted else "")
        )
    else:
        lines.append("all looked at")
    look = button("Look at them…", ids.SETUP_LOOK, value, label=f"Look at them: {TITLES[part]}")
    return _step(number, TITLES[part], "; ".join(lines) + ".", not state.waiting, look)


def _people(found: Checklist, number: int) -> Block:
    counts = [counted(found.counts.get(role, 0), role, MANY[role]) for role in ROLES if found.counts.get(role)]
    counts.append(counted(found.organizations, "organization"))
    value = ids.reference(found.program.id)
    add = button("Add people…", ids.SETUP_PEOPLE, value)
    done = bool(found.counts.get("facilitator")) and bool(found.organizations)
    missing = "" if found.counts.get("facilitator") else " Nobody is a facilitator yet."
    drop = " A list as CSV can simply be dropped into our conversation."
    return _step(number, "People", f"{', '.join(counts)}.{missing}{drop}", done, add)


def _unmet(found: Checklist) -> list[Block]:
    if not found.unmet:
        return []
    shown = ", ".join(esc(one) for one in found.unmet[:MOST_SAID])
    more = f" and {len(found.unmet) - MOST_SAID} more" if len(found.unmet) > MOST_SAID else ""
    said = f"Nobody in this workspace has {'this address' if len(found.unmet) == 1 else 'these addresses'} so far"
    return [context(f"{said}: {shown}{more}. I keep them, and know them as soon as they join.")]


def _channels(found: Checklist, number: int) -> Iterator[Block]:
    program = found.program
    done = found.channel("facilitators") is not None and found.channel("cohort") is not None
    yield section(
        f"*{number}. Channels* · {'done' if done else 'to do'}\nChoose some, or let me make them and invite people."
    )
    for purpose in PURPOSES:
        setting = found.channel(purpose)
        now = f"<#{setting.channel}>" if setting is not None else "none yet"
        value = ids.reference(program.id, purpose)
        words = "Change…" if setting is not None else "Choose…"
        choose = button(words, ids.SETUP_CHANNEL, value, label=f"{words} {WHAT_FOR[purpose]}")
        yield section(f"{WHAT_FOR[purpose]}: {now}", accessory=choose)


def _preview(found: Checklist, number: int) -> Block:
    value = ids.reference(found.program.id, "0")
    see = button("See it…", ids.SETUP_PREVIEW, value, label="See it: what people will read, and when")
    said = "Every post as it will be read, with its day and its channel."
    return _step(number, "What people will see", said, found.previewed or None, see)


def _last(found: Checklist, number: int) -> Iterator[Block]:
    value = ids.reference(found.program.id)
    left = len(found.samples)
    are = "things are still samples: they are" if left > 1 else "thing is still a sample: it is"
    samples = f" {left} {are} never posted, and can be filled in later." if left else ""
    yield section(f"*{number}. Go live*\nFrom then on what falls due is said where it belongs.{samples}")
    sure = confirm(
        "Throw this set-up away?",
        "All that you have filled in goes with it. Channels that I made stay, and are for nothing.",
        "Throw it away",
        "Keep it",
    )
    yield actions(
        button("Go live…", ids.MODE_OPEN, value, style="primary"),
        button("Move everything to another start…", ids.SETUP_MOVE, value),
        button("Throw it away…", ids.SETUP_DROP, value, style="danger", confirm=sure),
    )


# Looking through it


def looking(found: Looking, now: datetime) -> Block:
    """A page of what is to be looked at; handed in, what is not left out is right."""
    part, program = found.part, found.program
    blocks: list[Block] = [context(_counts(found)), *_all_at_once(found)]
    month = ""
    for thing in found.things:
        if part in ("dates", "homework") and thing.when is not None:
            there = thing.when.astimezone(program.tz)
            if f"{there:%Y-%m}" != month:
                month = f"{there:%Y-%m}"
                blocks.append(section(f"*{_month(there)}*"))
        blocks.append(_thing(found, thing, now))
    if not found.things:
        blocks.append(section(_nothing_in(part)))
        blocks += _adders(found)
        return modal(ids.SETUP_WINDOW, TITLES[part][:24], blocks)
    blocks += _adders(found)
    blocks += _leaving(found)
    about = ids.reference(program.id, f"{part}/{found.start}/{found.seen}")
    submit = "These are right" if found.waiting else "Go on"
    return modal(ids.SETUP_LOOK_FORM, TITLES[part][:24], distinct(blocks), submit=submit, close="Later", metadata=about)


def looked_through(found: Accepted) -> Block:
    """Of a part nothing is left."""
    part = found.looking.part
    left = f" {found.left_out} left out." if found.left_out else ""
    said = f"*{TITLES[part]}: all looked at.*{left} Each can still be changed at any time."
    if found.looking.waiting:
        said = f"*{TITLES[part]}:* {found.looking.waiting} are still to be looked at.{left}"
    return modal(ids.SETUP_WINDOW, TITLES[part][:24], [section(said)])


@ids.reading()
def read_look(view: Mapping[str, Any]) -> tuple[int | None, Part, int, str, tuple[str, ...]]:
    """The program, the part, where the page begins, what stood on it, and what is to be left out."""
    program_id, about = ids.referred(str(view["private_metadata"]))
    part, start = part_of(about)
    return program_id, part, start, about.rpartition("/")[2], Typed(view).choices(LEFT)


def part_of(key: str) -> tuple[Part, int]:
    """The part and the beginning of a page behind a button."""
    name, _, rest = key.partition("/")
    found: Part = next((one for one in PARTS if one == name), "dates")
    return found, ids.row(rest.partition("/")[0])


def stuck(found: Stuck, view: Mapping[str, Any]) -> dict[str, str]:
    """Why something cannot be left out, under what is to be."""
    return {first_input(view["blocks"]): _stuck(found)}


def stuck_words(found: Stuck) -> str:
    """The same as a sentence in mrkdwn."""
    return esc(_stuck(found))


def _stuck(found: Stuck) -> str:
    return f"That is not possible, as something else names it: {' '.join(found.says)} Nothing was changed."


def _counts(found: Looking) -> str:
    one, many = OF_PART[found.part]
    pages = f", {found.start + 1} to {found.start + len(found.things)} here" if len(found.things) < found.total else ""
    if not found.total:
        return f"{esc(found.program.name)}."
    waits = f"; {found.waiting} not looked at yet" if found.waiting else "; all looked at"
    return f"{esc(found.program.name)}: {counted(found.total, one, many)}{pages}{waits}."


def _all_at_once(found: Looking) -> list[Block]:
    """For whoever has looked at all of it elsewhere, or wants none of it."""
    if found.part == "dates" or found.waiting <= len(found.things) or not found.waiting:
        return []
    value = ids.reference(found.program.id, f"{found.part}/right")
    none = ids.reference(found.program.id, f"{found.part}/out")
    one, many = OF_PART[found.part]
    sure = confirm(
        f"Are all {found.waiting} right?",
        "I say them as this program's own from then on, with your name as who has looked at them.",
        "They are right",
        "Not yet",
    )
    out = confirm(
        "Leave all of them out?",
        f"The {counted(found.waiting, one, many)} that nobody has looked at are taken out. You write your own instead.",
        "Leave them out",
        "Keep them",
    )
    return [
        actions(
            button(f"All {found.waiting} are right…", ids.SETUP_ALL, value, confirm=sure),
            button("Leave them all out…", ids.SETUP_ALL, none, confirm=out),
        )
    ]


def _thing(found: Looking, thing: Thing, now: datetime) -> Block:
    program = found.program
    head = f"*{esc(thing.title)}*"
    when = _when(thing, program)
    lines = [f"{when}  {head}" if when else head]
    if thing.gone:
        lines[0] += " · has gone by"
    text = living.plain(thing.text, program, now) if thing.section == "faq" else thing.text
    if text and found.part != "dates":
        lines.append(clip(esc(text), TEXT))
    lines += [f":eyes: {_note(one)}" for one in thing.notes[:3]]
    value = ids.reference(program.id, thing.name)
    change = button("Change…", ids.CHANGE_ITEM, value, label=f"Change: {thing.title}")
    return section("\n".join(lines), accessory=change)


def _when(thing: Thing, program: Program) -> str:
    if thing.when is None:
        return ""
    there = thing.when.astimezone(program.tz)
    if thing.whole_days:
        last = thing.until.astimezone(program.tz) if thing.until is not None else there
        return day_words(there) if last.date() == there.date() else f"{day_words(there)} to {day_words(last)}"
    if thing.until is None:
        return f"{day_words(there)}, {clock_words(there)}"
    return span_there(there, thing.until.astimezone(program.tz))


def _note(one: Note) -> str:
    match one.why:
        case "date":
            return "It has a date in its words: look at it."
        case "clock":
            return f"That day has no {one.about}, as clocks go forward: I took the next time that it has."
        case "break":
            return "It has moved with the start, and a holiday does not: is it then?"
        case "name":
            return f"“{esc(one.about)}” still stands in its words: look at it."


def _leaving(found: Looking) -> list[Block]:
    offered = [option(clip(one.title, 75), one.name) for one in found.things if one.section != "program"]
    if not offered:
        # A form needs a field for its button; what stands in the header can only be changed.
        return []
    field = multi_select(LEFT, offered, placeholder="None")
    return [
        field_block(LEFT, "Leave out", field, hint="All others on this page are right, as you say it.", optional=True)
    ]


def _adders(found: Looking) -> list[Block]:
    section_ = {"dates": "events", "homework": "assignments", "answers": "faq"}.get(found.part)
    if section_ is None:
        return []
    word = {"events": "Add a date…", "assignments": "Add homework…", "faq": "Add an answer…"}[section_]
    return [actions(button(word, ids.CHANGE_ADD, ids.reference(found.program.id, section_)))]


def _nothing_in(part: Part) -> str:
    return {
        "dates": "No dates yet: convenings, office hours, deadlines, breaks.",
        "homework": "No homework yet.",
        "answers": "No questions and answers yet.",
        "words": "No words yet.",
    }[part]


def _month(there: datetime) -> str:
    return f"{there:%B} {there.year}"


# What people will see


def preview(found: Previewed) -> Block:
    """Each post as it will be read, with its day and its channel, a page of them."""
    program = found.program
    blocks: list[Block] = [context(_preview_counts(found))]
    day = ""
    for one in found.posts:
        there = one.at.astimezone(program.tz)
        if there.date().isoformat() != day:
            day = there.date().isoformat()
            blocks += [divider(), section(f"*{day_words(there, year=True)}*")]
        blocks.append(section(_post(one, found)))
    if not found.posts:
        blocks.append(section("Nothing is posted yet: there are no dates, or they have all gone by."))
    blocks += _pages(found)
    value = ids.reference(program.id)
    blocks.append(actions(button("See the Home as a participant…", ids.VIEW_AS_OPEN, value)))
    return modal(ids.SETUP_WINDOW, "What people will see", distinct(blocks))


def _preview_counts(found: Previewed) -> str:
    pages = f", {found.start + 1} to {found.start + len(found.posts)} here" if len(found.posts) < found.total else ""
    besides = "personal reminders of homework, the facilitators' digest, and answers to whoever asks"
    return f"{counted(found.total, 'post')} in channels{pages}. Besides: {besides}."


def _post(one: Foreseen, found: Previewed) -> str:
    program, there = found.program, one.at.astimezone(found.program.tz)
    channel = found.channels.get(one.purpose)
    where = f"<#{channel}>" if channel else lower_first(WHAT_FOR[one.purpose])
    sample = " · a sample, so not posted" if one.sample else ""
    made = None
    if one.event is not None:
        made = reminders.part(one.event, program, one.at)
    elif one.assignment is not None:
        made = homework.post(one.assignment, program, one.at)
    text = clip(_words(made.blocks), TEXT) if made is not None else ""
    quoted = "\n".join(f"> {line}" for line in text.splitlines() if line.strip())
    return f"{clock_words(there)} in {where}{sample}\n{quoted}"


def _words(blocks: Sequence[Block]) -> str:
    """What a message says, without its buttons."""
    sections = (block for block in blocks if block.get("type") == "section")
    return "\n".join(str(cast("Mapping[str, Any]", one["text"])["text"]) for one in sections)


def _pages(found: Previewed) -> list[Block]:
    def page(words: str, start: int) -> Block:
        return button(words, ids.SETUP_PREVIEW, ids.reference(found.program.id, str(start)))

    end = found.start + len(found.posts)
    earlier = [page("Posts before these", max(found.start - found.page, 0))] if found.start else []
    later = [page("Posts after these", end)] if end < found.total else []
    return [actions(*earlier, *later)] if earlier or later else []


# Refusals


def dropped(name: str) -> str:
    """It was thrown away."""
    return f"{esc(name)} is thrown away. Nothing of it is left to do. Channels that I made stay, and are for nothing."


def gone(found: Gone) -> str:
    """There is nothing to go on with."""
    if found.program is None:
        return "This set-up was thrown away. My *Home* tab shows how things stand."
    return f"{esc(found.program.name)} is set up already: everything is changed under *Manage* in my *Home* tab."


def refusal(refused: NotAllowed) -> str:
    """Why not, and who can."""
    names = refusals.named(refused.facilitators)
    if refused.program is not None:
        return refusals.only_facilitators(refused.program, refused.facilitators, "set it up")
    ask = f" Ask {names}." if names else ""
    return f"An admin of this workspace sets a program up, or whoever has the one-time code that I print.{ask}"


def refused_errors(words: str, view: Mapping[str, Any]) -> dict[str, str]:
    """A refusal where what was typed stays in view."""
    return under_first_field(words, view)
