"""Holding all posts in words: the form, what is held and why, and what becomes of it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from bot.domain.changes import Change
from bot.domain.holds import (
    LONGEST_REASON,
    Before,
    Choice,
    Draft,
    Field,
    Flaw,
    Hold,
    Item,
    Looked,
    Made,
    Opened,
    Problems,
    Resumed,
    Standing,
    There,
)
from bot.domain.homework import NUDGE, NUDGE_NOW, POST
from bot.domain.messages import Block, Message
from bot.domain.moves import CORRECTION, FILE
from bot.domain.people import NotAllowed
from bot.domain.programs import Program, parse_clock
from bot.domain.reminders import EVENT
from bot.domain.rsvps import TOLD
from bot.views import ids, refusals
from bot.views.blocks import (
    actions,
    button,
    clip,
    context,
    counted,
    date_input,
    distinct,
    esc,
    field_block,
    marked,
    modal,
    option,
    radios,
    section,
    select,
    text_input,
    time_input,
)
from bot.views.lines import Line
from bot.views.times import clock_words, day_words, moment

WINDOW = "hold.done"
EVERYTHING = "all"
CHANNEL, REASON, CHOICE = "hold:channel", "hold:reason", "hold:choice"
FROM_DAY, FROM_TIME, UNTIL_DAY, UNTIL_TIME = "hold:from", "hold:from_time", "hold:until", "hold:until_time"
MOST_ITEMS = 12
FIELDS: Mapping[Field, str] = {"channel": CHANNEL, "reason": REASON, "from": FROM_DAY, "until": UNTIL_DAY}
SAYS: Mapping[Flaw, str] = {
    "no reason": "Say in a few words why. The other facilitators see it.",
    "long reason": f"Up to {LONGEST_REASON} characters, please.",
    "no day": "Choose the day, too, or leave both empty.",
    "no time": "Choose the time, too, or leave both empty.",
    "no such time": "There is no such time on that day: the clocks go forward. Choose an hour later.",
    "end before start": "This is before it begins. Choose a later end, or none for as long as you like.",
    "end past": "This has passed already. Choose a later end, or none for as long as you like.",
    "start past": "That day has passed. Choose today or a later day, or leave it empty for from now on.",
    "no channel": "I do not post in that channel any more: it was archived, or is for something else. Choose again.",
}
WAITS = (
    "What falls due meanwhile waits: nothing is lost. When you resume you see all of it, and choose whether I say it, "
    "in one post a channel, or drop it."
)
GOES_ON = (
    "This goes on: your digests and everything else for the facilitators, and what people ask me for themselves, "
    "such as receipts, answers and calendar files."
)
STANDS: Mapping[str, str] = {
    "hold resumed": "Posts go out again already, so there is no hold to change back. Hold them anew if you want to.",
    "hold end past": "The time to which it would go back has passed. Resume it, or give it another end.",
}
"""Why a change of a hold cannot be undone."""


# On the Home and in Friday's word


def home_blocks(found: Standing) -> list[Block]:
    """Every hold that concerns those who run the program, each with the button that ends it."""
    return [_banner(one, found.program, found.now) for one in found.holds]


def lines(found: Standing) -> list[str]:
    """The same as plain words, for a terminal."""
    return [
        f"{_head(one, found.program, found.now)} Why: {one.reason}".replace("*", "").replace(
            f"<#{one.channel}>", f"#{one.room}"
        )
        for one in found.holds
    ]


def nudge_waits(hold: Hold, program: Program, now: datetime) -> str:
    """That a facilitator's own nudge is held as well, until when, and what becomes of it; mrkdwn."""
    end = "Whoever resumes then chooses whether it is said." if hold.ends_at is None else "Then one of you chooses."
    return f"{_head(hold, program, now)} {_why(hold)} A nudge waits with them. {end} *Resume* is on your Home."


def _banner(hold: Hold, program: Program, now: datetime) -> Block:
    value = ids.reference(program.id, str(hold.id))
    words = "Choose…" if hold.over(now) else "Resume…"
    label = "what becomes of what was held" if hold.over(now) else "let posts go out again"
    resume = button(words, ids.HOLD_RESUME, value, label=label)
    return section(f"{_head(hold, program, now)}\n{_why(hold)}{_waiting(hold, now)}", accessory=resume)


def _head(hold: Hold, program: Program, now: datetime) -> str:
    """Posts are held: by whom, until when."""
    by = esc(hold.by or "a facilitator")
    if hold.shut:
        assert hold.ends_at is not None
        return f"*Slack refused what I had to post in <#{hold.channel}>* until {_at(hold.ends_at, program)}."
    if hold.over(now):
        assert hold.ends_at is not None
        return f"*{_what(hold)} were held until {_at(hold.ends_at, program)}*, by {by}."
    if hold.ahead(now):
        begins = _at(hold.starts_at, program)
        return f"*{_what(hold)} will be held* from {begins} {_until(hold, program)}, by {by}."
    return f"*{_what(hold)} are held* {_until(hold, program)}, by {by}."


def _what(hold: Hold) -> str:
    return f"Posts in <#{hold.channel}>" if hold.channel else "All posts"


def _until(hold: Hold, program: Program) -> str:
    return f"until {_at(hold.ends_at, program)}" if hold.ends_at is not None else "until somebody resumes"


def _why(hold: Hold) -> str:
    if hold.shut:
        return f"Why: {esc(hold.reason)}. Now I can post there again."
    archived = " The channel is archived: nothing can be posted there." if hold.archived else ""
    return (
        f"Why: {esc(hold.reason)}.{archived}" if hold.reason[-1:] not in ".!?" else f"Why: {esc(hold.reason)}{archived}"
    )


def _waiting(hold: Hold, now: datetime) -> str:
    if not hold.waiting:
        return "" if hold.over(now) or hold.ahead(now) else " Nothing waits yet."
    verb = "waits" if hold.waiting == 1 else "wait"
    return f" {counted(hold.waiting, 'message')} {verb}{' for you to choose' if hold.over(now) else ''}."


# The list, and the form


def opened(found: Opened) -> Block:
    """What is held, or, where nothing is, the form to hold it."""
    return listing(found) if found.holds else form(found)


def listing(found: Opened) -> Block:
    """What is held, each with what can be done about it."""
    program = found.program
    blocks: list[Block] = [] if found.holds else [section("Nothing is held now.")]
    for hold in found.holds:
        value = ids.reference(program.id, str(hold.id))
        blocks.append(section(f"{_head(hold, program, found.now)}\n{_why(hold)}{_waiting(hold, found.now)}"))
        buttons = [button("Choose…" if hold.over(found.now) else "Resume…", ids.HOLD_RESUME, value, style="primary")]
        if not hold.over(found.now):
            buttons.append(button("Change until when…", ids.HOLD_CHANGE, value))
        blocks.append(actions(*buttons))
    words = "Hold something else…" if found.holds else "Hold something…"
    blocks.append(actions(button(words, ids.HOLD_NEW, ids.reference(program.id))))
    return modal(ids.HOLD_WINDOW, "Hold posts", distinct(blocks), metadata=ids.reference(program.id))


def form(found: Opened) -> Block:
    """What to hold, why, and until when."""
    program = found.program
    choices = [option("All posts and personal reminders", EVERYTHING)]
    choices += [option(f"Only #{one.name}", one.channel) for one in found.rooms]
    blocks = [
        section(WAITS),
        context(GOES_ON),
        field_block(CHANNEL, "What to hold", select(CHANNEL, choices, initial=EVERYTHING)),
        *_fields(program, None),
    ]
    return modal(
        ids.HOLD_FORM,
        "Hold posts",
        blocks,
        submit="Hold",
        close="Not now",
        metadata=json.dumps({"program": program.id}),
    )


def change_form(found: Looked) -> Block:
    """Another end or reason for a hold."""
    hold, program = found.hold, found.program
    return modal(
        ids.HOLD_CHANGE_FORM,
        "Change the hold",
        [section(_head(hold, program, found.now)), *_fields(program, hold, begun=not hold.ahead(found.now))],
        submit="Save",
        close="Leave it",
        metadata=json.dumps({"program": program.id, "hold": hold.id}),
    )


def _fields(program: Program, hold: Hold | None, *, begun: bool = False) -> Iterator[Block]:
    reason = text_input(REASON, initial=hold.reason if hold else None, max_length=LONGEST_REASON)
    yield field_block(REASON, "Why", reason, hint="The other facilitators see it, with your name. Nobody else does.")
    if not begun:
        starts = hold.starts_at.astimezone(program.tz) if hold else None
        yield field_block(
            FROM_DAY,
            "From the day",
            date_input(FROM_DAY, starts.date() if starts else None),
            hint="Leave it empty for from now on.",
            optional=True,
        )
        yield field_block(
            FROM_TIME, "From the time", time_input(FROM_TIME, starts.time() if starts else None), optional=True
        )
    ends = hold.ends_at.astimezone(program.tz) if hold and hold.ends_at else None
    yield field_block(
        UNTIL_DAY,
        "Until the day",
        date_input(UNTIL_DAY, ends.date() if ends else None),
        hint="Leave it empty to hold them until somebody resumes.",
        optional=True,
    )
    hint = f"On the clock of {program.place}, wherever you are. I ask you then what becomes of what was held."
    clock = time_input(UNTIL_TIME, ends.time() if ends else None)
    yield field_block(UNTIL_TIME, "Until the time", clock, hint=hint, optional=True)


@ids.reading()
def read(view: Mapping[str, Any]) -> tuple[int, int, Draft]:
    """The program, the hold (0 for a new one), and what was chosen. Raises Unreadable."""
    about, values = json.loads(view["private_metadata"]), view["state"]["values"]
    chosen = (values.get(CHANNEL, {}).get(CHANNEL) or {}).get("selected_option") or {}
    channel = str(chosen.get("value") or EVERYTHING)
    draft = Draft(
        channel=None if channel == EVERYTHING else channel,
        reason=str(values[REASON][REASON].get("value") or ""),
        starts=(_day(values, FROM_DAY), _clock(values, FROM_TIME)),
        ends=(_day(values, UNTIL_DAY), _clock(values, UNTIL_TIME)),
    )
    return int(about["program"]), int(about.get("hold") or 0), draft


def errors(found: Problems, view: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong, under its field, or under the reason where there is none."""
    there = {str(block.get("block_id")) for block in view["blocks"]}
    named: dict[str, str] = {}
    for name, flaw in found.flaws.items():
        field = UNTIL_TIME if (name, flaw) == ("until", "no time") else FIELDS[name]
        named[field if field in there else REASON] = SAYS[flaw]
    return named


# What came of it


def made(found: Made) -> Block:
    """Posts are held: until when, and what is known to fall due meanwhile."""
    hold, program = found.hold, found.program
    done = "Saved. " if found.changed else ""
    blocks = [section(f"{done}{_head(hold, program, found.now)}\n{_why(hold)}")]
    blocks.append(section(_coming(found)))
    ends = "When that time comes I ask in the facilitators' channel what becomes of it." if hold.ends_at else ""
    blocks.append(context(f"{ends} *Resume* is on your Home at any time.".strip()))
    value = ids.reference(program.id, str(hold.id))
    blocks.append(actions(button("Resume…", ids.HOLD_RESUME, value, label="let posts go out again")))
    return modal(WINDOW, "Posts are held", blocks, metadata=ids.reference(program.id))


def _coming(found: Made) -> str:
    if not found.coming:
        return "Nothing is planned for that time so far."
    verb = "falls due meanwhile and waits" if len(found.coming) == 1 else "fall due meanwhile and wait"
    return "\n".join([f"{counted(len(found.coming), 'message')} {verb}:", *_items(found.coming, found.program)])


def there(found: There) -> Block:
    """Somebody holds the same then already."""
    hold, program = found.hold, found.program
    words = (
        f"{_head(hold, program, found.now)}\n{_why(hold)}\nNothing was changed. You can give it another end, or resume."
    )
    value = ids.reference(program.id, str(hold.id))
    buttons = [button("Resume…", ids.HOLD_RESUME, value)]
    if not hold.over(found.now):
        buttons.insert(0, button("Change until when…", ids.HOLD_CHANGE, value))
    return modal(WINDOW, "Held already", [section(words), actions(*buttons)])


def resume_form(found: Looked) -> Block:
    """What was held, and what is to become of it."""
    hold, program = found.hold, found.program
    blocks = [section(f"{_head(hold, program, found.now)}\n{_why(hold)}"), section(_kept(found))]
    if found.items:
        choices = [
            option("Say it: one post in each channel", "send", "What is over by now is left out"),
            option("Drop it", "drop", "It is not said. The record keeps that you decided so"),
        ]
        what = "What was refused" if hold.shut else "What was held"
        blocks.append(field_block(CHOICE, what, radios(CHOICE, choices, initial="send")))
    blocks += _still(found.others, program, found.now)
    return modal(
        ids.HOLD_RESUME_FORM,
        "Resume",
        blocks,
        submit="Resume",
        close="Keep holding",
        metadata=json.dumps({"program": program.id, "hold": hold.id}),
    )


def _kept(found: Looked) -> str:
    if not found.items:
        if found.hold.ahead(found.now):
            return "It has not begun, so nothing was held. It will not be."
        return "Nothing has fallen due meanwhile. From now on I say what falls due."
    said = [f"{counted(len(found.items), 'message')} {'waits' if len(found.items) == 1 else 'wait'}:"]
    said += _items(found.items, found.program)
    over = sum(one.over for one in found.items)
    if over:
        said.append(f"_{counted(over, 'is', 'are')} about something that is over by now, and will not be said._")
    return "\n".join(said)


@ids.reading()
def read_resume(view: Mapping[str, Any]) -> tuple[int, int, Choice]:
    """The program, the hold, and what was chosen; where nothing was held it does not matter. Raises Unreadable."""
    about = json.loads(view["private_metadata"])
    chosen = ((view["state"]["values"].get(CHOICE) or {}).get(CHOICE) or {}).get("selected_option") or {}
    return int(about["program"]), int(about["hold"]), "drop" if chosen.get("value") == "drop" else "send"


def resumed(found: Resumed, now: datetime) -> Block:
    """What the form turns into."""
    blocks = [section(_resumed(found, now)), *_still(found.others, found.program, now)]
    return modal(WINDOW, "Resumed", blocks)


def _resumed(found: Resumed, now: datetime) -> str:
    hold = found.hold
    where = f" in <#{hold.channel}>" if hold.channel else ""
    later = sum(one.due_at > now for one in found.items)
    held = len(found.items) - later
    lines = [f"*Posts{where} go out again.*"]
    if held and found.choice == "drop":
        lines.append(f"{counted(held, 'message was', 'messages were')} dropped.")
    elif held:
        over = sum(one.over for one in found.items)
        left = f" {counted(over, 'is', 'are')} about something that is over, and left out." if over else ""
        lines.append(f"I say what waited now, in one post a channel: {counted(held, 'message')}.{left}")
    else:
        lines.append("Nothing was held.")
    if later:
        lines.append(
            f"{counted(later, 'has', 'have')} a later time by now, and {'is' if later == 1 else 'are'} said then."
        )
    if hold.archived and held and found.choice == "send":
        lines.append(
            f"<#{hold.channel}> is archived, so Slack will not take it there. Say which channel takes its place."
        )
    return " ".join(lines)


def before(found: Before) -> str:
    """Somebody has ended it before."""
    hold, program = found.hold, found.program
    if hold.ended_at is None:
        return f"That hold is over, and what it kept waits for somebody to choose: see your Home. {_why(hold)}"
    who = esc(hold.ended_by or "Somebody")
    chose = "dropped what was held" if hold.chose == "drop" else "had me say what was held"
    return f"{who} has resumed already, {_at(hold.ended_at, program)}, and {chose}. Nothing was changed now."


def gone() -> str:
    """There is no such hold."""
    return "There is no such hold any more. Your Home shows what is held now."


def refusal(refused: NotAllowed) -> str:
    """To somebody who does not run the program."""
    return refusals.not_allowed(refused, "hold posts and let them go out again")


# When it ends by itself


def over(found: Looked) -> Message:
    """The question in the facilitators' channel once a hold has ended; without anything held only that it has."""
    hold, program = found.hold, found.program
    where = f" in <#{hold.channel}>" if hold.channel else ""
    head = f"*The hold{where} is over: I post again.* {esc(hold.by or 'A facilitator')} set it. {_why(hold)}"
    if hold.shut:
        head = f"*I can post{where} again.* Slack refused what fell due meanwhile: {esc(hold.reason)}."
    if not found.items:
        text = f"{head} Nothing fell due meanwhile."
        return Message(text, [section(text)])
    value = ids.reference(program.id, str(hold.id))
    ask = "Nothing of it is said until one of you chooses. What is still to come is said at its time."
    buttons = actions(
        button("Say it, one post a channel", ids.HOLD_SEND, value, style="primary"),
        button("Drop it", ids.HOLD_DROP, value),
    )
    return Message(f"{head} {_count(found)}", [section(head), section(_kept(found)), context(ask), buttons])


def over_settled(found: Looked) -> Message:
    """The same once somebody has chosen."""
    hold, program = found.hold, found.program
    where = f" in <#{hold.channel}>" if hold.channel else ""
    at = f", {_at(hold.ended_at, program)}" if hold.ended_at is not None else ""
    what = "refused" if hold.shut else "held"
    chose = f"dropped what was {what}" if hold.chose == "drop" else f"had me say what was {what}, in one post a channel"
    head = f"*I post{where} again.*" if hold.shut else f"*The hold{where} is over.*"
    text = f"{head} {esc(hold.ended_by or 'A facilitator')} {chose}{at}."
    return Message(text, [section(text)])


def _count(found: Looked) -> str:
    verb = "waits" if len(found.items) == 1 else "wait"
    return f"{counted(len(found.items), 'message')} {verb} for one of you to choose."


# What is held


def _items(items: Sequence[Item], program: Program) -> list[str]:
    """Each thing that is held, what is for one person alone only counted."""
    alone = Counter(_about(one) for one in items if one.person is not None)
    shown = [f"• {_when(one, program)} {_where(one)}: {_about(one)}{_over(one)}" for one in items if one.person is None]
    shown += [f"• for {counted(count, 'person', 'people')}: {about}" for about, count in alone.items()]
    left = len(shown) - MOST_ITEMS
    return [*shown[:MOST_ITEMS], *([f"and {left} more"] if left > 0 else [])]


def _about(one: Item) -> str:
    title = marked(esc(clip(one.about, 120)), one.sample)
    match one.kind:
        case _ if one.kind in (EVENT, POST):
            return title or "a post"
        case _ if one.kind in (NUDGE, NUDGE_NOW):
            return f"a reminder about {title or 'homework'}"
        case _ if one.kind == CORRECTION:
            return f"the new time of {title}" if title else "the new times of several dates"
        case _ if one.kind == FILE:
            return "a new calendar file"
        case _ if one.kind == TOLD:
            return "word of a date that they come to"
        case "reflection.cohort_post":
            return "a reflection that its author shared, a post of its own"
        case _:
            return title or "a message"


def _over(one: Item) -> str:
    return " _(over by now)_" if one.over else ""


def _where(one: Item) -> str:
    return f"in <#{one.channel}>" if one.channel else "in a channel"


def _when(one: Item, program: Program) -> str:
    there = one.due_at.astimezone(program.tz)
    return f"{day_words(there)}, {clock_words(there)}"


def _still(others: Sequence[Hold], program: Program, now: datetime) -> list[Block]:
    """What goes on holding some of the same."""
    return [section(f":warning: {_head(one, program, now)} It goes on holding what is for there.") for one in others]


def _at(when: datetime, program: Program) -> str:
    return moment(when, program)


def _day(values: Mapping[str, Any], name: str) -> date | None:
    chosen = (values.get(name, {}).get(name) or {}).get("selected_date")
    return date.fromisoformat(chosen) if chosen else None


def _clock(values: Mapping[str, Any], name: str) -> time | None:
    chosen = (values.get(name, {}).get(name) or {}).get("selected_time")
    return parse_clock(chosen) if chosen else None


# Among the recent changes


def change_line(change: Change, program: Program) -> Line:
    """How a hold reads in the list of recent changes, as plain text."""
    before, after = change.before, change.after or {}
    did = "resumed" if after.get("chose") else "held" if before is None else "changed"
    what = "Posts in one channel" if after.get("channel") else "All posts"
    return Line(
        what, did, _ends(before, program) if before else "", "" if after.get("chose") else _ends(after, program)
    )


def _ends(body: Mapping[str, Any], program: Program) -> str:
    ends = body.get("ends_at")
    return f"until {moment(datetime.fromisoformat(str(ends)), program)}" if ends else "until somebody resumes"
