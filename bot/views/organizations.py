"""Organizations: the list to search in, one of them, and what follows from a change."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.changes import Change
from bot.domain.messages import Block
from bot.domain.organizations import (
    Entry,
    Follows,
    Listing,
    Looked,
    Meanwhile,
    Saved,
    What,
    Wish,
    Wrong,
)
from bot.domain.people import ORGANIZATION_NAME, NotAllowed
from bot.domain.programs import Program
from bot.views import ids, lists, people, refusals
from bot.views.blocks import (
    actions,
    button,
    context,
    counted,
    distinct,
    esc,
    field_block,
    grouped_select,
    modal,
    option,
    section,
    text_input,
)
from bot.views.forms import Typed
from bot.views.lines import Line, foreseen

WINDOW = "organization.window"
MOST_NAMED = 8
WHATS: dict[str, What] = {"rename": "rename", "leave": "leave", "back": "back", "merge": "merge"}
STANDS = {"organization taken": "Another organization has that name now. Rename that one first."}

View = Mapping[str, Any]


def listing(found: Listing) -> Block:
    """All of them, a page at a time, with a field to search."""
    blocks = [
        lists.search("Find an organization", found.words, "A part of its name."),
        context(_count(found)),
        *(_line(one, found.program) for one in found.page.rows),
        *lists.turns(
            found.page,
            ids.ORGANIZATION_LIST,
            lambda start: ids.reference(found.program.id, f"{start}/{found.words}"),
        ),
        context("A new one is made where you write its name: under *People*, *Add people…* or *Change roles…*."),
    ]
    return modal(
        ids.ORGANIZATION_FIND_FORM,
        "Organizations",
        distinct(blocks),
        submit="Find",
        close="Back",
        metadata=ids.reference(found.program.id, f"{found.page.start}/{found.words}"),
    )


def _count(found: Listing) -> str:
    if not found.page.total:
        return "None found. Try fewer letters." if found.words else "None yet."
    return lists.how_many(found.page, "organization")


def _line(one: Entry, program: Program) -> Block:
    value = ids.reference(program.id, str(one.organization.id))
    name = one.organization.name
    change = button("Change…", ids.ORGANIZATION_OPEN, value, label=f"Change {name}")
    return section(f"*{esc(name)}*\n{_stands(one)}", accessory=change)


def _stands(one: Entry) -> str:
    if one.left:
        return "has left"
    return counted(one.people, "person takes", "people take") + " part for it" if one.people else "nobody takes part"


def form(found: Looked) -> Block:
    """One of them: its name, and what else can be done."""
    entry, program = found.entry, found.program
    value = ids.reference(program.id, str(entry.organization.id))
    field = text_input(ids.ORGANIZATION_NAME, initial=entry.organization.name, max_length=ORGANIZATION_NAME)
    buttons = [
        button("Back again…", ids.ORGANIZATION_BACK, value)
        if entry.left
        else button("Has left…", ids.ORGANIZATION_LEAVE, value, style="danger")
    ]
    if found.others and not entry.left:
        buttons.append(button("Same as another…", ids.ORGANIZATION_MERGE, value))
    return modal(
        ids.ORGANIZATION_RENAME_FORM,
        "Organization",
        [
            section(f"*{esc(entry.organization.name)}*\n{_stands(entry)}"),
            field_block(ids.ORGANIZATION_NAME, "Name", field),
            actions(*buttons),
            context("Nothing is changed yet: you see next what follows."),
        ],
        submit="See what follows",
        close="Not now",
        metadata=_metadata(program, Wish("rename", entry.organization.id, entry.seen)),
    )


def merge_form(found: Looked) -> Block:
    """The one that it is the same as."""
    choices = [option(one.name, str(one.id)) for one in found.others]
    groups = [
        (f"{found.others[start].name[:60]} …", choices[start : start + people.GROUP])
        for start in range(0, len(choices), people.GROUP)
    ]
    menu = grouped_select(ids.ORGANIZATION_INTO, groups, placeholder="Choose one")
    name = found.entry.organization.name
    return modal(
        ids.ORGANIZATION_MERGE_FORM,
        "Same as another",
        [
            section(f"*{esc(name)}* is the same as another, spelled differently? Its people take part for that one."),
            field_block(ids.ORGANIZATION_INTO, "It is the same as", menu),
        ],
        submit="See what follows",
        close="Not now",
        metadata=_metadata(found.program, Wish("merge", found.entry.organization.id, found.entry.seen)),
    )


@ids.reading()
def read_rename(view: View) -> tuple[int, Wish]:
    """The program, and the name that was written."""
    program_id, wish = read_wish(view)
    name = Typed(view).words(ids.ORGANIZATION_NAME)
    return program_id, Wish("rename", wish.organization_id, wish.seen, name)


@ids.reading()
def read_merge(view: View) -> tuple[int, Wish]:
    """The program, and what it is the same as."""
    program_id, wish = read_wish(view)
    into = ids.row(Typed(view).choice(ids.ORGANIZATION_INTO) or "")
    return program_id, Wish("merge", wish.organization_id, wish.seen, into=into)


@ids.reading()
def read_wish(view: View) -> tuple[int, Wish]:
    """The program and the change that a form carries."""
    about = json.loads(str(view["private_metadata"]))
    into = int(about["t"]) if about.get("t") is not None else None
    return int(about["p"]), Wish(WHATS[about["w"]], int(about["i"]), str(about["s"]), str(about.get("n") or ""), into)


def _metadata(program: Program, wish: Wish) -> str:
    about = {"p": program.id, "w": wish.what, "i": wish.organization_id, "s": wish.seen, "n": wish.name, "t": wish.into}
    return json.dumps(about)


def wrong(found: Wrong) -> str:
    """Why it cannot be; plain words."""
    match found.why:
        case "empty":
            return "Write a name."
        case "too long":
            return f"An organization's name can have up to {ORGANIZATION_NAME} letters here. Try a shorter form of it."
        case "taken":
            return f"{found.other} is there already. If both are one, close this and choose “Same as another…”."
        case "same":
            return "That is how it is already."
        case "itself":
            return "That is this one. Choose the other."
        case "gone":
            return "That one is not there any more. Choose another."
        case "handed in":
            return (
                f"{found.other} has handed in work or had check-ins, which stay under its name. Do it the other way "
                "round: open the other one, and choose “Same as another…” there. If both have work, move the people "
                "one by one under People."
            )


def field_of(view: View) -> str:
    """The field under which something wrong is said."""
    return ids.ORGANIZATION_NAME if view.get("callback_id") == ids.ORGANIZATION_RENAME_FORM else ids.ORGANIZATION_INTO


def preview(found: Follows) -> Block:
    """What follows, before it is saved."""
    metadata = _metadata(found.program, found.wish)
    return foreseen(ids.ORGANIZATION_SAVE_FORM, _heading(found), _lines(found), metadata)


def _heading(found: Follows) -> str:
    name = f"*{esc(found.entry.organization.name)}*"
    match found.wish.what:
        case "rename":
            return f"{name} → *{esc(' '.join(found.wish.name.split()))}*"
        case "leave":
            return f"{name} has left the program."
        case "back":
            return f"{name} takes part again."
        case "merge":
            return f"{name} is the same as *{esc(found.into.name if found.into else '')}*."


def _lines(found: Follows) -> Iterator[str]:
    match found.wish.what:
        case "rename":
            yield "It has the new name everywhere from now on, also with what it has handed in."
            yield "What is posted already keeps the old name."
        case "leave":
            if found.people:
                take, get = ("takes", "gets") if len(found.people) == 1 else ("take", "get")
                yield f"{_named(found)} no longer {take} part for it, and {get} nothing more from me about it."
            if found.open_homework:
                yield f"{counted(found.open_homework, 'open piece')} of homework is asked for no more."
            yield "What it has handed in stays."
        case "back":
            yield "It owes homework again as soon as somebody takes part for it: under *People*, *Back again…*."
        case "merge":
            into = esc(found.into.name if found.into else "")
            take = "takes" if len(found.people) == 1 else "take"
            yield f"{_named(found)} {take} part for {into}." if found.people else "Nobody takes part for it now."
            yield f"{esc(found.entry.organization.name)} stands as having left; the name can be used again."


def _named(found: Follows) -> str:
    names = ", ".join(esc(one) for one in found.people[:MOST_NAMED])
    more = f" and {len(found.people) - MOST_NAMED} more" if len(found.people) > MOST_NAMED else ""
    return names + more


def meanwhile(found: Meanwhile) -> str:
    """Somebody else was quicker."""
    name = esc(found.entry.organization.name)
    return f"Somebody has changed this meanwhile. Now: *{name}*, {_stands(found.entry)}. Open it again to change it."


def saved(found: Saved) -> Block:
    """It is done; with the way back."""
    follows = found.follows
    undo = button("Undo", ids.CHANGE_UNDO, ids.reference(follows.program.id, str(found.number)))
    note = context("You can undo this for a day, here or under *Recent changes*.")
    return modal(WINDOW, "Saved", [section(f"Saved. {_heading(follows)}"), actions(undo), note], close="Back")


def refusal(refused: NotAllowed) -> str:
    """Who can change organizations."""
    return refusals.not_allowed(refused, "change organizations")


def line(change: Change, program: Program) -> Line:
    """A change of an organization, in the list of recent changes."""
    before, after = change.before or {}, change.after or {}
    was, name = str(before.get("name") or ""), str(after.get("name") or "")
    match after.get("what"):
        case "rename":
            return Line("Organization", "renamed", was, name)
        case "merge":
            return Line(was, "is the same as", "", str(after.get("into") or ""))
        case "back":
            return Line(was, "back again")
        case _:
            return Line(was, "has left")
