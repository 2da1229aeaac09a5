"""Entries made and looked after: what is kept of an answer, the form of an entry, and what is said of one in doubt."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Literal

from bot.domain.entries import (
    DRAFT_FIELDS,
    LONGEST_ASKED,
    LONGEST_LINE,
    LONGEST_TEXT,
    Care,
    ChangedMeanwhile,
    Done,
    Doubt,
    Draft,
    DraftField,
    Editing,
    Field,
    How,
    Keep,
    Keeping,
    Kept,
    Offer,
    Problem,
    Said,
    draft_of,
)
from bot.domain.messages import Block, Message, Payload
from bot.domain.people import NotAllowed
from bot.domain.programs import Audience, Entry, Program, Verified
from bot.views import ids, living, refusals
from bot.views.blocks import (
    OPTION,
    actions,
    button,
    clip,
    context,
    counted,
    date_input,
    distinct,
    esc,
    field_block,
    grouped_select,
    modal,
    option,
    quote,
    radios,
    section,
    select,
    text_input,
)
from bot.views.change_forms import METADATA, MINE, THEIRS, Back, back_from, packed, unpacked
from bot.views.failures import first_input
from bot.views.forms import Typed
from bot.views.lines import undo
from bot.views.quiet import NOTHING, PutOffBlocks
from bot.views.times import date_words, day_words

CARE: Literal["care"] = "care"
Behind = Back | Literal["care"] | None
"""The list behind a form: a page of all answers, or those that need somebody."""
HOW = "entry.how"
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
HOWS: dict[str, How] = {"entry": "entry", "phrasing": "phrasing"}
QUOTED = 600
MOST_ASKED = 5
MOST_LINES = 4
MOST_CHOICES = 800
"""More would not fit into one form."""
FIELD = 3000
"""Characters that one field of a form holds."""
ALONE = "Nobody has written it in this language yet; the Spanish stands below. It may stay empty."
MOST_IN_PAGE = 12
"""Of each kind; each takes two blocks."""

View = Mapping[str, Any]


@dataclass(frozen=True)
class Choice:
    """How a choice of what becomes of an answer is worded in one form."""

    label: str
    options: tuple[tuple[How, str, str], ...]


SAVING = Choice(
    "Save it as",
    (
        ("entry", "A new answer", "Whoever asks this next gets it from me at once."),
        ("phrasing", "A way to ask for an answer that is there", "Nothing else about that answer changes."),
    ),
)


# What is kept: the part that several forms share


def keep_blocks(shape: Keeping, keep: Keep, choice: Choice, action_id: str) -> list[Block]:
    """What becomes of an answer, and the fields that this asks for; `action_id` draws the form again."""
    offered = [one for one in choice.options if shape.choices or one[0] != "phrasing"]
    options = [option(text, value, about or None) for value, text, about in offered]
    how = field_block(HOW, choice.label, radios(action_id, options, initial=keep.how))
    readers = [section(_who_asks(shape.program))] if keep.how == "entry" and choice is not SAVING else []
    return [{**how, "dispatch_action": True}, *readers, *_fields(shape, keep)]


@ids.reading()
def read_keep(view: Payload) -> Keep:
    """What a form says of next time; a form without such a part keeps nothing."""
    typed = Typed(view)
    how = _how(typed.choice(HOW))
    return Keep(
        how=how,
        question=typed.words(WORDING if how == "phrasing" else QUESTION),
        entry=typed.choice(ENTRY),
        source=typed.words(SOURCE),
        audience=_audience(typed.choice(AUDIENCE)),
        until=typed.day(UNTIL),
    )


def with_typed(shape: Keeping, view: Payload) -> Keep:
    """What stands in a form that is drawn again: what was typed, and in new fields what they begin with."""
    typed, read = Typed(view), read_keep(view)
    return replace(
        read,
        question=read.question or typed_question(view) or shape.keep.question,
        source=read.source or _source(shape),
        audience=read.audience if AUDIENCE in typed else shape.keep.audience,
    )


def errors(problems: Sequence[Problem], view: Payload) -> dict[str, str]:
    """What is wrong, under the fields of a form."""
    typed = Typed(view)
    found: dict[str, str] = {}
    for one in problems:
        block = next((name for name in BLOCKS[one.field] if name in typed), first_input(_blocks(view)))
        found.setdefault(block, clip(_wrong(one), 500))
    return found


def sentence(problems: Sequence[Problem]) -> str:
    """The same where there is no form, in mrkdwn."""
    return esc(" ".join(dict.fromkeys(_wrong(one) for one in problems)))


# Saving an answer


def form(shape: Keeping, keep: Keep | None = None, answer: str | None = None) -> Block:
    """The form that saves a message as an answer; `keep` and `answer` are what was typed when it is drawn again."""
    keep = keep or replace(shape.keep, source=_source(shape))
    said = shape.answer if answer is None else answer
    blocks = [section(_who_reads(shape.program)), *keep_blocks(shape, keep, SAVING, ids.ENTRY_HOW)]
    if keep.how == "entry":
        element = text_input(ANSWER, multiline=True, initial=said, max_length=LONGEST_TEXT)
        # Behind the question, which is the first field of a new entry.
        blocks.insert(3, field_block(ANSWER, "The answer", element))
    return modal(
        ids.ENTRY_FORM,
        "Save as answer",
        blocks,
        submit="Save",
        close="Not now",
        metadata=_about(shape, "" if keep.how == "entry" else said),
    )


def fetching() -> Block:
    """What stands there for a moment, while Slack is asked what was written."""
    return modal(ids.ENTRY_FORM, "Save as answer", [section("One moment: I am reading the message.")])


@ids.reading()
def read(view: View) -> tuple[Keep, str]:
    """What is to be kept, and the answer; while its field is not there, what stood in it."""
    typed = Typed(view)
    _, aside = _read_about(view)
    return read_keep(view), typed.words(ANSWER) if ANSWER in typed else aside


@ids.reading()
def about(view: View) -> tuple[int, int | None, Said | None]:
    """The program of a form, the question that it is about, if it was logged, and the message, without its text."""
    said, _ = _read_about(view)
    message = Said(str(said["channel"]), None, "", str(said["by"])) if said["channel"] else None
    return int(said["program"]), None if said["question"] is None else int(said["question"]), message


@ids.reading()
def typed_question(view: View) -> str:
    """The question that stands in a form, in whichever of its fields."""
    typed = Typed(view)
    return typed.words(QUESTION) or typed.words(WORDING)


def thanks(kept: Kept) -> Block:
    """It is saved."""
    blocks = [
        section(kept_words(kept)),
        actions(_change(kept.program, kept.entry)),
        *undo(kept.program.id, kept.change),
    ]
    return modal(ids.ENTRY_FORM, "Saved", blocks)


def kept_words(kept: Kept) -> str:
    """What was kept, in a sentence."""
    question = _quoted(kept.entry)
    if kept.how == "phrasing":
        return f"Kept: whoever asks in these words gets the answer to {question} from now on."
    return f"Kept: whoever asks {question} gets this answer from now on."


# Changing an entry


def pick(program: Program) -> Block:
    """The form in which an entry is chosen."""
    if not program.entries:
        return refusals.sorry("There is no answer yet. Save one with *Save as answer* in a message's menu.")
    entries = sorted(program.entries, key=lambda one: one.question.casefold())
    blocks = [
        section("Choose an answer to read or change. Type to search."),
        field_block(ENTRY, "Answer", _menu(tuple(entries), 0, None)),
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
        section(f"{_who_reads(shape.program)} {_verified(entry.verified)}".strip()),
        _line(QUESTION, "Question", said.question, hint=ALONE if alone else None, optional=alone),
        field_block(
            ANSWER,
            "Answer",
            text_input(ANSWER, multiline=True, initial=said.answer, max_length=LONGEST_TEXT),
            hint="What stands in {{…}} I fill in from the calendar. Links are written [words](https://…).",
            optional=alone,
        ),
        *_phrasing_fields(said.phrasings),
        _line(SOURCE, "Where it stands", said.source, hint="Shown under the answer."),
        _audience_field(said.audience),
        _line(OWNER, "Looked after by", said.owner, hint="A facilitator's name: I remind them when its time is up."),
        _until_field(said.until),
        _line(SPANISH_QUESTION, "Question in Spanish", said.spanish_question, optional=True),
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
        audience=_audience(said["audience"]),
        until=date.fromisoformat(said["until"]) if said["until"] else None,
        spanish_question=said["spanish_question"],
        spanish_answer=said["spanish_answer"],
    )
    typed = Typed(view)
    return draft, tuple(name for name in DRAFT_FIELDS if typed.choice(f"both:{name}") == THEIRS)


def _packed(value: str | tuple[str, ...] | date | None) -> str:
    if isinstance(value, tuple):
        return "\n".join(value)
    return value.isoformat() if isinstance(value, date) else value or ""


def _metadata(shape: Editing, behind: Behind, draft: str = "") -> str:
    said: dict[str, object] = {"program": shape.program.id, "entry": shape.entry.key, "mark": shape.mark}
    if behind is not None:
        said["b"] = [behind.words[:100], behind.start] if isinstance(behind, Back) else behind
    return json.dumps({**said, "d": draft} if draft else said)


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
        audience=_audience(typed.choice(AUDIENCE)),
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
    words = f"Saved. Whoever asks {_quoted(done.entry)} from now on reads it as you left it."
    if done.merged:
        words += " What somebody else changed of it meanwhile is kept, too."
    return modal(ids.ENTRY_EDIT_FORM, "Saved", [section(words), *undo(done.program.id, done.change)])


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


# What needs somebody


def doubted(found: Doubt, program: Program, now: datetime) -> Message:
    """An answer that did not help several people, for the facilitators."""
    head = f"An answer did not help {counted(found.people, 'person', 'people')}: {found.entry.question}"
    blocks = [
        section(
            f"*An answer did not help {counted(found.people, 'person', 'people')}*\n"
            f"{_quoted(found.entry)}\n{_answer(found.entry, program, now)}"
        )
    ]
    blocks += [section(words) for words in [_asked(found)] if words]
    buttons = (_change(program, found.entry, primary=True), _fine(program, found.entry))
    return Message(esc(clip(head, 300)), [*blocks, actions(*buttons)])


def lapsed(entry: Entry, program: Program, now: datetime, later: PutOffBlocks = NOTHING) -> Message:
    """An answer whose time is up, for whoever looks after it; `later` is how it is put off, or that it was."""
    blocks = [
        section(f"*Is this still right?*\n{_quoted(entry)}\n{_answer(entry, program, now)}"),
        actions(_still(program, entry, primary=True), _change(program, entry), *later.elements),
        context(_lapse(entry)),
        *later.lines,
    ]
    return Message(f"Is this still right? {esc(clip(entry.question, 250))}", blocks)


def settled(done: Done, by: str) -> Message:
    """What has become of it."""
    said = f"{_deed(done, esc(by))} {_quoted(done.entry)}"
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
        words = f"{_quoted(doubt.entry)}\n{counted(doubt.people, 'person', 'people')} said so."
        yield section("\n".join([words, *([_asked(doubt)] if _asked(doubt) else [])]))
        yield actions(_change(program, doubt.entry), _fine(program, doubt.entry))
    yield from _left_out(len(found.doubts) - most, program)
    if found.lapsed:
        yield section("*Still right?*")
    for entry in found.lapsed[:most]:
        yield section(f"{_quoted(entry)}\n{_lapse(entry)}")
        yield actions(_still(program, entry), _change(program, entry))
    yield from _left_out(len(found.lapsed) - most, program)
    if found.offers:
        yield section("*How people ask*\nI was not sure what they meant. Shall I know it next time?")
    for offer in found.offers[:most]:
        yield section(f">{esc(clip(offer.text, LONGEST_LINE))}\nThey chose {_quoted(offer.entry)}")
        yield actions(*_offered(program, offer))
    yield from _left_out(len(found.offers) - most, program)


def care_lines(found: Care) -> list[str]:
    """The same for a digest: a line for each of a few answers, how many wordings wait; no word that people wrote."""
    lines = [
        *(f"{_quoted(one.entry, 80)} did not help {counted(one.people, 'person', 'people')}" for one in found.doubts),
        *(f"{_quoted(one, 80)} was right until {day_words(_until(one))}" for one in found.lapsed),
    ]
    left = len(lines) - MOST_LINES
    wordings = counted(len(found.offers), "way of asking waits", "ways of asking wait")
    return [
        *lines[:MOST_LINES],
        *([f"and {left} more"] if left > 0 else []),
        *([f"{wordings} for your yes"] if found.offers else []),
    ]


def _fields(shape: Keeping, keep: Keep) -> list[Block]:
    if keep.how == "entry":
        return [
            _line(QUESTION, "The question, as people ask it", _begun(keep.question), hint="Leave out names."),
            _line(SOURCE, "Where it stands", keep.source or _source(shape), hint="Shown under the answer."),
            _audience_field(keep.audience),
            _until_field(keep.until),
        ]
    if keep.how == "phrasing":
        hint = "I know the question by these words from now on. Leave out names."
        return [
            field_block(ENTRY, "Which answer", _menu(shape.choices, shape.likely, keep.entry)),
            _line(WORDING, "Another way to ask for it", keep.question, hint=hint),
        ]
    return []


def _begun(question: str) -> str:
    """A question as it heads an answer: typed without a capital, it begins with one. `iPads` stay what they are."""
    first = question.partition(" ")[0]
    if first != first.lower():
        return question
    at = next((at for at, one in enumerate(question) if one.isalnum()), 0)
    return f"{question[:at]}{question[at : at + 1].upper()}{question[at + 1 :]}"


def _menu(choices: Sequence[Entry], likely: int, initial: str | None) -> Block:
    options = [option(clip(one.question, OPTION), one.key) for one in choices[:MOST_CHOICES]]
    near, rest = options[:likely], options[likely:]
    groups: list[tuple[str, Sequence[Block]]] = [("Most alike", near)]
    for start in range(0, len(rest), 100):
        groups.append(("All others" if near else "All answers", rest[start : start + 100]))
    return grouped_select(ids.ENTRY_PICK, groups, initial=initial, placeholder="Type to search")


def _line(block: str, label: str, words: str, *, hint: str | None = None, optional: bool = False) -> Block:
    element = text_input(block, initial=words, max_length=LONGEST_LINE)
    return field_block(block, label, element, hint=hint, optional=optional)


def _audience_field(audience: Audience) -> Block:
    options = [option(words, value) for value, words in AUDIENCES.items()]
    return field_block(AUDIENCE, "Who may be told", select(AUDIENCE, options, initial=audience))


def _until_field(until: date | None) -> Block:
    hint = "On the next working day I ask whether it still is. Leave it empty for what does not change."
    return field_block(UNTIL, "Right until", date_input(UNTIL, until), hint=hint, optional=True)


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


def _who_reads(program: Program) -> str:
    return f"*Who reads this:* whoever asks about {esc(program.name)}, so leave out names."


def _who_asks(program: Program) -> str:
    return f"*Who reads what is kept:* whoever asks about {esc(program.name)}, so leave out names."


def _source(shape: Keeping) -> str:
    return clip(f"{shape.by}, {date_words(shape.today)}", LONGEST_LINE)


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


def _quoted(entry: Entry, most: int = 150) -> str:
    return f"“{esc(clip(entry.question, most))}”"


def _change(program: Program, entry: Entry, *, primary: bool = False) -> Block:
    value = ids.reference(program.id, entry.key)
    label = clip(f"Change it: {entry.question}", OPTION)
    return button("Change it…", ids.ENTRY_EDIT, value, style="primary" if primary else None, label=label)


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


def _how(value: str | None) -> How:
    return HOWS.get(value or "", "no")


def _audience(value: str | None) -> Audience:
    return next((one for one in AUDIENCES if one == value), "all")


def _about(shape: Keeping, aside: str) -> str:
    """What a form says of itself; behind it, as it is, the answer while its field is not there.

    Written so, the longest answer that its field takes fits, whatever it is made of.
    """
    said = {
        "program": shape.program.id,
        "question": shape.question_id,
        "channel": shape.said.channel if shape.said else "",
        "by": shape.said.by if shape.said else "",
    }
    return f"{json.dumps(said)}\n{aside}"


def _read_about(view: View) -> tuple[dict[str, Any], str]:
    head, _, aside = str(view.get("private_metadata") or "").partition("\n")
    said: dict[str, Any] = json.loads(head)
    return said, aside


def _blocks(view: View) -> Sequence[Payload]:
    return list(view.get("blocks") or ())
