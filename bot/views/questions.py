"""Questions that a person answers: the card for facilitators, the form, and what the asker is told."""

from __future__ import annotations

from bot.domain.messages import Block, Message, Payload
from bot.domain.questions import (
    LONGEST_ANSWER,
    AnsweredAlready,
    Empty,
    Form,
    NotAllowed,
    Reply,
    Where,
)
from bot.views import ids, refusals
from bot.views.blocks import (
    SECTION,
    actions,
    button,
    clip,
    context,
    esc,
    field_block,
    mention,
    modal,
    section,
    text_input,
)
from bot.views.forms import Typed
from bot.views.times import moment

ANSWER = "question.text"
AGAIN = "question.text_again"
QUOTED = 1000
AS_WELL = "as-well"


def card(reply: Reply) -> Message:
    """A question for the facilitators: whose it is, who asked where, and the button to answer it."""
    program, handed = reply.program, reply.handed
    assert program is not None
    assert handed is not None
    who = f"{mention(reply.asker)} {_where(reply.where)}, {moment(reply.asked_at, program)}"
    quoted = section(f"*A question for a person*\n{_quote(reply.text)}")
    if reply.answers:
        first = reply.answers[0]
        said = section(f"*Answered by {esc(first.by)}*\n{_quote(first.text)}")
        return Message(f"Answered by {esc(first.by)}: {esc(reply.text)}", [quoted, said, context(f"Asked by {who}")])
    owner = mention(handed.owner_user) if handed.owner_user else "The facilitators"
    due = f"{owner} · by {moment(handed.due_at, program)}"
    press = button("Answer", ids.QUESTION_ANSWER, ids.reference(program.id, str(reply.question_id)), style="primary")
    blocks = [quoted, actions(press), context(due, f"Asked by {who}")]
    return Message(clip(f"A question for a person: {esc(reply.text)}", SECTION), blocks)


def told(reply: Reply, number: int) -> Message:
    """What the asker is told; `number` counts the answers to this question.

    The question is repeated, unless it stands at the top of the thread that this goes into.
    """
    answer, where = reply.answers[number], reply.where
    head = f"{esc(answer.by)} answers" if number == 0 else f"{esc(answer.by)} adds"
    greeting = f"{mention(reply.asker)} " if where.place == "channel" else ""
    blocks = [section(f"{greeting}{head}:\n{clip(esc(answer.text), SECTION - 200)}")]
    if where.place != "channel" or where.thread != where.ts:
        blocks.append(context(f"You asked: {esc(clip(reply.text, 300))}"))
    return Message(clip(f"{greeting}{head}: {esc(answer.text)}", SECTION), blocks)


def form(shape: Form) -> Block:
    """The form in which a facilitator answers."""
    reply = shape.reply
    if reply.answers:
        return _again(shape, "")
    blocks = [
        section(f"*Who reads this:* {_readers(shape)}"),
        section(f"{esc(shape.asker_name)} asked:\n{_quote(reply.text)}"),
        _field(ANSWER, "Your answer", ""),
    ]
    return _modal(shape, blocks, "Send the answer")


def again(outcome: AnsweredAlready) -> Block:
    """Somebody was faster: their answer, and the words just written, to be sent as well or not."""
    return _again(outcome.form, outcome.words)


def thanks(shape: Form) -> Block:
    """The answer is kept and on its way."""
    how = "in the thread" if shape.reply.where.place == "channel" else "by direct message"
    return modal(ids.QUESTION_FORM, "Answered", [section(f"Saved. {esc(shape.asker_name)} reads your answer {how}.")])


@ids.reading()
def read(view: Payload) -> str:
    """What was typed into the form, whichever of its two shapes it has."""
    return Typed(view).words(_block(view))


def about(view: Payload) -> tuple[int | None, int, bool]:
    """The program and the question of a form, and whether its words are meant to be sent as well as others."""
    program_id, key = ids.referred(str(view.get("private_metadata") or ""))
    question, _, how = key.partition("/")
    return program_id, ids.row(question), how == AS_WELL


def errors(outcome: Empty, view: Payload) -> dict[str, str]:
    """Under the field, when nothing was written or too much."""
    if outcome.length:
        words = f"That is {outcome.length:,} characters; an answer has room for {LONGEST_ANSWER:,}."
        return {_block(view): words}
    return {_block(view): "Write the answer here; a sentence is enough."}


def refused_errors(outcome: NotAllowed, view: Payload) -> dict[str, str]:
    """The same refusal as `refusal` under the field, in plain words, so that what was written stays in view."""
    names = " or ".join(one.name for one in outcome.ask) or "the facilitators"
    return {_block(view): f"Only the facilitators can answer. Copy your words and give them to {names}."}


def refusal(outcome: NotAllowed) -> str:
    """Who can answer instead."""
    if outcome.program is None:
        return refusals.no_program()
    return refusals.only_facilitators(outcome.program, outcome.ask, "answer questions")


def _block(view: Payload) -> str:
    return AGAIN if AGAIN in Typed(view) else ANSWER


def _where(place: Where) -> str:
    return f"in <#{place.channel}>" if place.place == "channel" else "privately"


def _readers(shape: Form) -> str:
    if shape.reply.where.place == "channel":
        return f"{esc(shape.asker_name)}, and everybody in <#{shape.reply.where.channel}>: it goes into the thread."
    return f"only {esc(shape.asker_name)}, by direct message; the facilitators see it, too."


def _again(shape: Form, words: str) -> Block:
    first = shape.reply.answers[0]
    kept = " Your words are below; nothing of them is lost." if words else ""
    blocks = [
        section(f"*{esc(first.by)} has answered this already.*{kept}\n{_quote(first.text)}"),
        section(f"{esc(shape.asker_name)} asked:\n{_quote(shape.reply.text)}"),
        section(f"*Who reads this:* {_readers(shape)}"),
        _field(AGAIN, "Your answer, to be sent as well", words),
    ]
    return _modal(shape, blocks, "Send as well", AS_WELL)


def _modal(shape: Form, blocks: list[Block], submit: str, how: str = "") -> Block:
    key = f"{shape.reply.question_id}/{how}" if how else str(shape.reply.question_id)
    metadata = ids.reference(shape.program.id, key)
    return modal(ids.QUESTION_FORM, "Answer a question", blocks, submit=submit, metadata=metadata)


def _field(block_id: str, label: str, words: str) -> Block:
    element = text_input(ANSWER, multiline=True, initial=words, max_length=LONGEST_ANSWER)
    return field_block(block_id, label, element)


def _quote(text: str) -> str:
    lines = esc(clip(text, QUOTED)).splitlines() or [""]
    return "\n".join(f"> {line}" for line in lines)
