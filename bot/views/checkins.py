"""Coaching check-ins: the form, what is wrong with it, the receipt, and the meetings as their readers see them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.checkins import (
    CONFIDENCE,
    SOMETHING_ELSE,
    Draft,
    Field,
    Form,
    Meeting,
    Named,
    NotAllowed,
    Problem,
    Receipt,
    Refusal,
    Rejected,
    Voice,
)
from bot.domain.drafts import About, changing
from bot.domain.messages import Block, Message
from bot.domain.programs import Program
from bot.views import drafts, hours, ids, refusals
from bot.views.blocks import (
    actions,
    button,
    clip,
    context,
    date_input,
    distinct,
    divider,
    esc,
    field_block,
    modal,
    multi_select,
    option,
    paragraphs,
    radios,
    section,
    select,
    text_input,
)
from bot.views.erasing import ERASED_WORDS
from bot.views.forms import Typed
from bot.views.times import day_words

HERE = "checkin."
"""What every block of the form begins with; the rest is the field's name in the domain."""
LONG = ("moved", "in_the_way", "support_other", "next_step", "private_note")
"""The fields that people write more than a number into."""
KIND_WORDS = {"one-on-one": "one-on-one", "group": "group meeting"}
CONFIDENCE_WORDS = {1: "not yet", 2: "a little", 3: "fairly", 4: "confident", 5: "very confident"}
ELSE_WORDS = "Something else"
MOST_MEETINGS = 12
"""Meetings in one list: with more, the oldest are reached by reading on."""


def form(shape: Form, turn: int = 0) -> Block:
    """The form, new or for changing; who reads it stands above the first field. `turn` as in `views.drafts.drafted`."""
    changes, kept = shape.changing, shape.kept
    if kept is not None:
        shape = replace(shape, draft=read(drafts.as_view(kept)))
    blocks = [
        section(_readers(shape)),
        *drafts.keeps(kept, shape.program, shape.zone),
        *_fields(shape),
    ]
    if shape.writes_as_coach:
        blocks += [
            divider(),
            section("*For you alone*\nOnly you read this note: not the organization, and not the facilitators."),
            _words("private_note", "Your private note", shape.draft.private_note, optional=True),
        ]
    about = str(changes.checkin_id) if changes else ""
    return modal(
        ids.CHECKIN_FORM,
        f"Check-in no. {changes.receipt}" if changes else "Coaching check-in",
        drafts.drafted(blocks, [HERE + name for name in LONG], turn),
        submit="Save the change" if changes else "Hand in",
        close="Not now",
        metadata=ids.reference(shape.program.id, about),
        tells_closing=True,
    )


def draft_about(view: Mapping[str, Any]) -> About:
    """What is being written in a form. Raises Unreadable."""
    program_id, checkin_id = about(view)
    if program_id is None:
        raise ids.Unreadable
    return About("checkin", program_id, "" if checkin_id is None else changing(checkin_id))


def about(view: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """The program that a form is about, and the check-in that it changes."""
    program_id, key = ids.referred(str(view.get("private_metadata") or ""))
    return program_id, ids.row(key) or None


@ids.reading()
def read(view: Mapping[str, Any]) -> Draft:
    """What was filled in, as it was typed."""
    typed = Typed(view)
    held_on, confidence = typed.day(HERE + "held_on"), typed.choice(HERE + "confidence")
    return Draft(
        coach=_number(typed.choice(HERE + "coach")),
        kind=typed.choice(HERE + "kind"),
        organizations=tuple(one for one in map(_number, typed.choices(HERE + "organizations")) if one is not None),
        held_on=held_on,
        length=typed.words(HERE + "length"),
        moved=typed.words(HERE + "moved"),
        in_the_way=typed.words(HERE + "in_the_way"),
        support=typed.choices(HERE + "support"),
        support_other=typed.words(HERE + "support_other"),
        next_step=typed.words(HERE + "next_step"),
        confidence=_number(confidence),
        private_note=typed.words(HERE + "private_note"),
    )


def errors(rejected: Rejected) -> dict[str, str]:
    """A sentence under each field that cannot be taken, with what would work."""
    return {HERE + one.field: _sentence(one, rejected) for one in reversed(rejected.problems)}


def thanks(saved: Receipt) -> Block:
    """What the form turns into once it is saved. A change may stand on other windows, so it opens no more of them."""
    blocks = [section(f"*Saved as no. {saved.number}.* You can change it until you leave the program.")]
    if saved.others:
        blocks.append(section(_together(saved.others)))
    blocks.append(context("The receipt is in your messages with me."))
    if saved.version == 1:
        blocks.append(actions(button("My check-ins", ids.CHECKIN_MINE, ids.reference(saved.program.id))))
    return modal(ids.CHECKIN_PAGE, "Saved", blocks)


def receipt(saved: Receipt, meeting: Meeting) -> Message:
    """The receipt that the author gets as a direct message."""
    own = next(voice for voice in meeting.voices if voice.own)
    what = f"{_with(meeting)}, {day_words(meeting.held_on)}"
    changed = f" Changed {_day_of(own, saved.program)}; what it said before is kept." if saved.version > 1 else ""
    blocks = [
        section(f"*Check-in no. {saved.number} is saved:* {what}, {hours.words(own.content.minutes)}.{changed}"),
        section(f"*Next step*\n{esc(clip(own.content.next_step, 400))}"),
    ]
    if saved.others:
        differs = meeting.minutes != own.content.minutes
        blocks.append(section(_together(saved.others, hours.words(meeting.minutes) if differs else "")))
    blocks += [
        context(f"Read by {_reading(meeting)}. You can change it until you leave the program."),
        actions(
            button("Change it", ids.CHECKIN_CHANGE, ids.reference(saved.program.id, str(saved.checkin_id))),
            button("My check-ins", ids.CHECKIN_MINE, ids.reference(saved.program.id)),
        ),
    ]
    return Message(f"Check-in no. {saved.number} is saved: {what}.", blocks)


def listing(meetings: Sequence[Meeting], program: Program, *, own: bool, start: int = 0) -> Message:
    """Meetings, newest first: those somebody wrote about, or, not `own`, those of which they may read something.

    `start` counts the newer ones that are left out.
    """
    title = "Your coaching check-ins" if own else f"Coaching check-ins in {esc(program.name)}"
    shown = meetings[start : start + MOST_MEETINGS]
    if not shown:
        nothing = "You have not logged a coaching check-in yet." if own else "No coaching check-in yet."
        opening = button("Log a check-in", ids.CHECKIN_OPEN, ids.reference(program.id), style="primary")
        return Message(nothing, [section(nothing), *([actions(opening)] if own else [])])
    blocks = [section(f"*{title}*")]
    for meeting in shown:
        reference = ids.reference(program.id, str(meeting.id))
        label = f"Read the check-in of {day_words(meeting.held_on)}"
        blocks.append(section(_summary(meeting), accessory=button("Read", ids.CHECKIN_READ, reference, label=label)))
    left = len(meetings) - start - len(shown)
    if left > 0:
        value = ids.reference(program.id, _mark(own, start + MOST_MEETINGS))
        blocks.append(section(f"And {left} older.", accessory=button("Show older", ids.CHECKIN_OLDER, value)))
    return Message(f"{title}: {len(meetings)}", distinct(blocks))


def page(key: str) -> tuple[bool, int]:
    """Whose list, and how many newer ones are left out, from behind a *Show older*; else the own one's beginning."""
    whose, _, start = key.partition("-")
    return whose != "all", int(start) if start.isascii() and start.isdigit() else 0


def window(message: Message) -> Block:
    """A list as a modal, for where a button was pressed."""
    return modal(ids.CHECKIN_PAGE, "Coaching check-ins", message.blocks)


def whole(meeting: Meeting, program: Program) -> Block:
    """A meeting with everything that its reader may read of it."""
    blocks = [section(f"*{headline(meeting)}*"), context(f"Read by {_reading(meeting)}.")]
    for voice in meeting.voices:
        blocks += [divider(), *paragraphs(_told(voice, meeting, program))]
        if voice.own:
            value = ids.reference(program.id, str(voice.checkin_id))
            blocks.append(actions(button("Change it", ids.CHECKIN_CHANGE, value)))
    return modal(ids.CHECKIN_PAGE, "Coaching check-in", distinct(blocks))


def refusal(refused: NotAllowed, doing: str = "log coaching check-ins") -> str:
    """Why not, and who can, or what to do instead; mrkdwn."""
    program = refused.program
    if program is None:
        return refusals.no_program()
    match refused.why:
        case "pending":
            return refusals.pending(program, refused.facilitators)
        case "left":
            return refusals.left(program)
        case "stranger":
            return refusals.not_in_program(program)
        case "reads only":
            return "Participants and coaches log coaching check-ins, and you read them: `/checkin all`."
        case "role":
            return refusals.only_cohort(program, refused.facilitators, doing)
        case "no coaches" | "no organizations":
            return _nothing_to_choose(refused.why, program, refused)
        case "not theirs":
            return "Only the person who wrote a check-in can change it. You can log your own: `/checkin`."
        case "gone" | "no program":
            return refusals.too_old()


def not_readable(refused: NotAllowed) -> str:
    """The same for somebody who wanted to read."""
    return refusal(refused, "read coaching check-ins")


def headline(meeting: Meeting) -> str:
    """A meeting in one line: day, kind, coach, organizations, length; escaped."""
    there = "" if meeting.coached else ", ".join(map(esc, meeting.organizations))
    parts = (day_words(meeting.held_on), _with(meeting), there, hours.words(meeting.minutes))
    return " · ".join(part for part in parts if part)


def refused_errors(refused: NotAllowed, view: Mapping[str, Any]) -> dict[str, str]:
    """The same under the first field of a form, where the words that were typed stay in view; no markup there."""
    program = refused.program
    return refusals.under_first_field(None if program is None else _plainly(refused, program), view)


def unknown_word(word: str) -> str:
    """For a word behind the command that means nothing here."""
    known = "`/checkin` opens the form, `/checkin mine` lists yours, `/checkin all` lists what you may read."
    return f"I don't know “{esc(clip(word, 60))}”. {known}"


def support_words(keys: Sequence[str], program: Program) -> tuple[str, ...]:
    """Kinds of support in words, in the order given; escaped."""
    labels = ((key, program.support_label(key)) for key in keys)
    return tuple(ELSE_WORDS if key == SOMETHING_ELSE else esc(label or key) for key, label in labels)


def _fields(shape: Form) -> Iterator[Block]:
    draft, program = shape.draft, shape.program
    coach = None if draft.coach is None else str(draft.coach)
    yield _field("coach", "Coach", select(HERE + "coach", _menu(shape.coaches), initial=coach))
    kinds = [option("One-on-one", "one-on-one"), option("Group", "group")]
    yield _field("kind", "One-on-one or group", radios(HERE + "kind", kinds, initial=draft.kind))
    present = multi_select(
        HERE + "organizations", _menu(shape.organizations), initial=[str(one) for one in draft.organizations]
    )
    hint = "One for a one-on-one; for a group, everybody who was there."
    yield _field("organizations", "Organizations present", present, hint=hint)
    yield _field("held_on", "Date", date_input(HERE + "held_on", draft.held_on))
    yield _field(
        "length",
        "Minutes",
        text_input(HERE + "length", initial=draft.length, max_length=40),
        hint="Like 45. Hours need an h: 1h, or 1.5 h.",
    )
    yield _words("moved", "What moved?", draft.moved)
    yield _words("in_the_way", "What got in the way?", draft.in_the_way, optional=True)
    yield _support(draft, program)
    other = text_input(HERE + "support_other", initial=draft.support_other)
    yield _field("support_other", "Something else", other, hint="What else would help, in a few words.", optional=True)
    yield _words("next_step", "Next step", draft.next_step)
    chosen = None if draft.confidence is None else str(draft.confidence)
    scale = [option(f"{one}: {CONFIDENCE_WORDS[one]}", str(one)) for one in CONFIDENCE]
    yield _field("confidence", "Confidence in that next step", radios(HERE + "confidence", scale, initial=chosen))


def _support(draft: Draft, program: Program) -> Block:
    known = {one.key for one in program.support_categories}
    kept = [key for key in draft.support if key not in known and key != SOMETHING_ELSE]
    choices = [
        *(option(one.label, one.key) for one in program.support_categories),
        *(option(key, key) for key in kept),
        option(ELSE_WORDS, SOMETHING_ELSE),
    ]
    menu = multi_select(HERE + "support", choices, initial=draft.support, placeholder="Nothing for now")
    return _field("support", "Support needed", menu, optional=True)


def _field(name: Field, label: str, element: Block, *, hint: str | None = None, optional: bool = False) -> Block:
    return field_block(HERE + name, label, element, hint=hint, optional=optional)


def _words(name: Field, label: str, initial: str, *, optional: bool = False) -> Block:
    return _field(name, label, text_input(HERE + name, multiline=True, initial=initial), optional=optional)


def _menu(choices: Sequence[Named]) -> list[Block]:
    return [option(one.name or "?", str(one.id)) for one in choices]


def _number(value: str | None) -> int | None:
    return int(value) if value is not None and value.isascii() and value.isdigit() else None


def _readers(shape: Form) -> str:
    names = ", ".join(esc(one.name) for one in shape.facilitators)
    who = f"the facilitators ({names})" if names else "the facilitators"
    alone = " Your own note at the end stays with you." if shape.writes_as_coach else ""
    return (
        f"*Who reads this:* the people of the organizations that were there, the coach, and {who} "
        f"of {esc(shape.program.name)}.{alone}"
    )


def _reading(meeting: Meeting) -> str:
    there = " and ".join(map(esc, meeting.organizations)) or "the organizations that were there"
    return f"the people of {there}, {'you' if meeting.coached else esc(meeting.coach)} and the facilitators"


def _sentence(problem: Problem, rejected: Rejected) -> str:
    own = rejected.organization.name if rejected.organization else "your organization"
    today = day_words(rejected.today)
    sentences: dict[tuple[str, str], str] = {
        ("coach", "missing"): "Choose the coach you met.",
        ("coach", "not a coach"): "They do not coach in this program any more. Choose another coach.",
        ("kind", "missing"): "Choose one-on-one or group.",
        ("organizations", "missing"): "Choose who was there.",
        ("organizations", "not an organization"): "One of these has left the program. Choose again.",
        ("organizations", "one only"): "A one-on-one is with one organization. Keep one, or choose Group above.",
        ("organizations", "own missing"): f"Keep {own} in the list, as you write for it.",
        ("held_on", "missing"): "Choose the day you met.",
        ("held_on", "future"): f"That day is still to come. Choose today, {today}, or an earlier day.",
        ("held_on", "too old"): "That is more than a year ago. Check the year.",
        ("moved", "missing"): "A few words are enough: what is different since last time?",
        ("support", "missing"): "One of these is no longer on the list. Choose again.",
        ("support_other", "say what"): "Say in a few words what would help, or take “Something else” off the list.",
        ("next_step", "missing"): "Name one next step, however small.",
        ("confidence", "missing"): "Choose a number from 1 to 5.",
        ("length", "empty"): "How long did you meet? Try 45, or 1h.",
        ("length", "negative"): "Minutes can be 1 or more. Try 45.",
        ("length", "no time"): "Minutes can be 1 or more. Try 45.",
        ("length", "all day"): "That is more than 12 hours. A number alone means minutes: try 45, or 1h.",
        ("length", "too long"): "That is more than 12 hours. A number alone means minutes: try 45, or 1h.",
    }
    fallback = (
        "Try 45, or 1h." if problem.field == "length" else "Up to 3,000 characters fit here. Shorten it a little."
    )
    return sentences.get((problem.field, problem.why), fallback)


def _nothing_to_choose(why: Refusal, program: Program, refused: NotAllowed) -> str:
    names = refusals.named(refused.facilitators) or refusals.contact(program)
    what = "a coach" if why == "no coaches" else "an organization"
    return (
        f"{esc(program.name)} has no {what.partition(' ')[2]} on its list yet, so there is nobody to check in with. "
        f"{names} can add {what}: `/convene people`."
    )


def _plainly(refused: NotAllowed, program: Program) -> str:
    helper = refusals.helper(program, refused.facilitators)
    match refused.why:
        case "not theirs":
            return "Only the person who wrote a check-in can change it."
        case "gone":
            return "That check-in is no longer there."
        case "pending":
            return refusals.pending_plainly(program, helper)
        case "left":
            return refusals.left_plainly(program, helper)
        case _:
            return f"Participants and coaches of {program.name} log check-ins. {helper} can add you to the list."


def _with(meeting: Meeting) -> str:
    """What kind of meeting it was and with whom, for its reader."""
    organizations = " and ".join(map(esc, meeting.organizations))
    return f"{KIND_WORDS[meeting.kind]} with {(meeting.coached and organizations) or esc(meeting.coach)}"


def erased_receipt(saved: Receipt) -> Message:
    """What the receipt turns into when its author is erased."""
    text = f"Check-in no. {saved.number} was erased. Nothing of what you wrote is kept."
    return Message(text, [section(text)])


def _summary(meeting: Meeting) -> str:
    lines = [f"*{headline(meeting)}*"]
    for voice in meeting.voices:
        who = "You" if voice.own else esc(voice.author)
        said = "erased" if voice.erased else esc(clip(_line(voice.content.next_step), 160))
        lines.append(f"{who} (no. {voice.number}): {said}")
    return "\n".join(lines)


def _told(voice: Voice, meeting: Meeting, program: Program) -> str:
    content = voice.content
    who = "You" if voice.own else esc(voice.author)
    role = ", coach" if voice.as_coach else ""
    wrote = f"*{who}{role}* · no. {voice.number} · {_day_of(voice, program)}"
    if content.minutes != meeting.minutes:
        wrote += f" · wrote {hours.words(content.minutes)}; {hours.words(meeting.minutes)} is counted"
    if voice.erased:
        return f"{wrote}\n\n{ERASED_WORDS}"
    needs = ", ".join(support_words(content.support, program))
    if content.support_other:
        needs += f": {esc(content.support_other)}"
    told = (
        ("What moved", esc(content.moved)),
        ("What got in the way", esc(content.in_the_way)),
        ("Support needed", needs),
        ("Next step", esc(content.next_step)),
        ("Confidence", f"{content.confidence} of 5, {CONFIDENCE_WORDS[content.confidence]}"),
        ("Your private note, read by you alone", esc(content.private_note)),
    )
    return "\n\n".join((wrote, *(f"*{label}*\n{words}" for label, words in told if words)))


def _together(others: Sequence[str], counted: str = "") -> str:
    names = " and ".join(map(esc, dict.fromkeys(others)))
    once = f"its minutes count once: {counted}" if counted else "its minutes count once"
    return f"{names} wrote about this meeting as well. The two stand together, and {once}."


def _day_of(voice: Voice, program: Program) -> str:
    return day_words(program.local_day(voice.saved_at))


def _line(text: str) -> str:
    return " ".join(text.split())


def _mark(own: bool, start: int) -> str:
    return f"{'mine' if own else 'all'}-{start}"
