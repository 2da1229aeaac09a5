"""A week before it is said: what will be posted, and what facilitators have decided about each post.

A week runs from Monday to Sunday on the program's clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, TypeVar

from bot.domain.holds import Hold
from bot.domain.holds import Standing as Holds
from bot.domain.homework import POST
from bot.domain.modes import Sample
from bot.domain.notices import LEFT_OUT, MERGE_WINDOW, passed
from bot.domain.programs import Assignment, Event, Program
from bot.domain.reminders import EVENT

WORD = "week.word"
"""Friday's word: what I will say next week."""
WORD_CHANGE = "week.word_change"
POSTS = (EVENT, POST)
"""What is planned long ahead and read by a whole channel: it is foretold, and may be changed, skipped and held."""
LONGEST_WORDS = 300
FRIDAY = 4

Deed = Literal["skip", "hold", "say"]
Asked = Literal["skip", "hold", "say", "change"]
Standing = Literal["planned", "held", "on hold", "left out", "under way", "said", "not said"]
"""Where a post stands. `left out` is a person's doing, `not said` any other reason. `on hold` are all posts at once."""
Found = TypeVar("Found")


@dataclass(frozen=True)
class Post:
    """One thing that a channel is told, however many notices ask for it.

    `rows` are those notices. `due_at` is its own time; `at` is when it is said, perhaps earlier, together with what is
    due in the same place within two hours. `by` and `since` say who has decided about it last, and when. `hold` is the
    hold of all posts that keeps it, or will.
    """

    rows: tuple[int, ...]
    kind: str
    purpose: str
    due_at: datetime
    at: datetime
    standing: Standing
    event: Event | None = None
    assignment: Assignment | None = None
    by: str | None = None
    since: datetime | None = None
    words: str | None = None
    words_by: str | None = None
    reason: str | None = None
    hold_id: int | None = None
    hold: Hold | None = None

    @property
    def title(self) -> str:
        """What it is about."""
        about = self.event or self.assignment
        return about.title if about is not None else ""

    @property
    def sample(self) -> bool:
        about = self.event or self.assignment
        return about is not None and about.sample


@dataclass(frozen=True)
class Nudges:
    """Personal reminders: at most so many about one homework."""

    assignment: Assignment
    count: int


@dataclass(frozen=True)
class Week:
    """A week of a program as it stands at `now`. `channels` are ids by purpose, where one is set.

    `samples` is all that is made up, `left_out` how many posts of this week are about such, and not said. `holds` are
    those of all posts.
    """

    program: Program
    monday: date
    now: datetime
    posts: tuple[Post, ...] = ()
    nudges: tuple[Nudges, ...] = ()
    channels: Mapping[str, str] = field(default_factory=dict)
    samples: tuple[Sample, ...] = ()
    left_out: int = 0
    holds: Holds | None = None

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)


@dataclass(frozen=True)
class Decided:
    """It was done, by this press or by the same one before."""

    post: Post
    deed: Deed
    week: Week


@dataclass(frozen=True)
class Before:
    """Nothing was done: somebody was faster, or it was said, or its time is over; `post` is as it stands."""

    post: Post
    asked: Asked
    week: Week


@dataclass(frozen=True)
class Gone:
    """There is no such post any more."""


@dataclass(frozen=True)
class Form:
    """What can be changed about a post: the program's own words behind it, where it has any, and a sentence above it.

    `shared` is how many other posts still to come say those words, too. `channel` is who reads it, if one is set.
    """

    program: Program
    post: Post
    text: str | None
    shared: int
    channel: str | None


@dataclass(frozen=True)
class Change:
    """A form handed in; `was` is a mark of the words as they stood when it was opened."""

    rows: tuple[int, ...]
    text: str | None
    words: str | None
    was: str


@dataclass(frozen=True)
class Changed:
    """It is saved, and the week shows it."""

    post: Post
    week: Week
    rewritten: bool


@dataclass(frozen=True)
class Problems:
    """The form cannot be saved as it is: sentences by field, `text` or `words`."""

    problems: tuple[tuple[str, str], ...]


def week_of(program: Program, now: datetime) -> date:
    """The Monday of the week to look at: this one's, and from Friday on the next one's."""
    today = program.local_day(now)
    monday = today - timedelta(days=today.weekday())
    return monday + timedelta(days=7) if today.weekday() >= FRIDAY else monday


def week_of_day(program: Program, at: datetime) -> date:
    """The Monday of the week in which a moment lies."""
    day = program.local_day(at)
    return day - timedelta(days=day.weekday())


def next_monday(program: Program, now: datetime) -> date:
    """The Monday after a moment: a word about next week is about the week that begins then."""
    today = program.local_day(now)
    return today + timedelta(days=7 - today.weekday())


def bounds(program: Program, first: date, last: date) -> tuple[datetime, datetime]:
    """Whole days of the program's calendar in UTC: from the first moment up to, and without, the one after the last."""
    days = (first, last + timedelta(days=1))
    since, until = (datetime.combine(day, time(), program.tz).astimezone(UTC) for day in days)
    return since, until


def together(
    found: Iterable[Found], place: Callable[[Found], object], due: Callable[[Found], datetime]
) -> list[list[Found]]:
    """What shares a post: the same place, and due within two hours of the first of them; soonest first."""
    groups: list[list[Found]] = []
    for one in sorted(found, key=due):
        mine = next((some for some in reversed(groups) if place(some[0]) == place(one)), None)
        if mine is not None and due(one) <= due(mine[0]) + MERGE_WINDOW:
            mine.append(one)
        else:
            groups.append([one])
    return groups


def standing(state: str, reason: str | None, *, on_hold: bool = False) -> Standing:
    """Where a post stands, from its notice's state and reason; `on_hold`: what holds it holds all posts."""
    match state:
        case "planned":
            return "planned"
        case "held":
            return "on hold" if on_hold else "held"
        case "sending" | "unknown":
            return "under way"
        case "delivered":
            return "said"
        case _:
            return "left out" if reason == LEFT_OUT else "not said"


def allowed(stands: Standing, deed: Deed, due_at: datetime, now: datetime) -> bool:
    """Whether something can be done about a post as it stands. What was left out can be said again until its time."""
    match stands:
        case "planned":
            return deed in ("skip", "hold")
        case "held":
            return deed in ("skip", "say")
        case "on hold":
            return deed == "skip"
        case "left out":
            return deed == "say" and not passed(due_at, now)
        case _:
            return False


def changeable(post: Post) -> bool:
    """Whether what it says can still be changed."""
    return post.standing in ("planned", "held", "on hold")


def in_order(posts: Sequence[Post]) -> tuple[Post, ...]:
    """As they are said, and what is said together in the order of its own times."""
    return tuple(sorted(posts, key=lambda one: (one.at, one.due_at, one.rows)))
