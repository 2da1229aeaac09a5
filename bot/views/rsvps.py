"""Whether people come to a date: the two buttons, what a press is answered, who comes, and what they are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.domain.messages import Block, Message
from bot.domain.moves import When
from bot.domain.programs import Event, Program
from bot.domain.rsvps import (
    Answers,
    Cancelled,
    Coming,
    HasMoved,
    NoProgram,
    Noted,
    NotIn,
    NotTheirs,
    Over,
    Pressed,
    Tally,
    Told,
    Unknown,
    asked,
)
from bot.views import ids, refusals, words
from bot.views.blocks import SECTION, actions, button, clip, context, counted, distinct, esc, marked, modal, section
from bot.views.times import span
from bot.views.words import Words

STAMP = "%Y%m%dT%H%MZ"
"""How a button says when its date is to begin, in UTC."""
MOST_TOLD = 10
NAMES = 2800


# The buttons


def buttons(event: Event, program: Program) -> list[Block]:
    """*I'm coming* and *I can't come*, where those who take part are asked; the same for everybody who reads them."""
    if not asked(event):
        return []
    said = words.of(program.language)
    value = ids.reference(program.id, f"{event.key}/{event.starts_at.astimezone(UTC):{STAMP}}")
    each = ((said.coming, ids.RSVP_COMING), (said.not_coming, ids.RSVP_NOT_COMING))
    return [button(label, action, value, label=f"{label}: {event.title}") for label, action in each]


def readers(event: Event, program: Program) -> list[Block]:
    """Who reads what is answered: it stands below the buttons."""
    return [context(words.of(program.language).readers_of_answer)] if asked(event) else []


@ids.reading()
def read(value: str, pressed: str) -> tuple[int | None, str, datetime | None, datetime]:
    """The program, the date, when it was to begin if the button says so, and the moment of the press, by Slack's ts."""
    program_id, name = ids.referred(value)
    key, _, stamp = name.partition("/")
    seen = datetime.strptime(stamp, STAMP).replace(tzinfo=UTC) if stamp else None
    return program_id, key, seen, moment_of(pressed)


def moment_of(ts: str) -> datetime:
    """A Slack timestamp, `1602511200.000100`. Raises ValueError for anything else."""
    seconds, _, rest = ts.partition(".")
    if not (ts.isascii() and seconds.isdigit() and len(seconds) < 11 and (rest.isdigit() or not rest)):
        raise ValueError("not a timestamp")
    return datetime.fromtimestamp(int(seconds), UTC).replace(microsecond=int(rest[:6].ljust(6, "0")))


# Beside a date


def mine(event: Event, answers: Answers, program: Program) -> str:
    """What its reader has said of a date; empty where they have said nothing, or are not asked."""
    if event.key not in answers.mine or not asked(event):
        return ""
    said = words.of(program.language)
    return said.you_come if answers.mine[event.key] else said.you_do_not_come


def counts(event: Event, answers: Answers) -> str:
    """How many have said what of a date, for those who run the program: 7 coming, 2 can't; empty while nobody has."""
    return tally(answers.tallies.get(event.key, Tally())) if asked(event) else ""


def tally(found: Tally) -> str:
    """7 coming, 2 can't; and how many of them said so before it moved."""
    if not found.coming and not found.not_coming:
        return ""
    others = f", {found.not_coming} can't" if found.not_coming else ""
    earlier = f" ({found.earlier} said so before it moved)" if found.earlier else ""
    return f"{found.coming} coming{others}{earlier}"


def who_button(event: Event, program: Program) -> list[Block]:
    """The button behind which the names are."""
    if not asked(event):
        return []
    value = ids.reference(program.id, event.key)
    return [button("Who is coming", ids.RSVP_WHO, value, label=f"Who is coming: {event.title}")]


def who(found: Coming, zone: str | None) -> Block:
    """Everybody by name, for the facilitators."""
    event, program = found.event, found.program
    head = f"*{_title(event.title, event.sample)}*\n{span(event.starts_at, event.ends_at, program, zone)}"
    coming = [_name(one.name, one.earlier) for one in found.answers if one.coming]
    others = [_name(one.name, one.earlier) for one in found.answers if not one.coming]
    blocks = [section(head)]
    for title, names in (("Coming", coming), ("Can't come", others), ("Nothing yet from", [*map(esc, found.silent)])):
        if names:
            blocks.append(section(f"*{title}: {len(names)}*\n{clip(', '.join(names), NAMES)}"))
    if not found.answers:
        blocks.insert(1, section("Nobody has said yet whether they come. Missing is not declining."))
    blocks.append(context("Only the facilitators see these names; admins see how many there are."))
    return modal(ids.RSVP_WINDOW, "Who is coming", distinct(blocks))


def not_theirs(found: NotTheirs) -> str:
    """Who sees it; mrkdwn."""
    return refusals.only_facilitators(found.program, found.facilitators, "see who is coming")


def _name(name: str, earlier: bool) -> str:
    return f"{esc(name)} (said so before it moved)" if earlier else esc(name)


# What a press is answered


def pressed(outcome: Pressed, zone: str | None) -> Message:
    """A kind short word for whoever pressed alone."""
    match outcome:
        case NoProgram():
            return _only(refusals.too_old())
        case NotIn():
            return _only(_not_in(outcome))
        case Unknown(language=language):
            return _only(words.of(language).date_gone)
        case Noted(program, event, coming, language):
            said = words.of(language)
            return _only(_of(said.noted_coming if coming else said.noted_not_coming, event, program, zone, said))
        case HasMoved(program, event, language):
            said = words.of(language)
            text = _of(said.date_moved, event, program, zone, said)
            return Message(text, [section(text), actions(*buttons(event, program)), *readers(event, program)])
        case Over(program, event, language):
            said = words.of(language)
            return _only(_of(said.date_over, event, program, zone, said))
        case Cancelled(program, event, language):
            said = words.of(language)
            return _only(_of(said.date_cancelled, event, program, zone, said))


def window(message: Message) -> Block:
    """The same as a modal, where nothing else can be said to one person alone."""
    return modal(ids.RSVP_WINDOW, "Convene", distinct(message.blocks))


def _not_in(found: NotIn) -> str:
    said, program = words.of(found.language), found.program
    text = said.not_confirmed if found.pending else said.has_left if found.left else said.not_taking_part
    names = refusals.named(found.facilitators) if found.pending else ""
    return text.format(program=esc(program.name), contact=names or refusals.contact(program, said))


def _of(text: str, event: Event, program: Program, zone: str | None, said: Words) -> str:
    when = span(event.starts_at, event.ends_at, program, zone, said)
    return text.format(title=f"“{_title(event.title, event.sample, said)}”", when=when)


def _only(text: str) -> Message:
    return Message(text, [section(text)])


def _title(title: str, sample: bool, said: Words = words.ENGLISH) -> str:
    return marked(esc(title), sample, said.sample)


# What those who come are told


def told(changes: Sequence[Told], program: Program, language: str, zone: str | None) -> Message:
    """One message to somebody who comes, about everything of theirs that has changed; what moved is asked again."""
    said = words.of(language)
    blocks: list[Block] = []
    texts = []
    for one in changes[:MOST_TOLD]:
        text = _told(one, program, zone, said)
        texts.append(text)
        blocks.append(section(clip(text, SECTION)))
        if one.event is not None and asked(one.event):
            blocks.append(actions(*buttons(one.event, program)))
    left = len(changes) - MOST_TOLD
    if left > 0:
        blocks.append(context(said.more_told.format(number=left)))
    if any(one.event is not None and asked(one.event) for one in changes):
        blocks.append(context(said.readers_of_answer))
    return Message(clip("\n".join(texts), SECTION), distinct(blocks))


def _told(one: Told, program: Program, zone: str | None, said: Words) -> str:
    title = f"*{_title(one.title, one.sample, said)}*"
    contact = refusals.contact(program, said)
    before = _when(one.knew, program, zone, said)
    if one.event is None:
        return said.told_cancelled.format(title=title, before=before, contact=contact)
    when = span(one.event.starts_at, one.event.ends_at, program, zone, said)
    if one.knew is None:
        return said.told_again.format(title=title, when=when)
    return said.told_moved.format(title=title, when=when, before=before)


def _when(when: When | None, program: Program, zone: str | None, said: Words) -> str:
    return span(when.starts_at, when.ends_at, program, zone, said) if when is not None else ""


def people(number: int) -> list[str]:
    """What follows for those who come: how many they are; nothing where nobody does."""
    one, several = (
        "person said that they are coming: they get a message.",
        "people said that they are coming: each gets",
    )
    return [counted(number, one, f"{several} a message.")] if number else []
