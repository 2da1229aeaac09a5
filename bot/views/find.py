"""Finding: the field, what was found by kinds, and one thing opened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.domain.dates import Agenda
from bot.domain.find import LONGEST, Empty, Found, Gone, Kind, NoProgram, Opened, Somebody, Thing, is_kind
from bot.domain.messages import Block, Message
from bot.domain.people import Role
from bot.domain.programs import Assignment, Entry, Program, Resource
from bot.domain.rsvps import may_say
from bot.views import dates, documents, ids, living, refusals, sources
from bot.views.blocks import (
    actions,
    button,
    clip,
    context,
    counted,
    distinct,
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
from bot.views.times import moment, span

WINDOW = "find.window"
WORDS = "find:words"
FIRST = 4
"""How many of a kind stand on the first page."""
MANY = 15
"""How many stand on a page of one kind."""
TITLE = 200
ABOUT = 100
NAMES: Mapping[Kind, tuple[str, str]] = {
    "date": ("Dates", "date"),
    "homework": ("Homework", "homework"),
    "answer": ("Answers", "answer"),
    "resource": ("To open", "thing to open"),
    "document": ("Documents", "passage"),
    "person": ("People", "person"),
}
ROLES: Mapping[Role, str] = {
    "applicant": "thinks of applying",
    "participant": "takes part",
    "coach": "coach",
    "facilitator": "facilitator",
    "admin": "admin",
}

View = Mapping[str, Any]


def form(program: Program) -> Block:
    """The field to look with."""
    return modal(
        ids.FIND_FORM,
        "Find",
        [
            field_block(
                WORDS,
                "What are you looking for?",
                text_input(WORDS, max_length=LONGEST, placeholder="lunch, convening 2, rubric"),
                hint="A word or two that stand in it. I look through all that you may see.",
            ),
        ],
        submit="Find it",
        close="Not now",
        metadata=ids.reference(program.id),
    )


@ids.reading()
def read(view: View) -> tuple[int | None, str]:
    """The program, and what is looked for."""
    program, _ = ids.referred(str(view["private_metadata"]))
    return program, str(view["state"]["values"][WORDS][WORDS].get("value") or "")


def nothing_typed() -> dict[str, str]:
    """No word to look for."""
    return {WORDS: "Type a word that stands in what you are looking for, like “lunch”."}


def paging(kind: Kind, offset: int, words: str) -> str:
    """The key of a page: its kind, where it begins, and what was looked for."""
    return f"{kind}/{offset}/{words}"


def read_paging(key: str) -> tuple[Kind, int, str] | None:
    """What a page's key says; None for a key that nobody here wrote."""
    kind, _, rest = key.partition("/")
    offset, _, words = rest.partition("/")
    return (kind, ids.row(offset), words) if is_kind(kind) and words else None


def message(found: Found | Empty | NoProgram, now: datetime) -> Message:
    """What was found, for the eyes of whoever looked."""
    if isinstance(found, NoProgram):
        return Message(refusals.no_program())
    if isinstance(found, Empty):
        return Message("Say what to look for: `/convene find lunch`.")
    return Message(_head(found), distinct(_blocks(found, now)))


def window(found: Found, now: datetime) -> Block:
    """The same in a window."""
    return modal(WINDOW, "Find", distinct([*_blocks(found, now), _again(found.viewer.of_program)]))


def page(found: Found, kind: Kind, offset: int, now: datetime) -> Block:
    """All finds of one kind, so many at a time."""
    things = found.of(kind)
    shown = things[offset : offset + MANY] or things[:MANY]
    offset = offset if things[offset:] else 0
    blocks: list[Block] = [section(f"*{NAMES[kind][0]}* with “{esc(found.words)}”: {_counted(kind, len(things))}")]
    blocks += [_line(one, found, now) for one in shown]
    turns = []
    if offset:
        back = paging(kind, max(offset - MANY, 0), found.words)
        turns.append(button("Earlier ones", ids.FIND_PAGE, ids.reference(found.viewer.of_program.id, back)))
    if things[offset + MANY :]:
        on = paging(kind, offset + MANY, found.words)
        turns.append(button("Next ones", ids.FIND_PAGE, ids.reference(found.viewer.of_program.id, on)))
    if turns:
        blocks += [
            context(f"{offset + 1} to {offset + len(shown)} of {len(things)}"),
            actions(*turns),
        ]
    return modal(WINDOW, "Find", distinct(blocks))


def opened(found: Opened, now: datetime) -> Block:
    """One thing with all that can be done with it."""
    return modal(WINDOW, NAMES[found.kind][0], distinct(list(_thing(found, now))))


def gone(found: Gone) -> str:
    """What was found is not there any more."""
    if found.program is None:
        return refusals.no_program()
    return "That is no longer there, or not for you to see any more. Look for it again with `/convene find`."


def opener(program_id: int, text: str = "Find…") -> Block:
    """The button to the field."""
    return button(text, ids.FIND_ASK, ids.reference(program_id), label="Find a date, an answer, a document")


def _head(found: Found) -> str:
    if not found.groups:
        return f"I find nothing with “{esc(found.words)}” that you may see."
    return f"“{esc(found.words)}”: {counted(found.count, 'thing')} found"


def _blocks(found: Found, now: datetime) -> list[Block]:
    program = found.viewer.of_program
    if not found.groups:
        return _nothing(found)
    blocks: list[Block] = []
    for kind, things in found.groups:
        blocks.append(section(f"*{NAMES[kind][0]}*"))
        blocks += [_line(one, found, now) for one in things[:FIRST]]
        if len(things) > FIRST:
            value = ids.reference(program.id, paging(kind, 0, found.words))
            more = f"See all {_counted(kind, len(things))}"
            blocks.append(actions(button(more, ids.FIND_PAGE, value, label=f"{more} with {found.words}")))
    return [section(_head(found)), *blocks]


def _nothing(found: Found) -> list[Block]:
    program = found.viewer.of_program
    said = f"{_head(found)} Try another word, or ask: if I know no answer, a person does."
    value = ids.reference(program.id)
    return [
        section(said),
        actions(
            button("Ask a question", ids.ASK_OPEN, value, style="primary"),
            button("See the dates", ids.DATES_OPEN, value),
        ),
    ]


def _again(program: Program) -> Block:
    return actions(button("Find something else", ids.FIND_ASK, ids.reference(program.id)))


def _counted(kind: Kind, number: int) -> str:
    name = NAMES[kind][1]
    several = {"person": "people", "homework": "pieces of homework", "thing to open": "things to open"}.get(name)
    return counted(number, name if name != "homework" else "piece of homework", several or "")


def _line(one: Thing, found: Found, now: datetime) -> Block:
    program = found.viewer.of_program
    title = marked(f"*{esc(clip(one.title, TITLE))}*", one.sample)
    about = _about(one, found, now)
    value = ids.reference(program.id, f"{one.kind}/{one.key}")
    see = button("Open", ids.FIND_OPEN, value, label=f"Open: {one.title}")
    return section(f"{title}\n{about}" if about else title, accessory=see)


def _about(one: Thing, found: Found, now: datetime) -> str:
    """What tells a thing from others like it, in a line."""
    program, zone = found.viewer.of_program, found.viewer.zone
    match one.kind:
        case "date":
            event = next((at for at in program.events if at.key == one.key), None)
            if event is None:
                return ""
            return span(event.starts_at, event.ends_at, program, zone) + (" · over" if event.over(now) else "")
        case "homework":
            homework = program.assignment(one.key)
            return f"due {moment(homework.due_at, program, zone)}" if homework else ""
        case "answer":
            entry = program.entry(one.key)
            return esc(_short(living.plain(entry.answer, program, now, zone))) if entry else ""
        case "document":
            name, _, text = one.text.partition("\n")
            return esc(_short(f"{name}: {text}"))
        case "person":
            return esc(_short(one.text.partition("\n")[0]))
    return esc(_short(one.text.partition("\n")[0]))


def _short(text: str) -> str:
    return clip(" ".join(text.split()), ABOUT)


def _thing(found: Opened, now: datetime) -> Iterable[Block]:
    program, zone = found.viewer.of_program, found.viewer.zone
    if found.event is not None:
        agenda = Agenda(program, (found.event,), (), ("all",), zone, moves=_changes(found), asks=may_say(found.viewer))
        yield from dates.one(found.event, agenda, now)
    if found.assignment is not None:
        yield from _homework(found, found.assignment)
    if found.entry is not None:
        yield from _answer(found, found.entry, now)
    if found.resource is not None:
        yield _resource(found.resource, program)
    if found.passage is not None:
        yield section(quote(found.passage.text))
        yield context(esc(documents.source(found.passage)))
    if found.person is not None:
        yield from _person(found.person, program, _changes(found) or found.viewer.workspace_admin)


def _changes(found: Opened) -> bool:
    return found.viewer.has("facilitator", "admin")


def _homework(found: Opened, one: Assignment) -> Iterable[Block]:
    program, zone = found.viewer.of_program, found.viewer.zone
    yield section(f"*{marked(esc(one.title), one.sample)}*\ndue {moment(one.due_at, program, zone)}")
    yield from paragraphs(esc(one.summary))
    if one.prompts:
        asked = "\n".join(f"• {esc(clip(prompt.label, TITLE))}" for prompt in one.prompts)
        yield section(f"*What is asked*\n{asked}")
    presses = [button("See the homework", ids.HOMEWORK_OPEN, ids.reference(program.id))]
    if found.viewer.has("participant"):
        value = ids.reference(program.id, one.key)
        presses.insert(0, button("Hand in a reflection", ids.REFLECTION_OPEN, value, style="primary"))
    if _changes(found):
        value = ids.reference(program.id, f"assignments/{one.key}")
        presses.append(button("Change the date", ids.MOVE_CHANGE, value))
    yield actions(*presses)


def _answer(found: Opened, entry: Entry, now: datetime) -> Iterable[Block]:
    program = found.viewer.of_program
    yield section(f"*{marked(esc(clip(entry.question, TITLE * 2)), entry.sample)}*")
    yield from paragraphs(living.rich(entry.answer, program, now, found.viewer.zone))
    yield context(sources.line(entry, program, now))
    presses = [button("Ask a question", ids.ASK_OPEN, ids.reference(program.id))]
    if _changes(found):
        presses.append(button("Change it…", ids.ENTRY_EDIT, ids.reference(program.id, entry.key)))
    yield actions(*presses)


def _resource(one: Resource, program: Program) -> Block:
    title = marked(link(one.url, one.title) if one.url else esc(one.title), one.sample)
    note = f"\n{esc(one.note)}" if one.note else ""
    ask = "" if one.url else f"\nAsk {refusals.contact(program)}."
    return section(f"*{title}*{note}{ask}")


def _person(one: Somebody, program: Program, may_change: bool) -> Iterable[Block]:
    what = ", ".join(ROLES[role] for role in one.roles)
    where = f" for {esc(', '.join(one.organizations))}" if one.organizations else ""
    who = f" ({mention(one.user)})" if one.user else ""
    known = "" if one.user else "\nSlack does not know them yet: they are on the list by their address."
    yield section(f"*{esc(one.name)}*{who}\n{what}{where}{known}")
    if may_change:
        value = ids.reference(program.id, str(one.person_id))
        yield actions(button("Change what they are…", ids.PERSONNEL_OPEN, value))
