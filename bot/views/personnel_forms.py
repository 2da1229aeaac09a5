"""One person changed: the forms, what follows from each before it is saved, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from bot.domain.memberships import Flaw, Place
from bot.domain.messages import Block
from bot.domain.people import is_role
from bot.domain.personnel import (
    AddressKept,
    AddressTaken,
    Flawed,
    Follows,
    Looked,
    Meanwhile,
    Same,
    Saved,
    Somebody,
    Successor,
    Unfit,
    What,
    Wish,
    addresses,
)
from bot.domain.programs import Program
from bot.views import ids, people
from bot.views.blocks import (
    actions,
    button,
    context,
    counted,
    esc,
    field_block,
    mention,
    modal,
    multi_select,
    section,
    text_input,
    user_select,
)
from bot.views.forms import Typed
from bot.views.lines import foreseen, undo
from bot.views.personnel import WINDOW, View, name_of, place_words, stands

MOST_NAMED = 4
WHATS: dict[str, What] = {"place": "place", "leave": "leave", "back": "back", "replace": "replace"}
ROLE_FLAWS: dict[str, str] = {
    "last facilitator": "{name} is the only facilitator. Make somebody else one first, or choose *Replaced by…*.",
    "last admin": "{name} is the only admin. Make somebody else one first, or choose *Replaced by…*.",
    "not yours to give": "An admin decides who is an admin. Ask one to change this.",
    "organization needed": "I no longer know for whom {name} took part. Choose *Change roles…*, and an organization.",
    "unknown": "The organization is not in the program any more. Choose *Change roles…* and name another one.",
}
SINGLE = (
    "A person takes part for one organization at a time. If {name} works for both, "
    "let somebody else take part for {other}."
)


def place_form(found: Looked) -> Block:
    """Roles and organization."""
    one = found.somebody
    offered = people.role_options(one.roles, grants_admin=found.grants_admin)
    held = one.roles or tuple(one.last.roles)
    blocks = [
        section(f"*{name_of(one)}*: {stands(one)}"),
        field_block(
            ids.PEOPLE_ROLES,
            "Roles",
            multi_select(ids.PEOPLE_ROLES, offered, initial=held, placeholder="Choose one or more"),
        ),
        *people.organization_fields(
            found.organizations, one.organization, "The one they take part for: one at a time."
        ),
        context("Nothing is changed yet: you see next what follows."),
    ]
    return modal(
        ids.PERSONNEL_PLACE_FORM,
        "Roles",
        blocks,
        submit="See what follows",
        close="Not now",
        metadata=_metadata(found.program, Wish("place", one.person_id, one.seen)),
    )


def replace_form(found: Looked) -> Block:
    """Whoever takes over."""
    one = found.somebody
    blocks = [
        section(
            f"*{name_of(one)}*: {stands(one)}\nWhoever takes over gets the same role and organization. "
            "What was handed in stays the organization's."
        ),
        field_block(
            ids.PERSONNEL_SUCCESSOR,
            "Somebody of this workspace",
            user_select(ids.PERSONNEL_SUCCESSOR, placeholder="Choose a person"),
            optional=True,
        ),
        field_block(
            ids.PERSONNEL_EMAIL,
            "Or their e-mail address",
            text_input(ids.PERSONNEL_EMAIL, placeholder="maya@example.org", max_length=254),
            hint="For somebody who is not in this workspace yet.",
            optional=True,
        ),
        context("Nothing is changed yet: you see next what follows."),
    ]
    return modal(
        ids.PERSONNEL_REPLACE_FORM,
        "Replaced by",
        blocks,
        submit="See what follows",
        close="Not now",
        metadata=_metadata(found.program, Wish("replace", one.person_id, one.seen)),
    )


@ids.reading()
def read_place(view: View) -> tuple[int, Wish]:
    """The program, and what was chosen."""
    program_id, wish = read_wish(view)
    return program_id, Wish("place", wish.person_id, wish.seen, people.read(view))


@ids.reading()
def read_replace(view: View) -> tuple[int, Wish | dict[str, str]]:
    """The program, and who is to take over; or what is wrong, by field."""
    program_id, wish = read_wish(view)
    values = view["state"]["values"]
    user = (values.get(ids.PERSONNEL_SUCCESSOR) or {}).get(ids.PERSONNEL_SUCCESSOR, {}).get("selected_user")
    typed = Typed(view).words(ids.PERSONNEL_EMAIL)
    found, odd = addresses(typed)
    if odd or len(found) > 1:
        return program_id, {ids.PERSONNEL_EMAIL: "Write one address, like maya@example.org."}
    successor = Successor(ids.user(user) or None, found[0] if found else None)
    return program_id, Wish("replace", wish.person_id, wish.seen, None, successor)


@ids.reading()
def read_wish(view: View) -> tuple[int, Wish]:
    """The program and the change that a form carries."""
    about = json.loads(str(view["private_metadata"]))
    place = successor = None
    if "r" in about:
        roles = frozenset(role for role in about["r"] if is_role(role))
        place = Place(roles, about.get("o"), str(about.get("n") or ""))
    if "u" in about or "e" in about:
        successor = Successor(about.get("u"), about.get("e"))
    return int(about["p"]), Wish(WHATS[about["w"]], int(about["i"]), str(about["s"]), place, successor)


def _metadata(program: Program, wish: Wish) -> str:
    about: dict[str, Any] = {"p": program.id, "w": wish.what, "i": wish.person_id, "s": wish.seen}
    if wish.place is not None:
        about |= {"r": sorted(wish.place.roles), "o": wish.place.organization_id, "n": wish.place.new_organization}
    if wish.successor is not None:
        about |= {"u": wish.successor.user, "e": wish.successor.email}
    return json.dumps(about)


def errors(found: Flawed | Unfit, view: View) -> dict[str, str]:
    """What is wrong, under the fields of the form that was handed in."""
    if isinstance(found, Unfit):
        return {_field_of(found): unfit(found)}
    if view.get("callback_id") == ids.PERSONNEL_PLACE_FORM:
        return people.errors(found.flaws, view)
    return {ids.PERSONNEL_SUCCESSOR: _plain(flaw_words(found.flaws, found.somebody))}


def _field_of(found: Unfit) -> str:
    return ids.PERSONNEL_EMAIL if found.why in ("no address", "both") else ids.PERSONNEL_SUCCESSOR


def unfit(found: Unfit) -> str:
    """Why somebody cannot take over; plain words."""
    match found.why:
        case "nobody":
            return "Choose a person, or write an address below."
        case "both":
            return "Choose a person above or write an address here, not both."
        case "themselves":
            return "That is the person who goes. Choose who comes."
        case "an app":
            return "That is an app. Choose a person."
        case "deactivated":
            return f"{found.name}'s account in this workspace is switched off. Choose somebody else."
        case "no address":
            return "Write one address, like maya@example.org."


def flaw_words(flaws: Sequence[Flaw], somebody: Somebody) -> str:
    """What keeps a change from being made, where there are no fields; mrkdwn."""
    return " ".join(ROLE_FLAWS.get(one.why, people.REASONS[one.why]).format(name=name_of(somebody)) for one in flaws)


def _plain(words: str) -> str:
    return words.replace("*", "")


def preview(found: Follows) -> Block:
    """What follows, before it is saved."""
    metadata = _metadata(found.program, found.wish)
    return foreseen(ids.PERSONNEL_SAVE_FORM, _heading(found), _lines(found), metadata)


def _heading(found: Follows) -> str:
    one = found.before
    name = f"*{name_of(one)}*"
    match found.wish.what:
        case "leave":
            return f"{name} ({stands(one)}) has left the program."
        case "replace":
            assert found.new is not None
            return f"*{name_of(found.new)}* takes over from {name}."
        case "back":
            return f"{name} takes part again: {place_words(found.roles, found.organization_name)}."
        case "place":
            return f"{name}: {stands(one)} → {place_words(found.roles, found.organization_name or _kept(found))}"


def _kept(found: Follows) -> str:
    return found.before.organization.name if found.before.organization else ""


def _lines(found: Follows) -> Iterator[str]:
    was = found.before.organization
    if found.new is not None:
        yield from _taking_over(found, found.new)
    elif found.moves_from is not None:
        yield f"They take part for {esc(found.organization_name)} then, and not for {esc(found.moves_from.name)}."
        yield SINGLE.format(name=name_of(found.before), other=esc(found.moves_from.name))
    if found.open_homework and was is not None and found.new is None:
        titles = ", ".join(esc(one) for one in found.open_homework[:MOST_NAMED])
        more = f" and {len(found.open_homework) - MOST_NAMED} more" if len(found.open_homework) > MOST_NAMED else ""
        yield f"What {esc(was.name)} still owes stays its own: {titles}{more}."
    if was is not None and found.new is None and (not found.roles or found.moves_from is not None):
        others = f"{counted(found.colleagues, 'other person takes', 'other people take')} part for {esc(was.name)}."
        nobody = f"Nobody else takes part for {esc(was.name)}, so nobody is reminded there until somebody does."
        yield others if found.colleagues else nobody
    if not found.roles or found.new is not None:
        yield "What they wrote stays, and what was handed in stays the organization's."
    if found.questions and found.new is None:
        yield f"{counted(found.questions, 'open question is', 'open questions are')} theirs; others see them too."
    if not found.roles and found.new is None:
        stop = f": {counted(found.messages, 'planned message')} will not be said" if found.messages else ""
        yield f"They get nothing from me any more{stop}. I don't write to them about it."
    if found.wish.what == "back" and found.before.user is not None:
        yield "They get a short message from me that they are back."
    if found.wish.what == "place" and found.moves_from is None and found.roles:
        yield "Their Home and their reminders follow their roles from now on."


def _taking_over(found: Follows, new: Somebody) -> Iterator[str]:
    becomes = place_words(found.roles, found.organization_name)
    yield f"From now on {name_of(new)} is {becomes}, and {name_of(found.before)} takes no part any more."
    if found.moves_from is not None:
        yield f"{name_of(new)} takes part for {esc(found.moves_from.name)} until now, and no longer then."
        yield SINGLE.format(name=name_of(new), other=esc(found.moves_from.name))
    if found.questions:
        yield f"{counted(found.questions, 'open question goes', 'open questions go')} to {name_of(new)}."
    if not found.known:
        yield (
            f"I know nobody in this workspace by {esc(new.email or new.name)} yet. Is it spelled right? They are "
            "recognized as soon as they come with that address, and are told then."
        )
        if found.before.user is not None and not found.before.gone:
            yield f"{name_of(found.before)} gets a kind message from me."
    else:
        yield "Both get a kind message from me." if not found.before.gone else "They get a kind message from me."


def meanwhile(found: Meanwhile) -> Block:
    """Somebody else was quicker: how it stands, and the way on."""
    by = f"{mention(found.by)} has" if found.by else "Somebody has"
    wish = found.wish
    words = [
        f"{by} changed this while your form was open. Nothing of yours is saved yet.",
        f"*{name_of(found.now)}* now: {stands(found.now)}",
    ]
    if wish.what == "place" and wish.place is not None:
        words.append(f"You wanted: {place_words(tuple(wish.place.roles), wish.place.new_organization)}")
    elif wish.what == "leave":
        words.append("You wanted: has left")
    if not found.now.roles and wish.what in ("leave", "replace"):
        return modal(WINDOW, "Changed meanwhile", [section("\n".join(words))])
    again = Wish(wish.what, wish.person_id, found.now.seen, wish.place, wish.successor)
    return modal(
        ids.PERSONNEL_AGAIN_FORM,
        "Changed meanwhile",
        [section("\n".join(words))],
        submit="Go on with mine",
        close="Leave it as it is",
        metadata=_metadata(found.program, again),
    )


def same(found: Same) -> str:
    """Nothing to save."""
    return f"*{name_of(found.somebody)}* stands like that already: {stands(found.somebody)}. Nothing was changed."


def saved(found: Saved) -> Block:
    """It is done; with the way back."""
    follows = found.follows
    words = f"Saved. {_done(follows)}"
    if found.told:
        words += f" I have written to {' and '.join(esc(one) for one in found.told)}."
    blocks = [section(words)]
    if found.number:
        undo = button("Undo", ids.CHANGE_UNDO, ids.reference(follows.program.id, str(found.number)))
        blocks += [actions(undo), context("You can undo this for a day, here or under *Recent changes*.")]
    return modal(WINDOW, "Saved", blocks, close="Back")


def _done(found: Follows) -> str:
    name = f"*{name_of(found.before)}*"
    match found.wish.what:
        case "leave":
            return f"{name} has left the program."
        case "replace" if found.new is not None:
            return (
                f"*{name_of(found.new)}* takes over from {name}: {place_words(found.roles, found.organization_name)}."
            )
        case _:
            return f"{name}: {place_words(found.roles, found.organization_name or _kept(found))}."


def address_form(found: Looked) -> Block:
    """Another address for somebody who was never met."""
    one = found.somebody
    blocks = [
        section(
            f"*{name_of(one)}*: {stands(one)}\nNobody with the address {esc(one.email or '')} has come here. "
            "If it is spelled wrong, or they use another one in Slack, write that."
        ),
        field_block(
            ids.PERSONNEL_EMAIL,
            "E-mail address",
            text_input(ids.PERSONNEL_EMAIL, initial=one.email, max_length=254),
        ),
    ]
    metadata = ids.reference(found.program.id, str(one.person_id))
    return modal(
        ids.PERSONNEL_ADDRESS_FORM, "Correct the address", blocks, submit="Save", close="Not now", metadata=metadata
    )


@ids.reading()
def read_address(view: View) -> tuple[int | None, int, str | None]:
    """The program, the person, and the address; None where it is none."""
    program_id, key = ids.referred(str(view.get("private_metadata") or ""))
    found, odd = addresses(Typed(view).words(ids.PERSONNEL_EMAIL))
    return program_id, ids.row(key), found[0] if len(found) == 1 and not odd else None


def address_done(found: AddressKept | AddressTaken, program_id: int, *, asked: bool) -> Block:
    """What became of it, with the way back; `asked` says whether Slack was asked who has the address."""
    if isinstance(found, AddressTaken):
        words = f"That is *{esc(found.name)}*: {place_words(found.roles, '')} from now on."
    elif asked:
        words = (
            f"Kept: {esc(found.email)}. Nobody in this workspace has that address yet; once they come with it, "
            "I recognize them. Not sure? Look at their profile in Slack, or choose *Replaced by…* and pick them."
        )
    else:
        words = f"Kept: {esc(found.email)}. I recognize them once they come with it."
    return modal(WINDOW, "Saved", [section(words), *undo(program_id, found.number)], close="Back")
