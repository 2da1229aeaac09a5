"""A program as the rest of Convene sees it: people's words, dates and rules as immutable values.

Every moment is an aware datetime in UTC; `Program.zone` (an IANA name) says whose wall clock the program lives by.
What a program's own text does not give is marked `sample` and must be shown as a sample.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from bot.domain.language import language_of

Audience = Literal["applicants", "cohort", "all"]
Purpose = Literal["applicants", "cohort", "facilitators"]
EventKind = Literal[
    "convening",
    "office_hours",
    "coaching",
    "webinar",
    "deadline",
    "selection",
    "announcement",
    "other",
]
ResourceKind = Literal["webinar", "packet", "preview", "one_pager", "rubric", "team", "application", "site", "other"]

DigestContent = Literal["what-needs-you", "next-week"]
ReminderKind = Literal[EventKind, "homework"]
HOMEWORK: Literal["homework"] = "homework"
"""The one reminder kind that is about assignments rather than events."""
CONTACT = "contact"
"""What an answer shows beside it to show the program's contact."""
MAX_NUDGES = 2
"""Direct messages at most about one assignment to one organization."""


@dataclass(frozen=True, slots=True)
class Contact:
    """The person to write to when Convene has no answer; `sample` says that the address is not a real one.

    Without an address it is empty: so it is where a made-up one may not be shown.
    """

    name: str
    email: str
    sample: bool = False


@dataclass(frozen=True, slots=True)
class AnswerBy:
    """When the facilitators answer a question handed to them: in words, and as a rule for naming the day.

    `working_days` after the day of asking (Monday to Friday, breaks left out), at the wall time `at`. `wait_minutes` is
    how long people in a channel may answer each other before it is said there who has the question.
    """

    words: str
    working_days: int
    at: time
    wait_minutes: int = 10


@dataclass(frozen=True, slots=True)
class HoursExpectation:
    """Hours of prep work and homework that are expected; `words` keep the hedge and are what people are shown."""

    low: float
    high: float
    per: Literal["month", "week"]
    words: str
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Coaching:
    """How coaching goes, in the program's words; `up_to_hours` a month if the program names a ceiling."""

    words: str
    up_to_hours: float | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Home:
    """What the App Home says at its top, per reader; an empty text means `about` stands alone."""

    about: str
    applicant: str = ""
    participant: str = ""
    coach: str = ""
    facilitator: str = ""
    stranger: str = ""


@dataclass(frozen=True, slots=True)
class Welcome:
    """The one direct message at first contact: what I do, who sees what, how to quieten me."""

    does: str
    readers: str
    quieten: str


@dataclass(frozen=True, slots=True)
class Expectation:
    """One thing expected of, or promised by, `who` ("Each organization", "The organizer")."""

    key: str
    who: str
    text: str
    source: str
    sample: bool = False


@dataclass(frozen=True, slots=True)
class RoleNote:
    """Who takes part in the program and what they do in it, in the program's words."""

    key: str
    title: str
    text: str
    source: str
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something dated only in words ("summer of 2017"): told, never computed with."""

    key: str
    title: str
    when: str
    text: str
    source: str
    sample: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A dated happening of the program. A deadline is a moment: it has no end.

    `sample` says that the date is made up; `link_sample` that only the link is. `sequence` grows whenever the time
    changes, so that calendars know which of two files is the newer one.
    """

    key: str
    kind: EventKind
    title: str
    starts_at: datetime
    ends_at: datetime | None = None
    audience: Audience = "all"
    link: str | None = None
    link_sample: bool = False
    place: str | None = None
    prep: str | None = None
    source: str | None = None
    sample: bool = False
    sequence: int = 0

    def local(self, zone: str) -> datetime:
        """The start on the wall clock of `zone` (an IANA name)."""
        return self.starts_at.astimezone(ZoneInfo(zone))

    def over(self, now: datetime) -> bool:
        """Whether it is past: its end has come, or, for a moment, its minute has gone by (11:59 lasts to midnight)."""
        if self.ends_at is not None:
            return now >= self.ends_at
        return now >= self.starts_at + timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Link:
    """A word or a few that lead somewhere."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """One question of an assignment; `long` asks for several lines."""

    key: str
    label: str
    hint: str | None = None
    required: bool = True
    long: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Homework with a moment by which each organization hands in one reflection; `event` is the one it prepares."""

    key: str
    title: str
    summary: str
    due_at: datetime
    prompts: tuple[Prompt, ...]
    event: str | None = None
    hours_asked: bool = True
    links: tuple[Link, ...] = ()
    audience: Audience = "cohort"
    sample: bool = False

    def local(self, zone: str) -> datetime:
        """The due moment on the wall clock of `zone`."""
        return self.due_at.astimezone(ZoneInfo(zone))

    @property
    def owed(self) -> bool:
        """Whether organizations of the cohort owe it, rather than applicants."""
        return self.audience in ("cohort", "all")

    def overdue(self, now: datetime) -> bool:
        """Whether the due minute has gone by."""
        return now >= self.due_at + timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Translation:
    """An entry's question and answer in another language (`es`), as a person has written them."""

    language: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Verified:
    """Who has last said that an answer is right, on which day, and the last day on which that holds, if it ends."""

    by: str
    on: date
    until: date | None = None

    def lapsed(self, today: date) -> bool:
        """Whether somebody should look at it again; `today` is the program's calendar day."""
        return self.until is not None and today > self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One question with its answer.

    The answer is plain text; `pieces` finds the links in it. `see` names resources and events to show beside it.
    """

    key: str
    question: str
    phrasings: tuple[str, ...]
    answer: str
    source: str
    owner: str
    see: tuple[str, ...] = ()
    audience: Audience = "all"
    sample: bool = False
    translations: tuple[Translation, ...] = ()
    verified: Verified | None = None

    def translation(self, language: str) -> Translation | None:
        """The entry in another language (`es`), if somebody has written it."""
        return next((one for one in self.translations if one.language == language), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A PDF or text file from which passages may be quoted; `path` is relative to the program file.

    One that was `dropped` in Slack need not lie there: what it says is in the database, and this names its contents.
    """

    key: str
    title: str
    path: str
    audience: Audience = "all"
    sample: bool = False
    dropped: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """Something to open, or, without a `url`, to ask for. `sample` says that its link is made up."""

    key: str
    kind: ResourceKind
    title: str
    url: str | None = None
    note: str | None = None
    audience: Audience = "all"
    source: str | None = None
    sample: bool = False


@dataclass(frozen=True, slots=True)
class Offset:
    """How far from a moment something is said: whole calendar days at a wall time, or elapsed minutes.

    Exactly one of the two is set: (`days`, `at`) or `minutes`. Positive is before the moment, negative after it.
    """

    days: int | None = None
    at: time | None = None
    minutes: int | None = None

    @property
    def key(self) -> str:
        """A stable short name: `1d@09:00`, `60m`; after the moment with a plus: `+1d@09:00`, `+60m`."""
        if self.days is not None and self.at is not None:
            return f"{_signed(self.days)}d@{self.at:%H:%M}"
        return f"{_signed(self.minutes or 0)}m"

    @property
    def words(self) -> str:
        """The offset as it is written in a program file; `parse_offset` reads it back."""
        if self.days is not None and self.at is not None:
            return f"{_days_words(self.days)} at {self.at:%H:%M}"
        minutes = self.minutes or 0
        count, unit = (abs(minutes) // 60, "hour") if minutes % 60 == 0 else (abs(minutes), "minute")
        return f"{count} {unit}{'' if count == 1 else 's'} {'before' if minutes > 0 else 'after'}"

    def moment(self, of: datetime, zone: str) -> datetime:
        """When it is due, in UTC, for something that happens at the aware moment `of`.

        A wall time that clocks skip is taken as late as the clocks went forward; one that comes twice is the first.
        """
        if self.days is not None and self.at is not None:
            day = of.astimezone(ZoneInfo(zone)).date() - timedelta(days=self.days)
            return datetime.combine(day, self.at, ZoneInfo(zone)).astimezone(UTC)
        return (of - timedelta(minutes=self.minutes or 0)).astimezone(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRule:
    """When and where one kind of thing is announced.

    `kind` is an event kind or `homework`. For homework `offsets` holds the one channel post and `nudges` at most
    `MAX_NUDGES` direct messages to organizations that have handed in nothing.
    """

    key: str
    kind: ReminderKind
    to: Purpose
    offsets: tuple[Offset, ...]
    nudges: tuple[Offset, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRule:
    """Who gets the digest and when: `to` is `facilitators` (their channel), a Slack user id or an e-mail address.

    `cron` has the standard five fields and is read in the program's zone. `what` tells what needs them, or what will be
    said next week.
    """

    key: str
    to: str
    cron: str
    what: DigestContent = "what-needs-you"


@dataclass(frozen=True, slots=True)
class Break:
    """Days on which nothing is posted and nobody is missing; both ends belong to it, in the program's zone."""

    key: str
    name: str
    first: date
    last: date
    sample: bool = False

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class QuietHours:
    """When nothing is said unasked: wall times `start` to `end`, over midnight too, and whole `days` of the week.

    Both times are set or neither; `start` belongs to the quiet, `end` does not. Days count from Monday as 0.
    """

    start: time | None = None
    end: time | None = None
    days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Holiday:
    """One day on which nothing is said unasked; what was to be said waits, unlike in a break."""

    on: date
    name: str
    sample: bool = False


@dataclass(frozen=True, slots=True)
class SupportCategory:
    """A kind of support to ask for in a check-in; "something else" is always offered besides these."""

    key: str
    label: str


Mode = Literal["practice", "live", "demo"]
"""How a program speaks.

In practice everything is marked, and posted to the facilitators' channel or nowhere. Live it is posted where it
belongs, but for samples. A demo posts everything where it belongs, samples marked.
"""
MODES: tuple[Mode, ...] = get_args(Mode)
PracticeIn = Literal["facilitators", "nowhere"]
"""Where a program speaks in practice."""
PRACTICE_INS: tuple[PracticeIn, ...] = get_args(PracticeIn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A whole program. `id` and `revision` are those of its row, and 0 while it only stands in a file.

    `live_since` is set once it went live: what was due before is not said again.
    """

    slug: str
    name: str
    summary: str
    zone: str
    place: str
    language: str
    organizer: str
    facilitators: tuple[str, ...]
    contact: Contact
    answer_by: AnswerBy
    home: Home
    welcome: Welcome
    starts: date | None = None
    ends: date | None = None
    season_words: str | None = None
    season_sample: bool = False
    hours: HoursExpectation | None = None
    coaching: Coaching | None = None
    support_categories: tuple[SupportCategory, ...] = ()
    roles: tuple[RoleNote, ...] = ()
    expectations: tuple[Expectation, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    events: tuple[Event, ...] = ()
    breaks: tuple[Break, ...] = ()
    quiet: QuietHours | None = None
    holidays: tuple[Holiday, ...] = ()
    resources: tuple[Resource, ...] = ()
    documents: tuple[Document, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    reminders: tuple[ReminderRule, ...] = ()
    digests: tuple[DigestRule, ...] = ()
    entries: tuple[Entry, ...] = ()
    mode: Mode = "live"
    practice_in: PracticeIn = "facilitators"
    live_since: datetime | None = None
    id: int = 0
    revision: int = 0

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    def event(self, key: str) -> Event | None:
        return next((one for one in self.events if one.key == key), None)

    def assignment(self, key: str) -> Assignment | None:
        return next((one for one in self.assignments if one.key == key), None)

    def entry(self, key: str) -> Entry | None:
        return next((one for one in self.entries if one.key == key), None)

    def wording(self, entry: Entry, language: str) -> Translation:
        """An entry in a language; where nobody has written it in that, as it is."""
        own = Translation(self._written_in(entry), entry.question, entry.answer)
        return own if language == self.language else entry.translation(language) or own

    def _written_in(self, entry: Entry) -> str:
        """The program's own language; but a person may have answered, and kept that, in the language of the asker."""
        same = (one.language for one in entry.translations if one.answer == entry.answer)
        if (alone := next(same, None)) is not None:
            return alone
        return self.language if entry.translations else language_of(entry.answer, otherwise=self.language)

    def document(self, key: str) -> Document | None:
        return next((one for one in self.documents if one.key == key), None)

    def resource(self, kind: ResourceKind) -> Resource | None:
        """The first resource of a kind."""
        return next((one for one in self.resources if one.kind == kind), None)

    def beside(self, entry: Entry) -> tuple[Resource | Event, ...]:
        """What an entry says to see, in its order; `CONTACT` is the program's contact, with the address to click."""
        address = f"mailto:{self.contact.email}"
        known: dict[str, Resource | Event] = {
            CONTACT: Resource(
                key=CONTACT, kind="other", title=self.contact.email, url=address, sample=self.contact.sample
            )
        }
        if not self.contact.email:
            del known[CONTACT]
        known.update((one.key, one) for one in self.resources)
        known.update((one.key, one) for one in self.events)
        return tuple(known[key] for key in entry.see if key in known)

    def support_label(self, key: str) -> str | None:
        return next((one.label for one in self.support_categories if one.key == key), None)

    def local_day(self, at: datetime) -> date:
        """The program's calendar day at the aware moment `at`."""
        return at.astimezone(self.tz).date()


def next_events(
    program: Program,
    now: datetime,
    kinds: tuple[EventKind, ...] = (),
    audiences: tuple[Audience, ...] = (),
) -> tuple[Event, ...]:
    """Events not over at `now`, those under way included, soonest first. No `kinds` or `audiences` means any."""
    wanted = (
        event
        for event in program.events
        if not event.over(now)
        and (not kinds or event.kind in kinds)
        and (not audiences or event.audience in (*audiences, "all"))
    )
    return tuple(sorted(wanted, key=lambda event: (event.starts_at, event.key)))


def next_assignments(program: Program, now: datetime) -> tuple[Assignment, ...]:
    """Assignments not yet due at `now`, soonest first."""
    return tuple(sorted((one for one in program.assignments if not one.overdue(now)), key=lambda one: one.due_at))


def in_break(program: Program, at: datetime) -> Break | None:
    """The break that covers the program's calendar day at the aware moment `at`."""
    day = program.local_day(at)
    return next((one for one in program.breaks if one.covers(day)), None)


def answer_due(program: Program, asked_at: datetime) -> datetime:
    """When the facilitators answer something asked at `asked_at` (aware), in UTC: working days, breaks left out."""
    day, left = program.local_day(asked_at), program.answer_by.working_days
    while left > 0 or not _works(program, day):
        day += timedelta(days=1)
        left -= _works(program, day)
    return datetime.combine(day, program.answer_by.at, program.tz).astimezone(UTC)


def _works(program: Program, day: date) -> bool:
    return day.weekday() < 5 and not any(one.covers(day) for one in program.breaks)


_LINK = re.compile(r"\[([^\[\]\n]+)\]\(((?:https?://|mailto:)[^\s()]+)\)")


def pieces(text: str) -> tuple[str | Link, ...]:
    """An answer cut into plain text and its links, which are written `[the packet](https://…)`."""
    found: list[str | Link] = []
    end = 0
    for match in _LINK.finditer(text):
        found += [text[end : match.start()], Link(match[1], match[2])]
        end = match.end()
    return tuple(piece for piece in (*found, text[end:]) if piece)


_CALENDAR = re.compile(r"(?:(\d{1,3}) days? (before|after)|on the day) at (\d{1,2}:\d{2})")
_ELAPSED = re.compile(r"(\d{1,5}) (minute|hour)s? (before|after)")
_OFFSET_HELP = 'write it like "1 day before at 09:00", "on the day at 08:00", "1 hour before", "2 days after at 09:00"'


def parse_offset(text: str) -> Offset:
    """An offset as people write it. Raises ValueError, with what would be right, for anything else."""
    words = " ".join(text.lower().split())
    if calendar := _CALENDAR.fullmatch(words):
        days = int(calendar[1] or 0)
        return Offset(days=-days if calendar[2] == "after" else days, at=parse_clock(calendar[3]))
    if elapsed := _ELAPSED.fullmatch(words):
        minutes = int(elapsed[1]) * (60 if elapsed[2] == "hour" else 1)
        if minutes == 0:
            raise ValueError(f"{text!r} is no distance; {_OFFSET_HELP}")
        return Offset(minutes=-minutes if elapsed[3] == "after" else minutes)
    raise ValueError(f"{text!r} is not an offset; {_OFFSET_HELP}")


def parse_clock(text: str) -> time:
    """A wall time such as 09:00 or 23:59. Raises ValueError for anything else."""
    match = re.fullmatch(r"(\d{1,2}):(\d{2})", text.strip())
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        raise ValueError(f'{text!r} is not a time of day; write it like "09:00" or "23:59"')
    return time(int(match[1]), int(match[2]))


def exists(wall: datetime, zone: str) -> bool:
    """Whether clocks in `zone` ever show the naive time `wall`: not so in the hour skipped in spring.

    Nor at the two ends of the calendar, where the same moment is in no year that there is in UTC.
    """
    there = wall.replace(tzinfo=ZoneInfo(zone))
    try:
        return there.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) == wall
    except OverflowError:
        return False


def _signed(count: int) -> str:
    return f"+{-count}" if count < 0 else str(count)


def _days_words(days: int) -> str:
    if days == 0:
        return "on the day"
    return f"{abs(days)} day{'' if abs(days) == 1 else 's'} {'before' if days > 0 else 'after'}"
