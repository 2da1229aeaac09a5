"""The fields that the forms of entries share, and what is said under them where something is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.domain.entries import LONGEST_ASKED, LONGEST_LINE, LONGEST_TEXT, Field, Problem
from bot.domain.messages import Block
from bot.domain.programs import Audience, Entry, Program
from bot.views import ids
from bot.views.blocks import OPTION, clip, date_input, esc, field_block, grouped_select, option, select, text_input
from bot.views.failures import first_input
from bot.views.forms import Typed

QUESTION = "entry.question"
WORDING = "entry.wording"
ENTRY = "entry.entry"
ANSWER = "entry.answer"
PHRASINGS = "entry.phrasings"
SOURCE = "entry.source"
AUDIENCE = "entry.audience"
OWNER = "entry.owner"
UNTIL = "entry.until"
SPANISH_QUESTION = "entry.spanish_question"
SPANISH_ANSWER = "entry.spanish_answer"
BLOCKS: dict[Field, tuple[str, ...]] = {
    "asked": ("question.asked",),
    "question": (QUESTION, WORDING),
    "entry": (ENTRY,),
    "answer": (ANSWER, "question.text"),
    "phrasings": (PHRASINGS,),
    "source": (SOURCE,),
    "audience": (AUDIENCE,),
    "owner": (OWNER,),
    "until": (UNTIL,),
    "spanish_question": (SPANISH_QUESTION,),
    "spanish_answer": (SPANISH_ANSWER,),
}
"""Under which block of a form what is wrong with a field is said: the first of them that is there."""
AUDIENCES: dict[Audience, str] = {
    "all": "Everybody who asks",
    "cohort": "Those who take part",
    "applicants": "Those who apply, and everybody else",
}
MISSING: dict[Field, str] = {
    "asked": "Write what was asked, in a sentence.",
    "question": "Write the question as people ask it.",
    "entry": "Choose an answer.",
    "answer": "Write the answer here; a sentence is enough.",
    "phrasings": "Write at least a word on each line, or leave the field empty.",
    "source": "Write where it stands, or who said it.",
    "audience": "Choose who may be told.",
    "owner": "Write who looks after it: a name, or the facilitators.",
    "until": "Choose a day.",
    "spanish_question": "Write the question in Spanish.",
    "spanish_answer": "Write the answer in Spanish.",
}
MOST_CHARACTERS: dict[Field, int] = {
    "asked": LONGEST_ASKED,
    "answer": LONGEST_TEXT,
    "spanish_answer": LONGEST_TEXT,
}
MOST_CHOICES = 800
"""More would not fit into one form."""


def line_field(block: str, label: str, words: str, *, hint: str | None = None, optional: bool = False) -> Block:
    """A field of one line."""
    element = text_input(block, initial=words, max_length=LONGEST_LINE)
    return field_block(block, label, element, hint=hint, optional=optional)


def entry_menu(choices: Sequence[Entry], likely: int, initial: str | None) -> Block:
    """A menu of entries by their questions: the `likely` ones, which come first, under a head of their own."""
    options = [option(clip(one.question, OPTION), one.key) for one in choices[:MOST_CHOICES]]
    near, rest = options[:likely], options[likely:]
    groups: list[tuple[str, Sequence[Block]]] = [("Most alike", near)]
    for start in range(0, len(rest), 100):
        groups.append(("All others" if near else "All answers", rest[start : start + 100]))
    return grouped_select(ids.ENTRY_PICK, groups, initial=initial, placeholder="Type to search")


def audience_field(audience: Audience) -> Block:
    """Who may be told an answer."""
    options = [option(words, value) for value, words in AUDIENCES.items()]
    return field_block(AUDIENCE, "Who may be told", select(AUDIENCE, options, initial=audience))


def until_field(until: date | None) -> Block:
    """The day until which an answer is right, if it is not for good."""
    hint = "On the next working day I ask whether it still is. Leave it empty for what does not change."
    return field_block(UNTIL, "Right until", date_input(UNTIL, until), hint=hint, optional=True)


def audience_of(value: str | None) -> Audience:
    """What was chosen there; everybody, if nothing was."""
    return next((one for one in AUDIENCES if one == value), "all")


def who_reads(program: Program) -> str:
    """Who will read what is typed, said before the first field."""
    return f"*Who reads this:* whoever asks about {esc(program.name)}, so leave out names."


def errors(problems: Sequence[Problem], view: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong, under the fields of a form."""
    typed = Typed(view)
    found: dict[str, str] = {}
    for one in problems:
        block = next((name for name in BLOCKS[one.field] if name in typed), first_input(list(view.get("blocks") or ())))
        found.setdefault(block, clip(_wrong(one), 500))
    return found


def sentence(problems: Sequence[Problem]) -> str:
    """The same where there is no form, in mrkdwn."""
    return esc(" ".join(dict.fromkeys(_wrong(one) for one in problems)))


def _wrong(one: Problem) -> str:
    """What is wrong with a field, in plain words, with what works instead."""
    match one.why:
        case "missing":
            return MISSING[one.field]
        case "too_long":
            most = MOST_CHARACTERS.get(one.field, LONGEST_LINE)
            return f"That is {one.length:,} characters; there is room for {most:,}."
        case "asked_already":
            other = clip(one.words, 120)
            if one.field == "phrasings":
                return f"One of these leads to “{other}” already. Take it out here, or there first."
            return f"This leads to “{other}” already. Choose that answer, or put it in other words."
        case "gone":
            return "This answer was taken out meanwhile. Choose another one."
        case "past":
            return "That day is over. Choose one that is still to come, or leave it empty."
        case "half":
            return "Question and answer belong together: write both in Spanish, or neither."
        case "wrong":
            return f"I cannot keep this as it is: {one.words}."
        case "elsewhere":
            return f"Another part of the program has to be put right first, with convene program check: {one.words}."
