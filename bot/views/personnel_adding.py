"""Several people added at once: the form, what will become of each, and that it is done."""

from __future__ import annotations

import json

from bot.domain.memberships import Place
from bot.domain.messages import Block
from bot.domain.people import is_role
from bot.domain.personnel import MOST_ADDED, Added, Adding, Additions, Looked, Wrong, addresses
from bot.views import ids, people
from bot.views.blocks import (
    clip,
    context,
    counted,
    esc,
    field_block,
    modal,
    multi_select,
    section,
    text_input,
    users_select,
)
from bot.views.forms import Typed
from bot.views.personnel import WINDOW, View, name_of, place_words, stands
from bot.views.personnel_forms import MOST_NAMED, SINGLE

LISTED = 20


def form(found: Looked) -> Block:
    """Several people at once."""
    blocks = [
        field_block(
            ids.PERSONNEL_USERS,
            "From this workspace",
            users_select(ids.PERSONNEL_USERS, placeholder="Choose people"),
            optional=True,
        ),
        field_block(
            ids.PERSONNEL_EMAILS,
            "By e-mail address",
            text_input(ids.PERSONNEL_EMAILS, multiline=True, max_length=2000),
            hint="One in a line; paste as many as fit. I recognize them when they come to this workspace.",
            optional=True,
        ),
        field_block(
            ids.PEOPLE_ROLES,
            "Roles",
            multi_select(
                ids.PEOPLE_ROLES,
                people.role_options((), grants_admin=found.grants_admin),
                initial=("participant",),
            ),
        ),
        *people.organization_fields(found.organizations, None, "For all of them. Others go into a form of their own."),
        context("Nothing is changed yet: you see next what follows."),
    ]
    return modal(
        ids.PERSONNEL_ADD_FORM,
        "Add people",
        blocks,
        submit="See what follows",
        close="Not now",
        metadata=ids.reference(found.program.id),
    )


@ids.reading()
def read(view: View) -> tuple[int | None, Adding, tuple[str, ...]]:
    """The program, who is to be added as what, and lines without an address."""
    program_id, _ = ids.referred(str(view.get("private_metadata") or ""))
    values = view["state"]["values"]
    chosen = (values.get(ids.PERSONNEL_USERS) or {}).get(ids.PERSONNEL_USERS, {}).get("selected_users") or ()
    emails, odd = addresses(Typed(view).words(ids.PERSONNEL_EMAILS))
    users = tuple(dict.fromkeys(one for one in map(ids.user, chosen) if one))
    return program_id, Adding(users, emails, people.read(view)), odd


@ids.reading()
def read_save(view: View) -> tuple[int, Adding]:
    """The same from the form that shows what follows."""
    about = json.loads(str(view["private_metadata"]))
    roles = frozenset(role for role in about["r"] if is_role(role))
    place = Place(roles, about["o"], str(about["n"]))
    return int(about["p"]), Adding(tuple(map(str, about["u"])), tuple(map(str, about["e"])), place)


def errors(found: Wrong, view: View) -> dict[str, str]:
    """What is wrong, under the fields."""
    if found.flaws:
        return people.errors(found.flaws, view)
    if found.apps:
        return {ids.PERSONNEL_USERS: f"{', '.join(found.apps)}: that is an app. Leave it out."}
    if found.odd:
        odd = ", ".join(clip(one, 40) for one in found.odd[:MOST_NAMED])
        return {ids.PERSONNEL_EMAILS: f"No address in: {odd}. Write each like ada@example.org."}
    if found.many:
        more = f"These are {found.many}; up to {MOST_ADDED} fit at once. Take the first, then the others."
        return {ids.PERSONNEL_EMAILS: more}
    return {ids.PERSONNEL_USERS: "Choose people, or write addresses below."}


def wrong_now(found: Wrong) -> str:
    """Why nobody was added, where the form is no longer open."""
    reasons = [people.REASONS[one.why] for one in found.flaws] or ["Something has changed meanwhile."]
    return f"{' '.join(reasons)} Nobody was added; open *Add people…* once more."


def preview(found: Additions) -> Block | None:
    """What follows, before it is saved; None where it does not fit into one form."""
    adding = found.adding
    place = adding.place
    metadata = json.dumps(
        {
            "p": found.program.id,
            "u": adding.users,
            "e": adding.emails,
            "r": sorted(place.roles),
            "o": place.organization_id,
            "n": place.new_organization,
        },
        separators=(",", ":"),
    )
    if len(metadata) > METADATA:
        return None
    new = [one for one in found.people if not one.same]
    heading = f"*{place_words(tuple(place.roles), found.organization)}*: {counted(len(new), 'person', 'people')}"
    lines = [f"• {_becomes(one)}" for one in found.people[:LISTED]]
    if len(found.people) > LISTED:
        lines.append(f"and {len(found.people) - LISTED} more")
    blocks = [section(heading), section("\n".join(lines)), context("You can undo each of these for a day.")]
    if not new:
        return modal(WINDOW, "Add people", [section("All of them are that already. Nothing is to be changed.")])
    return modal(
        ids.PERSONNEL_ADD_SAVE_FORM, "What follows", blocks, submit="Add them", close="Not now", metadata=metadata
    )


METADATA = 2900
"""How much travels with a form, below what Slack takes."""


def too_much() -> dict[str, str]:
    """More addresses than travel with a form."""
    return {ids.PERSONNEL_EMAILS: "That is more than fits at once. Take the first half, then the others."}


def added(found: Additions) -> Block:
    """They are added."""
    new = [one for one in found.people if not one.same]
    names = ", ".join(esc(one.somebody.name) for one in new[:LISTED])
    more = f" and {len(new) - LISTED} more" if len(new) > LISTED else ""
    what = place_words(tuple(found.adding.place.roles), found.organization)
    words = f"Added: {names}{more} ({what}). Whoever I know in this workspace gets a word of welcome."
    blocks = [section(words), context("You can undo each of these for a day, under *Recent changes*.")]
    return modal(WINDOW, "Added", blocks, close="Back")


def _becomes(one: Added) -> str:
    name = name_of(one.somebody)
    if one.same:
        return f"{name}: is that already"
    if one.somebody.gone:
        return f"{name}: their account is switched off, so nothing reaches them"
    if one.moves_from is not None:
        move = f"{name}: no longer for {esc(one.moves_from.name)}. "
        return move + SINGLE.format(name=name, other=esc(one.moves_from.name))
    if one.somebody.user is None:
        return f"{name}: nobody here is known by this address yet; they are recognized when they come"
    return f"{name}: {stands(one.somebody)} until now" if one.somebody.roles else f"{name}: gets a word of welcome"
