"""Organizations as they are changed from inside Slack: their names, those that have left, and two that are one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.domain import lists
from bot.domain.lists import Page
from bot.domain.memberships import NotThere
from bot.domain.people import ORGANIZATION_NAME, NotAllowed, Org, same_name, squeezed
from bot.domain.personnel import matches
from bot.domain.programs import Program

What = Literal["rename", "leave", "back", "merge"]


@dataclass(frozen=True)
class Entry:
    """An organization with how many people take part for it now. `left`: it takes no part any more."""

    organization: Org
    people: int = 0
    left: bool = False

    @property
    def seen(self) -> str:
        """How it stands, in a word to compare."""
        return f"{'left' if self.left else 'here'} {self.organization.name}"


@dataclass(frozen=True)
class Listing:
    """A page of the organizations of a program, as somebody searched for them."""

    program: Program
    words: str
    page: Page[Entry]


@dataclass(frozen=True)
class Looked:
    """One organization, and the others that it could be the same as: those that have not left."""

    program: Program
    entry: Entry
    others: tuple[Org, ...]


@dataclass(frozen=True)
class Wish:
    """What is to become of an organization that was seen as standing as `seen`."""

    what: What
    organization_id: int
    seen: str
    name: str = ""
    into: int | None = None


@dataclass(frozen=True)
class Follows:
    """What will follow. `people` are those who take part for it; `open_homework` is what it still owes."""

    program: Program
    wish: Wish
    entry: Entry
    people: tuple[str, ...] = ()
    open_homework: int = 0
    into: Org | None = None


@dataclass(frozen=True)
class Saved:
    """It is done, as the change of that number on record."""

    follows: Follows
    number: int


@dataclass(frozen=True)
class Meanwhile:
    """Somebody else has changed it since: how it stands now."""

    entry: Entry


@dataclass(frozen=True)
class Wrong:
    """Why it cannot be: `other` is the organization that has that name already, or has work of its own."""

    why: Literal["empty", "too long", "taken", "same", "itself", "gone", "handed in"]
    other: str = ""


No = Meanwhile | Wrong | NotAllowed | NotThere


def wrong_name(name: str, entry: Entry, others: Sequence[Org]) -> Wrong | None:
    """What is wrong with another name for an organization."""
    new = squeezed(name)
    if not new:
        return Wrong("empty")
    if len(new) > ORGANIZATION_NAME:
        return Wrong("too long")
    if new == entry.organization.name:
        return Wrong("same")
    taken = next((one for one in others if same_name(one.name, new)), None)
    return Wrong("taken", taken.name) if taken is not None else None


def page(entries: Sequence[Entry], words: str, start: int) -> Page[Entry]:
    """A page of those that match some words; those that have left stand last."""
    found = [one for one in entries if matches(words, one.organization.name)]
    found.sort(key=lambda one: (one.left, one.organization.name.casefold()))
    return lists.page(found, start)
