"""Setting a program up from inside Slack: beginning it, what is to be looked at, and what is still missing."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal, get_args

from bot.domain.channels import Setting
from bot.domain.language import plain
from bot.domain.modes import Sample
from bot.domain.people import ROLES, Member, Role, known_zone, squeezed
from bot.domain.programs import Assignment, Event, Program, Purpose
from bot.domain.roster import HEADER, Problem, Roster, parse

CODE_LIFE = timedelta(hours=24)
"""How long a code that was shown on the terminal is good for, and how long it lets begin whoever typed it."""
MOST_WRONG = 5
"""How often a wrong code may be typed before the right one is worth nothing."""
CODE_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Without those that look like others."""
CODE_LENGTH = 8
LONGEST_NAME = 75
LONGEST_LINE = 300
MOST_FACILITATORS = 10
FURTHEST = timedelta(days=5 * 365)
"""How far off a start may be: further is a slip of the finger."""

Part = Literal["words", "dates", "homework", "answers"]
PARTS: tuple[Part, ...] = get_args(Part)
"""What is looked through before it counts, in this order."""
Look = Literal[Part, "preview", "moved"]
"""What somebody has looked through; and that all dates were moved since, so that they are to be looked at again."""
Kind = Literal["template", "blank", "copy"]
Why = Literal["date", "name", "clock", "break"]
"""Why something is to be looked at: a date or a name of before stands in its words, its time gave way, or it is a
break, which the calendar sets and not the program's start."""
PURPOSES: tuple[Purpose, ...] = ("facilitators", "cohort", "applicants")


@dataclass(frozen=True)
class Template:
    """A program that ships, or a blank one, to start from."""

    slug: str
    name: str
    summary: str
    blank: bool = False
    language: str = "en"


@dataclass(frozen=True)
class Begun:
    """A program that somebody is setting up."""

    program_id: int
    name: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Opening:
    """The form to begin with, filled in as far as can be guessed. `copied` is what a copy is to be made of."""

    templates: tuple[Template, ...]
    today: date
    zone: str
    name: str
    email: str
    known: tuple[Begun, ...] = ()
    copied: Program | None = None


@dataclass(frozen=True)
class Draft:
    """What was filled in. `known` are the set-ups that were there when the form was opened."""

    template: str
    name: str
    start: date | None
    zone: str
    place: str
    organizer: str
    contact: str
    email: str
    facilitators: tuple[str, ...]
    known: tuple[int, ...]
    request: str


@dataclass(frozen=True)
class Copy:
    """What is wanted of a copy of a program."""

    name: str
    start: date | None
    request: str


Wrongness = Literal[
    "empty", "long", "taken", "past", "far", "overlaps", "zone", "email", "place", "many", "template", "other"
]


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a field of the form; `about` is what it is measured by."""

    field: str
    what: Wrongness
    about: str = ""


@dataclass(frozen=True)
class Started:
    """It is there, to be looked through. `again`: by this very form, before."""

    program: Program
    again: bool = False


@dataclass(frozen=True)
class Joined:
    """Somebody else had begun one meanwhile: it is looked after by both from now on."""

    begun: Begun


@dataclass(frozen=True)
class Rejected:
    """Nothing was made."""

    flaws: tuple[Flaw, ...]


@dataclass(frozen=True)
class Gone:
    """The set-up was finished or thrown away meanwhile; `program` is there if it was finished."""

    program: Program | None = None


@dataclass(frozen=True)
class WrongCode:
    """That was not it; `left` more may be tried."""

    left: int


@dataclass(frozen=True)
class NoCode:
    """There is no code that is good any more."""


@dataclass(frozen=True)
class Note:
    """Why an item is to be looked at; `about` is the name that stands in it, or the time that there is none of."""

    section: str
    key: str
    why: Why
    about: str = ""


@dataclass(frozen=True)
class Thing:
    """One thing to look at. `waits`: it counts only once somebody has said that it is right.

    `when` is its date, or that of its first day; `until` its end or last day. The header's parts are in the section
    `program`.
    """

    section: str
    key: str
    title: str
    text: str = ""
    when: datetime | None = None
    until: datetime | None = None
    waits: bool = False
    gone: bool = False
    notes: tuple[Note, ...] = ()
    whole_days: bool = False

    @property
    def name(self) -> str:
        """The section and the id, as a button's key."""
        return f"{self.section}/{self.key}"


@dataclass(frozen=True)
class Looking:
    """Everything of one part, a page of it: `things` from `start` on, of `total`; `waiting` counts all that waits."""

    program: Program
    part: Part
    things: tuple[Thing, ...]
    start: int
    total: int
    waiting: int
    zone: str | None = None

    @property
    def seen(self) -> str:
        """What stands on the page, in a word to compare: whoever hands it in has seen this."""
        return f"{zlib.crc32(' '.join(one.name for one in self.things).encode()):08x}"


@dataclass(frozen=True)
class State:
    """How far one part is: how many things there are, how many wait to be looked at, how many are over."""

    total: int
    waiting: int
    gone: int = 0
    noted: int = 0


@dataclass(frozen=True)
class Checklist:
    """How far a set-up is. `unmet` are addresses that belong to nobody in the workspace so far.

    `first` is the first of its dates and homework, `span` the first and the last of its dates alone.
    """

    program: Program
    kind: Kind
    source: str
    begun: Begun
    parts: Mapping[Part, State]
    counts: Mapping[Role, int]
    organizations: int
    unmet: tuple[str, ...]
    channels: tuple[Setting, ...]
    previewed: bool
    samples: tuple[Sample, ...]
    first: datetime | None = None
    span: tuple[datetime, datetime] | None = None

    @property
    def gone(self) -> int:
        """How many dates have gone by."""
        return self.parts["dates"].gone + self.parts["homework"].gone

    def channel(self, purpose: Purpose) -> Setting | None:
        """The channel for something."""
        return next((one for one in self.channels if one.use == purpose), None)


@dataclass(frozen=True)
class Accepted:
    """How many things somebody has said to be right, and how many were left out; `done`: of the part none is left."""

    looking: Looking
    accepted: int
    left_out: int
    done: bool


@dataclass(frozen=True)
class Stuck:
    """Something cannot be left out, as other parts of the program name it: `says` is how. Nothing was changed."""

    program: Program
    says: tuple[str, ...]


@dataclass(frozen=True)
class Foreseen:
    """A post that is to come at the UTC moment `at`, in the channel for a purpose: a date's or a homework's."""

    key: str
    at: datetime
    purpose: Purpose
    event: Event | None = None
    assignment: Assignment | None = None

    @property
    def sample(self) -> bool:
        """Whether a live program would leave it out."""
        about = self.event or self.assignment
        return about is not None and about.sample


@dataclass(frozen=True)
class Previewed:
    """A page of what people will see: `posts` from `start` on, of `total`; `channels` are known ones by purpose."""

    program: Program
    posts: tuple[Foreseen, ...]
    start: int
    total: int
    channels: Mapping[str, str]
    page: int


@dataclass(frozen=True)
class Moved:
    """Everything was taken to another start."""

    program: Program
    weeks: int
    first: datetime | None
    skipped: int


@dataclass(frozen=True)
class Dropped:
    """It was thrown away."""

    name: str


@dataclass(frozen=True)
class AddingPeople:
    """The form for people."""

    program: Program
    organizations: tuple[str, ...]


@dataclass(frozen=True)
class People:
    """Who is to take part: picked from the workspace with one role, or written a line each, or both."""

    users: tuple[str, ...]
    role: Role
    organization: str
    lines: str


@dataclass(frozen=True)
class Added:
    """Who takes part from now on. `unmet` are addresses that belong to nobody who is known in the workspace yet."""

    program: Program
    added: int
    changed: int
    unchanged: int
    unmet: tuple[str, ...]


@dataclass(frozen=True)
class Unclear:
    """What was written of people cannot be taken; nothing was changed."""

    problems: tuple[Problem, ...]
    file: str = ""


@dataclass(frozen=True)
class Unsure:
    """A list could be for any of these programs, by name."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class ChoosingChannel:
    """The form for one of a program's channels. `invite` are whom the bot would bring in."""

    program: Program
    purpose: Purpose
    now: Setting | None
    proposed: str
    invite: tuple[Member, ...]


def slug_of(name: str) -> str:
    """A program's short name, from its name."""
    words = re.findall(r"[a-z0-9]+", plain(name).replace("'", ""))
    return "-".join(words)[:40].strip("-") or "program"


def place_of(zone: str) -> str:
    """What a zone is called by its city."""
    return zone.rpartition("/")[2].replace("_", " ")


def channel_name(program: Program, purpose: Purpose) -> str:
    """What a channel that the bot makes may be called: as Slack wants names."""
    tail = {"cohort": "", "applicants": "-questions", "facilitators": "-facilitators"}[purpose]
    return f"{program.slug[: 80 - len(tail)]}{tail}"


def fit_channel_name(text: str) -> str:
    """What somebody wants a channel to be called, as Slack wants it; empty for nothing that could be a name."""
    return re.sub(r"[^\w-]+", "-", text.strip().lstrip("#").casefold()).strip("-_")[:80]


def code_of(text: str) -> str:
    """A typed code: spaces, dashes and small letters do not matter."""
    return re.sub(r"[\W_]", "", text).upper()


def flaws(draft: Draft, today: date, names: Iterable[str], templates: Sequence[Template]) -> tuple[Flaw, ...]:
    """Everything wrong with what was filled in; `names` are those of the programs that are there."""
    found = [*_name(draft.name, names), *_start(draft.start, today)]
    if all(one.slug != draft.template for one in templates):
        found.append(Flaw("template", "template"))
    if known_zone(draft.zone) is None:
        found.append(Flaw("zone", "zone"))
    found += _line("place", draft.place, LONGEST_NAME)
    if re.search(r"[<>&]", draft.place):
        found.append(Flaw("place", "place"))
    found += _line("contact", draft.contact, LONGEST_LINE)
    if not re.fullmatch(r"[^\s@<>|]+@[^\s@<>|]+\.[^\s@<>|]+", draft.email):
        found.append(Flaw("email", "email", draft.email))
    found += _line("organizer", draft.organizer, LONGEST_LINE)
    if not draft.facilitators:
        found.append(Flaw("facilitators", "empty"))
    if len(draft.facilitators) > MOST_FACILITATORS or any(len(one) > LONGEST_LINE for one in draft.facilitators):
        found.append(Flaw("facilitators", "many"))
    return tuple(found)


def copy_flaws(
    wanted: Copy, today: date, names: Iterable[str], ends: date | None, *, dated: bool = True
) -> tuple[Flaw, ...]:
    """The same for a copy, which begins after what it is made of has ended."""
    found = [*_name(wanted.name, names), *_start(wanted.start, today)]
    if wanted.start is not None and ends is not None and dated and wanted.start <= ends and not found:
        found.append(Flaw("start", "overlaps", ends.isoformat()))
    return tuple(found)


def start_flaws(start: date | None, today: date) -> tuple[Flaw, ...]:
    """What is wrong with another start."""
    return tuple(_start(start, today))


def last_day(program: Program) -> date | None:
    """The last day of a program that is known: the end of its season, or of its last date."""
    days = [program.local_day(one.ends_at or one.starts_at) for one in program.events]
    days += [program.local_day(one.due_at) for one in program.assignments]
    return max([*days, *([program.ends] if program.ends else [])], default=None)


def _name(name: str, names: Iterable[str]) -> list[Flaw]:
    bare = squeezed(name)
    if not bare:
        return [Flaw("name", "empty")]
    if len(bare) > LONGEST_NAME:
        return [Flaw("name", "long", str(LONGEST_NAME))]
    same = next((one for one in names if squeezed(one).casefold() == bare.casefold()), None)
    return [] if same is None else [Flaw("name", "taken", same)]


def _start(start: date | None, today: date) -> list[Flaw]:
    if start is None:
        return [Flaw("start", "empty")]
    if start < today:
        return [Flaw("start", "past", today.isoformat())]
    return [Flaw("start", "far", start.isoformat())] if start - today > FURTHEST else []


def _line(field: str, text: str, most: int) -> list[Flaw]:
    if not squeezed(text):
        return [Flaw(field, "empty")]
    return [Flaw(field, "long", str(most))] if len(text) > most else []


# People, a line each

_LINE_ADDRESS = re.compile(r"<?\s*(?:mailto:)?([^\s<>,;|@]+@[^\s<>,;|@]+\.[^\s<>,;|@]+)(?:\|[^<>]*)?\s*>?")


def pasted(text: str, role: Role, organization: str) -> Roster:
    """Lines such as `Ada Okafor <ada@example.org>, participant, Bright Labs`, read as a list of people.

    What a line does not say is taken from what was chosen beside it; role and organization may stand in either order.
    """
    rows, problems = [HEADER], []
    for number, line in enumerate(text.splitlines(), 1):
        row = _row(number, line, role, organization) if squeezed(line) else ""
        if isinstance(row, Problem):
            problems.append(row)
        rows.append("" if isinstance(row, Problem) else row)
    if problems:
        return Roster(problems=tuple(problems))
    found = parse("\n".join(rows))
    # The first line that somebody wrote stands below one with the names of the columns.
    return Roster(
        tuple(replace(one, line=one.line - 1) for one in found.rows),
        tuple(replace(one, line=max(one.line - 1, 1)) for one in found.problems),
    )


def _row(number: int, line: str, role: Role, organization: str) -> str | Problem:
    found = _LINE_ADDRESS.search(line)
    if found is None:
        return Problem(number, "", f"there is no e-mail address in “{squeezed(line)[:60]}”.")
    name = squeezed(line[: found.start()].strip(" \t,;\"'“”-•*"))
    said = [squeezed(one) for one in re.split(r"[,;\t]", line[found.end() :])]
    words = [one for one in said if one]
    roles = [one for one in words if plain(one) in _ROLE_WORDS]
    others = [one for one in words if one not in roles]
    if len(others) > 1 or len(roles) > 1:
        strange = (others if len(others) > 1 else roles)[0]
        return Problem(
            number, "", f"“{strange[:60]}” is neither a role nor the organization. Roles: {', '.join(ROLES)}."
        )
    named = _ROLE_WORDS[plain(roles[0])] if roles else role
    where = others[0] if others else organization if named == "participant" else ""
    return ",".join(_cell(one) for one in (name, found[1], "", named, where))


_ROLE_WORDS: Mapping[str, Role] = {
    **{one: one for one in ROLES},
    **{f"{one}s": one for one in ROLES},
    "coaches": "coach",
    "administrator": "admin",
}


def _cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
