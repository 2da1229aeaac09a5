"""Who takes part, as it is changed from inside Slack: the list, one person, and what follows from a change."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.domain import lists
from bot.domain.lists import Page, folded
from bot.domain.memberships import Flaw, NotThere, Place
from bot.domain.people import NotAllowed, Org, Role, State, ordered
from bot.domain.programs import Program

MOST_ADDED = 40
"""How many people can be added with one form: what is to be saved travels with it."""
What = Literal["place", "leave", "back", "replace"]
_ADDRESS = re.compile(r"[^@\s,;:|<>()\[\]\"]+@[^@\s,;:|<>()\[\]\"']+\.[^@\s,;:|<>()\[\]\"'.]+")
_LONGEST_ADDRESS = 254


@dataclass(frozen=True)
class Held:
    """One role of a person, whatever its state."""

    role: Role
    state: State
    organization: Org | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class Somebody:
    """A person as those who run a program see them. `gone`: deactivated; `waits` is the membership to be confirmed."""

    person_id: int
    user: str | None
    name: str
    email: str | None = None
    held: tuple[Held, ...] = ()
    gone: bool = False
    waits: int | None = None
    since: datetime | None = None

    @property
    def roles(self) -> tuple[Role, ...]:
        """What they are now."""
        return ordered(one.role for one in self.held if one.state == "active")

    @property
    def organization(self) -> Org | None:
        """For whom they take part now."""
        return next((one.organization for one in self.held if one.state == "active" and one.organization), None)

    @property
    def last(self) -> Place:
        """What they were last, for whoever comes back."""
        ended = max((one.ended_at for one in self.held if one.state == "left" and one.ended_at), default=None)
        left = [one for one in self.held if one.state == "left" and one.ended_at == ended]
        home = next((one.organization.id for one in left if one.organization), None)
        return Place(frozenset(one.role for one in left), home)

    @property
    def seen(self) -> str:
        """How they stand, in a word to compare: whoever saves a form has seen this."""
        rows = sorted((one.role, one.state, one.organization.id if one.organization else 0) for one in self.held)
        return ".".join(f"{role[0]}{state[0]}{home or ''}" for role, state, home in rows) or "-"


@dataclass(frozen=True)
class Listing:
    """A page of the people of a program, as somebody searched for them."""

    program: Program
    words: str
    page: Page[Somebody]
    waiting: int = 0


@dataclass(frozen=True)
class Looked:
    """One person, with what whoever looks may do. `organizations` are all there are, by name."""

    program: Program
    somebody: Somebody
    organizations: tuple[Org, ...]
    grants_admin: bool


@dataclass(frozen=True)
class Successor:
    """Who takes over: somebody of the workspace by their Slack id, or an address."""

    user: str | None = None
    email: str | None = None


@dataclass(frozen=True)
class Wish:
    """What is to become of a person who was seen as standing as `seen`."""

    what: What
    person_id: int
    seen: str
    place: Place | None = None
    successor: Successor | None = None


@dataclass(frozen=True)
class Follows:
    """What will follow from a change, or has followed.

    `before` is how they stand without it. `open_homework` are what their organization still owes, `colleagues` how many
    others take part for it; `messages` are planned to them and not said then. `new` is whoever is to take over, `known`
    whether anybody is known by the address that was written. `moves_from` is an organization that is left for another.
    """

    program: Program
    wish: Wish
    before: Somebody
    roles: tuple[Role, ...]
    organization: Org | None
    organization_name: str = ""
    open_homework: tuple[str, ...] = ()
    colleagues: int = 0
    messages: int = 0
    questions: int = 0
    new: Somebody | None = None
    known: bool = True
    moves_from: Org | None = None


@dataclass(frozen=True)
class Saved:
    """It is done, as the change of that number on record. `told` are those to whom a direct message says so."""

    follows: Follows
    number: int
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class Same:
    """Nothing would change: they stand like that already."""

    somebody: Somebody


@dataclass(frozen=True)
class Meanwhile:
    """Somebody else has changed them since the form was opened: how they stand now, and what was wanted."""

    program: Program
    now: Somebody
    wish: Wish
    by: str | None = None


@dataclass(frozen=True)
class Unfit:
    """Whoever is to take over cannot."""

    why: Literal["nobody", "both", "themselves", "an app", "deactivated", "no address"]
    name: str = ""


@dataclass(frozen=True)
class Flawed:
    """Nothing was changed; every reason is named."""

    flaws: tuple[Flaw, ...]
    somebody: Somebody


No = Same | Meanwhile | Unfit | Flawed | NotAllowed | NotThere
"""Why something is not to be saved as it was asked for."""


@dataclass(frozen=True)
class Adding:
    """People to be added at once: Slack ids, addresses, and what all of them are to be."""

    users: tuple[str, ...]
    emails: tuple[str, ...]
    place: Place


@dataclass(frozen=True)
class Added:
    """What will become of one of them, or has. `moves_from` is the organization that they leave by it."""

    somebody: Somebody
    new: bool
    same: bool = False
    moves_from: Org | None = None


@dataclass(frozen=True)
class Additions:
    """What will become of all of them, or has; `done` with the number of the change of each."""

    program: Program
    adding: Adding
    organization: str
    people: tuple[Added, ...]
    done: bool = False


@dataclass(frozen=True)
class Wrong:
    """Why nobody can be added like that: `odd` are words in which there is no address."""

    flaws: tuple[Flaw, ...] = ()
    odd: tuple[str, ...] = ()
    nobody: bool = False
    many: int = 0
    apps: tuple[str, ...] = ()


@dataclass(frozen=True)
class AddressTaken:
    """An address was corrected: it is that of somebody the bot knows, who takes their place.

    It is the change of that `number` on record.
    """

    name: str
    roles: tuple[Role, ...]
    number: int | None = None


@dataclass(frozen=True)
class AddressKept:
    """An address was corrected; nobody in Slack is known by it yet, or Slack could not be asked.

    It is the change of that `number` on record; without one it was that address already.
    """

    name: str
    email: str
    number: int | None = None


def matches(words: str, *texts: str | None) -> bool:
    """Whether every word stands at the beginning of one in some texts, or anywhere in an address."""
    held = [folded(text) for text in texts if text]
    return all(any(_stands_in(word, text) for text in held) for word in folded(words).split())


def _stands_in(word: str, text: str) -> bool:
    if "@" in text:
        return word in text
    return text.startswith(word) or f" {word}" in text or f"-{word}" in text


def addresses(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The addresses in what somebody pasted, each once, in lower case; and the lines in which there is none."""
    found: dict[str, None] = {}
    odd: list[str] = []
    for line in filter(str.strip, re.split(r"[\n;,]", text)):
        here = [one.lower() for one in _ADDRESS.findall(line)]
        if not here or any(len(one) > _LONGEST_ADDRESS for one in here):
            odd.append(line.strip())
        found.update(dict.fromkeys(here))
    return tuple(found), tuple(odd)


def page(people: Sequence[Somebody], words: str, start: int) -> Page[Somebody]:
    """A page of those who match some words: who waits stands first."""
    found = [one for one in people if matches(words, one.name, one.email, _home(one))]
    found.sort(key=_order)
    return lists.page(found, start)


def _home(one: Somebody) -> str | None:
    return next((held.organization.name for held in one.held if held.organization), None)


def _order(one: Somebody) -> tuple[int, str]:
    place = 0 if one.waits is not None else 1 if one.roles else 2
    return place, folded(one.name)
