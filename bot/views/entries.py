"""Entries that are looked after: what is said of one in doubt or whose time is up, and who may see to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from bot.domain.entries import LONGEST_LINE, Care, Done, Doubt, Offer
from bot.domain.messages import Block, Message
from bot.domain.people import NotAllowed
from bot.domain.programs import Entry, Program
from bot.views import ids, living, refusals
from bot.views.blocks import OPTION, actions, button, clip, context, counted, distinct, esc, modal, section
from bot.views.quiet import NOTHING, PutOffBlocks
from bot.views.times import date_words, day_words

QUOTED = 600
MOST_ASKED = 5
MOST_LINES = 4
MOST_IN_PAGE = 12
"""Of each kind; each takes two blocks."""
View = Mapping[str, Any]


def doubted(found: Doubt, program: Program, now: datetime) -> Message:
    """An answer that did not help several people, for the facilitators."""
    head = f"An answer did not help {counted(found.people, 'person', 'people')}: {found.entry.question}"
    blocks = [
        section(
            f"*An answer did not help {counted(found.people, 'person', 'people')}*\n"
            f"{quoted(found.entry)}\n{_answer(found.entry, program, now)}"
        )
    ]
    blocks += [section(words) for words in [_asked(found)] if words]
    buttons = (change_button(program, found.entry, primary=True), _fine(program, found.entry))
    return Message(esc(clip(head, 300)), [*blocks, actions(*buttons)])


def lapsed(entry: Entry, program: Program, now: datetime, later: PutOffBlocks = NOTHING) -> Message:
    """An answer whose time is up, for whoever looks after it; `later` is how it is put off, or that it was."""
    blocks = [
        section(f"*Is this still right?*\n{quoted(entry)}\n{_answer(entry, program, now)}"),
        actions(_still(program, entry, primary=True), change_button(program, entry), *later.elements),
        context(_lapse(entry)),
        *later.lines,
    ]
    return Message(f"Is this still right? {esc(clip(entry.question, 250))}", blocks)


def settled(done: Done, by: str) -> Message:
    """What has become of it."""
    said = f"{_deed(done, esc(by))} {quoted(done.entry)}"
    return Message(said, [section(said)])


def care_page(program: Program, found: Care) -> Block:
    """Everything in a program's answers that needs somebody, as a modal."""
    blocks = list(care_blocks(program, found, MOST_IN_PAGE))
    if not blocks:
        blocks = [section("Nothing needs you here: no answer is in doubt, and none has had its time.")]
    return modal(ids.ENTRY_PAGE, "Answers to look at", distinct(blocks))


def care_blocks(program: Program, found: Care, most: int) -> Iterator[Block]:
    """The same for a Home: `most` of each kind."""
    if found.doubts:
        yield section("*Answers that did not help*")
    for doubt in found.doubts[:most]:
        words = f"{quoted(doubt.entry)}\n{counted(doubt.people, 'person', 'people')} said so."
        yield section("\n".join([words, *([_asked(doubt)] if _asked(doubt) else [])]))
        yield actions(change_button(program, doubt.entry), _fine(program, doubt.entry))
    yield from _left_out(len(found.doubts) - most, program)
    if found.lapsed:
        yield section("*Still right?*")
    for entry in found.lapsed[:most]:
        yield section(f"{quoted(entry)}\n{_lapse(entry)}")
        yield actions(_still(program, entry), change_button(program, entry))
    yield from _left_out(len(found.lapsed) - most, program)
    if found.offers:
        yield section("*How people ask*\nI was not sure what they meant. Shall I know it next time?")
    for offer in found.offers[:most]:
        yield section(f">{esc(clip(offer.text, LONGEST_LINE))}\nThey chose {quoted(offer.entry)}")
        yield actions(*_offered(program, offer))
    yield from _left_out(len(found.offers) - most, program)


def care_lines(found: Care) -> list[str]:
    """The same for a digest: a line for each of a few answers, how many wordings wait; no word that people wrote."""
    lines = [
        *(f"{quoted(one.entry, 80)} did not help {counted(one.people, 'person', 'people')}" for one in found.doubts),
        *(f"{quoted(one, 80)} was right until {day_words(_until(one))}" for one in found.lapsed),
    ]
    left = len(lines) - MOST_LINES
    wordings = counted(len(found.offers), "way of asking waits", "ways of asking wait")
    return [
        *lines[:MOST_LINES],
        *([f"and {left} more"] if left > 0 else []),
        *([f"{wordings} for your yes"] if found.offers else []),
    ]


def refusal(outcome: NotAllowed) -> str:
    """Who may look after the answers."""
    if outcome.program is None:
        return refusals.no_program()
    return refusals.only_facilitators(outcome.program, outcome.facilitators, "save and change answers")


def refused_errors(outcome: NotAllowed, view: View) -> dict[str, str]:
    """The same where the words that were typed stay in view."""
    if outcome.program is None:
        return refusals.under_first_field(None, view)
    who = refusals.helper(outcome.program, outcome.facilitators)
    words = f"Only the facilitators of {outcome.program.name} can save and change answers: ask {who}."
    return refusals.under_first_field(words, view)


def gone_errors(view: View) -> dict[str, str]:
    """What was to be changed or answered was taken out meanwhile."""
    return refusals.under_first_field("This was taken out of the program meanwhile.", view)


def quoted(entry: Entry, most: int = 150) -> str:
    """An entry's question, in mrkdwn."""
    return f"“{esc(clip(entry.question, most))}”"


def change_button(program: Program, entry: Entry, *, primary: bool = False) -> Block:
    """*Change it…*, wherever an entry is shown."""
    value = ids.reference(program.id, entry.key)
    label = clip(f"Change it: {entry.question}", OPTION)
    return button("Change it…", ids.ENTRY_EDIT, value, style="primary" if primary else None, label=label)


def _lapse(entry: Entry) -> str:
    assert entry.verified is not None
    return f"{esc(entry.verified.by)} said on {date_words(entry.verified.on)}: right until {date_words(_until(entry))}."


def _until(entry: Entry) -> date:
    assert entry.verified is not None
    assert entry.verified.until is not None
    return entry.verified.until


def _asked(found: Doubt) -> str:
    """What led to it, as far as facilitators may read that."""
    lines = [f"• {esc(clip(' '.join(one.split()), LONGEST_LINE))}" for one in found.asked[:MOST_ASKED]]
    more = len(found.asked) - len(lines)
    if more > 0:
        lines.append(f"• and {more} more")
    if found.private:
        alone = counted(found.private, "question", "questions")
        lines.append(
            f"• {alone} that somebody asked me alone: nobody else reads {'it' if found.private == 1 else 'them'}"
        )
    return "\n".join(["They had asked:", *lines]) if lines else ""


def _answer(entry: Entry, program: Program, now: datetime) -> str:
    said = living.rich(entry.answer, program, now)
    return "\n".join(f"> {line}" for line in clip(said, QUOTED).splitlines())


def _deed(done: Done, by: str) -> str:
    match done.what:
        case "edited":
            return f"{by} has changed this:"
        case "renewed":
            verified = done.entry.verified
            until = f", until {date_words(verified.until)}" if verified is not None and verified.until else ""
            return f"{by} says that this is still right{until}:"
        case "fine":
            return f"{by} says that this is fine as it is:"


def _fine(program: Program, entry: Entry) -> Block:
    value = ids.reference(program.id, entry.key)
    return button("It is fine", ids.ENTRY_FINE, value, label=clip(f"It is fine: {entry.question}", OPTION))


def _still(program: Program, entry: Entry, *, primary: bool = False) -> Block:
    value = ids.reference(program.id, entry.key)
    label = clip(f"Still right: {entry.question}", OPTION)
    return button("Still right", ids.ENTRY_STILL, value, style="primary" if primary else None, label=label)


def _offered(program: Program, offer: Offer) -> tuple[Block, Block]:
    value = ids.reference(program.id, str(offer.question_id))
    yes, no = (clip(f"{word}: {offer.text}", OPTION) for word in ("Add as a way to ask", "No"))
    return (
        button("Add as a way to ask", ids.ENTRY_PHRASING, value, label=yes),
        button("No", ids.ENTRY_LEAVE, value, label=no),
    )


def _left_out(count: int, program: Program) -> list[Block]:
    if count <= 0:
        return []
    see = button("See all", ids.ENTRY_CARE, ids.reference(program.id))
    return [section(f"and {count} more", accessory=see)]
