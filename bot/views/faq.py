"""What is said to a question: the answer with its source, what may be meant, or who knows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import get_args

from bot.domain import faq
from bot.domain.chatter import Wish
from bot.domain.documents import Passage
from bot.domain.drafts import About, Kept
from bot.domain.messages import Block, Message, Payload
from bot.domain.people import Viewer
from bot.domain.programs import Entry, Event, Program, Resource, Translation, next_events
from bot.domain.questions import Examples, Help, Nobody, NoProgram, Reply, TooLong
from bot.views import dialogues, documents, drafts, ids, living, refusals, sources, words
from bot.views.blocks import (
    BUTTON,
    SECTION,
    Style,
    actions,
    button,
    clip,
    context,
    divider,
    esc,
    field_block,
    link,
    marked,
    mention,
    modal,
    paragraphs,
    quote,
    section,
    text_input,
)
from bot.views.forms import Typed
from bot.views.times import moment, span
from bot.views.welcome import event_line
from bot.views.words import Words

QUESTION = "faq.question"
QUOTED = 280
ROOM = SECTION * 3 // 2
"""Characters of an answer with all that is filled in, so that two of them fit into one message; three have less."""


def message(reply: Reply, now: datetime) -> Message:
    """What is said to a question where it was asked."""
    asked = words.of(reply.language).you_asked.format(question=esc(clip(reply.text, QUOTED)))
    head = [context(asked)] if reply.where.place == "private" else []
    return Message(clip(esc(plain(reply, now)), SECTION), [*head, *_blocks(reply, now)])


def window(reply: Reply, now: datetime) -> Block:
    """The same in a modal."""
    said = words.of(reply.language)
    blocks = [section(quote(reply.text, QUOTED)), *_blocks(reply, now)]
    return modal(ids.FAQ_WINDOW, said.window, blocks, close=said.close)


def answer_of(reply: Reply, entry: Entry, now: datetime) -> list[Block]:
    """An entry with its source, as the answer that a person has chosen for a question."""
    return _answer(replace(reply, entry=entry), now)


def shared(reply: Reply, now: datetime) -> Message:
    """A private answer as its asker shows it to a channel: the question first, and nobody's own time."""
    reply, said = replace(reply, zone=None), words.of(reply.language)
    head = section(f"{said.asked.format(who=mention(reply.asker))}\n{quote(reply.text, QUOTED)}")
    fallback = said.question_and_answer.format(answer=esc(plain(reply, now)))
    return Message(clip(fallback, SECTION), [head, *(_quotation(reply) or _answers(reply, now)), *_unanswered(reply)])


def plain(reply: Reply, now: datetime) -> str:
    """All of it as plain words, for a terminal and for notifications."""
    if reply.outcome == "answered" and reply.entry is not None:
        told = ["\n".join(_answer_words(reply, one, now)) for one in (reply.entry, *reply.also)]
        return "\n\n".join([*told, *_unanswered_words(reply)])
    if reply.outcome == "quoted" and reply.passage is not None:
        return "\n".join(_quotation_words(reply, reply.passage))
    if reply.outcome == "suggested":
        if (which := _asked_back(reply)) is not None:
            return which
        asked = (f"- {_worded(reply, entry).question}" for entry in reply.suggestions)
        return "\n".join((words.of(reply.language).did_you_mean, *asked))
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
    return _too_long(found, refusals.contact(found.program, words.of(found.language)))


def too_long_words(found: TooLong) -> str:
    """The same as plain words."""
    return _too_long(found, refusals.contact_plainly(found.program, words.of(found.language)))


def nobody(found: Nobody) -> str:
    """There is no facilitator in Slack yet."""
    said = words.of(found.language)
    contact = refusals.contact(found.program, said)
    return said.nobody.format(program=esc(found.program.name), contact=contact)


def not_yours() -> str:
    """The button of somebody else's private reply, or of one that is gone."""
    return f"That question is no longer here. Ask it again with {ids.ASK}, or write it to me directly."


def not_in_channel(channel: str, language: str) -> str:
    """The bot cannot post where the answer is to be shared."""
    return words.of(language).not_in_channel.format(channel=f"<#{channel}>")


def cannot_share(language: str, reserved: bool = False) -> str:
    """There is no channel here, or one in which not everybody may be told (`reserved`)."""
    said = words.of(language)
    return said.is_reserved if reserved else said.cannot_share


def passed_on(reply: Reply) -> Message:
    """Who answers, and by when: for whoever handed over a question that stands in a channel."""
    return Message(esc(_passed_on(reply)), [context(esc(_passed_on(reply)))])


def thanks(helpful: bool, reply: Reply) -> Message:
    """A vote is kept; who was not helped is shown the way to a person."""
    said = words.of(reply.language)
    if helpful:
        return Message(said.noted, [context(said.noted)])
    return Message(said.person_instead, [section(said.person_instead), actions(*_hand_over(reply))])


def form(
    program: Program | None,
    program_id: int,
    language: str,
    kept: Kept | None = None,
    zone: str | None = None,
    turn: int = 0,
) -> Block:
    """The form in which to ask, for those who cannot type commands; `turn` is as in `views.drafts.drafted`.

    What was begun without it and not asked is `kept`.
    """
    said = words.of(language)
    begun = drafts.words_in(kept).get(QUESTION, "") if kept is not None else ""
    field = text_input(QUESTION, multiline=True, initial=begun, max_length=faq.LONGEST, placeholder=said.form_hint)
    blocks = [section(said.form.format(program=esc(program.name) if program is not None else said.form_program))]
    if program is not None:
        blocks += [dialogues.instead(program.id, said.language), *drafts.stands(kept, program, zone)]
    blocks = drafts.drafted([*blocks, field_block(QUESTION, said.window, field)], (), turn)
    metadata = ids.reference(program_id, said.language)
    return modal(ids.FAQ_FORM, said.ask, blocks, submit=said.form_button, close=said.close, metadata=metadata)


def spoken(language: str) -> str:
    """The language in which a form is there."""
    return words.of(language).language


def draft_about(view: Payload) -> About:
    """What is being written in a form. Raises Unreadable."""
    program_id, language = ids.referred(str(view.get("private_metadata") or ""))
    if not program_id:
        raise ids.Unreadable
    return About("question", program_id, language)


@ids.reading()
def read(view: Payload) -> str:
    """What was typed into the form."""
    return Typed(view).words(QUESTION)


def errors(found: Examples) -> dict[str, str]:
    """Under the field, when there was no question in it."""
    said = words.of(found.language)
    like = f" {said.for_example} {found.questions[0]}" if found.questions else ""
    return {QUESTION: said.form_empty + like}


def wrong(found: Examples | TooLong | NoProgram) -> dict[str, str]:
    """A sentence for the field, for any question that cannot be asked."""
    match found:
        case Examples():
            return errors(found)
        case TooLong():
            return {QUESTION: too_long_words(found)}
        case NoProgram():
            return {QUESTION: refusals.no_program()}


WISHES: dict[str, Wish] = {wish: wish for wish in get_args(Wish)}
OPENERS: dict[Wish, str] = {
    "reflection": ids.REFLECTION_OPEN,
    "checkin": ids.CHECKIN_OPEN,
    "dates": ids.DATES_OPEN,
    "homework": ids.HOMEWORK_OPEN,
    "settings": ids.SWITCHBOARD_OPEN,
}


def opener(wish: Wish, viewer: Viewer, language: str) -> Message:
    """A button for what somebody asked for in a word; for *help*, all that concerns them."""
    said = words.of(language)
    program_id = viewer.program.id if viewer.program is not None else 0
    value = ids.reference(program_id)
    if wish not in ("help", "menu"):
        opening = said.openings[wish]
        press = button(opening.button, OPENERS[wish], value, style="primary")
        return Message(
            f"{opening.words} {opening.button}", [section(opening.words), actions(press, *_instead(wish, viewer))]
        )
    ask = button(said.ask, ids.ASK_OPEN, ids.reference(program_id, said.language), style="primary")
    buttons = [ask, _open("dates", value, said)]
    if viewer.has("participant"):
        buttons += [_open("homework", value, said), _open("reflection", value, said)]
    if viewer.has("participant", "coach"):
        buttons.append(_open("checkin", value, said))
    about = said.help_about.format(program=esc(viewer.program.name)) if viewer.program is not None else said.help
    return Message(about, [section(about), actions(*buttons)])


def _instead(wish: Wish, viewer: Viewer) -> list[Block]:
    """To those who may write it: the way to do so without a form."""
    if viewer.program is None:
        return []
    if wish == "reflection" and viewer.has("participant"):
        return [dialogues.begin_button(About("reflection", viewer.program.id))]
    if wish == "checkin" and viewer.has("participant", "coach"):
        return [dialogues.begin_button(About("checkin", viewer.program.id))]
    return []


def welcome(language: str) -> Message:
    """A thank-you is answered in three words, in a direct message only."""
    return Message(words.of(language).welcome)


def wordless(language: str) -> Message:
    """A message without a word in it, in a direct message only."""
    return Message(words.of(language).wordless)


def _example_message(found: Examples, before: str) -> Message:
    said = esc("\n".join(_example_lines(found, before)))
    return Message(said, [section(said)])


def _example_lines(found: Examples, before: str) -> list[str]:
    said = words.of(found.language)
    first = said.ask_anything.format(program=found.program.name)
    questions = [f"• {before}{question}" for question in found.questions]
    return [f"{first} {said.for_example}", *questions] if questions else [first]


def _too_long(found: TooLong, contact: str) -> str:
    said = words.of(found.language)
    return said.too_long.format(length=found.length, most=faq.LONGEST, contact=contact)


def _open(wish: Wish, value: str, said: Words) -> Block:
    return button(said.openings[wish].button, OPENERS[wish], value)


def _blocks(reply: Reply, now: datetime) -> list[Block]:
    if reply.outcome == "answered" and reply.entry is not None:
        return [*_answers(reply, now), *_unanswered(reply), *_after_answer(reply)]
    if reply.outcome == "quoted" and reply.passage is not None:
        return [*_quotation(reply), *_after_answer(reply)]
    if reply.outcome == "suggested":
        return _suggestions(reply)
    return _declined(reply, now)


def _answers(reply: Reply, now: datetime) -> list[Block]:
    """What answers, and what answers a second question, each with its source."""
    more = (block for entry in reply.also for block in (divider(), *answer_of(reply, entry, now)))
    return [*_answer(reply, now), *more]


def _unanswered(reply: Reply) -> list[Block]:
    """What was asked besides and nothing answers."""
    return [section(esc(line)) for line in _unanswered_words(reply)[:1]]


def _unanswered_words(reply: Reply) -> list[str]:
    """The same as plain words, and who answers it where a person does."""
    if not reply.unanswered:
        return []
    said = words.of(reply.language)
    questions = " ".join(said.named.format(question=clip(one, QUOTED)) for one in reply.unanswered)
    passed_on = [_passed_on(reply)] if reply.handed is not None else []
    return [clip(said.also_asked.format(questions=questions), SECTION // 2), *passed_on]


def _answer(reply: Reply, now: datetime) -> list[Block]:
    entry, program, said = reply.entry, reply.program, words.of(reply.language)
    assert entry is not None
    assert program is not None
    told = program.wording(entry, reply.language)
    blocks = [context(note)] if (note := _not_translated(told, said)) else []
    answer = living.rich(told.answer, program, now, reply.zone, said)
    room = ROOM if len(reply.also) < 2 else ROOM * 2 // (1 + len(reply.also))
    blocks += [section(f"*{esc(told.question)}*"), *paragraphs(clip(answer, room))]
    beside = [_beside(one, program, reply, now) for one in program.beside(entry)]
    if beside:
        blocks.append(section(clip("\n".join(f"• {one}" for one in beside) if beside[1:] else beside[0], SECTION)))
    return [*blocks, context(sources.line(entry, program, now, said))]


def _quotation(reply: Reply) -> list[Block]:
    """A passage word for word, and where it stands; nothing where none is quoted."""
    passage, program, said = reply.passage, reply.program, words.of(reply.language)
    if reply.outcome != "quoted" or passage is None or program is None:
        return []
    title = f"*{esc(passage.document.title)}*"
    source = f"{esc(documents.source(passage, said))} · {esc(program.name)}"
    return [section(said.quoted.format(title=title)), section(quote(passage.text)), context(source)]


def _quotation_words(reply: Reply, passage: Passage) -> Sequence[str]:
    said = words.of(reply.language)
    return [said.quoted.format(title=passage.document.title), passage.text, documents.source(passage, said)]


def _after_answer(reply: Reply) -> list[Block]:
    if reply.handed is not None:
        return [context(esc(_passed_on(reply)))]
    value, said = _value(reply), words.of(reply.language)
    if reply.helpful is False and reply.where.place != "channel":
        return [section(said.person_instead), actions(*_hand_over(reply))]
    buttons: list[Block] = []
    if reply.where.place == "private" and reply.where.channel[:1] in ("C", "G") and not reply.reserved:
        buttons += [] if reply.shared else [button(said.share, ids.FAQ_SHARE, value)]
    notes = [said.is_shared] if reply.shared else []
    if reply.helpful is None or reply.where.place == "channel":
        buttons.append(button(said.helpful, ids.FAQ_HELPFUL, value))
        buttons.append(button(said.not_helpful, ids.FAQ_NOT_HELPFUL, value))
    else:
        notes.append(said.was_helpful)
    if reply.unanswered or (reply.outcome == "quoted" and not reply.helpful):
        # A quotation may miss the question: nobody should have to say so first.
        buttons += _hand_over(reply, style=None)
    return [*([actions(*buttons)] if buttons else []), *([context(" ".join(notes))] if notes else [])]


def _suggestions(reply: Reply) -> list[Block]:
    program_id, said = reply.program.id if reply.program is not None else 0, words.of(reply.language)
    buttons = [
        button(
            clip(_worded(reply, entry).question, BUTTON),
            _name(ids.FAQ_CHOOSE, number),
            ids.reference(program_id, f"{reply.question_id}/{entry.key}"),
        )
        for number, entry in enumerate(reply.suggestions, 1)
    ]
    otherwise = said.none_fits if len(reply.suggestions) > 1 else said.something_else
    none = button(otherwise, ids.FAQ_NONE, _value(reply))
    return [section(esc(_asked_back(reply) or said.unsure)), actions(*buttons, none)]


def _asked_back(reply: Reply) -> str | None:
    """Which of two is meant, in plain words; None when it is not between two."""
    if len(reply.suggestions) != 2:
        return None
    one, other = (_worded(reply, entry).question for entry in reply.suggestions)
    return words.of(reply.language).unsure_of_two.format(one=one, other=other)


def _declined(reply: Reply, now: datetime) -> list[Block]:
    if reply.handed is not None:
        return [section(esc(_passed_on(reply)))]
    blocks = [section(words.of(reply.language).unknown)]
    for program, help_ in _helped(reply):
        blocks.append(section("\n".join(_who_knows(reply, program, help_, now))))
    return [*blocks, *([actions(*buttons)] if (buttons := _hand_over(reply)) else [])]


def _helped(reply: Reply) -> Iterable[tuple[Program, Help]]:
    """Each program that may be meant, with who helps there; a stranger gets what is there for those who apply."""
    return zip(reply.programs, reply.helps or [Help()] * len(reply.programs), strict=True)


def _who_knows(reply: Reply, program: Program, help_: Help, now: datetime) -> list[str]:
    said = words.of(reply.language)
    names = esc(", ".join(help_.facilitators))
    lines = [_write_to(reply, esc(program.name), refusals.contact(program, said), names)]
    if (hour := _office_hour(program, help_, now)) is not None:
        lines.append(said.office_hour.format(line=event_line(hour, program, reply.zone, said)))
    return lines


def _write_to(reply: Reply, name: str, contact: str, names: str) -> str:
    """Whom to write to, and, where it could not be told which program is meant, about which."""
    said = words.of(reply.language)
    if names and len(reply.programs) == 1:
        return said.write_to_team.format(names=names, contact=contact)
    how = said.write_to_about if len(reply.programs) > 1 else said.write_to
    return how.format(program=name, contact=contact)


def _hand_over(reply: Reply, style: Style | None = "primary") -> list[Block]:
    several, said = len(reply.programs) > 1, words.of(reply.language)
    return [
        button(
            said.ask_program.format(program=program.name) if several else said.ask_person,
            _name(ids.FAQ_HAND_OVER, number),
            ids.reference(program.id, str(reply.question_id)),
            style=None if several else style,
        )
        for number, program in enumerate(reply.programs[:5], 1)
    ]


def _passed_on(reply: Reply) -> str:
    """Who answers, and by when, in plain words."""
    assert reply.handed is not None
    assert reply.program is not None
    said, owner = words.of(reply.language), reply.handed.owner
    if reply.answers:
        return said.has_answered.format(by=reply.answers[0].by)
    who = said.owner_answers.format(owner=owner) if owner else said.team_answers.format(program=reply.program.name)
    due = moment(reply.handed.due_at, reply.program, reply.zone, said)
    how = said.passed_on_thread if reply.where.place == "channel" else said.passed_on_direct
    if reply.quiet:
        how = said.passed_on_unasked
    return how.format(who=who, due=due)


def _name(action_id: str, number: int) -> str:
    return action_id if number == 1 else ids.numbered(action_id, number)


def _value(reply: Reply) -> str:
    return ids.reference(reply.program.id if reply.program is not None else 0, str(reply.question_id))


def _worded(reply: Reply, entry: Entry) -> Translation:
    """An entry in the language of the question, as far as somebody has written it in that."""
    program = reply.program
    return program.wording(entry, reply.language) if program else Translation("", entry.question, entry.answer)


def _not_translated(told: Translation, said: Words) -> str:
    """That an answer is in another language than its question; empty if it is not."""
    if told.language == said.language:
        return ""
    return said.not_translated.format(language=said.languages.get(told.language, told.language))


def _beside(one: Resource | Event, program: Program, reply: Reply, now: datetime) -> str:
    said = words.of(reply.language)
    if isinstance(one, Event):
        return marked(event_line(one, program, reply.zone, said), one.over(now), said.over)
    title = link(one.url, one.title) if one.url else esc(one.title)
    return marked(title, one.sample, said.sample)


def _office_hour(program: Program, help_: Help, now: datetime) -> Event | None:
    return next(iter(next_events(program, now, kinds=("office_hours",), audiences=help_.audiences)), None)


def _answer_words(reply: Reply, entry: Entry, now: datetime) -> Sequence[str]:
    program, said = reply.program, words.of(reply.language)
    assert program is not None
    told = program.wording(entry, reply.language)
    lines = [note] if (note := _not_translated(told, said)) else []
    lines.append(living.plain(told.answer, program, now, reply.zone, said))
    lines += [_beside_words(one, program, now, said) for one in program.beside(entry)]
    return [*lines, sources.plain(entry, program, now, said)]


def _declined_words(reply: Reply, now: datetime) -> Sequence[str]:
    if reply.handed is not None and reply.program is not None:
        return [_passed_on(reply)]
    said = words.of(reply.language)
    lines = [said.unknown]
    for program, help_ in _helped(reply):
        names = ", ".join(help_.facilitators)
        lines.append(_write_to(reply, program.name, refusals.contact_plainly(program, said), names))
        if (hour := _office_hour(program, help_, now)) is not None:
            lines.append(said.office_hour.format(line=_event_words(hour, program, said)))
    return lines


def _beside_words(one: Resource | Event, program: Program, now: datetime, said: Words) -> str:
    if isinstance(one, Event):
        return f"- {marked(_event_words(one, program, said), one.over(now), said.over)}"
    shown = one.title if one.url in (None, f"mailto:{one.title}") else f"{one.title}: {one.url}"
    return f"- {marked(shown, one.sample, said.sample)}"


def _event_words(event: Event, program: Program, said: Words) -> str:
    at = f" {marked(event.link, event.link_sample, said.sample)}" if event.link else ""
    title = marked(event.title, event.sample, said.sample)
    return f"{span(event.starts_at, event.ends_at, program, None, said)}: {title}{at}"
