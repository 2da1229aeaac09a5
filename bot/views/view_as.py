"""The Home as somebody else sees it, in a window: everything is there to be read, and nothing to be pressed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from bot.domain.messages import Block
from bot.domain.people import NotAllowed, Org
from bot.domain.view_as import Choices, Part, Seen, is_part
from bot.views import home, ids, people, refusals
from bot.views.blocks import (
    SECTION,
    VIEW_BLOCKS,
    context,
    divider,
    esc,
    field_block,
    grouped_select,
    modal,
    option,
    radios,
    section,
    select,
)
from bot.views.forms import Typed

LABELS: dict[Part, str] = {
    "applicant": "An applicant",
    "participant": "A participant",
    "coach": "A coach",
    "facilitator": "A facilitator",
    "admin": "An admin",
    "stranger": "Somebody who takes no part",
}
AS: dict[Part, str] = {
    "applicant": "an applicant",
    "participant": "a participant",
    "coach": "a coach",
    "facilitator": "a facilitator",
    "admin": "an admin",
    "stranger": "somebody who takes no part",
}
_LINK = re.compile(r"<(?:https?://|mailto:)([^<>|]*)(?:\|([^<>]*))?>")


def form(found: Choices) -> Block:
    """As whom to look."""
    blocks = [
        section("You see the Home as they would; nothing in it can be pressed, and nothing personal is in it."),
        field_block(
            ids.VIEW_AS_ROLE,
            "See it as",
            radios(ids.VIEW_AS_ROLE, [option(label, part) for part, label in LABELS.items()], initial="participant"),
        ),
    ]
    if found.organizations:
        choices = [option(one.name, str(one.id)) for one in found.organizations]
        blocks.append(
            field_block(
                ids.VIEW_AS_ORGANIZATION,
                "Of the organization",
                _menu(found.organizations, choices),
                hint="For a participant: whose homework they see.",
                optional=True,
            )
        )
    return modal(
        ids.VIEW_AS_FORM,
        "View as",
        blocks,
        submit="Show it",
        close="Back",
        metadata=ids.reference(found.program.id),
    )


def _menu(organizations: Sequence[Org], choices: Sequence[Block]) -> Block:
    first = str(organizations[0].id)
    if len(choices) <= people.GROUP:
        return select(ids.VIEW_AS_ORGANIZATION, choices, initial=first)
    groups = [
        (f"{organizations[start].name[:60]} …", choices[start : start + people.GROUP])
        for start in range(0, len(choices), people.GROUP)
    ]
    return grouped_select(ids.VIEW_AS_ORGANIZATION, groups, initial=first, placeholder="Choose one")


@ids.reading()
def read(view: Mapping[str, Any]) -> tuple[int | None, Part, int | None]:
    """The program, as whom, and of which organization."""
    program_id, _ = ids.referred(str(view.get("private_metadata") or ""))
    typed = Typed(view)
    part = typed.choice(ids.VIEW_AS_ROLE) or ""
    if not is_part(part):
        raise ids.Unreadable
    return program_id, part, ids.row(typed.choice(ids.VIEW_AS_ORGANIZATION) or "") or None


def no_organization() -> dict[str, str]:
    """A participant has to be somebody's."""
    return {ids.VIEW_AS_ROLE: "A participant takes part for an organization. Choose one, or look as somebody else."}


def window(found: Seen, now: datetime) -> Block:
    """The Home, marked as a view."""
    of = f" of {esc(found.organization.name)}" if found.organization is not None else ""
    banner = f":eyes: *You see this as {AS[found.part]}{of} would.* Nothing here can be pressed."
    page = home.page(found.page, now)
    blocks = [section(banner), divider(), *inert(cast("Sequence[Block]", page["blocks"]))]
    return modal(ids.VIEW_AS_WINDOW, "View as", blocks[:VIEW_BLOCKS], close="Back")


def refusal(refused: NotAllowed) -> str:
    """Who can look as somebody else."""
    return refusals.not_allowed(refused, "see the Home as somebody else does")


def inert(blocks: Sequence[Block]) -> Iterator[Block]:
    """The same blocks with nothing to press: buttons are named, links are words, and fields are left out."""
    for block in blocks:
        match block["type"]:
            case "section":
                yield section(_words(block))
            case "actions":
                yield context(" ".join(_named(one) for one in cast("Sequence[Block]", block["elements"])))
            case "header" | "divider":
                yield block
            case "context":
                texts = cast("Sequence[Mapping[str, Any]]", block["elements"])
                yield context(*(_plain(str(one.get("text") or one.get("alt_text") or "")) for one in texts))


def _words(block: Block) -> str:
    text = cast("Mapping[str, Any]", block.get("text") or {})
    fields = cast("Sequence[Mapping[str, Any]]", block.get("fields") or ())
    words = _plain("\n".join(str(one.get("text") or "") for one in (text, *fields) if one))
    if "accessory" not in block:
        return words
    label = _named(cast("Block", block["accessory"]))
    return f"{words}  {label}" if len(words) + len(label) + 2 <= SECTION else words


def _named(element: Block) -> str:
    """What stands on a button or in a menu, as words that look like a button."""
    label = cast("Mapping[str, Any]", element.get("text") or element.get("placeholder") or {})
    words = esc(str(label.get("text") or "Menu")).replace("`", "'")
    return f"`{words}`"


def _plain(text: str) -> str:
    """Links as the words that they stand behind."""
    return _LINK.sub(lambda found: found[2] or found[1], text)
