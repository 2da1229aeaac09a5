"""My messages: pausing them, where and in which language they come, one's own record, and leaving the program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.messages import Block, Message
from bot.domain.people import Member, Role
from bot.domain.programs import Program
from bot.domain.switchboard import Alone, Board, Choices, Item, Leaving, Left, NotIn, Pausing, Record, Wrong
from bot.views import hours, ids, quiet, refusals
from bot.views.blocks import (
    SECTION,
    actions,
    button,
    clip,
    context,
    counted,
    date_input,
    distinct,
    divider,
    esc,
    field_block,
    mention,
    modal,
    option,
    radios,
    section,
    select,
)
from bot.views.forms import Typed
from bot.views.times import day_words, moment

HOW, DAY = "switchboard.how", "switchboard.day"
STILL = "Receipts and answers to what you ask me go on, pause or not."
ROLES: Mapping[Role, str] = {
    "applicant": "an applicant",
    "participant": "a participant",
    "coach": "a coach",
    "facilitator": "a facilitator",
    "admin": "an admin",
}
ANSWER = 1200
"""How much of one answer a page of the record shows; the file has all of it."""
LANGUAGE = (("mine", "As I write"), ("en", "English"), ("es", "Español"))
REMINDERS = (("direct", "By direct message"), ("channel", "In the channel only"))

View = Mapping[str, Any]


def opener(program_id: int) -> Block:
    """The button that opens all of it."""
    return button("My messages", ids.SWITCHBOARD_OPEN, ids.reference(program_id))


def record_button(program_id: int) -> Block:
    """The button that shows one's own record."""
    return button("My record", ids.SWITCHBOARD_RECORD, ids.reference(program_id))


def home_blocks(chosen: Choices, program: Program, zone: str | None, now: datetime) -> list[Block]:
    """On the Home: the way in, and that one has paused, if one has."""
    opens = actions(opener(program.id), record_button(program.id))
    if not chosen.paused(now):
        return [opens]
    again = button("Write to me again", ids.SWITCHBOARD_RESUME, ids.reference(program.id), style="primary")
    words = f"*You have paused my messages* {_until(chosen.paused_until, program, zone)}. {STILL}"
    return [section(words, accessory=again), opens]


def window(board: Board, now: datetime) -> Block:
    """Everything there is to choose."""
    return modal(ids.SWITCHBOARD_WINDOW, "My messages", _blocks(board, now), metadata=ids.reference(board.program.id))


def _blocks(board: Board, now: datetime) -> list[Block]:
    program, chosen = board.program, board.choices
    value = ids.reference(program.id)
    where = "channel" if chosen.channel_only else "direct"
    channel = f" in <#{board.cohort}>" if board.cohort else " in the cohort's channel"
    reminders = (
        f"*Reminders*\nOf homework. Each is{channel} as well; what a facilitator writes to you by hand still comes."
    )
    return distinct(
        [
            _pause(board, now),
            section(
                f"*Quiet hours*\n{quiet.words(board.resting)}",
                accessory=button("Change…", ids.QUIET_OPEN, value, label="Change quiet hours"),
            ),
            section(
                reminders,
                accessory=select(ids.SWITCHBOARD_REMINDERS, _options(REMINDERS, program.id), initial=f"{value}{where}"),
            ),
            section(
                "*Language*\nOf what I write to you directly, as far as I have it. The program's own texts stay as "
                "they are.",
                accessory=select(
                    ids.SWITCHBOARD_LANGUAGE,
                    _options(LANGUAGE, program.id),
                    initial=f"{value}{chosen.language or 'mine'}",
                ),
            ),
            divider(),
            section(
                "*My record*\nEverything you have handed in: receipts, answers, hours, dates. For you alone.",
                accessory=button("See my record", ids.SWITCHBOARD_RECORD, value),
            ),
            section(
                f"*Leave {esc(program.name)}*\nBefore anything happens I say what follows.",
                accessory=button("Leave…", ids.SWITCHBOARD_LEAVE, value, label="Leave the program"),
            ),
        ]
    )


def _pause(board: Board, now: datetime) -> Block:
    value = ids.reference(board.program.id)
    if board.choices.paused(now):
        words = f"*Paused* {_until(board.choices.paused_until, board.program, board.zone)}\n{STILL}"
        return section(words, accessory=button("Write to me again", ids.SWITCHBOARD_RESUME, value, style="primary"))
    words = f"*Pause*\nA while without reminders, digests and the like. {STILL}"
    return section(words, accessory=button("Pause my messages until…", ids.SWITCHBOARD_PAUSE, value))


def _options(choices: Sequence[tuple[str, str]], program_id: int) -> list[Block]:
    return [option(words, ids.reference(program_id, name)) for name, words in choices]


def _until(ends: datetime | None, program: Program, zone: str | None) -> str:
    """Pauses end as a day begins, so that the day says it."""
    return "until you say so" if ends is None else f"until {day_words(ends.astimezone(ZoneInfo(zone or program.zone)))}"


def nothing_there() -> str:
    """For whoever has no program yet."""
    return refusals.no_program()


# Pausing


def pause_form(board: Board, today: date) -> Block:
    """Until when; nobody is asked why."""
    options = [option("Until a day", "day"), option("Until I say so", "open")]
    return modal(
        ids.SWITCHBOARD_PAUSE_FORM,
        "Pause my messages",
        [
            section(
                "I keep reminders, digests and other things nobody asked for to myself. What falls due meanwhile is "
                "not sent later: when the pause ends I say in one line how much it was."
            ),
            context(STILL, "The facilitators see that you have paused, and until when. Nobody is asked why."),
            field_block(HOW, "How long?", radios(HOW, options, initial="day")),
            field_block(
                DAY,
                "I write again from",
                date_input(DAY, today + timedelta(days=7)),
                hint="The first day on which I write again. Not needed for “Until I say so”.",
                optional=True,
            ),
        ],
        submit="Pause",
        close="Not now",
        metadata=ids.reference(board.program.id),
    )


@ids.reading()
def read_pause(view: View) -> tuple[int | None, date | None, bool]:
    """The program, the day, and whether the end is open."""
    program_id, _ = ids.referred(str(view.get("private_metadata") or ""))
    typed = Typed(view)
    return program_id, typed.day(DAY), typed.choice(HOW) == "open"


def pause_errors(wrong: Wrong) -> dict[str, str]:
    """Under the day, what would work."""
    tomorrow = day_words(wrong.today + timedelta(days=1))
    sentences = {
        "no day": "Choose the first day on which I write again, or “Until I say so” above.",
        "past": f"Choose a day from {tomorrow} on.",
        "too long": "Up to a year from today. For longer choose “Until I say so” above.",
    }
    return {DAY: sentences[wrong.why]}


def back(missed: int, program: Program) -> Message:
    """The one line at the end of a pause."""
    fell = f"{counted(missed, 'message of mine', 'messages of mine')} fell due" if missed else "nothing fell due"
    text = f"Your pause is over: I write to you again. Meanwhile {fell}."
    value = ids.reference(program.id)
    see = actions(button("See the homework", ids.HOMEWORK_OPEN, value), button("See all dates", ids.DATES_OPEN, value))
    return Message(text, [section(text), *([see] if missed else [])])


def pausing_blocks(found: Sequence[Pausing], program: Program) -> list[Block]:
    """For those who run the program: who has paused, and until when."""
    if not found:
        return []
    names = ", ".join(
        f"{esc(one.name)} ({'open' if one.until is None else _until(one.until, program, None)})" for one in found
    )
    return [context(clip(f"Paused my messages to them: {names}. Their colleagues still hear from me.", SECTION))]


# One's own record


def record(found: Record, now: datetime, zone: str | None) -> Block:
    """A page of everything that somebody has handed in."""
    value = ids.reference(found.program.id)
    if not found.total:
        blocks = [section("You have not handed in anything yet. Reflections and check-ins of yours will stand here.")]
        return modal(ids.SWITCHBOARD_RECORD_PAGE, "My record", blocks)
    length = f", {hours.words(found.minutes)} in all" if found.minutes else ""
    blocks = [
        section(
            f"*{counted(found.total, 'thing')} on record*{length}. Only you see this page.",
            accessory=button("Send it as a file", ids.SWITCHBOARD_FILE, value, label="Send it as a file: my record"),
        )
    ]
    for one in found.items:
        blocks += [divider(), *_item(one, found.program, zone)]
    turns = []
    if found.start:
        turns.append(button("Newest", ids.SWITCHBOARD_RECORD, ids.reference(found.program.id, "0")))
    if found.after is not None:
        turns.append(button("Earlier ones", ids.SWITCHBOARD_RECORD, ids.reference(found.program.id, str(found.after))))
    return modal(ids.SWITCHBOARD_RECORD_PAGE, "My record", distinct([*blocks, *([actions(*turns)] if turns else [])]))


def _item(one: Item, program: Program, zone: str | None) -> list[Block]:
    if one.kind == "rsvp":
        notes = [f"on {day_words(one.held_on)}"] if one.held_on is not None else []
        said = ". ".join(text for _, text in one.lines)
        notes += [f"you said “{esc(said)}” {moment(one.at, program, zone)}"]
        return [section(f"*Date: {esc(one.title)}*\n{' · '.join(notes)}")]
    what = f"Reflection: {esc(one.title)}" if one.kind == "reflection" else f"Check-in with {esc(one.title)}"
    notes = [f"No. {one.number}", f"handed in {moment(one.at, program, zone)}"]
    if one.held_on is not None:
        notes.append(f"held on {day_words(one.held_on)}")
    if one.version > 1:
        notes.append(f"changed {moment(one.saved_at, program, zone)} (version {one.version})")
    if one.minutes is not None:
        notes.append(hours.words(one.minutes))
    if one.program != program.name:
        notes.append(esc(one.program))
    told = "\n".join(f"*{esc(label)}*\n{esc(clip(text, ANSWER))}" for label, text in one.lines)
    head = section(f"*{what}*\n{' · '.join(notes)}")
    return [head, section(clip(told, SECTION))] if told else [head]


def sent() -> Block:
    """What the window turns into when the file is on its way."""
    words = "I am sending it to you as a file, in our direct message. It opens in any spreadsheet."
    return modal(ids.SWITCHBOARD_DONE, "My record", [section(words)])


def file_comment(count: int) -> str:
    """What stands beside the file."""
    return f"Your record: {counted(count, 'thing')}, a line for each answer. Only you and I can see it here."


# Leaving


def leave_form(found: Leaving) -> Block:
    """What follows, before anything happens."""
    program = found.program
    roles = _listed([ROLES[one] for one in found.roles])
    lines = [f"*You leave {esc(program.name)}*" + (f", where you are {roles}." if roles else ".")]
    lines.append("• I write nothing more to you about it, and you can hand in nothing more.")
    lines.append("• What you have handed in stays, with your name. *My record* stays yours.")
    if found.organization:
        mates = (
            f"{counted(found.colleagues, 'colleague')} of yours {'goes' if found.colleagues == 1 else 'go'} on"
            if found.colleagues
            else "nobody else of it takes part, so its homework stays open"
        )
        lines.append(f"• {esc(found.organization)} stays in the program: {mates}.")
    who = _names(found.facilitators)
    lines.append(f"• The facilitators are told{f': {who}' if who else ''}. Nobody is asked why.")
    lines.append("• Channels of Slack you leave yourself. To come back, ask a facilitator: it takes them a minute.")
    lines.append("To be erased altogether, write to " + refusals.contact(program) + ".")
    return modal(
        ids.SWITCHBOARD_LEAVE_FORM,
        "Leave the program",
        [section("\n".join(lines))],
        submit="Leave",
        close="Stay",
        metadata=ids.reference(program.id),
    )


@ids.reading()
def read_leave(view: View) -> int | None:
    """The program that is left."""
    return ids.referred(str(view.get("private_metadata") or ""))[0]


def cannot_leave(found: Alone | NotIn) -> str:
    """Why they cannot, and what to do instead; mrkdwn."""
    if isinstance(found, NotIn):
        return "You take part in nothing here that you could leave."
    roles = _listed(list(found.roles))
    return (
        f"You are the only {roles} of {esc(found.program.name)}, and somebody has to be. Make somebody else one first "
        "(*Manage*, on the Home, or `/convene people`); then you can leave."
    )


def left(found: Left | Alone | NotIn) -> Block:
    """What the form turns into."""
    if not isinstance(found, Left):
        return modal(ids.SWITCHBOARD_DONE, "Leave the program", [section(cannot_leave(found))])
    words = f"You have left *{esc(found.program.name)}*. {_back(found.facilitators, found.program)}"
    return modal(ids.SWITCHBOARD_DONE, "Leave the program", [section(words)])


def goodbye(program: Program, facilitators: Sequence[Member]) -> Message:
    """What stands in the direct message of whoever has left."""
    text = f"You have left *{esc(program.name)}*. Thank you for what you brought. {_back(facilitators, program)}"
    return Message(text, [section(text)])


def told(user: str | None, name: str, program: Program) -> Message:
    """What the facilitators are told."""
    who = mention(user) if user else esc(name)
    text = f"{who} has left {esc(program.name)}, at their own wish. Whoever runs it can give them a role again."
    return Message(f"{esc(name)} has left {esc(program.name)}, at their own wish.", [section(text)])


def _back(facilitators: Sequence[Member], program: Program) -> str:
    who = _names(facilitators)
    return f"To come back, write to {who or refusals.contact(program)}."


def _names(members: Sequence[Member]) -> str:
    return _listed([esc(one.name) for one in members])


def _listed(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))
