"""Who takes part: the list to search in, one person with what can be done, and a change of theirs on record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.domain.changes import Change
from bot.domain.messages import Block
from bot.domain.people import NotAllowed, is_role, ordered
from bot.domain.personnel import Listing, Looked, Somebody
from bot.domain.programs import Program
from bot.views import ids, lists, people
from bot.views.blocks import actions, button, context, distinct, divider, esc, link, mention, modal, section
from bot.views.lines import Line
from bot.views.times import day_words

View = Mapping[str, Any]
WINDOW = "personnel.window"
STANDS = {
    "address taken": "Somebody else has the address of before by now. Correct the address again instead.",
    "address erased": "Somebody of them was erased, and their addresses with them.",
    "last facilitator": "Nobody would be a facilitator then. Make somebody else one first.",
    "last admin": "Nobody would be an admin then. Make somebody else one first.",
}


def listing(found: Listing) -> Block:
    """Everybody, a page at a time, with a field to search."""
    program = found.program
    hint = "A name, an organization or an address; a part is enough. Empty shows everybody."
    blocks = [
        lists.search("Find somebody", found.words, hint),
        context(_count(found)),
        *(_line(one, program) for one in found.page.rows),
        *lists.turns(
            found.page,
            ids.PERSONNEL_LIST,
            lambda start: ids.reference(program.id, f"{start}/{found.words}"),
            "The people",
        ),
        divider(),
        actions(
            button("Add people…", ids.PERSONNEL_ADD, ids.reference(program.id)),
            button("Organizations…", ids.ORGANIZATION_LIST, ids.reference(program.id)),
        ),
        people.pick(program),
    ]
    return modal(
        ids.PERSONNEL_FIND_FORM,
        "People",
        distinct(blocks),
        submit="Find",
        metadata=ids.reference(program.id, f"{found.page.start}/{found.words}"),
    )


def _count(found: Listing) -> str:
    if not found.page.total:
        return "Nobody found. Try fewer letters, or add them below." if found.words else "Nobody yet. Add people below."
    waits = f" · {found.waiting} waiting to be confirmed" if found.waiting else ""
    return f"{lists.how_many(found.page, 'person', 'people')}{waits}"


def _line(one: Somebody, program: Program) -> Block:
    if one.waits is not None:
        value = ids.reference(program.id, str(one.waits))
        accessory = button("Confirm…", ids.PEOPLE_CONFIRM, value, style="primary", label=f"Confirm {one.name}")
    else:
        value = ids.reference(program.id, str(one.person_id))
        accessory = button("Change…", ids.PERSONNEL_OPEN, value, label=f"Change {one.name}")
    return section(f"*{name_of(one)}*\n{stands(one)}", accessory=accessory)


def name_of(one: Somebody) -> str:
    """A name, or a mention as long as Slack has not told the name; mrkdwn."""
    return mention(one.user) if one.user and one.name == one.user else esc(one.name)


def stands(one: Somebody) -> str:
    """What somebody is, in a line."""
    if one.roles:
        words = place_words(one.roles, one.organization.name if one.organization else "")
    elif one.waits is not None:
        words = "waits to be confirmed"
    else:
        words = "has left" if one.held else "does not take part yet"
    notes = []
    if one.gone:
        notes.append("account switched off")
    if one.user is None:
        notes.append("known by address only")
    return " · ".join([words, *notes])


def place_words(roles: Sequence[str], organization: str) -> str:
    """Roles, and for whom they are held; mrkdwn."""
    names = " and ".join(ordered(filter(is_role, roles))) or "no role"
    return names + (f", {esc(organization)}" if organization else "")


def card(found: Looked) -> Block:
    """One person, with what can be done."""
    one, program = found.somebody, found.program
    value = ids.reference(program.id, str(one.person_id))
    lines = [f"*{name_of(one)}*" + (f" ({mention(one.user)})" if one.user and one.name != one.user else "")]
    lines.append(stands(one))
    if one.email:
        lines.append(link(f"mailto:{one.email}", one.email))
    if one.since is not None and one.held:
        lines.append(f"On the list since {day_words(one.since.astimezone(program.tz))}")
    return modal(
        ids.PERSONNEL_CARD,
        "Person",
        [section("\n".join(lines)), *(actions(*some) for some in _buttons(one, value, program) if some), *_notes(one)],
        close="Back",
        metadata=ids.reference(program.id, str(one.person_id)),
    )


def _buttons(one: Somebody, value: str, program: Program) -> Iterator[list[Block]]:
    row = []
    if one.waits is not None:
        waits = ids.reference(program.id, str(one.waits))
        row.append(button("Confirm…", ids.PEOPLE_CONFIRM, waits, style="primary"))
    if not one.roles and one.held and one.waits is None:
        row.append(button("Back again…", ids.PERSONNEL_BACK, value, style="primary"))
    row.append(button("Change roles…" if one.held else "Give a role…", ids.PERSONNEL_CHANGE, value))
    yield row
    if one.roles:
        yield [
            button("Replaced by…", ids.PERSONNEL_REPLACE, value),
            button("Has left…", ids.PERSONNEL_LEAVE, value, style="danger"),
        ]
    if one.user is None:
        yield [button("Correct the address…", ids.PERSONNEL_ADDRESS, value)]


def _notes(one: Somebody) -> Iterator[Block]:
    if one.gone:
        yield context("Their account in this workspace is switched off, so nothing reaches them.")
    if one.user is None:
        yield context("I recognize them as soon as they come to this workspace with that address.")


def refusal(refused: NotAllowed) -> str:
    """Who can say who takes part."""
    return people.refusal(refused)


def line(change: Change, program: Program) -> Line:
    """A change of who takes part, in the list of recent changes."""
    body = change.after or {}
    person = str(body.get("person"))
    name = change.names.get(int(body.get("person") or 0), "somebody")
    if body.get("what") == "replace":
        new = change.names.get(int(body.get("successor_person") or 0), "somebody")
        return Line(name, "replaced", "", new)
    before, after = (_held((one or {}).get("people") or {}, person) for one in (change.before, body))
    did = {"add": "added", "leave": "has left", "back": "back again"}.get(str(body.get("what")), "changed")
    return Line(name, did, before, after)


def address_line(change: Change, program: Program) -> Line:
    """A corrected address, in the list of recent changes."""
    before, after = change.before or {}, change.after or {}
    person = int(after.get("as_person") or after.get("person") or 0)
    return Line(
        change.names.get(person, "somebody"),
        "address corrected",
        str(before.get("email") or ""),
        str(after.get("email") or ""),
    )


def _held(bodies: Mapping[str, Any], person: str) -> str:
    active = [row[0] for row in bodies.get(person) or () if row[1] == "active"]
    return " and ".join(ordered(filter(is_role, active))) or "no role"
