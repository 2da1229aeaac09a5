"""Dates that move: the form, what will follow from it, and what is said to those who knew the old time."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from bot.domain.messages import Block, Part, Upload
from bot.domain.moves import (
    ChangedMeanwhile,
    Dated,
    Draft,
    Editing,
    Effects,
    Foreseen,
    Move,
    Moved,
    NotAllowed,
    Picking,
    Rejected,
    Same,
    Told,
    When,
    passed_by,
)
from bot.domain.notices import Target, ToPurpose
from bot.domain.planning import Change
from bot.domain.programs import Event, Program, parse_clock
from bot.views import ids, refusals, rsvps
from bot.views.blocks import (
    actions,
    button,
    clip,
    context,
    counted,
    date_input,
    esc,
    field_block,
    grouped_select,
    marked,
    modal,
    option,
    section,
    time_input,
)
from bot.views.lines import undo
from bot.views.odd_days import warning
from bot.views.times import ahead, clock_words, day_words, span, span_there

WINDOW = "move.window"
PICK, DAY, STARTS, ENDS = "move:pick", "move:day", "move:starts", "move:ends"
FIELDS = {"day": DAY, "starts": STARTS, "ends": ENDS}
CHANNELS = {"cohort": "the cohort's channel", "applicants": "the applicants' channel", "facilitators": "your channel"}
MOST_NAMED = 6
MOST_LINES = 20
MOST_TOLD, IN_SECTION = 40, 8
PREP = 600

View = Mapping[str, Any]


# What is to be moved


def pick(found: Picking) -> Block:
    """Everything that can be moved, to choose one."""
    if not found.dated:
        return modal(WINDOW, "Change a date", [section(f"Nothing of {esc(found.program.name)} lies ahead.")])
    groups = [("Dates", "events"), ("Homework", "assignments")]
    menu = grouped_select(
        PICK,
        [
            (label, [_choice(one, found.program) for one in found.dated if one.section == name])
            for label, name in groups
        ],
        placeholder="Choose one",
    )
    return modal(
        ids.MOVE_PICK_FORM,
        "Change a date",
        [field_block(PICK, "Which one?", menu, hint="Next you choose the new time, and see what follows from it.")],
        submit="Go on",
        close="Not now",
        metadata=json.dumps({"program": found.program.id}),
    )


@ids.reading()
def read_pick(view: View) -> tuple[int, str, str]:
    """The program, and what was chosen in it: its section and its id."""
    name = view["state"]["values"][PICK][PICK]["selected_option"]["value"]
    section_, _, key = str(name).partition("/")
    return int(json.loads(view["private_metadata"])["program"]), section_, key


def name_of(found: Dated) -> str:
    """What a button or a menu calls something that has a time."""
    return f"{found.section}/{found.key}"


def _choice(found: Dated, program: Program) -> Block:
    there = found.when.starts_at.astimezone(program.tz)
    return option(f"{there:%b} {there.day}: {marked(found.title, found.sample)}", name_of(found))


# The new time


def form(found: Editing, note: str = "") -> Block:
    """The new time, on the program's clock; `note` (mrkdwn) stands above."""
    program, was = found.program, found.dated
    there = was.when.starts_at.astimezone(program.tz)
    homework = was.section == "assignments"
    lines = [f"*{_title(was)}*", _now_at(found)]
    blocks = [
        *([section(note)] if note else []),
        section("\n".join(lines)),
        field_block(DAY, "Day", date_input(DAY, there.date())),
        field_block(STARTS, _starts(was), time_input(STARTS, there.time()), hint=_whose(found)),
    ]
    if was.when.ends_at is not None:
        ends = was.when.ends_at.astimezone(program.tz).time()
        blocks.append(field_block(ENDS, "Ends", time_input(ENDS, ends)))
    blocks.append(context("Nothing is changed yet: you see next what follows from it."))
    return modal(
        ids.MOVE_FORM,
        "Change the due date" if homework else "Change the date",
        blocks,
        submit="See what follows",
        close="Not now",
        metadata=_about(found.program, was, was.when),
    )


@ids.reading()
def read(view: View) -> tuple[int, Draft]:
    """The program, and the new time as it was chosen."""
    about = json.loads(view["private_metadata"])
    values = view["state"]["values"]
    ends = values.get(ENDS, {}).get(ENDS, {}).get("selected_time")
    return int(about["program"]), _draft(
        about,
        date.fromisoformat(values[DAY][DAY]["selected_date"]),
        parse_clock(values[STARTS][STARTS]["selected_time"]),
        parse_clock(ends) if ends else None,
    )


@ids.reading()
def read_save(view: View) -> tuple[int, Draft]:
    """The same from the form that shows what follows."""
    about = json.loads(view["private_metadata"])
    end = parse_clock(about["end"]) if about["end"] else None
    return int(about["program"]), _draft(about, date.fromisoformat(about["day"]), parse_clock(about["start"]), end)


def errors(found: Rejected, view: View) -> dict[str, str]:
    """What is wrong, under the fields."""
    there = {str(block.get("block_id")) for block in view["blocks"]}
    named = {FIELDS.get(name, DAY): f"{says[:1].upper()}{says[1:]}." for name, says in found.problems}
    return {name if name in there else DAY: says for name, says in named.items()}


def not_possible(found: Rejected) -> str:
    """The same where there are no fields."""
    return f"That time cannot be: {esc('; '.join(says for _, says in found.problems))}. Nothing was changed."


def _draft(about: Mapping[str, Any], day: date, start: time, end: time | None) -> Draft:
    seen = When(
        datetime.fromisoformat(about["seen"]), datetime.fromisoformat(about["end_seen"]) if about["end_seen"] else None
    )
    if about["section"] == "events":
        return Draft("events", str(about["key"]), day, start, end, seen)
    return Draft("assignments", str(about["key"]), day, start, None, seen)


def _about(program: Program, was: Dated, seen: When, **more: str | None) -> str:
    return json.dumps(
        {
            "program": program.id,
            "section": was.section,
            "key": was.key,
            "seen": seen.starts_at.isoformat(),
            "end_seen": seen.ends_at.isoformat() if seen.ends_at else None,
            **more,
        }
    )


def _now_at(found: Editing) -> str:
    word = "Due" if found.dated.section == "assignments" else "Now"
    return f"{word} {when_words(found.dated.when, found.program, found.reader_zone)}"


def _starts(was: Dated) -> str:
    if was.section == "assignments":
        return "Due at"
    return "Starts" if was.when.ends_at is not None else "At"


def _whose(found: Editing) -> str:
    return f"On the clock of {found.program.place}, wherever you are."


# What follows from it


def preview(found: Foreseen, draft: Draft) -> Block:
    """What will follow, before anything is saved."""
    odd = [section(f":warning: {esc(warning(one))}") for one in found.warnings]
    blocks = [section(_from_to(found)), *_consequences(found, saved=False), *odd]
    return modal(
        ids.MOVE_SAVE_FORM,
        "What follows from it",
        blocks,
        submit="Save",
        close="Not now",
        metadata=_about(
            found.program,
            found.move.was,
            draft.seen,
            day=draft.day.isoformat(),
            start=f"{draft.start:%H:%M}",
            end=f"{draft.end:%H:%M}" if draft.end else None,
        ),
    )


def saved(found: Moved | Same) -> Block:
    """What the form turns into."""
    if isinstance(found, Same):
        when = when_words(found.dated.when, found.program)
        return modal(WINDOW, "Saved", [section(f"*{_title(found.dated)}* is at that time already: {when}.")])
    undoing = undo(found.program.id, found.change)
    return modal(WINDOW, "Saved", [section(f"Saved.\n{_from_to(found)}"), *_consequences(found, saved=True), *undoing])


def unchanged(found: Same) -> dict[str, str]:
    """Why there is nothing to go on to."""
    there = found.dated.when.starts_at.astimezone(found.program.tz)
    return {DAY: f"It is at that time already: {span_there(there, there)}. Choose another, or close this."}


def meanwhile(found: ChangedMeanwhile) -> Block:
    """Somebody else was faster: the form as it is now."""
    return form(
        found.editing, "Somebody has changed this date since you opened it. Choose again, if it is still wrong."
    )


def sentence(effects: Effects) -> str:
    """All that follows in one sentence: 3 reminders move, 1 posted message is corrected, …; plain words.

    Another says how many come, as they are told.
    """
    parts, coming = [*counts(effects)], rsvps.people(len(effects.comers))
    if not parts:
        return " ".join(coming) or "Nobody was told of the old time yet: nothing else follows."
    listed = ", ".join(parts)
    return " ".join([f"{listed[:1].upper()}{listed[1:]}.", *coming])


def before_loading(moves: Sequence[Move], effects: Effects, program: Program) -> str:
    """What a file that moves dates will bring with it, in plain lines for a terminal."""
    return "\n".join(
        [*_plain_moves(moves, program), f"If you load this file: {sentence(effects)}", *_unsaid(effects, program)]
    )


def loaded(moves: Sequence[Move], effects: Effects, program: Program) -> str:
    """What it has brought with it."""
    return "\n".join([*_plain_moves(moves, program), sentence(effects)])


def _plain_moves(moves: Sequence[Move], program: Program) -> Iterable[str]:
    for move in moves[:MOST_LINES]:
        title = marked(move.was.title, move.was.sample)
        before = when_words(move.before, program) if move.before is not None else "taken out"
        after = when_words(move.after, program) if move.after is not None else "taken out"
        yield f"moved    {title}: {before} → {after}"
    if len(moves) > MOST_LINES:
        yield f"moved    and {len(moves) - MOST_LINES} more"


def _unsaid(effects: Effects, program: Program) -> list[str]:
    gone = [one for one in effects.unsaid if passed_by(one)]
    return [f"Not said, since their time has passed: {_moments(gone, program)}."] if gone else []


def counts(effects: Effects) -> Iterable[str]:
    """The same in its parts: 3 reminders move; 1 posted message is corrected."""
    many = (
        (len(effects.moving), "reminder moves", "reminders move"),
        (len(effects.withdrawn), "reminder is withdrawn", "reminders are withdrawn"),
        (len(effects.unsaid), "reminder is not said", "reminders are not said"),
        (len(effects.edits), "posted message is corrected", "posted messages are corrected"),
        (len(set(effects.corrections)), "channel is told of the change", "channels are told of the change"),
        (len(effects.files), "person gets a new calendar file", "people get a new calendar file"),
    )
    return (counted(number, one, several) for number, one, several in many if number)


def _consequences(found: Foreseen | Moved, *, saved: bool) -> list[Block]:
    effects, program = found.effects, found.program
    lines = [sentence(effects), *said_of(found.move, effects, program, saved=saved)]
    return [section("\n".join(lines)), *small_print(effects, program)]


def said_of(move: Move, effects: Effects, program: Program, *, saved: bool) -> list[str]:
    """What is posted about a move, and where; mrkdwn."""
    if effects.corrections:
        places = " and ".join(dict.fromkeys(_place(one) for one in effects.corrections))
        return [f"Posted once in {places}: “{_correction_words(move, program)}”"]
    if not effects.edits and not saved:
        return ["No channel hears of it, as nobody was told of the old time there."]
    return []


def said_of_all(moves: Sequence[Move], effects: Effects, program: Program, *, saved: bool) -> list[str]:
    """The same of several moves at once: each channel gets one message."""
    if len(moves) == 1:
        return said_of(moves[0], effects, program, saved=saved)
    many = Counter(effects.corrections)
    if not many:
        return list(dict.fromkeys(line for move in moves for line in said_of(move, effects, program, saved=saved)))
    return [
        f"Posted once in {_place(target)}: "
        + ("the new time of one date." if number == 1 else f"one message that lists {number} dates.")
        for target, number in many.items()
    ]


def small_print(effects: Effects, program: Program) -> list[Block]:
    """When the reminders come, and which do not."""
    gone = [one for one in effects.unsaid if passed_by(one)]
    others = [one for one in effects.unsaid if not passed_by(one)]
    blocks = []
    if gone:
        blocks.append(context(f"Not said, since their time has passed: {_moments(gone, program)}."))
    if others:
        blocks.append(context(f"Not said, since they would fall into a break: {_moments(others, program)}."))
    if effects.moving:
        blocks.append(context(f"Reminders come at: {_moments(effects.moving, program)}."))
    return blocks


def _moments(changes: Sequence[Change], program: Program) -> str:
    times = sorted({one.notice.due_at for one in changes})
    said = [_short(one.astimezone(program.tz)) for one in times[:MOST_NAMED]]
    more = [f"and {len(times) - MOST_NAMED} more times"] if len(times) > MOST_NAMED else []
    return f"{'; '.join([*said, *more])} ({program.place})"


def _short(there: datetime) -> str:
    return f"{day_words(there)}, {clock_words(there)}"


def _from_to(found: Foreseen | Moved) -> str:
    move, program, zone = found.move, found.program, found.reader_zone
    if move.after is None:
        return f"*{_title(move.was)}* is cancelled."
    if move.before is None:
        return f"*{_title(move.was)}* takes place after all: *{when_words(move.after, program, zone)}*"
    return (
        f"*{_title(move.was)}*\nUntil now: ~{when_words(move.before, program)}~\n"
        f"From now on: *{when_words(move.after, program, zone)}*"
    )


def _place(target: Target) -> str:
    return CHANNELS.get(target.purpose, "its channel") if isinstance(target, ToPurpose) else "its channel"


def when_words(when: When, program: Program, zone: str | None = None) -> str:
    """Fri, Oct 16, 3:00–4:00 pm (St. Louis)."""
    return span(when.starts_at, when.ends_at, program, zone)


# What is said


def correction(
    was: Dated, before: When | None, after: When | None, program: Program, now: datetime, leads: Sequence[Block]
) -> Part:
    """The one message to those who were told the old time, or, without `before`, that it is cancelled.

    `leads` are blocks that lead on.
    """
    move = Move(was_at(was, before), after) if before is not None else Move(was, after, again=True)
    text = _correction_words(move, program)
    off = ahead(after.starts_at, after.ends_at, now, program) if after is not None and not after.over(now) else ""
    lines = [f"*{text}*" + (f" · {off}" if off else "")]
    lines.append(f"It was to be {when_words(before, program)}." if before is not None else "It was cancelled before.")
    blocks = [section("\n".join(lines)), *(leads if after is not None else [])]
    return Part(f"moved:{was.section}:{was.key}", text, blocks)


def corrected(
    was: Dated, before: When | None, after: When | None, program: Program, prep: str | None, leads: Sequence[Block]
) -> Part:
    """A message that named the old time, or said that it is cancelled, as it stands from now on."""
    gone = "is cancelled" if was.section == "events" else "is not asked for any more"
    state = gone if after is None else "has moved" if before is not None else "takes place after all"
    old = when_words(before, program) if before is not None else "cancelled"
    lines = [f"*{_title(was)}* {state}", f"Was: ~{old}~"]
    if after is not None:
        lines.append(f"{'Moved to' if before is not None else 'It is'}: *{when_words(after, program)}*")
        lines += [clip(esc(prep), PREP)] if prep else []
    blocks = [section("\n".join(lines)), *(leads if after is not None else [])]
    to = f": now {when_words(after, program)}" if after is not None else ""
    return Part(f"moved:{was.section}:{was.key}", f"{_title(was)} {state}{to}, not {old}", blocks)


def corrections(told: Sequence[Told], program: Program) -> Part:
    """The one message to those who were told the old times of several things that changed at once."""
    gone = all(one.after is None for one in told)
    one, many = ("date is cancelled", "dates are cancelled") if gone else ("date has moved", "dates have moved")
    text = counted(len(told), one, many)
    lines = [f"• {_told_words(one, program)}" for one in told[:MOST_TOLD]]
    lines += [f"• and {len(told) - MOST_TOLD} more"] if len(told) > MOST_TOLD else []
    chunks = ["\n".join(lines[start : start + IN_SECTION]) for start in range(0, len(lines), IN_SECTION)]
    see = actions(button("See the dates", ids.DATES_OPEN, ids.reference(program.id)))
    about = "moved:" + " ".join(f"{one.was.section}/{one.was.key}" for one in told)
    return Part(about, text, [section(f"*{text}*"), *map(section, chunks), see])


def _told_words(one: Told, program: Program) -> str:
    if one.now != one.after:
        return corrected(one.was, one.after, one.now, program, None, ()).text
    if one.before is None:
        return _correction_words(Move(one.was, one.after, again=True), program)
    words = _correction_words(Move(was_at(one.was, one.before), one.after), program)
    return f"{words}; it was to be {when_words(one.before, program)}"


def was_at(was: Dated, before: When) -> Dated:
    """The same thing at an earlier time."""
    return Dated(was.section, was.key, was.title, before, was.sample, was.audience)


def _correction_words(move: Move, program: Program) -> str:
    title = _title(move.was)
    if move.was.section == "assignments":
        if move.after is None:
            return f"The homework {title} is not asked for any more"
        if move.before is None:
            return f"The homework {title} is asked for after all, due {when_words(move.after, program)}"
        return f"The homework {title} is now due {when_words(move.after, program)}"
    if move.after is None:
        return f"{title} is cancelled"
    if move.before is None:
        return f"{title} takes place after all: {when_words(move.after, program)}"
    return f"{title} has moved to {when_words(move.after, program)}"


def file(
    program: Program,
    events: Sequence[Event],
    cancelled: Sequence[Event],
    content: bytes,
    zone: str | None,
    again: Collection[str] = (),
) -> Upload:
    """The newer calendar file for somebody who took one before; `again` are keys of what had been cancelled."""
    lines = []
    for one in events:
        does = "takes place after all" if one.key in again else "has moved"
        lines.append(f"{_event(one)} {does}: {span(one.starts_at, one.ends_at, program, zone)}.")
    lines += [f"{_event(one)} is cancelled." for one in cancelled]
    only = (
        events[0]
        if len(events) == 1 and not cancelled
        else cancelled[0]
        if len(cancelled) == 1 and not events
        else None
    )
    does = "Your entry moves along" if events else "Your entry goes away"
    if not only:
        does = "Your entries follow"
    comment = "\n".join([*lines, f"Open this newer file of your calendar. {does}, and none is doubled."])
    name = f"{program.slug}-{only.key}.ics" if only else f"{program.slug}.ics"
    return Upload(name, f"Dates of {program.name}", content, comment)


def refusal(refused: NotAllowed) -> str:
    """Why not, and who can do it; mrkdwn."""
    program = refused.program
    if program is None or refused.why == "no program":
        return refusals.no_program()
    if refused.why == "gone":
        return f"That date is no longer in {esc(program.name)}. `/dates` or *Home* shows what is."
    return refusals.only_facilitators(program, refused.facilitators, "change a date")


def _event(event: Event) -> str:
    return marked(esc(event.title), event.sample)


def _title(found: Dated) -> str:
    return marked(esc(found.title), found.sample)
