"""The shape of a program file, and its conversion to and from the values of `bot.domain.programs`.

The same shapes are kept in the database, one item a row: whatever is stored can be exported as it was written.
Dates and times are wall times of the program's zone, written `2020-10-16 23:59`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Annotated, Any, Literal, TypeVar, cast, get_args
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints

from bot.domain import programs as domain

Body = dict[str, Any]
"""One item or header in the form of the file, as JSON: what is stored."""

_UNPRINTABLE = re.compile("[^\t\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What YAML cannot hold and nobody can see: it comes along when texts are pasted, and is left out."""


def _one_line(value: object) -> object:
    if not isinstance(value, str):
        return value
    line = " ".join(value.split())
    return line if line.isprintable() else " ".join(_UNPRINTABLE.sub("", line).split())


def _lines(value: object) -> object:
    if not isinstance(value, str):
        return value
    lines = (line if line.isprintable() else _UNPRINTABLE.sub("", line) for line in value.splitlines())
    return "\n".join(line.rstrip() for line in lines).strip()


def _day(value: object) -> date:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            raise ValueError(f"{value} is not in the calendar") from None
    raise ValueError(f'{value!r} is not a date; write it like "2020-10-16"')


def _wall(value: object) -> datetime:
    text = value.strip() if isinstance(value, str) else ""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise ValueError(f'{text} needs a time of day as well, like "{text} 23:59"')
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}[ T]\d{1,2}:\d{2}", text):
        raise ValueError(f'{value!r} is not a date and time; write it like "2020-10-16 23:59", in the program\'s zone')
    return datetime.combine(_day(text[:10]), domain.parse_clock(text[11:]))


def _clock(value: object) -> time:
    return domain.parse_clock(value if isinstance(value, str) else repr(value))


def _offset(value: object) -> domain.Offset:
    return domain.parse_offset(value if isinstance(value, str) else repr(value))


@cache
def _zones() -> frozenset[str]:
    """Every zone's name, looked up in the machine's files once: that takes longer than all the rest of a program."""
    return frozenset(available_timezones())


def _inside(value: str) -> str:
    parts = value.split("/")
    if value.startswith(("/", "~")) or ".." in parts or re.search(r"\\|://|^[A-Za-z]:", value):
        raise ValueError(
            f'{value!r} is not beside this file; put the document there, or in a folder there, and write "packet.pdf"'
        )
    return value


def _zone(value: str) -> str:
    if value not in _zones():
        raise ValueError(f'{value!r} is not a time zone; write its IANA name, like "America/Chicago"')
    return value


def _url(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+\.[^\s<>|]+", value):
        raise ValueError(f"{value!r} is not a web address; it begins with https://")
    return value


def _email(value: str) -> str:
    if not re.fullmatch(r"[^\s@<>|]+@[^\s@<>|]+\.[^\s@<>|]+", value):
        raise ValueError(f"{value!r} is not an e-mail address")
    return value


def _place(value: str) -> str:
    # It stands behind every time, in labels and in running text, so that it cannot be escaped for one of them.
    if re.search(r"[<>&]", value):
        raise ValueError(f'{value!r} is not a name of a place; write it without <, > and &, like "Springfield"')
    return value


def _cron(value: str) -> str:
    help_ = 'write five fields: minute, hour, day, month, weekday, like "0 8 * * MON" for Mondays at 8:00'
    if len(value.split()) != 5:
        raise ValueError(f"{value!r} is not a schedule; {help_}")
    try:
        next(CronSim(value, datetime(2020, 1, 1, tzinfo=UTC)))
    except (CronSimError, StopIteration):
        raise ValueError(f"{value!r} is not a schedule; {help_}") from None
    return value


def _digest_reader(value: str) -> str:
    if value == "facilitators" or re.fullmatch(r"[UW][A-Z0-9]{5,}", value):
        return value
    if "@" in value:
        return _email(value)
    raise ValueError(
        f'{value!r} is nobody; write "facilitators" for their channel, an e-mail address or a Slack user id'
    )


_wall_text = PlainSerializer(lambda value: f"{value:%Y-%m-%d %H:%M}", return_type=str)
_clock_text = PlainSerializer(lambda value: f"{value:%H:%M}", return_type=str)
_offset_text = PlainSerializer(lambda value: value.words, return_type=str)

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]
Line = Annotated[str, StringConstraints(min_length=1, max_length=300), BeforeValidator(_one_line)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=75), BeforeValidator(_one_line)]
"""Seventy-five characters: as much as a choice in a Slack menu shows."""
PlaceName = Annotated[Label, AfterValidator(_place)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=2500), BeforeValidator(_lines)]
"""Fits, with its source, into one block of a Slack message."""
Day = Annotated[date, BeforeValidator(_day)]
Wall = Annotated[datetime, BeforeValidator(_wall), _wall_text]
Clock = Annotated[time, BeforeValidator(_clock), _clock_text]
Offset = Annotated[domain.Offset, BeforeValidator(_offset), _offset_text]
FilePath = Annotated[Line, AfterValidator(_inside)]
Zone = Annotated[str, AfterValidator(_zone)]
Url = Annotated[str, AfterValidator(_url), StringConstraints(max_length=2000)]
Email = Annotated[str, AfterValidator(_email)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = get_args(Weekday)
Cron = Annotated[str, BeforeValidator(_one_line), AfterValidator(_cron)]
DigestReader = Annotated[str, AfterValidator(_digest_reader)]


class Part(BaseModel):
    """A group of fields of a program file; a field that it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, arbitrary_types_allowed=True)

    def body(self) -> Body:
        """The part as JSON, fields left at their default left out."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)


class Item(Part):
    """Something of which a program has several; its `id` never changes."""

    id: Key


class About(Part):
    slug: Key
    name: Label
    summary: Text
    zone: Zone
    place: PlaceName
    language: Language = "en"
    organizer: Line
    facilitators: Annotated[tuple[Line, ...], Field(min_length=1)]


class ContactPart(Part):
    name: Line
    email: Email
    sample: bool = False


class Answers(Part):
    words: Line
    working_days: Annotated[int, Field(ge=1, le=20)]
    at: Clock
    wait_minutes: Annotated[int, Field(ge=0, le=1440)] = 10


class Season(Part):
    starts: Day | None = None
    ends: Day | None = None
    words: Line | None = None
    sample: bool = False


class Hours(Part):
    low: Annotated[float, Field(ge=0)]
    high: Annotated[float, Field(gt=0)]
    per: Literal["month", "week"] = "month"
    words: Line
    source: Line | None = None


class CoachingPart(Part):
    words: Line
    up_to_hours: Annotated[float, Field(gt=0)] | None = None
    source: Line | None = None


class HomePart(Part):
    about: Text
    applicant: Text | None = None
    participant: Text | None = None
    coach: Text | None = None
    facilitator: Text | None = None
    stranger: Text | None = None


class WelcomePart(Part):
    does: Text
    readers: Text
    quieten: Text


class SupportCategory(Part):
    id: Key
    label: Label


class QuietPart(Part):
    start: Annotated[Clock | None, Field(alias="from")] = None
    end: Annotated[Clock | None, Field(alias="to")] = None
    days: tuple[Weekday, ...] = ()


class HolidayPart(Part):
    on: Day
    name: Line
    sample: bool = False


class Header(Part):
    """Everything of a program file that stands in it once.

    Its `mode` is how a program begins where it is not there yet, live if the file does not say. It is not stored so.
    """

    program: About
    mode: Literal["live", "practice"] | None = None
    contact: ContactPart
    answers: Answers
    season: Season = Season()
    hours: Hours | None = None
    coaching: CoachingPart | None = None
    home: HomePart
    welcome: WelcomePart
    support_categories: tuple[SupportCategory, ...] = ()
    quiet: QuietPart | None = None
    holidays: tuple[HolidayPart, ...] = ()


class RoleItem(Item):
    title: Line
    text: Text
    source: Line
    sample: bool = False


class ExpectationItem(Item):
    who: Line
    text: Text
    source: Line
    sample: bool = False


class MilestoneItem(Item):
    title: Line
    when: Line
    text: Text
    source: Line
    sample: bool = False


class EventItem(Item):
    kind: domain.EventKind
    title: Label
    starts: Wall
    ends: Wall | None = None
    audience: domain.Audience = "all"
    link: Url | None = None
    link_sample: bool = False
    place: Line | None = None
    prep: Text | None = None
    source: Line | None = None
    sample: bool = False


class BreakItem(Item):
    name: Line
    first: Annotated[Day, Field(alias="from")]
    last: Annotated[Day, Field(alias="to")]
    sample: bool = False


class ResourceItem(Item):
    kind: domain.ResourceKind
    title: Label
    url: Url | None = None
    note: Text | None = None
    audience: domain.Audience = "all"
    source: Line | None = None
    sample: bool = False


class DocumentItem(Item):
    title: Label
    path: FilePath
    audience: domain.Audience = "all"
    sample: bool = False
    dropped: Key | None = None


class PromptPart(Part):
    id: Key
    label: Line
    hint: Line | None = None
    required: bool = True
    long: bool = True


class LinkPart(Part):
    label: Label
    url: Url


class AssignmentItem(Item):
    title: Label
    summary: Text
    due: Wall
    event: Key | None = None
    prompts: Annotated[tuple[PromptPart, ...], Field(min_length=1, max_length=10)]
    hours_asked: bool = True
    links: tuple[LinkPart, ...] = ()
    audience: domain.Audience = "cohort"
    sample: bool = False


class ReminderItem(Item):
    kind: domain.ReminderKind
    to: domain.Purpose
    offsets: tuple[Offset, ...] = ()
    post: Offset | None = None
    nudges: Annotated[tuple[Offset, ...], Field(max_length=domain.MAX_NUDGES)] = ()


class DigestItem(Item):
    what: domain.DigestContent = "what-needs-you"
    to: DigestReader
    cron: Cron


class TranslationPart(Part):
    question: Line
    answer: Text


class VerifiedPart(Part):
    by: Label
    on: Day
    until: Day | None = None


class EntryItem(Item):
    question: Line
    phrasings: tuple[Line, ...] = ()
    answer: Text
    translations: Mapping[Language, TranslationPart] = {}
    see: tuple[Key, ...] = ()
    source: Line
    owner: Line
    verified: VerifiedPart | None = None
    audience: domain.Audience = "all"
    sample: bool = False


SECTIONS: Mapping[str, type[Item]] = {
    "roles": RoleItem,
    "expectations": ExpectationItem,
    "milestones": MilestoneItem,
    "events": EventItem,
    "breaks": BreakItem,
    "resources": ResourceItem,
    "documents": DocumentItem,
    "assignments": AssignmentItem,
    "reminders": ReminderItem,
    "digests": DigestItem,
    "faq": EntryItem,
}
"""The lists of a program file, in the order in which they are written."""

Kind = TypeVar("Kind", bound=Item)


@dataclass(frozen=True)
class Sheet:
    """A program file that holds: its header and, per section, its items in order."""

    header: Header
    items: Mapping[str, Sequence[Item]] = field(default_factory=dict)

    def of(self, kind: type[Kind]) -> tuple[Kind, ...]:
        """The items of one section, by the type of its items."""
        name = next(section for section, type_ in SECTIONS.items() if type_ is kind)
        return cast("tuple[Kind, ...]", tuple(self.items.get(name, ())))


def to_program(
    sheet: Sheet,
    *,
    id: int = 0,
    revision: int = 0,
    sequences: Mapping[str, int] | None = None,
    mode: domain.Mode | None = None,
) -> domain.Program:
    """The program that a sheet describes. Wall times that clocks show twice are the first of the two.

    `sequences` are those of its events by their ids, where they are not 0. Without a `mode` it speaks as
    the sheet says, and live if that says nothing.
    """
    counts, zone = sequences or {}, sheet.header.program.zone
    return replace(
        _of_header(sheet.header),
        roles=tuple(map(_role, sheet.of(RoleItem))),
        expectations=tuple(map(_expectation, sheet.of(ExpectationItem))),
        milestones=tuple(map(_milestone, sheet.of(MilestoneItem))),
        events=tuple(to_event(one, zone, counts.get(one.id, 0)) for one in sheet.of(EventItem)),
        breaks=tuple(map(_break, sheet.of(BreakItem))),
        resources=tuple(map(_resource, sheet.of(ResourceItem))),
        documents=tuple(map(_document, sheet.of(DocumentItem))),
        assignments=tuple(to_assignment(one, zone) for one in sheet.of(AssignmentItem)),
        reminders=tuple(map(_reminder, sheet.of(ReminderItem))),
        digests=tuple(map(_digest, sheet.of(DigestItem))),
        entries=tuple(map(to_entry, sheet.of(EntryItem))),
        mode=mode or sheet.header.mode or "live",
        id=id,
        revision=revision,
    )


def _of_header(head: Header) -> domain.Program:
    """A program without its lists."""
    return domain.Program(
        slug=head.program.slug,
        name=head.program.name,
        summary=head.program.summary,
        zone=head.program.zone,
        place=head.program.place,
        language=head.program.language,
        organizer=head.program.organizer,
        facilitators=head.program.facilitators,
        contact=domain.Contact(head.contact.name, head.contact.email, head.contact.sample),
        answer_by=_answer_by(head.answers),
        home=_home(head.home),
        welcome=domain.Welcome(head.welcome.does, head.welcome.readers, head.welcome.quieten),
        starts=head.season.starts,
        ends=head.season.ends,
        season_words=head.season.words,
        season_sample=head.season.sample,
        hours=domain.HoursExpectation(**head.hours.model_dump()) if head.hours else None,
        coaching=domain.Coaching(**head.coaching.model_dump()) if head.coaching else None,
        support_categories=tuple(domain.SupportCategory(one.id, one.label) for one in head.support_categories),
        quiet=_quiet(head.quiet),
        holidays=tuple(domain.Holiday(one.on, one.name, one.sample) for one in head.holidays),
    )


def _role(item: RoleItem) -> domain.RoleNote:
    return domain.RoleNote(item.id, item.title, item.text, item.source, item.sample)


def _expectation(item: ExpectationItem) -> domain.Expectation:
    return domain.Expectation(item.id, item.who, item.text, item.source, item.sample)


def _milestone(item: MilestoneItem) -> domain.Milestone:
    return domain.Milestone(item.id, item.title, item.when, item.text, item.source, item.sample)


def _break(item: BreakItem) -> domain.Break:
    return domain.Break(item.id, item.name, item.first, item.last, item.sample)


def _document(item: DocumentItem) -> domain.Document:
    return domain.Document(
        key=item.id,
        title=item.title,
        path=item.path,
        audience=item.audience,
        sample=item.sample,
        dropped=item.dropped,
    )


def _digest(item: DigestItem) -> domain.DigestRule:
    return domain.DigestRule(key=item.id, to=item.to, cron=item.cron, what=item.what)


def _moment(wall: datetime, zone: str) -> datetime:
    return wall.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def _answer_by(part: Answers) -> domain.AnswerBy:
    return domain.AnswerBy(part.words, part.working_days, part.at, part.wait_minutes)


def _quiet(part: QuietPart | None) -> domain.QuietHours | None:
    if part is None:
        return None
    return domain.QuietHours(part.start, part.end, tuple(sorted(WEEKDAYS.index(one) for one in part.days)))


def _home(home: HomePart) -> domain.Home:
    return domain.Home(
        about=home.about,
        applicant=home.applicant or "",
        participant=home.participant or "",
        coach=home.coach or "",
        facilitator=home.facilitator or "",
        stranger=home.stranger or "",
    )


def to_event(item: EventItem, zone: str, sequence: int = 0) -> domain.Event:
    """An event of a program in `zone`."""
    return domain.Event(
        key=item.id,
        kind=item.kind,
        title=item.title,
        starts_at=_moment(item.starts, zone),
        ends_at=_moment(item.ends, zone) if item.ends else None,
        audience=item.audience,
        link=item.link,
        link_sample=item.link_sample,
        place=item.place,
        prep=item.prep,
        source=item.source,
        sample=item.sample,
        sequence=sequence,
    )


def _resource(item: ResourceItem) -> domain.Resource:
    return domain.Resource(
        key=item.id,
        kind=item.kind,
        title=item.title,
        url=item.url,
        note=item.note,
        audience=item.audience,
        source=item.source,
        sample=item.sample,
    )


def to_assignment(item: AssignmentItem, zone: str) -> domain.Assignment:
    """A homework of a program in `zone`."""
    return domain.Assignment(
        key=item.id,
        title=item.title,
        summary=item.summary,
        due_at=_moment(item.due, zone),
        event=item.event,
        prompts=tuple(domain.Prompt(one.id, one.label, one.hint, one.required, one.long) for one in item.prompts),
        hours_asked=item.hours_asked,
        links=tuple(domain.Link(one.label, one.url) for one in item.links),
        audience=item.audience,
        sample=item.sample,
    )


def _reminder(item: ReminderItem) -> domain.ReminderRule:
    offsets = item.offsets if item.post is None else (item.post,)
    return domain.ReminderRule(key=item.id, kind=item.kind, to=item.to, offsets=offsets, nudges=item.nudges)


def to_entry(item: EntryItem) -> domain.Entry:
    """An entry of a program."""
    return domain.Entry(
        key=item.id,
        question=item.question,
        phrasings=item.phrasings,
        answer=item.answer,
        see=item.see,
        source=item.source,
        owner=item.owner,
        audience=item.audience,
        sample=item.sample,
        translations=tuple(
            domain.Translation(language, one.question, one.answer) for language, one in item.translations.items()
        ),
        verified=domain.Verified(item.verified.by, item.verified.on, item.verified.until) if item.verified else None,
    )
