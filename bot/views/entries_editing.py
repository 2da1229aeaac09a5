"""An entry's own form: chosen, changed, and what is shown when somebody else was faster."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

from bot.domain.entries import (
    DRAFT_FIELDS,
    LONGEST_LINE,
    LONGEST_TEXT,
    ChangedMeanwhile,
    Done,
    Draft,
    DraftField,
    Editing,
    draft_of,
)
from bot.domain.messages import Block
from bot.domain.programs import Program, Verified
from bot.views import ids, refusals
from bot.views.blocks import (
    actions,
    button,
    context,
    esc,
    field_block,
    modal,
    option,
    quote,
    radios,
    section,
    text_input,
)
from bot.views.change_forms import METADATA, MINE, THEIRS, Back, back_from, packed, unpacked
from bot.views.entries import QUOTED, quoted
from bot.views.entries_fields import (
    ANSWER,
    AUDIENCE,
    AUDIENCES,
    ENTRY,
    OWNER,
    PHRASINGS,
    QUESTION,
    SOURCE,
    SPANISH_ANSWER,
    SPANISH_QUESTION,
    UNTIL,
    audience_field,
    audience_of,
    entry_menu,
    line_field,
    until_field,
    who_reads,
)
from bot.views.forms import Typed
from bot.views.lines import undo
from bot.views.times import date_words

CARE: Literal["care"] = "care"
Behind = Back | Literal["care"] | None
"""The list behind a form: a page of all answers, or those that need somebody."""
ALONE = "Nobody has written it in this language yet; the Spanish stands below. It may stay empty."
FIELD = 3000
"""Characters that one field of a form holds."""
VERSIONS: Mapping[DraftField, str] = {
    "question": "Question",
    "answer": "Answer",
    "phrasings": "Other ways to ask it",
    "source": "Where it stands",
    "audience": "Who may be told",
    "owner": "Looked after by",
    "until": "Right until",
    "spanish_question": "Question in Spanish",
    "spanish_answer": "Answer in Spanish",
}
View = Mapping[str, Any]


def pick(program: Program) -> Block:
    """The form in which an entry is chosen."""
    if not program.entries:
        return refusals.sorry("There is no answer yet. Save one with *Save as answer* in a message's menu.")
    entries = sorted(program.entries, key=lambda one: one.question.casefold())
    blocks = [
        section("Choose an answer to read or change. Type to search."),
        field_block(ENTRY, "Answer", entry_menu(tuple(entries), 0, None)),
    ]
    return modal(
        ids.ENTRY_PICK_FORM, "Answers", blocks, submit="Open it", metadata=ids.reference(program.id)
    )  # fmt: skip


@ids.reading()
def read_pick(view: View) -> tuple[int | None, str]:
    """The program of a form, and the entry that was chosen."""
    return ids.referred(str(view.get("private_metadata") or ""))[0], Typed(view).choice(ENTRY) or ""


def edit_form(shape: Editing, draft: Draft | None = None, above: Sequence[Block] = (), behind: Behind = None) -> Block:
    """The form of an entry; `draft` is what was typed before, if somebody else was faster, which is said `above`.

    `behind` is the list from which it was opened.
    """
    entry, said = shape.entry, draft or draft_of(shape.entry, shape.program)
    # What is there in Spanish alone need not be put into other words by whoever changes that.
    alone = not draft_of(shape.entry, shape.program).answer
    blocks = [
        *above,
        section(f"{who_reads(shape.program)} {_verified(entry.verified)}".strip()),
        line_field(QUESTION, "Question", said.question, hint=ALONE if alone else None, optional=alone),
        field_block(
            ANSWER,
            "Answer",
            text_input(ANSWER, multiline=True, initial=said.answer, max_length=LONGEST_TEXT),
            hint="What stands in {{…}} I fill in from the calendar. Links are written [words](https://…).",
            optional=alone,
        ),
        *_phrasing_fields(said.phrasings),
        line_field(SOURCE, "Where it stands", said.source, hint="Shown under the answer."),
        audience_field(said.audience),
        line_field(
            OWNER, "Looked after by", said.owner, hint="A facilitator's name: I remind them when its time is up."
        ),
        until_field(said.until),
        line_field(SPANISH_QUESTION, "Question in Spanish", said.spanish_question, optional=True),
        field_block(
            SPANISH_ANSWER,
            "Answer in Spanish",
            text_input(SPANISH_ANSWER, multiline=True, initial=said.spanish_answer, max_length=LONGEST_TEXT),
            optional=True,
        ),
        actions(
            button("Remove it", ids.CHANGE_REMOVE, ids.reference(shape.program.id, f"faq/{entry.key}"), style="danger")
        ),
        context("Saving says that you have looked at it today: your name stands under the answer."),
    ]
    metadata = _metadata(shape, behind)
    return modal(ids.ENTRY_EDIT_FORM, "Change an answer", blocks, submit="Save", close="Not now", metadata=metadata)


def again(outcome: ChangedMeanwhile, behind: Behind = None) -> Block:
    """Somebody else was faster: how it stands now, and the words just written."""
    shape, draft, theirs = outcome.editing, outcome.draft, draft_of(outcome.editing.entry, outcome.editing.program)
    metadata = _metadata(shape, behind, packed({name: _packed(getattr(draft, name)) for name in DRAFT_FIELDS}))
    if len(metadata) > METADATA:
        return edit_form(shape, draft, _meanwhile(outcome, theirs), behind)
    who = esc(outcome.by) if outcome.by else "Somebody"
    blocks = [
        section(f"*{who} has changed this since you opened it.* Nothing of yours is lost: choose what is to stand.")
    ]
    for name in outcome.fields:
        there = f"{who} wrote" if outcome.by else "It says now"
        blocks += [section(f"{there}:\n{quote(_version(getattr(theirs, name)), QUOTED)}")]
        blocks += [section(f"You wrote:\n{quote(_version(getattr(draft, name)), QUOTED)}")]
        options = [option("Keep theirs", THEIRS), option("Take mine", MINE)]
        blocks.append(field_block(f"both:{name}", VERSIONS[name], radios(f"both:{name}", options, initial=MINE)))
    blocks.append(context("Saving says that you have looked at it today: your name stands under the answer."))
    return modal(ids.ENTRY_BOTH_FORM, "Changed meanwhile", blocks, submit="Save", close="Not now", metadata=metadata)


@ids.reading()
def read_both(view: View) -> tuple[Draft, tuple[DraftField, ...]]:
    """What was written, from the form in which two versions stand, and the fields of which theirs is to stay."""
    said = unpacked(str(json.loads(str(view["private_metadata"]))["d"]))
    draft = Draft(
        question=said["question"],
        answer=said["answer"],
        phrasings=tuple(said["phrasings"].splitlines()),
        source=said["source"],
        owner=said["owner"],
        audience=audience_of(said["audience"]),
        until=date.fromisoformat(said["until"]) if said["until"] else None,
        spanish_question=said["spanish_question"],
        spanish_answer=said["spanish_answer"],
    )
    typed = Typed(view)
    return draft, tuple(name for name in DRAFT_FIELDS if typed.choice(f"both:{name}") == THEIRS)


@ids.reading()
def behind_of(view: View) -> Behind:
    """The list from which a form was opened, if it was from one."""
    kept = json.loads(str(view.get("private_metadata") or "")).get("b")
    return CARE if kept == CARE else back_from(kept)


@ids.reading()
def read_edit(view: View) -> Draft:
    """An entry as it was typed."""
    typed = Typed(view)
    lines = [line for name in _phrasing_names(view) for line in typed.words(name).splitlines()]
    return Draft(
        question=typed.words(QUESTION),
        answer=typed.words(ANSWER),
        phrasings=tuple(line.lstrip("-•* ") for line in lines if line.strip()),
        source=typed.words(SOURCE),
        owner=typed.words(OWNER),
        audience=audience_of(typed.choice(AUDIENCE)),
        until=typed.day(UNTIL),
        spanish_question=typed.words(SPANISH_QUESTION),
        spanish_answer=typed.words(SPANISH_ANSWER),
    )


@ids.reading()
def edited(view: View) -> tuple[int, str, str]:
    """The program and the entry of a form, and as which it was seen."""
    said = json.loads(str(view.get("private_metadata") or ""))
    return int(said["program"]), str(said["entry"]), str(said["mark"])


def changed(done: Done) -> Block:
    """It is written."""
    words = f"Saved. Whoever asks {quoted(done.entry)} from now on reads it as you left it."
    if done.merged:
        words += " What somebody else changed of it meanwhile is kept, too."
    return modal(ids.ENTRY_EDIT_FORM, "Saved", [section(words), *undo(done.program.id, done.change)])


def _packed(value: str | tuple[str, ...] | date | None) -> str:
    if isinstance(value, tuple):
        return "\n".join(value)
    return value.isoformat() if isinstance(value, date) else value or ""


def _metadata(shape: Editing, behind: Behind, draft: str = "") -> str:
    said: dict[str, object] = {"program": shape.program.id, "entry": shape.entry.key, "mark": shape.mark}
    if behind is not None:
        said["b"] = [behind.words[:100], behind.start] if isinstance(behind, Back) else behind
    return json.dumps({**said, "d": draft} if draft else said)


def _phrasing_fields(phrasings: Sequence[str]) -> list[Block]:
    """As many fields as all the wordings need, one a line."""
    fields: list[list[str]] = [[]]
    for one in phrasings:
        if sum(len(line) + 1 for line in (*fields[-1], one)) > FIELD - LONGEST_LINE:
            fields.append([])
        fields[-1].append(one)
    return [_phrasing_field(number, "\n".join(lines)) for number, lines in enumerate(fields)]


def _phrasing_field(number: int, words: str) -> Block:
    name = f"{PHRASINGS}:{number}" if number else PHRASINGS
    element = text_input(name, multiline=True, initial=words, max_length=FIELD)
    label = "More ways to ask it" if number else "Other ways to ask it"
    return field_block(name, label, element, hint="One on each line, as people type them.", optional=True)


def _phrasing_names(view: View) -> list[str]:
    names = [str(name) for name in view["state"]["values"] if str(name).partition(":")[0] == PHRASINGS]
    return sorted(names, key=lambda name: ids.row(name.partition(":")[2]))


def _meanwhile(outcome: ChangedMeanwhile, theirs: Draft) -> list[Block]:
    """Both versions of what both have changed: theirs here, one's own in the fields below."""
    who = esc(outcome.by) if outcome.by else "Somebody else"
    lines = [
        f"*{VERSIONS[name]}*\n{quote(_version(getattr(theirs, name)), QUOTED if name == 'answer' else LONGEST_LINE)}"
        for name in outcome.fields
    ]
    return [
        section(
            f"*{who} has changed this meanwhile.* Nothing of yours is lost: your words are below. *Save* takes "
            "yours in place of theirs; *Not now* keeps theirs. Theirs is:"
        ),
        *(section(line) for line in lines),
    ]


def _version(value: object) -> str:
    if isinstance(value, tuple):
        return "\n".join(map(str, value))
    if isinstance(value, date):
        return date_words(value)
    return dict(AUDIENCES).get(value, str(value)) if value else "nothing"  # type: ignore[call-overload]


def _verified(verified: Verified | None) -> str:
    if verified is None:
        return ""
    until = f", and right until {date_words(verified.until)}" if verified.until is not None else ""
    return f"Last looked at by {esc(verified.by)} on {date_words(verified.on)}{until}."
