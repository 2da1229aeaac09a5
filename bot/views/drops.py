"""Documents dropped into a conversation, in words: the offer, the form, what came of it, and the list of all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot.domain import documents as limits
from bot.domain.changes import Change
from bot.domain.documents import Trouble
from bot.domain.drops import (
    LONGEST_TITLE,
    Before,
    Dropped,
    Failure,
    Form,
    Gone,
    Kept,
    Listing,
    Problem,
    Wanted,
)
from bot.domain.messages import Block, Message
from bot.domain.people import NotAllowed
from bot.domain.programs import Audience, Program
from bot.views import documents, ids, refusals
from bot.views.blocks import (
    actions,
    button,
    clip,
    confirm,
    context,
    counted,
    distinct,
    esc,
    field_block,
    marked,
    modal,
    option,
    radios,
    section,
    select,
    text_input,
)
from bot.views.lines import Line

WINDOW = "drop.window"
TITLE, AUDIENCE, REPLACES = "drop:title", "drop:audience", "drop:replaces"
FIELDS = {"title": TITLE, "replaces": REPLACES}
NEW = "new"
NAME = 80
MEGABYTES = limits.MOST_BYTES // 1_000_000
MOST_PROGRAMS = 5
READERS: Mapping[Audience, str] = {
    "all": "Everybody who asks",
    "cohort": "Only those who take part",
    "applicants": "Those who think of applying, and those who run it",
}
WHO_READS: Mapping[Audience, str] = {
    "all": "everybody who asks",
    "cohort": "those who take part",
    "applicants": "those who think of applying",
}
PROBLEMS: Mapping[Problem, str] = {
    "title": "Give it a name by which people know it, like “Handbook 2021”.",
    "long title": f"Up to {LONGEST_TITLE} characters, so that it fits beside a quotation.",
    "gone": "That document was removed meanwhile. Choose another, or “Nothing, it is a new one”.",
    "full": "There are as many documents as I can keep apart. Let it replace one of them.",
}
STANDS: Mapping[str, str] = {
    "words deleted": "The words of that document are deleted. Drop the file here again to have it back.",
}
_WHY: Mapping[Trouble | Failure, tuple[str, str]] = {
    "too large": (f"it is larger than {MEGABYTES} MB", "Save a smaller copy, for example without pictures"),
    "too many pages": (f"it has more than {limits.MOST_PAGES} pages", "Save the pages that matter by themselves"),
    "too much text": (
        f"it holds more than {limits.MOST_CHARACTERS:,} characters",
        "Save the pages that matter by themselves",
    ),
    "not text": ("it is neither a PDF nor a text in UTF-8", "Save it as PDF"),
    "not a PDF": ("it is called a PDF and is none", "Save it as PDF once more"),
    "encrypted": ("it is locked with a password", "Save a copy without password and restrictions"),
    "no words": (
        "it has no text in it, only pictures of pages, as a scanner makes them",
        "Have its text recognized (OCR), or type it into a text file",
    ),
    "empty": ("it is empty", "Write something into it"),
    "corrupt": ("it is damaged", "Save it once more where it was made"),
    "slow": (f"reading it takes longer than {limits.SECONDS} seconds", "Save it once more as PDF, or as a text file"),
    "forbidden in Slack": (
        "Slack does not let me open files here",
        "Ask the workspace's admin to install me again: I need the permission `files:read`",
    ),
    "gone in Slack": ("Slack no longer has it", "Look whether it was deleted"),
    "elsewhere": ("it lies outside of Slack", "Download it, and drop the file itself"),
    "Slack": ("Slack did not give it to me for several minutes", "Try again in a while"),
}

View = Mapping[str, Any]


def offer(found: Dropped) -> Message:
    """What can be done with a file that was dropped."""
    paged = " with its page" if found.name.lower().endswith(".pdf") else ""
    said = f"I can answer questions from *{esc(clip(found.name, NAME))}*, quoting it word for word{paged}."
    several = len(found.programs) > 1
    presses = [
        button(
            f"Use it in {clip(one.name, 40)}…" if several else "Use as a source…",
            ids.DROP_USE,
            ids.reference(one.id, str(found.id)),
            style=None if several else "primary",
            label=f"Use as a source: {clip(found.name, 40)}",
        )
        for one in found.programs[:MOST_PROGRAMS]
    ]
    small = context("Nothing is read before you say so. If it is not meant for that, do nothing.")
    return Message(
        f"Use {clip(found.name, NAME)} as a source of answers?", distinct([section(said), actions(*presses), small])
    )


def form(found: Form) -> Block:
    """Name, readers, and which document it takes the place of."""
    replaced = [option(NEW_WORDS, NEW), *(option(one.title, one.key) for one in found.documents[:99])]
    fields = [
        context(f"{esc(clip(found.dropped.name, NAME))} → {esc(found.program.name)}"),
        field_block(
            TITLE,
            "What is it called?",
            text_input(TITLE, initial=found.dropped.title, max_length=LONGEST_TITLE),
            hint="This name stands under each quotation.",
        ),
        field_block(
            AUDIENCE,
            "Who may read it?",
            radios(AUDIENCE, [option(words, name) for name, words in READERS.items()], initial=found.dropped.audience),
        ),
    ]
    if found.documents:
        fields.append(
            field_block(
                REPLACES,
                "Does it replace another document?",
                select(REPLACES, replaced, initial=NEW),
                hint="The words of the one that it replaces are deleted.",
            )
        )
    about = json.dumps({"program": found.program.id, "drop": found.dropped.id})
    return modal(ids.DROP_FORM, "Source of answers", fields, submit="Use it", close="Not now", metadata=about)


NEW_WORDS = "Nothing, it is a new one"


@ids.reading()
def read(view: View) -> tuple[int, int, str, str, str | None]:
    """The program, the file, its name, who may read it, and what it replaces."""
    about, values = json.loads(view["private_metadata"]), view["state"]["values"]
    title = str(values[TITLE][TITLE].get("value") or "")
    audience = str(values[AUDIENCE][AUDIENCE]["selected_option"]["value"])
    chosen = ((values.get(REPLACES) or {}).get(REPLACES) or {}).get("selected_option") or {"value": NEW}
    replaces = None if chosen["value"] == NEW else str(chosen["value"])
    return int(about["program"]), int(about["drop"]), title, audience, replaces


def errors(problems: Mapping[str, Problem], view: View) -> dict[str, str]:
    """What is wrong, under its field; under the name where the form has no such field."""
    there = {block.get("block_id") for block in view["blocks"]}
    places = {name: FIELDS[name] if FIELDS[name] in there else TITLE for name in problems}
    return {places[name]: PROBLEMS[problem] for name, problem in problems.items()}


def wanted(found: Wanted) -> Block:
    """It is being read."""
    said = f"I read “{esc(found.title)}” now. In a moment I say where you dropped it what came of it."
    return modal(WINDOW, "Source of answers", [section(said)])


def before(found: Before) -> str:
    """It is being read already, or was."""
    title = esc(found.dropped.title)
    if found.dropped.state == "wanted":
        return f"“{title}” is being read at the moment. Where it was dropped I say what came of it."
    return (
        f"I answer from “{title}” already: {_amount(found.dropped)}. Under *Manage* → *Documents*, in my *Home* tab, "
        "it can be removed."
    )


def outcome(found: Dropped) -> Message:
    """What came of reading it."""
    title = esc(found.title)
    if found.state != "used":
        return _unread(found)
    what = f"“{title}” is a source of answers now: {_amount(found)}, for {WHO_READS[found.audience]}."
    without = ""
    if found.wordless:
        without = f"\n{counted(found.wordless, 'page')} had no words that I can read, such as pictures or scans."
    replaced = "\nThe words of the one that it replaces are deleted." if found.replaced else ""
    value = ids.reference(found.programs[0].id) if found.programs else ""
    presses = actions(
        button("Ask something about it", ids.ASK_OPEN, value),
        button("See all documents", ids.DROP_LIST, value),
    )
    return Message(what, [section(f"{what}{replaced}{without}"), presses])


def word(name: str, program: Program | None, *, runs: bool) -> Message:
    """A file alone that is of no use here, and what to do instead."""
    what = esc(clip(name, NAME))
    if runs:
        return Message(
            f"I can answer from PDF and text files. Save “{what}” as PDF and drop it here again; "
            "a list of people I take as CSV, while a program is being set up."
        )
    contact = f" To show it to a person, write to {refusals.contact(program)}." if program is not None else ""
    return Message(
        f"Thank you. I do nothing with files, so “{what}” stays between you and this conversation.{contact} "
        "If you have a question, write it in your own words."
    )


def refusal(refused: NotAllowed) -> str:
    """Who can."""
    return refusals.not_allowed(refused, "say what I answer from")


def gone(found: Gone) -> str:
    """The file or the document is not known any more."""
    if found.program is None:
        return refusals.no_program()
    return "That document is no longer there. Under *Manage* → *Documents*, in my *Home* tab, you see those that are."


def listing(found: Listing) -> Block:
    """All documents of a program, each with its button."""
    program = found.viewer.of_program
    blocks: list[Block] = []
    if found.removed:
        said = f"“{esc(found.removed)}” is removed. Nothing is quoted from it any more, and its words are deleted."
        blocks.append(section(said))
    blocks.append(section(f"*What I answer from in {esc(program.name)}*" if found.documents else NONE))
    blocks += [_line(one, program) for one in found.documents]
    blocks.append(context(HOW))
    return modal(WINDOW, "Documents", distinct(blocks))


NONE = "There are no documents yet. Questions are answered from the answers alone."
HOW = (
    "To add one, drop a PDF, text or Markdown file into the facilitators' channel, or write it to me directly. "
    "You say who may read it before I do."
)


def change_line(change: Change, program: Program) -> Line:
    """How a change of a document reads among the recent changes."""
    before, after = (str((body or {}).get("title") or "") for body in (change.before, change.after))
    if not before:
        return Line(f"Document “{after}”", "added")
    if not after:
        return Line(f"Document “{before}”", "removed")
    return Line(f"Document “{before}”", "replaced", before, after)


def _line(one: Kept, program: Program) -> Block:
    title = marked(f"*{esc(one.document.title)}*", one.document.sample)
    if one.passages:
        amount = f"{_pages(one.pages)}{counted(one.passages, 'passage')}"
    else:
        amount = "nothing can be quoted from it"
    about = f"{amount}, for {WHO_READS[one.document.audience]}"
    wrong = f"\n{esc(documents.why(one.document, one.why))}" if one.why is not None else ""
    sure = confirm(
        "Remove this document?",
        f"I quote nothing from “{clip(one.document.title, 60)}” any more, and its words are deleted. "
        "To have it back, drop the file again.",
        "Remove it",
        "Keep it",
    )
    value = ids.reference(program.id, one.document.key)
    press = button("Remove…", ids.DROP_REMOVE, value, label=f"Remove {one.document.title}", confirm=sure)
    return section(f"{title}\n{about}{wrong}", accessory=press)


def _amount(found: Dropped) -> str:
    return f"{_pages(found.pages)}{counted(found.passages, 'passage')}"


def _pages(number: int) -> str:
    return f"{counted(number, 'page')}, " if number else ""


def _unread(found: Dropped) -> Message:
    name = esc(clip(found.name, NAME))
    if found.why == "twice":
        said = f"“{name}” is the very file that I answer from as “{esc(found.same)}”, so nothing is changed."
        return Message(said, [section(said)])
    why, helps = _WHY.get(
        found.why or "corrupt", ("it does not go with the rest of the program", "Ask your administrator")
    )
    again = "" if found.why in ("forbidden in Slack", "Slack", "gone in Slack") else ", and drop it here again"
    said = f"I could not read “{name}”: {why}. Nothing is changed.\n{helps}{again}."
    blocks: list[Block] = [section(said)]
    if found.why in ("forbidden in Slack", "Slack") and found.programs:
        value = ids.reference(found.programs[0].id, str(found.id))
        blocks.append(actions(button("Try again…", ids.DROP_USE, value)))
    return Message(said, blocks)
