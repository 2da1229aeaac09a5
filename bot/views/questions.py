"""Questions that a person answers: the card for facilitators, the form, and what the asker is told."""

from __future__ import annotations

from datetime import datetime

from bot.domain.drafts import About
from bot.domain.entries import LONGEST_ASKED, Keep, Kept
from bot.domain.messages import Block, Message, Payload
from bot.domain.people import PERSON_NAME, NotAllowed
from bot.domain.programs import Program, Translation
from bot.domain.questions import (
    LONGEST_ANSWER,
    Answered,
    AnsweredAlready,
    Draft,
    Empty,
    Form,
    Logged,
    Noting,
    OpenQuestion,
    Queue,
    Reply,
    Sent,
    Via,
    Where,
)
from bot.views import dialogues, drafts, faq, ids, refusals
from bot.views.blocks import (
    BUTTON,
    SECTION,
    actions,
    button,
    clip,
    context,
    counted,
    distinct,
    esc,
    field_block,
    mention,
    modal,
    option,
    paragraphs,
    quote,
    section,
    select,
    text_input,
)
from bot.views.entries_keeping import Choice, keep_blocks, kept_words, with_typed
from bot.views.forms import Typed
from bot.views.times import ago, moment
from bot.views.words import of as words_of

ANSWER = "question.text"
AGAIN = "question.text_again"
QUOTED = 1000
AS_WELL = "as-well"
NOTE = 300
ASKED = "question.asked"
ASKED_BY = "question.asked_by"
VIA = "question.via"
VIAS: dict[Via, str] = {"email": "By e-mail", "telephone": "By telephone", "in_person": "In person"}
BEFORE = "They stand above the answer that you choose."
SENDING = Choice(
    "For next time",
    (
        ("no", "Only send it", ""),
        ("entry", "Send it, and keep it as an answer", "Whoever asks this next gets it from me at once."),
        ("phrasing", "Send an answer that is there already", "These words become a way to ask for it."),
    ),
)
NOTING = Choice(
    "For next time",
    (
        ("no", "Only note it", ""),
        ("entry", "Note it, and keep the answer", "Whoever asks this next gets it from me at once."),
        ("phrasing", "An answer is there already", "These words become a way to ask for it."),
    ),
)


def card(reply: Reply) -> Message:
    """A question for the facilitators: whose it is, who asked where, and the button to answer it."""
    program, handed = reply.program, reply.handed
    assert program is not None
    assert handed is not None
    who = f"{mention(reply.asker)} {_where(reply.where)}, {moment(reply.asked_at, program)}"
    if reply.withdrawn:
        words = "A question was taken back by its asker. Nobody waits for an answer."
        return Message(words, [section(words), context(f"Asked by {who}")])
    if reply.from_thread:
        return _offer(reply, program, who)
    quoted = section(f"*A question for a person*\n{quote(reply.text, QUOTED)}")
    if reply.answers:
        first = reply.answers[0]
        said = section(f"*Answered by {esc(first.by)}*\n{quote(_gist(first), QUOTED)}")
        gist = clip(f"Answered by {esc(first.by)}: {esc(reply.text)}", SECTION)
        return Message(gist, [quoted, said, context(f"Asked by {who}")])
    owner = mention(handed.owner_user) if handed.owner_user else "The facilitators"
    due = f"{owner} · by {moment(handed.due_at, program)}"
    press = button("Answer", ids.QUESTION_ANSWER, ids.reference(program.id, str(reply.question_id)), style="primary")
    left = [section(f"I have answered the rest; this is left: {_left(reply)}")] if reply.unanswered else []
    blocks = [quoted, *left, actions(press), context(due, f"Asked by {who}")]
    return Message(clip(f"A question for a person: {esc(reply.text)}", SECTION), blocks)


def _left(reply: Reply) -> str:
    """What nothing answers of a question that is answered otherwise."""
    return " ".join(f"“{esc(clip(one, NOTE))}”" for one in reply.unanswered)


def _offer(reply: Reply, program: Program, who: str) -> Message:
    """What people answered in the thread, to be kept as an entry, or to be said to be no answer."""
    by = " and ".join(dict.fromkeys(esc(one.by) for one in reply.answers))
    head = f"{by} answered a question {_where(reply.where)}"
    blocks = [section(f"*{head}*\n{quote(reply.text, QUOTED)}")]
    for one in reply.answers:
        words = quote(one.text, QUOTED) if one.text else "It stands in the thread."
        whose = f"{esc(one.by)}:" if len(reply.answers) > 1 else "The answer:"
        blocks.append(section(f"*{whose}*\n{words}"))
        if not reply.settled:
            value = ids.reference(program.id, f"{reply.question_id}/{one.ts}")
            keep = button("Make it an entry", ids.ENTRY_KEEP, value, label=clip(f"Make it an entry: {one.by}", BUTTON))
            no = button("Not an answer", ids.QUESTION_NO_ANSWER, value, label=clip(f"Not an answer: {one.by}", BUTTON))
            blocks.append(actions(keep, no))
    settled = "I give this answer to whoever asks this next." if reply.kept else "It is not kept for next time."
    what = "An entry is what I give to whoever asks this next. What is no answer waits for a person again."
    notes = [settled if reply.settled else what, f"Asked by {who}"]
    return Message(clip(f"{head}: {esc(reply.text)}", SECTION), [*distinct(blocks), context(*notes)])


def told(reply: Reply, number: int, now: datetime) -> Message:
    """What the asker is told; `number` counts the answers to this question.

    The question is repeated, unless it stands at the top of the thread that this goes into.
    """
    answer, where, said = reply.answers[number], reply.where, words_of(reply.language)
    head = (said.answers if number == 0 else said.adds).format(by=esc(answer.by))
    greeting = f"{mention(reply.asker)} " if where.place == "channel" else ""
    words = esc(answer.text)
    if not words and answer.entry is None:
        words = said.taken_out.format(contact=refusals.contact(reply.programs[0], said))
    blocks = paragraphs(f"{greeting}{head}:{chr(10) if words else ''}{words}")
    if answer.entry is not None:
        blocks += faq.answer_of(reply, answer.entry, now)
    if where.place != "channel" or where.thread != where.ts:
        blocks.append(context(said.you_asked.format(question=esc(clip(reply.text, 300)))))
    gist = words or f"“{esc(_worded(reply, answer).question)}”"
    return Message(clip(f"{greeting}{head}: {gist}", SECTION), blocks)


def form(shape: Form, keep: Keep | None = None, turn: int = 0) -> Block:
    """The form in which a facilitator answers; `keep` is what was chosen for next time when it is drawn again.

    It begins with what is kept of it, if anything is. `turn` is as in `views.drafts.drafted`.
    """
    reply, words = shape.reply, ""
    if shape.kept is not None:
        before = drafts.as_view(shape.kept)
        words = read(before)
        keep = keep or (with_typed(shape.keeping, before) if shape.keeping is not None else None)
    if reply.answers:
        return _again(shape, words, keep, turn)
    blocks = [
        section(f"*Who reads this:* {_readers(shape)}"),
        *drafts.keeps(shape.kept, shape.program, shape.zone),
        section(f"{esc(shape.asker_name)} asked:\n{quote(reply.text, QUOTED)}"),
        _field(ANSWER, "Your answer", words, keep),
        *_next_time(shape, keep),
    ]
    return _modal(shape, blocks, "Send the answer", turn=turn)


def again(outcome: AnsweredAlready, keep: Keep | None = None, turn: int = 0) -> Block:
    """Somebody was faster: their answer, and the words just written, to be sent as well or not."""
    return _again(outcome.form, outcome.words, keep, turn)


def draft_about(view: Payload) -> About:
    """What is being written in a form. Raises Unreadable."""
    program_id, question, _ = about(view)
    if program_id is None or not question:
        raise ids.Unreadable
    return About("answer", program_id, str(question))


def thanks(sent: Sent) -> Block:
    """The answer is kept and on its way."""
    shape = sent.form
    how = "in the thread" if shape.reply.where.place == "channel" else "by direct message"
    blocks = [section(f"Saved. {esc(shape.asker_name)} reads your answer {how}."), *_kept(sent.kept)]
    return modal(ids.QUESTION_FORM, "Answered", blocks)


def note_form(shape: Noting, draft: Draft | None = None, keep: Keep | None = None, turn: int = 0) -> Block:
    """The form in which a question is noted that came otherwise; `draft` and `keep` when it is drawn again.

    It begins with what was begun without it, if anything was. `turn` is as in `views.drafts.drafted`.
    """
    keeping, kept = shape.keeping, shape.kept if draft is None else None
    if kept is not None:
        draft = read_note(drafts.as_view(kept))
    said, keep = draft or Draft("", ""), keep or keeping.keep
    vias = [option(words, value) for value, words in VIAS.items()]
    optional = keep.how == "phrasing"
    blocks = [
        section(
            f"*Who reads this:* the facilitators of {esc(keeping.program.name)}, as it counts among the questions. "
            "I tell nobody anything."
        ),
        dialogues.instead(keeping.program.id),
        *drafts.stands(kept, keeping.program, shape.zone),
        field_block(VIA, "How it came", select(VIA, vias, initial=said.via)),
        field_block(
            ASKED_BY,
            "Who asked",
            text_input(ASKED_BY, initial=said.asked_by, max_length=PERSON_NAME),
            hint="Only if it matters.",
            optional=True,
        ),
        field_block(ASKED, "What was asked", _words(ASKED, said.text, LONGEST_ASKED)),
        field_block(ANSWER, "What was answered", _words(ANSWER, said.answer, LONGEST_ANSWER), optional=optional),
        *keep_blocks(keeping, keep, NOTING, ids.QUESTION_KEEP),
    ]
    blocks = drafts.drafted(blocks, (), turn)
    metadata = ids.reference(keeping.program.id)
    return modal(ids.QUESTION_LOG_FORM, "Note a question", blocks, submit="Note it", close="Not now", metadata=metadata)


def note_about(view: Payload) -> About:
    """What is being written in a form that notes a question. Raises Unreadable."""
    program_id, _, _ = about(view)
    if program_id is None:
        raise ids.Unreadable
    return About("note", program_id)


@ids.reading()
def read_note(view: Payload) -> Draft:
    """A question as it was noted."""
    typed = Typed(view)
    via: Via = next((one for one in VIAS if one == typed.choice(VIA)), "email")
    return Draft(typed.words(ASKED), typed.words(ANSWER), via, typed.words(ASKED_BY))


def noted(logged: Logged) -> Block:
    """It is noted."""
    words = "Noted. It counts among the questions of the program."
    return modal(ids.QUESTION_LOG_FORM, "Noted", [section(words), *_kept(logged.kept)])


def page(found: Queue, now: datetime) -> Block:
    """Everything that waits for a person, as a modal, with the way to the next page."""
    program = found.program
    metadata = ids.reference(program.id, str(found.start))
    if not found.questions:
        words = "Nobody waits. Everybody has an answer."
        return modal(ids.QUESTION_PAGE, "Open questions", [section(words)], metadata=metadata)
    blocks = [section(f"*{counted(found.total, 'open question')}*, the longest waiting first")]
    blocks += [waiting(one, program, found.zone, now) for one in found.questions]
    after, turns = found.start + len(found.questions), []
    if found.start:
        turns.append(button("The first ones", ids.QUESTION_LIST, ids.reference(program.id)))
    if after < found.total:
        turns.append(button("The next ones", ids.QUESTION_LIST, ids.reference(program.id, str(after))))
    blocks += [actions(*turns)] if turns else []
    return modal(ids.QUESTION_PAGE, "Open questions", distinct(blocks), metadata=metadata)


def waiting(one: OpenQuestion, program: Program, zone: str | None, now: datetime) -> Block:
    """A question that waits, with whose it is, how long, until when, and the button to answer it."""
    value = ids.reference(program.id, str(one.id))
    label = clip(f"Answer {one.asker_name}", BUTTON)
    press = button("Answer", ids.QUESTION_ANSWER, value, style="primary", label=label)
    owner = f" · {mention(one.owner_user)} looks after it" if one.owner_user else ""
    due = _promise(one, program, zone, now)
    who = mention(one.asker) if one.asker else esc(one.asker_name)
    words = f">{clip(esc(' '.join(one.text.split())), NOTE)}\n{who}, {ago(one.asked_at, now)}{owner} · {due}"
    return section(words, accessory=press)


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


def gone_errors(view: Payload) -> dict[str, str]:
    """Under the field, when the question was taken back meanwhile: what was written stays in view."""
    words = "The question was taken back meanwhile, so nobody waits for this. Copy your words if you need them."
    return {_block(view): words}


def refused_errors(outcome: NotAllowed, view: Payload) -> dict[str, str]:
    """The same refusal as `refusal` under the field, in plain words, so that what was written stays in view."""
    names = " or ".join(one.name for one in outcome.facilitators) or "the facilitators"
    return {_block(view): f"Only the facilitators can answer. Copy your words and give them to {names}."}


def refusal(outcome: NotAllowed) -> str:
    """Who can answer instead."""
    if outcome.program is None:
        return refusals.no_program()
    return refusals.only_facilitators(outcome.program, outcome.facilitators, "answer questions")


def _promise(one: OpenQuestion, program: Program, zone: str | None, now: datetime) -> str:
    """By when a question is answered, as its asker was told; since when it waits, where nobody has told them."""
    if not one.promised:
        return f"waits since {moment(one.handed_at, program, zone)}"
    promised = "was promised for" if one.due_at < now else "promised by"
    return f"{promised} {moment(one.due_at, program, zone)}"


def _block(view: Payload) -> str:
    return AGAIN if AGAIN in Typed(view) else ANSWER


def _where(place: Where) -> str:
    return f"in <#{place.channel}>" if place.place == "channel" else "privately"


def _readers(shape: Form) -> str:
    if shape.reply.where.place == "channel":
        return f"{esc(shape.asker_name)}, and everybody in <#{shape.reply.where.channel}>: it goes into the thread."
    return f"only {esc(shape.asker_name)}, by direct message; the facilitators see it, too."


def _again(shape: Form, words: str, keep: Keep | None, turn: int) -> Block:
    first = shape.reply.answers[0]
    kept = " Your words are below; nothing of them is lost." if words else ""
    blocks = [
        section(f"*{esc(first.by)} has answered this already.*{kept}\n{quote(_gist(first), QUOTED)}"),
        section(f"{esc(shape.asker_name)} asked:\n{quote(shape.reply.text, QUOTED)}"),
        section(f"*Who reads this:* {_readers(shape)}"),
        *drafts.keeps(shape.kept, shape.program, shape.zone),
        _field(AGAIN, "Your answer, to be sent as well", words, keep),
        *_next_time(shape, keep),
    ]
    return _modal(shape, blocks, "Send as well", AS_WELL, turn)


def _next_time(shape: Form, keep: Keep | None) -> list[Block]:
    if shape.keeping is None:
        return []
    return keep_blocks(shape.keeping, keep or shape.keeping.keep, SENDING, ids.QUESTION_KEEP)


def _kept(kept: Kept | None) -> list[Block]:
    return [section(kept_words(kept))] if kept is not None else []


def _worded(reply: Reply, answer: Answered) -> Translation:
    """The entry that somebody has answered with, in the language of the question."""
    assert answer.entry is not None
    return reply.programs[0].wording(answer.entry, reply.language)


def _gist(answer: Answered) -> str:
    """What somebody answered, in plain words: their own, or the question of the entry that they sent."""
    if answer.text:
        return answer.text
    return f"“{answer.entry.question}”" if answer.entry is not None else "An answer that was taken out since."


def _modal(shape: Form, blocks: list[Block], submit: str, how: str = "", turn: int = 0) -> Block:
    key = f"{shape.reply.question_id}/{how}" if how else str(shape.reply.question_id)
    metadata = ids.reference(shape.program.id, key)
    blocks = drafts.drafted(blocks, (ANSWER, AGAIN), turn)
    return modal(ids.QUESTION_FORM, "Answer a question", blocks, submit=submit, metadata=metadata, tells_closing=True)


def _field(block_id: str, label: str, words: str, keep: Keep | None) -> Block:
    element = _words(ANSWER, words, LONGEST_ANSWER)
    if keep is not None and keep.how == "phrasing":
        return field_block(block_id, "Your own words, if you like", element, hint=BEFORE, optional=True)
    return field_block(block_id, label, element)


def _words(action_id: str, words: str, most: int) -> Block:
    return text_input(action_id, multiline=True, initial=words, max_length=most)
