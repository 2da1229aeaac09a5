"""Homework: what is due and how it stands, the reminders, and a facilitator's nudge with its names shown first."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.drafts import About
from bot.domain.homework import Asked, Item, NotAllowed, Nudge, Nudged, Overview, Standing
from bot.domain.messages import Block, Message, Part
from bot.domain.people import Member
from bot.domain.programs import Assignment, Program
from bot.views import ids, refusals
from bot.views.blocks import (
    Style,
    actions,
    button,
    clip,
    context,
    distinct,
    divider,
    esc,
    link,
    marked,
    mention,
    modal,
    section,
)
from bot.views.dialogues import begin_button
from bot.views.holds import nudge_waits
from bot.views.quiet import NOTHING, PutOffBlocks
from bot.views.times import ahead, day_words, moment

MOST_ITEMS = 8
"""With `ITEM_CHARACTERS` each they fit into one message."""
ITEM_CHARACTERS = 1_400
MOST_NAMED = 100
NAMES_CHARACTERS = 2_400

View = Mapping[str, Any]


# What is due


def overview(found: Overview, now: datetime, most_later: int | None = None) -> Message:
    """The homework as its reader may see it: as an answer to a command; `window` makes a modal of it.

    Of what is not given out yet only the next `most_later` are named, if that is given.
    """
    if not found.items:
        words = "No homework has been given out yet. I post it in the cohort's channel when it comes."
        return Message(words, [section(words)])
    blocks: list[Block] = []
    if found.pause is not None:
        last = day_words(found.pause.last)
        blocks.append(context(f"{esc(marked(found.pause.name, found.pause.sample))} until {last}: nobody is missing."))
    if found.sees == "own" and found.viewer.organization is None:
        blocks.append(context("I don't know your organization yet. A facilitator can add it for you."))
    for number, item in enumerate(found.items[:MOST_ITEMS]):
        blocks += [*([divider()] if number == 1 else []), *_item(item, found, now, first=number == 0)]
    if len(found.items) > MOST_ITEMS:
        blocks.append(context(f"And {len(found.items) - MOST_ITEMS} earlier ones."))
    if found.later:
        blocks.append(context(clip(f"Later:\n{_later(found, most_later)}", 2900)))
    if found.sees == "all":
        blocks.append(actions(button("Read reflections", ids.REFLECTION_ALL, ids.reference(found.program.id))))
    first = found.items[0].assignment
    due = moment(first.due_at, found.program, found.viewer.zone)
    return Message(f"{_title(first)}: {_due_word(first, now)} {due}", distinct(blocks))


def _later(found: Overview, most: int | None) -> str:
    lines = [f"{day_words(one.local(found.program.zone))} · {_title(one)}" for one in found.later[:most]]
    left = len(found.later) - len(lines)
    return "\n".join([*lines, *([f"and {left} more"] if left else [])])


def window(message: Message) -> Block:
    """The same in a modal."""
    return modal(ids.HOMEWORK_WINDOW, "Homework", message.blocks)


def _item(item: Item, found: Overview, now: datetime, *, first: bool) -> list[Block]:
    lines = [_headline(item.assignment, found.program, now, found.viewer.zone)]
    if first:
        lines += _details(item.assignment)
    lines += _standing_lines(item, found)
    beside = _beside(item, found, first=first)
    return [section(clip("\n".join(lines), ITEM_CHARACTERS), accessory=beside)]


def _headline(
    assignment: Assignment, program: Program, now: datetime, zone: str | None = None, *, named: str = ""
) -> str:
    off = "" if assignment.overdue(now) else ahead(assignment.due_at, None, now, program)
    due = f"{_due_word(assignment, now)} {moment(assignment.due_at, program, zone)}"
    return f"*{named}{_title(assignment)}* · {due}" + (f", {off}" if off else "")


def _details(assignment: Assignment) -> list[str]:
    return [esc(assignment.summary), *(link(one.url, one.label) for one in assignment.links)]


def _standing_lines(item: Item, found: Overview) -> list[str]:
    match found.sees:
        case "counts":
            return [f"{item.handed_in} of {item.owed_by} organizations have handed it in."]
        case "own":
            return [_own_line(one, found) for one in item.standings]
        case "all":
            return _all_lines(item)


def _own_line(standing: Standing, found: Overview) -> str:
    name = esc(standing.team.organization.name)
    if standing.done:
        done = standing.done[0]
        when = moment(done.handed_in_at, found.program, found.viewer.zone)
        who = "you" if done.author_id == found.viewer.person_id else esc(done.author)
        return f"Handed in for {name} by {who}, {when} (no. {done.number})."
    if standing.wants_time:
        return f"Nothing from {name} yet; the facilitators know that you need more time."
    return f"Nothing from {name} yet.{_whoever(standing)}"


def _all_lines(item: Item) -> list[str]:
    done = [one for one in item.standings if one.done]
    open_ = [one for one in item.standings if not one.done]
    lines = [f"{len(done)} of {len(item.standings)} organizations have handed it in."]
    if done:
        lines.append("In: " + ", ".join(_done_words(one) for one in done))
    if open_:
        lines.append("Nothing yet: " + ", ".join(_open_words(one) for one in open_))
    return lines


def _done_words(standing: Standing) -> str:
    first = standing.done[0]
    return f"{esc(standing.team.organization.name)} (no. {first.number}, {esc(first.author)})"


def _open_words(standing: Standing) -> str:
    name = esc(standing.team.organization.name)
    return f"{name} (needs more time)" if standing.wants_time else name


def _beside(item: Item, found: Overview, *, first: bool) -> Block | None:
    """The one button beside a homework: to hand it in, to change what was, or to nudge those who have not."""
    assignment = item.assignment
    reference = ids.reference(found.program.id, assignment.key)
    if found.viewer.has("participant"):
        own = [one for one in item.standings if one.team.organization == found.viewer.organization]
        done = [done for one in own for done in one.done]
        mine = any(one.author_id == found.viewer.person_id for one in done)
        words = "Change mine" if mine else "Add mine" if done else "Hand in"
        style: Style | None = "primary" if first and not done else None
        label = f"{words}: {assignment.title}"
        return button(words, ids.REFLECTION_OPEN, reference, style=style, label=label)
    if found.viewer.has("facilitator") and found.pause is None and item.handed_in < item.owed_by:
        return button("Nudge…", ids.HOMEWORK_NUDGE, reference, label=f"Nudge those missing: {assignment.title}")
    return None


# Reminders


def post(assignment: Assignment, program: Program, now: datetime) -> Part:
    """The one post in the cohort's channel."""
    lines = [
        _headline(assignment, program, now, named="Homework: "),
        *_details(assignment),
        "One reflection for each organization is enough, whoever of you writes it.",
    ]
    reference = ids.reference(program.id, assignment.key)
    buttons = (
        button("Hand in", ids.REFLECTION_OPEN, reference, style="primary", label=f"Hand in: {assignment.title}"),
        button("See all homework", ids.HOMEWORK_OPEN, ids.reference(program.id)),
    )
    line = f"Homework due {moment(assignment.due_at, program)}: {_title(assignment)}"
    return Part(f"homework:{assignment.key}", line, [section("\n".join(lines)), actions(*buttons)])


def nudge(
    assignment: Assignment,
    standing: Standing,
    program: Program,
    now: datetime,
    zone: str | None,
    by: str | None = None,
    later: PutOffBlocks = NOTHING,
) -> Part:
    """A direct message to somebody whose organization has handed in nothing; `by` is the facilitator who asked.

    `later` is how it is put off, or that it was.
    """
    organization = esc(standing.team.organization.name)
    asks = f"{esc(by)} asks how it is going. " if by else ""
    need = "The facilitators know that you need more time." if standing.wants_time else "Need more time?"
    still = " It can still be handed in." if assignment.overdue(now) else ""
    lines = [
        _headline(assignment, program, now, zone, named="Homework: "),
        f"{asks}Nothing from {organization} yet.{still}{_whoever(standing)} {need}",
    ]
    reference = ids.reference(program.id, assignment.key)
    buttons = [hand_in(assignment, program), begin_button(About("reflection", program.id, assignment.key))]
    if not standing.wants_time:
        buttons.append(
            button("I need more time", ids.HOMEWORK_MORE_TIME, reference, label=f"I need more time: {assignment.title}")
        )
    due = f"{_due_word(assignment, now)} {moment(assignment.due_at, program, zone)}"
    text = f"Nothing from {organization} yet: {_title(assignment)}, {due}"
    blocks = [section("\n".join(lines)), actions(*buttons, *later.elements), *later.lines]
    return Part(f"homework:{assignment.key}", text, blocks)


def settled(assignment: Assignment, program: Program, now: datetime, zone: str | None) -> Part:
    """A reminder about something that is done since, or not theirs to do any more."""
    text = f"{_headline(assignment, program, now, zone, named='Homework: ')}\nNothing more to do about it."
    return Part(f"homework:{assignment.key}", f"{_title(assignment)}: nothing more to do about it.", [section(text)])


def hand_in(assignment: Assignment, program: Program) -> Block:
    """The button that opens the form."""
    reference = ids.reference(program.id, assignment.key)
    return button("Hand in", ids.REFLECTION_OPEN, reference, style="primary", label=f"Hand in: {assignment.title}")


def more_time(assignment: Assignment, organization: str, user: str | None, name: str, program: Program) -> Message:
    """What the facilitators are told."""
    who = mention(user) if user else esc(name)
    due = moment(assignment.due_at, program)
    text = f"{esc(organization)} needs more time for {_title(assignment)} (due {due})."
    return Message(text, [section(f"*{text}*\n{who} asked. I don't remind {esc(organization)} of it again.")])


# A facilitator's nudge


def nudge_form(found: Nudge, now: datetime) -> Block:
    """The names first; only then is anything sent."""
    if not found.people:
        return window(Message("", [section(_nobody(found)), *_others(found)]))
    shown = _that_fit(found.people)
    names = "\n".join(f"• {_named(one)}" for one in shown)
    count = len(shown)
    lead = f"{'This person gets' if count == 1 else f'These {count} people get'} a message from me, in your name"
    blocks = [
        *_held(found, now),
        section(f"{lead}, about *{_title(found.assignment)}*:\n{names}"),
        *_others(found),
        context(
            "Whoever hands in before I get to them hears nothing. In somebody's quiet hours it waits until they end."
        ),
    ]
    return modal(
        ids.HOMEWORK_NUDGE_FORM,
        "Nudge",
        blocks,
        submit="Send it" if count == 1 else f"Send {count} messages",
        close="Not now",
        metadata=json.dumps(
            {
                "program": found.program.id,
                "homework": found.assignment.key,
                "people": [one.person_id for one in shown],
            }
        ),
    )


@dataclass(frozen=True)
class NudgeForm:
    """What the form was about: the program, the homework, and the people whose names it showed."""

    program_id: int
    homework: str
    people: tuple[int, ...]


@ids.reading()
def read_nudge(view: View) -> NudgeForm:
    """The form read back."""
    about = json.loads(view["private_metadata"])
    return NudgeForm(int(about["program"]), str(about["homework"]), tuple(int(one) for one in about["people"]))


def nudged(found: Nudged, now: datetime) -> Block:
    """What the form turns into."""
    if not found.people:
        return window(
            Message("", [section("Nobody needs a message any more: they have handed it in, or had one today.")])
        )
    names = "\n".join(f"• {_named(one)}" for one in found.people)
    lead = "On its way" if found.hold is None else "Waiting until posts go out again"
    blocks = [section(f"{lead}, about *{_title(found.assignment)}*:\n{names}"), *_held(found, now)]
    if found.spared:
        others = "1 of those named" if found.spared == 1 else f"{found.spared} of those named"
        blocks.append(context(f"{others} needed none any more, or had one today."))
    return window(Message("", blocks))


def _held(found: Nudge | Nudged, now: datetime) -> list[Block]:
    """That posts are held, and this with them."""
    return [] if found.hold is None else [section(nudge_waits(found.hold, found.program, now))]


def _that_fit(people: Sequence[Member]) -> tuple[Member, ...]:
    """As many as can be named: nobody gets a message whose name was not shown."""
    shown, room = [], NAMES_CHARACTERS
    for one in people[:MOST_NAMED]:
        room -= len(_named(one)) + 3
        if room < 0:
            break
        shown.append(one)
    return tuple(shown)


def _nobody(found: Nudge) -> str:
    if found.pause is not None:
        return f"{esc(marked(found.pause.name, found.pause.sample))}: nobody is missing now."
    if found.already:
        return "Everybody who is missing had a message today. Tomorrow you can send another."
    if found.resting:
        return f"{', '.join(esc(one.name) for one in found.resting)} paused my messages, so I keep this to myself."
    if found.unreachable:
        return "Those who are missing are not in Slack yet, so I cannot write to them."
    return f"Every organization has handed in *{_title(found.assignment)}*."


def _others(found: Nudge) -> list[Block]:
    notes = []
    if found.already and found.people:
        notes.append(f"Had one today: {', '.join(esc(one.name) for one in found.already)}.")
    if found.resting:
        notes.append(f"Paused my messages to them: {', '.join(esc(one.name) for one in found.resting)}.")
    if found.unreachable:
        notes.append(f"Not in Slack yet: {', '.join(esc(one.name) for one in found.unreachable)}.")
    return [context(*notes)] if notes else []


def _named(member: Member) -> str:
    return esc(member.name) + (f" ({esc(member.organization.name)})" if member.organization else "")


# Answers in a sentence


def asked(found: Asked) -> str:
    """What happens after *I need more time*."""
    if found.handed_in:
        return f"{esc(found.organization)} has handed it in already. Nothing more to do."
    if not found.told:
        return f"There is no facilitator yet whom I could tell. Write to {refusals.contact(found.program)}."
    names = ", ".join(esc(one.name) for one in found.told)
    return (
        f"I have told the facilitators ({names}) that {esc(found.organization)} needs more time for "
        f"*{_title(found.assignment)}*. I don't remind you of it again; hand it in when you can."
    )


def refusal(refused: NotAllowed) -> str:
    """Why not, and who can do it or what to do instead; mrkdwn."""
    program, who = refused.program, refused.facilitators
    if program is None:
        return refusals.no_program()
    match refused.why:
        case "no program":
            return refusals.no_program()
        case "pending":
            return refusals.pending(program, who)
        case "left":
            return refusals.left(program)
        case "not in it":
            return refusals.not_in_program(program)
        case "applicant":
            return (
                "Homework begins with the cohort; applicants owe none. `/dates` or *Home* shows what is next for you."
            )
        case "facilitators only":
            return refusals.only_facilitators(program, who, "nudge")
        case "participants only":
            return (
                f"Only an organization's own people ask for more time. {_helper(program, who)} can help you otherwise."
            )
        case "gone":
            return f"That homework is no longer in {esc(program.name)}. `/homework` or *Home* shows what is due."


def _helper(program: Program, who: Sequence[Member]) -> str:
    return refusals.named(who) or refusals.contact(program)


def _whoever(standing: Standing) -> str:
    count = len(standing.team.people)
    return f" {'Either' if count == 2 else 'Any'} of you can hand it in; one is enough." if count > 1 else ""


def _title(assignment: Assignment) -> str:
    return esc(marked(assignment.title, assignment.sample))


def _due_word(assignment: Assignment, now: datetime) -> str:
    return "was due" if assignment.overdue(now) else "due"
