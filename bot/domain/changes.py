"""Changing a program from inside Slack: the record of a change, and taking one back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.change_fields import dates
from bot.domain.change_fields.fields import Body as Body
from bot.domain.change_fields.fields import Field, Problem, Section, Values
from bot.domain.change_fields.repeats import Series
from bot.domain.lists import folded
from bot.domain.moves import Effects, Move
from bot.domain.odd_days import Odd
from bot.domain.people import NotAllowed
from bot.domain.planning import Change as Noticed
from bot.domain.programs import Program, exists

FOR_A_DAY = timedelta(days=1)
"""How long a change may be taken back."""


@dataclass(frozen=True)
class Change:
    """A change on record, with how the thing was before and is now; None where there was, or is, nothing.

    `by` and `undone_by` are names; `names` has those of the people that the bodies mean, by their person's id, which
    stands in a body as `person`, or `…_person`.
    """

    number: int
    program_id: int
    kind: str
    key: str
    before: Body | None
    after: Body | None
    at: datetime
    by: str | None = None
    undone_at: datetime | None = None
    undone_by: str | None = None
    names: Mapping[int, str] = field(default_factory=dict)

    def may_be_undone(self, now: datetime) -> bool:
        """Whether it stands, and is not older than a day."""
        return self.undone_at is None and now - self.at <= FOR_A_DAY


@dataclass(frozen=True)
class Author:
    """Who changes something: their row and their Slack user id; neither where it is done at the command line."""

    person_id: int | None = None
    user: str | None = None


@dataclass(frozen=True)
class Undone:
    """The change was taken back; `effects` are of the dates that moved back with it, if any did."""

    change: Change
    effects: object | None = None


@dataclass(frozen=True)
class AlreadyUndone:
    """It was taken back before."""

    change: Change


@dataclass(frozen=True)
class ChangedSince:
    """The thing was changed again since, by whom and when if that is known: nothing was taken back."""

    change: Change
    by: str | None = None
    at: datetime | None = None


@dataclass(frozen=True)
class TooLate:
    """It is older than a day."""

    change: Change


@dataclass(frozen=True)
class Stands:
    """It cannot be taken back, as what it would lead to cannot be; `why` is a word that the feature's view says."""

    change: Change
    why: str


@dataclass(frozen=True)
class NoChange:
    """There is no such change."""


Undoing = Undone | AlreadyUndone | ChangedSince | TooLate | Stands | NotAllowed | NoChange


# What is to be changed


@dataclass(frozen=True)
class Unknown:
    """There is nothing of that kind."""


@dataclass(frozen=True)
class Gone:
    """It was taken out of the program; `draft` is what somebody wanted of it, `anew` the form to add it again."""

    program: Program
    section: Section
    key: str
    draft: Draft | None = None
    anew: Editing | None = None


@dataclass(frozen=True)
class Menu:
    """Everything that can be changed, with how many there are of each."""

    program: Program
    counts: Mapping[Section, int]


@dataclass(frozen=True)
class Row:
    """A line of a list: an item, in the form of the file."""

    key: str
    body: Body


@dataclass(frozen=True)
class Listing:
    """Items of a section: those from `start` on of `found`, which have all the `words`; there are `total`."""

    program: Program
    section: Section
    rows: tuple[Row, ...]
    now: datetime
    words: str = ""
    start: int = 0
    found: int = 0
    total: int = 0


@dataclass(frozen=True)
class Draft:
    """An item as somebody wants it: what stands in its form, and the mark of how it was when that was opened.

    Something new has no `key`; `remove` takes it out. `looked` is the mark of what its author has been shown to follow.
    """

    section: Section
    key: str
    values: Values = field(default_factory=dict)
    seen: str = ""
    remove: bool = False
    looked: str = ""

    def mark(self) -> str:
        """What says whether somebody wants the same as before."""
        return marked([self.section, self.key, sorted(self.values.items()), self.remove])


@dataclass(frozen=True)
class Editing:
    """A form: the item as it is, empty for something new, and the values that stand in its fields."""

    program: Program
    section: Section
    key: str
    body: Body
    fields: tuple[Field, ...]
    values: Values
    mark: str = ""

    @property
    def new(self) -> bool:
        return not self.mark


@dataclass(frozen=True)
class Follows:
    """All that follows from a change.

    `moved` is what follows from dates that move; `planned`, `moving` and `withdrawn` are other messages. `series` are
    the days of what repeats. `also` are items that no longer name the one that is taken out.
    """

    moves: tuple[Move, ...] = ()
    moved: Effects = field(default_factory=Effects)
    planned: tuple[Noticed, ...] = ()
    moving: tuple[Noticed, ...] = ()
    withdrawn: tuple[Noticed, ...] = ()
    series: Series | None = None
    also: int = 0
    warnings: tuple[Odd, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to look at first."""
        return self == Follows()


@dataclass(frozen=True)
class Meanwhile:
    """A field that somebody else has changed as well since the form was opened, and both of its values."""

    field: Field
    theirs: str
    mine: str


@dataclass(frozen=True)
class Foreseen:
    """A change that is not saved yet, and what it will do; `merged` says that somebody else's is kept with it."""

    editing: Editing
    draft: Draft
    before: Body | None
    after: Body | None
    follows: Follows
    merged: bool = False


@dataclass(frozen=True)
class Changed:
    """A change that is saved, its number on record, and what follows from it."""

    editing: Editing
    draft: Draft
    change: int
    before: Body | None
    after: Body | None
    follows: Follows


@dataclass(frozen=True)
class Same:
    """Nothing is different from how it is."""

    editing: Editing


@dataclass(frozen=True)
class Conflict:
    """Somebody else has changed the same fields since: by whom, and both versions of each."""

    editing: Editing
    draft: Draft
    fields: tuple[Meanwhile, ...]
    by: str | None = None


@dataclass(frozen=True)
class Rejected:
    """It cannot be: what is wrong, by field, and which other items do not allow it, by their titles."""

    editing: Editing
    draft: Draft
    problems: tuple[Problem, ...] = ()
    held_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recent:
    """What was changed, newest first, and how many are passed over; `more` if there are older ones."""

    program: Program
    changes: tuple[Change, ...]
    now: datetime
    start: int = 0
    more: bool = False


def marked(what: object) -> str:
    """A short name for what something says."""
    return hashlib.sha256(json.dumps(what, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def merge(base: Values, theirs: Values, mine: Values) -> tuple[dict[str, str], tuple[str, ...]]:
    """Two people's changes of one thing: what only one of them has changed, and the fields that both did otherwise.

    Of those, mine stands.
    """
    names = dict.fromkeys((*mine, *theirs))
    together = {name: mine.get(name, "") for name in names}
    both: list[str] = []
    for name in names:
        was, there, here = (values.get(name, "") for values in (base, theirs, mine))
        if here == was:
            together[name] = there
        elif there not in (was, here):
            both.append(name)
    return together, tuple(both)


def skipped(section: str, body: Body, zone: str) -> tuple[Problem, ...]:
    """The times of something that no clock of a zone ever shows."""
    found = ((name, wall) for name, wall in dates.walls(section, body) if not exists(wall, zone))
    return tuple(Problem(name, "skipped", f"{wall:%Y-%m-%d %H:%M}") for name, wall in found)


def gaps(dated: Mapping[tuple[str, str], Body], zone: str) -> tuple[Problem, ...]:
    """The dates whose times no clock of a zone ever shows, by section and key: a program cannot move there."""
    found = (
        (str(body.get("title") or key), wall)
        for (section, key), body in dated.items()
        for _, wall in dates.walls(section, body)
        if not exists(wall, zone)
    )
    return tuple(Problem("zone", "gap", f"{wall:%Y-%m-%d %H:%M} {name}") for name, wall in found)


def matches(words: str, *texts: str) -> bool:
    """Whether all words stand somewhere in some texts, in whatever spelling of capitals and accents."""
    whole = folded(" ".join(texts))
    return all(word in whole for word in folded(words).split())


def texts_of(value: object) -> Iterator[str]:
    """Every text in a body."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts_of(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts_of(one)
