"""What is said to a question: the answer with its source, what may be meant, or who knows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import get_args

from bot.domain import faq
from bot.domain.chatter import Wish
from bot.domain.messages import Block, Message, Payload
from bot.domain.people import Viewer
from bot.domain.programs import Entry, Event, Program, Resource, next_events
from bot.domain.questions import Examples, Nobody, Reply, TooLong
from bot.views import ids, living, refusals
from bot.views.blocks import (
    BUTTON,
    SECTION,
    actions,
    button,
    clip,
    context,
    esc,
    field_block,
    link,
    marked,
    mention,
    modal,
    section,
    text_input,
)
from bot.views.forms import Typed
from bot.views.times import moment, span
from bot.views.welcome import event_line

QUESTION = "faq.question"
QUOTED = 280


def message(reply: Reply, now: datetime) -> Message:
    """What is said to a question where it was asked."""
    asked = [context(f"You asked: {esc(clip(reply.text, QUOTED))}")] if reply.where.place == "private" else []
    return Message(clip(esc(plain(reply, now)), SECTION), [*asked, *_blocks(reply, now)])


def window(reply: Reply, now: datetime) -> Block:
    """The same in a modal."""
    said = words.of(reply.language)
    blocks = [section(_quote(reply.text)), *_blocks(reply, now)]
    return modal(ids.FAQ_WINDOW, said.window, blocks, close=said.close)


def answer_of(reply: Reply, entry: Entry, now: datetime) -> list[Block]:
    """An entry with its source, as the answer that a person has chosen for a question."""
    return _answer(replace(reply, entry=entry), now)


def shared(reply: Reply, now: datetime) -> Message:
    """A private answer as its asker shows it to a channel: the question first, and nobody's own time."""
    assert reply.entry is not None
    reply = replace(reply, zone=None)
    head = section(f"{mention(reply.asker)} asked:\n{_quote(reply.text)}")
    return Message(clip(f"A question and its answer: {esc(plain(reply, now))}", SECTION), [head, *_answer(reply, now)])


def plain(reply: Reply, now: datetime) -> str:
    """All of it as plain words, for a terminal and for notifications."""
    if reply.outcome == "answered" and reply.entry is not None:
        return "\n".join(_answer_words(reply, reply.entry, now))
    if reply.outcome == "suggested":
        return "\n".join(("Did you mean:", *(f"- {entry.question}" for entry in reply.suggestions)))
    return "\n".join(_declined_words(reply, now))


def examples(found: Examples) -> Message:
    """How asking goes by command, with questions that the program answers."""
    return _example_message(found, f"{ids.ASK} ")


def examples_here(found: Examples) -> Message:
    """The same where one writes to the bot."""
    return _example_message(found, "")


def examples_words(found: Examples) -> str:
    """The same as plain words."""
    return "\n".join(_example_lines(found, ""))


def too_long(found: TooLong) -> str:
    """More words than one question has."""
    return _too_long(found.length, refusals.contact(found.program))


def too_long_words(found: TooLong) -> str:
    """The same as plain words."""
    who = found.program.contact
    return _too_long(found.length, f"{who.name}, {marked(who.email, who.sample)}")


def nobody(found: Nobody) -> str:
    """There is no facilitator in Slack yet."""
    return (
        f"No facilitator of {esc(found.program.name)} can be reached from here yet. "
        f"Please write to {refusals.contact(found.program)}."
    )


def not_yours() -> str:
    """The button of somebody else's private reply, or of one that is gone."""
    return f"That question is no longer here. Ask it again with {ids.ASK}, or write it to me directly."


def not_in_channel(channel: str) -> str:
    """The bot cannot post where the answer is to be shared."""
    return (
        f"I am not in <#{channel}>, so I cannot post there. Invite me with `/invite @Convene` and press again, "
        "or copy the answer."
    )


def cannot_share() -> str:
    """There is no channel here."""
    return "Ask in the channel where you want to share the answer: this is a direct message."


def passed_on(reply: Reply) -> Message:
    """Who answers, and by when: for whoever handed over a question that stands in a channel."""
    return Message(esc(_passed_on(reply)), [context(esc(_passed_on(reply)))])


def thanks(helpful: bool, reply: Reply) -> Message:
    """A vote is kept; who was not helped is shown the way to a person."""
    if helpful:
        return Message("Thanks, noted.", [context("Thanks, noted.")])
    words = "Thanks for telling me. A person can answer it instead."
    return Message(words, [section(words), actions(*_hand_over(reply))])


def form(program: Program | None, program_id: int) -> Block:
    """The form in which to ask, for those who cannot type commands."""
    about = esc(program.name) if program is not None else "the program"
    blocks = [
        section(f"Only you see the answer. I answer from the texts of {about}; when I don't know, a person can."),
        field_block(
            QUESTION,
            "Your question",
            text_input(QUESTION, multiline=True, max_length=faq.LONGEST, placeholder="In your own words"),
        ),
    ]
    return modal(ids.FAQ_FORM, "Ask a question", blocks, submit="Ask", metadata=ids.reference(program_id))


@ids.reading()
def read(view: Payload) -> str:
    """What was typed into the form."""
    return Typed(view).words(QUESTION)


def errors(found: Examples) -> dict[str, str]:
    """Under the field, when there was no question in it."""
    like = f" For example: {found.questions[0]}" if found.questions else ""
    return {QUESTION: f"Write your question in a few words.{like}"}


WISHES: dict[str, Wish] = {wish: wish for wish in get_args(Wish)}
OPENERS: dict[Wish, tuple[str, str, str]] = {
    "reflection": ("Here you hand in a reflection:", "Hand in a reflection", ids.REFLECTION_OPEN),
    "checkin": ("Here you log a coaching check-in:", "Log a check-in", ids.CHECKIN_OPEN),
    "dates": ("Here is what comes next:", "See the dates", ids.DATES_OPEN),
    "homework": ("What is due, and what your organization has handed in:", "See the homework", ids.HOMEWORK_OPEN),
}


def opener(wish: Wish, viewer: Viewer) -> Message:
    """A button for what somebody asked for in a word; for *help*, all that concerns them."""
    program_id = viewer.program.id if viewer.program is not None else 0
    value = ids.reference(program_id)
    if wish != "help":
        words, label, action = OPENERS[wish]
        return Message(f"{words} {label}", [section(words), actions(button(label, action, value, style="primary"))])
    buttons = [button("Ask a question", ids.ASK_OPEN, value, style="primary"), _open("dates", value)]
    if viewer.has("participant"):
        buttons += [_open("homework", value), _open("reflection", value)]
    if viewer.has("participant", "coach"):
        buttons.append(_open("checkin", value))
    about = f" about {esc(viewer.program.name)}" if viewer.program is not None else ""
    words = f"Ask me anything{about}, in your own words. These buttons do the rest:"
    return Message(words, [section(words), actions(*buttons)])


def welcome() -> Message:
    """A thank-you is answered in three words, in a direct message only."""
    return Message("You're welcome!")


def wordless() -> Message:
    """A message without a word in it, in a direct message only."""
    return Message("Got it. If you have a question, write it in your own words.")


def _example_message(found: Examples, before: str) -> Message:
    words = esc("\n".join(_example_lines(found, before)))
    return Message(words, [section(words)])


def _example_lines(found: Examples, before: str) -> list[str]:
    first = f"Ask me anything about {found.program.name}, in your own words."
    questions = [f"• {before}{question}" for question in found.questions]
    return [f"{first} For example:", *questions] if questions else [first]


def _too_long(length: int, contact: str) -> str:
    return (
        f"That is longer than I can read as one question: {length:,} characters. Ask it in a sentence or two, "
        f"up to {faq.LONGEST:,} characters; for the whole story write to {contact}."
    )


def _open(wish: Wish, value: str) -> Block:
    _, label, action = OPENERS[wish]
    return button(label, action, value)


def _blocks(reply: Reply, now: datetime) -> list[Block]:
    if reply.outcome == "answered" and reply.entry is not None:
        return [*_answer(reply, now), *_after_answer(reply)]
    if reply.outcome == "suggested":
        return _suggestions(reply)
    return _declined(reply, now)


def _answer(reply: Reply, now: datetime) -> list[Block]:
    entry, program = reply.entry, reply.program
    assert entry is not None
    assert program is not None
    answer = living.rich(entry.answer, program, now, reply.zone)
    blocks = [section(f"*{esc(entry.question)}*"), section(answer)]
    beside = [_beside(one, program, reply, now) for one in program.beside(entry)]
    if beside:
        blocks.append(section(clip("\n".join(f"• {one}" for one in beside) if beside[1:] else beside[0], SECTION)))
    source = marked(f"Source: {esc(entry.source)}", entry.sample)
    name = f" · {esc(program.name)}" if program.name not in entry.source else ""
    return [*blocks, context(source + name)]


def _after_answer(reply: Reply) -> list[Block]:
    if reply.handed is not None:
        return [context(esc(_passed_on(reply)))]
    value = _value(reply)
    if reply.helpful is False and reply.where.place != "channel":
        words = "Thanks for telling me. A person can answer it instead."
        return [section(words), actions(*_hand_over(reply))]
    buttons: list[Block] = []
    if reply.where.place == "private" and reply.where.channel[:1] in ("C", "G"):
        buttons += [] if reply.shared else [button("Share in channel", ids.FAQ_SHARE, value)]
    notes = ["Shared in the channel."] if reply.shared else []
    if reply.helpful is None or reply.where.place == "channel":
        buttons += [button("Helpful", ids.FAQ_HELPFUL, value), button("Not helpful", ids.FAQ_NOT_HELPFUL, value)]
    else:
        notes.append("You found this helpful. Thanks for telling me.")
    return [*([actions(*buttons)] if buttons else []), *([context(" ".join(notes))] if notes else [])]


def _suggestions(reply: Reply) -> list[Block]:
    program_id = reply.program.id if reply.program is not None else 0
    buttons = [
        button(
            clip(entry.question, BUTTON),
            _name(ids.FAQ_CHOOSE, number),
            ids.reference(program_id, f"{reply.question_id}/{entry.key}"),
        )
        for number, entry in enumerate(reply.suggestions, 1)
    ]
    none = button("None of these", ids.FAQ_NONE, _value(reply))
    return [section("I am not sure I understand. Did you mean:"), actions(*buttons, none)]


def _declined(reply: Reply, now: datetime) -> list[Block]:
    if reply.handed is not None:
        return [section(esc(_passed_on(reply)))]
    blocks = [section("I don't have that.")]
    for program in reply.programs:
        blocks.append(section("\n".join(_who_knows(program, reply.zone, now, several=len(reply.programs) > 1))))
    return [*blocks, *([actions(*buttons)] if (buttons := _hand_over(reply)) else [])]


def _who_knows(program: Program, zone: str | None, now: datetime, *, several: bool) -> list[str]:
    about = f" about {esc(program.name)}" if several else ""
    lines = [f"Write to {refusals.contact(program)}{about}."]
    if (hour := _office_hour(program, now)) is not None:
        lines.append(f"Or ask at the next office hour: {event_line(hour, program, zone)}")
    return lines


def _hand_over(reply: Reply) -> list[Block]:
    several = len(reply.programs) > 1
    return [
        button(
            f"Ask {program.name}" if several else "Ask a facilitator",
            _name(ids.FAQ_HAND_OVER, number),
            ids.reference(program.id, str(reply.question_id)),
            style=None if several else "primary",
        )
        for number, program in enumerate(reply.programs[:5], 1)
    ]


def _passed_on(reply: Reply) -> str:
    """Who answers, and by when, in plain words."""
    assert reply.handed is not None
    assert reply.program is not None
    if reply.answers:
        return f"{reply.answers[0].by} has answered this."
    owner = reply.handed.owner
    who = f"{owner} answers" if owner else f"The facilitators of {reply.program.name} answer"
    due = moment(reply.handed.due_at, reply.program, reply.zone)
    how = "here in this thread" if reply.where.place == "channel" else "by direct message"
    return f"Passed on. {who} by {due}; you will read it {how}."


def _name(action_id: str, number: int) -> str:
    return action_id if number == 1 else ids.numbered(action_id, number)


def _value(reply: Reply) -> str:
    return ids.reference(reply.program.id if reply.program is not None else 0, str(reply.question_id))


def _quote(text: str) -> str:
    return f"> {esc(clip(text, QUOTED))}"


def _beside(one: Resource | Event, program: Program, reply: Reply, now: datetime) -> str:
    if isinstance(one, Event):
        return f"{event_line(one, program, reply.zone)}{' (over)' if one.over(now) else ''}"
    title = link(one.url, one.title) if one.url else esc(one.title)
    return marked(title, one.sample)


def _office_hour(program: Program, now: datetime) -> Event | None:
    return next(iter(next_events(program, now, kinds=("office_hours",))), None)


def _answer_words(reply: Reply, entry: Entry, now: datetime) -> Sequence[str]:
    assert reply.program is not None
    lines = [living.plain(entry.answer, reply.program, now, reply.zone)]
    lines += [_beside_words(one, reply.program, now) for one in reply.program.beside(entry)]
    return [*lines, marked(f"Source: {entry.source}", entry.sample)]


def _declined_words(reply: Reply, now: datetime) -> Sequence[str]:
    if reply.handed is not None and reply.program is not None:
        return [_passed_on(reply)]
    lines = ["I don't have that."]
    for program in reply.programs:
        about = f" about {program.name}" if len(reply.programs) > 1 else ""
        who = program.contact
        lines.append(f"Write to {who.name}, {marked(who.email, who.sample)}{about}.")
        if (hour := _office_hour(program, now)) is not None:
            lines.append(f"Or ask at the next office hour: {_event_words(hour, program)}")
    return lines


def _beside_words(one: Resource | Event, program: Program, now: datetime) -> str:
    if isinstance(one, Event):
        return f"- {_event_words(one, program)}{' (over)' if one.over(now) else ''}"
    shown = one.title if one.url in (None, f"mailto:{one.title}") else f"{one.title}: {one.url}"
    return f"- {marked(shown, one.sample)}"


def _event_words(event: Event, program: Program) -> str:
    at = f" {marked(event.link, event.link_sample)}" if event.link else ""
    return f"{span(event.starts_at, event.ends_at, program)}: {marked(event.title, event.sample)}{at}"
